/* stability.h - how far a rank can be trusted: without any one sensor, on the sensors that both quarters
 * have, without the sources that the publication lists or without backscatter, and how much of a key one
 * sensor or one address block holds. That one source holds it is known where the block has but one: counting
 * every source of every port would take more room than all other measures together.
 *
 *     struct stability *rows = stability_new(&context, &comparison);     // of the shown rows, in their order
 *     rows[0].lowest_rank, .highest_rank
 *     stability_free(rows, comparison.shown_count);
 *
 * Each answer rests on a companion measure (companion.h) and is 0 or NULL where the publication has none.
 * Answers by sensor are for what adds up over sensors: packets, bytes, and pairs of source and sensor, not
 * sources.
 */
#ifndef TEITEN_REPORT_STABILITY_H
#define TEITEN_REPORT_STABILITY_H

#include "report/companion.h"
#include "report/comparison.h"
#include "report/context.h"

struct stability {
    /* The best and the worst rank that the key has when any one sensor is left out. */
    int lowest_rank, highest_rank;
    /* Ranks on the sensors that delivered in both quarters; 0: not seen there. */
    int common_rank, common_previous_rank;
    size_t common_sensors; /* how many those are; 0: not known */
    char *sensor;          /* id of the sensor that holds most of the key */
    uint64_t sensor_count; /* of the key's count */
    char *prefix;          /* "192.0.2.0/24", the source block that holds most of it */
    uint64_t prefix_count;
    uint64_t prefix_sources;      /* distinct sources in it that sent to the key; 0: not known */
    size_t wide_sensors, sensors; /* sensors among whose first ranks (the publication's limit) the key is, of
                                     so many that saw anything */
    /* Rank without what companion.h names; 0: not seen, or no such measure. */
    int rank_without[COMPANION_LEFT_OUTS];
    bool has_without[COMPANION_LEFT_OUTS];
};

/* Whether a part of a key is more than the publication's share of concentration. */
bool stability_is_concentrated(const struct context *context, uint64_t part, uint64_t whole);

/* Whether a part is far above an even split among so many sensors: more than one and a half times that. Of
 * two one must hold over 75 %, as over half is no news there; of three or more over half is enough; of one
 * alone, which holds all, it never is. */
bool stability_is_uneven(uint64_t part, uint64_t whole, size_t sensors);

/* [shown_count]; free with stability_free. */
struct stability *stability_new(const struct context *context, const struct comparison *comparison);
void stability_free(struct stability *rows, size_t row_count);

#endif

/* registry_effect.h - how much of a comparison comes from the registries rather than from traffic: plain data
 * that cmd/ fills in, because it takes the registry files or the archives, which report/ does not know.
 *
 * The current quarter is counted a second time by the other edition's registries. Of a region's change
 *
 *     count - other_count = (count - recount) + (recount - other_count)
 *
 * the first part is what allocations changed, the second what traffic did. Both are exact, unless `undecided`
 * says how many of the counted packets could not be told apart.
 */
#ifndef TEITEN_REPORT_REGISTRY_EFFECT_H
#define TEITEN_REPORT_REGISTRY_EFFECT_H

#include <stddef.h>
#include <stdint.h>

/* What the second count rests on. */
enum registry_basis {
    REGISTRY_SAME,     /* both editions have the same registries: nothing to count */
    REGISTRY_CAPTURES, /* the archives were read once more: exact */
    REGISTRY_BLOCKS,   /* a companion measure by region and source-24: exact but for `undecided` */
    REGISTRY_UNKNOWN,  /* neither was there, or the other edition's registry files have gone or changed */
};

struct registry_move {
    char *from, *to; /* codes; "??": in no allocation */
    uint64_t ipv4_addresses;
    uint64_t ipv6_networks; /* /48, those begun included */
};

struct registry_count {
    char *key; /* of the region */
    uint64_t count;
};

/* Of one table by region. */
struct registry_recount {
    char *table; /* id */
    enum registry_basis basis;
    struct registry_count *counts; /* by the other registries, in no order; regions not seen are missing */
    size_t count_count;
    uint64_t undecided; /* of the table's count; only of REGISTRY_BLOCKS */
};

struct registry_effect {
    enum registry_basis basis;   /* REGISTRY_SAME, REGISTRY_UNKNOWN, or what the recounts rest on at worst */
    struct registry_move *moves; /* largest first */
    size_t move_count;
    struct registry_recount *recounts;
    size_t recount_count;
};

void registry_effect_release(struct registry_effect *effect);
/* NULL: the table has none. Borrowed. */
const struct registry_recount *registry_effect_recount(const struct registry_effect *effect,
                                                       const char *table);
uint64_t registry_recount_of(const struct registry_recount *recount, const char *key);

#endif

/* review.h - what an analyst looks at first after a quarter: every event of every series with what drove it,
 * and how sure every rank is. Texts are final and in the language asked for; numbers stand beside them.
 *
 *     struct review *review = review_new(&publication, &input, "ja", err);
 *     review->events[0].label, .first, .last, .drivers[0].label, .drivers[0].share
 *     review_free(review);
 */
#ifndef TEITEN_REPORT_REVIEW_H
#define TEITEN_REPORT_REVIEW_H

#include "report/companion.h"
#include "report/event.h"
#include "report/model.h"

/* One part of what the event had more (or, of a decrease, less) than the days outside it. */
struct review_driver {
    char *by;     /* "sensor", "region", "tool", "source-24", "port": the name of a grouping */
    char *key;    /* "s1" */
    char *label;  /* 地点1 */
    double share; /* of the event's difference; 0.1 and more, and 1.5 times its share of the other days */
};

struct review_event {
    char *place;                          /* id of the table or figure whose series it is */
    char *key;                            /* "23/TCP"; "mirai+zmap", "not mirai" of united keys */
    char *label;                          /* in prose */
    const struct measure_counts *measure; /* borrowed of the summary */
    enum event_kind kind;
    char *kind_text;               /* 増加 */
    struct civil_date first, last; /* inclusive */
    char *range;                   /* 5月7日〜5月9日 */
    double value, median;          /* as in event.h */
    char *size;                    /* ×12.3, +45% */
    char *significance;            /* "12.3σ": rises and peaks, over the level; "p < 0.001": the others */
    const char *threshold;
    bool is_split;                 /* whether a companion shows parts: without drivers, all rose alike */
    struct review_driver *drivers; /* by grouping, then by share; none where the measure has no companion */
    size_t driver_count;
};

/* How sure a rank of a table is; ranks as texts, "" where the publication does not count what it takes. */
struct review_rank {
    char *table, *key, *label;
    int rank;
    char *near;        /* "0.8%": to the next rank, where it is less than 2 % */
    char *range;       /* "1〜3": without any one sensor */
    char *common;      /* on the sensors of both quarters: "3(1)", the other quarter's in brackets */
    char *without;     /* without the listed sources */
    char *backscatter; /* without backscatter */
    char *sensor;      /* "地点1 60.0%": who holds most */
    char *prefix;      /* "192.0.2.0/24 50.2%" */
    uint64_t sources;  /* distinct ones in that prefix; 0: not known */
    char *widespread;  /* "3/4": sensors among whose first ranks it is */
};

/* Something about a rank that whoever writes about it must know. */
struct review_caution {
    char *table, *key;
    const char *kind; /* "near", "range", "common", "without", "without-backscatter", "sensor", "prefix",
                         "source" */
    char *text;
};

/* A table's first ranks with everything, without listed sources and without backscatter. */
struct review_side_row {
    int rank;
    char *key, *label;
    uint64_t count;
    double share; /* of the side's own total, 0 to 1 */
};
struct review_side {
    const char *name; /* "all", "listed", "backscatter" */
    struct review_side_row *rows;
    size_t row_count;
};
struct review_sides {
    char *table; /* id */
    struct review_side sides[1 + COMPANION_LEFT_OUTS];
    size_t side_count; /* 2 or 3 */
};

struct review {
    struct review_event *events; /* by table or figure, series and day; constants are no events */
    size_t event_count;
    struct review_rank *ranks; /* of every table's shown rows */
    size_t rank_count;
    struct review_caution *cautions; /* by table and rank; empty where nothing is doubtful */
    size_t caution_count;
    struct review_sides *sides; /* of the tables with a measure that leaves something out */
    size_t sides_count;
    char **missing_companions; /* "ports: port sensor", NULL-terminated: groupings that would tell more */
};

struct review *review_new(const struct publication *publication, const struct model_input *input,
                          const char *language, struct error *err);
void review_free(struct review *review);

#endif

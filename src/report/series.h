/* series.h - the daily series of a figure, before they are drawn, listed or put into words.
 *
 *     struct series_set set;
 *     series_set_init(&set, &context, definition, table, err);       // table: the figure's table, or NULL
 *     set.series[0].label, .detail, .daily[day], .events
 *     series_set_release(&set);
 */
#ifndef TEITEN_REPORT_SERIES_H
#define TEITEN_REPORT_SERIES_H

#include "report/context.h"
#include "report/event.h"
#include "report/model.h"

/* A figure that rests on a table shows its first rows, this many at most. */
enum { SERIES_DRAWN_MAXIMUM = 8 };

struct series {
    char *key;     /* for programs: "23/TCP"; "mirai+zmap", "not mirai" for united keys */
    char *label;   /* "Telnet" */
    char *detail;  /* "23/TCP"; "" when none */
    char *name;    /* in prose: "Telnet(23/TCP)", 米国, the declared label */
    char *subject; /* in prose: "Telnet(23/TCP)宛てのパケット" */
    uint64_t total;
    uint64_t *daily;    /* [day_count] */
    uint64_t *previous; /* [previous_day_count]; NULL when the quarters cannot be compared */
    /* As those of the set, but for measures by sensor or group, whose keys are missing on days of their own.
     */
    bool *observed, *previous_observed;
    double *exposure; /* [day_count]: availability_exposure of its sensors */
    struct event_list events;
    bool is_rest;      /* of shares: all keys that no other series has */
    bool is_not_mirai; /* of a measure by tool: everything without the Mirai feature */
};

struct series_set {
    const struct measure_counts *measure; /* borrowed */
    const struct summary *beside; /* borrowed: what the figure stands beside; `previous` are its counts */
    const struct measure_counts *previous; /* borrowed; NULL when the two cannot be compared */
    struct series *series;
    size_t series_count;
    size_t left_out; /* rows of the table, or keys of the first `top`, that have no room */
    bool is_part;    /* of the figure's days or series only: totals say nothing about ranks */
    int offset;      /* day 0 of the set is this day of the quarter, and of the previous one */
    bool is_stacked; /* shares of one whole */
    bool is_ranked;  /* the rows of a table, or the first keys of a measure; else declared one by one */
    int day_count;
    bool *observed;         /* [day_count]: whether any sensor of the measure delivered */
    int previous_day_count; /* 0 without `previous` */
    bool *previous_observed;
};

/* On error the set is released. */
int series_set_init(struct series_set *set, const struct context *context,
                    const struct figure_definition *definition, const struct model_table *table,
                    struct error *err);
void series_set_release(struct series_set *set);
/* Several series as one subject: "http(80/TCP)とhttps(443/TCP)宛てのパケット". indices: guint into series.
 * Owned by the caller. */
char *series_set_subject(const struct series_set *set, const struct context *context, const GArray *indices);
/* The date of a day of the set. */
struct civil_date series_set_date(const struct series_set *set, const struct context *context, int day);
/* The days of the summary that a request leaves: from `offset` on, `day_count` of them. */
int series_days(const struct context *context, int *offset, int *day_count, struct error *err);
/* Whether any day was observed. */
bool series_set_is_observed(const struct series_set *set);

#endif

/* figure_making.h - what the makers of figures that are no daily series have in common; inside report/ only.
 */
#ifndef TEITEN_REPORT_FIGURE_MAKING_H
#define TEITEN_REPORT_FIGURE_MAKING_H

#include "report/context.h"
#include "report/model.h"

struct making {
    struct chart_spec *chart;
    const struct context *context;
    const struct figure_definition *definition;
    const struct measure_counts *measure;
    const char *caption;
    int top;
    GPtrArray *keys; /* for programs, one a series; owned */
    struct error *err;
};

/* Columns instead of days. */
void making_columns_init(struct chart_spec *chart, int count);
/* Series with values and flags for the chart's days or columns, all 0 and not observed. */
void making_series_allocate(struct making *m, size_t count);
void making_previous_allocate(struct chart_spec *chart, int count);
/* Leaves the first `shown` of the series that were allocated. */
void making_series_trim(struct chart_spec *chart, size_t shown);
/* Label and detail of a series, by its key. */
int making_series_name(struct making *m, size_t index, const char *key);
/* Whether some series were asked for by their keys: the figure then shows a part of what it could. */
bool making_picks(const struct making *m);
/* Whether the key is one of those asked for: all are when none is. */
bool making_wants(const struct making *m, const char *key);
/* -1 when a key was asked for that is not among those known. */
int making_check_keys(const struct making *m, const GPtrArray *known);
/* The summary that the figure stands beside: NULL when there is none. */
const struct summary *making_beside(const struct making *m);

/* figure_places.c */
int making_availability(struct making *m);
int making_rank_flow(struct making *m);
/* figure_beside.c */
int making_dots(struct making *m);
int making_bars(struct making *m);
/* headline_kind.c: the finding, from the finished chart. Owned by the caller; "" for none. */
char *making_headline(const struct making *m);

#endif

/* chart_spec.h - a figure as plain data: what is to be drawn, without how.
 *
 * The report fills a chart_spec; chart/ lays it out into a scene; the writers turn the scene into SVG, PNG
 * and PDF. Everything that is text here is final and in the reader's language. A spec owns its strings and
 * arrays (chart_spec_release).
 */
#ifndef TEITEN_CHART_CHART_SPEC_H
#define TEITEN_CHART_CHART_SPEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/civil_date.h"

enum chart_kind {
    CHART_DAILY_LINES,
    CHART_SMALL_MULTIPLES,
    CHART_MONTHLY_BARS, /* a panel a series, a pair of bars a column: `previous` beside `values` */
    CHART_RANK_FLOW,    /* values: the rank (1, 2, 2, 4) in each column; not observed: beyond the last place
                           shown */
    CHART_HEAT_MAP,     /* a row a series, a cell a day */
    CHART_AVAILABILITY, /* likewise; 1: delivered, 0: was not in force; not observed: delivered nothing */
    CHART_SHARES,       /* daily areas stacked from the first series up */
    CHART_DOT_PLOT,     /* a row a series: the only value and the only previous one, and the remark */
};
enum { CHART_KIND_COUNT = CHART_DOT_PLOT + 1 };

/* light: on white; dark: on a dark page; print: greys only, lines told apart by dash, width and label. */
enum chart_theme { CHART_THEME_LIGHT, CHART_THEME_DARK, CHART_THEME_PRINT, CHART_THEME_COUNT };

/* How numbers are written: as the language does (万 in Japanese), or one of the two. */
enum chart_numbers { CHART_NUMBERS_LANGUAGE, CHART_NUMBERS_MAN, CHART_NUMBERS_THOUSANDS };

/* The axis of values: from zero; over the range of the data; logarithmic. The unit says so in words, and the
 * foot of the axis shows it. Of daily lines and small multiples; of heat maps the steps of the ramp. */
enum chart_axis { CHART_AXIS_ZERO, CHART_AXIS_RANGE, CHART_AXIS_LOG };

struct chart_series {
    char *label;      /* bold end label: "Telnet", "8728/TCP" */
    char *detail;     /* plain text after it: "23/TCP"; "" when none */
    double *values;   /* [day_count] */
    bool *observed;   /* [day_count]: false is missing, and the line breaks */
    double *previous; /* [previous_day_count], small multiples only; or NULL */
    bool *previous_observed;
    char *remark; /* at the end of a row: "+1.6%"; or NULL */
    bool is_rest; /* what all other keys add up to: drawn in grey */
};

/* A remark inside the plot, at a day range of one series. */
struct chart_note {
    size_t series;
    int first_day, last_day; /* inclusive; the mark points at the highest value between them */
    char *text;
};

struct chart_spec {
    enum chart_kind kind;
    char *language;       /* "ja", "en": number words (万, 億) and font language */
    char *identifier;     /* for ids inside SVG: "fig1"; ASCII letters, digits, '-' */
    char *headline;       /* the finding; "" for none */
    char *subtitle;       /* the measure and the period */
    char *unit;           /* at the axis: "1日当たりのパケット数" */
    char *source_note;    /* under the plot, small; "" for none */
    char *missing_label;  /* "欠測" */
    char *day_off_label;  /* "灰色の帯は土日祝日"; "" for none */
    char *current_label;  /* small multiples' legend: "2025年4〜6月", */
    char *previous_label; /* "前四半期(2025年1〜3月)" */
    char *description;    /* alternative text, from the data */
    struct civil_date first_day;
    int day_count;
    char **columns; /* [day_count]: "4月", "2025年1〜3月", where values are not of days; or NULL */
    bool *day_off;  /* [day_count]: shaded */
    bool *observed; /* [day_count]: what a figure without any series says of its days; NULL: all were observed
                     */
    struct civil_date previous_first_day;
    int previous_day_count;
    struct chart_series *series; /* in order of importance */
    size_t series_count;
    struct chart_note *notes;
    size_t note_count;
    enum chart_theme theme;
    enum chart_numbers numbers;
    enum chart_axis axis;
    double width_pt, height_pt; /* 0: the kind's own size (440 x 240 for daily lines) */
};

/* "daily-lines". Static. */
const char *chart_kind_name(enum chart_kind kind);
/* Whether an axis over the range of these data starts at zero after all, as they reach nearly down to it. */
bool chart_range_starts_at_zero(const struct chart_spec *spec);
/* Whether not one series was observed on that day. */
bool chart_day_is_missing(const struct chart_spec *spec, int day);
void chart_spec_release(struct chart_spec *spec);

#endif

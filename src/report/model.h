/* model.h - the report model: what is to be said about an edition, as plain data. The door between saying and
 * showing.
 *
 *     struct model *model = model_new(&publication, &input, "ja", log, err);
 *     model_table(model, "ports")->rows[0].cells[1].text              // "Telnet(23/TCP)"
 *     model_free(model);
 *
 * A renderer shows the model and counts nothing; every text in it is final and in the model's language, every
 * number stands beside its text so that programs need not read it back.
 */
#ifndef TEITEN_REPORT_MODEL_H
#define TEITEN_REPORT_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/warning.h"
#include "chart/chart_spec.h"
#include "publication/knowledge.h"
#include "publication/publication.h"
#include "summary/summary.h"

/* One figure alone, changed for the occasion. Borrowed. */
struct figure_request {
    const char *id;
    struct civil_date first, last; /* the days shown, both inclusive; year 0: the quarter's */
    char *const *keys;             /* the series shown, NULL-terminated; NULL: the figure's own */
};

/* What a report rests on. Borrowed by model_new only while it runs. */
struct model_input {
    const struct edition *edition;
    const struct summary *current;
    const struct summary *previous;    /* NULL: it has no captures; ranks read "-" and a note says so */
    const struct summary *year_before; /* NULL: likewise */
    /* Of the quarters before, the nearest first; NULL where there is none. Rank flows go back so far. */
    const struct summary *const *history;
    size_t history_count;
    const struct knowledge *knowledge;    /* NULL: none */
    const struct figure_request *request; /* NULL: everything; else one figure and what it rests on */
};

struct model_cell {
    char *text;  /* "Telnet(23/TCP)", "トップ10圏外", "1,234" */
    char *value; /* for programs: "23/TCP", "12", "1234", "0.1234"; "" where there is none */
};

struct model_row {
    struct model_cell *cells; /* [column_count] */
    char *key;                /* "23/TCP" */
};

struct model_column {
    enum column_kind kind;
    char *name;     /* for CSV and JSON, fixed: "rank", "key", "previous_rank", "count", "share",
                       "per_sensor_day", "change", "listens" */
    char *heading;  /* "前四半期の順位" */
    bool is_number; /* set flush right */
};

struct model_table {
    char *id;
    char *caption;
    struct model_column *columns;
    size_t column_count;
    /* `top` of them by rank, more when ties reach beyond; fewer when fewer keys were seen. */
    struct model_row *rows;
    size_t row_count;
};

struct model_figure {
    char *id;
    char *caption;
    struct chart_spec chart; /* chart.description is the alternative text */
    char *csv;               /* its data: date, one column per series; empty cell where missing */
};

/* One drafted sentence and why it stands there. */
struct model_sentence {
    char *text;      /* ends with 。 */
    char *rule;      /* "rank-rose" */
    char *inputs;    /* "ports 80/TCP rank 2 previous 3" */
    char *threshold; /* "" when the rule has none */
};

/* A drafted paragraph: what the numbers say about one table or figure. */
struct model_draft {
    char *id; /* id of the table or figure */
    struct model_sentence *sentences;
    size_t sentence_count;
};

/* A vulnerability that was listed of late, and where. */
struct model_listing {
    char *source; /* "CISA KEV", "JVN iPedia" */
    char *id, *title, *url;
    struct civil_date listed;
};

/* What knowledge.csv says of a port that a table shows. Lists are NULL-terminated. */
struct model_port {
    char *key;   /* "8728/TCP" */
    char *label; /* as in the table */
    char **listens, **vulnerabilities, **malware, **references;
    struct model_listing *listings; /* the latest first */
    size_t listing_count;
};

struct model_bin {
    char *name;  /* "counted" */
    char *label; /* 集計対象 */
    uint64_t packets;
};

/* Days on which sensors delivered nothing although they were in force. */
struct model_outage {
    char *sensor; /* id; "" when no sensor in force delivered */
    char *label;
    struct civil_date first, last; /* inclusive */
    char *text;                    /* "5月7日〜5月9日" */
    char *reason;                  /* of the maintenance that covers it; "" where none does, or gives none */
};

struct model {
    char *language;
    char *title, *publisher;
    char *edition;         /* "2025q1" */
    char *period;          /* "2025年4〜6月" */
    char *previous_period; /* "2025年1〜3月" */
    char *previous_edition, *year_before_edition;
    bool has_previous, has_year_before;
    struct civil_date first_day, last_day;
    char *time_zone;
    struct model_table *tables;
    size_t table_count;
    struct model_figure *figures;
    size_t figure_count;
    struct model_draft *drafts;
    size_t draft_count;
    struct model_port *ports; /* of all tables, in their order; none without knowledge.csv */
    size_t port_count;
    struct civil_date knowledge_first, knowledge_last; /* listings within these days are shown */
    /* data quality */
    uint64_t packets_read;
    struct model_bin bins[BIN_COUNT];
    size_t archive_count, incomplete_archive_count, duplicate_archive_count;
    struct model_outage *outages;
    size_t outage_count;
    size_t sensor_count, domestic_sensor_count; /* in force on at least one day; domestic: region is the
                                                   publication's own ("JP") */
    char **registries;                          /* "APNIC 2025-06-30", NULL-terminated */
    char **notes; /* what a reader must know: missing previous quarter, changed definitions, ...;
                     NULL-terminated */
};

struct model *model_new(const struct publication *publication, const struct model_input *input,
                        const char *language, struct warning_log *log, struct error *err);
void model_free(struct model *model);
/* NULL when there is none. Borrowed. */
const struct model_table *model_table(const struct model *model, const char *id);
const struct model_figure *model_figure(const struct model *model, const char *id);

/* One table or one figure alone, as `teiten table` and `teiten figure` need them. Owned by the caller. */
char *model_table_csv(const struct model_table *table);

#endif

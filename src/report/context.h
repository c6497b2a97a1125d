/* context.h - what every part of the report needs while a model is made. Borrowed throughout. */
#ifndef TEITEN_REPORT_CONTEXT_H
#define TEITEN_REPORT_CONTEXT_H

#include "base/error.h"
#include "publication/knowledge.h"
#include "publication/publication.h"
#include "report/wording.h"
#include "summary/summary.h"

struct figure_request;

struct context {
    const struct publication *publication;
    const struct summary *current;
    const struct summary *previous;       /* NULL: none */
    const struct summary *year_before;    /* NULL: none */
    const struct summary *const *history; /* as in model_input */
    size_t history_count;
    const struct knowledge *knowledge; /* NULL: none */
    const char *language;
    const struct wording *wording;
    const struct figure_request *request; /* NULL, or of the figure that is being made */
};

/* The measure of a table or figure in the current summary. NULL and an error when the summary does not hold
 * it. */
const struct measure_counts *context_measure(const struct context *context, const char *id,
                                             struct error *err);
/* A text of publication.xml in the report's language. NULL and an error naming file, line and element when
 * there is none. */
const char *context_localized(const struct context *context, const struct localized *text, int line,
                              const char *element, struct error *err);
/* The same, but NULL without an error when the text is wholly absent. */
const char *context_localized_optional(const struct context *context, const struct localized *text);

/* Of a folder's table with the columns `label` and `label_en` the text in the report's language: the first is
 * in the publication's first language, the second in English. "" when neither is. Borrowed. */
const char *context_column(const struct context *context, const char *text, const char *english);

/* A rule's name with what is grouped by: context_rule("most", BY_PORT) is "most-port". Owned by the caller.
 */
char *context_rule(const char *stem, enum measure_by by);
/* The text of the rule for what is counted: stem "thing" gives that of "thing-packets". Owned by the caller.
 */
char *context_count_text(const struct context *context, const char *stem, enum measure_count count);

#endif

#include "report/model.h"

#include <string.h>

#include "report/comparison.h"
#include "report/context.h"
#include "report/draft.h"
#include "report/figure.h"
#include "report/figure_draft.h"
#include "report/figure_kind.h"
#include "report/monthly_draft.h"
#include "report/port_knowledge.h"
#include "report/quality.h"
#include "report/series.h"
#include "report/table.h"
#include "report/table_draft.h"
#include "report/table_trust.h"

static char *period_text(const struct edition *edition, const char *language)
{
    GString *out = g_string_new(NULL);
    edition_period_append(edition, language, out);
    return g_string_free(out, FALSE);
}

static int fill_head(struct model *model, const struct context *context, const struct model_input *input,
                     struct error *err)
{
    const struct edition *edition = &context->current->edition;
    if (strcmp(input->edition->name, edition->name) != 0)
        return error_set(err, ERROR_INPUT, "the summary is of the edition %s, expected %s", edition->name,
                         input->edition->name);
    struct edition previous = edition_previous(edition);
    struct edition year_before = edition_year_before(edition);
    const char *title = context_localized(context, &context->publication->title, 1, "title", err);
    if (title == NULL)
        return -1;
    const char *publisher = context_localized(context, &context->publication->publisher, 1, "publisher", err);
    if (publisher == NULL)
        return -1;
    model->language = g_strdup(context->language);
    model->title = g_strdup(title);
    model->publisher = g_strdup(publisher);
    model->edition = g_strdup(edition->name);
    model->period = period_text(edition, context->language);
    model->previous_period = period_text(&previous, context->language);
    model->previous_edition = g_strdup(previous.name);
    model->year_before_edition = g_strdup(year_before.name);
    model->has_previous = input->previous != NULL;
    model->has_year_before = input->year_before != NULL;
    model->first_day = edition->first;
    model->last_day = edition->last;
    model->time_zone = g_strdup(context->current->time_zone);
    return 0;
}

/* Whether the table shows ZMap, whose share falls because newer versions cannot be told apart. */
static bool rows_have_zmap(const struct model_table *table, const struct measure_counts *measure)
{
    for (size_t i = 0; i < table->row_count; i++)
        if (measure->by == BY_TOOL && strcmp(table->rows[i].key, tool_name(TOOL_ZMAP)) == 0)
            return true;
    return false;
}

/* A figure's own series name it; "every tool but these" does not show it as such. */
static bool figure_has_zmap(const struct figure_definition *definition, const struct series_set *set)
{
    for (size_t i = 0; set->measure->by == BY_TOOL && i < definition->series_count; i++)
        if (definition->series[i].keys != NULL && !definition->series[i].negated &&
            g_strv_contains((const char *const *)definition->series[i].keys, tool_name(TOOL_ZMAP)))
            return true;
    return false;
}

static struct model_draft *new_draft(struct model *model, const char *id)
{
    struct model_draft *draft = &model->drafts[model->draft_count++];
    draft->id = g_strdup(id);
    return draft;
}

static int add_table(struct model *model, const struct context *context,
                     const struct table_definition *definition, GPtrArray *notes, bool *zmap,
                     struct error *err)
{
    const struct measure_counts *measure = context_measure(context, definition->measure, err);
    if (measure == NULL)
        return error_prefix(err, "table %s", definition->id);
    struct comparison comparison;
    struct model_table *table = &model->tables[model->table_count++];
    if (context->request != NULL && context->previous == NULL)
        comparison_init_shown(&comparison, measure, definition->top, context->current);
    else
        comparison_init(&comparison, measure, definition->top, context->current, context->previous);
    int status = table_fill(table, context, definition, &comparison, err);
    /* A figure alone needs the rows, and what is said about them rests on the days of one quarter. */
    if (status == 0 && context->request != NULL) {
        comparison_release(&comparison);
        return 0;
    }
    if (status == 0)
        status = table_draft(new_draft(model, definition->id), context, definition, &comparison, err);
    if (status == 0) {
        quality_add_table_notes(notes, context, table->caption, &comparison);
        status = table_trust(&model->drafts[model->draft_count - 1], notes, context, definition,
                             table->caption, &comparison, err);
    }
    if (status == 0)
        status = port_knowledge_draft(&model->drafts[model->draft_count - 1], context, definition,
                                      &comparison, err);
    if (status == 0) {
        *zmap = *zmap || rows_have_zmap(table, measure);
    } else {
        error_prefix(err, "table %s", definition->id);
    }
    comparison_release(&comparison);
    return status;
}

/* The measure that the figure of a draft shows; NULL for a table's draft. */
static const char *drafted_measure(const struct publication *publication, const struct model_draft *draft)
{
    const struct figure_definition *figure = publication_figure(publication, draft->id);
    if (figure == NULL || figure->measure != NULL)
        return figure == NULL ? NULL : figure->measure;
    return publication_table(publication, figure->table)->measure;
}

/* Sensors that stood still are told once in an edition, not under every figure; and what happened to a series
 * once of all figures that show the same measure. */
static void drop_told(struct model *model, const struct publication *publication)
{
    struct model_draft *draft = &model->drafts[model->draft_count - 1];
    static const char *const once[] = {"sensors-stopped-fall", "sensors-stopped", "nothing-delivered", NULL};
    const char *measure = drafted_measure(publication, draft);
    for (size_t i = draft->sentence_count; i-- > 0;) {
        bool of_sensors = g_strv_contains(once, draft->sentences[i].rule);
        for (size_t k = 0; k + 1 < model->draft_count; k++) {
            const struct model_draft *other = &model->drafts[k];
            if (draft_says(other, draft->sentences[i].text) &&
                (of_sensors || g_strcmp0(drafted_measure(publication, other), measure) == 0)) {
                draft_remove(draft, i);
                break;
            }
        }
    }
}

static int add_figure(struct model *model, const struct context *context,
                      const struct figure_definition *definition, GPtrArray *notes, bool *zmap,
                      struct error *err)
{
    if (figure_kind_is_special(definition->kind)) {
        struct model_figure *special = &model->figures[model->figure_count++];
        if (figure_kind_fill(special, context, definition, err) != 0)
            return error_prefix(err, "figure %s", definition->id);
        if (context->request == NULL) {
            struct model_draft *draft = new_draft(model, definition->id);
            if (definition->kind == FIGURE_MONTHLY_BARS)
                monthly_draft(draft, context, definition, &special->chart);
        }
        return 0;
    }
    struct series_set set;
    const struct model_table *table =
        definition->table == NULL ? NULL : model_table(model, definition->table);
    if (series_set_init(&set, context, definition, table, err) != 0)
        return error_prefix(err, "figure %s", definition->id);
    struct model_figure *figure = &model->figures[model->figure_count++];
    int status = figure_fill(figure, context, definition, &set, err);
    if (status == 0) {
        /* A part of a figure is not what the report speaks of. */
        if (context->request == NULL) {
            figure_draft(new_draft(model, definition->id), context, definition, &set);
            drop_told(model, context->publication);
        }
        *zmap = *zmap || figure_has_zmap(definition, &set);
        if (definition->kind == FIGURE_SMALL_MULTIPLES && table == NULL && set.beside == context->previous) {
            enum comparability comparability;
            comparison_previous(set.measure, context->previous, &comparability);
            quality_add_comparability_note(notes, context, figure->caption, comparability);
        }
    } else {
        error_prefix(err, "figure %s", definition->id);
    }
    series_set_release(&set);
    return status;
}

/* A figure alone needs the table whose rows are its series, and no other. */
static bool table_is_wanted(const struct publication *publication, const struct figure_request *request,
                            const char *id)
{
    const struct figure_definition *figure =
        request != NULL ? publication_figure(publication, request->id) : NULL;
    return figure == NULL || g_strcmp0(figure->table, id) == 0;
}

static int fill_model(struct model *model, const struct context *context, const struct model_input *input,
                      GPtrArray *notes, struct error *err)
{
    const struct publication *publication = context->publication;
    bool zmap = false;
    if (fill_head(model, context, input, err) != 0)
        return -1;
    model->tables = g_new0(struct model_table, publication->table_count + 1);
    model->figures = g_new0(struct model_figure, publication->figure_count + 1);
    model->drafts = g_new0(struct model_draft, publication->table_count + publication->figure_count + 1);
    if (input->request == NULL)
        quality_add_notes(notes, context, input->year_before);
    for (size_t i = 0; i < publication->table_count; i++)
        if (table_is_wanted(publication, input->request, publication->tables[i].id) &&
            add_table(model, context, &publication->tables[i], notes, &zmap, err) != 0)
            return -1;
    for (size_t i = 0; i < publication->figure_count; i++)
        if ((input->request == NULL || strcmp(input->request->id, publication->figures[i].id) == 0) &&
            add_figure(model, context, &publication->figures[i], notes, &zmap, err) != 0)
            return -1;
    if (port_knowledge_fill(model, context, err) != 0)
        return -1;
    if (zmap)
        g_ptr_array_add(notes, wording_text(context->wording, "quality-zmap", NULL));
    if (input->request == NULL)
        quality_fill(model, context);
    return 0;
}

struct model *model_new(const struct publication *publication, const struct model_input *input,
                        const char *language, struct warning_log *log, struct error *err)
{
    (void)log; /* what a reader must know stands in the notes; nothing here is passed over */
    struct wording wording = {0};
    if (wording_load_for(&wording, publication, input->edition, language, err) != 0) {
        error_prefix(err, "report");
        return NULL;
    }
    struct context context = {
        .publication = publication,
        .current = input->current,
        .previous = input->previous,
        .language = language,
        .wording = &wording,
        .request = input->request,
        .knowledge = input->knowledge,
        .year_before = input->year_before,
        .history = input->history,
        .history_count = input->history_count,
    };
    struct model *model = g_new0(struct model, 1);
    GPtrArray *notes = g_ptr_array_new();
    int status = fill_model(model, &context, input, notes, err);
    g_ptr_array_add(notes, NULL);
    model->notes = (char **)g_ptr_array_free(notes, FALSE);
    wording_release(&wording);
    if (status != 0) {
        error_prefix(err, "report");
        model_free(model);
        return NULL;
    }
    return model;
}

void model_free(struct model *model)
{
    if (model == NULL)
        return;
    for (size_t i = 0; i < model->table_count; i++)
        table_release(&model->tables[i]);
    for (size_t i = 0; i < model->figure_count; i++)
        figure_release(&model->figures[i]);
    for (size_t i = 0; i < model->draft_count; i++)
        draft_release(&model->drafts[i]);
    g_free(model->tables);
    g_free(model->figures);
    g_free(model->drafts);
    port_knowledge_release(model);
    quality_release(model);
    g_free(model->language);
    g_free(model->title);
    g_free(model->publisher);
    g_free(model->edition);
    g_free(model->period);
    g_free(model->previous_period);
    g_free(model->previous_edition);
    g_free(model->year_before_edition);
    g_free(model->time_zone);
    g_free(model);
}

const struct model_table *model_table(const struct model *model, const char *id)
{
    for (size_t i = 0; i < model->table_count; i++)
        if (strcmp(model->tables[i].id, id) == 0)
            return &model->tables[i];
    return NULL;
}

const struct model_figure *model_figure(const struct model *model, const char *id)
{
    for (size_t i = 0; i < model->figure_count; i++)
        if (strcmp(model->figures[i].id, id) == 0)
            return &model->figures[i];
    return NULL;
}

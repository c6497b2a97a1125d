#include "report/review_figures.h"

#include <string.h>

#include "report/wording.h"

static bool is_declared(const struct publication *publication, enum figure_kind kind, const char *table)
{
    for (size_t i = 0; i < publication->figure_count; i++)
        if (publication->figures[i].kind == kind &&
            (table == NULL || g_strcmp0(publication->figures[i].table, table) == 0))
            return true;
    return false;
}

/* Takes `id` and `caption` over. */
static void figure_add(struct publication *publication, enum figure_kind kind, char *id, char *caption,
                       const char *language, const char *measure, const char *table, int quarters)
{
    publication->figures =
        g_renew(struct figure_definition, publication->figures, publication->figure_count + 1);
    struct figure_definition *figure = &publication->figures[publication->figure_count++];
    *figure = (struct figure_definition){
        .id = id,
        .kind = kind,
        .measure = g_strdup(measure),
        .table = g_strdup(table),
        .quarters = quarters,
        .line = 1,
    };
    figure->caption.texts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_hash_table_insert(figure->caption.texts, g_strdup(language), caption);
}

static void table_figure_add(struct publication *publication, const struct wording *wording,
                             const struct table_definition *table, enum figure_kind kind, const char *stem,
                             const char *rule, const char *language, int quarters)
{
    const char *caption = localized_text(&table->caption, language);
    if (is_declared(publication, kind, table->id))
        return;
    figure_add(publication, kind, g_strdup_printf("%s%s", stem, table->id),
               wording_text(wording, rule, "caption", caption != NULL ? caption : table->id, NULL), language,
               table->measure, table->id, kind == FIGURE_RANK_FLOW ? quarters : 0);
}

int review_figures_add(struct publication *publication, const struct edition *edition, const char *language,
                       int quarters, struct error *err)
{
    struct wording wording = {0};
    if (wording_load_for(&wording, publication, edition, language, err) != 0)
        return error_prefix(err, "review");
    for (size_t i = 0; i < publication->table_count; i++) {
        const struct table_definition *table = &publication->tables[i];
        table_figure_add(publication, &wording, table, FIGURE_RANK_FLOW, "review-flow-", "review-rank-flow",
                         language, quarters);
        table_figure_add(publication, &wording, table, FIGURE_SMALL_MULTIPLES, "review-multiples-",
                         "review-multiples", language, quarters);
    }
    if (publication->measure_count > 0 && !is_declared(publication, FIGURE_AVAILABILITY, NULL))
        figure_add(publication, FIGURE_AVAILABILITY, g_strdup("review-availability"),
                   wording_text(&wording, "review-availability", NULL), language, publication->measures[0].id,
                   NULL, 0);
    if (publication->figure_count > 0) {
        struct figure_definition *last = &publication->figures[publication->figure_count - 1];
        last->all_sensors = strcmp(last->id, "review-availability") == 0;
    }
    wording_release(&wording);
    return 0;
}

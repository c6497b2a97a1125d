#include "report/port_knowledge.h"

#include <string.h>

#include "base/number.h"
#include "report/draft.h"
#include "report/label.h"
#include "report/phrase.h"

/* So many listings of a port are named in a sentence; the review has all. */
enum { LISTINGS_NAMED = 3 };

/* ---- the stub ---- */

/* "CVE-2025-1234、JVNDB-2025-000012など5件" */
static char *listings_text(const struct wording *wording, const GPtrArray *recent)
{
    GPtrArray *names = g_ptr_array_new();
    GString *list = g_string_new(NULL);
    for (guint i = 0; i < recent->len && i < LISTINGS_NAMED; i++)
        g_ptr_array_add(names, ((const struct advisory *)recent->pdata[i])->id);
    phrase_append_list(wording, list, names);
    g_ptr_array_unref(names);
    if (recent->len <= LISTINGS_NAMED)
        return g_string_free(list, FALSE);
    GString *count = g_string_new(NULL);
    number_append_thousands(count, recent->len);
    char *text = wording_text(wording, "list-among", "labels", list->str, "count", count->str, NULL);
    g_string_free(count, TRUE);
    g_string_free(list, TRUE);
    return text;
}

/* "8728/TCP CVE-2025-1234 2025-05-20 CVE-..." */
static void inputs_append(GString *inputs, const char *key, const GPtrArray *recent)
{
    g_string_append_printf(inputs, "%s %s", strchr(inputs->str, ' ') != NULL ? ";" : "", key);
    for (guint i = 0; i < recent->len; i++) {
        const struct advisory *advisory = recent->pdata[i];
        char date[CIVIL_DATE_SIZE];
        g_string_append_printf(inputs, " %s %s", advisory->id, civil_date_format(advisory->listed, date));
    }
}

static char *sources_text(const struct wording *wording, const bool seen[2])
{
    GPtrArray *names = g_ptr_array_new();
    GString *list = g_string_new(NULL);
    for (int source = ADVISORY_KEV; source <= ADVISORY_JVN; source++)
        if (seen[source])
            g_ptr_array_add(names, (gpointer)(uintptr_t)advisory_source_name((enum advisory_source)source));
    phrase_append_list(wording, list, names);
    g_ptr_array_unref(names);
    return g_string_free(list, FALSE);
}

static void stub_add(struct model_draft *draft, const struct context *context, const GPtrArray *items,
                     const bool seen[2], const char *inputs)
{
    const struct knowledge *knowledge = context->knowledge;
    const struct wording *wording = context->wording;
    GString *list = g_string_new(NULL), *range = g_string_new(NULL);
    char *sources = sources_text(wording, seen);
    char *threshold = g_strdup_printf("listed within the %d days up to the quarter's end", knowledge->days);
    phrase_append_list(wording, list, items);
    phrase_append_range(wording, range, knowledge->first, knowledge->last);
    draft_add(draft,
              wording_text(wording, "known-vulnerability", "items", list->str, "range", range->str, "sources",
                           sources, NULL),
              "known-vulnerability", threshold, "%s", inputs);
    g_free(threshold);
    g_free(sources);
    g_string_free(range, TRUE);
    g_string_free(list, TRUE);
}

int port_knowledge_draft(struct model_draft *draft, const struct context *context,
                         const struct table_definition *definition, const struct comparison *comparison,
                         struct error *err)
{
    bool seen[2] = {false, false};
    int status = 0;
    if (context->knowledge == NULL || comparison->measure->by != BY_PORT)
        return 0;
    GPtrArray *items = g_ptr_array_new_with_free_func(g_free);
    GString *inputs = g_string_new(definition->id);
    for (size_t row = 0; row < comparison->shown_count && status == 0; row++) {
        const char *key = comparison->rows[row].key;
        GPtrArray *recent = knowledge_recent(context->knowledge, key);
        if (recent->len > 0) {
            GString *label = g_string_new(NULL);
            char *listings = listings_text(context->wording, recent);
            status = label_append_prose(context, BY_PORT, key, label, err);
            g_ptr_array_add(items, wording_text(context->wording, "known-vulnerability-item", "label",
                                                label->str, "listings", listings, NULL));
            inputs_append(inputs, key, recent);
            for (guint i = 0; i < recent->len; i++)
                seen[((const struct advisory *)recent->pdata[i])->source] = true;
            g_free(listings);
            g_string_free(label, TRUE);
        }
        g_ptr_array_unref(recent);
    }
    if (status == 0 && items->len > 0)
        stub_add(draft, context, items, seen, inputs->str);
    g_string_free(inputs, TRUE);
    g_ptr_array_unref(items);
    return status;
}

/* ---- what listens ---- */

static int listens_collect(const struct context *context, const GPtrArray *entries, GPtrArray *texts,
                           struct error *err)
{
    for (guint i = 0; i < entries->len; i++) {
        const char *text = knowledge_listens(context->knowledge, entries->pdata[i], context->language, err);
        if (text == NULL)
            return -1;
        if (!g_ptr_array_find_with_equal_func(texts, text, g_str_equal, NULL))
            g_ptr_array_add(texts, g_strdup(text));
    }
    return 0;
}

int port_knowledge_listens(const struct context *context, const char *key, GString *out, struct error *err)
{
    if (context->knowledge == NULL)
        return 0;
    GPtrArray *entries = knowledge_entries(context->knowledge, key);
    GPtrArray *texts = g_ptr_array_new_with_free_func(g_free);
    int status = listens_collect(context, entries, texts, err);
    for (guint i = 0; i < texts->len && status == 0; i++) {
        if (i > 0)
            wording_append(context->wording, out, "list-separator", NULL);
        g_string_append(out, texts->pdata[i]);
    }
    g_ptr_array_unref(texts);
    g_ptr_array_unref(entries);
    return status;
}

/* ---- the model ---- */

static void words_add(GPtrArray *texts, char *const *words)
{
    for (; *words != NULL; words++)
        if (!g_ptr_array_find_with_equal_func(texts, *words, g_str_equal, NULL))
            g_ptr_array_add(texts, g_strdup(*words));
}

static char **texts_end(GPtrArray *texts)
{
    g_ptr_array_add(texts, NULL);
    g_ptr_array_set_free_func(texts, NULL);
    return (char **)g_ptr_array_free(texts, FALSE);
}

static void listings_fill(struct model_port *port, const GPtrArray *recent)
{
    port->listings = g_new0(struct model_listing, recent->len + 1);
    for (guint i = 0; i < recent->len; i++) {
        const struct advisory *advisory = recent->pdata[i];
        port->listings[port->listing_count++] = (struct model_listing){
            .source = g_strdup(advisory_source_name(advisory->source)),
            .id = g_strdup(advisory->id),
            .title = g_strdup(advisory->title),
            .url = g_strdup(advisory->url),
            .listed = advisory->listed,
        };
    }
}

static int port_add(struct model *model, const struct context *context, const char *key, struct error *err)
{
    GPtrArray *entries = knowledge_entries(context->knowledge, key);
    int status = 0;
    if (entries->len > 0) {
        GPtrArray *recent = knowledge_recent(context->knowledge, key);
        GPtrArray *listens = g_ptr_array_new_with_free_func(g_free);
        GPtrArray *malware = g_ptr_array_new(), *vulnerabilities = g_ptr_array_new(),
                  *references = g_ptr_array_new();
        GString *label = g_string_new(NULL);
        model->ports = g_renew(struct model_port, model->ports, model->port_count + 1);
        struct model_port *port = &model->ports[model->port_count++];
        *port = (struct model_port){.key = g_strdup(key)};
        status = label_append(context, BY_PORT, key, label, err);
        if (status == 0)
            status = listens_collect(context, entries, listens, err);
        for (guint i = 0; i < entries->len; i++) {
            const struct knowledge_entry *entry = entries->pdata[i];
            words_add(vulnerabilities, entry->vulnerabilities);
            words_add(malware, entry->malware);
            words_add(references, entry->references);
        }
        port->label = g_string_free(label, FALSE);
        port->listens = texts_end(listens);
        port->malware = texts_end(malware);
        port->vulnerabilities = texts_end(vulnerabilities);
        port->references = texts_end(references);
        listings_fill(port, recent);
        g_ptr_array_unref(recent);
    }
    g_ptr_array_unref(entries);
    return status;
}

static bool is_filled(const struct model *model, const char *key)
{
    for (size_t i = 0; i < model->port_count; i++)
        if (strcmp(model->ports[i].key, key) == 0)
            return true;
    return false;
}

int port_knowledge_fill(struct model *model, const struct context *context, struct error *err)
{
    if (context->knowledge == NULL || context->knowledge->path == NULL)
        return 0;
    model->knowledge_first = context->knowledge->first;
    model->knowledge_last = context->knowledge->last;
    for (size_t i = 0; i < model->table_count; i++) {
        const struct table_definition *definition =
            publication_table(context->publication, model->tables[i].id);
        const struct measure_counts *measure = summary_measure(context->current, definition->measure);
        for (size_t row = 0; measure->by == BY_PORT && row < model->tables[i].row_count; row++)
            if (!is_filled(model, model->tables[i].rows[row].key) &&
                port_add(model, context, model->tables[i].rows[row].key, err) != 0)
                return -1;
    }
    return 0;
}

void port_knowledge_release(struct model *model)
{
    for (size_t i = 0; i < model->port_count; i++) {
        struct model_port *port = &model->ports[i];
        for (size_t k = 0; k < port->listing_count; k++) {
            g_free(port->listings[k].source);
            g_free(port->listings[k].id);
            g_free(port->listings[k].title);
            g_free(port->listings[k].url);
        }
        g_free(port->listings);
        g_free(port->key);
        g_free(port->label);
        g_strfreev(port->listens);
        g_strfreev(port->malware);
        g_strfreev(port->vulnerabilities);
        g_strfreev(port->references);
    }
    g_clear_pointer(&model->ports, g_free);
    model->port_count = 0;
}

#include "report/difference_notes.h"

#include <inttypes.h>
#include <string.h>

#include "base/number.h"
#include "report/label.h"
#include "report/phrase.h"
#include "report/quality.h"

static char *period_text(const struct context *context, const struct summary *summary)
{
    GString *period = g_string_new(NULL);
    edition_period_append(&summary->edition, context->language, period);
    return g_string_free(period, FALSE);
}

static char *count_text(uint64_t count)
{
    GString *text = g_string_new(NULL);
    number_append_thousands(text, count);
    return g_string_free(text, FALSE);
}

/* "+1,190", "-3", "±0". */
static char *signed_text(const struct context *context, uint64_t now, uint64_t before)
{
    if (now == before)
        return wording_text(context->wording, "change-none", NULL);
    GString *text = g_string_new(now > before ? "+" : "-");
    number_append_thousands(text, now > before ? now - before : before - now);
    return g_string_free(text, FALSE);
}

/* ---- sensors ---- */

/* Adds one run of days under a rule; without maintenance the rule has no use for a reason. */
static void add_run(GPtrArray *notes, const struct context *context, const struct summary *summary,
                    const struct quality_outage *run, const char *rule)
{
    GString *range = g_string_new(NULL);
    char *label = quality_outage_label(context, summary, run);
    char *period = period_text(context, summary);
    phrase_append_range_short(context->wording, range, edition_day(&summary->edition, run->first),
                              edition_day(&summary->edition, run->last));
    if (run->planned == NULL) {
        g_ptr_array_add(notes, wording_text(context->wording, rule, "period", period, "label", label, "range",
                                            range->str, NULL));
    } else {
        /* A working paper rather tells the reason in another language than none. */
        const char *told = maintenance_reason(run->planned, context->language);
        told = *told != '\0' ? told : run->planned->reason;
        char *reason =
            *told != '\0' ? g_strdup(told) : wording_text(context->wording, "difference-no-reason", NULL);
        g_ptr_array_add(notes, wording_text(context->wording, rule, "period", period, "label", label, "range",
                                            range->str, "reason", reason, NULL));
        g_free(reason);
    }
    g_free(period);
    g_free(label);
    g_string_free(range, TRUE);
}

/* Outages of one of the two editions. */
static void add_outages(GPtrArray *notes, const struct context *context, const struct summary *summary)
{
    const char *unplanned =
        context->publication->has_maintenance ? "difference-sensor-down-unplanned" : "difference-sensor-down";
    GArray *outages = quality_outages(context->publication, summary);
    for (guint i = 0; i < outages->len; i++) {
        const struct quality_outage *outage = &g_array_index(outages, struct quality_outage, i);
        add_run(notes, context, summary, outage,
                outage->planned != NULL ? "difference-sensor-down-planned" : unplanned);
    }
    g_array_unref(outages);
    GArray *missed = quality_maintenance_missed(context->publication, summary);
    for (guint i = 0; i < missed->len; i++)
        add_run(notes, context, summary, &g_array_index(missed, struct quality_outage, i),
                "difference-sensor-up");
    g_array_unref(missed);
}

/* Sensors of both editions that belong elsewhere now. */
static void add_placed(GPtrArray *notes, const struct context *context)
{
    const struct summary *now = context->current, *other = context->previous;
    for (size_t i = 0; i < now->sensor_count; i++)
        for (size_t k = 0; k < other->sensor_count; k++) {
            const struct summary_sensor *a = &now->sensors[i], *b = &other->sensors[k];
            if (strcmp(a->id, b->id) != 0 ||
                (g_strcmp0(a->region, b->region) == 0 && g_strcmp0(a->group, b->group) == 0))
                continue;
            struct quality_outage sensor = {.sensor = i};
            char *label = quality_outage_label(context, now, &sensor);
            char *old = g_strdup_printf("%s %s", b->region, b->group);
            char *new = g_strdup_printf("%s %s", a->region, a->group);
            g_ptr_array_add(notes, wording_text(context->wording, "difference-sensor-placed", "label", label,
                                                "old", old, "new", new, NULL));
            g_free(new);
            g_free(old);
            g_free(label);
        }
}

void difference_notes_coverage(GPtrArray *notes, const struct context *context)
{
    quality_add_sensor_notes(notes, context, context->previous);
    add_placed(notes, context);
    if (strcmp(context->current->edition.name, context->previous->edition.name) == 0)
        return; /* an edition has its own outages in common with itself */
    add_outages(notes, context, context->current);
    add_outages(notes, context, context->previous);
}

/* ---- registries ---- */

static const struct summary_registry *find_registry(const struct summary *summary, const char *name)
{
    for (guint i = 0; i < summary->registries->len; i++) {
        const struct summary_registry *registry = g_ptr_array_index(summary->registries, i);
        if (strcmp(registry->name, name) == 0)
            return registry;
    }
    return NULL;
}

/* The other edition's registry of that name, where it is of another date. */
static const struct summary_registry *dated_otherwise(const struct context *context,
                                                      const struct summary_registry *now)
{
    const struct summary_registry *other = find_registry(context->previous, now->name);
    return other != NULL && strcmp(other->date, now->date) != 0 ? other : NULL;
}

/* All registries that went from one date to another, in one sentence. */
static void add_registry_dates(GPtrArray *notes, const struct context *context, guint first)
{
    const GPtrArray *registries = context->current->registries;
    const struct summary_registry *now = registries->pdata[first], *other = dated_otherwise(context, now);
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < registries->len; i++) {
        const struct summary_registry *alike = registries->pdata[i],
                                      *before = dated_otherwise(context, alike);
        if (before == NULL || strcmp(alike->date, now->date) != 0 || strcmp(before->date, other->date) != 0)
            continue;
        if (i < first) { /* told with the first of them */
            g_ptr_array_unref(names);
            return;
        }
        g_ptr_array_add(names, quality_registry_name(alike));
    }
    GString *list = g_string_new(NULL);
    char *absent = wording_text(context->wording, "absent", NULL);
    phrase_append_list(context->wording, list, names);
    g_ptr_array_add(notes, wording_text(context->wording, "difference-registry", "registry", list->str,
                                        "date", *now->date != '\0' ? now->date : absent, "other-date",
                                        *other->date != '\0' ? other->date : absent, NULL));
    g_free(absent);
    g_string_free(list, TRUE);
    g_ptr_array_unref(names);
}

/* Registries that `have` used and `lack` did not. */
static void add_registry_set(GPtrArray *notes, const struct context *context, const char *rule,
                             const struct summary *have, const struct summary *lack)
{
    for (guint i = 0; i < have->registries->len; i++) {
        const struct summary_registry *registry = g_ptr_array_index(have->registries, i);
        if (find_registry(lack, registry->name) != NULL)
            continue;
        char *text = quality_registry_text(registry);
        g_ptr_array_add(notes, wording_text(context->wording, rule, "registry", text, NULL));
        g_free(text);
    }
}

static void add_registries(GPtrArray *notes, const struct context *context)
{
    for (guint i = 0; i < context->current->registries->len; i++)
        if (dated_otherwise(context, context->current->registries->pdata[i]) != NULL)
            add_registry_dates(notes, context, i);
    add_registry_set(notes, context, "difference-registry-added", context->current, context->previous);
    add_registry_set(notes, context, "difference-registry-removed", context->previous, context->current);
}

/* The largest moves by name, all of them in sum. */
static void add_moves(GPtrArray *notes, const struct context *context, const struct registry_effect *effect)
{
    enum { MOVES_TOLD = 5 };
    uint64_t ipv4 = 0, ipv6 = 0;
    size_t told = 0;
    GString *items = g_string_new(NULL);
    for (size_t i = 0; i < effect->move_count; i++) {
        const struct registry_move *move = &effect->moves[i];
        ipv4 += move->ipv4_addresses;
        ipv6 += move->ipv6_networks;
        const uint64_t counts[] = {move->ipv4_addresses, move->ipv6_networks};
        static const char *const rules[] = {"difference-moved-item", "difference-moved-item-ipv6"};
        for (int family = 0; family < 2; family++) {
            if (counts[family] == 0 || told++ >= MOVES_TOLD)
                continue;
            char *count = count_text(counts[family]);
            if (items->len > 0)
                wording_append(context->wording, items, "list-separator", NULL);
            wording_append(context->wording, items, rules[family], "from", move->from, "to", move->to,
                           "count", count, NULL);
            g_free(count);
        }
    }
    if (told > MOVES_TOLD)
        g_string_append(items, " …");
    char *four = count_text(ipv4), *six = count_text(ipv6);
    g_ptr_array_add(notes, effect->move_count == 0
                               ? wording_text(context->wording, "difference-moved-none", NULL)
                               : wording_text(context->wording, "difference-moved", "ipv4", four, "ipv6", six,
                                              "moves", items->str, NULL));
    g_free(six);
    g_free(four);
    g_string_free(items, TRUE);
}

/* One sentence for each region of the table part of whose change the registries made. */
static void add_parts(GPtrArray *notes, const struct context *context, const char *caption,
                      const struct registry_recount *recount, const struct difference_row *rows,
                      size_t row_count)
{
    size_t told = 0;
    for (size_t i = 0; i < row_count; i++) {
        const struct difference_row *row = &rows[i];
        if (strcmp(row->table, recount->table) != 0 || !row->has_recount || row->recount == row->count)
            continue;
        char *change = signed_text(context, row->count, row->other_count);
        char *registry = signed_text(context, row->count, row->recount);
        char *traffic = signed_text(context, row->recount, row->other_count);
        g_ptr_array_add(notes,
                        wording_text(context->wording, "difference-part", "label", row->label, "change",
                                     change, "registry", registry, "traffic", traffic, NULL));
        told++;
        g_free(traffic);
        g_free(registry);
        g_free(change);
    }
    if (told == 0 && recount->undecided == 0)
        g_ptr_array_add(notes,
                        wording_text(context->wording, "difference-part-none", "caption", caption, NULL));
    g_ptr_array_add(notes, wording_text(context->wording,
                                        recount->basis == REGISTRY_CAPTURES ? "difference-basis-captures"
                                                                            : "difference-basis-blocks",
                                        "caption", caption, NULL));
    if (recount->undecided > 0) {
        char *count = count_text(recount->undecided);
        g_ptr_array_add(notes, wording_text(context->wording, "difference-basis-undecided", "caption",
                                            caption, "count", count, NULL));
        g_free(count);
    }
}

int difference_notes_data(GPtrArray *notes, const struct context *context,
                          const struct registry_effect *effect, const struct difference_row *rows,
                          size_t row_count, struct error *err)
{
    add_registries(notes, context);
    if (effect == NULL || effect->basis == REGISTRY_SAME)
        return 0;
    if (effect->basis == REGISTRY_UNKNOWN && effect->recount_count == 0) {
        char *period = period_text(context, context->previous);
        g_ptr_array_add(notes,
                        wording_text(context->wording, "difference-moved-unknown", "period", period, NULL));
        g_free(period);
        return 0;
    }
    add_moves(notes, context, effect);
    for (size_t i = 0; i < effect->recount_count && effect->move_count > 0; i++) {
        const struct registry_recount *recount = &effect->recounts[i];
        const struct table_definition *table = publication_table(context->publication, recount->table);
        const char *caption = context_localized(context, &table->caption, table->line, "caption", err);
        if (caption == NULL)
            return -1;
        if (recount->basis == REGISTRY_UNKNOWN)
            g_ptr_array_add(
                notes, wording_text(context->wording, "difference-part-unknown", "caption", caption, NULL));
        else
            add_parts(notes, context, caption, recount, rows, row_count);
    }
    return 0;
}

/* ---- definitions ---- */

/* The conditions of `one` that `two` has not: "port=23 tool=mirai", long ones cut. bpf comes last and whole.
 */
static char *conditions_only_in(const struct context *context, const char *one, const char *two)
{
    enum { CONDITION_LENGTH = 80 };
    GString *only = g_string_new(NULL);
    char **conditions = g_strsplit(one, " ", -1), **others = g_strsplit(two, " ", -1);
    for (char **condition = conditions; *condition != NULL; condition++) {
        if (g_strv_contains((const char *const *)others, *condition))
            continue;
        bool is_long = g_utf8_strlen(*condition, -1) > CONDITION_LENGTH;
        char *start = is_long ? g_utf8_substring(*condition, 0, CONDITION_LENGTH) : g_strdup(*condition);
        g_string_append_printf(only, "%s%s%s", only->len > 0 ? " " : "", start, is_long ? "…" : "");
        g_free(start);
    }
    if (only->len == 0)
        wording_append(context->wording, only, "difference-unset", NULL);
    g_strfreev(others);
    g_strfreev(conditions);
    return g_string_free(only, FALSE);
}

void difference_notes_measures(GPtrArray *notes, const struct context *context)
{
    const struct summary *now = context->current, *other = context->previous;
    char *period = period_text(context, other);
    for (size_t i = 0; i < now->measure_count; i++) {
        const struct measure_counts *measure = &now->measures[i];
        const struct measure_counts *before = summary_measure(other, measure->id);
        if (before == NULL) {
            g_ptr_array_add(notes, wording_text(context->wording, "difference-measure-added", "measure",
                                                measure->id, "period", period, NULL));
        } else if (strcmp(before->definition, measure->definition) != 0) {
            char *old = conditions_only_in(context, before->definition, measure->definition);
            char *new = conditions_only_in(context, measure->definition, before->definition);
            g_ptr_array_add(notes, wording_text(context->wording, "difference-measure-changed", "measure",
                                                measure->id, "period", period, "old", old, "new", new, NULL));
            g_free(new);
            g_free(old);
        }
    }
    for (size_t i = 0; i < other->measure_count; i++)
        if (summary_measure(now, other->measures[i].id) == NULL)
            g_ptr_array_add(notes, wording_text(context->wording, "difference-measure-removed", "measure",
                                                other->measures[i].id, "period", period, NULL));
    g_free(period);
}

void difference_notes_files(GPtrArray *notes, const struct context *context,
                            const struct difference_extra *extra, bool data)
{
    char *period = period_text(context, context->previous);
    GPtrArray *names = g_ptr_array_new();
    for (char *const *name = extra != NULL ? extra->changed_files : NULL; name != NULL && *name != NULL;
         name++)
        if ((g_strcmp0(*name, extra->data_file) == 0) == data)
            g_ptr_array_add(names, *name);
    if (names->len > 0) {
        GString *list = g_string_new(NULL);
        phrase_append_list(context->wording, list, names);
        g_ptr_array_add(notes, data
                                   ? wording_text(context->wording, "difference-iana", "period", period, NULL)
                                   : wording_text(context->wording, "difference-files", "period", period,
                                                  "files", list->str, NULL));
        g_string_free(list, TRUE);
    }
    g_ptr_array_unref(names);
    g_free(period);
}

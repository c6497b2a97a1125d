#include "report/review_trust.h"

#include <string.h>

#include "report/label.h"
#include "report/phrase.h"
#include "report/stability.h"

/* Of a key that was seen less than so often nothing is told but its rank: a few packets always come from
 * somewhere. */
enum { CAUTION_COUNT_MINIMUM = 100 };

void review_trust_init(struct review_trust *trust)
{
    trust->ranks = g_array_new(FALSE, FALSE, sizeof(struct review_rank));
    trust->cautions = g_array_new(FALSE, FALSE, sizeof(struct review_caution));
    trust->sides = g_array_new(FALSE, FALSE, sizeof(struct review_sides));
}

void review_trust_take(struct review_trust *trust, struct review *review)
{
    review->rank_count = trust->ranks->len;
    review->ranks = (struct review_rank *)(void *)g_array_free(g_steal_pointer(&trust->ranks), FALSE);
    review->caution_count = trust->cautions->len;
    review->cautions =
        (struct review_caution *)(void *)g_array_free(g_steal_pointer(&trust->cautions), FALSE);
    review->sides_count = trust->sides->len;
    review->sides = (struct review_sides *)(void *)g_array_free(g_steal_pointer(&trust->sides), FALSE);
}

static void rank_clear(struct review_rank *rank)
{
    char *const texts[] = {rank->table,  rank->key,    rank->label,     rank->near,
                           rank->range,  rank->common, rank->without,   rank->backscatter,
                           rank->sensor, rank->prefix, rank->widespread};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
}

static void side_clear(struct review_side *side)
{
    for (size_t i = 0; i < side->row_count; i++) {
        g_free(side->rows[i].key);
        g_free(side->rows[i].label);
    }
    g_free(side->rows);
}

void review_trust_release(struct review *review)
{
    for (size_t i = 0; i < review->rank_count; i++)
        rank_clear(&review->ranks[i]);
    for (size_t i = 0; i < review->caution_count; i++) {
        g_free(review->cautions[i].table);
        g_free(review->cautions[i].key);
        g_free(review->cautions[i].text);
    }
    for (size_t i = 0; i < review->sides_count; i++) {
        for (size_t k = 0; k < review->sides[i].side_count; k++)
            side_clear(&review->sides[i].sides[k]);
        g_free(review->sides[i].table);
    }
    g_free(review->ranks);
    g_free(review->cautions);
    g_free(review->sides);
}

/* ---- texts ---- */

static char *rank_range(const struct context *context, int lowest, int highest)
{
    char *first = g_strdup_printf("%d", lowest), *last = g_strdup_printf("%d", highest);
    char *text = lowest == 0 ? g_strdup("")
                 : lowest == highest
                     ? g_strdup(first)
                     : wording_text(context->wording, "rank-range", "first", first, "last", last, NULL);
    g_free(last);
    g_free(first);
    return text;
}

static char *rank_text(int rank)
{
    return rank > 0 ? g_strdup_printf("%d", rank) : g_strdup("-");
}

static char *percent_text(uint64_t part, uint64_t whole)
{
    GString *text = g_string_new(NULL);
    phrase_append_percent(text, part, whole);
    return g_string_free(text, FALSE);
}

static char *holder_text(const char *label, uint64_t part, uint64_t whole)
{
    char *percent = percent_text(part, whole);
    char *text = g_strdup_printf("%s %s", label, percent);
    g_free(percent);
    return text;
}

/* ---- one rank ---- */

/* What is being told about: one shown row of a table. */
struct subject {
    const struct context *context;
    const char *table;
    const struct comparison *comparison;
    size_t index;
    const struct stability *stability;
    const char *label;  /* of the key */
    const char *sensor; /* label of the sensor that holds most; NULL: not known */
    GArray *cautions;
};

static const struct comparison_row *row_of(const struct subject *subject)
{
    return &subject->comparison->rows[subject->index];
}

static void rank_fill(struct review_rank *rank, const struct subject *subject)
{
    const struct comparison_row *row = row_of(subject);
    const struct stability *trust = subject->stability;
    char *common = rank_text(trust->common_rank), *before = rank_text(trust->common_previous_rank);
    rank->rank = row->rank;
    rank->near = comparison_row_is_close(subject->comparison, subject->index)
                     ? percent_text(row->count - row[1].count, row->count)
                     : g_strdup("");
    rank->range = rank_range(subject->context, trust->lowest_rank, trust->highest_rank);
    rank->common = trust->common_sensors > 0 ? g_strdup_printf("%s(%s)", common, before) : g_strdup("");
    rank->without =
        trust->has_without[WITHOUT_LISTED] ? rank_text(trust->rank_without[WITHOUT_LISTED]) : g_strdup("");
    rank->backscatter = trust->has_without[WITHOUT_BACKSCATTER]
                            ? rank_text(trust->rank_without[WITHOUT_BACKSCATTER])
                            : g_strdup("");
    rank->widespread =
        trust->sensors > 0 ? g_strdup_printf("%zu/%zu", trust->wide_sensors, trust->sensors) : g_strdup("");
    rank->prefix =
        trust->prefix != NULL ? holder_text(trust->prefix, trust->prefix_count, row->count) : g_strdup("");
    rank->sources = trust->prefix_sources;
    rank->sensor = subject->sensor != NULL ? holder_text(subject->sensor, trust->sensor_count, row->count)
                                           : g_strdup("");
    g_free(before);
    g_free(common);
}

/* Takes `text` over. */
static void caution_add(const struct subject *subject, const char *kind, char *text)
{
    struct review_caution caution = {
        .table = g_strdup(subject->table), .key = g_strdup(row_of(subject)->key), .kind = kind, .text = text};
    g_array_append_val(subject->cautions, caution);
}

static void caution_ranks(const struct subject *subject)
{
    const struct wording *wording = subject->context->wording;
    const struct stability *trust = subject->stability;
    const struct comparison_row *row = row_of(subject);
    if (trust->lowest_rank != trust->highest_rank) {
        char *range = rank_range(subject->context, trust->lowest_rank, trust->highest_rank);
        caution_add(subject, "range",
                    wording_text(wording, "review-range", "label", subject->label, "range", range, NULL));
        g_free(range);
    }
    if (trust->common_sensors > 0 &&
        (trust->common_rank != row->rank || trust->common_previous_rank != row->previous_rank)) {
        char *count = g_strdup_printf("%zu", trust->common_sensors);
        char *place = phrase_place(subject->context->wording, trust->common_rank);
        char *before = phrase_place(subject->context->wording, trust->common_previous_rank);
        caution_add(subject, "common",
                    wording_text(wording, "review-common", "label", subject->label, "count", count, "place",
                                 place, "previous-place", before, NULL));
        g_free(before);
        g_free(place);
        g_free(count);
    }
    static const char *const kinds[COMPANION_LEFT_OUTS] = {"without", "without-backscatter"};
    static const char *const rules[COMPANION_LEFT_OUTS] = {"review-without", "review-without-backscatter"};
    for (int left_out = 0; left_out < COMPANION_LEFT_OUTS; left_out++) {
        if (!trust->has_without[left_out] || trust->rank_without[left_out] == row->rank)
            continue;
        char *place = phrase_place(subject->context->wording, trust->rank_without[left_out]);
        caution_add(subject, kinds[left_out],
                    wording_text(wording, rules[left_out], "label", subject->label, "place", place, NULL));
        g_free(place);
    }
}

static void caution_prefix(const struct subject *subject)
{
    const struct wording *wording = subject->context->wording;
    const struct stability *trust = subject->stability;
    char *percent = percent_text(trust->prefix_count, row_of(subject)->count);
    char *count = g_strdup_printf("%" G_GUINT64_FORMAT, trust->prefix_sources);
    if (trust->prefix_sources == 1)
        caution_add(subject, "source",
                    wording_text(wording, "review-source", "label", subject->label, "percent", percent,
                                 "prefix", trust->prefix, NULL));
    else if (trust->prefix_sources > 0)
        caution_add(subject, "prefix",
                    wording_text(wording, "review-prefix-sources", "label", subject->label, "percent",
                                 percent, "prefix", trust->prefix, "count", count, NULL));
    else
        caution_add(subject, "prefix",
                    wording_text(wording, "review-prefix", "label", subject->label, "percent", percent,
                                 "prefix", trust->prefix, NULL));
    g_free(count);
    g_free(percent);
}

static void caution_holders(const struct subject *subject)
{
    const struct stability *trust = subject->stability;
    uint64_t count = row_of(subject)->count;
    if (count < CAUTION_COUNT_MINIMUM)
        return;
    if (subject->sensor != NULL && stability_is_uneven(trust->sensor_count, count, trust->sensors) &&
        stability_is_concentrated(subject->context, trust->sensor_count, count)) {
        char *percent = percent_text(trust->sensor_count, count);
        caution_add(subject, "sensor",
                    wording_text(subject->context->wording, "review-sensor", "label", subject->label,
                                 "percent", percent, "sensor", subject->sensor, NULL));
        g_free(percent);
    }
    if (trust->prefix != NULL && stability_is_concentrated(subject->context, trust->prefix_count, count))
        caution_prefix(subject);
}

static int caution_near(const struct subject *subject, struct error *err)
{
    const struct comparison_row *row = row_of(subject);
    if (!comparison_row_is_close(subject->comparison, subject->index))
        return 0;
    GString *neighbour = g_string_new(NULL);
    int status = label_append(subject->context, subject->comparison->measure->by, row[1].key, neighbour, err);
    char *percent = percent_text(row->count - row[1].count, row->count);
    if (status == 0)
        caution_add(subject, "near",
                    wording_text(subject->context->wording, "review-near", "label", subject->label,
                                 "neighbour", neighbour->str, "percent", percent, NULL));
    g_free(percent);
    g_string_free(neighbour, TRUE);
    return status;
}

static int row_add(struct review_trust *trust, struct subject *subject, struct error *err)
{
    const struct comparison_row *row = row_of(subject);
    GString *label = g_string_new(NULL), *sensor = g_string_new(NULL);
    int status = label_append(subject->context, subject->comparison->measure->by, row->key, label, err);
    if (status == 0 && subject->stability->sensor != NULL)
        status = label_append(subject->context, BY_SENSOR, subject->stability->sensor, sensor, err);
    if (status == 0) {
        subject->label = label->str;
        subject->sensor = subject->stability->sensor != NULL ? sensor->str : NULL;
        struct review_rank rank = {
            .table = g_strdup(subject->table), .key = g_strdup(row->key), .label = g_strdup(subject->label)};
        rank_fill(&rank, subject);
        g_array_append_val(trust->ranks, rank);
        status = caution_near(subject, err);
    }
    if (status == 0) {
        caution_ranks(subject);
        caution_holders(subject);
    }
    g_string_free(sensor, TRUE);
    g_string_free(label, TRUE);
    return status;
}

/* ---- side by side ---- */

static int side_fill(struct review_side *side, const char *name, const struct context *context,
                     const struct measure_counts *measure, int top, struct error *err)
{
    struct ranking ranking;
    ranking_init(&ranking, context->current, measure);
    size_t count = 0;
    while (count < ranking.entry_count && ranking.entries[count].rank <= top)
        count++;
    /* As tables do: a tie at the end does not make for twice the rows. */
    count = count > 2 * (size_t)top ? (size_t)top : count;
    side->name = name;
    side->rows = g_new0(struct review_side_row, count + 1);
    int status = 0;
    for (size_t i = 0; i < count && status == 0; i++) {
        const struct ranking_entry *entry = &ranking.entries[i];
        GString *label = g_string_new(NULL);
        status = label_append(context, measure->by, entry->key, label, err);
        side->rows[side->row_count++] = (struct review_side_row){
            .rank = entry->rank,
            .key = g_strdup(entry->key),
            .label = g_string_free(label, FALSE),
            .count = entry->count,
            .share = ranking.total > 0 ? (double)entry->count / (double)ranking.total : 0,
        };
    }
    ranking_release(&ranking);
    return status;
}

static int sides_add(struct review_trust *trust, const struct context *context,
                     const struct table_definition *definition, const struct comparison *comparison,
                     struct error *err)
{
    static const char *const names[COMPANION_LEFT_OUTS] = {"listed", "backscatter"};
    const struct measure_counts *without[COMPANION_LEFT_OUTS];
    bool has_any = false;
    for (int left_out = 0; left_out < COMPANION_LEFT_OUTS; left_out++) {
        without[left_out] = companion_without(context, context->current, comparison->measure->id,
                                              (enum companion_left_out)left_out);
        has_any = has_any || without[left_out] != NULL;
    }
    if (!has_any)
        return 0;
    struct review_sides sides = {.table = g_strdup(definition->id), .side_count = 1};
    int status = side_fill(&sides.sides[0], "all", context, comparison->measure, definition->top, err);
    for (int left_out = 0; left_out < COMPANION_LEFT_OUTS && status == 0; left_out++)
        if (without[left_out] != NULL)
            status = side_fill(&sides.sides[sides.side_count++], names[left_out], context, without[left_out],
                               definition->top, err);
    g_array_append_val(trust->sides, sides);
    return status;
}

int review_trust_add(struct review_trust *trust, const struct context *context,
                     const struct table_definition *definition, const struct comparison *comparison,
                     struct error *err)
{
    struct stability *stability = stability_new(context, comparison);
    int status = 0;
    for (size_t i = 0; i < comparison->shown_count && status == 0; i++) {
        struct subject subject = {
            .context = context,
            .table = definition->id,
            .comparison = comparison,
            .index = i,
            .stability = &stability[i],
            .cautions = trust->cautions,
        };
        status = row_add(trust, &subject, err);
    }
    stability_free(stability, comparison->shown_count);
    return status == 0 ? sides_add(trust, context, definition, comparison, err) : status;
}

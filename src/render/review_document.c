#include "render/review_document.h"

#include <string.h>

#include "render/model_element.h"
#include "report/phrase.h"

static void ratio_add(xmlNodePtr element, const char *name, double value)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    attribute_add(element, name, g_ascii_formatd(text, sizeof text, "%.6f", value));
}

static void percent_add(xmlNodePtr parent, const char *name, double share)
{
    char digits[G_ASCII_DTOSTR_BUF_SIZE];
    char *text = g_strconcat(g_ascii_formatd(digits, sizeof digits, "%.1f", share * 100), "%", NULL);
    ratio_add(element_add(parent, name, text), "value", share);
    g_free(text);
}

/* "-" where there is none. */
static void average_add(xmlNodePtr parent, const char *name, double average)
{
    GString *text = g_string_new(average < 0 ? "-" : NULL);
    if (average >= 0)
        phrase_append_average(text, average);
    xmlNodePtr element = element_add(parent, name, text->str);
    g_string_free(text, TRUE);
    if (average < 0)
        attribute_add(element, "value", "");
    else
        ratio_add(element, "value", average);
}

static void rank_add(xmlNodePtr parent, const char *name, int rank)
{
    char *text = rank > 0 ? g_strdup_printf("%d", rank) : g_strdup("-");
    xmlNodePtr element = element_add(parent, name, text);
    attribute_add(element, "value", rank > 0 ? text : "");
    g_free(text);
}

/* ---- what changed ---- */

static void row_add(xmlNodePtr table, const struct difference_row *from)
{
    xmlNodePtr row = element_add(table, "row", NULL);
    attribute_add(row, "key", from->key);
    attribute_add(row, "status", difference_row_status(from));
    element_add(row, "label", from->label);
    rank_add(row, "rank", from->rank);
    rank_add(row, "other-rank", from->other_rank);
    count_add(row, "count", from->count);
    count_add(row, "other-count", from->other_count);
    element_add(row, "change", from->change);
    percent_add(row, "share", from->share);
    percent_add(row, "other-share", from->other_share);
    average_add(row, "per-sensor", from->per_sensor);
    average_add(row, "other-per-sensor", from->other_per_sensor);
    element_add(row, "per-sensor-change", from->per_sensor_change);
    attribute_add(row, "variation", difference_row_variation(from));
    if (from->variation.is_known)
        ratio_add(row, "p", from->variation.p);
    flag_add(row, "near-tie", from->near_tie);
    if (from->has_recount)
        number_add(row, "recount", from->recount);
}

static void changes_add(xmlNodePtr review, const struct publication *publication,
                        const struct difference *difference, const char *language)
{
    xmlNodePtr changes = element_add(review, "changes", NULL);
    for (size_t i = 0; i < difference->row_count;) {
        const char *id = difference->rows[i].table;
        const struct table_definition *definition = publication_table(publication, id);
        xmlNodePtr table = element_add(changes, "table", NULL);
        attribute_add(table, "id", id);
        attribute_add(table, "measure", definition != NULL ? definition->measure : NULL);
        element_add(table, "caption",
                    definition != NULL ? localized_text(&definition->caption, language) : NULL);
        for (; i < difference->row_count && strcmp(difference->rows[i].table, id) == 0; i++)
            row_add(table, &difference->rows[i]);
    }
    xmlNodePtr notes = element_add(review, "notes", NULL);
    for (size_t i = 0; i < difference->note_count; i++)
        attribute_add(element_add(notes, "note", difference->notes[i].text), "kind",
                      difference_kind_name(difference->notes[i].kind));
}

static void item_add(xmlNodePtr list, const struct prose_item *from)
{
    xmlNodePtr item = element_add(list, "item", NULL);
    attribute_add(item, "status", prose_status_name(from->status));
    attribute_add(item, "file", from->file);
    number_add(item, "line", (uint64_t)from->line);
    element_add(item, "text", from->text);
    if (from->text == NULL || g_strcmp0(from->text, from->other_text) != 0)
        element_add(item, "other-text", from->other_text);
}

/* What stayed is counted, not listed; files that are wholly new, or gone, stand by themselves. */
static void prose_add(xmlNodePtr review, const struct prose_difference *difference)
{
    xmlNodePtr prose = element_add(review, "prose", NULL);
    for (int kind = 0; kind < PROSE_KIND_COUNT; kind++) {
        xmlNodePtr list = element_add(prose, "list", NULL), whole = NULL;
        attribute_add(list, "kind", prose_kind_name((enum prose_kind)kind));
        for (int status = 0; status < PROSE_STATUS_COUNT; status++)
            number_add(list, prose_status_name((enum prose_status)status), difference->counts[kind][status]);
        const char *file = "";
        for (size_t i = 0; i < difference->item_count; i++) {
            const struct prose_item *from = &difference->items[i];
            if ((int)from->kind != kind || from->status == PROSE_SAME)
                continue;
            size_t count = prose_difference_whole(difference, i);
            if (count > 0 && strcmp(file, from->file) != 0) {
                whole = element_add(list, "whole", NULL);
                attribute_add(whole, "status", prose_status_name(from->status));
                attribute_add(whole, "file", from->file);
                number_add(whole, "count", count);
                file = from->file;
            }
            item_add(count > 0 ? whole : list, from);
        }
    }
}

/* ---- what happened ---- */

static void event_add(xmlNodePtr events, const struct review_event *from)
{
    xmlNodePtr event = element_add(events, "event", NULL);
    attribute_add(event, "place", from->place);
    attribute_add(event, "key", from->key);
    attribute_add(event, "kind", event_kind_name(from->kind));
    flag_add(event, "split", from->is_split);
    date_add(event, "first", from->first);
    date_add(event, "last", from->last);
    ratio_add(event, "value", from->value);
    ratio_add(event, "median", from->median);
    element_add(event, "label", from->label);
    element_add(event, "kind-text", from->kind_text);
    element_add(event, "range", from->range);
    element_add(event, "size", from->size);
    element_add(event, "significance", from->significance);
    element_add(event, "threshold", from->threshold);
    for (size_t i = 0; i < from->driver_count; i++) {
        xmlNodePtr driver = element_add(event, "driver", NULL);
        attribute_add(driver, "by", from->drivers[i].by);
        attribute_add(driver, "key", from->drivers[i].key);
        element_add(driver, "label", from->drivers[i].label);
        percent_add(driver, "share", from->drivers[i].share);
    }
}

static void rank_row_add(xmlNodePtr ranks, const struct review_rank *from)
{
    xmlNodePtr rank = element_add(ranks, "rank", NULL);
    attribute_add(rank, "table", from->table);
    attribute_add(rank, "key", from->key);
    number_add(rank, "place", (uint64_t)MAX(from->rank, 0));
    element_add(rank, "label", from->label);
    element_add(rank, "near", from->near);
    element_add(rank, "range", from->range);
    element_add(rank, "common", from->common);
    element_add(rank, "without", from->without);
    element_add(rank, "backscatter", from->backscatter);
    element_add(rank, "sensor", from->sensor);
    element_add(rank, "prefix", from->prefix);
    if (from->sources > 0)
        number_add(rank, "sources", from->sources);
    element_add(rank, "widespread", from->widespread);
}

/* Row by row: what each side has in that place. */
static void sides_add(xmlNodePtr parent, const struct review_sides *from)
{
    xmlNodePtr table = element_add(parent, "table", NULL);
    size_t row_count = 0;
    attribute_add(table, "id", from->table);
    for (size_t i = 0; i < from->side_count; i++) {
        attribute_add(element_add(table, "side", NULL), "name", from->sides[i].name);
        row_count = MAX(row_count, from->sides[i].row_count);
    }
    for (size_t row = 0; row < row_count; row++) {
        xmlNodePtr line = element_add(table, "row", NULL);
        for (size_t i = 0; i < from->side_count; i++) {
            const struct review_side *side = &from->sides[i];
            xmlNodePtr cell = element_add(line, "cell", NULL);
            attribute_add(cell, "side", side->name);
            if (row >= side->row_count)
                continue;
            attribute_add(cell, "key", side->rows[row].key);
            rank_add(cell, "rank", side->rows[row].rank);
            element_add(cell, "label", side->rows[row].label);
            count_add(cell, "count", side->rows[row].count);
            percent_add(cell, "share", side->rows[row].share);
        }
    }
}

void review_document_add(xmlDocPtr document, const void *data)
{
    const struct page_review *review = data;
    xmlNodePtr root = element_add(xmlDocGetRootElement(document), "review", NULL);
    GString *period = g_string_new(NULL);
    edition_period_append(review->other, review->language, period);
    attribute_add(root, "other", review->other->name);
    element_add(root, "other-period", period->str);
    g_string_free(period, TRUE);
    changes_add(root, review->publication, review->difference, review->language);
    prose_add(root, review->prose);
    xmlNodePtr events = element_add(root, "events", NULL);
    for (size_t i = 0; i < review->review->event_count; i++)
        event_add(events, &review->review->events[i]);
    xmlNodePtr ranks = element_add(root, "ranks", NULL);
    for (size_t i = 0; i < review->review->rank_count; i++)
        rank_row_add(ranks, &review->review->ranks[i]);
    xmlNodePtr cautions = element_add(root, "cautions", NULL);
    for (size_t i = 0; i < review->review->caution_count; i++) {
        const struct review_caution *from = &review->review->cautions[i];
        xmlNodePtr caution = element_add(cautions, "caution", from->text);
        attribute_add(caution, "table", from->table);
        attribute_add(caution, "key", from->key);
        attribute_add(caution, "kind", from->kind);
    }
    xmlNodePtr sides = element_add(root, "sides", NULL);
    for (size_t i = 0; i < review->review->sides_count; i++)
        sides_add(sides, &review->review->sides[i]);
    xmlNodePtr hints = element_add(root, "hints", NULL);
    for (char **hint = review->review->missing_companions; *hint != NULL; hint++)
        element_add(hints, "hint", *hint);
}

/* `teiten diff` for programs: one record for everything that differs, as CSV under a fixed header or as JSON.
 */
#include <inttypes.h>
#include <json-glib/json-glib.h>
#include <stdio.h>
#include <string.h>

#include "base/csv_table.h"
#include "cmd/command.h"
#include "cmd/diff_view.h"

/* One value of a record; NULL and FIELD_NULL where there is none. */
enum field_type { FIELD_TEXT, FIELD_NUMBER, FIELD_FLAG };

enum field {
    FIELD_KIND,
    FIELD_TABLE,
    FIELD_KEY,
    FIELD_LABEL,
    FIELD_STATUS,
    FIELD_RANK,
    FIELD_OTHER_RANK,
    FIELD_COUNT,
    FIELD_OTHER_COUNT,
    FIELD_SHARE,
    FIELD_OTHER_SHARE,
    FIELD_PER_SENSOR_DAY,
    FIELD_OTHER_PER_SENSOR_DAY,
    FIELD_CHANGE,
    FIELD_PER_SENSOR_CHANGE,
    FIELD_T,
    FIELD_P,
    FIELD_VARIATION,
    FIELD_NEAR_TIE,
    FIELD_BY_OTHER_REGISTRIES,
    FIELD_FIRST_DAY,
    FIELD_LAST_DAY,
    FIELD_FILE,
    FIELD_LINE,
    FIELD_TEXT_NOW,
    FIELD_OTHER_TEXT,
    FIELDS
};

static const struct {
    const char *name;
    enum field_type type;
} fields[FIELDS] = {
    [FIELD_KIND] = {"kind", FIELD_TEXT},
    [FIELD_TABLE] = {"table", FIELD_TEXT},
    [FIELD_KEY] = {"key", FIELD_TEXT},
    [FIELD_LABEL] = {"label", FIELD_TEXT},
    [FIELD_STATUS] = {"status", FIELD_TEXT},
    [FIELD_RANK] = {"rank", FIELD_NUMBER},
    [FIELD_OTHER_RANK] = {"other_rank", FIELD_NUMBER},
    [FIELD_COUNT] = {"count", FIELD_NUMBER},
    [FIELD_OTHER_COUNT] = {"other_count", FIELD_NUMBER},
    [FIELD_SHARE] = {"share", FIELD_NUMBER},
    [FIELD_OTHER_SHARE] = {"other_share", FIELD_NUMBER},
    [FIELD_PER_SENSOR_DAY] = {"per_sensor_day", FIELD_NUMBER},
    [FIELD_OTHER_PER_SENSOR_DAY] = {"other_per_sensor_day", FIELD_NUMBER},
    [FIELD_CHANGE] = {"change", FIELD_TEXT},
    [FIELD_PER_SENSOR_CHANGE] = {"per_sensor_change", FIELD_TEXT},
    [FIELD_T] = {"t", FIELD_NUMBER},
    [FIELD_P] = {"p", FIELD_NUMBER},
    [FIELD_VARIATION] = {"variation", FIELD_TEXT},
    [FIELD_NEAR_TIE] = {"near_tie", FIELD_FLAG},
    [FIELD_BY_OTHER_REGISTRIES] = {"count_by_other_registries", FIELD_NUMBER},
    [FIELD_FIRST_DAY] = {"first_day", FIELD_TEXT},
    [FIELD_LAST_DAY] = {"last_day", FIELD_TEXT},
    [FIELD_FILE] = {"file", FIELD_TEXT},
    [FIELD_LINE] = {"line", FIELD_NUMBER},
    [FIELD_TEXT_NOW] = {"text", FIELD_TEXT},
    [FIELD_OTHER_TEXT] = {"other_text", FIELD_TEXT},
};

struct record {
    char *values[FIELDS]; /* owned; NULL: none */
};

static void record_clear(gpointer data)
{
    struct record *record = data;
    for (int i = 0; i < FIELDS; i++)
        g_free(record->values[i]);
}

static void set_text(struct record *record, enum field field, const char *text)
{
    record->values[field] = g_strdup(text);
}

static void set_count(struct record *record, enum field field, uint64_t count)
{
    record->values[field] = g_strdup_printf("%" PRIu64, count);
}

static void set_rank(struct record *record, enum field field, int rank)
{
    if (rank > 0)
        set_count(record, field, (uint64_t)rank);
}

static void set_ratio(struct record *record, enum field field, double ratio)
{
    char digits[G_ASCII_DTOSTR_BUF_SIZE];
    set_text(record, field, g_ascii_formatd(digits, sizeof digits, "%.6f", ratio));
}

static struct record *record_add(GArray *records, int kind)
{
    struct record record = {.values = {NULL}};
    set_text(&record, FIELD_KIND, diff_view_kind_name(kind));
    g_array_append_val(records, record);
    return &g_array_index(records, struct record, records->len - 1);
}

static void row_add(GArray *records, const struct difference_row *row)
{
    struct record *record = record_add(records, DIFFERENCE_NUMBERS);
    set_text(record, FIELD_TABLE, row->table);
    set_text(record, FIELD_KEY, row->key);
    set_text(record, FIELD_LABEL, row->label);
    set_text(record, FIELD_STATUS, difference_row_status(row));
    set_rank(record, FIELD_RANK, row->rank);
    set_rank(record, FIELD_OTHER_RANK, row->other_rank);
    set_count(record, FIELD_COUNT, row->count);
    set_count(record, FIELD_OTHER_COUNT, row->other_count);
    set_ratio(record, FIELD_SHARE, row->share);
    set_ratio(record, FIELD_OTHER_SHARE, row->other_share);
    if (row->per_sensor >= 0)
        set_ratio(record, FIELD_PER_SENSOR_DAY, row->per_sensor);
    if (row->other_per_sensor >= 0)
        set_ratio(record, FIELD_OTHER_PER_SENSOR_DAY, row->other_per_sensor);
    set_text(record, FIELD_CHANGE, row->change);
    if (*row->per_sensor_change != '\0')
        set_text(record, FIELD_PER_SENSOR_CHANGE, row->per_sensor_change);
    if (row->variation.is_known) {
        set_ratio(record, FIELD_T, row->variation.t);
        set_ratio(record, FIELD_P, row->variation.p);
        set_text(record, FIELD_VARIATION, difference_row_variation(row));
    }
    set_text(record, FIELD_NEAR_TIE, row->near_tie ? "yes" : "no");
    if (row->has_recount)
        set_count(record, FIELD_BY_OTHER_REGISTRIES, row->recount);
}

static void item_add(GArray *records, const struct prose_item *item)
{
    struct record *record = record_add(records, VIEW_PROSE + (int)item->kind);
    set_text(record, FIELD_STATUS, prose_status_name(item->status));
    set_text(record, FIELD_FILE, item->file);
    set_count(record, FIELD_LINE, (uint64_t)MAX(item->line, 0));
    set_text(record, FIELD_TEXT_NOW, item->text);
    set_text(record, FIELD_OTHER_TEXT, item->other_text);
}

/* "×12.3; 地点1 60.0%, 米国(US) 30.0%" */
static char *event_text(const struct review_event *event)
{
    GString *text = g_string_new(event->size);
    char digits[G_ASCII_DTOSTR_BUF_SIZE];
    for (size_t i = 0; i < event->driver_count; i++)
        g_string_append_printf(text, "%s%s %s%%", i == 0 ? "; " : ", ", event->drivers[i].label,
                               g_ascii_formatd(digits, sizeof digits, "%.1f", event->drivers[i].share * 100));
    return g_string_free(text, FALSE);
}

static void event_add(GArray *records, const struct review_event *event)
{
    char date[CIVIL_DATE_SIZE];
    struct record *record = record_add(records, VIEW_EVENTS);
    set_text(record, FIELD_TABLE, event->place);
    set_text(record, FIELD_KEY, event->key);
    set_text(record, FIELD_LABEL, event->label);
    set_text(record, FIELD_STATUS, event_kind_name(event->kind));
    set_text(record, FIELD_FIRST_DAY, civil_date_format(event->first, date));
    set_text(record, FIELD_LAST_DAY, civil_date_format(event->last, date));
    record->values[FIELD_TEXT_NOW] = event_text(event);
}

static void caution_add(GArray *records, const struct review_caution *caution)
{
    struct record *record = record_add(records, VIEW_STABILITY);
    set_text(record, FIELD_TABLE, caution->table);
    set_text(record, FIELD_KEY, caution->key);
    set_text(record, FIELD_STATUS, caution->kind);
    set_text(record, FIELD_TEXT_NOW, caution->text);
}

/* Everything that is asked for, in the order of kinds. Unref it. */
static GArray *records_of(const struct diff_view *view)
{
    GArray *records = g_array_new(FALSE, FALSE, sizeof(struct record));
    g_array_set_clear_func(records, record_clear);
    for (size_t i = 0; i < view->difference->row_count; i++)
        if (diff_view_row_is_shown(view, &view->difference->rows[i]))
            row_add(records, &view->difference->rows[i]);
    for (int kind = DIFFERENCE_COVERAGE; kind <= DIFFERENCE_CONFIGURATION; kind++)
        for (size_t i = 0; i < view->difference->note_count; i++)
            if (view->only[kind] && (int)view->difference->notes[i].kind == kind)
                set_text(record_add(records, kind), FIELD_TEXT_NOW, view->difference->notes[i].text);
    for (int kind = 0; kind < PROSE_KIND_COUNT; kind++)
        for (size_t i = 0; i < view->prose->item_count; i++)
            if ((int)view->prose->items[i].kind == kind &&
                diff_view_item_is_shown(view, &view->prose->items[i]))
                item_add(records, &view->prose->items[i]);
    for (size_t i = 0; view->review != NULL && view->only[VIEW_EVENTS] && i < view->review->event_count; i++)
        event_add(records, &view->review->events[i]);
    for (size_t i = 0; view->review != NULL && view->only[VIEW_STABILITY] && i < view->review->caution_count;
         i++)
        caution_add(records, &view->review->cautions[i]);
    return records;
}

void diff_print_csv(const struct diff_view *view)
{
    GArray *records = records_of(view);
    GString *out = g_string_new(NULL);
    const char *texts[FIELDS];
    for (int field = 0; field < FIELDS; field++)
        texts[field] = fields[field].name;
    csv_row_append(out, FIELDS, texts);
    for (guint i = 0; i < records->len; i++) {
        const struct record *record = &g_array_index(records, struct record, i);
        for (int field = 0; field < FIELDS; field++)
            texts[field] = record->values[field] != NULL ? record->values[field] : "";
        csv_row_append(out, FIELDS, texts);
    }
    fputs(out->str, stdout);
    g_string_free(out, TRUE);
    g_array_unref(records);
}

/* Members without a value are left out. */
static void record_add_json(JsonBuilder *builder, const struct record *record)
{
    json_builder_begin_object(builder);
    for (int field = 0; field < FIELDS; field++) {
        const char *value = record->values[field];
        if (value == NULL)
            continue;
        json_builder_set_member_name(builder, fields[field].name);
        if (fields[field].type == FIELD_FLAG)
            json_builder_add_boolean_value(builder, strcmp(value, "yes") == 0);
        else if (fields[field].type == FIELD_TEXT)
            json_builder_add_string_value(builder, value);
        else if (strchr(value, '.') != NULL)
            json_builder_add_double_value(builder, g_ascii_strtod(value, NULL));
        else
            json_builder_add_int_value(builder, (gint64)MIN(g_ascii_strtoull(value, NULL, 10), G_MAXINT64));
    }
    json_builder_end_object(builder);
}

void diff_print_json(const struct diff_view *view)
{
    GArray *records = records_of(view);
    JsonBuilder *builder = json_builder_new();
    json_builder_begin_object(builder);
    command_add_text(builder, "edition", view->edition->name);
    command_add_text(builder, "other", view->other->name);
    json_builder_set_member_name(builder, "changed");
    json_builder_add_boolean_value(builder, diff_view_has_changes(view));
    json_builder_set_member_name(builder, "records");
    json_builder_begin_array(builder);
    for (guint i = 0; i < records->len; i++)
        record_add_json(builder, &g_array_index(records, struct record, i));
    json_builder_end_array(builder);
    json_builder_end_object(builder);
    command_print_json(builder);
    g_array_unref(records);
}

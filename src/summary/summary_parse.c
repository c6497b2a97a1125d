/* Strict reading of the form that summary_write.c writes. */
#include <string.h>

#include "base/digest.h"
#include "base/number.h"
#include "publication/local_days.h"
#include "summary/seal.h"
#include "summary/summary_file.h"

enum { FIELDS_MAX = 12, SENSORS_MAX = 65535 };

/* What is left to read: of the head, then of the sections. `line` counts head lines, `fields` are those of
 * the last one, unescaped. */
struct reader {
    const uint8_t *at;
    const uint8_t *end;
    const uint8_t *file_end;   /* of the last section */
    const char *const *wanted; /* measures whose sections are read; NULL: all */
    bool is_old;               /* of the version before, SUMMARY_FILE_OLD */
    size_t line;
    char *text; /* of the line's fields, which a NUL ends */
    size_t text_room, text_size;
    char *fields[FIELDS_MAX];
    size_t field_count;
    GBytes *holder; /* of all bytes, or NULL */
    struct error *err;
};

static int refuse(struct reader *reader, const char *what)
{
    return error_set(reader->err, ERROR_INPUT, "not a sound summary: %s", what);
}

static int refuse_line(struct reader *reader, const char *expected)
{
    return error_set(reader->err, ERROR_INPUT, "not a sound summary: line %zu: expected %s", reader->line,
                     expected);
}

/* Room for the fields of a line of so many bytes: unescaped they are no longer. */
static void text_begin(struct reader *reader, size_t size)
{
    enum { LEAST_ROOM = 512 };
    reader->field_count = 0;
    reader->text_size = 0;
    if (size < reader->text_room)
        return;
    g_free(reader->text);
    reader->text_room = MAX(size + 1, LEAST_ROOM);
    reader->text = g_malloc(reader->text_room);
}

/* One field up to a tab or line feed; false on an escape that the writer does not make or bytes that are no
 * text. */
static bool field_read(struct reader *reader, const uint8_t *end)
{
    const uint8_t *stop = memchr(reader->at, '\t', (size_t)(end - reader->at));
    if (stop == NULL)
        stop = end;
    char *text = reader->text + reader->text_size;
    size_t length = 0;
    bool is_sound = reader->field_count < FIELDS_MAX;
    for (const uint8_t *byte = reader->at; byte < stop && is_sound; byte++) {
        if (*byte != '\\') {
            text[length++] = (char)*byte;
            is_sound = *byte != '\0' && *byte != '\r';
            continue;
        }
        byte++;
        int code = byte < stop ? *byte : 0;
        int meant = code == '\\' ? '\\' : code == 't' ? '\t' : code == 'n' ? '\n' : code == 'r' ? '\r' : 0;
        is_sound = meant != 0;
        text[length++] = (char)meant;
    }
    if (!is_sound || !g_utf8_validate(text, (gssize)length, NULL))
        return false;
    text[length] = '\0';
    reader->text_size += length + 1;
    reader->fields[reader->field_count++] = text;
    reader->at = stop;
    return true;
}

/* Reads a head line, which must have this name and number of fields after it (fields[1] the first of them).
 */
static int line_read(struct reader *reader, const char *name, size_t field_count)
{
    reader->line++;
    const uint8_t *end = memchr(reader->at, '\n', (size_t)(reader->end - reader->at));
    if (end == NULL)
        return refuse_line(reader, name);
    text_begin(reader, (size_t)(end - reader->at));
    for (;;) {
        if (!field_read(reader, end))
            return refuse_line(reader, "tab-separated text");
        if (reader->at == end)
            break;
        reader->at++;
    }
    reader->at = end + 1;
    if (strcmp(reader->fields[0], name) != 0 || reader->field_count != field_count + 1)
        return refuse_line(reader, name);
    return 0;
}

static int field_number(struct reader *reader, size_t field, uint64_t maximum, uint64_t *value)
{
    const char *text = reader->fields[field];
    if ((text[0] == '0' && text[1] != '\0') || !number_parse(text, 0, maximum, value))
        return refuse_line(reader, "a number");
    return 0;
}

/* Seconds may lie before 1970. */
static int field_second(struct reader *reader, size_t field, int64_t *value)
{
    const char *text = reader->fields[field];
    bool is_negative = text[0] == '-';
    uint64_t size;
    const char *digits = text + (is_negative ? 1 : 0);
    if ((digits[0] == '0' && (digits[1] != '\0' || is_negative)) ||
        !number_parse(digits, 0, INT64_MAX, &size))
        return refuse_line(reader, "a time in seconds");
    *value = is_negative ? -(int64_t)size : (int64_t)size;
    return 0;
}

static char *field_copy(const struct reader *reader, size_t field)
{
    return g_strdup(reader->fields[field]);
}

static bool text_is_hex(const char *text, size_t length)
{
    return strlen(text) == length && strspn(text, "0123456789abcdef") == length;
}

static int digest_field(struct reader *reader, size_t field, char digest[40])
{
    if (!text_is_hex(reader->fields[field], 32))
        return refuse_line(reader, "a digest of 32 hex digits");
    g_strlcpy(digest, reader->fields[field], 40);
    return 0;
}

/* The cursor of what follows the head. */
static int number_read(struct reader *reader, uint64_t maximum, uint64_t *value)
{
    struct octets_cursor cursor = {reader->at, reader->end};
    bool is_sound = octets_take_number(&cursor, maximum, value);
    reader->at = cursor.at;
    return is_sound ? 0 : refuse(reader, "a number out of range");
}

static int bits_read(struct reader *reader, bool *bits, size_t count)
{
    struct octets_cursor cursor = {reader->at, reader->end};
    bool is_sound = octets_take_bits(&cursor, bits, count);
    reader->at = cursor.at;
    return is_sound ? 0 : refuse(reader, "bits beyond the last, or cut short");
}

static int identity_read(struct reader *reader, struct summary *summary)
{
    uint64_t month;
    if (line_read(reader, "edition", 2) != 0 || field_number(reader, 2, 12, &month) != 0)
        return -1;
    if (month < 1 || edition_parse(reader->fields[1], (int)month, &summary->edition, reader->err) != 0)
        return refuse_line(reader, "an edition");
    if (line_read(reader, "time-zone", 1) != 0)
        return -1;
    summary->time_zone = field_copy(reader, 1);
    if (line_read(reader, "configuration", 1) != 0)
        return -1;
    if (!text_is_hex(reader->fields[1], 64))
        return refuse_line(reader, "a digest of 64 hex digits");
    g_strlcpy(summary->configuration_digest, reader->fields[1], sizeof summary->configuration_digest);
    if (line_read(reader, "packets-read", 1) != 0 ||
        field_number(reader, 1, UINT64_MAX, &summary->packets_read) != 0 ||
        line_read(reader, "overlap-addresses", 1) != 0 ||
        field_number(reader, 1, UINT64_MAX, &summary->region_overlap_addresses) != 0)
        return -1;
    uint64_t sum = 0;
    for (int i = 0; i < BIN_COUNT; i++) {
        if (line_read(reader, "bin", 2) != 0 ||
            field_number(reader, 2, summary->packets_read - sum, &summary->bins[i]) != 0)
            return -1;
        if (bin_find(reader->fields[1]) != i)
            return refuse_line(reader, bin_name((enum bin)i));
        sum += summary->bins[i];
    }
    return sum == summary->packets_read ? 0 : refuse(reader, "its bins do not add up to the packets read");
}

static int registry_compare(const struct summary_registry *a, const struct summary_registry *b)
{
    int order = strcmp(a->name, b->name);
    return order != 0 ? order : strcmp(a->file, b->file);
}

static int registries_read(struct reader *reader, struct summary *summary)
{
    uint64_t count;
    if (line_read(reader, "registries", 1) != 0 || field_number(reader, 1, UINT32_MAX, &count) != 0)
        return -1;
    for (uint64_t i = 0; i < count; i++) {
        if (line_read(reader, "registry", 4) != 0)
            return -1;
        struct summary_registry *registry = g_new0(struct summary_registry, 1);
        g_ptr_array_add(summary->registries, registry);
        registry->name = field_copy(reader, 1);
        registry->file = field_copy(reader, 2);
        registry->date = field_copy(reader, 3);
        if (digest_field(reader, 4, registry->digest) != 0)
            return -1;
        if (i > 0 && registry_compare(summary->registries->pdata[i - 1], registry) >= 0)
            return refuse_line(reader, "registries in order");
    }
    return 0;
}

static int archives_read(struct reader *reader, struct summary *summary)
{
    uint64_t count;
    uint64_t sum = 0;
    if (line_read(reader, "archives", 1) != 0 || field_number(reader, 1, UINT32_MAX, &count) != 0)
        return -1;
    for (uint64_t i = 0; i < count; i++) {
        if (line_read(reader, "archive", 11) != 0)
            return -1;
        struct summary_archive *archive = g_new0(struct summary_archive, 1);
        g_ptr_array_add(summary->archives, archive);
        archive->name = field_copy(reader, 1);
        uint64_t link;
        if (reader->fields[10][0] != '\0')
            archive->problem = field_copy(reader, 10);
        if (reader->fields[11][0] != '\0')
            archive->duplicate_of = field_copy(reader, 11);
        if (field_number(reader, 2, UINT64_MAX, &archive->size) != 0 ||
            digest_field(reader, 3, archive->digest) != 0 ||
            field_number(reader, 4, summary->packets_read - sum, &archive->packets) != 0 ||
            field_second(reader, 5, &archive->first_second) != 0 ||
            field_second(reader, 6, &archive->last_second) != 0 ||
            field_number(reader, 7, archive->packets, &archive->backward_count) != 0 ||
            field_number(reader, 8, archive->packets, &archive->unsupported_count) != 0 ||
            field_number(reader, 9, archive->unsupported_count > 0 ? UINT16_MAX : 0, &link) != 0)
            return -1;
        archive->unsupported_link = (uint32_t)link;
        sum += archive->packets;
        if (archive->duplicate_of != NULL && archive->packets != 0)
            return refuse_line(reader, "no packets from an archive that was counted under another name");
        if (i > 0 && strcmp(((const struct summary_archive *)summary->archives->pdata[i - 1])->name,
                            archive->name) >= 0)
            return refuse_line(reader, "archives in order of their names");
    }
    return sum == summary->packets_read ? 0
                                        : refuse(reader, "its archives do not add up to the packets read");
}

static int sensors_read(struct reader *reader, struct summary *summary)
{
    uint64_t count;
    if (line_read(reader, "sensors", 1) != 0 || field_number(reader, 1, SENSORS_MAX, &count) != 0)
        return -1;
    /* Each sensor has a line: a count that the file cannot hold allocates nothing. */
    if (count > (uint64_t)(reader->end - reader->at))
        return refuse_line(reader, "as many sensors as the file holds");
    size_t day_count = (size_t)summary->edition.day_count;
    summary->sensors = g_new0(struct summary_sensor, count + 1);
    for (uint64_t i = 0; i < count; i++) {
        if (line_read(reader, "sensor", 3) != 0)
            return -1;
        struct summary_sensor *sensor = &summary->sensors[i];
        summary->sensor_count = i + 1;
        sensor->packets = g_new0(uint64_t, day_count);
        sensor->active = g_new0(bool, day_count);
        sensor->id = field_copy(reader, 1);
        sensor->region = field_copy(reader, 2);
        sensor->group = field_copy(reader, 3);
        sensor->label = g_strdup(sensor->id);
        if (i > 0 && strcmp(summary->sensors[i - 1].id, sensor->id) >= 0)
            return refuse_line(reader, "sensors in order of their ids");
    }
    return 0;
}

static int sensor_days_read(struct reader *reader, struct summary *summary)
{
    size_t day_count = (size_t)summary->edition.day_count;
    uint64_t left = summary->bins[BIN_COUNTED];
    for (size_t i = 0; i < summary->sensor_count; i++) {
        for (size_t day = 0; day < day_count; day++) {
            if (number_read(reader, left, &summary->sensors[i].packets[day]) != 0)
                return -1;
            left -= summary->sensors[i].packets[day];
        }
        if (bits_read(reader, summary->sensors[i].active, day_count) != 0)
            return -1;
    }
    return left == 0 ? 0 : refuse(reader, "its sensors do not add up to the packets counted");
}

/* Each archive's time by sensor lies within its own. */
static int archive_spans_read(struct reader *reader, struct summary_archive *archive, size_t sensor_count)
{
    uint64_t count;
    if (number_read(reader, MIN(sensor_count, archive->packets), &count) != 0)
        return -1;
    uint64_t length = (uint64_t)archive->last_second - (uint64_t)archive->first_second;
    if (count > 0 && archive->last_second < archive->first_second)
        return refuse(reader, "an archive that ends before it begins");
    archive->spans = g_new0(struct summary_span, count + 1);
    for (uint64_t i = 0; i < count; i++) {
        struct summary_span *span = &archive->spans[i];
        uint64_t step, first, last;
        uint64_t previous = i > 0 ? span[-1].sensor : 0;
        if (number_read(reader, sensor_count - 1 - previous, &step) != 0 ||
            number_read(reader, length, &first) != 0 || number_read(reader, length - first, &last) != 0)
            return -1;
        if (step == 0 && i > 0)
            return refuse(reader, "sensors of an archive out of order");
        span->sensor = (uint32_t)(previous + step);
        span->first_second = (int64_t)((uint64_t)archive->first_second + first);
        span->last_second = (int64_t)((uint64_t)span->first_second + last);
        archive->span_count++;
    }
    return 0;
}

static int spans_read(struct reader *reader, struct summary *summary)
{
    for (guint i = 0; i < summary->archives->len; i++)
        if (archive_spans_read(reader, summary->archives->pdata[i], summary->sensor_count) != 0)
            return -1;
    return 0;
}

/* Sets what a measure counts, by what and per what from fields 2 to 4 of its line. */
static int kinds_read(struct reader *reader, struct measure_counts *measure)
{
    int count = 0, by = 0, per = 0;
    while (count < MEASURE_COUNTS &&
           strcmp(reader->fields[2], measure_count_name((enum measure_count)count)) != 0)
        count++;
    while (per < MEASURE_PERS && strcmp(reader->fields[4], measure_per_name((enum measure_per)per)) != 0)
        per++;
    for (; by < MEASURE_BYS * MEASURE_BYS; by++) {
        enum measure_by first = measure_by_first((enum measure_by)by);
        enum measure_by second = measure_by_second((enum measure_by)by);
        if (second != BY_NOTHING && (first == BY_NOTHING || first == second))
            continue;
        char *grouping = measure_grouping((enum measure_by)by);
        bool is_same = strcmp(reader->fields[3], grouping) == 0;
        g_free(grouping);
        if (is_same)
            break;
    }
    if (count == MEASURE_COUNTS || per == MEASURE_PERS || by == MEASURE_BYS * MEASURE_BYS)
        return refuse_line(reader, "what a measure counts, by what and per what");
    measure->count = (enum measure_count)count;
    measure->by = (enum measure_by)by;
    measure->per = (enum measure_per)per;
    return 0;
}

/* What a measure's line says of its section. */
struct section_line {
    uint64_t row_count, size;
    char digest[40]; /* "" in old summaries, which have one digest for all */
};

static int section_line_read(struct reader *reader, struct section_line *line)
{
    line->digest[0] = '\0';
    if (field_number(reader, 5, UINT32_MAX, &line->row_count) != 0 ||
        field_number(reader, 6, (uint64_t)(reader->file_end - reader->at), &line->size) != 0 ||
        (!reader->is_old && digest_field(reader, 7, line->digest) != 0))
        return -1;
    /* A row takes a key's, a cell's and their number's bytes. */
    if (line->row_count > line->size / 3)
        return refuse_line(reader, "as many rows as the section holds");
    return 0;
}

/* The measures' lines of the head, one of `lines` for each. */
static int measures_read(struct reader *reader, struct summary *summary, GArray *lines)
{
    uint64_t count;
    size_t field_count = reader->is_old ? 7 : 8;
    if (line_read(reader, "measures", 1) != 0 || field_number(reader, 1, UINT32_MAX, &count) != 0)
        return -1;
    if (count > (uint64_t)(reader->end - reader->at))
        return refuse_line(reader, "as many measures as the file holds");
    summary->measures = g_new0(struct measure_counts, count + 1);
    for (uint64_t i = 0; i < count; i++) {
        if (line_read(reader, "measure", field_count) != 0)
            return -1;
        struct measure_counts *measure = &summary->measures[i];
        struct section_line line;
        summary->measure_count = i + 1;
        measure->sensors = g_new0(bool, summary->sensor_count + 1);
        measure->id = field_copy(reader, 1);
        measure->definition = field_copy(reader, field_count);
        if (kinds_read(reader, measure) != 0 || section_line_read(reader, &line) != 0)
            return -1;
        if (i > 0 && strcmp(summary->measures[i - 1].id, measure->id) >= 0)
            return refuse_line(reader, "measures in order of their ids");
        g_array_append_val(lines, line);
    }
    return 0;
}

int measure_counts_parse(const struct summary *summary, struct measure_counts *measure, const uint8_t *data,
                         size_t size, size_t rows, GBytes *holder, struct error *err)
{
    uint32_t times = (uint32_t)summary->edition.day_count * (measure->per == PER_HOUR ? DAY_HOURS_MAX : 1);
    struct section_bounds bounds = {.count = measure->count,
                                    .by = measure->by,
                                    .time_count = times,
                                    .sensor_count = summary->sensor_count,
                                    .packets = summary->bins[BIN_COUNTED],
                                    .row_count = rows};
    const struct section there = {
        .bytes = {.data = (uint8_t *)(uintptr_t)data, .size = size}, .row_count = rows, .holder = holder};
    if (section_check(&there, &bounds, err) != 0)
        return -1;
    struct section section = section_copy(&there);
    measure_counts_replace(measure, &section);
    return 0;
}

static bool is_wanted(const struct reader *reader, const struct measure_counts *measure)
{
    return reader->wanted == NULL || g_strv_contains(reader->wanted, measure->id);
}

static int section_read(struct reader *reader, struct summary *summary, struct measure_counts *measure,
                        const struct section_line *line)
{
    char digest[DIGEST_SIZE];
    if (!reader->is_old) {
        digest_of(reader->at, line->size, digest);
        if (strcmp(digest, line->digest) != 0)
            return error_set(reader->err, ERROR_INPUT,
                             "a summary that was cut or changed: its rows are not those of the digest in "
                             "its head");
    }
    return measure_counts_parse(summary, measure, reader->at, line->size, line->row_count, reader->holder,
                                reader->err);
}

/* The sections that are wanted; the places of the others are checked. */
static int sections_read(struct reader *reader, struct summary *summary, const GArray *lines)
{
    for (size_t i = 0; i < summary->measure_count; i++) {
        const struct section_line *line = &g_array_index(lines, struct section_line, i);
        struct measure_counts *measure = &summary->measures[i];
        if (line->size > (uint64_t)(reader->end - reader->at))
            return refuse(reader, "a section is cut short");
        if (is_wanted(reader, measure) && section_read(reader, summary, measure, line) != 0)
            return error_prefix(reader->err, "measure %s", measure->id);
        reader->at += line->size;
    }
    return reader->at == reader->end ? 0 : refuse(reader, "bytes left over");
}

/* As if they had not been counted: nobody takes rows that were not read for none. */
static void unwanted_drop(const struct reader *reader, struct summary *summary)
{
    size_t kept = 0;
    for (size_t i = 0; i < summary->measure_count; i++) {
        struct measure_counts *measure = &summary->measures[i];
        if (is_wanted(reader, measure))
            summary->measures[kept++] = *measure;
        else
            measure_counts_release(measure);
    }
    summary->measure_count = kept;
}

static int head_read(struct reader *reader, struct summary *summary, GArray *lines)
{
    if (identity_read(reader, summary) != 0 || registries_read(reader, summary) != 0 ||
        archives_read(reader, summary) != 0 || sensors_read(reader, summary) != 0 ||
        measures_read(reader, summary, lines) != 0 || line_read(reader, "end", 0) != 0 ||
        sensor_days_read(reader, summary) != 0 || spans_read(reader, summary) != 0)
        return -1;
    for (size_t i = 0; i < summary->measure_count; i++)
        if (bits_read(reader, summary->measures[i].sensors, summary->sensor_count) != 0)
            return -1;
    if (reader->is_old)
        return 0;
    if (reader->at != reader->end)
        return refuse(reader, "bytes left over in its head");
    reader->at += SEAL_SIZE;
    reader->end = reader->file_end;
    return 0;
}

static int contents_read(struct reader *reader, struct summary *summary)
{
    GArray *lines = g_array_new(FALSE, FALSE, sizeof(struct section_line));
    int result = head_read(reader, summary, lines) == 0 ? sections_read(reader, summary, lines) : -1;
    if (result == 0)
        unwanted_drop(reader, summary);
    g_array_unref(lines);
    return result;
}

/* The head's size and seal, before anything in it is believed. */
static int head_find(struct reader *reader, const uint8_t *data)
{
    uint64_t size;
    if (line_read(reader, "head", 1) != 0 ||
        field_number(reader, 1, (uint64_t)(reader->file_end - reader->at), &size) != 0)
        return -1;
    if ((uint64_t)(reader->file_end - reader->at) - size < SEAL_SIZE)
        return error_set(reader->err, ERROR_INPUT, "a summary that is cut short");
    reader->end = reader->at + size;
    if (!seal_holds(data, (size_t)(reader->end - data)))
        return error_set(reader->err, ERROR_INPUT,
                         "a summary that was cut or changed: its digest is not that of its head");
    return 0;
}

/* Old summaries end with the SHA-256 of all that comes before. */
static int old_find(struct reader *reader, const uint8_t *data, size_t size)
{
    enum { OLD_TRAILER_SIZE = 72 };
    if ((size_t)(reader->end - reader->at) < OLD_TRAILER_SIZE)
        return error_set(reader->err, ERROR_INPUT, "a summary that is cut short");
    size_t body = size - OLD_TRAILER_SIZE;
    char *digest = g_compute_checksum_for_data(G_CHECKSUM_SHA256, data, body);
    char *trailer = g_strdup_printf("sha256 %s\n", digest);
    bool is_whole = memcmp(trailer, data + body, OLD_TRAILER_SIZE) == 0;
    g_free(trailer);
    g_free(digest);
    if (!is_whole)
        return error_set(reader->err, ERROR_INPUT,
                         "a summary that was cut or changed: its SHA-256 is not that of its last line");
    reader->end = reader->file_end = data + body;
    return 0;
}

static int bytes_parse(struct summary *summary, const uint8_t *data, size_t size, const char *const *wanted,
                       GBytes *holder, struct error *err)
{
    static const char magic[] = SUMMARY_FILE_MAGIC;
    static const char version[] = SUMMARY_FILE_MAGIC SUMMARY_FILE_VERSION "\n";
    static const char old[] = SUMMARY_FILE_MAGIC SUMMARY_FILE_OLD "\n";
    G_STATIC_ASSERT(sizeof version == sizeof old);
    if (size < sizeof magic - 1 || memcmp(data, magic, sizeof magic - 1) != 0)
        return error_set(err, ERROR_INPUT,
                         "not a summary, expected a file that begins with \"teiten-summary\"");
    bool is_old = size >= sizeof old - 1 && memcmp(data, old, sizeof old - 1) == 0;
    if (!is_old && (size < sizeof version - 1 || memcmp(data, version, sizeof version - 1) != 0))
        return error_set(err, ERROR_INPUT,
                         "a summary of another version, expected version " SUMMARY_FILE_VERSION
                         ": count the edition again");
    struct reader reader = {.at = data + sizeof version - 1,
                            .end = data + size,
                            .file_end = data + size,
                            .wanted = wanted,
                            .is_old = is_old,
                            .line = 1,
                            .holder = holder,
                            .err = err};
    int result = is_old ? old_find(&reader, data, size) : head_find(&reader, data);
    if (result == 0)
        result = contents_read(&reader, summary);
    g_free(reader.text);
    return result;
}

int summary_file_parse(struct summary *summary, const uint8_t *data, size_t size, struct error *err)
{
    return bytes_parse(summary, data, size, NULL, NULL, err);
}

int summary_file_parse_bytes(struct summary *summary, GBytes *bytes, const char *const *measures,
                             struct error *err)
{
    size_t size;
    const uint8_t *data = g_bytes_get_data(bytes, &size);
    return bytes_parse(summary, data, size, measures, bytes, err);
}

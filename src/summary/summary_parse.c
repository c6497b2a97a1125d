/* Strict reading of the form that summary_write.c writes. */
#include <string.h>

#include "base/digest.h"
#include "publication/local_days.h"
#include "summary/reader.h"
#include "summary/seal.h"
#include "summary/summary_file.h"

enum { SENSORS_MAX = 65535 };

static int identity_read(struct reader *reader, struct summary *summary)
{
    uint64_t month;
    if (reader_line(reader, "edition", 2) != 0 || reader_field_number(reader, 2, 12, &month) != 0)
        return -1;
    if (month < 1 || edition_parse(reader->fields[1], (int)month, &summary->edition, reader->err) != 0)
        return reader_refuse_line(reader, "an edition");
    if (reader_line(reader, "time-zone", 1) != 0)
        return -1;
    summary->time_zone = reader_field_copy(reader, 1);
    if (reader_line(reader, "configuration", 1) != 0)
        return -1;
    if (reader_field_hex(reader, 1, 64, summary->configuration_digest) != 0)
        return -1;
    if (reader_line(reader, "packets-read", 1) != 0 ||
        reader_field_number(reader, 1, UINT64_MAX, &summary->packets_read) != 0 ||
        reader_line(reader, "overlap-addresses", 1) != 0 ||
        reader_field_number(reader, 1, UINT64_MAX, &summary->region_overlap_addresses) != 0)
        return -1;
    uint64_t sum = 0;
    for (int i = 0; i < BIN_COUNT; i++) {
        if (reader_line(reader, "bin", 2) != 0 ||
            reader_field_number(reader, 2, summary->packets_read - sum, &summary->bins[i]) != 0)
            return -1;
        if (bin_find(reader->fields[1]) != i)
            return reader_refuse_line(reader, bin_name((enum bin)i));
        sum += summary->bins[i];
    }
    return sum == summary->packets_read ? 0
                                        : reader_refuse(reader, "its bins do not add up to the packets read");
}

static int registry_compare(const struct summary_registry *a, const struct summary_registry *b)
{
    int order = strcmp(a->name, b->name);
    return order != 0 ? order : strcmp(a->file, b->file);
}

static int registries_read(struct reader *reader, struct summary *summary)
{
    uint64_t count;
    if (reader_line(reader, "registries", 1) != 0 || reader_field_number(reader, 1, UINT32_MAX, &count) != 0)
        return -1;
    for (uint64_t i = 0; i < count; i++) {
        if (reader_line(reader, "registry", 4) != 0)
            return -1;
        struct summary_registry *registry = g_new0(struct summary_registry, 1);
        g_ptr_array_add(summary->registries, registry);
        registry->name = reader_field_copy(reader, 1);
        registry->file = reader_field_copy(reader, 2);
        registry->date = reader_field_copy(reader, 3);
        if (reader_field_hex(reader, 4, DIGEST_SIZE - 1, registry->digest) != 0)
            return -1;
        if (i > 0 && registry_compare(summary->registries->pdata[i - 1], registry) >= 0)
            return reader_refuse_line(reader, "registries in order");
    }
    return 0;
}

static int archives_read(struct reader *reader, struct summary *summary)
{
    uint64_t count;
    uint64_t sum = 0;
    if (reader_line(reader, "archives", 1) != 0 || reader_field_number(reader, 1, UINT32_MAX, &count) != 0)
        return -1;
    for (uint64_t i = 0; i < count; i++) {
        if (reader_line(reader, "archive", 11) != 0)
            return -1;
        struct summary_archive *archive = g_new0(struct summary_archive, 1);
        g_ptr_array_add(summary->archives, archive);
        archive->name = reader_field_copy(reader, 1);
        uint64_t link;
        if (reader->fields[10][0] != '\0')
            archive->problem = reader_field_copy(reader, 10);
        if (reader->fields[11][0] != '\0')
            archive->duplicate_of = reader_field_copy(reader, 11);
        if (reader_field_number(reader, 2, UINT64_MAX, &archive->size) != 0 ||
            reader_field_hex(reader, 3, DIGEST_SIZE - 1, archive->digest) != 0 ||
            reader_field_number(reader, 4, summary->packets_read - sum, &archive->packets) != 0 ||
            reader_field_second(reader, 5, &archive->first_second) != 0 ||
            reader_field_second(reader, 6, &archive->last_second) != 0 ||
            reader_field_number(reader, 7, archive->packets, &archive->backward_count) != 0 ||
            reader_field_number(reader, 8, archive->packets, &archive->unsupported_count) != 0 ||
            reader_field_number(reader, 9, archive->unsupported_count > 0 ? UINT16_MAX : 0, &link) != 0)
            return -1;
        archive->unsupported_link = (uint32_t)link;
        sum += archive->packets;
        if (archive->duplicate_of != NULL && archive->packets != 0)
            return reader_refuse_line(reader,
                                      "no packets from an archive that was counted under another name");
        if (i > 0 && strcmp(((const struct summary_archive *)summary->archives->pdata[i - 1])->name,
                            archive->name) >= 0)
            return reader_refuse_line(reader, "archives in order of their names");
    }
    return sum == summary->packets_read
               ? 0
               : reader_refuse(reader, "its archives do not add up to the packets read");
}

static int sensors_read(struct reader *reader, struct summary *summary)
{
    uint64_t count;
    if (reader_line(reader, "sensors", 1) != 0 || reader_field_number(reader, 1, SENSORS_MAX, &count) != 0)
        return -1;
    /* Each sensor has a line: a count that the file cannot hold allocates nothing. */
    if (count > (uint64_t)(reader->end - reader->at))
        return reader_refuse_line(reader, "as many sensors as the file holds");
    size_t day_count = (size_t)summary->edition.day_count;
    summary->sensors = g_new0(struct summary_sensor, count + 1);
    for (uint64_t i = 0; i < count; i++) {
        if (reader_line(reader, "sensor", 3) != 0)
            return -1;
        struct summary_sensor *sensor = &summary->sensors[i];
        summary->sensor_count = i + 1;
        sensor->packets = g_new0(uint64_t, day_count);
        sensor->active = g_new0(bool, day_count);
        sensor->id = reader_field_copy(reader, 1);
        sensor->region = reader_field_copy(reader, 2);
        sensor->group = reader_field_copy(reader, 3);
        sensor->label = g_strdup(sensor->id);
        if (i > 0 && strcmp(summary->sensors[i - 1].id, sensor->id) >= 0)
            return reader_refuse_line(reader, "sensors in order of their ids");
    }
    return 0;
}

static int sensor_days_read(struct reader *reader, struct summary *summary)
{
    size_t day_count = (size_t)summary->edition.day_count;
    uint64_t left = summary->bins[BIN_COUNTED];
    for (size_t i = 0; i < summary->sensor_count; i++) {
        for (size_t day = 0; day < day_count; day++) {
            if (reader_number(reader, left, &summary->sensors[i].packets[day]) != 0)
                return -1;
            left -= summary->sensors[i].packets[day];
        }
        if (reader_bits(reader, summary->sensors[i].active, day_count) != 0)
            return -1;
    }
    return left == 0 ? 0 : reader_refuse(reader, "its sensors do not add up to the packets counted");
}

/* Each archive's time by sensor lies within its own. */
static int archive_spans_read(struct reader *reader, struct summary_archive *archive, size_t sensor_count)
{
    uint64_t count;
    if (reader_number(reader, MIN(sensor_count, archive->packets), &count) != 0)
        return -1;
    uint64_t length = (uint64_t)archive->last_second - (uint64_t)archive->first_second;
    if (count > 0 && archive->last_second < archive->first_second)
        return reader_refuse(reader, "an archive that ends before it begins");
    archive->spans = g_new0(struct summary_span, count + 1);
    for (uint64_t i = 0; i < count; i++) {
        struct summary_span *span = &archive->spans[i];
        uint64_t step, first, last;
        uint64_t previous = i > 0 ? span[-1].sensor : 0;
        if (reader_number(reader, sensor_count - 1 - previous, &step) != 0 ||
            reader_number(reader, length, &first) != 0 || reader_number(reader, length - first, &last) != 0)
            return -1;
        if (step == 0 && i > 0)
            return reader_refuse(reader, "sensors of an archive out of order");
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
    int count = 0, per = 0;
    while (count < MEASURE_COUNTS &&
           strcmp(reader->fields[2], measure_count_name((enum measure_count)count)) != 0)
        count++;
    while (per < MEASURE_PERS && strcmp(reader->fields[4], measure_per_name((enum measure_per)per)) != 0)
        per++;
    bool is_grouping = measure_grouping_parse(reader->fields[3], &measure->by);
    char *grouping = is_grouping ? measure_grouping(measure->by) : NULL;
    bool is_canonical = g_strcmp0(grouping, reader->fields[3]) == 0;
    g_free(grouping);
    if (count == MEASURE_COUNTS || per == MEASURE_PERS || !is_canonical)
        return reader_refuse_line(reader, "what a measure counts, by what and per what");
    measure->count = (enum measure_count)count;
    measure->per = (enum measure_per)per;
    return 0;
}

/* What a measure's line says of its section. */
struct section_line {
    uint64_t row_count, size;
    char digest[DIGEST_SIZE]; /* "" in old summaries, which have one digest for all */
};

static int section_line_read(struct reader *reader, struct section_line *line)
{
    line->digest[0] = '\0';
    if (reader_field_number(reader, 5, UINT32_MAX, &line->row_count) != 0 ||
        reader_field_number(reader, 6, UINT64_MAX, &line->size) != 0 ||
        (!reader->is_old && reader_field_hex(reader, 7, DIGEST_SIZE - 1, line->digest) != 0))
        return -1;
    /* A row takes a key's, a cell's and their number's bytes. */
    if (line->row_count > line->size / 3)
        return reader_refuse_line(reader, "as many rows as the section holds");
    return 0;
}

/* The measures' lines of the head, one of `lines` for each. */
static int measures_read(struct reader *reader, struct summary *summary, GArray *lines)
{
    uint64_t count;
    size_t field_count = reader->is_old ? 7 : 8;
    if (reader_line(reader, "measures", 1) != 0 || reader_field_number(reader, 1, UINT32_MAX, &count) != 0)
        return -1;
    if (count > (uint64_t)(reader->end - reader->at))
        return reader_refuse_line(reader, "as many measures as the file holds");
    summary->measures = g_new0(struct measure_counts, count + 1);
    for (uint64_t i = 0; i < count; i++) {
        if (reader_line(reader, "measure", field_count) != 0)
            return -1;
        struct measure_counts *measure = &summary->measures[i];
        struct section_line line;
        summary->measure_count = i + 1;
        measure->sensors = g_new0(bool, summary->sensor_count + 1);
        measure->id = reader_field_copy(reader, 1);
        measure->definition = reader_field_copy(reader, field_count);
        if (kinds_read(reader, measure) != 0 || section_line_read(reader, &line) != 0)
            return -1;
        if (i > 0 && strcmp(summary->measures[i - 1].id, measure->id) >= 0)
            return reader_refuse_line(reader, "measures in order of their ids");
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

/* Has [offset, offset + size) of the file brought, as far as there are so many bytes. */
static int bytes_bring(struct reader *reader, size_t offset, size_t size)
{
    if (reader->supply == NULL || offset >= reader->supply->size)
        return 0;
    return supply_bring(reader->supply, offset, MIN(size, reader->supply->size - offset), reader->err);
}

static int section_read(struct reader *reader, struct summary *summary, struct measure_counts *measure,
                        const struct section_line *line)
{
    char digest[DIGEST_SIZE];
    if (reader->supply != NULL &&
        bytes_bring(reader, (size_t)(reader->at - reader->supply->data), line->size) != 0)
        return -1;
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
            return reader_refuse(reader, "a section is cut short");
        if (is_wanted(reader, measure) && section_read(reader, summary, measure, line) != 0)
            return error_prefix(reader->err, "measure %s", measure->id);
        reader->at += line->size;
    }
    return reader->at == reader->end ? 0 : reader_refuse(reader, "bytes left over");
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
        measures_read(reader, summary, lines) != 0 || reader_line(reader, "end", 0) != 0 ||
        sensor_days_read(reader, summary) != 0 || spans_read(reader, summary) != 0)
        return -1;
    for (size_t i = 0; i < summary->measure_count; i++)
        if (reader_bits(reader, summary->measures[i].sensors, summary->sensor_count) != 0)
            return -1;
    if (reader->is_old)
        return 0;
    if (reader->at != reader->end)
        return reader_refuse(reader, "bytes left over in its head");
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
    if (reader_line(reader, "head", 1) != 0 || reader_field_number(reader, 1, UINT64_MAX, &size) != 0)
        return -1;
    uint64_t left = (uint64_t)(reader->file_end - reader->at);
    if (size > left || left - size < SEAL_SIZE)
        return error_set(reader->err, ERROR_INPUT, "a summary that is cut short");
    reader->end = reader->at + size;
    if (bytes_bring(reader, 0, (size_t)(reader->end - data) + SEAL_SIZE) != 0)
        return -1;
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

/* Whoever made the reader has set what differs from one to another. */
static int bytes_parse(struct reader *reader, struct summary *summary, const uint8_t *data, size_t size)
{
    enum { FIRST_LINES_SIZE = 64 }; /* of the version and the head's size */
    static const char magic[] = SUMMARY_FILE_MAGIC;
    static const char version[] = SUMMARY_FILE_MAGIC SUMMARY_FILE_VERSION "\n";
    static const char old[] = SUMMARY_FILE_MAGIC SUMMARY_FILE_OLD "\n";
    G_STATIC_ASSERT(sizeof version == sizeof old);
    if (bytes_bring(reader, 0, FIRST_LINES_SIZE) != 0)
        return -1;
    if (size < sizeof magic - 1 || memcmp(data, magic, sizeof magic - 1) != 0)
        return error_set(reader->err, ERROR_INPUT,
                         "not a summary, expected a file that begins with \"teiten-summary\"");
    reader->is_old = size >= sizeof old - 1 && memcmp(data, old, sizeof old - 1) == 0;
    if (!reader->is_old && (size < sizeof version - 1 || memcmp(data, version, sizeof version - 1) != 0))
        return error_set(reader->err, ERROR_INPUT,
                         "a summary of another version, expected version " SUMMARY_FILE_VERSION
                         ": count the edition again");
    reader->at = data + sizeof version - 1;
    reader->file_end = data + size;
    reader->end = reader->is_old ? reader->file_end : data + MIN(size, FIRST_LINES_SIZE);
    reader->line = 1;
    if (reader->is_old && bytes_bring(reader, 0, size) != 0)
        return -1;
    int result = reader->is_old ? old_find(reader, data, size) : head_find(reader, data);
    if (result == 0)
        result = contents_read(reader, summary);
    g_free(reader->text);
    return result;
}

int summary_file_parse(struct summary *summary, const uint8_t *data, size_t size, struct error *err)
{
    struct reader reader = {.err = err};
    return bytes_parse(&reader, summary, data, size);
}

int summary_file_parse_bytes(struct summary *summary, GBytes *bytes, const char *const *measures,
                             struct error *err)
{
    size_t size;
    const uint8_t *data = g_bytes_get_data(bytes, &size);
    struct reader reader = {.wanted = measures, .holder = bytes, .err = err};
    return bytes_parse(&reader, summary, data, size);
}

int summary_file_parse_supply(struct summary *summary, struct supply *supply, const char *const *measures,
                              struct error *err)
{
    struct reader reader = {.wanted = measures, .holder = supply->bytes, .supply = supply, .err = err};
    return bytes_parse(&reader, summary, supply->data, supply->size);
}

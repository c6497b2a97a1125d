/* The files of partial.h read strictly: whatever is not as partial_write.c writes it is refused. */
#include "summary/partial.h"

#include <string.h>

#include "base/digest.h"
#include "summary/seal.h"
#include "summary/supply.h"
#include "summary/summary_file.h"

enum { DIGEST_DIGITS = DIGEST_SIZE - 1, PROBLEM_MAX = 1 << 20 };

struct read_entry {
    struct partial_entry entry;
    size_t offset, size;      /* of all of it, in the file */
    char digest[DIGEST_SIZE]; /* of these bytes: what is read of the file later has to be what was checked
                                 first */
};

struct partial_file {
    char *path;
    struct summary *head;
    struct summary *part; /* lent */
    GArray *entries;      /* struct read_entry */
};

/* A stretch of bytes whose length stands before it. */
static bool stretch_take(struct octets_cursor *cursor, struct octets_cursor *stretch)
{
    uint64_t length;
    if (!octets_take_number(cursor, (uint64_t)(cursor->end - cursor->at), &length) ||
        length > (uint64_t)(cursor->end - cursor->at))
        return false;
    stretch->at = cursor->at;
    stretch->end = cursor->at += length;
    return true;
}

static bool digest_take(struct octets_cursor *cursor, char digest[DIGEST_SIZE])
{
    if (cursor->end - cursor->at < DIGEST_DIGITS)
        return false;
    memcpy(digest, cursor->at, DIGEST_DIGITS);
    digest[DIGEST_DIGITS] = '\0';
    cursor->at += DIGEST_DIGITS;
    return strspn(digest, "0123456789abcdef") == DIGEST_DIGITS;
}

/* The archive's description, up to its bins. */
static bool archive_take(struct octets_cursor *cursor, struct summary_archive *archive)
{
    struct octets_cursor problem;
    char digest[DIGEST_SIZE];
    if (!octets_take_number(cursor, UINT64_MAX, &archive->size) || !digest_take(cursor, digest) ||
        !octets_take_number(cursor, UINT64_MAX, &archive->packets) ||
        !octets_take_signed(cursor, &archive->first_second) ||
        !octets_take_signed(cursor, &archive->last_second) || !stretch_take(cursor, &problem))
        return false;
    g_strlcpy(archive->digest, digest, sizeof archive->digest);
    archive->problem = NULL;
    size_t length = (size_t)(problem.end - problem.at);
    if (length == 0)
        return true;
    const char *text = (const char *)problem.at;
    if (length > PROBLEM_MAX || memchr(text, '\0', length) != NULL ||
        !g_utf8_validate(text, (gssize)length, NULL))
        return false;
    archive->problem = g_strndup(text, length);
    return true;
}

static bool bins_take(struct octets_cursor *cursor, struct summary *part)
{
    uint64_t left = part->packets_read;
    for (int i = 0; i < BIN_COUNT; i++) {
        if (!octets_take_number(cursor, left, &part->bins[i]))
            return false;
        left -= part->bins[i];
    }
    return left == 0;
}

static bool sensor_days_take(struct octets_cursor *cursor, struct summary *part)
{
    uint64_t day_count = (uint64_t)part->edition.day_count;
    uint64_t place_end = part->sensor_count * day_count;
    uint64_t left = part->bins[BIN_COUNTED];
    uint64_t count, step, packets;
    uint64_t place = 0;
    for (size_t i = 0; i < part->sensor_count; i++)
        memset(part->sensors[i].packets, 0, (size_t)day_count * sizeof(uint64_t));
    if (!octets_take_number(cursor, place_end, &count))
        return false;
    for (uint64_t i = 0; i < count; i++) {
        if (!octets_take_number(cursor, place_end, &step) || !octets_take_number(cursor, left, &packets))
            return false;
        place += step;
        if (place >= place_end || packets == 0 || (i > 0 && step == 0))
            return false;
        part->sensors[place / day_count].packets[place % day_count] = packets;
        left -= packets;
    }
    return left == 0;
}

static bool spans_take(struct octets_cursor *cursor, const struct summary *part,
                       struct summary_archive *archive)
{
    uint64_t count, sensor, link;
    g_clear_pointer(&archive->spans, g_free);
    archive->span_count = 0;
    if (!octets_take_number(cursor, archive->packets, &archive->backward_count) ||
        !octets_take_number(cursor, archive->packets, &archive->unsupported_count) ||
        !octets_take_number(cursor, archive->unsupported_count > 0 ? UINT16_MAX : 0, &link) ||
        !octets_take_number(cursor, part->sensor_count, &count))
        return false;
    archive->unsupported_link = (uint32_t)link;
    archive->spans = g_new0(struct summary_span, count + 1);
    for (uint64_t i = 0; i < count; i++) {
        struct summary_span *span = &archive->spans[i];
        if (!octets_take_number(cursor, part->sensor_count - 1, &sensor) ||
            !octets_take_signed(cursor, &span->first_second) ||
            !octets_take_signed(cursor, &span->last_second) || (i > 0 && sensor <= span[-1].sensor))
            return false;
        span->sensor = (uint32_t)sensor;
        if (span->first_second < archive->first_second || span->last_second > archive->last_second ||
            span->first_second > span->last_second)
            return false;
        archive->span_count++;
    }
    return true;
}

static bool measure_take(struct octets_cursor *cursor, struct summary *part, size_t index, GBytes *holder,
                         struct error *err)
{
    struct measure_counts *measure = &part->measures[index];
    struct octets_cursor section;
    uint64_t rows;
    measure_counts_clear(measure);
    if (!octets_take_number(cursor, UINT32_MAX, &rows))
        return false;
    return rows == 0 || (stretch_take(cursor, &section) &&
                         measure_counts_parse(part, measure, section.at, (size_t)(section.end - section.at),
                                              (size_t)rows, holder, err) == 0);
}

/* The entry's bytes, read again; NULL when they are not there any more. */
static GBytes *entry_bytes(const struct partial_file *file, const struct read_entry *entry)
{
    char digest[DIGEST_SIZE] = "";
    struct error ignored;
    uint8_t *data = g_malloc(entry->size);
    if (supply_copy(file->path, entry->offset, data, entry->size, &ignored) == 0)
        digest_of(data, entry->size, digest);
    if (strcmp(digest, entry->digest) == 0)
        return g_bytes_new_take(data, entry->size);
    g_free(data);
    return NULL;
}

static bool entry_take(struct octets_cursor *cursor, struct summary *part, GBytes *holder, struct error *err)
{
    struct summary_archive *archive = part->archives->pdata[0];
    g_clear_pointer(&archive->problem, g_free);
    bool is_sound = archive_take(cursor, archive);
    part->packets_read = archive->packets;
    is_sound = is_sound && bins_take(cursor, part) && sensor_days_take(cursor, part) &&
               spans_take(cursor, part, archive);
    for (size_t i = 0; is_sound && i < part->measure_count; i++)
        is_sound = measure_take(cursor, part, i, holder, err);
    return is_sound && cursor->at == cursor->end;
}

const struct summary *partial_file_read(struct partial_file *file, size_t index, struct error *err)
{
    const struct read_entry *entry = &g_array_index(file->entries, struct read_entry, index);
    GBytes *bytes = entry_bytes(file, entry);
    if (bytes == NULL) {
        error_set(err, ERROR_INPUT, "%s: cut or changed while it was read: entry %zu", file->path, index + 1);
        return NULL;
    }
    const uint8_t *data = g_bytes_get_data(bytes, NULL);
    struct octets_cursor cursor = {data, data + entry->size};
    bool is_sound = entry_take(&cursor, file->part, bytes, err);
    g_bytes_unref(bytes); /* its measures hold it */
    if (is_sound)
        return file->part;
    error_set(err, ERROR_INPUT, "%s: not a sound partial summary: entry %zu", file->path, index + 1);
    return NULL;
}

/* `data` are the file's bytes, that the cursor is in. */
static bool entries_find(struct partial_file *file, const uint8_t *data, struct octets_cursor *cursor)
{
    uint64_t count;
    if (!octets_take_number(cursor, (uint64_t)(cursor->end - cursor->at), &count))
        return false;
    for (uint64_t i = 0; i < count; i++) {
        struct octets_cursor stretch;
        struct read_entry entry = {.offset = 0};
        struct summary_archive archive = {.name = NULL};
        if (!stretch_take(cursor, &stretch))
            return false;
        entry.offset = (size_t)(stretch.at - data);
        entry.size = (size_t)(stretch.end - stretch.at);
        digest_of(stretch.at, entry.size, entry.digest);
        bool is_sound = archive_take(&stretch, &archive);
        entry.entry.size = archive.size;
        entry.entry.has_problem = archive.problem != NULL;
        g_strlcpy(entry.entry.digest, archive.digest, sizeof entry.entry.digest);
        g_free(archive.problem);
        if (!is_sound)
            return false;
        if (i > 0 && strcmp(g_array_index(file->entries, struct read_entry, i - 1).entry.digest,
                            entry.entry.digest) >= 0)
            return false;
        g_array_append_val(file->entries, entry);
    }
    return cursor->at == cursor->end;
}

static int contents_find(struct partial_file *file, const uint8_t *data, size_t size, struct error *err)
{
    static const char magic[] = PARTIAL_FILE_MAGIC;
    struct octets_cursor cursor = {data, data + size - SEAL_SIZE};
    struct octets_cursor head;
    if (size < sizeof magic - 1 + SEAL_SIZE || memcmp(data, magic, sizeof magic - 1) != 0)
        return error_set(err, ERROR_INPUT, "no partial summary of version " PARTIAL_FILE_VERSION);
    if (!seal_holds(data, size - SEAL_SIZE))
        return error_set(err, ERROR_INPUT, "cut or changed: its digest is not that of its last line");
    cursor.at += sizeof magic - 1;
    if (!stretch_take(&cursor, &head))
        return error_set(err, ERROR_INPUT, "not a sound partial summary: its head");
    size_t head_size = (size_t)(head.end - head.at);
    if (summary_file_parse(file->head, head.at, head_size, err) != 0 ||
        summary_file_parse(file->part, head.at, head_size, err) != 0)
        return -1;
    if (file->head->packets_read != 0 || file->head->archives->len != 0 || !entries_find(file, data, &cursor))
        return error_set(err, ERROR_INPUT, "not a sound partial summary: its entries");
    struct summary_archive *archive = g_new0(struct summary_archive, 1);
    archive->name = g_strdup("");
    g_ptr_array_add(file->part->archives, archive);
    return 0;
}

struct partial_file *partial_file_open(const char *path, struct error *err)
{
    struct supply supply;
    if (supply_open(&supply, path, err) != 0) {
        error_prefix(err, "%s", path);
        return NULL;
    }
    struct partial_file *file = g_new0(struct partial_file, 1);
    file->path = g_strdup(path);
    file->head = summary_new();
    file->part = summary_new();
    file->entries = g_array_new(FALSE, FALSE, sizeof(struct read_entry));
    int result = supply.size < SEAL_SIZE ? error_set(err, ERROR_INPUT, "no partial summary: it is too short")
                                         : supply_bring(&supply, 0, supply.size, err);
    if (result == 0)
        result = contents_find(file, supply.data, supply.size, err);
    supply_close(&supply);
    if (result == 0)
        return file;
    error_prefix(err, "%s", path);
    partial_file_close(file);
    return NULL;
}

void partial_file_close(struct partial_file *file)
{
    if (file == NULL)
        return;
    summary_free(file->head);
    summary_free(file->part);
    g_array_unref(file->entries);
    g_free(file->path);
    g_free(file);
}

const struct summary *partial_file_head(const struct partial_file *file)
{
    return file->head;
}

int partial_file_measure(const struct partial_file *file, const char *definition)
{
    for (size_t i = 0; i < file->head->measure_count; i++)
        if (strcmp(file->head->measures[i].definition, definition) == 0)
            return (int)i;
    return -1;
}

size_t partial_file_count(const struct partial_file *file)
{
    return file->entries->len;
}

const struct partial_entry *partial_file_entry(const struct partial_file *file, size_t index)
{
    return &g_array_index(file->entries, struct read_entry, index).entry;
}

#include "summary/partial.h"

#include <string.h>

#include "summary/seal.h"
#include "summary/summary_file.h"

#define PARTIAL_FILE_MAGIC "teiten-partial " PARTIAL_FILE_VERSION "\n"
enum { DIGEST_SIZE = 32, PROBLEM_MAX = 1 << 20 };

/* ---- writing ---- */

struct written_entry {
    char digest[33];
    struct octets bytes;
};

struct partial_writer {
    const struct summary *head;
    const bool *measures; /* NULL: all */
    GArray *entries;      /* struct written_entry */
    size_t size;
};

static void written_entry_clear(gpointer data)
{
    octets_release(&((struct written_entry *)data)->bytes);
}

struct partial_writer *partial_writer_new(const struct summary *head, const bool *measures)
{
    struct partial_writer *writer = g_new0(struct partial_writer, 1);
    writer->head = head;
    writer->measures = measures;
    writer->entries = g_array_new(FALSE, FALSE, sizeof(struct written_entry));
    g_array_set_clear_func(writer->entries, written_entry_clear);
    return writer;
}

/* Seconds may lie before 1970: zigzag, 0 -1 1 -2 ... as 0 1 2 3. */
static uint64_t zigzag(int64_t value)
{
    return value < 0 ? ~((uint64_t)value << 1) : (uint64_t)value << 1;
}

static int64_t zigzag_back(uint64_t value)
{
    return (value & 1) != 0 ? (int64_t) ~(value >> 1) : (int64_t)(value >> 1);
}

/* An archive holds few days of few sensors: only what is there is written, each with its distance from the
 * one before. */
static void sensor_days_append(struct octets *out, const struct summary *part)
{
    size_t day_count = (size_t)part->edition.day_count;
    size_t count = 0;
    for (size_t i = 0; i < part->sensor_count; i++)
        for (size_t day = 0; day < day_count; day++)
            count += part->sensors[i].packets[day] != 0;
    octets_number(out, count);
    size_t previous = 0;
    for (size_t i = 0; i < part->sensor_count && count > 0; i++) {
        for (size_t day = 0; day < day_count; day++) {
            if (part->sensors[i].packets[day] == 0)
                continue;
            octets_number(out, i * day_count + day - previous);
            octets_number(out, part->sensors[i].packets[day]);
            previous = i * day_count + day;
        }
    }
}

static void spans_append(struct octets *out, const struct summary_archive *archive)
{
    octets_number(out, archive->backward_count);
    octets_number(out, archive->unsupported_count);
    octets_number(out, archive->unsupported_link);
    octets_number(out, archive->span_count);
    for (size_t i = 0; i < archive->span_count; i++) {
        octets_number(out, archive->spans[i].sensor);
        octets_number(out, zigzag(archive->spans[i].first_second));
        octets_number(out, zigzag(archive->spans[i].last_second));
    }
}

static bool is_written(const struct partial_writer *writer, size_t measure)
{
    return writer->measures == NULL || writer->measures[measure];
}

void partial_writer_add(struct partial_writer *writer, const struct summary *part)
{
    const struct summary_archive *archive = part->archives->pdata[0];
    struct octets entry_bytes = {.data = NULL};
    struct octets *out = &entry_bytes;
    size_t problem_length = archive->problem == NULL ? 0 : strlen(archive->problem);
    g_assert(part->archives->len == 1 && strlen(archive->digest) == DIGEST_SIZE);
    octets_number(out, archive->size);
    octets_append(out, archive->digest, DIGEST_SIZE);
    octets_number(out, archive->packets);
    octets_number(out, zigzag(archive->first_second));
    octets_number(out, zigzag(archive->last_second));
    octets_number(out, problem_length);
    octets_append(out, archive->problem, problem_length);
    for (int i = 0; i < BIN_COUNT; i++)
        octets_number(out, part->bins[i]);
    sensor_days_append(out, part);
    spans_append(out, archive);
    for (size_t i = 0; i < part->measure_count; i++) {
        const struct section *section = &part->measures[i].section;
        if (!is_written(writer, i))
            continue;
        octets_number(out, section->row_count);
        if (section->row_count == 0)
            continue;
        octets_number(out, section->bytes.size);
        octets_append(out, section->bytes.data, section->bytes.size);
    }
    struct written_entry entry = {.bytes = entry_bytes};
    g_strlcpy(entry.digest, archive->digest, sizeof entry.digest);
    g_array_append_val(writer->entries, entry);
    writer->size += entry.bytes.size;
}

size_t partial_writer_size(const struct partial_writer *writer)
{
    return writer->size;
}

static int entry_compare(gconstpointer a, gconstpointer b)
{
    return strcmp(((const struct written_entry *)a)->digest, ((const struct written_entry *)b)->digest);
}

/* The head with the measures that are written, and these for the key. */
static GByteArray *head_bytes(const struct partial_writer *writer, GChecksum *key)
{
    struct summary head = *writer->head;
    head.measures = g_new0(struct measure_counts, head.measure_count + 1);
    head.measure_count = 0;
    for (size_t i = 0; i < writer->head->measure_count; i++) {
        if (!is_written(writer, i))
            continue;
        head.measures[head.measure_count] = writer->head->measures[i];
        g_checksum_update(key, (const uint8_t *)writer->head->measures[i].id, -1);
        g_checksum_update(key, (const uint8_t *)"\t", 1);
        g_checksum_update(key, (const uint8_t *)writer->head->measures[i].definition, -1);
        g_checksum_update(key, (const uint8_t *)"\n", 1);
        head.measure_count++;
    }
    GByteArray *bytes = summary_file_bytes(&head);
    g_free(head.measures);
    return bytes;
}

/* Entries of this size are pieces of their own. */
enum { LARGE_ENTRY = 64 * 1024 };

/* Hands bytes over; none are left. */
static void piece_add(GPtrArray *pieces, struct octets *bytes)
{
    if (bytes->size > 0)
        g_ptr_array_add(pieces, g_bytes_new_take(bytes->data, bytes->size));
    else
        octets_release(bytes);
    *bytes = (struct octets){.data = NULL};
}

static size_t small_entries_size(const struct partial_writer *writer)
{
    size_t size = 0;
    for (guint i = 0; i < writer->entries->len; i++) {
        size_t entry_size = g_array_index(writer->entries, struct written_entry, i).bytes.size;
        size += OCTETS_NUMBER_MAX + (entry_size < LARGE_ENTRY ? entry_size : 0);
    }
    return size;
}

/* Number and entries, behind what `out` holds. */
static void entries_append(struct partial_writer *writer, GPtrArray *pieces, struct octets *out)
{
    octets_number(out, writer->entries->len);
    for (guint i = 0; i < writer->entries->len; i++) {
        struct octets *entry = &g_array_index(writer->entries, struct written_entry, i).bytes;
        octets_number(out, entry->size);
        if (entry->size < LARGE_ENTRY) {
            octets_append(out, entry->data, entry->size);
        } else {
            piece_add(pieces, out);
            piece_add(pieces, entry);
        }
    }
    piece_add(pieces, out);
}

GPtrArray *partial_writer_finish(struct partial_writer *writer, char key[PARTIAL_KEY_SIZE])
{
    GChecksum *checksum = g_checksum_new(G_CHECKSUM_SHA256);
    GPtrArray *pieces = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    struct octets out = {.data = NULL};
    g_checksum_update(checksum, (const uint8_t *)PARTIAL_FILE_MAGIC, sizeof PARTIAL_FILE_MAGIC - 1);
    g_checksum_update(checksum, (const uint8_t *)writer->head->configuration_digest, 64);
    GByteArray *head = head_bytes(writer, checksum);
    octets_reserve(&out, head->len + small_entries_size(writer) + 2 * OCTETS_NUMBER_MAX + SEAL_SIZE);
    octets_append(&out, PARTIAL_FILE_MAGIC, sizeof PARTIAL_FILE_MAGIC - 1);
    octets_number(&out, head->len);
    octets_append(&out, head->data, head->len);
    g_byte_array_unref(head);
    g_array_sort(writer->entries, entry_compare);
    for (guint i = 0; i < writer->entries->len; i++)
        g_checksum_update(checksum,
                          (const uint8_t *)g_array_index(writer->entries, struct written_entry, i).digest,
                          DIGEST_SIZE);
    g_strlcpy(key, g_checksum_get_string(checksum), PARTIAL_KEY_SIZE);
    g_checksum_free(checksum);
    entries_append(writer, pieces, &out);
    char seal[SEAL_SIZE + 1];
    seal_make_of_pieces(pieces, seal);
    g_ptr_array_add(pieces, g_bytes_new(seal, SEAL_SIZE));
    g_array_set_size(writer->entries, 0);
    writer->size = 0;
    return pieces;
}

void partial_writer_free(struct partial_writer *writer)
{
    if (writer == NULL)
        return;
    g_array_unref(writer->entries);
    g_free(writer);
}

/* ---- reading ---- */

struct read_entry {
    struct partial_entry entry;
    const uint8_t *data; /* all of it */
    size_t size;
};

struct partial_file {
    char *path;
    GBytes *bytes;
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

static bool digest_take(struct octets_cursor *cursor, char digest[33])
{
    if (cursor->end - cursor->at < DIGEST_SIZE)
        return false;
    memcpy(digest, cursor->at, DIGEST_SIZE);
    digest[DIGEST_SIZE] = '\0';
    cursor->at += DIGEST_SIZE;
    return strspn(digest, "0123456789abcdef") == DIGEST_SIZE;
}

/* The archive's description, up to its bins. */
static bool archive_take(struct octets_cursor *cursor, struct summary_archive *archive)
{
    struct octets_cursor problem;
    uint64_t first, last;
    char digest[33];
    if (!octets_take_number(cursor, UINT64_MAX, &archive->size) || !digest_take(cursor, digest) ||
        !octets_take_number(cursor, UINT64_MAX, &archive->packets) ||
        !octets_take_number(cursor, UINT64_MAX, &first) || !octets_take_number(cursor, UINT64_MAX, &last) ||
        !stretch_take(cursor, &problem))
        return false;
    g_strlcpy(archive->digest, digest, sizeof archive->digest);
    archive->first_second = zigzag_back(first);
    archive->last_second = zigzag_back(last);
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
    uint64_t count, sensor, first, last, link;
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
            !octets_take_number(cursor, UINT64_MAX, &first) ||
            !octets_take_number(cursor, UINT64_MAX, &last) || (i > 0 && sensor <= span[-1].sensor))
            return false;
        *span = (struct summary_span){(uint32_t)sensor, zigzag_back(first), zigzag_back(last)};
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

const struct summary *partial_file_read(struct partial_file *file, size_t index, struct error *err)
{
    const struct read_entry *entry = &g_array_index(file->entries, struct read_entry, index);
    struct octets_cursor cursor = {entry->data, entry->data + entry->size};
    struct summary *part = file->part;
    struct summary_archive *archive = part->archives->pdata[0];
    g_clear_pointer(&archive->problem, g_free);
    bool is_sound = archive_take(&cursor, archive);
    part->packets_read = archive->packets;
    is_sound = is_sound && bins_take(&cursor, part) && sensor_days_take(&cursor, part) &&
               spans_take(&cursor, part, archive);
    for (size_t i = 0; is_sound && i < part->measure_count; i++)
        is_sound = measure_take(&cursor, part, i, file->bytes, err);
    if (is_sound && cursor.at == cursor.end)
        return part;
    error_set(err, ERROR_INPUT, "%s: not a sound partial summary: entry %zu", file->path, index + 1);
    return NULL;
}

static bool entries_find(struct partial_file *file, struct octets_cursor *cursor)
{
    uint64_t count;
    if (!octets_take_number(cursor, (uint64_t)(cursor->end - cursor->at), &count))
        return false;
    for (uint64_t i = 0; i < count; i++) {
        struct octets_cursor stretch;
        struct read_entry entry = {.data = NULL};
        struct summary_archive archive = {.name = NULL};
        if (!stretch_take(cursor, &stretch))
            return false;
        entry.data = stretch.at;
        entry.size = (size_t)(stretch.end - stretch.at);
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
    if (file->head->packets_read != 0 || file->head->archives->len != 0 || !entries_find(file, &cursor))
        return error_set(err, ERROR_INPUT, "not a sound partial summary: its entries");
    struct summary_archive *archive = g_new0(struct summary_archive, 1);
    archive->name = g_strdup("");
    g_ptr_array_add(file->part->archives, archive);
    return 0;
}

struct partial_file *partial_file_open(const char *path, struct error *err)
{
    GError *failure = NULL;
    GMappedFile *mapped = g_mapped_file_new(path, FALSE, &failure);
    if (mapped == NULL) {
        error_set(err, ERROR_INPUT, "%s: cannot read: %s", path, failure->message);
        g_error_free(failure);
        return NULL;
    }
    struct partial_file *file = g_new0(struct partial_file, 1);
    file->path = g_strdup(path);
    file->bytes = g_mapped_file_get_bytes(mapped);
    file->head = summary_new();
    file->part = summary_new();
    file->entries = g_array_new(FALSE, FALSE, sizeof(struct read_entry));
    size_t size;
    const uint8_t *data = g_bytes_get_data(file->bytes, &size);
    g_mapped_file_unref(mapped);
    int result = size < SEAL_SIZE ? error_set(err, ERROR_INPUT, "no partial summary: it is too short")
                                  : contents_find(file, data, size, err);
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
    g_bytes_unref(file->bytes);
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

/* The files of partial.h written. */
#include "summary/partial.h"

#include <string.h>

#include "base/digest.h"
#include "summary/seal.h"
#include "summary/summary_file.h"

enum { DIGEST_DIGITS = DIGEST_SIZE - 1 };

struct written_entry {
    char digest[DIGEST_SIZE];
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
        octets_signed(out, archive->spans[i].first_second);
        octets_signed(out, archive->spans[i].last_second);
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
    g_assert(part->archives->len == 1 && strlen(archive->digest) == DIGEST_DIGITS);
    octets_number(out, archive->size);
    octets_append(out, archive->digest, DIGEST_DIGITS);
    octets_number(out, archive->packets);
    octets_signed(out, archive->first_second);
    octets_signed(out, archive->last_second);
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
                          DIGEST_DIGITS);
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

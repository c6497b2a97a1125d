/* Real captures in pieces: split at record boundaries, the records dealt out in any order, the pieces under
 * other names in other folders, plain or in any compression with several members, read by 1, 2 and 5 threads
 * and by either reader: the same bytes of summary as the whole captures give, but for the list of archives.
 *
 *     pieces ROUNDS[:SEED] FOLDER...
 */
#include <glib.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture/archive.h"
#include "capture/byte_order.h"
#include "capture/stream.h"
#include "fuzz/file_list.h"
#include "summary/summary_file.h"
#include "unit/capture_builder.h"
#include "unit/counting_fixture.h"

enum { PIECES_MAX = 5, QUARTERS = 4 };

static uint32_t random_below(GRand *random, uint32_t bound)
{
    return bound <= 1 ? 0 : (uint32_t)g_rand_int_range(random, 0, (gint32)bound);
}

/* ---- a capture as records ---- */

/* A record, and what must stand in front of it in a file: the file header, or section header and interfaces.
 */
struct record {
    uint32_t section; /* index into sections */
    const uint8_t *bytes;
    uint32_t size;
};

struct capture {
    const uint8_t *bytes;
    uint32_t size;
    bool is_pcapng;
    GPtrArray *sections; /* GByteArray * */
    GArray *records;     /* struct record */
};

static uint32_t load(const uint8_t *bytes, bool big_endian)
{
    return big_endian ? load_be32(bytes) : load_le32(bytes);
}

static bool classic_split(struct capture *capture)
{
    static const uint32_t magics[] = {0xa1b2c3d4, 0xa1b23c4d, 0xa1b2cd34};
    if (capture->size < 24)
        return false;
    bool big_endian = capture->bytes[0] == 0xa1;
    uint32_t magic = load(capture->bytes, big_endian);
    if (magic != magics[0] && magic != magics[1] && magic != magics[2])
        return false;
    uint32_t header = magic == magics[2] ? 24 : 16;
    GByteArray *section = g_byte_array_new();
    g_byte_array_append(section, capture->bytes, 24);
    g_ptr_array_add(capture->sections, section);
    for (uint32_t at = 24; at < capture->size;) {
        if (capture->size - at < header)
            return false;
        uint32_t size = header + load(capture->bytes + at + 8, big_endian);
        if (size < header || size > capture->size - at)
            return false;
        struct record record = {0, capture->bytes + at, size};
        g_array_append_val(capture->records, record);
        at += size;
    }
    return true;
}

static bool pcapng_split(struct capture *capture)
{
    bool big_endian = false;
    for (uint32_t at = 0; at < capture->size;) {
        const uint8_t *block = capture->bytes + at;
        if (capture->size - at < 12)
            return false;
        if (load_be32(block) == 0x0a0d0d0a)
            big_endian = load_be32(block + 8) == 0x1a2b3c4d;
        uint32_t type = load(block, big_endian);
        uint32_t size = load(block + 4, big_endian);
        if (size < 12 || size > capture->size - at)
            return false;
        if (type == 0x0a0d0d0a)
            g_ptr_array_add(capture->sections, g_byte_array_new());
        if (capture->sections->len == 0)
            return false;
        if (type == 0x0a0d0d0a || type == 1)
            g_byte_array_append(capture->sections->pdata[capture->sections->len - 1], block, size);
        struct record record = {capture->sections->len - 1, block, size};
        if (type == 2 || type == 3 || type == 6)
            g_array_append_val(capture->records, record);
        at += size;
    }
    return true;
}

static void capture_free(gpointer pointer)
{
    struct capture *capture = pointer;
    g_ptr_array_unref(capture->sections);
    g_array_unref(capture->records);
    g_free((uint8_t *)(uintptr_t)capture->bytes);
    g_free(capture);
}

/* How many packets the archive has, and seconds of each that has a time; -1 when it is no whole capture. */
static int64_t packets_read(const char *path, GArray *seconds)
{
    struct error err;
    struct archive *archive = archive_open(path, &err);
    struct packet packet;
    int got = -1;
    while (archive && (got = archive_next(archive, &packet, &err)) == 1)
        if (!packet.bad_time)
            g_array_append_val(seconds, packet.seconds);
    int64_t count = got == 0 ? (int64_t)archive_packet_count(archive) : -1;
    archive_close(archive);
    return count;
}

/* Decoded. NULL: damaged, or in a form that is not split here. */
static struct capture *capture_read(const char *path, GArray *seconds)
{
    GByteArray *decoded = g_byte_array_new();
    struct error err;
    struct stream *stream = stream_open(path, &err);
    if (!stream)
        g_error("%s: %s", path, err.message);
    uint8_t block[4096];
    ssize_t got;
    while ((got = stream_read(stream, block, sizeof block)) > 0)
        g_byte_array_append(decoded, block, (guint)got);
    stream_close(stream);
    uint32_t size = decoded->len;
    uint8_t *bytes = g_byte_array_free(decoded, FALSE);
    struct capture *capture = g_new0(struct capture, 1);
    capture->bytes = bytes;
    capture->size = size;
    capture->sections = g_ptr_array_new_with_free_func((GDestroyNotify)g_byte_array_unref);
    capture->records = g_array_new(FALSE, FALSE, sizeof(struct record));
    capture->is_pcapng = size >= 4 && load_be32(capture->bytes) == 0x0a0d0d0a;
    guint before = seconds->len;
    bool fine = capture->is_pcapng ? pcapng_split(capture) : classic_split(capture);
    if (fine && packets_read(path, seconds) == (int64_t)capture->records->len)
        return capture;
    g_array_set_size(seconds, before);
    capture_free(capture);
    return NULL;
}

/* ---- pieces ---- */

/* Copies of an archive count once; pieces of equal records are no copies. So each has its number in a place
 * that nobody reads. */
static void number_put(GByteArray *piece, bool is_pcapng, uint32_t number)
{
    if (!is_pcapng) {
        for (int i = 0; i < 4; i++)
            piece->data[12 + i] = (uint8_t)(number >> 8 * i); /* "accuracy of time stamps" */
        return;
    }
    GByteArray *body = g_byte_array_new();
    put(body, LITTLE, number, 4);
    pcapng_section(piece, LITTLE);
    pcapng_block(piece, LITTLE, 0x0bad0bad, body);
    g_byte_array_unref(body);
}

/* The records that `dealt` gives to one piece, in its order. */
static GByteArray *piece_make(const struct capture *capture, const GArray *dealt, uint32_t number)
{
    GByteArray *piece = g_byte_array_new();
    uint32_t section = UINT32_MAX;
    if (!capture->is_pcapng) {
        const GByteArray *header = capture->sections->pdata[0];
        g_byte_array_append(piece, header->data, header->len);
    }
    number_put(piece, capture->is_pcapng, number);
    for (guint i = 0; i < dealt->len; i++) {
        const struct record *record =
            &g_array_index(capture->records, struct record, g_array_index(dealt, guint, i));
        if (capture->is_pcapng && record->section != section) {
            section = record->section;
            const GByteArray *head = capture->sections->pdata[section];
            g_byte_array_append(piece, head->data, head->len);
        }
        g_byte_array_append(piece, record->bytes, record->size);
    }
    return piece;
}

/* One xz stream of several blocks, as `xz --block-size` and its threads write. */
static void xz_blocks(GByteArray *out, const uint8_t *data, size_t size)
{
    lzma_stream stream = LZMA_STREAM_INIT;
    g_assert(lzma_easy_encoder(&stream, 0, LZMA_CHECK_CRC32) == LZMA_OK);
    uint8_t room[4096];
    for (size_t at = 0; at <= size; at += 300) {
        bool is_last = size - at <= 300;
        stream.next_in = data + at;
        stream.avail_in = is_last ? size - at : 300;
        lzma_ret result;
        do {
            stream.next_out = room;
            stream.avail_out = sizeof room;
            result = lzma_code(&stream, is_last ? LZMA_FINISH : LZMA_FULL_FLUSH);
            g_assert(result == LZMA_OK || result == LZMA_STREAM_END);
            g_byte_array_append(out, room, (guint)(sizeof room - stream.avail_out));
        } while (result != LZMA_STREAM_END);
        if (is_last)
            break;
    }
    lzma_end(&stream);
}

static GByteArray *piece_store(GByteArray *piece, GRand *random)
{
    uint32_t kind = random_below(random, G_N_ELEMENTS(compressions) + 2);
    GByteArray *stored = g_byte_array_new();
    if (kind == G_N_ELEMENTS(compressions))
        return g_byte_array_unref(stored), piece;
    if (kind > G_N_ELEMENTS(compressions)) {
        xz_blocks(stored, piece->data, piece->len);
    } else {
        uint32_t members = 1 + random_below(random, 4);
        for (uint32_t i = 0, at = 0; i < members; i++) {
            uint32_t size = i + 1 == members ? piece->len - at : random_below(random, piece->len - at + 1);
            compressions[kind].append_member(stored, piece->data + at, size);
            at += size;
        }
    }
    g_byte_array_unref(piece);
    return stored;
}

/* Writes all captures in pieces below `folder`; returns how many. */
static uint32_t pieces_write(struct counting *counting, const char *folder, const GPtrArray *captures,
                             GRand *random)
{
    uint32_t number = 0;
    for (guint i = 0; i < captures->len; i++) {
        const struct capture *capture = captures->pdata[i];
        uint32_t count = 1 + random_below(random, PIECES_MAX);
        GArray *dealt[PIECES_MAX];
        for (uint32_t j = 0; j < count; j++)
            dealt[j] = g_array_new(FALSE, FALSE, sizeof(guint));
        guint *order = g_new(guint, capture->records->len + 1);
        for (guint j = 0; j < capture->records->len; j++) {
            guint other = random_below(random, j + 1); /* Fisher and Yates, inside out */
            order[j] = order[other];
            order[other] = j;
        }
        for (guint j = 0; j < capture->records->len; j++)
            g_array_append_val(dealt[random_below(random, count)], order[j]);
        g_free(order);
        for (uint32_t j = 0; j < count; j++) {
            char *name = g_strdup_printf("%s/%u/%08x-%u", folder, random_below(random, 5),
                                         random_below(random, INT32_MAX), number);
            counting_capture(counting, name, piece_store(piece_make(capture, dealt[j], ++number), random));
            g_free(name);
            g_array_unref(dealt[j]);
        }
    }
    return number;
}

/* ---- comparing ---- */

static GByteArray *bytes_of(struct counting *counting, int threads, enum archive_reader reader)
{
    struct aggregate_options options = {.thread_count = threads, .reader = reader, .strict = true};
    struct summary *summary =
        aggregate_edition(&counting->publication, &counting->edition, &options, NULL, &counting->err);
    if (!summary)
        g_error("%s", counting->err.message);
    g_ptr_array_set_size(summary->archives, 0);
    GByteArray *bytes = summary_file_bytes(summary);
    summary_free(summary);
    return bytes;
}

/* Quarter of a time, as fiscal name. */
static char *quarter_of(int64_t seconds)
{
    GDateTime *time = g_date_time_new_from_unix_utc(seconds);
    int year = g_date_time_get_year(time);
    int month = g_date_time_get_month(time);
    g_date_time_unref(time);
    return g_strdup_printf("%dq%d", month >= 4 ? year : year - 1, (month + 8) % 12 / 3 + 1);
}

struct quarter {
    const char *name;
    guint count;
};

static int quarter_compare(gconstpointer a, gconstpointer b)
{
    const struct quarter *x = a;
    const struct quarter *y = b;
    return x->count != y->count ? (x->count > y->count ? -1 : 1) : strcmp(x->name, y->name);
}

/* The quarters of most packets first. */
static GArray *quarters_find(const GArray *seconds, GHashTable *counts)
{
    for (guint i = 0; i < seconds->len; i++) {
        char *name = quarter_of(g_array_index(seconds, int64_t, i));
        guint count = GPOINTER_TO_UINT(g_hash_table_lookup(counts, name));
        g_hash_table_insert(counts, name, GUINT_TO_POINTER(count + 1));
    }
    GArray *quarters = g_array_new(FALSE, FALSE, sizeof(struct quarter));
    GHashTableIter iter;
    gpointer name;
    gpointer count;
    g_hash_table_iter_init(&iter, counts);
    while (g_hash_table_iter_next(&iter, &name, &count)) {
        struct quarter quarter = {name, GPOINTER_TO_UINT(count)};
        struct edition edition;
        struct error err;
        if (edition_parse(quarter.name, 4, &edition, &err) == 0)
            g_array_append_val(quarters, quarter);
    }
    g_array_sort(quarters, quarter_compare);
    return quarters;
}

/* One round: the pieces' bytes against those of the whole captures, for one quarter. How many differ. */
static unsigned int round_check(struct counting *counting, const GPtrArray *captures, const char *quarter,
                                GRand *random, unsigned int round)
{
    static const struct {
        int threads;
        enum archive_reader reader;
    } ways[] = {{1, ARCHIVE_READER_FAST},
                {2, ARCHIVE_READER_FAST},
                {5, ARCHIVE_READER_FAST},
                {2, ARCHIVE_READER_LIBPCAP}};
    char *folder = g_strdup_printf("pieces-%u", round);
    unsigned int failed = 0;
    if (edition_parse(quarter, 4, &counting->edition, &counting->err) != 0)
        g_error("%s", counting->err.message);
    g_strlcpy(counting->captures_path, "whole", sizeof counting->captures_path);
    GByteArray *whole = bytes_of(counting, 1, ARCHIVE_READER_FAST);
    uint32_t count = pieces_write(counting, folder, captures, random);
    g_strlcpy(counting->captures_path, folder, sizeof counting->captures_path);
    for (size_t i = 0; i < G_N_ELEMENTS(ways); i++) {
        GByteArray *bytes = bytes_of(counting, ways[i].threads, ways[i].reader);
        if (bytes->len != whole->len || memcmp(bytes->data, whole->data, bytes->len) != 0) {
            printf("FAILED: %s in %u pieces, %d threads, reader %d: another summary than of the whole "
                   "captures\n",
                   quarter, count, ways[i].threads, ways[i].reader);
            failed++;
        }
        g_byte_array_unref(bytes);
    }
    printf("%s: %u captures in %u pieces: %u bytes of summary\n", quarter, captures->len, count, whole->len);
    g_byte_array_unref(whole);
    scratch_remove(scratch_path(&counting->scratch, folder));
    g_free(folder);
    return failed;
}

int main(int argc, char **argv)
{
    unsigned int rounds = 0;
    unsigned int seed = 1;
    if (argc < 3 || sscanf(argv[1], "%u:%u", &rounds, &seed) < 1) {
        fprintf(stderr, "usage: pieces ROUNDS[:SEED] FOLDER...\n");
        return 2;
    }
    GPtrArray *paths = file_list_new(argv + 2, argc - 2);
    struct measure measures[] = {
        {.id = (char[]){"a"}, .by = BY_PORT},
        {.id = (char[]){"b"}, .by = BY_REGION},
        {.id = (char[]){"c"}, .by = BY_TOOL},
        {.id = (char[]){"d"}, .by = BY_NOTHING, .count = COUNT_SOURCES},
        {.id = (char[]){"e"}, .by = BY_SENSOR, .count = COUNT_BYTES, .per = PER_HOUR},
        {.id = (char[]){"f"}, .by = BY_SOURCE_24, .count = COUNT_SOURCE_SENSORS},
    };
    struct counting counting;
    counting_init(&counting, measures, G_N_ELEMENTS(measures));
    sensor_list_release(&counting.publication.sensors);
    const char *sensors = scratch_write(&counting.scratch, "half.csv",
                                        "id,prefix,region,group,label,since,until\n"
                                        "a,128.0.0.0/2,JP,domestic,A,,\n"
                                        "b,192.0.0.0/2,JP,domestic,B,,\n"
                                        "c,ff00::/8,JP,domestic,C,,\n");
    if (sensor_list_load(&counting.publication.sensors, sensors, &counting.err) != 0)
        g_error("%s", counting.err.message);
    GPtrArray *captures = g_ptr_array_new_with_free_func(capture_free);
    GArray *seconds = g_array_new(FALSE, FALSE, sizeof(int64_t));
    GHashTable *seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < paths->len; i++) {
        struct capture *capture = capture_read(paths->pdata[i], seconds);
        if (!capture)
            continue;
        GByteArray *copy = g_byte_array_new();
        g_byte_array_append(copy, capture->bytes, capture->size);
        if (!g_hash_table_add(seen, g_compute_checksum_for_data(G_CHECKSUM_SHA256, copy->data, copy->len))) {
            g_byte_array_unref(copy); /* counted once */
            capture_free(capture);
            continue;
        }
        char *name = g_strdup_printf("whole/%u", i);
        counting_capture(&counting, name, copy);
        g_free(name);
        g_ptr_array_add(captures, capture);
    }
    GHashTable *counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    GArray *quarters = quarters_find(seconds, counts);
    GRand *random = g_rand_new_with_seed(seed);
    unsigned int failed = 0;
    for (unsigned int round = 0; round < rounds && quarters->len > 0; round++)
        failed +=
            round_check(&counting, captures,
                        g_array_index(quarters, struct quarter, round % MIN(quarters->len, QUARTERS)).name,
                        random, round);
    unsigned int passed = quarters->len > 0 ? rounds * 4 - failed : 0;
    printf("%u passed, %u failed\n", passed, failed);
    g_rand_free(random);
    g_array_unref(quarters);
    g_hash_table_unref(counts);
    g_hash_table_unref(seen);
    g_array_unref(seconds);
    g_ptr_array_unref(captures);
    g_ptr_array_unref(paths);
    counting_release(&counting);
    return failed > 0 || passed == 0;
}

/* Random mutations of real captures, each read by the walker of ordinary records and by libpcap: the same
 * packets, errors and identity, the same headers by the short cut and by the long way, and the same bytes of
 * summary. What libpcap itself makes of a pcapng file is held against our reading of it as well.
 *
 *     mutations COUNT[:SEED[:FIRST]] FOLDER...     the files below the folders, then COUNT mutations
 *     mutations 1:1:7893 FOLDER...                 that one mutation again
 *
 * A mutation is known by seed and number alone: one that fails is named so, and its bytes are kept. In one
 * process, because starting the program takes longer than reading the file. Without -DNDEBUG an assertion of
 * the code under test ends the run as well; so do the sanitizers. */
#include <glib.h>
#include <inttypes.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aggregate/configuration.h"
#include "aggregate/count_run.h"
#include "bench/random.h"
#include "capture/archive.h"
#include "capture/packet_parse.h"
#include "fuzz/file_list.h"
#include "summary/summary_file.h"
#include "unit/counting_fixture.h"

enum { SIZE_MAX_MUTATED = 64 * 1024, BATCH = 61, FAILED_MAX = 20, ALL_TUNNELS = 15 };

static uint64_t random_below(uint64_t *state, uint64_t bound)
{
    return random_next(state) % bound;
}

/* ---- mutations ---- */

/* Numbers at which lengths, counts and types go wrong. */
static const uint32_t edges[] = {0,       1,       2,          3,          4,          12,
                                 16,      20,      0x7f,       0x80,       0xff,       0x100,
                                 0x5ff,   0x600,   0x7fff,     0x8000,     0xffff,     0x10000,
                                 0x40000, 0x40001, 0x7fffffff, 0x80000000, 0xfffffff0, 0xffffffff};

static void number_put(GByteArray *file, uint64_t *random)
{
    guint size = 1U << random_below(random, 3);
    if (file->len < size)
        return;
    guint at = (guint)random_below(random, file->len - size + 1);
    if (random_below(random, 2))
        at -= at % size;
    uint32_t value = edges[random_below(random, G_N_ELEMENTS(edges))];
    bool big = random_below(random, 2);
    for (guint i = 0; i < size; i++)
        file->data[at + i] = (uint8_t)(value >> 8 * (big ? size - 1 - i : i));
}

static void piece_move(GByteArray *file, const GByteArray *other, uint64_t *random)
{
    guint from = (guint)random_below(random, other->len + 1);
    guint size = (guint)random_below(random, MIN(other->len - from, 200) + 1);
    guint at = (guint)random_below(random, file->len + 1);
    if (size == 0)
        return;
    if (random_below(random, 2)) { /* over what is there, or in between */
        size = MIN(size, file->len - at);
        memmove(file->data + at, other->data + from, size);
        return;
    }
    guint before = file->len;
    uint8_t *piece = g_memdup2(other->data + from, size);
    g_byte_array_set_size(file, before + size);
    memmove(file->data + at + size, file->data + at, before - at);
    memcpy(file->data + at, piece, size);
    g_free(piece);
}

static void mutate(GByteArray *file, const GByteArray *other, uint64_t *random)
{
    for (uint64_t left = 1 + random_below(random, 5); left > 0 && file->len > 0; left--) {
        guint at = (guint)random_below(random, file->len);
        switch (random_below(random, 10)) {
        case 0:
        case 1:
        case 2:
            file->data[at] = (uint8_t)random_next(random);
            break;
        case 3:
            file->data[at] ^= (uint8_t)(1U << random_below(random, 8));
            break;
        case 4: /* the headers in front decide most */
            file->data[random_below(random, MIN(file->len, 64))] = (uint8_t)random_next(random);
            break;
        case 5:
        case 6:
            number_put(file, random);
            break;
        case 7:
            piece_move(file, other, random);
            break;
        case 8:
            g_byte_array_remove_range(file, at, (guint)random_below(random, MIN(file->len - at, 40) + 1));
            break;
        default:
            if (random_below(random, 3) == 0)
                g_byte_array_set_size(file, at);
            else
                piece_move(file, file, random);
        }
    }
}

/* ---- comparing ---- */

struct subject {
    struct counting counting;
    struct measure measures[5];
    char ids[5][16];
    GHashTable *plans; /* edition name -> struct plan * */
    GHashTable *editions;
    struct inputs inputs; /* one archive: the mutated file */
    const char *path;
    struct error trouble; /* the first difference found */
    uint64_t packets, whole, broken, refused, with_libpcap;
};

static bool differ(struct subject *subject, const char *what)
{
    if (subject->trouble.kind == ERROR_NONE)
        error_set(&subject->trouble, ERROR_INPUT, "%s", what);
    return false;
}

static bool packets_equal(const struct packet *a, const struct packet *b)
{
    return a->seconds == b->seconds && a->nanoseconds == b->nanoseconds && a->bad_time == b->bad_time &&
           a->link_type == b->link_type && a->captured_size == b->captured_size &&
           a->wire_size == b->wire_size && memcmp(a->data, b->data, a->captured_size) == 0;
}

static bool headers_equal(const struct packet_headers *a, const struct packet_headers *b)
{
    return a->ip_version == b->ip_version && a->protocol == b->protocol &&
           memcmp(a->source, b->source, sizeof a->source) == 0 &&
           memcmp(a->destination, b->destination, sizeof a->destination) == 0 && a->ip_id == b->ip_id &&
           a->is_fragment == b->is_fragment && a->source_port == b->source_port &&
           a->destination_port == b->destination_port && a->has_tcp_sequence == b->has_tcp_sequence &&
           a->has_tcp_flags == b->has_tcp_flags && a->tcp_sequence == b->tcp_sequence &&
           a->tcp_flags == b->tcp_flags;
}

/* In a buffer of just the packet's size, so that the sanitizers see a read beyond it. */
static bool decode_both_ways(struct subject *subject, const struct packet *packet)
{
    struct packet copy = *packet;
    uint8_t *data = g_malloc(MAX(packet->captured_size, 1));
    memcpy(data, packet->data, packet->captured_size);
    copy.data = data;
    struct packet_headers a;
    struct packet_headers b;
    enum packet_fate fate = packet_decode(&copy, &a);
    bool same = fate == packet_decode_any(&copy, &b) && (fate != PACKET_DECODED || headers_equal(&a, &b));
    same = same && packet_decode_innermost(&copy, 0, &b) == fate &&
           (fate != PACKET_DECODED || headers_equal(&a, &b));
    enum packet_fate inner = packet_decode_innermost(&copy, ALL_TUNNELS, &b);
    g_assert(inner != PACKET_DECODED || b.ip_version == 4 || b.ip_version == 6);
    g_free(data);
    return same || differ(subject, "the short cut of packet_decode says something else");
}

/* The walker's packets, several at a time, against libpcap's, one by one. */
static bool archives_compare(struct subject *subject, int64_t *first_second)
{
    struct error fast_err = {0};
    struct error slow_err = {0};
    struct archive *fast = archive_open_with(subject->path, ARCHIVE_READER_FAST, &fast_err);
    struct archive *slow = archive_open_with(subject->path, ARCHIVE_READER_LIBPCAP, &slow_err);
    bool same = (fast == NULL) == (slow == NULL) || differ(subject, "one reader alone opens the file");
    struct packet packets[BATCH];
    int got = 0;
    *first_second = -1;
    while (same && fast && (got = archive_next_batch(fast, packets, BATCH, &fast_err)) > 0) {
        for (int i = 0; same && i < got; i++) {
            struct packet packet;
            same = archive_next(slow, &packet, &slow_err) == 1 && packets_equal(&packets[i], &packet);
            if (!same)
                differ(subject, "the readers' packets differ");
            else
                same = decode_both_ways(subject, &packet);
            if (*first_second < 0 && !packets[i].bad_time)
                *first_second = packets[i].seconds;
        }
    }
    if (same && fast) {
        struct packet packet;
        struct archive_identity a;
        struct archive_identity b;
        same =
            archive_next(slow, &packet, &slow_err) == got || differ(subject, "the readers end differently");
        subject->packets += archive_packet_count(fast);
        *(got < 0 ? &subject->broken : &subject->whole) += 1;
        if (archive_finish(fast, &a, &fast_err) != 0 || archive_finish(slow, &b, &slow_err) != 0 ||
            a.size != b.size || strcmp(a.digest, b.digest) != 0)
            same = differ(subject, "the readers' identities of the file differ");
    } else if (same) {
        subject->refused++;
    }
    if (same && (fast_err.kind != slow_err.kind || strcmp(fast_err.message, slow_err.message) != 0))
        same = differ(subject, "the readers' errors differ");
    archive_close(fast);
    archive_close(slow);
    return same;
}

/* pcapng, uncompressed: as far as libpcap reads the file, it gives the same packets. (It refuses files whose
 * interfaces differ, and gives packets without a time that of 1970.) */
static bool libpcap_compare(struct subject *subject, const GByteArray *file)
{
    static const uint8_t section[] = {0x0a, 0x0d, 0x0d, 0x0a};
    if (file->len < 4 || memcmp(file->data, section, 4) != 0)
        return true;
    char reason[PCAP_ERRBUF_SIZE];
    struct error err = {0};
    pcap_t *pcap = pcap_open_offline_with_tstamp_precision(subject->path, PCAP_TSTAMP_PRECISION_NANO, reason);
    struct archive *archive = pcap ? archive_open(subject->path, &err) : NULL;
    bool same = true;
    struct pcap_pkthdr *header;
    const unsigned char *data;
    while (same && archive && pcap_next_ex(pcap, &header, &data) == 1) {
        struct packet packet;
        if (archive_next(archive, &packet, &err) != 1) {
            same = differ(subject, "libpcap reads further in a pcapng file");
            fprintf(stderr, "%s\n", err.message);
        } else if (header->caplen != packet.captured_size || header->len != packet.wire_size ||
                   memcmp(data, packet.data, header->caplen) != 0) {
            same = differ(subject, "libpcap reads another packet in a pcapng file");
        } else if (!packet.bad_time && (header->ts.tv_sec != packet.seconds ||
                                        header->ts.tv_usec != (suseconds_t)packet.nanoseconds)) {
            fprintf(stderr, "packet %" PRIu64 ": libpcap %lld.%09ld, we %" PRId64 ".%09u\n",
                    archive_packet_count(archive), (long long)header->ts.tv_sec, (long)header->ts.tv_usec,
                    packet.seconds, packet.nanoseconds);
            same = differ(subject, "libpcap reads another time in a pcapng file");
        }
        subject->with_libpcap++;
    }
    archive_close(archive);
    if (pcap)
        pcap_close(pcap);
    return same;
}

/* The plan for the quarter in which a capture begins. */
static const struct plan *plan_for(struct subject *subject, int64_t first_second)
{
    GDateTime *time = g_date_time_new_from_unix_utc(MAX(first_second, 0));
    int year = CLAMP(g_date_time_get_year(time), 1972, 2200);
    int month = g_date_time_get_month(time);
    g_date_time_unref(time);
    char *name = g_strdup_printf("%dq%d", month >= 4 ? year : year - 1, (month + 8) % 12 / 3 + 1);
    struct plan *plan = g_hash_table_lookup(subject->plans, name);
    if (!plan) {
        struct edition *edition = g_new0(struct edition, 1);
        struct error err;
        if (edition_parse(name, 4, edition, &err) != 0)
            g_error("%s", err.message);
        configuration_digest(&subject->counting.publication, edition, &subject->inputs);
        plan = plan_new(&subject->counting.publication, edition, &subject->inputs, NULL, &err);
        if (!plan)
            g_error("%s", err.message);
        g_hash_table_insert(subject->plans, g_strdup(name), plan);
        g_hash_table_add(subject->editions, edition);
    }
    g_free(name);
    return plan;
}

/* What a count by the given reader writes, or its error. */
static GByteArray *summary_bytes(struct subject *subject, const struct plan *plan, enum archive_reader reader)
{
    struct aggregate_options options = {.thread_count = 1, .reader = reader};
    struct error err;
    struct summary *summary = count_run(plan, &options, NULL, NULL, &err);
    if (!summary) {
        GByteArray *text = g_byte_array_new();
        return g_byte_array_append(text, (const uint8_t *)err.message, (guint)strlen(err.message));
    }
    uint64_t sum = 0;
    for (int i = 0; i < BIN_COUNT; i++)
        sum += summary->bins[i];
    if (sum != summary->packets_read)
        differ(subject, "the bins do not add up to the packets read");
    GByteArray *bytes = summary_file_bytes(summary);
    summary_free(summary);
    struct summary *again = summary_new();
    if (summary_file_parse(again, bytes->data, bytes->len, &err) != 0)
        differ(subject, err.message);
    summary_free(again);
    return bytes;
}

static bool summaries_compare(struct subject *subject, int64_t first_second)
{
    const struct plan *plan = plan_for(subject, first_second);
    GByteArray *fast = summary_bytes(subject, plan, ARCHIVE_READER_FAST);
    GByteArray *slow = summary_bytes(subject, plan, ARCHIVE_READER_LIBPCAP);
    bool same = fast->len == slow->len && memcmp(fast->data, slow->data, fast->len) == 0;
    g_byte_array_unref(fast);
    g_byte_array_unref(slow);
    if (!same)
        differ(subject, "the readers' summaries differ");
    return subject->trouble.kind == ERROR_NONE;
}

/* ---- all of it ---- */

static void plan_destroy(gpointer plan)
{
    plan_free(plan);
}

static void subject_init(struct subject *subject)
{
    static const struct measure measures[] = {
        {.by = BY_PORT},
        {.by = BY_REGION},
        {.by = BY_TOOL},
        {.by = BY_NOTHING, .count = COUNT_SOURCES},
        {.by = BY_SENSOR, .count = COUNT_BYTES},
    };
    *subject = (struct subject){.trouble = {.kind = ERROR_NONE}};
    for (size_t i = 0; i < G_N_ELEMENTS(measures); i++) {
        g_snprintf(subject->ids[i], sizeof subject->ids[i], "m%zu", i);
        subject->measures[i] = measures[i];
        subject->measures[i].id = subject->ids[i];
    }
    counting_init(&subject->counting, subject->measures, G_N_ELEMENTS(measures));
    /* Half of all addresses: packets end in every bin. */
    struct publication *publication = &subject->counting.publication;
    sensor_list_release(&publication->sensors);
    const char *sensors = scratch_write(&subject->counting.scratch, "half.csv",
                                        "id,prefix,region,group,label,since,until\n"
                                        "a,128.0.0.0/1,JP,domestic,A,,\n"
                                        "b,ff00::/8,JP,domestic,B,,\n"
                                        "b,2001::/32,JP,domestic,B,,\n");
    if (sensor_list_load(&publication->sensors, sensors, &subject->counting.err) != 0)
        g_error("%s", subject->counting.err.message);
    subject->path = scratch_write(&subject->counting.scratch, "captures/mutated", "x");
    if (inputs_collect(&subject->inputs, publication, &subject->counting.edition, NULL, true,
                       &subject->counting.log, &subject->counting.err) != 0 ||
        inputs_identify_registries(&subject->inputs, NULL, &subject->counting.err) != 0)
        g_error("%s", subject->counting.err.message);
    subject->plans = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, plan_destroy);
    subject->editions = g_hash_table_new_full(NULL, NULL, g_free, NULL);
}

static void subject_release(struct subject *subject)
{
    g_hash_table_unref(subject->plans);
    g_hash_table_unref(subject->editions);
    inputs_release(&subject->inputs);
    counting_release(&subject->counting);
}

static bool try_bytes(struct subject *subject, const GByteArray *file)
{
    FILE *out = fopen(subject->path, "wb");
    if (!out || (file->len > 0 && fwrite(file->data, 1, file->len, out) != file->len) || fclose(out) != 0)
        g_error("%s: cannot write", subject->path);
    int64_t first_second;
    return archives_compare(subject, &first_second) && libpcap_compare(subject, file) &&
           summaries_compare(subject, first_second);
}

static GByteArray *file_read(const char *path)
{
    char *text;
    gsize size;
    if (!g_file_get_contents(path, &text, &size, NULL))
        g_error("%s: cannot read", path);
    return g_byte_array_new_take((guint8 *)text, size);
}

static void trouble_tell(struct subject *subject, const char *name, const GByteArray *file)
{
    char *kept = g_strdup_printf("%s/teiten-mutation-%s", g_get_tmp_dir(), strrchr(name, ' ') + 1);
    g_file_set_contents(kept, (const char *)file->data, (gssize)file->len, NULL);
    printf("FAILED: %s: %s; kept as %s\n", name, subject->trouble.message, kept);
    subject->trouble.kind = ERROR_NONE;
    g_free(kept);
}

int main(int argc, char **argv)
{
    uint64_t count = 0;
    uint64_t seed = 1;
    uint64_t first = 0;
    if (argc < 3 || sscanf(argv[1], "%" SCNu64 ":%" SCNu64 ":%" SCNu64, &count, &seed, &first) < 1) {
        fprintf(stderr, "usage: mutations COUNT[:SEED[:FIRST]] FOLDER...\n");
        return 2;
    }
    GPtrArray *paths = file_list_new(argv + 2, argc - 2);
    if (paths->len == 0) {
        fprintf(stderr, "mutations: no files below %s\n", argv[2]);
        return 2;
    }
    GPtrArray *files = g_ptr_array_new_with_free_func((GDestroyNotify)g_byte_array_unref);
    for (guint i = 0; i < paths->len; i++)
        g_ptr_array_add(files, file_read(paths->pdata[i]));

    struct subject subject;
    subject_init(&subject);
    uint64_t failed = 0;
    for (guint i = 0; first == 0 && i < files->len && failed < FAILED_MAX;
         i++) { /* as they are, before anything is changed */
        char *name = g_strdup_printf("%s as file-%u", (const char *)paths->pdata[i], i);
        if (!try_bytes(&subject, files->pdata[i])) {
            trouble_tell(&subject, name, files->pdata[i]);
            failed++;
        }
        g_free(name);
    }
    for (uint64_t number = first; number < first + count && failed < FAILED_MAX; number++) {
        uint64_t random = seed * UINT64_C(1000000007) + number;
        guint which = (guint)random_below(&random, files->len);
        const GByteArray *original = files->pdata[which];
        GByteArray *file = g_byte_array_new();
        g_byte_array_append(file, original->data, MIN(original->len, SIZE_MAX_MUTATED));
        mutate(file, files->pdata[random_below(&random, files->len)], &random);
        if (!try_bytes(&subject, file)) {
            char *name = g_strdup_printf("%s, mutation %" PRIu64 "-%" PRIu64,
                                         (const char *)paths->pdata[which], seed, number);
            trouble_tell(&subject, name, file);
            g_free(name);
            failed++;
        }
        g_byte_array_unref(file);
    }
    printf("%u captures and %" PRIu64 " mutations: %" PRIu64 " packets; %" PRIu64 " read whole, %" PRIu64
           " broken off, %" PRIu64 " refused; %" PRIu64 " packets of pcapng held against libpcap's\n",
           first == 0 ? files->len : 0, count, subject.packets, subject.whole, subject.broken,
           subject.refused, subject.with_libpcap);
    printf("%d passed, %" PRIu64 " failed\n", failed == 0, failed);
    subject_release(&subject);
    g_ptr_array_unref(files);
    g_ptr_array_unref(paths);
    return failed > 0;
}

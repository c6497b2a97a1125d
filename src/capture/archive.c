#include "capture/archive.h"

#include <glib.h>
#include <inttypes.h>
#include <limits.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <string.h>

#include "capture/classic.h"
#include "capture/codec.h"
#include "capture/content_kind.h"
#include "capture/pcapng.h"
#include "capture/stream.h"

enum { COPIES_SIZE = 64 * 1024 };

enum archive_state { ARCHIVE_READING, ARCHIVE_AT_END, ARCHIVE_STOPPED };

struct archive {
    char *name; /* the path as messages show it */
    struct stream *stream;
    enum archive_state state;
    struct error stop; /* why it stopped */
    uint64_t packet_count;
    struct pcapng *pcapng; /* either this */
    pcap_t *pcap;          /* or this, which owns the FILE that reads the stream */
    char *stdio_buffer;
    bool is_dry;             /* the FILE gets no more bytes: what it holds is to be measured */
    size_t header_left;      /* bytes that libpcap may take before the walker is set up */
    struct classic *classic; /* walks the ordinary records; NULL when libpcap reads */
    bool is_walking;         /* no record was handed back to libpcap yet */
    uint8_t *copies;         /* [COPIES_SIZE]: packets of libpcap, which has room for one */
    size_t copies_used;
    bool is_broken_off; /* libpcap was told to return before all packets asked for */
    bool has_ending;    /* what packets_read is to return after what it has returned: */
    int ending;
    struct error ending_error;
    int link_type;
};

/* ---- classic pcap: libpcap on a FILE over the stream, or over what the walker leaves to it ---- */

static ssize_t cookie_read(void *cookie, char *buffer, size_t size)
{
    struct archive *archive = cookie;
    if (archive->is_dry)
        return 0;
    if (archive->header_left > 0) {
        ssize_t got = stream_read(archive->stream, buffer, MIN(size, archive->header_left));
        archive->header_left -= got > 0 ? (size_t)got : 0;
        return got;
    }
    if (archive->classic) {
        size_t replayed = classic_replay(archive->classic, buffer, size);
        if (replayed > 0)
            return (ssize_t)replayed;
    }
    return stream_read(archive->stream, buffer, size);
}

static int pcap_begin(struct archive *archive, enum archive_reader reader, const uint8_t *head, size_t size,
                      struct error *err)
{
    bool may_walk = reader == ARCHIVE_READER_FAST && classic_matches(head, size);
    uint8_t header[CLASSIC_HEADER_SIZE];
    if (may_walk) {
        memcpy(header, head, sizeof header);
        archive->header_left = sizeof header;
    }
    FILE *file = fopencookie(archive, "r", (cookie_io_functions_t){.read = cookie_read});
    if (!file)
        return error_set(err, ERROR_INPUT, "cannot be read: out of memory");
    /* glibc ignores the size when it is to allocate the buffer itself, and locks at each of libpcap's two
     * reads a packet: together they cost more than reading and decoding the packet. */
    archive->stdio_buffer = g_malloc(STREAM_BLOCK_SIZE);
    setvbuf(file, archive->stdio_buffer, _IOFBF, STREAM_BLOCK_SIZE);
    __fsetlocking(file, FSETLOCKING_BYCALLER);
    char reason[PCAP_ERRBUF_SIZE] = "";
    archive->pcap = pcap_fopen_offline_with_tstamp_precision(file, PCAP_TSTAMP_PRECISION_NANO, reason);
    if (!archive->pcap) {
        fclose(file);
        return error_set(err, ERROR_INPUT, "%s", reason);
    }
    archive->link_type = pcap_datalink(archive->pcap);
    struct classic_format format;
    archive->is_walking = may_walk && classic_is_ordinary(archive->pcap, header, &format);
    if (archive->is_walking)
        archive->classic = classic_new(archive->stream, &format);
    return 0;
}

/* Adds where a capture ends, when that is what stopped the reading. */
static int end_tell(const struct archive *archive, struct error *err)
{
    struct error reason = *err;
    return error_set(err, ERROR_INPUT, "%s; the %scapture ends at byte %" PRIu64, reason.message,
                     stream_codec_name(archive->stream) ? "decompressed " : "",
                     stream_decoded_size(archive->stream));
}

/* Whether the record that libpcap returned is in truth the header of another capture, whose zone and accuracy
 * (both 0) it took for the lengths of a packet. */
static bool is_joined_pcap(const struct pcap_pkthdr *header)
{
    uint64_t fraction = (uint64_t)header->ts.tv_usec; /* nanoseconds, perhaps made from microseconds */
    uint32_t version = (uint32_t)(fraction > UINT32_MAX || fraction % 1000 == 0 ? fraction / 1000 : fraction);
    return header->caplen == 0 && classic_is_header_start((uint32_t)header->ts.tv_sec, version);
}

/* The same of pcapng, whose byte-order magic libpcap takes for the length of a packet that it refuses. */
static bool is_joined_pcapng(const char *reason)
{
    return strstr(reason, " length 439041101,") != NULL || strstr(reason, " length 1295788826,") != NULL;
}

/* Says that another capture starts with the record header that libpcap took last. */
static int joined_tell(struct archive *archive, struct error *err)
{
    char bytes[4096];
    size_t unread = archive->classic ? classic_replay_size(archive->classic) : 0;
    size_t got;
    archive->is_dry = true;
    while ((got = fread(bytes, 1, sizeof bytes, pcap_file(archive->pcap))) > 0)
        unread += got;
    return error_set(err, ERROR_INPUT, CLASSIC_JOINED,
                     stream_codec_name(archive->stream) ? "decompressed " : "",
                     stream_decoded_size(archive->stream) - unread - CLASSIC_RECORD_HEADER_SIZE);
}

static void packet_fill(struct packet *packet, const struct archive *archive,
                        const struct pcap_pkthdr *header, const unsigned char *data)
{
    /* The file's 32 bits are unsigned; libpcap hands them out signed or not depending on the byte order. It
     * scales microseconds to nanoseconds unchecked, so that 1,000,000 and more arrive here as a second and
     * more. */
    packet->seconds = (uint32_t)header->ts.tv_sec;
    packet->bad_time = header->ts.tv_usec < 0 || header->ts.tv_usec > 999999999;
    packet->nanoseconds = packet->bad_time ? 0 : (uint32_t)header->ts.tv_usec;
    packet->link_type = archive->link_type;
    packet->data = data;
    packet->captured_size = header->caplen;
    packet->wire_size = header->len;
}

/* Why libpcap has no packet: 0, or -1 and an error; `got` is what it returned. */
static int pcap_end(struct archive *archive, int got, struct error *err)
{
    /* To libpcap, data that cannot be decoded is just a file that ends: the stream knows better. */
    const struct error *failure = stream_failure(archive->stream);
    if (failure) {
        *err = *failure;
        return -1;
    }
    if (got >= 0)
        return 0;
    if (is_joined_pcapng(pcap_geterr(archive->pcap)))
        return joined_tell(archive, err);
    error_set(err, ERROR_INPUT, "%s", pcap_geterr(archive->pcap));
    return feof(pcap_file(archive->pcap)) ? end_tell(archive, err) : -1;
}

/* Makes the packet last longer than until the next call of libpcap. False when there is no room for it: then
 * there must be no such call. */
static bool packet_keep(struct archive *archive, struct packet *packet)
{
    if (packet->captured_size > COPIES_SIZE - archive->copies_used)
        return false;
    if (!archive->copies)
        archive->copies = g_malloc(COPIES_SIZE);
    packet->data = memcpy(archive->copies + archive->copies_used, packet->data, packet->captured_size);
    archive->copies_used += packet->captured_size;
    return true;
}

/* ---- the archive ---- */

static int archive_begin(struct archive *archive, enum archive_reader reader, struct error *err)
{
    const uint8_t *head;
    size_t size = stream_peek(archive->stream, &head);
    const struct error *failure = stream_failure(archive->stream);
    if (size < 4 && failure) {
        *err = *failure;
        return -1;
    }
    const char *codec = stream_codec_name(archive->stream);
    if (size == 0 && codec)
        return error_set(err, ERROR_INPUT,
                         "the file is empty inside its %s compression, expected a pcap or pcapng capture",
                         codec);
    if (size == 0)
        return error_set(err, ERROR_INPUT, "the file is empty, expected a pcap or pcapng capture");
    if (pcapng_matches(head, size)) {
        archive->pcapng = pcapng_new(archive->stream, err);
        return archive->pcapng ? 0 : -1;
    }
    if (pcap_begin(archive, reader, head, size, err) == 0)
        return 0;
    failure = stream_failure(archive->stream);
    const char *kind = content_kind(head, size);
    if (failure)
        *err = *failure;
    else if (codec && codec_find(head, size))
        return error_set(err, ERROR_INPUT,
                         "%s data inside %s: compressed twice, expected a capture compressed once",
                         codec_find(head, size)->name, codec);
    else if (kind)
        return error_set(err, ERROR_INPUT, "no pcap or pcapng capture: it looks like %s", kind);
    return -1;
}

const char *archive_path_shown(const char *path)
{
    return strcmp(path, "-") == 0 ? "standard input" : path;
}

struct archive *archive_open(const char *path, struct error *err)
{
    return archive_open_with(path, ARCHIVE_READER_FAST, err);
}

struct archive *archive_open_with(const char *path, enum archive_reader reader, struct error *err)
{
    return archive_open_or_identify(path, reader, NULL, err);
}

/* A reader that was refused may have taken bytes, but none unseen: all of them were hashed. */
static void refused_identify(struct archive *archive, struct archive_identity *refused)
{
    struct error ignored;
    *refused = (struct archive_identity){.size = 0};
    if (archive->stream && stream_is_file(archive->stream) &&
        stream_drain(archive->stream, &refused->size, refused->digest, &ignored) != 0)
        *refused = (struct archive_identity){.size = 0};
}

struct archive *archive_open_or_identify(const char *path, enum archive_reader reader,
                                         struct archive_identity *refused, struct error *err)
{
    struct archive *archive = g_new0(struct archive, 1);
    archive->name = g_strdup(archive_path_shown(path));
    archive->stream = stream_open(path, err);
    if (archive->stream && archive_begin(archive, reader, err) == 0)
        return archive;
    if (refused)
        refused_identify(archive, refused);
    error_prefix(err, "%s", archive->name);
    archive_close(archive);
    return NULL;
}

/* Packets on their way from libpcap into an array. */
struct collecting {
    struct archive *archive;
    struct packet *packets;
    size_t count;
    bool is_joined; /* another capture starts where the next packet would */
};

static void packet_collect(unsigned char *user, const struct pcap_pkthdr *header, const unsigned char *data)
{
    struct collecting *collecting = (struct collecting *)(void *)user;
    struct archive *archive = collecting->archive;
    struct packet *packet = &collecting->packets[collecting->count];
    collecting->is_joined = is_joined_pcap(header);
    if (!collecting->is_joined) {
        packet_fill(packet, archive, header, data);
        collecting->count++;
    }
    if (collecting->is_joined || !packet_keep(archive, packet)) {
        pcap_breakloop(archive->pcap);
        archive->is_broken_off = true;
    }
}

/* Packets that libpcap hands out, as many as there is room for copies. What comes after them is kept for the
 * next call. */
static int packets_collect(struct archive *archive, struct packet *packets, size_t capacity,
                           struct error *err)
{
    struct collecting collecting = {.archive = archive, .packets = packets};
    int limit = (int)MIN(capacity, INT_MAX);
    bool was_broken_off = archive->is_broken_off;
    archive->copies_used = 0;
    archive->is_broken_off = false;
    int got = pcap_dispatch(archive->pcap, limit, packet_collect, (unsigned char *)&collecting);
    if (got == PCAP_ERROR_BREAK && was_broken_off) /* it tells that of the call before */
        got = pcap_dispatch(archive->pcap, limit, packet_collect, (unsigned char *)&collecting);
    if (got > 0 && !collecting.is_joined)
        return (int)collecting.count;
    archive->has_ending = true;
    archive->ending = collecting.is_joined ? joined_tell(archive, &archive->ending_error)
                                           : pcap_end(archive, got, &archive->ending_error);
    if (collecting.count > 0)
        return (int)collecting.count;
    if (archive->ending < 0)
        *err = archive->ending_error;
    return archive->ending;
}

static int pcapng_read(struct pcapng *pcapng, struct packet *packets, size_t capacity, struct error *err)
{
    size_t count = pcapng_walk(pcapng, packets, capacity);
    if (count > 0)
        return (int)count;
    int got = pcapng_next(pcapng, packets, err);
    return got == 1 ? 1 + (int)pcapng_walk(pcapng, packets + 1, capacity - 1) : got;
}

/* As archive_next_batch, but for state and place. */
static int packets_read(struct archive *archive, struct packet *packets, size_t capacity, struct error *err)
{
    if (archive->pcapng)
        return pcapng_read(archive->pcapng, packets, capacity, err);
    if (archive->is_walking) {
        size_t count = classic_read(archive->classic, packets, capacity);
        if (count > 0)
            return (int)count;
        archive->is_walking = false;
    }
    if (!archive->has_ending)
        return packets_collect(archive, packets, capacity, err);
    if (archive->ending < 0)
        *err = archive->ending_error;
    return archive->ending;
}

int archive_next_batch(struct archive *archive, struct packet *packets, size_t capacity, struct error *err)
{
    if (archive->state == ARCHIVE_READING) {
        int got = packets_read(archive, packets, MIN(capacity, INT_MAX), &archive->stop);
        if (got > 0) {
            archive->packet_count += (uint64_t)got;
            return got;
        }
        archive->state = got == 0 ? ARCHIVE_AT_END : ARCHIVE_STOPPED;
        if (got < 0)
            error_prefix(&archive->stop, "%s: packet %" PRIu64, archive->name, archive->packet_count + 1);
    }
    if (archive->state == ARCHIVE_AT_END)
        return 0;
    *err = archive->stop;
    return -1;
}

int archive_next(struct archive *archive, struct packet *packet, struct error *err)
{
    return archive_next_batch(archive, packet, 1, err);
}

uint64_t archive_packet_count(const struct archive *archive)
{
    return archive->packet_count;
}

uint64_t archive_bytes_consumed(const struct archive *archive)
{
    return stream_bytes_consumed(archive->stream);
}

int archive_finish(struct archive *archive, struct archive_identity *identity, struct error *err)
{
    if (archive->state == ARCHIVE_READING)
        archive->state = ARCHIVE_AT_END; /* what is left is hashed, not decoded */
    if (stream_drain(archive->stream, &identity->size, identity->digest, err) != 0)
        return error_prefix(err, "%s", archive->name);
    return 0;
}

void archive_close(struct archive *archive)
{
    if (!archive)
        return;
    if (archive->pcap)
        pcap_close(archive->pcap);
    pcapng_free(archive->pcapng);
    classic_free(archive->classic);
    g_free(archive->stdio_buffer);
    g_free(archive->copies);
    stream_close(archive->stream);
    g_free(archive->name);
    g_free(archive);
}

int archive_identify(const char *path, struct archive_identity *identity, struct error *err)
{
    struct stream *stream = stream_open(path, err);
    int status = stream ? stream_drain(stream, &identity->size, identity->digest, err) : -1;
    stream_close(stream);
    return status == 0 ? 0 : error_prefix(err, "%s", archive_path_shown(path));
}

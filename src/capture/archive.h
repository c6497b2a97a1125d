/* archive.h - one capture archive: pcap or pcapng, plain or compressed, recognised by content.
 *
 *     struct archive *archive = archive_open("jp01-20250401.pcap.gz", err);
 *     if (!archive)
 *         return -1;                           // no capture, and err says why
 *     struct packet packet;
 *     int got;
 *     while ((got = archive_next(archive, &packet, err)) == 1)
 *         count(&packet);
 *     // 0: the end, everything was read; -1: reading stopped, err says where and why;
 *     // what came before stands
 *     archive_finish(archive, &identity, err);
 *     archive_close(archive);
 *
 * libpcap is the authority on classic pcap; classic.h walks the records that need none. pcapng is read by
 * pcapng.h, because libpcap refuses files whose interfaces differ. Errors begin with the path: "PATH: packet
 * 88123: truncated dump file ...".
 */
#ifndef TEITEN_CAPTURE_ARCHIVE_H
#define TEITEN_CAPTURE_ARCHIVE_H

#include <stdint.h>

#include "base/digest.h"
#include "base/error.h"
#include "capture/packet.h"

struct archive;

/* Who reads classic pcap: both give the same packets and errors, the first in a third of the time. */
enum archive_reader { ARCHIVE_READER_FAST, ARCHIVE_READER_LIBPCAP };

/* What is known after archive_finish. */
struct archive_identity {
    uint64_t size;            /* bytes of the file as stored */
    char digest[DIGEST_SIZE]; /* XXH3-128 of those bytes, lowercase hex */
};

/* "-" is standard input. NULL when the file cannot be opened, is empty, or holds no capture. */
struct archive *archive_open(const char *path, struct error *err);
struct archive *archive_open_with(const char *path, enum archive_reader reader, struct error *err);
/* Likewise. Of a file that is refused, `refused` is set to its identity, by the bytes that were looked at and
 * those behind them; a pipe, a device and what cannot be read have none: all zero. */
struct archive *archive_open_or_identify(const char *path, enum archive_reader reader,
                                         struct archive_identity *refused, struct error *err);
/* How errors name the path that they begin with. */
const char *archive_path_shown(const char *path);
/* 1: a packet; 0: the end; -1: reading stopped. 0 and -1 are final: later calls return the same. */
int archive_next(struct archive *archive, struct packet *packet, struct error *err);
/* Several at once: how many of `packets` (room for `capacity`, from 1 up) were set, or 0 or -1 as above. Data
 * is borrowed until the next call. */
int archive_next_batch(struct archive *archive, struct packet *packets, size_t capacity, struct error *err);
/* Packets returned so far. */
uint64_t archive_packet_count(const struct archive *archive);
/* Bytes of the stored file consumed so far, for progress. */
uint64_t archive_bytes_consumed(const struct archive *archive);
/* Reads the rest of the stored bytes (without decoding, so that archive_next has no more packets) and gives
 * the identity of the whole file. 0, or -1 when the file cannot be read. */
int archive_finish(struct archive *archive, struct archive_identity *identity, struct error *err);
void archive_close(struct archive *archive);

/* The identity of a file without reading it as a capture. */
int archive_identify(const char *path, struct archive_identity *identity, struct error *err);

#endif

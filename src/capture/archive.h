/* archive.h - one capture archive: pcap or pcapng, plain or compressed, recognised by content.
 *
 *     struct archive *archive = archive_open("captures/jp01-20250401.pcap.gz", err);     // NULL: no capture, and err says why
 *     struct packet packet;
 *     int got;
 *     while ((got = archive_next(archive, &packet, err)) == 1)
 *         count(&packet);
 *     // 0: the end, everything was read; -1: reading stopped, err says where and why; what came before stands
 *     archive_finish(archive);                 // digest and size of the whole file, also of what could not be read
 *     archive_close(archive);
 *
 * libpcap is the authority on both formats. Errors begin with the path: "PATH: packet 88123: truncated dump file ...".
 */
#ifndef TEITEN_CAPTURE_ARCHIVE_H
#define TEITEN_CAPTURE_ARCHIVE_H

#include <stdint.h>

#include "base/error.h"
#include "capture/packet.h"

struct archive;

/* What is known after archive_finish. */
struct archive_identity {
    uint64_t size;     /* bytes of the file as stored */
    char digest[33];   /* XXH3-128 of those bytes, lowercase hex */
};

/* "-" is standard input. NULL when the file cannot be opened, is empty, or holds no capture. */
struct archive *archive_open(const char *path, struct error *err);
int archive_next(struct archive *archive, struct packet *packet, struct error *err);
/* Packets returned so far. */
uint64_t archive_packet_count(const struct archive *archive);
/* Bytes of the stored file consumed so far, for progress. */
uint64_t archive_bytes_consumed(const struct archive *archive);
/* Reads the rest of the stored bytes (without decoding) and gives the identity of the whole file. 0, or -1 when the file cannot be read. */
int archive_finish(struct archive *archive, struct archive_identity *identity, struct error *err);
void archive_close(struct archive *archive);

/* The identity of a file without reading it as a capture. */
int archive_identify(const char *path, struct archive_identity *identity, struct error *err);

#endif

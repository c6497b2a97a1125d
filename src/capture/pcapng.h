/* pcapng.h - reads pcapng (draft-ietf-opsawg-pcapng) from a stream, block by block.
 *
 *     struct pcapng *pcapng = pcapng_new(stream, err);    // NULL: no sound section header
 *     while ((got = pcapng_next(pcapng, &packet, err)) == 1)
 *         count(&packet);
 *     pcapng_free(pcapng);                                // the stream stays the caller's
 *
 * Why not libpcap, which reads classic pcap here: it refuses files whose interfaces differ in link type or
 * snap length, which `dumpcap -i any` and merged captures are full of. Read are sections of both byte orders,
 * enhanced, simple and obsolete packet blocks, if_tsresol and if_tsoffset; all other blocks and options are
 * passed over within their bounds. Errors do not name file or packet.
 */
#ifndef TEITEN_CAPTURE_PCAPNG_H
#define TEITEN_CAPTURE_PCAPNG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "capture/packet.h"
#include "capture/stream.h"

struct pcapng;

/* Whether a file that starts like this is to be read as pcapng. */
bool pcapng_matches(const uint8_t *bytes, size_t size);
struct pcapng *pcapng_new(struct stream *stream, struct error *err);
/* 1 and a packet (its data is borrowed until the next call); 0 at the end; -1 when the file is damaged or
 * cut. A packet of a simple packet block carries no time at all: bad_time is set. */
int pcapng_next(struct pcapng *pcapng, struct packet *packet, struct error *err);
/* The next packets, up to `capacity` of them, as far as they are at hand and ordinary: their data, and that
 * of the last call of either function, is borrowed until the next call of pcapng_next. 0: pcapng_next says
 * what follows. */
size_t pcapng_walk(struct pcapng *pcapng, struct packet *packets, size_t capacity);
void pcapng_free(struct pcapng *pcapng); /* NULL is fine */

#endif

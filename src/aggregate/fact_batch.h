/* fact_batch.h - from packets to facts: several at a time and in columns, so that each step of counting is a
 * short loop over what it needs, and look-ups far from the processor wait for memory together.
 *
 *     struct fact_reader reader;
 *     fact_reader_init(&reader, plan);
 *     struct fact_batch batch = {0};
 *     for (size_t at = 0; at < count;) {
 *         at += fact_batch_read(&batch, &reader, packets + at, count - at, bins);
 *         for (size_t i = 0; i < batch.count; i++)
 *             use(batch.day, batch.source[i], batch.target[i], fact_packet(&batch, i));
 *     }
 *
 * All facts of a batch are of one local day, and where any measure asks for hours, of one hour: what depends
 * on time alone is looked up once a batch. Packets mostly come in order; where they do not, batches are
 * short. A reader belongs to one thread; a batch is all zeros before it is read into for the first time.
 */
#ifndef TEITEN_AGGREGATE_FACT_BATCH_H
#define TEITEN_AGGREGATE_FACT_BATCH_H

#include "aggregate/fact.h"
#include "aggregate/plan.h"
#include "capture/packet.h"
#include "summary/bin.h"

/* As many as keep facts and packets in the processor's nearest caches. */
enum { FACT_BATCH_SIZE = 256 };

/* What the headers of a batch's packets say before it is made out what that means. */
struct fact_clues {
    uint32_t is_usual[FACT_BATCH_SIZE]; /* 0: all columns of the batch are set already, none of these is; else
                                           all bits */
    uint32_t ports[FACT_BATCH_SIZE], ip_id[FACT_BATCH_SIZE]; /* as in struct packet_usual */
    uint32_t tcp_sequence[FACT_BATCH_SIZE], tcp_flags[FACT_BATCH_SIZE];
};

struct fact_reader {
    const struct plan *plan;
    int day, hour;                       /* of the last fact; hour 0 where no measure asks for hours */
    int64_t start;                       /* the seconds of that day or hour: from `start` on, */
    int64_t end;                         /* and before this; start == end: none yet */
    int32_t *in_force[EDITION_DAYS_MAX]; /* by day, NULL before it is needed: of sensor_table_in_force */
    struct fact_clues clues;
    uint64_t unsupported_count; /* packets of BIN_UNSUPPORTED_LINK since this was last set to 0, */
    int unsupported_link;       /* and the link type of the first of them */
};

/* Those packets of a batch that are counted, in no order: fact i stands at [i] of each column. */
struct fact_batch {
    int day, hour;     /* day 0 is the first of the edition; hour: since the day began, or 0 as above */
    bool is_ascending; /* all packets taken have a time, none an earlier one than that before it; not always
                          told */
    size_t count;
    size_t ipv6_count;
    uint16_t ipv6_at[FACT_BATCH_SIZE];             /* [ipv6_count]: which facts are of IPv6, ascending */
    uint8_t source_ipv6[FACT_BATCH_SIZE][16];      /* of those (by fact, too), in network byte order */
    uint8_t destination_ipv6[FACT_BATCH_SIZE][16]; /* likewise */
    uint32_t source[FACT_BATCH_SIZE];              /* IPv4, in host byte order; 0 of IPv6 */
    uint32_t destination[FACT_BATCH_SIZE];         /* likewise */
    uint32_t sensor[FACT_BATCH_SIZE];              /* index into the publication's sensors */
    uint32_t region[FACT_BATCH_SIZE];    /* of region_table.h; not set where no measure asks for it */
    uint32_t target[FACT_BATCH_SIZE];    /* FACT_TCP + port, ...: fact.h */
    uint32_t size[FACT_BATCH_SIZE];      /* bytes on the wire */
    uint32_t tcp_flags[FACT_BATCH_SIZE]; /* or FACT_NO_FLAGS */
    uint32_t protocol[FACT_BATCH_SIZE];  /* IP protocol number */
    uint32_t tool[FACT_BATCH_SIZE];      /* enum tool */
    bool is_ipv6[FACT_BATCH_SIZE];
    uint16_t packet_at[FACT_BATCH_SIZE];
    const struct packet *packets; /* borrowed: packets[packet_at[i]] is that of fact i */
};

static inline const struct packet *fact_packet(const struct fact_batch *batch, size_t fact)
{
    return &batch->packets[batch->packet_at[fact]];
}

/* The plan must outlive the reader. */
void fact_reader_init(struct fact_reader *reader, const struct plan *plan);
void fact_reader_release(struct fact_reader *reader);
/* Takes packets, at least one (and FACT_BATCH_SIZE at most), as far as they make up a batch, and adds each to
 * its bin; those of BIN_COUNTED become facts. Returns how many were taken. */
size_t fact_batch_read(struct fact_batch *batch, struct fact_reader *reader, const struct packet *packets,
                       size_t count, uint64_t bins[BIN_COUNT]);

#endif

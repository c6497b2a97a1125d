/* fact_batch.h - from packets to facts: several at a time, so that look-ups far from the processor wait for
 * memory together instead of one by one.
 *
 *     struct fact_reader reader;
 *     fact_reader_init(&reader, plan);
 *     struct fact_batch batch;
 *     for (size_t at = 0; at < count;) {
 *         at += fact_batch_read(&batch, &reader, packets + at, count - at, bins);
 *         for (size_t i = 0; i < batch.count; i++)
 *             use(batch.day, &batch.facts[i], batch.packets[i]);
 *     }
 *
 * All facts of a batch are of one local day, and where any measure asks for hours, of one hour: what depends
 * on time alone is looked up once a batch. Packets mostly come in order; where they do not, batches are
 * short. A reader belongs to one thread.
 */
#ifndef TEITEN_AGGREGATE_FACT_BATCH_H
#define TEITEN_AGGREGATE_FACT_BATCH_H

#include "aggregate/fact.h"
#include "aggregate/plan.h"
#include "capture/packet.h"
#include "summary/bin.h"

/* As many as keep facts and packets in the processor's nearest caches. */
enum { FACT_BATCH_SIZE = 128 };

struct fact_reader {
    const struct plan *plan;
    int day, hour;              /* of the last fact; hour 0 where no measure asks for hours */
    int64_t start;              /* the seconds of that day or hour: from `start` on, */
    int64_t end;                /* and before this; start == end: none yet */
    uint64_t unsupported_count; /* packets of BIN_UNSUPPORTED_LINK since this was last set to 0, */
    int unsupported_link;       /* and the link type of the first of them */
};

/* Those packets of a batch that are counted, in their order. */
struct fact_batch {
    int day, hour; /* day 0 is the first of the edition; hour: since the day began, or 0 as above */
    size_t count;
    struct fact facts[FACT_BATCH_SIZE];
    const struct packet *packets[FACT_BATCH_SIZE]; /* borrowed: the packet of each fact */
};

/* The plan must outlive the reader. */
void fact_reader_init(struct fact_reader *reader, const struct plan *plan);
/* Takes packets, at least one (and FACT_BATCH_SIZE at most), as far as they make up a batch, and adds each to
 * its bin; those of BIN_COUNTED become facts. Returns how many were taken. */
size_t fact_batch_read(struct fact_batch *batch, struct fact_reader *reader, const struct packet *packets,
                       size_t count, uint64_t bins[BIN_COUNT]);

#endif

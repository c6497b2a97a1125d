/* tally.h - counting in one pass: every packet into its bin, every counted one into each measure that admits
 * it.
 *
 *     struct tally *tally = tally_new(plan);
 *     while (archive_next(archive, &packet, err) == 1)
 *         if (tally_add(tally, &packet, err) != 0) ...  // a BPF expression unfit for the link type
 *     struct summary *summary = tally_summary(tally);   // without archives
 *     tally_free(tally);
 *
 * A tally belongs to one thread. Where ICMP counts as one, every ICMP and ICMPv6 packet has the key "ICMP".
 */
#ifndef TEITEN_AGGREGATE_TALLY_H
#define TEITEN_AGGREGATE_TALLY_H

#include "aggregate/fact.h"
#include "aggregate/plan.h"
#include "capture/packet.h"
#include "summary/summary.h"

struct tally;

/* The plan must outlive the tally. */
struct tally *tally_new(const struct plan *plan);
void tally_free(struct tally *tally);
/* From now on only the measures of measures[measure_count] (NULL: all) are counted; bins and sensors as ever.
 * Tallies that are added to each other must count the same ones. */
void tally_restrict(struct tally *tally, const bool *measures);
/* 0, or -1 and an error: the tally is then of no use. */
int tally_add(struct tally *tally, const struct packet *packet, struct error *err);
/* The same for several, in less time. */
int tally_add_many(struct tally *tally, const struct packet *packets, size_t count, struct error *err);
/* After the last: says of the archive the time of each sensor's packets, and how often time went backwards.
 */
void tally_archive_end(struct tally *tally, struct summary_archive *archive);
/* Adds the counts of `from`, a tally of the same plan, which is empty then: of archives one after the other,
 * each is counted in one tally and then added to another (tally_absorb.c). */
void tally_absorb(struct tally *tally, struct tally *from);
/* Drops all counts. */
void tally_clear(struct tally *tally);
struct summary *tally_summary(const struct tally *tally);
/* The same, and frees counts as soon as they are in the summary, so that memory does not hold them twice:
 * only tally_free may follow. */
struct summary *tally_take(struct tally *tally);
/* As tally_summary into a summary from plan_summary, whose counts are replaced: thousands of archives need
 * one. */
void tally_read(const struct tally *tally, struct summary *summary);

#endif

/* overlap.h - archives that hold packets to one sensor from the same time: it may be that packets were
 * captured twice.
 *
 * Times are compared in whole seconds, and archives that share no more than a minute do not overlap: so
 * rotated captures look.
 */
#ifndef TEITEN_AGGREGATE_OVERLAP_H
#define TEITEN_AGGREGATE_OVERLAP_H

#include "base/warning.h"
#include "summary/summary.h"

/* One warning for each sensor that has overlaps, with their number and the first. */
void overlap_report(const struct summary *summary, struct warning_log *log);

#endif

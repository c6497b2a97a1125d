/* archive_report.h - what is to be said of the archives that were counted, one by one.
 *
 *     archive_report(summary, log);       // once, when all archives stand in it
 *
 * Copies count once, under the first of their names: the others are marked so, hold nothing, and are warned
 * of, as are archives that were not read to their end, in the order of names; and archives of which no packet
 * at all is counted.
 */
#ifndef TEITEN_AGGREGATE_ARCHIVE_REPORT_H
#define TEITEN_AGGREGATE_ARCHIVE_REPORT_H

#include "base/warning.h"
#include "summary/summary.h"

void archive_report(struct summary *summary, struct warning_log *log);

#endif

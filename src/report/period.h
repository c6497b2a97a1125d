/* period.h - the days of a figure or a report, for readers.
 *
 *     period_text(&context, first, last)      // 2025年4〜6月, of whole months; 2025年4月22日〜4月29日;
 *                                             // 2024年12月20日〜2025年1月15日
 */
#ifndef TEITEN_REPORT_PERIOD_H
#define TEITEN_REPORT_PERIOD_H

#include "report/context.h"

/* Whole months are named by months, other days by dates; both inclusive. Owned by the caller. */
char *period_text(const struct context *context, struct civil_date first, struct civil_date last);
/* The same of an edition or a span of editions. */
char *period_of_edition(const struct context *context, const struct edition *edition);
/* The same where room is short: "Apr–Jun 2025". */
char *period_short(const struct context *context, const struct edition *edition);
/* What stands in a legend for that which a figure of `edition` stands beside: 前四半期（2025年1〜3月）,
 * 前年同期（...）; of a span of quarters, 前の期間（...）. Owned by the caller. */
char *period_beside_label(const struct context *context, const struct edition *edition,
                          enum figure_against against, const char *period);

#endif

/* figure_caption.h - what a figure shows, in one line. */
#ifndef TEITEN_REPORT_FIGURE_CAPTION_H
#define TEITEN_REPORT_FIGURE_CAPTION_H

#include "report/context.h"

/* The publication's caption; of a figure without one the measure in words:
 * 宛先ポート番号別のパケット数（宛先ポート23、 送信元の種別mirai）. Owned by the caller; NULL and an error
 * when the publication has it in other languages only. */
char *figure_caption(const struct context *context, const struct figure_definition *definition,
                     const struct measure_counts *measure, struct error *err);

#endif

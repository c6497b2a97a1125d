/* line_reading.h - readings (ruby) above the characters that they belong to, by JLREQ 3.3.
 *
 *     line_readings_set(row, &text, fonts, "ja", "report", err);    // shapes them, widens what is too narrow
 *     const struct line_reading *reading = row->readings->pdata[number - 1];
 *     double *x = line_reading_places(reading, left, right, measure);     // left ends of its characters
 *
 * A reading of half the size stands centred above one character, and spread over several (1-2-1: half a gap
 * at the ends). One that is wider than its characters may reach over kana beside them, and pushes them apart
 * for the rest. It never reaches over a line's ends.
 */
#ifndef TEITEN_RENDER_LINE_READING_H
#define TEITEN_RENDER_LINE_READING_H

#include "render/line_cluster.h"

struct line_reading {
    struct line_text text;
    struct line_clusters *clusters;
    double width; /* set solid */
    double rise;  /* its baseline, above that of the line */
    bool single;  /* above one character */
};

int line_readings_set(struct line_clusters *row, const struct line_text *text, struct fonts *fonts,
                      const char *language, const char *place, struct error *err);
/* Of its clusters, above the characters from left to right in a line of that width. Owned by the caller. */
double *line_reading_places(const struct line_reading *reading, double left, double right, double measure);
/* A GDestroyNotify; of NULL too. */
void line_reading_free(gpointer reading);

#endif

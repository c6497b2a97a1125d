/* line_cluster.h - shaped text as a row of clusters.
 *
 *     struct line_clusters *row = line_clusters_new(&text, fonts, "ja", "report", err);
 *
 * A cluster is what pango draws as a unit: one character, as a rule.
 */
#ifndef TEITEN_RENDER_LINE_CLUSTER_H
#define TEITEN_RENDER_LINE_CLUSTER_H

#include <glib.h>
#include <pango/pango.h>

#include "base/error.h"
#include "chart/fonts.h"
#include "render/line_class.h"
#include "render/line_text.h"

struct line_cluster {
    size_t start, end;  /* bytes of the text */
    gunichar character; /* the first */
    enum line_class class;
    bool leftward;                   /* words from right to left, all of them */
    const struct line_style *style;  /* borrowed from the text */
    PangoFont *font;                 /* borrowed from the row */
    size_t first_glyph, glyph_count; /* in the row's glyphs */
    double advance;                  /* as the font has it */
    double width;                    /* as set: half an em for punctuation */
    double shift;                    /* added to the glyphs' x */
};

struct line_glyph {
    guint index;
    double x, y; /* from the cluster's left end */
};

struct line_reading;

struct line_clusters {
    GArray *clusters;    /* struct line_cluster */
    GArray *glyphs;      /* struct line_glyph */
    GPtrArray *fonts;    /* PangoFont *, owned */
    GPtrArray *readings; /* struct line_reading *, by number - 1 (line_style); NULL: of no cluster */
};

struct line_clusters *line_clusters_new(const struct line_text *text, struct fonts *fonts,
                                        const char *language, const char *place, struct error *err);
void line_clusters_free(struct line_clusters *row);
/* The hyphen's glyph in the cluster's font, and its width in points; 0 when the font has none. */
guint line_cluster_hyphen(const struct line_cluster *cluster, double *width);

#endif

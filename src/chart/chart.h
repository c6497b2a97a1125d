/* chart.h - from a chart_spec to a scene, and from a scene to files.
 *
 *     struct scene *scene = chart_layout(&spec, fonts, err);
 *     GBytes *svg = scene_svg(scene, err);
 *     GBytes *png = scene_png(scene, fonts, 2.0, err);
 *     scene_draw(scene, fonts, cr, err);          // vectors onto any cairo context (the PDF report)
 *     scene_free(scene);
 *
 * One display list feeds all writers, so they cannot disagree. All are deterministic.
 */
#ifndef TEITEN_CHART_CHART_H
#define TEITEN_CHART_CHART_H

#include <cairo.h>
#include <glib.h>

#include "base/error.h"
#include "chart/chart_spec.h"
#include "chart/fonts.h"

struct scene;

struct scene *chart_layout(const struct chart_spec *spec, struct fonts *fonts, struct error *err);
void scene_free(struct scene *scene);
void scene_size(const struct scene *scene, double *width_pt, double *height_pt);

/* Every mark and text run with exact coordinates, one per line: what golden tests compare. Owned by the
 * caller. */
char *scene_dump(const struct scene *scene);
/* Draws with the origin at the scene's upper left corner, in points. */
int scene_draw(const struct scene *scene, struct fonts *fonts, cairo_t *cr, struct error *err);

/* Where the text of a drawing goes instead of pango: a PDF with faces of its own. */
struct scene_text_sink {
    /* The size is in points, the baseline starts at (x_pt, y_pt) in the scene's coordinates, which are cr's;
     * the colour is set as cr's source. A run is one line in one weight of the role "sans". Nothing needs to
     * be saved. -1 and an error stop the drawing. */
    int (*draw)(void *context, cairo_t *cr, const char *text, const char *language, double x_pt, double y_pt,
                double size_pt, bool bold, struct error *err);
    void *context;
};
/* scene_draw with the text handed to `sink`; the white halos under some of it are drawn as outlines by
 * scene_draw itself. */
int scene_draw_with(const struct scene *scene, struct fonts *fonts, cairo_t *cr,
                    const struct scene_text_sink *sink, struct error *err);

GBytes *scene_svg(const struct scene *scene, struct error *err);
/* scale 1: one pixel per point; opaque. */
GBytes *scene_png(const struct scene *scene, struct fonts *fonts, double scale, struct error *err);
GBytes *scene_pdf(const struct scene *scene, struct fonts *fonts, struct error *err);

#endif

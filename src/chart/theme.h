/* theme.h - the same figure on white, on a dark page, and for printers without colour.
 *
 *     theme_apply(scene, CHART_THEME_DARK);
 *     theme_colour(CHART_THEME_PRINT, 0xD55E00)        // 0x000000
 *
 * Layouts know the colours of the light theme only; a theme is a table from those to its own. A colour that
 * stands in no table is a programmer's mistake.
 */
#ifndef TEITEN_CHART_THEME_H
#define TEITEN_CHART_THEME_H

#include "chart/chart_spec.h"
#include "chart/scene.h"

enum { THEME_RAMP_SIZE = 10 };

/* "light", "dark", "print"; NULL beyond the last. */
const char *theme_name(enum chart_theme theme);
/* What stands for a colour of the light theme. */
uint32_t theme_colour(enum chart_theme theme, uint32_t light);
/* The colours of the light theme for small (0) to large (THEME_RAMP_SIZE - 1) values: steps that look alike.
 */
uint32_t theme_ramp(size_t step);
/* Changes every colour of the scene, its background too. */
void theme_apply(struct scene *scene, enum chart_theme theme);

#endif

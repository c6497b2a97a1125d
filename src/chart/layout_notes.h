/* layout_notes.h - remarks inside a plot, put where they cover as little as can be. */
#ifndef TEITEN_CHART_LAYOUT_NOTES_H
#define TEITEN_CHART_LAYOUT_NOTES_H

#include "chart/layout.h"

/* Adds the spec's notes: a dot on the highest day of each, a short line, and the words beside lines, not on
 * them. */
void layout_notes(struct layout *layout, const struct plot *plot);

#endif

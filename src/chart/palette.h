/* palette.h - how the lines of a figure tell themselves apart: colour, dash and width together. */
#ifndef TEITEN_CHART_PALETTE_H
#define TEITEN_CHART_PALETTE_H

#include "chart/scene.h"

enum { PALETTE_SIZE = 8 };

/* Of the series with this index, from 0, under PALETTE_SIZE. */
struct scene_stroke palette_stroke(size_t index);

/* All text has a contrast of 4.5 : 1 or more on white and on PALETTE_SHADE (WCAG 2.1, 1.4.3). */
#define PALETTE_TEXT 0x111111u
#define PALETTE_TEXT_SECOND 0x444444u
#define PALETTE_GRID 0xCCCCCCu
#define PALETTE_AXIS 0x333333u
#define PALETTE_SHADE 0xF0F0F0u
#define PALETTE_CURRENT 0x0041C8u
#define PALETTE_PREVIOUS 0x808080u
#define PALETTE_HATCH 0x8C8C8Cu

#endif

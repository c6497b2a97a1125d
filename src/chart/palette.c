#include "chart/palette.h"

/* Every colour has a contrast of 3:1 or more on white (WCAG 2.1, 1.4.11). The smallest difference between two
 * of the first five is 22 by CIEDE2000, seen normally and under simulated protanopia, deuteranopia and
 * tritanopia (Machado et al. 2009, full severity); with the last three it is 16, for which their dashes make
 * up. */
struct scene_stroke palette_stroke(size_t index)
{
    static const struct scene_stroke strokes[PALETTE_SIZE] = {
        {.colour = 0xD55E00, .width = 1.7, .casing = 0.8},
        {.colour = 0x0041C8, .width = 1.4, .casing = 0.8, .dash = {5, 1.8}, .dash_count = 2},
        {.colour = 0x1E9BE0,
         .width = 1.6,
         .casing = 0.8,
         .dash = {0, 2.5},
         .dash_count = 2,
         .round_ends = true},
        {.colour = 0x5A2D00, .width = 1.3, .casing = 0.8, .dash = {6, 1.8, 1.3, 1.8}, .dash_count = 4},
        {.colour = 0x000000, .width = 0.9, .casing = 0.8},
        {.colour = 0x909090, .width = 1.7, .casing = 0.8, .dash = {8, 1.5, 3, 1.5}, .dash_count = 4},
        {.colour = 0x484848, .width = 1.3, .casing = 0.8, .dash = {2.2, 1.4}, .dash_count = 2},
        {.colour = 0x300048, .width = 1.1, .casing = 0.8, .dash = {9, 2}, .dash_count = 2},
    };
    g_assert(index < PALETTE_SIZE);
    return strokes[index];
}

#include "chart/theme.h"

#include "chart/palette.h"

/* Ramps: equal steps of CIEDE2000 along a path of rising or falling lightness, so that they are told apart in
 * grey as well. Lines of the dark theme: smallest CIEDE2000 between two of the eight 17.4 under normal and
 * simulated colour vision. Lines in print: dash, width and label tell them apart. */
static const struct theme_row {
    uint32_t colours[CHART_THEME_COUNT];
} rows[] = {
    {{0xFFFFFF, 0x14171C, 0xFFFFFF}}, /* background, casings, halos */
    {{PALETTE_TEXT, 0xF2F2F2, 0x000000}},
    {{PALETTE_TEXT_SECOND, 0xC4C7CC, 0x333333}},
    {{PALETTE_GRID, 0x3A3F47, 0xCCCCCC}},
    {{PALETTE_AXIS, 0xC0C0C0, 0x333333}},
    {{PALETTE_SHADE, 0x20242B, 0xF0F0F0}},
    {{PALETTE_PREVIOUS, 0x8C9199, 0x808080}},
    {{PALETTE_HATCH, 0x6E747C, 0x8C8C8C}},
    /* the eight lines; the second is also PALETTE_CURRENT */
    {{0xD55E00, 0xFF8A3D, 0x000000}},
    {{0x0041C8, 0x3CD2F0, 0x000000}},
    {{0x1E9BE0, 0xD21EFF, 0x000000}},
    {{0x5A2D00, 0x2D8769, 0x000000}},
    {{0x000000, 0xFFFFFF, 0x000000}},
    {{0x909090, 0xB4B4A5, 0x555555}},
    {{0x484848, 0x696987, 0x000000}},
    {{0x300048, 0xD21E1E, 0x000000}},
    /* the ramp, from small to large */
    {{0xE8F2F6, 0x272A32, 0xF1F1F1}},
    {{0xC5E1ED, 0x213F55, 0xD1D1D1}},
    {{0x9ECCE3, 0x005773, 0xB6B6B6}},
    {{0x77B5D8, 0x007285, 0x9D9D9D}},
    {{0x539ECC, 0x008987, 0x888888}},
    {{0x3488BD, 0x009C82, 0x767676}},
    {{0x1B75AD, 0x4CB07A, 0x646464}},
    {{0x05609A, 0x90C279, 0x505050}},
    {{0x034B82, 0xCAD189, 0x3C3C3C}},
    {{0x003569, 0xF7E0AA, 0x262626}},
};

const char *theme_name(enum chart_theme theme)
{
    static const char *const names[] = {"light", "dark", "print"};
    return theme < CHART_THEME_COUNT ? names[theme] : NULL;
}

uint32_t theme_colour(enum chart_theme theme, uint32_t light)
{
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        if (rows[i].colours[CHART_THEME_LIGHT] == light)
            return rows[i].colours[theme];
    g_assert_not_reached();
}

uint32_t theme_ramp(size_t step)
{
    g_assert(step < THEME_RAMP_SIZE);
    return rows[G_N_ELEMENTS(rows) - THEME_RAMP_SIZE + step].colours[CHART_THEME_LIGHT];
}

void theme_apply(struct scene *scene, enum chart_theme theme)
{
    scene->background = theme_colour(theme, scene->background);
    for (guint i = 0; i < scene->marks->len; i++) {
        struct scene_mark *mark = &g_array_index(scene->marks, struct scene_mark, i);
        switch (mark->kind) {
        case SCENE_GROUP_BEGIN:
        case SCENE_GROUP_END:
            break;
        case SCENE_RECTANGLE:
        case SCENE_HATCH:
        case SCENE_LINE:
        case SCENE_POLYLINE:
        case SCENE_AREA:
        case SCENE_DOT:
            mark->stroke.colour = theme_colour(theme, mark->stroke.colour);
            break;
        case SCENE_TEXT:
            mark->text.colour = theme_colour(theme, mark->text.colour);
            mark->text.detail_colour = theme_colour(theme, mark->text.detail_colour);
            break;
        }
    }
}

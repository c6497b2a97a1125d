/* layout_rows.c - what several kinds share: rows named at the left, and a legend of swatches. */
#include <math.h>
#include <string.h>

#include "chart/layout.h"
#include "chart/palette.h"

static const double line_pitch = 1.3 * LAYOUT_TEXT_SIZE;
/* Less of a name, in ems, is no name. */
static const double NAME_START = 3;

char *layout_name(const struct layout *layout, const struct chart_series *series, double width)
{
    char *tail = *series->detail != '\0' ? g_strconcat(" ", series->detail, NULL) : g_strdup("");
    char *whole = g_strconcat(series->label, tail, NULL);
    double room = width - layout_width(layout, tail, LAYOUT_TEXT_SIZE, false);
    char *name;
    if (*tail == '\0' || layout_width(layout, whole, LAYOUT_TEXT_SIZE, false) <= width) {
        name = layout_cut(layout, whole, LAYOUT_TEXT_SIZE, false, width);
    } else if (room < NAME_START * LAYOUT_TEXT_SIZE) {
        name = layout_cut(layout, series->detail, LAYOUT_TEXT_SIZE, false, width);
    } else { /* the port, the code, the share: what cannot be guessed from its beginning */
        char *label = layout_cut(layout, series->label, LAYOUT_TEXT_SIZE, false, room);
        name = g_strconcat(label, tail, NULL);
        g_free(label);
    }
    g_free(whole);
    g_free(tail);
    return name;
}

void layout_begin_series(struct layout *layout, size_t index)
{
    const struct chart_series *series = &layout->spec->series[index];
    char *name = g_strdup_printf("series-%zu", index + 1);
    char *title =
        g_strdup_printf("%s%s%s", series->label, *series->detail != '\0' ? " " : "", series->detail);
    scene_begin_group(layout->scene, name, title);
    g_free(name);
    g_free(title);
}

struct scene_stroke layout_leader(const struct chart_spec *spec, int last_day, uint32_t colour)
{
    struct scene_stroke leader = {.colour = colour, .width = 0.6};
    if (last_day + 1 < spec->day_count) {
        leader.dash[0] = 0.8;
        leader.dash[1] = 2.4;
        leader.dash_count = 2;
    }
    return leader;
}

void layout_dot(struct layout *layout, double x, double y, double size, uint32_t colour, bool is_hollow)
{
    scene_dot(layout->scene, x, y, size, colour, 0);
    if (is_hollow)
        scene_dot(layout->scene, x, y, size > 2 ? size - 2 : size / 2, 0xFFFFFF, 0);
}

double layout_legend(struct layout *layout, double top, const struct legend_entry *entries, size_t count,
                     bool add)
{
    const double sample = count > 0 && entries[0].stroke != NULL ? 18 : 12, gap = 4, between = 14;
    double x = layout->left, y = top + line_pitch / 2;
    double height = 0;
    for (size_t i = 0; i < count; i++) {
        if (entries[i].text == NULL || *entries[i].text == '\0')
            continue;
        char *text = layout_cut(layout, entries[i].text, LAYOUT_TEXT_SIZE, false,
                                layout->right - layout->left - sample - gap);
        double width = sample + gap + layout_width(layout, text, LAYOUT_TEXT_SIZE, false);
        if (x > layout->left && x + width > layout->right) {
            x = layout->left;
            y += line_pitch;
        }
        height = y + line_pitch / 2 - top;
        if (add) {
            if (entries[i].is_dot)
                layout_dot(layout, x + sample / 2, y, 5, entries[i].colour, entries[i].is_hollow);
            else if (entries[i].hatched)
                scene_hatch(layout->scene, x, y - 3.5, sample, 7);
            else if (entries[i].stroke != NULL)
                scene_line(layout->scene, x, y, x + sample, y, entries[i].stroke);
            else
                scene_rectangle(layout->scene, x, y - 3.5, sample, 7, entries[i].colour);
            layout_add_text(layout, (struct scene_text){.role = "legend",
                                                        .x = x + sample + gap,
                                                        .y = y + 0.36 * LAYOUT_TEXT_SIZE,
                                                        .size = LAYOUT_TEXT_SIZE,
                                                        .text = text});
        }
        x += width + between;
        g_free(text);
    }
    return height;
}

/* "+1.6%" of "+1.6%(+1,190件)" where the whole has no room. */
static char *row_remark(const struct chart_series *series, bool is_short)
{
    const char *remark = series->remark != NULL ? series->remark : "";
    const char *rest = is_short ? strchr(remark, '(') : NULL;
    return rest == NULL || rest == remark ? g_strdup(remark)
                                          : g_strchomp(g_strndup(remark, (gsize)(rest - remark)));
}

static double widest_remark(const struct layout *layout, bool is_short)
{
    double widest = 0;
    for (size_t i = 0; i < layout->spec->series_count; i++) {
        char *remark = row_remark(&layout->spec->series[i], is_short);
        if (*remark != '\0')
            widest = fmax(widest, layout_width(layout, remark, LAYOUT_TEXT_SIZE, false) + 5);
        g_free(remark);
    }
    return widest;
}

double layout_row_middle(const struct rows *rows, size_t index)
{
    return rows->top + rows->pitch * ((double)index + 0.5);
}

int layout_rows(struct layout *layout, double head, double foot_height, double natural_pitch,
                struct rows *rows, struct error *err)
{
    const struct chart_spec *spec = layout->spec;
    double count = (double)spec->series_count;
    if (layout->scene->height_pt == 0) {
        GPtrArray *note =
            layout_wrap(layout, spec->source_note, LAYOUT_TEXT_SIZE, false, layout->right - layout->left, 2);
        /* Rows without a name each would have to be counted: no lower than their names until the page is
         * full. */
        double pitch = fmin(natural_pitch, fmax(1.5, 640 / count));
        layout->scene->height_pt =
            ceil(head + pitch * count + foot_height + line_pitch * note->len + 2 + LAYOUT_MARGIN);
        g_ptr_array_unref(note);
    }
    double foot = layout_foot(layout);
    double room = 0.34 * (layout->right - layout->left), widest = 0;
    for (size_t i = 0; i < spec->series_count; i++) {
        char *name = layout_name(layout, &spec->series[i], room);
        widest = fmax(widest, layout_width(layout, name, LAYOUT_TEXT_SIZE, false));
        g_free(name);
    }
    double remark_room = 0.25 * (layout->right - layout->left), remark = widest_remark(layout, false);
    bool is_short = remark > remark_room;
    rows->left = layout->left + widest + 5;
    rows->right = layout->right - fmin(is_short ? widest_remark(layout, true) : remark, remark_room);
    rows->top = head;
    rows->bottom = foot - foot_height;
    rows->pitch = (rows->bottom - rows->top) / count;
    /* A single row is as high as it likes to be, and no higher. */
    if (rows->right - rows->left < 40 || rows->bottom - rows->top < fmin(12, natural_pitch) ||
        rows->pitch < 1)
        return layout_too_small(layout, err);
    /* Where rows are lower than letters, every n-th is named. */
    size_t stride = (size_t)fmax(1, ceil(1.14 * LAYOUT_TEXT_SIZE / rows->pitch));
    for (size_t i = 0; i < spec->series_count; i += stride) {
        double y = layout_row_middle(rows, i) + 0.36 * LAYOUT_TEXT_SIZE;
        if (y + 0.25 * LAYOUT_TEXT_SIZE > rows->bottom + foot_height)
            break;
        char *name = layout_name(layout, &spec->series[i], room);
        layout_add_text(layout, (struct scene_text){.role = "label",
                                                    .x = rows->left - 5,
                                                    .y = y,
                                                    .anchor = SCENE_END,
                                                    .size = LAYOUT_TEXT_SIZE,
                                                    .text = name});
        g_free(name);
        char *remark_text = row_remark(&spec->series[i], is_short);
        char *text =
            layout_cut(layout, remark_text, LAYOUT_TEXT_SIZE, false, layout->right - rows->right - 5);
        g_free(remark_text);
        layout_add_text(layout, (struct scene_text){.role = "remark",
                                                    .x = layout->right,
                                                    .y = y,
                                                    .anchor = SCENE_END,
                                                    .size = LAYOUT_TEXT_SIZE,
                                                    .colour = PALETTE_TEXT_SECOND,
                                                    .text = text});
        g_free(text);
    }
    return 0;
}

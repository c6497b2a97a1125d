/* layout_notes.c - tries places around each peak and takes the cheapest: near, straight above, off the lines,
 * off the other notes. Deterministic: of equal places the first tried wins. */
#include "chart/layout_notes.h"

#include <math.h>

#include "chart/palette.h"

struct box {
    double left, top, right, bottom;
};

/* Does the segment enter the box? By clipping it against the four sides (Liang and Barsky). */
static bool crosses(const struct box *box, struct scene_point a, struct scene_point b)
{
    double enter = 0, leave = 1;
    const double deltas[] = {-(b.x - a.x), b.x - a.x, -(b.y - a.y), b.y - a.y};
    const double distances[] = {a.x - box->left, box->right - a.x, a.y - box->top, box->bottom - a.y};
    for (int i = 0; i < 4; i++) {
        if (deltas[i] == 0) {
            if (distances[i] < 0)
                return false;
            continue;
        }
        double at = distances[i] / deltas[i];
        if (deltas[i] < 0)
            enter = fmax(enter, at);
        else
            leave = fmin(leave, at);
    }
    return enter <= leave;
}

static bool overlap(const struct box *a, const struct box *b)
{
    return a->left < b->right && b->left < a->right && a->top < b->bottom && b->top < a->bottom;
}

struct segment {
    struct scene_point from, to;
};

/* All lines of the figure; a day alone is a segment without length. */
static GArray *segments_of(const struct layout *layout, const struct plot *plot)
{
    const struct chart_spec *spec = layout->spec;
    GArray *segments = g_array_new(FALSE, FALSE, sizeof(struct segment));
    for (size_t i = 0; i < spec->series_count; i++) {
        const struct chart_series *series = &spec->series[i];
        for (int day = 0; day < spec->day_count; day++) {
            if (!series->observed[day])
                continue;
            struct segment segment = {{plot_x(plot, day), plot_y(plot, series->values[day])}, {0, 0}};
            segment.to = segment.from;
            if (day + 1 < spec->day_count && series->observed[day + 1])
                segment.to =
                    (struct scene_point){plot_x(plot, day + 1), plot_y(plot, series->values[day + 1])};
            g_array_append_val(segments, segment);
        }
    }
    return segments;
}

/* How many of the lines' segments the box covers. */
static int covered(const GArray *segments, const struct box *box)
{
    int count = 0;
    for (guint i = 0; i < segments->len; i++) {
        const struct segment *segment = &g_array_index(segments, struct segment, i);
        if (segment->to.x >= box->left && segment->from.x <= box->right)
            count += crosses(box, segment->from, segment->to);
    }
    return count;
}

static double side_of(const struct segment *line, struct scene_point point)
{
    return (line->to.x - line->from.x) * (point.y - line->from.y) -
           (line->to.y - line->from.y) * (point.x - line->from.x);
}

/* How many of the lines' segments the leader cuts; those that only touch it, as at its peak, are not counted.
 */
static int cut(const GArray *segments, const struct segment *leader)
{
    int count = 0;
    for (guint i = 0; i < segments->len; i++) {
        const struct segment *segment = &g_array_index(segments, struct segment, i);
        count += side_of(leader, segment->from) * side_of(leader, segment->to) < 0 &&
                 side_of(segment, leader->from) * side_of(segment, leader->to) < 0;
    }
    return count;
}

/* What the notes of a figure keep clear of. */
struct obstacles {
    const struct plot *plot;
    GArray *segments; /* struct segment */
    GArray *missing;  /* struct day_range */
};

struct note {
    GPtrArray *lines;
    double width, height;
    struct scene_point peak;
    struct box box;
    struct segment leader;
};

/* From the box to just short of the peak. */
static struct segment leader_to(const struct box *box, struct scene_point peak)
{
    bool above = box->bottom < peak.y;
    double inset = fmin(3, (box->right - box->left) / 2);
    return (struct segment){
        {CLAMP(peak.x, box->left + inset, box->right - inset), above ? box->bottom : box->top},
        {peak.x, peak.y + (above ? -1.8 : 1.8)}};
}

/* The price of putting note `index` into the box; anything above `limit` once it is known to be dearer. */
static double cost(const struct obstacles *obstacles, const struct note *notes, guint index,
                   const struct box *box, double limit)
{
    const struct plot *plot = obstacles->plot;
    struct scene_point peak = notes[index].peak;
    struct box wide = {box->left - 2, box->top - 1.5, box->right + 2, box->bottom + 1.5};
    double above = peak.y - box->bottom, below = box->top - peak.y;
    double aside = fmax(0, fmax(box->left - peak.x, peak.x - box->right));
    double total = fmax(above, below + 12) + 0.3 * fabs((box->left + box->right) / 2 - peak.x) + aside;
    for (int i = 1; i < plot->scale.tick_count; i++) {
        double y = plot_y(plot, scale_tick(&plot->scale, i));
        if (y > box->top && y < box->bottom)
            total += 3;
    }
    for (guint i = 0; i < obstacles->missing->len; i++) {
        const struct day_range *range = &g_array_index(obstacles->missing, struct day_range, i);
        if (plot_x(plot, range->first - 0.5) < wide.right && plot_x(plot, range->last + 0.5) > wide.left)
            total += 25;
    }
    struct segment leader = leader_to(box, peak);
    for (guint i = 0; i < index; i++)
        if (overlap(&wide, &notes[i].box) || crosses(&wide, notes[i].leader.from, notes[i].leader.to) ||
            crosses(&notes[i].box, leader.from, leader.to))
            total += 1e5;
    if (total >= limit)
        return total;
    total += 60 * covered(obstacles->segments, &wide);
    total += 8 * cut(obstacles->segments, &leader);
    return total;
}

static void place(const struct obstacles *obstacles, struct note *notes, guint index)
{
    const struct plot *plot = obstacles->plot;
    struct note *note = &notes[index];
    double rightmost = fmax(plot->left + 2, plot->right - note->width - 2);
    double best = INFINITY;
    for (double distance = 6; distance < plot->bottom - plot->top; distance += 2)
        for (int side = 0; side < 2; side++)
            for (int shift = 0; shift < 9; shift++) {
                int steps = (shift + 1) / 2 * (shift % 2 == 0 ? 1 : -1);
                double left = note->peak.x - note->width / 2 + steps * (note->width / 4 + 3);
                double top = side == 0 ? note->peak.y - distance - note->height : note->peak.y + distance;
                if (top < plot->top + 1 || top + note->height > plot->bottom - 1)
                    continue;
                left = CLAMP(left, plot->left + 2, rightmost);
                struct box box = {left, top, left + note->width, top + note->height};
                double price = cost(obstacles, notes, index, &box, best);
                if (price < best) {
                    best = price;
                    note->box = box;
                }
            }
    if (best == INFINITY) { /* a plot hardly higher than the words */
        double left = CLAMP(note->peak.x - note->width / 2, plot->left + 2, rightmost);
        note->box = (struct box){left, plot->top + 1, left + note->width, plot->top + 1 + note->height};
    }
}

static struct scene_point peak_of(const struct chart_spec *spec, const struct chart_note *note,
                                  const struct plot *plot)
{
    const struct chart_series *series = &spec->series[note->series];
    int best = -1;
    for (int day = note->first_day; day <= note->last_day; day++)
        if (series->observed[day] && (best < 0 || series->values[day] > series->values[best]))
            best = day;
    if (best < 0) /* nothing was observed: the middle of the gap */
        return (struct scene_point){plot_x(plot, (note->first_day + note->last_day) / 2.0),
                                    (plot->top + plot->bottom) / 2};
    return (struct scene_point){plot_x(plot, best), plot_y(plot, series->values[best])};
}

static void draw(struct layout *layout, const struct note *note, uint32_t colour)
{
    const double pitch = 1.25 * LAYOUT_TEXT_SIZE;
    struct scene_stroke stroke = {.colour = PALETTE_TEXT, .width = 0.6, .casing = 0.6};
    if (fabs(note->leader.to.y - note->leader.from.y) > 1)
        scene_line(layout->scene, note->leader.from.x, note->leader.from.y, note->leader.to.x,
                   note->leader.to.y, &stroke);
    scene_dot(layout->scene, note->peak.x, note->peak.y, 3.4, colour, 0.8);
    for (guint i = 0; i < note->lines->len; i++)
        layout_add_text(layout, (struct scene_text){.role = "note",
                                                    .x = (note->box.left + note->box.right) / 2,
                                                    .y = note->box.top + 0.88 * LAYOUT_TEXT_SIZE + pitch * i,
                                                    .anchor = SCENE_MIDDLE,
                                                    .size = LAYOUT_TEXT_SIZE,
                                                    .halo = true,
                                                    .text = g_ptr_array_index(note->lines, i)});
}

void layout_notes(struct layout *layout, const struct plot *plot)
{
    const struct chart_spec *spec = layout->spec;
    struct note *notes = g_new0(struct note, spec->note_count + 1);
    struct obstacles obstacles = {plot, segments_of(layout, plot), layout_missing_ranges(spec)};
    double room = 0.6 * (plot->right - plot->left);
    guint limit = (guint)CLAMP((plot->bottom - plot->top) / (4 * LAYOUT_TEXT_SIZE), 1, 3);
    for (guint i = 0; i < spec->note_count; i++) {
        struct note *note = &notes[i];
        note->lines = layout_wrap(layout, spec->notes[i].text, LAYOUT_TEXT_SIZE, false, room, limit);
        /* Lines of like length: the leader leaves from the box, and should not start in the air. */
        double whole = layout_width(layout, spec->notes[i].text, LAYOUT_TEXT_SIZE, false);
        GPtrArray *even = layout_wrap(layout, spec->notes[i].text, LAYOUT_TEXT_SIZE, false,
                                      fmin(room, whole / MAX(note->lines->len, 1) + 1.5 * LAYOUT_TEXT_SIZE),
                                      note->lines->len + 1);
        if (even->len == note->lines->len && whole < room * note->lines->len) {
            g_ptr_array_unref(note->lines);
            note->lines = g_ptr_array_ref(even);
        }
        g_ptr_array_unref(even);
        for (guint j = 0; j < note->lines->len; j++)
            note->width = fmax(note->width, layout_width(layout, g_ptr_array_index(note->lines, j),
                                                         LAYOUT_TEXT_SIZE, false));
        note->height = 1.25 * LAYOUT_TEXT_SIZE * (note->lines->len - 1) + 1.1 * LAYOUT_TEXT_SIZE;
        note->peak = peak_of(spec, &spec->notes[i], plot);
        if (note->lines->len > 0) {
            place(&obstacles, notes, i);
            note->leader = leader_to(&note->box, note->peak);
            draw(layout, note, palette_stroke(spec->notes[i].series).colour);
        }
        g_ptr_array_unref(note->lines);
    }
    g_array_unref(obstacles.segments);
    g_array_unref(obstacles.missing);
    g_free(notes);
}

#include "render/line_break.h"

#include <assert.h>
#include <math.h>

/* Demerits beyond any sum of ordinary ones: what they mark is taken only when there is no other way. */
static const double DEMERITS_SHORT_LAST = 1e7;
static const double DEMERITS_LOOSE = 1e8;
static const double DEMERITS_OVERFULL = 1e13;
static const double DEMERITS_TWO_HYPHENS = 1e5; /* one below the other */
static const double ROUNDING = 1e-6;

/* Sums over the items [0, i): differences of two give any stretch of items in constant time. */
struct sums {
    double width, stretch, limit, shrink;
};

struct breakpoint {
    size_t item;  /* the glue or penalty at which the line ends; count at the paragraph's end */
    size_t start; /* the first box after it */
    size_t stop;  /* one past the last box before it */
    bool forced;
    double width; /* of the hyphen that stands at the line's end */
    int cost;
    double demerits; /* least sum up to here */
    size_t previous; /* the breakpoint before */
};

struct paragraph_breaks {
    const struct line_item *items;
    size_t count;
    const struct line_measure *measure;
    struct sums *sums; /* [count + 1] */
    GArray *points;    /* struct breakpoint; the first stands before the first item */
};

double line_glue_width(const struct line_item *glue, double ratio)
{
    if (ratio >= 0)
        return glue->width + fmin(glue->stretch * ratio, glue->stretch_limit);
    return glue->width + glue->shrink * ratio;
}

static void add_point(struct paragraph_breaks *p, size_t item, bool forced, int cost)
{
    struct breakpoint point = {.item = item, .forced = forced, .cost = cost, .demerits = INFINITY};
    if (item < p->count && p->items[item].kind == LINE_PENALTY)
        point.width = p->items[item].width;
    point.start = item;
    /* A forced break ends what is discarded: two in a row leave an empty line between them. */
    if (forced && point.start < p->count)
        point.start++;
    while (point.start < p->count && p->items[point.start].kind != LINE_BOX &&
           !(p->items[point.start].kind == LINE_PENALTY && p->items[point.start].cost == LINE_FORCED))
        point.start++;
    point.stop = item;
    while (point.stop > 0 && p->items[point.stop - 1].kind != LINE_BOX)
        point.stop--;
    g_array_append_val(p->points, point);
}

static void find_points(struct paragraph_breaks *p)
{
    struct breakpoint start = {.item = 0, .forced = true};
    while (start.start < p->count && p->items[start.start].kind == LINE_GLUE)
        start.start++;
    g_array_append_val(p->points, start);
    for (size_t i = 0; i < p->count; i++) {
        const struct line_item *item = &p->items[i];
        if (item->kind == LINE_GLUE && i > 0 && p->items[i - 1].kind == LINE_BOX)
            add_point(p, i, false, 0);
        else if (item->kind == LINE_PENALTY && item->cost < LINE_FORBIDDEN)
            add_point(p, i, item->cost == LINE_FORCED, item->cost);
    }
    add_point(p, p->count, true, LINE_FORCED);
}

static void sum_up(struct paragraph_breaks *p)
{
    p->sums = g_new0(struct sums, p->count + 1);
    for (size_t i = 0; i < p->count; i++) {
        const struct line_item *item = &p->items[i];
        struct sums s = p->sums[i];
        if (item->kind != LINE_PENALTY)
            s.width += item->width;
        if (item->kind == LINE_GLUE) {
            s.stretch += item->stretch;
            s.limit += item->stretch_limit;
            s.shrink += item->shrink;
        }
        p->sums[i + 1] = s;
    }
}

static double measure_at(const struct paragraph_breaks *p, size_t from)
{
    return p->measure->width - (from == 0 ? p->measure->first_indent : 0);
}

static struct sums line_sums(const struct paragraph_breaks *p, const struct breakpoint *a,
                             const struct breakpoint *b)
{
    struct sums s = {0, 0, 0, 0};
    if (b->stop > a->start) {
        const struct sums *x = &p->sums[a->start], *y = &p->sums[b->stop];
        s = (struct sums){y->width - x->width, y->stretch - x->stretch, y->limit - x->limit,
                          y->shrink - x->shrink};
    }
    s.width += b->width;
    return s;
}

/* Demerits of the line between two breakpoints; INFINITY when it cannot be squeezed into the measure. */
static double line_demerits(const struct paragraph_breaks *p, size_t from, size_t to)
{
    const struct breakpoint *a = &g_array_index(p->points, struct breakpoint, from);
    const struct breakpoint *b = &g_array_index(p->points, struct breakpoint, to);
    struct sums s = line_sums(p, a, b);
    double room = measure_at(p, from) - s.width;
    double shrink = p->measure->justified ? s.shrink : 0;
    if (room < -shrink - ROUNDING)
        return INFINITY;
    double badness, extra = 0;
    if (b->forced) {
        badness = room < 0 ? 100 * pow(-room / shrink, 3) : 0;
        if (s.width < p->measure->last_line_least && !a->forced)
            extra = DEMERITS_SHORT_LAST;
    } else if (!p->measure->justified) {
        badness = 100 * pow(room / p->measure->width, 2);
    } else if (room < 0) {
        badness = 100 * pow(-room / shrink, 3);
    } else if (room <= s.limit + ROUNDING && s.stretch > 0) {
        badness = 100 * pow(room / s.stretch, 3);
    } else {
        badness = 0;
        extra = DEMERITS_LOOSE * (1 + pow((room - s.limit) / p->measure->width * 40, 2));
    }
    if (a->width > 0 && b->width > 0)
        extra += DEMERITS_TWO_HYPHENS;
    double cost = b->forced ? 0 : b->cost;
    return pow(1 + badness, 2) + cost * cost + extra;
}

static void choose(struct paragraph_breaks *p)
{
    struct breakpoint *points = &g_array_index(p->points, struct breakpoint, 0);
    points[0].demerits = 0;
    for (size_t b = 1; b < p->points->len; b++) {
        for (size_t a = b; a-- > 0;) {
            double demerits = line_demerits(p, a, b);
            if (isinf(demerits)) {
                if (a + 1 < b)
                    break; /* lines that start earlier are longer still */
                double over = line_sums(p, &points[a], &points[b]).width - measure_at(p, a);
                demerits = DEMERITS_OVERFULL * (1 + over);
            }
            if (points[a].demerits + demerits < points[b].demerits) {
                points[b].demerits = points[a].demerits + demerits;
                points[b].previous = a;
            }
            if (points[a].forced)
                break;
        }
    }
}

/* The ratio at which the glue of [first, end) fills `room`, each glue stopping at its limit. */
static double stretch_ratio(const struct paragraph_breaks *p, size_t first, size_t end, double room)
{
    double ratio = 0;
    double fixed = 0; /* added by glue that stands at its limit */
    for (int pass = 0; pass < 64; pass++) {
        double stretch = 0, stopped = 0;
        for (size_t i = first; i < end; i++) {
            const struct line_item *item = &p->items[i];
            if (item->kind != LINE_GLUE)
                continue;
            if (item->stretch * ratio >= item->stretch_limit)
                stopped += item->stretch_limit;
            else
                stretch += item->stretch;
        }
        if (pass > 0 && stopped <= fixed)
            break;
        fixed = stopped;
        if (stretch <= 0)
            break;
        ratio = fmax((room - fixed) / stretch, ratio);
    }
    return ratio;
}

static struct line_extent set_line(const struct paragraph_breaks *p, size_t from, size_t to)
{
    const struct breakpoint *a = &g_array_index(p->points, struct breakpoint, from);
    const struct breakpoint *b = &g_array_index(p->points, struct breakpoint, to);
    struct sums s = line_sums(p, a, b);
    struct line_extent line = {.first = a->start, .end = b->stop > a->start ? b->stop : a->start};
    line.natural_width = line.width = s.width;
    line.hyphenated = b->width > 0;
    double room = measure_at(p, from) - s.width;
    if (p->measure->justified && room < 0 && s.shrink > 0)
        line.ratio = fmax(room / s.shrink, -1);
    else if (p->measure->justified && room > 0 && !b->forced && room <= s.limit + ROUNDING)
        line.ratio = stretch_ratio(p, line.first, line.end, room);
    line.width = b->width;
    for (size_t i = line.first; i < line.end; i++) {
        const struct line_item *item = &p->items[i];
        if (item->kind == LINE_BOX)
            line.width += item->width;
        else if (item->kind == LINE_GLUE)
            line.width += line_glue_width(item, line.ratio);
    }
    return line;
}

GArray *line_break(const struct line_item *items, size_t count, const struct line_measure *measure)
{
    assert(measure->width > 0);
    GArray *lines = g_array_new(FALSE, FALSE, sizeof(struct line_extent));
    if (count == 0)
        return lines;
    struct paragraph_breaks p = {.items = items, .count = count, .measure = measure};
    p.points = g_array_new(FALSE, FALSE, sizeof(struct breakpoint));
    find_points(&p);
    sum_up(&p);
    choose(&p);
    for (size_t b = p.points->len - 1; b > 0;) {
        size_t a = g_array_index(p.points, struct breakpoint, b).previous;
        struct line_extent line = set_line(&p, a, b);
        g_array_prepend_val(lines, line);
        b = a;
    }
    g_array_unref(p.points);
    g_free(p.sums);
    return lines;
}

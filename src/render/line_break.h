/* line_break.h - where a paragraph breaks into lines: boxes, glue and penalties in, lines out. Knows no font
 * and no cairo.
 *
 *     struct line_item items[] = {
 *         {.kind = LINE_BOX, .width = 10.5},
 *         {.kind = LINE_PENALTY, .cost = LINE_FORBIDDEN},           // kinsoku: no break before the next box
 *         {.kind = LINE_GLUE, .stretch = 1, .stretch_limit = 2.6},
 *         {.kind = LINE_BOX, .width = 5.25}, ...
 *     };
 *     GArray *lines = line_break(items, count, &(struct line_measure){.width = 420, .justified = true});
 *
 * The whole paragraph is considered at once (Knuth and Plass, "Breaking paragraphs into lines", 1981), by
 * dynamic programming: the breaks chosen have the least sum of demerits. As there, a break is possible at a
 * glue that follows a box, and at a penalty below LINE_FORBIDDEN; glue next to a break vanishes, which is
 * what trims a line's end of the half em behind 、 and its start of the half em before （.
 *
 * Unlike there, glue has a limit that is never passed (JLREQ 3.8: spacing between Japanese characters). Each
 * line gives way to one ratio, but a glue that reached its limit stops, and the others take what is left. A
 * line that cannot be filled within all limits stays short; a line is wider than the measure only when a
 * single box is.
 */
#ifndef TEITEN_RENDER_LINE_BREAK_H
#define TEITEN_RENDER_LINE_BREAK_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

enum line_item_kind { LINE_BOX, LINE_GLUE, LINE_PENALTY };
enum { LINE_FORBIDDEN = 10000, LINE_FORCED = -10000 };
#define LINE_NO_CLUSTER ((size_t)-1)

struct line_item {
    enum line_item_kind kind;
    double width;         /* box, glue: natural width in points; penalty: of the hyphen that a line ends with
                             when it breaks there */
    double stretch;       /* glue: added at ratio 1 */
    double stretch_limit; /* glue: most that is ever added */
    double shrink;        /* glue: most that is ever taken */
    int cost;             /* penalty: LINE_FORCED to LINE_FORBIDDEN */
    size_t cluster; /* the caller's own index of what the box (or a space's glue) shows; LINE_NO_CLUSTER:
                       nothing */
};

struct line_measure {
    double width;
    double first_indent;    /* taken from the first line */
    double last_line_least; /* a last line narrower than this is avoided; 0: any */
    bool justified;         /* false: glue keeps its natural width, lines are evened out loosely */
};

/* One line: the items [first, end), which start and end with a box (first == end: an empty line). */
struct line_extent {
    size_t first, end;
    double natural_width;
    double ratio;    /* > 0: stretch times ratio, up to its limit, is added to each glue; < 0: shrink times
                        -ratio is taken */
    double width;    /* as set, hyphen included */
    bool hyphenated; /* ends with a hyphen */
};

/* Array of struct line_extent, one at least when count > 0. Unref it. */
GArray *line_break(const struct line_item *items, size_t count, const struct line_measure *measure);

/* Width of a glue in a line of that ratio. */
double line_glue_width(const struct line_item *glue, double ratio);

#endif

/* scene.h - a drawing as a display list: marks and text runs with coordinates, from back to front.
 *
 *     struct scene *scene = scene_new(440, 240);
 *     scene_begin_group(scene, "series-1", "Telnet 23/TCP");
 *     scene_polyline(scene, points, count, &(struct scene_stroke){.colour = 0xD55E00, .width = 1.7});
 *     scene_end_group(scene);
 *     scene_text(scene, &(struct scene_text){.x = 10, .y = 20, .size = 8, .text = "12万"});
 *
 * Points (1/72 inch); the origin is the upper left corner, y grows downwards. Colours are 0xRRGGBB, all
 * opaque. Whoever draws a scene needs to know nothing else: fonts, sizes and places are settled.
 */
#ifndef TEITEN_CHART_SCENE_H
#define TEITEN_CHART_SCENE_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/civil_date.h"

enum scene_kind {
    SCENE_GROUP_BEGIN,
    SCENE_GROUP_END,
    SCENE_RECTANGLE, /* filled */
    SCENE_HATCH,     /* a rectangle filled with diagonal lines */
    SCENE_LINE,
    SCENE_POLYLINE,
    SCENE_AREA, /* a filled polygon */
    SCENE_DOT,  /* a filled circle */
    SCENE_TEXT,
};

enum scene_anchor { SCENE_START, SCENE_MIDDLE, SCENE_END };

struct scene_point {
    double x, y;
};

enum { SCENE_DASH_LIMIT = 4 };

struct scene_stroke {
    uint32_t colour;
    double width;
    double casing; /* white shown on either side of the line; 0: none */
    double dash[SCENE_DASH_LIMIT];
    int dash_count; /* 0: solid; with a dash of length 0, round ends make dots */
    bool round_ends;
};

/* One line of text: a run, and perhaps a second one after a gap, in another weight ("Telnet" "23/TCP"). */
struct scene_text {
    const char *role; /* what it is: "headline", "tick", "label", ...; static */
    double x, y;      /* the anchor, on the baseline */
    enum scene_anchor anchor;
    double size;
    bool bold;
    bool halo; /* white around the letters, over lines of the grid */
    uint32_t colour;
    double width; /* of all of it, as measured by the layout */
    const char *text;
    const char *detail; /* not bold, after detail_gap; NULL or "": none. Anchored at the start only */
    double detail_gap;
    uint32_t detail_colour;
};

struct scene_mark {
    enum scene_kind kind;
    char *name;                 /* groups: id, unique in the scene */
    char *title;                /* groups: what it shows */
    double x, y, width, height; /* rectangle, hatch; dot: centre, and the diameter twice */
    struct scene_point *points; /* line: 2; polyline: point_count */
    size_t point_count;
    /* rectangle, area and dot: the colour is the fill's; hatch: its lines'; dot: casing */
    struct scene_stroke stroke;
    struct scene_text text; /* owns its strings */
};

struct scene {
    double width_pt, height_pt;
    char *language;
    char *identifier;       /* prefix of ids in SVG */
    char *title;            /* accessible name */
    char *description;      /* alternative text */
    uint32_t background;    /* under everything, and the colour of casings and halos */
    struct civil_date date; /* after the last day shown: stands for the date of creation */
    GArray *marks;          /* struct scene_mark */
};

struct scene *scene_new(double width_pt, double height_pt);
void scene_begin_group(struct scene *scene, const char *name, const char *title);
void scene_end_group(struct scene *scene);
void scene_rectangle(struct scene *scene, double x, double y, double width, double height, uint32_t colour);
void scene_hatch(struct scene *scene, double x, double y, double width, double height);
void scene_line(struct scene *scene, double x1, double y1, double x2, double y2,
                const struct scene_stroke *stroke);
void scene_polyline(struct scene *scene, const struct scene_point *points, size_t count,
                    const struct scene_stroke *stroke);
void scene_area(struct scene *scene, const struct scene_point *points, size_t count, uint32_t colour);
void scene_dot(struct scene *scene, double x, double y, double diameter, uint32_t colour, double casing);
/* Copies the strings. */
void scene_text(struct scene *scene, const struct scene_text *text);

const struct scene_mark *scene_mark(const struct scene *scene, size_t index);
/* The box of a text: one em high, and a quarter below the baseline for letters like g. */
void scene_text_box(const struct scene_text *text, double *left, double *top, double *right, double *bottom);
/* The diagonal lines of a hatch, two points each, inside its rectangle. Unref the array of struct
 * scene_point. */
GArray *scene_hatch_lines(const struct scene_mark *mark);

extern const double scene_hatch_width;

/* "12.5": fixed decimals at most, no trailing zeros, no "-0", whatever the locale. */
void scene_append_number(GString *out, double value, int decimals);

#endif

/* chart_check.h - what holds for every scene: all ink inside its frame, no two texts on each other. */
#ifndef TEITEN_TESTS_CHART_CHECK_H
#define TEITEN_TESTS_CHART_CHECK_H

#include <math.h>

#include "unit/chart_fixture.h"

#include "chart/palette.h"

static inline void check_inside(const struct scene *scene, double left, double top, double right,
                                double bottom)
{
    const double slack = 1e-6;
    if (left < -slack || top < -slack || right > scene->width_pt + slack || bottom > scene->height_pt + slack)
        fail_msg("ink at %g %g %g %g, outside %g x %g", left, top, right, bottom, scene->width_pt,
                 scene->height_pt);
}

static inline void check_scene(const struct scene *scene)
{
    GArray *texts = g_array_new(FALSE, FALSE, sizeof(const struct scene_text *));
    int depth = 0;
    for (size_t i = 0; i < scene->marks->len; i++) {
        const struct scene_mark *mark = scene_mark(scene, i);
        double pen = mark->stroke.width / 2;
        double left, top, right, bottom;
        switch (mark->kind) {
        case SCENE_GROUP_BEGIN:
            depth++;
            break;
        case SCENE_GROUP_END:
            depth--;
            assert_true(depth >= 0);
            break;
        case SCENE_RECTANGLE:
        case SCENE_HATCH:
            assert_true(mark->width >= 0 && mark->height >= 0);
            check_inside(scene, mark->x, mark->y, mark->x + mark->width, mark->y + mark->height);
            break;
        case SCENE_DOT:
            check_inside(scene, mark->x - mark->width / 2, mark->y - mark->width / 2,
                         mark->x + mark->width / 2, mark->y + mark->width / 2);
            break;
        case SCENE_LINE:
        case SCENE_POLYLINE:
        case SCENE_AREA:
            for (size_t j = 0; j < mark->point_count; j++)
                check_inside(scene, mark->points[j].x - pen, mark->points[j].y - pen, mark->points[j].x + pen,
                             mark->points[j].y + pen);
            break;
        case SCENE_TEXT: {
            const struct scene_text *text = &mark->text;
            scene_text_box(text, &left, &top, &right, &bottom);
            check_inside(scene, left, top, right, bottom);
            assert_true(text->size >= 8);
            assert_true(text->colour == PALETTE_TEXT || text->colour == PALETTE_TEXT_SECOND);
            for (guint j = 0; j < texts->len && !g_str_equal(text->role, "note"); j++) {
                const struct scene_text *other = g_array_index(texts, const struct scene_text *, j);
                double l, t, r, b;
                scene_text_box(other, &l, &t, &r, &b);
                if (left < r && l < right && top < b && t < bottom)
                    fail_msg("%s \"%s\" overlaps %s \"%s\"", text->role, text->text, other->role,
                             other->text);
            }
            if (!g_str_equal(text->role, "note"))
                g_array_append_val(texts, text);
            break;
        }
        }
    }
    assert_int_equal(depth, 0);
    g_array_unref(texts);
}

static inline char *random_text(GRand *random, int longest)
{
    static const char *const parts[] = {"Telnet", "観測", " ", "23/TCP", "（", "）", "、", "é", "g"};
    GString *out = g_string_new(NULL);
    for (int length = g_rand_int_range(random, 0, longest + 1); length > 0; length--)
        g_string_append(out, parts[g_rand_int_range(random, 0, (gint32)G_N_ELEMENTS(parts))]);
    return g_string_free(out, FALSE);
}

#endif

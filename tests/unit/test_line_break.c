/* Where lines break, and what may stand between two characters: boxes, glue and classes, without fonts. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "render/line_break.h"
#include "render/line_class.h"
#include "unit/line_check.h"

/* ---- the engine ---- */

static struct line_item box(double width)
{
    return (struct line_item){.kind = LINE_BOX, .width = width, .cluster = LINE_NO_CLUSTER};
}

static struct line_item glue(double width, double stretch, double limit, double shrink)
{
    return (struct line_item){
        .kind = LINE_GLUE, .width = width, .stretch = stretch, .stretch_limit = limit, .shrink = shrink};
}

static struct line_item penalty(int cost)
{
    return (struct line_item){.kind = LINE_PENALTY, .cost = cost};
}

static const struct line_extent *extent(GArray *lines, guint i)
{
    return &g_array_index(lines, struct line_extent, i);
}

/* Squares of 10 with glue between: a row of n. */
static GArray *squares(size_t n, double stretch, double limit, double shrink)
{
    GArray *items = g_array_new(FALSE, FALSE, sizeof(struct line_item));
    for (size_t i = 0; i < n; i++) {
        struct line_item item = glue(0, stretch, limit, shrink);
        if (i > 0)
            g_array_append_val(items, item);
        item = box(10);
        g_array_append_val(items, item);
    }
    return items;
}

static GArray *break_items(GArray *items, struct line_measure measure)
{
    return line_break(&g_array_index(items, struct line_item, 0), items->len, &measure);
}

static void lines_that_fit_exactly_need_no_stretch(void **state)
{
    (void)state;
    GArray *items = squares(10, 1, 2.5, 0);
    GArray *lines = break_items(items, (struct line_measure){.width = 50, .justified = true});
    assert_int_equal(lines->len, 2);
    assert_int_equal(extent(lines, 0)->first, 0);
    assert_int_equal(extent(lines, 0)->end, 9); /* five boxes, four glues */
    assert_int_equal(extent(lines, 1)->first, 10);
    assert_close(extent(lines, 0)->width, 50);
    assert_close(extent(lines, 0)->ratio, 0);
    g_array_unref(lines);
    g_array_unref(items);
}

static void stretch_fills_the_measure_and_stops_at_the_limit(void **state)
{
    (void)state;
    /* Four boxes in 44: three gaps of 4/3 each. */
    GArray *items = squares(8, 1, 2.5, 0);
    GArray *lines = break_items(items, (struct line_measure){.width = 44, .justified = true});
    assert_close(extent(lines, 0)->width, 44);
    struct line_item *gap = &g_array_index(items, struct line_item, 1);
    assert_close(line_glue_width(gap, extent(lines, 0)->ratio), 4.0 / 3);
    g_array_unref(lines);
    g_array_unref(items);
    /* Four boxes in 49 would need gaps of 3: the limit is 2.5, so the line stays short, at its natural width.
     */
    items = squares(8, 1, 2.5, 0);
    lines = break_items(items, (struct line_measure){.width = 49, .justified = true});
    assert_close(extent(lines, 0)->width, 40);
    g_array_unref(lines);
    g_array_unref(items);
}

static void glue_at_its_limit_leaves_the_rest_to_the_others(void **state)
{
    (void)state;
    /* 30 of boxes in 34: 4 to share; one gap stops at 1, the other takes 3. */
    struct line_item items[] = {box(10), glue(0, 1, 1, 0), box(10),          glue(0, 1, 5, 0),
                                box(10), penalty(0),       glue(0, 1, 5, 0), box(10)};
    GArray *lines =
        line_break(items, G_N_ELEMENTS(items), &(struct line_measure){.width = 34, .justified = true});
    assert_int_equal(lines->len, 2);
    assert_close(extent(lines, 0)->width, 34);
    assert_close(line_glue_width(&items[1], extent(lines, 0)->ratio), 1);
    assert_close(line_glue_width(&items[3], extent(lines, 0)->ratio), 3);
    g_array_unref(lines);
}

static void shrink_is_never_exceeded(void **state)
{
    (void)state;
    /* 50 of boxes and 5 of glue that shrinks by 1 in 54: fits. In 53.9: does not, and one box goes down. */
    for (int i = 0; i < 2; i++) {
        struct line_item items[] = {box(25), glue(5, 0, 0, 1), box(25), glue(5, 0, 0, 1), box(25)};
        GArray *lines = line_break(items, G_N_ELEMENTS(items),
                                   &(struct line_measure){.width = i == 0 ? 54 : 53.9, .justified = true});
        assert_int_equal(extent(lines, 0)->end, i == 0 ? 3 : 1);
        assert_true(extent(lines, 0)->width <= (i == 0 ? 54 : 53.9) + 1e-6);
        g_array_unref(lines);
    }
}

static void forbidden_and_forced_breaks(void **state)
{
    (void)state;
    struct line_item items[] = {
        box(10), glue(0, 1, 9, 0),     box(10), penalty(LINE_FORBIDDEN), glue(0, 1, 9, 0),
        box(10), penalty(LINE_FORCED), box(10)};
    GArray *lines =
        line_break(items, G_N_ELEMENTS(items), &(struct line_measure){.width = 25, .justified = true});
    assert_int_equal(lines->len, 3); /* 10 | 10 10 forbidden to part | forced | 10 */
    assert_int_equal(extent(lines, 0)->end, 1);
    assert_int_equal(extent(lines, 1)->first, 2);
    assert_int_equal(extent(lines, 1)->end, 6);
    assert_int_equal(extent(lines, 2)->first, 7);
    g_array_unref(lines);
}

static void a_short_last_line_is_avoided(void **state)
{
    (void)state;
    GArray *items = squares(11, 2, 4, 0);
    GArray *lines = break_items(items, (struct line_measure){.width = 100, .justified = true});
    assert_close(extent(lines, lines->len - 1)->width, 10); /* ten and one, when nobody minds */
    g_array_unref(lines);
    lines = break_items(items, (struct line_measure){.width = 100, .justified = true, .last_line_least = 30});
    assert_int_equal(lines->len, 2);
    assert_true(extent(lines, 1)->width >= 30);
    assert_true(extent(lines, 0)->width <= 100 + 1e-6);
    g_array_unref(lines);
    g_array_unref(items);
}

static void only_a_single_box_is_wider_than_the_measure(void **state)
{
    (void)state;
    struct line_item items[] = {box(10), glue(3, 1, 1, 0), box(60), glue(3, 1, 1, 0), box(10)};
    GArray *lines =
        line_break(items, G_N_ELEMENTS(items), &(struct line_measure){.width = 50, .justified = true});
    assert_int_equal(lines->len, 3);
    assert_close(extent(lines, 1)->width, 60);
    g_array_unref(lines);
    assert_int_equal(0, (lines = line_break(items, 0, &(struct line_measure){.width = 50}))->len);
    g_array_unref(lines);
}

/* ---- the classes ---- */

static struct line_gap gap_of(const char *pair)
{
    gunichar before = g_utf8_get_char(pair), after = g_utf8_get_char(g_utf8_next_char(pair));
    return line_class_gap(line_class_of(before), line_class_of(after));
}

static void punctuation_shares_its_space(void **state)
{
    (void)state;
    static const struct {
        const char *pair;
        double em;
    } expected[] = {{"漢字", 0}, {"、漢", 0.5},  {"。漢", 0.5},  {"漢（", 0.5},    {"（漢", 0},
                    {"漢）", 0}, {"）（", 0.5},  {"、「", 0.5},  {"）、", 0},      {"」。", 0},
                    {"「『", 0}, {"漢・", 0.25}, {"・漢", 0.25}, {"漢a", 1.0 / 6}, {"9年", 1.0 / 6},
                    {"4〜", 0},  {"、a", 0.5},   {"a（", 0.5},   {"漢ー", 0}};
    for (size_t i = 0; i < G_N_ELEMENTS(expected); i++) {
        double width = gap_of(expected[i].pair).width;
        if (fabs(width - expected[i].em) > 1e-9)
            fail_msg("%s: %g em, expected %g", expected[i].pair, width, expected[i].em);
    }
}

static void no_break_before_or_after_those(void **state)
{
    (void)state;
    for (const char *p = never_first; *p != '\0'; p = g_utf8_next_char(p)) {
        assert_false(line_class_gap(LINE_CLASS_IDEOGRAPH, line_class_of(g_utf8_get_char(p))).breakable);
        assert_false(line_class_gap(LINE_CLASS_LATIN, line_class_of(g_utf8_get_char(p))).breakable);
    }
    for (const char *p = never_last; *p != '\0'; p = g_utf8_next_char(p)) {
        assert_false(line_class_gap(line_class_of(g_utf8_get_char(p)), LINE_CLASS_IDEOGRAPH).breakable);
        assert_false(line_class_gap(line_class_of(g_utf8_get_char(p)), LINE_CLASS_LATIN).breakable);
    }
    assert_true(gap_of("漢字").breakable);
    assert_true(gap_of("、漢").breakable);
    assert_true(gap_of("漢「").breakable);
    assert_false(gap_of("……").breakable);
}

static void no_gap_may_grow_beyond_a_quarter(void **state)
{
    (void)state;
    for (int a = LINE_CLASS_IDEOGRAPH; a <= LINE_CLASS_IDEOGRAPHIC_SPACE; a++) {
        for (int b = LINE_CLASS_IDEOGRAPH; b <= LINE_CLASS_IDEOGRAPHIC_SPACE; b++) {
            struct line_gap gap = line_class_gap((enum line_class)a, (enum line_class)b);
            assert_true(gap.stretch_limit <= 0.25 && gap.shrink <= gap.width);
        }
    }
    struct line_gap latin = gap_of("漢a");
    assert_true(latin.stretch_limit <= 0.08 && latin.shrink <= 0.08);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_that_fit_exactly_need_no_stretch),
        cmocka_unit_test(stretch_fills_the_measure_and_stops_at_the_limit),
        cmocka_unit_test(glue_at_its_limit_leaves_the_rest_to_the_others),
        cmocka_unit_test(shrink_is_never_exceeded),
        cmocka_unit_test(forbidden_and_forced_breaks),
        cmocka_unit_test(a_short_last_line_is_avoided),
        cmocka_unit_test(only_a_single_box_is_wider_than_the_measure),
        cmocka_unit_test(punctuation_shares_its_space),
        cmocka_unit_test(no_break_before_or_after_those),
        cmocka_unit_test(no_gap_may_grow_beyond_a_quarter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

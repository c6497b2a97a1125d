#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <libxml/parser.h>

#include "chart/chart.h"
#include "chart/scene.h"

static void check_number(double value, int decimals, const char *expected)
{
    GString *out = g_string_new(NULL);
    scene_append_number(out, value, decimals);
    assert_string_equal(out->str, expected);
    g_string_free(out, TRUE);
}

static void numbers(void **state)
{
    (void)state;
    check_number(12.5, 2, "12.5");
    check_number(100, 2, "100"); /* zeros before the point stay */
    check_number(100, 0, "100");
    check_number(0.004, 2, "0");
    check_number(-0.004, 2, "0");
    check_number(-3.256, 2, "-3.26");
    check_number(123456789.126, 2, "123456789.13");
    check_number(-1e6, 2, "-1000000");
}

/* Every number is rounded as printf rounds it, those between two hundredths too. */
static void numbers_are_those_of_printf(void **state)
{
    (void)state;
    for (int i = -40000; i < 40000; i++) {
        /* eighths and thousandths meet the middle; sevenths do not */
        const double values[] = {i / 8.0, i / 1000.0, i / 7.0, i * 25.0051, i / 2000.0};
        for (size_t v = 0; v < G_N_ELEMENTS(values); v++) {
            char text[64];
            snprintf(text, sizeof text, "%.2f", values[v]);
            char *end = text + strlen(text);
            while (end[-1] == '0')
                *--end = '\0';
            if (end[-1] == '.')
                *--end = '\0';
            check_number(values[v], 2, strcmp(text, "-0") == 0 ? "0" : text);
        }
    }
}

static struct scene *sample(void)
{
    struct scene *scene = scene_new(100, 50.5);
    scene->language = g_strdup("ja");
    scene->identifier = g_strdup("fig7");
    scene->title = g_strdup("A & <B> \"C\"");
    scene->description = g_strdup("説明 ]]> 🎉");
    scene_begin_group(scene, "series-1", "Telnet 23/TCP");
    scene_rectangle(scene, 1, 2, 3, 4.126, 0xF0F0F0);
    scene_line(scene, 0, 1, 2, 3, &(struct scene_stroke){.colour = 0xCC, .width = 0.4});
    scene_end_group(scene);
    scene_polyline(scene, (struct scene_point[]){{0, 0}, {1, 1}, {2, 0}}, 3,
                   &(struct scene_stroke){.colour = 0xD55E00,
                                          .width = 1.7,
                                          .casing = 0.8,
                                          .dash = {0, 2.5},
                                          .dash_count = 2,
                                          .round_ends = true});
    scene_dot(scene, 5, 6, 3, 0, 0);
    scene_hatch(scene, 10, 10, 20, 5);
    scene_text(scene, &(struct scene_text){.role = "label",
                                           .x = 3,
                                           .y = 9,
                                           .size = 8,
                                           .bold = true,
                                           .colour = 0x111111,
                                           .width = 30,
                                           .text = "a<\"b\\",
                                           .detail = "23/TCP",
                                           .detail_gap = 4,
                                           .detail_colour = 0x444444});
    return scene;
}

static void dump(void **state)
{
    (void)state;
    struct scene *scene = sample();
    char *text = scene_dump(scene);
    assert_string_equal(
        text, "scene 100 50.5 ja \"A & <B> \\\"C\\\"\"\n"
              "group series-1 \"Telnet 23/TCP\"\n"
              "  rectangle 1 2 3 4.13 #F0F0F0\n"
              "  line 0 1 2 3 #0000CC width 0.4\n"
              "end\n"
              "polyline 0 0 1 1 2 0 #D55E00 width 1.7 casing 0.8 dash 0 2.5\n"
              "dot 5 6 3 #000000\n"
              "hatch 10 10 20 5\n"
              "text label 3 9 start size 8 bold #111111 width 30 \"a<\\\"b\\\\\" \"23/TCP\" #444444\n");
    g_free(text);
    scene_free(scene);
}

static void svg_is_xml_and_says_what_it_shows(void **state)
{
    (void)state;
    struct scene *scene = sample();
    struct error err = {0};
    GBytes *svg = scene_svg(scene, &err);
    assert_non_null(svg);
    gsize size;
    const char *data = g_bytes_get_data(svg, &size);
    xmlDoc *document = xmlReadMemory(data, (int)size, NULL, NULL, XML_PARSE_NONET);
    assert_non_null(document);
    const xmlNode *root = xmlDocGetRootElement(document);
    xmlChar *role = xmlGetNoNsProp(root, (const xmlChar *)"role");
    assert_string_equal((const char *)role, "img");
    xmlFree(role);
    xmlChar *labelled = xmlGetNoNsProp(root, (const xmlChar *)"aria-labelledby");
    assert_string_equal((const char *)labelled, "fig7-title");
    xmlFree(labelled);
    const xmlNode *title = xmlFirstElementChild((xmlNode *)root);
    assert_string_equal((const char *)title->name, "title");
    assert_string_equal((const char *)title->children->content, "A & <B> \"C\"");
    xmlFreeDoc(document);

    char *text = g_strndup(data, size);
    assert_non_null(strstr(text, "viewBox=\"0 0 100 50.5\""));
    assert_non_null(strstr(text, "<g id=\"fig7-series-1\">"));
    assert_non_null(strstr(text, "stroke-dasharray=\"0 2.5\""));
    assert_non_null(
        strstr(text, ">a&lt;&quot;b\\<tspan dx=\"4\" font-weight=\"400\" fill=\"#444444\">23/TCP</tspan>"));
    assert_non_null(
        strstr(text, "<rect width=\"100\" height=\"50.5\" fill=\"#FFFFFF\"/>")); /* for dark pages */
    assert_null(strstr(text, "href"));
    assert_null(strstr(text, "style"));
    g_free(text);
    g_bytes_unref(svg);
    scene_free(scene);
}

static void svg_refuses_what_xml_cannot_carry(void **state)
{
    (void)state;
    const char *const bad[] = {"a\x01", "a\xEF\xBF\xBF", "a\xFF"};
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        struct scene *scene = sample();
        struct error err = {0};
        g_free(scene->description);
        scene->description = g_strdup(bad[i]);
        assert_null(scene_svg(scene, &err));
        assert_int_equal(err.kind, ERROR_INPUT);
        assert_non_null(strstr(err.message, "figure fig7"));
        scene_free(scene);
    }
}

static void hatch_lines_stay_inside(void **state)
{
    (void)state;
    const double boxes[][4] = {{10, 10, 20, 5}, {0, 0, 3, 100}, {7.3, 41.9, 100, 3}, {5, 5, 0.5, 0.5}};
    for (size_t i = 0; i < G_N_ELEMENTS(boxes); i++) {
        const double *box = boxes[i];
        struct scene_mark mark = {.x = box[0], .y = box[1], .width = box[2], .height = box[3]};
        GArray *lines = scene_hatch_lines(&mark);
        assert_int_equal(lines->len % 2, 0);
        if (box[2] > 4 || box[3] > 4)
            assert_true(lines->len >= 4);
        for (guint j = 0; j < lines->len; j++) {
            struct scene_point point = g_array_index(lines, struct scene_point, j);
            assert_true(point.x >= box[0] - 1e-9 && point.x <= box[0] + box[2] + 1e-9);
            assert_true(point.y >= box[1] - 1e-9 && point.y <= box[1] + box[3] + 1e-9);
        }
        g_array_unref(lines);
    }
}

static void text_boxes_follow_the_anchor(void **state)
{
    (void)state;
    struct scene_text text = {.x = 50, .y = 20, .size = 8, .width = 30};
    double left, top, right, bottom;
    scene_text_box(&text, &left, &top, &right, &bottom);
    assert_true(fabs(left - 50) <= 1e-9);
    assert_true(fabs(right - 80) <= 1e-9);
    assert_true(top > 11 && top < 20 && bottom > 20 && bottom < 24);
    text.anchor = SCENE_MIDDLE;
    scene_text_box(&text, &left, &top, &right, &bottom);
    assert_true(fabs(left - 35) <= 1e-9);
    text.anchor = SCENE_END;
    scene_text_box(&text, &left, &top, &right, &bottom);
    assert_true(fabs(right - 50) <= 1e-9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers),
        cmocka_unit_test(numbers_are_those_of_printf),
        cmocka_unit_test(dump),
        cmocka_unit_test(svg_is_xml_and_says_what_it_shows),
        cmocka_unit_test(svg_refuses_what_xml_cannot_carry),
        cmocka_unit_test(hatch_lines_stay_inside),
        cmocka_unit_test(text_boxes_follow_the_anchor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Sentences of prose: what stayed, what was edited, and hostile fragments. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <glib/gstdio.h>
#include <string.h>

#include "render/prose_difference.h"

struct scene {
    char *folder;
    struct publication publication;
    struct edition edition, other;
};

static void fragment_write(const struct scene *scene, const struct edition *edition, const char *content)
{
    char *folder = g_build_filename(scene->folder, edition->name, NULL);
    char *path = g_build_filename(folder, "a.xhtml", NULL);
    char *text = g_strdup_printf("<t:fragment xmlns=\"http://www.w3.org/1999/xhtml\" "
                                 "xmlns:t=\"urn:teiten:template:1\">%s</t:fragment>",
                                 content);
    assert_int_equal(g_mkdir_with_parents(folder, 0755), 0);
    assert_true(g_file_set_contents(path, text, -1, NULL));
    g_free(text);
    g_free(path);
    g_free(folder);
}

static void scene_init(struct scene *scene, const char *now, const char *before)
{
    struct error err = {0};
    memset(scene, 0, sizeof *scene);
    scene->folder = g_dir_make_tmp("teiten-prose-XXXXXX", NULL);
    assert_non_null(scene->folder);
    scene->publication.folder = scene->folder;
    scene->publication.prose_folder = (char *)(uintptr_t) "{edition}";
    assert_int_equal(edition_parse("2025q1", 4, &scene->edition, &err), 0);
    scene->other = edition_previous(&scene->edition);
    if (now != NULL)
        fragment_write(scene, &scene->edition, now);
    if (before != NULL)
        fragment_write(scene, &scene->other, before);
}

static void scene_release(struct scene *scene)
{
    const struct edition *const editions[] = {&scene->edition, &scene->other};
    for (size_t i = 0; i < G_N_ELEMENTS(editions); i++) {
        char *folder = g_build_filename(scene->folder, editions[i]->name, NULL);
        char *path = g_build_filename(folder, "a.xhtml", NULL);
        g_unlink(path);
        g_rmdir(folder);
        g_free(path);
        g_free(folder);
    }
    g_rmdir(scene->folder);
    g_free(scene->folder);
}

static struct prose_difference *compare(const struct scene *scene)
{
    struct error err = {0};
    struct prose_difference *difference =
        prose_difference_new(&scene->publication, &scene->edition, &scene->other, "ja", &err);
    if (difference == NULL)
        fail_msg("%s", err.message);
    return difference;
}

static void sentences_end_outside_quotations(void **state)
{
    (void)state;
    struct scene scene;
    scene_init(&scene, "<p>「行きます。」と<em>書き</em>ます。次の文です！最後の文</p><ul><li>項目</li></ul>",
               NULL);
    struct prose_difference *difference = compare(&scene);
    assert_int_equal(difference->item_count, 4);
    assert_string_equal(difference->items[0].text, "「行きます。」と書きます。");
    assert_string_equal(difference->items[1].text, "次の文です！");
    assert_string_equal(difference->items[2].text, "最後の文");
    assert_string_equal(difference->items[3].text, "項目");
    assert_int_equal(difference->counts[PROSE_SENTENCE][PROSE_NEW], 4);
    prose_difference_free(difference);
    scene_release(&scene);
}

static void sentences_of_spaced_scripts(void **state)
{
    (void)state;
    struct scene scene;
    scene_init(&scene,
               "<p>It rose, e.g. on No. 5, by 2.5 times. “It fell.” Did it? (It did!) See\n  RFC "
               "9293.</p><p>End.</p>",
               NULL);
    struct prose_difference *difference = compare(&scene);
    static const char *const expected[] = {"It rose, e.g. on No. 5, by 2.5 times.",
                                           "“It fell.”",
                                           "Did it?",
                                           "(It did!)",
                                           "See RFC 9293.",
                                           "End."};
    assert_int_equal(difference->item_count, G_N_ELEMENTS(expected));
    for (size_t i = 0; i < G_N_ELEMENTS(expected); i++)
        assert_string_equal(difference->items[i].text, expected[i]);
    assert_int_equal(prose_difference_whole(difference, 3), 6); /* all of the file is new */
    prose_difference_free(difference);
    scene_release(&scene);
}

static void wholly_new_files_are_told_apart(void **state)
{
    (void)state;
    struct scene scene;
    scene_init(&scene, "<p>一。二。三。四。</p>", "<p>一。</p>");
    struct prose_difference *difference = compare(&scene);
    assert_int_equal(prose_difference_whole(difference, 1), 0); /* one sentence stayed */
    prose_difference_free(difference);
    scene_release(&scene);
    scene_init(&scene, NULL, "<p>一。二。三。四。</p>");
    difference = compare(&scene);
    assert_int_equal(prose_difference_whole(difference, 0), 4); /* all gone */
    prose_difference_free(difference);
    scene_release(&scene);
}

/* Two sentences that are both like one of the other edition: the one that shares more is its edit. */
static void the_most_alike_is_the_edit(void **state)
{
    (void)state;
    struct scene scene;
    scene_init(&scene, "<p>古い機器は5台あり、直しました。古い機器は5台ありました。まったく別の話。</p>",
               "<p>古い機器は3台ありました。</p>");
    struct prose_difference *difference = compare(&scene);
    assert_int_equal(difference->item_count, 3);
    assert_int_equal(difference->items[0].status, PROSE_NEW);
    assert_int_equal(difference->items[1].status, PROSE_EDITED);
    assert_string_equal(difference->items[1].other_text, "古い機器は3台ありました。");
    assert_int_equal(difference->items[2].status, PROSE_NEW);
    prose_difference_free(difference);
    scene_release(&scene);
}

/* Order does not matter, each sentence is used once: of three equal ones against two, one is new. */
static void equal_sentences_are_matched_once(void **state)
{
    (void)state;
    struct scene scene;
    scene_init(&scene, "<p>同じ。同じ。同じ。違う。</p>", "<p>違う。同じ。</p><p>同\n じ。</p>");
    struct prose_difference *difference = compare(&scene);
    assert_int_equal(difference->counts[PROSE_SENTENCE][PROSE_SAME], 3);
    assert_int_equal(difference->counts[PROSE_SENTENCE][PROSE_NEW], 1);
    assert_int_equal(difference->counts[PROSE_SENTENCE][PROSE_DROPPED], 0);
    assert_int_equal(difference->items[2].status, PROSE_NEW);
    prose_difference_free(difference);
    scene_release(&scene);
}

/* A text with more changed sentences than are paired: nothing is lost, all are new and dropped. */
static void another_text_altogether(void **state)
{
    (void)state;
    GString *now = g_string_new("<p>");
    GString *before = g_string_new("<p>");
    for (int i = 0; i <= PROSE_PAIRED_MAX; i++) {
        g_string_append_printf(now, "新しい文%d。", i);
        g_string_append_printf(before, "前の文%d。", i);
    }
    g_string_append(now, "</p>");
    g_string_append(before, "</p>");
    struct scene scene;
    scene_init(&scene, now->str, before->str);
    struct prose_difference *difference = compare(&scene);
    assert_int_equal(difference->counts[PROSE_SENTENCE][PROSE_NEW], PROSE_PAIRED_MAX + 1);
    assert_int_equal(difference->counts[PROSE_SENTENCE][PROSE_DROPPED], PROSE_PAIRED_MAX + 1);
    prose_difference_free(difference);
    scene_release(&scene);
    g_string_free(before, TRUE);
    g_string_free(now, TRUE);
}

/* A picture outside the folder is named, never read. */
static void a_picture_outside_is_not_read(void **state)
{
    (void)state;
    struct scene scene;
    scene_init(&scene, "<t:picture src=\"/etc/hostname\" alt=\"a\"/><t:picture src=\"../x.png\" alt=\"b\"/>",
               "<t:picture src=\"/etc/hostname\" alt=\"c\"/>");
    struct prose_difference *difference = compare(&scene);
    assert_int_equal(difference->item_count, 2);
    assert_int_equal(difference->items[0].status, PROSE_EDITED); /* its alternative text */
    assert_int_equal(difference->items[1].status, PROSE_NEW);
    prose_difference_free(difference);
    scene_release(&scene);
}

static void editions_without_prose(void **state)
{
    (void)state;
    struct scene scene;
    scene_init(&scene, NULL, NULL);
    struct prose_difference *difference = compare(&scene);
    assert_int_equal(difference->item_count, 0);
    prose_difference_free(difference);
    scene_release(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sentences_end_outside_quotations), cmocka_unit_test(sentences_of_spaced_scripts),
        cmocka_unit_test(wholly_new_files_are_told_apart),  cmocka_unit_test(the_most_alike_is_the_edit),
        cmocka_unit_test(equal_sentences_are_matched_once), cmocka_unit_test(another_text_altogether),
        cmocka_unit_test(a_picture_outside_is_not_read),    cmocka_unit_test(editions_without_prose),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

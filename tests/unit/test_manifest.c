#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <glib/gstdio.h>

#include "render/manifest.h"
#include "render/provenance.h"
#include "unit/model_fixture.h"
#include "unit/scratch.h"

static void files_stand_by_name_with_size_and_digest(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_init(&fixture);
    struct output_set set;
    output_set_init(&set);
    output_set_add(&set, "style.css", g_bytes_new_static("", 0));
    output_set_add(&set, "data/ports.csv", g_bytes_new_static("abc", 3));
    struct provenance_file one = {text_of("report.xhtml"), text_of("abcd")};
    GPtrArray *made_from = g_ptr_array_new();
    g_ptr_array_add(made_from, &one);
    GBytes *bytes = manifest_write(&fixture.model, "2025-07-31", made_from, &set);
    g_ptr_array_unref(made_from);
    char *text = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    /* SHA-256 of "abc" and of nothing: FIPS 180-2, appendix B.1, and the well-known empty digest. */
    const char *first = strstr(
        text, "{\n      \"name\" : \"data/ports.csv\",\n      \"sha256\" : "
              "\"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\",\n      \"size\" : 3");
    const char *second =
        strstr(text, "\"sha256\" : \"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\",\n   "
                     "   \"size\" : 0");
    assert_non_null(first);
    assert_non_null(second);
    assert_true(first < second);
    assert_non_null(strstr(text, "\"edition\" : \"2025q1\""));
    assert_non_null(strstr(text, "\"name\" : \"report.xhtml\",\n      \"sha256\" : \"abcd\""));
    assert_non_null(strstr(text, "\"first_day\" : \"2025-04-01\""));
    assert_non_null(strstr(text, "\"previous_edition\" : \"2024q4\""));
    assert_non_null(strstr(text, "\"year_before_edition\" : null"));
    assert_true(g_str_has_suffix(text, "}\n"));
    assert_null(strstr(text, fixture.folder));
    g_free(text);
    g_bytes_unref(bytes);
    output_set_release(&set);
    fixture_release(&fixture);
}

static void assert_guarded(struct scratch *scratch, const char *lost)
{
    struct error err = {0};
    const char *folder = scratch_path(scratch, "out");
    if (lost == NULL) {
        assert_int_equal(manifest_guard(folder, MANIFEST_REPORT, &err), 0);
        return;
    }
    assert_int_equal(manifest_guard(folder, MANIFEST_REPORT, &err), -1);
    assert_int_equal(err.kind, ERROR_OUTPUT);
    char *expected =
        g_strdup_printf("%s: holds %s, which teiten did not publish and would lose", folder, lost);
    assert_true(g_str_has_prefix(err.message, expected));
    g_free(expected);
}

/* What somebody put into the folder is named, at any depth; what an earlier publication left may go. */
static void a_folder_of_somebody_is_not_replaced(void **state)
{
    (void)state;
    struct scratch scratch;
    struct error err = {0};
    scratch_init(&scratch);
    assert_guarded(&scratch, NULL); /* there is none */
    assert_int_equal(g_mkdir(scratch_path(&scratch, "out"), 0755), 0);
    assert_guarded(&scratch, NULL); /* empty */
    scratch_write(&scratch, "out/data/ports.csv", "abc");
    assert_guarded(&scratch, "data/ports.csv"); /* no manifest */
    scratch_write(&scratch, "out/manifest.json",
                  "{\"files\": [{\"name\": \"data/ports.csv\"}, {}, 3, {\"name\": null}]}");
    assert_guarded(&scratch, NULL);
    scratch_write(&scratch, "out/data/notes/mine.txt", "");
    assert_guarded(&scratch, "data/notes/mine.txt");
    scratch_write(&scratch, "out/.htaccess", "");
    assert_guarded(&scratch, ".htaccess"); /* the first by name */
    for (const char *const *text =
             (const char *const[]){"{}", "[]", "", "{\"files\": {}}", "{\"files\"", NULL};
         *text != NULL; text++) {
        scratch_write(&scratch, "out/manifest.json", *text);
        assert_guarded(&scratch, ".htaccess");
    }
    assert_int_equal(manifest_guard(scratch_path(&scratch, "out/manifest.json"), MANIFEST_REPORT, &err), -1);
    assert_non_null(strstr(err.message, "is no folder"));
    scratch_release(&scratch);
}

static void assert_subject(const char *folder, enum manifest_subject subject, const char *message)
{
    struct error err = {0};
    assert_int_equal(manifest_guard(folder, subject, &err), message == NULL ? 0 : -1);
    if (message == NULL)
        return;
    assert_int_equal(err.kind, ERROR_OUTPUT);
    assert_string_equal(err.message + strlen(folder), message);
}

static void a_review_and_a_report_do_not_replace_each_other(void **state)
{
    (void)state;
    struct scratch scratch;
    scratch_init(&scratch);
    const char *folder = scratch_path(&scratch, "out");
    scratch_write(&scratch, "out/report.pdf", "");
    scratch_write(&scratch, "out/manifest.json", "{\"files\": [{\"name\": \"report.pdf\"}]}");
    assert_subject(folder, MANIFEST_REPORT, NULL);
    assert_subject(folder, MANIFEST_REVIEW,
                   ": holds a published report, expected an empty folder, or one with an earlier review");
    scratch_write(&scratch, "out/manifest.json", "{\"files\": [{\"name\": \"review.pdf\"}]}");
    assert_int_equal(
        g_rename(scratch_path(&scratch, "out/report.pdf"), scratch_path(&scratch, "out/review.pdf")), 0);
    assert_subject(folder, MANIFEST_REVIEW, NULL);
    assert_subject(folder, MANIFEST_REPORT,
                   ": holds a published review, expected an empty folder, or one with an earlier report");
    scratch_release(&scratch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_stand_by_name_with_size_and_digest),
        cmocka_unit_test(a_folder_of_somebody_is_not_replaced),
        cmocka_unit_test(a_review_and_a_report_do_not_replace_each_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

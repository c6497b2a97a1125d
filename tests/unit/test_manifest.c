#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "render/manifest.h"
#include "unit/model_fixture.h"

static void files_stand_by_name_with_size_and_digest(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_init(&fixture);
    struct output_set set;
    output_set_init(&set);
    output_set_add(&set, "style.css", g_bytes_new_static("", 0));
    output_set_add(&set, "data/ports.csv", g_bytes_new_static("abc", 3));
    GBytes *bytes = manifest_write(&fixture.model, "2025-07-31", &set);
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

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(files_stand_by_name_with_size_and_digest)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

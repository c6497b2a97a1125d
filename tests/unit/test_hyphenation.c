/* Where Western words are parted, which are left whole, and the lines that come of it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "render/hyphenation.h"
#include "render/paragraph.h"
#include "unit/scratch.h"

/* The word with a bar at each place. */
static char *parted(const struct hyphenation *hyphenation, const char *word)
{
    size_t length = (size_t)g_utf8_strlen(word, -1);
    bool *places = g_new0(bool, length + 1);
    GString *shown = g_string_new(NULL);
    hyphenation_find(hyphenation, word, length, places);
    for (size_t i = 0; i < length; i++, word = g_utf8_next_char(word)) {
        g_string_append(shown, places[i] ? "|" : "");
        g_string_append_unichar(shown, g_utf8_get_char(word));
    }
    g_free(places);
    return g_string_free(shown, FALSE);
}

static void check(const struct hyphenation *hyphenation, const char *word, const char *expected)
{
    char *shown = parted(hyphenation, word);
    assert_string_equal(shown, expected);
    g_free(shown);
}

static void words_are_parted_between_syllables(void **state)
{
    (void)state;
    struct error err = {0};
    struct hyphenation *english = hyphenation_new("/nonexistent", "en-US", &err);
    assert_non_null(english);
    check(english, "observation", "obser|va|tion");
    check(english, "Transmission", "Trans|mis|sion");
    check(english, "packet", "packet"); /* no part of two letters */
    check(english, "sensors", "sen|sors");
    check(english, "rank", "rank");         /* short */
    check(english, "AFRINICA", "AFRINICA"); /* an abbreviation */
    check(english, "OpenWrtRouter", "OpenWrtRouter");
    check(english, "observ4tion", "observ4tion");
    check(english, "", "");
    char *endless = g_strnfill(5000, 'a');
    check(english, endless, endless);
    g_free(endless);
    hyphenation_free(english);
}

static void patterns_beside_the_page_template_come_first(void **state)
{
    (void)state;
    struct error err = {0};
    struct scratch scratch;
    scratch_init(&scratch);
    /* Latin-1, as older files are: 1b is a place before b, and the letter with an accent is one byte. */
    static const char PATTERNS[] = "ISO8859-1\n\xE9\x31"
                                   "b\n";
    scratch_write_bytes(&scratch, "hyph_en_US.dic", PATTERNS, strlen(PATTERNS));
    struct hyphenation *own = hyphenation_new(scratch.folder, "en-US", &err);
    assert_non_null(own);
    check(own, "abcébcde", "abcé|bcde");
    check(own, "observation", "observation");
    check(own, "abcぁbcde", "abcぁbcde"); /* not in that encoding */
    hyphenation_free(own);
    scratch_release(&scratch);
}

static void a_language_without_patterns_is_an_error(void **state)
{
    (void)state;
    struct error err = {0};
    assert_null(hyphenation_new("/here", "tlh", &err));
    assert_int_equal(err.kind, ERROR_INPUT);
    assert_string_equal(err.message, "PDF: no hyphenation patterns for tlh, expected the Debian package "
                                     "hyphen-tlh or a file hyph_tlh.dic in /here");
    hyphenation_free(NULL);
}

/* ---- lines ---- */

static const double SIZE = 10;
static const char PROSE[] =
    "The region of a source is that of its IP address in the allocation data published by the Regional "
    "Internet Registries. It says nothing of where the sender is or of the sender's nationality. There was a "
    "gradual decrease throughout the period in source addresses with the signature, which first appeared in "
    "infrastructure equipment and configuration interfaces of manufacturers.";

static GPtrArray *set_as(struct fonts *fonts, const char *string, double width,
                         const struct hyphenation *hyphenation, bool is_code)
{
    struct line_style style = {.role = "sans", .size = SIZE, .is_code = is_code};
    struct error err = {0};
    struct line_text text;
    line_text_init(&text);
    line_text_append(&text, &style, string);
    struct paragraph_form form = {.width = width, .justified = true, .hyphenation = hyphenation};
    GPtrArray *lines = paragraph_set(&text, &form, fonts, "en", "test", &err);
    if (lines == NULL)
        fail_msg("%s", err.message);
    line_text_release(&text);
    return lines;
}

static GPtrArray *set(struct fonts *fonts, const char *string, double width,
                      const struct hyphenation *hyphenation)
{
    return set_as(fonts, string, width, hyphenation, false);
}

/* All the text of a line, as a reader of the PDF gets it. */
static char *text_of(const struct line *line)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < line->glyphs->len; i++)
        g_string_append(text, ((const struct line_glyphs *)line->glyphs->pdata[i])->text->str);
    return g_string_free(text, FALSE);
}

/* A command with a hyphen of ours in it would be another command. */
static void code_is_not_hyphenated(void **state)
{
    struct error err = {0};
    struct hyphenation *english = hyphenation_new("/nonexistent", "en-US", &err);
    for (double width = 150; width <= 450; width += 5) {
        GPtrArray *lines = set_as(*state, PROSE, width, english, true);
        for (guint i = 0; i < lines->len; i++) {
            char *text = text_of(lines->pdata[i]);
            assert_false(g_str_has_suffix(text, "\u00AD"));
            g_free(text);
        }
        g_ptr_array_unref(lines);
    }
    hyphenation_free(english);
}

static void hyphenated_lines_fill_the_measure(void **state)
{
    struct error err = {0};
    struct hyphenation *english = hyphenation_new("/nonexistent", "en-US", &err);
    guint hyphens = 0, ragged = 0, total = 0;
    for (double width = 270; width <= 450; width += 5) {
        GPtrArray *lines = set(*state, PROSE, width, english);
        GString *read = g_string_new(NULL);
        guint row = 0;
        for (guint i = 0; i < lines->len; i++) {
            const struct line *line = lines->pdata[i];
            char *text = text_of(line);
            bool hyphen = g_str_has_suffix(text, "\u00AD");
            assert_true(line->width <= width + 1e-6);
            assert_false(i + 1 == lines->len && hyphen);
            ragged += i + 1 < lines->len && fabs(line->width - width) > 1e-6;
            hyphens += hyphen;
            row = hyphen ? row + 1 : 0;
            assert_true(row < 3 || width < 250); /* no ladders */
            g_string_append(read, text);
            if (hyphen)
                g_string_truncate(read, read->len - strlen("\u00AD"));
            else if (i + 1 < lines->len)
                g_string_append_c(read, ' ');
            total++;
            g_free(text);
        }
        assert_string_equal(read->str, PROSE); /* hyphens taken out, nothing is lost or added */
        g_string_free(read, TRUE);
        g_ptr_array_unref(lines);
    }
    if (hyphens < 20 || ragged * 20 > total) /* where only holes would fill them, all lines are ragged */
        fail_msg("%u hyphens and %u lines not filled among %u lines", hyphens, ragged, total);
    hyphenation_free(english);
}

static void a_number_stays_with_its_name(void **state)
{
    for (double width = 100; width < 260; width += 3) {
        GPtrArray *lines =
            set(*state, "as shown in Figure 1 and Table 2, see also Section 3 on page 4", width, NULL);
        for (guint i = 0; i < lines->len; i++) {
            char *text = text_of(lines->pdata[i]);
            assert_false(g_ascii_isdigit(text[0]));
            g_free(text);
        }
        g_ptr_array_unref(lines);
    }
}

static void soft_hyphens_of_the_source_are_places(void **state)
{
    const char *const source = "aaaaaaaaaaaaaa\u00ADbbbbbbbbbbbb";
    GPtrArray *lines = set(*state, source, 100, NULL);
    assert_int_equal(lines->len, 2);
    char *first = text_of(lines->pdata[0]), *second = text_of(lines->pdata[1]);
    assert_string_equal(first, "aaaaaaaaaaaaaa\u00AD");
    assert_string_equal(second, "bbbbbbbbbbbb");
    g_free(first);
    g_free(second);
    g_ptr_array_unref(lines);
    lines = set(*state, source, 300, NULL);
    first = text_of(lines->pdata[0]);
    assert_string_equal(first, "aaaaaaaaaaaaaabbbbbbbbbbbb");
    g_free(first);
    g_ptr_array_unref(lines);
}

static int set_up(void **state)
{
    struct error err = {0};
    const char *source = g_getenv("TEITEN_SOURCE");
    g_setenv("TEITEN_DATA", source != NULL ? source : "..", TRUE);
    *state = fonts_new(&err);
    return *state == NULL;
}

static int tear_down(void **state)
{
    fonts_free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_parted_between_syllables),
        cmocka_unit_test(patterns_beside_the_page_template_come_first),
        cmocka_unit_test(a_language_without_patterns_is_an_error),
        cmocka_unit_test(code_is_not_hyphenated),
        cmocka_unit_test(hyphenated_lines_fill_the_measure),
        cmocka_unit_test(a_number_stays_with_its_name),
        cmocka_unit_test(soft_hyphens_of_the_source_are_places),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}

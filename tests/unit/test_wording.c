/* The wording is data: what a file must hold, and the small parts of a sentence. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "report/phrase.h"
#include "unit/scratch.h"
#include "unit/summary_fixture.h"

static void load_shipped_in(struct wording *wording, const char *language)
{
    struct error err = {0};
    struct publication publication = {0};
    struct edition edition;
    fixture_data_folder();
    assert_int_equal(edition_parse("2025q1", 4, &edition, &err), 0);
    if (wording_load_for(wording, &publication, &edition, language, &err) != 0)
        fail_msg("%s", err.message);
}

static void load_shipped(struct wording *wording)
{
    load_shipped_in(wording, "ja");
}

/* The shipped file with every occurrence of `from` made `to`. */
static char *shipped_with(const char *from, const char *to)
{
    struct error err = {0};
    char *text = NULL;
    fixture_data_folder();
    char *path = data_folder_path("templates/ja/wording.csv", &err);
    assert_non_null(path);
    assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_free(path);
    assert_non_null(strstr(text, from));
    char **parts = g_strsplit(text, from, -1);
    g_free(text);
    text = g_strjoinv(to, parts);
    g_strfreev(parts);
    return text;
}

/* Loading the changed file fails with FILE and `message`. */
static void refused(const char *from, const char *to, const char *message)
{
    struct scratch scratch;
    struct wording wording = {0};
    struct error err = {0};
    char *text = shipped_with(from, to);
    scratch_init(&scratch);
    const char *path = scratch_write(&scratch, "wording.csv", text);
    assert_int_equal(wording_load(&wording, path, &err), -1);
    assert_int_equal(err.kind, ERROR_INPUT);
    char *expected = scratch_message(path, message);
    assert_string_equal(err.message, expected);
    assert_null(wording.patterns);
    g_free(expected);
    g_free(text);
    scratch_release(&scratch);
}

static void the_shipped_wording_is_complete(void **state)
{
    (void)state;
    struct wording wording = {0};
    load_shipped(&wording);
    char *text = wording_text(&wording, "entered", "place", "5番目", "label", "カナダ", "previous-place",
                              "9番目", NULL);
    assert_string_equal(text, "カナダは、前四半期の9番目から5番目に入りました。");
    g_free(text);
    wording_release(&wording);
}

static void assert_text(char *text, const char *expected)
{
    assert_string_equal(text, expected);
    g_free(text);
}

static void words_follow_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *rank, *place;
    } ordinals[] = {
        {"1", "1st place"},     {"2", "2nd place"},     {"3", "3rd place"},     {"4", "4th place"},
        {"10", "10th place"},   {"11", "11th place"},   {"12", "12th place"},   {"13", "13th place"},
        {"21", "21st place"},   {"22", "22nd place"},   {"23", "23rd place"},   {"100", "100th place"},
        {"101", "101st place"}, {"111", "111th place"}, {"112", "112th place"}, {"1,001", "1,001st place"},
    };
    struct wording wording = {0};
    load_shipped_in(&wording, "en");
    for (size_t i = 0; i < G_N_ELEMENTS(ordinals); i++)
        assert_text(wording_text(&wording, "place", "rank", ordinals[i].rank, NULL), ordinals[i].place);
    assert_text(wording_text(&wording, "quality-overlap", "count", "1", NULL),
                "For 1 IP address, the records of several RIRs name different regions; a fixed rule decides "
                "between them.");
    assert_text(wording_text(&wording, "quality-duplicates", "count", "1", NULL),
                "1 capture file has the same contents as another and is not counted twice.");
    assert_text(wording_text(&wording, "quality-duplicates", "count", "1,001", NULL),
                "1,001 capture files have the same contents as another and are not counted twice.");
    assert_text(wording_text(&wording, "quality-incomplete", "count", "0", NULL),
                "0 capture files could be read only in part; what could be read is counted.");
    wording_release(&wording);
}

static void lists_are_joined_as_the_language_does(void **state)
{
    (void)state;
    static const struct {
        const char *language, *one, *two, *three, *four;
    } lists[] = {
        {"ja", "A", "AとB", "A、B、C", "A、B、C、D"},
        {"en", "A", "A and B", "A, B, and C", "A, B, C, and D"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(lists); i++) {
        struct wording wording = {0};
        GPtrArray *texts = g_ptr_array_new();
        const char *const expected[] = {"", lists[i].one, lists[i].two, lists[i].three, lists[i].four};
        char names[][2] = {"A", "B", "C", "D"};
        load_shipped_in(&wording, lists[i].language);
        for (size_t count = 0; count < G_N_ELEMENTS(expected); count++) {
            GString *out = g_string_new(NULL);
            phrase_append_list(&wording, out, texts);
            assert_text(g_string_free(out, FALSE), expected[count]);
            if (count < G_N_ELEMENTS(names))
                g_ptr_array_add(texts, names[count]);
        }
        g_ptr_array_unref(texts);
        wording_release(&wording);
    }
}

static void bad_files_are_refused_with_their_line(void **state)
{
    (void)state;
    /* date is on line 14 of the shipped file. */
    refused("date,{month}月{day}日", "date,{month}月{dya}日",
            ": line 14: rule 'date' has the unknown placeholder {dya}, expected month day");
    refused("date,{month}月{day}日", "date,{month}月{day|日}{day}",
            ": line 14: rule 'date' has 1 forms in {day|日}, expected 2 (one, other) or 4 (1st, 2nd, 3rd, "
            "other)");
    /* A form of a word is not the number. */
    refused("date,{month}月{day}日", "date,{month}月{day|日|日}",
            ": line 14: rule 'date' lacks the placeholder {day}");
    refused("date,{month}月{day}日", "date,{month}月{day}日{dya|a|b}",
            ": line 14: rule 'date' has the unknown placeholder {dya}, expected month day");
    refused("date,{month}月{day}日", "date,{month}月1日",
            ": line 14: rule 'date' lacks the placeholder {day}");
    refused("date,{month}月{day}日", "date,{month月{day}日",
            ": line 14: rule 'date' has a brace without its partner, expected {placeholder}");
    refused("date,{month}月{day}日", "date,{month}月{day}日}",
            ": line 14: rule 'date' has a brace without its partner, expected {placeholder}");
    refused("date,{month}月{day}日", "daet,{month}月{day}日", ": line 14: unknown rule 'daet'");
    refused("date,{month}月{day}日", "date,", ": line 14: rule 'date' has an empty pattern, expected a text");
    refused("date,{month}月{day}日", "date,{month}月,{day}日",
            ": line 14: 3 fields, expected 2 (a pattern with a comma needs quotes)");
    refused("\nabsent,-\n", "\n", ": no pattern for the rule 'absent', expected one line for it");
    refused("absent,-\n", "absent,-\nabsent,.\n", ": line 33: rule 'absent' stands twice, expected once");
    refused("absent,-\n", "absent,{rank}\n",
            ": line 32: rule 'absent' has the unknown placeholder {rank}, expected none");
    refused("rule,pattern", "rule,text", ": line 1: no column 'pattern', expected rule,pattern");
}

static void the_publications_own_wording_comes_first(void **state)
{
    (void)state;
    struct scratch scratch;
    struct wording wording = {0};
    struct error err = {0};
    struct edition edition;
    struct publication publication = {0};
    scratch_init(&scratch);
    publication.folder = scratch.folder;
    publication.template_folder = g_strdup("templates");
    assert_int_equal(edition_parse("2025q1", 4, &edition, &err), 0);
    char *text = shipped_with("absent,-", "absent,なし");
    scratch_write(&scratch, "templates/ja/wording.csv", text);
    g_free(text);
    assert_int_equal(wording_load_for(&wording, &publication, &edition, "ja", &err), 0);
    text = wording_text(&wording, "absent", NULL);
    assert_string_equal(text, "なし");
    g_free(text);
    wording_release(&wording);
    /* A language for which there is no wording anywhere is an error that names the file. */
    assert_int_equal(wording_load_for(&wording, &publication, &edition, "xx", &err), -1);
    assert_non_null(strstr(err.message, "templates/xx/wording.csv"));
    g_free(publication.template_folder);
    scratch_release(&scratch);
}

static void assert_taken(GString *out, const char *expected)
{
    assert_string_equal(out->str, expected);
    g_string_truncate(out, 0);
}

static void dates_ranges_and_thirds(void **state)
{
    (void)state;
    struct wording wording = {0};
    GString *out = g_string_new(NULL);
    struct civil_date may7 = {2025, 5, 7}, may9 = {2025, 5, 9}, june2 = {2025, 6, 2};
    load_shipped(&wording);
    phrase_append_date(&wording, out, may7);
    assert_taken(out, "5月7日");
    phrase_append_range(&wording, out, may7, may9);
    assert_taken(out, "5月7日から9日");
    phrase_append_range(&wording, out, may9, june2);
    assert_taken(out, "5月9日から6月2日");
    phrase_append_range(&wording, out, may9, may9);
    assert_taken(out, "5月9日");
    phrase_append_range_about(&wording, out, may7, may9);
    assert_taken(out, "5月7日頃から9日頃");
    phrase_append_range_short(&wording, out, may7, may9);
    assert_taken(out, "5月7日〜5月9日");
    const struct {
        int day;
        const char *text;
    } thirds[] = {{1, "6月初め"},  {10, "6月初め"}, {11, "6月中旬"},
                  {20, "6月中旬"}, {21, "6月下旬"}, {30, "6月下旬"}};
    for (size_t i = 0; i < G_N_ELEMENTS(thirds); i++) {
        phrase_append_third(&wording, out, (struct civil_date){2025, 6, thirds[i].day});
        assert_taken(out, thirds[i].text);
    }
    g_string_free(out, TRUE);
    wording_release(&wording);
}

static void changes_and_shares_are_exact(void **state)
{
    (void)state;
    struct wording wording = {0};
    GString *out = g_string_new(NULL);
    load_shipped(&wording);
    phrase_append_change(&wording, out, COUNT_PACKETS, 75000, 73810); /* 1190 / 73810 = 1.612 % */
    assert_taken(out, "+1.6%(+1,190件)");
    phrase_append_change(&wording, out, COUNT_PACKETS, 500, 1500);
    assert_taken(out, "-66.7%(-1,000件)");
    phrase_append_change(&wording, out, COUNT_PACKETS, 0, 1500);
    assert_taken(out, "-100.0%(-1,500件)");
    phrase_append_change(&wording, out, COUNT_PACKETS, 7, 0);
    assert_taken(out, "新規");
    phrase_append_change(&wording, out, COUNT_PACKETS, 7, 7);
    assert_taken(out, "±0");
    phrase_append_change(&wording, out, COUNT_PACKETS, 0, 0);
    assert_taken(out, "±0");
    phrase_append_change(&wording, out, COUNT_PACKETS, UINT64_C(1) << 63, UINT64_C(1) << 62);
    assert_taken(out, "+100.0%(+4,611,686,018,427,387,904件)");
    phrase_append_change(&wording, out, COUNT_BYTES, 500, 1500);
    assert_taken(out, "-66.7%(-1,000バイト)");
    phrase_append_average(out, 1234.5);
    assert_taken(out, "1,234.50");
    phrase_append_average(out, 999.999); /* rounds up to the next thousand */
    assert_taken(out, "1,000.00");
    phrase_append_average(out, 0);
    assert_taken(out, "0.00");
    phrase_append_average_change(&wording, out, COUNT_PACKETS, 755.65, 743.75); /* 11.90 / 743.75 = 1.6 % */
    assert_taken(out, "+1.6%(+11.90件)");
    phrase_append_average_change(&wording, out, COUNT_BYTES, 10, 1240.5);
    assert_taken(out, "-99.2%(-1,230.50バイト)");
    phrase_append_average_change(&wording, out, COUNT_PACKETS, 16.5, 0.5);
    assert_taken(out, "+3,200.0%(+16.00件)");
    phrase_append_average_change(&wording, out, COUNT_PACKETS, 0.5, 0);
    assert_taken(out, "新規");
    phrase_append_average_change(&wording, out, COUNT_PACKETS, 0, 0);
    assert_taken(out, "±0");
    phrase_append_average_change(&wording, out, COUNT_PACKETS, 0.1, 1000); /* something is left */
    assert_taken(out, "-99.9%(-999.90件)");
    phrase_append_change(&wording, out, COUNT_PACKETS, 13, 42954);
    assert_taken(out, "-99.9%(-42,941件)");
    phrase_append_change(&wording, out, COUNT_PACKETS, 0, 42954);
    assert_taken(out, "-100.0%(-42,954件)");
    phrase_append_percent(out, 9999, 10000);
    assert_taken(out, "99.9%");
    phrase_append_percent(out, 1, 3);
    assert_taken(out, "33.3%");
    phrase_append_percent(out, 5, 0);
    assert_taken(out, "0.0%");
    phrase_append_percent(out, 1, 2000); /* 0.05 % rounds up */
    assert_taken(out, "0.1%");
    phrase_append_decimal(out, 1234567.25);
    assert_taken(out, "1,234,567.2");
    phrase_append_decimal(out, 0.0);
    assert_taken(out, "0.0");
    phrase_append_ratio(out, 0.25);
    assert_taken(out, "0.250000");
    g_string_free(out, TRUE);
    wording_release(&wording);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_shipped_wording_is_complete),
        cmocka_unit_test(words_follow_numbers),
        cmocka_unit_test(lists_are_joined_as_the_language_does),
        cmocka_unit_test(bad_files_are_refused_with_their_line),
        cmocka_unit_test(the_publications_own_wording_comes_first),
        cmocka_unit_test(dates_ranges_and_thirds),
        cmocka_unit_test(changes_and_shares_are_exact),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

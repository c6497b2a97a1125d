/* Slips in the text: what must be told, and what must not. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "render/lint_text.h"
#include "unit/model_fixture.h"

struct world {
    struct fixture fixture;
    struct error err;
    char *languages[3];
};

static int set_up(void **state)
{
    struct world *world = g_new0(struct world, 1);
    fixture_init(&world->fixture);
    world->languages[0] = text_of("ja");
    world->languages[1] = text_of("en");
    world->fixture.publication.languages = world->languages;
    g_free(world->fixture.publication.file);
    world->fixture.publication.file = g_build_filename(world->fixture.folder, "publication.xml", NULL);
    fixture_text(&world->fixture, "publication.xml", "<publication/>");
    lint_settings_init(&world->fixture.publication.lint);
    *state = world;
    return 0;
}

static int tear_down(void **state)
{
    struct world *world = *state;
    lint_settings_release(&world->fixture.publication.lint);
    g_clear_pointer(&world->fixture.publication.file, g_free);
    fixture_release(&world->fixture);
    g_free(world);
    return 0;
}

/* "LINE RULE" of each finding, joined by "; ". Owned by the caller. */
static char *found_in(struct world *world, const char *language)
{
    GPtrArray *findings =
        lint_edition(&world->fixture.publication, &world->fixture.edition, language, &world->err);
    if (findings == NULL)
        fail_msg("%s", world->err.message);
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < findings->len; i++) {
        const struct lint_finding *finding = findings->pdata[i];
        g_string_append_printf(out, "%s%ld %s", i > 0 ? "; " : "", finding->line,
                               lint_rule_name(finding->rule));
    }
    g_ptr_array_unref(findings);
    return g_string_free(out, FALSE);
}

static void assert_found(struct world *world, const char *language, const char *content, const char *expected)
{
    char *name = strcmp(language, "ja") == 0 ? g_strdup("overview") : g_strdup_printf("%s/a", language);
    fixture_prose(&world->fixture, name, content);
    char *found = found_in(world, language);
    if (strcmp(found, expected) != 0)
        fail_msg("%s: found \"%s\", expected \"%s\"", content, found, expected);
    g_free(found);
    g_free(name);
}

/* A paragraph each; every rule that it breaks is told once, on its line. */
static void slips_are_told(void **state)
{
    static const struct {
        const char *text, *rules;
    } cases[] = {
        {"東京,大阪で観測しました。", "2 half-width-punctuation"},
        {"増えました.その後、減りました。", "2 half-width-punctuation"},
        {"「増加」,「減少」の順です。", "2 half-width-punctuation"},
        {"本当でしょうか?", "2 half-width-punctuation"},
        {"急増しました!", "2 half-width-punctuation"},
        {"ｶﾒﾗの画面です。", "2 half-width-katakana"},
        {"2025年４月の結果です。", "2 full-width-letters"},
        {"２０２５年の結果です。", "2 full-width-letters"},
        {"ＴＣＰのポートです。", "2 full-width-letters"},
        {"4～6月と7〜9月と10〜12月です。", "2 wave-dash"},
        {"結果をを示します。", "2 doubled-particle"},
        {"これをを示します。", "2 doubled-particle"},
        {"国内にに届きました。", "2 doubled-particle"},
        {"増加がが見られました。", "2 doubled-particle"},
        {"送信元のの数です。", "2 doubled-particle"},
        {"ポートのの数です。", "2 doubled-particle"},
        {"件数はは増えました。", "2 doubled-particle"},
        {"TCPととUDPです。", "2 doubled-particle"},
        {"国内でで観測しました。", "2 doubled-particle"},
        {"<strong>結果</strong>をを示します。", "2 doubled-particle"},
        {"<t:ref to=\"x\"/>にに示します。", "2 doubled-particle"},
        {"増えました。。", "2 doubled-punctuation"},
        {"増え、、減りました。", "2 doubled-punctuation"},
        {"観測 結果を示します。", "2 blank-in-japanese"},
        {"ここはXYZで調べます。", "2 abbreviation"},
        {"要確認：数を直す。", "2 open-marker"},
        {"一行目です。\n二行目、、です。\n結果をを示します。", "3 doubled-punctuation; 4 doubled-particle"},
        {"<!-- 一\n二\n三 -->結果をを示します。", "4 doubled-particle"},
        {"値は<t:note>ここで\nはXYZを使う。</t:note>\n多く、、です。",
         "3 abbreviation; 4 doubled-punctuation"},
    };
    struct world *world = *state;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        char *content = g_strdup_printf("<p>%s</p>", cases[i].text);
        assert_found(world, "ja", content, cases[i].rules);
        g_free(content);
    }
}

static void what_is_right_is_left_alone(void **state)
{
    static const char *const texts[] = {
        "Telnet（23/TCP）宛てのパケットは、4月23日頃から増えました。",
        "IPアドレスの数は1,234件、割合は12.5%でした。",
        "増加とともに、ものの見方も変わり、もののうちの一つは、人口ののべ数です。",
        "母ははっきりと、店でできることを、祖国のために行うこととしました。",
        "国ににんじんを送り、音楽と雅楽ががくっと減り、そののちに増えました。",
        "RFC 9293, RFC 791は、IPの規格です。",
        "version 2.1.0の画面です。ファイル名は<code>a,b.txt</code>です。",
        "詳しくは<a href=\"https://example.jp/~a/\">https://example.jp/~a/</a>をご覧ください。",
        "インターネットサービスプロバイダー（ISP）を通じて、ISPの利用者にお願いします。",
        "NAS（ネットワークに接続する記憶装置）と録画装置（DVR/NVR）が目立ちました。NAS、DVR、NVRの例です。",
        "<abbr title=\"Industrial Control System\">ICS</abbr>は多く見られました。",
        "<cite lang=\"en\">RIR Statistics, the the</cite>を参照しました。",
        "<span lang=\"en\">Service Name, Port Number.</span>を参照しました。",
        "第IV章と付録VIIを見てください。",
        "4〜6月と7〜9月の結果です。",
        "4～6月と7～9月の結果です。",
        "一つの文が\n      長くても、\n      行の終わりは空白になりません。",
        "Miraiは2016年、SHA-256は2001年に公開されました。UTF-8で書きます。",
        "えっ、何ですか！！ さあ……。",
        "http(80/TCP)と、4~6月と、次の例:を直します。",
    };
    struct world *world = *state;
    fixture_template(&world->fixture,
                     "<p>x</p>"); /* with t:normalise: brackets are put right by themselves */
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        char *content = g_strdup_printf("<p>%s</p>", texts[i]);
        assert_found(world, "ja", content, "");
        g_free(content);
    }
}

/* Where the page does not put half-width brackets right, they are slips. */
static void normalising_decides(void **state)
{
    struct world *world = *state;
    fixture_text(&world->fixture, "own/report.xhtml",
                 "<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"ja\"><head><title>x</title></head>"
                 "<body/></html>");
    world->fixture.publication.template_folder = text_of("own");
    assert_found(world, "ja", "<p>US(840)です。</p>", "2 half-width-punctuation");
    assert_found(world, "ja", "<p>米国(アメリカ)から</p>",
                 "2 half-width-punctuation; 2 half-width-punctuation");
    assert_found(world, "ja", "<p>次のとおり:</p>", "2 half-width-punctuation");
    assert_found(world, "ja", "<p>4~6月と7〜9月と10〜12月です。</p>",
                 "2 half-width-punctuation; 2 wave-dash");
}

static void sentences_have_a_length(void **state)
{
    struct world *world = *state;
    GString *text = g_string_new("<p>短い文です。");
    for (int i = 0; i < 119; i++)
        g_string_append(text, "長");
    g_string_append(text, "。短い文です。</p>");
    assert_found(world, "ja", text->str, ""); /* 119 and its full stop: the limit */
    g_string_insert(text, (gssize)strlen("<p>短い文です。"), "\n長");
    assert_found(world, "ja", text->str, "3 long-sentence");
    world->fixture.publication.lint.limits[LINT_LONG_SENTENCE] = 121;
    assert_found(world, "ja", text->str, "");
    world->fixture.publication.lint.limits[LINT_LONG_SENTENCE] = 5;
    world->fixture.publication.lint.levels[LINT_LONG_SENTENCE] = LINT_OFF;
    assert_found(world, "ja", text->str, "");
    g_string_free(text, TRUE);
    fixture_prose(&world->fixture, "overview", "<p>短い文です。</p>");

    GString *words = g_string_new("<p>Short, e.g. this by J. Doe.");
    for (int i = 0; i < 50; i++)
        g_string_append(words, i == 0 ? " Then" : i % 2 == 0 ? " word" : " after");
    g_string_append(words, ". Short again.</p>");
    assert_found(world, "en", words->str, "");
    g_string_insert(words, (gssize)strlen("<p>Short, e.g. this by J. Doe."), "\nOne");
    assert_found(world, "en", words->str, "3 long-sentence-words");
    g_string_free(words, TRUE);
}

static void english_has_rules_of_its_own(void **state)
{
    struct world *world = *state;
    assert_found(world, "en", "<p>Packets, of the the kind.</p>", "2 doubled-word");
    assert_found(world, "en", "<p>That that is had had its day; 12 12.</p>", "");
    assert_found(world, "en", "<p>A NAS (network attached storage) and 2 NASs.</p>", "");
    assert_found(world, "en", "<p>Regional Internet Registries (RIRs) and a RIR.</p>", "");
    assert_found(world, "en", "<p>The XYZ was seen.</p>", "2 abbreviation");
    assert_found(world, "en", "<p>Half-width, of course (always): yes!</p>", "");
    assert_found(world, "en", "<p>In Japanese, <span lang=\"ja\">結果をを示す</span>.</p>",
                 "2 doubled-particle");
    assert_found(world, "en", "<p>要確認: the number.</p>", "2 open-marker");
    assert_found(world, "en", "<p>The number is\nTO BE CONFIRMED.</p>", "3 open-marker");
    g_hash_table_add(world->fixture.publication.lint.known, g_strdup("XYZ"));
    assert_found(world, "en", "<p>The XYZ was seen.</p>", "");
}

static void pictures_tell_what_they_show(void **state)
{
    struct world *world = *state;
    assert_found(world, "ja", "<t:picture src=\"a.png\" id=\"a\" alt=\"装置の画面\">画面の例</t:picture>",
                 "");
    assert_found(world, "ja", "<t:picture src=\"a.png\" id=\"a\">画面の例</t:picture>", "2 alternative-text");
    assert_found(world, "ja", "<t:picture src=\"a.png\" id=\"a\" alt=\"\">画面の例</t:picture>",
                 "2 alternative-text");
    assert_found(world, "ja", "<t:picture src=\"a.png\" id=\"a\" alt=\"画面の例\">画面の例</t:picture>",
                 "2 alternative-text");
    assert_found(world, "ja", "<t:picture src=\"a.png\" id=\"a\" alt=\"a.png\">画面の例</t:picture>",
                 "2 alternative-text");
    assert_found(world, "ja",
                 "<t:picture src=\"a.png\" id=\"a\" alt=\"\" role=\"presentation\">画面の例</t:picture>", "");
    assert_found(world, "ja", "\n<t:picture src=\"a.png\" id=\"a\" alt=\"画面をを示す\">画面の例</t:picture>",
                 "3 doubled-particle");
}

static void dashes_and_abbreviations_are_the_editions(void **state)
{
    struct world *world = *state;
    fixture_prose(&world->fixture, "a", "<p>4〜6月はXYZでした。</p>\n<p>XYZは多い。</p>");
    fixture_prose(&world->fixture, "b", "<p>7〜9月です。\n10～12月です。</p>");
    char *found = found_in(world, "ja");
    assert_string_equal(found, "2 abbreviation; 3 wave-dash");
    g_free(found);
    fixture_prose(&world->fixture, "c", "<p>秘密の装置（XYZ）です。</p>");
    found = found_in(world, "ja");
    assert_string_equal(found, "3 wave-dash");
    g_free(found);
}

static void numbers_are_the_same_in_both_languages(void **state)
{
    struct world *world = *state;
    fixture_prose(&world->fixture, "a",
                  "<p>5月25日に12万件、3.5倍、99%でした。\n機器は3台、ポートは23/TCPです。</p>");
    assert_found(world, "en",
                 "<p>On May 25 there were 120,000, 3.5 times and 99% of it. Three devices, at 23/TCP.</p>",
                 "");
    assert_found(world, "en",
                 "<p>On May 26 there were 120,000,\n3.5 times and 98% of it. Three devices, at 23/TCP.</p>",
                 "2 editions-differ; 2 editions-differ; 2 editions-differ; 3 editions-differ");
    world->fixture.publication.lint.levels[LINT_EDITIONS_DIFFER] = LINT_OFF;
    assert_found(world, "en", "<p>One.</p>", "");
    /* What the first language does not have cannot differ. */
    world->fixture.publication.lint.levels[LINT_EDITIONS_DIFFER] = LINT_WARNING;
    fixture_prose(&world->fixture, "en/only", "<p>On May 31, 99.</p>");
    assert_found(world, "en", "<p>25, 120,000, 3.5, 99%, 23/TCP.</p>", "");
}

static void texts_of_the_publication_are_read(void **state)
{
    struct world *world = *state;
    fixture_text(
        &world->fixture, "publication.xml",
        "<publication>\n<title xml:lang=\"ja\">報告をを出す</title>\n<table>\n"
        "<caption xml:lang=\"ja\">上位５件</caption>\n<caption xml:lang=\"en\">the the top</caption>\n"
        "</table>\n<measure id=\"をを\"/></publication>\n");
    char *found = found_in(world, "ja");
    assert_string_equal(found, "2 doubled-particle; 4 full-width-letters");
    g_free(found);
    found = found_in(world, "en");
    assert_string_equal(found, "5 doubled-word");
    g_free(found);
}

static void levels_decide_what_becomes_of_it(void **state)
{
    struct world *world = *state;
    struct publication *publication = &world->fixture.publication;
    struct warning_log log;
    warning_log_init(&log);
    fixture_prose(&world->fixture, "overview", "<p>結果をを示します。</p>\n<p>要確認</p>");
    GPtrArray *findings = lint_edition(publication, &world->fixture.edition, "ja", &world->err);
    assert_int_equal(findings->len, 2);
    assert_int_equal(lint_tell(publication, findings, true, &log, &world->err), 0);
    assert_int_equal(log.count, 2);
    assert_int_equal(lint_tell(publication, findings, false, &log, &world->err), -1);
    assert_int_equal(log.count, 3);
    assert_int_equal(world->err.kind, ERROR_INPUT);
    assert_non_null(strstr(world->err.message, "overview.xhtml: line 3: 要確認"));
    publication->lint.levels[LINT_OPEN_MARKER] = LINT_WARNING;
    publication->lint.levels[LINT_DOUBLED_PARTICLE] = LINT_ERROR;
    assert_int_equal(lint_tell(publication, findings, false, NULL, &world->err), -1);
    assert_non_null(strstr(world->err.message, "(doubled-particle)"));
    g_ptr_array_unref(findings);
    warning_log_release(&log);
}

static void a_broken_file_is_an_error(void **state)
{
    struct world *world = *state;
    fixture_text(&world->fixture, "editions/2025q1/a.xhtml", "<p>");
    assert_null(lint_edition(&world->fixture.publication, &world->fixture.edition, "ja", &world->err));
    assert_non_null(strstr(world->err.message, "a.xhtml: line 1: "));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(slips_are_told),
        CASE(what_is_right_is_left_alone),
        CASE(normalising_decides),
        CASE(sentences_have_a_length),
        CASE(english_has_rules_of_its_own),
        CASE(pictures_tell_what_they_show),
        CASE(dashes_and_abbreviations_are_the_editions),
        CASE(numbers_are_the_same_in_both_languages),
        CASE(texts_of_the_publication_are_read),
        CASE(levels_decide_what_becomes_of_it),
        CASE(a_broken_file_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

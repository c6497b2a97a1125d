/* What pages.xml does to the PDF: covers, papers, languages, the lines at the head of a page. */
#include "unit/pdf_fixture.h"

/* The shipped pages.xml with one text replaced, in a folder of its own with a picture beside it. */
static void change_pages(struct sample *s, const char *from, const char *to)
{
    char *text = NULL;
    assert_true(g_file_get_contents(s->pages_xml, &text, NULL, NULL));
    GString *changed = g_string_new(text);
    assert_int_equal(g_string_replace(changed, from, to, 1), 1);
    char *folder = g_dir_make_tmp("pages-XXXXXX", NULL);
    char *picture = g_build_filename(folder, "logo.png", NULL);
    s->changed_pages = g_build_filename(folder, "pages.xml", NULL);
    assert_true(g_file_set_contents(s->changed_pages, changed->str, -1, NULL));
    assert_true(g_file_set_contents(picture, g_bytes_get_data(s->picture.picture, NULL),
                                    (gssize)g_bytes_get_size(s->picture.picture), NULL));
    g_free(picture);
    g_free(folder);
    g_string_free(changed, TRUE);
    g_free(text);
}

static void restore_pages(struct sample *s)
{
    char *folder = g_path_get_dirname(s->changed_pages);
    char *picture = g_build_filename(folder, "logo.png", NULL);
    g_unlink(s->changed_pages);
    g_unlink(picture);
    g_rmdir(folder);
    g_free(picture);
    g_free(folder);
    g_clear_pointer(&s->changed_pages, g_free);
}

#define COVER                                                                                    \
    "<cover title-size=\"28pt\" title-pitch=\"42pt\" size=\"12pt\" pitch=\"22pt\" rule=\"2pt\" " \
    "rule-colour=\"#1A3A94\" "

/* The cover is a page without number; what follows starts with 1, in print, in the contents and in a viewer.
 */
static void a_cover_is_a_page_before_the_first(void **state)
{
    struct sample *s = *state;
    change_pages(s, "<body size", COVER "picture=\"logo.png\" figure=\"daily\"/><body size");
    GBytes *pdf = full_pdf(s);
    char *cover = ask(pdf, "pdftotext -l 1 -layout @ -"),
         *second = ask(pdf, "pdftotext -f 2 -l 2 -layout @ -");
    assert_non_null(strstr(cover, "見本の報告"));
    assert_non_null(strstr(cover, "日々の数に大きな変化はない")); /* the figure's headline */
    assert_null(strstr(cover, "目次"));
    assert_null(strstr(cover, "1/"));
    assert_non_null(strstr(second, "目次"));
    assert_true(strstr(second, " 1/") != NULL || strstr(second, " 1 /") != NULL);
    char *entry = rest_of_line(second, "2. 二番目の章");
    const char *number = strrchr(entry, ' ') != NULL ? strrchr(entry, ' ') + 1 : entry;
    char *command = g_strdup_printf("pdftotext -f %d @ -", (int)g_ascii_strtoll(number, NULL, 10) + 1);
    char *page = ask(pdf, command), *labels = ask(pdf, "qpdf --json --json-key=pagelabels @");
    assert_non_null(strstr(page, "2. 二番目の章"));
    assert_non_null(strstr(labels, "\"/P\": \"u:表紙\""));
    char *tree = ask(pdf, "pdfinfo -struct-text @");
    assert_true(strstr(tree, "H1 (block)") < strstr(tree, "TOC"));
    g_free(ask(pdf, "qpdf --check @"));
    g_free(tree);
    g_free(labels);
    g_free(page);
    g_free(command);
    g_free(entry);
    g_free(second);
    g_free(cover);
    g_bytes_unref(pdf);
    restore_pages(s);
}

static void a_cover_without_its_picture_is_an_error(void **state)
{
    static const struct {
        const char *attributes, *expected;
    } CASES[] = {
        {"picture=\"other.png\"/>", "other.png: cannot read"},
        {"picture=\"../logo.png\"/>", "\"../logo.png\" lies outside"},
        {"picture=\"pages.xml\"/>", "pages.xml: cover: picture \"pages.xml\""},
        {"figure=\"weekly\"/>", "figure=\"weekly\": no such figure"},
    };
    struct sample *s = *state;
    for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
        struct error err = {0};
        char *cover = g_strconcat(COVER, CASES[i].attributes, "<body size", NULL);
        change_pages(s, "<body size", cover);
        assert_null(make_pdf(s, "<p>文。</p>", &err));
        if (strstr(err.message, CASES[i].expected) == NULL)
            fail_msg("expected \"%s\": %s", CASES[i].expected, err.message);
        restore_pages(s);
        g_free(cover);
    }
}

/* On other papers everything is set anew: nothing leaves the page. */
static void other_papers_hold_the_same_document(void **state)
{
    static const struct {
        const char *paper, *margins, *size;
    } CASES[] = {
        {"<paper width=\"148mm\" height=\"210mm\"/>",
         "<margins top=\"52pt\" bottom=\"56pt\" left=\"42pt\" right=\"42pt\"/>", "419.528 x 595.276 pts"},
        {"<paper width=\"612pt\" height=\"792pt\"/>",
         "<margins top=\"72pt\" bottom=\"72pt\" left=\"96pt\" right=\"96pt\"/>", "612 x 792 pts"},
    };
    struct sample *s = *state;
    for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
        char *both = g_strconcat(CASES[i].paper, CASES[i].margins, NULL);
        change_pages(s,
                     "<paper width=\"210mm\" height=\"297mm\"/>\n"
                     "  <margins top=\"88pt\" bottom=\"87pt\" left=\"87.6pt\" right=\"87.6pt\"/>",
                     both);
        GBytes *pdf = full_pdf(s);
        char *info = ask(pdf, "pdfinfo @"), *boxes = ask(pdf, "pdftotext -bbox @ -");
        assert_non_null(strstr(info, CASES[i].size));
        double width = g_ascii_strtod(CASES[i].size, NULL);
        for (const char *p = strstr(boxes, "xMax=\""); p != NULL; p = strstr(p + 1, "xMax=\""))
            assert_true(g_ascii_strtod(p + 6, NULL) < width - 20);
        g_free(ask(pdf, "qpdf --check @"));
        g_free(boxes);
        g_free(info);
        g_bytes_unref(pdf);
        restore_pages(s);
        g_free(both);
    }
}

static void an_english_edition_speaks_english(void **state)
{
    struct sample *s = *state;
    struct error err = {0};
    change_pages(s, "language=\"ja\"", "language=\"en\"");
    s->page.draft = true;
    GBytes *pdf =
        make_pdf(s,
                 "<p>April–June<sup><a id=\"note-mark-1\" href=\"#note-1\">Note 1</a></sup> and "
                 "<q>quoted</q>, <span lang=\"ja\">定点</span>.</p><section id=\"notes\"><h2>Notes</h2>"
                 "<ol class=\"notes\"><li id=\"note-1\">What the note says.</li></ol></section>",
                 &err);
    s->page.draft = false;
    assert_non_null(pdf);
    char *text = ask(pdf, "pdftotext @ -"), *info = ask(pdf, "pdfinfo @");
    char *objects = ask(pdf, "qpdf --qdf --object-streams=disable @ -");
    const char *note = g_strrstr(text, "Note 1");
    assert_true(note != NULL && strstr(note, "What the note says.") != NULL);
    assert_null(strstr(text, "注"));
    assert_non_null(strstr(text, "April–June"));
    assert_non_null(strstr(text, "“quoted”"));
    assert_non_null(strstr(info, "見本の報告 (2025年4〜6月)"));
    assert_non_null(strstr(objects, "/Lang (en)"));
    assert_non_null(strstr(objects, "/Lang (ja)")); /* of the span */
    g_free(objects);
    g_free(info);
    g_free(text);
    g_bytes_unref(pdf);
    restore_pages(s);
}

/* Both names far too long for one line: each is cut to its share, and the period stays. */
static void long_running_heads_do_not_touch(void **state)
{
    struct sample *s = *state;
    char *title = s->model.title, *publisher = s->model.publisher;
    s->model.title = text_of("とても長い題名を持つ全国の研究機関と協力して運用する定点観測の四半期報告書");
    s->model.publisher =
        text_of("国立研究開発法人とても長い名前の情報通信安全対策研究調整連絡会議事務局分析部門");
    GBytes *pdf = full_pdf(s);
    char *text = ask(pdf, "pdftotext -f 2 -l 2 -layout @ -");
    char *end = strchr(text, '\n');
    *end = '\0';
    assert_non_null(strstr(text, "…（2025年4〜6月） "));
    assert_non_null(strstr(text, "  国立研究開発法人"));
    assert_true(g_str_has_suffix(text, "…"));
    g_free(text);
    g_bytes_unref(pdf);
    s->model.title = title;
    s->model.publisher = publisher;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cover_is_a_page_before_the_first),
        cmocka_unit_test(a_cover_without_its_picture_is_an_error),
        cmocka_unit_test(other_papers_hold_the_same_document),
        cmocka_unit_test(an_english_edition_speaks_english),
        cmocka_unit_test(long_running_heads_do_not_touch),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}

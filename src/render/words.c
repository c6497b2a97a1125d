#include "render/words.h"

#include <glib.h>
#include <string.h>

const char *const words_open_markers[] = {"要確認", "TO BE CONFIRMED", NULL};

const char *words_open_marker(const char *text)
{
    for (size_t i = 0; words_open_markers[i] != NULL; i++)
        if (strstr(text, words_open_markers[i]) != NULL)
            return words_open_markers[i];
    return NULL;
}

const char *words_language_name(const char *language)
{
    static const char *const names[][2] = {
        {"ja", "日本語"},   {"en", "English"}, {"zh", "中文"},       {"ko", "한국어"},
        {"fr", "Français"}, {"de", "Deutsch"}, {"es", "Español"},    {"pt", "Português"},
        {"it", "Italiano"}, {"ru", "Русский"}, {"vi", "Tiếng Việt"}, {"id", "Bahasa Indonesia"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        if (strcmp(names[i][0], language) == 0)
            return names[i][1];
    return language;
}

const struct words *words_for(const char *language)
{
    static const struct words japanese = {
        .language = "ja",
        .figure_before = "図",
        .table_before = "表",
        .note_before = "注",
        .note_reference_before = "注",
        .page_before = "",
        .page_after = "ページ",
        .chapter_before = "第",
        .chapter_after = "章",
        .quote_before = "「",
        .quote_after = "」",
        .data_of_figure = "のデータ",
        .data_by_day = "のデータ（日ごとの値）",
        .download = "CSV形式でダウンロード",
        .open_svg = "図を開く（SVG形式）",
        .open_png = "PNG形式",
        .date = "日付",
        .period = "期間",
        .back = "本文に戻る",
        .between_sentences = "",
        .full_stop = "。",
        .period_before = "（",
        .period_after = "）",
        .detail_before = "(",
        .table_continued = "（続き）",
        .draft = "下書き",
        .cover = "表紙",
    };
    static const struct words english = {
        .language = "en",
        .figure_before = "Figure ",
        .table_before = "Table ",
        .note_before = "",
        .note_reference_before = "note ",
        .page_before = "page ",
        .page_after = "",
        .chapter_before = "Section ",
        .chapter_after = "",
        .quote_before = "“",
        .quote_after = "”",
        .data_of_figure = ": data",
        .data_by_day = ": data by day",
        .download = "Download as CSV",
        .open_svg = "Open the figure (SVG)",
        .open_png = "PNG",
        .date = "Date",
        .period = "Period",
        .back = "Back to the text",
        .between_sentences = " ",
        .full_stop = ".",
        .period_before = " (",
        .period_after = ")",
        .detail_before = " (",
        .table_continued = " (continued)",
        .draft = "DRAFT",
        .cover = "Cover",
    };
    return language != NULL && strcmp(language, "ja") == 0 ? &japanese : &english;
}

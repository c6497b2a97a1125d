/* words.h - the few words that the page's machinery writes by itself; all others stand in the template.
 *
 *     words_for("ja")->figure                    // "図%d"
 */
#ifndef TEITEN_RENDER_WORDS_H
#define TEITEN_RENDER_WORDS_H

struct words {
    const char *language;
    const char *figure_before, *table_before, *note_before; /* in front of the number: 図, 表, 注 */
    const char *note_reference_before;                      /* the same in running text: 注, note */
    const char *page_before, *page_after;                   /* around the number of a page */
    const char *chapter_before, *chapter_after;             /* around it: 第, 章 */
    const char *quote_before, *quote_after;                 /* around a heading that has no number */
    const char *data_of_figure, *data_by_day;               /* behind the figure's number, as a summary */
    const char *download;                                   /* a link to a CSV file */
    const char *open_svg, *open_png;                        /* links to the figure alone */
    const char *date;                                       /* heading of the days */
    const char *period;                                     /* heading of quarters or months */
    const char *back;                                       /* from a note back to its mark, read aloud */
    const char *between_sentences, *full_stop;
    const char *period_before, *period_after; /* around the period behind the title */
    const char *detail_before;                /* in front of what stands in brackets: 23/TCP behind Telnet */
    const char *table_continued;              /* behind a table's number on further pages */
    const char *draft, *cover;                /* across a draft's pages; label of a cover in a viewer */
};

/* What stands where an analyst still has to write, in whatever language: 要確認, TO BE CONFIRMED. Ended by
 * NULL.
 */
extern const char *const words_open_markers[];
/* The one that the text holds; NULL: none. Static. */
const char *words_open_marker(const char *text);

/* What a language calls itself: 日本語, English; the code when it is not known. */
const char *words_language_name(const char *language);
/* English for languages without words of their own. */
const struct words *words_for(const char *language);

#endif

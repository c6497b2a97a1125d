/* line_text.h - a paragraph's text with its styles, gathered from the inline part of an XHTML tree.
 *
 *     struct line_text text;
 *     line_text_init(&text);
 *     line_text_append(&text, &style, "図1");
 *     line_text_append_children(&text, node, &style, &looks);    // <a>, <sup>, <strong>, <code>, <br/> ...
 *     line_text_release(&text);
 *
 * White space is collapsed as XHTML asks, except in preformatted text; a line feed of the source between
 * Japanese characters leaves no space at all. The readings of <rt> are no part of the text: they stand above
 * the runs that they belong to. <q> gets its marks.
 */
#ifndef TEITEN_RENDER_LINE_TEXT_H
#define TEITEN_RENDER_LINE_TEXT_H

#include <glib.h>
#include <libxml/tree.h>
#include <stdbool.h>

#include "render/page_template.h"

struct line_style {
    const char *role; /* "sans", "serif", "mono" or a family; borrowed from the page template */
    double size;
    double rise; /* above the baseline; of superscripts */
    bool bold;
    struct page_colour colour;
    const char *link;      /* target as written in href, owned by the line_text; NULL: no link */
    guint link_number;     /* of that link in the text, from 1; 0: no link */
    bool link_bare;        /* not underlined */
    const char *note;      /* id of the note whose mark this is; likewise */
    guint reading;         /* of the reading above these characters in line_text.readings, from 1; 0: none */
    bool dots;             /* emphasis dots above the characters */
    bool struck;           /* a line through them: <del>, <s> */
    bool underlined;       /* a line below them: <ins>, <u> */
    bool marked;           /* a pale background: <mark> */
    bool is_code;          /* is not hyphenated */
    const char *language;  /* when it is not the document's: as written in lang, owned by the line_text */
    const char *rule;      /* of a drafted sentence; NULL: none. Owned by the line_text */
    guint rule_number;     /* of that sentence in the text, from 1; 0: none */
    guint language_number; /* of that element in the text, from 1; 0: the document's language */
};

/* A stretch of bytes [start, next run's start) of one style. */
struct line_run {
    size_t start;
    struct line_style style;
};

struct line_text {
    GString *text; /* UTF-8; '\n' is a forced break */
    GArray *runs;  /* struct line_run */
    GStringChunk *strings;
    guint link_count, language_count, rule_count;
    GPtrArray *readings; /* const char *, owned by strings */
    bool space, newline; /* white space seen and not yet written */
    struct line_style space_style;
    bool preformatted; /* of a <pre>: line feeds break, blanks stay; set before the first append */
};

/* Looks of the inline elements. */
struct line_looks {
    const char *code_role, *bold_role;
    struct page_colour link_colour;
    const char *language;                   /* the document's */
    const char *quote_before, *quote_after; /* around <q>; NULL: nothing */
    /* Of references to pages: id -> number, as far as it is known; words around it. NULL: such a reference
     * reads like any other. */
    GHashTable *page_numbers;
    const char *page_before, *page_after;
};

void line_text_init(struct line_text *text);
void line_text_release(struct line_text *text);
void line_text_append(struct line_text *text, const struct line_style *style, const char *addition);
void line_text_append_children(struct line_text *text, xmlNodePtr parent, const struct line_style *style,
                               const struct line_looks *looks);
/* The same for one inline node. */
void line_text_append_node(struct line_text *text, xmlNodePtr node, const struct line_style *style,
                           const struct line_looks *looks);
/* Style at a byte. */
const struct line_style *line_text_style(const struct line_text *text, size_t byte);

/* True when a class attribute has that word. */
bool line_text_has_class(xmlNodePtr node, const char *word);
/* True for elements that are for screens only: class screen-only, nav, details, script, style, skip links,
 * hidden. */
bool line_text_is_screen_only(xmlNodePtr node);

#endif

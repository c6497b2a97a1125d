/* page.h - the filled document: the one XHTML tree that becomes both the web page and the PDF.
 *
 *     struct page *page = page_fill(&publication, &edition, model, false, log, err);
 *     page->document                     // xmlDoc: XHTML with no template element left
 *     GBytes *xhtml = page_xhtml(page);
 *     GBytes *pdf = pdf_from_page(page, "pages.xml", fonts, PDF_TAGGED, err);     // pdf.h
 */
#ifndef TEITEN_RENDER_PAGE_H
#define TEITEN_RENDER_PAGE_H

#include <glib.h>
#include <libxml/tree.h>
#include <stdbool.h>

#include "base/error.h"
#include "base/warning.h"
#include "publication/publication.h"
#include "report/model.h"

/* An image of the page. In the document it is <img src="img/2025q1_report_fig1.svg" alt="..."/> inside
 * <figure id="fig-ports-daily">. */
struct page_image {
    char *file; /* "img/2025q1_report_fig1.svg" for a drawn figure; "img/2025q1_report_fig4.png" or ".jpg" for
                   a picture */
    int number; /* 1: 図1 */
    const struct model_figure *figure; /* drawn; borrowed from the model. NULL for a picture */
    GBytes *picture;                   /* the picture's bytes; NULL for a drawn figure */
    int width_px, height_px;           /* of a picture */
    GArray *variants; /* struct image_variant (drawing.h): files for other screens; NULL until drawn */
};

struct page {
    char *issued; /* see page_issued */
    xmlDocPtr document;
    GPtrArray *images;            /* struct page_image *, in document order */
    GHashTable *character_places; /* see page_character_place */
    char *style_name;             /* "style.css" */
    char *style;                  /* its text */
    const struct model *model;
    bool draft; /* not yet for readers: the PDF says so on every page */
};

/* Which page is filled, and what its template sees beyond the report model. Borrowed. */
struct page_kind {
    const char *template_name; /* "report.xhtml" */
    bool pulls_prose;          /* prose files that the template leaves out are warned about */
    bool draft;                /* open markers (要確認) may stay */
    void (*extend)(xmlDocPtr document, const void *data); /* adds to the model document; NULL: nothing */
    const void *data;
};

struct page *page_fill(const struct publication *publication, const struct edition *edition,
                       const struct model *model, bool draft, struct warning_log *log, struct error *err);
struct page *page_fill_kind(const struct publication *publication, const struct edition *edition,
                            const struct model *model, const struct page_kind *kind, struct warning_log *log,
                            struct error *err);
void page_free(struct page *page);
/* The image whose file is `src`, or NULL. */
const struct page_image *page_image(const struct page *page, const char *src);
/* The day of publication: the date of the first <time datetime="2025-07-31"> in the page's <header>. Borrowed
 * from the page; NULL when there is none. */
const char *page_issued(const struct page *page);
/* Where a character that no ASCII text has stands first: "editions/2025q1/overview.xhtml: line 4". Borrowed;
 * NULL when neither prose nor template holds it. */
const char *page_character_place(const struct page *page, gunichar character);
/* Canonical serialisation for screens (screen.h), UTF-8, XHTML namespace as the default; the same page as
 * HTML and as XML. */
GBytes *page_xhtml(const struct page *page);

#endif

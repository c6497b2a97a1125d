/* filling.h - a page while it is being filled: what the expansion of templates (template.h), placement.c and
 * numbering.c share. Private to them, to page.c and to what checks a filled page.
 *
 * Every node of the new page has an origin in its _private: where in which file it comes from, for errors
 * that are found only in the finished page (dangling references, open markers), and what numbering.c is to do
 * with it. page.c clears them at the end.
 */
#ifndef TEITEN_RENDER_FILLING_H
#define TEITEN_RENDER_FILLING_H

#include "publication/publication.h"
#include "render/expression.h"
#include "render/page.h"
#include "render/source.h"
#include "render/words.h"

/* Hostile templates repeat repetitions; a page of this size is no page. */
enum { FILLING_NODES_MAX = 400 * 1000, FILLING_PROSE_DEPTH_MAX = 4 };

enum origin_role {
    ORIGIN_PLAIN,
    ORIGIN_REFERENCE, /* its text becomes the number of `target`; an <a> gets its href */
    ORIGIN_CONTENTS,  /* becomes the list of chapters */
    ORIGIN_NOTES,     /* becomes the list of notes */
    ORIGIN_IMAGE,     /* an <img> of `image` */
    ORIGIN_OPEN,      /* an <a> that opens the file of figure `target`, by itself or as its .png */
};

struct origin {
    const struct source *source;
    long line;
    enum origin_role role;
    char *target;             /* ORIGIN_REFERENCE, ORIGIN_OPEN */
    struct page_image *image; /* ORIGIN_IMAGE; owned here until the page takes it */
    xmlNodePtr kept;          /* the t:kept of a kept sentence; NULL: none */
    const char *drafted; /* rule of a drafted sentence, borrowed from the model; NULL: written by a person */
};

struct filling {
    const struct publication *publication;
    const struct edition *edition;
    const struct model *model;
    const struct words *words;
    xmlDocPtr model_document;
    char *prose_folder;   /* editions/2025q1, or of another language editions/2025q1/en */
    char *shared_folder;  /* where pictures lie that the prose folder does not hold: editions/2025q1 */
    GPtrArray *sources;   /* struct source *: the template first, then prose as it is pulled */
    GHashTable *pictures; /* real path -> GBytes * */
    bool normalise;       /* the template's t:normalise */

    /* of one pass */
    struct expression_context expressions;
    xmlDocPtr document;
    xmlNsPtr xhtml;
    GPtrArray *origins; /* struct origin * */
    GPtrArray *notes;   /* xmlNodePtr: <li>, detached until numbering puts them into the list */
    size_t node_count;
    size_t prose_depth;
    bool in_note;
};

/* New nodes of the page, with their origin at `from`. */
xmlNodePtr filling_element(struct filling *filling, xmlNodePtr parent, const char *name, xmlNodePtr from);
xmlNodePtr filling_text(struct filling *filling, xmlNodePtr parent, const char *text, xmlNodePtr from);
/* Element with a text. */
xmlNodePtr filling_leaf(struct filling *filling, xmlNodePtr parent, const char *name, const char *text,
                        xmlNodePtr from);
void filling_attribute(xmlNodePtr element, const char *name, const char *value);
void filling_origin_set(struct filling *filling, xmlNodePtr node, xmlNodePtr from);
void filling_origin_free(gpointer origin);
/* Long texts count like the nodes that they could have been: the page's size is bounded in bytes as well. */
void filling_text_count(struct filling *filling, const char *text);
/* Of the node, or of the nearest element around it. */
struct origin *filling_origin(xmlNodePtr node);
/* "FILE: line N: ..." for a node of the page. Returns -1. */
int filling_error(struct error *err, xmlNodePtr node, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* t:table, t:figure, t:picture, t:draft */
int placement_table(struct filling *filling, xmlNodePtr element, xmlNodePtr context, xmlNodePtr to,
                    struct error *err);
int placement_figure(struct filling *filling, xmlNodePtr element, xmlNodePtr context, xmlNodePtr to,
                     struct error *err);
int placement_picture(struct filling *filling, xmlNodePtr element, xmlNodePtr context, xmlNodePtr to,
                      struct error *err);
int placement_draft(struct filling *filling, xmlNodePtr element, xmlNodePtr context, xmlNodePtr to,
                    struct error *err);

/* t:kept: a drafted sentence that an editor kept. */
int placement_kept(struct filling *filling, xmlNodePtr element, xmlNodePtr context, xmlNodePtr to,
                   struct error *err);
/* Whether all kept sentences still hold. The first that does not is an error, the others are warnings; in a
 * draft all are. */
int kept_check(const struct filling *filling, bool draft, struct warning_log *log, struct error *err);

/* t:check: a box to tick, on the screen with the mouse, on paper with a pen. */
int placement_check(struct filling *filling, xmlNodePtr element, xmlNodePtr context, xmlNodePtr to,
                    struct error *err);

/* Numbers, lists of notes and chapters, references; duplicate ids and dangling references are errors. Fills
 * `images` in document order, borrowed from the origins. */
int numbering_fill(struct filling *filling, GPtrArray *images, struct error *err);

/* Where files of a model element lie in the published folder: "data/ports.csv". Owned by the caller. */
char *filling_table_file(const struct model *model, const char *id);
char *filling_figure_file(const struct model *model, const char *id);

#endif

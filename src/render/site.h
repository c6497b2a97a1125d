/* site.h - what joins the published editions: links between them, the page that lists them, and the Atom
 * feed.
 *
 *     site_publish(&publication, "out", "ja", log, err);      // out/index.xhtml, out/style.css,
 * out/feed.atom
 *
 * An edition is published when its folder holds a manifest.json that names it. The list is made from the
 * manifests alone, so it is the same whichever edition was published last.
 */
#ifndef TEITEN_RENDER_SITE_H
#define TEITEN_RENDER_SITE_H

#include <libxml/tree.h>

#include "base/warning.h"
#include "publication/publication.h"

/* Another language of the same edition. */
struct site_alternate {
    const char *language; /* "en" */
    const char *href;     /* "en/index.xhtml" */
};

/* Where an edition's page leads; borrowed. All addresses relative to the page. */
struct site_links {
    const char *base;     /* address of the site, ending in "/"; NULL: not known */
    const char *here;     /* "2025q1/", below the base */
    const char *previous; /* "../2024q4/index.xhtml"; NULL: not published */
    const char *index;    /* "../index.xhtml"; NULL: there is none */
    const struct site_alternate *alternates;
    size_t alternate_count;
};

/* For page_kind.extend: `data` is a struct site_links. */
void site_links_add(xmlDocPtr document, const void *data);

/* Whether `folder`/`edition` holds the manifest of that edition. */
bool site_has_edition(const char *folder, const char *edition);
/* Lists every edition of the folder, newest first. Errors name the file; a manifest that is none of ours is a
 * warning. */
int site_publish(const struct publication *publication, const char *folder, const char *language,
                 struct warning_log *log, struct error *err);

#endif

/* site.h - what joins the published editions: links between them, the pages that list them, and their Atom
 * feeds.
 *
 *     char *const languages[] = {"ja", "en", NULL};
 *     site_publish(&publication, "out", languages, NULL, log, err);
 *         // out/index.xhtml, out/style.css, out/feed.atom; the same in out/en/ when an edition is in English
 *
 * An edition is published when its folder holds a manifest.json that names it; in another than the first
 * language, when that language's folder below it does (out/2025q1/en/manifest.json). The lists are made from
 * the manifests alone, so they are the same whichever edition was published last.
 */
#ifndef TEITEN_RENDER_SITE_H
#define TEITEN_RENDER_SITE_H

#include <glib.h>
#include <libxml/tree.h>
#include <stdbool.h>

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
    const char *feed;     /* "../feed.atom"; NULL: there is none */
    const struct site_alternate *alternates;
    size_t alternate_count;
};

/* For page_kind.extend: `data` is a struct site_links. */
void site_links_add(xmlDocPtr document, const void *data);

/* Whether `folder`/`edition`/`below` holds the manifest of that edition; `below` is "" or a language's
 * folder.
 */
bool site_has_edition(const char *folder, const char *edition, const char *below);
/* Lists every edition of the folder, newest first, in each of the languages (NULL-terminated) that has one;
 * the first must. Adds the names of the files written (char *) to `written`, unless NULL. Errors name the
 * file; a manifest that is none of ours is a warning. */
int site_publish(const struct publication *publication, const char *folder, char *const *languages,
                 GPtrArray *written, struct warning_log *log, struct error *err);

#endif

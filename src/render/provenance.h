/* provenance.h - the files, besides archives, registries, lists and advisories, that an edition is made from,
 * by their bytes: what its manifest tells of them, and what has changed since.
 *
 *     "made_from" : [ { "name" : "report.xhtml", "sha256" : "..." }, ... ]
 *
 *     GPtrArray *files = provenance_files(&publication, &edition, "ja", "report.xhtml");     // of now
 *     char **changed = provenance_changed(&publication, &edition, &other, "ja");     // since `other`
 */
#ifndef TEITEN_RENDER_PROVENANCE_H
#define TEITEN_RENDER_PROVENANCE_H

#include <glib.h>

#include "publication/publication.h"

/* What stands for IANA's list of service names, which is data rather than configuration. */
#define PROVENANCE_IANA "service-names"

struct provenance_file {
    char *name; /* of a template its name ("report.xhtml"), else what it is to the publication:
                   "publication.xml", "sensors", "services", "regions", "maintenance", "knowledge",
                   PROVENANCE_IANA */
    char *sha256;
};

/* struct provenance_file, by name, for a page that is made from the template; files that cannot be read are
 * left out. Unref it. */
GPtrArray *provenance_files(const struct publication *publication, const struct edition *edition,
                            const char *language, const char *template_name);

/* Names of the files of `edition` that differ from those which the manifest of `other` in out/ lists, or that
 * only one of them has; sorted, NULL-terminated; g_strfreev it. NULL: `other` was not published there, or by
 * a version that did not list them. */
char **provenance_changed(const struct publication *publication, const struct edition *edition,
                          const struct edition *other, const char *language);

#endif

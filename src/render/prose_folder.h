/* prose_folder.h - where the prose of an edition lies, and which files it has.
 *
 *     char *folder = prose_folder_path(&publication, &edition, "en");     // .../editions/2025q1/en
 *     GPtrArray *names = prose_folder_names(folder);                      // "issued", "overview", ...
 */
#ifndef TEITEN_RENDER_PROSE_FOLDER_H
#define TEITEN_RENDER_PROSE_FOLDER_H

#include <glib.h>

#include "publication/publication.h"

/* Of the first language the edition's folder itself, of every other a folder of its own in it. Owned by the
 * caller. */
char *prose_folder_path(const struct publication *publication, const struct edition *edition,
                        const char *language);
/* char *: the files without their .xhtml, sorted as bytes; none when there is no folder. Unref it. */
GPtrArray *prose_folder_names(const char *folder);

#endif

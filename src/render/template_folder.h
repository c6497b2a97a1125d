/* template_folder.h - where the files of the template lie: the publication's own folder first, then the ones
 * that ship with the program.
 *
 *     char *path = template_folder_file(&publication, &edition, "ja", "style.css", &shown, err);
 *
 * A publication's folder may hold the files themselves or a folder per language, and only those that it
 * changes.
 */
#ifndef TEITEN_RENDER_TEMPLATE_FOLDER_H
#define TEITEN_RENDER_TEMPLATE_FOLDER_H

#include "publication/publication.h"

/* Path to read and, in *shown, the name for readers ("templates/ja/report.xhtml"); both owned by the caller.
 * NULL and an error when the file is in neither place. */
char *template_folder_file(const struct publication *publication, const struct edition *edition,
                           const char *language, const char *name, char **shown, struct error *err);

#endif

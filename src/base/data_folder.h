/* data_folder.h - where the files that ship with the program lie: templates/, fonts/, publication.rng.
 *
 *     char *path = data_folder_path("templates/ja/report.xhtml", err);
 *
 * Looked for in this order: the folder named by TEITEN_DATA; share/teiten beside the program (build tree);
 * ../share/teiten beside the program's folder (installed); the compiled-in PREFIX/share/teiten.
 */
#ifndef TEITEN_BASE_DATA_FOLDER_H
#define TEITEN_BASE_DATA_FOLDER_H

#include "base/error.h"

/* Absolute path of a shipped file, owned by the caller; NULL and an error when it is nowhere. */
char *data_folder_path(const char *name, struct error *err);

#endif

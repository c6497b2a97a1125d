/* manifest.h - manifest.json: what an edition consists of, for those who archive it or check what they
 * received.
 *
 *     GBytes *json = manifest_write(model, "2025-07-31", made_from, &set);
 *
 *     {"edition": "2025q1", "files": [{"name": "data/ports.csv", "sha256": "...", "size": 123}, ...],
 *      "format": "teiten-manifest-1", ...}
 *
 * Members are sorted by name, files by name as bytes; no times and no paths of the machine, so the same
 * edition gives the same bytes.
 */
#ifndef TEITEN_RENDER_MANIFEST_H
#define TEITEN_RENDER_MANIFEST_H

#include <glib.h>

#include "base/output_set.h"
#include "report/model.h"

#define MANIFEST_NAME "manifest.json"

/* Of all files that `set` holds so far. `issued`: the day of publication; NULL: not known. `made_from`:
 * struct provenance_file. */
GBytes *manifest_write(const struct model *model, const char *issued, const GPtrArray *made_from,
                       const struct output_set *set);

/* What a manifest, the file at `path`, lists under "files" or "made_from": name -> SHA-256, NULL where none
 * is told. NULL: there is no such file, or no such list in it. Unref it. */
GHashTable *manifest_listed(const char *path, const char *list);

/* What is published into a folder; told by the PDF among the files. */
enum manifest_subject { MANIFEST_REPORT, MANIFEST_REVIEW };

/* "report.pdf", "review.pdf". */
const char *manifest_subject_pdf(enum manifest_subject subject);

/* 0 where publishing `subject` into `folder` loses nothing: there is no folder, it is empty, or its
 * manifest.json lists every file in it, among them no PDF of another subject: a review does not replace a
 * report, nor a report a review. Else -1 with an error of kind ERROR_OUTPUT that names a file which would be
 * lost, or says what the folder holds. Symbolic links count as files. */
int manifest_guard(const char *folder, enum manifest_subject subject, struct error *err);

#endif

/* lint.h - slips in the text that people wrote for an edition, each with its file and line.
 *
 *     GPtrArray *findings = lint_edition(&publication, &edition, "ja", err);      // struct lint_finding *
 *     lint_tell(&publication, findings, draft, log, err);                         // warnings, or an error
 *     g_ptr_array_unref(findings);
 *
 * Read are the files of the edition's prose in the language, and the texts of publication.xml in it: neither
 * captures nor templates nor a filled page, so that it can be asked at any time. The rules and their levels
 * are publication/lint_settings.h's; code, addresses, and text that says that it is in a language other than
 * Japanese are left out of the rules for Japanese.
 */
#ifndef TEITEN_RENDER_LINT_H
#define TEITEN_RENDER_LINT_H

#include <glib.h>

#include "base/error.h"
#include "base/warning.h"
#include "publication/publication.h"

struct lint_finding {
    enum lint_rule rule;
    char *file; /* as readers know it: "editions/2025q1/overview.xhtml" below the publication's folder */
    long line;
    char *text; /* what it is, what was expected */
};

/* In the order of files (publication.xml, then prose by name) and lines. Rules that are off find nothing.
 * NULL and an error only for a file that cannot be read as XML. */
GPtrArray *lint_edition(const struct publication *publication, const struct edition *edition,
                        const char *language, struct error *err);
/* Adds each finding to the log: "text: FILE: line N: TEXT (RULE)". Unless a draft is made, the first whose
 * rule is an error becomes one: then -1. */
int lint_tell(const struct publication *publication, const GPtrArray *findings, bool draft,
              struct warning_log *log, struct error *err);

#endif

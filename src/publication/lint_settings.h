/* lint_settings.h - which slips in the text of a report are told, and how strictly.
 *
 *     <lint>
 *       <rule name="long-sentence" limit="150"/>
 *       <rule name="abbreviation" level="off"/>
 *       <rule name="wave-dash" level="error"/>
 *       <known>DVR NVR NAS</known>
 *     </lint>
 *
 *     settings.levels[LINT_WAVE_DASH]                          // LINT_ERROR
 *     lint_settings_knows(&settings, "NAS")                    // true: needs no explanation
 *
 * render/lint.h finds them.
 */
#ifndef TEITEN_PUBLICATION_LINT_SETTINGS_H
#define TEITEN_PUBLICATION_LINT_SETTINGS_H

#include <glib.h>
#include <libxml/tree.h>
#include <stdbool.h>

#include "base/error.h"

enum lint_rule {
    LINT_HALF_WIDTH_PUNCTUATION, /* , . ! ? ; ( ) ~ : beside Japanese */
    LINT_HALF_WIDTH_KATAKANA,
    LINT_FULL_WIDTH_LETTERS, /* digits and Latin letters */
    LINT_WAVE_DASH,          /* ～, 〜 and ~ in one edition */
    LINT_DOUBLED_PARTICLE,   /* をを, にに, ... */
    LINT_DOUBLED_PUNCTUATION,
    LINT_DOUBLED_WORD,        /* "the the" */
    LINT_BLANK_IN_JAPANESE,   /* a blank between two Japanese letters */
    LINT_LONG_SENTENCE,       /* Japanese; limit: characters */
    LINT_LONG_SENTENCE_WORDS, /* other languages; limit: words */
    LINT_ALTERNATIVE_TEXT,    /* none, or one that tells no more than the caption or the file's name */
    LINT_ABBREVIATION,        /* capitals that nothing explains */
    LINT_OPEN_MARKER,         /* 要確認 */
    LINT_EDITIONS_DIFFER,     /* a number that another language's text does not have */
    LINT_RULE_COUNT,
};

enum lint_level { LINT_OFF, LINT_WARNING, LINT_ERROR };

struct lint_settings {
    enum lint_level levels[LINT_RULE_COUNT];
    int limits[LINT_RULE_COUNT]; /* 0: the rule has none */
    GHashTable *known;           /* char *: abbreviations that need no explanation, beside the common ones */
};

/* "long-sentence". Static. */
const char *lint_rule_name(enum lint_rule rule);
/* Every rule at its own level, with its own limit. */
void lint_settings_init(struct lint_settings *settings);
void lint_settings_release(struct lint_settings *settings);
/* Reads a <lint> that the schema has let through. Errors start with "line N: ". */
int lint_settings_read(struct lint_settings *settings, const xmlNode *lint, struct error *err);
/* Whether readers of such reports know the abbreviation: TCP, PDF, ..., or one that <known> lists. */
bool lint_settings_knows(const struct lint_settings *settings, const char *abbreviation);

#endif

/* lint_text.h - the rules for one run of text: a paragraph, a caption, a heading, a note; and what is
 * gathered over all runs of an edition. Private to lint*.c.
 *
 *     struct lint_gathering gathering;
 *     lint_gathering_init(&gathering, &settings, normalises);
 *     gathering.findings = findings;
 *     gathering.file = "overview.xhtml";
 *     lint_run(&gathering, run, is_japanese);       // any number, of any files
 *     lint_gathering_finish(&gathering);
 *     lint_gathering_release(&gathering);
 *
 * Japanese has rules of its own (lint_japanese.h), and so has English (here).
 */
#ifndef TEITEN_RENDER_LINT_TEXT_H
#define TEITEN_RENDER_LINT_TEXT_H

#include "render/lint.h"
#include "render/lint_character.h"

/* Where an abbreviation or one of the wave dashes stands first. */
struct lint_place {
    const char *file; /* borrowed from the files */
    long line;
};

/* What is gathered over all files of an edition. */
struct lint_gathering {
    const struct lint_settings *settings;
    GPtrArray *findings;       /* struct lint_finding * */
    bool normalises;           /* the page's t:normalise: ( ) ~ : are put right by themselves */
    const char *file;          /* the one at hand */
    GPtrArray *order;          /* char *: abbreviations in the order in which they come, each once */
    GHashTable *abbreviations; /* borrowed from order -> struct lint_place * */
    GHashTable *explained;     /* char * */
    GArray *dashes[3];         /* struct lint_place: of ～, 〜 and ~ */
};

void lint_gathering_init(struct lint_gathering *gathering, const struct lint_settings *settings,
                         bool normalises);
void lint_gathering_release(struct lint_gathering *gathering);
/* The file at hand. */
void lint_add(struct lint_gathering *gathering, enum lint_rule rule, long line, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

/* All rules but those of whole editions. `run`: struct lint_character. */
void lint_run(struct lint_gathering *gathering, const GArray *run, bool is_japanese);
/* An abbreviation that markup explains (<abbr title="...">). */
void lint_explain(struct lint_gathering *gathering, const char *abbreviation);
/* When all runs of all files were seen: dashes that differ, abbreviations without an explanation. */
void lint_gathering_finish(struct lint_gathering *gathering);

#endif

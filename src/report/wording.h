/* wording.h - every text that the report says, as data: templates/LANGUAGE/wording.csv.
 *
 *     rule,pattern
 *     rank-fell,{label}は{rank}番目に下がりました。
 *
 *     struct wording wording;
 *     wording_load(&wording, "templates/ja/wording.csv", err);
 *     wording_append(&wording, out, "rank-fell", "label", "8728/TCP", "rank", "4", NULL);
 *
 * The program knows a fixed list of rules and the placeholders of each (wording.c). A file must have every
 * rule once, with every placeholder of it at least once and no other: a reworded publication cannot lose a
 * number by accident.
 *
 * Languages whose words follow numbers have forms: {count|file|files} is `file` for 1 and `files` otherwise,
 * {rank|st|nd|rd|th} the ending of an ordinal; neither stands for the number itself.
 */
#ifndef TEITEN_REPORT_WORDING_H
#define TEITEN_REPORT_WORDING_H

#include <glib.h>
#include <stdbool.h>

#include "base/error.h"
#include "publication/publication.h"

struct wording {
    GHashTable *patterns; /* char * rule -> char * pattern */
};

/* Errors: "FILE: line N: unknown rule 'x'", "... has no placeholder {y}", "FILE: no pattern for rule 'x'". */
int wording_load(struct wording *wording, const char *path, struct error *err);
/* The publication's own file (template_folder/LANGUAGE/wording.csv) when it has one, else the one that ships
 * with the program. */
int wording_load_for(struct wording *wording, const struct publication *publication,
                     const struct edition *edition, const char *language, struct error *err);
void wording_release(struct wording *wording);

/* Appends the rule's pattern; then follow pairs of placeholder and text, ended by NULL. An unknown rule or a
 * placeholder without a text is a programmer's mistake. */
void wording_append(const struct wording *wording, GString *out, const char *rule,
                    ...) G_GNUC_NULL_TERMINATED;
/* The same as a new string, owned by the caller. */
char *wording_text(const struct wording *wording, const char *rule, ...) G_GNUC_NULL_TERMINATED;
/* The same with the pairs in an array: placeholder, text, ..., NULL. */
char *wording_text_pairs(const struct wording *wording, const char *rule, const char *const *pairs);

#endif

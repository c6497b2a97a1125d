/* wording_rules.h - every rule that a wording.csv has to hold a pattern for, with the placeholders of its
 * pattern.
 *
 * A new rule: a line here, one in wording.csv of each language, and the code that fills it.
 */
#ifndef TEITEN_REPORT_WORDING_RULES_H
#define TEITEN_REPORT_WORDING_RULES_H

#include <stddef.h>

struct wording_rule {
    const char *rule;
    const char *placeholders; /* separated by blanks; each stands in the pattern; "" for none */
};

/* `wording_rule_count` of them, in the order of the shipped files. */
extern const struct wording_rule wording_rules[];
extern const size_t wording_rule_count;

#endif

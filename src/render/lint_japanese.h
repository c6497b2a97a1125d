/* lint_japanese.h - the rules for a run of Japanese: punctuation, widths, doubled particles, long sentences.
 * Private to lint_text.c.
 */
#ifndef TEITEN_RENDER_LINT_JAPANESE_H
#define TEITEN_RENDER_LINT_JAPANESE_H

#include "render/lint_text.h"

void lint_japanese_check(struct lint_gathering *gathering, const GArray *run);
/* When all runs were seen: the dash that the edition uses most is the one that is meant; of equals, 〜. */
void lint_japanese_finish(struct lint_gathering *gathering);

#endif

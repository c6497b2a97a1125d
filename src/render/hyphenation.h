/* hyphenation.h - where Western words may be parted, by libhyphen and the patterns of a language.
 *
 *     struct hyphenation *hyphenation = hyphenation_new("templates/en", "en-US", err);
 *     bool places[20];
 *     hyphenation_find(hyphenation, "observation", 11, places);      // ob-ser-va-tion
 *
 * The patterns are a file hyph_en_US.dic in the folder of the page template, or that of a Debian package
 * (hyphen-en-us, hyphen-de, ...).
 */
#ifndef TEITEN_RENDER_HYPHENATION_H
#define TEITEN_RENDER_HYPHENATION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct hyphenation;

/* NULL and an error when there are no patterns for that language. */
struct hyphenation *hyphenation_new(const char *folder, const char *language, struct error *err);
void hyphenation_free(struct hyphenation *hyphenation);
/* Of a word of `length` letters, UTF-8: places[i] becomes true when the word may be parted before its letter
 * i. No part has fewer than three letters. Returns false, and sets nothing, for a word that is left whole:
 * shorter than six letters, or with capitals behind the first (IANA). */
bool hyphenation_find(const struct hyphenation *hyphenation, const char *word, size_t length, bool *places);

#endif

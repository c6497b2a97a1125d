/* schema_explanation.h - why a document does not fit a RELAX NG grammar, in words: the first place that does
 * not.
 *
 * Understands the part of RELAX NG that publication.rng uses: element, attribute, ref, group, interleave,
 * optional, zeroOrMore, oneOrMore, choice, list, value, text, and data of the types token (pattern,
 * minLength) and integer (minInclusive, maxInclusive). What it does not understand it takes for valid.
 */
#ifndef TEITEN_PUBLICATION_SCHEMA_EXPLANATION_H
#define TEITEN_PUBLICATION_SCHEMA_EXPLANATION_H

#include <libxml/tree.h>
#include <stdbool.h>

#include "base/error.h"

/* True, and the error "FILE: line N: what, what was expected" set, when a reason was found. */
bool schema_explanation_find(xmlDoc *grammar, xmlDoc *document, const char *file, struct error *err);

#endif

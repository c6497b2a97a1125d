/* review_document.h - what the review has beyond the report, as elements of the model document: what changed,
 * what happened, how sure it is. templates/README.md writes its vocabulary down.
 *
 *     review_document_add(document, &review);
 *     // /report/review/events/event[1]/driver[1]/@share
 */
#ifndef TEITEN_RENDER_REVIEW_DOCUMENT_H
#define TEITEN_RENDER_REVIEW_DOCUMENT_H

#include <libxml/tree.h>

#include "publication/publication.h"
#include "render/prose_difference.h"
#include "report/difference.h"
#include "report/review.h"

/* Borrowed. */
struct page_review {
    const struct edition *other; /* the edition that the differences are against */
    const struct difference *difference;
    const struct prose_difference *prose;
    const struct review *review;
    const struct publication *publication;
    const char *language;
};

/* For page_kind.extend: `data` is a struct page_review. */
void review_document_add(xmlDocPtr document, const void *data);

#endif

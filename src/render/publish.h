/* publish.h - from the report model to the files of a published edition.
 *
 *     struct output_set set;
 *     output_set_init(&set);
 *     publish_edition(&publication, &edition, model, fonts, &options, &set, log, err);
 *     output_set_publish(&set, "out/2025q1", err);
 *
 * Fills: index.xhtml, style.css, report.pdf, img/EDITION_report_figN.svg and .png (drawn) or .png/.jpg
 * (pictures of the edition), data/TABLE.csv, data/FIGURE.csv, manifest.json (name, size, SHA-256 of every
 * other file, and what it was made from).
 */
#ifndef TEITEN_RENDER_PUBLISH_H
#define TEITEN_RENDER_PUBLISH_H

#include "base/output_set.h"
#include "base/warning.h"
#include "chart/fonts.h"
#include "publication/publication.h"
#include "render/pdf.h"
#include "render/review_document.h"
#include "render/site.h"
#include "report/model.h"

struct publish_options {
    enum pdf_variant pdf_variant;
    bool draft;                       /* open markers (要確認) are let through */
    const struct page_review *review; /* NULL: the report; else the review: review.xhtml, review.pdf */
    bool single_file;                 /* adds EDITION.html, which holds everything else */
    const struct site_links *links;   /* of the report: where its page leads; NULL: nowhere */
};

int publish_edition(const struct publication *publication, const struct edition *edition,
                    const struct model *model, struct fonts *fonts, const struct publish_options *options,
                    struct output_set *set, struct warning_log *log, struct error *err);

#endif

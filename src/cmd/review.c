/* teiten diff EDITION --output DIR: the review as a page and a PDF. */
#include <stdio.h>

#include "base/output_set.h"
#include "chart/fonts.h"
#include "cmd/command.h"
#include "cmd/diff_view.h"
#include "render/publish.h"
#include "report/review_figures.h"

/* Quarters that a rank flow goes back to, this one included: those in a row that were or can be counted,
 * `most` at most. */
static int flow_quarters(const struct publication *publication, const struct edition *edition, int most)
{
    enum { QUARTERS_MINIMUM = 2 };
    struct edition back = *edition;
    int quarters = 1;
    for (; quarters < most; quarters++) {
        back = edition_previous(&back);
        char *path = aggregate_summary_path(publication, &back);
        bool known = aggregate_has_captures(publication, &back) || g_file_test(path, G_FILE_TEST_EXISTS);
        g_free(path);
        if (!known)
            break;
    }
    return MAX(quarters, QUARTERS_MINIMUM);
}

int command_review(struct invocation *invocation, struct publication *publication,
                   const struct diff_view *view, struct error *err)
{
    struct page_review page = {
        .other = view->other,
        .difference = view->difference,
        .prose = view->prose,
        .review = view->review,
        .publication = publication,
        .language = view->language,
    };
    struct publish_options options = {.draft = true, .review = &page};
    struct command_summaries summaries = {0};
    struct model_input input;
    struct model *model = NULL;
    struct output_set set;
    int result = -1;

    output_set_init(&set);
    char *own_fonts = g_build_filename(publication->folder, "fonts", NULL);
    struct fonts *fonts = fonts_new_with(own_fonts, err);
    g_free(own_fonts);
    if (fonts == NULL ||
        review_figures_add(publication, view->edition, view->language,
                           flow_quarters(publication, view->edition, view->quarters), err) != 0 ||
        command_input_load(invocation, publication, view->edition, &summaries, &input, err) != 0)
        goto done;
    model = model_new(publication, &input, view->language, &invocation->warnings, err);
    if (model == NULL || publish_edition(publication, view->edition, model, fonts, &options, &set,
                                         &invocation->warnings, err) != 0)
        goto done;
    if (output_set_publish(&set, invocation->output, err) != 0) {
        error_prefix(err, "diff: %s", view->edition->name);
        goto done;
    }
    for (guint i = 0; i < set.names->len && invocation->verbosity >= 0; i++)
        printf("%s/%s\n", invocation->output, (const char *)set.names->pdata[i]);
    result = 0;
done:
    output_set_release(&set);
    g_clear_pointer(&model, model_free);
    command_summaries_release(&summaries);
    g_clear_pointer(&fonts, fonts_free);
    return result;
}

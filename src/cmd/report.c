/* teiten report EDITION: summaries, model, files. */
#include <stdio.h>
#include <string.h>

#include "base/output_set.h"
#include "chart/fonts.h"
#include "cmd/command.h"
#include "render/publish.h"

static int pdf_variant_parse(const struct invocation *invocation, enum pdf_variant *variant,
                             struct error *err)
{
    const char *name = invocation_option(invocation, "pdf-variant", 0);
    *variant = g_strcmp0(name, "a-1b") == 0 ? PDF_A_1B : PDF_TAGGED;
    if (name != NULL && strcmp(name, "standard") != 0 && strcmp(name, "a-1b") != 0)
        return error_set(err, ERROR_USAGE, "--pdf-variant %s: expected standard or a-1b", name);
    return 0;
}

/* The edition before, where it is published beside this one; the list of editions, where it is or will be. */
static void links_fill(struct site_links *links, const struct publication *publication,
                       const struct edition *edition, const char *above, bool with_index)
{
    struct edition previous = edition_previous(edition);
    links->base = publication->base_url;
    links->here = g_strconcat(edition->name, "/", NULL);
    links->previous =
        site_has_edition(above, previous.name) ? g_strdup_printf("../%s/index.xhtml", previous.name) : NULL;
    links->index = with_index ? "../index.xhtml" : NULL;
}

static void links_release(struct site_links *links)
{
    g_free((char *)(uintptr_t)links->here);
    g_free((char *)(uintptr_t)links->previous);
}

int cmd_report(struct invocation *invocation, struct error *err)
{
    struct publication publication = {0};
    struct edition edition;
    struct model *model = NULL;
    struct fonts *fonts = NULL;
    struct output_set set = {0};
    char *folder = NULL;
    char *above = NULL;
    int result = -1;

    output_set_init(&set);
    struct site_links links = {0};
    struct publish_options options = {
        .draft = invocation->draft,
        .single_file = invocation_option(invocation, "single-file", 0) != NULL,
        .links = &links,
    };
    if (pdf_variant_parse(invocation, &options.pdf_variant, err) != 0)
        goto done;
    if (command_load(invocation, invocation->arguments[0], &publication, &edition, err) != 0)
        goto done;
    /* Before the captures are read: a quarter's count should not end at a missing font. */
    fonts = fonts_new(err);
    if (fonts == NULL)
        goto done;
    model = command_model(invocation, &publication, &edition, NULL, err);
    if (model == NULL)
        goto done;
    folder = invocation->output != NULL ? g_strdup(invocation->output)
                                        : g_build_filename(publication.folder, "out", edition.name, NULL);
    above = g_path_get_dirname(folder);
    links_fill(&links, &publication, &edition, above, invocation->output == NULL);
    if (publish_edition(&publication, &edition, model, fonts, &options, &set, &invocation->warnings, err) !=
        0)
        goto done;
    if (output_set_publish(&set, folder, err) != 0) {
        error_prefix(err, "report: %s", edition.name);
        goto done;
    }
    for (guint i = 0; i < set.names->len && invocation->verbosity >= 0; i++)
        printf("%s/%s\n", folder, (const char *)set.names->pdata[i]);
    if (invocation->output == NULL &&
        site_publish(&publication, above, model->language, &invocation->warnings, err) != 0)
        goto done;
    result = 0;
done:
    links_release(&links);
    g_free(above);
    g_free(folder);
    output_set_release(&set);
    g_clear_pointer(&model, model_free);
    g_clear_pointer(&fonts, fonts_free);
    publication_release(&publication);
    return result;
}

/* teiten report EDITION: summaries, then one model and one set of pages for each language. */
#include <stdio.h>
#include <string.h>

#include "base/output_set.h"
#include "chart/fonts.h"
#include "cmd/command.h"
#include "render/lint.h"
#include "render/manifest.h"
#include "render/publish.h"
#include "report/agreement.h"

static int pdf_variant_parse(const struct invocation *invocation, enum pdf_variant *variant,
                             struct error *err)
{
    const char *name = invocation_option(invocation, "pdf-variant", 0);
    *variant = g_strcmp0(name, "a-1b") == 0 ? PDF_A_1B : PDF_TAGGED;
    if (name != NULL && strcmp(name, "standard") != 0 && strcmp(name, "a-1b") != 0)
        return error_set(err, ERROR_USAGE, "--pdf-variant %s: expected standard or a-1b", name);
    return 0;
}

/* One report, in as many languages as are asked for. The first lies in the edition's folder, every other in a
 * folder of its own below it, en/. */
struct job {
    struct invocation *invocation;
    const struct publication *publication;
    const struct edition *edition;
    const struct model_input *input;
    struct fonts *fonts;
    enum pdf_variant pdf_variant;
    char **languages;   /* NULL-terminated */
    GPtrArray *models;  /* struct model *, one a language */
    const char *folder; /* where the edition goes */
    const char *above;  /* where the other editions are */
    bool is_listed;     /* whether a list of editions stands there */
    struct output_set *set;
};

/* Where the pages of one language lead. */
struct links {
    struct site_links site;
    char *here, *previous, *index, *feed;
    GPtrArray *hrefs; /* char *, of the alternates */
    GArray *alternates;
};

static char *previous_href(const struct job *job, const char *language, bool first)
{
    struct edition previous = edition_previous(job->edition);
    if (!site_has_edition(job->above, previous.name, first ? "" : language))
        return NULL;
    return first ? g_strdup_printf("../%s/index.xhtml", previous.name)
                 : g_strdup_printf("../../%s/%s/index.xhtml", previous.name, language);
}

static void links_init(struct links *links, const struct job *job, size_t own)
{
    bool first = own == 0;
    const char *language = job->languages[own];
    links->here = g_strdup_printf("%s/%s%s", job->edition->name, first ? "" : language, first ? "" : "/");
    links->previous = previous_href(job, language, first);
    if (job->is_listed) {
        char *to_list = first ? g_strdup("../") : g_strdup_printf("../../%s/", language);
        links->index = g_strconcat(to_list, "index.xhtml", NULL);
        links->feed = g_strconcat(to_list, "feed.atom", NULL);
        g_free(to_list);
    }
    links->hrefs = g_ptr_array_new_with_free_func(g_free);
    links->alternates = g_array_new(FALSE, FALSE, sizeof(struct site_alternate));
    for (size_t i = 0; job->languages[i] != NULL; i++) {
        const char *other = job->languages[i];
        if (i == own)
            continue;
        char *href = i == 0  ? g_strdup("../index.xhtml")
                     : first ? g_strdup_printf("%s/index.xhtml", other)
                             : g_strdup_printf("../%s/index.xhtml", other);
        struct site_alternate alternate = {other, href};
        g_ptr_array_add(links->hrefs, href);
        g_array_append_val(links->alternates, alternate);
    }
    links->site = (struct site_links){
        .base = job->publication->base_url,
        .here = links->here,
        .previous = links->previous,
        .index = links->index,
        .feed = links->feed,
        .alternates = (const struct site_alternate *)(const void *)links->alternates->data,
        .alternate_count = links->alternates->len,
    };
}

static void links_release(struct links *links)
{
    g_free(links->here);
    g_free(links->previous);
    g_free(links->index);
    g_free(links->feed);
    g_ptr_array_unref(links->hrefs);
    g_array_unref(links->alternates);
}

/* Slips in the text that people wrote: what they are is no reason to stop, unless the publication says so. */
static int text_lint(const struct job *job, const char *language, struct error *err)
{
    GPtrArray *findings = lint_edition(job->publication, job->edition, language, err);
    int result = findings != NULL ? lint_tell(job->publication, findings, job->invocation->draft,
                                              &job->invocation->warnings, err)
                                  : -1;
    g_clear_pointer(&findings, g_ptr_array_unref);
    return result == 0 ? 0 : error_prefix(err, "report");
}

/* The files of one language, into the set of all: under its folder, if it has one. */
static int language_publish(const struct job *job, size_t index, struct error *err)
{
    const char *language = job->languages[index];
    struct links links = {0};
    struct output_set own;
    links_init(&links, job, index);
    output_set_init(&own);
    struct publish_options options = {
        .pdf_variant = job->pdf_variant,
        .draft = job->invocation->draft,
        .single_file = invocation_option(job->invocation, "single-file", 0) != NULL,
        .links = &links.site,
    };
    int result = publish_edition(job->publication, job->edition, job->models->pdata[index], job->fonts,
                                 &options, index == 0 ? job->set : &own, &job->invocation->warnings, err);
    if (result == 0)
        result = text_lint(job, language, err);
    for (guint i = 0; i < own.names->len && result == 0; i++) {
        char *name = g_strdup_printf("%s/%s", language, (const char *)own.names->pdata[i]);
        output_set_add(job->set, name, g_bytes_ref(own.bytes->pdata[i]));
        g_free(name);
    }
    output_set_release(&own);
    links_release(&links);
    return result;
}

static void model_free_any(gpointer model)
{
    model_free(model);
}

static int models_make(struct job *job, struct error *err)
{
    job->models = g_ptr_array_new_with_free_func(model_free_any);
    for (size_t i = 0; job->languages[i] != NULL; i++) {
        struct model *model =
            model_new(job->publication, job->input, job->languages[i], &job->invocation->warnings, err);
        if (model == NULL)
            return -1;
        g_ptr_array_add(job->models, model);
    }
    return 0;
}

/* Readers of one language must not be told other numbers than those of another. */
static int languages_compare(const struct job *job, struct error *err)
{
    enum lint_level level = job->publication->lint.levels[LINT_EDITIONS_DIFFER];
    int result = 0;
    for (guint i = 1; i < job->models->len && level != LINT_OFF && result == 0; i++) {
        GPtrArray *differences = agreement_differences(job->publication, job->edition, job->models->pdata[0],
                                                       job->models->pdata[i], err);
        if (differences == NULL)
            return error_prefix(err, "report");
        for (guint k = 0; k < differences->len && result == 0; k++) {
            const char *text = differences->pdata[k];
            if (level == LINT_ERROR && !job->invocation->draft)
                result = error_set(err, ERROR_INPUT,
                                   "report: %s, expected the same numbers in both languages, or --draft (%s)",
                                   text, lint_rule_name(LINT_EDITIONS_DIFFER));
            else
                warning_add(&job->invocation->warnings, "editions", "text: %s (%s)", text,
                            lint_rule_name(LINT_EDITIONS_DIFFER));
        }
        g_ptr_array_unref(differences);
    }
    return result;
}

/* The first language last: its manifest lists the files of all. */
static int job_run(struct job *job, struct error *err)
{
    if (models_make(job, err) != 0 || languages_compare(job, err) != 0)
        return -1;
    for (size_t i = g_strv_length(job->languages); i-- > 0;)
        if (language_publish(job, i, err) != 0)
            return -1;
    if (output_set_publish(job->set, job->folder, err) != 0)
        return error_prefix(err, "report: %s", job->edition->name);
    for (guint i = 0; i < job->set->names->len && job->invocation->verbosity >= 0; i++)
        printf("%s/%s\n", job->folder, (const char *)job->set->names->pdata[i]);
    return job->is_listed ? site_publish(job->publication, job->above, job->languages, NULL,
                                         &job->invocation->warnings, err)
                          : 0;
}

/* The list and the feed find editions by the names of their folders. */
static int index_check(const char *folder, const struct edition *edition, struct error *err)
{
    char *name = g_path_get_basename(folder);
    bool is_named = strcmp(name, edition->name) == 0;
    g_free(name);
    if (is_named)
        return 0;
    return error_set(err, ERROR_USAGE,
                     "report: --index with --output %s, expected a folder with the edition's name: %s/%s",
                     folder, folder, edition->name);
}

int cmd_report(struct invocation *invocation, struct error *err)
{
    struct publication publication = {0};
    struct edition edition;
    struct command_summaries summaries = {0};
    struct model_input input;
    struct output_set set;
    char *asked[] = {(char *)(uintptr_t)invocation->language, NULL};
    char *folder = NULL;
    char *above = NULL;
    char *own_fonts = NULL;
    int result = -1;

    output_set_init(&set);
    struct job job = {.invocation = invocation,
                      .publication = &publication,
                      .edition = &edition,
                      .input = &input,
                      .set = &set};
    if (pdf_variant_parse(invocation, &job.pdf_variant, err) != 0 ||
        command_load(invocation, invocation->arguments[0], &publication, &edition, err) != 0 ||
        command_language(invocation, &publication, err) == NULL)
        goto done;
    job.languages = invocation->language != NULL ? asked : publication.languages;
    folder = invocation->output != NULL ? g_strdup(invocation->output)
                                        : g_build_filename(publication.folder, "out", edition.name, NULL);
    above = g_path_get_dirname(folder);
    job.folder = folder;
    job.above = above;
    job.is_listed = invocation->output == NULL || invocation_option(invocation, "index", 0) != NULL;
    if (job.is_listed && invocation->output != NULL && index_check(folder, &edition, err) != 0)
        goto done;
    /* Before the captures are read: a quarter's count should not end at a missing font, or at a folder of
     * somebody's. */
    if (manifest_guard(folder, MANIFEST_REPORT, err) != 0) {
        error_prefix(err, "report: %s", edition.name);
        goto done;
    }
    own_fonts = g_build_filename(publication.folder, "fonts", NULL);
    job.fonts = fonts_new_with(own_fonts, err);
    if (job.fonts == NULL ||
        command_input_load(invocation, &publication, &edition, &summaries, &input, err) != 0)
        goto done;
    result = job_run(&job, err);
done:
    g_free(own_fonts);
    g_free(above);
    g_free(folder);
    output_set_release(&set);
    g_clear_pointer(&job.models, g_ptr_array_unref);
    command_summaries_release(&summaries);
    g_clear_pointer(&job.fonts, fonts_free);
    publication_release(&publication);
    return result;
}

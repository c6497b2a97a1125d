/* teiten figure FIGURE EDITION -o FILE: one figure alone; with --measure, one that publication.xml does not
 * have. */
#include <stdio.h>
#include <string.h>

#include "base/output_set.h"
#include "chart/chart.h"
#include "cmd/figure_options.h"
#include "cmd/figure_summaries.h"

static GBytes *figure_bytes(const char *output, const struct model_figure *figure,
                            const struct figure_options *options, struct error *err)
{
    GBytes *bytes = NULL;
    struct scene *scene = NULL;
    struct fonts *fonts = fonts_new_for_figures(err);
    if (fonts == NULL)
        return NULL;
    struct chart_spec chart = figure->chart; /* borrows everything */
    chart.theme = options->theme;
    chart.numbers = options->numbers;
    chart.width_pt = options->width_pt;
    chart.height_pt = options->height_pt;
    if (options->title != NULL)
        chart.headline = (char *)(uintptr_t)options->title;
    if (options->subtitle != NULL)
        chart.subtitle = (char *)(uintptr_t)options->subtitle;
    scene = chart_layout(&chart, fonts, err);
    if (scene != NULL && g_str_has_suffix(output, ".svg"))
        bytes = scene_svg(scene, err);
    else if (scene != NULL && g_str_has_suffix(output, ".png"))
        bytes = scene_png(scene, fonts, options->scale, err);
    else if (scene != NULL)
        bytes = scene_pdf(scene, fonts, err);
    g_clear_pointer(&scene, scene_free);
    fonts_free(fonts);
    if (bytes == NULL)
        error_prefix(err, "figure: %s", figure->id);
    return bytes;
}

/* The drawing, and beside it the data. */
static int figure_write(const char *output, const struct model_figure *figure,
                        const struct figure_options *options, struct error *err)
{
    GBytes *bytes = figure_bytes(output, figure, options, err);
    if (bytes == NULL)
        return -1;
    gsize size;
    const void *data = g_bytes_get_data(bytes, &size);
    char *csv = g_strdup_printf("%.*s.csv", (int)(strlen(output) - strlen(".svg")), output);
    int result = output_file_write(output, data, size, err);
    if (result == 0 && options->with_data)
        result = output_file_write(csv, figure->csv, strlen(figure->csv), err);
    g_free(csv);
    g_bytes_unref(bytes);
    return result != 0 ? error_prefix(err, "figure") : 0;
}

/* -o may be left out when only the alternative text is wanted. */
static int output_check(const struct invocation *invocation, const struct figure_options *options,
                        struct error *err)
{
    const char *output = invocation->output;
    if (output == NULL && options->with_alternative && !options->with_data)
        return 0;
    if (output == NULL)
        return error_set(err, ERROR_USAGE,
                         "figure: no file given, expected -o FILE with the suffix .svg, .png or .pdf");
    if (!g_str_has_suffix(output, ".svg") && !g_str_has_suffix(output, ".png") &&
        !g_str_has_suffix(output, ".pdf"))
        return error_set(err, ERROR_USAGE, "figure: %s: unknown suffix, expected .svg, .png or .pdf", output);
    return 0;
}

/* What stands where on the command line: [FIGURE] EDITION [ARCHIVE...]. */
struct figure_arguments {
    const char *id; /* NULL with --measure */
    const char *edition;
    char *const *archives; /* NULL-terminated; NULL for none */
};

static int arguments_read(struct figure_arguments *arguments, const struct invocation *invocation,
                          struct error *err)
{
    bool is_ad_hoc = invocation_option(invocation, "measure", 0) != NULL;
    int edition_at = is_ad_hoc ? 0 : 1;
    if (!is_ad_hoc &&
        (invocation_option(invocation, "by", 0) != NULL || invocation_option(invocation, "where", 0) != NULL))
        return error_set(
            err, ERROR_USAGE,
            "figure: --by and --where without --measure, expected --measure packets, bytes, sources or "
            "source-sensors");
    if (invocation->argument_count <= edition_at)
        return error_set(err, ERROR_USAGE,
                         "figure: %d arguments given, expected: teiten figure %sEDITION [ARCHIVE...]",
                         invocation->argument_count, is_ad_hoc ? "--measure WHAT " : "FIGURE ");
    arguments->id = is_ad_hoc ? NULL : invocation->arguments[0];
    arguments->edition = invocation->arguments[edition_at];
    arguments->archives =
        invocation->argument_count > edition_at + 1 ? invocation->arguments + edition_at + 1 : NULL;
    return 0;
}

/* The quarters that --from and --to reach into; where one is absent, to the end of the edition. */
static int span_read(struct edition *span, const struct edition *edition,
                     const struct figure_request *request, struct error *err)
{
    struct edition first = *edition, last = *edition;
    if (request->first.year != 0 &&
        edition_of_date(request->first, edition->fiscal_start_month, &first, err) != 0)
        return error_prefix(err, "--from");
    if (request->last.year != 0 &&
        edition_of_date(request->last, edition->fiscal_start_month, &last, err) != 0)
        return error_prefix(err, "--to");
    int distance = edition_distance(&first, &last);
    if (distance < 0)
        return error_set(err, ERROR_USAGE, "--%s: a day %s %s, expected it together with --%s",
                         request->first.year != 0 ? "from" : "to",
                         request->first.year != 0 ? "after" : "before", edition->name,
                         request->first.year != 0 ? "to" : "from");
    if (distance >= EDITION_SPAN_MAX)
        return error_set(err, ERROR_USAGE, "--from and --to: %d quarters, expected at most %d", distance + 1,
                         (int)EDITION_SPAN_MAX);
    *span = edition_span(&first, &last);
    return 0;
}

int cmd_figure(struct invocation *invocation, struct error *err)
{
    struct publication publication = {0};
    struct edition edition, span;
    struct figure_arguments arguments = {.id = NULL};
    struct figure_choice choice = {.is_ad_hoc = false};
    struct figure_summaries summaries = {.current = NULL};
    struct model *model = NULL;
    struct figure_options options;
    const char *language;
    int result = -1;

    if (figure_options_read(&options, invocation, err) != 0)
        return error_prefix(err, "figure");
    if (arguments_read(&arguments, invocation, err) != 0 || output_check(invocation, &options, err) != 0 ||
        command_load(invocation, arguments.edition, &publication, &edition, err) != 0 ||
        (language = command_language(invocation, &publication, err)) == NULL ||
        (arguments.id != NULL &&
         command_id_check("figure", &publication, COMMAND_FIGURE, arguments.id, err) != 0))
        goto done;
    if (figure_choice_read(&choice, &publication, invocation, arguments.id, err) != 0 ||
        span_read(&span, &edition, &options.request, err) != 0) {
        error_prefix(err, "figure");
        goto done;
    }
    if (figure_summaries_load(&summaries, invocation, &publication, &choice, &span, arguments.archives,
                              err) != 0)
        goto done;
    options.request.id = choice.definition.id;
    summaries.input.request = &options.request;
    model = model_new(&choice.publication, &summaries.input, language, &invocation->warnings, err);
    if (model == NULL)
        goto done;
    const struct model_figure *figure = model_figure(model, options.request.id);
    g_assert(figure != NULL);
    if (invocation->output != NULL && figure_write(invocation->output, figure, &options, err) != 0)
        goto done;
    if (options.with_alternative)
        puts(figure->chart.description);
    result = 0;
done:
    g_clear_pointer(&model, model_free);
    figure_summaries_release(&summaries);
    figure_choice_release(&choice);
    publication_release(&publication);
    figure_options_release(&options);
    return result;
}

/* teiten figure FIGURE EDITION -o FILE: one figure alone. */
#include <stdio.h>
#include <string.h>

#include "base/output_set.h"
#include "chart/chart.h"
#include "cmd/command.h"

static GBytes *figure_bytes(const struct invocation *invocation, const struct model_figure *figure,
                            struct error *err)
{
    GBytes *bytes = NULL;
    struct scene *scene = NULL;
    struct fonts *fonts = fonts_new(err);
    if (fonts == NULL)
        return NULL;
    scene = chart_layout(&figure->chart, fonts, err);
    if (scene != NULL && g_str_has_suffix(invocation->output, ".svg"))
        bytes = scene_svg(scene, err);
    else if (scene != NULL && g_str_has_suffix(invocation->output, ".png"))
        bytes = scene_png(scene, fonts, invocation->scale, err);
    else if (scene != NULL)
        bytes = scene_pdf(scene, fonts, err);
    g_clear_pointer(&scene, scene_free);
    fonts_free(fonts);
    if (bytes == NULL)
        error_prefix(err, "figure: %s", figure->id);
    return bytes;
}

static int figure_known(const struct publication *publication, const char *id, struct error *err)
{
    if (publication_figure(publication, id) != NULL)
        return 0;
    GString *known = g_string_new(NULL);
    for (size_t i = 0; i < publication->figure_count; i++)
        g_string_append_printf(known, "%s%s", i > 0 ? ", " : "", publication->figures[i].id);
    error_set(err, ERROR_USAGE, "figure: %s: %s defines no such figure, expected one of: %s", id,
              publication->file, known->str);
    g_string_free(known, TRUE);
    return -1;
}

int cmd_figure(struct invocation *invocation, struct error *err)
{
    const char *id = invocation->arguments[0];
    struct publication publication = {0};
    struct edition edition;
    struct model *model = NULL;
    GBytes *bytes = NULL;
    int result = -1;

    if (invocation->output == NULL)
        return error_set(err, ERROR_USAGE,
                         "figure: no file given, expected -o FILE with the suffix .svg, .png or .pdf");
    if (!g_str_has_suffix(invocation->output, ".svg") && !g_str_has_suffix(invocation->output, ".png") &&
        !g_str_has_suffix(invocation->output, ".pdf"))
        return error_set(err, ERROR_USAGE, "figure: %s: unknown suffix, expected .svg, .png or .pdf",
                         invocation->output);
    if (command_load(invocation, invocation->arguments[1], &publication, &edition, err) != 0 ||
        figure_known(&publication, id, err) != 0)
        goto done;
    model = command_model(invocation, &publication, &edition, err);
    if (model == NULL)
        goto done;
    const struct model_figure *figure = model_figure(model, id);
    g_assert(figure != NULL);
    bytes = figure_bytes(invocation, figure, err);
    if (bytes == NULL)
        goto done;
    gsize size;
    const void *data = g_bytes_get_data(bytes, &size);
    result = output_file_write(invocation->output, data, size, err);
    if (result != 0)
        error_prefix(err, "figure");
done:
    g_clear_pointer(&bytes, g_bytes_unref);
    g_clear_pointer(&model, model_free);
    publication_release(&publication);
    return result;
}

#include "cmd/figure_options.h"

#include <string.h>

#include "chart/theme.h"

/* Type keeps its 8 points, so what is looked at from afar or on a small screen is laid out small and drawn
 * large. */
static const struct preset {
    const char *name;
    double width_pt, height_pt, scale;
} presets[] = {
    {"column", 440, 0, 2},     {"page", 510, 340, 2},  {"slide", 480, 270, 4},
    {"social", 480, 252, 2.5}, {"phone", 330, 360, 3},
};

static int read_preset(struct figure_options *options, const char *name, struct error *err)
{
    if (name == NULL)
        return 0;
    for (size_t i = 0; i < G_N_ELEMENTS(presets); i++)
        if (strcmp(presets[i].name, name) == 0) {
            options->width_pt = presets[i].width_pt;
            options->height_pt = presets[i].height_pt;
            options->scale = presets[i].scale;
            return 0;
        }
    return command_option_refuse("preset", name, "one of: column, page, slide, social, phone", err);
}

static int read_length(const char *option, const char *text, double least, double *length, struct error *err)
{
    if (text == NULL)
        return 0;
    char *end;
    double value = g_ascii_strtod(text, &end);
    if (end == text || *end != '\0' || !(value >= least && value <= 4000))
        return error_set(err, ERROR_USAGE, "--%s %s: expected points from %.0f to 4000", option, text, least);
    *length = value;
    return 0;
}

static int read_theme(struct figure_options *options, const char *name, struct error *err)
{
    if (name == NULL)
        return 0;
    for (enum chart_theme theme = 0; theme_name(theme) != NULL; theme++)
        if (strcmp(theme_name(theme), name) == 0) {
            options->theme = theme;
            return 0;
        }
    return command_option_refuse("theme", name, "light, dark or print", err);
}

static int read_numbers(struct figure_options *options, const char *name, struct error *err)
{
    if (name == NULL)
        return 0;
    if (strcmp(name, "man") == 0)
        options->numbers = CHART_NUMBERS_MAN;
    else if (strcmp(name, "thousands") == 0)
        options->numbers = CHART_NUMBERS_THOUSANDS;
    else
        return command_option_refuse("format-numbers", name, "man or thousands", err);
    return 0;
}

static int read_date(const char *option, const char *text, struct civil_date *date, struct error *err)
{
    if (text == NULL || civil_date_parse(text, date))
        return 0;
    return command_option_refuse(option, text, "a date like 2025-04-01", err);
}

/* Several options, each with one key or several between commas. */
static char **read_keys(const struct invocation *invocation)
{
    GPtrArray *keys = g_ptr_array_new();
    const char *value;
    for (guint n = 0; (value = invocation_option(invocation, "series", n)) != NULL; n++) {
        char **parts = g_strsplit(value, ",", -1);
        for (char **part = parts; *part != NULL; part++)
            if (*g_strstrip(*part) != '\0')
                g_ptr_array_add(keys, g_strdup(*part));
        g_strfreev(parts);
    }
    g_ptr_array_add(keys, NULL);
    return (char **)g_ptr_array_free(keys, FALSE);
}

static int read_all(struct figure_options *options, const struct invocation *invocation, struct error *err)
{
    if (read_preset(options, invocation_option(invocation, "preset", 0), err) != 0 ||
        read_length("width", invocation_option(invocation, "width", 0), 100, &options->width_pt, err) != 0 ||
        read_length("height", invocation_option(invocation, "height", 0), 60, &options->height_pt, err) !=
            0 ||
        read_theme(options, invocation_option(invocation, "theme", 0), err) != 0 ||
        read_numbers(options, invocation_option(invocation, "format-numbers", 0), err) != 0 ||
        read_date("from", invocation_option(invocation, "from", 0), &options->request.first, err) != 0 ||
        read_date("to", invocation_option(invocation, "to", 0), &options->request.last, err) != 0)
        return -1;
    if (options->request.first.year != 0 && options->request.last.year != 0 &&
        civil_date_compare(options->request.first, options->request.last) > 0)
        return command_option_refuse("to", invocation_option(invocation, "to", 0),
                                     "no earlier day than that of --from", err);
    if (invocation_option(invocation, "series", 0) != NULL && options->keys[0] == NULL)
        return command_option_refuse("series", "''", "one key or several, like 23/TCP,80/TCP", err);
    return 0;
}

int figure_options_read(struct figure_options *options, const struct invocation *invocation,
                        struct error *err)
{
    memset(options, 0, sizeof *options);
    options->scale = 2;
    options->keys = read_keys(invocation);
    if (read_all(options, invocation, err) != 0) {
        figure_options_release(options);
        return -1;
    }
    if (options->keys[0] != NULL)
        options->request.keys = options->keys;
    if (invocation->scale > 0)
        options->scale = invocation->scale;
    options->title = invocation_option(invocation, "title", 0);
    options->subtitle = invocation_option(invocation, "subtitle", 0);
    options->with_data = invocation_option(invocation, "data", 0) != NULL;
    options->with_alternative = invocation_option(invocation, "alt", 0) != NULL;
    return 0;
}

void figure_options_release(struct figure_options *options)
{
    g_strfreev(options->keys);
    memset(options, 0, sizeof *options);
}

#include "chart/chart.h"

#include "chart/layout.h"

struct font_measure {
    struct fonts *fonts;
    const char *language;
};

static double width_in_fonts(void *context, const char *text, double size_pt, bool bold)
{
    const struct font_measure *measure = context;
    return fonts_text_width(measure->fonts, measure->language, text, size_pt, bold);
}

static int check_text(struct fonts *fonts, const char *text, const char *name, struct error *err)
{
    return text == NULL ? 0 : fonts_check_text(fonts, text, "sans", name, err);
}

static int check_texts(const struct chart_spec *spec, struct fonts *fonts, struct error *err)
{
    const struct {
        const char *name;
        const char *text;
    } texts[] = {
        {"headline", spec->headline},
        {"subtitle", spec->subtitle},
        {"unit", spec->unit},
        {"source note", spec->source_note},
        {"missing label", spec->missing_label},
        {"day-off label", spec->day_off_label},
        {"current label", spec->current_label},
        {"previous label", spec->previous_label},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        if (check_text(fonts, texts[i].text, texts[i].name, err) != 0)
            return -1;
    for (size_t i = 0; i < spec->series_count; i++)
        if (check_text(fonts, spec->series[i].label, "label", err) != 0 ||
            check_text(fonts, spec->series[i].detail, "label", err) != 0 ||
            check_text(fonts, spec->series[i].remark, "remark", err) != 0)
            return -1;
    for (int i = 0; spec->columns != NULL && i < spec->day_count; i++)
        if (check_text(fonts, spec->columns[i], "column", err) != 0)
            return -1;
    for (size_t i = 0; i < spec->note_count; i++)
        if (check_text(fonts, spec->notes[i].text, "note", err) != 0)
            return -1;
    return 0;
}

struct scene *chart_layout(const struct chart_spec *spec, struct fonts *fonts, struct error *err)
{
    struct font_measure context = {fonts, spec->language};
    struct text_measure measure = {width_in_fonts, &context};
    struct scene *scene = NULL;
    if (check_texts(spec, fonts, err) == 0)
        scene = layout_scene(spec, &measure, err);
    if (scene == NULL)
        error_prefix(err, "figure %s", spec->identifier);
    return scene;
}

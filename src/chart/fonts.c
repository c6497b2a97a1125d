#include "chart/fonts.h"

#include <cairo.h>
#include <fontconfig/fontconfig.h>
#include <glib.h>
#include <hb.h>
#include <pango/pangocairo.h>
#include <pango/pangofc-fontmap.h>
#include <string.h>

#include "base/data_folder.h"
#include "chart/text_line.h"

struct fonts {
    FcConfig *config;
    PangoFontMap *map;
};

static const struct {
    const char *role;
    const char *family;
} roles[] = {
    {"sans", "Noto Sans CJK JP"},
    {"serif", "Noto Serif CJK JP"},
    {"mono", "Noto Sans Mono CJK JP"},
};

const char *fonts_family(const char *role)
{
    for (size_t i = 0; i < G_N_ELEMENTS(roles); i++)
        if (strcmp(roles[i].role, role) == 0)
            return roles[i].family;
    g_assert_not_reached();
}

static bool has_family(FcConfig *config, const char *family)
{
    FcPattern *pattern = FcPatternCreate();
    FcPatternAddString(pattern, FC_FAMILY, (const FcChar8 *)family);
    FcObjectSet *objects = FcObjectSetBuild(FC_FILE, (char *)NULL);
    FcFontSet *found = FcFontList(config, pattern, objects);
    bool has = found != NULL && found->nfont > 0;
    if (found != NULL)
        FcFontSetDestroy(found);
    FcObjectSetDestroy(objects);
    FcPatternDestroy(pattern);
    return has;
}

struct fonts *fonts_new(struct error *err)
{
    char *path = data_folder_path("fonts/fonts.conf", err);
    if (path == NULL) {
        error_prefix(err, "fonts");
        return NULL;
    }
    struct fonts *fonts = g_new0(struct fonts, 1);
    fonts->config = FcConfigCreate();
    if (!FcConfigParseAndLoad(fonts->config, (const FcChar8 *)path, FcTrue) ||
        !FcConfigBuildFonts(fonts->config)) {
        error_set(err, ERROR_INPUT, "fonts: %s: cannot be read as a fontconfig file", path);
        goto failed;
    }
    /* Not by <dir prefix="relative">, for which fontconfig 2.14 leaks the path. */
    char *folder = g_path_get_dirname(path);
    FcConfigAppFontAddDir(fonts->config, (const FcChar8 *)folder);
    g_free(folder);
    for (size_t i = 0; i < G_N_ELEMENTS(roles); i++)
        if (!has_family(fonts->config, roles[i].family)) {
            error_set(err, ERROR_INPUT,
                      "fonts: the family %s is not installed, expected the Debian package fonts-noto-cjk",
                      roles[i].family);
            goto failed;
        }
    /* Making a font map has pango start fontconfig in a thread of its own, which would read the machine's
     * settings and list all its fonts, for nothing. With ours current, there is nothing to start. */
    FcConfigSetCurrent(fonts->config);
    fonts->map = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
    if (fonts->map == NULL) {
        error_set(err, ERROR_INPUT, "fonts: cairo was built without FreeType, which teiten needs");
        goto failed;
    }
    pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(fonts->map), fonts->config);
    pango_cairo_font_map_set_resolution(PANGO_CAIRO_FONT_MAP(fonts->map), 72);
    g_free(path);
    return fonts;

failed:
    g_free(path);
    fonts_free(fonts);
    return NULL;
}

void fonts_free(struct fonts *fonts)
{
    if (fonts == NULL)
        return;
    g_clear_object(&fonts->map);
    if (fonts->config != NULL)
        FcConfigDestroy(fonts->config);
    g_free(fonts);
}

PangoFontMap *fonts_map(struct fonts *fonts)
{
    return fonts->map;
}

PangoContext *fonts_context(struct fonts *fonts, const char *language)
{
    PangoContext *context = pango_font_map_create_context(fonts->map);
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    pango_cairo_context_set_font_options(context, options);
    cairo_font_options_destroy(options);
    pango_context_set_round_glyph_positions(context, FALSE);
    pango_context_set_language(context, pango_language_from_string(language));
    pango_context_set_base_dir(context, PANGO_DIRECTION_LTR);
    return context;
}

PangoFontDescription *fonts_describe(const char *role, double size_pt, bool bold)
{
    PangoFontDescription *description = pango_font_description_new();
    pango_font_description_set_family_static(description, fonts_family(role));
    pango_font_description_set_size(description, pango_units_from_double(size_pt));
    pango_font_description_set_weight(description, bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    return description;
}

double fonts_text_width(struct fonts *fonts, const char *language, const char *text, double size_pt,
                        bool bold)
{
    PangoContext *context = fonts_context(fonts, language);
    PangoFontDescription *description = fonts_describe("sans", size_pt, bold);
    struct text_line line;
    text_line_shape(&line, context, text, description);
    double width_pt = line.width_pt;
    text_line_release(&line);
    pango_font_description_free(description);
    g_object_unref(context);
    return width_pt;
}

/* Characters that steer and show nothing: no glyph is missed where a font has none. Unicode 15, section 5.21
 * (Default_Ignorable_Code_Point), as far as text for people carries them, and the ends of lines. */
static bool is_invisible(gunichar c)
{
    return c == '\n' || c == '\r' || c == '\t' || c == 0x00AD || c == 0x034F || c == 0x061C ||
           (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) ||
           (c >= 0xFE00 && c <= 0xFE0F) || c == 0xFEFF || (c >= 0xE0100 && c <= 0xE01EF);
}

int fonts_check_text(struct fonts *fonts, const char *text, const char *role, const char *place,
                     struct error *err)
{
    const char *bad;
    if (!g_utf8_validate(text, -1, &bad))
        return error_set(err, ERROR_INPUT, "%s: byte %d is not UTF-8", place, (int)(bad - text) + 1);

    PangoContext *context = fonts_context(fonts, "ja");
    PangoFontDescription *description = fonts_describe(role, 10, false);
    PangoFont *font = pango_context_load_font(context, description);
    pango_font_description_free(description);
    g_object_unref(context);
    if (font == NULL)
        return error_set(err, ERROR_INPUT, "%s: the family %s cannot be opened", place, fonts_family(role));
    /* A base and a mark are drawn as the one character they make together, if there is such a character. */
    char *composed = g_utf8_normalize(text, -1, G_NORMALIZE_NFC);
    hb_font_t *glyphs = pango_font_get_hb_font(font);
    int status = 0;
    for (const char *p = composed; *p != '\0' && status == 0; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        hb_codepoint_t glyph;
        if (is_invisible(c) || hb_font_get_nominal_glyph(glyphs, c, &glyph))
            continue;
        if (g_unichar_iscntrl(c))
            status = error_set(err, ERROR_INPUT, "%s: control character U+%04X, expected text", place, c);
        else
            status = error_set(err, ERROR_INPUT, "%s: the font %s has no glyph for U+%04X (%.*s)", place,
                               fonts_family(role), c, (int)(g_utf8_next_char(p) - p), p);
    }
    g_free(composed);
    g_object_unref(font);
    return status;
}

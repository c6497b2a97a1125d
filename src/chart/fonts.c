#include "chart/fonts.h"

#include <cairo.h>
#include <fontconfig/fontconfig.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <hb.h>
#include <pango/pangocairo.h>
#include <pango/pangofc-fontmap.h>
#include <string.h>
#include <unistd.h>

#include "base/data_folder.h"
#include "chart/text_line.h"

struct fonts {
    FcConfig *config;
    PangoFontMap *map;
    char *own_folder; /* NULL: none */
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
    return role;
}

/* The faces of a family; destroy the set. */
static FcFontSet *faces_of(const struct fonts *fonts, const char *family)
{
    FcPattern *pattern = FcPatternCreate();
    FcPatternAddString(pattern, FC_FAMILY, (const FcChar8 *)family);
    FcObjectSet *objects = FcObjectSetBuild(FC_FILE, FC_INDEX, FC_WEIGHT, (char *)NULL);
    FcFontSet *found = FcFontList(fonts->config, pattern, objects);
    FcObjectSetDestroy(objects);
    FcPatternDestroy(pattern);
    return found != NULL ? found : FcFontSetCreate();
}

static bool has_family(const struct fonts *fonts, const char *family)
{
    FcFontSet *found = faces_of(fonts, family);
    bool has = found->nfont > 0;
    FcFontSetDestroy(found);
    return has;
}

/* OpenType 1.9, "OS/2", fsType: 0x0002 alone forbids embedding, 0x0200 allows pictures of glyphs only. */
static bool may_be_embedded(const char *file, int index)
{
    enum { TYPE_OFFSET = 8, USAGE = 0x000F, RESTRICTED = 0x0002, BITMAPS_ONLY = 0x0200 };
    hb_blob_t *blob = hb_blob_create_from_file(file);
    hb_face_t *face = hb_face_create(blob, (unsigned)index);
    hb_blob_t *table = hb_face_reference_table(face, HB_TAG('O', 'S', '/', '2'));
    unsigned size;
    const unsigned char *data = (const unsigned char *)hb_blob_get_data(table, &size);
    unsigned type = size >= TYPE_OFFSET + 2 ? (unsigned)data[TYPE_OFFSET] << 8 | data[TYPE_OFFSET + 1] : 0;
    hb_blob_destroy(table);
    hb_face_destroy(face);
    hb_blob_destroy(blob);
    return (type & USAGE) != RESTRICTED && (type & BITMAPS_ONLY) == 0;
}

static const char *package_of(const char *family)
{
    static const struct {
        const char *start, *package;
    } packages[] = {
        {"Noto ", "fonts-noto-cjk"},
        {"BIZ UDGothic", "fonts-morisawa-bizud-gothic"},
        {"BIZ UDPGothic", "fonts-morisawa-bizud-gothic"},
        {"BIZ UDMincho", "fonts-morisawa-bizud-mincho"},
        {"BIZ UDPMincho", "fonts-morisawa-bizud-mincho"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(packages); i++)
        if (g_str_has_prefix(family, packages[i].start))
            return packages[i].package;
    return NULL;
}

static int missing_family(const struct fonts *fonts, const char *family, const char *place, struct error *err)
{
    const char *package = package_of(family);
    const char *folder = fonts->own_folder != NULL ? fonts->own_folder : "the folder fonts";
    if (package != NULL)
        return error_set(
            err, ERROR_INPUT,
            "%s: the family %s is not installed, expected the Debian package %s, or its files in "
            "%s",
            place, family, package, folder);
    return error_set(err, ERROR_INPUT, "%s: no font of the family %s, expected its files in %s", place,
                     family, folder);
}

int fonts_check_family(const struct fonts *fonts, const char *role, bool bold, const char *place,
                       struct error *err)
{
    const char *family = fonts_family(role);
    FcFontSet *found = faces_of(fonts, family);
    bool has_bold = false;
    int result = found->nfont == 0 ? missing_family(fonts, family, place, err) : 0;
    for (int i = 0; i < found->nfont && result == 0; i++) {
        FcChar8 *file = NULL;
        int index = 0, weight = 0;
        FcPatternGetString(found->fonts[i], FC_FILE, 0, &file);
        FcPatternGetInteger(found->fonts[i], FC_INDEX, 0, &index);
        FcPatternGetInteger(found->fonts[i], FC_WEIGHT, 0, &weight);
        has_bold |= weight >= FC_WEIGHT_DEMIBOLD;
        if (file != NULL && !may_be_embedded((const char *)file, index))
            result = error_set(err, ERROR_INPUT,
                               "%s: %s: its licence forbids embedding (fsType), expected a font that may be "
                               "embedded",
                               place, (const char *)file);
    }
    if (result == 0 && bold && !has_bold)
        result = error_set(err, ERROR_INPUT,
                           "%s: the family %s has no bold face, expected one that has, for headings and "
                           "emphasis",
                           place, family);
    FcFontSetDestroy(found);
    return result;
}

/* Has the configuration take the faces of the roles' families and leave out all others: for each size and
 * weight of text pango sorts all faces there are by their characters. */
static bool config_narrow(FcConfig *config)
{
    GString *text = g_string_new("<?xml version=\"1.0\"?><fontconfig><selectfont><acceptfont>");
    for (size_t i = 0; i < G_N_ELEMENTS(roles); i++)
        g_string_append_printf(
            text, "<pattern><patelt name=\"family\"><string>%s</string></patelt></pattern>", roles[i].family);
    g_string_append(text, "</acceptfont><rejectfont><pattern/></rejectfont></selectfont></fontconfig>");
    bool is_sound = FcConfigParseAndLoadFromMemory(config, (const FcChar8 *)text->str, FcTrue);
    g_string_free(text, TRUE);
    return is_sound;
}

/* Whether files can be made in the folder, which is made where it is missing: as fontconfig does it. */
static bool folder_is_writable(FcConfig *config, const char *folder)
{
    if (g_file_test(folder, G_FILE_TEST_EXISTS))
        return g_access(folder, W_OK | X_OK) == 0;
    if (g_mkdir_with_parents(folder, 0755) != 0)
        return false;
    FcCacheCreateTagFile(config); /* so that backups leave it out */
    return true;
}

static bool has_writable_cache(FcConfig *config)
{
    FcStrList *folders = FcConfigGetCacheDirs(config);
    bool has = false;
    for (const FcChar8 *folder; !has && (folder = FcStrListNext(folders)) != NULL;)
        has = folder_is_writable(config, (const char *)folder);
    FcStrListDone(folders);
    return has;
}

/* fontconfig complains on the standard error whenever it finds no place to keep what it learnt: then it gets
 * one that lasts until all folders are read. Returns that, for temporary_cache_remove; NULL: not needed, or
 * none can be made. */
static char *temporary_cache_add(FcConfig *config)
{
    char *folder = has_writable_cache(config) ? NULL : g_dir_make_tmp("teiten-fontconfig-XXXXXX", NULL);
    if (folder == NULL)
        return NULL;
    char *text = g_markup_printf_escaped(
        "<?xml version=\"1.0\"?><fontconfig><cachedir>%s</cachedir></fontconfig>", folder);
    (void)FcConfigParseAndLoadFromMemory(config, (const FcChar8 *)text, FcTrue);
    g_free(text);
    return folder;
}

/* fontconfig makes no folders in its cache. What it has mapped stays readable. Frees the name. */
static void temporary_cache_remove(char *folder)
{
    GDir *dir = folder != NULL ? g_dir_open(folder, 0, NULL) : NULL;
    for (const char *name; dir != NULL && (name = g_dir_read_name(dir)) != NULL;) {
        char *path = g_build_filename(folder, name, NULL);
        (void)g_unlink(path);
        g_free(path);
    }
    g_clear_pointer(&dir, g_dir_close);
    if (folder != NULL)
        (void)g_rmdir(folder);
    g_free(folder);
}

/* Reads the settings, and finds the fonts of the folders that they name, of the settings' own folder, and of
 * `own_folder` (or NULL). */
static bool config_load(FcConfig *config, const char *path, const char *own_folder, bool is_narrow)
{
    if (!FcConfigParseAndLoad(config, (const FcChar8 *)path, FcTrue) || (is_narrow && !config_narrow(config)))
        return false;
    char *cache = temporary_cache_add(config);
    bool is_sound = FcConfigBuildFonts(config);
    if (is_sound) {
        /* Not by <dir prefix="relative">, for which fontconfig 2.14 leaks the path. */
        char *folder = g_path_get_dirname(path);
        FcConfigAppFontAddDir(config, (const FcChar8 *)folder);
        g_free(folder);
        if (own_folder != NULL && g_file_test(own_folder, G_FILE_TEST_IS_DIR))
            FcConfigAppFontAddDir(config, (const FcChar8 *)own_folder);
    }
    temporary_cache_remove(cache);
    return is_sound;
}

static struct fonts *fonts_make(const char *own_folder, bool is_narrow, struct error *err)
{
    char *path = data_folder_path("fonts/fonts.conf", err);
    if (path == NULL) {
        error_prefix(err, "fonts");
        return NULL;
    }
    struct fonts *fonts = g_new0(struct fonts, 1);
    fonts->own_folder = g_strdup(own_folder);
    fonts->config = FcConfigCreate();
    if (!config_load(fonts->config, path, own_folder, is_narrow)) {
        error_set(err, ERROR_INPUT, "fonts: %s: cannot be read as a fontconfig file", path);
        goto failed;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(roles); i++)
        if (!has_family(fonts, roles[i].family)) {
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

struct fonts *fonts_new(struct error *err)
{
    return fonts_make(NULL, false, err);
}

struct fonts *fonts_new_for_figures(struct error *err)
{
    return fonts_make(NULL, true, err);
}

struct fonts *fonts_new_with(const char *own_folder, struct error *err)
{
    return fonts_make(own_folder, false, err);
}

void fonts_free(struct fonts *fonts)
{
    if (fonts == NULL)
        return;
    g_clear_object(&fonts->map);
    if (fonts->config != NULL)
        FcConfigDestroy(fonts->config);
    g_free(fonts->own_folder);
    g_free(fonts);
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

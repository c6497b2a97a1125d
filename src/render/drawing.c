#include "render/drawing.h"

#include <string.h>

#include "chart/chart.h"

/* The width of a phone in points: at 8 points, letters come out at 9 CSS pixels on a screen of 320 and at 10
 * on one of 360. Lines want height as well; the other kinds have heights of their own, and labels beside
 * them that need room. */
enum { PHONE_WIDTH_PT = 260, PHONE_LINES_HEIGHT_PT = 280, PHONE_LABELLED_WIDTH_PT = 290 };

/* The first that fits wins. */
static const struct variant_kind {
    const char *suffix;
    const char *media;
    enum chart_theme theme;
    bool is_phone;
} variant_kinds[] = {
    {"_phone_dark.svg", "screen and (max-width: 32rem) and (prefers-color-scheme: dark)", CHART_THEME_DARK,
     true},
    {"_phone.svg", "screen and (max-width: 32rem)", CHART_THEME_LIGHT, true},
    {"_dark.svg", "screen and (prefers-color-scheme: dark)", CHART_THEME_DARK, false},
};

static void image_variant_clear(gpointer data)
{
    struct image_variant *variant = data;
    g_free(variant->file);
}

/* The <img> of a file. */
static xmlNodePtr image_node(xmlNodePtr node, const char *src)
{
    for (; node != NULL; node = node->next) {
        if (node->type != XML_ELEMENT_NODE)
            continue;
        xmlChar *value =
            strcmp((const char *)node->name, "img") == 0 ? xmlGetNoNsProp(node, BAD_CAST "src") : NULL;
        bool same = value != NULL && strcmp((const char *)value, src) == 0;
        xmlFree(value);
        xmlNodePtr found = same ? node : image_node(node->children, src);
        if (found != NULL)
            return found;
    }
    return NULL;
}

static void number_set(xmlNodePtr node, const char *name, int number)
{
    char text[16];
    g_snprintf(text, sizeof text, "%d", number);
    xmlSetNsProp(node, NULL, BAD_CAST name, BAD_CAST text);
}

static void scene_pixels(const struct scene *scene, int *width, int *height)
{
    double width_pt, height_pt;
    scene_size(scene, &width_pt, &height_pt);
    *width = (int)(width_pt + .5);
    *height = (int)(height_pt + .5);
}

/* The page keeps a place of the figure's shape free while the file is on its way. */
static void image_size_set(const struct page *page, const char *src, const struct scene *scene)
{
    xmlNodePtr node = image_node(xmlDocGetRootElement(page->document), src);
    if (node == NULL)
        return;
    int width, height;
    scene_pixels(scene, &width, &height);
    number_set(node, "width", width);
    number_set(node, "height", height);
}

static char *file_with(const char *file, const char *suffix)
{
    return g_strdup_printf("%.*s%s", (int)(strlen(file) - strlen(".svg")), file, suffix);
}

static struct scene *variant_layout(const struct chart_spec *chart, const struct variant_kind *kind,
                                    struct fonts *fonts, struct error *err)
{
    struct chart_spec spec = *chart; /* borrows all that it points to */
    spec.theme = kind->theme;
    if (kind->is_phone) {
        bool has_room = spec.kind == CHART_DAILY_LINES || spec.kind == CHART_SHARES;
        spec.width_pt = has_room ? PHONE_WIDTH_PT : PHONE_LABELLED_WIDTH_PT;
        spec.height_pt = has_room ? PHONE_LINES_HEIGHT_PT : 0;
    }
    return chart_layout(&spec, fonts, err);
}

/* A phone's width may be too small for some figures: then the wide one is shown there as well. */
static int variant_add(struct page_image *image, const struct variant_kind *kind, struct fonts *fonts,
                       struct output_set *set, struct error *err)
{
    struct error too_small = {0};
    struct scene *scene =
        variant_layout(&image->figure->chart, kind, fonts, kind->is_phone ? &too_small : err);
    if (scene == NULL)
        return kind->is_phone ? 0 : -1;
    GBytes *svg = scene_svg(scene, err);
    if (svg != NULL) {
        struct image_variant variant = {.file = file_with(image->file, kind->suffix), .media = kind->media};
        scene_pixels(scene, &variant.width, &variant.height);
        output_set_add(set, variant.file, svg);
        g_array_append_val(image->variants, variant);
    }
    scene_free(scene);
    return svg != NULL ? 0 : -1;
}

int drawing_add(const struct page *page, struct page_image *image, struct fonts *fonts,
                struct output_set *set, struct error *err)
{
    struct scene *scene = chart_layout(&image->figure->chart, fonts, err);
    GBytes *svg = scene != NULL ? scene_svg(scene, err) : NULL;
    GBytes *png = svg != NULL ? scene_png(scene, fonts, 2.0, err) : NULL;
    int result = -1;
    if (png != NULL) {
        char *png_name = file_with(image->file, ".png");
        image_size_set(page, image->file, scene);
        output_set_add(set, image->file, g_steal_pointer(&svg));
        output_set_add(set, png_name, g_steal_pointer(&png));
        g_free(png_name);
        result = 0;
    }
    image->variants = g_array_new(FALSE, FALSE, sizeof(struct image_variant));
    g_array_set_clear_func(image->variants, image_variant_clear);
    for (size_t i = 0; result == 0 && i < G_N_ELEMENTS(variant_kinds); i++)
        result = variant_add(image, &variant_kinds[i], fonts, set, err);
    if (result != 0)
        error_prefix(err, "figure %s", image->figure->id);
    g_clear_pointer(&svg, g_bytes_unref);
    g_clear_pointer(&png, g_bytes_unref);
    g_clear_pointer(&scene, scene_free);
    return result;
}

/* What a reader prints is light and wide, whatever the screen is. Browsers do not fetch another source in
 * time for the printer, so that image stands beside, ready and not shown, and the alternative text is the
 * first one's. */
static void printed_image_add(xmlNodePtr picture, xmlNodePtr image)
{
    xmlNodePtr printed = xmlDocCopyNode(image, image->doc, 1);
    xmlSetNsProp(printed, NULL, BAD_CAST "alt", BAD_CAST "");
    xmlSetNsProp(printed, NULL, BAD_CAST "class", BAD_CAST "print-only");
    xmlSetNsProp(image, NULL, BAD_CAST "class", BAD_CAST "screen-only");
    xmlAddNextSibling(picture, printed);
}

static void image_wrap(xmlNodePtr node, const GArray *variants)
{
    xmlNodePtr picture = xmlNewDocNode(node->doc, node->ns, BAD_CAST "picture", NULL);
    xmlReplaceNode(node, picture);
    for (guint i = 0; i < variants->len; i++) {
        const struct image_variant *variant = &g_array_index(variants, struct image_variant, i);
        xmlNodePtr source = xmlNewChild(picture, node->ns, BAD_CAST "source", NULL);
        xmlSetNsProp(source, NULL, BAD_CAST "media", BAD_CAST variant->media);
        xmlSetNsProp(source, NULL, BAD_CAST "srcset", BAD_CAST variant->file);
        xmlSetNsProp(source, NULL, BAD_CAST "type", BAD_CAST "image/svg+xml");
        number_set(source, "width", variant->width);
        number_set(source, "height", variant->height);
    }
    xmlAddChild(picture, node);
    printed_image_add(picture, node);
}

void drawing_variants_put(const struct page *page, xmlDocPtr document)
{
    for (guint i = 0; i < page->images->len; i++) {
        const struct page_image *image = page->images->pdata[i];
        xmlNodePtr node = image->variants != NULL && image->variants->len > 0
                              ? image_node(xmlDocGetRootElement(document), image->file)
                              : NULL;
        if (node != NULL)
            image_wrap(node, image->variants);
    }
}

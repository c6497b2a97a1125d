#include "render/line_cluster.h"

#include <hb.h>
#include <math.h>
#include <pango/pango-item.h>
#include <string.h>

#include "render/line_reading.h"

static const guint EXCERPT_CHARACTERS = 20;

static int missing_glyph(const struct line_text *text, gunichar c, const char *role, const char *place,
                         struct error *err)
{
    const char *start = text->text->str;
    glong length = g_utf8_strlen(start, -1);
    const char *end = g_utf8_offset_to_pointer(start, MIN(length, (glong)EXCERPT_CHARACTERS));
    return error_set(err, ERROR_INPUT,
                     "%s: text \"%.*s%s\": no glyph for U+%04X in %s, expected a character of that font",
                     place, (int)(end - start), start, *end != '\0' ? "..." : "", c, fonts_family(role));
}

/* Japanese is set solid: kana fill their squares, whatever pairs the font would kern (JLREQ 2.1.2). */
static void undo_kerning(struct line_cluster *cluster, const struct line_clusters *row)
{
    if (cluster->class == LINE_CLASS_LATIN || cluster->class == LINE_CLASS_SPACE || cluster->glyph_count != 1)
        return;
    guint glyph = g_array_index(row->glyphs, struct line_glyph, cluster->first_glyph).index;
    hb_font_t *font = pango_font_get_hb_font(cluster->font);
    cluster->advance = (double)hb_font_get_glyph_h_advance(font, glyph) / PANGO_SCALE;
}

static void set_cluster_width(struct line_cluster *cluster)
{
    double em = cluster->style->size;
    double ink = line_class_ink_start(cluster->class);
    cluster->width = cluster->advance;
    /* A proportional glyph of that class is left as it is. */
    if (ink >= 0 && cluster->advance > 0.9 * em) {
        cluster->width = 0.5 * em;
        cluster->shift = -ink * em;
    }
}

/* The cluster of the glyphs [first, end) of an item, which show the bytes [start, stop) of the text. */
static int add_cluster(struct line_clusters *row, const struct line_text *text,
                       const PangoGlyphString *shaped, int first, int end, const struct line_cluster *with,
                       const char *place, struct error *err)
{
    struct line_cluster cluster = *with;
    cluster.first_glyph = row->glyphs->len;
    for (int i = first; i < end; i++) {
        const PangoGlyphInfo *info = &shaped->glyphs[i];
        PangoGlyph wanted = shaped->glyphs[cluster.leftward ? first + end - 1 - i : i].glyph;
        if ((wanted & PANGO_GLYPH_UNKNOWN_FLAG) != 0 && cluster.character != '\n')
            return missing_glyph(text, wanted & ~PANGO_GLYPH_UNKNOWN_FLAG, cluster.style->role, place, err);
        if (info->glyph != PANGO_GLYPH_EMPTY && cluster.character != '\n') {
            struct line_glyph glyph = {.index = info->glyph,
                                       .x = cluster.advance + (double)info->geometry.x_offset / PANGO_SCALE,
                                       .y = (double)info->geometry.y_offset / PANGO_SCALE};
            g_array_append_val(row->glyphs, glyph);
        }
        cluster.advance += (double)info->geometry.width / PANGO_SCALE;
    }
    cluster.glyph_count = row->glyphs->len - cluster.first_glyph;
    undo_kerning(&cluster, row);
    set_cluster_width(&cluster);
    g_array_append_val(row->clusters, cluster);
    return 0;
}

/* Words from right to left are one cluster, never broken: its glyphs already stand in the order in which they
 * are drawn. What would need more (numbers within, several of them side by side) is refused. */
static int add_leftward_item(struct line_clusters *row, const struct line_text *text, const PangoItem *item,
                             const PangoGlyphString *shaped, const char *place, struct error *err)
{
    size_t start = (size_t)item->offset, stop = (size_t)(item->offset + item->length);
    const struct line_cluster *before =
        row->clusters->len > 0 ? &g_array_index(row->clusters, struct line_cluster, row->clusters->len - 1)
                               : NULL;
    if (item->analysis.level > 1 || (before != NULL && before->leftward)) {
        return error_set(
            err, ERROR_INPUT,
            "%s: text \"%.*s\": writing from right to left with numbers or several styles in it, "
            "expected plain words",
            place, (int)(stop - start), text->text->str + start);
    }
    struct line_cluster cluster = {.start = start,
                                   .end = stop,
                                   .font = item->analysis.font,
                                   .character = g_utf8_get_char(text->text->str + start),
                                   .class = LINE_CLASS_LATIN,
                                   .leftward = true,
                                   .style = line_text_style(text, start)};
    return add_cluster(row, text, shaped, 0, shaped->num_glyphs, &cluster, place, err);
}

static int add_item_clusters(struct line_clusters *row, const struct line_text *text, const PangoItem *item,
                             const PangoGlyphString *shaped, bool japanese, const char *place,
                             struct error *err)
{
    g_ptr_array_add(row->fonts, g_object_ref(item->analysis.font));
    if (item->analysis.level > 0)
        return add_leftward_item(row, text, item, shaped, place, err);
    int status = 0;
    for (int i = 0; i < shaped->num_glyphs && status == 0;) {
        int next = i;
        while (next < shaped->num_glyphs && shaped->log_clusters[next] == shaped->log_clusters[i])
            next++;
        int stop = next < shaped->num_glyphs ? shaped->log_clusters[next] : item->length;
        size_t start = (size_t)(item->offset + shaped->log_clusters[i]);
        gunichar character = g_utf8_get_char(text->text->str + start);
        struct line_cluster cluster = {.start = start,
                                       .end = (size_t)(item->offset + stop),
                                       .font = item->analysis.font,
                                       .character = character,
                                       .class = japanese ? line_class_of(character)
                                                         : line_class_western(character),
                                       .style = line_text_style(text, start)};
        status = add_cluster(row, text, shaped, i, next, &cluster, place, err);
        i = next;
    }
    return status;
}

static void add_attribute(PangoAttrList *list, PangoAttribute *attribute, size_t start, size_t end)
{
    attribute->start_index = (guint)start;
    attribute->end_index = (guint)end;
    pango_attr_list_insert(list, attribute);
}

static PangoAttrList *font_attributes(const struct line_text *text)
{
    PangoAttrList *list = pango_attr_list_new();
    /* No other family steps in for a missing glyph in silence. */
    add_attribute(list, pango_attr_fallback_new(FALSE), 0, text->text->len);
    for (guint i = 0; i < text->runs->len; i++) {
        const struct line_run *run = &g_array_index(text->runs, struct line_run, i);
        size_t end = i + 1 < text->runs->len ? g_array_index(text->runs, struct line_run, i + 1).start
                                             : text->text->len;
        PangoFontDescription *font = fonts_describe(run->style.role, run->style.size, run->style.bold);
        add_attribute(list, pango_attr_font_desc_new(font), run->start, end);
        pango_font_description_free(font);
        if (run->style.language != NULL) {
            /* Where the language changes, an item ends. */
            PangoLanguage *language = pango_language_from_string(run->style.language);
            add_attribute(list, pango_attr_language_new(language), run->start, end);
        }
    }
    return list;
}

/* pango gives Latin items the language en, and the font then other digits than beside them: one language for
 * all, but for those whose characters look otherwise (骨 in Chinese). */
static PangoLanguage *item_language(const struct line_text *text, const PangoItem *item, const char *language)
{
    const char *own = line_text_style(text, (size_t)item->offset)->language;
    bool other = own != NULL && g_ascii_strncasecmp(own, "en", 2) != 0;
    return pango_language_from_string(other ? own : language);
}

struct line_clusters *line_clusters_new(const struct line_text *text, struct fonts *fonts,
                                        const char *language, const char *place, struct error *err)
{
    struct line_clusters *row = g_new0(struct line_clusters, 1);
    row->clusters = g_array_new(FALSE, FALSE, sizeof(struct line_cluster));
    row->glyphs = g_array_new(FALSE, FALSE, sizeof(struct line_glyph));
    row->fonts = g_ptr_array_new_with_free_func(g_object_unref);
    row->readings = g_ptr_array_new_with_free_func(line_reading_free);
    PangoContext *context = fonts_context(fonts, language);
    PangoAttrList *attributes = font_attributes(text);
    int length = (int)text->text->len;
    GList *items = length > 0 ? pango_itemize(context, text->text->str, 0, length, attributes, NULL) : NULL;
    PangoGlyphString *shaped = pango_glyph_string_new();
    int status = 0;
    bool japanese = g_str_has_prefix(language, "ja");
    for (GList *i = items; i != NULL && status == 0; i = i->next) {
        PangoItem *item = i->data;
        item->analysis.language = item_language(text, item, language);
        pango_shape_item(item, text->text->str, length, NULL, shaped, PANGO_SHAPE_NONE);
        status = add_item_clusters(row, text, item, shaped, japanese, place, err);
    }
    g_list_free_full(items, (GDestroyNotify)pango_item_free);
    pango_glyph_string_free(shaped);
    pango_attr_list_unref(attributes);
    g_object_unref(context);
    status = status == 0 ? line_readings_set(row, text, fonts, language, place, err) : status;
    if (status != 0) {
        line_clusters_free(row);
        return NULL;
    }
    return row;
}

void line_clusters_free(struct line_clusters *row)
{
    if (row == NULL)
        return;
    g_array_unref(row->clusters);
    g_array_unref(row->glyphs);
    g_ptr_array_unref(row->readings);
    g_ptr_array_unref(row->fonts);
    g_free(row);
}

guint line_cluster_hyphen(const struct line_cluster *cluster, double *width)
{
    hb_font_t *font = pango_font_get_hb_font(cluster->font);
    hb_codepoint_t glyph;
    *width = 0;
    if (!hb_font_get_nominal_glyph(font, '-', &glyph))
        return 0;
    *width = (double)hb_font_get_glyph_h_advance(font, glyph) / PANGO_SCALE;
    return glyph;
}

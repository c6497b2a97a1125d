#include "chart/text_line.h"

#include <pango/pangocairo.h>
#include <string.h>

void text_line_shape(struct text_line *line, PangoContext *context, const char *text,
                     const PangoFontDescription *description)
{
    int length = (int)strlen(text);
    PangoAttrList *attributes = pango_attr_list_new();
    pango_attr_list_insert(attributes, pango_attr_font_desc_new(description));
    pango_attr_list_insert(attributes, pango_attr_fallback_new(FALSE));
    GList *items =
        pango_itemize_with_base_dir(context, PANGO_DIRECTION_LTR, text, 0, length, attributes, NULL);
    GList *visual = pango_reorder_items(items);
    PangoLanguage *language = pango_context_get_language(context);

    line->text = g_strdup(text);
    line->runs = NULL;
    int width = 0;
    for (GList *link = visual; link != NULL; link = link->next) {
        PangoItem *item = link->data;
        item->analysis.language = language;
        PangoGlyphItem *run = g_slice_new0(PangoGlyphItem); /* as pango_glyph_item_free expects */
        run->item = item;
        run->glyphs = pango_glyph_string_new();
        pango_shape_with_flags(text + item->offset, item->length, text, length, &item->analysis, run->glyphs,
                               PANGO_SHAPE_NONE);
        width += pango_glyph_string_get_width(run->glyphs);
        line->runs = g_slist_prepend(line->runs, run);
    }
    line->runs = g_slist_reverse(line->runs);
    line->width_pt = pango_units_to_double(width);
    g_list_free(visual);
    g_list_free(items);
    pango_attr_list_unref(attributes);
}

void text_line_release(struct text_line *line)
{
    for (GSList *link = line->runs; link != NULL; link = link->next)
        pango_glyph_item_free(link->data);
    g_slist_free(line->runs);
    g_free(line->text);
    memset(line, 0, sizeof *line);
}

void text_line_draw(const struct text_line *line, cairo_t *cr)
{
    double x, y;
    cairo_get_current_point(cr, &x, &y);
    for (GSList *link = line->runs; link != NULL; link = link->next) {
        PangoGlyphItem *run = link->data;
        cairo_move_to(cr, x, y);
        pango_cairo_show_glyph_item(cr, line->text, run);
        x += pango_units_to_double(pango_glyph_string_get_width(run->glyphs));
    }
}

void text_line_path(const struct text_line *line, cairo_t *cr)
{
    double x, y;
    cairo_get_current_point(cr, &x, &y);
    for (GSList *link = line->runs; link != NULL; link = link->next) {
        PangoGlyphItem *run = link->data;
        cairo_move_to(cr, x, y);
        pango_cairo_glyph_string_path(cr, run->item->analysis.font, run->glyphs);
        x += pango_units_to_double(pango_glyph_string_get_width(run->glyphs));
    }
}

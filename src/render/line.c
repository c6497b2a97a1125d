#include "render/line.h"

#include <pango/pangocairo.h>

static void glyphs_free(gpointer data)
{
    struct line_glyphs *g = data;
    g_object_unref(g->font);
    g_array_unref(g->glyphs);
    g_array_unref(g->clusters);
    g_string_free(g->text, TRUE);
    g_free(g->language);
    g_free(g);
}

static void link_free(gpointer data)
{
    struct line_link *link = data;
    g_free(link->target);
    g_string_free(link->text, TRUE);
    g_free(link);
}

struct line *line_new(void)
{
    struct line *line = g_new0(struct line, 1);
    line->glyphs = g_ptr_array_new_with_free_func(glyphs_free);
    line->links = g_ptr_array_new_with_free_func(link_free);
    line->drafted = g_array_new(FALSE, FALSE, sizeof(struct line_drafted));
    line->dots = g_array_new(FALSE, FALSE, sizeof(struct line_dot));
    line->strokes = g_array_new(FALSE, FALSE, sizeof(struct line_stroke));
    line->grounds = g_array_new(FALSE, FALSE, sizeof(struct line_stroke));
    line->notes = g_ptr_array_new_with_free_func(g_free);
    return line;
}

void line_free(struct line *line)
{
    if (line == NULL)
        return;
    g_ptr_array_unref(line->glyphs);
    g_ptr_array_unref(line->links);
    g_array_unref(line->dots);
    g_array_unref(line->strokes);
    g_array_unref(line->grounds);
    for (guint i = 0; i < line->drafted->len; i++)
        g_free(g_array_index(line->drafted, struct line_drafted, i).rule);
    g_array_unref(line->drafted);
    g_ptr_array_unref(line->notes);
    g_free(line);
}

static void draw_glyphs(const struct line_glyphs *g, cairo_t *cr, double x, double baseline)
{
    cairo_glyph_t *moved = g_new(cairo_glyph_t, g->glyphs->len);
    for (guint i = 0; i < g->glyphs->len; i++) {
        moved[i] = g_array_index(g->glyphs, cairo_glyph_t, i);
        moved[i].x += x;
        moved[i].y += baseline;
    }
    cairo_set_scaled_font(cr, pango_cairo_font_get_scaled_font(PANGO_CAIRO_FONT(g->font)));
    cairo_set_source_rgb(cr, g->colour.red, g->colour.green, g->colour.blue);
    const cairo_text_cluster_t *clusters = &g_array_index(g->clusters, cairo_text_cluster_t, 0);
    cairo_show_text_glyphs(cr, g->text->str, (int)g->text->len, moved, (int)g->glyphs->len, clusters,
                           (int)g->clusters->len, 0);
    g_free(moved);
}

void line_draw(const struct line *line, cairo_t *cr, double x, double baseline)
{
    for (guint i = 0; i < line->glyphs->len; i++)
        line_draw_part(line, i, cr, x, baseline);
}

void line_draw_part(const struct line *line, guint part, cairo_t *cr, double x, double baseline)
{
    draw_glyphs(line->glyphs->pdata[part], cr, x + line->left, baseline);
}

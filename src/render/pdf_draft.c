#include "render/pdf_draft.h"

#include <math.h>
#include <pango/pangocairo.h>

#include "render/paragraph.h"
#include "render/words.h"

static const struct page_colour WATERMARK = {0.95, 0.95, 0.95}, TINT = {1, 0.97, 0.84};
/* Of the sheet's diagonal: how long the watermark is. */
static const double WATERMARK_LENGTH = 0.55;
static const double LABEL_SIZE = 6.5, LABEL_PITCH = 8, LABEL_GAP = 10;

static void set_colour(cairo_t *cr, const struct page_colour *colour)
{
    cairo_set_source_rgb(cr, colour->red, colour->green, colour->blue);
}

/* ---- under the text ---- */

/* As outlines: no reader of the text should meet it. */
static void draw_watermark(struct pdf_draw *d)
{
    const struct page_template *t = d->template;
    const char *word = words_for(t->language)->draft;
    PangoContext *context = fonts_context(d->fonts, t->language);
    PangoLayout *layout = pango_layout_new(context);
    PangoFontDescription *font = fonts_describe(t->bold_font, 100, true);
    double width, height, diagonal = hypot(t->paper_width, t->paper_height);
    int w, h;
    pango_layout_set_font_description(layout, font);
    pango_layout_set_text(layout, word, -1);
    pango_layout_get_size(layout, &w, &h);
    width = (double)w / PANGO_SCALE;
    height = (double)h / PANGO_SCALE;
    double scale = WATERMARK_LENGTH * diagonal / width;
    cairo_save(d->cr);
    cairo_translate(d->cr, t->paper_width / 2, t->paper_height / 2);
    cairo_rotate(d->cr, -atan2(t->paper_height, t->paper_width));
    cairo_scale(d->cr, scale, scale);
    cairo_move_to(d->cr, -width / 2, -height / 2);
    pango_cairo_layout_path(d->cr, layout);
    set_colour(d->cr, &WATERMARK);
    cairo_fill(d->cr);
    cairo_restore(d->cr);
    pango_font_description_free(font);
    g_object_unref(layout);
    g_object_unref(context);
}

static void tint_line(struct pdf_draw *d, const struct line *line, double x, double baseline)
{
    set_colour(d->cr, &TINT);
    for (guint i = 0; i < line->drafted->len; i++) {
        const struct line_drafted *part = &g_array_index(line->drafted, struct line_drafted, i);
        cairo_rectangle(d->cr, x + line->left + part->left, baseline - 1.05 * part->size,
                        part->right - part->left, 1.35 * part->size);
        cairo_fill(d->cr);
    }
}

void pdf_draft_below(struct pdf_draw *d, const struct sheet *sheet)
{
    double left = d->template->margin_left, top = d->template->margin_top;
    draw_watermark(d);
    for (guint i = 0; i < sheet->places->len; i++) {
        const struct sheet_place *p = &g_array_index(sheet->places, struct sheet_place, i);
        for (guint m = 0; m < p->piece->marks->len; m++) {
            const struct flow_mark *mark = &g_array_index(p->piece->marks, struct flow_mark, m);
            if (mark->kind == FLOW_LINE)
                tint_line(d, mark->line, left + mark->x, top + p->y + mark->y);
        }
    }
}

/* ---- beside it ---- */

/* A small text in a margin; its first line has that baseline. */
static int put_label(struct pdf_draw *d, const char *label, double x, double width, enum page_align align,
                     double baseline, struct error *err)
{
    const struct page_template *t = d->template;
    struct line_style style = {.role = t->font, .size = LABEL_SIZE, .colour = t->quiet_colour};
    struct paragraph_form form = {.width = fmax(width, 2 * LABEL_SIZE), .align = align};
    struct line_text text;
    line_text_init(&text);
    line_text_append(&text, &style, label);
    GPtrArray *lines = paragraph_set(&text, &form, d->fonts, t->language, "PDF", err);
    line_text_release(&text);
    for (guint i = 0; lines != NULL && i < lines->len; i++)
        line_draw(lines->pdata[i], d->cr, x, baseline + i * LABEL_PITCH);
    if (lines != NULL)
        g_ptr_array_unref(lines);
    return lines != NULL ? 0 : -1;
}

/* The rules of the sentences that start in this line. */
static int put_rules(struct pdf_draw *d, const struct line *line, double baseline, struct error *err)
{
    const struct page_template *t = d->template;
    GString *rules = g_string_new(NULL);
    for (guint i = 0; i < line->drafted->len; i++) {
        const char *rule = g_array_index(line->drafted, struct line_drafted, i).rule;
        if (rule != NULL)
            g_string_append_printf(rules, "%s%s", rules->len > 0 ? ", " : "", rule);
    }
    int status = 0;
    if (rules->len > 0) {
        status = put_label(d, rules->str, t->paper_width - t->margin_right + LABEL_GAP,
                           t->margin_right - 2 * LABEL_GAP, PAGE_ALIGN_LEFT, baseline, err);
    }
    g_string_free(rules, TRUE);
    return status;
}

static int put_number(struct pdf_draw *d, guint number, double baseline, struct error *err)
{
    char label[16];
    g_snprintf(label, sizeof label, "%u", number);
    return put_label(d, label, 0, d->template->margin_left - LABEL_GAP, PAGE_ALIGN_RIGHT, baseline, err);
}

/* Lines are numbered from 1 on each page; those on one level, as of a table's row, are one. */
int pdf_draft_beside(struct pdf_draw *d, const struct sheet *sheet, struct error *err)
{
    double top = d->template->margin_top, last = -INFINITY;
    guint number = 0;
    for (guint i = 0; i < sheet->places->len; i++) {
        const struct sheet_place *p = &g_array_index(sheet->places, struct sheet_place, i);
        for (guint m = 0; m < p->piece->marks->len; m++) {
            const struct flow_mark *mark = &g_array_index(p->piece->marks, struct flow_mark, m);
            double baseline = top + p->y + mark->y;
            if (mark->kind != FLOW_LINE)
                continue;
            bool same_level = baseline <= last + 1;
            if (put_rules(d, mark->line, baseline, err) != 0 ||
                (!same_level && put_number(d, ++number, baseline, err) != 0))
                return -1;
            last = fmax(last, baseline);
        }
    }
    return 0;
}

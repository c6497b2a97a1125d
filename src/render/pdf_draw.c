#include "render/pdf_draw.h"

#include <cairo-pdf.h>
#include <string.h>

#include "render/pdf_draft.h"
#include "render/pdf_running.h"

static const double UNDERLINE_DEPTH = 0.17, UNDERLINE_WIDTH = 0.045; /* in em */
static const char PDF_DECORATION[] = "NonStruct";                    /* pdf_tagging.c makes artifacts of it */
static const double NOTES_RULE_SHARE = 1.0 / 3, NOTES_RULE_WIDTH = 0.5;

/* ---- marked content ---- */

static void close_content(struct pdf_draw *d)
{
    if (d->open_name != NULL)
        cairo_tag_end(d->cr, d->open_name);
    d->open_name = NULL;
    d->open_node = NULL;
}

static void open_content(struct pdf_draw *d, struct pdf_node *node, const char *name, const char *attributes)
{
    close_content(d);
    cairo_tag_begin(d->cr, name, attributes);
    pdf_structure_content(d->structure, node);
    d->open_name = name;
    d->open_node = node;
}

/* What is drawn next belongs to the node, and to nothing else: cairo numbers only tags that hold no others.
 */
static void enter_node(struct pdf_draw *d, struct pdf_node *node)
{
    if (d->open_name == NULL || d->open_node != node)
        open_content(d, node, node != NULL ? node->name : PDF_DECORATION, NULL);
}

static void enter_tag(struct pdf_draw *d, const struct flow_tag *tag)
{
    enter_node(d, pdf_structure_node(d->structure, tag));
}

/* The element of a part of a line: the line's own, or a Span in another language, or half of a Ruby. */
static struct pdf_node *part_node(struct pdf_draw *d, const struct flow_tag *tag,
                                  const struct line_glyphs *part)
{
    struct pdf_node *node = pdf_structure_node(d->structure, tag);
    if (part->reading != 0) {
        node = pdf_structure_inner(d->structure, node, "Ruby", part->reading);
        return pdf_structure_inner(d->structure, node, part->is_reading ? "RT" : "RB", 0);
    }
    if (part->language != NULL) {
        node = pdf_structure_inner(d->structure, node, "Span", part->language_number);
        pdf_structure_language(node, part->language);
    }
    return node;
}

/* ---- links and destinations ---- */

char *pdf_destination_name(const char *id)
{
    GString *name = g_string_new(NULL);
    for (const char *p = id; *p != '\0'; p++)
        if (g_ascii_isalnum(*p) || *p == '-' || *p == '_' || *p == '.')
            g_string_append_c(name, *p);
        else
            g_string_append_printf(name, "x%02X", (unsigned char)*p);
    return g_string_free(name, FALSE);
}

char *pdf_safe_uri(const char *uri)
{
    GString *safe = g_string_new(NULL);
    for (const char *p = uri; *p != '\0'; p++) {
        unsigned char c = (unsigned char)*p;
        if (c <= 0x20 || c >= 0x7F || strchr("()'\"\\<>{}^`|", c) != NULL)
            g_string_append_printf(safe, "%%%02X", c);
        else
            g_string_append_c(safe, *p);
    }
    return g_string_free(safe, FALSE);
}

static const char *number(double value, char buffer[G_ASCII_DTOSTR_BUF_SIZE])
{
    return g_ascii_formatd(buffer, G_ASCII_DTOSTR_BUF_SIZE, "%.2f", value);
}

/* The target as cairo wants it; NULL when the link is only text in print. */
static int link_target(struct pdf_draw *d, const struct line_link *link, char **target, struct error *err)
{
    const char *id = link->target + 1;
    *target = NULL;
    if (link->target[0] != '#') {
        char *uri = pdf_safe_uri(link->target);
        *target = g_strdup_printf("uri='%s'", uri);
        g_free(uri);
    } else if (g_hash_table_contains(d->flow->ids, id)) {
        char *name = pdf_destination_name(id);
        *target = g_strdup_printf("dest='%s'", name);
        g_free(name);
    } else if (!g_hash_table_contains(d->flow->left_out, id)) {
        return error_set(err, ERROR_INPUT,
                         "PDF: link to #%s: no such element, expected an id of the document", id);
    }
    return 0;
}

/* Opens the content of a link, which also makes its rectangle. x, baseline: of the line. */
static int open_link(struct pdf_draw *d, const struct flow_tag *tag, const struct line_link *link,
                     const char *language, double x, double baseline, struct error *err)
{
    char buffers[4][G_ASCII_DTOSTR_BUF_SIZE];
    char *target;
    if (link_target(d, link, &target, err) != 0)
        return -1;
    if (target == NULL) {
        enter_tag(d, tag);
        return 0;
    }
    struct pdf_node *node = pdf_structure_link(d->structure, tag, link->number);
    pdf_structure_language(node, language);
    char *attributes = g_strdup_printf("rect=[%s %s %s %s] %s", number(x + link->left, buffers[0]),
                                       number(baseline - 0.88 * link->size, buffers[1]),
                                       number(link->right - link->left, buffers[2]),
                                       number(1.1 * link->size, buffers[3]), target);
    open_content(d, node, CAIRO_TAG_LINK, attributes);
    pdf_structure_annotation(d->structure, node);
    if (node != NULL)
        g_string_append(node->text, link->text->str);
    g_free(attributes);
    g_free(target);
    return 0;
}

static void add_destinations(struct pdf_draw *d, const struct flow_piece *piece, double x, double y)
{
    for (guint i = 0; i < piece->ids->len; i++) {
        char buffers[2][G_ASCII_DTOSTR_BUF_SIZE];
        char *name = pdf_destination_name(piece->ids->pdata[i]);
        char *attributes =
            g_strdup_printf("name='%s' x=%s y=%s", name, number(x, buffers[0]), number(y, buffers[1]));
        cairo_tag_begin(d->cr, CAIRO_TAG_DEST, attributes);
        cairo_tag_end(d->cr, CAIRO_TAG_DEST);
        g_free(attributes);
        g_free(name);
    }
}

static void add_outline(struct pdf_draw *d, const struct flow_piece *piece, double x, double y,
                        guint page_number)
{
    if (piece->outline == NULL)
        return;
    char buffers[2][G_ASCII_DTOSTR_BUF_SIZE];
    int level = CLAMP(piece->outline->level, 1, (int)G_N_ELEMENTS(d->outline_parents) - 1);
    char *target =
        g_strdup_printf("page=%u pos=[%s %s]", page_number, number(x, buffers[0]), number(y, buffers[1]));
    int parent = CAIRO_PDF_OUTLINE_ROOT;
    for (int i = 1; i < level; i++)
        parent = d->outline_parents[i] != 0 ? d->outline_parents[i] : parent;
    d->outline_parents[level] = cairo_pdf_surface_add_outline(
        d->surface, parent, piece->outline->title, target, level == 1 ? CAIRO_PDF_OUTLINE_FLAG_OPEN : 0);
    for (int i = level + 1; i < (int)G_N_ELEMENTS(d->outline_parents); i++)
        d->outline_parents[i] = 0;
    g_free(target);
}

/* ---- marks ---- */

static void fill_rectangle(cairo_t *cr, double x, double y, double width, double height,
                           const struct page_colour *colour)
{
    cairo_set_source_rgb(cr, colour->red, colour->green, colour->blue);
    cairo_rectangle(cr, x, y, width, height);
    cairo_fill(cr);
}

/* x, y: of the line's first glyph on the baseline. */
static void draw_strokes(struct pdf_draw *d, const GArray *strokes, double x, double y)
{
    for (guint i = 0; i < strokes->len; i++) {
        const struct line_stroke *stroke = &g_array_index(strokes, struct line_stroke, i);
        fill_rectangle(d->cr, x + stroke->left, y + stroke->y, stroke->right - stroke->left, stroke->height,
                       &stroke->colour);
    }
}

static void draw_decoration(struct pdf_draw *d, const struct flow_mark *mark, double x, double y)
{
    if (mark->kind == FLOW_RULE)
        fill_rectangle(d->cr, x + mark->x, y + mark->y, mark->width, mark->height, &mark->colour);
    if (mark->kind != FLOW_LINE)
        return;
    draw_strokes(d, mark->line->grounds, x + mark->x + mark->line->left, y + mark->y);
    for (guint i = 0; i < mark->line->dots->len; i++) {
        const struct line_dot *dot = &g_array_index(mark->line->dots, struct line_dot, i);
        cairo_set_source_rgb(d->cr, dot->colour.red, dot->colour.green, dot->colour.blue);
        cairo_arc(d->cr, x + mark->x + mark->line->left + dot->x, y + mark->y + dot->y, dot->radius, 0,
                  2 * G_PI);
        cairo_fill(d->cr);
    }
    draw_strokes(d, mark->line->strokes, x + mark->x + mark->line->left, y + mark->y);
    for (guint i = 0; i < mark->line->links->len; i++) {
        const struct line_link *link = mark->line->links->pdata[i];
        double left = x + mark->x + mark->line->left + link->left;
        if (!link->underlined)
            continue;
        fill_rectangle(d->cr, left, y + mark->y + UNDERLINE_DEPTH * link->size, link->right - link->left,
                       UNDERLINE_WIDTH * link->size, &link->colour);
    }
}

static int draw_scaled(struct pdf_draw *d, const struct flow_mark *mark, double x, double y,
                       struct error *err)
{
    double width, height;
    int status = 0;
    if (mark->kind == FLOW_CHART) {
        scene_size(mark->scene, &width, &height);
    } else {
        width = cairo_image_surface_get_width(mark->picture);
        height = cairo_image_surface_get_height(mark->picture);
    }
    cairo_save(d->cr);
    cairo_translate(d->cr, x + mark->x, y + mark->y);
    cairo_scale(d->cr, mark->width / width, mark->height / height);
    if (mark->kind == FLOW_CHART) {
        status = scene_draw(mark->scene, d->fonts, d->cr, err);
    } else {
        cairo_set_source_surface(d->cr, mark->picture, 0, 0);
        cairo_paint(d->cr);
    }
    cairo_restore(d->cr);
    return status;
}

static int draw_line(struct pdf_draw *d, const struct flow_mark *mark, double x, double baseline,
                     struct error *err)
{
    const struct line *line = mark->line;
    const struct line_link *open = NULL;
    for (guint i = 0; i < line->glyphs->len; i++) {
        const struct line_glyphs *part = line->glyphs->pdata[i];
        if (part->link == NULL)
            enter_node(d, part_node(d, mark->tag, part));
        else if (part->link != open &&
                 open_link(d, mark->tag, part->link, part->language, x + line->left, baseline, err) != 0)
            return -1;
        open = part->link;
        line_draw_part(line, i, d->cr, x, baseline);
    }
    if (open != NULL)
        close_content(d);
    return 0;
}

static int draw_mark(struct pdf_draw *d, const struct flow_mark *mark, double x, double y, struct error *err)
{
    if (mark->kind == FLOW_RULE)
        return 0; /* drawn before */
    if (mark->kind == FLOW_LINE)
        return draw_line(d, mark, x + mark->x, y + mark->y, err);
    enter_tag(d, mark->tag);
    pdf_structure_box(d->structure, d->open_node, x + mark->x, y + mark->y, mark->width, mark->height);
    return draw_scaled(d, mark, x, y, err);
}

static int draw_places(struct pdf_draw *d, const GArray *places, struct error *err)
{
    double left = d->template->margin_left, top = d->template->margin_top;
    enter_tag(d, NULL);
    for (guint i = 0; i < places->len; i++) {
        const struct sheet_place *p = &g_array_index(places, struct sheet_place, i);
        for (guint m = 0; m < p->piece->marks->len; m++)
            draw_decoration(d, &g_array_index(p->piece->marks, struct flow_mark, m), left, top + p->y);
    }
    for (guint i = 0; i < places->len; i++) {
        const struct sheet_place *p = &g_array_index(places, struct sheet_place, i);
        for (guint m = 0; m < p->piece->marks->len; m++)
            if (draw_mark(d, &g_array_index(p->piece->marks, struct flow_mark, m), left, top + p->y, err) !=
                0)
                return -1;
    }
    close_content(d);
    return 0;
}

static void name_places(struct pdf_draw *d, const GArray *places, guint page_number)
{
    double left = d->template->margin_left, top = d->template->margin_top;
    for (guint i = 0; i < places->len; i++) {
        const struct sheet_place *p = &g_array_index(places, struct sheet_place, i);
        add_destinations(d, p->piece, left, top + p->y);
        add_outline(d, p->piece, left, top + p->y, page_number);
    }
}

/* ---- sheets ---- */

/* `position`: of the sheet, from 1; `page_number`: as printed. */
static int draw_sheet(struct pdf_draw *d, const struct sheet *sheet, guint position, guint page_number,
                      guint page_count, struct error *err)
{
    const struct page_template *t = d->template;
    pdf_structure_page(d->structure);
    if (d->page->draft) {
        enter_tag(d, NULL);
        pdf_draft_below(d, sheet);
    }
    if (draw_places(d, sheet->places, err) != 0)
        return -1;
    if (sheet->note_places->len > 0) {
        enter_tag(d, NULL);
        fill_rectangle(d->cr, t->margin_left, t->margin_top + sheet->notes_top,
                       page_template_measure(t) * NOTES_RULE_SHARE, NOTES_RULE_WIDTH, &t->quiet_colour);
    }
    if (draw_places(d, sheet->note_places, err) != 0)
        return -1;
    name_places(d, sheet->places, position);
    name_places(d, sheet->note_places, position);
    pdf_structure_running(d->structure);
    enter_tag(d, NULL);
    if (pdf_running_draw(d, page_number, page_count, err) != 0)
        return -1;
    if (d->page->draft && pdf_draft_beside(d, sheet, err) != 0)
        return -1;
    close_content(d);
    cairo_show_page(d->cr);
    return 0;
}

int pdf_draw_sheets(struct pdf_draw *draw, const GPtrArray *sheets, struct error *err)
{
    guint cover = page_template_has_cover(draw->template) ? 1 : 0; /* it has no number */
    for (guint i = 0; i < sheets->len; i++)
        if (draw_sheet(draw, sheets->pdata[i], i + 1, i + 1 - cover, sheets->len - cover, err) != 0)
            return -1;
    return 0;
}

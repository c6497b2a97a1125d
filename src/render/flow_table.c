/* Tables: rules above, below and under the head, hairlines between rows. Cells may span columns and rows.
 *
 * A table of up to SHORT_TABLE of a page is one piece and floats; a longer one breaks between rows, or within
 * a row of many lines, and repeats its head.
 */
#include "render/flow_table.h"
#include "render/words.h"

#include <string.h>

static const double HIGHEST_HEAD = 0.35;  /* of a page's depth */
static const double SHORT_TABLE = 0.6;    /* of a page's depth */
static const double LINE_PITCH_EM = 1.42; /* within a cell, lines stand closer than rows */
static const double CAPTION_GAP = 3, SPACE_ABOVE = 8, SPACE_BELOW = 9;

static void cell_free(gpointer data)
{
    struct table_cell *cell = data;
    if (cell == NULL)
        return;
    line_text_release(&cell->text);
    if (cell->lines != NULL)
        g_ptr_array_unref(cell->lines);
    g_free(cell);
}

static void row_free(gpointer data)
{
    struct table_row *row = data;
    g_ptr_array_unref(row->cells);
    g_array_unref(row->above);
    g_free(row);
}

static bool is_named(xmlNodePtr node, const char *name)
{
    return node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, name) == 0;
}

static enum page_align cell_align(xmlNodePtr node)
{
    if (line_text_has_class(node, "number"))
        return PAGE_ALIGN_RIGHT;
    if (line_text_has_class(node, "rank") || line_text_has_class(node, "centre"))
        return PAGE_ALIGN_CENTRE;
    return PAGE_ALIGN_LEFT;
}

static guint cell_span(xmlNodePtr node, const char *name)
{
    enum { SPAN_LIMIT = 1000 }; /* as HTML has it for columns */
    xmlChar *value = xmlGetNoNsProp(node, (const xmlChar *)name);
    guint64 span = 1;
    if (value == NULL || !g_ascii_string_to_unsigned((const char *)value, 10, 1, SPAN_LIMIT, &span, NULL))
        span = 1;
    xmlFree(value);
    return (guint)span;
}

/* Appends the columns that cells from above span, up to the next free one, or to the table's end. */
static void skip_spanned(struct table *t, struct table_row *row, bool to_end)
{
    while (row->cells->len < t->spanned->len) {
        guint *rows = &g_array_index(t->spanned, guint, row->cells->len);
        bool above = *rows > 0;
        if (!above && !to_end)
            break;
        *rows -= above ? 1 : 0;
        g_ptr_array_add(row->cells, NULL);
        g_array_append_val(row->above, above);
    }
}

static void place_cell(struct table *t, struct table_row *row, struct table_cell *cell)
{
    bool above = false;
    for (guint i = 0; i < cell->columns; i++) {
        guint column = row->cells->len;
        g_ptr_array_add(row->cells, i == 0 ? cell : NULL);
        g_array_append_val(row->above, above);
        if (t->spanned->len <= column)
            g_array_set_size(t->spanned, column + 1);
        g_array_index(t->spanned, guint, column) = cell->rows - 1;
    }
}

static int read_row(struct table *t, xmlNodePtr node, bool head)
{
    struct flow_builder *b = t->b;
    struct table_row *row = g_new0(struct table_row, 1);
    row->cells = g_ptr_array_new_with_free_func(cell_free);
    row->above = g_array_new(FALSE, TRUE, sizeof(bool));
    row->head = head;
    g_ptr_array_add(t->rows, row);
    for (xmlNodePtr n = node->children; n != NULL; n = n->next) {
        bool heading = is_named(n, "th");
        if ((!heading && !is_named(n, "td")) || line_text_is_screen_only(n))
            continue;
        struct table_cell *cell = g_new0(struct table_cell, 1);
        cell->heading = heading;
        cell->align = cell_align(n);
        cell->columns = cell_span(n, "colspan");
        cell->rows = cell_span(n, "rowspan");
        line_text_init(&cell->text);
        skip_spanned(t, row, false);
        place_cell(t, row, cell);
        struct line_style style =
            flow_style(b, b->template->table.size, head || line_text_has_class(node, "total"));
        line_text_append_children(&cell->text, n, &style, &b->looks);
        cell->natural_width =
            paragraph_natural_width(&cell->text, b->fonts, b->template->language, "PDF", b->err);
        if (cell->natural_width < 0)
            return -1;
    }
    skip_spanned(t, row, true);
    t->column_count = MAX(t->column_count, row->cells->len);
    return 0;
}

static int read_rows(struct table *t, xmlNodePtr parent, bool head)
{
    for (xmlNodePtr n = parent->children; n != NULL; n = n->next) {
        int status = 0;
        if (is_named(n, "thead") || is_named(n, "tbody") || is_named(n, "tfoot"))
            g_array_set_size(t->spanned, 0); /* no cell reaches into another group */
        if (is_named(n, "thead"))
            status = read_rows(t, n, true);
        else if (is_named(n, "tbody") || is_named(n, "tfoot"))
            status = read_rows(t, n, false);
        else if (is_named(n, "tr"))
            status = read_row(t, n, head);
        if (status != 0)
            return -1;
    }
    return 0;
}

static int set_lines(struct table *t, struct table_row *row)
{
    row->line_count = 1;
    for (guint c = 0; c < row->cells->len; c++) {
        struct table_cell *cell = row->cells->pdata[c];
        if (cell == NULL)
            continue;
        double width = table_cell_width(t, c, cell);
        struct paragraph_form form = {.width = width, .align = cell->align, .phrases = row->head};
        if (cell->align == PAGE_ALIGN_RIGHT && cell->columns == 1 && t->body_widths[c] < width)
            form.width = (width + t->body_widths[c]) / 2 + 0.01;
        cell->lines = flow_lines(t->b, &cell->text, &form);
        if (cell->lines == NULL)
            return -1;
        row->line_count = MAX(row->line_count, cell->lines->len);
    }
    return 0;
}

/* Elements of a row's cells. */
static void tag_cells(struct table *t, struct table_row *row)
{
    const struct flow_tag *row_tag = flow_tag_new(t->b, t->tag, "TR");
    for (guint c = 0; c < row->cells->len; c++) {
        struct table_cell *cell = row->cells->pdata[c];
        if (cell == NULL)
            continue;
        bool heading = cell->heading || row->head;
        struct flow_tag *tag = flow_tag_new(t->b, row_tag, heading ? "TH" : "TD");
        tag->scope = !heading ? NULL : row->head ? "Column" : "Row";
        tag->column_span = (int)cell->columns;
        tag->row_span = (int)cell->rows;
        cell->tag = tag;
    }
}

static void tag_heads(struct table *t)
{
    for (guint i = 0; i < t->rows->len; i++) {
        struct table_row *row = t->rows->pdata[i];
        if (row->head)
            tag_cells(t, row);
    }
}

static double line_pitch(const struct table *t)
{
    return LINE_PITCH_EM * t->type.size;
}

/* White above and below the lines of a row. */
static double row_padding(const struct table *t)
{
    return (t->type.pitch - line_pitch(t)) / 2;
}

static double row_height(const struct table *t, const struct table_row *row)
{
    return row->line_count * line_pitch(t) + 2 * row_padding(t);
}

/* The lines [from, end) of a row's cells, the first with its baseline below y; they change owners. Heads
 * stand at the foot of their row. */
static void put_lines(struct table *t, const struct table_row *row, struct flow_piece *piece, double y,
                      guint from, guint end)
{
    double x = t->left;
    for (guint c = 0; c < row->cells->len; x += t->widths[c], c++) {
        struct table_cell *cell = row->cells->pdata[c];
        if (cell == NULL)
            continue;
        guint above = row->head && cell->rows == 1 ? row->line_count - cell->lines->len : 0;
        for (guint i = MAX(from, above); i < MIN(end, above + cell->lines->len); i++) {
            flow_put_line(piece, flow_steal_line(cell->lines, i - above), cell->tag, x + t->padding,
                          y + (i - from) * line_pitch(t) + flow_baseline(t->type.size, line_pitch(t)));
        }
    }
}

static xmlNodePtr find_caption(xmlNodePtr table)
{
    xmlNodePtr n = table->children;
    while (n != NULL && !is_named(n, "caption"))
        n = n->next;
    return n;
}

static double put_caption(struct table *t, xmlNodePtr table, const struct flow_place *place,
                          struct flow_piece *piece)
{
    xmlNodePtr caption = find_caption(table);
    if (caption == NULL)
        return 0;
    double height = flow_put_caption(t->b, piece, caption, place, t->tag, 0);
    return height < 0 ? -1 : height + CAPTION_GAP;
}

/* "表1（続き）"; its height, 0 for a table without a number, negative with an error. */
static double put_continued(struct table *t, xmlNodePtr table, struct flow_piece *piece)
{
    const struct page_type *type = &t->b->template->caption;
    xmlNodePtr caption = find_caption(table);
    xmlNodePtr number = caption != NULL ? caption->children : NULL;
    while (number != NULL && (number->type != XML_ELEMENT_NODE || !line_text_has_class(number, "number")))
        number = number->next;
    if (number == NULL)
        return 0;
    struct line_style style = flow_style(t->b, type->size, false);
    struct line_text text;
    line_text_init(&text);
    line_text_append_node(&text, number, &style, &t->b->looks);
    line_text_append(&text, &style, words_for(t->b->template->language)->table_continued);
    GPtrArray *lines = flow_lines(
        t->b, &text, &(struct paragraph_form){.width = t->b->flow->measure, .align = PAGE_ALIGN_CENTRE});
    line_text_release(&text);
    if (lines == NULL)
        return -1;
    flow_put_line(piece, flow_steal_line(lines, 0), NULL, 0, flow_baseline(type->size, type->pitch));
    g_ptr_array_unref(lines);
    return type->pitch + CAPTION_GAP;
}

/* Rules around a head that starts at y and ends at `bottom`. */
static void rule_head(const struct table *t, struct flow_piece *piece, double y, double bottom)
{
    const struct page_template *p = t->b->template;
    flow_put_rule(piece, t->left, y, t->width, p->rule_strong, p->rule_colour);
    if (bottom > y)
        flow_put_rule(piece, t->left, bottom, t->width, p->rule_thin, p->rule_colour);
}

/* All head rows at y, with their rules; the y below. */
static double put_heads(struct table *t, struct flow_piece *piece, double y)
{
    double top = y;
    for (guint i = 0; i < t->rows->len; i++) {
        const struct table_row *row = t->rows->pdata[i];
        if (row->head) {
            put_lines(t, row, piece, y + row_padding(t), 0, row->line_count);
            y += row_height(t, row);
        }
    }
    rule_head(t, piece, top, y);
    return y;
}

/* What stands above the rows on further pages: the table's number and its head, which belong to no element.
 */
static int make_repeated(struct table *t, xmlNodePtr node, struct flow_piece *piece)
{
    double y = put_continued(t, node, piece);
    if (y < 0)
        return -1;
    for (guint i = 0; i < t->rows->len; i++) {
        struct table_row *row = t->rows->pdata[i];
        for (guint c = 0; row->head && c < row->cells->len; c++) {
            struct table_cell *cell = row->cells->pdata[c];
            if (cell != NULL) {
                g_ptr_array_unref(cell->lines);
                cell->lines = NULL;
                cell->tag = NULL;
            }
        }
        if (row->head && set_lines(t, row) != 0)
            return -1;
    }
    piece->height = put_heads(t, piece, y);
    return 0;
}

/* The hairline under a row, but where a cell reaches into the next. */
static void rule_row(const struct table *t, struct flow_piece *piece, double y, const struct table_row *next)
{
    const struct page_template *p = t->b->template;
    double x = t->left, start = x;
    for (guint c = 0; c < t->column_count; c++) {
        if (next != NULL && c < next->above->len && g_array_index(next->above, bool, c)) {
            if (x > start)
                flow_put_rule(piece, start, y, x - start, p->rule_grid, p->grid_colour);
            start = x + t->widths[c];
        }
        x += t->widths[c];
    }
    if (x > start)
        flow_put_rule(piece, start, y, x - start, p->rule_grid, p->grid_colour);
}

/* The pieces that a table's body is put into. */
struct body {
    GPtrArray *pieces;             /* owned by the flow in the end */
    struct flow_piece *piece;      /* the last of them */
    const struct flow_piece *head; /* for the further ones; NULL: the table is one piece */
    double y;                      /* where the next row starts in it */
};

static void next_piece(struct body *body)
{
    body->piece->height = body->y;
    body->piece = flow_piece_new();
    body->piece->head = body->head;
    g_ptr_array_add(body->pieces, body->piece);
    body->y = 0;
}

/* A row; one of many lines goes in slices, so that a page may end within it. */
static void put_row(struct table *t, struct table_row *row, struct body *body)
{
    enum { TALL_ROW = 10, SLICE = 2 };
    bool sliced = body->head != NULL && row->line_count > TALL_ROW;
    tag_cells(t, row);
    body->y += row_padding(t);
    for (guint from = 0; from < row->line_count;) {
        guint left = row->line_count - from;
        guint count = sliced && left >= 2 * SLICE ? SLICE : left;
        if (from > 0)
            next_piece(body);
        put_lines(t, row, body->piece, body->y, from, from + count);
        body->y += count * line_pitch(t);
        from += count;
    }
    body->y += row_padding(t);
}

/* Body rows, in one piece or in one piece each. */
static void put_body(struct table *t, struct body *body)
{
    const struct page_template *p = t->b->template;
    guint number = 0, count = 0;
    for (guint i = 0; i < t->rows->len; i++)
        count += ((const struct table_row *)t->rows->pdata[i])->head ? 0 : 1;
    for (guint i = 0; i < t->rows->len; i++) {
        struct table_row *row = t->rows->pdata[i];
        if (row->head)
            continue;
        if (body->head != NULL && number >= 2) /* the first two rows stay with the head */
            next_piece(body);
        put_row(t, row, body);
        number++;
        if (number == count)
            flow_put_rule(body->piece, t->left, body->y, t->width, p->rule_strong, p->rule_colour);
        else
            rule_row(t, body->piece, body->y, i + 1 < t->rows->len ? t->rows->pdata[i + 1] : NULL);
        /* The last row does not stand alone. */
        body->piece->keep_next = body->head != NULL && number + 1 == count;
    }
    body->piece->height = body->y + SPACE_BELOW;
}

/* Heads that would fill each page are rows like others. */
static void demote_heads(struct table *t)
{
    double height = 0;
    for (guint i = 0; i < t->rows->len; i++) {
        const struct table_row *row = t->rows->pdata[i];
        height += row->head ? row_height(t, row) : 0;
    }
    for (guint i = 0; i < t->rows->len && height > HIGHEST_HEAD * page_template_depth(t->b->template); i++)
        ((struct table_row *)t->rows->pdata[i])->head = false;
}

/* Sets all cells in the width of their columns; the height of all rows, negative with an error. */
static double set_rows(struct table *t)
{
    double height = 0;
    for (guint i = 0; i < t->rows->len; i++) {
        if (set_lines(t, t->rows->pdata[i]) != 0)
            return -1;
        height += row_height(t, t->rows->pdata[i]);
    }
    demote_heads(t);
    return height;
}

static int build(struct table *t, xmlNodePtr node, const struct flow_place *place)
{
    double height = set_rows(t);
    if (height < 0)
        return -1;
    bool whole = height < SHORT_TABLE * page_template_depth(t->b->template);
    struct flow_piece *first = flow_piece_new();
    struct body body = {.pieces = g_ptr_array_new(), .piece = first};
    first->space_before = SPACE_ABOVE;
    first->floats = whole;
    g_ptr_array_add(body.pieces, first);
    double y = put_caption(t, node, place, first);
    int status = y < 0 ? -1 : 0;
    if (status == 0) {
        tag_heads(t);
        body.y = put_heads(t, first, y);
    }
    if (status == 0 && !whole) {
        struct flow_piece *repeated = flow_piece_new();
        g_ptr_array_add(t->b->flow->heads, repeated);
        status = make_repeated(t, node, repeated);
        body.head = repeated;
    }
    if (status == 0)
        put_body(t, &body);
    for (guint i = 0; i < body.pieces->len; i++)
        flow_add(t->b, body.pieces->pdata[i]);
    g_ptr_array_unref(body.pieces);
    return status;
}

int flow_table(struct flow_builder *b, xmlNodePtr node, const struct flow_place *place)
{
    struct table t = {.b = b,
                      .rows = g_ptr_array_new_with_free_func(row_free),
                      .spanned = g_array_new(FALSE, TRUE, sizeof(guint))};
    xmlChar *id = xmlGetNoNsProp(node, (const xmlChar *)"id");
    t.name = id != NULL ? (const char *)id : "table";
    t.tag = flow_tag_new(b, place->tag, "Table");
    flow_note_id(b, node);
    int status = read_rows(&t, node, false);
    if (status == 0 && t.column_count > 0)
        status = table_columns_set(&t, place) != 0 ? -1 : build(&t, node, place);
    g_ptr_array_unref(t.rows);
    g_array_unref(t.spanned);
    g_free(t.widths);
    g_free(t.body_widths);
    xmlFree(id);
    return status;
}

/* Tables: columns as wide as their contents, rules above, below and under the head, hairlines between rows.
 * Cells may span columns and rows.
 *
 * A table of up to SHORT_TABLE of a page is one piece and floats; a longer one breaks between rows and
 * repeats its head.
 */
#include <math.h>
#include <string.h>

#include "render/flow_build.h"
#include "render/line_class.h"

static const double SHORT_TABLE = 0.6;  /* of a page's depth */
static const double LEAST_WIDTH = 0.62; /* of the measure: a narrow table is spread to it */
static const double LEAST_PADDING = 6;  /* on either side of a cell, points */
static const double WIDEST_PADDING = 26;
static const double CAPTION_GAP = 3, SPACE_ABOVE = 8, SPACE_BELOW = 9;

struct cell {
    xmlNodePtr node;
    bool heading;
    enum page_align align;
    struct line_text text;
    double natural_width;
    guint columns, rows; /* that it spans */
};

struct row {
    GPtrArray
        *cells;    /* struct cell *, by column; NULL where one from the left or from above spans the column */
    GArray *above; /* bool by column: one from above does */
    bool head;
};

struct table {
    struct flow_builder *b;
    GPtrArray *rows; /* struct row * */
    guint column_count;
    GArray *spanned;     /* guint by column: further rows of the group that a cell above spans */
    double *widths;      /* [column_count], padding included */
    double *body_widths; /* [column_count]: the widest cell below the head */
    double padding;
    double left, width;
    const struct flow_tag *tag;
};

static void cell_free(gpointer data)
{
    struct cell *cell = data;
    if (cell == NULL) {
        return;
    }
    line_text_release(&cell->text);
    g_free(cell);
}

static void row_free(gpointer data)
{
    struct row *row = data;
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
    if (line_text_has_class(node, "number")) {
        return PAGE_ALIGN_RIGHT;
    }
    if (line_text_has_class(node, "rank") || line_text_has_class(node, "centre")) {
        return PAGE_ALIGN_CENTRE;
    }
    return PAGE_ALIGN_LEFT;
}

static bool has_ideograph(const char *text)
{
    for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p)) {
        if (line_class_of(g_utf8_get_char(p)) == LINE_CLASS_IDEOGRAPH) {
            return true;
        }
    }
    return false;
}

static guint cell_span(xmlNodePtr node, const char *name)
{
    enum { SPAN_LIMIT = 1000 }; /* as HTML has it for columns */
    xmlChar *value = xmlGetNoNsProp(node, (const xmlChar *)name);
    guint64 span = 1;
    if (value == NULL || !g_ascii_string_to_unsigned((const char *)value, 10, 1, SPAN_LIMIT, &span, NULL)) {
        span = 1;
    }
    xmlFree(value);
    return (guint)span;
}

/* Appends the columns that cells from above span, up to the next free one, or to the table's end. */
static void skip_spanned(struct table *t, struct row *row, bool to_end)
{
    while (row->cells->len < t->spanned->len) {
        guint *rows = &g_array_index(t->spanned, guint, row->cells->len);
        bool above = *rows > 0;
        if (!above && !to_end) {
            break;
        }
        *rows -= above ? 1 : 0;
        g_ptr_array_add(row->cells, NULL);
        g_array_append_val(row->above, above);
    }
}

static void place_cell(struct table *t, struct row *row, struct cell *cell)
{
    bool above = false;
    for (guint i = 0; i < cell->columns; i++) {
        guint column = row->cells->len;
        g_ptr_array_add(row->cells, i == 0 ? cell : NULL);
        g_array_append_val(row->above, above);
        if (t->spanned->len <= column) {
            g_array_set_size(t->spanned, column + 1);
        }
        g_array_index(t->spanned, guint, column) = cell->rows - 1;
    }
}

static int read_row(struct table *t, xmlNodePtr node, bool head)
{
    struct flow_builder *b = t->b;
    struct row *row = g_new0(struct row, 1);
    row->cells = g_ptr_array_new_with_free_func(cell_free);
    row->above = g_array_new(FALSE, TRUE, sizeof(bool));
    row->head = head;
    g_ptr_array_add(t->rows, row);
    for (xmlNodePtr n = node->children; n != NULL; n = n->next) {
        bool heading = is_named(n, "th");
        if ((!heading && !is_named(n, "td")) || line_text_is_screen_only(n)) {
            continue;
        }
        struct cell *cell = g_new0(struct cell, 1);
        cell->node = n;
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
        if (cell->natural_width < 0) {
            return -1;
        }
    }
    skip_spanned(t, row, true);
    t->column_count = MAX(t->column_count, row->cells->len);
    return 0;
}

static int read_rows(struct table *t, xmlNodePtr parent, bool head)
{
    for (xmlNodePtr n = parent->children; n != NULL; n = n->next) {
        int status = 0;
        if (is_named(n, "thead") || is_named(n, "tbody") || is_named(n, "tfoot")) {
            g_array_set_size(t->spanned, 0); /* no cell reaches into another group */
        }
        if (is_named(n, "thead")) {
            status = read_rows(t, n, true);
        } else if (is_named(n, "tbody") || is_named(n, "tfoot")) {
            status = read_rows(t, n, false);
        } else if (is_named(n, "tr")) {
            status = read_row(t, n, head);
        }
        if (status != 0) {
            return -1;
        }
    }
    return 0;
}

/* Numbers stand flush right as a block, and the block in the middle under a wider head; ranks of which one is
 * a word (圏外) are centred, each by itself. */
static void align_numbers(struct table *t)
{
    bool *words = g_new0(bool, t->column_count);
    double *heads = g_new0(double, t->column_count);
    t->body_widths = g_new0(double, t->column_count);
    for (guint i = 0; i < t->rows->len; i++) {
        const struct row *row = t->rows->pdata[i];
        for (guint c = 0; c < row->cells->len; c++) {
            const struct cell *cell = row->cells->pdata[c];
            if (cell == NULL || cell->columns > 1) {
                continue;
            }
            double *widest = row->head ? heads : t->body_widths;
            widest[c] = fmax(widest[c], cell->natural_width);
            words[c] |= !row->head && has_ideograph(cell->text.text->str);
        }
    }
    for (guint i = 0; i < t->rows->len; i++) {
        const struct row *row = t->rows->pdata[i];
        for (guint c = 0; c < row->cells->len; c++) {
            struct cell *cell = row->cells->pdata[c];
            if (cell != NULL && cell->align == PAGE_ALIGN_RIGHT &&
                (words[c] || (row->head && heads[c] > t->body_widths[c]))) {
                cell->align = PAGE_ALIGN_CENTRE;
            }
        }
    }
    g_free(heads);
    g_free(words);
}

/* Columns that ask for too much share what is left once the modest ones have what they want. */
static void squeeze(double *widths, guint count, double room)
{
    bool *settled = g_new0(bool, count);
    for (;;) {
        guint open = 0;
        double left = room;
        for (guint i = 0; i < count; i++) {
            open += settled[i] ? 0 : 1;
            left -= settled[i] ? widths[i] : 0;
        }
        double share = open > 0 ? fmax(left / open, 1) : 0;
        bool changed = false;
        for (guint i = 0; i < count; i++) {
            if (!settled[i] && widths[i] <= share) {
                settled[i] = changed = true;
            }
        }
        if (!changed) {
            for (guint i = 0; i < count; i++) {
                widths[i] = settled[i] ? widths[i] : share;
            }
            break;
        }
    }
    g_free(settled);
}

/* What a cell over several columns needs beyond them, they share. */
static void widen_for(double *widths, guint first, const struct cell *cell)
{
    double sum = 0;
    for (guint c = first; c < first + cell->columns; c++) {
        sum += widths[c];
    }
    for (guint c = first; c < first + cell->columns && sum < cell->natural_width; c++) {
        widths[c] += (cell->natural_width + 0.01 - sum) / cell->columns;
    }
}

static void set_widths(struct table *t, const struct flow_place *place)
{
    t->widths = g_new0(double, t->column_count);
    double sum = 0;
    for (guint i = 0; i < t->rows->len; i++) {
        const struct row *row = t->rows->pdata[i];
        for (guint c = 0; c < row->cells->len; c++) {
            const struct cell *cell = row->cells->pdata[c];
            if (cell != NULL && cell->columns == 1) {
                t->widths[c] = fmax(t->widths[c], cell->natural_width + 0.01);
            }
        }
    }
    for (guint i = 0; i < t->rows->len; i++) {
        const struct row *row = t->rows->pdata[i];
        for (guint c = 0; c < row->cells->len; c++) {
            if (row->cells->pdata[c] != NULL) {
                widen_for(t->widths, c, row->cells->pdata[c]);
            }
        }
    }
    for (guint c = 0; c < t->column_count; c++) {
        sum += t->widths[c];
    }
    double spare = (fmax(place->width * LEAST_WIDTH, sum) - sum) / t->column_count / 2;
    t->padding = CLAMP(spare, LEAST_PADDING, WIDEST_PADDING);
    double padding = 2 * t->padding * t->column_count;
    if (sum + padding > place->width) {
        squeeze(t->widths, t->column_count, place->width - padding);
    }
    t->width = 0;
    for (guint c = 0; c < t->column_count; c++) {
        t->widths[c] += 2 * t->padding;
        t->width += t->widths[c];
    }
    t->left = place->left + (place->width - t->width) / 2;
}

/* Element of a cell. What is repeated on further pages is none. */
static const struct flow_tag *cell_tag(struct table *t, const struct flow_tag *row_tag, const struct row *row,
                                       const struct cell *cell)
{
    bool heading = cell->heading || row->head;
    if (row_tag == NULL) {
        return NULL;
    }
    struct flow_tag *tag = flow_tag_new(t->b, row_tag, heading ? "TH" : "TD");
    tag->scope = !heading ? NULL : row->head ? "Column" : "Row";
    tag->column_span = (int)cell->columns;
    tag->row_span = (int)cell->rows;
    return tag;
}

/* Sets a row into the piece at y; its height, negative with an error. */
static double put_row(struct table *t, const struct row *row, struct flow_piece *piece, double y,
                      bool repeated)
{
    struct flow_builder *b = t->b;
    const struct page_type *type = &b->template->table;
    double line_pitch = type->size * 1.42; /* within a cell, lines stand closer than rows */
    const struct flow_tag *row_tag = repeated ? NULL : flow_tag_new(b, t->tag, "TR");
    guint most = 1;
    double x = t->left;
    for (guint c = 0; c < row->cells->len; x += t->widths[c], c++) {
        const struct cell *cell = row->cells->pdata[c];
        if (cell == NULL) {
            continue;
        }
        double width = -2 * t->padding;
        for (guint i = 0; i < cell->columns; i++) {
            width += t->widths[c + i];
        }
        struct paragraph_form form = {.width = width, .align = cell->align};
        if (cell->align == PAGE_ALIGN_RIGHT && cell->columns == 1 && t->body_widths[c] < width) {
            form.width = (width + t->body_widths[c]) / 2 + 0.01;
        }
        GPtrArray *lines = flow_lines(b, &cell->text, &form);
        if (lines == NULL) {
            return -1;
        }
        const struct flow_tag *tag = cell_tag(t, row_tag, row, cell);
        for (guint i = 0; i < lines->len; i++) {
            flow_put_line(piece, lines->pdata[i], tag, x + t->padding,
                          y + i * line_pitch + flow_baseline(type->size, type->pitch));
            lines->pdata[i] = NULL;
        }
        most = MAX(most, lines->len);
        g_ptr_array_unref(lines);
    }
    return type->pitch + (most - 1) * line_pitch;
}

static double put_caption(struct table *t, xmlNodePtr table, const struct flow_place *place,
                          struct flow_piece *piece)
{
    for (xmlNodePtr n = table->children; n != NULL; n = n->next) {
        if (is_named(n, "caption")) {
            double height = flow_put_caption(t->b, piece, n, place, t->tag, 0);
            return height < 0 ? -1 : height + CAPTION_GAP;
        }
    }
    return 0;
}

/* Rules around a head that starts at y and ends at `bottom`. */
static void rule_head(const struct table *t, struct flow_piece *piece, double y, double bottom)
{
    const struct page_template *p = t->b->template;
    flow_put_rule(piece, t->left, y, t->width, p->rule_strong, p->rule_colour);
    if (bottom > y) {
        flow_put_rule(piece, t->left, bottom, t->width, p->rule_thin, p->rule_colour);
    }
}

/* All head rows at y, with their rules; the y below, negative with an error. */
static double put_heads(struct table *t, struct flow_piece *piece, double y, bool repeated)
{
    double top = y;
    for (guint i = 0; i < t->rows->len; i++) {
        const struct row *row = t->rows->pdata[i];
        double height = row->head ? put_row(t, row, piece, y, repeated) : 0;
        if (height < 0) {
            return -1;
        }
        y += height;
    }
    rule_head(t, piece, top, y);
    return y;
}

/* The hairline under a row, but where a cell reaches into the next. */
static void rule_row(const struct table *t, struct flow_piece *piece, double y, const struct row *next)
{
    const struct page_template *p = t->b->template;
    double x = t->left, start = x;
    for (guint c = 0; c < t->column_count; c++) {
        if (next != NULL && c < next->above->len && g_array_index(next->above, bool, c)) {
            if (x > start) {
                flow_put_rule(piece, start, y, x - start, p->rule_grid, p->grid_colour);
            }
            start = x + t->widths[c];
        }
        x += t->widths[c];
    }
    if (x > start) {
        flow_put_rule(piece, start, y, x - start, p->rule_grid, p->grid_colour);
    }
}

/* Body rows, in one piece or in one piece each. `piece` has caption and head and ends at y. */
static int put_body(struct table *t, struct flow_piece *piece, double y, bool whole, GPtrArray *pieces)
{
    const struct page_template *p = t->b->template;
    const struct flow_piece *head = NULL;
    guint body_row = 0, body_count = 0;
    for (guint i = 0; i < t->rows->len; i++) {
        body_count += ((const struct row *)t->rows->pdata[i])->head ? 0 : 1;
    }
    if (!whole) {
        struct flow_piece *repeated = flow_piece_new();
        g_ptr_array_add(t->b->flow->heads, repeated);
        repeated->height = put_heads(t, repeated, 0, true);
        if (repeated->height < 0) {
            return -1;
        }
        head = repeated;
    }
    for (guint i = 0; i < t->rows->len; i++) {
        const struct row *row = t->rows->pdata[i];
        if (row->head) {
            continue;
        }
        if (!whole && body_row >= 2) { /* the first two rows stay with the head */
            piece->height = y;
            piece = flow_piece_new();
            piece->head = head;
            g_ptr_array_add(pieces, piece);
            y = 0;
        }
        double height = put_row(t, row, piece, y, false);
        if (height < 0) {
            return -1;
        }
        y += height;
        body_row++;
        bool last = body_row == body_count;
        if (last) {
            flow_put_rule(piece, t->left, y, t->width, p->rule_strong, p->rule_colour);
        } else {
            rule_row(t, piece, y, i + 1 < t->rows->len ? t->rows->pdata[i + 1] : NULL);
        }
        piece->keep_next = !whole && body_row + 1 == body_count; /* the last row does not stand alone */
    }
    piece->height = y;
    return 0;
}

static int build(struct table *t, xmlNodePtr node, const struct flow_place *place)
{
    double guess = (t->rows->len + 2) * t->b->template->table.pitch;
    bool whole = guess < SHORT_TABLE * page_template_depth(t->b->template);
    GPtrArray *pieces = g_ptr_array_new();
    struct flow_piece *first = flow_piece_new();
    first->space_before = SPACE_ABOVE;
    first->floats = whole;
    g_ptr_array_add(pieces, first);
    double y = put_caption(t, node, place, first);
    double below = y < 0 ? -1 : put_heads(t, first, y, false);
    int status = below < 0 ? -1 : put_body(t, first, below, whole, pieces);
    struct flow_piece *last = pieces->pdata[pieces->len - 1];
    last->height += SPACE_BELOW;
    for (guint i = 0; i < pieces->len; i++) {
        flow_add(t->b, pieces->pdata[i]);
    }
    g_ptr_array_unref(pieces);
    return status;
}

int flow_table(struct flow_builder *b, xmlNodePtr node, const struct flow_place *place)
{
    struct table t = {.b = b,
                      .rows = g_ptr_array_new_with_free_func(row_free),
                      .spanned = g_array_new(FALSE, TRUE, sizeof(guint))};
    t.tag = flow_tag_new(b, place->tag, "Table");
    flow_note_id(b, node);
    int status = read_rows(&t, node, false);
    if (status == 0 && t.column_count > 0) {
        align_numbers(&t);
        set_widths(&t, place);
        status = build(&t, node, place);
    }
    g_ptr_array_unref(t.rows);
    g_array_unref(t.spanned);
    g_free(t.widths);
    g_free(t.body_widths);
    return status;
}

/* Columns of a table: as wide as their contents. What is too wide for the page gets, one after the other:
 * narrower gutters, heads of two lines, smaller type, heads of three lines and text that wraps. Numbers and
 * words are not broken, but what is as long as an address; a table that does not fit even then is an error.
 */
#include "render/flow_table.h"

#include <math.h>

#include "render/line_class.h"

static const double LEAST_WIDTH = 0.62; /* of the measure: a narrow table is spread to it */
static const double WIDEST_PADDING = 26;
/* In em: a cell longer than this may wrap from the start, down to the other. */
static const double LONG_CELL_EM = 14, WRAPPED_CELL_EM = 10;
/* In em: at the end, Japanese text may wrap down to this; a head that short never does. */
static const double NARROW_CELL_EM = 3;
/* In em: a longer word (an address, a digest) may be broken. */
static const double LONG_WORD_EM = 12;
static const double SPARE = 0.05; /* points: what rounding may take from a cell */

/* One way to make a table fit. */
struct fit {
    double scale;     /* of the type */
    double padding;   /* least, on either side of a cell, points */
    guint head_lines; /* of a column's head */
    bool narrow;      /* short texts wrap too */
};
static const struct fit FITS[] = {
    {1, 6, 1, false},   {1, 6, 2, false},  {1, 4, 2, false},  {0.9, 4, 2, false},
    {0.8, 3, 2, false}, {0.8, 3, 3, true}, {0.7, 2, 3, true},
};

/* Of each column, in the type of the page template: the least it can do with, and what it would take. */
struct demand {
    double *least, *wanted;
    double *heads; /* the widest head on one line */
};

static bool has_ideograph(const char *text)
{
    for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p))
        if (line_class_of(g_utf8_get_char(p)) == LINE_CLASS_IDEOGRAPH)
            return true;
    return false;
}

/* Numbers stand flush right as a block, and the block in the middle under a wider head; ranks of which one is
 * a word (圏外) are centred, each by itself. */
static void align_numbers(struct table *t)
{
    bool *words = g_new0(bool, t->column_count);
    double *heads = g_new0(double, t->column_count);
    t->body_widths = g_new0(double, t->column_count);
    for (guint i = 0; i < t->rows->len; i++) {
        const struct table_row *row = t->rows->pdata[i];
        for (guint c = 0; c < row->cells->len; c++) {
            const struct table_cell *cell = row->cells->pdata[c];
            if (cell == NULL || cell->columns > 1)
                continue;
            double *widest = row->head ? heads : t->body_widths;
            widest[c] = fmax(widest[c], cell->natural_width);
            words[c] |= !row->head && has_ideograph(cell->text.text->str);
        }
    }
    for (guint i = 0; i < t->rows->len; i++) {
        const struct table_row *row = t->rows->pdata[i];
        for (guint c = 0; c < row->cells->len; c++) {
            struct table_cell *cell = row->cells->pdata[c];
            if (cell != NULL && cell->align == PAGE_ALIGN_RIGHT &&
                (words[c] || (row->head && heads[c] > t->body_widths[c])))
                cell->align = PAGE_ALIGN_CENTRE;
        }
    }
    g_free(heads);
    g_free(words);
}

static double least_width(const struct table *t, const struct table_cell *cell, guint lines)
{
    const struct flow_builder *b = t->b;
    return paragraph_least_width(&cell->text, lines, b->fonts, b->template->language, "PDF", b->err);
}

/* The least of a head of several lines. While there are other ways, a word of katakana stays whole:
 * パケット|数, not パケッ|ト数. */
static double head_width(const struct table *t, const struct table_cell *cell, const struct fit *fit)
{
    const struct flow_builder *b = t->b;
    double least = least_width(t, cell, fit->head_lines);
    if (least < 0 || fit->narrow)
        return least;
    double word = paragraph_katakana_width(&cell->text, b->fonts, b->template->language, "PDF", b->err);
    return word < 0 ? -1 : fmax(least, word);
}

/* Negative with an error. *wanted: what the cell takes where there is room. */
static double cell_demand(const struct table *t, const struct table_row *row, const struct table_cell *cell,
                          const struct fit *fit, double *wanted)
{
    double em = t->b->template->table.size;
    *wanted = cell->natural_width;
    if (row->head) {
        double folded = fit->head_lines > 1 ? head_width(t, cell, fit) : cell->natural_width;
        *wanted =
            folded < 0 ? -1 : fmax(folded, fit->narrow ? 0 : fmin(cell->natural_width, NARROW_CELL_EM * em));
        return *wanted;
    }
    bool is_long = cell->natural_width > LONG_CELL_EM * em;
    if (!is_long && !fit->narrow)
        return cell->natural_width;
    double word = least_width(t, cell, 0);
    word = fmin(word, LONG_WORD_EM * em);
    double wrapped = (fit->narrow ? NARROW_CELL_EM : WRAPPED_CELL_EM) * em;
    return word < 0 ? -1 : fmin(cell->natural_width, fmax(word, wrapped));
}

/* What a cell over several columns needs beyond them, they share. */
static void widen(double *widths, guint first, const struct table_cell *cell, double needed)
{
    double sum = 0;
    for (guint c = first; c < first + cell->columns; c++)
        sum += widths[c];
    for (guint c = first; c < first + cell->columns && sum < needed; c++)
        widths[c] += (needed - sum) / cell->columns;
}

static int find_demand(const struct table *t, const struct fit *fit, struct demand *demand)
{
    for (guint c = 0; c < t->column_count; c++)
        demand->least[c] = demand->wanted[c] = demand->heads[c] = 0;
    /* Cells of one column first: one over several shares out only what those lack. */
    for (int over_several = 0; over_several < 2; over_several++) {
        for (guint i = 0; i < t->rows->len; i++) {
            const struct table_row *row = t->rows->pdata[i];
            for (guint c = 0; c < row->cells->len; c++) {
                const struct table_cell *cell = row->cells->pdata[c];
                if (cell == NULL || (cell->columns > 1) != over_several)
                    continue;
                double wanted, least = cell_demand(t, row, cell, fit, &wanted);
                if (least < 0 || wanted < 0)
                    return -1;
                widen(demand->least, c, cell, least + SPARE);
                widen(demand->wanted, c, cell, fmax(wanted, least) + SPARE);
                if (row->head)
                    widen(demand->heads, c, cell, cell->natural_width + SPARE);
            }
        }
    }
    return 0;
}

static double sum_of(const double *values, guint count)
{
    double sum = 0;
    for (guint i = 0; i < count; i++)
        sum += values[i];
    return sum;
}

/* Heads are unfolded while there is room, those that lack least first. `room`: what the columns leave over.
 */
static void unfold_heads(struct table *t, const double *heads, double room)
{
    for (;;) {
        guint best = t->column_count;
        double lacking = room;
        for (guint c = 0; c < t->column_count; c++) {
            double lacks = heads[c] - t->widths[c];
            if (lacks > 0 && lacks <= lacking) {
                lacking = lacks;
                best = c;
            }
        }
        if (best == t->column_count)
            return;
        t->widths[best] = heads[best];
        room -= lacking;
    }
}

/* Every column gets its least, and of what is left in proportion to what it wants beyond. */
static void share_out(struct table *t, const struct fit *fit, const struct demand *demand, double measure)
{
    double least = sum_of(demand->least, t->column_count) * fit->scale;
    double wanted = sum_of(demand->wanted, t->column_count) * fit->scale;
    double room = measure - 2 * fit->padding * t->column_count;
    double share = wanted > least ? fmin((room - least) / (wanted - least), 1) : 0;
    for (guint c = 0; c < t->column_count; c++) {
        double more = (demand->wanted[c] - demand->least[c]) * share;
        t->widths[c] = (demand->least[c] + more) * fit->scale;
        demand->heads[c] *= fit->scale;
        t->body_widths[c] *= fit->scale;
    }
    unfold_heads(t, demand->heads, room - sum_of(t->widths, t->column_count));
    double spread = (measure * LEAST_WIDTH - sum_of(t->widths, t->column_count)) / t->column_count / 2;
    t->padding = CLAMP(spread, fit->padding, WIDEST_PADDING);
    for (guint c = 0; c < t->column_count; c++)
        t->widths[c] += 2 * t->padding;
    t->width = sum_of(t->widths, t->column_count);
}

static void scale_type(struct table *t, double scale)
{
    t->type.size *= scale;
    t->type.pitch *= scale;
    for (guint i = 0; i < t->rows->len; i++) {
        const struct table_row *row = t->rows->pdata[i];
        for (guint c = 0; c < row->cells->len; c++) {
            struct table_cell *cell = row->cells->pdata[c];
            for (guint r = 0; cell != NULL && r < cell->text.runs->len; r++) {
                struct line_style *style = &g_array_index(cell->text.runs, struct line_run, r).style;
                style->size *= scale;
                style->rise *= scale;
            }
        }
    }
}

int table_columns_set(struct table *t, const struct flow_place *place)
{
    align_numbers(t);
    t->type = t->b->template->table;
    t->widths = g_new0(double, t->column_count);
    struct demand demand = {g_new0(double, t->column_count), g_new0(double, t->column_count),
                            g_new0(double, t->column_count)};
    const struct fit *found = NULL;
    double least = 0;
    int status = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(FITS) && found == NULL && status == 0; i++) {
        status = find_demand(t, &FITS[i], &demand);
        least = sum_of(demand.least, t->column_count) * FITS[i].scale + 2 * FITS[i].padding * t->column_count;
        found = status == 0 && least <= place->width ? &FITS[i] : NULL;
    }
    if (found != NULL) {
        share_out(t, found, &demand, place->width);
        t->left = place->left + (place->width - t->width) / 2;
        scale_type(t, found->scale);
    } else if (status == 0) {
        status =
            error_set(t->b->err, ERROR_INPUT,
                      "PDF: %s: %u columns need %.0f points in the smallest type, the text is %.0f wide, "
                      "expected fewer columns or a wider page (pages.xml)",
                      t->name, t->column_count, ceil(least), place->width);
    }
    g_free(demand.least);
    g_free(demand.wanted);
    g_free(demand.heads);
    return status;
}

double table_cell_width(const struct table *t, guint column, const struct table_cell *cell)
{
    double width = -2 * t->padding;
    for (guint i = 0; i < cell->columns; i++)
        width += t->widths[column + i];
    return width;
}

/* flow_table.h - a table while it is set: what flow_table.c reads and flow_table_columns.c gives its widths.
 */
#ifndef TEITEN_RENDER_FLOW_TABLE_H
#define TEITEN_RENDER_FLOW_TABLE_H

#include "render/flow_build.h"

struct table_cell {
    bool heading;
    enum page_align align;
    struct line_text text;
    double natural_width;
    guint columns, rows; /* that it spans */
    GPtrArray *lines;    /* struct line *, set in the width of its columns; NULL before */
    const struct flow_tag *tag;
};

struct table_row {
    GPtrArray *cells; /* struct table_cell *, by column; NULL where one from the left or from above spans the
                         column */
    GArray *above;    /* bool by column: one from above does */
    bool head;
    guint line_count; /* of its highest cell */
};

struct table {
    struct flow_builder *b;
    const char *name; /* its id, or "table" */
    GPtrArray *rows;  /* struct table_row * */
    guint column_count;
    GArray *spanned;       /* guint by column: further rows of the group that a cell above spans */
    struct page_type type; /* that of the page template, or smaller when the table is wide */
    double *widths;        /* [column_count], padding included */
    double *body_widths;   /* [column_count]: the widest cell below the head */
    double padding;
    double left, width;
    const struct flow_tag *tag;
};

/* Widths of the columns, and the size of type in which they fit. -1 and an error when none does. */
int table_columns_set(struct table *t, const struct flow_place *place);
/* Width for the text of the cell that starts in that column. */
double table_cell_width(const struct table *t, guint column, const struct table_cell *cell);

#endif

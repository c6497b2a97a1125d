#include "render/pages.h"

#include <math.h>

static const double NOTES_GAP = 12;     /* between text and the rule above the notes, at least */
static const double NOTES_RULE_GAP = 5; /* between rule and notes */
static const double ROUNDING = 0.01;
/* Of the body's pitch: by so much a heading may stand above the page's first line. */
static const double HEADING_RISE = 0.25;

struct layout {
    const struct flow *flow;
    const struct page_template *template;
    GPtrArray *sheets;
    struct sheet *sheet;    /* the last */
    double y;               /* where the next piece starts */
    bool flow_started;      /* this sheet has a piece that did not wait for it */
    GPtrArray *sheet_notes; /* ids of notes on this sheet, borrowed */
    double notes_height;
    GHashTable *notes_done; /* ids of notes on any sheet, borrowed */
    GQueue *floats;         /* const struct flow_piece *, that wait for the next page */
};

static void sheet_free(gpointer data)
{
    struct sheet *sheet = data;
    g_array_unref(sheet->places);
    g_array_unref(sheet->note_places);
    g_free(sheet);
}

static double note_height(const struct layout *l, const char *id)
{
    const GPtrArray *pieces = g_hash_table_lookup(l->flow->notes, id);
    double height = 0;
    for (guint i = 0; pieces != NULL && i < pieces->len; i++) {
        height += ((const struct flow_piece *)pieces->pdata[i])->height;
    }
    return height;
}

static double top_of(const struct layout *l, const struct flow_piece *piece, double y)
{
    double pitch = l->template->body.pitch;
    double top = y > 0 ? y + piece->space_before : 0;
    if (piece->on_grid) {
        top = ceil(top / pitch - ROUNDING) * pitch;
    }
    if (piece->floats && y > 0) { /* what the grid leaves over goes half above, half below */
        double end = y + piece->space_before + piece->height;
        top += (ceil(end / pitch - ROUNDING) * pitch - end) / 2;
    }
    if (piece->ends_on_grid) {
        double end = ceil((top + piece->height) / pitch - ROUNDING) * pitch;
        bool heads_page = y <= 0 && end - pitch >= (1 - HEADING_RISE) * pitch;
        /* A heading a little higher than its lines would start the page with a hole above it. */
        if (heads_page && piece->height - (end - pitch) <= HEADING_RISE * pitch) {
            end -= pitch;
        }
        top = end - piece->height;
    }
    if (!l->flow_started && piece->head != NULL) {
        top += piece->head->height;
    }
    return top;
}

/* Would the pieces [first, end) fit below y? */
static bool fits(const struct layout *l, const struct flow_piece *const *pieces, size_t count)
{
    double y = l->y, notes = l->notes_height;
    GHashTable *seen = g_hash_table_new(g_str_hash, g_str_equal);
    for (size_t i = 0; i < count; i++) {
        y = top_of(l, pieces[i], y) + pieces[i]->height;
        for (guint n = 0; n < pieces[i]->notes->len; n++) {
            char *id = pieces[i]->notes->pdata[n];
            if (!g_hash_table_contains(l->notes_done, id) && g_hash_table_add(seen, id)) {
                notes += note_height(l, id);
            }
        }
    }
    g_hash_table_unref(seen);
    double foot = notes > 0 ? notes + NOTES_GAP + NOTES_RULE_GAP : 0;
    return y + foot <= page_template_depth(l->template) + ROUNDING;
}

static void place(struct layout *l, const struct flow_piece *piece)
{
    double top = top_of(l, piece, l->y);
    if (!l->flow_started && piece->head != NULL) {
        struct sheet_place head = {.piece = piece->head, .y = top - piece->head->height};
        g_array_append_val(l->sheet->places, head);
    }
    struct sheet_place p = {.piece = piece, .y = top};
    g_array_append_val(l->sheet->places, p);
    l->y = top + piece->height;
    l->flow_started = true;
    for (guint n = 0; n < piece->notes->len; n++) {
        char *id = piece->notes->pdata[n];
        if (g_hash_table_lookup(l->flow->notes, id) != NULL && g_hash_table_add(l->notes_done, id)) {
            g_ptr_array_add(l->sheet_notes, id);
            l->notes_height += note_height(l, id);
        }
    }
}

/* Notes hang from the page's foot. */
static void close_sheet(struct layout *l)
{
    double y = page_template_depth(l->template) - l->notes_height;
    l->sheet->notes_top = y - NOTES_RULE_GAP;
    for (guint i = 0; i < l->sheet_notes->len; i++) {
        const GPtrArray *pieces = g_hash_table_lookup(l->flow->notes, l->sheet_notes->pdata[i]);
        for (guint k = 0; k < pieces->len; k++) {
            struct sheet_place p = {.piece = pieces->pdata[k], .y = y};
            g_array_append_val(l->sheet->note_places, p);
            y += p.piece->height;
        }
    }
    g_ptr_array_set_size(l->sheet_notes, 0);
    l->notes_height = 0;
}

static void open_sheet(struct layout *l)
{
    if (l->sheet != NULL) {
        close_sheet(l);
    }
    l->sheet = g_new0(struct sheet, 1);
    l->sheet->places = g_array_new(FALSE, FALSE, sizeof(struct sheet_place));
    l->sheet->note_places = g_array_new(FALSE, FALSE, sizeof(struct sheet_place));
    g_ptr_array_add(l->sheets, l->sheet);
    l->y = 0;
    while (!g_queue_is_empty(l->floats)) {
        const struct flow_piece *next = g_queue_peek_head(l->floats);
        if (l->y > 0 && !fits(l, &next, 1)) {
            break;
        }
        g_queue_pop_head(l->floats);
        place(l, next);
    }
    l->flow_started = false;
}

static void place_all(struct layout *l, const struct flow_piece *const *pieces, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        place(l, pieces[i]);
    }
}

/* Pieces that must not be parted. */
static void place_chunk(struct layout *l, const struct flow_piece *const *pieces, size_t count)
{
    /* Figures keep their order: one that waits makes the next wait. */
    if (count == 1 && pieces[0]->floats && l->y > 0 &&
        (!g_queue_is_empty(l->floats) || !fits(l, pieces, 1))) {
        g_queue_push_tail(l->floats, (gpointer)(uintptr_t)pieces[0]);
        return;
    }
    while (!fits(l, pieces, count) && l->y > 0) {
        open_sheet(l);
    }
    if (fits(l, pieces, count)) {
        place_all(l, pieces, count);
        return;
    }
    for (size_t i = 0; i < count; i++) { /* more than a page: parted after all */
        if (l->y > 0 && !fits(l, &pieces[i], 1)) {
            open_sheet(l);
        }
        place(l, pieces[i]);
    }
}

GPtrArray *pages_new(const struct flow *flow, const struct page_template *template, struct error *err)
{
    struct layout l = {.flow = flow, .template = template};
    l.sheets = g_ptr_array_new_with_free_func(sheet_free);
    l.sheet_notes = g_ptr_array_new();
    l.notes_done = g_hash_table_new(g_str_hash, g_str_equal);
    l.floats = g_queue_new();
    open_sheet(&l);
    const struct flow_piece *const *pieces = (const struct flow_piece *const *)(void *)flow->pieces->pdata;
    for (size_t i = 0; i < flow->pieces->len;) {
        size_t end = i + 1;
        while (end < flow->pieces->len && pieces[end - 1]->keep_next) {
            end++;
        }
        place_chunk(&l, pieces + i, end - i);
        i = end;
    }
    while (!g_queue_is_empty(l.floats)) {
        open_sheet(&l);
    }
    close_sheet(&l);
    g_queue_free(l.floats);
    g_hash_table_unref(l.notes_done);
    g_ptr_array_unref(l.sheet_notes);
    if (flow->pieces->len == 0) {
        error_set(err, ERROR_INPUT, "PDF: the document has no text, expected some");
        g_ptr_array_unref(l.sheets);
        return NULL;
    }
    return l.sheets;
}

#include "render/pages.h"

#include <math.h>

static const double NOTES_GAP = 12;     /* between text and the rule above the notes, at least */
static const double NOTES_RULE_GAP = 5; /* between rule and notes */
/* Of the page's depth: a note, or what is left of notes from the page before, keeps text from no more. */
static const double NOTES_SHARE = 0.5;
static const double ROUNDING = 0.01;
/* One figure may follow its chapter onto the next page, below the next heading; where more wait, the chapter
 * waits. */
enum { FLOATS_PAST_CHAPTER = 1 };
/* Of the body's pitch: by so much a heading may stand above the page's first line. */
static const double HEADING_RISE = 0.25;

struct layout {
    const struct flow *flow;
    const struct page_template *template;
    GPtrArray *sheets;
    struct sheet *sheet; /* the last */
    double y;            /* where the next piece starts */
    bool flow_started;   /* this sheet has a piece that did not wait for it */
    /* const struct flow_piece *, for the foot of this sheet and, if need be, of the next. */
    GPtrArray *note_lines;
    double notes_height;    /* kept free for them */
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
    for (guint i = 0; pieces != NULL && i < pieces->len; i++)
        height += ((const struct flow_piece *)pieces->pdata[i])->height;
    return height;
}

static double top_of(const struct layout *l, const struct flow_piece *piece, double y)
{
    double pitch = l->template->body.pitch;
    double top = y > 0 ? y + piece->space_before : 0;
    if (piece->on_grid)
        top = ceil(top / pitch - ROUNDING) * pitch;
    if (piece->floats && y > 0) { /* what the grid leaves over goes half above, half below */
        double end = y + piece->space_before + piece->height;
        top += (ceil(end / pitch - ROUNDING) * pitch - end) / 2;
    }
    if (piece->ends_on_grid) {
        double end = ceil((top + piece->height) / pitch - ROUNDING) * pitch;
        bool heads_page = y <= 0 && end - pitch >= (1 - HEADING_RISE) * pitch;
        /* A heading a little higher than its lines would start the page with a hole above it. */
        if (heads_page && piece->height - (end - pitch) <= HEADING_RISE * pitch)
            end -= pitch;
        top = end - piece->height;
    }
    if (!l->flow_started && piece->head != NULL)
        top += piece->head->height;
    return top;
}

/* Room for a note on the page of its mark. The rest of a very long one goes on at the foot of the next page.
 */
static double note_room(const struct layout *l, const char *id)
{
    return fmin(note_height(l, id), NOTES_SHARE * page_template_depth(l->template));
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
            if (!g_hash_table_contains(l->notes_done, id) && g_hash_table_add(seen, id))
                notes += note_room(l, id);
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
        const GPtrArray *lines = g_hash_table_lookup(l->flow->notes, id);
        if (lines != NULL && g_hash_table_add(l->notes_done, id)) {
            l->notes_height += note_room(l, id);
            for (guint k = 0; k < lines->len; k++)
                g_ptr_array_add(l->note_lines, lines->pdata[k]);
        }
    }
}

/* Notes hang from the page's foot. Lines without room wait for the next page. */
static void close_sheet(struct layout *l)
{
    double depth = page_template_depth(l->template), height = 0;
    double room = depth - (l->y > 0 ? l->y + NOTES_GAP + NOTES_RULE_GAP : NOTES_RULE_GAP);
    guint count = 0;
    for (; count < l->note_lines->len; count++) {
        const struct flow_piece *line = l->note_lines->pdata[count];
        if (height + line->height > room + ROUNDING && (count > 0 || l->y > 0))
            break;
        height += line->height;
    }
    double y = depth - height;
    l->sheet->notes_top = y - NOTES_RULE_GAP;
    for (guint i = 0; i < count; i++) {
        struct sheet_place p = {.piece = l->note_lines->pdata[i], .y = y};
        g_array_append_val(l->sheet->note_places, p);
        y += p.piece->height;
    }
    g_ptr_array_remove_range(l->note_lines, 0, count);
    l->notes_height = 0;
    for (guint i = 0; i < l->note_lines->len; i++)
        l->notes_height += ((const struct flow_piece *)l->note_lines->pdata[i])->height;
    l->notes_height = fmin(l->notes_height, NOTES_SHARE * depth);
}

static void open_sheet(struct layout *l)
{
    if (l->sheet != NULL)
        close_sheet(l);
    l->sheet = g_new0(struct sheet, 1);
    l->sheet->places = g_array_new(FALSE, FALSE, sizeof(struct sheet_place));
    l->sheet->note_places = g_array_new(FALSE, FALSE, sizeof(struct sheet_place));
    g_ptr_array_add(l->sheets, l->sheet);
    l->y = 0;
    while (!g_queue_is_empty(l->floats)) {
        const struct flow_piece *next = g_queue_peek_head(l->floats);
        if (l->y > 0 && !fits(l, &next, 1))
            break;
        g_queue_pop_head(l->floats);
        place(l, next);
    }
    l->flow_started = false;
}

static void place_all(struct layout *l, const struct flow_piece *const *pieces, size_t count)
{
    for (size_t i = 0; i < count; i++)
        place(l, pieces[i]);
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
    bool ends_with_figure = pieces[count - 1]->floats;
    while (l->y > 0 && (!fits(l, pieces, count) || (ends_with_figure && !g_queue_is_empty(l->floats))))
        open_sheet(l);
    if (fits(l, pieces, count)) {
        place_all(l, pieces, count);
        return;
    }
    for (size_t i = 0; i < count; i++) { /* more than a page: parted after all */
        if (l->y > 0 && !fits(l, &pieces[i], 1))
            open_sheet(l);
        place(l, pieces[i]);
    }
}

/* Pieces from `first` on that must not be parted: up to the result. */
static size_t chunk_end(const struct flow_piece *const *pieces, size_t first, size_t count)
{
    size_t end = first + 1;
    while (end < count && pieces[end - 1]->keep_next)
        end++;
    return end;
}

/* A heading over a figure that does not fit stays with the text behind the figure, which then waits for the
 * next page. Where the next piece is from, or `first` when there is nothing of the kind. */
static size_t place_past_figure(struct layout *l, const struct flow_piece *const *pieces, size_t first,
                                size_t count)
{
    size_t figure = chunk_end(pieces, first, count) - 1;
    if (figure == first || !pieces[figure]->floats || l->y <= 0 || figure + 1 >= count ||
        pieces[figure + 1]->outline != NULL || pieces[figure + 1]->floats)
        return first;
    size_t end = chunk_end(pieces, figure + 1, count);
    GPtrArray *others = g_ptr_array_new();
    for (size_t i = first; i < end; i++)
        if (i != figure)
            g_ptr_array_add(others, (gpointer)(uintptr_t)pieces[i]);
    const struct flow_piece *const *row = (const struct flow_piece *const *)(void *)others->pdata;
    bool waits = !g_queue_is_empty(l->floats) || !fits(l, pieces + first, figure + 1 - first);
    bool fitting = waits && fits(l, row, others->len);
    if (fitting) {
        place_all(l, row, others->len);
        g_queue_push_tail(l->floats, (gpointer)(uintptr_t)pieces[figure]);
    }
    g_ptr_array_unref(others);
    return fitting ? end : first;
}

/* A chapter's figures stand before the next chapter. */
static void end_chapter(struct layout *l, const struct flow_piece *next)
{
    bool is_chapter = next->outline != NULL && next->outline->level <= 1;
    if (!is_chapter || g_queue_get_length(l->floats) <= FLOATS_PAST_CHAPTER)
        return;
    while (!g_queue_is_empty(l->floats))
        open_sheet(l);
}

GPtrArray *pages_new(const struct flow *flow, const struct page_template *template, struct error *err)
{
    struct layout l = {.flow = flow, .template = template};
    l.sheets = g_ptr_array_new_with_free_func(sheet_free);
    l.note_lines = g_ptr_array_new();
    l.notes_done = g_hash_table_new(g_str_hash, g_str_equal);
    l.floats = g_queue_new();
    open_sheet(&l);
    const struct flow_piece *const *pieces = (const struct flow_piece *const *)(void *)flow->pieces->pdata;
    for (size_t i = 0; i < flow->pieces->len;) {
        end_chapter(&l, pieces[i]);
        size_t past = place_past_figure(&l, pieces, i, flow->pieces->len);
        size_t end = past > i ? past : chunk_end(pieces, i, flow->pieces->len);
        if (past == i)
            place_chunk(&l, pieces + i, end - i);
        i = end;
    }
    while (!g_queue_is_empty(l.floats))
        open_sheet(&l);
    close_sheet(&l);
    while (l.note_lines->len > 0) {
        l.sheet = NULL; /* that one is closed */
        open_sheet(&l);
        close_sheet(&l);
    }
    g_queue_free(l.floats);
    g_hash_table_unref(l.notes_done);
    g_ptr_array_unref(l.note_lines);
    if (flow->pieces->len == 0) {
        error_set(err, ERROR_INPUT, "PDF: the document has no text, expected some");
        g_ptr_array_unref(l.sheets);
        return NULL;
    }
    return l.sheets;
}

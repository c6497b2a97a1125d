/* Pieces on pages: nothing is lost, parted, alone or too low, whatever the lengths of the paragraphs. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "render/flow_build.h"
#include "render/pages.h"

/* 10 body lines of 10 pt a page. */
static struct page_template small_page(void)
{
    return (struct page_template){.paper_width = 200, .paper_height = 100, .body = {.size = 8, .pitch = 10}};
}

static struct flow *new_flow(void)
{
    struct flow *flow = g_new0(struct flow, 1);
    flow->pieces = g_ptr_array_new_with_free_func((GDestroyNotify)flow_piece_free);
    flow->heads = g_ptr_array_new_with_free_func((GDestroyNotify)flow_piece_free);
    flow->notes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
    flow->tags = g_ptr_array_new();
    flow->ids = g_hash_table_new(g_str_hash, g_str_equal);
    flow->left_out = g_hash_table_new(g_str_hash, g_str_equal);
    return flow;
}

static struct flow_piece *add(struct flow *flow, double height)
{
    struct flow_piece *piece = flow_piece_new();
    piece->height = height;
    g_ptr_array_add(flow->pieces, piece);
    return piece;
}

/* As flow_text.c makes them: neither the first nor the last line alone. */
static void add_lines(struct flow *flow, int count)
{
    for (int i = 0; i < count; i++) {
        struct flow_piece *piece = add(flow, 10);
        piece->on_grid = true;
        piece->keep_next = count > 1 && (i == 0 || i == count - 2);
    }
}

static GPtrArray *make_pages(const struct flow *flow)
{
    struct page_template template = small_page();
    struct error err = {0};
    GPtrArray *sheets = pages_new(flow, &template, &err);
    assert_non_null(sheets);
    return sheets;
}

static const struct sheet_place *place_of(GPtrArray *sheets, guint sheet, guint i)
{
    const struct sheet *s = sheets->pdata[sheet];
    assert_true(i < s->places->len);
    return &g_array_index(s->places, struct sheet_place, i);
}

static guint sheet_of(GPtrArray *sheets, const struct flow_piece *piece)
{
    for (guint s = 0; s < sheets->len; s++) {
        const struct sheet *sheet = sheets->pdata[s];
        for (guint i = 0; i < sheet->places->len; i++)
            if (place_of(sheets, s, i)->piece == piece)
                return s;
    }
    fail_msg("a piece stands on no page");
    return 0;
}

static void no_line_stands_alone_and_no_heading_last(void **state)
{
    (void)state;
    for (int first = 1; first < 14; first++) {
        for (int second = 2; second < 7; second++) {
            struct flow *flow = new_flow();
            add_lines(flow, first);
            struct flow_piece *heading = add(flow, 14);
            heading->space_before = 8;
            heading->keep_next = heading->ends_on_grid = true;
            add_lines(flow, second);
            add_lines(flow, 3);
            GPtrArray *sheets = make_pages(flow);
            guint placed = 0;
            for (guint s = 0; s < sheets->len; s++) {
                const struct sheet *sheet = sheets->pdata[s];
                double bottom = 0;
                for (guint i = 0; i < sheet->places->len; i++) {
                    const struct sheet_place *p = place_of(sheets, s, i);
                    assert_true(p->piece == flow->pieces->pdata[placed++]); /* in order, each once */
                    assert_true(p->y >= bottom - 1e-6);
                    if (p->piece->on_grid)
                        assert_true(fabs(p->y / 10 - round(p->y / 10)) < 1e-6);
                    bottom = p->y + p->piece->height;
                }
                assert_true(bottom <= 100 + 1e-6);
                assert_false(place_of(sheets, s, sheet->places->len - 1)->piece->keep_next);
            }
            assert_int_equal(placed, flow->pieces->len);
            g_ptr_array_unref(sheets);
            flow_free(flow);
        }
    }
}

/* Two points more than a line: the heading rises by them, and the text keeps to the grid. Four: it does not.
 */
static void a_heading_starts_a_page_without_a_hole(void **state)
{
    (void)state;
    for (int over = 2; over <= 4; over += 2) {
        struct flow *flow = new_flow();
        add_lines(flow, 10);
        struct flow_piece *heading = add(flow, 10 + over);
        heading->space_before = 8;
        heading->keep_next = heading->ends_on_grid = true;
        add_lines(flow, 3);
        GPtrArray *sheets = make_pages(flow);
        assert_ptr_equal(place_of(sheets, 1, 0)->piece, heading);
        assert_true(fabs(place_of(sheets, 1, 0)->y - (over == 2 ? -2 : 6)) < 1e-6);
        assert_true(fabs(place_of(sheets, 1, 1)->y - (over == 2 ? 10 : 20)) < 1e-6);
        g_ptr_array_unref(sheets);
        flow_free(flow);
    }
}

static void a_figure_waits_while_the_text_goes_on(void **state)
{
    (void)state;
    struct flow *flow = new_flow();
    add_lines(flow, 6);
    struct flow_piece *figure = add(flow, 50), *second = add(flow, 20);
    figure->floats = second->floats = true;
    add_lines(flow, 4);
    GPtrArray *sheets = make_pages(flow);
    /* Lines 7 to 10 fill the first page; the second figure, which would fit, keeps its turn. */
    assert_int_equal(((const struct sheet *)sheets->pdata[0])->places->len, 10);
    assert_ptr_equal(place_of(sheets, 1, 0)->piece, figure);
    assert_ptr_equal(place_of(sheets, 1, 1)->piece, second);
    assert_true(place_of(sheets, 1, 0)->y < 1e-6);
    g_ptr_array_unref(sheets);
    flow_free(flow);
}

static void a_note_stands_where_its_mark_is(void **state)
{
    (void)state;
    for (int before = 1; before < 12; before++) {
        struct flow *flow = new_flow();
        GPtrArray *note = g_ptr_array_new_with_free_func((GDestroyNotify)flow_piece_free);
        g_ptr_array_add(note, flow_piece_new());
        ((struct flow_piece *)note->pdata[0])->height = 6;
        g_hash_table_insert(flow->notes, g_strdup("note-1"), note);
        for (int i = 0; i < before; i++)
            add_lines(flow, 1);
        add_lines(flow, 1);
        struct flow_piece *marked = flow->pieces->pdata[flow->pieces->len - 1];
        g_ptr_array_add(marked->notes, g_strdup("note-1"));
        add_lines(flow, 1);
        struct flow_piece *again = flow->pieces->pdata[flow->pieces->len - 1];
        g_ptr_array_add(again->notes, g_strdup("note-1"));
        GPtrArray *sheets = make_pages(flow);
        guint found = sheet_of(sheets, marked);
        for (guint s = 0; s < sheets->len; s++) {
            const struct sheet *sheet = sheets->pdata[s];
            assert_int_equal(sheet->note_places->len, s == found ? 1 : 0);
            if (s == found) {
                const struct sheet_place *last = place_of(sheets, s, sheet->places->len - 1);
                assert_true(last->y + last->piece->height <= sheet->notes_top);
                assert_true(fabs(g_array_index(sheet->note_places, struct sheet_place, 0).y - 94) < 1e-6);
            }
        }
        g_ptr_array_unref(sheets);
        flow_free(flow);
    }
}

/* A heading over a figure without room: the text behind the figure stays with it. Over a figure and another
 * heading: both go to the next page. */
static void a_heading_does_not_wait_for_its_figure(void **state)
{
    (void)state;
    for (int other = 0; other < 2; other++) {
        struct flow *flow = new_flow();
        add_lines(flow, 5);
        struct flow_piece *heading = add(flow, 10), *figure = add(flow, 50);
        heading->keep_next = heading->ends_on_grid = true;
        figure->floats = true;
        if (other == 1) {
            struct flow_piece *next = add(flow, 10);
            next->keep_next = true;
            next->outline = g_new0(struct flow_outline, 1);
        }
        add_lines(flow, 3);
        struct flow_piece *line = flow->pieces->pdata[flow->pieces->len - 1];
        GPtrArray *sheets = make_pages(flow);
        assert_int_equal(sheet_of(sheets, heading), other);
        assert_int_equal(sheet_of(sheets, figure), 1);
        assert_int_equal(sheet_of(sheets, line), other);
        g_ptr_array_unref(sheets);
        flow_free(flow);
    }
}

/* Whatever stands between them, figures keep their order. */
static void figures_keep_their_order(void **state)
{
    (void)state;
    for (int lines = 1; lines < 10; lines++) {
        for (int height = 10; height <= 90; height += 20) {
            struct flow *flow = new_flow();
            for (int i = 0; i < 6; i++) {
                add_lines(flow, lines);
                if (i % 2 == 1) {
                    struct flow_piece *heading = add(flow, 10);
                    heading->keep_next = heading->ends_on_grid = true;
                }
                add(flow, i % 3 == 0 ? height : 20)->floats = true;
            }
            GPtrArray *sheets = make_pages(flow);
            guint next = 0, found = 0;
            for (guint s = 0; s < sheets->len; s++) {
                for (guint i = 0; i < ((const struct sheet *)sheets->pdata[s])->places->len; i++) {
                    const struct flow_piece *piece = place_of(sheets, s, i)->piece;
                    for (guint k = 0; k < flow->pieces->len && piece->floats; k++) {
                        if (flow->pieces->pdata[k] == piece) {
                            assert_true(k >= next);
                            next = k;
                            found++;
                        }
                    }
                }
            }
            assert_int_equal(found, 6);
            g_ptr_array_unref(sheets);
            flow_free(flow);
        }
    }
}

/* Of three figures that fit no page of their chapter, none drifts into the next chapter; of one, it may. */
static void figures_stay_in_their_chapter(void **state)
{
    (void)state;
    for (int figures = 1; figures <= 3; figures++) {
        struct flow *flow = new_flow();
        struct flow_piece *last = NULL;
        add_lines(flow, 7);
        for (int i = 0; i < figures; i++) {
            last = add(flow, 60);
            last->floats = true;
        }
        struct flow_piece *heading = add(flow, 10);
        heading->keep_next = true;
        heading->outline = g_new0(struct flow_outline, 1);
        heading->outline->level = 1;
        add_lines(flow, 2);
        GPtrArray *sheets = make_pages(flow);
        if (figures == 1) {
            assert_int_equal(sheet_of(sheets, heading), 0);
        } else {
            assert_int_equal(sheet_of(sheets, last), figures);
            assert_int_equal(sheet_of(sheets, heading), figures);
        }
        g_ptr_array_unref(sheets);
        flow_free(flow);
    }
}

static void add_note(struct flow *flow, struct flow_piece *marked, const char *id, int lines)
{
    GPtrArray *note = g_ptr_array_new_with_free_func((GDestroyNotify)flow_piece_free);
    for (int i = 0; i < lines; i++) {
        g_ptr_array_add(note, flow_piece_new());
        ((struct flow_piece *)note->pdata[i])->height = 6;
    }
    g_hash_table_insert(flow->notes, g_strdup(id), note);
    g_ptr_array_add(marked->notes, g_strdup(id));
}

/* A note longer than a page, and one line with more notes than a page holds: every line of theirs stands
 * once, in order, below the text of its page. */
static void notes_without_room_go_on_over_the_page(void **state)
{
    (void)state;
    for (int before = 0; before < 12; before++) {
        struct flow *flow = new_flow();
        for (int i = 0; i < before; i++)
            add_lines(flow, 1);
        add_lines(flow, 1);
        struct flow_piece *marked = flow->pieces->pdata[before];
        add_note(flow, marked, "note-1", 40);
        add_lines(flow, 1);
        struct flow_piece *many = flow->pieces->pdata[before + 1];
        for (int i = 2; i < 12; i++) {
            char *id = g_strdup_printf("note-%d", i);
            add_note(flow, many, id, 3);
            g_free(id);
        }
        add_lines(flow, 6);
        GPtrArray *sheets = make_pages(flow);
        GPtrArray *placed = g_ptr_array_new();
        for (guint s = 0; s < sheets->len; s++) {
            const struct sheet *sheet = sheets->pdata[s];
            double bottom = 0;
            for (guint i = 0; i < sheet->places->len; i++)
                bottom = place_of(sheets, s, i)->y + place_of(sheets, s, i)->piece->height;
            for (guint i = 0; i < sheet->note_places->len; i++) {
                const struct sheet_place *p = &g_array_index(sheet->note_places, struct sheet_place, i);
                assert_true(p->y >= bottom - 1e-6 && p->y + p->piece->height <= 100 + 1e-6);
                bottom = p->y + p->piece->height;
                g_ptr_array_add(placed, (gpointer)(uintptr_t)p->piece);
            }
        }
        assert_int_equal(placed->len, 40 + 10 * 3);
        const GPtrArray *first = g_hash_table_lookup(flow->notes, "note-1");
        for (guint i = 0; i < first->len; i++)
            assert_ptr_equal(placed->pdata[i], first->pdata[i]);
        const struct sheet *of_mark = sheets->pdata[sheet_of(sheets, marked)];
        assert_true(of_mark->note_places->len > 0);
        g_ptr_array_unref(placed);
        g_ptr_array_unref(sheets);
        flow_free(flow);
    }
}

static void a_long_table_repeats_its_head(void **state)
{
    (void)state;
    struct flow *flow = new_flow();
    struct flow_piece *head = flow_piece_new();
    head->height = 12;
    g_ptr_array_add(flow->heads, head);
    add(flow, 32); /* caption, head, two rows */
    for (int i = 0; i < 12; i++)
        add(flow, 10)->head = head;
    GPtrArray *sheets = make_pages(flow);
    assert_int_equal(sheets->len, 2);
    assert_ptr_equal(place_of(sheets, 1, 0)->piece, head);
    assert_true(fabs(place_of(sheets, 1, 1)->y - 12) < 1e-6);
    assert_true(place_of(sheets, 0, 0)->piece != head);
    g_ptr_array_unref(sheets);
    flow_free(flow);
}

static void more_than_a_page_is_parted_after_all(void **state)
{
    (void)state;
    struct flow *flow = new_flow();
    for (int i = 0; i < 25; i++)
        add(flow, 10)->keep_next = true;
    add(flow, 300); /* taller than a page: placed alone */
    GPtrArray *sheets = make_pages(flow);
    assert_int_equal(sheets->len, 4);
    g_ptr_array_unref(sheets);
    flow_free(flow);
}

static void an_empty_document_is_an_error(void **state)
{
    (void)state;
    struct flow *flow = new_flow();
    struct page_template template = small_page();
    struct error err = {0};
    assert_null(pages_new(flow, &template, &err));
    assert_non_null(strstr(err.message, "no text"));
    flow_free(flow);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures_stay_in_their_chapter),
        cmocka_unit_test(no_line_stands_alone_and_no_heading_last),
        cmocka_unit_test(a_heading_starts_a_page_without_a_hole),
        cmocka_unit_test(a_figure_waits_while_the_text_goes_on),
        cmocka_unit_test(a_note_stands_where_its_mark_is),
        cmocka_unit_test(a_heading_does_not_wait_for_its_figure),
        cmocka_unit_test(figures_keep_their_order),
        cmocka_unit_test(notes_without_room_go_on_over_the_page),
        cmocka_unit_test(a_long_table_repeats_its_head),
        cmocka_unit_test(more_than_a_page_is_parted_after_all),
        cmocka_unit_test(an_empty_document_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "render/pdf_running.h"

#include <math.h>
#include <string.h>

#include "render/line_text.h"
#include "render/paragraph.h"

/* The text without its last `cut` characters, "…" in their place. */
static char *shortened(const char *text, glong cut)
{
    glong kept = g_utf8_strlen(text, -1) - cut;
    if (cut == 0)
        return g_strdup(text);
    char *head = g_utf8_substring(text, 0, MAX(kept, 0));
    char *whole = g_strconcat(head, "…", NULL);
    g_free(head);
    return whole;
}

/* `cut`: how many characters title and publisher lose. */
static char *fill_placeholders(const struct pdf_draw *d, const char *text, guint page_number,
                               guint page_count, glong cut)
{
    const struct model *model = d->page->model;
    GString *filled = g_string_new(text);
    char numbers[2][16];
    char *title = shortened(model->title, cut), *publisher = shortened(model->publisher, cut);
    g_snprintf(numbers[0], sizeof numbers[0], "%u", page_number);
    g_snprintf(numbers[1], sizeof numbers[1], "%u", page_count);
    g_string_replace(filled, "{page}", numbers[0], 0);
    g_string_replace(filled, "{pages}", numbers[1], 0);
    g_string_replace(filled, "{period}", model->period, 0);
    g_string_replace(filled, "{title}", title, 0);
    g_string_replace(filled, "{publisher}", publisher, 0);
    g_free(title);
    g_free(publisher);
    return g_string_free(filled, FALSE);
}

/* A running text with its names cut by `cut`, and how wide it is. */
static int set_running(const struct pdf_draw *d, const struct page_running *running, guint page_number,
                       guint page_count, glong cut, struct line_text *text, double *width, struct error *err)
{
    const struct page_template *t = d->template;
    struct line_style style = {.role = t->font, .size = running->size, .colour = t->quiet_colour};
    char *filled = fill_placeholders(d, running->text, page_number, page_count, cut);
    line_text_init(text);
    line_text_append(text, &style, filled);
    g_free(filled);
    *width = paragraph_natural_width(text, d->fonts, t->language, "PDF", err);
    return *width < 0 ? -1 : 0;
}

/* A cover has no number and no running lines; behind it, no page is the first. */
static bool is_shown(const struct pdf_draw *d, const struct page_running *running, guint page_number)
{
    if (page_template_has_cover(d->template))
        return page_number > 0;
    return running->on_first_page || page_number > 1;
}

/* How wide it may be beside the others of its line: each has its share, and what the others do not need of
 * theirs. */
static int running_room(const struct pdf_draw *d, const struct page_running *running, guint page_number,
                        guint page_count, double *room, struct error *err)
{
    const struct page_template *t = d->template;
    double measure = page_template_measure(t), others = 0;
    guint count = 0;
    bool centred = false;
    for (guint i = 0; i < t->running->len; i++) {
        const struct page_running *other = t->running->pdata[i];
        if (other->at_foot == running->at_foot && is_shown(d, other, page_number)) {
            count++;
            centred |= other->align == PAGE_ALIGN_CENTRE;
        }
    }
    double share = measure / count;
    for (guint i = 0; i < t->running->len; i++) {
        const struct page_running *other = t->running->pdata[i];
        if (other == running || other->at_foot != running->at_foot || !is_shown(d, other, page_number))
            continue;
        struct line_text text;
        double width = 0;
        int status = set_running(d, other, page_number, page_count, 0, &text, &width, err);
        line_text_release(&text);
        if (status != 0)
            return -1;
        others += fmin(width, share);
    }
    *room = centred ? share : measure - others;
    *room -= count > 1 ? 2 * running->size : 0;
    return 0;
}

static int draw_running(struct pdf_draw *d, const struct page_running *running, guint page_number,
                        guint page_count, struct error *err)
{
    const struct page_template *t = d->template;
    struct line_text text;
    double room, width;
    if (running_room(d, running, page_number, page_count, &room, err) != 0)
        return -1;
    int status = set_running(d, running, page_number, page_count, 0, &text, &width, err);
    /* The least cut that fits, between one that does not and one that leaves nothing. */
    glong low = 0,
          high = MAX(g_utf8_strlen(d->page->model->title, -1), g_utf8_strlen(d->page->model->publisher, -1));
    while (status == 0 && width > room && low < high) {
        glong middle = low + (high - low) / 2;
        double fits;
        line_text_release(&text);
        status = set_running(d, running, page_number, page_count, middle, &text, &fits, err);
        if (fits <= room)
            high = middle;
        else
            low = middle + 1;
    }
    if (status == 0 && high > 0 && width > room) {
        line_text_release(&text);
        status = set_running(d, running, page_number, page_count, high, &text, &width, err);
    }
    struct paragraph_form form = {.width = page_template_measure(t), .align = running->align};
    GPtrArray *lines = status == 0 ? paragraph_set(&text, &form, d->fonts, t->language, "PDF", err) : NULL;
    line_text_release(&text);
    if (lines == NULL)
        return -1;
    if (lines->len > 0) {
        double baseline = running->at_foot
                              ? t->paper_height - t->margin_bottom + running->distance + 0.88 * running->size
                              : t->margin_top - running->distance - 0.12 * running->size;
        line_draw(lines->pdata[0], d->cr, t->margin_left, baseline);
    }
    g_ptr_array_unref(lines);
    return 0;
}

int pdf_running_draw(struct pdf_draw *d, guint page_number, guint page_count, struct error *err)
{
    for (guint i = 0; i < d->template->running->len; i++) {
        const struct page_running *running = d->template->running->pdata[i];
        if (is_shown(d, running, page_number) && draw_running(d, running, page_number, page_count, err) != 0)
            return -1;
    }
    return 0;
}

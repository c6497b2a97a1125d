#include "render/paragraph.h"

#include <math.h>
#include <string.h>

#include "render/line_items.h"
#include "render/line_reading.h"

/* A reader of the PDF takes a gap beyond 0.1 em for a blank: there, the two clusters become one, and cairo
 * then writes their text as such (ActualText). */
static const double BLANK_EM = 0.095;
/* One of two glyphs that overlap so far (punctuation set half an em wide) is taken for a line of its own:
 * likewise. */
static const double OVERLAP_EM = 0.45;

/* Of a line of Western text: blanks wider by more than 0.15 em look like holes. */
static const double LOOSE_RATIO = 1.25;
/* In a document of Western text, a ragged paragraph among justified ones looks worse. */
static const double LOOSE_RATIO_HYPHENATED = 2.4;

/* Share of Western text beyond which a paragraph has no Japanese to speak of. */
static const double WESTERN_ONLY = 0.95;

/* Emphasis dots, in em: the centre above the baseline, and the radius. */
static const double DOT_RISE = 1.06, DOT_RADIUS = 0.085;
/* Lines through and below text, in em: from the baseline down, and how thick. */
static const double STRUCK_AT = -0.36, UNDERLINED_AT = 0.13, STROKE_HEIGHT = 0.055;

/* Behind marked text, in em: from the top of an ideograph to its foot, and a little more; the paper's colour
 * with a tint that leaves links legible (style.css has the same). */
static const double GROUND_TOP = -0.94, GROUND_HEIGHT = 1.12;
static const struct page_colour GROUND_COLOUR = {1, 0xF3 / 255.0, 0xB0 / 255.0};

struct setter {
    const struct line_text *text;
    const struct line_clusters *row;
    double measure;
    struct line *line;
    struct line_glyphs *glyphs; /* being filled */
    double x;                   /* where the next cluster starts */
    double drawn_end;           /* where the last glyphs' own advance ended */
    const struct line_cluster *last;
    struct line_link *link;
    const char *link_target;
    guint reading; /* of the clusters from reading_left on; 0: none */
    double reading_left;
};

static bool same_colour(const struct page_colour *a, const struct page_colour *b)
{
    return a->red == b->red && a->green == b->green && a->blue == b->blue;
}

static void new_glyphs(struct setter *s, const struct line_cluster *c, const struct line_style *style)
{
    s->glyphs = g_new0(struct line_glyphs, 1);
    s->glyphs->font = g_object_ref(c->font);
    s->glyphs->colour = c->style->colour;
    s->glyphs->link = s->link;
    s->glyphs->reading = style->reading;
    s->glyphs->language = g_strdup(style->language);
    s->glyphs->language_number = style->language_number;
    s->glyphs->glyphs = g_array_new(FALSE, FALSE, sizeof(cairo_glyph_t));
    s->glyphs->clusters = g_array_new(FALSE, FALSE, sizeof(cairo_text_cluster_t));
    s->glyphs->text = g_string_new(NULL);
    g_ptr_array_add(s->line->glyphs, s->glyphs);
    s->last = NULL;
}

static void open_glyphs(struct setter *s, const struct line_cluster *c)
{
    if (s->glyphs == NULL || s->glyphs->is_reading || s->glyphs->font != c->font ||
        s->glyphs->link != s->link || s->glyphs->reading != c->style->reading ||
        s->glyphs->language_number != c->style->language_number ||
        !same_colour(&s->glyphs->colour, &c->style->colour))
        new_glyphs(s, c, c->style);
}

static void add_glyphs(struct setter *s, const struct line_clusters *row, const struct line_cluster *c,
                       double left, double rise)
{
    for (size_t i = 0; i < c->glyph_count; i++) {
        const struct line_glyph *g = &g_array_index(row->glyphs, struct line_glyph, c->first_glyph + i);
        cairo_glyph_t glyph = {.index = g->index, .x = left + g->x, .y = g->y - rise};
        g_array_append_val(s->glyphs->glyphs, glyph);
    }
}

/* The reading above what was set since reading_left. */
static void put_reading(struct setter *s)
{
    const struct line_reading *reading = s->row->readings->pdata[s->reading - 1];
    const struct line_clusters *row = reading->clusters;
    struct line_style style = {.reading = s->reading};
    double *places = line_reading_places(reading, s->reading_left, s->x, s->measure);
    for (guint i = 0; i < row->clusters->len; i++) {
        const struct line_cluster *c = &g_array_index(row->clusters, struct line_cluster, i);
        if (i == 0 || c->font != s->glyphs->font) {
            new_glyphs(s, c, &style);
            s->glyphs->is_reading = true;
        }
        add_glyphs(s, row, c, places[i] + c->shift, reading->rise);
        g_string_append_len(s->glyphs->text, reading->text.text->str + c->start, (gssize)(c->end - c->start));
        cairo_text_cluster_t cluster = {.num_bytes = (int)(c->end - c->start),
                                        .num_glyphs = (int)c->glyph_count};
        g_array_append_val(s->glyphs->clusters, cluster);
    }
    g_free(places);
    s->reading = 0;
}

/* `next`: the cluster that is about to be put; NULL at the line's end. */
static void follow_reading(struct setter *s, const struct line_cluster *next)
{
    guint number = next != NULL ? next->style->reading : 0;
    if (s->reading != 0 && number != s->reading)
        put_reading(s);
    if (number != s->reading) {
        s->reading = number;
        s->reading_left = s->x;
    }
}

static void follow_drafted(struct setter *s, const struct line_cluster *c, double right)
{
    GArray *drafted = s->line->drafted;
    struct line_drafted *last =
        drafted->len > 0 ? &g_array_index(drafted, struct line_drafted, drafted->len - 1) : NULL;
    if (c->style->rule_number == 0)
        return;
    if (last != NULL && last->number == c->style->rule_number) {
        last->right = right;
        return;
    }
    size_t i = (size_t)(c - &g_array_index(s->row->clusters, struct line_cluster, 0));
    bool starts = i == 0 || (c - 1)->style->rule_number != c->style->rule_number;
    struct line_drafted new = {.left = s->x,
                               .right = right,
                               .size = c->style->size,
                               .number = c->style->rule_number,
                               .rule = starts ? g_strdup(c->style->rule) : NULL};
    g_array_append_val(drafted, new);
}

/* Punctuation is not emphasised. */
static void put_dot(struct setter *s, const struct line_cluster *c, double width)
{
    bool dotted = c->style->dots && c->class != LINE_CLASS_SPACE &&
                  c->class != LINE_CLASS_IDEOGRAPHIC_SPACE && line_class_ink_start(c->class) < 0;
    if (dotted) {
        double em = c->style->size;
        struct line_dot dot = {.x = s->x + width / 2,
                               .y = -DOT_RISE * em - c->style->rise,
                               .radius = DOT_RADIUS * em,
                               .colour = c->style->colour};
        g_array_append_val(s->line->dots, dot);
    }
}

/* The stroke of the characters before goes on, over the gap between them, or a new one starts. y: in em. */
static void put_stroke(struct setter *s, const struct line_cluster *c, bool goes_on, double y, double right)
{
    double em = c->style->size;
    struct line_stroke new = {.left = s->x,
                              .right = right,
                              .y = y * em - c->style->rise,
                              .height = STROKE_HEIGHT * em,
                              .colour = c->style->colour};
    for (guint i = s->line->strokes->len; goes_on && i-- > 0;) {
        struct line_stroke *before = &g_array_index(s->line->strokes, struct line_stroke, i);
        if (before->y == new.y) {
            before->right = right;
            return;
        }
    }
    g_array_append_val(s->line->strokes, new);
}

/* One behind each run of marked characters, raised ones and the gaps between them included. */
static void put_ground(struct setter *s, const struct line_cluster *c, double right)
{
    GArray *grounds = s->line->grounds;
    bool is_first = c == &g_array_index(s->row->clusters, struct line_cluster, 0);
    if (!c->style->marked)
        return;
    if (grounds->len > 0 && !is_first && (c - 1)->style->marked) {
        g_array_index(grounds, struct line_stroke, grounds->len - 1).right = right;
        return;
    }
    double em = c->style->size;
    struct line_stroke ground = {.left = s->x,
                                 .right = right,
                                 .y = GROUND_TOP * em - c->style->rise,
                                 .height = GROUND_HEIGHT * em,
                                 .colour = GROUND_COLOUR};
    g_array_append_val(grounds, ground);
}

static void put_strokes(struct setter *s, const struct line_cluster *c, double right)
{
    const struct line_style *before = s->last != NULL ? s->last->style : NULL;
    if (c->style->struck)
        put_stroke(s, c, before != NULL && before->struck, STRUCK_AT, right);
    if (c->style->underlined)
        put_stroke(s, c, before != NULL && before->underlined, UNDERLINED_AT, right);
}

static void follow_link(struct setter *s, const struct line_cluster *c, double right)
{
    if (c->style->link != s->link_target || c->style->link == NULL) {
        s->link = NULL;
        s->link_target = c->style->link;
    }
    if (c->style->link == NULL)
        return;
    if (s->link == NULL) {
        s->link = g_new0(struct line_link, 1);
        s->link->left = s->x;
        s->link->size = c->style->size;
        s->link->underlined = c->style->rise == 0 && !c->style->link_bare;
        s->link->colour = c->style->colour;
        s->link->number = c->style->link_number;
        s->link->target = g_strdup(c->style->link);
        s->link->text = g_string_new(NULL);
        g_ptr_array_add(s->line->links, s->link);
    }
    s->link->right = right;
    g_string_append_len(s->link->text, s->text->text->str + c->start, (gssize)(c->end - c->start));
    if (c->style->note != NULL &&
        (s->line->notes->len == 0 ||
         g_strcmp0(s->line->notes->pdata[s->line->notes->len - 1], c->style->note) != 0))
        g_ptr_array_add(s->line->notes, g_strdup(c->style->note));
}

static void put_cluster(struct setter *s, const struct line_cluster *c, double width)
{
    follow_reading(s, c);
    follow_link(s, c, s->x + width);
    open_glyphs(s, c);
    put_dot(s, c, width);
    put_ground(s, c, s->x + width);
    put_strokes(s, c, s->x + width);
    follow_drafted(s, c, s->x + width);
    double left = s->x + c->shift;
    add_glyphs(s, s->row, c, left, c->style->rise);
    g_string_append_len(s->glyphs->text, s->text->text->str + c->start, (gssize)(c->end - c->start));
    double gap = left - s->drawn_end;
    bool misread = s->last != NULL && s->last->class != LINE_CLASS_SPACE && c->class != LINE_CLASS_SPACE &&
                   (gap > BLANK_EM * c->style->size || gap < -OVERLAP_EM * c->style->size);
    if (misread) {
        cairo_text_cluster_t *before =
            &g_array_index(s->glyphs->clusters, cairo_text_cluster_t, s->glyphs->clusters->len - 1);
        before->num_bytes += (int)(c->end - c->start);
        before->num_glyphs += (int)c->glyph_count;
    } else {
        cairo_text_cluster_t cluster = {.num_bytes = (int)(c->end - c->start),
                                        .num_glyphs = (int)c->glyph_count};
        g_array_append_val(s->glyphs->clusters, cluster);
    }
    s->last = c;
    s->drawn_end = left + c->advance;
    s->x += width;
}

/* At the end of a line that parts a word. Its text is a soft hyphen: readers of the PDF join the word again
 * (ISO 32000-1, 14.8.2.2.3). */
static void put_hyphen(struct setter *s)
{
    static const char SOFT_HYPHEN[] = "\u00AD";
    double width;
    cairo_glyph_t glyph = {
        .index = line_cluster_hyphen(s->last, &width), .x = s->x, .y = -s->last->style->rise};
    g_array_append_val(s->glyphs->glyphs, glyph);
    g_string_append(s->glyphs->text, SOFT_HYPHEN);
    cairo_text_cluster_t cluster = {.num_bytes = (int)strlen(SOFT_HYPHEN), .num_glyphs = 1};
    g_array_append_val(s->glyphs->clusters, cluster);
    s->x += width;
    if (s->link != NULL)
        s->link->right = s->x;
}

static struct line *build_line(const struct line_text *text, const struct line_clusters *row,
                               const struct line_item *items, const struct line_extent *extent,
                               double measure)
{
    struct setter s = {.text = text, .row = row, .measure = measure, .line = line_new()};
    s.line->ratio = extent->ratio;
    for (size_t i = extent->first; i < extent->end; i++) {
        const struct line_item *item = &items[i];
        double width = item->kind == LINE_GLUE ? line_glue_width(item, extent->ratio) : item->width;
        if (item->cluster != LINE_NO_CLUSTER) {
            const struct line_cluster *c = &g_array_index(row->clusters, struct line_cluster, item->cluster);
            if (s.line->end == 0)
                s.line->start = c->start;
            s.line->end = c->end;
            put_cluster(&s, c, width);
        } else if (item->kind == LINE_GLUE) {
            s.x += width;
        }
    }
    follow_reading(&s, NULL);
    if (extent->hyphenated && s.last != NULL)
        put_hyphen(&s);
    s.line->width = s.x;
    return s.line;
}

static void align_line(struct line *line, const struct paragraph_form *form, bool first)
{
    double indent = first ? form->indent : 0;
    double room = form->width - indent - line->width;
    line->left = indent;
    if (!form->justified && form->align == PAGE_ALIGN_CENTRE)
        line->left += room / 2;
    else if (!form->justified && form->align == PAGE_ALIGN_RIGHT)
        line->left += room;
}

static void line_free_data(gpointer line)
{
    line_free(line);
}

/* Of a row, how much is Western text: 0 to 1. */
static double western_share(const struct line_clusters *row)
{
    guint western = 0;
    for (guint i = 0; i < row->clusters->len; i++) {
        enum line_class class = g_array_index(row->clusters, struct line_cluster, i).class;
        western += class == LINE_CLASS_LATIN || class == LINE_CLASS_SPACE;
    }
    return (double)western / MAX(row->clusters->len, 1);
}

/* Western words with an address among them leave lines that only wide blanks would fill. */
static bool is_loose(const GArray *extents, const struct line_measure *measure, double loose_ratio)
{
    for (guint i = 0; i + 1 < extents->len; i++) {
        const struct line_extent *line = &g_array_index(extents, struct line_extent, i);
        double room = measure->width - (i == 0 ? measure->first_indent : 0) - line->width;
        if (line->ratio > loose_ratio || room > 0.5)
            return true;
    }
    return false;
}

/* A Western paragraph that cannot be justified well has a ragged edge, all of it. Among Japanese ones,
 * entries of a list of references, with their addresses, all do: they should look alike. */
static GArray *break_lines(const struct line_text *text, const struct line_clusters *row, const GArray *items,
                           struct line_measure *measure, bool hyphenated)
{
    const struct line_item *item = &g_array_index(items, struct line_item, 0);
    GArray *extents = line_break(item, items->len, measure);
    double western = western_share(row);
    bool entry = !hyphenated && western > WESTERN_ONLY && strstr(text->text->str, "://") != NULL;
    bool loose =
        western > 0.5 && is_loose(extents, measure, hyphenated ? LOOSE_RATIO_HYPHENATED : LOOSE_RATIO);
    if (measure->justified && (entry || loose)) {
        measure->justified = false;
        g_array_unref(extents);
        extents = line_break(item, items->len, measure);
    }
    return extents;
}

/* What a reading stands above is never parted, nor are words from right to left: they must fit a line. */
static int check_pieces(const struct line_text *text, const struct line_clusters *row, double measure,
                        const char *place, struct error *err)
{
    double width = 0;
    for (guint i = 0; i < row->clusters->len; i++) {
        const struct line_cluster *c = &g_array_index(row->clusters, struct line_cluster, i);
        bool goes_on = i > 0 && c->style->reading == (c - 1)->style->reading;
        width = (goes_on ? width : 0) + c->width;
        if (c->leftward && c->width > measure) {
            return error_set(err, ERROR_INPUT,
                             "%s: text \"%.*s\": writing from right to left fills more than a line, expected "
                             "a few words",
                             place, (int)(c->end - c->start), text->text->str + c->start);
        }
        if (c->style->reading != 0 && width > measure) {
            return error_set(
                err, ERROR_INPUT,
                "%s: the reading \"%s\" and what stands below it fill more than a line, expected a "
                "<ruby> of shorter parts, each with its <rt>",
                place, (const char *)text->readings->pdata[c->style->reading - 1]);
        }
    }
    return 0;
}

GPtrArray *paragraph_set(const struct line_text *text, const struct paragraph_form *form, struct fonts *fonts,
                         const char *language, const char *place, struct error *err)
{
    struct line_clusters *row = line_clusters_new(text, fonts, language, place, err);
    if (row == NULL || check_pieces(text, row, form->width - form->indent, place, err) != 0) {
        line_clusters_free(row);
        return NULL;
    }
    GArray *items = line_items(row, text, form->width, form->phrases, form->hyphenation);
    const struct line_item *item = &g_array_index(items, struct line_item, 0);
    struct line_measure measure = {.width = form->width,
                                   .first_indent = form->indent,
                                   .last_line_least = form->last_line_least,
                                   .justified = form->justified};
    GArray *extents = break_lines(text, row, items, &measure, form->hyphenation != NULL);
    GPtrArray *lines = g_ptr_array_new_with_free_func(line_free_data);
    for (guint i = 0; i < extents->len; i++) {
        double room = form->width - (i == 0 ? form->indent : 0);
        struct line *line = build_line(text, row, item, &g_array_index(extents, struct line_extent, i), room);
        align_line(line, form, i == 0);
        g_ptr_array_add(lines, line);
    }
    g_array_unref(extents);
    g_array_unref(items);
    line_clusters_free(row);
    return lines;
}

double paragraph_natural_width(const struct line_text *text, struct fonts *fonts, const char *language,
                               const char *place, struct error *err)
{
    struct paragraph_form form = {.width = 1e6};
    GPtrArray *lines = paragraph_set(text, &form, fonts, language, place, err);
    if (lines == NULL)
        return -1;
    double width = 0;
    for (guint i = 0; i < lines->len; i++) {
        const struct line *line = lines->pdata[i];
        width = fmax(width, line->width);
    }
    g_ptr_array_unref(lines);
    return width;
}

/* The widest line of those that a measure gives; *count of them. */
static double widest_line(const GArray *items, double width, guint *count)
{
    struct line_measure measure = {.width = width};
    GArray *extents = line_break(&g_array_index(items, struct line_item, 0), items->len, &measure);
    double widest = 0;
    for (guint i = 0; i < extents->len; i++)
        widest = fmax(widest, g_array_index(extents, struct line_extent, i).natural_width);
    *count = extents->len;
    g_array_unref(extents);
    return widest;
}

double paragraph_least_width(const struct line_text *text, guint line_count, struct fonts *fonts,
                             const char *language, const char *place, struct error *err)
{
    static const double WIDEST = 1e6, STEP = 0.5;
    struct line_clusters *row = line_clusters_new(text, fonts, language, place, err);
    if (row == NULL)
        return -1;
    GArray *items = line_items(row, text, WIDEST, line_count > 0, NULL);
    guint count;
    double low = widest_line(items, 1, &count);
    bool fits = line_count == 0;
    double high = fits ? low : fmax(widest_line(items, WIDEST, &count), low);
    while (!fits && high - low > STEP) {
        double middle = (low + high) / 2;
        widest_line(items, middle, &count);
        *(count <= line_count ? &high : &low) = middle;
    }
    g_array_unref(items);
    line_clusters_free(row);
    return high;
}

double paragraph_katakana_width(const struct line_text *text, struct fonts *fonts, const char *language,
                                const char *place, struct error *err)
{
    struct line_clusters *row = line_clusters_new(text, fonts, language, place, err);
    if (row == NULL)
        return -1;
    double run = 0, longest = 0;
    for (guint i = 0; i < row->clusters->len; i++) {
        const struct line_cluster *c = &g_array_index(row->clusters, struct line_cluster, i);
        run = line_class_is_katakana(c->character) ? run + c->width : 0;
        longest = fmax(longest, run);
    }
    line_clusters_free(row);
    return longest;
}

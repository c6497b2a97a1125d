#include "render/line_items.h"

#include <math.h>
#include <string.h>

/* Where a Western word may be broken only because it must: the cost keeps such breaks for words that fit no
 * line. */
static const int COST_EMERGENCY = 5000, COST_IN_ADDRESS = 60, COST_AT_HYPHEN = 120, COST_BEFORE_COUNTER = 150;
static const int COST_OF_HYPHEN = 60, COST_BEFORE_BRACKET = 200;
static const size_t LONG_BRACKET = 4; /* the s of sensor(s) stays */
static const gunichar SOFT_HYPHEN = 0xAD;
/* A Western space, in em. */
static const double SPACE_STRETCH = 0.12, SPACE_LIMIT = 0.35, SPACE_SHRINK = 0.06;
/* Between Western and Japanese characters of different styles, in em: below what readers of the PDF take for
 * a blank, which cannot be mended there (paragraph.c). */
static const double STYLE_GAP = 0.09;

/* A Western word: the clusters [first, end) between spaces and Japanese characters. */
struct word {
    size_t first, end;
    double widest; /* part between two sensible breaks */
    bool is_address;
};

static const struct line_cluster *cluster_at(const struct line_clusters *row, size_t i)
{
    return &g_array_index(row->clusters, struct line_cluster, i);
}

static bool is_letter(gunichar c)
{
    return c < 0x80 && g_ascii_isalpha((char)c);
}

static bool is_one_of(gunichar c, const char *set)
{
    return c < 0x80 && c != 0 && strchr(set, (int)c) != NULL;
}

/* Cost of a sensible break inside a word, before cluster i. */
static int sensible_cost(const struct line_clusters *row, const struct word *word, size_t i)
{
    gunichar before = cluster_at(row, i - 1)->character, after = cluster_at(row, i)->character;
    if (i < word->first + 3 || i + 3 > word->end)
        return LINE_FORBIDDEN;
    if (word->is_address) {
        if ((before == '/' && after != '/') || (is_one_of(before, "-_=&?") && !is_one_of(after, "-_=&?/")) ||
            (is_one_of(after, ".?#&") && before != '/'))
            return COST_IN_ADDRESS;
    }
    bool last_word = word->end == row->clusters->len; /* its bracket alone would make a poor last line */
    if (after == '(' && g_unichar_isalpha(before) && word->end - i > LONG_BRACKET && !last_word)
        return COST_BEFORE_BRACKET; /* Telnet(23/TCP) */
    if (before == '-' && g_unichar_isalpha(after) && g_unichar_isalpha(cluster_at(row, i - 2)->character))
        return COST_AT_HYPHEN;
    return LINE_FORBIDDEN;
}

static int cost_inside_word(const struct line_clusters *row, const struct word *word, size_t i,
                            double measure)
{
    int cost = sensible_cost(row, word, i);
    return cost == LINE_FORBIDDEN && word->widest > measure ? COST_EMERGENCY : cost;
}

static struct word find_word(const struct line_clusters *row, const struct line_text *text, size_t first)
{
    struct word word = {.first = first, .end = first};
    while (word.end < row->clusters->len && cluster_at(row, word.end)->class == LINE_CLASS_LATIN &&
           cluster_at(row, word.end)->character != '\n')
        word.end++;
    const char *start = text->text->str + cluster_at(row, first)->start;
    gssize size = (gssize)(cluster_at(row, word.end - 1)->end - cluster_at(row, first)->start);
    word.is_address = g_strstr_len(start, size, "://") != NULL ||
                      (size > 4 && strncmp(start, "www.", 4) == 0) ||
                      (size > 20 && g_strstr_len(start, size, "/") != NULL);
    double part = 0;
    for (size_t i = first; i < word.end; i++) {
        if (i > first && sensible_cost(row, &word, i) < LINE_FORBIDDEN)
            part = 0;
        part += cluster_at(row, i)->width;
        word.widest = fmax(word.widest, part);
    }
    return word;
}

/* A ligature is one cluster of several letters. */
static void find_hyphens_of_letters(const struct line_clusters *row, const struct line_text *text,
                                    size_t first, size_t end, const struct hyphenation *hyphenation,
                                    bool *places)
{
    const char *letters = text->text->str + cluster_at(row, first)->start;
    size_t size = cluster_at(row, end - 1)->end - cluster_at(row, first)->start;
    size_t count = (size_t)g_utf8_strlen(letters, (gssize)size);
    bool *of_letters = g_new0(bool, count + 1);
    if (hyphenation_find(hyphenation, letters, count, of_letters)) {
        for (size_t i = first; i < end; i++) {
            size_t before = cluster_at(row, i)->start - cluster_at(row, first)->start;
            places[i] = of_letters[g_utf8_strlen(letters, (gssize)before)];
        }
    }
    g_free(of_letters);
}

/* Marks the clusters before which the word may be parted with a hyphen. Letters of one size and weight, in
 * the document's language, are looked at together. */
static void find_hyphens(const struct line_clusters *row, const struct line_text *text,
                         const struct word *word, const struct hyphenation *hyphenation, bool *places)
{
    if (word->is_address)
        return;
    for (size_t i = word->first; i < word->end;) {
        const struct line_style *style = cluster_at(row, i)->style;
        size_t end = i;
        while (end < word->end && g_unichar_isalpha(cluster_at(row, end)->character) &&
               cluster_at(row, end)->style == style)
            end++;
        bool plain = style->language == NULL && style->reading == 0 && style->rise == 0 && !style->is_code;
        if (end > i && plain)
            find_hyphens_of_letters(row, text, i, end, hyphenation, places);
        i = MAX(end, i + 1);
    }
}

/* Names and numbers that belong together: 図1, 第2, 10%, 4月. */
static int cost_between(const struct line_clusters *row, size_t i, const struct line_gap *gap)
{
    const struct line_cluster *a = cluster_at(row, i - 1), *b = cluster_at(row, i);
    if (!gap->breakable)
        return LINE_FORBIDDEN;
    if (b->class == LINE_CLASS_LATIN &&
        (is_one_of(b->character, ")]},.:;!?%'") || b->character == 0x2019 || b->character == 0x201D))
        return LINE_FORBIDDEN;
    if (a->class == LINE_CLASS_LATIN &&
        (is_one_of(a->character, "([{$#") || a->character == 0x2018 || a->character == 0x201C))
        return LINE_FORBIDDEN;
    if (is_one_of(b->character, "0123456789") &&
        (a->character == 0x56F3 || a->character == 0x8868 || a->character == 0x7B2C ||
         a->character == 0x6CE8)) /* 図表第注 */
        return LINE_FORBIDDEN;
    if (b->style->note != NULL && b->style->note != a->style->note)
        return LINE_FORBIDDEN; /* a note's mark stays with what it marks */
    if (is_one_of(a->character, "0123456789") && g_unichar_isalpha(b->character))
        return COST_BEFORE_COUNTER;
    return 0;
}

static void add_box(GArray *items, double width, size_t cluster)
{
    struct line_item box = {.kind = LINE_BOX, .width = width, .cluster = cluster};
    g_array_append_val(items, box);
}

static void add_penalty(GArray *items, int cost)
{
    struct line_item penalty = {.kind = LINE_PENALTY, .cost = cost, .cluster = LINE_NO_CLUSTER};
    g_array_append_val(items, penalty);
}

/* True when paragraph.c may draw the two with one call. */
static bool same_run(const struct line_style *a, const struct line_style *b)
{
    return strcmp(a->role, b->role) == 0 && a->size == b->size && a->bold == b->bold &&
           a->colour.red == b->colour.red && a->colour.green == b->colour.green &&
           a->colour.blue == b->colour.blue;
}

static void add_gap(GArray *items, const struct line_clusters *row, size_t i, bool phrases)
{
    const struct line_cluster *a = cluster_at(row, i - 1), *b = cluster_at(row, i);
    struct line_gap gap = line_class_gap(a->class, b->class);
    int cost = cost_between(row, i, &gap);
    double em = MIN(a->style->size, b->style->size);
    if (a->style->rise != b->style->rise)
        gap.width = a->class == LINE_CLASS_LATIN || b->class == LINE_CLASS_LATIN ? 0 : gap.width;
    if (gap.width > STYLE_GAP && gap.width < 0.25 && !same_run(a->style, b->style)) {
        gap.width = STYLE_GAP;
        gap.stretch = gap.shrink = 0;
    }
    if (phrases && cost < LINE_FORBIDDEN)
        cost = MAX(cost, line_class_phrase_cost(a->character, b->character));
    if (cost != 0)
        add_penalty(items, cost);
    struct line_item glue = {.kind = LINE_GLUE,
                             .width = gap.width * em,
                             .stretch = gap.stretch * em,
                             .stretch_limit = gap.stretch_limit * em,
                             .shrink = gap.shrink * em,
                             .cluster = LINE_NO_CLUSTER};
    g_array_append_val(items, glue);
}

/* Figure 1, page 5: a word that means little without the number behind it. */
static bool is_name_of_number(const struct line_clusters *row, size_t end)
{
    static const char *const NAMES[] = {"figure", "table", "section", "chapter",
                                        "note",   "page",  "rank",    NULL};
    char word[12] = "";
    size_t length = 0, start = end;
    while (start > 0 && is_letter(cluster_at(row, start - 1)->character))
        start--;
    for (; start < end && length + 1 < sizeof word; start++)
        word[length++] = g_ascii_tolower((char)cluster_at(row, start)->character);
    return start == end && g_strv_contains(NAMES, word);
}

static bool number_follows_its_name(const struct line_clusters *row, size_t space)
{
    if (space == 0 || space + 1 >= row->clusters->len)
        return false;
    gunichar before = cluster_at(row, space - 1)->character, after = cluster_at(row, space + 1)->character;
    return is_one_of(after, "0123456789") && (before == 0x56F3 || before == 0x8868 || before == 0x7B2C ||
                                              before == 0x6CE8 || is_name_of_number(row, space));
}

static void add_space(GArray *items, const struct line_clusters *row, size_t i)
{
    const struct line_cluster *c = cluster_at(row, i);
    double em = c->style->size;
    if (c->character == 0xA0 &&
        (i == 0 || cluster_at(row, i - 1)->character == '\n' || cluster_at(row, i - 1)->character == 0xA0)) {
        add_box(items, c->advance, i); /* an indent: glue would vanish at the line's start */
        return;
    }
    if (c->character == 0xA0 || number_follows_its_name(row, i))
        add_penalty(items, LINE_FORBIDDEN);
    struct line_item glue = {.kind = LINE_GLUE,
                             .width = c->advance,
                             .stretch = SPACE_STRETCH * em,
                             .stretch_limit = SPACE_LIMIT * em,
                             .shrink = SPACE_SHRINK * em,
                             .cluster = i};
    g_array_append_val(items, glue);
}

/* Characters that no rule parts may still fill more than a line (。。。。...): there, the rules give way. */
static void relax(GArray *items, double measure)
{
    guint start = 0;
    double width = 0;
    for (guint i = 0; i <= items->len; i++) {
        const struct line_item *item = i < items->len ? &g_array_index(items, struct line_item, i) : NULL;
        bool after_box = i > 0 && g_array_index(items, struct line_item, i - 1).kind == LINE_BOX;
        bool breakable = item == NULL || (item->kind == LINE_GLUE && after_box) ||
                         (item->kind == LINE_PENALTY && item->cost < LINE_FORBIDDEN);
        if (!breakable) {
            width += item->kind != LINE_PENALTY ? item->width : 0;
            continue;
        }
        for (guint k = start; k < i && width > measure; k++) {
            struct line_item *inner = &g_array_index(items, struct line_item, k);
            inner->cost = inner->kind == LINE_PENALTY ? COST_EMERGENCY : inner->cost;
        }
        start = i + 1;
        width = 0;
    }
}

static void add_hyphen(GArray *items, const struct line_cluster *before)
{
    struct line_item hyphen = {.kind = LINE_PENALTY, .cost = COST_OF_HYPHEN, .cluster = LINE_NO_CLUSTER};
    if (line_cluster_hyphen(before, &hyphen.width) != 0)
        g_array_append_val(items, hyphen);
}

GArray *line_items(const struct line_clusters *row, const struct line_text *text, double measure,
                   bool phrases, const struct hyphenation *hyphenation)
{
    GArray *items = g_array_new(FALSE, FALSE, sizeof(struct line_item));
    bool *hyphens = g_new0(bool, row->clusters->len + 1);
    struct word word = {0};
    for (size_t i = 0; i < row->clusters->len; i++) {
        const struct line_cluster *c = cluster_at(row, i);
        if (c->character == '\n') {
            add_penalty(items, LINE_FORCED);
            continue;
        }
        bool same_reading =
            i > 0 && c->style->reading != 0 && cluster_at(row, i - 1)->style->reading == c->style->reading;
        if (same_reading) {
            add_box(items, c->width, i); /* one reading stands above one piece of a line */
            continue;
        }
        if (c->class == LINE_CLASS_SPACE && c->style->reading == 0) {
            add_space(items, row, i);
            continue;
        }
        bool in_word = i > word.first && i < word.end;
        if (c->class == LINE_CLASS_LATIN && !in_word) {
            word = find_word(row, text, i);
            if (hyphenation != NULL)
                find_hyphens(row, text, &word, hyphenation, hyphens);
        }
        if (c->character == SOFT_HYPHEN && in_word) {
            add_hyphen(items, cluster_at(row, i - 1));
            continue;
        }
        if (i > 0 && in_word) {
            int cost = cost_inside_word(row, &word, i, measure);
            if (hyphens[i])
                add_hyphen(items, cluster_at(row, i - 1));
            else if (cost < LINE_FORBIDDEN)
                add_penalty(items, cost);
        } else if (i > 0 && cluster_at(row, i - 1)->character != '\n' &&
                   cluster_at(row, i - 1)->class != LINE_CLASS_SPACE) {
            add_gap(items, row, i, phrases);
        }
        add_box(items, c->width, i);
    }
    g_free(hyphens);
    relax(items, measure);
    return items;
}

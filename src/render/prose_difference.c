#include "render/prose_difference.h"

#include <string.h>

#include "render/prose_folder.h"
#include "render/prose_text.h"

const char *prose_kind_name(enum prose_kind kind)
{
    static const char *const names[] = {"sentence", "picture", "reference"};
    return names[kind];
}

const char *prose_status_name(enum prose_status status)
{
    static const char *const names[] = {"same", "edited", "new", "dropped"};
    return names[status];
}

/* Pairs of neighbouring characters of a text, sorted. */
static GArray *bigrams_of(const char *text)
{
    GArray *bigrams = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    uint64_t before = 0;
    for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at)) {
        uint64_t pair = before << 32 | g_utf8_get_char(at);
        g_array_append_val(bigrams, pair);
        before = g_utf8_get_char(at);
    }
    return bigrams;
}

static gint bigram_compare(gconstpointer a, gconstpointer b)
{
    uint64_t x = *(const uint64_t *)a;
    uint64_t y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Twice the pairs in common over all pairs: 0 to 1. Both sorted. */
static double likeness(const GArray *a, const GArray *b)
{
    guint common = 0;
    for (guint i = 0, j = 0; i < a->len && j < b->len;) {
        uint64_t x = g_array_index(a, uint64_t, i);
        uint64_t y = g_array_index(b, uint64_t, j);
        common += x == y;
        i += x <= y;
        j += y <= x;
    }
    return a->len + b->len == 0 ? 0 : 2.0 * common / (a->len + b->len);
}

struct candidate {
    double likeness;
    guint now, other; /* indexes of pieces */
};

/* The most alike first; of equals, in the order of the texts. */
static gint candidate_compare(gconstpointer a, gconstpointer b)
{
    const struct candidate *x = a;
    const struct candidate *y = b;
    if (x->likeness != y->likeness)
        return x->likeness > y->likeness ? -1 : 1;
    if (x->now != y->now)
        return x->now < y->now ? -1 : 1;
    return (x->other > y->other) - (x->other < y->other);
}

enum { UNMATCHED = -1 };

static const struct prose_piece *piece_at(const GPtrArray *pieces, guint index)
{
    return pieces->pdata[index];
}

/* Pieces with the same key, in order: each is matched once. */
static void match_equal(const GPtrArray *now, const GPtrArray *other, gint *match, bool *taken)
{
    GHashTable *first = g_hash_table_new(g_str_hash, g_str_equal); /* key -> 1 + where to look next */
    for (guint i = 0; i < now->len; i++) {
        const struct prose_piece *piece = piece_at(now, i);
        guint j = GPOINTER_TO_UINT(g_hash_table_lookup(first, piece->key));
        while (j < other->len && (taken[j] || piece->kind != piece_at(other, j)->kind ||
                                  strcmp(piece->key, piece_at(other, j)->key) != 0))
            j++;
        if (j < other->len) {
            match[i] = (gint)j;
            taken[j] = true;
        }
        g_hash_table_insert(first, piece->key, GUINT_TO_POINTER(j));
    }
    g_hash_table_unref(first);
}

static guint left_count(const GPtrArray *now, const gint *match)
{
    guint left = 0;
    for (guint i = 0; i < now->len; i++)
        left += match[i] == UNMATCHED;
    return left;
}

/* What is left over and alike. A picture is edited when its name stayed. */
static void match_alike(const GPtrArray *now, const GPtrArray *other, gint *match, bool *taken)
{
    static const double least = 0.5;
    if (left_count(now, match) > PROSE_PAIRED_MAX)
        return;
    GPtrArray *bigrams = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
    GArray *candidates = g_array_new(FALSE, FALSE, sizeof(struct candidate));
    guint other_count = MIN(other->len, (guint)PROSE_PAIRED_MAX);
    for (guint j = 0; j < other_count; j++) {
        GArray *of = bigrams_of(taken[j] ? "" : piece_at(other, j)->text);
        g_array_sort(of, bigram_compare);
        g_ptr_array_add(bigrams, of);
    }
    for (guint i = 0; i < now->len; i++) {
        const struct prose_piece *piece = piece_at(now, i);
        if (match[i] != UNMATCHED || piece->kind == PROSE_REFERENCE)
            continue;
        GArray *own = bigrams_of(piece->text);
        g_array_sort(own, bigram_compare);
        for (guint j = 0; j < other_count; j++) {
            const struct prose_piece *against = piece_at(other, j);
            if (taken[j] || against->kind != piece->kind)
                continue;
            struct candidate candidate = {0, i, j};
            if (piece->kind == PROSE_PICTURE)
                candidate.likeness = strcmp(piece->text, against->text) == 0 ? 1 : 0;
            else
                candidate.likeness = likeness(own, bigrams->pdata[j]);
            if (candidate.likeness >= least)
                g_array_append_val(candidates, candidate);
        }
        g_array_unref(own);
    }
    g_array_sort(candidates, candidate_compare);
    for (guint i = 0; i < candidates->len; i++) {
        const struct candidate *candidate = &g_array_index(candidates, struct candidate, i);
        if (match[candidate->now] != UNMATCHED || taken[candidate->other])
            continue;
        match[candidate->now] = (gint)candidate->other;
        taken[candidate->other] = true;
    }
    g_array_unref(candidates);
    g_ptr_array_unref(bigrams);
}

static void item_add(GArray *items, const char *file, const struct prose_piece *now,
                     const struct prose_piece *other)
{
    const struct prose_piece *piece = now != NULL ? now : other;
    struct prose_item item = {
        .kind = piece->kind,
        .file = g_strdup(file),
        .line = piece->line,
        .text = now != NULL ? g_strdup(now->text) : NULL,
        .other_text = other != NULL ? g_strdup(other->text) : NULL,
    };
    if (now == NULL)
        item.status = PROSE_DROPPED;
    else if (other == NULL)
        item.status = PROSE_NEW;
    else
        item.status = strcmp(now->key, other->key) == 0 ? PROSE_SAME : PROSE_EDITED;
    g_array_append_val(items, item);
}

static void pieces_compare(GArray *items, const char *file, const GPtrArray *now, const GPtrArray *other)
{
    gint *match = g_new(gint, now->len + 1);
    bool *taken = g_new0(bool, other->len + 1);
    for (guint i = 0; i < now->len; i++)
        match[i] = UNMATCHED;
    match_equal(now, other, match, taken);
    match_alike(now, other, match, taken);
    for (guint i = 0; i < now->len; i++)
        item_add(items, file, piece_at(now, i),
                 match[i] != UNMATCHED ? piece_at(other, (guint)match[i]) : NULL);
    for (guint j = 0; j < other->len; j++)
        if (!taken[j])
            item_add(items, file, NULL, piece_at(other, j));
    g_free(taken);
    g_free(match);
}

static gint name_compare(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Names of the fragments of either folder, sorted, each once. */
static GPtrArray *names_of_both(const char *folder, const char *other)
{
    GHashTable *set = g_hash_table_new(g_str_hash, g_str_equal);
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    const char *const folders[] = {folder, other};
    for (size_t i = 0; i < G_N_ELEMENTS(folders); i++) {
        GDir *dir = g_dir_open(folders[i], 0, NULL);
        const char *entry;
        while (dir != NULL && (entry = g_dir_read_name(dir)) != NULL) {
            if (entry[0] == '.' || !g_str_has_suffix(entry, ".xhtml") || g_hash_table_contains(set, entry))
                continue;
            char *name = g_strdup(entry);
            g_hash_table_add(set, name);
            g_ptr_array_add(names, name);
        }
        g_clear_pointer(&dir, g_dir_close);
    }
    g_hash_table_unref(set);
    g_ptr_array_sort(names, name_compare);
    return names;
}

static GPtrArray *pieces_of(const char *folder, const char *shared, const char *name, struct error *err)
{
    char *path = g_build_filename(folder, name, NULL);
    GPtrArray *pieces = g_file_test(path, G_FILE_TEST_EXISTS) ? prose_pieces_load(folder, shared, name, err)
                                                              : g_ptr_array_new();
    g_free(path);
    return pieces;
}

struct prose_difference *prose_difference_new(const struct publication *publication,
                                              const struct edition *edition, const struct edition *other,
                                              const char *language, struct error *err)
{
    const char *first = publication->languages != NULL ? publication->languages[0] : language;
    char *shared = prose_folder_path(publication, edition, first);
    char *other_shared = prose_folder_path(publication, other, first);
    char *folder = prose_folder_path(publication, edition, language);
    char *other_folder = prose_folder_path(publication, other, language);
    GPtrArray *names = names_of_both(folder, other_folder);
    GArray *items = g_array_new(FALSE, FALSE, sizeof(struct prose_item));
    int status = 0;
    for (guint i = 0; i < names->len && status == 0; i++) {
        GPtrArray *now = pieces_of(folder, shared, names->pdata[i], err);
        GPtrArray *before = now != NULL ? pieces_of(other_folder, other_shared, names->pdata[i], err) : NULL;
        if (before == NULL)
            status = -1;
        else
            pieces_compare(items, names->pdata[i], now, before);
        g_clear_pointer(&before, g_ptr_array_unref);
        g_clear_pointer(&now, g_ptr_array_unref);
    }
    g_ptr_array_unref(names);
    g_free(other_folder);
    g_free(folder);
    g_free(other_shared);
    g_free(shared);
    struct prose_difference *difference = g_new0(struct prose_difference, 1);
    difference->item_count = items->len;
    difference->items = (struct prose_item *)(void *)g_array_free(items, FALSE);
    for (size_t i = 0; i < difference->item_count; i++)
        difference->counts[difference->items[i].kind][difference->items[i].status]++;
    if (status != 0)
        g_clear_pointer(&difference, prose_difference_free);
    return difference;
}

void prose_difference_free(struct prose_difference *difference)
{
    if (difference == NULL)
        return;
    for (size_t i = 0; i < difference->item_count; i++) {
        g_free(difference->items[i].file);
        g_free(difference->items[i].text);
        g_free(difference->items[i].other_text);
    }
    g_free(difference->items);
    g_free(difference);
}

size_t prose_difference_whole(const struct prose_difference *difference, size_t item)
{
    enum { WHOLE_MINIMUM = 4 };
    const struct prose_item *one = &difference->items[item];
    size_t count = 0;
    if (one->kind != PROSE_SENTENCE || (one->status != PROSE_NEW && one->status != PROSE_DROPPED))
        return 0;
    for (size_t i = 0; i < difference->item_count; i++) {
        const struct prose_item *other = &difference->items[i];
        if (other->kind != one->kind || strcmp(other->file, one->file) != 0)
            continue;
        if (other->status != one->status)
            return 0;
        count++;
    }
    return count >= WHOLE_MINIMUM ? count : 0;
}

#include "render/prose_text.h"

#include <string.h>

#include "render/source.h"
#include "render/xhtml.h"

static void piece_free(gpointer data)
{
    struct prose_piece *piece = data;
    g_free(piece->text);
    g_free(piece->key);
    g_free(piece);
}

static bool is_blank(gunichar character)
{
    return character == ' ' || character == '\t' || character == '\n' || character == '\r';
}

/* Takes over both texts. */
static void piece_add(GPtrArray *pieces, enum prose_kind kind, long line, char *text, char *key)
{
    struct prose_piece *piece = g_new0(struct prose_piece, 1);
    *piece = (struct prose_piece){.kind = kind, .line = line, .text = text, .key = key};
    g_ptr_array_add(pieces, piece);
}

/* What stands between two ends of sentences: runs of white space become one blank. */
static void sentence_add(GPtrArray *pieces, long line, const char *from, const char *end)
{
    GString *text = g_string_new(NULL);
    GString *key = g_string_new(NULL);
    bool blank = false;
    for (const char *at = from; at < end; at = g_utf8_next_char(at)) {
        gunichar character = g_utf8_get_char(at);
        if (is_blank(character)) {
            blank = text->len > 0;
            continue;
        }
        if (blank)
            g_string_append_c(text, ' ');
        blank = false;
        g_string_append_unichar(text, character);
        g_string_append_unichar(key, character);
    }
    if (key->len > 0) {
        piece_add(pieces, PROSE_SENTENCE, line, g_string_free(text, FALSE), g_string_free(key, FALSE));
        return;
    }
    g_string_free(text, TRUE);
    g_string_free(key, TRUE);
}

/* How a character changes the depth of quotations and parentheses. */
static int nesting(gunichar character)
{
    switch (character) {
    case 0x300c: /* 「 */
    case 0x300e: /* 『 */
    case 0xff08: /* （ */
        return 1;
    case 0x300d: /* 」 */
    case 0x300f: /* 』 */
    case 0xff09: /* ） */
        return -1;
    default:
        return 0;
    }
}

/* Whether a sentence of a script with blanks between words ends at the character, which `rest` follows: a
 * full stop, question or exclamation mark, perhaps with closing quotes or brackets, in front of white space
 * and something that no sentence goes on with. "e.g. this", "No. 5" and "2.5" go on. */
static bool ends_spaced_sentence(gunichar character, const char *rest)
{
    if (character != '.' && character != '!' && character != '?')
        return false;
    while (*rest != '\0' && g_unichar_isspace(g_utf8_get_char(rest)) == FALSE) {
        gunichar next = g_utf8_get_char(rest);
        if (next != ')' && next != '"' && next != 0x201d && next != 0x2019)
            return false;
        rest = g_utf8_next_char(rest);
    }
    if (*rest == '\0')
        return false; /* the end of the block ends it anyway */
    while (g_unichar_isspace(g_utf8_get_char(rest)))
        rest = g_utf8_next_char(rest);
    gunichar next = g_utf8_get_char(rest);
    return *rest != '\0' && !g_unichar_islower(next) && !g_unichar_isdigit(next);
}

/* Behind closing quotes and brackets that belong to the sentence. */
static const char *closing_skip(const char *at)
{
    while (*at == ')' || *at == '"' || g_utf8_get_char(at) == 0x201d || g_utf8_get_char(at) == 0x2019)
        at = g_utf8_next_char(at);
    return at;
}

/* A full stop inside a quotation ends nothing: 「…です。」と書きます。 is one sentence. */
static void sentences_add(GPtrArray *pieces, long line, GString *block)
{
    const char *from = block->str;
    int depth = 0;
    for (const char *at = from; *at != '\0';) {
        gunichar character = g_utf8_get_char(at);
        at = g_utf8_next_char(at);
        depth = MAX(depth + nesting(character), 0);
        bool ends = character == 0x3002 || character == 0xff01 || character == 0xff1f; /* 。！？ */
        if (!ends && ends_spaced_sentence(character, at)) {
            ends = true;
            at = closing_skip(at);
        }
        if (depth > 0 || !ends)
            continue;
        sentence_add(pieces, line, from, at);
        from = at;
    }
    sentence_add(pieces, line, from, block->str + block->len);
    g_string_truncate(block, 0);
}

static bool is_named(xmlNodePtr node, const char *name)
{
    return strcmp((const char *)node->name, name) == 0;
}

static bool is_inline(xmlNodePtr node)
{
    return xhtml_is_inline((const char *)node->name) || is_named(node, "value") || is_named(node, "ref") ||
           is_named(node, "kept");
}

static char *attribute(xmlNodePtr node, const char *name)
{
    xmlChar *value = xmlGetNoNsProp(node, (const xmlChar *)name);
    char *copy = g_strdup(value != NULL ? (const char *)value : "");
    xmlFree(value);
    return copy;
}

/* The picture lies beside the prose or, of another language, where those of all languages do. */
static void picture_add(GPtrArray *pieces, const char *folder, const char *shared, xmlNodePtr node)
{
    char *file = attribute(node, "src");
    char *alternative = attribute(node, "alt");
    struct error unread = {0}; /* the template pass says it, with the line */
    char *path = source_confined_path(folder, file, &unread);
    if (path == NULL)
        path = source_confined_path(shared, file, &unread);
    char *bytes = NULL;
    gsize size = 0;
    char *digest = NULL;
    if (path != NULL && g_file_get_contents(path, &bytes, &size, NULL))
        digest = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)bytes, size);
    piece_add(pieces, PROSE_PICTURE, source_line(node), file,
              g_strdup_printf("%s\n%s\n%s", file, digest != NULL ? digest : "", alternative));
    g_free(digest);
    g_free(bytes);
    g_free(path);
    g_free(alternative);
}

struct walk {
    GPtrArray *pieces;
    const char *folder, *shared;
};

/* Text of inline content runs on into `block`; a block inside ends what stands before it. */
static void children_walk(struct walk *walk, xmlNodePtr parent, long line, GString *block);

static void element_walk(struct walk *walk, xmlNodePtr node, long line, GString *block)
{
    if (is_named(node, "value") || is_named(node, "ref")) { /* the template's */
        char *what = attribute(node, is_named(node, "ref") ? "to" : "select");
        g_string_append_printf(block, "{%s%s}", is_named(node, "ref") ? "ref " : "", what);
        g_free(what);
        return;
    }
    if (is_named(node, "a")) {
        char *address = attribute(node, "href");
        if (strstr(address, "://") != NULL)
            piece_add(walk->pieces, PROSE_REFERENCE, source_line(node), g_strdup(address), g_strdup(address));
        g_free(address);
    }
    if (is_inline(node)) {
        children_walk(walk, node, line, block);
        return;
    }
    bool is_note = is_named(node, "note"); /* stands inside a sentence that goes on behind it */
    if (!is_note)
        sentences_add(walk->pieces, line, block);
    if (is_named(node, "picture"))
        picture_add(walk->pieces, walk->folder, walk->shared, node);
    GString *own = g_string_new(NULL);
    children_walk(walk, node, source_line(node), own);
    sentences_add(walk->pieces, source_line(node), own);
    g_string_free(own, TRUE);
}

static void children_walk(struct walk *walk, xmlNodePtr parent, long line, GString *block)
{
    for (xmlNodePtr node = parent->children; node != NULL; node = node->next) {
        if (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE)
            g_string_append(block, (const char *)node->content);
        else if (node->type == XML_ELEMENT_NODE)
            element_walk(walk, node, line, block);
    }
}

GPtrArray *prose_pieces_load(const char *folder, const char *shared, const char *name, struct error *err)
{
    char *path = g_build_filename(folder, name, NULL);
    struct source *source = source_load(path, path, err);
    g_free(path);
    if (source == NULL)
        return NULL;
    struct walk walk = {
        .pieces = g_ptr_array_new_with_free_func(piece_free), .folder = folder, .shared = shared};
    xmlNodePtr root = xmlDocGetRootElement(source->document);
    GString *block = g_string_new(NULL);
    children_walk(&walk, root, source_line(root), block);
    sentences_add(walk.pieces, source_line(root), block);
    g_string_free(block, TRUE);
    source_free(source);
    return walk.pieces;
}

#include "render/pdf_content.h"

#include <string.h>

/* As cairo 1.16 writes them, each at the start of a line. */
static const char SPAN[] = "/Span << /ActualText ";
static const char MARK[] = " << /MCID ";
static const char MARK_END[] = " >> BDC";

struct rewriter {
    const char *at, *end;
    const struct pdf_page_marks *marks;
    GPtrArray *owners;
    GArray *first;
    GString *out;
};

struct span {
    const char *text;
    size_t length;
};

/* The next line without its line feed; false at the end. */
static bool next_line(struct rewriter *r, struct span *line)
{
    if (r->at >= r->end)
        return false;
    const char *feed = memchr(r->at, '\n', (size_t)(r->end - r->at));
    const char *stop = feed != NULL ? feed : r->end;
    *line = (struct span){r->at, (size_t)(stop - r->at)};
    r->at = feed != NULL ? feed + 1 : r->end;
    return true;
}

static bool is_line(const struct span *line, const char *text)
{
    return line->length == strlen(text) && strncmp(line->text, text, line->length) == 0;
}

static bool starts(const struct span *line, const char *text)
{
    return line->length >= strlen(text) && strncmp(line->text, text, strlen(text)) == 0;
}

static bool ends(const struct span *line, const char *text)
{
    return line->length >= strlen(text) &&
           strncmp(line->text + line->length - strlen(text), text, strlen(text)) == 0;
}

static void copy(struct rewriter *r, const struct span *line)
{
    g_string_append_len(r->out, line->text, (gssize)line->length);
    g_string_append_c(r->out, '\n');
}

/* The number in "/P << /MCID 12 >> BDC"; -1: the line is none of these. */
static gint64 mark_number(const struct span *line)
{
    const char *mark = line->length > 0 && line->text[0] == '/'
                           ? g_strstr_len(line->text, (gssize)line->length, MARK)
                           : NULL;
    if (mark == NULL || !ends(line, MARK_END))
        return -1;
    gint64 value = 0;
    for (const char *p = mark + strlen(MARK); g_ascii_isdigit(*p) && value < G_MAXINT; p++)
        value = value * 10 + (*p - '0');
    return value;
}

static void open_mark(struct rewriter *r, struct pdf_node *node, const char *name)
{
    g_string_append_printf(r->out, "/%s << /MCID %u >> BDC\n", name, r->owners->len);
    g_ptr_array_add(r->owners, node);
}

/* Everything to the mark's end as it is: a figure, an artifact. */
static bool copy_whole(struct rewriter *r)
{
    struct span line;
    for (int depth = 1; next_line(r, &line);) {
        copy(r, &line);
        if (is_line(&line, "EMC"))
            depth--;
        else if (ends(&line, " BDC"))
            depth++;
        if (depth == 0)
            return true;
    }
    return false;
}

/* "/Span << /ActualText <feff...> >> BDC", which may go on over several lines. */
static bool open_span(struct rewriter *r, struct pdf_node *node, const struct span *line)
{
    const char *rest = line->text + strlen(SPAN);
    const char *stop = g_strstr_len(rest, r->end - rest, MARK_END);
    if (stop == NULL)
        return false;
    g_string_append_printf(r->out, "/Span << /MCID %u /ActualText ", r->owners->len);
    g_ptr_array_add(r->owners, node);
    g_string_append_len(r->out, rest, stop - rest);
    g_string_append_printf(r->out, "%s\n", MARK_END);
    r->at = stop + strlen(MARK_END);
    r->at += r->at < r->end && *r->at == '\n' ? 1 : 0;
    return true;
}

/* Text: a new mark before each stretch of shown glyphs, closed before a span and before the text object's
 * end. */
static bool copy_text(struct rewriter *r, struct pdf_node *node)
{
    bool open = false, in_span = false;
    struct span line;
    while (next_line(r, &line)) {
        bool span = starts(&line, SPAN), text_end = is_line(&line, "ET"), end = is_line(&line, "EMC");
        if (open && !in_span && (span || text_end || end)) {
            g_string_append(r->out, "EMC\n");
            open = false;
        }
        if (span) {
            if (in_span || !open_span(r, node, &line))
                return false;
            in_span = true;
        } else if (end && !in_span) {
            return true;
        } else if (end) {
            copy(r, &line);
            in_span = false;
        } else {
            if (!open && !in_span && line.length > 0 && strchr("<[(", line.text[0]) != NULL) {
                open_mark(r, node, node->name);
                open = true;
            }
            copy(r, &line);
        }
    }
    return false;
}

static bool rewrite(struct rewriter *r)
{
    struct span line;
    while (next_line(r, &line)) {
        gint64 number = mark_number(&line);
        if (number < 0) {
            copy(r, &line);
            continue;
        }
        if (number != r->first->len || number >= r->marks->content->len)
            return false;
        struct pdf_node *node = r->marks->content->pdata[number];
        g_array_append_val(r->first, r->owners->len);
        bool whole = true;
        if (node == NULL) {
            g_string_append(r->out, number >= r->marks->running_from
                                        ? "/Artifact << /Type /Pagination >> BDC\n"
                                        : "/Artifact BMC\n");
            whole = copy_whole(r);
        } else if (strcmp(node->name, "Figure") == 0) {
            open_mark(r, node, node->name);
            whole = copy_whole(r);
        } else {
            whole = copy_text(r, node);
        }
        if (!whole)
            return false;
    }
    g_array_append_val(r->first, r->owners->len);
    return r->first->len == r->marks->content->len + 1;
}

GString *pdf_content_rewrite(const char *data, size_t size, const struct pdf_page_marks *marks,
                             GPtrArray *owners, GArray *first)
{
    struct rewriter r = {.at = data,
                         .end = data + size,
                         .marks = marks,
                         .owners = owners,
                         .first = first,
                         .out = g_string_sized_new(size + size / 4)};
    if (!rewrite(&r)) {
        g_string_free(r.out, TRUE);
        return NULL;
    }
    return r.out;
}

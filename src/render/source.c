#include "render/source.h"

#include <errno.h>
#include <fcntl.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

char *source_read(const char *path, const char *name, size_t limit, size_t *size, struct error *err)
{
    /* Without O_NONBLOCK a pipe that nobody writes to would hang here. */
    int descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    FILE *file = descriptor >= 0 ? fdopen(descriptor, "rb") : NULL;
    struct stat status;
    if (file == NULL || fstat(fileno(file), &status) != 0) {
        error_set(err, ERROR_INPUT, "%s: cannot read: %s", name, g_strerror(errno));
        if (file != NULL)
            (void)fclose(file);
        else if (descriptor >= 0)
            (void)close(descriptor);
        return NULL;
    }
    /* A pipe or a device would hang or never end. */
    if (!S_ISREG(status.st_mode) || status.st_size < 0 || (uint64_t)status.st_size > limit) {
        if (S_ISREG(status.st_mode))
            error_set(err, ERROR_INPUT, "%s: too large, expected at most %zu bytes", name, limit);
        else
            error_set(err, ERROR_INPUT, "%s: cannot read: not a regular file", name);
        (void)fclose(file);
        return NULL;
    }
    size_t expected = (size_t)status.st_size;
    char *text = g_malloc(expected + 1);
    *size = fread(text, 1, expected, file);
    text[*size] = '\0';
    bool failed = ferror(file) != 0;
    (void)fclose(file);
    if (failed || *size != expected) {
        error_set(err, ERROR_INPUT, "%s: cannot read: it ended after %zu of %zu bytes", name, *size,
                  expected);
        g_free(text);
        return NULL;
    }
    return text;
}

/* What stopped the reader; the first problem is the one worth telling. */
struct reading {
    bool has_doctype;
    int line;
    char *problem;
};

static void on_doctype(void *context, const xmlChar *name, const xmlChar *external, const xmlChar *system)
{
    (void)name, (void)external, (void)system;
    xmlParserCtxtPtr parser = context;
    struct reading *reading = parser->_private;
    reading->has_doctype = true;
    reading->line = parser->input != NULL ? parser->input->line : 0;
    xmlStopParser(parser);
}

static void on_problem(void *context, xmlErrorPtr problem)
{
    xmlParserCtxtPtr parser = context;
    struct reading *reading = parser->_private;
    if (problem->level < XML_ERR_ERROR || reading->problem != NULL || reading->has_doctype)
        return;
    reading->line = problem->line;
    reading->problem = g_strchomp(g_strdup(problem->message != NULL ? problem->message : "not well-formed"));
}

struct source *source_load(const char *path, const char *name, struct error *err)
{
    struct source *source = g_new0(struct source, 1);
    struct reading reading = {0};
    xmlParserCtxtPtr parser = NULL;

    source->name = g_strdup(name);
    source->text = source_read(path, name, SOURCE_BYTES_MAX, &source->size, err);
    if (source->text == NULL)
        goto fail;
    const char *invalid;
    if (!g_utf8_validate_len(source->text, source->size, &invalid)) {
        size_t line = 1;
        for (const char *p = source->text; p < invalid; p++)
            line += *p == '\n';
        error_set(err, ERROR_INPUT, "%s: line %zu: a byte that is not UTF-8 text, expected UTF-8", name,
                  line);
        goto fail;
    }
    parser = xmlNewParserCtxt();
    g_assert(parser != NULL);
    parser->_private = &reading;
    parser->sax->internalSubset = on_doctype;
    parser->sax->serror = on_problem;
    source->document =
        xmlCtxtReadMemory(parser, source->text, (int)source->size, NULL, "UTF-8",
                          XML_PARSE_NONET | XML_PARSE_BIG_LINES | XML_PARSE_NOCDATA | XML_PARSE_COMPACT);
    if (reading.has_doctype) {
        error_set(err, ERROR_INPUT,
                  "%s: line %d: a document type declaration, expected none (it is not read)", name,
                  reading.line);
        goto fail;
    }
    if (reading.problem != NULL || source->document == NULL) {
        error_set(err, ERROR_INPUT, "%s: line %d: %s, expected well-formed XML", name, reading.line,
                  reading.problem != NULL ? reading.problem : "not well-formed");
        goto fail;
    }
    source->document->_private = source;
    xmlFreeParserCtxt(parser);
    return source;
fail:
    if (parser != NULL)
        xmlFreeParserCtxt(parser);
    g_free(reading.problem);
    source_free(source);
    return NULL;
}

void source_free(struct source *source)
{
    if (source == NULL)
        return;
    if (source->document != NULL)
        xmlFreeDoc(source->document);
    g_free(source->text);
    g_free(source->name);
    g_free(source);
}

long source_line(xmlNodePtr node)
{
    /* Attributes carry no line of their own. */
    if (node->type == XML_ATTRIBUTE_NODE)
        node = node->parent;
    long line = xmlGetLineNo(node);
    return line > 0 ? line : 1;
}

const struct source *source_of(xmlNodePtr node)
{
    return node->doc->_private;
}

int source_error(struct error *err, xmlNodePtr node, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *message = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    error_set(err, ERROR_INPUT, "%s: line %ld: %s", source_of(node)->name, source_line(node), message);
    g_free(message);
    return -1;
}

char *source_confined_path(const char *folder, const char *relative, struct error *err)
{
    char *joined =
        g_path_is_absolute(relative) ? g_strdup(relative) : g_build_filename(folder, relative, NULL);
    char *root = realpath(folder, NULL);
    char *path = NULL;
    /* The name is judged before the disk is asked: whether a file outside exists is nobody's business. */
    char *plain_root = g_canonicalize_filename(folder, NULL);
    char *plain = g_canonicalize_filename(joined, NULL);
    size_t plain_length = strlen(plain_root);
    bool inside = !g_path_is_absolute(relative) && strncmp(plain, plain_root, plain_length) == 0 &&
                  plain[plain_length] == '/';
    if (inside) {
        char *real = realpath(joined, NULL);
        if (real == NULL)
            error_set(err, ERROR_INPUT, "%s: cannot read: %s", joined, g_strerror(errno));
        else if (root == NULL || strncmp(real, root, strlen(root)) != 0 || real[strlen(root)] != '/')
            inside = false;
        else
            path = g_strdup(real);
        free(real);
    }
    if (!inside)
        error_set(err, ERROR_INPUT, "\"%s\" lies outside, expected a file inside %s", relative, folder);
    g_free(plain);
    g_free(plain_root);
    free(root);
    g_free(joined);
    return path;
}

#include "publication/publication_schema.h"

#include <errno.h>
#include <libxml/parser.h>
#include <libxml/relaxng.h>
#include <stdbool.h>
#include <string.h>

#include "base/data_folder.h"
#include "publication/schema_explanation.h"

/* libxml2 ends its messages with a line feed. */
static char *message_text(const xmlError *error)
{
    return g_strstrip(g_strdup(error != NULL && error->message != NULL ? error->message : "unknown reason"));
}

/* ---- parsing ---- */

struct parse_state {
    int doctype_line; /* 0: none seen */
};

/* Called at <!DOCTYPE, before anything in it is read: no entity is ever declared. */
static void doctype_refuse(void *context, const xmlChar *name, const xmlChar *external, const xmlChar *system)
{
    (void)name;
    (void)external;
    (void)system;
    xmlParserCtxt *parser = context;
    struct parse_state *state = parser->_private;
    state->doctype_line = parser->input != NULL ? parser->input->line : 1;
    xmlStopParser(parser);
}

static char *file_read(const char *file, gsize *size, struct error *err)
{
    char *data = NULL;
    /* A pipe that nobody writes to would hang, a device never end. */
    if (g_file_test(file, G_FILE_TEST_EXISTS) && !g_file_test(file, G_FILE_TEST_IS_REGULAR)) {
        error_set(err, ERROR_INPUT, "%s: not a regular file, expected one", file);
        return NULL;
    }
    if (!g_file_get_contents(file, &data, size, NULL)) {
        error_set(err, ERROR_INPUT, "%s: cannot read: %s", file, g_strerror(errno));
        return NULL;
    }
    if (*size > G_MAXINT) {
        error_set(err, ERROR_INPUT, "%s: %zu bytes, expected at most %d", file, *size, G_MAXINT);
        g_clear_pointer(&data, g_free);
    }
    return data;
}

xmlDoc *publication_schema_parse(const char *file, struct error *err)
{
    gsize size = 0;
    char *data = file_read(file, &size, err);
    if (data == NULL)
        return NULL;
    struct parse_state state = {0};
    xmlParserCtxt *parser = xmlNewParserCtxt();
    g_assert(parser != NULL); /* out of memory only */
    parser->_private = &state;
    parser->sax->internalSubset = doctype_refuse;
    /* No NOENT, DTDLOAD, DTDATTR or XINCLUDE: the document is read as it stands. */
    xmlDoc *document = xmlCtxtReadMemory(parser, data, (int)size, file, NULL,
                                         XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
                                             XML_PARSE_BIG_LINES | XML_PARSE_NOCDATA);
    if (state.doctype_line != 0) {
        g_clear_pointer(&document, xmlFreeDoc);
        error_set(err, ERROR_INPUT, "%s: line %d: a document type declaration, expected none", file,
                  state.doctype_line);
    } else if (document == NULL) {
        const xmlError *failure = xmlCtxtGetLastError(parser);
        char *reason = message_text(failure);
        error_set(err, ERROR_INPUT, "%s: line %d: %s, expected well-formed XML", file,
                  failure != NULL && failure->line > 0 ? failure->line : 1, reason);
        g_free(reason);
    }
    xmlFreeParserCtxt(parser);
    g_free(data);
    return document;
}

/* ---- validation ---- */

struct first_message {
    char *text; /* NULL: none yet */
    long line;
};

static void message_keep(void *context, xmlError *error)
{
    struct first_message *first = context;
    if (first->text != NULL)
        return;
    first->text = message_text(error);
    first->line = error->node != NULL ? xmlGetLineNo(error->node) : error->line;
}

static xmlDoc *grammar_load(struct error *err)
{
    char *path = data_folder_path("publication.rng", err);
    if (path == NULL)
        return NULL;
    xmlDoc *grammar = publication_schema_parse(path, err);
    g_free(path);
    return grammar;
}

/* 1 valid, 0 invalid, -1 the grammar itself is broken (and the error says so). */
static int document_is_valid(xmlDoc *grammar, xmlDoc *document, struct first_message *first,
                             struct error *err)
{
    int result = -1;
    xmlRelaxNGValidCtxt *validator = NULL;
    xmlRelaxNG *schema = NULL;
    xmlRelaxNGParserCtxt *parser = xmlRelaxNGNewDocParserCtxt(grammar);
    if (parser != NULL) {
        xmlRelaxNGSetParserStructuredErrors(parser, (xmlStructuredErrorFunc)message_keep, first);
        schema = xmlRelaxNGParse(parser);
    }
    if (schema != NULL)
        validator = xmlRelaxNGNewValidCtxt(schema);
    if (validator == NULL) {
        error_set(err, ERROR_INPUT,
                  "publication.rng: line %ld: %s, expected the RELAX NG grammar that ships with teiten",
                  first->line, first->text != NULL ? first->text : "not usable");
        goto done;
    }
    xmlRelaxNGSetValidStructuredErrors(validator, (xmlStructuredErrorFunc)message_keep, first);
    result = xmlRelaxNGValidateDoc(validator, document) == 0;
done:
    xmlRelaxNGFreeValidCtxt(validator);
    xmlRelaxNGFree(schema);
    xmlRelaxNGFreeParserCtxt(parser);
    return result;
}

int publication_schema_check(xmlDoc *document, const char *file, struct error *err)
{
    xmlDoc *grammar = grammar_load(err);
    if (grammar == NULL)
        return -1;
    struct first_message first = {NULL, 0};
    int valid = document_is_valid(grammar, document, &first, err);
    if (valid == 0 && !schema_explanation_find(grammar, document, file, err))
        error_set(err, ERROR_INPUT, "%s: line %ld: %s, expected what publication.rng says", file, first.line,
                  first.text != NULL ? first.text : "not valid");
    g_free(first.text);
    xmlFreeDoc(grammar);
    return valid == 1 ? 0 : -1;
}

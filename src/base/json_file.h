/* json_file.h - JSON files, read with suspicion: the parser recurses, and a file of many brackets must not
 * use up the stack.
 *
 *     JsonParser *parser = json_parser_new();
 *     char *reason = NULL;
 *     if (!json_file_parse(parser, path, &reason))
 *         error_set(err, ERROR_INPUT, "%s: cannot be read as JSON: %s", path, reason);
 *     g_free(reason);
 */
#ifndef TEITEN_BASE_JSON_FILE_H
#define TEITEN_BASE_JSON_FILE_H

#include <json-glib/json-glib.h>
#include <stdbool.h>

enum { JSON_LEVELS_MAX = 64 };

/* Reads a whole file, in UTF-8, with or without a byte order mark, its brackets at most JSON_LEVELS_MAX deep.
 * False: `reason` (or NULL) is set to why, without the file's name; the caller frees it.
 */
bool json_file_parse(JsonParser *parser, const char *path, char **reason);

#endif

#include "base/json_file.h"

#include <errno.h>
#include <string.h>

/* Whether brackets outside of strings are never deeper than JSON_LEVELS_MAX. */
static bool levels_are_sane(const char *text, gsize size)
{
    int level = 0;
    bool quoted = false;
    for (gsize i = 0; i < size; i++) {
        if (quoted) {
            if (text[i] == '\\')
                i++;
            else if (text[i] == '"')
                quoted = false;
        } else if (text[i] == '"') {
            quoted = true;
        } else if (text[i] == '[' || text[i] == '{') {
            if (++level > JSON_LEVELS_MAX)
                return false;
        } else if (text[i] == ']' || text[i] == '}') {
            level--;
        }
    }
    return true;
}

static void reason_set(char **reason, char *text)
{
    if (reason != NULL)
        *reason = text;
    else
        g_free(text);
}

bool json_file_parse(JsonParser *parser, const char *path, char **reason)
{
    char *text = NULL;
    gsize size = 0;
    GError *problem = NULL;
    if (!g_file_test(path, G_FILE_TEST_IS_REGULAR) && g_file_test(path, G_FILE_TEST_EXISTS)) {
        reason_set(reason, g_strdup("not a regular file"));
        return false;
    }
    if (!g_file_get_contents(path, &text, &size, NULL)) {
        reason_set(reason, g_strdup(g_strerror(errno)));
        return false;
    }
    bool result = false;
    const char *start = g_str_has_prefix(text, "\xEF\xBB\xBF") ? text + 3 : text;
    if (!g_utf8_validate(text, (gssize)size, NULL)) {
        reason_set(reason, g_strdup("not UTF-8"));
    } else if (!levels_are_sane(text, size)) {
        reason_set(reason, g_strdup_printf("more than %d levels", JSON_LEVELS_MAX));
    } else if (!json_parser_load_from_data(parser, start, (gssize)(text + size - start), &problem)) {
        static const char where[] = "<data>:"; /* LINE:COLUMN: and the reason follow */
        const char *message = problem->message;
        reason_set(reason, g_strdup(g_str_has_prefix(message, where) ? message + strlen(where) : message));
        g_error_free(problem);
    } else {
        result = true;
    }
    g_free(text);
    return result;
}

#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void message_store(struct error *err, const char *text)
{
    g_strlcpy(err->message, text, sizeof err->message);
    /* A cut in the middle of a UTF-8 sequence would make the terminal show rubbish. */
    const char *end;
    if (!g_utf8_validate(err->message, -1, &end) && strlen(end) < 4)
        err->message[end - err->message] = '\0';
}

int error_set(struct error *err, enum error_kind kind, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    err->kind = kind;
    message_store(err, text);
    g_free(text);
    return -1;
}

int error_prefix(struct error *err, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *context = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    char *text = g_strdup_printf("%s: %s", context, err->message);
    message_store(err, text);
    g_free(text);
    g_free(context);
    return -1;
}

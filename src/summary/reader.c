#include "summary/reader.h"

#include <string.h>

#include "base/number.h"
#include "summary/octets.h"

int reader_refuse(struct reader *reader, const char *what)
{
    return error_set(reader->err, ERROR_INPUT, "not a sound summary: %s", what);
}

int reader_refuse_line(struct reader *reader, const char *expected)
{
    return error_set(reader->err, ERROR_INPUT, "not a sound summary: line %zu: expected %s", reader->line,
                     expected);
}

/* Room for the fields of a line of so many bytes: unescaped they are no longer. */
static void text_begin(struct reader *reader, size_t size)
{
    enum { LEAST_ROOM = 512 };
    reader->field_count = 0;
    reader->text_size = 0;
    if (size < reader->text_room)
        return;
    g_free(reader->text);
    reader->text_room = MAX(size + 1, LEAST_ROOM);
    reader->text = g_malloc(reader->text_room);
}

/* One field up to a tab or line feed; false on an escape that the writer does not make or bytes that are no
 * text. */
static bool field_read(struct reader *reader, const uint8_t *end)
{
    const uint8_t *stop = memchr(reader->at, '\t', (size_t)(end - reader->at));
    if (stop == NULL)
        stop = end;
    char *text = reader->text + reader->text_size;
    size_t length = 0;
    bool is_sound = reader->field_count < READER_FIELDS_MAX;
    for (const uint8_t *byte = reader->at; byte < stop && is_sound; byte++) {
        if (*byte != '\\') {
            text[length++] = (char)*byte;
            is_sound = *byte != '\0' && *byte != '\r';
            continue;
        }
        byte++;
        int code = byte < stop ? *byte : 0;
        int meant = code == '\\' ? '\\' : code == 't' ? '\t' : code == 'n' ? '\n' : code == 'r' ? '\r' : 0;
        is_sound = meant != 0;
        text[length++] = (char)meant;
    }
    if (!is_sound || !g_utf8_validate(text, (gssize)length, NULL))
        return false;
    text[length] = '\0';
    reader->text_size += length + 1;
    reader->fields[reader->field_count++] = text;
    reader->at = stop;
    return true;
}

int reader_line(struct reader *reader, const char *name, size_t field_count)
{
    reader->line++;
    const uint8_t *end = memchr(reader->at, '\n', (size_t)(reader->end - reader->at));
    if (end == NULL)
        return reader_refuse_line(reader, name);
    text_begin(reader, (size_t)(end - reader->at));
    for (;;) {
        if (!field_read(reader, end))
            return reader_refuse_line(reader, "tab-separated text");
        if (reader->at == end)
            break;
        reader->at++;
    }
    reader->at = end + 1;
    if (strcmp(reader->fields[0], name) != 0 || reader->field_count != field_count + 1)
        return reader_refuse_line(reader, name);
    return 0;
}

int reader_field_number(struct reader *reader, size_t field, uint64_t maximum, uint64_t *value)
{
    const char *text = reader->fields[field];
    if ((text[0] == '0' && text[1] != '\0') || !number_parse(text, 0, maximum, value))
        return reader_refuse_line(reader, "a number");
    return 0;
}

int reader_field_second(struct reader *reader, size_t field, int64_t *value)
{
    const char *text = reader->fields[field];
    bool is_negative = text[0] == '-';
    uint64_t size;
    const char *digits = text + (is_negative ? 1 : 0);
    if ((digits[0] == '0' && (digits[1] != '\0' || is_negative)) ||
        !number_parse(digits, 0, INT64_MAX, &size))
        return reader_refuse_line(reader, "a time in seconds");
    *value = is_negative ? -(int64_t)size : (int64_t)size;
    return 0;
}

char *reader_field_copy(const struct reader *reader, size_t field)
{
    return g_strdup(reader->fields[field]);
}

int reader_field_hex(struct reader *reader, size_t field, size_t length, char *digits)
{
    const char *text = reader->fields[field];
    if (strlen(text) != length || strspn(text, "0123456789abcdef") != length) {
        char *expected = g_strdup_printf("a digest of %zu hex digits", length);
        reader_refuse_line(reader, expected);
        g_free(expected);
        return -1;
    }
    memcpy(digits, text, length + 1);
    return 0;
}

int reader_number(struct reader *reader, uint64_t maximum, uint64_t *value)
{
    struct octets_cursor cursor = {reader->at, reader->end};
    bool is_sound = octets_take_number(&cursor, maximum, value);
    reader->at = cursor.at;
    return is_sound ? 0 : reader_refuse(reader, "a number out of range");
}

int reader_bits(struct reader *reader, bool *bits, size_t count)
{
    struct octets_cursor cursor = {reader->at, reader->end};
    bool is_sound = octets_take_bits(&cursor, bits, count);
    reader->at = cursor.at;
    return is_sound ? 0 : reader_refuse(reader, "bits beyond the last, or cut short");
}

#include "capture/content_kind.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>

struct kind {
    const char *magic;
    size_t magic_size;
    size_t offset;
    const char *name;
};

static const struct kind kinds[] = {
    {"PK\3\4", 4, 0, "a ZIP archive"},
    {"7z\xbc\xaf\x27\x1c", 6, 0, "a 7-Zip archive"},
    {"Rar!", 4, 0, "a RAR archive"},
    {"ustar", 5, 257, "a tar archive"},
    {"%PDF", 4, 0, "a PDF document"},
    {"\x1f\x9d", 2, 0, "data of compress(1)"},
    {"\x02\x21\x4c\x18", 4, 0, "legacy LZ4 data, which has no checksums: store it as an LZ4 frame"},
    {"snoop\0\0\0", 8, 0, "a snoop capture"},
    {"\x7f"
     "ELF",
     4, 0, "a program"},
    {"\x89PNG", 4, 0, "a PNG picture"},
    {"\xff\xd8\xff", 3, 0, "a JPEG picture"},
    {"\x0c\xa5", 2, 0, "an nfdump file"},
    {"\xa5\x0c", 2, 0, "an nfdump file"},
};

static bool is_html(const char *text)
{
    while (g_ascii_isspace(*text))
        text++;
    return g_ascii_strncasecmp(text, "<!doctype html", 14) == 0 || g_ascii_strncasecmp(text, "<html", 5) == 0;
}

const char *content_kind(const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        const struct kind *kind = &kinds[i];
        if (size >= kind->offset + kind->magic_size &&
            memcmp(bytes + kind->offset, kind->magic, kind->magic_size) == 0)
            return kind->name;
    }
    bool all_zero = true;
    bool all_text = true;
    for (size_t i = 0; i < size; i++) {
        all_zero = all_zero && bytes[i] == 0;
        all_text = all_text && (bytes[i] >= 0x20 || g_ascii_isspace((char)bytes[i]));
    }
    if (size > 0 && all_zero)
        return "nothing but zero bytes";
    if (!all_text)
        return NULL;
    char *text = g_strndup((const char *)bytes, size);
    const char *name = is_html(text)                          ? "an HTML page"
                       : text[strspn(text, " \t\r\n")] == '<' ? "an XML document"
                                                              : "text";
    g_free(text);
    return name;
}

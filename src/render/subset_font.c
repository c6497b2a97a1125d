#include "render/subset_font.h"

#include <ft2build.h>
#include FT_FREETYPE_H
#include <hb-subset.h>
#include <hb.h>

unsigned subset_font_glyph_count(const unsigned char *data, size_t size)
{
    FT_Library library = NULL;
    FT_Face face = NULL;
    unsigned count = 0;
    if (FT_Init_FreeType(&library) == 0 && FT_New_Memory_Face(library, data, (FT_Long)size, 0, &face) == 0) {
        count = (unsigned)face->num_glyphs;
        FT_Done_Face(face);
    }
    if (library != NULL)
        FT_Done_FreeType(library);
    return count;
}

char *subset_font_glyph_names(const unsigned char *data, size_t size)
{
    FT_Library library = NULL;
    FT_Face face = NULL;
    GString *names = NULL;
    if (FT_Init_FreeType(&library) == 0 && FT_New_Memory_Face(library, data, (FT_Long)size, 0, &face) == 0) {
        names = FT_HAS_GLYPH_NAMES(face) ? g_string_new(NULL) : NULL;
        for (FT_UInt i = 1; names != NULL && i < (FT_UInt)face->num_glyphs; i++) {
            char name[128];
            if (FT_Get_Glyph_Name(face, i, name, sizeof name) == 0)
                g_string_append_printf(names, "/%s", name);
        }
        FT_Done_Face(face);
    }
    if (library != NULL)
        FT_Done_FreeType(library);
    return names != NULL ? g_string_free(names, FALSE) : NULL;
}

static void add_table(hb_face_t *builder, const char tag[5], const unsigned char *data, size_t size)
{
    hb_blob_t *blob =
        hb_blob_create((const char *)data, (unsigned)size, HB_MEMORY_MODE_DUPLICATE, NULL, NULL);
    hb_face_builder_add_table(builder, HB_TAG(tag[0], tag[1], tag[2], tag[3]), blob);
    hb_blob_destroy(blob);
}

/* The least OpenType font around the CFF table: head (units per em, magic number) and maxp (glyph count).
 * OpenType 1.9, "head", "maxp". */
static hb_face_t *wrap(const unsigned char *data, size_t size, unsigned count)
{
    unsigned char head[54] = {0, 1, 0, 0};
    head[12] = 0x5F, head[13] = 0x0F, head[14] = 0x3C, head[15] = 0xF5;
    head[18] = 1000 >> 8, head[19] = 1000 & 0xFF;
    unsigned char maxp[6] = {0, 0, 0x50, 0, (unsigned char)(count >> 8), (unsigned char)(count & 0xFF)};
    hb_face_t *builder = hb_face_builder_create();
    add_table(builder, "head", head, sizeof head);
    add_table(builder, "maxp", maxp, sizeof maxp);
    add_table(builder, "CFF ", data, size);
    hb_blob_t *whole = hb_face_reference_blob(builder);
    hb_face_t *face = hb_face_create(whole, 0);
    hb_blob_destroy(whole);
    hb_face_destroy(builder);
    return face;
}

GBytes *subset_font_cff(const unsigned char *data, size_t size)
{
    unsigned count = subset_font_glyph_count(data, size);
    if (count == 0 || count > 0xFFFF)
        return NULL;
    GBytes *small = NULL;
    hb_face_t *face = wrap(data, size, count);
    hb_subset_input_t *input = hb_subset_input_create_or_fail();
    hb_set_add_range(hb_subset_input_glyph_set(input), 0, count - 1);
    hb_subset_input_set_flags(input, HB_SUBSET_FLAGS_RETAIN_GIDS | HB_SUBSET_FLAGS_DESUBROUTINIZE |
                                         HB_SUBSET_FLAGS_NOTDEF_OUTLINE | HB_SUBSET_FLAGS_GLYPH_NAMES);
    hb_face_t *subset = hb_subset_or_fail(face, input);
    if (subset != NULL) {
        hb_blob_t *table = hb_face_reference_table(subset, HB_TAG('C', 'F', 'F', ' '));
        unsigned length;
        const char *bytes = hb_blob_get_data(table, &length);
        if (length > 0)
            small = g_bytes_new(bytes, length);
        hb_blob_destroy(table);
        hb_face_destroy(subset);
    }
    hb_subset_input_destroy(input);
    hb_face_destroy(face);
    return small;
}

#include "render/pdf_finish.h"

#include <qpdf/qpdf-c.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "render/pdf_tagging.h"
#include "render/pdf_text.h"
#include "render/subset_font.h"

static int check(qpdf_data q, struct error *err)
{
    if (!qpdf_has_error(q))
        return 0;
    return error_set(err, ERROR_OUTPUT, "PDF: libqpdf: %s", qpdf_get_error_full_text(q, qpdf_get_error(q)));
}

/* The font programs are streams with /Subtype /CIDFontType0C or /Type1C (ISO 32000-1, 9.9). */
static bool is_cff_program(qpdf_data q, qpdf_oh object)
{
    if (!qpdf_oh_is_stream(q, object))
        return false;
    qpdf_oh dictionary = qpdf_oh_get_dict(q, object);
    if (!qpdf_oh_has_key(q, dictionary, "/Subtype"))
        return false;
    qpdf_oh subtype = qpdf_oh_get_key(q, dictionary, "/Subtype");
    if (!qpdf_oh_is_name(q, subtype))
        return false;
    const char *name = qpdf_oh_get_name(q, subtype);
    return strcmp(name, "/CIDFontType0C") == 0 || strcmp(name, "/Type1C") == 0;
}

typedef GBytes *rewrite_function(const unsigned char *data, size_t size);

/* Puts what the function makes of a stream's contents in their place; NULL keeps them. */
static void rewrite_stream(qpdf_data q, qpdf_oh stream, rewrite_function *rewrite)
{
    unsigned char *data = NULL;
    size_t size = 0;
    QPDF_BOOL filtered = QPDF_FALSE;
    if (qpdf_oh_get_stream_data(q, stream, qpdf_dl_all, &filtered, &data, &size) == 0 && filtered) {
        GBytes *rewritten = rewrite(data, size);
        if (rewritten != NULL) {
            gsize length;
            const unsigned char *bytes = g_bytes_get_data(rewritten, &length);
            qpdf_oh_replace_stream_data(q, stream, bytes, length, qpdf_oh_new_null(q), qpdf_oh_new_null(q));
            g_bytes_unref(rewritten);
        }
    }
    free(data);
}

/* ISO 19005-1, 6.3.5: which glyphs of a font are there. In cairo's subsets, all up to the last. */
static void add_glyph_set(qpdf_data q, qpdf_oh descriptor, const char *program_key)
{
    unsigned char *data = NULL;
    size_t size = 0;
    QPDF_BOOL filtered = QPDF_FALSE;
    qpdf_oh program = qpdf_oh_get_key(q, descriptor, program_key);
    unsigned count = 0;
    if (qpdf_oh_get_stream_data(q, program, qpdf_dl_all, &filtered, &data, &size) == 0 && filtered)
        count = subset_font_glyph_count(data, size);
    free(data);
    GByteArray *bits = g_byte_array_new();
    g_byte_array_set_size(bits, (count + 7) / 8);
    memset(bits->data, 0, bits->len);
    for (unsigned i = 0; i < count; i++)
        bits->data[i / 8] |= (guint8)(0x80 >> i % 8);
    qpdf_oh stream = qpdf_oh_new_stream(q);
    qpdf_oh_replace_stream_data(q, stream, bits->data, bits->len, qpdf_oh_new_null(q), qpdf_oh_new_null(q));
    qpdf_oh_replace_key(q, descriptor, "/CIDSet", stream);
    g_byte_array_unref(bits);
}

/* The same of a simple font, by their names. */
static void add_character_set(qpdf_data q, qpdf_oh descriptor)
{
    unsigned char *data = NULL;
    size_t size = 0;
    QPDF_BOOL filtered = QPDF_FALSE;
    if (!qpdf_oh_is_dictionary(q, descriptor) || !qpdf_oh_has_key(q, descriptor, "/FontFile3"))
        return;
    qpdf_oh program = qpdf_oh_get_key(q, descriptor, "/FontFile3");
    if (qpdf_oh_get_stream_data(q, program, qpdf_dl_all, &filtered, &data, &size) == 0 && filtered) {
        char *names = subset_font_glyph_names(data, size);
        if (names != NULL)
            qpdf_oh_replace_key(q, descriptor, "/CharSet", qpdf_oh_new_string(q, names));
        g_free(names);
    }
    free(data);
}

static bool is_font(qpdf_data q, qpdf_oh object, const char *subtype)
{
    return qpdf_oh_is_dictionary_of_type(q, object, "/Font", subtype);
}

/* Where a composite font's program is; NULL when the object is no such font. */
static const char *font_program_key(qpdf_data q, qpdf_oh object)
{
    if (is_font(q, object, "/CIDFontType0"))
        return "/FontFile3";
    return is_font(q, object, "/CIDFontType2") ? "/FontFile2" : NULL;
}

/* What PDF/A-1b asks of fonts and pictures. */
static void mend_for_archives(qpdf_data q, int object_count)
{
    for (int i = 1; i < object_count; i++) {
        qpdf_oh object = qpdf_get_object_by_id(q, i, 0);
        const char *program = font_program_key(q, object);
        if (program != NULL)
            add_glyph_set(q, qpdf_oh_get_key(q, object, "/FontDescriptor"), program);
        else if (is_font(q, object, "/Type1"))
            add_character_set(q, qpdf_oh_get_key(q, object, "/FontDescriptor"));
        else if (qpdf_oh_is_stream(q, object))
            qpdf_oh_remove_key(q, qpdf_oh_get_dict(q, object), "/Interpolate"); /* 6.2.4 */
        qpdf_oh_release(q, object);
    }
}

static void mend_fonts(qpdf_data q, bool for_archives)
{
    qpdf_oh size = qpdf_oh_get_key(q, qpdf_get_trailer(q), "/Size");
    int count = qpdf_oh_get_int_value_as_int(q, size);
    for (int i = 1; i < count; i++) {
        qpdf_oh object = qpdf_get_object_by_id(q, i, 0);
        if (is_cff_program(q, object)) {
            rewrite_stream(q, object, subset_font_cff);
        } else if (qpdf_oh_is_dictionary(q, object) && qpdf_oh_has_key(q, object, "/ToUnicode")) {
            rewrite_stream(q, qpdf_oh_get_key(q, object, "/ToUnicode"), pdf_text_mend);
        } else if (is_font(q, object, "/CIDFontType2")) {
            /* The default, which PDF/UA-1 (7.21.3.2) and PDF/A want written. */
            qpdf_oh_replace_key(q, object, "/CIDToGIDMap", qpdf_oh_new_name(q, "/Identity"));
        }
        qpdf_oh_release(q, object);
    }
    if (for_archives)
        mend_for_archives(q, count);
}

GBytes *pdf_finish(const unsigned char *data, size_t size, const struct pdf_finish *finish, struct error *err)
{
    GBytes *finished = NULL;
    qpdf_data q = qpdf_init();
    qpdf_silence_errors(q);
    qpdf_set_suppress_warnings(q, QPDF_TRUE);
    qpdf_read_memory(q, "report.pdf", (const char *)data, size, NULL);
    if (check(q, err) != 0)
        goto done;
    mend_fonts(q, finish->metadata.is_a_1b);
    pdf_metadata_write(q, &finish->metadata);
    if (pdf_tagging_write(q, finish->structure, err) != 0)
        goto done;
    if (check(q, err) != 0)
        goto done;
    qpdf_init_write_memory(q);
    qpdf_set_compress_streams(q, QPDF_TRUE);
    qpdf_set_object_stream_mode(q, finish->metadata.is_a_1b ? qpdf_o_disable : qpdf_o_generate);
    if (finish->metadata.is_a_1b) {
        qpdf_force_pdf_version(q, "1.4");
        qpdf_set_newline_before_endstream(q, QPDF_TRUE); /* ISO 19005-1, 6.1.7 */
    }
    qpdf_set_deterministic_ID(q, QPDF_TRUE);
    qpdf_write(q);
    if (check(q, err) != 0)
        goto done;
    finished = g_bytes_new(qpdf_get_buffer(q), qpdf_get_buffer_length(q));
done:
    qpdf_cleanup(&q);
    return finished;
}

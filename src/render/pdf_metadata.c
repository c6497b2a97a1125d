#include "render/pdf_metadata.h"

#include <glib.h>
#include <string.h>

#include "render/pdf_profile.h"

static qpdf_oh stream_new(qpdf_data q, const void *data, size_t size)
{
    qpdf_oh stream = qpdf_oh_new_stream(q);
    qpdf_oh_replace_stream_data(q, stream, data, size, qpdf_oh_new_null(q), qpdf_oh_new_null(q));
    return stream;
}

static void set_name(qpdf_data q, qpdf_oh dictionary, const char *key, const char *name)
{
    qpdf_oh_replace_key(q, dictionary, key, qpdf_oh_new_name(q, name));
}

/* ---- XMP (ISO 16684-1) ---- */

static void append_element(GString *out, const char *name, const char *text)
{
    char *escaped = g_markup_escape_text(text, -1);
    g_string_append_printf(out, "   <%s>%s</%s>\n", name, escaped, name);
    g_free(escaped);
}

/* kind: "Alt", "Seq", "Bag". */
static void append_list(GString *out, const char *name, const char *kind, const char *language,
                        const char *text)
{
    char *escaped = g_markup_escape_text(text, -1);
    char *attribute = language != NULL ? g_strdup_printf(" xml:lang=\"%s\"", language) : g_strdup("");
    g_string_append_printf(out, "   <%s><rdf:%s><rdf:li%s>%s</rdf:li></rdf:%s></%s>\n", name, kind, attribute,
                           escaped, kind, name);
    g_free(attribute);
    g_free(escaped);
}

static GString *xmp(const struct pdf_metadata *m, const char *producer)
{
    GString *out =
        g_string_new("<?xpacket begin=\"\xEF\xBB\xBF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
                     "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n"
                     " <rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n"
                     "  <rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"\n"
                     "    xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" "
                     "xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\"\n"
                     "    xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\">\n");
    append_element(out, "dc:format", "application/pdf");
    append_list(out, "dc:title", "Alt", "x-default", m->title);
    append_list(out, "dc:creator", "Seq", NULL, m->author);
    append_list(out, "dc:language", "Bag", NULL, m->language);
    append_element(out, "xmp:CreatorTool", m->creator);
    append_element(out, "xmp:CreateDate", m->date);
    append_element(out, "xmp:ModifyDate", m->date);
    append_element(out, "pdf:Producer", producer);
    if (m->is_a_1b) {
        append_element(out, "pdfaid:part", "1");
        append_element(out, "pdfaid:conformance", "B");
    }
    g_string_append(out, "  </rdf:Description>\n </rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"r\"?>");
    return out;
}

static void write_xmp(qpdf_data q, const struct pdf_metadata *metadata)
{
    const char *producer = qpdf_get_info_key(q, "/Producer");
    GString *text = xmp(metadata, producer != NULL ? producer : "");
    qpdf_oh stream = stream_new(q, text->str, text->len);
    qpdf_oh dictionary = qpdf_oh_get_dict(q, stream);
    set_name(q, dictionary, "/Type", "/Metadata");
    set_name(q, dictionary, "/Subtype", "/XML");
    qpdf_oh_replace_key(q, qpdf_get_root(q), "/Metadata", stream);
    g_string_free(text, TRUE);
}

/* ---- the catalogue ---- */

/* Labels 1, 2, 3: what a viewer shows is what stands at the foot. A cover has its name. */
static void write_page_labels(qpdf_data q, const struct pdf_metadata *metadata)
{
    qpdf_oh style = qpdf_oh_new_dictionary(q), numbers = qpdf_oh_new_array(q),
            labels = qpdf_oh_new_dictionary(q);
    set_name(q, style, "/S", "/D");
    if (metadata->cover_label != NULL) {
        qpdf_oh cover = qpdf_oh_new_dictionary(q);
        qpdf_oh_replace_key(q, cover, "/P", qpdf_oh_new_unicode_string(q, metadata->cover_label));
        qpdf_oh_append_item(q, numbers, qpdf_oh_new_integer(q, 0));
        qpdf_oh_append_item(q, numbers, cover);
    }
    qpdf_oh_append_item(q, numbers, qpdf_oh_new_integer(q, metadata->cover_label != NULL ? 1 : 0));
    qpdf_oh_append_item(q, numbers, style);
    qpdf_oh_replace_key(q, labels, "/Nums", numbers);
    qpdf_oh_replace_key(q, qpdf_get_root(q), "/PageLabels", labels);
}

/* ---- PDF/A-1b (ISO 19005-1) ---- */

/* 6.2.2: what the numbers of a colour mean. */
static void write_output_intent(qpdf_data q)
{
    GBytes *profile = pdf_profile_srgb();
    gsize size;
    const void *data = g_bytes_get_data(profile, &size);
    qpdf_oh stream = stream_new(q, data, size);
    g_bytes_unref(profile);
    qpdf_oh_replace_key(q, qpdf_oh_get_dict(q, stream), "/N", qpdf_oh_new_integer(q, 3));
    qpdf_oh intent = qpdf_oh_new_dictionary(q);
    set_name(q, intent, "/Type", "/OutputIntent");
    set_name(q, intent, "/S", "/GTS_PDFA1");
    qpdf_oh_replace_key(q, intent, "/OutputConditionIdentifier", qpdf_oh_new_string(q, "sRGB IEC61966-2-1"));
    qpdf_oh_replace_key(q, intent, "/Info", qpdf_oh_new_string(q, "sRGB IEC61966-2-1"));
    qpdf_oh_replace_key(q, intent, "/DestOutputProfile", stream);
    qpdf_oh intents = qpdf_oh_new_array(q);
    qpdf_oh_append_item(q, intents, intent);
    qpdf_oh_replace_key(q, qpdf_get_root(q), "/OutputIntents", intents);
}

/* 6.4: nothing is transparent, and no page says that it might be. */
static void remove_groups(qpdf_data q)
{
    int count = qpdf_get_num_pages(q);
    for (int i = 0; i < count; i++) {
        qpdf_oh_remove_key(q, qpdf_get_page_n(q, (size_t)i), "/Group");
    }
}

void pdf_metadata_write(qpdf_data q, const struct pdf_metadata *metadata)
{
    qpdf_oh root = qpdf_get_root(q), preferences = qpdf_oh_new_dictionary(q);
    qpdf_oh_replace_key(q, preferences, "/DisplayDocTitle", qpdf_oh_new_bool(q, QPDF_TRUE));
    qpdf_oh_replace_key(q, root, "/ViewerPreferences", preferences);
    qpdf_oh_replace_key(q, root, "/Lang", qpdf_oh_new_unicode_string(q, metadata->language));
    write_page_labels(q, metadata);
    write_xmp(q, metadata);
    if (metadata->is_a_1b) {
        write_output_intent(q);
        remove_groups(q);
    }
}

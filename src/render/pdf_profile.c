#include "render/pdf_profile.h"

#include <math.h>
#include <string.h>

enum { HEADER_SIZE = 128, TAG_SIZE = 12, CURVE_POINTS = 1024 };

static void put_16(GByteArray *out, unsigned value)
{
    const guint8 bytes[2] = {(guint8)(value >> 8), (guint8)value};
    g_byte_array_append(out, bytes, sizeof bytes);
}

static void put_32(GByteArray *out, guint32 value)
{
    put_16(out, value >> 16);
    put_16(out, value & 0xFFFF);
}

static void put_text(GByteArray *out, const char *text, guint size)
{
    g_byte_array_append(out, (const guint8 *)text, size);
}

/* s15Fixed16Number (ICC.1:2001-04, 5.3.1) */
static void put_fixed(GByteArray *out, double value)
{
    put_32(out, (guint32)(gint32)lround(value * 65536));
}

static void put_xyz(GByteArray *out, double x, double y, double z)
{
    put_fixed(out, x);
    put_fixed(out, y);
    put_fixed(out, z);
}

static GByteArray *type_new(const char signature[5])
{
    GByteArray *out = g_byte_array_new();
    put_text(out, signature, 4);
    put_32(out, 0);
    return out;
}

static GByteArray *xyz_tag(double x, double y, double z)
{
    GByteArray *out = type_new("XYZ ");
    put_xyz(out, x, y, z);
    return out;
}

/* From the signal to light: IEC 61966-2-1, 5.2. */
static GByteArray *curve_tag(void)
{
    GByteArray *out = type_new("curv");
    put_32(out, CURVE_POINTS);
    for (int i = 0; i < CURVE_POINTS; i++) {
        double signal = (double)i / (CURVE_POINTS - 1);
        double light = signal <= 0.04045 ? signal / 12.92 : pow((signal + 0.055) / 1.055, 2.4);
        put_16(out, (unsigned)lround(light * 65535));
    }
    return out;
}

/* textDescriptionType (6.5.17): the same text for nobody else's scripts. */
static GByteArray *description_tag(const char *text)
{
    static const guint8 EMPTY[4 + 4 + 2 + 1 + 67] = {0};
    GByteArray *out = type_new("desc");
    put_32(out, (guint32)strlen(text) + 1);
    put_text(out, text, (guint)strlen(text) + 1);
    g_byte_array_append(out, EMPTY, sizeof EMPTY);
    return out;
}

static GByteArray *text_tag(const char *text)
{
    GByteArray *out = type_new("text");
    put_text(out, text, (guint)strlen(text) + 1);
    return out;
}

/* 6.1. All that is not written is 0. */
static void put_header(GByteArray *out, guint32 size)
{
    put_32(out, size);
    put_32(out, 0);
    put_32(out, 0x02400000); /* version 2.4.0 */
    put_text(out, "mntrRGB XYZ ", 12);
    for (int i = 0; i < 6; i++)
        put_16(out, (unsigned[]){2025, 1, 1, 0, 0, 0}[i]);
    put_text(out, "acsp", 4);
    for (int i = 0; i < 7; i++) /* platform, flags, manufacturer, model, attributes, intent */
        put_32(out, 0);
    put_xyz(out, 0.9642, 1, 0.8249); /* D50 */
    while (out->len < HEADER_SIZE)
        put_32(out, 0);
}

GBytes *pdf_profile_srgb(void)
{
    /* The primaries and the white of sRGB, adapted from D65 to D50 (Bradford). */
    struct {
        char signature[5];
        GByteArray *data; /* NULL: that of the tag before */
    } tags[] = {
        {"desc", description_tag("sRGB IEC61966-2-1")},
        {"cprt", text_tag("No copyright")},
        {"wtpt", xyz_tag(0.9642, 1, 0.8249)},
        {"rXYZ", xyz_tag(0.43607, 0.22249, 0.01392)},
        {"gXYZ", xyz_tag(0.38515, 0.71687, 0.09708)},
        {"bXYZ", xyz_tag(0.14307, 0.06061, 0.71410)},
        {"rTRC", curve_tag()},
        {"gTRC", NULL},
        {"bTRC", NULL},
    };
    GByteArray *table = g_byte_array_new(), *data = g_byte_array_new(), *out = g_byte_array_new();
    guint32 start = HEADER_SIZE + 4 + TAG_SIZE * G_N_ELEMENTS(tags), offset = start, size = 0;
    put_32(table, G_N_ELEMENTS(tags));
    for (size_t i = 0; i < G_N_ELEMENTS(tags); i++) {
        if (tags[i].data != NULL) {
            offset = start + data->len;
            size = tags[i].data->len;
            g_byte_array_append(data, tags[i].data->data, size);
            while (data->len % 4 != 0)
                g_byte_array_append(data, (const guint8 *)"", 1);
            g_byte_array_unref(tags[i].data);
        }
        put_text(table, tags[i].signature, 4);
        put_32(table, offset);
        put_32(table, size);
    }
    put_header(out, start + data->len);
    g_byte_array_append(out, table->data, table->len);
    g_byte_array_append(out, data->data, data->len);
    g_byte_array_unref(table);
    g_byte_array_unref(data);
    return g_byte_array_free_to_bytes(out);
}

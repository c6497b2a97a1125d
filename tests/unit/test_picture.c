#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "render/picture.h"

/* 2 x 1 pixels, RGB, made with zlib by hand: signature, IHDR, IDAT, IEND, each with its CRC. */
static const unsigned char png[] = {
    0x89, 'P',  'N', 'G', 0x0D, 0x0A, 0x1A, 0x0A, 0,    0,    0,    13,   'I',  'H',  'D',  'R',  0,    0,
    0,    2,    0,   0,   0,    1,    8,    2,    0,    0,    0,    0x7B, 0x40, 0xE8, 0xDD, 0,    0,    0,
    15,   'I',  'D', 'A', 'T',  0x78, 0x9C, 0x63, 0xF8, 0xCF, 0xC0, 0xF0, 0x9F, 0x81, 0x01, 0x00, 0x06, 0xFE,
    0x01, 0xFF, 0,   0,   0,    0,    0,    0,    0,    0,    'I',  'E',  'N',  'D',  0xAE, 0x42, 0x60, 0x82};
enum { PNG_DATA_CRC = 8 + 25 + 8 + 15 };

/* SOI, APP0 of 4 bytes, SOF0 (300 x 200), SOS, two bytes of data with a stuffed FF, EOI. */
static const unsigned char jpeg[] = {0xFF, 0xD8, 0xFF, 0xE0, 0, 4,    'J',  'F',  0xFF, 0xC0, 0,   11, 8,
                                     0,    200,  1,    44,   1, 1,    0x11, 0,    0xFF, 0xDA, 0,   8,  1,
                                     1,    0,    0,    63,   0, 0x12, 0xFF, 0x00, 0x34, 0xFF, 0xD9};

/* CRC-32 of PNG (annex D), bit by bit: not the program's own. */
static uint32_t crc_of(const unsigned char *bytes, size_t size)
{
    uint32_t crc = 0xFFFFFFFFU;
    for (size_t i = 0; i < size; i++) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++)
            crc = (crc & 1) != 0 ? 0xEDB88320U ^ (crc >> 1) : crc >> 1;
    }
    return crc ^ 0xFFFFFFFFU;
}

static void crc_put(unsigned char *chunk, size_t length)
{
    uint32_t crc = crc_of(chunk + 4, length + 4);
    for (int i = 0; i < 4; i++)
        chunk[8 + length + (size_t)i] = (unsigned char)(crc >> (24 - 8 * i));
}

/* The PNG above with right checksums. */
static void png_make(unsigned char *bytes)
{
    memcpy(bytes, png, sizeof png);
    crc_put(bytes + 8, 13);
    crc_put(bytes + 33, 15);
}

static void a_png_tells_its_size(void **state)
{
    (void)state;
    unsigned char bytes[sizeof png];
    struct picture picture;
    const char *problem = NULL;
    png_make(bytes);
    assert_true(picture_parse(&picture, bytes, sizeof bytes, &problem));
    assert_int_equal(picture.kind, PICTURE_PNG);
    assert_int_equal(picture.width_px, 2);
    assert_int_equal(picture.height_px, 1);
    assert_string_equal(picture_suffix(picture.kind), "png");
}

static void a_png_cut_anywhere_is_refused(void **state)
{
    (void)state;
    unsigned char bytes[sizeof png];
    png_make(bytes);
    for (size_t size = 0; size < sizeof bytes; size++) {
        struct picture picture;
        const char *problem = NULL;
        assert_false(picture_parse(&picture, bytes, size, &problem));
        assert_non_null(problem);
    }
}

static void a_png_with_a_flipped_bit_is_refused(void **state)
{
    (void)state;
    struct picture picture;
    const char *problem;
    for (size_t i = 8; i < sizeof png; i++) {
        unsigned char bytes[sizeof png];
        png_make(bytes);
        bytes[i] ^= 0x10;
        assert_false(picture_parse(&picture, bytes, sizeof bytes, &problem));
    }
}

static void a_png_of_absurd_size_is_refused(void **state)
{
    (void)state;
    struct picture picture;
    const char *problem;
    unsigned char bytes[sizeof png];
    png_make(bytes);
    memcpy(bytes + 16, "\0\0\x40\x01", 4); /* 16385 */
    crc_put(bytes + 8, 13);
    assert_false(picture_parse(&picture, bytes, sizeof bytes, &problem));
    assert_non_null(strstr(problem, "16384"));
    memcpy(bytes + 16, "\0\0\0\0", 4);
    crc_put(bytes + 8, 13);
    assert_false(picture_parse(&picture, bytes, sizeof bytes, &problem));
}

static void a_jpeg_tells_its_size(void **state)
{
    (void)state;
    struct picture picture;
    const char *problem;
    assert_true(picture_parse(&picture, jpeg, sizeof jpeg, &problem));
    assert_int_equal(picture.kind, PICTURE_JPEG);
    assert_int_equal(picture.width_px, 300);
    assert_int_equal(picture.height_px, 200);
    assert_string_equal(picture_suffix(picture.kind), "jpg");
}

static void a_jpeg_cut_anywhere_is_refused(void **state)
{
    (void)state;
    for (size_t size = 0; size < sizeof jpeg; size++) {
        struct picture picture;
        const char *problem = NULL;
        assert_false(picture_parse(&picture, jpeg, size, &problem));
        assert_non_null(problem);
    }
}

static void a_jpeg_whose_segment_leaves_the_file_is_refused(void **state)
{
    (void)state;
    unsigned char bytes[sizeof jpeg];
    struct picture picture;
    const char *problem;
    memcpy(bytes, jpeg, sizeof jpeg);
    bytes[4] = 0xFF; /* APP0 of 65284 bytes */
    assert_false(picture_parse(&picture, bytes, sizeof bytes, &problem));
    memcpy(bytes, jpeg, sizeof jpeg);
    bytes[5] = 1; /* shorter than its own length field */
    assert_false(picture_parse(&picture, bytes, sizeof bytes, &problem));
}

static void a_jpeg_that_page_and_pdf_show_differently_is_refused(void **state)
{
    (void)state;
    struct picture picture;
    const char *problem;
    unsigned char bytes[sizeof jpeg];
    memcpy(bytes, jpeg, sizeof jpeg);
    bytes[17] = 3;
    assert_true(picture_parse(&picture, bytes, sizeof bytes, &problem));
    bytes[17] = 4; /* components */
    assert_false(picture_parse(&picture, bytes, sizeof bytes, &problem));
    assert_non_null(strstr(problem, "CMYK"));
    memcpy(bytes, jpeg, sizeof jpeg);
    bytes[12] = 12; /* bits a sample */
    assert_false(picture_parse(&picture, bytes, sizeof bytes, &problem));
    memcpy(bytes, jpeg, sizeof jpeg);
    bytes[9] = 0xC2; /* SOF2, progressive */
    assert_true(picture_parse(&picture, bytes, sizeof bytes, &problem));
    bytes[9] = 0xC3; /* SOF3, lossless */
    assert_false(picture_parse(&picture, bytes, sizeof bytes, &problem));
}

/* The JPEG above with an APP1 before its APP0: one directory entry, the orientation. */
static bool parses_turned(const char *order, unsigned char orientation, size_t entries, const char **problem)
{
    bool little = order[0] == 'I';
    unsigned char exif[2 + 2 + 6 + 8 + 2 + 12] = {0xFF, 0xE1, 0, sizeof exif - 2, 'E', 'x', 'i', 'f', 0, 0};
    memcpy(exif + 10, order, 2);
    exif[little ? 12 : 13] = 42;
    exif[little ? 14 : 17] = 8;
    exif[little ? 18 : 19] = (unsigned char)entries;
    exif[little ? 20 : 21] = 0x12;
    exif[little ? 21 : 20] = 0x01;
    exif[little ? 28 : 29] = orientation;
    unsigned char bytes[sizeof jpeg + sizeof exif];
    memcpy(bytes, jpeg, 2);
    memcpy(bytes + 2, exif, sizeof exif);
    memcpy(bytes + 2 + sizeof exif, jpeg + 2, sizeof jpeg - 2);
    struct picture picture;
    return picture_parse(&picture, bytes, sizeof bytes, problem);
}

static void a_jpeg_turned_by_exif_is_refused(void **state)
{
    (void)state;
    const char *problem = "";
    assert_true(parses_turned("II", 1, 1, &problem));
    assert_true(parses_turned("MM", 1, 1, &problem));
    assert_true(parses_turned("MM", 6, 0, &problem)); /* no entry at all */
    assert_false(parses_turned("II", 6, 1, &problem));
    assert_non_null(strstr(problem, "EXIF"));
    assert_false(parses_turned("MM", 3, 200, &problem)); /* more entries than there is room for */
    assert_true(parses_turned("MM", 1, 200, &problem));
}

static void other_content_is_refused_whatever_its_name(void **state)
{
    (void)state;
    struct picture picture;
    const char *problem;
    assert_false(picture_parse(&picture, (const unsigned char *)"GIF89a......", 12, &problem));
    assert_string_equal(problem, "neither PNG nor JPEG by its content");
    assert_false(picture_parse(&picture, (const unsigned char *)"", 0, &problem));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_png_tells_its_size),
        cmocka_unit_test(a_png_cut_anywhere_is_refused),
        cmocka_unit_test(a_png_with_a_flipped_bit_is_refused),
        cmocka_unit_test(a_png_of_absurd_size_is_refused),
        cmocka_unit_test(a_jpeg_tells_its_size),
        cmocka_unit_test(a_jpeg_cut_anywhere_is_refused),
        cmocka_unit_test(a_jpeg_whose_segment_leaves_the_file_is_refused),
        cmocka_unit_test(a_jpeg_that_page_and_pdf_show_differently_is_refused),
        cmocka_unit_test(a_jpeg_turned_by_exif_is_refused),
        cmocka_unit_test(other_content_is_refused_whatever_its_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

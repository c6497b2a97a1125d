#include "render/picture.h"

#include <stdint.h>
#include <string.h>
#include <zlib.h>

static uint32_t big_endian_32(const unsigned char *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | (uint32_t)p[3];
}

static bool sides_are_sound(struct picture *picture, uint32_t width, uint32_t height, const char **problem)
{
    if (width == 0 || height == 0 || width > PICTURE_SIDE_MAX_PX || height > PICTURE_SIDE_MAX_PX) {
        *problem = "a side of 0 or over 16384 pixels";
        return false;
    }
    picture->width_px = (int)width;
    picture->height_px = (int)height;
    return true;
}

/* PNG specification 5.3: length, type, data, CRC over type and data. */
static bool png_parse(struct picture *picture, const unsigned char *bytes, size_t size, const char **problem)
{
    bool has_data = false;
    for (size_t at = 8; at < size;) {
        if (size - at < 12 || big_endian_32(bytes + at) > size - at - 12) {
            *problem = "a PNG that is cut short, expected it to end with IEND";
            return false;
        }
        uint32_t length = big_endian_32(bytes + at);
        const unsigned char *type = bytes + at + 4;
        uint32_t sum = (uint32_t)crc32(crc32(0, NULL, 0), type, length + 4);
        if (sum != big_endian_32(type + 4 + length)) {
            *problem = "a PNG with a damaged chunk (its checksum is wrong)";
            return false;
        }
        if (at == 8) {
            if (memcmp(type, "IHDR", 4) != 0 || length != 13) {
                *problem = "a PNG whose first chunk is not IHDR";
                return false;
            }
            if (!sides_are_sound(picture, big_endian_32(type + 4), big_endian_32(type + 8), problem))
                return false;
        }
        has_data = has_data || memcmp(type, "IDAT", 4) == 0;
        if (memcmp(type, "IEND", 4) == 0) {
            *problem = "a PNG without picture data";
            return has_data;
        }
        at += 12 + (size_t)length;
    }
    *problem = "a PNG that is cut short, expected it to end with IEND";
    return false;
}

/* T.81 B.1.1.3: markers that stand alone, without a length: TEM, RSTn, SOI, EOI. */
static bool marker_stands_alone(unsigned marker)
{
    return marker == 0x01 || (marker >= 0xD0 && marker <= 0xD9);
}

/* T.81 table B.1: SOF0 to SOF15 are frame headers, but for DHT (C4), JPG (C8) and DAC (CC). */
static bool marker_is_frame(unsigned marker)
{
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

/* B.2.2: length, precision, lines, samples per line, components. Only what browsers and PDF viewers both
 * show, and show alike: CMYK is stored inverted by some programs and not by others. */
static bool jpeg_frame_parse(struct picture *picture, unsigned marker, const unsigned char *frame,
                             size_t length, const char **problem)
{
    if (length < 8) {
        *problem = "a JPEG whose frame header is too short";
        return false;
    }
    if (marker > 0xC2 || frame[2] != 8) {
        *problem =
            "a JPEG that is neither baseline nor progressive with 8 bits a sample, expected one of them";
        return false;
    }
    if (frame[7] != 1 && frame[7] != 3) {
        *problem = "a JPEG in CMYK, expected RGB or greyscale";
        return false;
    }
    return sides_are_sound(picture, (uint32_t)frame[5] << 8 | frame[6], (uint32_t)frame[3] << 8 | frame[4],
                           problem);
}

static uint32_t exif_number(const unsigned char *p, size_t size, bool little)
{
    uint32_t number = 0;
    for (size_t i = 0; i < size; i++)
        number = number << 8 | p[little ? size - 1 - i : i];
    return number;
}

/* Exif 2.3, 4.5.2 and 4.6.2: "Exif\0\0", then TIFF: its byte order, 42, the place of the first directory,
 * whose entries of 12 bytes follow their number; tag 0x0112 is the orientation, 1 upright. Browsers obey it,
 * viewers of PDFs do not. */
static bool jpeg_is_turned(const unsigned char *segment, size_t size)
{
    if (size < 6 + 8 || memcmp(segment, "Exif\0", 6) != 0)
        return false;
    const unsigned char *tiff = segment + 6;
    size -= 6;
    bool little = tiff[0] == 'I';
    size_t at = exif_number(tiff + 4, 4, little);
    if (at > size || size - at < 2)
        return false;
    size_t count = exif_number(tiff + at, 2, little);
    at += 2;
    for (size_t i = 0; i < count && size - at >= 12; i++, at += 12)
        if (exif_number(tiff + at, 2, little) == 0x0112)
            return exif_number(tiff + at + 8, 2, little) > 1;
    return false;
}

static bool jpeg_parse(struct picture *picture, const unsigned char *bytes, size_t size, const char **problem)
{
    bool has_frame = false, has_scan = false;
    size_t at = 2;
    *problem = "a JPEG that is cut short, expected it to end with EOI";
    while (at + 1 < size) {
        /* Within a scan everything up to the next marker is data; FF 00 is a stuffed FF (B.1.1.5). */
        if (bytes[at] != 0xFF || bytes[at + 1] == 0x00 || bytes[at + 1] == 0xFF) {
            if (!has_scan && bytes[at] != 0xFF) {
                *problem = "a JPEG with stray bytes between its segments";
                return false;
            }
            at++;
            continue;
        }
        unsigned marker = bytes[at + 1];
        at += 2;
        if (marker == 0xD9) {
            *problem = "a JPEG without a frame and a scan";
            return has_frame && has_scan;
        }
        if (marker_stands_alone(marker))
            continue;
        if (size - at < 2)
            return false;
        size_t length = (size_t)bytes[at] << 8 | bytes[at + 1];
        if (length < 2 || length > size - at)
            return false;
        if (marker_is_frame(marker)) {
            if (!jpeg_frame_parse(picture, marker, bytes + at, length, problem))
                return false;
            has_frame = true;
        }
        if (marker == 0xE1 && jpeg_is_turned(bytes + at + 2, length - 2)) {
            *problem = "a JPEG that its EXIF orientation turns, expected upright pixels";
            return false;
        }
        has_scan = has_scan || marker == 0xDA;
        at += length;
    }
    return false;
}

bool picture_parse(struct picture *picture, const unsigned char *bytes, size_t size, const char **problem)
{
    static const unsigned char png[8] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    memset(picture, 0, sizeof *picture);
    if (size >= 8 && memcmp(bytes, png, 8) == 0) {
        picture->kind = PICTURE_PNG;
        return png_parse(picture, bytes, size, problem);
    }
    if (size >= 3 && bytes[0] == 0xFF && bytes[1] == 0xD8 && bytes[2] == 0xFF) {
        picture->kind = PICTURE_JPEG;
        return jpeg_parse(picture, bytes, size, problem);
    }
    *problem = "neither PNG nor JPEG by its content";
    return false;
}

const char *picture_suffix(enum picture_kind kind)
{
    return kind == PICTURE_PNG ? "png" : "jpg";
}

/* picture.h - PNG and JPEG pictures of an edition, recognised by content and checked to their end.
 *
 *     struct picture picture;
 *     if (picture_parse(&picture, bytes, size, &problem)) ...       // picture.width_px
 *
 * Structure is checked, not pixels: a PNG must be whole chunks with right checksums from IHDR to IEND (PNG
 * specification, section 5); a JPEG must have a frame header and a scan and end with EOI (ITU-T T.81, annex
 * B), and be one that browsers and PDF viewers show alike: baseline or progressive, 8 bits, greyscale or RGB,
 * not turned by its EXIF orientation.
 */
#ifndef TEITEN_RENDER_PICTURE_H
#define TEITEN_RENDER_PICTURE_H

#include <stdbool.h>
#include <stddef.h>

enum { PICTURE_SIDE_MAX_PX = 16384, PICTURE_BYTES_MAX = 32 * 1024 * 1024 };
enum picture_kind { PICTURE_PNG, PICTURE_JPEG };

struct picture {
    enum picture_kind kind;
    int width_px, height_px; /* 1 to PICTURE_SIDE_MAX_PX */
};

/* False: *problem is a static text, what is wrong and what was expected. */
bool picture_parse(struct picture *picture, const unsigned char *bytes, size_t size, const char **problem);
/* "png" or "jpg". */
const char *picture_suffix(enum picture_kind kind);

#endif

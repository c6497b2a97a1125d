/* png.h - a picture of opaque pixels as a PNG file (RFC 2083; ISO/IEC 15948).
 *
 *     GBytes *bytes = png_bytes(pixels, stride, width, height);
 */
#ifndef TEITEN_CHART_PNG_H
#define TEITEN_CHART_PNG_H

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

/* `pixels`: rows from the top, `stride` bytes apart, each pixel a 32-bit number in the machine's byte order,
 * 0xXXRRGGBB, as in cairo's CAIRO_FORMAT_RGB24. Width and height from 1 to 16384. */
GBytes *png_bytes(const uint8_t *pixels, size_t stride, size_t width, size_t height);

#endif

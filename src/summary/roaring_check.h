/* roaring_check.h - whether bytes are a well-formed portable Roaring bitmap, before the library sees them.
 *
 * The library checks lengths when it reads, but trusts order, cardinalities and run ends; a broken container
 * would be found by a write outside it. The format: "Roaring Bitmap format specification"
 * (RoaringFormatSpec), 32-bit, little-endian.
 */
#ifndef TEITEN_SUMMARY_ROARING_CHECK_H
#define TEITEN_SUMMARY_ROARING_CHECK_H

#include <stddef.h>
#include <stdint.h>

/* NULL when `size` bytes are exactly one well-formed, non-empty bitmap; else what is wrong, a static text
 * that completes "a source set ...". */
const char *roaring_check(const uint8_t *data, size_t size);

#endif

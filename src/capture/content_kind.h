/* content_kind.h - what a file that is no capture looks like, so that the message can say it.
 *
 *     content_kind(head, size)        // "a ZIP archive", or NULL when it looks like nothing known
 */
#ifndef TEITEN_CAPTURE_CONTENT_KIND_H
#define TEITEN_CAPTURE_CONTENT_KIND_H

#include <stddef.h>
#include <stdint.h>

/* `bytes` are the first ones of the file, a few hundred at best. The answer is a constant with its article.
 */
const char *content_kind(const uint8_t *bytes, size_t size);

#endif

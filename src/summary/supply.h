/* supply.h - the bytes of a file, read when they are asked for.
 *
 *     struct supply supply;
 *     if (supply_open(&supply, path, err) != 0)
 *         return -1;
 *     supply_bring(&supply, 0, 64, err)        // now the first 64 bytes of supply.data are the file's
 *     supply_close(&supply);                   // supply.bytes stay as long as somebody holds them
 *
 * Why the file is not mapped: a mapped file that somebody cuts short ends the program by a signal, and one
 * that is written to in place changes after it was found to be sound. What was brought here stays as it is.
 * Errors do not name the file.
 */
#ifndef TEITEN_SUMMARY_SUPPLY_H
#define TEITEN_SUMMARY_SUPPLY_H

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct supply {
    int descriptor;
    uint8_t *data; /* [size]: room for all of the file; pages of it that are not brought take no memory */
    size_t size;
    GBytes *bytes; /* of `data` */
};

int supply_open(struct supply *supply, const char *path, struct error *err);
/* The stretch lies within `size`. -1 when the file cannot be read, or has become shorter. */
int supply_bring(struct supply *supply, size_t offset, size_t size, struct error *err);
void supply_close(struct supply *supply);
/* One stretch of a file alone, into data[size]. Errors as above. */
int supply_copy(const char *path, size_t offset, uint8_t *data, size_t size, struct error *err);

#endif

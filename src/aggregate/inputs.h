/* inputs.h - the files that an edition is counted from, and how they are recognised without reading them.
 *
 *     struct inputs inputs;
 *     inputs_collect(&inputs, &publication, &edition, true, err);
 *     inputs_identify_registries(&inputs, known, err);      // digests; from `known` where a file looks
 * untouched inputs_release(&inputs);
 *
 * Beside a summary stands EDITION.inputs, the list it was counted from:
 *
 *     teiten-inputs 1
 *     configuration<TAB>HEX
 *     archive<TAB>name<TAB>size<TAB>mtime in ns<TAB>inode
 *     registry<TAB>name<TAB>size<TAB>mtime in ns<TAB>inode<TAB>digest
 */
#ifndef TEITEN_AGGREGATE_INPUTS_H
#define TEITEN_AGGREGATE_INPUTS_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "publication/publication.h"

struct input {
    char *path; /* to open it; NULL when read from a list */
    char *name; /* relative to the publication folder where it lies inside; see input_name */
    uint64_t size;
    int64_t mtime_ns;
    uint64_t inode;
    char digest[40]; /* XXH3-128 in hex; "" while unknown */
};

struct inputs {
    char configuration[65];
    GPtrArray *archives;   /* struct input *, ascending by name */
    GPtrArray *registries; /* likewise */
};

/* Finds and stats the archives, and the registries where `with_registries`. No archive at all, no registry,
 * or a file that cannot be seen is an error. */
int inputs_collect(struct inputs *inputs, const struct publication *publication,
                   const struct edition *edition, bool with_registries, struct error *err);
void inputs_release(struct inputs *inputs);

/* Sets the registries' digests; one that `known` (or NULL) lists with the same size, time and inode is not
 * read. */
int inputs_identify_registries(struct inputs *inputs, const struct inputs *known, struct error *err);

/* The list as text, and back: false when the file is missing or no such list (then it is as good as missing).
 */
char *inputs_text(const struct inputs *inputs);
bool inputs_read(struct inputs *inputs, const char *path);

/* NULL when every archive and registry is the same, else the first difference in words ("captures/a.pcap
 * changed"); owned by the caller. */
char *inputs_difference(const struct inputs *now, const struct inputs *then);

/* The name under which a file stands in a summary: without the folder in front; bytes that are no UTF-8,
 * control characters and backslashes as \xNN. */
char *input_name(const struct publication *publication, const char *path);

#endif

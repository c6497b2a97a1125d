/* inputs.h - the files that an edition is counted from, and how they are recognised without reading them.
 *
 *     struct inputs inputs;
 *     inputs_collect(&inputs, &publication, &edition, NULL, true, log, err);         // finds and stats
 *     inputs_identify_registries(&inputs, known, err);                               // their digests
 *     inputs_recognise(&inputs, (const struct inputs *[]){known}, 1, false, log);    // those of the archives
 *     inputs_release(&inputs);
 *
 * A digest is taken from `known`, a list of before, where a file looks untouched; registries that do not are
 * read, archives stay unknown.
 *
 * Beside a summary stands EDITION.inputs, the list it was counted from:
 *
 *     teiten-inputs 2
 *     configuration<TAB>HEX
 *     setting<TAB>kind<TAB>...                               what the configuration consists of
 *     archive<TAB>name<TAB>size<TAB>mtime in ns<TAB>inode<TAB>digest
 *     registry<TAB>name<TAB>size<TAB>mtime in ns<TAB>inode<TAB>digest
 *
 * A file that changed in the second before it was looked at may change once more without a new time: its time
 * is written as -1, so that it is recognised by its digest next time.
 */
#ifndef TEITEN_AGGREGATE_INPUTS_H
#define TEITEN_AGGREGATE_INPUTS_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/error.h"
#include "base/warning.h"
#include "publication/publication.h"

struct input {
    char *path; /* to open it ("-": standard input); NULL when read from a list */
    /* As it stands in a summary: relative to the publication folder where it lies inside; bytes that are no
     * UTF-8, control characters and backslashes as \xNN. */
    char *name;
    bool is_file; /* no pipe or device, which have no size or time worth a word; not in the list */
    uint64_t size;
    int64_t mtime_ns; /* -1: not to be trusted */
    uint64_t inode;
    char digest[DIGEST_SIZE]; /* XXH3-128 in hex; "" while unknown, and when it could not be read */
};

struct inputs {
    char configuration[65]; /* configuration.h */
    char basis[65];         /* likewise, without measures and registries; not in the list */
    GPtrArray *settings;    /* char *: the configuration in lines, ascending */
    GPtrArray *archives;    /* struct input *, ascending by name */
    GPtrArray *registries;  /* likewise */
    char *region_folder;    /* where tables made of the registries are kept (region_table.h), or NULL */
};

/* Archives named on the command line, instead of those of the publication. */
struct input_choice {
    const char *files_from; /* a file with one path a line, "-": standard input; or NULL */
    char *const *archives;  /* files, folders, globs, "-": standard input; NULL-terminated, or NULL */
};

/* Finds and stats the archives (of `choice`, or of the publication where that is NULL), and the registries
 * where `with_registries`. No archive at all, no registry, or a file that cannot be seen is an error; in a
 * list with its line. */
int inputs_collect(struct inputs *inputs, const struct publication *publication,
                   const struct edition *edition, const struct input_choice *choice, bool with_registries,
                   struct warning_log *log, struct error *err);
void inputs_release(struct inputs *inputs);

/* Sets the registries' digests; one that `known` (or NULL) lists with the same size, time and inode is not
 * read. */
int inputs_identify_registries(struct inputs *inputs, const struct inputs *known, struct error *err);

/* Sets the digests of the archives that known[known_count] list with the same name, size, time and inode (the
 * last that has the name counts). Archives of which they hold at least the size (renamed, copied, touched)
 * are read for their digests, as is, with `verify`, every one: a file whose bytes are not those of its record
 * is warned of. What stays unknown has no digest. */
void inputs_recognise(struct inputs *inputs, const struct inputs *const known[], size_t known_count,
                      bool verify, struct warning_log *log);

/* Whether the list `then`, which has the same files by their digests, would know each of `now` without
 * reading it: copied or moved files look otherwise. */
bool inputs_look_same(const struct inputs *now, const struct inputs *then);

/* The list as text, and back: false when the file is missing or no such list (then it is as good as missing).
 */
char *inputs_text(const struct inputs *inputs);
bool inputs_read(struct inputs *inputs, const char *path);

/* One file's line of the list, without line feed; and back into a list: false when it is none. */
char *input_line(const struct input *input, bool is_registry);
bool inputs_line_add(struct inputs *inputs, const char *line);
void inputs_init(struct inputs *inputs);

/* NULL when archives, registries and settings are the same, else the first difference in words
 * ("captures/a.pcap changed"); owned by the caller. */
char *inputs_difference(const struct inputs *now, const struct inputs *then);

#endif

/* output_set.h - files that appear whole or not at all.
 *
 * Everything a command publishes is first made in memory, then written in one go:
 *
 *     struct output_set set;
 *     output_set_init(&set);
 *     output_set_add(&set, "index.xhtml", page);          // takes the bytes over
 *     if (output_set_publish(&set, "out/2025q1", err) != 0) ...
 *     output_set_release(&set);
 *
 * output_set_publish writes into a temporary folder beside the target, syncs, and puts it in the target's
 * place by renaming: a reader sees the old folder or the new one, and a failure leaves the old one as it was.
 */
#ifndef TEITEN_BASE_OUTPUT_SET_H
#define TEITEN_BASE_OUTPUT_SET_H

#include <glib.h>

#include "base/error.h"

struct output_set {
    GPtrArray *names; /* char *, relative paths with '/', in order of addition; unique */
    GPtrArray *bytes; /* GBytes *, same order */
};

void output_set_init(struct output_set *set);
void output_set_release(struct output_set *set);
/* Takes `bytes` over (one reference). `name` is copied; adding a name twice is a programmer's mistake. */
void output_set_add(struct output_set *set, const char *name, GBytes *bytes);
/* The bytes of `name`, borrowed, or NULL. */
GBytes *output_set_find(const struct output_set *set, const char *name);
/* Replaces the folder (made when missing, parents too), or the one that `folder` is a link to, WITH ALL THAT
 * IT HOLDS: see manifest_guard. What is no folder is refused. Errors have kind ERROR_OUTPUT. */
int output_set_publish(const struct output_set *set, const char *folder, struct error *err);

/* One file, whole or not at all: temporary name in the same folder, fsync, rename. In one go, or in pieces:
 * NULL is an error; what fails while appending is told when closing, after which nothing is left. */
struct output_file;
struct output_file *output_file_open(const char *path, struct error *err);
void output_file_append(struct output_file *file, const void *data, size_t size);
int output_file_close(struct output_file *file, struct error *err);
int output_file_write(const char *path, const void *data, size_t size, struct error *err);

#endif

/* prefix_list.h - a set of addresses as prefixes: given one by one, or read from a CSV or JSON file.
 *
 *     struct prefix_list list = {0};
 *     prefix_list_add(&list, "192.0.2.0/25", err)
 *     prefix_list_load(&list, "lists/research.csv", err)       // a column "prefix"; others are free
 *     prefix_list_load(&list, "lists/scanners.json", err)      // a MISP warning list, as downloaded
 *     prefix_list_finish(&list);                               // now in its one canonical form
 *
 * Canonical: ascending (IPv4 first), none inside another, two halves of a prefix joined. Equal sets have
 * equal lists.
 */
#ifndef TEITEN_PUBLICATION_PREFIX_LIST_H
#define TEITEN_PUBLICATION_PREFIX_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "publication/prefix.h"

/* All zeros is empty. */
struct prefix_list {
    struct prefix *prefixes;
    size_t count;
    size_t capacity;
};

/* One prefix ("192.0.2.0/24", "2001:db8::/32") or address. The error reads "what, what was expected". */
int prefix_list_add(struct prefix_list *list, const char *text, struct error *err);
/* Every prefix of a file; one without any is an error. Of a CSV file with a header the column "prefix";
 * errors name file and line. Where the name ends in ".json", of a MISP warning list: an object with a member
 * "list" of texts and a "type" of "cidr" (https://github.com/MISP/misp-warninglists, schema.json); errors
 * name file and entry, from 1. Bits set after an entry's length mean the network that holds the address: such
 * lists are downloaded, not written by hand. Entries that repeat count once. */
int prefix_list_load(struct prefix_list *list, const char *path, struct error *err);
/* To be called after the last addition. */
void prefix_list_finish(struct prefix_list *list);
void prefix_list_release(struct prefix_list *list);

/* Whether every address of `inner` is in `outer`; both finished. */
bool prefix_list_covers(const struct prefix_list *outer, const struct prefix_list *inner);
/* "192.0.2.0/24,2001:db8::/32" of a finished list; owned by the caller. */
char *prefix_list_text(const struct prefix_list *list);

#endif

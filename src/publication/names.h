/* names.h - what ports and regions are called in print.
 *
 *     struct service_names services;
 *     service_names_load(&services, "services.csv", "service-names-port-numbers.csv", log, err);
 *     service_names_label_append(&services, "ja", "23/TCP", out);       // Telnet(23/TCP)
 *     service_names_label_append(&services, "ja", "8728/TCP", out);     // 8728/TCP: told to stay bare
 *     region_names_name(&regions, "ja", "US")                           // 米国
 *
 * services.csv (port, protocol, name, use, and for English use_en, name_en) decides first: a name is printed,
 * an empty name keeps the port bare. Ports that it does not list take IANA's first name for that port and
 * protocol; ports without either stay bare. `use` groups services in prose (Web, メール, ...).
 */
#ifndef TEITEN_PUBLICATION_NAMES_H
#define TEITEN_PUBLICATION_NAMES_H

#include <glib.h>
#include <stdint.h>

#include "base/error.h"
#include "base/warning.h"

struct service_names {
    GHashTable *display; /* "23/TCP" -> struct service_name *, from services.csv */
    GHashTable *iana;    /* "23/TCP" -> char * name */
};

struct service_name {
    char *name;    /* "" keeps the port bare */
    char *use;     /* "" when none */
    char *use_en;  /* in English; "" when none */
    char *name_en; /* likewise; "" or NULL: the name serves in English too */
};

/* iana_path may be NULL. Malformed IANA rows are counted warnings with their lines; a malformed services.csv
 * is an error. */
int service_names_load(struct service_names *names, const char *services_path, const char *iana_path,
                       struct warning_log *log, struct error *err);
void service_names_release(struct service_names *names);
/* The name alone, "" when the port stays bare; key is "23/TCP". Borrowed. */
const char *service_names_name(const struct service_names *names, const char *language, const char *key);
/* The use ("Web") in a language, "" when none. Borrowed. */
const char *service_names_use(const struct service_names *names, const char *language, const char *key);
/* "Telnet(23/TCP)" or "8728/TCP". Keys of other kinds (see summary/key.h) read "8/ICMP", "ICMP",
 * "IPプロトコル47" (ja) or "IP protocol 47" (en). */
void service_names_label_append(const struct service_names *names, const char *language, const char *key,
                                GString *out);

/* The key of a port and a protocol as people write them ("23", "tcp": "23/TCP"), owned by the caller; NULL
 * and an error with file and line. */
char *service_key_read(const char *port, const char *protocol, const char *path, size_t line,
                       struct error *err);

struct region_names {
    GHashTable *names; /* "US" -> struct region_name * */
};

struct region_name {
    char *ja;
    char *en;
    char *en_prose; /* in a sentence: "the United States" */
};

/* regions.csv: code,ja,en, and en_prose where the name has an article in a sentence. Every name must be
 * filled in, every code two capital letters and once only. */
int region_names_load(struct region_names *names, const char *path, struct error *err);
void region_names_release(struct region_names *names);
/* Name in a language, or NULL when the table has no such code: an error to the caller, never a fall-back to
 * the code. The code "??" (address in no allocation) has the names 不明 and unknown. */
const char *region_names_name(const struct region_names *names, const char *language, const char *code);
/* The same as it stands in a sentence: "the United States". */
const char *region_names_prose(const struct region_names *names, const char *language, const char *code);

#endif

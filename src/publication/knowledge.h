/* knowledge.h - what a CERT knows about ports: what listens there, and what was listed about it of late.
 *
 *     struct knowledge knowledge;
 *     knowledge_load(&knowledge, &publication, &edition, log, err);
 *     GPtrArray *entries = knowledge_entries(&knowledge, "8728/TCP");   // const struct knowledge_entry *
 *     GPtrArray *recent = knowledge_recent(&knowledge, "8728/TCP");     // const struct advisory *
 *     g_ptr_array_unref(entries), g_ptr_array_unref(recent);
 *     knowledge_release(&knowledge);
 *
 * knowledge.csv is curated by hand, one line per port and thing that listens there:
 *
 * | column          | holds                                                                        |
 * |-----------------|------------------------------------------------------------------------------|
 * | port, protocol  | 8728, TCP                                                                    |
 * | listens         | what listens there, for readers; listens_en: in English                      |
 * | vulnerabilities | CVE-YYYY-NNNN and JVNDB-YYYY-NNNNNN, separated by blanks                     |
 * | products        | vendor:product as CPE and CISA name them, in small letters, separated by     |
 * |                 | blanks: what is listed for them later counts, too                            |
 * | malware         | names, separated by ";"                                                      |
 * | references      | addresses, separated by blanks                                               |
 * | since           | the date from which on this was known: editions that ended before do not say |
 * |                 | it; may be empty                                                             |
 *
 * listens_en and products may be missing. A malformed line is an error.
 *
 * Recent is what was listed (CISA: dateAdded; JVN: dcterms:issued) on one of the publication's N days (90)
 * that end with the quarter's last day: with N = 90 and 2025-06-30, from 2025-04-02 to 2025-06-30. What was
 * listed later is not known to that quarter, whenever the report is made again.
 */
#ifndef TEITEN_PUBLICATION_KNOWLEDGE_H
#define TEITEN_PUBLICATION_KNOWLEDGE_H

#include "publication/advisory.h"
#include "publication/publication.h"

struct knowledge_entry {
    char *key;              /* "8728/TCP" */
    char *listens;          /* in Japanese */
    char *listens_en;       /* "" when none */
    char **vulnerabilities; /* NULL-terminated, as are the others */
    char **products;
    char **malware;
    char **references;
    size_t line;
};

struct knowledge {
    char *path;         /* of knowledge.csv, for messages; NULL: the publication has none, nothing is known */
    GPtrArray *entries; /* struct knowledge_entry *, those in force, in the order of lines */
    struct advisory_list advisories;
    struct civil_date first, last; /* of the days on which a listing is recent, inclusive */
    int days;
};

/* Without <knowledge> nothing is known. On error nothing is left to release. */
int knowledge_load(struct knowledge *knowledge, const struct publication *publication,
                   const struct edition *edition, struct warning_log *log, struct error *err);
void knowledge_release(struct knowledge *knowledge);

/* Of a port's key, in the order of lines. Unref it. */
GPtrArray *knowledge_entries(const struct knowledge *knowledge, const char *key);
/* Recent listings of the port's vulnerabilities and products, the latest first, then by id. Unref it. */
GPtrArray *knowledge_recent(const struct knowledge *knowledge, const char *key);
/* What the entry says listens there; NULL and an error when there is no text in that language. Borrowed. */
const char *knowledge_listens(const struct knowledge *knowledge, const struct knowledge_entry *entry,
                              const char *language, struct error *err);

#endif

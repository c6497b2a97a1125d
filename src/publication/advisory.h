/* advisory.h - vulnerabilities as two public lists have them, read as downloaded.
 *
 *     struct advisory_list list;
 *     advisory_list_init(&list);
 *     advisory_list_read_kev(&list, "known_exploited_vulnerabilities.json", log, err);
 *     advisory_list_read_jvn(&list, "getVulnOverviewList.xml", log, err);
 *     const struct advisory *first = list.advisories->pdata[0];
 *     advisory_list_release(&list);
 *
 * - CISA's catalogue of known exploited vulnerabilities, JSON: catalogVersion, vulnerabilities[] with cveID,
 *   vendorProject, product, vulnerabilityName, dateAdded (YYYY-MM-DD). Other members are passed over.
 * - JVN iPedia, XML of the MyJVN API's getVulnOverviewList or of its RSS feed (RSS 1.0 with mod_sec): item
 *   with title, link, sec:identifier, sec:references (source="CVE" id="CVE-..."), sec:cpe, dcterms:issued.
 *
 * A file that is no such list is an error. An entry that cannot be used (no identifier, an impossible date)
 * is a counted warning and left out; of an identifier that comes twice the earliest date stands, with a
 * warning when one file has it twice. XML is read without network and document type; JSON of at most 64
 * levels.
 */
#ifndef TEITEN_PUBLICATION_ADVISORY_H
#define TEITEN_PUBLICATION_ADVISORY_H

#include <glib.h>
#include <stdbool.h>

#include "base/civil_date.h"
#include "base/error.h"
#include "base/warning.h"

enum advisory_source { ADVISORY_KEV, ADVISORY_JVN };

struct advisory {
    enum advisory_source source;
    char *id;                 /* "CVE-2025-1234", "JVNDB-2025-000012" */
    char *title;              /* in the list's language, printable */
    char *url;                /* where a reader finds it */
    char **cves;              /* NULL-terminated; of KEV the id itself */
    char **products;          /* "vendor:product" in small letters, blanks as "_"; NULL-terminated */
    struct civil_date listed; /* dateAdded; the date of dcterms:issued */
};

struct advisory_list {
    GPtrArray *advisories; /* struct advisory *, in order of arrival */
    GHashTable *by_id;     /* borrowed keys and values */
};

void advisory_list_init(struct advisory_list *list);
void advisory_list_release(struct advisory_list *list);
int advisory_list_read_kev(struct advisory_list *list, const char *path, struct warning_log *log,
                           struct error *err);
int advisory_list_read_jvn(struct advisory_list *list, const char *path, struct warning_log *log,
                           struct error *err);

/* "CISA KEV", "JVN iPedia". Static. */
const char *advisory_source_name(enum advisory_source source);
/* Whether it is CVE-YYYY-N with four digits or more. */
bool advisory_is_cve(const char *text);
/* Whether it is JVNDB-YYYY-NNNNNN. */
bool advisory_is_jvndb(const char *text);
/* "MikroTik" and "RouterOS" as "mikrotik:routeros". Owned by the caller. */
char *advisory_product(const char *vendor, const char *product);

#endif

/* companion.h - measures of the publication that count the same packets as another one, in more detail or
 * with one condition more. What drove a rise, which sensor holds a port, and how ranks look without research
 * scanners rests on them; nothing is declared twice.
 *
 *     <measure id="ports" count="packets" by="port"/>
 *     <measure id="ports-by-sensor" count="packets" by="port sensor"/>      a companion by sensor
 *     <measure id="ports-quiet" count="packets" by="port">                  a companion without some sources
 *       <where not-source-prefix="scanners.csv"/>
 *     </measure>
 *     <measure id="ports-scans" count="packets" by="port">                  a companion without backscatter
 *       <where tool="mirai zmap masscan other"/>
 *     </measure>
 *
 *     struct companion companion;
 *     if (companion_by(&context, context.current, "ports", BY_SENSOR, &companion)) {
 *         GArray *parts = companion_parts(&companion, "23/TCP");     // struct companion_part, largest first
 *         g_array_unref(parts);
 *     }
 *
 * Everything is borrowed from the summary.
 */
#ifndef TEITEN_REPORT_COMPANION_H
#define TEITEN_REPORT_COMPANION_H

#include <glib.h>

#include "report/context.h"

struct companion {
    const struct measure_counts *counts;
    bool reversed; /* its keys read "part+key", not "key+part" */
};

struct companion_part {
    char *part;                    /* "s1", "US"; freed with the array */
    const struct summary_row *row; /* of the companion */
};

/* Whether the summary holds a measure by the pair (what `measure` is grouped by, `second`) that is otherwise
 * defined alike; per day or per hour does not matter. */
bool companion_by(const struct context *context, const struct summary *summary, const char *measure,
                  enum measure_by second, struct companion *companion);
/* The same, but counting distinct sources, whatever the measure counts: how many senders a part has. */
bool companion_sources(const struct context *context, const struct summary *summary, const char *measure,
                       enum measure_by second, struct companion *companion);

/* What a measure leaves out that is otherwise defined alike. */
enum companion_left_out {
    WITHOUT_LISTED,      /* sources of some prefixes, such as research scanners */
    WITHOUT_BACKSCATTER, /* tool="mirai zmap masscan other": answers to packets with forged sources */
    COMPANION_LEFT_OUTS
};
/* The first such measure of publication.xml; NULL: none. */
const struct measure_counts *companion_without(const struct context *context, const struct summary *summary,
                                               const char *measure, enum companion_left_out left_out);

/* The measure that counts the same at other sensors (overseas instead of domestic, say): both name their
 * sensors, and share none. NULL: none. The first of publication.xml. */
const struct measure_counts *companion_other_sensors(const struct context *context,
                                                     const struct summary *summary, const char *measure);

/* The rows of one key, by total, then in the order of keys. Unref it. */
GArray *companion_parts(const struct companion *companion, const char *key);
/* The two halves of a companion's row: the key of the base measure, and the part. Owned by the caller. */
void companion_split(const struct companion *companion, const char *pair, char **key, char **part);

#endif

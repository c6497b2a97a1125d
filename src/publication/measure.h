/* measure.h - the definition of a measure: the one concept behind every number.
 *
 *     <measure id="domestic-ports" count="packets" by="port">
 *       <where sensor-group="domestic"/>
 *     </measure>
 *
 * A measure counts something (packets, or distinct source addresses), for the packets that a filter lets
 * through, grouped by a key, per local day. A filter's conditions are joined by AND; the values in one
 * condition by OR; an empty condition lets everything through. Measures are plain data here: aggregate/
 * counts them, report/ reads the counts.
 */
#ifndef TEITEN_PUBLICATION_MEASURE_H
#define TEITEN_PUBLICATION_MEASURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

enum measure_count { COUNT_PACKETS, COUNT_SOURCES };
enum measure_by { BY_NOTHING, BY_PORT, BY_REGION, BY_SENSOR, BY_TOOL };

/* What a packet's sender looks like; exactly one per packet, the first that matches in this order. Names:
 * "mirai", "zmap", "masscan", "backscatter", "other". domain of the rules: README, "Tools". */
enum tool { TOOL_MIRAI, TOOL_ZMAP, TOOL_MASSCAN, TOOL_BACKSCATTER, TOOL_OTHER, TOOL_COUNT };
const char *tool_name(enum tool tool);
/* -1 when there is no tool of that name. */
int tool_find(const char *name);

struct port_range {
    uint16_t first; /* inclusive */
    uint16_t last;  /* inclusive */
};

struct measure_filter {
    char **sensors;           /* NULL-terminated ids, or NULL */
    char **sensor_groups;     /* NULL-terminated, or NULL */
    char **sensor_regions;    /* NULL-terminated codes, or NULL */
    char **source_regions;    /* NULL-terminated codes, or NULL */
    uint8_t *protocols;       /* IP protocol numbers */
    size_t protocol_count;    /* 0: any */
    struct port_range *ports; /* destination ports; packets without a port never match a port condition */
    size_t port_count;        /* 0: any */
    uint32_t tools;           /* bit (1 << enum tool); 0: any */
    char *bpf;                /* pcap-filter(7) expression on the whole packet, or NULL */
};

struct measure {
    char *id;
    enum measure_count count;
    enum measure_by by;
    struct measure_filter filter;
    int line; /* of publication.xml */
};

void measure_release(struct measure *measure);

/* A canonical one-line text of the definition: equal text, equal meaning. "count=packets by=port
 * sensor-group=domestic". Lists are sorted and without repetition. Owned by the caller. */
char *measure_definition(const struct measure *measure);

#endif

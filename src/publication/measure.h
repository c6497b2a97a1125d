/* measure.h - the definition of a measure: the one concept behind every number.
 *
 *     <measure id="domestic-ports" count="packets" by="port">
 *       <where sensor-group="domestic"/>
 *     </measure>
 *
 * A measure counts something (packets, their bytes on the wire, distinct source addresses, or distinct pairs
 * of a source address and a sensor), for the packets that a filter lets through, grouped by a key or by a
 * pair of keys, per local day or per local hour. A filter's conditions are joined by AND; the values in one
 * condition by OR; an empty condition lets everything through. Measures are plain data here: aggregate/
 * counts them, report/ reads the counts.
 */
#ifndef TEITEN_PUBLICATION_MEASURE_H
#define TEITEN_PUBLICATION_MEASURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "publication/prefix_list.h"

enum { MEASURES_MAX = 1024 }; /* in one publication */

/* Names: "packets", "sources", "bytes", "source-sensors". */
enum measure_count { COUNT_PACKETS, COUNT_SOURCES, COUNT_BYTES, COUNT_SOURCE_SENSORS, MEASURE_COUNTS };
/* Names: "nothing", "port", "region", "sensor", "tool", "protocol", "group", "source-24" (the source's IPv4
 * /24 or IPv6 /48). */
/* A pair of keys is one value more: measure_by_pair(BY_PORT, BY_REGION). */
enum measure_by {
    BY_NOTHING,
    BY_PORT,
    BY_REGION,
    BY_SENSOR,
    BY_TOOL,
    BY_PROTOCOL,
    BY_GROUP,
    BY_SOURCE_24,
    MEASURE_BYS
};
static inline enum measure_by measure_by_pair(enum measure_by first, enum measure_by second)
{
    return (enum measure_by)((unsigned)first + MEASURE_BYS * (unsigned)second);
}
static inline enum measure_by measure_by_first(enum measure_by by)
{
    return (enum measure_by)((unsigned)by % MEASURE_BYS);
}
/* BY_NOTHING: no pair. */
static inline enum measure_by measure_by_second(enum measure_by by)
{
    return (enum measure_by)((unsigned)by / MEASURE_BYS);
}
/* Whether `key` is what is grouped by, or half of it. */
static inline bool measure_by_holds(enum measure_by by, enum measure_by key)
{
    return measure_by_first(by) == key || measure_by_second(by) == key;
}

/* Names: "day", "hour". */
enum measure_per { PER_DAY, PER_HOUR, MEASURE_PERS };

const char *measure_count_name(enum measure_count count);
const char *measure_by_name(enum measure_by by); /* of one key */
const char *measure_per_name(enum measure_per per);
/* Whether distinct things are counted: counts of parts are then united, never added. */
static inline bool measure_count_is_distinct(enum measure_count count)
{
    return count == COUNT_SOURCES || count == COUNT_SOURCE_SENSORS;
}

/* What a packet's sender looks like; exactly one per packet, the first that matches in this order. Names:
 * "mirai", "zmap", "masscan", "backscatter", "other". domain of the rules: README, "Tools". */
enum tool { TOOL_MIRAI, TOOL_ZMAP, TOOL_MASSCAN, TOOL_BACKSCATTER, TOOL_OTHER, TOOL_COUNT };
const char *tool_name(enum tool tool);
/* -1 when there is no tool of that name. */
int tool_find(const char *name);

/* Bit 0 of the flags byte is "fin", then syn, rst, psh, ack, urg, ece, cwr (RFC 9293 section 3.1). */
const char *tcp_flag_name(int bit);

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
    uint8_t tcp_flags_set;    /* TCP flags (RFC 9293 section 3.1) that must be set, */
    uint8_t tcp_flags_clear;  /* and that must be clear; both 0: any packet */
    /* Types of ICMP; of ICMPv6 where `protocols` names it (then of ICMP only where it is named as well). */
    struct port_range *icmp_types;
    size_t icmp_type_count;                 /* 0: any */
    struct prefix_list source_prefixes;     /* empty: any source */
    struct prefix_list not_source_prefixes; /* sources that are left out */
    char *bpf;                              /* pcap-filter(7) expression on the whole packet, or NULL */
};

struct measure {
    char *id;
    enum measure_count count;
    enum measure_by by;
    enum measure_per per;
    struct measure_filter filter;
    int line; /* of publication.xml */
};

void measure_release(struct measure *measure);

/* "port", or for a pair "port+region". */
char *measure_grouping(enum measure_by by);
/* The reverse; between two keys stand blanks, a comma or "+". False when it is none: an unknown key,
 * "nothing" in a pair, or one key twice. */
bool measure_grouping_parse(const char *text, enum measure_by *by);

/* A canonical one-line text of the definition: equal text, equal meaning. "count=packets by=port
 * sensor-group=domestic". Lists are sorted and without repetition. Owned by the caller. */
char *measure_definition(const struct measure *measure);

#endif

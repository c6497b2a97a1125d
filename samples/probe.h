/* probe.h - the bytes of one packet that a fictitious host sends to a sensor, from link layer to payload.
 *
 * Normative: RFC 791 (IPv4), 8200 (IPv6), 9293 (TCP), 768 (UDP), 792 (ICMP), 4443 (ICMPv6); checksums RFC
 * 1071.
 */
#ifndef TEITEN_SAMPLES_PROBE_H
#define TEITEN_SAMPLES_PROBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "random.h"

enum probe_tool { PROBE_MIRAI, PROBE_ZMAP, PROBE_MASSCAN, PROBE_BACKSCATTER, PROBE_OTHER, PROBE_TOOL_COUNT };
enum probe_link { PROBE_ETHERNET, PROBE_VLAN, PROBE_RAW };

/* What no measure counts: one entry for each reason that a capture can give. */
enum probe_oddity {
    PROBE_ARP,            /* not IP */
    PROBE_FROM_SENSOR,    /* a sensor answers */
    PROBE_NOT_TO_SENSOR,  /* for a neighbour's address */
    PROBE_MALFORMED,      /* header length under 20 bytes */
    PROBE_TRUNCATED,      /* cut inside the IP header */
    PROBE_FRAGMENT,       /* second fragment */
    PROBE_AFTER_MIDNIGHT, /* the recorder changed files late */
    PROBE_BAD_TIME,       /* a million microseconds and more */
    PROBE_FOREIGN_LINK,   /* a file with a link type of a vendor's own */
    PROBE_ODDITY_COUNT
};

/* "23/TCP", "1024-65535/TCP", "8/ICMP" (the type). */
struct probe_target {
    uint8_t protocol;               /* IP protocol number */
    uint16_t first_port, last_port; /* inclusive */
};

struct probe_address {
    int ip_version;
    uint8_t bytes[16]; /* network byte order; IPv4 in the first four */
};

/* What a sender keeps over the packets of one visit. */
struct probe {
    enum probe_tool tool;
    uint8_t protocol;
    uint16_t destination_port; /* ICMP: the type */
    uint16_t source_port;
    uint32_t sequence;
    uint16_t ip_id;
    uint8_t time_to_live;
    uint16_t window;
    bool rejected; /* backscatter: RST instead of SYN+ACK */
    uint32_t payload_seed;
    struct probe_address source, destination;
};

enum { PROBE_SIZE_MAX = 400 };

/* Fills in everything but the addresses' kin: source must be set, destination is set per packet. */
void probe_init(struct probe *probe, enum probe_tool tool, const struct probe_target *target,
                const struct probe_address *source, struct random *random);
/* Writes the frame, returns its length on the wire (Ethernet pads to 60 bytes). */
size_t probe_write(const struct probe *probe, enum probe_link link, uint8_t frame[PROBE_SIZE_MAX]);
/* An ARP request for an address of the sensor's network, on Ethernet. */
size_t probe_write_arp(const uint8_t address[4], enum probe_link link, uint8_t frame[PROBE_SIZE_MAX]);
/* Bytes before the IP header. */
size_t probe_link_size(enum probe_link link);
/* Sums up the IPv4 header again after it was changed. */
void probe_renew_header_checksum(uint8_t *header);

/* -1 and false: no such name. */
int probe_tool_find(const char *name);
int probe_oddity_find(const char *name);
bool probe_target_parse(const char *text, struct probe_target *target);

#endif

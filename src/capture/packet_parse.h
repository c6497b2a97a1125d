/* packet_parse.h - shared by the parts of packet_decode; nobody else includes it.
 *
 * A decoder is given what is left of the packet as a span, takes its header off and says what comes next.
 * Every read is checked against span.size first: arbitrary truncation is assumed.
 *
 *     link layer (packet_link.c, packet_ethernet.c, packet_wireless.c, packet_serial.c)  ->  struct network
 *     struct network (packet_ip.c)  ->  struct packet_headers, and what they carry
 *     what they carry (packet_tunnel.c)  ->  struct network once more, where tunnels are opened
 */
#ifndef TEITEN_CAPTURE_PACKET_PARSE_H
#define TEITEN_CAPTURE_PACKET_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capture/byte_order.h"
#include "capture/packet.h"

struct span {
    const uint8_t *data;
    size_t size;
};

/* Takes `size` bytes off the front. False, and nothing changed, when there are fewer. */
static inline bool span_skip(struct span *span, size_t size)
{
    if (span->size < size)
        return false;
    span->data += size;
    span->size -= size;
    return true;
}

/* What a link-layer decoder found: PACKET_DECODED when `ip` starts with an IP header, otherwise the reason
 * why not. */
struct network {
    int version; /* 4 or 6 as the link layer says; 0 when it leaves that to the header's first four bits */
    struct span ip;
    int nesting; /* link layers inside link layers so far */
};

typedef enum packet_fate link_decoder(struct span span, struct network *network);

/* NULL: not supported. */
link_decoder *packet_link_find(int link_type);

/* Another link layer inside this one. Crafted packets nest without end: more than a few are PACKET_MALFORMED.
 */
enum packet_fate packet_link_nested(int link_type, struct span span, struct network *network);

/* What several link layers carry. */
enum packet_fate packet_network_ip(struct span span, int version, struct network *network);
enum packet_fate packet_ethernet(struct span span, struct network *network);
/* What follows an EtherType, VLAN tags, MPLS labels and PPPoE included. */
enum packet_fate packet_ethertype(uint16_t type, struct span span, struct network *network);
/* IEEE 802.2 LLC, as 802.3, 802.5, 802.11, FDDI and ATM carry it. */
enum packet_fate packet_llc(struct span span, struct network *network);
/* The one-byte protocol identifiers of ISO/IEC TR 9577, as RFC 2427 and RFC 2684 use them. */
enum packet_fate packet_nlpid(struct span span, struct network *network);
/* From the protocol field on, which may be one byte long (RFC 1661, section 2 and 6.5). */
enum packet_fate packet_ppp(struct span span, struct network *network);
enum packet_fate packet_mpls(struct span span, struct network *network);
/* An address family as the systems number it: AF_INET is 2 everywhere, AF_INET6 10, 24, 28 or 30. */
enum packet_fate packet_address_family(uint32_t family, struct span span, struct network *network);

/* Link layers with a file of their own. */
link_decoder packet_null, packet_ppp_framed, packet_ppp_direction, packet_pppoe, packet_c_hdlc,
    packet_frame_relay, packet_frame_relay_direction, packet_slip;
link_decoder packet_ieee80211, packet_radiotap, packet_prism, packet_avs, packet_ppi;

/* Reads the IP header and what follows it. `headers` is zeroed but for the ports, which are -1. `payload` is
 * set when the packet is decoded: the captured bytes after the IP header and its extension headers. */
enum packet_fate packet_ip(const struct network *network, struct packet_headers *headers,
                           struct span *payload);

/* What `payload` carries behind `headers` when it is one of these tunnels: PACKET_DECODED when `network` has
 * an IP header, PACKET_TRUNCATED or PACKET_MALFORMED when there is none to be read although there is a
 * tunnel; anything else: no tunnel of these, or no IP in it. */
enum packet_fate packet_tunnel(unsigned int tunnels, const struct packet_headers *headers,
                               struct span payload, struct network *network);

#endif

/* tool.h - what sent a packet, by its signature; exactly one tool per packet, the first that matches.
 *
 * | tool        | rule                                                                                      |
 * |-------------|-------------------------------------------------------------------------------------------|
 * | mirai       | IPv4 TCP SYN whose sequence number is the destination address                             |
 * | zmap        | IPv4 TCP SYN with identification 54321 (ZMap before 4.1)                                  |
 * | masscan     | IPv4 TCP SYN with identification = low 16 bits of (destination address ^ port ^ sequence) |
 * | backscatter | TCP SYN+ACK or RST; UDP from port 53; ICMP types 0, 3, 4, 5, 11, 12, 14, 16, 18           |
 * | other       | everything else                                                                           |
 *
 * A SYN has SYN set and ACK, RST and FIN clear. Everything is in host byte order. TCP packets whose sequence
 * number or flags the capture cut are "other". By chance, a packet looks like mirai once in 2^32, like zmap
 * or masscan once in 2^16. ICMPv6 and the IPv6 forms of the scanners' signatures are not told apart.
 */
#ifndef TEITEN_AGGREGATE_TOOL_H
#define TEITEN_AGGREGATE_TOOL_H

#include "base/lanes.h"
#include "capture/packet.h"
#include "publication/measure.h"

/* `headers` of a packet whose fate is PACKET_DECODED. */
enum tool tool_classify(const struct packet_headers *headers);

/* What the rules need of several packets at once, one in each lane. */
struct tool_clues {
    lanes protocol, destination, ip_id;
    lanes ports; /* source, then destination port, 16 bits each; of ICMP, the type in the uppermost byte */
    lanes tcp_sequence;
    lanes tcp_flags;     /* 0 of all but TCP */
    lanes has_signature; /* a mask: none where no signature can be looked for, as in IPv6 */
};

/* The same of all of them. Inline: every packet comes this way. */
static inline lanes tool_of(const struct tool_clues *clues)
{
    enum {
        FIN = 1,
        SYN = 2,
        RST = 4,
        ACK = 16,
        ZMAP_ID = 54321,
        PORT_DOMAIN = 53
    }; /* RFC 9293, section 3.1 */
    lanes other = lanes_all(TOOL_OTHER);
    lanes mixed = (clues->destination ^ clues->ports ^ clues->tcp_sequence) & 0xffff;
    lanes sender = lanes_choose((lanes)(clues->ip_id == mixed), lanes_all(TOOL_MASSCAN), other);
    sender = lanes_choose((lanes)(clues->ip_id == ZMAP_ID), lanes_all(TOOL_ZMAP), sender);
    sender = lanes_choose((lanes)(clues->tcp_sequence == clues->destination), lanes_all(TOOL_MIRAI), sender);
    sender = lanes_choose(clues->has_signature, sender, other);
    /* Answers to something that another host sent under our address. ICMP: echo reply, unreachable, source
     * quench, redirect, time exceeded, parameter problem, and the replies to timestamp, information and mask
     * requests (RFC 792, RFC 950). */
    lanes flags = clues->tcp_flags;
    lanes type = clues->ports >> 24;
    lanes is_refused = (lanes)((flags & RST) != 0) | (lanes)((flags & (SYN | ACK)) == (SYN | ACK));
    lanes is_resolved = (lanes)(clues->protocol == PACKET_UDP) & (lanes)(clues->ports >> 16 == PORT_DOMAIN);
    lanes is_reported = (lanes)(type == 0) | (lanes)(type == 3) | (lanes)(type == 4) | (lanes)(type == 5) |
                        (lanes)(type == 11) | (lanes)(type == 12) | (lanes)(type == 14) |
                        (lanes)(type == 16) | (lanes)(type == 18);
    lanes is_answer = is_refused | is_resolved | ((lanes)(clues->protocol == PACKET_ICMP) & is_reported);
    lanes tool = lanes_choose(is_answer, lanes_all(TOOL_BACKSCATTER), other);
    return lanes_choose((lanes)((flags & (FIN | SYN | RST | ACK)) == SYN), sender, tool);
}

#endif

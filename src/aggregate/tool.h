/* tool.h - what sent a packet, by its signature; exactly one tool per packet, the first that matches.
 *
 * | tool        | rule |
 * |-------------|---------------------------------------------------------------------------------------------------|
 * | mirai       | IPv4 TCP SYN whose sequence number is the destination address | | zmap        | IPv4 TCP
 * SYN with identification 54321 (ZMap before 4.1)                                          | | masscan     |
 * IPv4 TCP SYN with identification = low 16 bits of (destination address ^ port ^ sequence number)  | |
 * backscatter | TCP SYN+ACK or RST; UDP from port 53; ICMP types 0, 3, 4, 5, 11, 12, 14, 16, 18 | | other |
 * everything else                                                                                   |
 *
 * A SYN has SYN set and ACK, RST and FIN clear. Everything is in host byte order. TCP packets whose sequence
 * number or flags the capture cut are "other". By chance, a packet looks like mirai once in 2^32, like zmap
 * or masscan once in 2^16. ICMPv6 and the IPv6 forms of the scanners' signatures are not told apart.
 */
#ifndef TEITEN_AGGREGATE_TOOL_H
#define TEITEN_AGGREGATE_TOOL_H

#include "capture/packet.h"
#include "publication/measure.h"

/* `headers` of a packet whose fate is PACKET_DECODED. */
enum tool tool_classify(const struct packet_headers *headers);

#endif

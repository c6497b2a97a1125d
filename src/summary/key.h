/* key.h - what a measure is grouped by, as a number while counting and as a text in files.
 *
 *     by          text
 *     nothing     "all"
 *     port        "23/TCP", "53/UDP", "80/SCTP", "80/DCCP", "80/UDPLite"; "8/ICMP" (the type), "128/ICMPv6";
 *                 "ICMP" where it is counted as one; "47/IP" (a protocol without ports, by its number)
 *     protocol    "TCP", "UDP", "ICMP", "ICMPv6", "SCTP", "DCCP", "UDPLite"; "47/IP" (any other)
 *     region      "US"; "??" for an address in no allocation
 *     sensor      the sensor's id
 *     group       the sensors' group
 *     tool        "mirai", "zmap", "masscan", "backscatter", "other"
 *     source-24   "192.0.2.0/24", "2001:db8::/48"
 *     a pair      both, joined by "+": "23/TCP+US"; no first key of a pair holds a "+"
 *
 * The order of keys (ties are listed in it) is: ports and protocols by protocol number, then by port number;
 * prefixes by address, IPv4 first; the others by their bytes. Pairs by their first key, then by the second.
 */
#ifndef TEITEN_SUMMARY_KEY_H
#define TEITEN_SUMMARY_KEY_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "publication/measure.h"
#include "summary/octets.h"

enum { KEY_TEXT_SIZE = 80 };

/* Text of a port key. protocol is the IP protocol number; port a destination port or ICMP type, or -1 when
 * the packet has none. */
const char *key_from_port(uint8_t protocol, int port, char buffer[KEY_TEXT_SIZE]);
const char *key_from_protocol(uint8_t protocol, char buffer[KEY_TEXT_SIZE]);
/* "first+second", owned by the caller. */
char *key_join(const char *first, const char *second);
/* The second key of a pair's text, borrowed from it; NULL when it is no pair. */
const char *key_second(const char *key);
/* The reverse of key_from_port. False when the text is no port key. */
bool key_to_port(const char *text, uint8_t *protocol, int *port);

/* Keys in files, as bytes whose order (memcmp) is that of the keys; none is the beginning of another:
 *
 *     nothing      none
 *     port         four bytes, the highest first: protocol << 17 | port + 1 (0: none)
 *     protocol     one byte
 *     source-24    4, then the prefix's three bytes; or 6, then its six
 *     others       the text and a NUL
 *     a pair       both */
enum { KEY_TEXT_MAX = 4096, KEY_IPV4 = 4, KEY_IPV6 = 6 };
static inline uint32_t key_port_number(uint8_t protocol, int port)
{
    return (uint32_t)protocol << 17 | (uint32_t)(port + 1);
}
/* Appends the bytes of a key's text; false, and nothing, when the text is no key of this kind. */
bool key_write(enum measure_by by, const char *text, struct octets *out);
/* The size of the key that the bytes begin with; -1 when they begin with none. */
int key_size(enum measure_by by, const uint8_t *data, size_t size);
/* The same of bytes that are known to begin with one. */
size_t key_skip(enum measure_by by, const uint8_t *data);
/* The text of such bytes and a NUL, appended. */
void key_text(enum measure_by by, const uint8_t *data, struct octets *out);

/* Order of two key texts of one measure: <0, 0, >0; 0 only for equal texts. */
int key_compare(const char *a, const char *b);

#endif

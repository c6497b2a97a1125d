/* key.h - what a measure is grouped by, as a number while counting and as a text in files.
 *
 * | by      | text                                                       |
 * |---------|------------------------------------------------------------|
 * | nothing | "all"                                                      |
 * | port    | "23/TCP", "53/UDP", "80/SCTP", "80/DCCP", "80/UDPLite"; "8/ICMP" (the type), "128/ICMPv6";
 * "ICMP" where it is counted as one; | |         | "47/IP" (protocol without ports, by its number) | | region
 * | "US"; "??" for an address in no allocation                 | | sensor  | the sensor's id | | tool    |
 * "mirai", "zmap", "masscan", "backscatter", "other"         |
 *
 * The order of keys (ties are listed in it) is: ports by protocol number, then by port number; the others by
 * their bytes.
 */
#ifndef TEITEN_SUMMARY_KEY_H
#define TEITEN_SUMMARY_KEY_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

enum { KEY_TEXT_SIZE = 80 };

/* Text of a port key. protocol is the IP protocol number; port a destination port or ICMP type, or -1 when
 * the packet has none. */
const char *key_from_port(uint8_t protocol, int port, char buffer[KEY_TEXT_SIZE]);
/* The reverse. False when the text is no port key. */
bool key_to_port(const char *text, uint8_t *protocol, int *port);
/* Order of two key texts of one measure: <0, 0, >0. Port keys before others, by protocol, then port. */
int key_compare(const char *a, const char *b);

#endif

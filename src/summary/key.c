#include "summary/key.h"

#include <stdio.h>
#include <string.h>

#include "base/number.h"

/* Protocols whose packets carry a number that they are grouped by (IANA protocol numbers). */
static const struct {
    uint8_t protocol;
    const char *name;
} protocols[] = {
    {1, "ICMP"}, {6, "TCP"}, {17, "UDP"}, {33, "DCCP"}, {58, "ICMPv6"}, {132, "SCTP"}, {136, "UDPLite"},
};

static const char *protocol_label(uint8_t protocol)
{
    for (size_t i = 0; i < G_N_ELEMENTS(protocols); i++)
        if (protocols[i].protocol == protocol)
            return protocols[i].name;
    return NULL;
}

const char *key_from_port(uint8_t protocol, int port, char buffer[KEY_TEXT_SIZE])
{
    const char *name = protocol_label(protocol);
    if (port >= 0 && name != NULL)
        snprintf(buffer, KEY_TEXT_SIZE, "%d/%s", port, name);
    else if (protocol == 1)
        snprintf(buffer, KEY_TEXT_SIZE, "ICMP");
    else
        snprintf(buffer, KEY_TEXT_SIZE, "%d/IP", (int)protocol);
    return buffer;
}

bool key_to_port(const char *text, uint8_t *protocol, int *port)
{
    if (strcmp(text, "ICMP") == 0) {
        *protocol = 1;
        *port = -1;
        return true;
    }
    const char *slash = strchr(text, '/');
    size_t length = slash == NULL ? 0 : (size_t)(slash - text);
    /* No leading zeros: one key has one text. */
    if (length < 1 || length > 5 || (text[0] == '0' && length > 1))
        return false;
    char digits[6];
    memcpy(digits, text, length);
    digits[length] = '\0';
    uint64_t number;
    if (!number_parse(digits, 0, 65535, &number))
        return false;
    if (strcmp(slash + 1, "IP") == 0) {
        /* ICMP without a type has its own text. */
        if (number > 255 || number == 1)
            return false;
        *protocol = (uint8_t)number;
        *port = -1;
        return true;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(protocols); i++) {
        if (strcmp(protocols[i].name, slash + 1) == 0) {
            *protocol = protocols[i].protocol;
            *port = (int)number;
            return true;
        }
    }
    return false;
}

int key_compare(const char *a, const char *b)
{
    uint8_t protocol_a = 0, protocol_b = 0;
    int port_a = 0, port_b = 0;
    bool is_port_a = key_to_port(a, &protocol_a, &port_a);
    bool is_port_b = key_to_port(b, &protocol_b, &port_b);
    if (is_port_a != is_port_b)
        return is_port_a ? -1 : 1;
    if (!is_port_a)
        return strcmp(a, b);
    if (protocol_a != protocol_b)
        return protocol_a < protocol_b ? -1 : 1;
    return (port_a > port_b) - (port_a < port_b);
}

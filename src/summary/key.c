#include "summary/key.h"

#include <arpa/inet.h>
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
    /* Summaries have a hundred thousand of these keys, which are read for each comparison. */
    uint32_t number = 0;
    size_t length = 0;
    for (; length < 6 && text[length] >= '0' && text[length] <= '9'; length++)
        number = number * 10 + (uint32_t)(text[length] - '0');
    const char *slash = text + length;
    /* No leading zeros: one key has one text. */
    if (length < 1 || *slash != '/' || number > 65535 || (text[0] == '0' && length > 1))
        return false;
    if (strcmp(slash, "/TCP") == 0 || strcmp(slash, "/UDP") == 0) {
        *protocol = slash[1] == 'T' ? 6 : 17;
        *port = (int)number;
        return true;
    }
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

const char *key_from_protocol(uint8_t protocol, char buffer[KEY_TEXT_SIZE])
{
    const char *name = protocol_label(protocol);
    if (name == NULL)
        return key_from_port(protocol, -1, buffer);
    g_strlcpy(buffer, name, KEY_TEXT_SIZE);
    return buffer;
}

const char *key_from_source_24(bool is_ipv6, uint64_t number, char buffer[KEY_TEXT_SIZE])
{
    uint8_t address[16] = {0};
    int size = is_ipv6 ? 6 : 3;
    for (int i = 0; i < size; i++)
        address[i] = (uint8_t)(number >> (8 * (size - 1 - i)));
    char text[INET6_ADDRSTRLEN];
    inet_ntop(is_ipv6 ? AF_INET6 : AF_INET, address, text, sizeof text);
    snprintf(buffer, KEY_TEXT_SIZE, "%s/%d", text, is_ipv6 ? 48 : 24);
    return buffer;
}

char *key_join(const char *first, const char *second)
{
    return g_strdup_printf("%s+%s", first, second);
}

const char *key_second(const char *key)
{
    const char *plus = strchr(key, '+');
    return plus == NULL ? NULL : plus + 1;
}

/* One key, or one half of a pair, read for comparison. */
struct part {
    enum { PART_PORT, PART_IPV4, PART_IPV6, PART_OTHER } kind;
    uint64_t number; /* protocol and port, or the first bits of the address */
    char text[KEY_TEXT_SIZE];
};

/* The prefix that key_from_source_24 would write as this text. */
static bool prefix_read(const char *text, struct part *part)
{
    size_t length = strlen(text);
    if (length < 4 || (strcmp(text + length - 3, "/24") != 0 && strcmp(text + length - 3, "/48") != 0))
        return false;
    bool is_ipv6 = text[length - 2] == '4';
    char address_text[KEY_TEXT_SIZE], canonical[KEY_TEXT_SIZE];
    uint8_t address[16];
    g_strlcpy(address_text, text, length - 2);
    if (inet_pton(is_ipv6 ? AF_INET6 : AF_INET, address_text, address) != 1)
        return false;
    part->kind = is_ipv6 ? PART_IPV6 : PART_IPV4;
    part->number = 0;
    for (int i = 0; i < (is_ipv6 ? 6 : 3); i++)
        part->number = part->number << 8 | address[i];
    return strcmp(key_from_source_24(is_ipv6, part->number, canonical), text) == 0;
}

static void part_read(const char *text, size_t length, struct part *part)
{
    uint8_t protocol;
    int port;
    part->kind = PART_OTHER;
    if (length >= sizeof part->text) /* compared as bytes, where it stands */
        return;
    memcpy(part->text, text, length);
    part->text[length] = '\0';
    if (key_to_port(part->text, &protocol, &port)) {
        part->kind = PART_PORT;
        part->number = (uint64_t)protocol << 17 | (uint64_t)(port + 1);
        return;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(protocols); i++) {
        if (strcmp(protocols[i].name, part->text) == 0) {
            part->kind = PART_PORT;
            part->number = (uint64_t)protocols[i].protocol << 17;
            return;
        }
    }
    if (!prefix_read(part->text, part))
        part->kind = PART_OTHER;
}

static int bytes_compare(const char *a, size_t a_length, const char *b, size_t b_length)
{
    int order = memcmp(a, b, MIN(a_length, b_length));
    return order != 0 ? order : (a_length > b_length) - (a_length < b_length);
}

static int part_compare(const char *a, size_t a_length, const char *b, size_t b_length)
{
    struct part x, y;
    part_read(a, a_length, &x);
    part_read(b, b_length, &y);
    if (x.kind != y.kind)
        return x.kind < y.kind ? -1 : 1;
    if (x.kind != PART_OTHER && x.number != y.number)
        return x.number < y.number ? -1 : 1;
    return bytes_compare(a, a_length, b, b_length);
}

int key_compare(const char *a, const char *b)
{
    size_t a_length = strcspn(a, "+");
    size_t b_length = strcspn(b, "+");
    int order = part_compare(a, a_length, b, b_length);
    if (order != 0)
        return order;
    if (a[a_length] == '\0' || b[b_length] == '\0')
        return (a[a_length] != '\0') - (b[b_length] != '\0');
    return part_compare(a + a_length + 1, strlen(a + a_length + 1), b + b_length + 1,
                        strlen(b + b_length + 1));
}

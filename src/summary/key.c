#include "summary/key.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"

enum { PROTOCOL_ICMP = 1, PROTOCOL_TCP = 6, PROTOCOL_UDP = 17 };

/* Protocols whose packets carry a number that they are grouped by (IANA protocol numbers). */
static const struct {
    uint8_t protocol;
    const char *name;
} protocols[] = {
    {PROTOCOL_ICMP, "ICMP"}, {PROTOCOL_TCP, "TCP"}, {PROTOCOL_UDP, "UDP"}, {33, "DCCP"},
    {58, "ICMPv6"},          {132, "SCTP"},         {136, "UDPLite"},
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
    else if (protocol == PROTOCOL_ICMP)
        snprintf(buffer, KEY_TEXT_SIZE, "ICMP");
    else
        snprintf(buffer, KEY_TEXT_SIZE, "%d/IP", (int)protocol);
    return buffer;
}

bool key_to_port(const char *text, uint8_t *protocol, int *port)
{
    if (strcmp(text, "ICMP") == 0) {
        *protocol = PROTOCOL_ICMP;
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
        *protocol = slash[1] == 'T' ? PROTOCOL_TCP : PROTOCOL_UDP;
        *port = (int)number;
        return true;
    }
    if (strcmp(slash + 1, "IP") == 0) {
        /* ICMP without a type has its own text. */
        if (number > 255 || number == PROTOCOL_ICMP)
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

/* `number`: the first 24 bits of an IPv4 address, or the first 48 of an IPv6 address. */
static const char *source_24_text(bool is_ipv6, uint64_t number, char buffer[KEY_TEXT_SIZE])
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

/* The prefix that source_24_text would write as this text. */
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
    return strcmp(source_24_text(is_ipv6, part->number, canonical), text) == 0;
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

/* ---- keys as bytes ---- */

static bool port_write(const char *text, struct octets *out)
{
    uint8_t protocol;
    int port;
    if (!key_to_port(text, &protocol, &port))
        return false;
    uint32_t number = key_port_number(protocol, port);
    uint8_t bytes[4] = {(uint8_t)(number >> 24), (uint8_t)(number >> 16), (uint8_t)(number >> 8),
                        (uint8_t)number};
    octets_append(out, bytes, sizeof bytes);
    return true;
}

static bool protocol_write(const char *text, struct octets *out)
{
    uint8_t number;
    int port;
    for (size_t i = 0; i < G_N_ELEMENTS(protocols); i++) {
        if (strcmp(protocols[i].name, text) == 0) {
            octets_append(out, &protocols[i].protocol, 1);
            return true;
        }
    }
    if (!key_to_port(text, &number, &port) || port != -1 || protocol_label(number) != NULL)
        return false;
    octets_append(out, &number, 1);
    return true;
}

static bool source_24_write(const char *text, struct octets *out)
{
    struct part part;
    if (strlen(text) >= sizeof part.text || !prefix_read(text, &part))
        return false;
    bool is_ipv6 = part.kind == PART_IPV6;
    uint8_t bytes[7] = {is_ipv6 ? KEY_IPV6 : KEY_IPV4};
    int size = is_ipv6 ? 6 : 3;
    for (int i = 0; i < size; i++)
        bytes[1 + i] = (uint8_t)(part.number >> 8 * (size - 1 - i) & 0xff);
    octets_append(out, bytes, (size_t)size + 1);
    return true;
}

static bool part_write(enum measure_by by, const char *text, struct octets *out)
{
    switch (by) {
    case BY_NOTHING:
        return strcmp(text, "all") == 0;
    case BY_PORT:
        return port_write(text, out);
    case BY_PROTOCOL:
        return protocol_write(text, out);
    case BY_SOURCE_24:
        return source_24_write(text, out);
    case BY_REGION:
    case BY_SENSOR:
    case BY_TOOL:
    case BY_GROUP:
        if (text[0] == '\0' || strlen(text) >= KEY_TEXT_MAX)
            return false;
        octets_append(out, text, strlen(text) + 1);
        return true;
    case MEASURE_BYS:
        break;
    }
    return false;
}

bool key_write(enum measure_by by, const char *text, struct octets *out)
{
    if (measure_by_second(by) == BY_NOTHING)
        return part_write(by, text, out);
    size_t size = out->size;
    const char *second = key_second(text);
    if (second == NULL)
        return false;
    char *first = g_strndup(text, (size_t)(second - text) - 1);
    bool is_key =
        part_write(measure_by_first(by), first, out) && part_write(measure_by_second(by), second, out);
    if (!is_key)
        out->size = size;
    g_free(first);
    return is_key;
}

static uint32_t port_number(const uint8_t *data)
{
    return (uint32_t)data[0] << 24 | (uint32_t)data[1] << 16 | (uint32_t)data[2] << 8 | data[3];
}

/* -1 or the size; `is_first` of a pair, whose text holds no plus sign. */
static int part_size(enum measure_by by, bool is_first, const uint8_t *data, size_t size)
{
    switch (by) {
    case BY_NOTHING:
        return 0;
    case BY_PORT: {
        uint32_t number = size < 4 ? UINT32_MAX : port_number(data);
        uint32_t port = number & 0x1ffff;
        bool is_port = number >> 25 == 0 && port <= 65536 &&
                       (port == 0 || protocol_label((uint8_t)(number >> 17)) != NULL);
        return is_port ? 4 : -1;
    }
    case BY_PROTOCOL:
        return size < 1 ? -1 : 1;
    case BY_SOURCE_24:
        if (size >= 4 && data[0] == KEY_IPV4)
            return 4;
        return size >= 7 && data[0] == KEY_IPV6 ? 7 : -1;
    case BY_REGION:
    case BY_SENSOR:
    case BY_TOOL:
    case BY_GROUP: {
        const uint8_t *end = memchr(data, '\0', MIN(size, KEY_TEXT_MAX));
        size_t length = end == NULL ? 0 : (size_t)(end - data);
        bool is_text = length > 0 && g_utf8_validate((const char *)data, (gssize)length, NULL) &&
                       (!is_first || memchr(data, '+', length) == NULL);
        return is_text ? (int)length + 1 : -1;
    }
    case MEASURE_BYS:
        break;
    }
    return -1;
}

int key_size(enum measure_by by, const uint8_t *data, size_t size)
{
    enum measure_by second = measure_by_second(by);
    int first_size = part_size(measure_by_first(by), second != BY_NOTHING, data, size);
    if (first_size < 0 || second == BY_NOTHING)
        return first_size;
    int second_size = part_size(second, false, data + first_size, size - (size_t)first_size);
    return second_size < 0 ? -1 : first_size + second_size;
}

static size_t part_skip(enum measure_by by, const uint8_t *data)
{
    switch (by) {
    case BY_NOTHING:
        return 0;
    case BY_PORT:
        return 4;
    case BY_PROTOCOL:
        return 1;
    case BY_SOURCE_24:
        return 1U + (data[0] == KEY_IPV4 ? 3 : 6);
    case BY_REGION:
    case BY_SENSOR:
    case BY_TOOL:
    case BY_GROUP:
    case MEASURE_BYS:
        break;
    }
    return strlen((const char *)data) + 1;
}

size_t key_skip(enum measure_by by, const uint8_t *data)
{
    size_t size = part_skip(measure_by_first(by), data);
    enum measure_by second = measure_by_second(by);
    return second == BY_NOTHING ? size : size + part_skip(second, data + size);
}

/* A large summary has millions of keys: no printf. The text ends before `end`; its start. */
static char *digits_put(char *end, uint32_t number)
{
    do {
        *--end = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    return end;
}

static void text_append(struct octets *out, const char *text)
{
    octets_append(out, text, strlen(text));
}

static void port_text(uint32_t number, struct octets *out)
{
    enum { SLASH = 10 };
    uint32_t port = number & 0x1ffff; /* plus one */
    uint8_t protocol = (uint8_t)(number >> 17);
    const char *name = protocol_label(protocol);
    char text[KEY_TEXT_SIZE];
    if (port == 0 || name == NULL) {
        text_append(out, key_from_port(protocol, -1, text));
        return;
    }
    char *start = digits_put(text + SLASH, port - 1), *end = text + SLASH;
    *end++ = '/';
    end = stpcpy(end, name);
    octets_append(out, start, (size_t)(end - start));
}

/* "192.0.2.0/24" of the address's first three bytes. */
static void ipv4_text(const uint8_t address[3], struct octets *out)
{
    char text[18] = "255.255.255.0/24";
    char *at = text + 11; /* before ".0/24" */
    for (int i = 2; i >= 0; i--) {
        at = digits_put(at, address[i]);
        if (i > 0)
            *--at = '.';
    }
    text_append(out, at);
}

static void part_text(enum measure_by by, const uint8_t *data, struct octets *out)
{
    char text[KEY_TEXT_SIZE];
    switch (by) {
    case BY_NOTHING:
        text_append(out, "all");
        return;
    case BY_PORT:
        port_text(port_number(data), out);
        return;
    case BY_PROTOCOL:
        text_append(out, key_from_protocol(data[0], text));
        return;
    case BY_SOURCE_24: {
        if (data[0] == KEY_IPV4) {
            ipv4_text(data + 1, out);
            return;
        }
        uint64_t number = 0;
        for (int i = 0; i < 6; i++)
            number = number << 8 | data[1 + i];
        text_append(out, source_24_text(true, number, text));
        return;
    }
    case BY_REGION:
    case BY_SENSOR:
    case BY_TOOL:
    case BY_GROUP:
    case MEASURE_BYS:
        break;
    }
    text_append(out, (const char *)data);
}

void key_text(enum measure_by by, const uint8_t *data, struct octets *out)
{
    enum measure_by second = measure_by_second(by);
    part_text(measure_by_first(by), data, out);
    if (second != BY_NOTHING) {
        octets_append(out, "+", 1);
        part_text(second, data + part_skip(measure_by_first(by), data), out);
    }
    octets_append(out, "", 1);
}

#include "probe.h"

#include <glib.h>
#include <string.h>

#include "base/number.h"

enum { PROTOCOL_ICMP = 1, PROTOCOL_TCP = 6, PROTOCOL_UDP = 17, PROTOCOL_ICMPV6 = 58 };
enum { FLAG_SYN = 2, FLAG_RST = 4, FLAG_ACK = 16 };
enum { ETHERNET_SIZE = 14, ETHERNET_MINIMUM = 60, VLAN_SIZE = 4, SAMPLE_VLAN = 100, ZMAP_ID = 54321 };

static void store16(uint8_t *at, uint32_t value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

static void store32(uint8_t *at, uint32_t value)
{
    store16(at, value >> 16);
    store16(at + 2, value & 0xffff);
}

static uint32_t load32(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* RFC 1071: the one's complement sum, to be folded by checksum(). */
static uint32_t sum_bytes(uint32_t sum, const uint8_t *data, size_t size)
{
    for (size_t i = 0; i < size; i++)
        sum += i % 2 == 0 ? (uint32_t)data[i] << 8 : data[i];
    return sum;
}

static uint32_t checksum(uint32_t sum)
{
    while (sum >> 16 != 0)
        sum = (sum & 0xffff) + (sum >> 16);
    return ~sum & 0xffff;
}

void probe_renew_header_checksum(uint8_t *header)
{
    store16(header + 10, 0);
    store16(header + 10, checksum(sum_bytes(0, header, 20)));
}

size_t probe_link_size(enum probe_link link)
{
    switch (link) {
    case PROBE_ETHERNET:
        return ETHERNET_SIZE;
    case PROBE_VLAN:
        return ETHERNET_SIZE + VLAN_SIZE;
    case PROBE_RAW:
        break;
    }
    return 0;
}

static void write_link(enum probe_link link, uint32_t ether_type, uint8_t *frame)
{
    /* Locally administered addresses (IEEE 802): the router's and the sensor's. */
    static const uint8_t addresses[12] = {2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1};
    if (link == PROBE_RAW)
        return;
    memcpy(frame, addresses, sizeof addresses);
    if (link == PROBE_VLAN) {
        store16(frame + 12, 0x8100); /* IEEE 802.1Q */
        store16(frame + 14, SAMPLE_VLAN);
        store16(frame + 16, ether_type);
    } else {
        store16(frame + 12, ether_type);
    }
}

static size_t pad_frame(enum probe_link link, uint8_t *frame, size_t size)
{
    if (link == PROBE_RAW || size >= ETHERNET_MINIMUM)
        return size;
    memset(frame + size, 0, ETHERNET_MINIMUM - size);
    return ETHERNET_MINIMUM;
}

size_t probe_write_arp(const uint8_t address[4], enum probe_link link, uint8_t frame[PROBE_SIZE_MAX])
{
    static const uint8_t request[8] = {0, 1, 8, 0, 6, 4, 0, 1}; /* RFC 826: Ethernet, IPv4, request */
    write_link(link, 0x0806, frame);
    uint8_t *arp = frame + probe_link_size(link);
    memset(arp, 0, 28);
    memcpy(arp, request, sizeof request);
    arp[8] = 2;
    arp[13] = 1;
    memcpy(arp + 14, address, 4);
    arp[17] = (uint8_t)(address[3] | 15);
    memcpy(arp + 24, address, 4);
    return pad_frame(link, frame, probe_link_size(link) + 28);
}

/* ---- payloads ---- */

static size_t write_udp_payload(const struct probe *probe, uint8_t *payload)
{
    static const char sip[] =
        "OPTIONS sip:100@sensor.example SIP/2.0\r\nVia: SIP/2.0/UDP scanner.example:5060\r\n"
        "From: <sip:100@scanner.example>\r\nTo: <sip:100@sensor.example>\r\nContent-Length: 0\r\n\r\n";
    static const char ssdp[] =
        "M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: \"ssdp:discover\"\r\nMX: 1\r\n"
        "ST: ssdp:all\r\n\r\n";
    static const uint8_t dns[] = {0,   0,   1,   0,   0,   1,   0,   0, 0, 0,   0, 0, 7,
                                  'e', 'x', 'a', 'm', 'p', 'l', 'e', 0, 0, 255, 0, 1};
    /* RFC 1157: SNMPv1 GetRequest of sysDescr.0, community "public" */
    static const uint8_t snmp[] = {0x30, 0x29, 2, 1,    0, 4, 6, 'p', 'u', 'b', 'l', 'i', 'c',  0xa0, 0x1c,
                                   2,    4,    0, 0,    0, 1, 2, 1,   0,   2,   1,   0,   0x30, 0x0e, 0x30,
                                   0x0c, 6,    8, 0x2b, 6, 1, 2, 1,   1,   1,   0,   5,   0};
    switch (probe->destination_port) {
    case 53:
        memcpy(payload, dns, sizeof dns);
        store16(payload, probe->payload_seed & 0xffff);
        return sizeof dns;
    case 123: /* RFC 5905: client mode */
        memset(payload, 0, 48);
        payload[0] = 0x23;
        return 48;
    case 161:
        memcpy(payload, snmp, sizeof snmp);
        return sizeof snmp;
    case 1900:
        memcpy(payload, ssdp, sizeof ssdp - 1);
        return sizeof ssdp - 1;
    case 5060:
        memcpy(payload, sip, sizeof sip - 1);
        return sizeof sip - 1;
    default:
        store32(payload, probe->payload_seed);
        return 4;
    }
}

static size_t write_tcp(const struct probe *probe, uint8_t *tcp)
{
    static const uint8_t linux_options[20] = {2, 4, 5, 0xb4, 4, 2, 8, 10, 0, 0, 0, 0, 0, 0, 0, 0, 1, 3, 3, 7};
    static const uint8_t windows_options[12] = {2, 4, 5, 0xb4, 1, 3, 3, 8, 1, 1, 4, 2};
    size_t size = 20;
    memset(tcp, 0, 20);
    store16(tcp, probe->source_port);
    store16(tcp + 2, probe->destination_port);
    uint32_t sequence = probe->sequence;
    if (probe->tool == PROBE_MIRAI)
        sequence = load32(probe->destination.bytes);
    store32(tcp + 4, sequence);
    tcp[13] = FLAG_SYN;
    store16(tcp + 14, probe->window);
    if (probe->tool == PROBE_BACKSCATTER) {
        tcp[13] = probe->rejected ? FLAG_RST | FLAG_ACK : FLAG_SYN | FLAG_ACK;
        store32(tcp + 8, probe->payload_seed);
    } else if (probe->tool == PROBE_OTHER && probe->window == 8192) {
        memcpy(tcp + 20, windows_options, sizeof windows_options);
        size += sizeof windows_options;
    } else if (probe->tool == PROBE_OTHER) {
        memcpy(tcp + 20, linux_options, sizeof linux_options);
        store32(tcp + 28, probe->payload_seed); /* timestamp value, RFC 7323 section 3.2 */
        size += sizeof linux_options;
    }
    tcp[12] = (uint8_t)(size / 4 << 4);
    return size;
}

static size_t write_transport(const struct probe *probe, uint8_t *segment, size_t *checksum_at)
{
    size_t size;
    switch (probe->protocol) {
    case PROTOCOL_TCP:
        *checksum_at = 16;
        return write_tcp(probe, segment);
    case PROTOCOL_UDP:
        *checksum_at = 6;
        size = 8 + write_udp_payload(probe, segment + 8);
        store16(segment, probe->source_port);
        store16(segment + 2, probe->destination_port);
        store16(segment + 4, (uint32_t)size);
        store16(segment + 6, 0);
        return size;
    default:
        *checksum_at = 2;
        memset(segment, 0, 16);
        segment[0] = (uint8_t)probe->destination_port;
        store32(segment + 4, probe->payload_seed);
        return 16;
    }
}

static uint32_t choose_ip_id(const struct probe *probe)
{
    uint32_t low = load32(probe->destination.bytes) & 0xffff;
    uint32_t masscan = (low ^ probe->destination_port ^ probe->sequence) & 0xffff;
    switch (probe->tool) {
    case PROBE_ZMAP:
        return ZMAP_ID;
    case PROBE_MASSCAN:
        return masscan;
    case PROBE_MIRAI:
    case PROBE_BACKSCATTER:
    case PROBE_OTHER:
    case PROBE_TOOL_COUNT:
        break;
    }
    /* The sample's tools are what its scenario says: no match by chance. */
    uint32_t id = probe->ip_id;
    while (id == ZMAP_ID || id == masscan)
        id = (id + 1) & 0xffff;
    return id;
}

size_t probe_write(const struct probe *probe, enum probe_link link, uint8_t frame[PROBE_SIZE_MAX])
{
    bool is_ipv6 = probe->source.ip_version == 6;
    size_t ip_size = is_ipv6 ? 40 : 20;
    size_t address_size = is_ipv6 ? 16 : 4;
    uint8_t *ip = frame + probe_link_size(link);
    size_t checksum_at;
    size_t segment_size = write_transport(probe, ip + ip_size, &checksum_at);

    memset(ip, 0, ip_size);
    if (is_ipv6) {
        ip[0] = 0x60;
        store16(ip + 4, (uint32_t)segment_size);
        ip[6] = probe->protocol;
        ip[7] = probe->time_to_live;
        memcpy(ip + 8, probe->source.bytes, 16);
        memcpy(ip + 24, probe->destination.bytes, 16);
    } else {
        ip[0] = 0x45;
        store16(ip + 2, (uint32_t)(ip_size + segment_size));
        store16(ip + 4, choose_ip_id(probe));
        ip[6] = probe->tool == PROBE_OTHER ? 0x40 : 0; /* don't fragment */
        ip[8] = probe->time_to_live;
        ip[9] = probe->protocol;
        memcpy(ip + 12, probe->source.bytes, 4);
        memcpy(ip + 16, probe->destination.bytes, 4);
        probe_renew_header_checksum(ip);
    }
    uint32_t sum = 0;
    if (probe->protocol != PROTOCOL_ICMP) { /* the pseudo-header */
        sum = sum_bytes(sum, probe->source.bytes, address_size);
        sum = sum_bytes(sum, probe->destination.bytes, address_size);
        sum += probe->protocol + (uint32_t)segment_size;
    }
    sum = checksum(sum_bytes(sum, ip + ip_size, segment_size));
    store16(ip + ip_size + checksum_at, probe->protocol == PROTOCOL_UDP && sum == 0 ? 0xffff : sum);
    write_link(link, is_ipv6 ? 0x86dd : 0x0800, frame);
    return pad_frame(link, frame, probe_link_size(link) + ip_size + segment_size);
}

void probe_init(struct probe *probe, enum probe_tool tool, const struct probe_target *target,
                const struct probe_address *source, struct random *random)
{
    static const uint16_t answering_ports[] = {80, 443, 443, 53, 22, 25565};
    uint32_t port_count = (uint32_t)(target->last_port - target->first_port) + 1;
    *probe = (struct probe){.tool = tool, .protocol = target->protocol, .source = *source};
    probe->destination_port = (uint16_t)(target->first_port + random_below(random, port_count));
    probe->source_port = (uint16_t)(1024 + random_below(random, 64512));
    probe->sequence = (uint32_t)random_next(random);
    probe->ip_id = (uint16_t)random_below(random, 65536);
    probe->payload_seed = (uint32_t)random_next(random);
    uint32_t distance =
        6 + source->bytes[source->ip_version == 6 ? 6 : 2] % 20u; /* hops: alike for neighbours */
    probe->time_to_live = (uint8_t)((tool == PROBE_ZMAP || tool == PROBE_MASSCAN ? 255 : 64) - distance);
    switch (tool) {
    case PROBE_ZMAP:
        probe->window = 65535;
        break;
    case PROBE_MASSCAN:
        probe->window = 1024;
        break;
    case PROBE_MIRAI:
        probe->window = (uint16_t)(1024 + random_below(random, 64000));
        break;
    case PROBE_BACKSCATTER:
        probe->source_port = target->protocol == PROTOCOL_UDP
                                 ? 53
                                 : answering_ports[random_below(random, G_N_ELEMENTS(answering_ports))];
        probe->rejected = random_below(random, 3) == 0;
        probe->window = probe->rejected ? 0 : 64240;
        break;
    case PROBE_OTHER:
    case PROBE_TOOL_COUNT:
        probe->window = random_below(random, 4) == 0 ? 8192 : 29200;
        if (probe->window == 8192)
            probe->time_to_live = (uint8_t)(128 - distance);
        break;
    }
}

/* ---- names ---- */

static int find_name(const char *const *names, int count, const char *name)
{
    for (int i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0)
            return i;
    return -1;
}

int probe_tool_find(const char *name)
{
    static const char *const names[PROBE_TOOL_COUNT] = {"mirai", "zmap", "masscan", "backscatter", "other"};
    return find_name(names, PROBE_TOOL_COUNT, name);
}

int probe_oddity_find(const char *name)
{
    static const char *const names[PROBE_ODDITY_COUNT] = {
        "arp",      "from-sensor",    "not-to-sensor", "malformed",   "truncated",
        "fragment", "after-midnight", "bad-time",      "foreign-link"};
    return find_name(names, PROBE_ODDITY_COUNT, name);
}

bool probe_target_parse(const char *text, struct probe_target *target)
{
    static const struct {
        const char *name;
        uint8_t protocol;
    } protocols[] = {
        {"TCP", PROTOCOL_TCP}, {"UDP", PROTOCOL_UDP}, {"ICMP", PROTOCOL_ICMP}, {"ICMPv6", PROTOCOL_ICMPV6}};
    g_auto(GStrv) halves = g_strsplit(text, "/", -1);
    if (g_strv_length(halves) != 2)
        return false;
    g_auto(GStrv) bounds = g_strsplit(halves[0], "-", -1);
    guint bound_count = g_strv_length(bounds);
    uint64_t first, last;
    if (bound_count < 1 || bound_count > 2 || !number_parse(bounds[0], 0, 65535, &first) ||
        !number_parse(bounds[bound_count - 1], first, 65535, &last))
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(protocols); i++) {
        if (strcmp(halves[1], protocols[i].name) == 0) {
            *target = (struct probe_target){protocols[i].protocol, (uint16_t)first, (uint16_t)last};
            return true;
        }
    }
    return false;
}

#include "aggregate/tally_parts.h"

#include <string.h>

#include "aggregate/address_set.h"
#include "aggregate/tool.h"

struct tally *tally_new(const struct plan *plan)
{
    struct tally *tally = g_new0(struct tally, 1);
    tally->plan = plan;
    tally->sensor_packets =
        g_new0(uint64_t, plan->publication->sensors.sensor_count * (size_t)plan->edition->day_count + 1);
    tally->measures = g_new0(struct tally_measure, plan->measure_count + 1);
    for (size_t i = 0; i < plan->measure_count; i++) {
        tally->measures[i].plan = &plan->measures[i];
        tally->measures[i].sets = g_ptr_array_new_with_free_func((GDestroyNotify)address_set_free);
    }
    return tally;
}

void tally_free(struct tally *tally)
{
    if (tally == NULL)
        return;
    for (size_t i = 0; i < tally->plan->measure_count; i++) {
        struct tally_measure *measure = &tally->measures[i];
        port_counts_release(&measure->ports);
        count_map_release(&measure->cells);
        g_ptr_array_unref(measure->sets);
        for (int day = 0; day < EDITION_DAYS_MAX; day++)
            g_free(measure->days[day]);
    }
    g_free(tally->measures);
    g_free(tally->sensor_packets);
    g_free(tally);
}

static uint32_t ipv4_number(const uint8_t address[4])
{
    return (uint32_t)address[0] << 24 | (uint32_t)address[1] << 16 | (uint32_t)address[2] << 8 |
           (uint32_t)address[3];
}

/* Seconds decide: a day's last packet is at most 999,999,999 ns after its last second began. */
static int day_find(struct tally *tally, int64_t seconds)
{
    if (seconds >= tally->day_start && seconds < tally->day_end)
        return tally->day;
    int day = local_days_find(&tally->plan->days, seconds);
    if (day >= 0) {
        tally->day = day;
        tally->day_start = tally->plan->days.start[day];
        tally->day_end = tally->plan->days.start[day + 1];
    }
    return day;
}

static enum bin fate_bin(enum packet_fate fate)
{
    switch (fate) {
    case PACKET_DECODED:
        return BIN_COUNTED;
    case PACKET_UNSUPPORTED_LINK:
        return BIN_UNSUPPORTED_LINK;
    case PACKET_NOT_IP:
        return BIN_NOT_IP;
    case PACKET_TRUNCATED:
        return BIN_TRUNCATED;
    case PACKET_MALFORMED:
        return BIN_MALFORMED;
    case PACKET_FRAGMENT:
        return BIN_FRAGMENT;
    }
    g_assert_not_reached();
}

/* The packet's bin, in the order that fact.h states; the fact is whole when that is BIN_COUNTED. */
static enum bin fact_read(struct tally *tally, const struct packet *packet, struct fact *fact)
{
    const struct plan *plan = tally->plan;
    struct packet_headers headers;
    enum packet_fate fate = packet_decode(packet, &headers);
    if (fate != PACKET_DECODED)
        return fate_bin(fate);
    if (packet->bad_time)
        return BIN_BAD_TIME;
    fact->day = day_find(tally, packet->seconds);
    if (fact->day < 0)
        return BIN_OUTSIDE_QUARTER;
    int sensor;
    fact->is_ipv6 = headers.ip_version == 6;
    if (fact->is_ipv6) {
        if (sensor_table_find_ipv6(plan->sensors, headers.source, fact->day) >= 0)
            return BIN_FROM_SENSOR;
        sensor = sensor_table_find_ipv6(plan->sensors, headers.destination, fact->day);
        memcpy(fact->source_ipv6, headers.source, sizeof fact->source_ipv6);
    } else {
        fact->source_ipv4 = ipv4_number(headers.source);
        if (sensor_table_find_ipv4(plan->sensors, fact->source_ipv4, fact->day) >= 0)
            return BIN_FROM_SENSOR;
        sensor = sensor_table_find_ipv4(plan->sensors, ipv4_number(headers.destination), fact->day);
    }
    if (sensor < 0)
        return BIN_NOT_TO_SENSOR;
    fact->sensor = (uint32_t)sensor;
    fact->protocol = headers.protocol;
    fact->port = headers.destination_port;
    fact->tool = tool_classify(&headers);
    fact->region = 0;
    if (plan->needs_regions)
        fact->region = fact->is_ipv6 ? region_table_find_ipv6(plan->regions, fact->source_ipv6)
                                     : region_table_find_ipv4(plan->regions, fact->source_ipv4);
    return BIN_COUNTED;
}

static uint64_t fact_key(const struct tally *tally, const struct plan_measure *measure,
                         const struct fact *fact)
{
    switch (measure->definition->by) {
    case BY_PORT:
        if (tally->plan->publication->icmp_as_one &&
            (fact->protocol == PROTOCOL_ICMP || fact->protocol == PROTOCOL_ICMPV6))
            return port_key_number(PROTOCOL_ICMP, -1);
        return port_key_number(fact->protocol, fact->port);
    case BY_REGION:
        return measure->key_numbers[fact->region];
    case BY_SENSOR:
        return measure->key_numbers[fact->sensor];
    case BY_TOOL:
        return measure->key_numbers[fact->tool];
    case BY_NOTHING:
        return 0;
    }
    g_assert_not_reached();
}

static void source_add(struct tally_measure *measure, uint64_t cell, const struct fact *fact)
{
    uint64_t *index = count_map_slot(&measure->cells, cell);
    if (*index == 0) {
        g_ptr_array_add(measure->sets, address_set_new());
        *index = measure->sets->len;
    }
    struct address_set *set = measure->sets->pdata[*index - 1];
    if (fact->is_ipv6)
        address_set_add_ipv6(set, fact->source_ipv6);
    else
        address_set_add_ipv4(set, fact->source_ipv4);
}

static void measure_add(const struct tally *tally, struct tally_measure *measure, const struct fact *fact)
{
    const struct plan_measure *plan = measure->plan;
    bool is_port = plan->definition->by == BY_PORT;
    if (plan->definition->count == COUNT_PACKETS && is_port && fact->port >= 0 &&
        (fact->protocol == PROTOCOL_TCP || fact->protocol == PROTOCOL_UDP)) {
        port_counts_add(&measure->ports, fact->day, fact->protocol == PROTOCOL_UDP, (uint16_t)fact->port);
        return;
    }
    uint64_t key = fact_key(tally, plan, fact);
    if (plan->definition->count == COUNT_SOURCES) {
        source_add(measure, cell_number(key, fact->day), fact);
    } else if (is_port) {
        ++*count_map_slot(&measure->cells, cell_number(key, fact->day));
    } else {
        if (measure->days[fact->day] == NULL)
            measure->days[fact->day] = g_new0(uint64_t, plan->key_count);
        measure->days[fact->day][key]++;
    }
}

/* 1 admitted, 0 not, -1 the expression cannot be used on this link type. */
static int bpf_admits(struct tally_measure *measure, const struct packet *packet, struct error *err)
{
    if (measure->program == NULL || measure->link_type != packet->link_type) {
        measure->program = packet_filter_program(measure->plan->bpf, packet->link_type, err);
        measure->link_type = packet->link_type;
        if (measure->program == NULL)
            return -1;
    }
    return packet_filter_matches(measure->program, packet) ? 1 : 0;
}

int tally_add(struct tally *tally, const struct packet *packet, struct error *err)
{
    struct fact fact;
    enum bin bin = fact_read(tally, packet, &fact);
    tally->packets_read++;
    tally->bins[bin]++;
    if (bin != BIN_COUNTED)
        return 0;
    tally->sensor_packets[fact.sensor * (size_t)tally->plan->edition->day_count + (size_t)fact.day]++;
    for (size_t i = 0; i < tally->plan->measure_count; i++) {
        struct tally_measure *measure = &tally->measures[i];
        if (!fact_filter_admits(&measure->plan->filter, &fact))
            continue;
        if (measure->plan->bpf != NULL) {
            int admitted = bpf_admits(measure, packet, err);
            if (admitted < 0)
                return -1;
            if (admitted == 0)
                continue;
        }
        measure_add(tally, measure, &fact);
    }
    return 0;
}

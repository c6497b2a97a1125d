#include "aggregate/tally_parts.h"

#include <string.h>

#include "aggregate/address_set.h"
#include "aggregate/tool.h"

/* Packets that are taken through each step together; their facts stay in the processor's nearest cache. */
enum { BATCH_SIZE = 128 };
#include "publication/local_days.h"

static uint32_t dense_count(const struct plan *plan, const struct plan_measure *measure)
{
    return dense_index(measure, time_number(plan->edition->day_count, 0));
}

static void archive_begin(struct tally *tally)
{
    for (size_t i = 0; i < tally->plan->publication->sensors.sensor_count; i++)
        tally->spans[i] = (struct tally_span){.first = INT64_MAX, .last = INT64_MIN};
    tally->backward_count = 0;
    tally->unsupported_count = 0;
    tally->unsupported_link = 0;
    tally->has_time = false;
}

struct tally *tally_new(const struct plan *plan)
{
    struct tally *tally = g_new0(struct tally, 1);
    size_t sensor_count = plan->publication->sensors.sensor_count;
    tally->plan = plan;
    tally->sensor_packets = g_new0(uint64_t, sensor_count * (size_t)plan->edition->day_count + 1);
    tally->spans = g_new0(struct tally_span, sensor_count + 1);
    tally->network_list = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    tally->measures = g_new0(struct tally_measure, plan->measure_count + 1);
    for (size_t i = 0; i < plan->measure_count; i++) {
        struct tally_measure *measure = &tally->measures[i];
        measure->plan = &plan->measures[i];
        if (measure->plan->storage == STORE_SETS)
            measure->sets = g_ptr_array_new_with_free_func((GDestroyNotify)address_set_free);
        if (measure->plan->storage == STORE_DENSE)
            measure->dense = g_new0(uint64_t *, dense_count(plan, measure->plan));
    }
    archive_begin(tally);
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
        cell_runs_release(&measure->runs);
        count_map_release(&measure->pairs);
        if (measure->sets != NULL)
            g_ptr_array_unref(measure->sets);
        for (uint32_t j = 0; measure->dense != NULL && j < dense_count(tally->plan, measure->plan); j++)
            g_free(measure->dense[j]);
        g_free(measure->dense);
    }
    count_map_release(&tally->networks);
    g_array_unref(tally->network_list);
    g_free(tally->spans);
    g_free(tally->measures);
    g_free(tally->sensor_packets);
    g_free(tally);
}

void tally_archive_end(struct tally *tally, struct summary_archive *archive)
{
    GArray *spans = g_array_new(FALSE, FALSE, sizeof(struct summary_span));
    for (size_t i = 0; i < tally->plan->publication->sensors.sensor_count; i++) {
        struct summary_span span = {.sensor = (uint32_t)i,
                                    .first_second = tally->spans[i].first,
                                    .last_second = tally->spans[i].last};
        if (span.first_second <= span.last_second)
            g_array_append_val(spans, span);
    }
    archive->backward_count = tally->backward_count;
    archive->unsupported_count = tally->unsupported_count;
    archive->unsupported_link = (uint32_t)CLAMP(tally->unsupported_link, 0, UINT16_MAX);
    archive->span_count = spans->len;
    archive->spans = (struct summary_span *)(void *)g_array_free(spans, FALSE);
    archive_begin(tally);
}

static void time_note(struct tally *tally, const struct packet *packet)
{
    if (packet->bad_time)
        return;
    if (tally->has_time &&
        (packet->seconds < tally->last_seconds ||
         (packet->seconds == tally->last_seconds && packet->nanoseconds < tally->last_nanoseconds)))
        tally->backward_count++;
    tally->has_time = true;
    tally->last_seconds = packet->seconds;
    tally->last_nanoseconds = packet->nanoseconds;
}

static void span_note(struct tally *tally, uint32_t sensor, int64_t seconds)
{
    struct tally_span *span = &tally->spans[sensor];
    if (seconds < span->first)
        span->first = seconds;
    if (seconds > span->last)
        span->last = seconds;
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

/* The packet's bin, in the order that fact.h states; the fact is whole but for its region when that is
 * BIN_COUNTED. */
static enum bin fact_read(struct tally *tally, const struct packet *packet, struct fact *fact)
{
    const struct plan *plan = tally->plan;
    struct packet_headers headers;
    enum packet_fate fate = plan->tunnels == 0 ? packet_decode(packet, &headers)
                                               : packet_decode_innermost(packet, plan->tunnels, &headers);
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
    fact->tcp_flags = headers.protocol == PROTOCOL_TCP && headers.has_tcp_flags ? headers.tcp_flags : -1;
    fact->size = packet->wire_size;
    fact->hour = plan->needs_hours ? local_days_hour(&plan->days, fact->day, packet->seconds) : 0;
    fact->region = 0; /* regions_find */
    return BIN_COUNTED;
}

/* The regions of several sources at once: the look-ups wait for memory together instead of one by one. */
static void regions_find(const struct region_table *regions, struct fact *facts, size_t count)
{
    uint32_t addresses[BATCH_SIZE];
    uint32_t numbers[BATCH_SIZE];
    for (size_t i = 0; i < count; i++)
        addresses[i] = facts[i].is_ipv6 ? 0 : facts[i].source_ipv4;
    region_table_find_ipv4_many(regions, addresses, numbers, count);
    for (size_t i = 0; i < count; i++)
        facts[i].region =
            facts[i].is_ipv6 ? region_table_find_ipv6(regions, facts[i].source_ipv6) : numbers[i];
}

/* The number of an IPv6 /48, given when it is first seen. More of them than numbers is more than any memory
 * holds the counts of. */
static uint64_t network_number(struct tally *tally, const uint8_t address[16])
{
    uint64_t network = 0;
    for (int i = 0; i < 6; i++)
        network = network << 8 | address[i];
    uint64_t *index = count_map_slot(&tally->networks, network);
    if (*index == 0) {
        g_array_append_val(tally->network_list, network);
        *index = tally->network_list->len;
    }
    uint64_t number = (UINT64_C(1) << 24) + *index - 1;
    if (number >> PLAN_SOURCE_24_BITS != 0)
        g_error("out of memory: too many IPv6 networks");
    return number;
}

static uint64_t dimension_number(struct tally *tally, const struct plan_dimension *dimension,
                                 const struct fact *fact)
{
    switch (dimension->by) {
    case BY_NOTHING:
        return 0;
    case BY_PORT:
        if (tally->plan->publication->icmp_as_one &&
            (fact->protocol == PROTOCOL_ICMP || fact->protocol == PROTOCOL_ICMPV6))
            return port_key_number(PROTOCOL_ICMP, -1);
        return port_key_number(fact->protocol, fact->port);
    case BY_REGION:
        return dimension->key_numbers[fact->region];
    case BY_SENSOR:
    case BY_GROUP:
        return dimension->key_numbers[fact->sensor];
    case BY_TOOL:
        return dimension->key_numbers[fact->tool];
    case BY_PROTOCOL:
        return dimension->key_numbers[fact->protocol];
    case BY_SOURCE_24:
        return fact->is_ipv6 ? network_number(tally, fact->source_ipv6) : fact->source_ipv4 >> 8;
    case MEASURE_BYS:
        break;
    }
    g_assert_not_reached();
}

/* The set that `index` stands for in a map, made when it is new. */
static struct address_set *set_at(struct tally_measure *measure, uint64_t *index)
{
    if (*index == 0) {
        g_ptr_array_add(measure->sets, address_set_new());
        *index = measure->sets->len;
    }
    return measure->sets->pdata[*index - 1];
}

static struct address_set *set_find(struct tally_measure *measure, uint64_t cell, uint32_t sensor)
{
    uint64_t *index = count_map_slot(&measure->cells, cell);
    if (measure->plan->definition->count == COUNT_SOURCES)
        return set_at(measure, index);
    if (*index == 0)
        *index = measure->cells.count;
    return set_at(measure, count_map_slot(&measure->pairs, *index << 16 | sensor));
}

/* Most packets go where the last one went. */
static void source_add(struct tally_measure *measure, uint64_t cell, const struct fact *fact)
{
    if (measure->last_cell != cell + 1 || measure->last_sensor != fact->sensor) {
        measure->last_set = set_find(measure, cell, fact->sensor);
        measure->last_cell = cell + 1;
        measure->last_sensor = fact->sensor;
    }
    if (fact->is_ipv6)
        address_set_add_ipv6(measure->last_set, fact->source_ipv6);
    else
        address_set_add_ipv4(measure->last_set, fact->source_ipv4);
}

static void measure_add(struct tally *tally, struct tally_measure *measure, const struct fact *fact)
{
    const struct plan_measure *plan = measure->plan;
    uint32_t amount = plan->definition->count == COUNT_BYTES ? fact->size : 1;
    if (plan->storage == STORE_PORTS && fact->port >= 0 &&
        (fact->protocol == PROTOCOL_TCP || fact->protocol == PROTOCOL_UDP)) {
        port_counts_add(&measure->ports, fact->day, fact->protocol == PROTOCOL_UDP, (uint16_t)fact->port,
                        amount);
        return;
    }
    uint64_t first = dimension_number(tally, &plan->first, fact);
    uint64_t second = dimension_number(tally, &plan->second, fact);
    uint32_t time = time_number(fact->day, plan->definition->per == PER_HOUR ? fact->hour : 0);
    if (plan->storage == STORE_DENSE) {
        uint64_t **counters = &measure->dense[dense_index(plan, time)];
        if (*counters == NULL)
            *counters = g_new0(uint64_t, plan->first.key_count * plan->second.key_count);
        (*counters)[first * plan->second.key_count + second] += amount;
        return;
    }
    uint64_t cell = cell_number(first << plan->second.bits | second, time);
    if (plan->storage == STORE_SETS)
        source_add(measure, cell, fact);
    else
        *count_map_slot(&measure->cells, cell) += amount;
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

/* 0, or -1 when the measure's BPF expression cannot be used. */
static int measure_offer(struct tally *tally, struct tally_measure *measure, const struct packet *packet,
                         const struct fact *fact, struct error *err)
{
    if (measure->plan->bpf != NULL) {
        int admitted = bpf_admits(measure, packet, err);
        if (admitted <= 0)
            return admitted;
    }
    measure_add(tally, measure, fact);
    return 0;
}

/* Counts a fact that is whole. 0, or -1 and an error. */
static int fact_count(struct tally *tally, const struct fact *fact, const struct packet *packet,
                      struct error *err)
{
    uint64_t admitted[FACT_FILTER_WORDS_MAX];
    tally->sensor_packets[fact->sensor * (size_t)tally->plan->edition->day_count + (size_t)fact->day]++;
    span_note(tally, fact->sensor, packet->seconds);
    if (!fact_filter_admit(&tally->plan->filter, fact, admitted))
        return 0;
    for (size_t word = 0; word < tally->plan->filter.word_count; word++)
        for (uint64_t left = admitted[word]; left != 0; left &= left - 1) {
            size_t i = word * 64 + (size_t)__builtin_ctzll(left);
            if (measure_offer(tally, &tally->measures[i], packet, fact, err) != 0)
                return -1;
        }
    return 0;
}

/* Half of all ports see a few packets a day: their counters lie far from the processor. */
static void counters_prefetch(const struct tally *tally, const struct fact *facts, size_t count)
{
    for (size_t m = 0; m < tally->plan->measure_count; m++) {
        const struct tally_measure *measure = &tally->measures[m];
        if (measure->plan->storage != STORE_PORTS)
            continue;
        for (size_t i = 0; i < count; i++)
            if (facts[i].protocol == PROTOCOL_TCP || facts[i].protocol == PROTOCOL_UDP)
                port_counts_prefetch(&measure->ports, facts[i].day, facts[i].protocol == PROTOCOL_UDP,
                                     (uint16_t)facts[i].port);
    }
}

static void unsupported_note(struct tally *tally, const struct packet *packet)
{
    if (tally->unsupported_count++ == 0)
        tally->unsupported_link = packet->link_type;
}

static int batch_add(struct tally *tally, const struct packet *packets, size_t count, struct error *err)
{
    struct fact facts[BATCH_SIZE];
    const struct packet *counted[BATCH_SIZE]; /* the packet of each fact */
    size_t fact_total = 0;
    for (size_t i = 0; i < count; i++) {
        enum bin bin = fact_read(tally, &packets[i], &facts[fact_total]);
        tally->bins[bin]++;
        time_note(tally, &packets[i]);
        if (bin == BIN_UNSUPPORTED_LINK)
            unsupported_note(tally, &packets[i]);
        if (bin == BIN_COUNTED)
            counted[fact_total++] = &packets[i];
    }
    tally->packets_read += count;
    if (tally->plan->needs_regions)
        regions_find(tally->plan->regions, facts, fact_total);
    counters_prefetch(tally, facts, fact_total);
    for (size_t i = 0; i < fact_total; i++)
        if (fact_count(tally, &facts[i], counted[i], err) != 0)
            return -1;
    for (size_t i = 0; i < tally->plan->measure_count; i++)
        tally_cells_limit(&tally->measures[i]);
    return 0;
}

int tally_add(struct tally *tally, const struct packet *packet, struct error *err)
{
    return batch_add(tally, packet, 1, err);
}

int tally_add_many(struct tally *tally, const struct packet *packets, size_t count, struct error *err)
{
    for (size_t at = 0; at < count; at += BATCH_SIZE)
        if (batch_add(tally, packets + at, MIN(count - at, BATCH_SIZE), err) != 0)
            return -1;
    return 0;
}

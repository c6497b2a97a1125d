#include "aggregate/fact_batch.h"

#include <string.h>

#include "aggregate/tool.h"
#include "capture/byte_order.h"

void fact_reader_init(struct fact_reader *reader, const struct plan *plan)
{
    *reader = (struct fact_reader){.plan = plan};
}

static inline bool time_is_current(const struct fact_reader *reader, int64_t seconds)
{
    return seconds >= reader->start && seconds < reader->end;
}

/* Makes the day, or the hour, of a second inside the edition the current one. Seconds decide: a day's last
 * packet is at most 999,999,999 ns after its last second began. */
static void time_move(struct fact_reader *reader, int64_t seconds)
{
    const struct local_days *days = &reader->plan->days;
    reader->day = local_days_find(days, seconds);
    reader->start = days->start[reader->day];
    reader->end = days->start[reader->day + 1];
    if (!reader->plan->needs_hours)
        return;
    reader->hour = local_days_hour(days, reader->day, seconds);
    reader->start += (int64_t)reader->hour * 3600;
    if (reader->hour < DAY_HOURS_MAX - 1) /* the last one takes what is left of the day */
        reader->end = MIN(reader->end, reader->start + 3600);
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

static void unsupported_note(struct fact_reader *reader, const struct packet *packet)
{
    if (reader->unsupported_count++ == 0)
        reader->unsupported_link = packet->link_type;
}

/* What follows the bins that need no address, in the order that fact.h states; the fact is whole but for its
 * region when the answer is BIN_COUNTED. */
static inline enum bin fact_read(const struct plan *plan, int day, const struct packet *packet,
                                 const struct packet_headers *headers, struct fact *fact)
{
    int sensor;
    fact->is_ipv6 = headers->ip_version == 6;
    if (fact->is_ipv6) {
        if (sensor_table_find_ipv6(plan->sensors, headers->source, day) >= 0)
            return BIN_FROM_SENSOR;
        sensor = sensor_table_find_ipv6(plan->sensors, headers->destination, day);
        memcpy(fact->source_ipv6, headers->source, sizeof fact->source_ipv6);
        fact->source_ipv4 = 0;
    } else {
        fact->source_ipv4 = load_be32(headers->source);
        if (sensor_table_find_ipv4(plan->sensors, fact->source_ipv4, day) >= 0)
            return BIN_FROM_SENSOR;
        sensor = sensor_table_find_ipv4(plan->sensors, load_be32(headers->destination), day);
    }
    if (sensor < 0)
        return BIN_NOT_TO_SENSOR;
    fact->sensor = (uint32_t)sensor;
    fact->protocol = headers->protocol;
    fact->port = headers->destination_port;
    fact->tool = (uint8_t)tool_classify(headers);
    fact->tcp_flags = headers->has_tcp_flags ? headers->tcp_flags : -1;
    fact->size = packet->wire_size;
    fact->region = 0; /* regions_find */
    return BIN_COUNTED;
}

static void regions_find(struct fact_batch *batch, const struct region_table *regions)
{
    uint32_t addresses[FACT_BATCH_SIZE];
    uint32_t numbers[FACT_BATCH_SIZE];
    for (size_t i = 0; i < batch->count; i++)
        addresses[i] = batch->facts[i].source_ipv4;
    region_table_find_ipv4_many(regions, addresses, numbers, batch->count);
    for (size_t i = 0; i < batch->count; i++) {
        struct fact *fact = &batch->facts[i];
        fact->region = fact->is_ipv6 ? region_table_find_ipv6(regions, fact->source_ipv6) : numbers[i];
    }
}

size_t fact_batch_read(struct fact_batch *batch, struct fact_reader *reader, const struct packet *packets,
                       size_t count, uint64_t bins[BIN_COUNT])
{
    const struct plan *plan = reader->plan;
    size_t taken = 0;
    size_t fact_count = 0;
    for (; taken < MIN(count, FACT_BATCH_SIZE); taken++) {
        const struct packet *packet = &packets[taken];
        struct packet_headers headers;
        enum packet_fate fate = plan->tunnels == 0 ? packet_decode(packet, &headers)
                                                   : packet_decode_innermost(packet, plan->tunnels, &headers);
        bool is_current = time_is_current(reader, packet->seconds);
        enum bin bin;
        if (fate != PACKET_DECODED) {
            bin = fate_bin(fate);
            if (bin == BIN_UNSUPPORTED_LINK)
                unsupported_note(reader, packet);
        } else if (packet->bad_time) {
            bin = BIN_BAD_TIME;
        } else if (!is_current && local_days_find(&plan->days, packet->seconds) < 0) {
            bin = BIN_OUTSIDE_QUARTER;
        } else if (!is_current && fact_count > 0) {
            break; /* it begins the next batch */
        } else {
            if (!is_current)
                time_move(reader, packet->seconds);
            bin = fact_read(plan, reader->day, packet, &headers, &batch->facts[fact_count]);
        }
        bins[bin]++;
        batch->packets[fact_count] = packet;
        fact_count += bin == BIN_COUNTED ? 1 : 0;
    }
    batch->count = fact_count;
    batch->day = reader->day;
    batch->hour = reader->hour;
    if (plan->needs_regions)
        regions_find(batch, plan->regions);
    return taken;
}

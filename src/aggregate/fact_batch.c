#include "aggregate/fact_batch.h"

#include <string.h>

#include "aggregate/tool.h"
#include "base/lanes.h"
#include "capture/byte_order.h"

void fact_reader_init(struct fact_reader *reader, const struct plan *plan)
{
    *reader = (struct fact_reader){.plan = plan};
}

void fact_reader_release(struct fact_reader *reader)
{
    for (int day = 0; day < EDITION_DAYS_MAX; day++)
        g_free(reader->in_force[day]);
    *reader = (struct fact_reader){.plan = NULL};
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
    if (reader->in_force[reader->day] == NULL)
        reader->in_force[reader->day] = sensor_table_in_force(reader->plan->sensors, reader->day);
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

/* ---- what the headers say ---- */

static void headers_note(struct fact_batch *batch, size_t at, const struct packet_headers *headers)
{
    bool is_ipv6 = headers->ip_version == 6;
    if (is_ipv6) {
        memcpy(batch->source_ipv6[at], headers->source, sizeof batch->source_ipv6[at]);
        memcpy(batch->destination_ipv6[at], headers->destination, sizeof batch->destination_ipv6[at]);
        batch->ipv6_at[batch->ipv6_count++] = (uint16_t)at;
    }
    batch->is_ipv6[at] = is_ipv6;
    batch->source[at] = is_ipv6 ? 0 : load_be32(headers->source);
    batch->destination[at] = is_ipv6 ? 0 : load_be32(headers->destination);
    batch->protocol[at] = headers->protocol;
    batch->target[at] = fact_target(headers->protocol, headers->destination_port);
    batch->tool[at] = tool_classify(headers);
    batch->tcp_flags[at] = headers->has_tcp_flags ? headers->tcp_flags : FACT_NO_FLAGS;
}

/* The same of nearly all packets, but for what clues_read makes of it. */
static inline void usual_note(struct fact_batch *batch, struct fact_clues *clues, size_t at,
                              const struct packet_usual *usual)
{
    batch->is_ipv6[at] = false;
    batch->source[at] = usual->source;
    batch->destination[at] = usual->destination;
    batch->protocol[at] = usual->protocol;
    clues->is_usual[at] = UINT32_MAX;
    clues->ports[at] = usual->ports;
    clues->ip_id[at] = usual->ip_id;
    clues->tcp_sequence[at] = usual->tcp_sequence;
    clues->tcp_flags[at] = usual->tcp_flags;
}

/* The columns that follow from the clues; of up to LANES - 1 rows behind the last one, too, whatever they
 * hold. */
static void clues_read(struct fact_batch *batch, const struct fact_clues *clues)
{
    const size_t count = batch->count;
    for (size_t i = 0; i < count; i += LANES) {
        lanes protocol = lanes_load(&batch->protocol[i]);
        lanes is_tcp = (lanes)(protocol == PACKET_TCP);
        lanes is_udp = (lanes)(protocol == PACKET_UDP);
        lanes is_icmp = (lanes)(protocol == PACKET_ICMP);
        lanes is_usual = lanes_load(&clues->is_usual[i]);
        struct tool_clues of_tool = {
            .protocol = protocol,
            .destination = lanes_load(&batch->destination[i]),
            .ip_id = lanes_load(&clues->ip_id[i]),
            .ports = lanes_load(&clues->ports[i]),
            .tcp_sequence = lanes_load(&clues->tcp_sequence[i]),
            .tcp_flags = lanes_load(&clues->tcp_flags[i]) & is_tcp,
            .has_signature = lanes_all(UINT32_MAX),
        };
        lanes target = lanes_choose(is_icmp, of_tool.ports >> 24, of_tool.ports & 0xffff) +
                       (is_udp & FACT_UDP) + (is_icmp & FACT_ICMP);
        lanes flags = of_tool.tcp_flags | (~is_tcp & FACT_NO_FLAGS);
        lanes_store(&batch->target[i], lanes_choose(is_usual, target, lanes_load(&batch->target[i])));
        lanes_store(&batch->tool[i], lanes_choose(is_usual, tool_of(&of_tool), lanes_load(&batch->tool[i])));
        lanes_store(&batch->tcp_flags[i], lanes_choose(is_usual, flags, lanes_load(&batch->tcp_flags[i])));
    }
}

/* Where a packet goes whose addresses are to be looked at, which stands at `at` then, is BIN_COUNTED for now;
 * and BIN_COUNT that of another day or hour than the packets before it. Not inline: the way of usual packets
 * is to be short. */
__attribute__((noinline)) static enum bin packet_note(struct fact_batch *batch, size_t at,
                                                      struct fact_reader *reader, const struct packet *packet)
{
    const struct plan *plan = reader->plan;
    struct packet_headers headers;
    enum packet_fate fate = plan->tunnels == 0 ? packet_decode_any(packet, &headers)
                                               : packet_decode_innermost(packet, plan->tunnels, &headers);
    if (fate == PACKET_UNSUPPORTED_LINK)
        unsupported_note(reader, packet);
    if (fate != PACKET_DECODED)
        return fate_bin(fate);
    if (packet->bad_time)
        return BIN_BAD_TIME;
    if (!time_is_current(reader, packet->seconds)) {
        if (local_days_find(&plan->days, packet->seconds) < 0)
            return BIN_OUTSIDE_QUARTER;
        if (at > 0)
            return BIN_COUNT;
        time_move(reader, packet->seconds);
    }
    headers_note(batch, at, &headers);
    reader->clues.is_usual[at] = 0;
    return BIN_COUNTED;
}

/* A time as one number, which has room for seconds below 2^33. */
enum { NANOSECOND_BITS = 30, SECOND_BITS = 33 };

static inline uint64_t time_of(const struct packet *packet)
{
    return (uint64_t)packet->seconds << NANOSECOND_BITS | packet->nanoseconds;
}

static bool time_fits(const struct packet *packet)
{
    return !packet->bad_time && (uint64_t)packet->seconds >> SECOND_BITS == 0;
}

/* Returns how many packets were taken. */
static size_t packets_note(struct fact_batch *batch, struct fact_reader *reader, const struct packet *packets,
                           size_t limit, uint64_t bins[BIN_COUNT])
{
    const bool is_outermost = reader->plan->tunnels == 0;
    size_t taken = 0;
    size_t count = 0;
    uint64_t before = 0;
    bool is_odd = false;
    for (; taken < limit; taken++) {
        const struct packet *packet = &packets[taken];
        struct packet_usual usual;
        uint64_t time = time_of(packet);
        is_odd |= time < before;
        before = time;
        batch->packet_at[count] = (uint16_t)taken;
        batch->size[count] = packet->wire_size;
        if (is_outermost && !packet->bad_time && time_is_current(reader, packet->seconds) &&
            packet_read_usual(packet, &usual)) {
            usual_note(batch, &reader->clues, count++, &usual);
            continue;
        }
        enum bin bin = packet_note(batch, count, reader, packet);
        if (bin == BIN_COUNT)
            break; /* it begins the next batch */
        is_odd |= !time_fits(packet);
        if (bin == BIN_COUNTED)
            count++;
        else
            bins[bin]++;
    }
    batch->count = count;
    batch->is_ascending = !is_odd;
    return taken;
}

/* ---- sensors ---- */

#define NO_SENSOR UINT32_MAX

static bool is_from_sensor(const struct fact_batch *batch, size_t at, const struct sensor_table *table,
                           int day)
{
    int sensor = batch->is_ipv6[at] ? sensor_table_find_ipv6(table, batch->source_ipv6[at], day)
                                    : sensor_table_find_ipv4(table, batch->source[at], day);
    return sensor >= 0;
}

static void fact_move(struct fact_batch *batch, size_t from, size_t to)
{
    memcpy(batch->source_ipv6[to], batch->source_ipv6[from], sizeof batch->source_ipv6[to]);
    batch->source[to] = batch->source[from];
    batch->sensor[to] = batch->sensor[from];
    batch->target[to] = batch->target[from];
    batch->size[to] = batch->size[from];
    batch->tcp_flags[to] = batch->tcp_flags[from];
    batch->protocol[to] = batch->protocol[from];
    batch->tool[to] = batch->tool[from];
    batch->is_ipv6[to] = batch->is_ipv6[from];
    batch->packet_at[to] = batch->packet_at[from];
}

static void ipv6_list(struct fact_batch *batch)
{
    size_t found = 0;
    for (size_t i = 0; i < batch->count; i++) {
        batch->ipv6_at[found] = (uint16_t)i;
        found += batch->is_ipv6[i] ? 1 : 0;
    }
    batch->ipv6_count = found;
}

/* Takes out what no sensor received, or what one sent, of the facts suspected of it; the last facts take
 * their places. */
static void facts_sort_out(struct fact_batch *batch, const uint16_t *suspects, size_t suspect_count,
                           const struct fact_reader *reader, uint64_t bins[BIN_COUNT])
{
    size_t before = batch->count;
    for (size_t i = suspect_count; i > 0; i--) {
        size_t at = suspects[i - 1];
        bool is_sent = is_from_sensor(batch, at, reader->plan->sensors, reader->day);
        if (!is_sent && batch->sensor[at] != NO_SENSOR)
            continue;
        bins[is_sent ? BIN_FROM_SENSOR : BIN_NOT_TO_SENSOR]++;
        batch->count--;
        if (at != batch->count)
            fact_move(batch, batch->count, at);
    }
    if (batch->ipv6_count > 0 && batch->count < before)
        ipv6_list(batch);
}

static void sensors_find(struct fact_batch *batch, const struct fact_reader *reader, uint64_t bins[BIN_COUNT])
{
    const struct sensor_table *table = reader->plan->sensors;
    const int32_t *in_force = reader->in_force[reader->day];
    const size_t count = batch->count;
    uint16_t suspects[FACT_BATCH_SIZE];
    size_t suspect_count = 0;
    for (size_t i = 0; i < count; i++)
        batch->sensor[i] = (uint32_t)in_force[sensor_table_place_ipv4(table, batch->destination[i])];
    for (size_t i = 0; i < batch->ipv6_count; i++) {
        size_t at = batch->ipv6_at[i];
        batch->sensor[at] = (uint32_t)sensor_table_find_ipv6(table, batch->destination_ipv6[at], reader->day);
    }
    for (size_t i = 0; i < count; i++) {
        suspects[suspect_count] = (uint16_t)i;
        suspect_count += (batch->sensor[i] == NO_SENSOR) | batch->is_ipv6[i] |
                         !sensor_table_is_far(table, batch->source[i]);
    }
    if (suspect_count > 0)
        facts_sort_out(batch, suspects, suspect_count, reader, bins);
    bins[BIN_COUNTED] += batch->count;
}

/* ---- regions ---- */

static void regions_find(struct fact_batch *batch, const struct region_table *regions)
{
    region_table_find_ipv4_many(regions, batch->source, batch->region, batch->count);
    for (size_t i = 0; i < batch->ipv6_count; i++) {
        size_t at = batch->ipv6_at[i];
        batch->region[at] = region_table_find_ipv6(regions, batch->source_ipv6[at]);
    }
}

size_t fact_batch_read(struct fact_batch *batch, struct fact_reader *reader, const struct packet *packets,
                       size_t count, uint64_t bins[BIN_COUNT])
{
    batch->ipv6_count = 0;
    batch->packets = packets;
    size_t taken = packets_note(batch, reader, packets, MIN(count, FACT_BATCH_SIZE), bins);
    batch->day = reader->day;
    batch->hour = reader->hour;
    if (batch->count > 0) {
        clues_read(batch, &reader->clues);
        sensors_find(batch, reader, bins);
    }
    if (reader->plan->needs_regions)
        regions_find(batch, reader->plan->regions);
    return taken;
}

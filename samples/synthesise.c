/* synthesise - makes the captures of the sample publication from its scenario tables.
 *
 *     synthesise PUBLICATION_FOLDER CAPTURES_FOLDER       # captures/2025q1/jp01/jp01-20250401.pcap.gz ...
 *
 * Everything is fictitious: sensors on documentation prefixes (RFC 5737, RFC 3849), sources in private
 * address space that the sample's registries hand out. The same tables give the same bytes: integers only,
 * streams of random numbers keyed by the rows.
 *
 * Each flow (a row of scenario.csv) is spread over regions, then over sources with a heavy tail, then over
 * visits: a visit is one source at one sensor at one time, with the packets that its tool sends in a row.
 */
#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#include "address_space.h"
#include "capture_writer.h"
#include "probe.h"
#include "random.h"
#include "scenario.h"

#define NANOSECONDS_PER_SECOND INT64_C(1000000000)
enum {
    SECONDS_PER_DAY = 86400, /* of Asia/Tokyo, which has no others */
    LINKTYPE_ETHERNET = 1,
    LINKTYPE_RAW = 101,
    LINKTYPE_USER0 = 147,
    PER_MILLE = 1000,
    FOREIGN_PACKETS = 3,
};

/* ---- one day ---- */

struct record {
    const char *sensor;
    int64_t nanoseconds;
    size_t order;  /* of making: decides between equal times */
    size_t offset; /* into day.frames */
    uint32_t wire_size, captured_size;
    uint32_t extra_fraction;
};

struct day {
    const struct scenario *scenario;
    GHashTable *regions;
    struct civil_date date;
    int index, count; /* of the edition's days */
    int64_t start;    /* nanoseconds since 1970 */
    GArray *records;  /* struct record */
    GByteArray *frames;
};

static bool is_in_force(const struct place *place, struct civil_date date)
{
    return civil_date_compare(place->since, date) <= 0 && civil_date_compare(date, place->until) <= 0;
}

/* Any sensor of the group, each as likely as the others; NULL when none is in force. */
static const struct place *choose_place(const struct day *day, const char *group, int ip_version,
                                        struct random *random)
{
    const GArray *places = day->scenario->places;
    const struct place *chosen = NULL;
    uint32_t fitting = 0;
    for (guint i = 0; i < places->len; i++) {
        const struct place *place = &g_array_index(places, struct place, i);
        if (strcmp(place->group, group) == 0 && place->ip_version == ip_version &&
            is_in_force(place, day->date) && random_below(random, ++fitting) == 0)
            chosen = place;
    }
    return chosen;
}

static void choose_destination(const struct place *place, uint32_t host, struct probe_address *address)
{
    *address = (struct probe_address){.ip_version = place->ip_version};
    memcpy(address->bytes, place->address, 16);
    if (place->ip_version == 6)
        address->bytes[15] = (uint8_t)(host % 64 + 1);
    else
        address_space_add(address->bytes, host % (UINT32_C(1) << (32 - place->length)));
}

static void add_record(struct day *day, const struct place *place, int64_t nanoseconds, const uint8_t *frame,
                       size_t size, uint32_t captured_size, uint32_t extra_fraction)
{
    struct record record = {place->id,      nanoseconds,   day->records->len, day->frames->len,
                            (uint32_t)size, captured_size, extra_fraction};
    g_array_append_val(day->records, record);
    g_byte_array_append(day->frames, frame, (guint)size);
}

static void add_probe(struct day *day, const struct place *place, const struct probe *probe,
                      int64_t nanoseconds)
{
    uint8_t frame[PROBE_SIZE_MAX];
    struct recorder recorder = scenario_recorder(day->scenario, place->id);
    size_t size = probe_write(probe, recorder.link, frame);
    add_record(day, place, nanoseconds, frame, size, MIN((uint32_t)size, recorder.snap_length), 0);
}

static int64_t choose_time(const struct day *day, struct random *random)
{
    /* The last seconds stay free: the packets that follow in a visit are of the same day. */
    int64_t time = day->start + (int64_t)random_below(random, SECONDS_PER_DAY - 32) * NANOSECONDS_PER_SECOND;
    return time + random_below(random, 1000000) * INT64_C(1000);
}

/* One source at one sensor: `budget` packets at most. Returns how many were sent. */
static uint32_t visit(struct day *day, const struct flow *flow, const struct probe_address *source,
                      uint32_t budget, struct random *random)
{
    /* Worms try one address after another all over the net, sweepers take a sensor's whole range in order,
     * operating systems send a SYN that nobody answers again after 1, 3, 7, 15 and 31 seconds (RFC 6298). */
    static const uint32_t packets_in_a_row[PROBE_TOOL_COUNT] = {1, 14, 14, 2, 6};
    uint32_t count = MIN(budget, packets_in_a_row[flow->tool]);
    const struct place *place = choose_place(day, flow->group, flow->ip_version, random);
    if (place == NULL)
        return budget;
    struct probe probe;
    probe_init(&probe, flow->tool, &flow->target, source, random);
    uint32_t host = random_below(random, 65536);
    int64_t time = choose_time(day, random);
    bool is_sweep = flow->tool == PROBE_ZMAP || flow->tool == PROBE_MASSCAN;
    for (uint32_t i = 0; i < count; i++) {
        choose_destination(place, is_sweep ? host + i : host, &probe.destination);
        add_probe(day, place, &probe, time);
        time += is_sweep ? (1 + random_below(random, 40)) * INT64_C(1000000) : NANOSECONDS_PER_SECOND << i;
    }
    return count;
}

/* The j-th host of a flow on that day: some stay for the quarter, others for days, others are seen once. */
static uint64_t host_identity(uint64_t key, uint32_t j, int day_index)
{
    static const uint32_t lifetimes[] = {400, 1, 30, 3, 1, 14, 7, 2};
    uint64_t fixed = random_mix(key, j);
    uint32_t lifetime = lifetimes[j % G_N_ELEMENTS(lifetimes)];
    uint64_t generation = ((uint64_t)day_index + fixed % lifetime) / lifetime;
    return random_mix(fixed, generation);
}

static void send_from_region(struct day *day, const struct flow *flow, const char *code, uint64_t packets,
                             uint64_t sources)
{
    const struct region *region = g_hash_table_lookup(day->regions, code);
    if (region == NULL || packets == 0)
        return;
    uint64_t key = flow->key;
    for (const char *letter = code; *letter != '\0'; letter++)
        key = random_mix(key, (uint8_t)*letter);
    struct random random = {.state = random_mix(key, (uint64_t)civil_date_to_days(day->date))};
    uint32_t source_count = (uint32_t)CLAMP(sources, 1, packets);
    /* A heavy tail: the j-th source sends in proportion to 1/(j + 3), and once at least. */
    uint64_t weight_sum = 0;
    for (uint32_t j = 0; j < source_count; j++)
        weight_sum += 1000000 / (j + 3);
    uint64_t rest = packets - source_count, left = rest;
    for (uint32_t j = 0; j < source_count; j++) {
        uint64_t share =
            j + 1 == source_count ? left : MIN(left, rest * (1000000 / (j + 3)) / weight_sum + (j < 2));
        left -= share;
        uint32_t budget = (uint32_t)share + 1;
        struct probe_address source;
        if (!address_space_host(region, flow->ip_version, host_identity(key, j, day->index), &source))
            return;
        while (budget > 0)
            budget -= visit(day, flow, &source, budget, &random);
    }
}

/* Per mille: a slow wave of a week and some daily noise around 1000. */
static uint64_t unrest(uint64_t key, struct civil_date date)
{
    int64_t number = civil_date_to_days(date);
    int64_t week = number / 7, into = number % 7;
    int64_t from = (int64_t)(random_mix(key, (uint64_t)week) % 161) - 80;
    int64_t to = (int64_t)(random_mix(key, (uint64_t)week + 1) % 161) - 80;
    int64_t daily = (int64_t)(random_mix(key, (uint64_t)number + 100000) % 61) - 30;
    return (uint64_t)(PER_MILLE + (from * (7 - into) + to * into) / 7 + daily);
}

static bool is_share_of(const struct share *share, const struct flow *flow)
{
    return strcmp(share->edition, flow->edition) == 0 && strcmp(share->group, flow->group) == 0;
}

/* weight / weight_sum of a flow, at a level in per mille. */
static void send_part(struct day *day, const struct flow *flow, const char *code, uint64_t level,
                      uint64_t weight, uint64_t weight_sum)
{
    uint64_t date = (uint64_t)civil_date_to_days(day->date);
    uint64_t region_key = random_mix(day->scenario->seed, (uint64_t)(uint8_t)code[0] << 8 | (uint8_t)code[1]);
    /* In thousandths of a packet, so that small shares are not rounded away. */
    uint64_t part = level * unrest(region_key, day->date) / PER_MILLE * weight;
    uint64_t packets = flow->packets * part / weight_sum, sources = flow->sources * part / weight_sum;
    scenario_apply_events(day->scenario, flow, code, day->date, &packets, &sources);
    struct random random = {.state = random_mix(flow->key ^ region_key, date)};
    packets = (packets + random_below(&random, PER_MILLE)) / PER_MILLE;
    sources = (sources + random_below(&random, PER_MILLE)) / PER_MILLE;
    send_from_region(day, flow, code, packets, sources);
}

static void send_flow(struct day *day, const struct flow *flow)
{
    const struct scenario *scenario = day->scenario;
    uint64_t port_key =
        random_mix(scenario->seed, (uint64_t)flow->target.protocol << 16 | flow->target.first_port);
    int64_t trend = PER_MILLE + (int64_t)flow->trend_percent * 10 * (2 * day->index - (day->count - 1)) /
                                    (2 * (day->count - 1));
    int weekday = civil_date_weekday(day->date);
    uint64_t weekend =
        (uint64_t)(PER_MILLE + (weekday == 0 || weekday == 6 ? flow->weekend_percent * 10 : 0));
    uint64_t level = (uint64_t)MAX(trend, 0) * weekend / PER_MILLE * unrest(port_key, day->date) / PER_MILLE *
                     unrest(flow->key, day->date) / PER_MILLE;
    if (strcmp(flow->region, "*") != 0) {
        send_part(day, flow, flow->region, level, 1, 1);
        return;
    }
    uint64_t weight_sum = 0;
    for (guint i = 0; i < scenario->shares->len; i++) {
        const struct share *share = &g_array_index(scenario->shares, struct share, i);
        weight_sum += is_share_of(share, flow) ? share->weight : 0;
    }
    for (guint i = 0; i < scenario->shares->len; i++) {
        const struct share *share = &g_array_index(scenario->shares, struct share, i);
        if (is_share_of(share, flow) && share->weight > 0)
            send_part(day, flow, share->region, level, share->weight, weight_sum);
    }
}

/* ---- what no measure counts ---- */

static void add_oddity(struct day *day, enum probe_oddity oddity, const struct place *place,
                       struct random *random)
{
    static const struct probe_target telnet = {6, 23, 23};
    uint8_t frame[PROBE_SIZE_MAX];
    struct recorder recorder = scenario_recorder(day->scenario, place->id);
    int64_t time = choose_time(day, random);
    struct probe_address source = {.ip_version = 4};
    struct probe probe;
    const struct region *region = g_hash_table_lookup(day->regions, "US");
    if (region == NULL || !address_space_host(region, 4, random_next(random), &source))
        return;
    probe_init(&probe, PROBE_OTHER, &telnet, &source, random);
    choose_destination(place, random_below(random, 16), &probe.destination);
    if (oddity == PROBE_FROM_SENSOR) {
        struct probe_address swapped = probe.source;
        probe.source = probe.destination;
        probe.destination = swapped;
        probe.tool = PROBE_BACKSCATTER;
        probe.rejected = true;
        probe.destination_port = probe.source_port;
        probe.source_port = telnet.first_port;
    } else if (oddity == PROBE_NOT_TO_SENSOR) {
        probe.destination.bytes[3] =
            (uint8_t)(240 + probe.destination.bytes[3] % 16); /* the last /28 holds no sensor */
    }
    size_t size = probe_write(&probe, recorder.link, frame);
    uint8_t *ip = frame + probe_link_size(recorder.link);
    uint32_t captured_size = MIN((uint32_t)size, recorder.snap_length);
    uint32_t extra_fraction = 0;
    switch (oddity) {
    case PROBE_ARP:
        if (recorder.link == PROBE_RAW)
            return;
        size = probe_write_arp(place->address, recorder.link, frame);
        captured_size = MIN((uint32_t)size, recorder.snap_length);
        break;
    case PROBE_MALFORMED:
        ip[0] = 0x43;
        probe_renew_header_checksum(ip);
        break;
    case PROBE_TRUNCATED:
        captured_size = (uint32_t)probe_link_size(recorder.link) + 12;
        break;
    case PROBE_FRAGMENT:
        ip[6] = 0;
        ip[7] = 185; /* offset 1480, RFC 791 section 3.1 */
        probe_renew_header_checksum(ip);
        break;
    case PROBE_AFTER_MIDNIGHT:
        /* A day without a sensor must stay without packets. */
        if (scenario_is_down(day->scenario, place->id, civil_date_add_days(day->date, 1)))
            return;
        time = day->start + (SECONDS_PER_DAY + (int64_t)random_below(random, 20)) * NANOSECONDS_PER_SECOND;
        break;
    case PROBE_BAD_TIME:
        if (recorder.format != RECORDER_PCAP)
            return;
        extra_fraction = 1000000;
        break;
    case PROBE_FROM_SENSOR:
    case PROBE_NOT_TO_SENSOR:
    case PROBE_FOREIGN_LINK:
    case PROBE_ODDITY_COUNT:
        break;
    }
    add_record(day, place, time, frame, size, captured_size, extra_fraction);
}

/* A file of a link type that is nobody's but a vendor's, beside the sensor's archive. */
static int save_foreign_file(const struct day *day, const struct place *place, const char *folder,
                             const char *date, struct error *err)
{
    uint8_t bytes[32] = "vendor diagnostics of ";
    g_strlcat((char *)bytes, place->id, sizeof bytes);
    g_autoptr(GByteArray) capture = g_byte_array_new();
    capture_write_start(capture, RECORDER_PCAP, LINKTYPE_USER0, sizeof bytes);
    for (int i = 0; i < FOREIGN_PACKETS; i++)
        capture_write_packet(capture, RECORDER_PCAP, day->start + (3600 + i) * NANOSECONDS_PER_SECOND, bytes,
                             sizeof bytes, sizeof bytes, 0);
    g_autofree char *name = g_strdup_printf("%s-%s-diagnostics.pcap.gz", place->id, date);
    g_autofree char *path = g_build_filename(folder, name, NULL);
    return capture_save(capture, path, err);
}

/* ---- archives ---- */

static int compare_records(gconstpointer a, gconstpointer b)
{
    const struct record *one = a, *two = b;
    int by_sensor = strcmp(one->sensor, two->sensor);
    if (by_sensor != 0)
        return by_sensor;
    if (one->nanoseconds != two->nanoseconds)
        return one->nanoseconds < two->nanoseconds ? -1 : 1;
    return one->order < two->order ? -1 : one->order > two->order;
}

static int save_sensor_day(const struct day *day, const struct place *place, guint place_index,
                           const char *edition_folder, uint64_t *packet_count, struct error *err)
{
    struct recorder recorder = scenario_recorder(day->scenario, place->id);
    g_autofree char *date = g_strdup_printf("%04d%02d%02d", day->date.year, day->date.month, day->date.day);
    g_autofree char *folder = g_build_filename(edition_folder, place->id, NULL);
    g_autofree char *name =
        g_strdup_printf("%s-%s.pcap%s.gz", place->id, date, recorder.format == RECORDER_PCAPNG ? "ng" : "");
    g_autofree char *path = g_build_filename(folder, name, NULL);
    if (g_mkdir_with_parents(folder, 0755) != 0)
        return error_set(err, ERROR_OUTPUT, "%s: cannot make folder: %s", folder, g_strerror(errno));
    g_autoptr(GByteArray) capture = g_byte_array_new();
    capture_write_start(capture, recorder.format,
                        recorder.link == PROBE_RAW ? LINKTYPE_RAW : LINKTYPE_ETHERNET, recorder.snap_length);
    for (guint i = 0; i < day->records->len; i++) {
        const struct record *record = &g_array_index(day->records, struct record, i);
        if (strcmp(record->sensor, place->id) != 0)
            continue;
        capture_write_packet(capture, recorder.format, record->nanoseconds,
                             day->frames->data + record->offset, record->captured_size, record->wire_size,
                             record->extra_fraction);
        ++*packet_count;
    }
    struct random random = {.state = random_mix(random_mix(~day->scenario->seed, place_index),
                                                (uint64_t)civil_date_to_days(day->date))};
    if (random_below(&random, 1000) < day->scenario->oddities[PROBE_FOREIGN_LINK]) {
        if (save_foreign_file(day, place, folder, date, err) != 0)
            return -1;
        *packet_count += FOREIGN_PACKETS;
    }
    return capture_save(capture, path, err);
}

static void add_oddities(struct day *day, const struct place *place, guint place_index)
{
    struct random random = {.state = random_mix(random_mix(day->scenario->seed, place_index),
                                                (uint64_t)civil_date_to_days(day->date))};
    for (int oddity = 0; oddity < PROBE_FOREIGN_LINK; oddity++) {
        uint32_t count = (day->scenario->oddities[oddity] + random_below(&random, 1000)) / 1000;
        for (uint32_t i = 0; i < count; i++)
            add_oddity(day, (enum probe_oddity)oddity, place, &random);
    }
}

static int synthesise_day(struct day *day, const char *edition, const char *edition_folder,
                          uint64_t *packet_count, struct error *err)
{
    const struct scenario *scenario = day->scenario;
    g_array_set_size(day->records, 0);
    g_byte_array_set_size(day->frames, 0);
    for (guint i = 0; i < scenario->flows->len; i++) {
        const struct flow *flow = &g_array_index(scenario->flows, struct flow, i);
        if (strcmp(flow->edition, edition) == 0)
            send_flow(day, flow);
    }
    /* A sensor with an IPv6 prefix has a second line: archives and oddities follow the IPv4 one. */
    for (guint i = 0; i < scenario->places->len; i++) {
        const struct place *place = &g_array_index(scenario->places, struct place, i);
        if (place->ip_version == 4 && is_in_force(place, day->date))
            add_oddities(day, place, i);
    }
    g_array_sort(day->records, compare_records);
    for (guint i = 0; i < scenario->places->len; i++) {
        const struct place *place = &g_array_index(scenario->places, struct place, i);
        if (place->ip_version != 4 || !is_in_force(place, day->date) ||
            scenario_is_down(scenario, place->id, day->date))
            continue;
        if (save_sensor_day(day, place, i, edition_folder, packet_count, err) != 0)
            return -1;
    }
    return 0;
}

static int synthesise_edition(const struct scenario *scenario, const char *publication, const char *captures,
                              const char *edition, struct error *err)
{
    struct day day = {.scenario = scenario};
    struct civil_date first;
    if (scenario_edition_days(scenario, edition, &first, &day.count, err) != 0)
        return -1;
    day.regions = address_space_load(publication, edition, err);
    if (day.regions == NULL)
        return -1;
    day.records = g_array_new(FALSE, FALSE, sizeof(struct record));
    day.frames = g_byte_array_new();
    g_autofree char *folder = g_build_filename(captures, edition, NULL);
    uint64_t packet_count = 0;
    int result = 0;
    for (day.index = 0; day.index < day.count && result == 0; day.index++) {
        day.date = civil_date_add_days(first, day.index);
        day.start = (civil_date_to_days(day.date) * SECONDS_PER_DAY - scenario->utc_offset_minutes * 60) *
                    NANOSECONDS_PER_SECOND;
        result = synthesise_day(&day, edition, folder, &packet_count, err);
    }
    if (result == 0)
        printf("%s: %" G_GUINT64_FORMAT " packets in %d days\n", edition, packet_count, day.count);
    g_array_unref(day.records);
    g_byte_array_unref(day.frames);
    g_hash_table_unref(day.regions);
    return result;
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: synthesise PUBLICATION_FOLDER CAPTURES_FOLDER\n");
        return ERROR_USAGE;
    }
    struct error err = {0};
    struct scenario scenario = {0};
    int result = scenario_load(&scenario, argv[1], &err);
    for (guint i = 0; result == 0 && i < scenario.editions->len; i++)
        result = synthesise_edition(&scenario, argv[1], argv[2], scenario.editions->pdata[i], &err);
    scenario_release(&scenario);
    if (result == 0 && fclose(stdout) != 0)
        result = error_set(&err, ERROR_OUTPUT, "standard output: cannot write: %s", g_strerror(errno));
    if (result != 0) {
        fprintf(stderr, "synthesise: %s\n", err.message);
        return (int)err.kind;
    }
    return 0;
}

#include "scenario.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/number.h"

/* One row of one table, for reading and for saying where. */
struct row {
    const struct csv_table *table;
    const char *path;
    size_t index;
};

static const char *field(const struct row *row, const char *column)
{
    return csv_table_field(row->table, row->index, csv_table_column(row->table, column));
}

static int refuse(const struct row *row, const char *column, const char *expected, struct error *err)
{
    return error_set(err, ERROR_INPUT, "%s: line %zu: %s \"%s\", expected %s", row->path,
                     csv_table_line(row->table, row->index), column, field(row, column), expected);
}

static int read_number(const struct row *row, const char *column, uint32_t *value, struct error *err)
{
    uint64_t number;
    if (!number_parse(field(row, column), 0, 100000000, &number))
        return refuse(row, column, "a whole number", err);
    *value = (uint32_t)number;
    return 0;
}

static int read_percent(const struct row *row, const char *column, int *value, struct error *err)
{
    const char *text = field(row, column);
    uint64_t number;
    if (!number_parse(*text == '-' ? text + 1 : text, 0, 190, &number))
        return refuse(row, column, "-190 to 190", err);
    *value = *text == '-' ? -(int)number : (int)number;
    return 0;
}

/* Empty means `open`. */
static int read_date(const struct row *row, const char *column, struct civil_date open,
                     struct civil_date *date, struct error *err)
{
    const char *text = field(row, column);
    *date = open;
    if (*text != '\0' && !civil_date_parse(text, date))
        return refuse(row, column, "a date like 2025-04-01", err);
    return 0;
}

static int read_dates(const struct row *row, struct civil_date *since, struct civil_date *until,
                      struct error *err)
{
    if (read_date(row, "since", (struct civil_date){1, 1, 1}, since, err) != 0)
        return -1;
    return read_date(row, "until", (struct civil_date){9999, 12, 31}, until, err);
}

static int read_target(const struct row *row, struct probe_target *target, struct error *err)
{
    if (!probe_target_parse(field(row, "destination"), target))
        return refuse(row, "destination", "23/TCP, 1024-65535/TCP or 8/ICMP", err);
    return 0;
}

static uint64_t hash_text(uint64_t hash, const char *text)
{
    for (; *text != '\0'; text++)
        hash = (hash ^ (uint8_t)*text) * UINT64_C(0x100000001b3); /* FNV-1a */
    return (hash ^ '/') * UINT64_C(0x100000001b3);
}

static int read_flow(struct scenario *scenario, const struct row *row, struct error *err)
{
    struct flow flow = {
        .edition = field(row, "edition"), .region = field(row, "region"), .group = field(row, "group")};
    uint32_t version;
    int tool = probe_tool_find(field(row, "tool"));
    if (tool < 0)
        return refuse(row, "tool", "mirai, zmap, masscan, backscatter or other", err);
    flow.tool = (enum probe_tool)tool;
    if (read_target(row, &flow.target, err) != 0 || read_number(row, "ip", &version, err) != 0 ||
        read_number(row, "packets", &flow.packets, err) != 0 ||
        read_number(row, "sources", &flow.sources, err) != 0 ||
        read_percent(row, "trend", &flow.trend_percent, err) != 0 ||
        read_percent(row, "weekend", &flow.weekend_percent, err) != 0)
        return -1;
    if (version != 4 && version != 6)
        return refuse(row, "ip", "4 or 6", err);
    flow.ip_version = (int)version;
    /* Not the edition: a host of one quarter is met again in the next. */
    static const char *const identity[] = {"destination", "region", "tool", "group", "ip"};
    flow.key = scenario->seed;
    for (size_t i = 0; i < G_N_ELEMENTS(identity); i++)
        flow.key = hash_text(flow.key, field(row, identity[i]));
    g_array_append_val(scenario->flows, flow);
    for (guint i = 0; i < scenario->editions->len; i++)
        if (strcmp(scenario->editions->pdata[i], flow.edition) == 0)
            return 0;
    g_ptr_array_add(scenario->editions, (gpointer)flow.edition);
    return 0;
}

static int read_event(struct scenario *scenario, const struct row *row, struct error *err)
{
    struct event event = {.region = field(row, "region"), .group = field(row, "group"), .tool = -1};
    event.any_target = strcmp(field(row, "destination"), "*") == 0;
    if (!event.any_target && read_target(row, &event.target, err) != 0)
        return -1;
    if (strcmp(field(row, "tool"), "*") != 0 && (event.tool = probe_tool_find(field(row, "tool"))) < 0)
        return refuse(row, "tool", "*, mirai, zmap, masscan, backscatter or other", err);
    if (read_dates(row, &event.since, &event.until, err) != 0 ||
        read_number(row, "packets_percent", &event.packets_percent, err) != 0 ||
        read_number(row, "sources_percent", &event.sources_percent, err) != 0)
        return -1;
    g_array_append_val(scenario->events, event);
    return 0;
}

static int read_outage(struct scenario *scenario, const struct row *row, struct error *err)
{
    struct outage outage = {.sensor = field(row, "sensor")};
    if (read_dates(row, &outage.since, &outage.until, err) != 0)
        return -1;
    g_array_append_val(scenario->outages, outage);
    return 0;
}

static int read_place(struct scenario *scenario, const struct row *row, struct error *err)
{
    struct place place = {.id = field(row, "id"), .group = field(row, "group"), .ip_version = 4};
    g_auto(GStrv) halves = g_strsplit(field(row, "prefix"), "/", -1);
    if (g_strv_length(halves) != 2)
        return refuse(row, "prefix", "ADDRESS/LENGTH", err);
    if (strchr(halves[0], ':') != NULL)
        place.ip_version = 6;
    uint64_t length;
    if (inet_pton(place.ip_version == 6 ? AF_INET6 : AF_INET, halves[0], place.address) != 1 ||
        !number_parse(halves[1], place.ip_version == 6 ? 64 : 16, place.ip_version == 6 ? 64 : 30, &length))
        return refuse(row, "prefix", "IPv4 with /16 to /30, or IPv6 with /64", err);
    place.length = (int)length;
    if (read_dates(row, &place.since, &place.until, err) != 0)
        return -1;
    g_array_append_val(scenario->places, place);
    return 0;
}

static int read_recorder(struct scenario *scenario, const struct row *row, struct error *err)
{
    static const char *const formats[] = {"pcap", "pcap-nanoseconds", "pcapng"};
    static const char *const links[] = {"ethernet", "vlan", "raw"};
    struct recorder recorder = {.sensor = field(row, "sensor")};
    int format = -1, link = -1;
    for (int i = 0; i < 3; i++) {
        format = strcmp(field(row, "format"), formats[i]) == 0 ? i : format;
        link = strcmp(field(row, "link"), links[i]) == 0 ? i : link;
    }
    if (format < 0)
        return refuse(row, "format", "pcap, pcap-nanoseconds or pcapng", err);
    if (link < 0)
        return refuse(row, "link", "ethernet, vlan or raw", err);
    recorder.format = (enum recorder_format)format;
    recorder.link = (enum probe_link)link;
    if (read_number(row, "snap_length", &recorder.snap_length, err) != 0)
        return -1;
    g_array_append_val(scenario->recorders, recorder);
    return 0;
}

static int read_oddity(struct scenario *scenario, const struct row *row, struct error *err)
{
    int oddity = probe_oddity_find(field(row, "kind"));
    if (oddity < 0)
        return refuse(row, "kind", "arp, from-sensor, ... (see samples/README.md)", err);
    return read_number(row, "per_1000_days", &scenario->oddities[oddity], err);
}

static int read_setting(struct scenario *scenario, const struct row *row, struct error *err)
{
    uint32_t value;
    if (read_number(row, "value", &value, err) != 0)
        return -1;
    if (strcmp(field(row, "name"), "seed") == 0)
        scenario->seed = value;
    else if (strcmp(field(row, "name"), "utc_offset_minutes") == 0)
        scenario->utc_offset_minutes = (int)value;
    else if (strcmp(field(row, "name"), "fiscal_year_starts") == 0 && value >= 1 && value <= 12)
        scenario->fiscal_start_month = (int)value;
    else
        return refuse(row, "name", "seed, utc_offset_minutes or fiscal_year_starts", err);
    return 0;
}

static int read_shares(struct scenario *scenario, const struct row *row, struct error *err)
{
    static const char *const groups[] = {"domestic", "overseas"};
    struct share share = {.edition = field(row, "edition"), .region = field(row, "region")};
    if (strlen(share.region) != 2)
        return refuse(row, "region", "two letters", err);
    for (size_t i = 0; i < G_N_ELEMENTS(groups); i++) {
        share.group = groups[i];
        if (read_number(row, groups[i], &share.weight, err) != 0)
            return -1;
        g_array_append_val(scenario->shares, share);
    }
    return 0;
}

static int load_table(struct scenario *scenario, const char *folder, const char *name,
                      int (*read_row)(struct scenario *, const struct row *, struct error *),
                      struct error *err)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    struct csv_table *table = g_new0(struct csv_table, 1);
    if (csv_table_load(table, path, err) != 0) {
        g_free(table);
        return -1;
    }
    g_ptr_array_add(scenario->tables, table);
    for (size_t i = 0; i < table->row_count; i++)
        if (read_row(scenario, &(struct row){table, path, i}, err) != 0)
            return -1;
    return 0;
}

static void free_table(gpointer data)
{
    csv_table_release(data);
    g_free(data);
}

int scenario_load(struct scenario *scenario, const char *folder, struct error *err)
{
    *scenario = (struct scenario){
        .tables = g_ptr_array_new_with_free_func(free_table),
        .flows = g_array_new(FALSE, FALSE, sizeof(struct flow)),
        .shares = g_array_new(FALSE, FALSE, sizeof(struct share)),
        .events = g_array_new(FALSE, FALSE, sizeof(struct event)),
        .outages = g_array_new(FALSE, FALSE, sizeof(struct outage)),
        .places = g_array_new(FALSE, FALSE, sizeof(struct place)),
        .recorders = g_array_new(FALSE, FALSE, sizeof(struct recorder)),
        .editions = g_ptr_array_new(),
        .fiscal_start_month = 1,
    };
    if (load_table(scenario, folder, "scenario_settings.csv", read_setting, err) != 0 ||
        load_table(scenario, folder, "scenario.csv", read_flow, err) != 0 ||
        load_table(scenario, folder, "scenario_events.csv", read_event, err) != 0 ||
        load_table(scenario, folder, "scenario_outages.csv", read_outage, err) != 0 ||
        load_table(scenario, folder, "scenario_archives.csv", read_recorder, err) != 0 ||
        load_table(scenario, folder, "scenario_oddities.csv", read_oddity, err) != 0 ||
        load_table(scenario, folder, "sensors.csv", read_place, err) != 0 ||
        load_table(scenario, folder, "scenario_regions.csv", read_shares, err) != 0) {
        scenario_release(scenario);
        return -1;
    }
    return 0;
}

void scenario_release(struct scenario *scenario)
{
    g_clear_pointer(&scenario->flows, g_array_unref);
    g_clear_pointer(&scenario->shares, g_array_unref);
    g_clear_pointer(&scenario->events, g_array_unref);
    g_clear_pointer(&scenario->outages, g_array_unref);
    g_clear_pointer(&scenario->places, g_array_unref);
    g_clear_pointer(&scenario->recorders, g_array_unref);
    g_clear_pointer(&scenario->editions, g_ptr_array_unref);
    g_clear_pointer(&scenario->tables, g_ptr_array_unref);
}

int scenario_edition_days(const struct scenario *scenario, const char *edition, struct civil_date *first,
                          int *day_count, struct error *err)
{
    g_auto(GStrv) halves = g_strsplit(edition, "q", -1);
    uint64_t year, quarter;
    if (g_strv_length(halves) != 2 || !number_parse(halves[0], 1990, 2100, &year) ||
        !number_parse(halves[1], 1, 4, &quarter))
        return error_set(err, ERROR_INPUT, "scenario.csv: edition \"%s\", expected one like 2025q1", edition);
    int month = (int)year * 12 + scenario->fiscal_start_month - 1 + ((int)quarter - 1) * 3;
    struct civil_date next = {(month + 3) / 12, (month + 3) % 12 + 1, 1};
    *first = (struct civil_date){month / 12, month % 12 + 1, 1};
    *day_count = (int)(civil_date_to_days(next) - civil_date_to_days(*first));
    return 0;
}

static bool is_within(struct civil_date day, struct civil_date since, struct civil_date until)
{
    return civil_date_compare(day, since) >= 0 && civil_date_compare(day, until) <= 0;
}

bool scenario_is_down(const struct scenario *scenario, const char *sensor, struct civil_date day)
{
    for (guint i = 0; i < scenario->outages->len; i++) {
        const struct outage *outage = &g_array_index(scenario->outages, struct outage, i);
        if ((strcmp(outage->sensor, "*") == 0 || strcmp(outage->sensor, sensor) == 0) &&
            is_within(day, outage->since, outage->until))
            return true;
    }
    return false;
}

void scenario_apply_events(const struct scenario *scenario, const struct flow *flow, const char *region,
                           struct civil_date day, uint64_t *packets, uint64_t *sources)
{
    for (guint i = 0; i < scenario->events->len; i++) {
        const struct event *event = &g_array_index(scenario->events, struct event, i);
        if (!event->any_target && (event->target.protocol != flow->target.protocol ||
                                   event->target.first_port != flow->target.first_port ||
                                   event->target.last_port != flow->target.last_port))
            continue;
        if ((event->tool >= 0 && event->tool != (int)flow->tool) ||
            (strcmp(event->region, "*") != 0 && strcmp(event->region, region) != 0) ||
            (strcmp(event->group, "*") != 0 && strcmp(event->group, flow->group) != 0) ||
            !is_within(day, event->since, event->until))
            continue;
        *packets = *packets * event->packets_percent / 100;
        *sources = *sources * event->sources_percent / 100;
    }
}

struct recorder scenario_recorder(const struct scenario *scenario, const char *sensor)
{
    for (guint i = 0; i < scenario->recorders->len; i++) {
        const struct recorder *recorder = &g_array_index(scenario->recorders, struct recorder, i);
        if (strcmp(recorder->sensor, sensor) == 0)
            return *recorder;
    }
    return (struct recorder){
        .sensor = sensor, .format = RECORDER_PCAP, .link = PROBE_ETHERNET, .snap_length = 96};
}

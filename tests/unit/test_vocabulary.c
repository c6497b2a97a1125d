/* The whole vocabulary of measures against a counter written in the simplest way: every packet is asked for
 * every measure, keys are texts, sets are tables of texts. Packets and measures are random, from a fixed
 * seed. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <pcap/pcap.h>

#include <gio/gio.h>

#include "aggregate/tally.h"
#include "aggregate/tally_parts.h"
#include "counting_fixture.h"
#include "publication/measure_filter.h"
#include "summary/key.h"
#include "summary/summary_file.h"
#include "summary/summary_sum.h"

enum { PACKETS = 1200, DAYS = 3, TRIALS = 5, PARTS = 3 };

static const char *const sensor_ids[] = {"a", "b", "c"};
static const char *const sensor_groups[] = {"domestic", "overseas", "domestic"};
static const char *const sensor_regions[] = {"JP", "US", "JP"};

/* What a packet is, before it becomes bytes. */
struct thing {
    int sensor, day, hour;
    bool is_ipv6;
    uint32_t source;    /* IPv4 */
    int network, end;   /* IPv6: 2001:db8:ff<network>::<end> */
    int protocol, port; /* or type; -1 none */
    int flags;          /* -1: no TCP */
    const char *region, *tool;
    GByteArray *bytes;
};

static uint32_t pick(GRand *random, uint32_t count)
{
    return (uint32_t)g_rand_int_range(random, 0, (gint32)count);
}

/* README, "Tools". */
static const char *tool_of(const struct thing *thing, uint32_t destination, uint16_t id, uint32_t sequence)
{
    if (thing->protocol == 1) {
        static const int answers[] = {0, 3, 4, 5, 11, 12, 14, 16, 18};
        for (size_t i = 0; i < G_N_ELEMENTS(answers); i++)
            if (answers[i] == thing->port)
                return "backscatter";
        return "other";
    }
    if (thing->protocol != 6)
        return "other";
    bool fin = thing->flags & 1, syn = thing->flags & 2, rst = thing->flags & 4, ack = thing->flags & 16;
    if (rst || (syn && ack))
        return "backscatter";
    if (!syn || fin || thing->is_ipv6)
        return "other";
    if (sequence == destination)
        return "mirai";
    if (id == 54321)
        return "zmap";
    if (id == (((destination & 0xffff) ^ (uint32_t)thing->port ^ (sequence & 0xffff)) & 0xffff))
        return "masscan";
    return "other";
}

static void thing_make(GRand *random, struct thing *thing)
{
    static const uint32_t destinations[] = {TO_A, TO_B, TO_C};
    static const int ports[] = {22, 23, 25, 80, 8080, 0, 65535};
    static const int types[] = {0, 3, 8, 11, 13, 128, 255};
    static const int protocols[] = {6, 6, 6, 17, 1, 47};
    static const int flags[] = {0x02, 0x02, 0x02, 0x12, 0x04, 0x10, 0x03, 0xc2, 0x00};
    *thing = (struct thing){
        .day = (int)pick(random, DAYS), .hour = (int)pick(random, 24), .port = -1, .flags = -1};
    thing->is_ipv6 = pick(random, 5) == 0;
    thing->sensor = thing->is_ipv6 ? 0 : (int)pick(random, thing->day == 0 ? 2 : 3);
    thing->protocol = protocols[pick(random, G_N_ELEMENTS(protocols))];
    if (thing->is_ipv6 && thing->protocol == 1)
        thing->protocol = 58;
    if (thing->protocol == 6 || thing->protocol == 17)
        thing->port = ports[pick(random, G_N_ELEMENTS(ports))];
    if (thing->protocol == 1 || thing->protocol == 58)
        thing->port = types[pick(random, G_N_ELEMENTS(types))];
    if (thing->protocol == 6)
        thing->flags = flags[pick(random, G_N_ELEMENTS(flags))];
    thing->source = (10 + pick(random, 3)) << 24 | pick(random, 3) << 8 | (1 + pick(random, 4));
    thing->network = 0xfd + (int)pick(random, 3);
    thing->end = 1 + (int)pick(random, 3);
    thing->region = thing->is_ipv6              ? thing->network == 0xff ? "US" : "??"
                    : thing->source >> 24 == 10 ? "JP"
                    : thing->source >> 24 == 11 ? "US"
                                                : "??";
    struct test_packet packet = {
        .source = thing->source,
        .destination = destinations[thing->sensor],
        .source_ipv6_end = thing->is_ipv6 ? (uint8_t)thing->end : 0,
        .protocol = (uint8_t)thing->protocol,
        .port = thing->port < 0 ? 0 : (uint16_t)thing->port,
        .ip_id = pick(random, 4) == 0 ? 54321 : (uint16_t)g_rand_int(random),
        .sequence = pick(random, 4) == 0 ? destinations[thing->sensor] : g_rand_int(random),
    };
    if (pick(random, 4) == 0)
        packet.ip_id = (uint16_t)(packet.destination ^ packet.port ^ packet.sequence);
    thing->tool = tool_of(thing, packet.destination, packet.ip_id, packet.sequence);
    thing->bytes = packet_bytes(&packet);
    guint transport = thing->is_ipv6 ? 40 : 20;
    if (thing->is_ipv6)
        thing->bytes->data[8 + 5] = (uint8_t)thing->network;
    if (thing->protocol == 6)
        thing->bytes->data[transport + 13] = (uint8_t)thing->flags;
    if (thing->protocol == 58)
        thing->bytes->data[transport] = (uint8_t)thing->port;
    for (uint32_t more = pick(random, 4); more > 0;
         more--) /* bytes on the wire that tell measures of bytes */
        g_byte_array_append(thing->bytes, (const uint8_t *)"\0\0\0", 3);
}

static char *address_text(const struct thing *thing)
{
    if (thing->is_ipv6)
        return g_strdup_printf("2001:db8:ff%02x::%d", (unsigned)thing->network, thing->end);
    return g_strdup_printf("%u.%u.%u.%u", thing->source >> 24, thing->source >> 16 & 255,
                           thing->source >> 8 & 255, thing->source & 255);
}

static const char *protocol_text(int protocol)
{
    return protocol == 6    ? "TCP"
           : protocol == 17 ? "UDP"
           : protocol == 1  ? "ICMP"
           : protocol == 58 ? "ICMPv6"
                            : NULL;
}

static char *part_text(const struct thing *thing, enum measure_by by)
{
    const char *protocol = protocol_text(thing->protocol);
    switch (by) {
    case BY_NOTHING:
        return g_strdup("all");
    case BY_PORT:
        return protocol == NULL ? g_strdup_printf("%d/IP", thing->protocol)
                                : g_strdup_printf("%d/%s", thing->port, protocol);
    case BY_REGION:
        return g_strdup(thing->region);
    case BY_SENSOR:
        return g_strdup(sensor_ids[thing->sensor]);
    case BY_TOOL:
        return g_strdup(thing->tool);
    case BY_PROTOCOL:
        return protocol == NULL ? g_strdup_printf("%d/IP", thing->protocol) : g_strdup(protocol);
    case BY_GROUP:
        return g_strdup(sensor_groups[thing->sensor]);
    case BY_SOURCE_24:
        return thing->is_ipv6 ? g_strdup_printf("2001:db8:ff%02x::/48", (unsigned)thing->network)
                              : g_strdup_printf("%u.%u.%u.0/24", thing->source >> 24,
                                                thing->source >> 16 & 255, thing->source >> 8 & 255);
    case MEASURE_BYS:
        break;
    }
    g_assert_not_reached();
}

static char *thing_key(const struct thing *thing, enum measure_by by)
{
    char *first = part_text(thing, measure_by_first(by));
    if (measure_by_second(by) == BY_NOTHING)
        return first;
    char *second = part_text(thing, measure_by_second(by));
    char *key = g_strdup_printf("%s+%s", first, second);
    g_free(first);
    g_free(second);
    return key;
}

/* ---- random measures: each condition as its text, from which the program's filter is made too ---- */

enum { CONDITIONS = 11 };
static const char *const condition_names[CONDITIONS] = {
    "sensor", "sensor-group", "sensor-region", "source-region", "protocol",          "port",
    "tool",   "tcp-flags",    "icmp-type",     "source-prefix", "not-source-prefix",
};
static const char *const condition_values[CONDITIONS][4] = {
    {"a", "a c", "b", "b c"},
    {"domestic", "overseas", "domestic overseas", "domestic"},
    {"JP", "US", "JP US", "JP"},
    {"JP", "US ??", "??", "JP US"},
    {"tcp", "udp tcp", "icmp icmpv6", "icmpv6"},
    {"23", "20-30 80", "0 8-13 65535", "128 8080"},
    {"mirai", "zmap masscan", "backscatter", "mirai other"},
    {"syn !ack", "!syn", "syn ece", "rst"},
    {"8", "0-12", "128", "13 255"},
    {"10.0.0.0/8", "10.0.1.0/24 11.0.0.0/24", "2001:db8:ffff::/48", "10.0.0.1 2001:db8:fffe::/47"},
    {"11.0.0.0/8", "10.0.0.0/31 2001:db8::/32", "10.0.2.0/24 12.0.0.0/8", "2001:db8:fffd::1"},
};

struct question {
    struct measure measure;
    const char *values[CONDITIONS]; /* NULL: no such condition */
    char id[16];
};

static void question_make(GRand *random, struct question *question, int index, enum measure_by by)
{
    struct error err;
    memset(question, 0, sizeof *question);
    g_snprintf(question->id, sizeof question->id, "m%03d", index);
    question->measure = (struct measure){.id = question->id,
                                         .count = (enum measure_count)pick(random, MEASURE_COUNTS),
                                         .by = by,
                                         .per = pick(random, 3) == 0 ? PER_HOUR : PER_DAY};
    for (int i = 0; i < CONDITIONS; i++) {
        if (pick(random, 8) != 0)
            continue;
        question->values[i] = condition_values[i][pick(random, 4)];
        if (measure_filter_set(&question->measure.filter, condition_names[i], question->values[i], ".",
                               &err) != 0)
            fail_msg("%s", err.message);
    }
    if (pick(random, 10) == 0)
        question->measure.filter.bpf = g_strdup("udp");
}

static bool word_is_in(const char *words, const char *word)
{
    char **list = g_strsplit(words, " ", -1);
    bool found = g_strv_contains((const char *const *)list, word);
    g_strfreev(list);
    return found;
}

static bool number_is_in(const char *ranges, int number)
{
    char **list = g_strsplit(ranges, " ", -1);
    bool found = false;
    for (char **range = list; *range != NULL; range++) {
        int first = 0, last = 0;
        int got = sscanf(*range, "%d-%d", &first, &last);
        found = found || (number >= first && number <= (got == 2 ? last : first));
    }
    g_strfreev(list);
    return found;
}

/* Bit by bit. */
static bool address_is_in(const char *prefixes, const struct thing *thing)
{
    char *text = address_text(thing);
    GInetAddress *address = g_inet_address_new_from_string(text);
    char **list = g_strsplit(prefixes, " ", -1);
    bool found = false;
    for (char **prefix = list; *prefix != NULL; prefix++) {
        GInetAddressMask *mask = g_inet_address_mask_new_from_string(*prefix, NULL);
        assert_non_null(mask);
        found = found || g_inet_address_mask_matches(mask, address);
        g_object_unref(mask);
    }
    g_strfreev(list);
    g_object_unref(address);
    g_free(text);
    return found;
}

static bool flags_match(const char *words, int flags)
{
    static const char *const names[] = {"fin", "syn", "rst", "psh", "ack", "urg", "ece", "cwr"};
    if (flags < 0)
        return false;
    for (int bit = 0; bit < 8; bit++) {
        char *negated = g_strconcat("!", names[bit], NULL);
        bool is_set = (flags >> bit & 1) != 0;
        bool fits = !(word_is_in(words, names[bit]) && !is_set) && !(word_is_in(words, negated) && is_set);
        g_free(negated);
        if (!fits)
            return false;
    }
    return true;
}

static bool admits(const struct question *question, const struct thing *thing)
{
    const char *const *values = question->values;
    const char *protocol = thing->protocol == 6    ? "tcp"
                           : thing->protocol == 17 ? "udp"
                           : thing->protocol == 1  ? "icmp"
                           : thing->protocol == 58 ? "icmpv6"
                                                   : "gre";
    bool is_icmp = thing->protocol == 1 || thing->protocol == 58;
    bool is_named = values[4] != NULL && word_is_in(values[4], protocol);
    if ((values[0] != NULL && !word_is_in(values[0], sensor_ids[thing->sensor])) ||
        (values[1] != NULL && !word_is_in(values[1], sensor_groups[thing->sensor])) ||
        (values[2] != NULL && !word_is_in(values[2], sensor_regions[thing->sensor])) ||
        (values[3] != NULL && !word_is_in(values[3], thing->region)) || (values[4] != NULL && !is_named) ||
        (values[6] != NULL && !word_is_in(values[6], thing->tool)) ||
        (values[7] != NULL && !flags_match(values[7], thing->flags)) ||
        (values[9] != NULL && !address_is_in(values[9], thing)) ||
        (values[10] != NULL && address_is_in(values[10], thing)))
        return false;
    if (values[5] != NULL &&
        (thing->port < 0 || (is_icmp && !is_named) || !number_is_in(values[5], thing->port)))
        return false;
    if (values[8] != NULL) {
        bool wants_icmpv6 = values[4] != NULL && word_is_in(values[4], "icmpv6");
        bool is_meant =
            thing->protocol == 58 ? is_named : thing->protocol == 1 && (is_named || !wants_icmpv6);
        if (!is_meant || !number_is_in(values[8], thing->port))
            return false;
    }
    return question->measure.filter.bpf == NULL || thing->protocol == 17;
}

/* ---- the simple counter ---- */

struct simple_cell {
    uint64_t sum;
    GHashTable *distinct;
};

static void simple_cell_free(gpointer data)
{
    struct simple_cell *cell = data;
    g_hash_table_unref(cell->distinct);
    g_free(cell);
}

/* Takes the name over. */
static void simple_add(GHashTable *cells, char *name, enum measure_count count, const struct thing *thing)
{
    struct simple_cell *cell = g_hash_table_lookup(cells, name);
    if (cell == NULL) {
        cell = g_new0(struct simple_cell, 1);
        cell->distinct = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        g_hash_table_insert(cells, g_strdup(name), cell);
    }
    char *address = address_text(thing);
    if (count == COUNT_PACKETS)
        cell->sum++;
    else if (count == COUNT_BYTES)
        cell->sum += thing->bytes->len;
    else if (count == COUNT_SOURCES)
        g_hash_table_add(cell->distinct, g_strdup(address));
    else
        g_hash_table_add(cell->distinct, g_strdup_printf("%s to %s", address, sensor_ids[thing->sensor]));
    if (measure_count_is_distinct(count))
        cell->sum = g_hash_table_size(cell->distinct);
    g_free(address);
    g_free(name);
}

/* "key day hour" of each cell, "key day" of each day, "key" of each row. */
static GHashTable *simple_count(const struct question *question, const struct thing *things)
{
    GHashTable *cells = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, simple_cell_free);
    enum measure_count count = question->measure.count;
    for (int i = 0; i < PACKETS; i++) {
        const struct thing *thing = &things[i];
        if (!admits(question, thing))
            continue;
        int hour = question->measure.per == PER_HOUR ? thing->hour : 0;
        char *key = thing_key(thing, question->measure.by);
        simple_add(cells, g_strdup_printf("%s %d %d", key, thing->day, hour), count, thing);
        simple_add(cells, g_strdup_printf("%s %d", key, thing->day), count, thing);
        simple_add(cells, key, count, thing);
    }
    return cells;
}

static void assert_cell(GHashTable *cells, const struct question *question, char *name, uint64_t count)
{
    const struct simple_cell *cell = g_hash_table_lookup(cells, name);
    if ((cell == NULL ? 0 : cell->sum) != count) {
        char *definition = measure_definition(&question->measure);
        fail_msg("%s: \"%s\" is %d, expected %d", definition, name, (int)count,
                 cell == NULL ? 0 : (int)cell->sum);
    }
    g_free(name);
}

static size_t cells_compare(const struct summary *summary, const struct question *question,
                            const struct thing *things)
{
    const struct measure_counts *measure = summary_measure(summary, question->id);
    GHashTable *cells = simple_count(question, things);
    size_t found = 0;
    uint64_t daily[EDITION_DAYS_MAX];
    GHashTable *days = g_hash_table_new(g_direct_hash, g_direct_equal);
    for (size_t r = 0; r < measure->row_count; r++) {
        const struct summary_row *row = &measure->rows[r];
        if (r > 0)
            assert_true(key_compare(measure->rows[r - 1].key, row->key) < 0);
        assert_cell(cells, question, g_strdup(row->key), row->total);
        summary_row_daily(summary, measure, row, daily);
        for (int day = 0; day < summary->edition.day_count; day++)
            assert_cell(cells, question, g_strdup_printf("%s %d", row->key, day), daily[day]);
        struct section_cells walk = section_cells_at(row->cells, row->cell_count, measure->count);
        while (section_cells_next(&walk)) {
            bool is_hourly = measure->per == PER_HOUR;
            uint32_t day = is_hourly ? walk.time / DAY_HOURS_MAX : walk.time;
            uint32_t hour = is_hourly ? walk.time % DAY_HOURS_MAX : 0;
            assert_cell(cells, question, g_strdup_printf("%s %u %u", row->key, day, hour),
                        section_cells_count(&walk));
            g_hash_table_add(days, GUINT_TO_POINTER(r * 1000 + day + 1));
            found++;
        }
    }
    /* Nothing is missing: cells, their days, and the rows. */
    assert_int_equal(g_hash_table_size(cells), found + g_hash_table_size(days) + measure->row_count);
    g_hash_table_unref(days);
    g_hash_table_unref(cells);
    return found;
}

/* ---- the program ---- */

static void tally_part(struct tally *tally, const struct thing *things, int part)
{
    struct error err;
    for (int i = part; i < PACKETS; i += PARTS) {
        struct packet packet = {
            .seconds = DAY_0 + (int64_t)things[i].day * DAY_SECONDS + things[i].hour * 3600 + i % 3600,
            .link_type = DLT_RAW,
            .data = things[i].bytes->data,
            .captured_size = things[i].bytes->len,
            .wire_size = things[i].bytes->len,
        };
        if (tally_add(tally, &packet, &err) != 0)
            fail_msg("%s", err.message);
    }
}

static struct summary *count_part(const struct plan *plan, const struct thing *things, int part)
{
    struct tally *tally = tally_new(plan);
    tally_part(tally, things, part);
    struct summary *summary = tally_summary(tally);
    struct summary_archive *archive = g_new0(struct summary_archive, 1);
    archive->name = g_strdup_printf("part%d", part);
    archive->packets = summary->packets_read;
    memset(archive->digest, 'a' + part, 32);
    archive->first_second = DAY_0;
    archive->last_second = DAY_0 + DAYS * DAY_SECONDS;
    tally_archive_end(tally, archive);
    g_ptr_array_add(summary->archives, archive);
    tally_free(tally);
    return summary;
}

/* Parts counted in one tally and added to another, with more cells than a table holds, and with ports in rows
 * as if they were many, here and there: the rows of the summary must be those of `expected`. */
static void assert_absorbed_alike(const struct plan *plan, const struct thing *things,
                                  const struct summary *expected)
{
    struct tally *total = tally_new(plan), *tally = tally_new(plan);
    for (int turn = 0; turn < PARTS + 1; turn++) {
        int part = (turn * 2 + 1) % PARTS;
        if (turn == 1) { /* what is dropped does not count */
            tally_part(tally, things, part);
            tally_clear(tally);
            continue;
        }
        tally_part(tally, things, (turn > 1 ? turn - 1 : 0) % PARTS);
        for (size_t i = 0; i < plan->measure_count; i++) {
            struct tally_measure *measure = &tally->measures[i];
            if (measure->plan->storage == STORE_SETS || (i + (size_t)turn) % 3 == 0)
                continue;
            tally_cells_pack((i + (size_t)turn) % 3 == 1 ? measure : &total->measures[i]);
            for (int day = 0; measure->plan->storage == STORE_PORTS && day < plan->edition->day_count; day++)
                if (measure->ports.few[day] != NULL && measure->ports.few[day]->count > 0 &&
                    (day + turn) % 3 != 0)
                    port_counts_row_begin(&measure->ports, day);
        }
        tally_absorb(total, tally);
    }
    struct summary *summary = tally_summary(total);
    assert_int_equal(summary->packets_read, expected->packets_read);
    assert_memory_equal(summary->bins, expected->bins, sizeof summary->bins);
    for (size_t i = 0; i < plan->measure_count; i++) {
        const struct octets *x = &summary->measures[i].section.bytes;
        const struct octets *y = &expected->measures[i].section.bytes;
        if (x->size != y->size || (x->size > 0 && memcmp(x->data, y->data, x->size) != 0))
            fail_msg("%s: other counts than when merged", summary->measures[i].definition);
    }
    summary_free(summary);
    summary = tally_summary(tally);
    assert_int_equal(summary->packets_read, 0);
    for (size_t i = 0; i < plan->measure_count; i++)
        assert_int_equal(summary->measures[i].section.row_count, 0);
    summary_free(summary);
    tally_free(total);
    tally_free(tally);
}

/* Merged pairwise, written, and read again. */
static struct summary *count_all(const struct plan *plan, const struct thing *things)
{
    struct error err = {.message = ""};
    struct summary *all = count_part(plan, things, 0);
    struct summary_sum *sum = summary_sum_new(plan_summary(plan));
    summary_sum_add(sum, all);
    for (int part = 1; part < PARTS; part++) {
        struct summary *more = count_part(plan, things, part);
        summary_sum_add(sum, more);
        if (summary_merge(all, more, &err) != 0)
            fail_msg("%s", err.message);
        summary_free(more);
    }
    assert_absorbed_alike(plan, things, all);
    GByteArray *bytes = summary_file_bytes(all);
    struct summary *summed = summary_sum_finish(sum);
    g_ptr_array_unref(summed->archives);
    summed->archives = g_ptr_array_ref(all->archives);
    GByteArray *summed_bytes = summary_file_bytes(summed);
    assert_int_equal(bytes->len, summed_bytes->len);
    assert_memory_equal(bytes->data, summed_bytes->data, bytes->len);
    struct summary *read = summary_new();
    if (summary_file_parse(read, bytes->data, bytes->len, &err) != 0)
        fail_msg("%s", err.message);
    g_byte_array_unref(bytes);
    g_byte_array_unref(summed_bytes);
    summary_free(summed);
    summary_free(all);
    return read;
}

static void trial_run(GRand *random)
{
    /* Nothing, every key, and every ordered pair of keys, then more of them up to 70: more than 64 measures.
     */
    enum { QUESTIONS = 70 };
    struct question questions[QUESTIONS];
    struct measure measures[QUESTIONS];
    struct thing *things = g_new0(struct thing, PACKETS);
    int count = 0;
    for (int second = BY_NOTHING; second < MEASURE_BYS; second++)
        for (int first = BY_NOTHING; first < MEASURE_BYS; first++)
            if (second == BY_NOTHING || (first != BY_NOTHING && first != second)) {
                question_make(random, &questions[count], count,
                              measure_by_pair((enum measure_by)first, (enum measure_by)second));
                count++;
            }
    for (; count < QUESTIONS; count++)
        question_make(random, &questions[count], count, (enum measure_by)pick(random, MEASURE_BYS));
    for (int i = 0; i < QUESTIONS; i++)
        measures[i] = questions[i].measure;
    for (int i = 0; i < PACKETS; i++)
        thing_make(random, &things[i]);

    struct counting counting;
    struct inputs inputs;
    counting_init(&counting, measures, QUESTIONS);
    counting_capture(&counting, "captures/unread", g_byte_array_new());
    if (inputs_collect(&inputs, &counting.publication, &counting.edition, NULL, true, &counting.log,
                       &counting.err) != 0)
        fail_msg("%s", counting.err.message);
    if (inputs_identify_registries(&inputs, NULL, &counting.err) != 0)
        fail_msg("%s", counting.err.message);
    memset(inputs.configuration, 'c', 64);
    struct plan *plan =
        plan_new(&counting.publication, &counting.edition, &inputs, &counting.log, &counting.err);
    if (plan == NULL)
        fail_msg("%s", counting.err.message);
    struct summary *summary = count_all(plan, things);
    assert_int_equal(summary->bins[BIN_COUNTED], PACKETS);
    size_t found = 0;
    for (int i = 0; i < QUESTIONS; i++)
        found += cells_compare(summary, &questions[i], things);
    assert_true(found > 2000); /* the conditions leave something to compare */
    summary_free(summary);
    plan_free(plan);
    inputs_release(&inputs);
    counting_release(&counting);
    for (int i = 0; i < QUESTIONS; i++) {
        questions[i].measure.id = NULL;
        measure_release(&questions[i].measure);
    }
    for (int i = 0; i < PACKETS; i++)
        g_byte_array_unref(things[i].bytes);
    g_free(things);
}

static void test_against_a_simple_counter(void **state)
{
    (void)state;
    GRand *random = g_rand_new_with_seed(20250401);
    for (int i = 0; i < TRIALS; i++)
        trial_run(random);
    g_rand_free(random);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_against_a_simple_counter)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

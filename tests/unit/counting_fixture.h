/* counting_fixture.h - a publication folder with sensors, registries and measures, for tests of counting.
 *
 *     struct counting counting;
 *     counting_init(&counting, (struct measure[]){...}, count);
 *     counting_capture(&counting, "captures/a.pcap", capture);      // takes the bytes over
 *     counting_release(&counting);
 *
 * Zone Asia/Tokyo, edition 2025q1: day 0 begins at 2025-03-31T15:00:00Z. Sensors: "a" 192.0.2.0/28 (domestic,
 * JP) and 2001:db8::/64, "b" 198.51.100.0/28 (overseas, US), "c" 203.0.113.0/28 (domestic, JP), which begins
 * on day 1. Registry: JP has 10.0.0.0/8, US 11.0.0.0/8 and 2001:db8:ffff::/48.
 */
#ifndef TEITEN_TESTS_COUNTING_FIXTURE_H
#define TEITEN_TESTS_COUNTING_FIXTURE_H

#include <glib/gstdio.h>

#include "aggregate/aggregate.h"
#include "capture_fixture.h"
#include "scratch.h"

enum { DAY_0 = 1743433200, DAY_SECONDS = 86400 }; /* no clock changes in Asia/Tokyo */
enum { TO_A = 0xc0000201, TO_B = 0xc6336401, TO_C = 0xcb007101, FROM_JP = 0x0a000001, FROM_US = 0x0b000001 };

struct counting {
    struct scratch scratch;
    struct publication publication;
    struct edition edition;
    struct warning_log log;
    struct error err;
    char *captures[2], *delegated[2]; /* of the publication, NULL-terminated */
    char captures_path[32], delegated_path[32], time_zone[32];
};

static inline void counting_init(struct counting *counting, struct measure *measures, size_t measure_count)
{
    *counting = (struct counting){
        .captures_path = "captures", .delegated_path = "registries", .time_zone = "Asia/Tokyo"};
    counting->captures[0] = counting->captures_path;
    counting->delegated[0] = counting->delegated_path;
    scratch_init(&counting->scratch);
    warning_log_init(&counting->log);
    const char *sensors = scratch_write(&counting->scratch, "sensors.csv",
                                        "id,prefix,region,group,label,since,until\n"
                                        "a,192.0.2.0/28,JP,domestic,A,,\n"
                                        "a,2001:db8::/64,JP,domestic,A,,\n"
                                        "b,198.51.100.0/28,US,overseas,B,,\n"
                                        "c,203.0.113.0/28,JP,domestic,C,2025-04-02,\n");
    scratch_write(&counting->scratch, "registries/delegated-apnic",
                  "2|apnic|20250630|3|00000000|20250630|+1000\n"
                  "apnic|JP|ipv4|10.0.0.0|16777216|20020801|allocated\n"
                  "apnic|US|ipv4|11.0.0.0|16777216|20020801|allocated\n"
                  "apnic|US|ipv6|2001:db8:ffff::|48|20020801|allocated\n");
    struct publication *publication = &counting->publication;
    publication->folder = counting->scratch.folder;
    publication->file = (char *)scratch_path(&counting->scratch, "publication.xml");
    publication->time_zone = counting->time_zone;
    publication->fiscal_start_month = 4;
    publication->captures = counting->captures;
    publication->delegated = counting->delegated;
    publication->measures = measures;
    publication->measure_count = measure_count;
    g_assert(sensor_list_load(&publication->sensors, sensors, &counting->err) == 0);
    g_assert(edition_parse("2025q1", 4, &counting->edition, &counting->err) == 0);
}

static inline void counting_release(struct counting *counting)
{
    sensor_list_release(&counting->publication.sensors);
    warning_log_release(&counting->log);
    scratch_release(&counting->scratch);
}

/* Writes a capture (or what else) into the folder. */
static inline void counting_capture(struct counting *counting, const char *name, GByteArray *bytes)
{
    const char *path = scratch_path(&counting->scratch, name);
    char *folder = g_path_get_dirname(path);
    g_assert(g_mkdir_with_parents(folder, 0755) == 0);
    g_assert(g_file_set_contents(path, (const char *)bytes->data, (gssize)bytes->len, NULL));
    g_free(folder);
    g_byte_array_unref(bytes);
}

static inline struct summary *counting_run(struct counting *counting, int thread_count, bool strict)
{
    struct aggregate_options options = {.thread_count = thread_count, .strict = strict};
    return aggregate_edition(&counting->publication, &counting->edition, &options, &counting->log,
                             &counting->err);
}

/* Whether a warning says this. */
static inline bool counting_warned(const struct counting *counting, const char *text)
{
    GPtrArray *lines = warning_log_lines(&counting->log);
    bool found = false;
    for (guint i = 0; i < lines->len; i++)
        found = found || strstr(lines->pdata[i], text) != NULL;
    g_ptr_array_unref(lines);
    return found;
}

#endif

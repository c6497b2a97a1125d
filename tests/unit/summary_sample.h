/* summary_sample.h - a small summary of two sensors and two measures, made by hand, for tests of summaries
 * and of their files. */
#ifndef TEITEN_TESTS_UNIT_SUMMARY_SAMPLE_H
#define TEITEN_TESTS_UNIT_SUMMARY_SAMPLE_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <glib.h>
#include <string.h>

#include "summary/key.h"
#include "summary/section.h"
#include "summary/source_set.h"
#include "summary/summary.h"
#include "summary/summary_file.h"

static inline void measure_fill(struct measure_counts *measure, const char *id, enum measure_count count,
                                enum measure_by by)
{
    measure->id = g_strdup(id);
    measure->definition = g_strdup_printf("definition of %s", id);
    measure->count = count;
    measure->by = by;
    measure->sensors = g_new0(bool, 2);
    measure->sensors[0] = true;
    measure->sensors[1] = count == COUNT_PACKETS;
}

/* A row's cells: count, or so many of the sources. */
struct cell {
    uint32_t day;
    uint64_t count;
    const uint32_t *sources;
};

static inline void row_append(struct measure_counts *measure, const char *key, const struct cell *cells,
                              size_t cell_count)
{
    struct section_writer writer;
    struct octets bytes = {.data = NULL};
    assert_true(key_write(measure->by, key, &bytes));
    section_writer_init(&writer, measure->count, &measure->section);
    section_writer_row(&writer, bytes.data, bytes.size);
    for (size_t i = 0; i < cell_count; i++) {
        if (cells[i].sources == NULL) {
            section_writer_count(&writer, cells[i].day, cells[i].count);
            continue;
        }
        struct source_set *set = source_set_new();
        source_set_add_ipv4_many(set, cells[i].sources, cells[i].count);
        section_writer_sources(&writer, cells[i].day, set);
        source_set_free(set);
    }
    section_writer_finish(&writer);
    octets_release(&bytes);
}

/* Two sensors; 10 packets to the first on day 0, 5 on day 2, 1 to the second on day 90. Each call with
 * another name is another part. */
static inline struct summary *sample_with(const char *archive_name, const uint32_t sources[3],
                                          const char *port)
{
    struct summary *summary = summary_new();
    struct error err;
    assert_int_equal(edition_parse("2025q1", 4, &summary->edition, &err), 0);
    summary->time_zone = g_strdup("Asia/Tokyo");
    memset(summary->configuration_digest, 'c', 64);
    summary->packets_read = 20;
    summary->bins[BIN_COUNTED] = 16;
    summary->bins[BIN_FRAGMENT] = 4;
    summary->region_overlap_addresses = 256;
    struct summary_registry *registry = g_new0(struct summary_registry, 1);
    registry->name = g_strdup("apnic");
    registry->file = g_strdup("registries/2025q1/delegated-apnic");
    registry->date = g_strdup("2025-06-30");
    memset(registry->digest, 'a', 32);
    g_ptr_array_add(summary->registries, registry);
    struct summary_archive *archive = g_new0(struct summary_archive, 1);
    archive->name = g_strdup(archive_name);
    archive->size = 4711;
    memset(archive->digest, '0', 32);
    archive->packets = 20;
    archive->first_second = -5;
    archive->last_second = 1743433200;
    archive->problem = g_strdup("packet 21: cut\tshort\\ here\n");
    g_ptr_array_add(summary->archives, archive);
    summary->sensor_count = 2;
    summary->sensors = g_new0(struct summary_sensor, 2);
    for (size_t i = 0; i < 2; i++) {
        struct summary_sensor *sensor = &summary->sensors[i];
        sensor->id = g_strdup(i == 0 ? "jp01" : "us01");
        sensor->region = g_strdup(i == 0 ? "JP" : "US");
        sensor->group = g_strdup(i == 0 ? "domestic" : "overseas");
        sensor->label = g_strdup("東日本");
        sensor->packets = g_new0(uint64_t, 91);
        sensor->active = g_new0(bool, 91);
        sensor->active[0] = sensor->active[2] = sensor->active[90] = true;
    }
    summary->sensors[0].packets[0] = 10;
    summary->sensors[0].packets[2] = 5;
    summary->sensors[1].packets[90] = 1;
    summary->measure_count = 2;
    summary->measures = g_new0(struct measure_counts, 2);
    struct measure_counts *ports = &summary->measures[0];
    measure_fill(ports, "ports", COUNT_PACKETS, BY_PORT);
    row_append(ports, port, (struct cell[]){{0, 9, NULL}, {2, 5, NULL}}, 2);
    row_append(ports, "80/TCP", (struct cell[]){{90, 1, NULL}}, 1);
    struct measure_counts *tools = &summary->measures[1];
    measure_fill(tools, "tools", COUNT_SOURCES, BY_TOOL);
    row_append(tools, "mirai", (struct cell[]){{0, 2, sources}, {2, 2, sources + 1}}, 2);
    row_append(tools, "other", (struct cell[]){{2, 3, sources}}, 1);
    return summary;
}

static inline struct summary *sample(const char *archive_name, const uint32_t sources[3])
{
    return sample_with(archive_name, sources, "23/TCP");
}

static const uint32_t first_sources[3] = {1, 2, 3};
static const uint32_t second_sources[3] = {2, 3, 0x0a000000};
static const uint32_t third_sources[3] = {0, 3, 9};

/* The same bytes when written. */
static inline void assert_same(const struct summary *a, const struct summary *b)
{
    GByteArray *x = summary_file_bytes(a);
    GByteArray *y = summary_file_bytes(b);
    assert_int_equal(x->len, y->len);
    assert_memory_equal(x->data, y->data, x->len);
    g_byte_array_unref(x);
    g_byte_array_unref(y);
}

#endif

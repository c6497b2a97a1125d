/* scenario.h - what the sample's fictitious internet sends, as tables; samples/README.md explains each
 * column.
 *
 *     struct scenario scenario;
 *     scenario_load(&scenario, "samples/quarterly", err);
 *     for (guint i = 0; i < scenario.flows->len; i++) ...
 *     scenario_release(&scenario);
 */
#ifndef TEITEN_SAMPLES_SCENARIO_H
#define TEITEN_SAMPLES_SCENARIO_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/civil_date.h"
#include "base/csv_table.h"
#include "base/error.h"
#include "probe.h"

/* A row of scenario.csv. */
struct flow {
    const char *edition;
    struct probe_target target;
    const char *region; /* two letters, "??" (address in no allocation), or "*": spread as
                           scenario_regions.csv says */
    enum probe_tool tool;
    const char *group; /* of sensors */
    int ip_version;    /* 4 or 6 */
    uint32_t packets;  /* a day, to all sensors of the group */
    uint32_t sources;  /* a day */
    int trend_percent; /* change from the first to the last day, around the mean */
    int weekend_percent;
    uint64_t key; /* of its streams of random numbers: the row's words, not its place */
};

/* A row of scenario_events.csv. */
struct event {
    bool any_target;
    struct probe_target target;
    const char *region;                        /* or "*" */
    int tool;                                  /* enum probe_tool, or -1 for any */
    const char *group;                         /* or "*" */
    struct civil_date since, until;            /* both inclusive */
    uint32_t packets_percent, sources_percent; /* 100 changes nothing */
};

/* A field of scenario_regions.csv: how much of the flows to a group that name no region comes from this one.
 */
struct share {
    const char *edition;
    const char *group;
    const char *region;
    uint32_t weight;
};

struct outage {
    const char *sensor;             /* or "*" */
    struct civil_date since, until; /* both inclusive */
};

/* A line of sensors.csv. */
struct place {
    const char *id;
    const char *group;
    int ip_version;
    uint8_t address[16];
    int length;
    struct civil_date since, until; /* both inclusive */
};

/* A row of scenario_archives.csv: how a sensor's recorder writes. */
struct recorder {
    const char *sensor;
    enum recorder_format { RECORDER_PCAP, RECORDER_PCAP_NANOSECONDS, RECORDER_PCAPNG } format;
    enum probe_link link;
    uint32_t snap_length;
};

struct scenario {
    GPtrArray *tables; /* struct csv_table *: own every text above */
    GArray *flows, *shares, *events, *outages, *places, *recorders;
    GPtrArray *editions;                   /* const char *, in order of first mention */
    uint32_t oddities[PROBE_ODDITY_COUNT]; /* per 1,000 days and sensor */
    uint64_t seed;
    int utc_offset_minutes; /* Japan has had no daylight saving time since 1952: one offset serves */
    int fiscal_start_month;
};

int scenario_load(struct scenario *scenario, const char *folder, struct error *err);
void scenario_release(struct scenario *scenario);

/* The first day of "2025q1" and the number of its days. */
int scenario_edition_days(const struct scenario *scenario, const char *edition, struct civil_date *first,
                          int *day_count, struct error *err);
bool scenario_is_down(const struct scenario *scenario, const char *sensor, struct civil_date day);
/* Multiplies what the events of that day say, in per cent. */
void scenario_apply_events(const struct scenario *scenario, const struct flow *flow, const char *region,
                           struct civil_date day, uint64_t *packets, uint64_t *sources);
/* The sensor's recorder; the default (Ethernet, pcap, 96 bytes) when the table does not name it. */
struct recorder scenario_recorder(const struct scenario *scenario, const char *sensor);

#endif

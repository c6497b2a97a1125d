/* progress.h - one line on a terminal that says how far a count has come, and nothing anywhere else.
 *
 *     struct progress progress;
 *     progress_start(&progress, "2025q1", enabled);
 *     options.progress = progress_update; options.progress_context = &progress;
 *     ...
 *     progress_end(&progress);      // wipes the line
 */
#ifndef TEITEN_CMD_PROGRESS_H
#define TEITEN_CMD_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "aggregate/aggregate.h"

struct progress {
    const char *label;
    bool enabled; /* stderr is a terminal and -q was not given */
    bool drawn;
    int64_t start_us; /* monotonic */
};

void progress_start(struct progress *progress, const char *label, bool quiet);
void progress_update(const struct aggregate_progress *state, void *context);
void progress_end(struct progress *progress);

#endif

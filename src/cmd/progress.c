#include "cmd/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "base/number.h"

void progress_start(struct progress *progress, const char *label, bool quiet)
{
    progress->label = label;
    progress->enabled = !quiet && isatty(STDERR_FILENO) == 1;
    progress->drawn = false;
    progress->start_us = g_get_monotonic_time();
}

void progress_update(const struct aggregate_progress *state, void *context)
{
    struct progress *progress = context;
    if (!progress->enabled)
        return;
    double seconds = (double)(g_get_monotonic_time() - progress->start_us) / 1e6;
    GString *line = g_string_new(NULL);
    g_string_printf(line, "%s: %zu/%zu archives, ", progress->label, state->archives_done,
                    state->archive_count);
    number_append_thousands(line, state->packets);
    g_string_append(line, " packets");
    if (seconds > 0.2) {
        g_string_append(line, ", ");
        number_append_thousands(line, (uint64_t)((double)state->packets / seconds));
        g_string_append(line, "/s");
        if (state->bytes_done > 0 && state->bytes_done <= state->byte_count) {
            double left =
                seconds * (double)(state->byte_count - state->bytes_done) / (double)state->bytes_done;
            g_string_append_printf(line, ", %d:%02d left", (int)left / 60, (int)left % 60);
        }
    }
    fprintf(stderr, "\r\033[K%s", line->str);
    fflush(stderr);
    progress->drawn = true;
    g_string_free(line, TRUE);
}

void progress_end(struct progress *progress)
{
    if (progress->drawn)
        fputs("\r\033[K", stderr);
    progress->drawn = false;
}

/* Reads files as summaries, after setting their digests right: what is tried is the reader's own care.
 *
 *     fuzz_summary FILE...         replays files (the committed corpus, or an input that crashed)
 *
 * With -DLIBFUZZER -fsanitize=fuzzer it is a libFuzzer target instead: main is libFuzzer's. */
#include <stdio.h>
#include <string.h>

#include "fuzz/replay.h"
#include "publication/local_days.h"
#include "summary/summary.h"
#include "summary/summary_file.h"
#include "unit/summary_resign.h"

/* Everything that a reader of summaries asks. */
static void summary_use(const struct summary *summary)
{
    uint64_t daily[EDITION_DAYS_MAX];
    bool observed[EDITION_DAYS_MAX];
    for (size_t i = 0; i < summary->measure_count; i++) {
        const struct measure_counts *measure = summary_measure(summary, summary->measures[i].id);
        for (size_t r = 0; r < measure->row_count; r++) {
            g_assert(measure_counts_row(measure, measure->rows[r].key) == &measure->rows[r]);
            summary_row_daily(summary, measure, &measure->rows[r], daily);
        }
        summary_observed(summary, measure, observed);
        (void)measure_counts_total(summary, measure);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    GByteArray *signed_bytes = summary_resign(bytes, size);
    struct summary *summary = summary_new();
    struct error err = {.message = ""};
    if (summary_file_parse(summary, signed_bytes->data, signed_bytes->len, &err) == 0) {
        summary_use(summary);
        /* What was read can be written, and reads as the same. */
        GByteArray *once = summary_file_bytes(summary);
        struct summary *again = summary_new();
        g_assert(summary_file_parse(again, once->data, once->len, &err) == 0);
        GByteArray *twice = summary_file_bytes(again);
        g_assert(once->len == twice->len && memcmp(once->data, twice->data, once->len) == 0);
        g_byte_array_unref(once);
        g_byte_array_unref(twice);
        summary_free(again);
    } else {
        g_assert(err.kind == ERROR_INPUT && err.message[0] != '\0');
    }
    summary_free(summary);
    g_byte_array_unref(signed_bytes);
    return 0;
}

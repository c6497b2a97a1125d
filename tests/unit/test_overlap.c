#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "aggregate/overlap.h"
#include "summary/summary.h"

static void archive_add(struct summary *summary, const char *name, uint32_t sensor, int64_t first,
                        int64_t last)
{
    struct summary_archive *archive = g_new0(struct summary_archive, 1);
    archive->name = g_strdup(name);
    archive->spans = g_new0(struct summary_span, 1);
    archive->spans[0] = (struct summary_span){sensor, first, last};
    archive->span_count = 1;
    g_ptr_array_add(summary->archives, archive);
}

static void test_once_for_each_sensor(void **state)
{
    (void)state;
    struct summary *summary = summary_new();
    struct warning_log log;
    warning_log_init(&log);
    summary->sensors = g_new0(struct summary_sensor, 2);
    summary->sensor_count = 2;
    summary->sensors[0].id = g_strdup("jp01");
    summary->sensors[1].id = g_strdup("us01");
    /* jp01: c lies within a, and d begins long before a ends; us01: one after the other. */
    archive_add(summary, "a", 0, 0, 9000);
    archive_add(summary, "b", 1, 0, 9000);
    archive_add(summary, "c", 0, 1000, 2000);
    archive_add(summary, "d", 0, 5000, 20000);
    archive_add(summary, "e", 1, 9000, 18000);
    archive_add(summary, "f", 0, 20000, 30000);
    overlap_report(summary, &log);
    assert_int_equal(log.count, 1);
    GPtrArray *lines = warning_log_lines(&log);
    assert_non_null(strstr(lines->pdata[0], "sensor jp01: 2 archives"));
    assert_non_null(strstr(lines->pdata[0], "first c (with a)"));
    g_ptr_array_unref(lines);
    warning_log_release(&log);
    summary_free(summary);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_once_for_each_sensor)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

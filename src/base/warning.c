#include "base/warning.h"

#include <inttypes.h>
#include <stdarg.h>

void warning_log_init(struct warning_log *log)
{
    log->messages = g_ptr_array_new_with_free_func(g_free);
    log->topics = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    log->order = g_ptr_array_new();
    log->count = 0;
}

void warning_log_release(struct warning_log *log)
{
    g_clear_pointer(&log->messages, g_ptr_array_unref);
    g_clear_pointer(&log->order, g_ptr_array_unref);
    g_clear_pointer(&log->topics, g_hash_table_unref);
    log->count = 0;
}

void warning_add(struct warning_log *log, const char *topic, const char *format, ...)
{
    if (log == NULL)
        return;
    uint64_t *topic_count = g_hash_table_lookup(log->topics, topic);
    if (topic_count == NULL) {
        char *key = g_strdup(topic);
        topic_count = g_new0(uint64_t, 1);
        g_hash_table_insert(log->topics, key, topic_count);
        g_ptr_array_add(log->order, key);
    }
    log->count++;
    if (++*topic_count > WARNING_SHOWN)
        return;
    va_list arguments;
    va_start(arguments, format);
    g_ptr_array_add(log->messages, g_strdup_vprintf(format, arguments));
    va_end(arguments);
}

void warning_add_unshown(struct warning_log *log, const char *topic, uint64_t count)
{
    uint64_t *topic_count = log != NULL ? g_hash_table_lookup(log->topics, topic) : NULL;
    if (topic_count == NULL)
        return;
    g_assert(*topic_count >= WARNING_SHOWN);
    *topic_count += count;
    log->count += count;
}

GPtrArray *warning_log_lines(const struct warning_log *log)
{
    GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < log->messages->len; i++)
        g_ptr_array_add(lines, g_strdup(log->messages->pdata[i]));
    for (guint i = 0; i < log->order->len; i++) {
        const char *topic = log->order->pdata[i];
        uint64_t topic_count = *(const uint64_t *)g_hash_table_lookup(log->topics, topic);
        if (topic_count > WARNING_SHOWN)
            g_ptr_array_add(lines, g_strdup_printf("%s: %" PRIu64 " more warnings of this kind", topic,
                                                   topic_count - WARNING_SHOWN));
    }
    return lines;
}

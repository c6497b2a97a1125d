#include "summary/summary_sum.h"

#include <string.h>

/* As many sections of a level are merged into one of the next. */
enum { FAN_IN = 32 };

struct level {
    GPtrArray *sections; /* struct section *: fewer than FAN_IN */
};

struct summary_sum {
    struct summary *summary; /* all but the measures' rows */
    GArray **levels;         /* [measure_count], struct level, the lowest first */
};

static void section_free(gpointer data)
{
    section_release(data);
    g_free(data);
}

static void level_clear(gpointer data)
{
    g_ptr_array_unref(((struct level *)data)->sections);
}

struct summary_sum *summary_sum_new(struct summary *head)
{
    struct summary_sum *sum = g_new0(struct summary_sum, 1);
    sum->summary = head;
    sum->levels = g_new0(GArray *, head->measure_count + 1);
    for (size_t i = 0; i < head->measure_count; i++) {
        sum->levels[i] = g_array_new(FALSE, FALSE, sizeof(struct level));
        g_array_set_clear_func(sum->levels[i], level_clear);
    }
    return sum;
}

static struct section *sections_merge(const GPtrArray *sections, const struct measure_counts *measure)
{
    struct section *merged = g_new0(struct section, 1);
    section_merge((const struct section *const *)sections->pdata, sections->len, measure->count, measure->by,
                  merged);
    return merged;
}

/* Takes the section over. A level that is full becomes one section of the next: every row is copied a few
 * times, however many sections come. */
static void section_add(struct summary_sum *sum, size_t measure, struct section *section)
{
    GArray *levels = sum->levels[measure];
    for (guint i = 0;; i++) {
        if (i == levels->len) {
            struct level level = {.sections = g_ptr_array_new_with_free_func(section_free)};
            g_array_append_val(levels, level);
        }
        GPtrArray *sections = g_array_index(levels, struct level, i).sections;
        g_ptr_array_add(sections, section);
        if (sections->len < FAN_IN)
            return;
        section = sections_merge(sections, &sum->summary->measures[measure]);
        g_ptr_array_set_size(sections, 0);
    }
}

void summary_sum_add_head(struct summary_sum *sum, const struct summary *part)
{
    struct summary *summary = sum->summary;
    summary->packets_read += part->packets_read;
    for (int i = 0; i < BIN_COUNT; i++)
        summary->bins[i] += part->bins[i];
    for (size_t i = 0; i < summary->sensor_count; i++)
        for (int day = 0; day < summary->edition.day_count; day++)
            summary->sensors[i].packets[day] += part->sensors[i].packets[day];
}

void summary_sum_add_section(struct summary_sum *sum, size_t measure, const struct section *section)
{
    if (section->row_count == 0)
        return;
    struct section copy = section_copy(section);
    section_add(sum, measure, g_memdup2(&copy, sizeof copy));
}

void summary_sum_add(struct summary_sum *sum, const struct summary *part)
{
    summary_sum_add_head(sum, part);
    for (size_t i = 0; i < sum->summary->measure_count; i++)
        summary_sum_add_section(sum, i, &part->measures[i].section);
}

void summary_sum_take(struct summary_sum *sum, struct summary *part)
{
    summary_sum_add_head(sum, part);
    for (size_t i = 0; i < sum->summary->measure_count; i++) {
        struct measure_counts *measure = &part->measures[i];
        if (measure->section.row_count > 0)
            section_add(sum, i, g_memdup2(&measure->section, sizeof measure->section));
        measure->section = (struct section){.row_count = 0};
        measure_counts_clear(measure);
    }
}

/* All sections of a measure as one. */
static void measure_finish(GArray *levels, struct measure_counts *measure)
{
    GPtrArray *all = g_ptr_array_new_with_free_func(section_free);
    for (guint i = 0; i < levels->len; i++)
        g_ptr_array_extend_and_steal(all, g_ptr_array_ref(g_array_index(levels, struct level, i).sections));
    if (all->len > 1) {
        struct section *merged = sections_merge(all, measure);
        g_ptr_array_set_size(all, 0);
        g_ptr_array_add(all, merged);
    }
    if (all->len == 1)
        measure_counts_replace(measure, all->pdata[0]);
    g_ptr_array_unref(all);
}

struct summary *summary_sum_finish(struct summary_sum *sum)
{
    struct summary *summary = sum->summary;
    for (size_t i = 0; i < summary->measure_count; i++) {
        measure_finish(sum->levels[i], &summary->measures[i]);
        g_array_unref(sum->levels[i]);
    }
    g_free(sum->levels);
    g_free(sum);
    return summary;
}

void summary_sum_free(struct summary_sum *sum)
{
    if (sum != NULL)
        summary_free(summary_sum_finish(sum));
}

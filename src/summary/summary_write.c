/* The canonical form of a summary. A measure's section: one bit per sensor; then for each row: length and
 * bytes of its key, total, number of cells; for each cell: its time since that of the row's previous cell
 * (the first: since the start), count, and the set where distinct things are counted. A time is the day or,
 * in measures per hour, 26 times the day plus the hour. */
#include <inttypes.h>
#include <string.h>

#include "summary/source_set.h"
#include "summary/summary_file.h"

static void number_append(GByteArray *out, uint64_t value)
{
    uint8_t bytes[10];
    guint length = 0;
    do {
        bytes[length] = (uint8_t)(value & 0x7f);
        value >>= 7;
        if (value != 0)
            bytes[length] |= 0x80;
        length++;
    } while (value != 0);
    g_byte_array_append(out, bytes, length);
}

static void bits_append(GByteArray *out, const bool *bits, size_t count)
{
    for (size_t i = 0; i < count; i += 8) {
        uint8_t byte = 0;
        for (size_t j = i; j < count && j < i + 8; j++)
            if (bits[j])
                byte = (uint8_t)(byte | 1U << (j - i));
        g_byte_array_append(out, &byte, 1);
    }
}

/* Appends a tab and the text, escaped; NULL as nothing. */
static void field_append(GString *out, const char *text)
{
    g_string_append_c(out, '\t');
    for (; text != NULL && *text != '\0'; text++) {
        switch (*text) {
        case '\\':
            g_string_append(out, "\\\\");
            break;
        case '\t':
            g_string_append(out, "\\t");
            break;
        case '\n':
            g_string_append(out, "\\n");
            break;
        case '\r':
            g_string_append(out, "\\r");
            break;
        default:
            g_string_append_c(out, *text);
        }
    }
}

static void head_append(const struct summary *summary, GByteArray *const *sections, GString *out)
{
    g_string_append(out, SUMMARY_FILE_MAGIC SUMMARY_FILE_VERSION "\nedition");
    field_append(out, summary->edition.name);
    g_string_append_printf(out, "\t%d\ntime-zone", summary->edition.fiscal_start_month);
    field_append(out, summary->time_zone);
    g_string_append(out, "\nconfiguration");
    field_append(out, summary->configuration_digest);
    g_string_append_printf(out, "\npackets-read\t%" PRIu64 "\noverlap-addresses\t%" PRIu64 "\n",
                           summary->packets_read, summary->region_overlap_addresses);
    for (int i = 0; i < BIN_COUNT; i++)
        g_string_append_printf(out, "bin\t%s\t%" PRIu64 "\n", bin_name((enum bin)i), summary->bins[i]);
    g_string_append_printf(out, "registries\t%u\n", summary->registries->len);
    for (guint i = 0; i < summary->registries->len; i++) {
        const struct summary_registry *registry = summary->registries->pdata[i];
        g_string_append(out, "registry");
        field_append(out, registry->name);
        field_append(out, registry->file);
        field_append(out, registry->date);
        field_append(out, registry->digest);
        g_string_append_c(out, '\n');
    }
    g_string_append_printf(out, "archives\t%u\n", summary->archives->len);
    for (guint i = 0; i < summary->archives->len; i++) {
        const struct summary_archive *archive = summary->archives->pdata[i];
        g_string_append(out, "archive");
        field_append(out, archive->name);
        g_string_append_printf(out, "\t%" PRIu64, archive->size);
        field_append(out, archive->digest);
        g_string_append_printf(out, "\t%" PRIu64 "\t%" PRId64 "\t%" PRId64 "\t%" PRIu64, archive->packets,
                               archive->first_second, archive->last_second, archive->backward_count);
        field_append(out, archive->problem);
        field_append(out, archive->duplicate_of);
        g_string_append_c(out, '\n');
    }
    g_string_append_printf(out, "sensors\t%zu\n", summary->sensor_count);
    for (size_t i = 0; i < summary->sensor_count; i++) {
        g_string_append(out, "sensor");
        field_append(out, summary->sensors[i].id);
        field_append(out, summary->sensors[i].region);
        field_append(out, summary->sensors[i].group);
        g_string_append_c(out, '\n');
    }
    g_string_append_printf(out, "measures\t%zu\n", summary->measure_count);
    for (size_t i = 0; i < summary->measure_count; i++) {
        const struct measure_counts *measure = &summary->measures[i];
        g_string_append(out, "measure");
        field_append(out, measure->id);
        char *grouping = measure_grouping(measure->by);
        g_string_append_printf(out, "\t%s\t%s\t%s\t%zu\t%zu\t%u", measure_count_name(measure->count),
                               grouping, measure_per_name(measure->per), measure->row_count,
                               measure->cell_count, sections[i]->len);
        g_free(grouping);
        field_append(out, measure->definition);
        g_string_append_c(out, '\n');
    }
    g_string_append(out, "end\n");
}

GByteArray *summary_section_bytes(const struct summary *summary, const struct measure_counts *measure)
{
    GByteArray *out = g_byte_array_new();
    bits_append(out, measure->sensors, summary->sensor_count);
    for (size_t r = 0; r < measure->row_count; r++) {
        const struct summary_row *row = &measure->rows[r];
        size_t length = strlen(row->key);
        number_append(out, length);
        g_byte_array_append(out, (const uint8_t *)row->key, (guint)length);
        number_append(out, row->total);
        number_append(out, row->cell_count);
        uint32_t previous = 0;
        for (size_t i = 0; i < row->cell_count; i++) {
            const struct summary_cell *cell = &measure->cells[row->first_cell + i];
            uint32_t time =
                measure->per == PER_HOUR ? (uint32_t)cell->day * DAY_HOURS_MAX + cell->hour : cell->day;
            number_append(out, time - previous);
            number_append(out, cell->count);
            if (measure->count == COUNT_SOURCES)
                source_set_write(cell->sources, out);
            else if (measure->count == COUNT_SOURCE_SENSORS)
                source_set_write_pairs(cell->sources, out);
            previous = time;
        }
    }
    return out;
}

static void spans_append(const struct summary *summary, GByteArray *out)
{
    for (guint i = 0; i < summary->archives->len; i++) {
        const struct summary_archive *archive = summary->archives->pdata[i];
        uint32_t previous = 0;
        number_append(out, archive->span_count);
        for (size_t j = 0; j < archive->span_count; j++) {
            const struct summary_span *span = &archive->spans[j];
            number_append(out, span->sensor - previous);
            number_append(out, (uint64_t)(span->first_second - archive->first_second));
            number_append(out, (uint64_t)(span->last_second - span->first_second));
            previous = span->sensor;
        }
    }
}

GByteArray *summary_file_bytes(const struct summary *summary)
{
    GByteArray **sections = g_new0(GByteArray *, summary->measure_count + 1);
    for (size_t i = 0; i < summary->measure_count; i++)
        sections[i] = summary_section_bytes(summary, &summary->measures[i]);
    GString *head = g_string_new(NULL);
    head_append(summary, sections, head);
    GByteArray *out = g_byte_array_new();
    g_byte_array_append(out, (const uint8_t *)head->str, (guint)head->len);
    g_string_free(head, TRUE);
    for (size_t i = 0; i < summary->sensor_count; i++) {
        for (int day = 0; day < summary->edition.day_count; day++)
            number_append(out, summary->sensors[i].packets[day]);
        bits_append(out, summary->sensors[i].active, (size_t)summary->edition.day_count);
    }
    spans_append(summary, out);
    for (size_t i = 0; i < summary->measure_count; i++) {
        g_byte_array_append(out, sections[i]->data, sections[i]->len);
        g_byte_array_unref(sections[i]);
    }
    g_free(sections);
    char *digest = g_compute_checksum_for_data(G_CHECKSUM_SHA256, out->data, out->len);
    char *trailer = g_strdup_printf("sha256 %s\n", digest);
    g_assert(strlen(trailer) == SUMMARY_FILE_TRAILER_SIZE);
    g_byte_array_append(out, (const uint8_t *)trailer, SUMMARY_FILE_TRAILER_SIZE);
    g_free(trailer);
    g_free(digest);
    return out;
}

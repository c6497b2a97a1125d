/* The canonical form of a summary: a head, then the binary parts, the measures' rows as they stand in memory.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/digest.h"
#include "base/output_set.h"
#include "summary/seal.h"
#include "summary/summary_file.h"

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

/* The section's digest stands in the head, which has one itself: who needs one measure reads no other. */
static void measures_append(const struct summary *summary, GString *out)
{
    g_string_append_printf(out, "measures\t%zu\n", summary->measure_count);
    for (size_t i = 0; i < summary->measure_count; i++) {
        const struct measure_counts *measure = &summary->measures[i];
        const struct octets *bytes = &measure->section.bytes;
        char *grouping = measure_grouping(measure->by);
        char digest[DIGEST_SIZE];
        digest_of(bytes->data, bytes->size, digest);
        g_string_append(out, "measure");
        field_append(out, measure->id);
        g_string_append_printf(out, "\t%s\t%s\t%s\t%zu\t%zu\t%s", measure_count_name(measure->count),
                               grouping, measure_per_name(measure->per), measure->section.row_count,
                               bytes->size, digest);
        field_append(out, measure->definition);
        g_string_append_c(out, '\n');
        g_free(grouping);
    }
}

static void lines_append(const struct summary *summary, GString *out)
{
    g_string_append(out, "edition");
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
        g_string_append_printf(
            out, "\t%" PRIu64 "\t%" PRId64 "\t%" PRId64 "\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu32,
            archive->packets, archive->first_second, archive->last_second, archive->backward_count,
            archive->unsupported_count, archive->unsupported_link);
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
    measures_append(summary, out);
    g_string_append(out, "end\n");
}

static void spans_append(const struct summary *summary, struct octets *out)
{
    for (guint i = 0; i < summary->archives->len; i++) {
        const struct summary_archive *archive = summary->archives->pdata[i];
        uint32_t previous = 0;
        octets_number(out, archive->span_count);
        for (size_t j = 0; j < archive->span_count; j++) {
            const struct summary_span *span = &archive->spans[j];
            octets_number(out, span->sensor - previous);
            octets_number(out, (uint64_t)(span->first_second - archive->first_second));
            octets_number(out, (uint64_t)(span->last_second - span->first_second));
            previous = span->sensor;
        }
    }
}

/* All that comes before the sections, its seal included. */
static void head_write(const struct summary *summary, struct octets *head)
{
    GString *lines = g_string_new(NULL);
    struct octets rest = {.data = NULL};
    lines_append(summary, lines);
    octets_append(&rest, lines->str, lines->len);
    for (size_t i = 0; i < summary->sensor_count; i++) {
        for (int day = 0; day < summary->edition.day_count; day++)
            octets_number(&rest, summary->sensors[i].packets[day]);
        octets_bits(&rest, summary->sensors[i].active, (size_t)summary->edition.day_count);
    }
    spans_append(summary, &rest);
    for (size_t i = 0; i < summary->measure_count; i++)
        octets_bits(&rest, summary->measures[i].sensors, summary->sensor_count);
    g_string_printf(lines, SUMMARY_FILE_MAGIC SUMMARY_FILE_VERSION "\nhead\t%zu\n", rest.size);
    octets_append(head, lines->str, lines->len);
    octets_append(head, rest.data, rest.size);
    char seal[SEAL_SIZE + 1];
    seal_make(head->data, head->size, seal);
    octets_append(head, seal, SEAL_SIZE);
    octets_release(&rest);
    g_string_free(lines, TRUE);
}

/* The file in pieces: nothing large is copied. `put` is called with each in turn. */
static void pieces_put(const struct summary *summary,
                       void (*put)(const void *data, size_t size, void *context), void *context)
{
    struct octets head = {.data = NULL};
    head_write(summary, &head);
    put(head.data, head.size, context);
    octets_release(&head);
    for (size_t i = 0; i < summary->measure_count; i++)
        put(summary->measures[i].section.bytes.data, summary->measures[i].section.bytes.size, context);
}

static void bytes_put(const void *data, size_t size, void *context)
{
    if (size > 0)
        g_byte_array_append(context, data, (guint)size);
}

GByteArray *summary_file_bytes(const struct summary *summary)
{
    GByteArray *out = g_byte_array_new();
    pieces_put(summary, bytes_put, out);
    return out;
}

static void file_put(const void *data, size_t size, void *context)
{
    output_file_append(context, data, size);
}

int summary_write(const struct summary *summary, const char *path, struct error *err)
{
    char *folder = g_path_get_dirname(path);
    int result = 0;
    if (g_mkdir_with_parents(folder, 0755) != 0)
        result = error_set(err, ERROR_OUTPUT, "%s: cannot make the folder: %s", folder, g_strerror(errno));
    g_free(folder);
    struct output_file *file = result == 0 ? output_file_open(path, err) : NULL;
    if (file == NULL)
        return -1;
    pieces_put(summary, file_put, file);
    return output_file_close(file, err);
}

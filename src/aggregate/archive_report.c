#include "aggregate/archive_report.h"

#include <inttypes.h>
#include <pcap/pcap.h>

/* Copies count once, under the first of their names. Archives without packets are no copies worth a word: the
 * capture of any hour in which nothing came is the same file header. */
static void duplicates_mark(const GPtrArray *archives)
{
    GHashTable *originals = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < archives->len; i++) {
        struct summary_archive *archive = archives->pdata[i];
        const struct summary_archive *original = g_hash_table_lookup(originals, archive->digest);
        if (original == NULL) {
            g_hash_table_insert(originals, archive->digest, archive);
        } else if (original->packets > 0) {
            archive->duplicate_of = g_strdup(original->name);
            archive->packets = 0;
            archive->first_second = archive->last_second = 0;
            archive->backward_count = 0;
            archive->unsupported_count = archive->unsupported_link = 0;
            archive->span_count = 0;
            g_clear_pointer(&archive->problem, g_free);
        }
    }
    g_hash_table_unref(originals);
}

static void unsupported_report(const struct summary_archive *archive, struct warning_log *log)
{
    int link = (int)archive->unsupported_link;
    const char *name = pcap_datalink_val_to_name(link);
    const char *description = pcap_datalink_val_to_description(link);
    warning_add(log, "unsupported link types",
                "aggregate: %s: %" PRIu64 " packet%s of a link type that is not decoded: %d%s%s%s%s%s",
                archive->name, archive->unsupported_count, archive->unsupported_count == 1 ? "" : "s", link,
                name != NULL ? " (" : "", name != NULL ? name : "", description != NULL ? ", " : "",
                description != NULL ? description : "", name != NULL ? ")" : "");
}

/* Captures of another quarter, sensors that are others: all of it would be published as nothing observed. */
static void nothing_counted_report(const struct summary *summary, struct warning_log *log)
{
    char first[CIVIL_DATE_SIZE], last[CIVIL_DATE_SIZE];
    enum bin largest = BIN_OUTSIDE_QUARTER;
    if (summary->packets_read == 0 || summary->bins[BIN_COUNTED] > 0)
        return;
    for (int bin = BIN_OUTSIDE_QUARTER; bin < BIN_COUNT; bin++)
        largest = summary->bins[bin] > summary->bins[largest] ? (enum bin)bin : largest;
    warning_add(log, "nothing counted",
                "aggregate: %s: none counted, packets read: %" PRIu64 ", %s: %" PRIu64
                ", expected packets from %s to %s to sensors in force",
                summary->edition.name, summary->packets_read, bin_name(largest), summary->bins[largest],
                civil_date_format(summary->edition.first, first),
                civil_date_format(summary->edition.last, last));
}

void archive_report(struct summary *summary, struct warning_log *log)
{
    duplicates_mark(summary->archives);
    for (guint i = 0; i < summary->archives->len; i++) {
        const struct summary_archive *archive = summary->archives->pdata[i];
        if (archive->duplicate_of != NULL)
            warning_add(log, "duplicate archives", "aggregate: %s: the same bytes as %s, counted once",
                        archive->name, archive->duplicate_of);
        if (archive->problem != NULL)
            warning_add(
                log, "archives with problems", "aggregate: %s: %s; %s", archive->name, archive->problem,
                archive->packets > 0 ? "the packets before it are counted" : "nothing of it is counted");
        if (archive->unsupported_count > 0)
            unsupported_report(archive, log);
    }
    nothing_counted_report(summary, log);
}

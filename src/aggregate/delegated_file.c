#include "aggregate/delegated_file.h"

#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"

enum { FIELDS_MAX = 8, READ_SIZE = 64 * 1024 };

/* One line, cut into its fields in place. Fields beyond the eighth are of no interest. */
struct line {
    size_t number;
    char *fields[FIELDS_MAX];
    size_t field_count; /* all of them, also those beyond the eighth */
};

static void line_split(struct line *line, char *text, char *end)
{
    line->field_count = 0;
    for (;;) {
        char *stop = memchr(text, '|', (size_t)(end - text));
        char *field_end = stop == NULL ? end : stop;
        char *trimmed_end = field_end;
        while (trimmed_end > text && g_ascii_isspace(trimmed_end[-1]))
            trimmed_end--;
        while (text < trimmed_end && g_ascii_isspace(*text))
            text++;
        *trimmed_end = '\0';
        if (line->field_count < FIELDS_MAX)
            line->fields[line->field_count] = text;
        line->field_count++;
        if (stop == NULL)
            return;
        text = stop + 1;
    }
}

/* A number of the format version: "2", "2.3". */
static bool text_is_version(const char *text)
{
    return g_ascii_isdigit(text[0]) && strspn(text, "0123456789.") == strlen(text);
}

static void date_read(struct delegated_file *file, const char *serial, const char *end_date)
{
    uint64_t number;
    file->has_date = true;
    if (civil_date_parse(end_date, &file->date) || civil_date_parse(serial, &file->date))
        return;
    /* RIPE NCC numbers its files by seconds since 1970, ARIN by milliseconds. 9999-12-31 is the limit of
     * civil_date. */
    if (strlen(serial) > 8 && number_parse(serial, 0, UINT64_C(253402300799999), &number)) {
        uint64_t seconds = number > UINT64_C(99999999999) ? number / 1000 : number;
        file->date = civil_date_from_days((int64_t)(seconds / 86400));
        return;
    }
    file->has_date = false;
}

static bool region_read(const char *text, char region[3])
{
    if (strlen(text) != 2 || !g_ascii_isalpha(text[0]) || !g_ascii_isalpha(text[1]))
        return false;
    region[0] = g_ascii_toupper(text[0]);
    region[1] = g_ascii_toupper(text[1]);
    region[2] = '\0';
    return true;
}

/* Reads start and value. NULL when they are sound, else what was expected. */
static const char *range_read(const struct line *line, struct delegated_record *record)
{
    uint64_t value;
    if (!record->is_ipv6) {
        struct in_addr address;
        if (inet_pton(AF_INET, line->fields[3], &address) != 1)
            return "an IPv4 address in the fourth field";
        record->first_low = ntohl(address.s_addr);
        if (!number_parse(line->fields[4], 1, UINT64_C(1) << 32, &value) ||
            value - 1 > UINT32_MAX - record->first_low)
            return "a count of addresses in the fifth field";
        record->size = (uint32_t)(value - 1);
        return NULL;
    }
    struct in6_addr address;
    if (inet_pton(AF_INET6, line->fields[3], &address) != 1)
        return "an IPv6 address in the fourth field";
    address_number first = address_number_from_ipv6(address.s6_addr);
    if (!number_parse(line->fields[4], 1, 128, &value))
        return "a prefix length of 1 to 128 in the fifth field";
    address_number host_bits = value == 128 ? 0 : ~(address_number)0 >> value;
    if ((first & host_bits) != 0)
        return "an IPv6 prefix without host bits";
    record->first_high = (uint64_t)(first >> 64);
    record->first_low = (uint64_t)first;
    record->size = (uint32_t)(128 - value);
    return NULL;
}

/* Records of a file mostly name one registry. */
static GQuark registry_quark(const char *name, const GArray *records)
{
    if (records->len > 0) {
        GQuark last = g_array_index(records, struct delegated_record, records->len - 1).registry;
        if (strcmp(g_quark_to_string(last), name) == 0)
            return last;
    }
    return g_quark_from_string(name);
}

/* Appends the record when it decides a region. NULL when the line is well-formed, else what was expected. */
static const char *record_read(const struct line *line, uint32_t file, GArray *records)
{
    if (line->field_count < 7)
        return "7 fields or more";
    const char *type = line->fields[2];
    struct delegated_record record = {.file = file};
    record.is_ipv6 = strcmp(type, "ipv6") == 0;
    if (strcmp(type, "asn") == 0)
        return NULL;
    if (!record.is_ipv6 && strcmp(type, "ipv4") != 0)
        return "asn, ipv4 or ipv6 in the third field";
    bool has_region = line->fields[1][0] != '\0';
    if (has_region && !region_read(line->fields[1], record.region))
        return "a code of two letters in the second field";
    const char *expected = range_read(line, &record);
    if (expected != NULL)
        return expected;
    struct civil_date date;
    const char *status = line->fields[6];
    if (status[0] == '\0')
        return "a status in the seventh field";
    if (!has_region || strcmp(record.region, "ZZ") == 0 ||
        (strcmp(status, "allocated") != 0 && strcmp(status, "assigned") != 0))
        return NULL;
    if (civil_date_parse(line->fields[5], &date))
        record.date = (uint32_t)(date.year * 10000 + date.month * 100 + date.day);
    record.registry = registry_quark(line->fields[0], records);
    g_array_append_val(records, record);
    return NULL;
}

static int version_read(struct delegated_file *file, const struct line *line, uint64_t *announced,
                        struct error *err)
{
    *announced = 0;
    if (line->field_count < 6 || !text_is_version(line->fields[0]) || line->fields[1][0] == '\0')
        return error_set(err, ERROR_INPUT,
                         "line %zu: not a registry's statistics: expected its version line "
                         "(version|registry|serial|records|startdate|enddate|UTCoffset)",
                         line->number);
    file->registry = g_strdup(line->fields[1]);
    date_read(file, line->fields[2], line->fields[5]);
    (void)number_parse(line->fields[3], 0, UINT32_MAX, announced);
    return 0;
}

static int lines_read(struct delegated_file *file, FILE *input, const char *path, uint32_t number,
                      GArray *records, struct warning_log *log, struct error *err)
{
    uint64_t announced = 0;
    uint64_t row_count = 0;
    bool is_cut = false;
    struct line line = {.number = 0};
    char *text = NULL;
    size_t capacity = 0;
    ssize_t length;
    int result = 0;
    while (result == 0 && (length = getline(&text, &capacity, input)) > 0) {
        bool is_ended = text[length - 1] == '\n';
        char *end = text + length - (is_ended ? 1 : 0);
        line.number++;
        line_split(&line, text, end);
        const char *first = line.fields[0];
        if (first[0] == '#' || (first[0] == '\0' && line.field_count == 1))
            continue;
        if (file->registry == NULL) {
            result = version_read(file, &line, &announced, err);
            continue;
        }
        if (line.field_count >= 6 && (strcmp(line.fields[5], "summary") == 0))
            continue;
        row_count++;
        const char *expected = record_read(&line, number, records);
        if (expected == NULL) {
            file->record_count++;
            continue;
        }
        is_cut = is_cut || !is_ended;
        warning_add(log, path, "registry: %s: line %zu: malformed record, expected %s", path, line.number,
                    expected);
    }
    free(text);
    if (result != 0)
        return result;
    if (ferror(input))
        return error_set(err, ERROR_INPUT, "cannot read: %s", g_strerror(errno));
    if (file->registry == NULL)
        return error_set(err, ERROR_INPUT,
                         "not a registry's statistics: it is empty, expected a version line and records");
    if (file->record_count == 0)
        return error_set(err, ERROR_INPUT, "not a registry's statistics: no usable record");
    if (is_cut || row_count * 2 < announced)
        warning_add(log, path,
                    "registry: %s: the file seems to be cut short: %" PRIu64
                    " records, its version line says %" PRIu64 "%s",
                    path, row_count, announced, is_cut ? ", and its last line is not whole" : "");
    return 0;
}

int delegated_file_load(struct delegated_file *file, const char *path, uint32_t number, GArray *records,
                        struct warning_log *log, struct error *err)
{
    *file = (struct delegated_file){.registry = NULL};
    FILE *input = fopen(path, "re");
    if (input == NULL)
        return error_set(err, ERROR_INPUT, "%s: cannot read: %s", path, g_strerror(errno));
    setvbuf(input, NULL, _IOFBF, READ_SIZE);
    __fsetlocking(input, FSETLOCKING_BYCALLER);
    int result = lines_read(file, input, path, number, records, log, err);
    if (result != 0) {
        error_prefix(err, "%s", path);
        delegated_file_release(file);
    }
    fclose(input);
    return result;
}

void delegated_file_release(struct delegated_file *file)
{
    g_clear_pointer(&file->registry, g_free);
}

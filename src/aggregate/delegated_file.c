#include "aggregate/delegated_file.h"

#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "aggregate/address_sweep.h"
#include "aggregate/delegated_lines.h"
#include "base/number.h"

enum { FIRST_ROOM = 4096, LETTERS = 26 };

bool delegated_file_digest(const char *path, uint8_t digest[DIGEST_BYTES])
{
    struct delegated_reader reader;
    if (!delegated_reader_open(&reader, path))
        return false;
    delegated_reader_drain(&reader);
    delegated_reader_close(&reader, digest);
    return reader.failed == 0;
}

/* ---- records ---- */

void delegated_records_release(struct delegated_records *records)
{
    g_free(records->ipv4);
    g_free(records->ipv6);
    for (guint i = 0; records->origins != NULL && i < records->origins->len; i++)
        g_free(g_array_index(records->origins, struct delegated_origin, i).registry);
    g_clear_pointer(&records->origins, g_array_unref);
    *records = (struct delegated_records){.ipv4 = NULL};
}

static void ipv4_add(struct delegated_records *records, const struct delegated_ipv4 *record)
{
    if (records->ipv4_count == records->ipv4_room) {
        records->ipv4_room = MAX(FIRST_ROOM, records->ipv4_room * 2);
        records->ipv4 = g_renew(struct delegated_ipv4, records->ipv4, records->ipv4_room);
    }
    records->ipv4[records->ipv4_count++] = *record;
}

static void ipv6_add(struct delegated_records *records, const struct delegated_ipv6 *record)
{
    if (records->ipv6_count == records->ipv6_room) {
        records->ipv6_room = MAX(FIRST_ROOM, records->ipv6_room * 2);
        records->ipv6 = g_renew(struct delegated_ipv6, records->ipv6, records->ipv6_room);
    }
    records->ipv6[records->ipv6_count++] = *record;
}

/* The origins of one file, which mostly is a single one. */
struct origins {
    GArray *all;        /* of the records */
    GHashTable *places; /* registry -> index in `all`; borrowed names */
    uint32_t file;
    struct delegated_text last_name; /* found last, at last_place */
    uint16_t last_place;
};

/* False when there are too many of them. */
static bool origin_find(struct origins *origins, struct delegated_text name, uint16_t *place)
{
    if (origins->last_name.bytes == NULL || name.size != origins->last_name.size ||
        memcmp(name.bytes, origins->last_name.bytes, name.size) != 0) {
        struct delegated_origin origin = {.registry = g_strndup(name.bytes, name.size),
                                          .file = origins->file};
        gpointer found;
        if (g_hash_table_lookup_extended(origins->places, origin.registry, NULL, &found)) {
            g_free(origin.registry);
        } else if (origins->all->len <= UINT16_MAX) {
            found = GUINT_TO_POINTER(origins->all->len);
            g_hash_table_insert(origins->places, origin.registry, found);
            g_array_append_val(origins->all, origin);
        } else {
            g_free(origin.registry);
            return false;
        }
        origins->last_place = (uint16_t)GPOINTER_TO_UINT(found);
        const char *kept = g_array_index(origins->all, struct delegated_origin, origins->last_place).registry;
        origins->last_name = (struct delegated_text){kept, strlen(kept)};
    }
    *place = origins->last_place;
    return true;
}

/* ---- fields ---- */

enum { FINE = -1 }; /* no delegated_expectation was disappointed */

static bool region_read(struct delegated_text text, uint16_t *region)
{
    if (text.size != 2)
        return false;
    unsigned first = ((unsigned)text.bytes[0] | 0x20) - 'a', second = ((unsigned)text.bytes[1] | 0x20) - 'a';
    *region = (uint16_t)(first * LETTERS + second);
    return first < LETTERS && second < LETTERS;
}

static inline unsigned digit_of(char byte)
{
    return (unsigned)byte - '0'; /* above 9 when it is none */
}

/* A number up to 255 without needless zeros; the place behind it, or NULL. */
static inline const char *octet_read(const char *at, uint32_t *octet)
{
    unsigned first = digit_of(at[0]), second, third;
    if (first > 9)
        return NULL;
    *octet = first;
    if (first == 0 || (second = digit_of(at[1])) > 9)
        return at + 1;
    *octet = first * 10 + second;
    if ((third = digit_of(at[2])) > 9)
        return at + 2;
    *octet = *octet * 10 + third;
    return *octet <= 255 ? at + 3 : NULL;
}

/* Four such numbers between dots, as inet_pton(3) takes them. The field is not the line's last, so that a bar
 * or a blank ends it, which is no part of a number. */
static bool ipv4_read(struct delegated_text text, uint32_t *address)
{
    const char *at = text.bytes;
    uint32_t read = 0;
    for (int i = 0; i < 4; i++) {
        uint32_t octet;
        if (i > 0 && *at++ != '.')
            return false;
        at = octet_read(at, &octet);
        if (at == NULL)
            return false;
        read = read << 8 | octet;
    }
    *address = read;
    return at == text.bytes + text.size;
}

static bool ipv6_read(struct delegated_text text, address_number *address)
{
    char ended[INET6_ADDRSTRLEN];
    struct in6_addr read;
    if (text.size >= sizeof ended || memchr(text.bytes, '\0', text.size) != NULL)
        return false;
    memcpy(ended, text.bytes, text.size);
    ended[text.size] = '\0';
    if (inet_pton(AF_INET6, ended, &read) != 1)
        return false;
    *address = address_number_from_ipv6(read.s6_addr);
    return true;
}

static bool date_read(struct delegated_text text, struct civil_date *date)
{
    char ended[CIVIL_DATE_SIZE];
    uint64_t number;
    if (text.size == 8 && number_parse_bytes(text.bytes, text.size, 0, 99999999, &number)) {
        struct civil_date read = {
            .year = (int)(number / 10000), .month = (int)(number / 100 % 100), .day = (int)(number % 100)};
        bool is_early = read.year > 0 && read.month > 0 && read.month <= 12 && read.day > 0 && read.day <= 28;
        if (!is_early && !civil_date_is_valid(read))
            return false;
        *date = read;
        return true;
    }
    if (text.size >= sizeof ended)
        return false;
    memcpy(ended, text.bytes, text.size);
    ended[text.size] = '\0';
    return civil_date_parse(ended, date);
}

static int ipv4_range_read(const struct delegated_line *line, struct delegated_ipv4 *record)
{
    uint64_t count;
    if (!ipv4_read(line->fields[3], &record->first))
        return EXPECTED_IPV4;
    if (!number_parse_bytes(line->fields[4].bytes, line->fields[4].size, 1, UINT64_C(1) << 32, &count) ||
        count - 1 > UINT32_MAX - record->first)
        return EXPECTED_COUNT;
    record->last = record->first + (uint32_t)(count - 1);
    return FINE;
}

static int ipv6_range_read(const struct delegated_line *line, struct delegated_ipv6 *record)
{
    uint64_t length;
    address_number first;
    if (!ipv6_read(line->fields[3], &first))
        return EXPECTED_IPV6;
    if (!number_parse_bytes(line->fields[4].bytes, line->fields[4].size, 1, 128, &length))
        return EXPECTED_LENGTH;
    address_number host_mask = length == 128 ? 0 : ~(address_number)0 >> length;
    if ((first & host_mask) != 0)
        return EXPECTED_PREFIX;
    record->first_high = (uint64_t)(first >> 64);
    record->first_low = (uint64_t)first;
    record->host_bits = (uint8_t)(128 - length);
    return FINE;
}

/* Appends the record when it decides a region. FINE when the line is well-formed, else what was expected. */
static int record_read(const struct delegated_line *line, struct delegated_records *records,
                       struct origins *origins)
{
    if (line->field_count < DELEGATED_FIELDS)
        return EXPECTED_FIELDS;
    struct delegated_text type = line->fields[2], status = line->fields[6];
    struct delegated_ipv4 ipv4 = {.date = 0};
    struct delegated_ipv6 ipv6 = {.date = 0};
    bool is_ipv6 = delegated_text_is(type, "ipv6");
    if (delegated_text_is(type, "asn"))
        return FINE;
    if (!is_ipv6 && !delegated_text_is(type, "ipv4"))
        return EXPECTED_TYPE;
    uint16_t region = DELEGATED_REGIONS - 1, origin;
    if (line->fields[1].size > 0 && !region_read(line->fields[1], &region))
        return EXPECTED_CODE;
    int expected = is_ipv6 ? ipv6_range_read(line, &ipv6) : ipv4_range_read(line, &ipv4);
    if (expected != FINE)
        return expected;
    if (status.size == 0)
        return EXPECTED_STATUS;
    if (region == DELEGATED_REGIONS - 1 ||
        (!delegated_text_is(status, "allocated") && !delegated_text_is(status, "assigned")))
        return FINE;
    if (!origin_find(origins, line->fields[0], &origin))
        return EXPECTED_REGISTRY;
    struct civil_date date;
    if (date_read(line->fields[5], &date))
        ipv4.date = ipv6.date = (uint32_t)(date.year * 10000 + date.month * 100 + date.day);
    ipv4.region = ipv6.region = region;
    ipv4.origin = ipv6.origin = origin;
    if (is_ipv6)
        ipv6_add(records, &ipv6);
    else
        ipv4_add(records, &ipv4);
    return FINE;
}

/* ---- the file ---- */

/* A number of the format version: "2", "2.3". */
static bool text_is_version(struct delegated_text text)
{
    for (size_t i = 0; i < text.size; i++)
        if (!g_ascii_isdigit(text.bytes[i]) && (i == 0 || text.bytes[i] != '.'))
            return false;
    return text.size > 0;
}

static void snapshot_date_read(struct delegated_file *file, struct delegated_text serial,
                               struct delegated_text end_date)
{
    uint64_t number;
    file->has_date = date_read(end_date, &file->date) || date_read(serial, &file->date);
    /* RIPE NCC numbers its files by seconds since 1970, ARIN by milliseconds. 9999-12-31 is the limit of
     * civil_date. */
    if (!file->has_date && serial.size > 8 &&
        number_parse_bytes(serial.bytes, serial.size, 0, UINT64_C(253402300799999), &number)) {
        uint64_t seconds = number > UINT64_C(99999999999) ? number / 1000 : number;
        file->date = civil_date_from_days((int64_t)(seconds / 86400));
        file->has_date = true;
    }
}

static int version_read(struct delegated_file *file, const struct delegated_line *line, struct error *err)
{
    const struct delegated_text *fields = line->fields;
    if (line->field_count < 6 || !text_is_version(fields[0]) || fields[1].size == 0)
        return error_set(err, ERROR_INPUT,
                         "line %" PRIu64 ": not a registry's statistics: expected its version line "
                         "(version|registry|serial|records|startdate|enddate|UTCoffset)",
                         line->number);
    file->registry = g_strndup(fields[1].bytes, fields[1].size);
    snapshot_date_read(file, fields[2], fields[5]);
    (void)number_parse_bytes(fields[3].bytes, fields[3].size, 0, UINT32_MAX, &file->announced);
    return 0;
}

/* Comments and empty lines. */
static bool line_is_silent(const struct delegated_line *line)
{
    struct delegated_text first = line->fields[0];
    return first.size > 0 ? first.bytes[0] == '#' : line->field_count == 1;
}

static void malformed_note(struct delegated_file *file, const struct delegated_line *line, int expected)
{
    if (file->malformed_count < WARNING_SHOWN)
        file->malformed[file->malformed_count] = (struct delegated_problem){
            .line = line->number, .expected = (enum delegated_expectation)expected};
    file->malformed_count++;
    file->is_cut = file->is_cut || !line->is_ended;
}

static int lines_read(struct delegated_file *file, struct delegated_reader *reader,
                      struct delegated_records *records, struct origins *origins, struct error *err)
{
    struct delegated_line line = {.number = 0};
    while (delegated_line_next(reader, &line)) {
        if (line_is_silent(&line))
            continue;
        if (file->registry == NULL) {
            if (version_read(file, &line, err) != 0)
                return -1;
            continue;
        }
        if (line.field_count >= 6 && delegated_text_is(line.fields[5], "summary"))
            continue;
        int expected = record_read(&line, records, origins);
        if (expected == FINE)
            file->record_count++;
        else
            malformed_note(file, &line, expected);
    }
    if (reader->failed != 0)
        return error_set(err, ERROR_INPUT, "cannot read: %s", g_strerror(reader->failed));
    if (file->registry == NULL)
        return error_set(err, ERROR_INPUT,
                         "not a registry's statistics: it is empty, expected a version line and records");
    if (file->record_count == 0)
        return error_set(err, ERROR_INPUT, "not a registry's statistics: no usable record");
    return 0;
}

int delegated_file_load(struct delegated_file *file, const char *path, uint32_t number,
                        struct delegated_records *records, struct error *err)
{
    struct delegated_reader reader;
    *file = (struct delegated_file){.registry = NULL};
    if (!delegated_reader_open(&reader, path))
        return error_set(err, ERROR_INPUT, "%s: cannot read: %s", path, g_strerror(errno));
    if (records->origins == NULL)
        records->origins = g_array_new(FALSE, FALSE, sizeof(struct delegated_origin));
    struct origins origins = {
        .all = records->origins, .places = g_hash_table_new(g_str_hash, g_str_equal), .file = number};
    int result = lines_read(file, &reader, records, &origins, err);
    if (result != 0) {
        error_prefix(err, "%s", path);
        delegated_file_release(file);
    }
    g_hash_table_unref(origins.places);
    delegated_reader_close(&reader, file->digest);
    return result;
}

void delegated_file_release(struct delegated_file *file)
{
    g_clear_pointer(&file->registry, g_free);
}

void delegated_file_warn(const struct delegated_file *file, const char *path, struct warning_log *log)
{
    static const char *const expected[DELEGATED_EXPECTATIONS] = {
        [EXPECTED_FIELDS] = "7 fields or more",
        [EXPECTED_TYPE] = "asn, ipv4 or ipv6 in the third field",
        [EXPECTED_CODE] = "a code of two letters in the second field",
        [EXPECTED_IPV4] = "an IPv4 address in the fourth field",
        [EXPECTED_COUNT] = "a count of addresses in the fifth field",
        [EXPECTED_IPV6] = "an IPv6 address in the fourth field",
        [EXPECTED_LENGTH] = "a prefix length of 1 to 128 in the fifth field",
        [EXPECTED_PREFIX] = "an IPv6 prefix without host bits",
        [EXPECTED_STATUS] = "a status in the seventh field",
        [EXPECTED_REGISTRY] = "one of no more than 65,536 registries in the first field",
    };
    uint64_t shown = MIN(file->malformed_count, WARNING_SHOWN);
    for (uint64_t i = 0; i < shown; i++)
        warning_add(log, path, "registry: %s: line %" PRIu64 ": malformed record, expected %s", path,
                    file->malformed[i].line, expected[file->malformed[i].expected]);
    if (file->malformed_count > shown)
        warning_add_unshown(log, path, file->malformed_count - shown);
    uint64_t row_count = file->record_count + file->malformed_count;
    if (file->registry != NULL && (file->is_cut || row_count * 2 < file->announced))
        warning_add(log, path,
                    "registry: %s: the file seems to be cut short: %" PRIu64
                    " records, its version line says %" PRIu64 "%s",
                    path, row_count, file->announced, file->is_cut ? ", and its last line is not whole" : "");
}

#include "publication/names.h"

#include <string.h>

#include "base/csv_table.h"
#include "base/number.h"
#include "publication/config_table.h"

/* Protocols whose packets have a port or a type, as they are written in keys (summary/key.h). */
static const struct {
    const char *text;
    uint16_t highest; /* port or type */
} protocols[] = {
    {"TCP", 65535},     {"UDP", 65535}, {"SCTP", 65535}, {"DCCP", 65535},
    {"UDPLite", 65535}, {"ICMP", 255},  {"ICMPv6", 255},
};

/* Index into protocols, in any case, or -1. */
static int protocol_index(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(protocols); i++)
        if (g_ascii_strcasecmp(protocols[i].text, name) == 0)
            return (int)i;
    return -1;
}

char *service_key_read(const char *port, const char *protocol, const char *path, size_t line,
                       struct error *err)
{
    int index = protocol_index(protocol);
    uint64_t number;
    if (index < 0) {
        error_set(err, ERROR_INPUT,
                  "%s: line %zu: protocol \"%s\" is unknown, expected one of TCP, UDP, SCTP, DCCP, UDPLite, "
                  "ICMP, ICMPv6",
                  path, line, protocol);
        return NULL;
    }
    if (!number_parse(port, 0, protocols[index].highest, &number)) {
        error_set(err, ERROR_INPUT, "%s: line %zu: port \"%s\" is not valid, expected 0 to %u for %s", path,
                  line, port, (unsigned)protocols[index].highest, protocols[index].text);
        return NULL;
    }
    return g_strdup_printf("%u/%s", (unsigned)number, protocols[index].text);
}

static void service_name_free(gpointer data)
{
    struct service_name *service = data;
    g_free(service->name);
    g_free(service->use);
    g_free(service->use_en);
    g_free(service->name_en);
    g_free(service);
}

/* ---- services.csv ---- */

enum {
    SERVICE_PORT,
    SERVICE_PROTOCOL,
    SERVICE_NAME,
    SERVICE_USE,
    SERVICE_USE_EN,
    SERVICE_NAME_EN,
    SERVICE_COLUMNS
};

static int display_load(GHashTable *display, const char *path, struct error *err)
{
    static const char *const columns[SERVICE_COLUMNS] = {"port", "protocol", "name",
                                                         "use",  "use_en",   "name_en"};
    struct csv_table table;
    int at[SERVICE_COLUMNS];
    int result = 0;
    if (config_table_load(&table, path, SERVICE_COLUMNS, SERVICE_USE_EN, columns, at, err) != 0)
        return -1;
    for (size_t row = 0; row < table.row_count && result == 0; row++) {
        size_t line = csv_table_line(&table, row);
        char *key = service_key_read(csv_table_field(&table, row, at[SERVICE_PORT]),
                                     csv_table_field(&table, row, at[SERVICE_PROTOCOL]), path, line, err);
        if (key == NULL) {
            result = -1;
            break;
        }
        if (g_hash_table_contains(display, key)) {
            result = error_set(err, ERROR_INPUT, "%s: line %zu: %s is listed a second time, expected it once",
                               path, line, key);
            g_free(key);
            break;
        }
        struct service_name *service = g_new0(struct service_name, 1);
        service->name = g_strdup(csv_table_field(&table, row, at[SERVICE_NAME]));
        service->use = g_strdup(csv_table_field(&table, row, at[SERVICE_USE]));
        service->use_en = g_strdup(csv_table_field(&table, row, at[SERVICE_USE_EN]));
        service->name_en = g_strdup(csv_table_field(&table, row, at[SERVICE_NAME_EN]));
        g_hash_table_insert(display, key, service);
    }
    csv_table_release(&table);
    return result;
}

/* ---- IANA's service-names-port-numbers.csv ---- */

enum { IANA_NAME, IANA_PORT, IANA_PROTOCOL, IANA_COLUMNS };

/* "80" or "225-241", both ends included. */
static bool port_range_parse(const char *text, uint64_t *first, uint64_t *last)
{
    char **parts = g_strsplit(text, "-", 2);
    bool valid = parts[0] != NULL && number_parse(parts[0], 0, 65535, first);
    *last = valid ? *first : 0;
    if (valid && parts[1] != NULL)
        valid = number_parse(parts[1], *first, 65535, last);
    g_strfreev(parts);
    return valid;
}

/* Names are printed into pages: only what RFC 6335 section 5.1 allows, and the few other printable ones of
 * old entries. */
static bool name_is_printable(const char *name)
{
    for (; *name != '\0'; name++)
        if (!g_ascii_isgraph(*name) && *name != ' ')
            return false;
    return true;
}

/* The registry lists several names for some ports; the first is the one in common use (80: http, www,
 * www-http). */
static void iana_row_add(GHashTable *iana, const char *const *fields, const char *path, size_t line,
                         struct warning_log *log)
{
    uint64_t first;
    uint64_t last;
    /* Entries without a name (reserved ports), port (names for DNS service discovery) or protocol are usual.
     */
    if (fields[IANA_NAME][0] == '\0' || fields[IANA_PORT][0] == '\0' || fields[IANA_PROTOCOL][0] == '\0')
        return;
    int protocol = protocol_index(fields[IANA_PROTOCOL]);
    if (protocol < 0 || protocols[protocol].highest != 65535) {
        warning_add(
            log, path,
            "names: %s: line %zu: transport protocol \"%s\" is unknown, expected tcp, udp, sctp or dccp",
            path, line, fields[IANA_PROTOCOL]);
        return;
    }
    if (!port_range_parse(fields[IANA_PORT], &first, &last)) {
        warning_add(log, path,
                    "names: %s: line %zu: port number \"%s\" is not valid, expected N or N-M up to 65535",
                    path, line, fields[IANA_PORT]);
        return;
    }
    if (!name_is_printable(fields[IANA_NAME])) {
        warning_add(log, path,
                    "names: %s: line %zu: the service name is not printable, expected letters, digits and -",
                    path, line);
        return;
    }
    for (uint64_t port = first; port <= last; port++) {
        char *key = g_strdup_printf("%u/%s", (unsigned)port, protocols[protocol].text);
        if (g_hash_table_contains(iana, key))
            g_free(key);
        else
            g_hash_table_insert(iana, key, g_strdup(fields[IANA_NAME]));
    }
}

static int iana_load(GHashTable *iana, const char *path, struct warning_log *log, struct error *err)
{
    static const char *const columns[IANA_COLUMNS] = {"Service Name", "Port Number", "Transport Protocol"};
    struct csv_table table;
    int at[IANA_COLUMNS];
    int result = 0;
    if (csv_table_load(&table, path, err) != 0)
        return -1;
    for (int i = 0; i < IANA_COLUMNS && result == 0; i++) {
        at[i] = csv_table_column(&table, columns[i]);
        if (at[i] < 0)
            result = error_set(
                err, ERROR_INPUT,
                "%s: line 1: column \"%s\" is missing, expected IANA's service-names-port-numbers.csv", path,
                columns[i]);
    }
    for (size_t row = 0; row < table.row_count && result == 0; row++) {
        size_t line = csv_table_line(&table, row);
        size_t count = csv_table_field_count(&table, row);
        if (count != table.column_count) {
            warning_add(log, path, "names: %s: line %zu: %zu fields, expected %zu", path, line, count,
                        table.column_count);
            continue;
        }
        const char *fields[IANA_COLUMNS];
        for (int i = 0; i < IANA_COLUMNS; i++)
            fields[i] = csv_table_field(&table, row, at[i]);
        iana_row_add(iana, fields, path, line, log);
    }
    csv_table_release(&table);
    return result;
}

int service_names_load(struct service_names *names, const char *services_path, const char *iana_path,
                       struct warning_log *log, struct error *err)
{
    names->display = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, service_name_free);
    names->iana = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    int result = display_load(names->display, services_path, err);
    if (result == 0 && iana_path != NULL)
        result = iana_load(names->iana, iana_path, log, err);
    if (result != 0)
        service_names_release(names);
    return result;
}

void service_names_release(struct service_names *names)
{
    g_clear_pointer(&names->display, g_hash_table_unref);
    g_clear_pointer(&names->iana, g_hash_table_unref);
}

const char *service_names_name(const struct service_names *names, const char *language, const char *key)
{
    const struct service_name *service = g_hash_table_lookup(names->display, key);
    if (service != NULL) {
        bool own = strcmp(language, "en") == 0 && service->name_en != NULL && *service->name_en != '\0';
        return own ? service->name_en : service->name;
    }
    const char *name = g_hash_table_lookup(names->iana, key);
    return name != NULL ? name : "";
}

const char *service_names_use(const struct service_names *names, const char *language, const char *key)
{
    const struct service_name *service = g_hash_table_lookup(names->display, key);
    const char *use = NULL;
    if (service != NULL)
        use = strcmp(language, "ja") == 0 ? service->use : service->use_en;
    return use != NULL ? use : "";
}

void service_names_label_append(const struct service_names *names, const char *language, const char *key,
                                GString *out)
{
    if (g_str_has_suffix(key, "/IP")) {
        g_string_append(out, strcmp(language, "ja") == 0 ? "IPプロトコル" : "IP protocol ");
        g_string_append_len(out, key, (gssize)(strlen(key) - strlen("/IP")));
        return;
    }
    const char *name = service_names_name(names, language, key);
    if (*name == '\0')
        g_string_append(out, key);
    else
        g_string_append_printf(out, strcmp(language, "ja") == 0 ? "%s(%s)" : "%s (%s)", name, key);
}

/* ---- regions.csv ---- */

static void region_name_free(gpointer data)
{
    struct region_name *region = data;
    g_free(region->ja);
    g_free(region->en);
    g_free(region->en_prose);
    g_free(region);
}

static void region_add(GHashTable *names, const char *code, const char *ja, const char *en,
                       const char *en_prose)
{
    struct region_name *region = g_new0(struct region_name, 1);
    region->ja = g_strdup(ja);
    region->en = g_strdup(en);
    region->en_prose = g_strdup(*en_prose != '\0' ? en_prose : en);
    g_hash_table_insert(names, g_strdup(code), region);
}

static int region_check(GHashTable *names, const char *const *fields, const char *path, size_t line,
                        struct error *err)
{
    const char *code = fields[0];
    if (strlen(code) != 2 || !g_ascii_isupper(code[0]) || !g_ascii_isupper(code[1]))
        return error_set(err, ERROR_INPUT,
                         "%s: line %zu: code \"%s\" is not valid, expected two capital letters", path, line,
                         code);
    if (fields[1][0] == '\0' || fields[2][0] == '\0')
        return error_set(err, ERROR_INPUT, "%s: line %zu: the %s name of %s is empty, expected a name", path,
                         line, fields[1][0] == '\0' ? "Japanese (ja)" : "English (en)", code);
    if (g_hash_table_contains(names, code))
        return error_set(err, ERROR_INPUT, "%s: line %zu: code %s is listed a second time, expected it once",
                         path, line, code);
    return 0;
}

int region_names_load(struct region_names *names, const char *path, struct error *err)
{
    static const char *const columns[4] = {"code", "ja", "en", "en_prose"};
    struct csv_table table;
    int at[4];
    int result = 0;
    names->names = NULL;
    if (config_table_load(&table, path, 4, 3, columns, at, err) != 0)
        return -1;
    names->names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, region_name_free);
    for (size_t row = 0; row < table.row_count && result == 0; row++) {
        const char *fields[4];
        for (int i = 0; i < 4; i++)
            fields[i] = csv_table_field(&table, row, at[i]);
        result = region_check(names->names, fields, path, csv_table_line(&table, row), err);
        if (result == 0)
            region_add(names->names, fields[0], fields[1], fields[2], fields[3]);
    }
    if (result == 0)
        region_add(names->names, "??", "不明", "unknown", "");
    else
        region_names_release(names);
    csv_table_release(&table);
    return result;
}

void region_names_release(struct region_names *names)
{
    g_clear_pointer(&names->names, g_hash_table_unref);
}

const char *region_names_name(const struct region_names *names, const char *language, const char *code)
{
    const struct region_name *region = g_hash_table_lookup(names->names, code);
    if (region == NULL)
        return NULL;
    return strcmp(language, "ja") == 0 ? region->ja : region->en;
}

const char *region_names_prose(const struct region_names *names, const char *language, const char *code)
{
    const struct region_name *region = g_hash_table_lookup(names->names, code);
    bool with_article = region != NULL && region->en_prose != NULL && strcmp(language, "ja") != 0;
    return with_article ? region->en_prose : region_names_name(names, language, code);
}

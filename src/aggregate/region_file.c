#include "aggregate/region_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/output_set.h"
#include "summary/octets.h"

/* To be raised with every change of the form, or of what parsing makes of the same bytes. */
static const char magic[16] = "teiten-regions2";

enum { TOUCH_SECONDS = 3600, YEAR_MAX = 9999, MONTH_MAX = 12, DAY_MAX = 31 };
/* What no table needs is not read. */
#define FILE_SIZE_MAX ((off_t)1 << 30)
#define BYTE_ORDER_MARK UINT32_C(0x01020304)

struct header {
    char magic[sizeof magic];
    uint8_t digest[DIGEST_BYTES]; /* XXH3-128 of all that follows it, to the end of the file */
    uint8_t key[DIGEST_BYTES];
    uint32_t byte_order, cell_width;
    uint64_t facts_size;
    uint64_t piece_sizes[ADDRESS_MAP_PIECES]; /* without what fills them up */
};

static const size_t digested_from = offsetof(struct header, key);

/* ---- key and name ---- */

bool region_key_of_files(struct region_key *key, char *const *paths, size_t path_count)
{
    struct digest_hash *hash = digest_begin();
    bool is_read = true;
    digest_add(hash, magic, sizeof magic);
    for (size_t i = 0; i < path_count && is_read; i++) {
        uint8_t digest[DIGEST_BYTES];
        is_read = delegated_file_digest(paths[i], digest);
        digest_add(hash, digest, sizeof digest);
    }
    digest_end(hash, key->bytes);
    return is_read;
}

struct region_key region_key_of_table(const struct region_table *table)
{
    struct region_key key;
    struct digest_hash *hash = digest_begin();
    digest_add(hash, magic, sizeof magic);
    for (size_t i = 0; i < table->file_count; i++)
        digest_add(hash, table->files[i].digest, sizeof table->files[i].digest);
    digest_end(hash, key.bytes);
    return key;
}

static char *file_path(const char *folder, const struct region_key *key)
{
    char digits[DIGEST_SIZE];
    digest_text(key->bytes, digits);
    return g_strdup_printf("%s/%s" REGION_FILE_SUFFIX, folder, digits);
}

static size_t filled_up(size_t size)
{
    return (size + ADDRESS_MAP_ALIGNMENT - 1) / ADDRESS_MAP_ALIGNMENT * ADDRESS_MAP_ALIGNMENT;
}

/* ---- facts ---- */

static void file_facts_put(struct octets *out, const struct delegated_file *file)
{
    size_t length = strlen(file->registry);
    octets_number(out, length);
    octets_append(out, file->registry, length);
    octets_append(out, file->digest, sizeof file->digest);
    octets_number(out, file->has_date);
    if (file->has_date) {
        octets_number(out, (uint64_t)file->date.year);
        octets_number(out, (uint64_t)file->date.month);
        octets_number(out, (uint64_t)file->date.day);
    }
    octets_number(out, file->record_count);
    octets_number(out, file->announced);
    octets_number(out, file->is_cut);
    octets_number(out, file->malformed_count);
    for (size_t i = 0; i < MIN(file->malformed_count, WARNING_SHOWN); i++) {
        octets_number(out, file->malformed[i].line);
        octets_number(out, file->malformed[i].expected);
    }
}

static void facts_put(struct octets *out, const struct region_table *table)
{
    octets_number(out, table->code_count);
    for (size_t i = 0; i < table->code_count; i++)
        octets_append(out, table->codes[i].text, 2);
    octets_number(out, table->file_count);
    for (size_t i = 0; i < table->file_count; i++)
        file_facts_put(out, &table->files[i]);
    octets_number(out, table->overlap_addresses);
    octets_number(out, table->overlap_count);
    for (size_t i = 0; i < table->overlap_count; i++) {
        octets_number(out, table->overlaps[i].file);
        octets_number(out, table->overlaps[i].other_file);
        octets_number(out, table->overlaps[i].ipv4_addresses);
        octets_number(out, table->overlaps[i].ipv6_networks);
    }
}

static bool bytes_take(struct octets_cursor *cursor, void *bytes, size_t size)
{
    if ((size_t)(cursor->end - cursor->at) < size)
        return false;
    memcpy(bytes, cursor->at, size);
    cursor->at += size;
    return true;
}

static bool flag_take(struct octets_cursor *cursor, bool *flag)
{
    uint64_t value;
    if (!octets_take_number(cursor, 1, &value))
        return false;
    *flag = value != 0;
    return true;
}

static bool date_take(struct octets_cursor *cursor, struct civil_date *date)
{
    uint64_t year, month, day;
    if (!octets_take_number(cursor, YEAR_MAX, &year) || !octets_take_number(cursor, MONTH_MAX, &month) ||
        !octets_take_number(cursor, DAY_MAX, &day))
        return false;
    *date = (struct civil_date){(int)year, (int)month, (int)day};
    return civil_date_is_valid(*date);
}

static bool file_facts_take(struct octets_cursor *cursor, struct delegated_file *file)
{
    uint64_t length;
    if (!octets_take_number(cursor, (uint64_t)(cursor->end - cursor->at), &length))
        return false;
    file->registry = g_malloc0(length + 1);
    bool is_sound =
        bytes_take(cursor, file->registry, length) && bytes_take(cursor, file->digest, sizeof file->digest) &&
        flag_take(cursor, &file->has_date) && (!file->has_date || date_take(cursor, &file->date)) &&
        octets_take_number(cursor, UINT64_MAX, &file->record_count) &&
        octets_take_number(cursor, UINT64_MAX, &file->announced) && flag_take(cursor, &file->is_cut) &&
        octets_take_number(cursor, UINT64_MAX, &file->malformed_count);
    for (size_t i = 0; is_sound && i < MIN(file->malformed_count, WARNING_SHOWN); i++) {
        uint64_t expected = 0;
        is_sound = octets_take_number(cursor, UINT64_MAX, &file->malformed[i].line) &&
                   octets_take_number(cursor, DELEGATED_EXPECTATIONS - 1, &expected);
        file->malformed[i].expected = (enum delegated_expectation)expected;
    }
    return is_sound;
}

static bool codes_take(struct octets_cursor *cursor, struct region_table *table)
{
    uint64_t count;
    if (!octets_take_number(cursor, DELEGATED_REGIONS + 1, &count))
        return false;
    table->codes = g_new0(struct region_code, count + 1);
    for (; table->code_count < count; table->code_count++)
        if (!bytes_take(cursor, table->codes[table->code_count].text, 2))
            return false;
    return true;
}

static bool files_take(struct octets_cursor *cursor, struct region_table *table)
{
    uint64_t count;
    if (!octets_take_number(cursor, (uint64_t)(cursor->end - cursor->at), &count))
        return false;
    table->files = g_new0(struct delegated_file, count + 1);
    while (table->file_count < count)
        if (!file_facts_take(cursor, &table->files[table->file_count++]))
            return false;
    return true;
}

static bool overlaps_take(struct octets_cursor *cursor, struct region_table *table)
{
    uint64_t count;
    if (!octets_take_number(cursor, UINT64_MAX, &table->overlap_addresses) ||
        !octets_take_number(cursor, (uint64_t)(cursor->end - cursor->at), &count))
        return false;
    table->overlaps = g_new0(struct region_overlap, count + 1);
    for (; table->overlap_count < count; table->overlap_count++) {
        struct region_overlap *overlap = &table->overlaps[table->overlap_count];
        uint64_t file, other_file;
        if (!octets_take_number(cursor, table->file_count - 1, &file) ||
            !octets_take_number(cursor, table->file_count - 1, &other_file) ||
            !octets_take_number(cursor, UINT64_MAX, &overlap->ipv4_addresses) ||
            !octets_take_number(cursor, UINT64_MAX, &overlap->ipv6_networks))
            return false;
        overlap->file = (uint32_t)file;
        overlap->other_file = (uint32_t)other_file;
    }
    return true;
}

/* ---- reading ---- */

/* All bytes of the file, of g_malloc; NULL when it cannot be read. */
static uint8_t *file_bytes(const char *path, size_t *size)
{
    uint8_t *bytes = NULL;
    struct stat status;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return NULL;
    if (fstat(descriptor, &status) == 0 && status.st_size >= (off_t)sizeof(struct header) &&
        status.st_size <= FILE_SIZE_MAX)
        bytes = g_try_malloc((size_t)status.st_size);
    *size = 0;
    while (bytes != NULL && *size < (size_t)status.st_size) {
        ssize_t got = read(descriptor, bytes + *size, (size_t)status.st_size - *size);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            g_clear_pointer(&bytes, g_free);
        else
            *size += (size_t)got;
    }
    if (bytes != NULL && time(NULL) - status.st_mtime > TOUCH_SECONDS)
        (void)futimens(descriptor, NULL);
    close(descriptor);
    return bytes;
}

/* Whether these are the bytes that were written under the key, of the present form and byte order. */
static bool bytes_are_sound(const uint8_t *bytes, size_t size, const struct region_key *key)
{
    struct header header;
    uint8_t digest[DIGEST_BYTES];
    memcpy(&header, bytes, sizeof header);
    if (memcmp(header.magic, magic, sizeof magic) != 0 || header.byte_order != BYTE_ORDER_MARK ||
        memcmp(header.key, key->bytes, sizeof header.key) != 0)
        return false;
    struct digest_hash *hash = digest_begin();
    digest_add(hash, bytes + digested_from, size - digested_from);
    digest_end(hash, digest);
    return memcmp(header.digest, digest, sizeof header.digest) == 0;
}

/* The address map, which takes the bytes over, and where its facts lie among them. */
static struct address_map *map_take(uint8_t *bytes, size_t size, struct octets_cursor *facts)
{
    struct address_map_piece pieces[ADDRESS_MAP_PIECES];
    struct header header;
    memcpy(&header, bytes, sizeof header);
    size_t at = sizeof header;
    if (header.facts_size > size - at)
        return NULL;
    *facts = (struct octets_cursor){bytes + at, bytes + at + header.facts_size};
    at += filled_up(header.facts_size);
    for (size_t i = 0; i < ADDRESS_MAP_PIECES; i++) {
        if (at > size || header.piece_sizes[i] > size - at)
            return NULL;
        pieces[i] = (struct address_map_piece){bytes + at, header.piece_sizes[i]};
        at += filled_up(header.piece_sizes[i]);
    }
    return at == size ? address_map_restore(pieces, header.cell_width, bytes) : NULL;
}

struct region_table *region_file_read(const char *folder, const struct region_key *key)
{
    size_t size;
    struct octets_cursor facts;
    char *path = file_path(folder, key);
    uint8_t *bytes = file_bytes(path, &size);
    g_free(path);
    struct address_map *map =
        bytes != NULL && bytes_are_sound(bytes, size, key) ? map_take(bytes, size, &facts) : NULL;
    if (map == NULL) {
        g_free(bytes);
        return NULL;
    }
    struct region_table *table = g_new0(struct region_table, 1);
    table->map = map;
    if (codes_take(&facts, table) && files_take(&facts, table) && overlaps_take(&facts, table) &&
        facts.at == facts.end)
        return table;
    region_table_free(table);
    return NULL;
}

/* ---- writing ---- */

/* What a file consists of behind its header. */
struct parts {
    struct address_map_piece pieces[1 + ADDRESS_MAP_PIECES]; /* the facts come first */
};

static void header_fill(struct header *header, const struct region_key *key, const struct region_table *table,
                        const struct parts *parts)
{
    static const uint8_t zeros[ADDRESS_MAP_ALIGNMENT];
    memset(header, 0, sizeof *header);
    memcpy(header->magic, magic, sizeof magic);
    memcpy(header->key, key->bytes, sizeof header->key);
    header->byte_order = BYTE_ORDER_MARK;
    header->cell_width = table->map->cell_width;
    header->facts_size = parts->pieces[0].size;
    for (size_t i = 0; i < ADDRESS_MAP_PIECES; i++)
        header->piece_sizes[i] = parts->pieces[1 + i].size;
    struct digest_hash *hash = digest_begin();
    digest_add(hash, (const uint8_t *)header + digested_from, sizeof *header - digested_from);
    for (size_t i = 0; i < G_N_ELEMENTS(parts->pieces); i++) {
        size_t size = parts->pieces[i].size;
        digest_add(hash, parts->pieces[i].data, size);
        digest_add(hash, zeros, filled_up(size) - size);
    }
    digest_end(hash, header->digest);
}

void region_file_write(const char *folder, const struct region_key *key, const struct region_table *table)
{
    static const uint8_t zeros[ADDRESS_MAP_ALIGNMENT];
    struct octets facts = {.data = NULL};
    struct parts parts;
    struct header header;
    struct error ignored;
    char *path = file_path(folder, key);
    facts_put(&facts, table);
    parts.pieces[0] = (struct address_map_piece){facts.data, facts.size};
    address_map_pieces(table->map, parts.pieces + 1);
    header_fill(&header, key, table, &parts);
    struct output_file *file =
        g_mkdir_with_parents(folder, 0755) == 0 ? output_file_open(path, &ignored) : NULL;
    if (file != NULL) {
        output_file_append(file, &header, sizeof header);
        for (size_t i = 0; i < G_N_ELEMENTS(parts.pieces); i++) {
            size_t size = parts.pieces[i].size;
            output_file_append(file, parts.pieces[i].data, size);
            output_file_append(file, zeros, filled_up(size) - size);
        }
        (void)output_file_close(file, &ignored);
    }
    octets_release(&facts);
    g_free(path);
}

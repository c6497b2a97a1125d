#include "publication/knowledge.h"

#include <string.h>

#include "publication/advisory_reader.h"
#include "publication/config_table.h"
#include "publication/names.h"

enum {
    PORT,
    PROTOCOL,
    LISTENS,
    VULNERABILITIES,
    MALWARE,
    REFERENCES,
    SINCE,
    COLUMNS_REQUIRED,
    LISTENS_EN = COLUMNS_REQUIRED,
    PRODUCTS,
    COLUMNS
};

static void entry_free(gpointer data)
{
    struct knowledge_entry *entry = data;
    g_free(entry->key);
    g_free(entry->listens);
    g_free(entry->listens_en);
    g_strfreev(entry->vulnerabilities);
    g_strfreev(entry->products);
    g_strfreev(entry->malware);
    g_strfreev(entry->references);
    g_free(entry);
}

/* ---- knowledge.csv ---- */

/* The field's words, stripped, without empty ones. Owned by the caller. */
static char **words_split(const char *field, const char *separators)
{
    GPtrArray *words = g_ptr_array_new();
    char **parts = g_strsplit_set(field, separators, -1);
    for (char **part = parts; *part != NULL; part++)
        if (*g_strstrip(*part) != '\0')
            g_ptr_array_add(words, g_strdup(*part));
    g_strfreev(parts);
    g_ptr_array_add(words, NULL);
    return (char **)g_ptr_array_free(words, FALSE);
}

static bool is_vulnerability(const char *word)
{
    return advisory_is_cve(word) || advisory_is_jvndb(word);
}

/* vendor:product, in small letters. */
static bool is_product(const char *word)
{
    const char *colon = strchr(word, ':');
    if (colon == NULL || colon == word || colon[1] == '\0' || strchr(colon + 1, ':') != NULL)
        return false;
    for (; *word != '\0'; word++)
        if (g_ascii_isupper(*word))
            return false;
    return true;
}

static int words_check(char *const *words, bool (*is_valid)(const char *), const char *column,
                       const char *expected, const char *path, size_t line, struct error *err)
{
    for (size_t i = 0; words[i] != NULL; i++) {
        if (!is_valid(words[i]))
            return error_set(err, ERROR_INPUT, "%s: line %zu: %s: \"%s\", expected %s", path, line, column,
                             words[i], expected);
        if (g_strv_contains((const char *const *)words + i + 1, words[i]))
            return error_set(err, ERROR_INPUT, "%s: line %zu: %s: \"%s\" stands twice, expected it once",
                             path, line, column, words[i]);
    }
    return 0;
}

static bool is_known(const struct knowledge *knowledge, const struct knowledge_entry *entry)
{
    for (guint i = 0; i < knowledge->entries->len; i++) {
        const struct knowledge_entry *other = knowledge->entries->pdata[i];
        if (strcmp(other->key, entry->key) == 0 && strcmp(other->listens, entry->listens) == 0)
            return true;
    }
    return false;
}

static int entry_read(struct knowledge_entry *entry, const struct csv_table *table, size_t row, const int *at,
                      const char *path, struct civil_date *since, struct error *err)
{
    const char *fields[COLUMNS];
    size_t line = csv_table_line(table, row);
    for (int i = 0; i < COLUMNS; i++)
        fields[i] = csv_table_field(table, row, at[i]);
    entry->line = line;
    entry->listens = g_strdup(fields[LISTENS]);
    entry->listens_en = g_strdup(fields[LISTENS_EN]);
    entry->vulnerabilities = words_split(fields[VULNERABILITIES], " ");
    entry->products = words_split(fields[PRODUCTS], " ");
    entry->malware = words_split(fields[MALWARE], ";");
    entry->references = words_split(fields[REFERENCES], " ");
    entry->key = service_key_read(fields[PORT], fields[PROTOCOL], path, line, err);
    if (entry->key == NULL)
        return -1;
    if (*entry->listens == '\0')
        return error_set(err, ERROR_INPUT, "%s: line %zu: listens is empty, expected what listens at %s",
                         path, line, entry->key);
    if (words_check(entry->vulnerabilities, is_vulnerability, "vulnerabilities",
                    "CVE-YYYY-NNNN or JVNDB-YYYY-NNNNNN", path, line, err) != 0 ||
        words_check(entry->products, is_product, "products", "vendor:product in small letters", path, line,
                    err) != 0 ||
        words_check(entry->references, advisory_url_is_web, "references", "an address of http or https", path,
                    line, err) != 0)
        return -1;
    *since = (struct civil_date){1, 1, 1};
    if (*fields[SINCE] != '\0' && !civil_date_parse(fields[SINCE], since))
        return error_set(err, ERROR_INPUT, "%s: line %zu: since \"%s\" is no date, expected YYYY-MM-DD", path,
                         line, fields[SINCE]);
    return 0;
}

static int entries_load(struct knowledge *knowledge, struct error *err)
{
    static const char *const columns[COLUMNS] = {"port",    "protocol",   "listens", "vulnerabilities",
                                                 "malware", "references", "since",   "listens_en",
                                                 "products"};
    struct csv_table table;
    int at[COLUMNS];
    if (config_table_load(&table, knowledge->path, COLUMNS, COLUMNS_REQUIRED, columns, at, err) != 0)
        return -1;
    /* Of two equal lines neither may be in force: both are read, and then judged. */
    GPtrArray *later = g_ptr_array_new_with_free_func(entry_free);
    int result = 0;
    for (size_t row = 0; row < table.row_count && result == 0; row++) {
        struct knowledge_entry *entry = g_new0(struct knowledge_entry, 1);
        struct civil_date since;
        result = entry_read(entry, &table, row, at, knowledge->path, &since, err);
        if (result == 0 && is_known(knowledge, entry))
            result =
                error_set(err, ERROR_INPUT,
                          "%s: line %zu: %s with the same text in listens stands twice, expected it once",
                          knowledge->path, entry->line, entry->key);
        bool in_force = result == 0 && civil_date_compare(since, knowledge->last) <= 0;
        g_ptr_array_add(in_force ? knowledge->entries : later, entry);
    }
    g_ptr_array_unref(later);
    csv_table_release(&table);
    return result;
}

/* ---- loading ---- */

typedef int list_reader(struct advisory_list *list, const char *path, struct warning_log *log,
                        struct error *err);

static int lists_load(struct knowledge *knowledge, const struct publication *publication, char *path,
                      const struct edition *edition, list_reader *read, struct warning_log *log,
                      struct error *err)
{
    char *const paths[] = {path, NULL};
    if (path == NULL)
        return 0;
    GPtrArray *files = g_ptr_array_new_with_free_func(g_free);
    int result = publication_files(publication, paths, edition, true, files, err);
    for (guint i = 0; i < files->len && result == 0; i++)
        result = read(&knowledge->advisories, files->pdata[i], log, err);
    g_ptr_array_unref(files);
    return result;
}

int knowledge_load(struct knowledge *knowledge, const struct publication *publication,
                   const struct edition *edition, struct warning_log *log, struct error *err)
{
    memset(knowledge, 0, sizeof *knowledge);
    knowledge->entries = g_ptr_array_new_with_free_func(entry_free);
    advisory_list_init(&knowledge->advisories);
    if (publication->knowledge_path == NULL)
        return 0;
    knowledge->path = publication_path(publication, publication->knowledge_path, edition);
    knowledge->days = publication->knowledge_days;
    knowledge->last = edition->last;
    knowledge->first = civil_date_add_days(edition->last, 1 - knowledge->days);
    if (entries_load(knowledge, err) == 0 &&
        lists_load(knowledge, publication, publication->kev_path, edition, advisory_list_read_kev, log,
                   err) == 0 &&
        lists_load(knowledge, publication, publication->jvn_path, edition, advisory_list_read_jvn, log,
                   err) == 0)
        return 0;
    knowledge_release(knowledge);
    return error_prefix(err, "knowledge");
}

void knowledge_release(struct knowledge *knowledge)
{
    if (knowledge->entries == NULL)
        return;
    g_ptr_array_unref(knowledge->entries);
    advisory_list_release(&knowledge->advisories);
    g_free(knowledge->path);
    memset(knowledge, 0, sizeof *knowledge);
}

/* ---- questions ---- */

GPtrArray *knowledge_entries(const struct knowledge *knowledge, const char *key)
{
    GPtrArray *found = g_ptr_array_new();
    for (guint i = 0; i < knowledge->entries->len; i++) {
        struct knowledge_entry *entry = knowledge->entries->pdata[i];
        if (strcmp(entry->key, key) == 0)
            g_ptr_array_add(found, entry);
    }
    return found;
}

static bool texts_meet(char *const *own, char *const *others)
{
    for (; *own != NULL; own++)
        if (g_strv_contains((const char *const *)others, *own))
            return true;
    return false;
}

static bool is_about(const struct advisory *advisory, const struct knowledge_entry *entry)
{
    return g_strv_contains((const char *const *)entry->vulnerabilities, advisory->id) ||
           texts_meet(advisory->cves, entry->vulnerabilities) ||
           texts_meet(advisory->products, entry->products);
}

static gint latest_compare(gconstpointer left, gconstpointer right)
{
    const struct advisory *a = *(const struct advisory *const *)left;
    const struct advisory *b = *(const struct advisory *const *)right;
    int order = civil_date_compare(b->listed, a->listed);
    return order != 0 ? order : strcmp(a->id, b->id);
}

GPtrArray *knowledge_recent(const struct knowledge *knowledge, const char *key)
{
    GPtrArray *found = g_ptr_array_new();
    GPtrArray *entries = knowledge_entries(knowledge, key);
    for (guint i = 0; i < knowledge->advisories.advisories->len && entries->len > 0; i++) {
        struct advisory *advisory = knowledge->advisories.advisories->pdata[i];
        bool about = false;
        if (civil_date_compare(advisory->listed, knowledge->first) < 0 ||
            civil_date_compare(advisory->listed, knowledge->last) > 0)
            continue;
        for (guint j = 0; j < entries->len && !about; j++)
            about = is_about(advisory, entries->pdata[j]);
        if (about)
            g_ptr_array_add(found, advisory);
    }
    g_ptr_array_unref(entries);
    g_ptr_array_sort(found, latest_compare);
    return found;
}

const char *knowledge_listens(const struct knowledge *knowledge, const struct knowledge_entry *entry,
                              const char *language, struct error *err)
{
    if (strcmp(language, "ja") == 0)
        return entry->listens;
    if (*entry->listens_en != '\0')
        return entry->listens_en;
    error_set(err, ERROR_INPUT,
              "%s: line %zu: %s has no text in listens_en, expected one for the language '%s'",
              knowledge->path, entry->line, entry->key, language);
    return NULL;
}

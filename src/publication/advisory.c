#include "publication/advisory.h"

#include <string.h>

#include "publication/advisory_reader.h"

const char *advisory_source_name(enum advisory_source source)
{
    return source == ADVISORY_KEV ? "CISA KEV" : "JVN iPedia";
}

/* PREFIX, four digits, "-", and from `least` to `most` digits. */
static bool is_identifier(const char *text, const char *prefix, size_t least, size_t most)
{
    enum { YEAR_DIGITS = 4 };
    if (!g_str_has_prefix(text, prefix))
        return false;
    const char *year = text + strlen(prefix);
    if (strspn(year, "0123456789") != YEAR_DIGITS || year[YEAR_DIGITS] != '-')
        return false;
    const char *number = year + YEAR_DIGITS + 1;
    size_t digits = strspn(number, "0123456789");
    return digits >= least && digits <= most && number[digits] == '\0';
}

bool advisory_is_cve(const char *text)
{
    return is_identifier(text, "CVE-", 4, 19);
}

bool advisory_is_jvndb(const char *text)
{
    return is_identifier(text, "JVNDB-", 6, 6);
}

static void name_append(GString *out, const char *name)
{
    for (; *name != '\0'; name++)
        g_string_append_c(out, g_ascii_isspace(*name) ? '_' : g_ascii_tolower(*name));
}

char *advisory_product(const char *vendor, const char *product)
{
    GString *out = g_string_new(NULL);
    name_append(out, vendor);
    g_string_append_c(out, ':');
    name_append(out, product);
    return g_string_free(out, FALSE);
}

static void advisory_free(gpointer data)
{
    struct advisory *advisory = data;
    g_free(advisory->id);
    g_free(advisory->title);
    g_free(advisory->url);
    g_strfreev(advisory->cves);
    g_strfreev(advisory->products);
    g_free(advisory);
}

void advisory_list_init(struct advisory_list *list)
{
    list->advisories = g_ptr_array_new_with_free_func(advisory_free);
    list->by_id = g_hash_table_new(g_str_hash, g_str_equal);
}

void advisory_list_release(struct advisory_list *list)
{
    g_clear_pointer(&list->by_id, g_hash_table_unref);
    g_clear_pointer(&list->advisories, g_ptr_array_unref);
}

/* Both lists of texts, each text once. */
static char **texts_unite(char **own, char **more)
{
    GPtrArray *all = g_ptr_array_new();
    for (char **text = own; *text != NULL; text++)
        g_ptr_array_add(all, *text);
    for (char **text = more; *text != NULL; text++) {
        if (g_ptr_array_find_with_equal_func(all, *text, g_str_equal, NULL))
            g_free(*text);
        else
            g_ptr_array_add(all, *text);
    }
    g_ptr_array_add(all, NULL);
    g_free(own);
    g_free(more);
    return (char **)g_ptr_array_free(all, FALSE);
}

bool advisory_list_add(struct advisory_list *list, struct advisory *advisory)
{
    struct advisory *known = g_hash_table_lookup(list->by_id, advisory->id);
    if (known == NULL) {
        g_ptr_array_add(list->advisories, advisory);
        g_hash_table_insert(list->by_id, advisory->id, advisory);
        return true;
    }
    if (civil_date_compare(advisory->listed, known->listed) < 0)
        known->listed = advisory->listed;
    known->cves = texts_unite(known->cves, g_steal_pointer(&advisory->cves));
    known->products = texts_unite(known->products, g_steal_pointer(&advisory->products));
    advisory_free(advisory);
    return false;
}

char *advisory_printable(const char *text)
{
    GString *out = g_string_new(NULL);
    for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar character = g_utf8_get_char(at);
        bool blank = g_unichar_isspace(character) || g_unichar_iscntrl(character);
        if (!blank)
            g_string_append_unichar(out, character);
        else if (out->len > 0 && out->str[out->len - 1] != ' ')
            g_string_append_c(out, ' ');
    }
    return g_strchomp(g_string_free(out, FALSE));
}

bool advisory_url_is_web(const char *url)
{
    if (!g_str_has_prefix(url, "https://") && !g_str_has_prefix(url, "http://"))
        return false;
    for (; *url != '\0'; url++)
        if (!g_ascii_isgraph(*url) || strchr("\"<>", *url) != NULL)
            return false;
    return true;
}

#include "publication/publication_reader.h"

#include <string.h>

#include "publication/local_days.h"
#include "publication/measure_filter.h"
#include "publication/publication_definitions.h"

static int languages_read(const struct element_reader *self, const xmlNode *root)
{
    struct publication *publication = self->publication;
    size_t next = 0;
    publication->languages = g_new0(char *, element_count(root, "language") + 1);
    for (const xmlNode *child = root->children; child != NULL; child = child->next) {
        if (!element_is(child, "language"))
            continue;
        char *language = element_text(child);
        bool known = g_strv_contains((const char *const *)publication->languages, language);
        publication->languages[next++] = language;
        if (known)
            return element_fail(self, child, "language \"%s\" is listed a second time, expected it once",
                                language);
    }
    return 0;
}

static int calendar_read(const struct element_reader *self, const xmlNode *node)
{
    struct publication *publication = self->publication;
    publication->time_zone = element_attribute(node, "time-zone");
    if (element_integer(self, node, "fiscal-year-starts", 1, 12, 4, &publication->fiscal_start_month) != 0)
        return -1;
    /* Any edition does: only the name of the zone is of interest. */
    struct edition edition;
    struct local_days days;
    if (edition_parse("2025q1", 4, &edition, self->err) != 0 ||
        local_days_init(&days, &edition, publication->time_zone, self->err) != 0)
        return error_prefix(self->err, "%s: line %ld", publication->file, xmlGetLineNo(node));
    return 0;
}

/* Of several <captures>, each adds its own. */
static void tunnels_read(const xmlNode *node, struct publication *publication)
{
    char *text = element_attribute(node, "tunnels");
    char **words = words_split(text != NULL ? text : "");
    for (int kind = 0; kind < TUNNEL_KINDS; kind++)
        if (g_strv_contains((const char *const *)words, tunnel_kind_name((enum tunnel_kind)kind)))
            publication->opens[kind] = true;
    g_strfreev(words);
    g_free(text);
}

/* Elements that stand once. Those with several of a name are read by name. */
static int single_read(const struct element_reader *self, struct publication_sources *sources,
                       const xmlNode *node)
{
    struct publication *publication = self->publication;
    if (element_is(node, "calendar"))
        return calendar_read(self, node);
    if (element_is(node, "sensors")) {
        publication->home_region = element_attribute(node, "home-region");
        return element_path(self, node, "path", false, &sources->sensors);
    }
    if (element_is(node, "names")) {
        if (element_path(self, node, "services", false, &sources->services) != 0 ||
            element_path(self, node, "regions", false, &sources->regions) != 0)
            return -1;
        return element_path(self, node, "iana", false, &sources->iana);
    }
    if (element_is(node, "maintenance"))
        return element_path(self, node, "path", false, &sources->maintenance);
    if (element_is(node, "knowledge"))
        return element_path(self, node, "path", true, &publication->knowledge_path) != 0 ||
                       element_path(self, node, "kev", true, &publication->kev_path) != 0 ||
                       element_path(self, node, "jvn", true, &publication->jvn_path) != 0
                   ? -1
                   : element_integer(self, node, "days", 1, 3660, 90, &publication->knowledge_days);
    if (element_is(node, "prose"))
        return element_path(self, node, "path", true, &publication->prose_folder);
    if (element_is(node, "templates"))
        return element_path(self, node, "path", true, &publication->template_folder);
    if (element_is(node, "web")) {
        char *base = element_attribute(node, "base");
        publication->base_url = g_strconcat(base, g_str_has_suffix(base, "/") ? "" : "/", NULL);
        g_free(base);
    }
    if (element_is(node, "lint"))
        return lint_settings_read(&publication->lint, node, self->err) == 0
                   ? 0
                   : error_prefix(self->err, "%s", publication->file);
    if (element_is(node, "ranking")) {
        publication->icmp_as_one = element_attribute_is(node, "icmp", "one");
        if (element_integer(self, node, "concentration", 1, 99, publication->concentration,
                            &publication->concentration) != 0)
            return -1;
        return element_integer(self, node, "limit", 1, 1000, publication->top_limit, &publication->top_limit);
    }
    if (element_is(node, "captures")) {
        publication->skip_unreadable |= element_attribute_is(node, "unreadable", "skip");
        tunnels_read(node, publication);
    }
    return 0;
}

int publication_read(struct publication *publication, struct publication_sources *sources, xmlDoc *document,
                     struct error *err)
{
    const xmlNode *root = xmlDocGetRootElement(document);
    struct element_reader self = {.publication = publication, .err = err};
    int result = languages_read(&self, root);
    publication->top_limit = 10;
    publication->concentration = 50;
    lint_settings_init(&publication->lint);
    for (const xmlNode *node = root->children; node != NULL && result == 0; node = node->next)
        result = single_read(&self, sources, node);
    if (result == 0 && publication->prose_folder == NULL)
        publication->prose_folder = g_strdup("editions/{edition}");
    if (result == 0 && (element_paths(&self, root, "captures", &publication->captures) != 0 ||
                        element_paths(&self, root, "delegated", &publication->delegated) != 0 ||
                        element_localized(&self, root, "title", true, &publication->title) != 0 ||
                        element_localized(&self, root, "publisher", true, &publication->publisher) != 0 ||
                        publication_definitions_read(&self, root) != 0))
        result = -1;
    return result;
}

void publication_sources_release(struct publication_sources *sources)
{
    g_free(sources->sensors);
    g_free(sources->services);
    g_free(sources->regions);
    g_free(sources->iana);
    g_free(sources->maintenance);
    memset(sources, 0, sizeof *sources);
}

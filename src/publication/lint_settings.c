#include "publication/lint_settings.h"

#include <string.h>

#include "base/number.h"

static const struct lint_rule_row {
    const char *name;
    enum lint_level level;
    int limit;
} rows[LINT_RULE_COUNT] = {
    [LINT_HALF_WIDTH_PUNCTUATION] = {"half-width-punctuation", LINT_WARNING, 0},
    [LINT_HALF_WIDTH_KATAKANA] = {"half-width-katakana", LINT_WARNING, 0},
    [LINT_FULL_WIDTH_LETTERS] = {"full-width-letters", LINT_WARNING, 0},
    [LINT_WAVE_DASH] = {"wave-dash", LINT_WARNING, 0},
    [LINT_DOUBLED_PARTICLE] = {"doubled-particle", LINT_WARNING, 0},
    [LINT_DOUBLED_PUNCTUATION] = {"doubled-punctuation", LINT_WARNING, 0},
    [LINT_DOUBLED_WORD] = {"doubled-word", LINT_WARNING, 0},
    [LINT_BLANK_IN_JAPANESE] = {"blank-in-japanese", LINT_WARNING, 0},
    [LINT_LONG_SENTENCE] = {"long-sentence", LINT_WARNING, 120},
    [LINT_LONG_SENTENCE_WORDS] = {"long-sentence-words", LINT_WARNING, 50},
    [LINT_ALTERNATIVE_TEXT] = {"alternative-text", LINT_WARNING, 0},
    [LINT_ABBREVIATION] = {"abbreviation", LINT_WARNING, 0},
    [LINT_OPEN_MARKER] = {"open-marker", LINT_ERROR, 0},
    [LINT_EDITIONS_DIFFER] = {"editions-differ", LINT_WARNING, 0},
};

/* What a reader who opens such a report has met elsewhere. */
static const char *const common[] = {
    "IP",  "TCP", "UDP",  "ICMP", "HTTP", "HTTPS", "FTP",  "SSH",  "DNS",   "URL",   "URI", "HTML", "XML",
    "CSS", "CSV", "JSON", "PDF",  "PNG",  "SVG",   "GIF",  "JPEG", "UTC",   "JST",   "ID",  "OS",   "PC",
    "CPU", "USB", "LAN",  "WAN",  "RFC",  "ISO",   "CERT", "FAQ",  "ASCII", "AM",    "PM",  "JP",   "US",
    "EU",  "UK",  "UN",   "TV",   "CD",   "DVD",   "SYN",  "ACK",  "RST",   "CSIRT",
};

const char *lint_rule_name(enum lint_rule rule)
{
    return rows[rule].name;
}

void lint_settings_init(struct lint_settings *settings)
{
    for (int rule = 0; rule < LINT_RULE_COUNT; rule++) {
        settings->levels[rule] = rows[rule].level;
        settings->limits[rule] = rows[rule].limit;
    }
    settings->known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

void lint_settings_release(struct lint_settings *settings)
{
    g_clear_pointer(&settings->known, g_hash_table_unref);
}

static int rule_read(struct lint_settings *settings, xmlNode *node, bool *given, struct error *err)
{
    xmlChar *name = xmlGetNoNsProp(node, BAD_CAST "name");
    xmlChar *level = xmlGetNoNsProp(node, BAD_CAST "level");
    xmlChar *limit = xmlGetNoNsProp(node, BAD_CAST "limit");
    int rule = 0;
    int result = 0;
    uint64_t number = 0;
    while (rule < LINT_RULE_COUNT && xmlStrcmp(name, BAD_CAST rows[rule].name) != 0)
        rule++;
    g_assert(rule < LINT_RULE_COUNT);
    if (given[rule])
        result = error_set(err, ERROR_INPUT, "line %ld: rule \"%s\" appears a second time, expected it once",
                           xmlGetLineNo(node), rows[rule].name);
    else if (limit != NULL && rows[rule].limit == 0)
        result =
            error_set(err, ERROR_INPUT, "line %ld: rule \"%s\" has a limit, expected one only of %s and %s",
                      xmlGetLineNo(node), rows[rule].name, rows[LINT_LONG_SENTENCE].name,
                      rows[LINT_LONG_SENTENCE_WORDS].name);
    else if (limit != NULL && !number_parse((const char *)limit, 10, 1000, &number))
        result = error_set(err, ERROR_INPUT,
                           "line %ld: attribute \"limit\" is \"%s\", expected a number from 10 to 1000",
                           xmlGetLineNo(node), (const char *)limit);
    given[rule] = true;
    if (number > 0)
        settings->limits[rule] = (int)number;
    if (level != NULL)
        settings->levels[rule] = strcmp((const char *)level, "off") == 0     ? LINT_OFF
                                 : strcmp((const char *)level, "error") == 0 ? LINT_ERROR
                                                                             : LINT_WARNING;
    xmlFree(limit);
    xmlFree(level);
    xmlFree(name);
    return result;
}

static void known_read(struct lint_settings *settings, xmlNode *node)
{
    xmlChar *text = xmlNodeGetContent(node);
    char **words = g_strsplit_set((const char *)text, " \t\r\n", -1);
    for (char **word = words; *word != NULL; word++)
        if (**word != '\0')
            g_hash_table_add(settings->known, g_strdup(*word));
    g_strfreev(words);
    xmlFree(text);
}

int lint_settings_read(struct lint_settings *settings, const xmlNode *lint, struct error *err)
{
    bool given[LINT_RULE_COUNT] = {false};
    int result = 0;
    for (xmlNode *node = lint->children; node != NULL && result == 0; node = node->next) {
        if (node->type != XML_ELEMENT_NODE)
            continue;
        if (xmlStrcmp(node->name, BAD_CAST "rule") == 0)
            result = rule_read(settings, node, given, err);
        else
            known_read(settings, node);
    }
    return result;
}

bool lint_settings_knows(const struct lint_settings *settings, const char *abbreviation)
{
    for (size_t i = 0; i < G_N_ELEMENTS(common); i++)
        if (strcmp(common[i], abbreviation) == 0)
            return true;
    return g_hash_table_contains(settings->known, abbreviation);
}

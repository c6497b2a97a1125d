#include "render/hyphenation.h"

#include <glib.h>
#include <hyphen.h>
#include <stdlib.h>
#include <string.h>

static const char SYSTEM_FOLDER[] = "/usr/share/hyphen";
enum { LEAST_LETTERS = 6, MOST_LETTERS = 60, LEAST_PART = 3 };

struct hyphenation {
    HyphenDict *patterns;
};

struct hyphenation *hyphenation_new(const char *folder, const char *language, struct error *err)
{
    char *name = g_strdup_printf("hyph_%s.dic", language);
    g_strdelimit(name, "-", '_');
    const char *const folders[] = {folder, SYSTEM_FOLDER};
    HyphenDict *patterns = NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(folders) && patterns == NULL; i++) {
        char *path = g_build_filename(folders[i], name, NULL);
        patterns = g_file_test(path, G_FILE_TEST_IS_REGULAR) ? hnj_hyphen_load(path) : NULL;
        g_free(path);
    }
    struct hyphenation *hyphenation = NULL;
    if (patterns == NULL) {
        char *package = g_ascii_strdown(language, -1);
        error_set(err, ERROR_INPUT,
                  "PDF: no hyphenation patterns for %s, expected the Debian package hyphen-%s or a file %s "
                  "in %s",
                  language, package, name, folder);
        g_free(package);
    } else {
        hyphenation = g_new0(struct hyphenation, 1);
        hyphenation->patterns = patterns;
    }
    g_free(name);
    return hyphenation;
}

void hyphenation_free(struct hyphenation *hyphenation)
{
    if (hyphenation != NULL) {
        hnj_hyphen_free(hyphenation->patterns);
        g_free(hyphenation);
    }
}

/* In small letters and the patterns' own encoding; NULL for a word that is left whole. Free with g_free. */
static char *prepare(const struct hyphenation *hyphenation, const char *word, size_t length)
{
    GString *small = g_string_sized_new(length);
    const char *p = word;
    for (size_t i = 0; i < length; i++, p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (!g_unichar_isalpha(c) || (i > 0 && g_unichar_isupper(c))) {
            g_string_free(small, TRUE);
            return NULL;
        }
        g_string_append_unichar(small, g_unichar_tolower(c)); /* not g_utf8_strdown: it asks the locale */
    }
    char *encoded = hyphenation->patterns->utf8
                        ? g_strdup(small->str)
                        : g_convert(small->str, -1, hyphenation->patterns->cset, "UTF-8", NULL, NULL, NULL);
    g_string_free(small, TRUE);
    return encoded;
}

bool hyphenation_find(const struct hyphenation *hyphenation, const char *word, size_t length, bool *places)
{
    if (length < LEAST_LETTERS || length > MOST_LETTERS)
        return false;
    char *encoded = prepare(hyphenation, word, length);
    if (encoded == NULL)
        return false;
    size_t size = strlen(encoded);
    char *hyphens = g_malloc0(size + 5); /* as hyphen.h asks */
    char **replacements = NULL;
    int *positions = NULL, *cuts = NULL;
    int failed = hnj_hyphen_hyphenate2(hyphenation->patterns, encoded, (int)size, hyphens, NULL,
                                       &replacements, &positions, &cuts);
    for (size_t i = 0; i < length && failed == 0; i++) {
        /* An odd number behind a letter is a place; one where the spelling would change is passed over. */
        places[i] = i >= LEAST_PART && length - i >= LEAST_PART && (hyphens[i - 1] & 1) != 0 &&
                    (replacements == NULL || replacements[i - 1] == NULL);
    }
    for (size_t i = 0; i < size && replacements != NULL; i++)
        free(replacements[i]);
    free(replacements);
    free(positions);
    free(cuts);
    g_free(hyphens);
    g_free(encoded);
    return failed == 0;
}

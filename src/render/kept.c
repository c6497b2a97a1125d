/* kept.c - t:kept: a drafted sentence that an editor kept in the edition's prose, perhaps in other words.
 *
 *     <t:kept draft="ports" rule="rank-fell" inputs="ports 8728/TCP rank 4 previous 2">8728/TCPは...</t:kept>
 *
 * It holds as long as the draft has a sentence of that rule with these inputs, or one in the very words that
 * were kept (an event's highest value may have grown without anything that the sentence says). When captures,
 * sensors or lists change and it no longer does, the edition is not published until an editor has looked.
 * `teiten draft` writes these elements. */
#include <string.h>

#include "render/template.h"

int placement_kept(struct filling *filling, xmlNodePtr element, xmlNodePtr context, xmlNodePtr to,
                   struct error *err)
{
    static const char *const names[3] = {"draft", "rule", "inputs"};
    xmlNodePtr span = filling_element(filling, to, "span", element);
    filling_attribute(span, "class", "kept");
    for (int i = 0; i < 3; i++) {
        xmlChar *value = xmlGetNoNsProp(element, BAD_CAST names[i]);
        if (value == NULL || *value == '\0') {
            xmlFree(value);
            return source_error(err, element,
                                "<t:kept> without %s, expected draft, rule and inputs, as `teiten "
                                "draft` writes them",
                                names[i]);
        }
        if (i > 0)
            filling_attribute(span, i == 1 ? "data-rule" : "data-inputs", (const char *)value);
        xmlFree(value);
    }
    filling_origin(span)->kept = element;
    return template_children(filling, element, context, span, err);
}

/* The text with its white space as one blank, or, next to what is not ASCII, as none: as a page has it. Owned
 * by the caller. */
static char *text_collapse(const char *text)
{
    GString *out = g_string_new(NULL);
    for (const char *at = text; *at != '\0';) {
        size_t blank = strspn(at, " \t\r\n");
        if (blank == 0) {
            g_string_append_c(out, *at++);
            continue;
        }
        bool line_feed = memchr(at, '\n', blank) != NULL;
        at += blank;
        bool wide =
            ((guchar)*at & 0x80) != 0 || (out->len > 0 && ((guchar)out->str[out->len - 1] & 0x80) != 0);
        if (out->len > 0 && *at != '\0' && !(line_feed && wide))
            g_string_append_c(out, ' ');
    }
    return g_string_free(out, FALSE);
}

static const struct model_draft *draft_find(const struct model *model, const char *id)
{
    for (size_t i = 0; i < model->draft_count; i++)
        if (strcmp(model->drafts[i].id, id) == 0)
            return &model->drafts[i];
    return NULL;
}

/* Whether the sentence speaks of the first key of the kept one: the second word of "ports 8728/TCP rank 4".
 */
static bool is_of_subject(const struct model_sentence *sentence, const char *inputs)
{
    char **kept = g_strsplit_set(inputs, " ;", -1), **own = g_strsplit_set(sentence->inputs, " ;", -1);
    bool same = kept[0] != NULL && kept[1] != NULL && g_strv_contains((const char *const *)own, kept[1]);
    g_strfreev(own);
    g_strfreev(kept);
    return same;
}

/* What the draft says instead: of the same subject by the same rule, or by another; of the same rule. NULL:
 * nothing of the kind. */
static const struct model_sentence *successor_find(const struct model_draft *draft, const char *rule,
                                                   const char *inputs)
{
    const struct model_sentence *other_rule = NULL, *other_subject = NULL;
    for (size_t i = 0; i < draft->sentence_count; i++) {
        const struct model_sentence *sentence = &draft->sentences[i];
        bool same_rule = strcmp(sentence->rule, rule) == 0, same_subject = is_of_subject(sentence, inputs);
        if (same_rule && same_subject)
            return sentence;
        if (same_subject && other_rule == NULL)
            other_rule = sentence;
        if (same_rule && other_subject == NULL)
            other_subject = sentence;
    }
    return other_rule != NULL ? other_rule : other_subject;
}

static bool still_holds(const struct model_draft *draft, const char *rule, const char *inputs,
                        const char *text)
{
    for (size_t i = 0; i < draft->sentence_count; i++) {
        const struct model_sentence *sentence = &draft->sentences[i];
        if (strcmp(sentence->rule, rule) == 0 &&
            (strcmp(sentence->inputs, inputs) == 0 || strcmp(sentence->text, text) == 0))
            return true;
    }
    return false;
}

/* -1 and an error when the sentence no longer holds. */
static int sentence_check(const struct filling *filling, xmlNodePtr element, struct error *err)
{
    xmlChar *id = xmlGetNoNsProp(element, BAD_CAST "draft");
    xmlChar *rule = xmlGetNoNsProp(element, BAD_CAST "rule");
    xmlChar *inputs = xmlGetNoNsProp(element, BAD_CAST "inputs");
    xmlChar *content = xmlNodeGetContent(element);
    char *text = text_collapse((const char *)content);
    const struct model_draft *draft = draft_find(filling->model, (const char *)id);
    int result = 0;
    if (draft == NULL) {
        result = source_error(
            err, element, "a kept sentence of the draft \"%s\", expected the id of a table or figure", id);
    } else if (!still_holds(draft, (const char *)rule, (const char *)inputs, text)) {
        const struct model_sentence *now = successor_find(draft, (const char *)rule, (const char *)inputs);
        if (now != NULL)
            result =
                source_error(err, element,
                             "a kept sentence no longer holds: kept by %s from \"%s\", now %s from \"%s\" "
                             "(%s), expected it to be revised, or --draft",
                             rule, inputs, now->rule, now->inputs, now->text);
        else
            result =
                source_error(err, element,
                             "a kept sentence no longer holds: kept by %s from \"%s\", now nothing says so, "
                             "expected it to be revised or dropped, or --draft",
                             rule, inputs);
    }
    g_free(text);
    xmlFree(content);
    xmlFree(inputs);
    xmlFree(rule);
    xmlFree(id);
    return result;
}

int kept_check(const struct filling *filling, bool draft, struct warning_log *log, struct error *err)
{
    struct error first = {0};
    guint changed = 0;
    for (guint i = 0; i < filling->origins->len; i++) {
        const struct origin *origin = filling->origins->pdata[i];
        struct error own = {0};
        if (origin->kept == NULL || sentence_check(filling, origin->kept, &own) == 0)
            continue;
        changed++;
        if (!draft && changed == 1)
            first = own;
        else
            warning_add(log, origin->source->name, "report: %s", own.message);
    }
    if (draft || changed == 0)
        return 0;
    *err = first;
    return -1;
}

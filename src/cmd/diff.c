/* teiten diff EDITION [OTHER]: what changed; exit status as diff(1). */
#include <string.h>

#include "base/number.h"
#include "cmd/command.h"
#include "cmd/diff_view.h"
#include "render/manifest.h"
#include "render/provenance.h"

static void threshold_clear(gpointer data)
{
    struct diff_threshold *threshold = data;
    g_free(threshold->place);
}

/* --only KINDS, several times or between commas; without it, everything. */
static int only_parse(const struct invocation *invocation, struct diff_view *view, struct error *err)
{
    const char *value;
    for (guint n = 0; (value = invocation_option(invocation, "only", n)) != NULL; n++) {
        char **names = g_strsplit(value, ",", -1);
        for (char **name = names; *name != NULL; name++) {
            int kind = 0;
            while (kind < VIEW_KINDS && strcmp(*name, diff_view_kind_name(kind)) != 0)
                kind++;
            if (kind == VIEW_KINDS) {
                error_set(
                    err, ERROR_USAGE,
                    "--only %s: no such kind '%s', expected numbers, coverage, data, configuration, prose, "
                    "pictures, references, events or stability",
                    value, *name);
                g_strfreev(names);
                return -1;
            }
            view->only[kind] = true;
        }
        g_strfreev(names);
    }
    for (int kind = 0; kind < VIEW_KINDS && invocation_option(invocation, "only", 0) == NULL; kind++)
        view->only[kind] = true;
    return 0;
}

/* "5", "ports=10". */
static int threshold_parse(const char *text, struct diff_view *view, struct error *err)
{
    const char *equals = strrchr(text, '=');
    uint64_t percent;
    if (!number_parse(equals != NULL ? equals + 1 : text, 0, 1000000, &percent))
        return error_set(err, ERROR_USAGE,
                         "--min-change %s: expected a whole percentage from 0 to 1000000, or TABLE=PERCENT",
                         text);
    struct diff_threshold threshold = {.place =
                                           equals != NULL ? g_strndup(text, (gsize)(equals - text)) : NULL,
                                       .least = (double)percent / 100};
    g_array_append_val(view->thresholds, threshold);
    return 0;
}

/* --min-change, several times or between commas. */
static int thresholds_parse(const struct invocation *invocation, struct diff_view *view, struct error *err)
{
    const char *value;
    int result = 0;
    for (guint n = 0; result == 0 && (value = invocation_option(invocation, "min-change", n)) != NULL; n++) {
        char **texts = g_strsplit(value, ",", -1);
        if (*texts == NULL)
            result = threshold_parse("", view, err);
        for (char **text = texts; *text != NULL && result == 0; text++)
            result = threshold_parse(*text, view, err);
        g_strfreev(texts);
    }
    return result;
}

/* --quarters N: a year and the quarter before it, where it is not given. */
static int quarters_parse(const struct invocation *invocation, struct diff_view *view, struct error *err)
{
    const char *value = invocation_option(invocation, "quarters", 0);
    uint64_t quarters = 5;
    if (value != NULL && !number_parse(value, 2, 8, &quarters))
        return error_set(err, ERROR_USAGE, "--quarters %s: expected a number from 2 to 8", value);
    view->quarters = (int)quarters;
    return 0;
}

static bool is_ranked(const struct publication *publication, const char *place)
{
    for (size_t i = 0; i < publication->table_count; i++)
        if (strcmp(publication->tables[i].id, place) == 0 ||
            strcmp(publication->tables[i].measure, place) == 0)
            return true;
    return false;
}

static int thresholds_check(const struct diff_view *view, struct error *err)
{
    for (guint i = 0; i < view->thresholds->len; i++) {
        const char *place = g_array_index(view->thresholds, struct diff_threshold, i).place;
        if (place != NULL && !is_ranked(view->publication, place))
            return error_set(err, ERROR_USAGE,
                             "--min-change %s: %s has no table of that id or measure, expected one", place,
                             view->publication->file);
    }
    return 0;
}

/* Events and stability of the edition, held against the other one. */
static struct review *review_of(const struct publication *publication, const struct summary *current,
                                const struct summary *compared, const char *language, struct error *err)
{
    struct model_input input = {.edition = &current->edition, .current = current, .previous = compared};
    return review_new(publication, &input, language, err);
}

static int show(struct invocation *invocation, struct publication *publication, const struct diff_view *view,
                int format, struct error *err)
{
    if (invocation->output != NULL)
        return command_review(invocation, publication, view, err);
    if (format == 0)
        diff_print_text(view);
    else if (format == 1)
        diff_print_csv(view);
    else
        diff_print_json(view);
    return 0;
}

/* The options, before anything is loaded. The format's index, or -1 with an error. */
static int options_read(struct invocation *invocation, struct diff_view *view, struct error *err)
{
    static const char *const formats[] = {"text", "csv", "json", NULL};
    int format = command_format(invocation, formats, err);
    if (format < 0 || thresholds_parse(invocation, view, err) != 0 ||
        only_parse(invocation, view, err) != 0 || quarters_parse(invocation, view, err) != 0)
        return -1;
    if (invocation->output != NULL && invocation->format != NULL)
        return error_set(err, ERROR_USAGE, "--output with --format %s, expected one of the two",
                         invocation->format);
    return format;
}

/* The publication, both editions and the language. What was loaded is the caller's, also on error. */
static int subject_load(struct invocation *invocation, struct publication *publication,
                        struct edition *edition, struct edition *other, struct diff_view *view,
                        struct error *err)
{
    if (command_load(invocation, invocation->arguments[0], publication, edition, err) != 0)
        return -1;
    view->publication = publication;
    view->edition = edition;
    view->other = other;
    *other = edition_previous(edition);
    if (thresholds_check(view, err) != 0 ||
        (invocation->argument_count > 1 &&
         edition_parse(invocation->arguments[1], publication->fiscal_start_month, other, err) != 0))
        return -1;
    view->language = command_language(invocation, publication, err);
    if (view->language == NULL)
        return -1;
    if (invocation->output != NULL && manifest_guard(invocation->output, MANIFEST_REVIEW, err) != 0)
        return error_prefix(err, "diff: %s", edition->name);
    return 0;
}

int cmd_diff(struct invocation *invocation, struct error *err)
{
    struct publication publication = {0};
    struct edition edition;
    struct edition other;
    struct summary *current = NULL;
    struct summary *compared = NULL;
    struct difference *difference = NULL;
    struct prose_difference *prose = NULL;
    struct review *review = NULL;
    struct registry_effect effect = {0};
    char **changed_files = NULL;
    struct diff_view view = {.verbose = invocation->verbosity > 0};
    int result = -1;

    view.thresholds = g_array_new(FALSE, FALSE, sizeof(struct diff_threshold));
    g_array_set_clear_func(view.thresholds, threshold_clear);
    int format = options_read(invocation, &view, err);
    if (format < 0 || subject_load(invocation, &publication, &edition, &other, &view, err) != 0)
        goto done;
    current = command_summary(invocation, &publication, &edition, NULL, true, err);
    if (current == NULL)
        goto done;
    compared = command_summary(invocation, &publication, &other, NULL, true, err);
    if (compared == NULL)
        goto done;
    if (view.only[DIFFERENCE_DATA] || view.only[DIFFERENCE_NUMBERS])
        if (command_registry_effect(invocation, &publication, current, compared, &effect, err) != 0)
            goto done;
    changed_files = provenance_changed(&publication, &edition, &other, view.language);
    const struct difference_extra extra = {
        .effect = &effect, .changed_files = changed_files, .data_file = PROVENANCE_IANA};
    difference = difference_new(&publication, current, compared, &extra, view.language, err);
    if (difference == NULL)
        goto done;
    prose = prose_difference_new(&publication, &edition, &other, view.language, err);
    if (prose == NULL) {
        error_prefix(err, "diff");
        goto done;
    }
    if (view.only[VIEW_EVENTS] || view.only[VIEW_STABILITY] || invocation->output != NULL) {
        review = review_of(&publication, current, compared, view.language, err);
        if (review == NULL)
            goto done;
    }
    view.difference = difference;
    view.prose = prose;
    view.review = review;
    if (show(invocation, &publication, &view, format, err) != 0)
        goto done;
    result = diff_view_has_changes(&view) ? 1 : 0;
done:
    g_clear_pointer(&review, review_free);
    g_clear_pointer(&prose, prose_difference_free);
    g_clear_pointer(&difference, difference_free);
    registry_effect_release(&effect);
    g_strfreev(changed_files);
    g_clear_pointer(&compared, summary_free);
    g_clear_pointer(&current, summary_free);
    g_array_unref(view.thresholds);
    publication_release(&publication);
    return result;
}

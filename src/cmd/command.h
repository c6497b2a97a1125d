/* command.h - what the subcommands share: one table of commands, one table of options.
 *
 * main() parses the command line into a struct invocation and calls the command's run function, which returns
 * the exit code (0, or 1 for `diff` with differences), or -1 with an error. Only main() prints errors and
 * warnings.
 */
#ifndef TEITEN_CMD_COMMAND_H
#define TEITEN_CMD_COMMAND_H

#include <json-glib/json-glib.h>
#include <stdbool.h>

#include "aggregate/aggregate.h"
#include "base/error.h"
#include "base/warning.h"
#include "publication/publication.h"
#include "report/model.h"
#include "report/registry_effect.h"

struct diff_view;

struct invocation {
    const char *folder;         /* -C: the publication folder, "." by default */
    int verbosity;              /* -1: warnings and errors only; 0; 1 verbose */
    const char *output;         /* -o, --output; NULL when not given */
    const char *format;         /* --format; NULL when not given */
    const char *language;       /* --language; NULL: the publication's first, of report all */
    int thread_count;           /* --threads; 0: one per processor */
    enum archive_reader reader; /* --reader */
    double scale;               /* --scale; 0 when not given */
    bool strict;                /* --strict */
    bool draft;                 /* --draft */
    const char *files_from;     /* --files-from; NULL when not given */
    bool recount;               /* --recount */
    bool verify;                /* --verify */
    int argument_count;         /* what is left: EDITION and so on */
    char **arguments;
    struct warning_log warnings;
    /* Every other option: name, value, name, value; "" for one without a value. Borrowed. */
    GPtrArray *options;
};

/* The value of the n-th (from 0) option of that name as it stands on the command line, or NULL. */
const char *invocation_option(const struct invocation *invocation, const char *name, guint n);

struct command {
    const char *name;
    const char *arguments; /* "EDITION [OTHER]" */
    int minimum, maximum;  /* number of arguments, inclusive */
    const char *options;   /* long names of the options it takes, between blanks: " output draft " */
    const char *summary;   /* one line */
    const char *help;      /* paragraphs */
    int (*run)(struct invocation *invocation, struct error *err);
};

int cmd_aggregate(struct invocation *invocation, struct error *err);
int cmd_report(struct invocation *invocation, struct error *err);
int cmd_figure(struct invocation *invocation, struct error *err);
int cmd_table(struct invocation *invocation, struct error *err);
int cmd_draft(struct invocation *invocation, struct error *err);
int cmd_counts(struct invocation *invocation, struct error *err);
int cmd_index(struct invocation *invocation, struct error *err);
int cmd_diff(struct invocation *invocation, struct error *err);

/* command.c: steps that several commands take. */

/* Loads the publication of -C and the edition named by the argument. */
int command_load(struct invocation *invocation, const char *edition_name, struct publication *publication,
                 struct edition *edition, struct error *err);
/* The language asked for, checked against the publication's. NULL and an error when it has no such language.
 */
const char *command_language(const struct invocation *invocation, const struct publication *publication,
                             struct error *err);

/* Summaries of an edition and of those it is compared with. */
struct command_summaries {
    struct summary *current;
    struct summary *previous; /* NULL when there are neither captures nor a summary of it */
    /* Likewise; with the measures that tables and figures show, and maybe no others: */
    struct summary *year_before;
    struct summary *earlier[8]; /* of the quarters before the previous one, nearest first */
    struct knowledge knowledge;
    const struct summary *history[9]; /* all of them, as in model_input; borrowed */
};
void command_summaries_release(struct command_summaries *summaries);
/* The summary of one edition, brought up to date, with progress on a terminal; with these measures at least
 * (ids, NULL-terminated; NULL: all). With `required`, an edition without captures and without a summary is an
 * error; otherwise NULL with err->kind == ERROR_NONE. */
struct summary *command_summary(struct invocation *invocation, const struct publication *publication,
                                const struct edition *edition, const char *const *measures, bool required,
                                struct error *err);
/* Everything that a model rests on, brought up to date, as far back as the publication's rank flows go.
 * `input` borrows from `summaries`, which the caller releases, also on error. */
int command_input_load(struct invocation *invocation, const struct publication *publication,
                       const struct edition *edition, struct command_summaries *summaries,
                       struct model_input *input, struct error *err);
/* Prints the bins of a summary to stderr (for -v). */
void command_print_bins(const struct summary *summary);
/* `teiten diff --output DIR`: writes the review page and its PDF into the folder. Adds the review's own
 * figures to the publication, which is the view's. */
int command_review(struct invocation *invocation, struct publication *publication,
                   const struct diff_view *view, struct error *err);
/* What of the difference comes from the registries (report/registry_effect.h): from a companion measure by
 * region and address block where that decides everything, else by counting the archives once more where they
 * are there. `effect` must be zeroed, and is released by the caller, also on error. */
int command_registry_effect(struct invocation *invocation, const struct publication *publication,
                            const struct summary *current, const struct summary *other,
                            struct registry_effect *effect, struct error *err);
/* What a command's argument names in publication.xml. */
enum command_id { COMMAND_MEASURE, COMMAND_TABLE, COMMAND_FIGURE, COMMAND_TABLE_OR_FIGURE };
/* Whether a summary has the measure as the publication defines it: one whose captures have gone cannot be
 * counted again. 0, or -1 and an error. */
int command_measure_check(const struct summary *summary, const struct measure *measure, struct error *err);
/* 0 when the publication defines it; otherwise -1 and an error that lists what it does define. */
int command_id_check(const char *command, const struct publication *publication, enum command_id kind,
                     const char *id, struct error *err);
/* Says of an option's value what was expected; -1. */
int command_option_refuse(const char *option, const char *value, const char *expected, struct error *err);
/* Checks --format against a NULL-terminated list, the first being the default. Its index, or -1 with an
 * error. */
int command_format(const struct invocation *invocation, const char *const *formats, struct error *err);

/* A command that prints a part of an edition's model. */
struct command_printing {
    const char *command;
    const char *const *formats; /* as in command_format */
    const char *edition;
    enum command_id kind;
    const char *id; /* NULL: all there are; `print` is given it as it is */
    void (*print)(const struct model *model, const char *id, int format); /* `format`: index in `formats` */
};
/* The whole command: checks the format and the id, makes the model and has it printed. */
int command_print(struct invocation *invocation, const struct command_printing *printing, struct error *err);

/* A member of the object that is being built; null without a text. */
void command_add_text(JsonBuilder *builder, const char *name, const char *text);
/* Prints what was built, indented, and releases the builder. */
void command_print_json(JsonBuilder *builder);

#endif

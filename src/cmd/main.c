/* teiten: from capture archives to a published quarter. The one table of commands is dispatch and help at
 * once. */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "cmd/command.h"
#include "cmd/message.h"

#ifndef TEITEN_VERSION
#define TEITEN_VERSION "unknown"
#endif

static const struct command commands[] = {
    {"aggregate", "EDITION [ARCHIVE...]", 1, INT_MAX,
     " threads strict reader files-from verify recount explain format ",
     "count the edition's captures into its summary",
     "Reads every capture archive of the edition in one pass, computes all measures of publication.xml, and "
     "writes\n"
     "summaries/EDITION.summary. An archive is read once: its counts are kept in summaries/cache/, and only "
     "new "
     "or\n"
     "changed archives are read the next time; `report`, `table`, `figure` and `diff` count in the same way, "
     "by\n"
     "themselves. ARCHIVEs (files, folders, globs; - is standard input) or a list of files replace the "
     "publication's\n"
     "<captures>. With -v, prints the bins: every packet read stands in exactly one; --format json "
     "(default: text)\n"
     "prints them for programs. --explain prints measures, conditions and archives, and counts nothing.\n",
     cmd_aggregate},
    {"report", "EDITION", 1, 1, " output index threads strict draft language pdf-variant single-file ",
     "publish the edition: web page, PDF, figures, data",
     "Brings the summaries up to date (this edition, the previous quarter, the same quarter a year before "
     "where there\n"
     "are captures), then publishes into out/EDITION/ of the publication folder, or the folder given by "
     "--output:\n"
     "index.xhtml, style.css, report.pdf, img/, data/ and manifest.json, every further language in a folder "
     "of "
     "its own\n"
     "(en/), or only that of --language. The folder appears whole or not at all; one that holds anything but "
     "an "
     "earlier\n"
     "publication is refused. Without --output, the list and the feed of all editions beside it follow.\n",
     cmd_report},
    {"figure", "FIGURE EDITION [ARCHIVE...]", 0, INT_MAX,
     " output scale threads strict language width height preset theme from to series title subtitle "
     "format-numbers data alt measure by where kind top quarters against axis ",
     "one figure alone, as SVG, PNG or PDF",
     "Draws one figure of publication.xml; the suffix of the file given by -o says how: .svg, .png or "
     ".pdf.\n"
     "--alt prints its alternative text; -o may then be left out. Sizes are in points, in which all text is "
     "8 or "
     "more.\n"
     "--from and --to may reach over several quarters. With --measure instead of FIGURE, draws what "
     "publication.xml\n"
     "has no figure for: --measure packets --by port --where tool=mirai. What no summary holds is counted "
     "from the\n"
     "captures, or from ARCHIVEs, for this figure alone.\n",
     cmd_figure},
    {"table", "TABLE EDITION", 2, 2, " format threads strict language ",
     "one table, for the terminal or for programs",
     "Prints one table of publication.xml: --format text (default, aligned for East Asian width), csv or "
     "json.\n",
     cmd_table},
    {"draft", "EDITION [ID]", 1, 2, " format threads strict language ",
     "the drafted sentences, to be kept, edited or dropped",
     "Prints what the numbers say about every table and figure of the edition, or about the one of that ID, "
     "each\n"
     "sentence with its rule, its inputs and its threshold: --format text (default), json, or xhtml, a "
     "fragment for\n"
     "the edition's prose (editions/EDITION/about-ID.xhtml), in which sentences may be edited or dropped. "
     "When "
     "the\n"
     "numbers of a kept sentence change, `teiten report` says so and does not publish.\n",
     cmd_draft},
    {"counts", "MEASURE EDITION", 2, 2, " threads strict ",
     "every count of a measure, by day and key, as CSV",
     "Prints date, key and count: the numbers behind every table and figure. A day on which a key was not "
     "seen has 0;\n"
     "a day on which no sensor of the measure, or of the key, delivered has no line. Of a measure per hour, "
     "the date is\n"
     "the hour at which it begins, as 2025-04-01T13. The date `total` is the whole quarter, "
     "in which a\n"
     "source that came on several days counts once.\n",
     cmd_counts},
    {"index", "[DIR]", 0, 1, " language ", "the page and the feed of all published editions",
     "Writes index.xhtml, style.css and feed.atom into DIR (default: out/ of the publication), listing every "
     "edition\n"
     "that was published there; what is published in another than the first language is listed in a folder "
     "of its\n"
     "own, en/. `teiten report` does so by itself for editions that go to the default place.\n",
     cmd_index},
    {"diff", "EDITION [OTHER]", 1, 2, " output format threads strict language only min-change quarters ",
     "what changed against the previous quarter",
     "Compares every table with that of the previous quarter, or of OTHER (ranks, counts, averages per "
     "sensor "
     "and day,\n"
     "shares), sensors, registries and configuration, and the prose sentence by sentence, pictures and "
     "links; "
     "tells what\n"
     "moved during the quarter and how sure ranks are. -v lists what stayed, too.\n"
     "--output DIR writes the review of the quarter there instead, as a page and a PDF: changes, events and "
     "what drove\n"
     "them, how far ranks can be trusted, every drafted sentence with what it rests on.\n"
     "--format text (default), json, or csv (one record for everything, under a fixed header). Exit "
     "status: 0 no\n"
     "change, 1 changes, 2 or more trouble.\n",
     cmd_diff},
};

/* Options that take a value have one in the third column. Order of printing in --help. */
static const struct option_entry {
    const char *name;
    char letter;
    const char *value;
    const char *help;
} option_entries[] = {
    {"output", 'o', "PATH", "write here instead of the default place"},
    {"format", 0, "FORMAT", "one of those named above"},
    {"language", 0, "LANG", "a language of the publication (default: its first; of report, all)"},
    {"lang", 0, "LANG", "the same as --language"},
    {"scale", 0, "NUMBER", "pixels per point of a PNG (default 2)"},
    {"threads", 0, "N", "archives counted at once (default: one per processor); the result is the same"},
    {"strict", 0, NULL, "an archive that ends in the middle of a record is an error"},
    {"reader", 0, "NAME",
     "fast (default) or libpcap, which reads every record of a pcap file itself; same result"},
    {"width", 0, "POINTS", "width of the figure"},
    {"height", 0, "POINTS", "height of the figure"},
    {"preset", 0, "NAME", "size and scale for a column, page, slide, social or phone"},
    {"theme", 0, "NAME", "light (default), dark or print (greys only)"},
    {"from", 0, "DATE", "first day shown, 2025-04-01"},
    {"to", 0, "DATE", "last day shown"},
    {"measure", 0, "WHAT", "packets, bytes, sources, source-sensors, or a measure of publication.xml"},
    {"by", 0, "KEY", "port, region, sensor, group, tool, protocol, source-24, nothing, or two: port+region"},
    {"where", 0, "COND=VALUES", "a condition, port=23,2323; may be given several times"},
    {"kind", 0, "KIND",
     "daily-lines, small-multiples, monthly-bars, rank-flow, heat-map, availability, shares, dot-plot "
     "(default: the figure's own; with --measure daily-lines)"},
    {"top", 0, "N", "so many keys, by rank"},
    {"against", 0, "WHAT",
     "previous-quarter or year-before: small multiples, dot plots (default: the figure's own; with --measure "
     "previous-quarter)"},
    {"axis", 0, "AXIS", "zero, range of the data, or log (default: the figure's own; with --measure zero)"},
    {"series", 0, "KEYS", "these series only, 23/TCP,80/TCP; may be given several times"},
    {"title", 0, "TEXT", "instead of the headline; '' for none"},
    {"subtitle", 0, "TEXT", "instead of the subtitle; '' for none"},
    {"format-numbers", 0, "STYLE", "man (12万) or thousands (120,000)"},
    {"data", 0, NULL, "write the figure's data beside it, with the suffix .csv"},
    {"alt", 0, NULL, "print the alternative text"},
    {"files-from", 0, "FILE", "count the archives that FILE names, one path a line; - is standard input"},
    {"verify", 0, NULL, "recognise known archives by all of their bytes, not by size, time and inode"},
    {"recount", 0, NULL, "read every archive again, without the cache"},
    {"explain", 0, NULL, "print what would be counted and how, and count nothing"},
    {"only", 0, "KINDS",
     "numbers, coverage, data, configuration, prose, pictures, references, events, stability; between "
     "commas"},
    {"min-change", 0, "PERCENT",
     "leave out rows of the same rank whose count changed by less, or by no more than is usual; "
     "TABLE=PERCENT for one table"},
    {"quarters", 0, "N",
     "how many quarters rank flows go back, 2 to 8, as far as counted (default: of diff, with --output, 5; "
     "of a "
     "figure its own, with --measure 4)"},
    {"index", 0, NULL,
     "with --output, a folder named like the edition: bring the list and the feed of the editions beside it "
     "up to "
     "date"},
    {"single-file", 0, NULL, "write EDITION.html too, which holds style, figures and data itself"},
    {"draft", 0, NULL, "publish although 要確認 markers are open"},
    {"pdf-variant", 0, "NAME", "standard (default), or a-1b: PDF/A-1b for archives"},
};

static void help_main_print(FILE *out)
{
    fputs("usage: teiten [-C DIR] COMMAND ...\n\n"
          "Turns a quarter of packet captures into an observation report. Works in a publication folder\n"
          "(the one with publication.xml): the current one, or DIR.\n\n",
          out);
    for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
        fprintf(out, "  %-10s %-27s %s\n", commands[i].name, commands[i].arguments, commands[i].summary);
    fputs("\n"
          "  -C DIR      work in this publication folder\n"
          "  -q, -v      say less (warnings and errors only), say more\n"
          "  --help      this text; `teiten COMMAND --help` for one command\n"
          "  --version   the version\n\n"
          "Editions are named by fiscal quarter: 2025q1 is April to June 2025 when the fiscal year starts in "
          "April.\n"
          "Exit status: 0 fine, 1 diff found differences, 2 usage, 3 bad input, 4 could not write.\n",
          out);
}

static bool command_takes(const struct command *command, const char *option)
{
    char *padded = g_strdup_printf(" %s ", strcmp(option, "lang") == 0 ? "language" : option);
    bool takes = strstr(command->options, padded) != NULL;
    g_free(padded);
    return takes;
}

static void help_command_print(const struct command *command)
{
    printf("usage: teiten [-C DIR] %s %s [options]\n\n%s\n", command->name, command->arguments,
           command->help);
    for (size_t i = 0; i < G_N_ELEMENTS(option_entries); i++) {
        const struct option_entry *entry = &option_entries[i];
        if (!command_takes(command, entry->name))
            continue;
        char *left =
            g_strdup_printf("%s--%s%s%s", entry->letter != 0 ? "-o, " : "", entry->name,
                            entry->value != NULL ? " " : "", entry->value != NULL ? entry->value : "");
        printf("  %-20s %s\n", left, entry->help);
        g_free(left);
    }
    printf("  %-20s %s\n", "-C DIR, -q, -v", "as for teiten itself");
}

static const struct command *command_find(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}

/* Stores one option's value. */
static int option_store(struct invocation *invocation, const char *name, const char *value, struct error *err)
{
    uint64_t number;
    if (strcmp(name, "output") == 0) {
        if (*value == '\0')
            return error_set(err, ERROR_USAGE, "--output '': expected a path");
        invocation->output = value;
    } else if (strcmp(name, "format") == 0) {
        invocation->format = value;
    } else if (strcmp(name, "language") == 0 || strcmp(name, "lang") == 0) {
        invocation->language = value;
    } else if (strcmp(name, "strict") == 0) {
        invocation->strict = true;
    } else if (strcmp(name, "files-from") == 0) {
        if (*value == '\0')
            return error_set(err, ERROR_USAGE, "--files-from '': expected a path, or - for standard input");
        invocation->files_from = value;
    } else if (strcmp(name, "verify") == 0) {
        invocation->verify = true;
    } else if (strcmp(name, "recount") == 0) {
        invocation->recount = true;
    } else if (strcmp(name, "draft") == 0) {
        invocation->draft = true;
    } else if (strcmp(name, "threads") == 0) {
        if (!number_parse(value, 1, 256, &number))
            return error_set(err, ERROR_USAGE, "--threads %s: expected a number from 1 to 256", value);
        invocation->thread_count = (int)number;
    } else if (strcmp(name, "reader") == 0) {
        if (strcmp(value, "fast") != 0 && strcmp(value, "libpcap") != 0)
            return error_set(err, ERROR_USAGE, "--reader %s: expected fast or libpcap", value);
        invocation->reader = strcmp(value, "fast") == 0 ? ARCHIVE_READER_FAST : ARCHIVE_READER_LIBPCAP;
    } else if (strcmp(name, "scale") == 0) {
        char *end;
        double scale = g_ascii_strtod(value, &end);
        if (end == value || *end != '\0' || !(scale >= 0.25 && scale <= 16))
            return error_set(err, ERROR_USAGE, "--scale %s: expected a number from 0.25 to 16", value);
        invocation->scale = scale;
    } else {
        g_ptr_array_add(invocation->options, (char *)(uintptr_t)name);
        g_ptr_array_add(invocation->options, (char *)(uintptr_t)(value != NULL ? value : ""));
    }
    return 0;
}

/* Which options the command line has, besides what they store. */
struct options_given {
    bool help, version;
    bool entries[G_N_ELEMENTS(option_entries)];
};

/* Reads the options; what is left stands from argv[optind] on. --version ends the reading. */
static int options_parse(struct invocation *invocation, int argc, char **argv, struct options_given *given,
                         struct error *err)
{
    enum { OPTION_HELP = 256, OPTION_VERSION, OPTION_FIRST };
    struct option table[G_N_ELEMENTS(option_entries) + 3] = {
        {"help", no_argument, NULL, OPTION_HELP},
        {"version", no_argument, NULL, OPTION_VERSION},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(option_entries); i++)
        table[i + 2] = (struct option){option_entries[i].name,
                                       option_entries[i].value != NULL ? required_argument : no_argument,
                                       NULL, OPTION_FIRST + (int)i};
    int letter;
    opterr = 0;
    while (!given->version && (letter = getopt_long(argc, argv, ":C:qvho:", table, NULL)) != -1) {
        switch (letter) {
        case 'C':
            invocation->folder = optarg;
            break;
        case 'q':
            invocation->verbosity = -1;
            break;
        case 'v':
            invocation->verbosity = 1;
            break;
        case 'h':
        case OPTION_HELP:
            given->help = true;
            break;
        case OPTION_VERSION:
            given->version = true;
            break;
        case ':':
            return error_set(err, ERROR_USAGE, "%s: expected a value after it", argv[optind - 1]);
        case '?':
            return error_set(err, ERROR_USAGE, "%s: no such option; teiten --help lists them",
                             argv[optind - 1]);
        default: {
            size_t index = letter == 'o' ? 0 : (size_t)(letter - OPTION_FIRST);
            given->entries[index] = true;
            if (option_store(invocation, option_entries[index].name, optarg, err) != 0)
                return -1;
        }
        }
    }
    return 0;
}

/* Whether the command takes these options and so many arguments. */
static int command_check(const struct command *command, const struct invocation *invocation,
                         const struct options_given *given, struct error *err)
{
    for (size_t i = 0; i < G_N_ELEMENTS(option_entries); i++)
        if (given->entries[i] && !command_takes(command, option_entries[i].name))
            return error_set(err, ERROR_USAGE, "%s: --%s is not an option of it; teiten %s --help lists them",
                             command->name, option_entries[i].name, command->name);
    if (invocation->argument_count < command->minimum || invocation->argument_count > command->maximum)
        return error_set(err, ERROR_USAGE, "%s: %d arguments given, expected: teiten %s %s", command->name,
                         invocation->argument_count, command->name, command->arguments);
    return 0;
}

/* Reads the whole command line; -C, -q and -v may stand before or after the command. `command` stays NULL
 * when there is nothing to run: what was asked for has been printed. */
static int arguments_parse(struct invocation *invocation, int argc, char **argv,
                           const struct command **command, struct error *err)
{
    struct options_given given = {.help = false};
    *command = NULL;
    if (options_parse(invocation, argc, argv, &given, err) != 0)
        return -1;
    if (given.version) {
        puts("teiten " TEITEN_VERSION);
        return 0;
    }
    if (optind == argc && !given.help)
        return error_set(err, ERROR_USAGE, "no command given, expected one; teiten --help lists them");
    if (optind < argc && strcmp(argv[optind], "help") == 0) { /* `teiten help COMMAND` is as with --help */
        given.help = true;
        optind++;
    }
    if (optind == argc) {
        help_main_print(stdout);
        return 0;
    }
    const struct command *found = command_find(argv[optind]);
    if (found == NULL)
        return error_set(err, ERROR_USAGE, "%s: no such command; teiten --help lists them", argv[optind]);
    if (given.help) {
        help_command_print(found);
        return 0;
    }
    invocation->argument_count = argc - optind - 1;
    invocation->arguments = argv + optind + 1;
    if (command_check(found, invocation, &given, err) != 0)
        return -1;
    *command = found;
    return 0;
}

static void warnings_print(const struct invocation *invocation)
{
    GPtrArray *lines = warning_log_lines(&invocation->warnings);
    for (guint i = 0; i < lines->len; i++)
        message_print("warning: ", lines->pdata[i]);
    g_ptr_array_unref(lines);
}

/* A full disk or a closed pipe shows only here. The exit status. */
static int stdout_close(int status)
{
    bool failed_before = ferror(stdout) != 0; /* of whose reason nothing is left */
    bool fails = fclose(stdout) != 0;
    if ((!failed_before && !fails) || status >= (int)ERROR_USAGE)
        return status;
    char *text = failed_before ? g_strdup("standard output: cannot write all of it")
                               : g_strdup_printf("standard output: cannot write: %s", g_strerror(errno));
    message_print("", text);
    g_free(text);
    return ERROR_OUTPUT;
}

int main(int argc, char **argv)
{
    struct invocation invocation = {.folder = ".", .options = g_ptr_array_new()};
    struct error err = {0};
    const struct command *command = NULL;
    int status = 0;

    signal(SIGXFSZ, SIG_IGN); /* a limit on the size of files (ulimit -f) is an error of write(2) then */
    warning_log_init(&invocation.warnings);
    if (arguments_parse(&invocation, argc, argv, &command, &err) != 0)
        status = -1;
    else if (command != NULL)
        status = command->run(&invocation, &err);
    warnings_print(&invocation);
    if (status < 0) {
        message_print("", err.message);
        status = err.kind != ERROR_NONE ? (int)err.kind : ERROR_INPUT;
    }
    warning_log_release(&invocation.warnings);
    g_ptr_array_unref(invocation.options);
    return stdout_close(status);
}

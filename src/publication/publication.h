/* publication.h - a publication folder: publication.xml and what it names.
 *
 *     struct publication publication;
 *     publication_load(&publication, "samples/quarterly", log, err);
 *     const struct measure *m = publication_measure(&publication, "domestic-ports");   // NULL: there is none
 *     char *path = publication_path(&publication, "captures/{edition}", &edition);  // FOLDER/captures/2025q1
 *     publication_release(&publication);
 *
 * publication.xml is checked against publication.rng (RELAX NG) first, then against itself (ids, references,
 * zones, numbers): an invalid file is refused with file, line and what was expected. XML is read without
 * network, DTD loading or entities.
 */
#ifndef TEITEN_PUBLICATION_PUBLICATION_H
#define TEITEN_PUBLICATION_PUBLICATION_H

#include <stdbool.h>

#include "base/error.h"
#include "base/warning.h"
#include "publication/edition.h"
#include "publication/lint_settings.h"
#include "publication/maintenance.h"
#include "publication/measure.h"
#include "publication/names.h"
#include "publication/sensor.h"

/* A text per language: <title lang="ja">...</title>. */
struct localized {
    GHashTable *texts; /* "ja" -> char * */
};
/* Borrowed; NULL when there is none in that language. */
const char *localized_text(const struct localized *text, const char *language);

enum column_kind {
    COLUMN_RANK,          /* 1, 2, 2, 4 */
    COLUMN_KEY,           /* Telnet(23/TCP), 米国(US), a sensor's label, a tool's name */
    COLUMN_PREVIOUS_RANK, /* 3, トップ10圏外, - */
    COLUMN_COUNT,         /* total over the quarter */
    COLUMN_SHARE,         /* per cent of the measure's total */
    COLUMN_PER_SENSOR,    /* mean per active sensor and day */
    COLUMN_CHANGE,        /* +1.6%(+1,190), 新規 */
    COLUMN_LISTENS,       /* what listens at the port, as knowledge.csv says */
};

struct table_definition {
    char *id;
    char *measure;             /* id of a measure */
    int top;                   /* rows shown, by rank; 1 to 100 */
    enum column_kind *columns; /* column_count of them, left to right */
    size_t column_count;
    struct localized caption;     /* 国内で観測された... */
    struct localized key_heading; /* heading of the key column: 宛先ポート番号 */
    int line;
};

struct series_definition {
    char **keys;            /* keys whose packets or sources are united; NULL-terminated */
    bool negated;           /* every key but these */
    struct localized label; /* end label */
};

enum figure_kind {
    FIGURE_DAILY_LINES,
    FIGURE_SMALL_MULTIPLES,
    FIGURE_MONTHLY_BARS, /* per sensor and day, beside the same months a year before */
    FIGURE_RANK_FLOW,
    FIGURE_HEAT_MAP,
    FIGURE_AVAILABILITY, /* of the measure's sensors */
    FIGURE_SHARES,
    FIGURE_DOT_PLOT,
};

/* What small multiples and dot plots stand beside. */
enum figure_against { AGAINST_PREVIOUS, AGAINST_YEAR_BEFORE };

/* Of values: from zero; over the range of the data, which is marked; logarithmic, likewise. */
enum figure_axis { FIGURE_AXIS_ZERO, FIGURE_AXIS_RANGE, FIGURE_AXIS_LOG };

struct figure_definition {
    char *id;
    enum figure_kind kind;
    char *measure; /* id of a measure */
    char *table;   /* id of a table of the same measure: its rows are the series; NULL: `series` lists them */
    struct series_definition *series;
    size_t series_count;
    int top;          /* with a measure and without series: so many keys, by rank; 0: not given */
    int quarters;     /* rank flow: 2 to 8 */
    bool all_sensors; /* availability, set by the program: of every sensor, whatever the measure admits */
    enum figure_against against;
    enum figure_axis axis;
    struct localized caption;  /* the part after 図1; no texts: the program describes the measure */
    struct localized headline; /* the finding, by the editor; absent: the program drafts one */
    int line;
};

/* Tunnels that may be opened: IP in IP, GRE, VXLAN, Geneve. */
enum tunnel_kind { TUNNEL_IP, TUNNEL_GRE, TUNNEL_VXLAN, TUNNEL_GENEVE, TUNNEL_KINDS };
/* As publication.xml has it: "ip". */
const char *tunnel_kind_name(enum tunnel_kind kind);

struct publication {
    char *folder; /* as given on the command line */
    char *file;   /* folder/publication.xml */
    struct localized title;
    struct localized publisher;
    char **languages;       /* NULL-terminated; the first is the default */
    char *time_zone;        /* IANA name */
    int fiscal_start_month; /* 1 to 12 */

    /* Paths as written, relative to the folder, possibly with {edition}; see publication_path. */
    char **captures;      /* folders (walked), files or globs; NULL-terminated */
    bool skip_unreadable; /* <captures unreadable="skip">: a file that is no capture is a counted warning, not
                             an error */
    bool opens[TUNNEL_KINDS]; /* <captures tunnels="ip gre">: the innermost IP header of these counts */
    char **delegated;         /* RIR statistics: files or globs */
    char *knowledge_path;     /* knowledge.csv; NULL: none, and then no lists either */
    char *kev_path;           /* CISA's catalogue: a file or glob; NULL: none */
    char *jvn_path;           /* answers of the MyJVN API: files or a glob; NULL: none */
    int knowledge_days;       /* a listing so many days before the quarter's end is recent */
    char *prose_folder;       /* editions/{edition} */
    char *base_url;           /* where out/ is published, ending in "/"; NULL: not known */
    char *template_folder;    /* NULL: the templates that ship with the program */

    int top_limit;     /* ranks beyond it read トップ10圏外; default 10 */
    int concentration; /* one sensor, address block or source that holds more than so many percent of a key is
                          told; default 50 */
    bool icmp_as_one;  /* ICMP ranks as one entry ("ICMP") instead of one per type ("8/ICMP") */

    struct lint_settings lint;

    struct sensor_list sensors;
    struct maintenance_log maintenance; /* empty where the publication keeps none */
    bool has_maintenance;
    struct service_names services;
    struct region_names regions;
    /* Joined to the folder; NULL where the publication names no such file. */
    char *sensors_path, *services_path, *regions_path, *iana_path, *maintenance_path;
    char *home_region; /* <sensors home-region="JP">: domestic means this region */

    struct measure *measures; /* in document order */
    size_t measure_count;
    struct table_definition *tables;
    size_t table_count;
    struct figure_definition *figures;
    size_t figure_count;
};

/* "daily-lines", "previous-quarter", "zero", ... of an enum's numbers from 0 on; NULL beyond the last. */
const char *figure_kind_name(int kind);
const char *figure_against_name(int against);
const char *figure_axis_name(int axis);

int publication_load(struct publication *publication, const char *folder, struct warning_log *log,
                     struct error *err);
void publication_release(struct publication *publication);

/* NULL when there is none of that id. Borrowed. */
const struct measure *publication_measure(const struct publication *publication, const char *id);
const struct table_definition *publication_table(const struct publication *publication, const char *id);
const struct figure_definition *publication_figure(const struct publication *publication, const char *id);

/* `path` joined to the folder, with {edition}, {fiscal-year} and {quarter} filled in (edition may be NULL
 * when there are none). Absolute paths stay. Owned by the caller. */
char *publication_path(const struct publication *publication, const char *path,
                       const struct edition *edition);

/* Whether a list of paths stands for any file, without looking at more of them than that takes. What cannot
 * be read counts as some: who goes on to read it says why; a link that leads nowhere is no file. */
bool publication_has_files(const struct publication *publication, char *const *paths,
                           const struct edition *edition);

/* Device and inode: what a file is, by whatever name. */
struct publication_file_identity {
    uint64_t device, inode;
};

/* A file and what stat(2) says of it, symbolic links followed. */
struct publication_file {
    char *path;
    struct publication_file_identity identity;
    uint64_t size;
    int64_t mtime_ns; /* since 1970 */
    bool is_regular;  /* else a pipe or a device, which somebody named */
};

enum publication_file_found { PUBLICATION_FILE_FOUND, PUBLICATION_FILE_FOLDER, PUBLICATION_FILE_MISSING };
/* Looks at one file and fills all but the path; nothing of a folder. When it cannot be seen, errno says why.
 */
enum publication_file_found publication_file_look(const char *path, struct publication_file *file);

/* The files that a list of paths stands for: folders are walked (hidden names left out, symbolic links
 * followed, once), globs expanded, files taken; sorted by name as bytes. A file counts once, even when
 * several names lead to it: the first name stands. Adds char * to `files`, which ought to own them. A path
 * that matches nothing is an error when `required`; what is there but cannot be read always is. */
int publication_files(const struct publication *publication, char *const *paths,
                      const struct edition *edition, bool required, GPtrArray *files, struct error *err);
/* What to make of a symbolic link that leads nowhere, or where it may not be followed. */
enum publication_links {
    PUBLICATION_LINKS_LEAD, /* an error */
    /* A file of no bytes, with the own identity and time of the link: opening it fails. */
    PUBLICATION_LINKS_MAY_DANGLE,
};
/* The same as an array of struct publication_file, which owns them; NULL: err. */
GArray *publication_files_look(const struct publication *publication, char *const *paths,
                               const struct edition *edition, bool required, enum publication_links links,
                               struct error *err);

#endif

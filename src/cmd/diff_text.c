/* `teiten diff` on a terminal: tables whose columns give way on a narrow one, colour where there is any. */
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "cmd/diff_view.h"
#include "cmd/terminal_table.h"
#include "report/phrase.h"

enum column {
    COLUMN_MARK,
    COLUMN_NOW,
    COLUMN_OTHER,
    COLUMN_LABEL,
    COLUMN_COUNTED,
    COLUMN_OTHER_COUNTED,
    COLUMN_CHANGED,
    COLUMN_AVERAGE,
    COLUMN_AVERAGE_CHANGED,
    COLUMN_SHARES,
    COLUMN_REMARK,
    COLUMNS
};

/* What gives way first where a terminal is narrow. */
static const enum column expendable[] = {COLUMN_OTHER_COUNTED, COLUMN_SHARES, COLUMN_AVERAGE,
                                         COLUMN_AVERAGE_CHANGED};

/* Then labels are cut, to so many cells at least. */
enum { LABEL_LEAST = 16 };

/* The few words of the text output. */
struct words {
    const char *columns[COLUMNS];
    const char *average_changed; /* the heading of that column without the one before */
    const char *event_columns[5];
    const char *sections[VIEW_KINDS];
    const char *statuses[PROSE_STATUS_COUNT];
    const char *between, *after; /* the two periods */
    const char *counts;          /* between the counts of prose_status */
    const char *other, *bullet, *none, *nothing_detected;
    const char *close, *entered, *left;
    const char *usual, *near;          /* what the remarks mean */
    const char *whole_new, *whole_old; /* behind a file's name, around the number of sentences */
    const char *whole_end;
};

static const struct words *words_of(const char *language)
{
    static const struct words japanese = {
        .columns = {"", "順位", "比較先", "項目", "件数", "比較先の件数", "増減", "1台1日", "その増減",
                    "割合", "注"},
        .average_changed = "1台1日の増減",
        .event_columns = {"対象", "動き", "期間", "大きさ", "主な内訳"},
        .sections = {"順位と件数", "センサー", "割り当て情報と名称", "設定", "文", "図版", "参照先",
                     "目立った動き", "順位の確かさ"},
        .statuses = {"同じ", "変更", "追加", "削除"},
        .between = " と ",
        .after = " の比較",
        .counts = "、",
        .other = "比較先",
        .bullet = "・",
        .none = "変化はありません。",
        .nothing_detected = "検出されませんでした。",
        .close = "僅差",
        .entered = "新",
        .left = "外",
        .usual = "≈ ふだんの変動の範囲内（7日ごとの平均についてのWelchのt検定、p≥0.01）",
        .near = "僅差 隣の順位との差が2%未満",
        .whole_new = "すべて新しい文：",
        .whole_old = "すべて削除：",
        .whole_end = "文（-vで一覧）",
    };
    static const struct words english = {
        .columns = {"", "Rank", "Before", "Item", "Count", "Count before", "Change", "Per sensor-day",
                    "Its change", "Share", "Note"},
        .average_changed = "Change per sensor-day",
        .event_columns = {"Series", "Movement", "Days", "Size", "Mostly"},
        .sections = {"Ranks and counts", "Sensors", "Allocations and names", "Settings", "Sentences",
                     "Pictures", "Links", "Movements", "How sure ranks are"},
        .statuses = {"same", "edited", "new", "dropped"},
        .between = ", compared with ",
        .after = "",
        .counts = ", ",
        .other = "before",
        .bullet = "- ",
        .none = "Nothing has changed.",
        .nothing_detected = "None detected.",
        .close = "close",
        .entered = "in",
        .left = "out",
        .usual = "≈ within the usual variation (Welch's t test on 7-day means, p >= 0.01)",
        .near = "close: less than 2% from a neighbouring rank",
        .whole_new = "all new: ",
        .whole_old = "all dropped: ",
        .whole_end = " sentences (listed with -v)",
    };
    return strcmp(language, "ja") == 0 ? &japanese : &english;
}

/* SGR escape sequences; all NULL without colour. */
struct palette {
    const char *heading, *up, *down, *new, *gone, *quiet, *end;
};

struct printing {
    const struct diff_view *view;
    const struct words *words;
    struct palette palette;
    size_t columns;
    GString *out;
};

static struct palette palette_of(bool has_color)
{
    static const struct palette colors = {
        .heading = "\033[1m",
        .up = "\033[32m",
        .down = "\033[31m",
        .new = "\033[1;32m",
        .gone = "\033[35m",
        .quiet = "\033[2m",
        .end = "\033[0m",
    };
    return has_color ? colors : (struct palette){.heading = NULL};
}

/* A line feed in front of a heading, and one behind. */
static void heading_append(const struct printing *printing, const char *text, const char *detail)
{
    const struct palette *palette = &printing->palette;
    g_string_append_printf(printing->out, "\n%s%s%s%s\n", palette->heading != NULL ? palette->heading : "",
                           text, palette->heading != NULL ? palette->end : "", detail);
}

static void styled_append(const struct printing *printing, const char *style, const char *text)
{
    if (style != NULL)
        g_string_append_printf(printing->out, "%s%s%s", style, text, printing->palette.end);
    else
        g_string_append(printing->out, text);
}

/* ---- tables ---- */

static char *rank_text(int rank)
{
    return rank > 0 ? g_strdup_printf("%d", rank) : g_strdup("-");
}

static char *count_text(uint64_t count)
{
    GString *text = g_string_new(NULL);
    number_append_thousands(text, count);
    return g_string_free(text, FALSE);
}

static char *average_text(double average)
{
    GString *text = g_string_new(average < 0 ? "-" : NULL);
    if (average >= 0)
        phrase_append_average(text, average);
    return g_string_free(text, FALSE);
}

static char *share_text(const struct difference_row *row)
{
    char share[G_ASCII_DTOSTR_BUF_SIZE], other[G_ASCII_DTOSTR_BUF_SIZE];
    g_ascii_formatd(share, sizeof share, "%.1f", row->share * 100);
    g_ascii_formatd(other, sizeof other, "%.1f", row->other_share * 100);
    return g_strdup_printf("%s%%←%s%%", share, other);
}

static bool is_same_rank(const struct difference_row *row)
{
    return row->rank == row->other_rank;
}

static const char *mark_of(const struct printing *printing, const struct difference_row *row)
{
    if (row->entered)
        return printing->words->entered;
    if (row->left)
        return printing->words->left;
    return is_same_rank(row) ? "" : row->rank < row->other_rank ? "↑" : "↓";
}

static const char *style_of(const struct printing *printing, const struct difference_row *row)
{
    if (row->entered)
        return printing->palette.new;
    if (row->left)
        return printing->palette.gone;
    if (!is_same_rank(row))
        return row->rank < row->other_rank ? printing->palette.up : printing->palette.down;
    return difference_row_is_usual(row) ? printing->palette.quiet : NULL;
}

static char *remark_text(const struct printing *printing, const struct difference_row *row)
{
    return g_strdup_printf("%s%s%s", difference_row_is_usual(row) ? "≈" : "",
                           difference_row_is_usual(row) && row->near_tie ? " " : "",
                           row->near_tie ? printing->words->close : "");
}

static void row_cells(const struct printing *printing, const struct difference_row *row, char *cells[COLUMNS])
{
    cells[COLUMN_MARK] = g_strdup(mark_of(printing, row));
    cells[COLUMN_NOW] = rank_text(row->rank);
    cells[COLUMN_OTHER] = rank_text(row->other_rank);
    cells[COLUMN_LABEL] = g_strdup(row->label);
    cells[COLUMN_COUNTED] = count_text(row->count);
    cells[COLUMN_OTHER_COUNTED] = count_text(row->other_count);
    cells[COLUMN_CHANGED] = g_strdup(row->change);
    cells[COLUMN_AVERAGE] = average_text(row->per_sensor);
    cells[COLUMN_AVERAGE_CHANGED] = g_strdup(row->per_sensor_change);
    cells[COLUMN_SHARES] = share_text(row);
    cells[COLUMN_REMARK] = remark_text(printing, row);
}

/* Those of COLUMNS cells that stay. */
static void cells_add(struct terminal_table *lines, const char *const *cells, const bool *dropped)
{
    const char *kept[COLUMNS];
    size_t count = 0;
    for (int column = 0; column < COLUMNS; column++)
        if (!dropped[column])
            kept[count++] = cells[column];
    terminal_table_add(lines, kept);
}

/* The rows from `first` on that belong to one table and are shown, in `lines`; returns where the next table
 * begins. */
static size_t lines_fill(struct terminal_table *lines, const struct printing *printing, size_t first,
                         const bool *dropped, size_t *shown)
{
    const struct difference *difference = printing->view->difference;
    size_t count = 0, i = first;
    *shown = 0;
    for (int column = 0; column < COLUMNS; column++)
        count += !dropped[column];
    terminal_table_init(lines, count);
    for (int column = 0, place = 0; column < COLUMNS; column++)
        if (!dropped[column]) {
            if (column != COLUMN_MARK && column != COLUMN_LABEL && column != COLUMN_REMARK)
                terminal_table_align_right(lines, (size_t)place);
            place++;
        }
    const char *headings[COLUMNS];
    memcpy(headings, printing->words->columns, sizeof headings);
    if (dropped[COLUMN_AVERAGE])
        headings[COLUMN_AVERAGE_CHANGED] = printing->words->average_changed;
    cells_add(lines, headings, dropped);
    for (; i < difference->row_count && strcmp(difference->rows[i].table, difference->rows[first].table) == 0;
         i++) {
        char *cells[COLUMNS];
        if (!diff_view_row_is_shown(printing->view, &difference->rows[i]))
            continue;
        row_cells(printing, &difference->rows[i], cells);
        cells_add(lines, (const char *const *)cells, dropped);
        terminal_table_style(lines, style_of(printing, &difference->rows[i]));
        (*shown)++;
        for (int column = 0; column < COLUMNS; column++)
            g_free(cells[column]);
    }
    return i;
}

/* The caption of a table or figure in the language; NULL: none. */
static const char *table_caption(const struct printing *printing, const char *id)
{
    const struct table_definition *table = publication_table(printing->view->publication, id);
    const struct figure_definition *figure = publication_figure(printing->view->publication, id);
    return table != NULL    ? localized_text(&table->caption, printing->view->language)
           : figure != NULL ? localized_text(&figure->caption, printing->view->language)
                            : NULL;
}

/* "送信元地域 [regions]". Owned by the caller. */
static char *table_title(const struct printing *printing, const char *id)
{
    const char *caption = table_caption(printing, id);
    return caption != NULL ? g_strdup_printf("%s [%s]", caption, id) : g_strdup(id);
}

static size_t table_append(const struct printing *printing, size_t first)
{
    const char *id = printing->view->difference->rows[first].table;
    const char *caption = table_caption(printing, id);
    struct terminal_table lines;
    bool dropped[COLUMNS] = {false};
    size_t shown, dropped_count = 0;
    size_t next = lines_fill(&lines, printing, first, dropped, &shown);
    while (terminal_table_width(&lines) > printing->columns && dropped_count < G_N_ELEMENTS(expendable)) {
        terminal_table_release(&lines);
        dropped[expendable[dropped_count++]] = true;
        lines_fill(&lines, printing, first, dropped, &shown);
    }
    terminal_table_fit(&lines, COLUMN_LABEL, printing->columns, LABEL_LEAST);
    if (shown > 0) {
        char *detail = g_strdup_printf(" [%s]\n", id);
        heading_append(printing, caption != NULL ? caption : id, caption != NULL ? detail : "\n");
        terminal_table_append(&lines, printing->out);
        g_free(detail);
    }
    terminal_table_release(&lines);
    return next;
}

/* What the remarks mean, where there are any. */
static void legend_append(const struct printing *printing)
{
    bool usual = false, near = false;
    for (size_t i = 0; i < printing->view->difference->row_count; i++) {
        const struct difference_row *row = &printing->view->difference->rows[i];
        bool shown = diff_view_row_is_shown(printing->view, row);
        usual = usual || (shown && difference_row_is_usual(row));
        near = near || (shown && row->near_tie);
    }
    if (usual || near)
        g_string_append_c(printing->out, '\n');
    if (usual)
        g_string_append_printf(printing->out, "%s\n", printing->words->usual);
    if (near)
        g_string_append_printf(printing->out, "%s\n", printing->words->near);
}

/* ---- events, cautions, notes ---- */

/* "日本(JP) 95.8%、202.7.121.0/24 11.2%"; "" without drivers. Owned by the caller. */
static char *drivers_text(const struct printing *printing, const struct review_event *event)
{
    char digits[G_ASCII_DTOSTR_BUF_SIZE];
    GString *drivers = g_string_new(NULL);
    for (size_t i = 0; i < event->driver_count; i++)
        g_string_append_printf(drivers, "%s%s %s%%", i > 0 ? printing->words->counts : "",
                               event->drivers[i].label,
                               g_ascii_formatd(digits, sizeof digits, "%.1f", event->drivers[i].share * 100));
    return g_string_free(drivers, FALSE);
}

enum event_column { EVENT_LABEL, EVENT_MOVEMENT, EVENT_DAYS, EVENT_SIZE, EVENT_DRIVERS, EVENT_COLUMNS };

static void event_lines_fill(struct terminal_table *lines, const struct printing *printing, size_t columns)
{
    const struct review *review = printing->view->review;
    terminal_table_init(lines, columns);
    terminal_table_align_right(lines, EVENT_SIZE);
    terminal_table_add(lines, printing->words->event_columns);
    for (size_t i = 0; i < review->event_count; i++) {
        const struct review_event *event = &review->events[i];
        char *drivers = drivers_text(printing, event);
        const char *cells[EVENT_COLUMNS] = {event->label, event->kind_text, event->range, event->size,
                                            drivers};
        terminal_table_add(lines, cells);
        g_free(drivers);
    }
}

/* A blank line before all but the first, and the title. */
static void group_append(const struct printing *printing, const char *id, bool is_first)
{
    char *title = table_title(printing, id);
    g_string_append_printf(printing->out, "%s%s\n", is_first ? "" : "\n", title);
    g_free(title);
}

/* One table, whose rows stand below the table or figure that they are about; where it is too wide, what drove
 * an event stands below its line. */
static void events_append(const struct printing *printing)
{
    const struct review *review = printing->view->review;
    struct terminal_table lines;
    heading_append(printing, printing->words->sections[VIEW_EVENTS], "\n");
    if (review->event_count == 0) {
        g_string_append_printf(printing->out, "%s\n", printing->words->nothing_detected);
        return;
    }
    event_lines_fill(&lines, printing, EVENT_COLUMNS);
    bool is_wide = terminal_table_width(&lines) > printing->columns;
    if (is_wide) {
        terminal_table_release(&lines);
        event_lines_fill(&lines, printing, EVENT_DRIVERS);
        terminal_table_fit(&lines, EVENT_LABEL, printing->columns, LABEL_LEAST);
    }
    GString *text = g_string_new(NULL);
    terminal_table_append(&lines, text);
    char **rows = g_strsplit(text->str, "\n", -1);
    enum { HEAD_ROWS = 2 };
    for (size_t i = 0; i < HEAD_ROWS; i++)
        g_string_append_printf(printing->out, "%s\n", rows[i]);
    for (size_t i = 0; i < review->event_count; i++) {
        const struct review_event *event = &review->events[i];
        if (i == 0 || strcmp(review->events[i - 1].place, event->place) != 0)
            group_append(printing, event->place, i == 0);
        g_string_append_printf(printing->out, "%s\n", rows[i + HEAD_ROWS]);
        char *drivers = drivers_text(printing, event);
        if (is_wide && *drivers != '\0')
            g_string_append_printf(printing->out, "    %s: %s\n",
                                   printing->words->event_columns[EVENT_DRIVERS], drivers);
        g_free(drivers);
    }
    g_strfreev(rows);
    g_string_free(text, TRUE);
    terminal_table_release(&lines);
}

static void bullet_append(const struct printing *printing, const char *text)
{
    g_string_append_printf(printing->out, "%s%s\n", printing->words->bullet, text);
}

/* Below the table that they are about. */
static void cautions_append(const struct printing *printing)
{
    const struct review *review = printing->view->review;
    const char *table = "";
    if (review->caution_count > 0)
        heading_append(printing, printing->words->sections[VIEW_STABILITY], "\n");
    for (size_t i = 0; i < review->caution_count; i++) {
        const struct review_caution *caution = &review->cautions[i];
        if (strcmp(caution->table, table) != 0)
            group_append(printing, caution->table, i == 0);
        table = caution->table;
        bullet_append(printing, caution->text);
    }
}

static void notes_append(const struct printing *printing, enum difference_kind kind)
{
    const struct difference *difference = printing->view->difference;
    bool first = true;
    for (size_t i = 0; i < difference->note_count; i++) {
        if (difference->notes[i].kind != kind || !printing->view->only[kind])
            continue;
        if (first)
            heading_append(printing, printing->words->sections[kind], "\n");
        bullet_append(printing, difference->notes[i].text);
        first = false;
    }
}

/* ---- prose ---- */

static const char *prose_style(const struct printing *printing, enum prose_status status)
{
    return status == PROSE_NEW       ? printing->palette.up
           : status == PROSE_DROPPED ? printing->palette.down
           : status == PROSE_EDITED  ? printing->palette.heading
                                     : printing->palette.quiet;
}

static void item_append(const struct printing *printing, const struct prose_item *item)
{
    const struct words *words = printing->words;
    bool both = item->status == PROSE_EDITED && strcmp(item->text, item->other_text) != 0;
    styled_append(printing, prose_style(printing, item->status), words->statuses[item->status]);
    g_string_append_printf(printing->out, "  %s:%ld  %s\n", item->file, item->line,
                           item->text != NULL ? item->text : item->other_text);
    if (both)
        g_string_append_printf(printing->out, "      %s  %s\n", words->other, item->other_text);
}

static void prose_append(const struct printing *printing, enum prose_kind kind)
{
    const struct words *words = printing->words;
    const struct prose_difference *prose = printing->view->prose;
    const size_t *counts = prose->counts[kind];
    const char *told = "";
    if (!printing->view->only[VIEW_PROSE + kind] ||
        (!printing->view->verbose && counts[PROSE_EDITED] + counts[PROSE_NEW] + counts[PROSE_DROPPED] == 0))
        return;
    GString *detail = g_string_new(": ");
    for (int status = 0; status < PROSE_STATUS_COUNT; status++)
        g_string_append_printf(detail, "%s%s%s%zu", status > 0 ? words->counts : "", words->statuses[status],
                               g_ascii_isalpha(words->statuses[status][0]) ? " " : "", counts[status]);
    g_string_append_c(detail, '\n');
    heading_append(printing, words->sections[VIEW_PROSE + kind], detail->str);
    g_string_free(detail, TRUE);
    for (size_t i = 0; i < prose->item_count; i++) {
        const struct prose_item *item = &prose->items[i];
        if (item->kind != kind || !diff_view_item_is_shown(printing->view, item) ||
            strcmp(item->file, told) == 0)
            continue;
        size_t whole = printing->view->verbose ? 0 : prose_difference_whole(prose, i);
        if (whole == 0) {
            item_append(printing, item);
            continue;
        }
        told = item->file;
        styled_append(printing, prose_style(printing, item->status), words->statuses[item->status]);
        g_string_append_printf(printing->out, "  %s  %s%zu%s\n", item->file,
                               item->status == PROSE_NEW ? words->whole_new : words->whole_old, whole,
                               words->whole_end);
    }
}

void diff_print_text(const struct diff_view *view)
{
    struct printing printing = {
        .view = view,
        .words = words_of(view->language),
        .palette = palette_of(terminal_has_color()),
        .columns = terminal_columns(),
        .out = g_string_new(NULL),
    };
    GString *title = g_string_new(NULL);
    edition_period_append(view->edition, view->language, title);
    g_string_append(title, printing.words->between);
    edition_period_append(view->other, view->language, title);
    g_string_append(title, printing.words->after);
    styled_append(&printing, printing.palette.heading, title->str);
    g_string_append_c(printing.out, '\n');
    g_string_free(title, TRUE);
    for (size_t i = 0; i < view->difference->row_count;)
        i = table_append(&printing, i);
    legend_append(&printing);
    if (view->review != NULL && view->only[VIEW_EVENTS])
        events_append(&printing);
    if (view->review != NULL && view->only[VIEW_STABILITY])
        cautions_append(&printing);
    for (int kind = DIFFERENCE_COVERAGE; kind <= DIFFERENCE_CONFIGURATION; kind++)
        notes_append(&printing, (enum difference_kind)kind);
    for (int kind = 0; kind < PROSE_KIND_COUNT; kind++)
        prose_append(&printing, (enum prose_kind)kind);
    if (!diff_view_has_changes(view))
        g_string_append_printf(printing.out, "\n%s\n", printing.words->none);
    fputs(printing.out->str, stdout);
    g_string_free(printing.out, TRUE);
}

#include "render/line_reading.h"

#include <math.h>

/* Of the size of the characters below. */
static const double READING_SIZE = 0.5;
/* In em of the characters: their top above the baseline, and the foot of a reading below its own. */
static const double ASCENT = 0.88, DESCENT = 0.12;
/* In em of the characters: how far a reading may reach over kana, half a character of its own. */
static const double OVERHANG = 0.25;
/* In em of the reading: most that stays free at its ends when it is spread. */
static const double END_GAP = 0.5;

void line_reading_free(gpointer data)
{
    struct line_reading *reading = data;
    if (reading == NULL)
        return;
    line_clusters_free(reading->clusters);
    line_text_release(&reading->text);
    g_free(reading);
}

static struct line_cluster *cluster_at(const struct line_clusters *row, size_t i)
{
    return &g_array_index(row->clusters, struct line_cluster, i);
}

static struct line_reading *reading_new(const char *string, const struct line_style *base,
                                        struct fonts *fonts, const char *language, const char *place,
                                        struct error *err)
{
    struct line_reading *reading = g_new0(struct line_reading, 1);
    struct line_style style = {
        .role = base->role, .size = READING_SIZE * base->size, .bold = base->bold, .colour = base->colour};
    line_text_init(&reading->text);
    line_text_append(&reading->text, &style, string);
    reading->rise = base->rise + (ASCENT + DESCENT * READING_SIZE) * base->size;
    reading->clusters = line_clusters_new(&reading->text, fonts, language, place, err);
    if (reading->clusters == NULL) {
        line_reading_free(reading);
        return NULL;
    }
    for (guint i = 0; i < reading->clusters->clusters->len; i++)
        reading->width += cluster_at(reading->clusters, i)->width;
    return reading;
}

/* How far a reading may reach over a neighbour of its characters. */
static double overhang(const struct line_clusters *row, size_t i, double em)
{
    if (i >= row->clusters->len)
        return 0;
    const struct line_cluster *c = cluster_at(row, i);
    bool kana = c->character >= 0x3041 && c->character <= 0x30FF;
    return kana && c->style->reading == 0 && c->style->rise == 0 ? OVERHANG * em : 0;
}

/* Widens the clusters [first, end) for a reading that is wider. */
static void widen(struct line_clusters *row, size_t first, size_t end, double reading_width)
{
    double em = cluster_at(row, first)->style->size, width = 0;
    for (size_t i = first; i < end; i++)
        width += cluster_at(row, i)->width;
    double room = 2 * fmin(overhang(row, first - 1, em), overhang(row, end, em)); /* it stays centred */
    double share = fmax(reading_width - width - room, 0) / (double)(end - first);
    for (size_t i = first; i < end; i++) {
        struct line_cluster *c = cluster_at(row, i);
        c->width += share;
        c->shift += share / 2;
    }
}

int line_readings_set(struct line_clusters *row, const struct line_text *text, struct fonts *fonts,
                      const char *language, const char *place, struct error *err)
{
    g_ptr_array_set_size(row->readings, (int)text->readings->len);
    for (size_t first = 0; first < row->clusters->len;) {
        const struct line_style *style = cluster_at(row, first)->style;
        size_t end = first + 1;
        if (style->reading == 0) {
            first = end;
            continue;
        }
        while (end < row->clusters->len && cluster_at(row, end)->style->reading == style->reading)
            end++;
        struct line_reading *reading =
            reading_new(text->readings->pdata[style->reading - 1], style, fonts, language, place, err);
        if (reading == NULL)
            return -1;
        reading->single = end == first + 1;
        line_reading_free(row->readings->pdata[style->reading - 1]);
        row->readings->pdata[style->reading - 1] = reading;
        widen(row, first, end, reading->width);
        first = end;
    }
    return 0;
}

double *line_reading_places(const struct line_reading *reading, double left, double right, double measure)
{
    guint count = reading->clusters->clusters->len;
    double *places = g_new0(double, count);
    double room = right - left - reading->width;
    double inner = 0, end = room / 2;
    if (room > 0 && !reading->single && count > 0) {
        end = fmin(room / count / 2, END_GAP * cluster_at(reading->clusters, 0)->style->size);
        inner = count > 1 ? (room - 2 * end) / (count - 1) : 0;
        end = count > 1 ? end : room / 2;
    }
    double x = left + end;
    x = fmax(fmin(x, measure - (right - left - 2 * end)), 0);
    for (guint i = 0; i < count; i++) {
        places[i] = x;
        x += cluster_at(reading->clusters, i)->width + inner;
    }
    return places;
}

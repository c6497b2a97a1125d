/* placement.c - t:table, t:figure, t:picture, t:draft and t:check as XHTML. */
#include <math.h>
#include <string.h>

#include "base/number.h"
#include "render/picture.h"
#include "render/template.h"

char *filling_table_file(const struct model *model, const char *id)
{
    (void)model;
    return g_strdup_printf("data/%s.csv", id);
}

char *filling_figure_file(const struct model *model, const char *id)
{
    /* Tables and figures have ids of their own; two of one name must not fall onto one file. */
    return g_strdup_printf("data/%s%s.csv", id, model_table(model, id) != NULL ? "-figure" : "");
}

/* Marks what the edition's prose placed, for the template to leave out; seen by the next pass. */
static void placed_mark(struct filling *filling, xmlNodePtr selected)
{
    if (filling->prose_depth > 0)
        xmlSetNsProp(selected, NULL, BAD_CAST "in-prose", BAD_CAST "yes");
}

static void download_add(struct filling *filling, xmlNodePtr parent, const char *file, xmlNodePtr from)
{
    xmlNodePtr link = filling_leaf(filling, parent, "a", filling->words->download, from);
    filling_attribute(link, "href", file);
    filling_attribute(link, "type", "text/csv");
    filling_attribute(link, "download", "");
}

/* Text that becomes the number of `target`. */
static void number_text_add(struct filling *filling, xmlNodePtr parent, const char *target, xmlNodePtr from)
{
    struct origin *origin = filling_origin(filling_element(filling, parent, "span", from));
    origin->role = ORIGIN_REFERENCE;
    origin->target = g_strdup(target);
}

/* The figure by itself, to see it larger than a small screen shows it. */
static void open_link_add(struct filling *filling, xmlNodePtr parent, const char *text, const char *type,
                          const char *target, xmlNodePtr from)
{
    filling_text(filling, parent, " ", from);
    xmlNodePtr link = filling_leaf(filling, parent, "a", text, from);
    filling_attribute(link, "type", type);
    struct origin *origin = filling_origin(link);
    origin->role = ORIGIN_OPEN;
    origin->target = g_strdup(target);
}

/* ---- tables ---- */

/* How a column stands: ranks in the middle, numbers flush right. */
static void column_class_set(xmlNodePtr cell, const struct model_column *column)
{
    if (column->kind == COLUMN_RANK || column->kind == COLUMN_PREVIOUS_RANK)
        filling_attribute(cell, "class", "rank");
    else if (column->is_number)
        filling_attribute(cell, "class", "number");
}

static void table_row_add(struct filling *filling, xmlNodePtr body, const struct model_table *table,
                          const struct model_row *row, xmlNodePtr from)
{
    xmlNodePtr line = filling_element(filling, body, "tr", from);
    for (size_t i = 0; i < table->column_count; i++) {
        bool is_key = table->columns[i].kind == COLUMN_KEY;
        xmlNodePtr cell = filling_leaf(filling, line, is_key ? "th" : "td", row->cells[i].text, from);
        if (is_key)
            filling_attribute(cell, "scope", "row");
        column_class_set(cell, &table->columns[i]);
    }
}

int placement_table(struct filling *filling, xmlNodePtr element, xmlNodePtr context, xmlNodePtr to,
                    struct error *err)
{
    xmlNodePtr selected = template_select_one(filling, element, context, "table", err);
    if (selected == NULL)
        return -1;
    xmlChar *id = xmlGetNoNsProp(selected, BAD_CAST "id");
    const struct model_table *table = model_table(filling->model, (const char *)id);
    xmlFree(id);
    g_assert(table != NULL);
    placed_mark(filling, selected);

    xmlNodePtr grid = filling_element(filling, to, "table", element);
    char *name = g_strdup_printf("table-%s", table->id);
    filling_attribute(grid, "id", name);
    g_free(name);
    filling_leaf(filling, grid, "caption", table->caption, element);
    xmlNodePtr head =
        filling_element(filling, filling_element(filling, grid, "thead", element), "tr", element);
    for (size_t i = 0; i < table->column_count; i++) {
        xmlNodePtr cell = filling_leaf(filling, head, "th", table->columns[i].heading, element);
        filling_attribute(cell, "scope", "col");
        column_class_set(cell, &table->columns[i]);
    }
    xmlNodePtr body = filling_element(filling, grid, "tbody", element);
    for (size_t i = 0; i < table->row_count; i++)
        table_row_add(filling, body, table, &table->rows[i], element);

    xmlNodePtr line = filling_element(filling, to, "p", element);
    filling_attribute(line, "class", "data-link screen-only");
    char *file = filling_table_file(filling->model, table->id);
    download_add(filling, line, file, element);
    g_free(file);
    return 0;
}

/* ---- drawn figures ---- */

static void value_append(GString *out, double value)
{
    if (value >= 0 && value < 9e15 && floor(value) == value) {
        number_append_thousands(out, (uint64_t)value);
    } else {
        char buffer[G_ASCII_DTOSTR_BUF_SIZE];
        g_string_append(out, g_ascii_formatd(buffer, sizeof buffer, "%.2f", value));
    }
}

static void data_table_add(struct filling *filling, xmlNodePtr parent, const struct model_figure *figure,
                           xmlNodePtr from)
{
    const struct chart_spec *chart = &figure->chart;
    xmlNodePtr grid = filling_element(filling, parent, "table", from);
    filling_attribute(grid, "class", "data");
    xmlNodePtr caption = filling_element(filling, grid, "caption", from);
    filling_text(filling, caption, figure->caption, from);
    xmlNodePtr head = filling_element(filling, filling_element(filling, grid, "thead", from), "tr", from);
    filling_attribute(filling_leaf(filling, head, "th",
                                   chart->columns != NULL ? filling->words->period : filling->words->date,
                                   from),
                      "scope", "col");
    for (size_t i = 0; i < chart->series_count; i++) {
        const struct chart_series *series = &chart->series[i];
        bool has_detail = series->detail != NULL && *series->detail != '\0';
        char *label =
            has_detail ? g_strconcat(series->label, filling->words->detail_before, series->detail, ")", NULL)
                       : g_strdup(series->label);
        xmlNodePtr cell = filling_leaf(filling, head, "th", label, from);
        filling_attribute(cell, "scope", "col");
        filling_attribute(cell, "class", "number");
        g_free(label);
    }
    xmlNodePtr body = filling_element(filling, grid, "tbody", from);
    for (int day = 0; day < chart->day_count; day++) {
        xmlNodePtr line = filling_element(filling, body, "tr", from);
        char date[CIVIL_DATE_SIZE];
        filling_attribute(
            filling_leaf(filling, line, "th",
                         chart->columns != NULL
                             ? chart->columns[day]
                             : civil_date_format(civil_date_add_days(chart->first_day, day), date),
                         from),
            "scope", "row");
        for (size_t i = 0; i < chart->series_count; i++) {
            const struct chart_series *series = &chart->series[i];
            GString *text = g_string_new(NULL);
            if (series->observed != NULL && !series->observed[day])
                g_string_append(text, chart->missing_label != NULL ? chart->missing_label : "");
            else
                value_append(text, series->values[day]);
            filling_attribute(filling_leaf(filling, line, "td", text->str, from), "class", "number");
            g_string_free(text, TRUE);
        }
    }
}

/* The figure's data for those who cannot see it or want to reckon with it. */
static void figure_data_add(struct filling *filling, xmlNodePtr to, const struct model_figure *figure,
                            const char *id, xmlNodePtr from)
{
    xmlNodePtr details = filling_element(filling, to, "details", from);
    filling_attribute(details, "class", "figure-data screen-only");
    xmlNodePtr summary = filling_element(filling, details, "summary", from);
    number_text_add(filling, summary, id, from);
    filling_text(filling, summary,
                 figure->chart.columns == NULL ? filling->words->data_by_day : filling->words->data_of_figure,
                 from);
    xmlNodePtr line = filling_element(filling, details, "p", from);
    char *file = filling_figure_file(filling->model, figure->id);
    filling_attribute(line, "class", "files");
    download_add(filling, line, file, from);
    g_free(file);
    open_link_add(filling, line, filling->words->open_svg, "image/svg+xml", id, from);
    open_link_add(filling, line, filling->words->open_png, "image/png", id, from);
    xmlNodePtr box = filling_element(filling, details, "div", from);
    filling_attribute(box, "class", "scroll");
    /* Keyboards must be able to scroll what a small screen cuts. */
    filling_attribute(box, "tabindex", "0");
    filling_attribute(box, "role", "group");
    filling_attribute(box, "aria-label", figure->caption);
    data_table_add(filling, box, figure, from);
}

int placement_figure(struct filling *filling, xmlNodePtr element, xmlNodePtr context, xmlNodePtr to,
                     struct error *err)
{
    xmlNodePtr selected = template_select_one(filling, element, context, "figure", err);
    if (selected == NULL)
        return -1;
    xmlChar *name = xmlGetNoNsProp(selected, BAD_CAST "id");
    const struct model_figure *figure = model_figure(filling->model, (const char *)name);
    xmlFree(name);
    g_assert(figure != NULL);
    placed_mark(filling, selected);

    char *id = g_strdup_printf("fig-%s", figure->id);
    xmlNodePtr box = filling_element(filling, to, "figure", element);
    filling_attribute(box, "id", id);
    filling_attribute(box, "class", "chart");
    xmlNodePtr image = filling_element(filling, box, "img", element);
    filling_attribute(image, "alt", figure->chart.description != NULL ? figure->chart.description : "");
    struct origin *origin = filling_origin(image);
    origin->role = ORIGIN_IMAGE;
    origin->image = g_new0(struct page_image, 1);
    origin->image->figure = figure;
    filling_leaf(filling, box, "figcaption", figure->caption, element);
    figure_data_add(filling, to, figure, id, element);
    g_free(id);
    return 0;
}

/* ---- pictures ---- */

static GBytes *picture_bytes(struct filling *filling, xmlNodePtr element, const char *src, struct error *err)
{
    struct error inner = {0};
    GBytes *bytes = NULL;
    char *path = source_confined_path(filling->prose_folder, src, &inner);
    struct error of_own = inner;
    if (path == NULL && strcmp(filling->shared_folder, filling->prose_folder) != 0) {
        path = source_confined_path(filling->shared_folder, src, &inner);
        inner = of_own;
    }
    if (path != NULL) {
        bytes = g_hash_table_lookup(filling->pictures, path);
        if (bytes == NULL) {
            size_t size;
            char *data = source_read(path, src, PICTURE_BYTES_MAX, &size, &inner);
            if (data != NULL) {
                bytes = g_bytes_new_take(data, size);
                g_hash_table_insert(filling->pictures, g_strdup(path), bytes);
            }
        }
    }
    if (bytes == NULL)
        source_error(err, element, "picture \"%s\": %s", src, inner.message);
    g_free(path);
    return bytes;
}

static int picture_place(struct filling *filling, xmlNodePtr element, xmlNodePtr context, xmlNodePtr to,
                         const char *const values[4], struct error *err)
{
    const char *src = values[0], *id = values[1], *alt = values[2], *role = values[3];
    if (*src == '\0' || *id == '\0')
        return source_error(err, element, "<t:picture> without %s, expected src and id",
                            *src == '\0' ? "src" : "id");
    if (*role != '\0' && strcmp(role, "presentation") != 0)
        return source_error(err, element, "role of <t:picture>: \"%s\", expected presentation or none", role);
    bool is_decoration = strcmp(role, "presentation") == 0;
    xmlChar *given = xmlGetNoNsProp(element, BAD_CAST "alt");
    bool has_alt = given != NULL;
    xmlFree(given);
    if (!has_alt || (*alt == '\0' && !is_decoration))
        return source_error(err, element,
                            "picture \"%s\" without alternative text, expected alt=\"what the picture "
                            "shows\" (empty only with role=\"presentation\")",
                            src);
    GBytes *bytes = picture_bytes(filling, element, src, err);
    if (bytes == NULL)
        return -1;
    gsize size;
    const unsigned char *data = g_bytes_get_data(bytes, &size);
    struct picture picture;
    const char *problem = NULL;
    if (!picture_parse(&picture, data, size, &problem))
        return source_error(err, element, "picture \"%s\": %s%s", src, problem,
                            strstr(problem, "expected") != NULL ? "" : ", expected a whole PNG or JPEG");

    xmlNodePtr box = filling_element(filling, to, "figure", element);
    char *name = g_strdup_printf("fig-%s", id);
    filling_attribute(box, "id", name);
    g_free(name);
    filling_attribute(box, "class", "picture");
    xmlNodePtr image = filling_element(filling, box, "img", element);
    filling_attribute(image, "alt", alt);
    if (is_decoration)
        filling_attribute(image, "role", "presentation");
    struct origin *origin = filling_origin(image);
    origin->role = ORIGIN_IMAGE;
    origin->image = g_new0(struct page_image, 1);
    origin->image->picture = g_bytes_ref(bytes);
    origin->image->width_px = picture.width_px;
    origin->image->height_px = picture.height_px;
    /* The suffix until numbering knows the number. */
    origin->image->file = g_strdup(picture_suffix(picture.kind));
    xmlNodePtr caption = filling_element(filling, box, "figcaption", element);
    return template_children(filling, element, context, caption, err);
}

int placement_picture(struct filling *filling, xmlNodePtr element, xmlNodePtr context, xmlNodePtr to,
                      struct error *err)
{
    static const char *const names[4] = {"src", "id", "alt", "role"};
    char *values[4] = {NULL, NULL, NULL, NULL};
    int result = 0;
    for (int i = 0; result == 0 && i < 4; i++) {
        values[i] = template_attribute(filling, element, names[i], context, err);
        result = values[i] != NULL ? 0 : -1;
    }
    if (result == 0)
        result = picture_place(filling, element, context, to, (const char *const *)values, err);
    for (int i = 0; i < 4; i++)
        g_free(values[i]);
    return result;
}

/* ---- drafts ---- */

int placement_draft(struct filling *filling, xmlNodePtr element, xmlNodePtr context, xmlNodePtr to,
                    struct error *err)
{
    xmlNodePtr selected = template_select_one(filling, element, context, "draft", err);
    if (selected == NULL)
        return -1;
    xmlChar *id = xmlGetNoNsProp(selected, BAD_CAST "id");
    const struct model_draft *draft = NULL;
    for (size_t i = 0; i < filling->model->draft_count; i++)
        if (strcmp(filling->model->drafts[i].id, (const char *)id) == 0)
            draft = &filling->model->drafts[i];
    xmlFree(id);
    g_assert(draft != NULL);
    placed_mark(filling, selected);
    for (size_t i = 0; i < draft->sentence_count; i++) {
        const struct model_sentence *sentence = &draft->sentences[i];
        if (i > 0 && *filling->words->between_sentences != '\0')
            filling_text(filling, to, filling->words->between_sentences, element);
        xmlNodePtr span = filling_leaf(filling, to, "span", sentence->text, element);
        filling_attribute(span, "class", "drafted");
        filling_attribute(span, "data-rule", sentence->rule);
        if (sentence->inputs != NULL && *sentence->inputs != '\0')
            filling_attribute(span, "data-inputs", sentence->inputs);
        if (sentence->threshold != NULL && *sentence->threshold != '\0')
            filling_attribute(span, "data-threshold", sentence->threshold);
        filling_origin(span)->drafted = sentence->rule;
    }
    return 0;
}

/* ---- boxes ---- */

int placement_check(struct filling *filling, xmlNodePtr element, xmlNodePtr context, xmlNodePtr to,
                    struct error *err)
{
    (void)context, (void)err;
    xmlNodePtr box = filling_element(filling, to, "input", element);
    filling_attribute(box, "type", "checkbox");
    filling_attribute(box, "class", "screen-only");
    filling_attribute(filling_leaf(filling, to, "span", "□", element), "class", "print-only");
    return 0;
}

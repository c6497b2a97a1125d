#include "render/pdf.h"

#include <cairo-pdf.h>
#include <stdlib.h>

#include "base/number.h"
#include "render/flow.h"
#include "render/page_template.h"
#include "render/pages.h"
#include "render/pdf_draw.h"
#include "render/pdf_finish.h"
#include "render/pdf_references.h"
#include "render/words.h"

/* The first second of the day after the edition's last in UTC, unless SOURCE_DATE_EPOCH says otherwise. */
static char *creation_date(const struct model *model)
{
    const char *epoch = getenv("SOURCE_DATE_EPOCH");
    uint64_t seconds;
    char date[CIVIL_DATE_SIZE];
    if (epoch != NULL && number_parse(epoch, 0, 253402300799U, &seconds)) {
        struct civil_date day = civil_date_from_days((int64_t)(seconds / 86400));
        unsigned rest = (unsigned)(seconds % 86400);
        return g_strdup_printf("%sT%02u:%02u:%02uZ", civil_date_format(day, date), rest / 3600,
                               rest / 60 % 60, rest % 60);
    }
    return g_strdup_printf("%sT00:00:00Z", civil_date_format(civil_date_add_days(model->last_day, 1), date));
}

static void set_metadata(cairo_surface_t *surface, const struct pdf_metadata *metadata)
{
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, metadata->title);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_AUTHOR, metadata->author);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, metadata->creator);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, metadata->date);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_MOD_DATE, metadata->date);
}

static cairo_status_t write_bytes(void *closure, const unsigned char *data, unsigned int length)
{
    g_byte_array_append(closure, data, length);
    return CAIRO_STATUS_SUCCESS;
}

/* What the steps from the flow to the file share. */
struct document {
    const struct page *page;
    const struct page_template *template;
    struct fonts *fonts;
    const struct flow *flow;
    struct pdf_structure *structure;
    struct pdf_metadata metadata;
};

/* Which page each line of the table of contents leads to. */
static int number_contents(const struct document *document, const GPtrArray *sheets, struct error *err)
{
    GHashTable *pages = g_hash_table_new(g_direct_hash, g_direct_equal);
    int status = 0;
    guint cover = page_template_has_cover(document->template) ? 1 : 0;
    for (guint i = 0; i < sheets->len; i++) {
        const struct sheet *sheet = sheets->pdata[i];
        for (guint k = 0; k < sheet->places->len; k++) {
            const struct flow_piece *piece = g_array_index(sheet->places, struct sheet_place, k).piece;
            g_hash_table_insert(pages, (gpointer)(uintptr_t)piece, GUINT_TO_POINTER(i + 1 - cover));
        }
    }
    for (guint i = 0; i < document->flow->pieces->len && status == 0; i++) {
        struct flow_piece *piece = document->flow->pieces->pdata[i];
        if (piece->refers != NULL) {
            status = flow_contents_number(piece, GPOINTER_TO_UINT(g_hash_table_lookup(pages, piece->refers)),
                                          document->template, document->fonts, err);
        }
    }
    g_hash_table_unref(pages);
    return status;
}

static int draw_document(const struct document *document, GByteArray *bytes, struct error *err)
{
    const struct page_template *template = document->template;
    GPtrArray *sheets = pages_new(document->flow, template, err);
    if (sheets == NULL)
        return -1;
    if (number_contents(document, sheets, err) != 0) {
        g_ptr_array_unref(sheets);
        return -1;
    }
    cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(write_bytes, bytes, template->paper_width,
                                                                   template->paper_height);
    if (document->metadata.is_a_1b)
        cairo_pdf_surface_restrict_to_version(surface, CAIRO_PDF_VERSION_1_4);
    set_metadata(surface, &document->metadata);
    struct pdf_draw draw = {.surface = surface,
                            .cr = cairo_create(surface),
                            .page = document->page,
                            .template = template,
                            .flow = document->flow,
                            .fonts = document->fonts,
                            .structure = document->structure};
    int status = pdf_draw_sheets(&draw, sheets, err);
    cairo_status_t drawn = cairo_status(draw.cr);
    cairo_destroy(draw.cr);
    cairo_surface_finish(surface);
    if (drawn == CAIRO_STATUS_SUCCESS)
        drawn = cairo_surface_status(surface);
    cairo_surface_destroy(surface);
    if (status == 0 && drawn != CAIRO_STATUS_SUCCESS)
        status = error_set(err, ERROR_OUTPUT, "PDF: cairo: %s", cairo_status_to_string(drawn));
    g_ptr_array_unref(sheets);
    return status;
}

/* The flow put on pages, drawn and finished. */
static GBytes *make(struct document *document, struct error *err)
{
    const struct model *model = document->page->model;
    const struct words *words = words_for(document->template->language);
    char *title = g_strconcat(model->title, words->period_before, model->period, words->period_after, NULL);
    char *date = creation_date(model);
    document->metadata.title = title;
    document->metadata.date = date;
    document->metadata.author = model->publisher;
    document->metadata.creator = "teiten " TEITEN_VERSION;
    document->metadata.language = document->template->language;
    document->metadata.cover_label = page_template_has_cover(document->template) ? words->cover : NULL;
    document->structure = pdf_structure_new(document->flow);
    GByteArray *bytes = g_byte_array_new();
    GBytes *finished = NULL;
    if (draw_document(document, bytes, err) == 0) {
        struct pdf_finish finish = {.metadata = document->metadata, .structure = document->structure};
        finished = pdf_finish(bytes->data, bytes->len, &finish, err);
    }
    g_byte_array_unref(bytes);
    pdf_structure_free(document->structure);
    g_free(date);
    g_free(title);
    return finished;
}

static int check_fonts(const struct page_template *template, const struct fonts *fonts, struct error *err)
{
    const struct {
        const char *attribute, *role;
        bool bold;
    } wanted[] = {{"text", template->font, false},
                  {"bold", template->bold_font, true},
                  {"code", template->code_font, false}};
    for (size_t i = 0; i < G_N_ELEMENTS(wanted); i++) {
        char *place =
            g_strdup_printf("%s: <fonts>: %s=\"%s\"", template->file, wanted[i].attribute, wanted[i].role);
        int status = fonts_check_family(fonts, wanted[i].role, wanted[i].bold, place, err);
        g_free(place);
        if (status != 0)
            return -1;
    }
    return 0;
}

GBytes *pdf_from_page(const struct page *page, const char *page_template_path, struct fonts *fonts,
                      enum pdf_variant variant, struct error *err)
{
    struct page_template template;
    if (page_template_load(&template, page_template_path, err) != 0)
        return NULL;
    GBytes *finished = NULL;
    struct flow *flow =
        check_fonts(&template, fonts, err) == 0 ? pdf_references_settle(page, &template, fonts, err) : NULL;
    if (flow != NULL) {
        struct document document = {.page = page, .template = &template, .fonts = fonts, .flow = flow};
        document.metadata.is_a_1b = variant == PDF_A_1B;
        finished = make(&document, err);
    }
    flow_free(flow);
    page_template_release(&template);
    return finished;
}

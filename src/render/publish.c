#include "render/publish.h"

#include <string.h>

#include "render/drawing.h"
#include "render/filling.h"
#include "render/manifest.h"
#include "render/page.h"
#include "render/pdf.h"
#include "render/single_file.h"
#include "render/provenance.h"
#include "render/template_folder.h"

static void text_add(struct output_set *set, const char *name, const char *text)
{
    output_set_add(set, name, g_bytes_new(text, strlen(text)));
}

static int images_add(const struct page *page, struct fonts *fonts, struct output_set *set, struct error *err)
{
    for (guint i = 0; i < page->images->len; i++) {
        struct page_image *image = page->images->pdata[i];
        if (image->figure == NULL)
            output_set_add(set, image->file, g_bytes_ref(image->picture));
        else if (drawing_add(page, image, fonts, set, err) != 0)
            return -1;
    }
    return 0;
}

static void data_add(const struct model *model, struct output_set *set)
{
    for (size_t i = 0; i < model->table_count; i++) {
        char *name = filling_table_file(model, model->tables[i].id);
        char *text = model_table_csv(&model->tables[i]);
        text_add(set, name, text);
        g_free(text);
        g_free(name);
    }
    for (size_t i = 0; i < model->figure_count; i++) {
        char *name = filling_figure_file(model, model->figures[i].id);
        text_add(set, name, model->figures[i].csv);
        g_free(name);
    }
}

/* A character without a glyph is found in a paragraph; what is to be changed stands in a file, on a line. */
static int missing_glyph_place(const struct page *page, struct error *err)
{
    static const char said[] = ": no glyph for U+";
    const char *at = strstr(err->message, said);
    const char *place =
        at == NULL ? NULL
                   : page_character_place(page, (gunichar)g_ascii_strtoull(at + strlen(said), NULL, 16));
    return place != NULL ? error_prefix(err, "%s", place) : -1;
}

static int pdf_add(const struct publication *publication, const struct edition *edition,
                   const struct page *page, struct fonts *fonts, const struct publish_options *options,
                   struct output_set *set, struct error *err)
{
    char *shown = NULL;
    char *path = template_folder_file(publication, edition, page->model->language, "pages.xml", &shown, err);
    GBytes *pdf = path != NULL ? pdf_from_page(page, path, fonts, options->pdf_variant, err) : NULL;
    if (pdf != NULL) {
        enum manifest_subject subject = options->review != NULL ? MANIFEST_REVIEW : MANIFEST_REPORT;
        output_set_add(set, manifest_subject_pdf(subject), pdf);
    }
    g_free(path);
    g_free(shown);
    return pdf != NULL ? 0 : missing_glyph_place(page, err);
}

int publish_edition(const struct publication *publication, const struct edition *edition,
                    const struct model *model, struct fonts *fonts, const struct publish_options *options,
                    struct output_set *set, struct warning_log *log, struct error *err)
{
    struct page_kind report = {
        .template_name = "report.xhtml",
        .pulls_prose = true,
        .draft = options->draft,
        .extend = options->links != NULL ? site_links_add : NULL,
        .data = options->links,
    };
    struct page_kind review = {
        .template_name = "review.xhtml",
        .draft = true,
        .extend = review_document_add,
        .data = options->review,
    };
    const struct page_kind *kind = options->review != NULL ? &review : &report;
    struct page *page = page_fill_kind(publication, edition, model, kind, log, err);
    int result = -1;
    /* Figures before the page, which takes their sizes over; the PDF last, it costs most. */
    if (page != NULL && images_add(page, fonts, set, err) == 0) {
        output_set_add(set, "index.xhtml", page_xhtml(page));
        text_add(set, page->style_name, page->style);
        data_add(model, set);
        result = pdf_add(publication, edition, page, fonts, options, set, err);
    }
    if (result == 0 && options->single_file) {
        char *name = g_strconcat(edition->name, ".html", NULL);
        output_set_add(set, name, single_file_write(page, set));
        g_free(name);
    }
    if (result == 0) {
        GPtrArray *made_from = provenance_files(publication, edition, model->language, kind->template_name);
        output_set_add(set, MANIFEST_NAME, manifest_write(model, page_issued(page), made_from, set));
        g_ptr_array_unref(made_from);
    } else {
        error_prefix(err, options->review != NULL ? "diff" : "report");
    }
    page_free(page);
    return result;
}

/* pdf_of_page FOLDER PAGES_XML OUT.pdf - the PDF of a page that is already there, as other typesetters make
 * it: reads FOLDER/index.xhtml and its pictures, of drawn figures the PNG. No model, no counting. */
#include <libxml/parser.h>
#include <stdio.h>
#include <string.h>

#include "render/pdf.h"
#include "render/picture.h"

static void image_free(gpointer data)
{
    struct page_image *image = data;
    g_free(image->file);
    g_clear_pointer(&image->picture, g_bytes_unref);
    g_free(image);
}

static int image_add(GPtrArray *images, const char *folder, const char *src)
{
    GString *name = g_string_new(src);
    g_string_replace(name, ".svg", ".png", 0);
    char *path = g_build_filename(folder, name->str, NULL), *data = NULL;
    gsize size = 0;
    struct picture picture;
    const char *problem = "cannot read";
    int status = -1;
    if (g_file_get_contents(path, &data, &size, NULL) &&
        picture_parse(&picture, (const unsigned char *)data, size, &problem)) {
        struct page_image *image = g_new0(struct page_image, 1);
        image->file = g_strdup(src);
        image->picture = g_bytes_new(data, size);
        image->width_px = picture.width_px;
        image->height_px = picture.height_px;
        g_ptr_array_add(images, image);
        status = 0;
    } else {
        fprintf(stderr, "%s: %s\n", path, problem);
    }
    g_free(data);
    g_free(path);
    g_string_free(name, TRUE);
    return status;
}

static int images_add(GPtrArray *images, const char *folder, xmlNodePtr node)
{
    for (; node != NULL; node = node->next) {
        if (node->type != XML_ELEMENT_NODE)
            continue;
        if (strcmp((const char *)node->name, "img") == 0) {
            xmlChar *src = xmlGetNoNsProp(node, BAD_CAST "src");
            int status = image_add(images, folder, (const char *)src);
            xmlFree(src);
            if (status != 0)
                return -1;
        }
        if (images_add(images, folder, node->children) != 0)
            return -1;
    }
    return 0;
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fprintf(stderr, "usage: pdf_of_page FOLDER PAGES_XML OUT.pdf\n");
        return 2;
    }
    struct error err = {0};
    struct model model = {
        .title = argv[1], .period = argv[1], .publisher = argv[1], .last_day = {2025, 6, 30}};
    struct page page = {.model = &model, .images = g_ptr_array_new_with_free_func(image_free)};
    char *path = g_build_filename(argv[1], "index.xhtml", NULL);
    page.document = xmlReadFile(path, NULL, XML_PARSE_NONET);
    struct fonts *fonts = fonts_new(&err);
    GBytes *pdf = NULL;
    if (page.document != NULL && fonts != NULL &&
        images_add(page.images, argv[1], xmlDocGetRootElement(page.document)) == 0)
        pdf = pdf_from_page(&page, argv[2], fonts, PDF_TAGGED, &err);
    bool written = pdf != NULL && g_file_set_contents(argv[3], g_bytes_get_data(pdf, NULL),
                                                      (gssize)g_bytes_get_size(pdf), NULL);
    if (!written)
        fprintf(stderr, "pdf_of_page: %s: %s\n", path, err.message);
    g_clear_pointer(&pdf, g_bytes_unref);
    g_clear_pointer(&fonts, fonts_free);
    xmlFreeDoc(page.document);
    g_ptr_array_unref(page.images);
    g_free(path);
    return written ? 0 : 1;
}

/* teiten index [DIR]: the page and the feed of all published editions. */
#include <stdio.h>

#include "cmd/command.h"
#include "render/site.h"

int cmd_index(struct invocation *invocation, struct error *err)
{
    static const char *const names[] = {"index.xhtml", "style.css", "feed.atom"};
    struct publication publication = {0};
    char *folder = NULL;
    int result = -1;
    if (publication_load(&publication, invocation->folder, &invocation->warnings, err) != 0) {
        error_prefix(err, "publication");
        goto done;
    }
    const char *language = command_language(invocation, &publication, err);
    if (language == NULL)
        goto done;
    folder = invocation->argument_count > 0 ? g_strdup(invocation->arguments[0])
                                            : g_build_filename(publication.folder, "out", NULL);
    if (site_publish(&publication, folder, language, &invocation->warnings, err) != 0)
        goto done;
    for (size_t i = 0; i < G_N_ELEMENTS(names) && invocation->verbosity >= 0; i++)
        printf("%s/%s\n", folder, names[i]);
    result = 0;
done:
    g_free(folder);
    publication_release(&publication);
    return result;
}

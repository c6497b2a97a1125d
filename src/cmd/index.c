/* teiten index [DIR]: the page and the feed of all published editions, in every language. */
#include <stdio.h>

#include "cmd/command.h"
#include "render/site.h"

int cmd_index(struct invocation *invocation, struct error *err)
{
    GPtrArray *written = g_ptr_array_new_with_free_func(g_free);
    char *asked[] = {(char *)(uintptr_t)invocation->language, NULL};
    struct publication publication = {0};
    char *folder = NULL;
    int result = -1;
    if (publication_load(&publication, invocation->folder, &invocation->warnings, err) != 0) {
        error_prefix(err, "publication");
        goto done;
    }
    if (command_language(invocation, &publication, err) == NULL)
        goto done;
    folder = invocation->argument_count > 0 ? g_strdup(invocation->arguments[0])
                                            : g_build_filename(publication.folder, "out", NULL);
    if (site_publish(&publication, folder, invocation->language != NULL ? asked : publication.languages,
                     written, &invocation->warnings, err) != 0)
        goto done;
    for (guint i = 0; i < written->len && invocation->verbosity >= 0; i++)
        puts(written->pdata[i]);
    result = 0;
done:
    g_ptr_array_unref(written);
    g_free(folder);
    publication_release(&publication);
    return result;
}

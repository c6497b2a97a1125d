/* figure_definition.h - which figure the command line asks for: one of publication.xml, with changes, or one
 * of its own.
 *
 *     struct figure_choice choice;
 *     figure_choice_read(&choice, &publication, invocation, "ports-daily", err);
 *     choice.definition, choice.publication
 *     figure_choice_release(&choice);
 *
 * With NULL in the place of an id, --measure says what is counted.
 */
#ifndef TEITEN_CMD_FIGURE_DEFINITION_H
#define TEITEN_CMD_FIGURE_DEFINITION_H

#include "cmd/command.h"

struct figure_choice {
    /* Borrows from the publication, or owns nothing but what stands below. */
    struct figure_definition definition;
    struct publication publication; /* a view: the publication with this figure alone, and of an ad hoc
                                       measure that no summary holds, with that measure alone */
    bool is_ad_hoc;                 /* the measure is counted for this figure */
    struct measure measure;         /* owned */
};

/* On error nothing needs to be released. The publication must live as long. */
int figure_choice_read(struct figure_choice *choice, const struct publication *publication,
                       const struct invocation *invocation, const char *id, struct error *err);
void figure_choice_release(struct figure_choice *choice);

#endif

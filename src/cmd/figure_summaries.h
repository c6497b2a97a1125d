/* figure_summaries.h - the summaries that one figure rests on, and no others.
 *
 *     struct figure_summaries summaries;
 *     figure_summaries_load(&summaries, invocation, &publication, &choice, &span, archives, err);
 *     summaries.input                   // for model_new; borrows from `summaries`
 *     figure_summaries_release(&summaries);
 *
 * Those of several quarters are joined. Counts of an ad hoc measure, and of archives named on the command
 * line, are made for the figure and kept nowhere.
 */
#ifndef TEITEN_CMD_FIGURE_SUMMARIES_H
#define TEITEN_CMD_FIGURE_SUMMARIES_H

#include "cmd/figure_definition.h"

struct figure_summaries {
    struct summary *current, *previous, *year_before;
    struct summary *earlier[8]; /* of the quarters before the previous one, nearest first */
    const struct summary *history[9];
    struct model_input input;
};

/* `span` must live as long. `archives`: NULL-terminated, instead of the publication's captures, or NULL;
 * other quarters are then left out. `publication` is the whole one. Release the result on error, too. */
int figure_summaries_load(struct figure_summaries *summaries, struct invocation *invocation,
                          const struct publication *publication, const struct figure_choice *choice,
                          const struct edition *span, char *const *archives, struct error *err);
void figure_summaries_release(struct figure_summaries *summaries);

#endif

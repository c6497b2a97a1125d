/* figure_options.h - the options of `teiten figure`, read and checked.
 *
 *     struct figure_options options;
 *     figure_options_read(&options, invocation, err);
 *     options.request.keys, .chart.theme, .scale
 *     figure_options_release(&options);
 */
#ifndef TEITEN_CMD_FIGURE_OPTIONS_H
#define TEITEN_CMD_FIGURE_OPTIONS_H

#include "cmd/command.h"

struct figure_options {
    struct figure_request request; /* without id */
    enum chart_theme theme;
    enum chart_numbers numbers;
    double width_pt, height_pt;   /* 0: the kind's own */
    double scale;                 /* pixels per point of a PNG */
    const char *title, *subtitle; /* NULL: as drafted; "" for none */
    bool with_data, with_alternative;
    char **keys; /* owner of request.keys */
};

/* Options are zeroed first. On error nothing needs to be released. */
int figure_options_read(struct figure_options *options, const struct invocation *invocation,
                        struct error *err);
void figure_options_release(struct figure_options *options);

#endif

/* message.h - errors and warnings on stderr.
 *
 *     message_print("warning: ", "aggregate: captures/a.pcap: ...");      // teiten: warning: aggregate: ...
 *
 * Messages quote what stands in files and in their names, which anybody may have chosen: what a terminal
 * would act upon (control characters, characters that turn the direction of writing) and bytes that are no
 * UTF-8 are shown as \n, \x1b, \u202e, so that a message is one line and says what is there.
 */
#ifndef TEITEN_CMD_MESSAGE_H
#define TEITEN_CMD_MESSAGE_H

#include <glib.h>
#include <stdbool.h>

/* Whether it is such a character. */
bool message_acts_on_terminals(gunichar c);
/* Prints "teiten: ", the kind ("" or "warning: ") and the text, and a line feed. */
void message_print(const char *kind, const char *text);

#endif

/* typography.h - the text of a page as Japanese text should stand: blanks that only broke a source line are
 * taken out, and (a setting) half-width ( ) ~ : become （ ） 〜 ： where the text around them is Japanese.
 *
 *     typography_page(document, true);
 *     char *text = typography_text("Telnet(23/TCP)でした", true);      // Telnet（23/TCP）でした
 *
 * Converted are: pairs of brackets that touch Japanese text on either side of either bracket, and those
 * around a port ("23/TCP"), which stand in Japanese tables without any around them; ~ in a range next to
 * Japanese ("4~6月"); : that touches Japanese. Left alone: code, pre, kbd, samp, addresses, text in another
 * language (lang), attributes but alt, title and aria-label. A blank with a line feed in it goes when one of
 * its sides is Japanese; others become one space.
 */
#ifndef TEITEN_RENDER_TYPOGRAPHY_H
#define TEITEN_RENDER_TYPOGRAPHY_H

#include <libxml/tree.h>
#include <stdbool.h>

void typography_page(xmlDocPtr document, bool normalise);
/* Owned by the caller (g_free). */
char *typography_text(const char *text, bool normalise);

#endif

/* pdf_profile.h - the colour space of everything that is drawn: an ICC profile of sRGB (IEC 61966-2-1), made
 * here. */
#ifndef TEITEN_RENDER_PDF_PROFILE_H
#define TEITEN_RENDER_PDF_PROFILE_H

#include <glib.h>

/* ICC.1:2001-04 (version 2.4), display class. Unref it. */
GBytes *pdf_profile_srgb(void);

#endif

/* single_file.h - the report as one file that needs no other: style, figures, pictures and data inside it.
 *
 *     GBytes *html = single_file_write(page, &set);       // after every file of the edition is in the set
 */
#ifndef TEITEN_RENDER_SINGLE_FILE_H
#define TEITEN_RENDER_SINGLE_FILE_H

#include "base/output_set.h"
#include "render/page.h"

/* Images become data: addresses; links to files of the set become downloads from data: addresses; the style
 * sheet becomes a <style>. What leads to other pages of the site (<link>, and <a> to files that the set does
 * not hold) goes, addresses of the web stay. The page itself is left as it is. */
GBytes *single_file_write(const struct page *page, const struct output_set *set);

#endif

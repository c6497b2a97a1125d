/* Makes a registry's statistics file like the five RIRs' together: the same bytes everywhere.
 *
 *     make_registry >delegated-bench-extended
 *
 * About 250,000 IPv4 ranges from 1.0.0.0 to 223.255.255.255, of 200 regions of which few have many. As in the
 * real files, most ranges lie in one eighth of the blocks of 65,536 addresses, cut into small pieces; the
 * rest belongs to few large ones; a tenth is not allocated. */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>

#include "bench/random.h"

enum { REGIONS = 200, BLOCK_UNITS = 256 }; /* a unit: 256 addresses */

/* A range of units from `at` on. */
static void range_print(uint64_t *state, uint32_t at, uint32_t size)
{
    uint64_t draw = random_next(state);
    bool is_allocated = draw % 10 != 0;
    uint64_t region = (draw >> 24 & 0xff) * (draw >> 32 & 0xff) * REGIONS / 65536;
    char code[3] = {(char)('A' + region / 26), (char)('A' + region % 26), '\0'};
    printf("apnic|%s|ipv4|%u.%u.%u.0|%u|%s|%s|bench\n", is_allocated ? code : "", at >> 16, at >> 8 & 0xff,
           at & 0xff, size * 256, is_allocated ? "20200101" : "", is_allocated ? "allocated" : "available");
}

int main(void)
{
    uint64_t state = 20250630;
    const uint32_t end = 224 << 16;
    printf("2|apnic|20250630|0|19830705|20250630|+1000\n");
    for (uint32_t at = 1 << 16; at < end;) {
        uint64_t draw = random_next(&state);
        if (draw % 13 != 0) { /* whole blocks */
            uint32_t size = BLOCK_UNITS << (draw >> 8) % 3;
            range_print(&state, at, size < end - at ? size : end - at);
            at += size;
            continue;
        }
        for (uint32_t used = 0; used < 4 * BLOCK_UNITS;) { /* four blocks in pieces */
            uint32_t size = 1 + (uint32_t)(random_next(&state) >> 8) % 15;
            if (size > 4 * BLOCK_UNITS - used)
                size = 4 * BLOCK_UNITS - used;
            if (at + used < end)
                range_print(&state, at + used, size);
            used += size;
        }
        at += 4 * BLOCK_UNITS;
    }
    return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 4;
}

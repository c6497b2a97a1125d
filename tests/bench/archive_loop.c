/* What teiten needs to hand out every packet of an archive with its headers read, and nothing counted.
 *
 *     archive_loop FILE */
#include <inttypes.h>
#include <stdio.h>

#include "capture/archive.h"

int main(int argc, char **argv)
{
    enum { AT_ONCE = 256 };
    static struct packet packets[AT_ONCE];
    struct error err = {0};
    struct archive *archive = argc == 2 ? archive_open(argv[1], &err) : NULL;
    if (!archive) {
        fprintf(stderr, "usage: archive_loop FILE\n%s\n", err.message);
        return 2;
    }
    uint64_t decoded = 0;
    int got;
    while ((got = archive_next_batch(archive, packets, AT_ONCE, &err)) > 0)
        for (int i = 0; i < got; i++) {
            struct packet_headers headers;
            decoded += packet_decode(&packets[i], &headers) == PACKET_DECODED;
        }
    printf("%" PRIu64 "\n", decoded);
    archive_close(archive);
    return got == 0 ? 0 : 3;
}

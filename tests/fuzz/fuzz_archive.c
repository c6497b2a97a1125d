/* Reads files as captures with both readers and decodes every packet: archive_open, archive_next,
 * packet_decode, archive_finish.
 *
 *     fuzz_archive FILE...         replays files (the committed corpus, or an input that crashed)
 *
 * With -DLIBFUZZER -fsanitize=fuzzer it is a libFuzzer target instead: main is libFuzzer's. */
#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "capture/archive.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* Adds up what was read, so that no read is optimised away and every byte is touched; `err` is what reading
 * ended with, if anything. */
static uint64_t archive_read_by(const char *path, enum archive_reader reader, struct error *ended)
{
    struct error err = {0};
    struct archive *archive = archive_open_with(path, reader, &err);
    if (!archive) {
        g_assert(err.kind == ERROR_INPUT && g_str_has_prefix(err.message, path));
        *ended = err;
        return 0;
    }
    uint64_t sum = 0;
    struct packet packet;
    int got;
    while ((got = archive_next(archive, &packet, &err)) == 1) {
        for (uint32_t i = 0; i < packet.captured_size; i++)
            sum += packet.data[i];
        struct packet_headers headers;
        enum packet_fate fate = packet_decode(&packet, &headers);
        g_assert(fate != PACKET_DECODED || headers.ip_version == 4 || headers.ip_version == 6);
        g_assert(packet.nanoseconds < 1000000000);
        sum = sum * 31 + (uint64_t)fate + (uint64_t)(headers.destination_port + 1);
        sum = sum * 31 + (uint64_t)packet.seconds + packet.nanoseconds + packet.bad_time + packet.wire_size;
    }
    g_assert(got == 0 || (err.kind == ERROR_INPUT && g_str_has_prefix(err.message, path)));
    struct archive_identity identity;
    g_assert(archive_finish(archive, &identity, &err) == 0);
    archive_close(archive);
    *ended = err;
    return sum;
}

/* Both readers say the same. */
static uint64_t archive_read(const char *path)
{
    struct error fast = {0};
    struct error slow = {0};
    uint64_t sum = archive_read_by(path, ARCHIVE_READER_FAST, &fast);
    g_assert(sum == archive_read_by(path, ARCHIVE_READER_LIBPCAP, &slow));
    g_assert(fast.kind == slow.kind && strcmp(fast.message, slow.message) == 0);
    return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    int descriptor = memfd_create("input", MFD_CLOEXEC);
    g_assert(descriptor >= 0 && (size == 0 || write(descriptor, bytes, size) == (ssize_t)size));
    char *path = g_strdup_printf("/proc/self/fd/%d", descriptor);
    archive_read(path);
    g_free(path);
    close(descriptor);
    return 0;
}

#ifndef LIBFUZZER
int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "usage: fuzz_archive FILE...\n");
        return 2;
    }
    for (int i = 1; i < argc; i++)
        printf("%s: %" G_GUINT64_FORMAT "\n", argv[i], archive_read(argv[i]));
    return 0;
}
#endif

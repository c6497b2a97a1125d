/* replay.h - a libFuzzer target as a program of its own, which runs the files that it is given (the committed
 * corpus, or an input that crashed). With -DLIBFUZZER -fsanitize=fuzzer main is libFuzzer's instead. */
#ifndef TEITEN_TESTS_FUZZ_REPLAY_H
#define TEITEN_TESTS_FUZZ_REPLAY_H

#include <glib.h>
#include <stdint.h>
#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

#ifndef LIBFUZZER
int main(int argument_count, char **arguments)
{
    for (int i = 1; i < argument_count; i++) {
        char *bytes;
        gsize size;
        if (!g_file_get_contents(arguments[i], &bytes, &size, NULL)) {
            fprintf(stderr, "%s: %s: cannot read\n", arguments[0], arguments[i]);
            return 1;
        }
        LLVMFuzzerTestOneInput((const uint8_t *)bytes, size);
        g_free(bytes);
    }
    return argument_count > 1 ? 0 : 1;
}
#endif

#endif

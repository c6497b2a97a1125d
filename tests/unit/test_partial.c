/* Files of partial summaries: one form for the same counts, read strictly. */
#include <fcntl.h>
#include <unistd.h>

#include "summary/partial.h"
#include "summary/seal.h"
#include "unit/cache_fixture.h"

static struct summary *empty_head(struct cache_test *test)
{
    struct summary *head = aggregate_edition(&test->counting.publication, &test->counting.edition, &usual,
                                             NULL, &test->counting.err);
    assert_non_null(head);
    head->packets_read = 0;
    memset(head->bins, 0, sizeof head->bins);
    g_ptr_array_set_size(head->archives, 0);
    for (size_t i = 0; i < head->sensor_count; i++)
        memset(head->sensors[i].packets, 0, (size_t)head->edition.day_count * sizeof(uint64_t));
    for (size_t i = 0; i < head->measure_count; i++)
        measure_counts_clear(&head->measures[i]);
    return head;
}

static struct summary *part_of(struct cache_test *test, const char *name)
{
    char *path = g_strdup_printf("captures/%s.pcap", name);
    char *paths[] = {path, NULL};
    char **kept = test->counting.publication.captures;
    test->counting.publication.captures = paths;
    struct summary *part = aggregate_edition(&test->counting.publication, &test->counting.edition, &usual,
                                             NULL, &test->counting.err);
    test->counting.publication.captures = kept;
    assert_non_null(part);
    g_free(path);
    return part;
}

static void test_partial_files_are_canonical_and_read_strictly(void **state)
{
    (void)state;
    struct cache_test test;
    setup(&test);
    struct summary *head = empty_head(&test);
    struct summary *parts[] = {part_of(&test, "a"), part_of(&test, "b"), part_of(&test, "c")};
    char key[2][PARTIAL_KEY_SIZE];
    GByteArray *bytes[2];
    for (int i = 0; i < 2; i++) {
        struct partial_writer *writer = partial_writer_new(head, NULL);
        for (int j = 0; j < 3; j++)
            partial_writer_add(writer, parts[i == 0 ? j : 2 - j]);
        GPtrArray *pieces = partial_writer_finish(writer, key[i]);
        bytes[i] = g_byte_array_new();
        for (guint j = 0; j < pieces->len; j++) {
            gsize size;
            const guint8 *data = g_bytes_get_data(pieces->pdata[j], &size);
            g_byte_array_append(bytes[i], data, (guint)size);
        }
        g_ptr_array_unref(pieces);
        partial_writer_free(writer);
    }
    assert_string_equal(key[0], key[1]);
    assert_int_equal(bytes[0]->len, bytes[1]->len);
    assert_memory_equal(bytes[0]->data, bytes[1]->data, bytes[0]->len);
    const char *path = scratch_write_bytes(&test.counting.scratch, "x", bytes[0]->data, bytes[0]->len);
    struct partial_file *file = partial_file_open(path, &test.counting.err);
    assert_non_null(file);
    assert_int_equal(partial_file_count(file), 3);
    uint64_t packets = 0;
    for (size_t i = 0; i < 3; i++)
        packets += partial_file_read(file, i, &test.counting.err)->packets_read;
    assert_int_equal(packets, 60);
    /* What was changed or cut in place since then is found out when it is wanted; what was lent stays. */
    const struct summary *lent = partial_file_read(file, 0, &test.counting.err);
    size_t section_size = lent->measures[0].section.bytes.size;
    uint8_t *section = g_memdup2(lent->measures[0].section.bytes.data, section_size);
    int descriptor = open(path, O_WRONLY);
    assert_int_equal(pwrite(descriptor, "x", 1, (off_t)(bytes[0]->len - SEAL_SIZE - 1)), 1);
    assert_memory_equal(lent->measures[0].section.bytes.data, section, section_size);
    assert_null(partial_file_read(file, 2, &test.counting.err));
    assert_non_null(strstr(test.counting.err.message, "cut or changed while it was read: entry 3"));
    assert_non_null(partial_file_read(file, 1, &test.counting.err));
    assert_int_equal(ftruncate(descriptor, 0), 0);
    assert_null(partial_file_read(file, 1, &test.counting.err));
    close(descriptor);
    assert_int_equal(g_unlink(path), 0);
    assert_null(partial_file_read(file, 0, &test.counting.err));
    g_free(section);
    partial_file_close(file);
    /* Any byte, even with a digest made right again, is refused or gives sound numbers: never a crash. */
    guint body = bytes[0]->len - SEAL_SIZE;
    for (guint at = 0; at < body; at += 1 + at / 64) {
        GByteArray *damaged = g_byte_array_new();
        g_byte_array_append(damaged, bytes[0]->data, body);
        damaged->data[at] ^= 0x41;
        char seal[SEAL_SIZE + 1];
        seal_make(damaged->data, damaged->len, seal);
        g_byte_array_append(damaged, (const uint8_t *)seal, SEAL_SIZE);
        path = scratch_write_bytes(&test.counting.scratch, "x", damaged->data, damaged->len);
        file = partial_file_open(path, &test.counting.err);
        for (size_t i = 0; file != NULL && i < partial_file_count(file); i++)
            partial_file_read(file, i, &test.counting.err);
        partial_file_close(file);
        g_byte_array_unref(damaged);
    }
    for (guint size = 0; size < bytes[0]->len; size += 37) {
        path = scratch_write_bytes(&test.counting.scratch, "x", bytes[0]->data, size);
        assert_null(partial_file_open(path, &test.counting.err));
        assert_int_equal(test.counting.err.kind, ERROR_INPUT);
    }
    for (int i = 0; i < 2; i++)
        g_byte_array_unref(bytes[i]);
    for (int i = 0; i < 3; i++)
        summary_free(parts[i]);
    summary_free(head);
    teardown(&test);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_partial_files_are_canonical_and_read_strictly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

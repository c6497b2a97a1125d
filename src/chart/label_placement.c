/* label_placement.c - isotonic regression by pooling neighbours that would overlap. */
#include "chart/label_placement.h"

#include <glib.h>
#include <math.h>
#include <stdlib.h>

static int compare_wanted(const void *a, const void *b)
{
    const struct label_place *left = *(struct label_place *const *)a;
    const struct label_place *right = *(struct label_place *const *)b;
    if (left->wanted != right->wanted)
        return left->wanted < right->wanted ? -1 : 1;
    return left < right ? -1 : left > right; /* both point into one array */
}

static double total_height(const struct label_place *labels, size_t count)
{
    double total = 0;
    for (size_t i = 0; i < count; i++)
        total += labels[i].height;
    return total;
}

double label_bottom(const struct label_place *labels, size_t count, double top, double axis, double bottom)
{
    return total_height(labels, count) <= axis - top ? fmin(axis, bottom) : bottom;
}

int label_placement(struct label_place *labels, size_t count, double top, double bottom, struct error *err)
{
    double total = total_height(labels, count);
    if (total > bottom - top)
        return error_set(err, ERROR_INPUT, "the labels need %.0f pt of height, the plot leaves %.0f", total,
                         bottom - top);

    GPtrArray *order = g_ptr_array_new();
    for (size_t i = 0; i < count; i++)
        g_ptr_array_add(order, &labels[i]);
    if (count > 0)
        qsort(order->pdata, order->len, sizeof(void *), compare_wanted);

    /* With the heights above a label taken off, "no overlap" is "not decreasing": each block of labels that
     * touch stands at the mean of what its members want (the pool-adjacent-violators algorithm). Cutting the
     * result to the room keeps it optimal. */
    struct block {
        double mean;
        size_t size;
    } *blocks = g_new(struct block, count + 1);
    size_t block_count = 0;
    double above = 0;
    for (size_t i = 0; i < count; i++) {
        const struct label_place *label = order->pdata[i];
        blocks[block_count++] = (struct block){label->wanted - label->height / 2 - above, 1};
        above += label->height;
        while (block_count > 1 && blocks[block_count - 2].mean > blocks[block_count - 1].mean) {
            struct block *into = &blocks[block_count - 2];
            const struct block *from = &blocks[block_count - 1];
            into->mean = (into->mean * (double)into->size + from->mean * (double)from->size) /
                         (double)(into->size + from->size);
            into->size += from->size;
            block_count--;
        }
    }
    above = 0;
    size_t next = 0;
    for (size_t i = 0; i < block_count; i++)
        for (size_t j = 0; j < blocks[i].size; j++) {
            struct label_place *label = order->pdata[next++];
            label->top = CLAMP(blocks[i].mean, top, bottom - total) + above;
            above += label->height;
        }
    g_free(blocks);
    g_ptr_array_unref(order);
    return 0;
}

#include "summary/octets.h"

#include <glib.h>
#include <string.h>

enum { FIRST_ROOM = 64 };

void octets_release(struct octets *octets)
{
    g_free(octets->data);
    *octets = (struct octets){.data = NULL};
}

void octets_reserve(struct octets *octets, size_t size)
{
    if (octets->room - octets->size >= size)
        return;
    octets->room = MAX(octets->size + size, octets->room + octets->room / 2);
    octets->room = MAX(octets->room, FIRST_ROOM);
    octets->data = g_realloc(octets->data, octets->room);
}

void octets_append(struct octets *octets, const void *data, size_t size)
{
    if (size == 0)
        return;
    octets_reserve(octets, size);
    memcpy(octets->data + octets->size, data, size);
    octets->size += size;
}

void octets_bits(struct octets *octets, const bool *bits, size_t count)
{
    for (size_t i = 0; i < count; i += 8) {
        uint8_t byte = 0;
        for (size_t j = i; j < count && j < i + 8; j++)
            if (bits[j])
                byte = (uint8_t)(byte | 1U << (j - i));
        octets_append(octets, &byte, 1);
    }
}

bool octets_take_long_number(struct octets_cursor *cursor, uint64_t maximum, uint64_t *value)
{
    uint64_t read = 0;
    for (int shift = 0; shift < 64 && cursor->at < cursor->end; shift += 7) {
        uint8_t byte = *cursor->at++;
        if (shift == 63 && byte > 1)
            return false;
        read |= (uint64_t)(byte & 0x7f) << shift;
        if ((byte & 0x80) != 0)
            continue;
        *value = read;
        return (byte != 0 || shift == 0) && read <= maximum;
    }
    return false;
}

bool octets_take_bits(struct octets_cursor *cursor, bool *bits, size_t count)
{
    size_t size = (count + 7) / 8;
    if ((size_t)(cursor->end - cursor->at) < size)
        return false;
    for (size_t i = 0; i < count; i++)
        bits[i] = (cursor->at[i / 8] >> (i % 8) & 1) != 0;
    if (count % 8 != 0 && cursor->at[count / 8] >> (count % 8) != 0)
        return false;
    cursor->at += size;
    return true;
}

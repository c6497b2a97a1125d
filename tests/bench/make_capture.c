/* Makes the capture that the benchmark reads: the same bytes for the same count, everywhere.
 *
 *     make_capture COUNT FIRST_SECOND DAYS >big.pcap
 *     make_capture COUNT FIRST_SECOND DAYS PARTS FOLDER        // the same packets in FOLDER/0000.pcap and so
 * on
 *
 * Classic pcap, microseconds, little-endian, Ethernet. What a darknet of 128 addresses sees: TCP SYNs with
 * and without options, to a few ports and to all of them, 10 % UDP, 3 % ICMP echo requests, 1 % IPv6; 1.44
 * million sources of which few send a lot; every tenth TCP packet has Mirai's sequence number. */
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "bench/random.h"

enum { SOURCES = 1440000, FRAME_SIZE = 60, FRAME_SIZE_MAX = 74, PARTS_MAX = 10000 };

static const uint16_t popular_ports[] = {23,   23,   23,   80,   443, 8728, 22, 22,
                                         8080, 3389, 5555, 2323, 445, 6379, 81, 8443};

static void store_be(uint8_t *bytes, uint32_t value, int size)
{
    for (int i = 0; i < size; i++)
        bytes[i] = (uint8_t)(value >> 8 * (size - 1 - i));
}

static void store_le(uint8_t *bytes, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        bytes[i] = (uint8_t)(value >> 8 * i);
}

/* The source of a number, spread over the unicast addresses; small numbers come up more often. */
static uint32_t source_address(uint64_t *state)
{
    uint64_t draw = random_next(state);
    uint64_t number = draw % SOURCES;
    if (draw >> 63)
        number = number * ((draw >> 40) % 1024) / 1024;
    uint64_t mixed = number * UINT64_C(0x9e3779b97f4a7c15);
    return UINT32_C(0x01000000) + (uint32_t)((mixed >> 32) % UINT32_C(0xdeffffff));
}

static void ipv4_header(uint8_t *ip, uint8_t protocol, uint16_t total, uint32_t source, uint32_t destination,
                        uint16_t id)
{
    ip[0] = 0x45;
    store_be(ip + 2, total, 2);
    store_be(ip + 4, id, 2);
    ip[8] = 52;
    ip[9] = protocol;
    store_be(ip + 12, source, 4);
    store_be(ip + 16, destination, 4);
}

static uint16_t port_draw(uint64_t draw)
{
    if (draw & 1)
        return popular_ports[(draw >> 1) % (sizeof popular_ports / sizeof *popular_ports)];
    return (uint16_t)(draw >> 8);
}

/* Returns the frame's size. */
static uint32_t frame_make(uint64_t *state, uint8_t frame[FRAME_SIZE_MAX])
{
    memset(frame, 0, FRAME_SIZE_MAX);
    uint64_t draw = random_next(state);
    uint64_t kind = draw % 100;
    uint16_t id = (uint16_t)(draw >> 16);
    uint32_t source = source_address(state);
    uint32_t destination = UINT32_C(0xc0000200) | (draw >> 32 & 0x7f); /* 192.0.2.0/25: the sensors */
    uint8_t *ip = frame + 14;
    store_be(frame + 12, 0x0800, 2);
    bool has_options = kind < 34;
    if (kind < 86) {
        ipv4_header(ip, 6, has_options ? 60 : 40, source, destination, id);
        store_be(ip + 20, (uint16_t)(draw >> 40), 2);
        store_be(ip + 22, port_draw(random_next(state)), 2);
        store_be(ip + 24, draw % 10 == 0 ? destination : (uint32_t)random_next(state), 4);
        ip[32] = has_options ? 0xa0 : 0x50;
        memcpy(ip + 40, "\x02\x04\x05\xb4\x04\x02\x08\x0a", has_options ? 8 : 0);
        ip[33] = 2;
    } else if (kind < 96) {
        ipv4_header(ip, 17, 28, source, destination, id);
        store_be(ip + 20, (uint16_t)(draw >> 40), 2);
        store_be(ip + 22, port_draw(random_next(state)), 2);
        store_be(ip + 24, 8, 2);
    } else if (kind < 99) {
        ipv4_header(ip, 1, 28, source, destination, id);
        ip[20] = 8;
    } else {
        store_be(frame + 12, 0x86dd, 2);
        ip[0] = 0x60;
        store_be(ip + 4, 6, 2);
        ip[6] = 58;
        store_be(ip + 8, 0x20010db8, 4);
        store_be(ip + 20, source, 4);
        store_be(ip + 24, 0x20010db8, 4);
        store_be(ip + 36, destination, 4);
        ip[40] = 128;
    }
    return has_options ? FRAME_SIZE_MAX : FRAME_SIZE;
}

static void file_header_write(FILE *file)
{
    uint8_t header[24] = {0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0};
    store_le(header + 16, 65535);
    store_le(header + 20, 1);
    fwrite(header, 1, sizeof header, file);
}

static int file_finish(FILE *file)
{
    bool is_bad = fflush(file) != 0 || ferror(file);
    if (file != stdout)
        is_bad = fclose(file) != 0 || is_bad;
    if (is_bad)
        fprintf(stderr, "make_capture: could not write\n");
    return is_bad ? -1 : 0;
}

static FILE *part_open(const char *folder, uint64_t part)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%04" PRIu64 ".pcap", folder, part);
    FILE *file = fopen(path, "wb");
    if (file == NULL)
        fprintf(stderr, "make_capture: %s: could not be opened\n", path);
    return file;
}

int main(int argc, char **argv)
{
    uint64_t count, first, days;
    uint64_t parts = 1;
    if ((argc != 4 && argc != 6) || !number_parse(argv[1], 1, UINT32_MAX, &count) ||
        !number_parse(argv[2], 0, UINT32_MAX, &first) || !number_parse(argv[3], 1, 366, &days) ||
        (argc == 6 && !number_parse(argv[4], 1, PARTS_MAX, &parts)) || count % parts != 0) {
        fprintf(stderr, "usage: make_capture COUNT FIRST_SECOND DAYS [PARTS FOLDER]\n");
        return 2;
    }
    uint64_t state = 20250401;
    FILE *file = NULL;
    for (uint64_t i = 0; i < count; i++) {
        if (i % (count / parts) == 0) {
            if (file != NULL && file_finish(file) != 0)
                return 4;
            file = argc == 6 ? part_open(argv[5], i / (count / parts)) : stdout;
            if (file == NULL)
                return 4;
            file_header_write(file);
        }
        uint8_t record[16 + FRAME_SIZE_MAX];
        uint64_t microseconds = i * (days * 86400 * 1000000 / count);
        uint32_t size = frame_make(&state, record + 16);
        store_le(record, (uint32_t)(first + microseconds / 1000000));
        store_le(record + 4, (uint32_t)(microseconds % 1000000));
        store_le(record + 8, size);
        store_le(record + 12, size);
        fwrite(record, 1, 16 + size, file);
    }
    return file_finish(file) == 0 ? 0 : 4;
}

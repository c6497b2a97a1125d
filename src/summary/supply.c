#include "summary/supply.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

struct room {
    void *data;
    size_t size;
};

static void room_free(gpointer data)
{
    struct room *room = data;
    munmap(room->data, room->size);
    g_free(room);
}

/* Memory that is not counted before it is touched: whatever size a file claims to have. */
static int room_make(struct supply *supply, struct error *err)
{
    if (supply->size == 0) {
        supply->bytes = g_bytes_new(NULL, 0);
        return 0;
    }
    void *data =
        mmap(NULL, supply->size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (data == MAP_FAILED)
        return error_set(err, ERROR_INPUT, "cannot read: %s", g_strerror(errno));
    struct room *room = g_new(struct room, 1);
    *room = (struct room){data, supply->size};
    supply->data = data;
    supply->bytes = g_bytes_new_with_free_func(data, supply->size, room_free, room);
    return 0;
}

int supply_open(struct supply *supply, const char *path, struct error *err)
{
    struct stat status;
    *supply = (struct supply){.descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    if (supply->descriptor < 0 || fstat(supply->descriptor, &status) != 0) {
        error_set(err, ERROR_INPUT, "cannot read: %s", g_strerror(errno));
    } else if (!S_ISREG(status.st_mode)) {
        error_set(err, ERROR_INPUT, "cannot read: not a file, expected one");
    } else {
        supply->size = (size_t)status.st_size;
        if (room_make(supply, err) == 0)
            return 0;
    }
    supply_close(supply);
    return -1;
}

static int stretch_read(int descriptor, size_t offset, uint8_t *data, size_t size, struct error *err)
{
    while (size > 0) {
        ssize_t got = pread(descriptor, data, size, (off_t)offset);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return error_set(err, ERROR_INPUT, "cannot read: %s", g_strerror(errno));
        if (got == 0)
            return error_set(err, ERROR_INPUT, "cut short while it was read");
        data += got;
        offset += (size_t)got;
        size -= (size_t)got;
    }
    return 0;
}

int supply_bring(struct supply *supply, size_t offset, size_t size, struct error *err)
{
    g_assert(offset <= supply->size && size <= supply->size - offset);
    return stretch_read(supply->descriptor, offset, supply->data + offset, size, err);
}

int supply_copy(const char *path, size_t offset, uint8_t *data, size_t size, struct error *err)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0)
        return error_set(err, ERROR_INPUT, "cannot read: %s", g_strerror(errno));
    int result = stretch_read(descriptor, offset, data, size, err);
    close(descriptor);
    return result;
}

void supply_close(struct supply *supply)
{
    if (supply->descriptor >= 0)
        close(supply->descriptor);
    supply->descriptor = -1;
    g_clear_pointer(&supply->bytes, g_bytes_unref);
}

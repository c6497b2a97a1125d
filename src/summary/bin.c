#include "summary/bin.h"

#include <glib.h>
#include <string.h>

static const char *const bin_names[BIN_COUNT] = {
    [BIN_COUNTED] = "counted",         [BIN_OUTSIDE_QUARTER] = "outside-quarter",
    [BIN_BAD_TIME] = "bad-time",       [BIN_UNSUPPORTED_LINK] = "unsupported-link",
    [BIN_NOT_IP] = "not-ip",           [BIN_TRUNCATED] = "truncated",
    [BIN_MALFORMED] = "malformed",     [BIN_FRAGMENT] = "fragment",
    [BIN_FROM_SENSOR] = "from-sensor", [BIN_NOT_TO_SENSOR] = "not-to-sensor",
};

const char *bin_name(enum bin bin)
{
    g_assert(bin >= 0 && bin < BIN_COUNT);
    return bin_names[bin];
}

int bin_find(const char *name)
{
    for (int i = 0; i < BIN_COUNT; i++)
        if (strcmp(bin_names[i], name) == 0)
            return i;
    return -1;
}

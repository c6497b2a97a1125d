#include "publication/prefix.h"

#include <arpa/inet.h>
#include <glib.h>
#include <string.h>

#include "base/number.h"

static void host_bits_clear(uint8_t address[16], int length)
{
    for (int bit = length; bit < 128; bit++)
        address[bit / 8] &= (uint8_t) ~(0x80u >> (bit % 8));
}

char *prefix_text(const struct prefix *prefix)
{
    char text[INET6_ADDRSTRLEN];
    inet_ntop(prefix->is_ipv6 ? AF_INET6 : AF_INET, prefix->address, text, sizeof text);
    return g_strdup_printf("%s/%d", text, prefix->length);
}

/* Host bits stay as they are given. */
static int address_parse(const char *text, const char *example, struct prefix *prefix, struct error *err)
{
    const char *slash = strchr(text, '/');
    char *address = slash == NULL ? g_strdup(text) : g_strndup(text, (gsize)(slash - text));
    *prefix = (struct prefix){.is_ipv6 = strchr(address, ':') != NULL};
    uint64_t longest = prefix->is_ipv6 ? 128 : 32;
    uint64_t length = longest;
    bool is_address = inet_pton(prefix->is_ipv6 ? AF_INET6 : AF_INET, address, prefix->address) == 1;
    g_free(address);
    if (!is_address)
        return error_set(err, ERROR_INPUT, "prefix \"%s\" is not an address, expected e.g. %s", text,
                         example);
    if (slash != NULL && !number_parse(slash + 1, 0, longest, &length))
        return error_set(err, ERROR_INPUT, "prefix \"%s\" has no valid length, expected 0 to %d after the /",
                         text, (int)longest);
    prefix->length = (int)length;
    return 0;
}

int prefix_parse_network(const char *text, const char *example, struct prefix *prefix, struct error *err)
{
    if (address_parse(text, example, prefix, err) != 0)
        return -1;
    host_bits_clear(prefix->address, prefix->length);
    return 0;
}

int prefix_parse(const char *text, const char *example, struct prefix *prefix, struct error *err)
{
    if (address_parse(text, example, prefix, err) != 0)
        return -1;
    uint8_t given[16];
    memcpy(given, prefix->address, sizeof given);
    host_bits_clear(prefix->address, prefix->length);
    if (memcmp(given, prefix->address, sizeof given) == 0)
        return 0;
    char *right = prefix_text(prefix);
    error_set(err, ERROR_INPUT, "prefix \"%s\" has bits set after its length, expected %s", text, right);
    g_free(right);
    return -1;
}

int prefix_compare(const struct prefix *a, const struct prefix *b)
{
    if (a->is_ipv6 != b->is_ipv6)
        return a->is_ipv6 ? 1 : -1;
    int order = memcmp(a->address, b->address, sizeof a->address);
    return order != 0 ? order : (a->length > b->length) - (a->length < b->length);
}

bool prefix_contains(const struct prefix *outer, const struct prefix *inner)
{
    if (outer->is_ipv6 != inner->is_ipv6 || outer->length > inner->length)
        return false;
    uint8_t cut[16];
    memcpy(cut, inner->address, sizeof cut);
    host_bits_clear(cut, outer->length);
    return memcmp(cut, outer->address, sizeof cut) == 0;
}

struct prefix prefix_parent(const struct prefix *prefix)
{
    struct prefix parent = *prefix;
    g_assert(prefix->length > 0);
    parent.length--;
    host_bits_clear(parent.address, parent.length);
    return parent;
}

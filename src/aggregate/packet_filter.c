#include "aggregate/packet_filter.h"

#include <glib.h>

enum { SNAP_LENGTH = 262144 };

struct compiled {
    int link_type;
    struct bpf_program program;
};

struct packet_filter {
    char *expression;
    char *place;
    GMutex lock;         /* of `programs`; libpcap's compiler is also only ever run under it for one filter */
    GPtrArray *programs; /* struct compiled * */
};

static void compiled_free(struct compiled *compiled)
{
    pcap_freecode(&compiled->program);
    g_free(compiled);
}

/* Compiles with the optimiser first. It refuses what can never match ("expression rejects all packets"):
 * without it, such a program exists and matches nothing. */
static struct compiled *expression_compile(const struct packet_filter *filter, int link_type,
                                           bool never_is_fine, struct error *err)
{
    pcap_t *handle = pcap_open_dead(link_type, SNAP_LENGTH);
    if (handle == NULL)
        g_error("out of memory");
    struct compiled *compiled = g_new0(struct compiled, 1);
    compiled->link_type = link_type;
    if (pcap_compile(handle, &compiled->program, filter->expression, 1, PCAP_NETMASK_UNKNOWN) != 0 &&
        (!never_is_fine ||
         pcap_compile(handle, &compiled->program, filter->expression, 0, PCAP_NETMASK_UNKNOWN) != 0)) {
        error_set(err, ERROR_INPUT, "%s: libpcap refuses the BPF expression \"%s\": %s", filter->place,
                  filter->expression, pcap_geterr(handle));
        g_clear_pointer(&compiled, g_free);
    }
    pcap_close(handle);
    return compiled;
}

struct packet_filter *packet_filter_new(const char *expression, const char *place, struct error *err)
{
    struct packet_filter *filter = g_new0(struct packet_filter, 1);
    filter->expression = g_strdup(expression);
    filter->place = g_strdup(place);
    filter->programs = g_ptr_array_new_with_free_func((GDestroyNotify)compiled_free);
    g_mutex_init(&filter->lock);
    static const int usual[] = {DLT_EN10MB, DLT_RAW};
    struct error refusals[G_N_ELEMENTS(usual)];
    for (size_t i = 0; i < G_N_ELEMENTS(usual); i++) {
        struct compiled *compiled = expression_compile(filter, usual[i], false, &refusals[i]);
        if (compiled != NULL)
            g_ptr_array_add(filter->programs, compiled);
    }
    if (filter->programs->len == 0) {
        *err = refusals[0];
        g_clear_pointer(&filter, packet_filter_free);
    }
    return filter;
}

void packet_filter_free(struct packet_filter *filter)
{
    if (filter == NULL)
        return;
    g_ptr_array_unref(filter->programs);
    g_mutex_clear(&filter->lock);
    g_free(filter->expression);
    g_free(filter->place);
    g_free(filter);
}

const struct bpf_program *packet_filter_program(struct packet_filter *filter, int link_type,
                                                struct error *err)
{
    const struct bpf_program *program = NULL;
    g_mutex_lock(&filter->lock);
    for (guint i = 0; i < filter->programs->len && program == NULL; i++) {
        const struct compiled *compiled = filter->programs->pdata[i];
        if (compiled->link_type == link_type)
            program = &compiled->program;
    }
    if (program == NULL) {
        struct compiled *compiled = expression_compile(filter, link_type, true, err);
        if (compiled != NULL) {
            g_ptr_array_add(filter->programs, compiled);
            program = &compiled->program;
        }
    }
    g_mutex_unlock(&filter->lock);
    return program;
}

bool packet_filter_matches(const struct bpf_program *program, const struct packet *packet)
{
    return bpf_filter(program->bf_insns, packet->data, packet->wire_size, packet->captured_size) != 0;
}

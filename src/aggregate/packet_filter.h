/* packet_filter.h - the BPF expressions of measures, compiled by libpcap once for each link type that turns
 * up.
 *
 *     struct packet_filter *filter = packet_filter_new("tcp[13] == 2", "publication.xml: line 31", err);
 *     const struct bpf_program *program = packet_filter_program(filter, DLT_EN10MB, err);
 *     if (packet_filter_matches(program, &packet)) ...
 *
 * Either is NULL, with an error, when it is refused. An expression that libpcap takes neither for Ethernet
 * nor for raw IP is refused at once. One that it takes for some link types only ("ether host ..." needs
 * Ethernet) is refused when a packet of another link type comes; one that can never match there matches
 * nothing. The functions may be called from several threads; programs live as long as the filter.
 */
#ifndef TEITEN_AGGREGATE_PACKET_FILTER_H
#define TEITEN_AGGREGATE_PACKET_FILTER_H

#include <pcap/pcap.h>
#include <stdbool.h>

#include "base/error.h"
#include "capture/packet.h"

struct packet_filter;

/* `place` begins every error; both texts are copied. */
struct packet_filter *packet_filter_new(const char *expression, const char *place, struct error *err);
void packet_filter_free(struct packet_filter *filter);
const struct bpf_program *packet_filter_program(struct packet_filter *filter, int link_type,
                                                struct error *err);

bool packet_filter_matches(const struct bpf_program *program, const struct packet *packet);

#endif

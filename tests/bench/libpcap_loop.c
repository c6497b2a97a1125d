/* How a program on libpcap alone would count packets by destination port: the loop that readers are compared
 * with. Nothing is tuned, and nothing but ports of TCP and UDP in IPv4 is looked at.
 *
 *     libpcap_loop FILE [--empty]        with --empty, the packets are handed out and nothing is done to them
 */
#include <inttypes.h>
#include <pcap/pcap.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static uint64_t counts[2][65536];

static void nothing(unsigned char *user, const struct pcap_pkthdr *header, const unsigned char *bytes)
{
    (void)user;
    (void)header;
    (void)bytes;
}

static void count(unsigned char *user, const struct pcap_pkthdr *header, const unsigned char *bytes)
{
    enum { ETHERNET_SIZE = 14, IPV4_SIZE = 20, TCP = 6, UDP = 17 };
    (void)user;
    if (header->caplen < ETHERNET_SIZE + IPV4_SIZE || bytes[12] != 8 || bytes[13] != 0)
        return;
    const unsigned char *ip = bytes + ETHERNET_SIZE;
    unsigned int header_size = (ip[0] & 0x0fU) * 4;
    bool is_fragment = (ip[6] & 0x1f) != 0 || ip[7] != 0;
    if (ip[0] >> 4 != 4 || header_size < IPV4_SIZE || is_fragment || (ip[9] != TCP && ip[9] != UDP) ||
        header->caplen < ETHERNET_SIZE + header_size + 4)
        return;
    const unsigned char *transport = ip + header_size;
    counts[ip[9] == UDP][transport[2] << 8 | transport[3]]++;
}

int main(int argc, char **argv)
{
    char reason[PCAP_ERRBUF_SIZE];
    bool is_empty = argc == 3 && strcmp(argv[2], "--empty") == 0;
    pcap_t *pcap = argc == 2 || is_empty ? pcap_open_offline(argv[1], reason) : NULL;
    if (!pcap) {
        fprintf(stderr, "usage: libpcap_loop FILE [--empty]\n");
        return 2;
    }
    int status = pcap_loop(pcap, -1, is_empty ? nothing : count, NULL);
    pcap_close(pcap);
    printf("23/TCP %" PRIu64 "\n", counts[0][23]);
    return status == 0 ? 0 : 3;
}

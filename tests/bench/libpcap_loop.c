/* What libpcap itself needs to hand out every packet of a file, with nothing done to it: the floor that
 * readers are compared with.
 *
 *     libpcap_loop FILE */
#include <pcap/pcap.h>
#include <stdio.h>

static void nothing(unsigned char *user, const struct pcap_pkthdr *header, const unsigned char *bytes)
{
    (void)user;
    (void)header;
    (void)bytes;
}

int main(int argc, char **argv)
{
    char reason[PCAP_ERRBUF_SIZE];
    pcap_t *pcap = argc == 2 ? pcap_open_offline(argv[1], reason) : NULL;
    if (!pcap) {
        fprintf(stderr, "usage: libpcap_loop FILE\n");
        return 2;
    }
    int status = pcap_loop(pcap, -1, nothing, NULL);
    pcap_close(pcap);
    return status == 0 ? 0 : 3;
}

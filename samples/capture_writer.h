/* capture_writer.h - one gzip-compressed capture: pcap, pcap with nanoseconds, or pcapng; little-endian, the
 * same bytes on every run.
 *
 *     GByteArray *capture = g_byte_array_new();
 *     capture_write_start(capture, RECORDER_PCAP, LINKTYPE, 96);
 *     capture_write_packet(capture, RECORDER_PCAP, nanoseconds, frame, captured_size, wire_size, 0);
 *     capture_save(capture, "jp01-20250401.pcap.gz", err);
 *
 * Formats: draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng; RFC 1952 (gzip, with no time in its header).
 */
#ifndef TEITEN_SAMPLES_CAPTURE_WRITER_H
#define TEITEN_SAMPLES_CAPTURE_WRITER_H

#include <glib.h>
#include <stdint.h>

#include "scenario.h"

void capture_write_start(GByteArray *capture, enum recorder_format format, uint32_t link_type,
                         uint32_t snap_length);
/* extra_fraction is added to the fraction of the second, and may make it one that cannot be (pcap only). */
void capture_write_packet(GByteArray *capture, enum recorder_format format, int64_t nanoseconds,
                          const uint8_t *frame, uint32_t captured_size, uint32_t wire_size,
                          uint32_t extra_fraction);
int capture_save(const GByteArray *capture, const char *path, struct error *err);

#endif

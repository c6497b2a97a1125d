/* configuration.h - everything, besides the archives, that decides what is counted, as one digest.
 *
 * Part of it: the form of the summary and the counting rules (a version), the edition's dates, the time zone,
 * the sensors (id, region, group, prefix, since, until), the measures, whether ICMP counts as one, whether
 * unreadable archives are skipped, and the registries' bytes where a measure asks for regions. Not part of
 * it: labels, names, captions, paths.
 */
#ifndef TEITEN_AGGREGATE_CONFIGURATION_H
#define TEITEN_AGGREGATE_CONFIGURATION_H

#include "aggregate/inputs.h"

/* Whether any measure groups by region or asks for source regions. */
bool configuration_needs_regions(const struct publication *publication);
/* SHA-256 in hex into inputs->configuration, and into inputs->basis of the part that decides about every
 * measure; the registries must be identified. */
void configuration_digest(const struct publication *publication, const struct edition *edition,
                          struct inputs *inputs);
/* What decides, besides the basis, what a measure counts: its definition, and where it asks for regions the
 * registries' bytes. Equal texts, equal counts, whatever the measure's id. Owned by the caller. */
char *configuration_measure(const struct measure *measure, const struct inputs *inputs);

#endif

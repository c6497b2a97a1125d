/* publication_check.h - whether publication.xml and the files that it names fit together.
 *
 * Sensors, groups and regions in filters must exist, keys of series must be possible for their measure, every
 * sensor's region must have a name, and measures that look at source regions need RIR statistics.
 */
#ifndef TEITEN_PUBLICATION_PUBLICATION_CHECK_H
#define TEITEN_PUBLICATION_PUBLICATION_CHECK_H

#include "publication/publication.h"

/* Errors name the line of the measure or figure in publication.xml, or that of sensors.csv. */
int publication_check(const struct publication *publication, struct error *err);

/* The same for one definition that need not be of publication.xml: errors are without place. The figure's
 * measure must be one of the publication's. */
int publication_check_measure(const struct publication *publication, const struct measure *measure,
                              struct error *err);
int publication_check_figure(const struct publication *publication, const struct figure_definition *figure,
                             struct error *err);

#endif

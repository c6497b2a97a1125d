/* agreement.h - whether two languages' models of one edition say the same numbers.
 *
 *     GPtrArray *differences = agreement_differences(&publication, &edition, japanese, english, err);
 *     // char *: "drafted sentence (places): 4 only in en: \"...\", \"...\""
 *
 * Both come from the same counts, so what differs comes from the wording: a pattern with a digit of its own,
 * a unit, a month. Compared are, place by place, the values and the numbers of every table cell, the numbers
 * of every drafted sentence and of its inputs, and the numbers of the figures' headlines and alternative
 * texts. Months are numbers in either language; the numbers in a unit's name (センサー1台1日当たり, per
 * sensor and day) are none. Captions and what listens at a port are the words of people, in each language.
 */
#ifndef TEITEN_REPORT_AGREEMENT_H
#define TEITEN_REPORT_AGREEMENT_H

#include <glib.h>

#include "report/model.h"

/* NULL and an error when a wording cannot be read. Unref the array; it owns its texts. */
GPtrArray *agreement_differences(const struct publication *publication, const struct edition *edition,
                                 const struct model *first, const struct model *other, struct error *err);

#endif

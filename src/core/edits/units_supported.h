/*
 * src/core/edits/units_supported.h
 *
 * Asked first, as it mostly is so: are units what the minutes support, without
 * a look at how they are shared?  False where that is not so plain, and
 * edit_units.c is to judge.
 */
#ifndef CLAIMLINE_UNITS_SUPPORTED_H
#define CLAIMLINE_UNITS_SUPPORTED_H

#include "edits/finding.h"

/* Of a line that is the only timed one of its date, by any rule of units. */
extern bool line_is_supported(const Ruleset *rules, const Line *line);

/*
 * Of all timed lines of the date that lines `first` up to `end` are of; the day
 * has no line of several dates.  True only for one pool of minutes in which
 * each line is a service by itself.
 */
extern bool date_is_supported(const Day *day, const Ruleset *rules, int first, int end);

#endif							/* CLAIMLINE_UNITS_SUPPORTED_H */

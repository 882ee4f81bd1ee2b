/*
 * src/core/edits/date_units.h
 *
 * Units of a code that count on a date.  Those of a line of several dates are
 * divided by the days of its span and rounded to the nearest whole number, a
 * half up (NCCI Policy Manual ch. I s. V).
 */
#ifndef CLAIMLINE_DATE_UNITS_H
#define CLAIMLINE_DATE_UNITS_H

#include "edits/finding.h"

/* Units (thousandths) of a line on each of its dates; 0 of one that is not payable. */
extern int64_t units_a_date(const DayLine *line);

/* The units of a code on the first date of one of its lines, and on how many lines they are. */
typedef struct DateUnits
{
	int32_t		date;
	int			line;			/* that begins on it */
	int			n_lines;
	int64_t		units;			/* thousandths */
} DateUnits;

/*
 * For each line of the code that `first` is the first of in its group, in their
 * order, the units of the code on its first date; `n` is how many.  On no other
 * date of a line are more than on the first of one that it shares the date with.
 */
extern DateUnits *code_date_units(const Day *day, Arena *arena, int first, int *n);

/* "97124 x40 from 2024-08-05 to 2024-08-09 is x8 a day, rounded; x9 on 2024-08-06", or "97124 x9 on this date of service" */
extern const char *date_units_text(const FindingSink *sink, int line, const DateUnits *billed);

/* The same of a line alone, where its units are not summed with others. */
extern const char *line_units_text(const FindingSink *sink, int line);

/* What the first of them says, or the second where `billed` is NULL, as facts. */
extern void add_date_units(FindingSink *sink, Finding *finding, const DateUnits *billed);

#endif							/* CLAIMLINE_DATE_UNITS_H */

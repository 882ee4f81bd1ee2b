/*
 * src/pg/day_type.h
 *
 * Datums of type claimday.
 */
#ifndef CLAIMLINE_DAY_TYPE_H
#define CLAIMLINE_DAY_TYPE_H

#include "day/day.h"
#include "pg/compat.h"

#define DatumGetFlatDay(datum)	((FlatDay *) PG_DETOAST_DATUM(datum))
#define PG_GETARG_FLATDAY(n)	DatumGetFlatDay(PG_GETARG_DATUM(n))

/* Raises an error for a day of more bytes than a value can have. */
extern void check_day_size(Size size);

/* A canonical flat day of lines that are in canonical order. */
extern FlatDay *flat_day_make(const Day *day);

/*
 * The arguments of the aggregate claimday(), 3 or 4 of them, as a line of a day;
 * `reason` is room for why it is none.  Returns the size of the line, which need
 * not be aligned.
 */
extern Size day_line_argument(const NullableDatum *arguments, int n, DayLine *line, uint8 reason[1 + DAY_MAX_REASON]);

/* The non-null elements of claimline[] as lines numbered by position. */
extern void day_from_array(Datum array, Arena *arena, Day *day);

#endif							/* CLAIMLINE_DAY_TYPE_H */

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

/* The non-null elements of claimline[] as lines numbered by position. */
extern void day_from_array(Datum array, Arena *arena, Day *day);

#endif							/* CLAIMLINE_DAY_TYPE_H */

/*
 * src/pg/plan/day_keys.h
 *
 * The keys by which lines are grouped to days: any columns that GROUP BY can
 * hash, equal as GROUP BY has them equal, nulls one value.  They lie behind one
 * another about as a row is stored, so that the bytes of most can be hashed and
 * compared as they are.
 */
#ifndef CLAIMLINE_DAY_KEYS_H
#define CLAIMLINE_DAY_KEYS_H

#include "access/tupdesc.h"
#include "fmgr.h"
#include "lib/stringinfo.h"

/* bits of a mask of nulls */
#define MAX_DAY_KEYS	32

typedef struct DayKey
{
	int16		length;			/* as pg_attribute has them */
	bool		by_value;
	char		align;
	bool		is_packed;		/* may it have a header of one byte? */
	bool		by_image;		/* equal where the bytes are */
	Oid			collation;
	FmgrInfo	equal;
	FmgrInfo	hash;
} DayKey;

typedef struct DayKeys
{
	int			n;
	bool		by_image;		/* all of them */
	DayKey		keys[FLEXIBLE_ARRAY_MEMBER];
} DayKeys;

/* The first columns of a row, grouped by equality operators (Oid, one a column). */
extern DayKeys *day_keys_make(TupleDesc columns, List *equalities);

/*
 * Append the keys of a row to `to`, which starts at a multiple of 8 bytes, and
 * zeroes where one ends before the next can start.  Returns the mask of nulls.
 */
extern uint32 day_keys_put(const DayKeys *keys, const Datum *values, const bool *nulls, StringInfo to);

/* The keys from the bytes; those by reference point there. */
extern void day_keys_get(const DayKeys *keys, const char *bytes, uint32 null_mask, Datum *values);

/* `size` with the zeroes that fill up to a multiple of 4: so is faster. */
extern uint64 day_keys_hash(const DayKeys *keys, const char *bytes, uint32 size, uint32 null_mask);

/* Are keys of one hash the same? */
extern bool day_keys_equal(const DayKeys *keys, const char *a, uint32 size_a, uint32 nulls_a,
						   const char *b, uint32 size_b, uint32 nulls_b);

#endif							/* CLAIMLINE_DAY_KEYS_H */

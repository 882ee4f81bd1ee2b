/*
 * src/pg/store/guard_days.h
 *
 * The provider-days that a statement touched: which they are, how they are
 * read, which of them do not pass.  Called within SPI.
 */
#ifndef CLAIMLINE_GUARD_DAYS_H
#define CLAIMLINE_GUARD_DAYS_H

#include "edits/judge.h"
#include "pg/store/guard_cache.h"

/* A provider-day as one number, in SQL; the prefix is that of its columns. */
#define DAY_HASH(prefix) \
	"hash_record_extended(ROW(" prefix "patient, " prefix "provider, " prefix "dos), 0::int8)"

/* A statement that touches more days reads them with one query. */
#define MANY_DAYS		64

/* A provider-day that the statement touched. */
typedef struct Key
{
	Datum		values[N_KEYS];
	bool		nulls[N_KEYS];
	int			mask;			/* of the nulls */
	int64		hash;
} Key;

extern const char *const key_names[N_KEYS];

/* Keys of the days that the statement touched; one_row: it wrote one row.  Returns how many. */
extern int	days_touched(Guard *guard, Event event, bool one_row, Key **keys);

/*
 * "l.patient = $1 AND l.provider IS NULL AND l.dos = $3" by the parts of a key
 * that are null; with the operators of the keys' types.
 */
extern const char *key_condition(const Guard *guard, const char *alias, int mask);

/* The stored day of a key as a datum; false where it has no lines. */
extern bool read_day(Guard *guard, const Key *key, Datum *day);

/* Which days have a finding at or above the guard's severity?  They are left in `keys`; returns how many. */
extern int	offending_days(Guard *guard, Key *keys, int n);

/* Has a day a finding at or above the guard's severity?  `pairs` may be NULL. */
extern bool day_offends(const Guard *guard, Day *day, Arena *arena, PairMemo *pairs);

#endif							/* CLAIMLINE_GUARD_DAYS_H */

/*
 * src/pg/store/guard_key.h
 *
 * Keys of provider-days: which are one key, and their text for messages and for
 * the extension's own tables.
 */
#ifndef CLAIMLINE_GUARD_KEY_H
#define CLAIMLINE_GUARD_KEY_H

#include "pg/store/guard_days.h"

/* The operator that grouping goes by, in full: that of a type from elsewhere is not in the path. */
extern const char *key_equals(Oid type);

/* Are keys that differ in case only equal?  Those of citext, by whatever domain. */
extern bool key_folds(Oid type);

/* A part of a key as it was written; NULL for null. */
extern char *key_text(const Guard *guard, const Key *key, int part);

/* Patient and provider as texts, the date as it is. */
extern void key_as_text(const Guard *guard, const Key *key, Datum *values, bool *nulls);

/*
 * What a scan finds the day of a key by, a uuid: equal keys have one, however they
 * are written.  As the owner of the table, who may have made their types; that of
 * a plain key is made without a query.
 */
extern Datum scan_key_of(Guard *guard, const Key *key);
extern bool key_is_plain(const Guard *guard, const Key *key);
extern Datum scan_key_plain(const Guard *guard, const Key *key);

#endif							/* CLAIMLINE_GUARD_KEY_H */

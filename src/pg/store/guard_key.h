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

/* A part of a key; NULL for null.  Equal keys have one text, but for those that fold. */
extern char *key_text(const Guard *guard, const Key *key, int part);

/* Patient and provider as texts, the date as it is. */
extern void key_as_text(const Guard *guard, const Key *key, Datum *values, bool *nulls);

/* As key_condition, where columns and parameters are such texts. */
extern const char *key_text_condition(const Guard *guard, const char *alias, int mask);

#endif							/* CLAIMLINE_GUARD_KEY_H */

/*
 * src/pg/store/guard_key.h
 *
 * Keys of provider-days as text: for messages and for the extension's own tables.
 */
#ifndef CLAIMLINE_GUARD_KEY_H
#define CLAIMLINE_GUARD_KEY_H

#include "pg/store/guard_days.h"

/* A part of a key; NULL for null.  Equal keys have one text. */
extern char *key_text(const Guard *guard, const Key *key, int part);

/* Patient and provider as texts, the date as it is. */
extern void key_as_text(const Guard *guard, const Key *key, Datum *values, bool *nulls);

#endif							/* CLAIMLINE_GUARD_KEY_H */

/*
 * src/pg/store/store_lock.h
 *
 * Locks of provider-days and of scans, in a space of the extension's own: the
 * last part of an advisory lock's tag, which the server sets to 1 or 2.
 */
#ifndef CLAIMLINE_STORE_LOCK_H
#define CLAIMLINE_STORE_LOCK_H

/* The lock of a provider-day, from its hash. */
extern uint64 day_lock(uint64 hash);

/*
 * Hold provider-days of a relation until the end of the transaction.  Up to
 * `few` are held by themselves, more hold up other days too.  Sorts the locks:
 * two statements over the same days wait for each other only one way.
 */
extern void lock_days(Oid relation, uint64 *locks, int n, int few);

#endif							/* CLAIMLINE_STORE_LOCK_H */

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

/* Provider-days of a statement over a table whose days are read by an index. */
typedef struct DayPass
{
	Oid			relation;
	const uint64 *days;			/* their hashes */
	int			n;
	bool		holds;			/* are its days held to the end of the transaction? */
	bool		all;			/* has the transaction said before that it may have passed all days? */
	bool		says;			/* days up to which it says to have passed */
	uint32		said;
	int			n_read;			/* of its days, from the first on */
	int			n_passed;		/* of those, the ones that it no longer holds */
} DayPass;

/* The order in which days are passed, from their hash; days of one number are one day to locks. */
extern uint32 day_order(uint64 hash);

/*
 * Pass the n days of a statement in their order: the next one is locked, read, and
 * passed, or unlocked to wait for a transaction that has passed it and to begin
 * anew.  The days stay where they are until the end.  pass_lock: did the transaction
 * hold the day before the statement?  Then nobody has passed it since.
 */
extern void pass_begin(DayPass *pass, Oid relation, const uint64 *days, int n);
extern bool pass_lock(const DayPass *pass);
extern void pass_unlock(const DayPass *pass);
extern void pass_day(DayPass *pass);
extern void pass_end(DayPass *pass);

/* Is a transaction, whose rows of the day were read as not ended, to be waited for?  Else it will wait for us. */
extern bool pass_must_wait(const DayPass *pass, TransactionId other);

#endif							/* CLAIMLINE_STORE_LOCK_H */

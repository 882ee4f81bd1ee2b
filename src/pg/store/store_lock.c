/*
 * src/pg/store/store_lock.c
 *
 * Locks of provider-days and of scans.
 */
#include "postgres.h"

#include "fmgr.h"
#include "miscadmin.h"
#include "pg/compat.h"
#include "pg/store/store_lock.h"
#include "storage/lock.h"
#include "storage/proc.h"

PG_FUNCTION_INFO_V1(claim_scan_lock);
PG_FUNCTION_INFO_V1(claim_scan_unlock);
PG_FUNCTION_INFO_V1(claim_scan_pid);

/* The last part of the tags: the server has 1 and 2, so ours meet no application's. */
#define LOCK_BUCKET		97
#define LOCK_DAY		98
#define LOCK_SCAN		99

/*
 * Provider-days are locked in buckets: a statement over any number of days
 * needs no more entries of the lock table than this.  One over few days shares
 * its buckets with others like it, and locks each day by itself besides, so
 * that two of them wait only for the same day.
 */
#define LOCK_BUCKETS	1024

/* A transaction that has locked so many days takes whole buckets from then on. */
#define MAX_DAY_LOCKS	1000

static LOCKTAG
tag_of(Oid relation, uint32 what, uint16 space)
{
	LOCKTAG		tag;

	SET_LOCKTAG_ADVISORY(tag, MyDatabaseId, relation, what, space);
	return tag;
}

/* ---------------------------------------------------------- provider-days */

/* The bucket is in the upper half: buckets in order, days in order in each. */
uint64
day_lock(uint64 hash)
{
	return (hash >> 32) % LOCK_BUCKETS << 32 | (hash & PG_UINT32_MAX);
}

static int
compare_locks(const void *a, const void *b)
{
	uint64		x = *(const uint64 *) a;
	uint64		y = *(const uint64 *) b;

	return x < y ? -1 : x > y;
}

/* Days that this transaction has locked by themselves. */
static int *
own_day_locks(void)
{
	static LocalTransactionId transaction = InvalidLocalTransactionId;
	static int	n = 0;

	if (transaction != MY_LXID)
		n = 0;
	transaction = MY_LXID;
	return &n;
}

void
lock_days(Oid relation, uint64 *locks, int n, int few)
{
	bool		each = n <= few && *own_day_locks() + n <= MAX_DAY_LOCKS;
	LOCKTAG		tag;
	int			i;

	qsort(locks, n, sizeof(uint64), compare_locks);
	for (i = 0; i < n; i++)
	{
		if (i == 0 || locks[i] >> 32 != locks[i - 1] >> 32)
		{
			tag = tag_of(relation, (uint32) (locks[i] >> 32), LOCK_BUCKET);
			(void) LockAcquire(&tag, each ? ShareLock : ExclusiveLock, false, false);
		}
		if (each && (i == 0 || locks[i] != locks[i - 1]))
		{
			tag = tag_of(relation, (uint32) locks[i], LOCK_DAY);
			(void) LockAcquire(&tag, ExclusiveLock, false, false);
		}
	}
	if (each)
		*own_day_locks() += n;
}

/* ----------------------------------------------------------------- scans */

/* A scan holds its source, which is known by its view, over all its transactions. */
Datum
claim_scan_lock(PG_FUNCTION_ARGS)
{
	LOCKTAG		tag = tag_of(PG_GETARG_OID(0), 0, LOCK_SCAN);

	PG_RETURN_BOOL(LockAcquire(&tag, ExclusiveLock, true, true) != LOCKACQUIRE_NOT_AVAIL);
}

/* However many times this session took it. */
Datum
claim_scan_unlock(PG_FUNCTION_ARGS)
{
	LOCKTAG		tag = tag_of(PG_GETARG_OID(0), 0, LOCK_SCAN);

	while (lock_held_by_me(&tag, ExclusiveLock))
		if (!LockRelease(&tag, ExclusiveLock, true))
			break;
	PG_RETURN_VOID();
}

/* The process that scans the source now, or null. */
Datum
claim_scan_pid(PG_FUNCTION_ARGS)
{
	LOCKTAG		tag = tag_of(PG_GETARG_OID(0), 0, LOCK_SCAN);
	LockData   *locks = GetLockStatusData();
	int			i;

	for (i = 0; i < locks->nelements; i++)
	{
		const LockInstanceData *lock = &locks->locks[i];

		if (memcmp(&lock->locktag, &tag, sizeof(LOCKTAG)) == 0 && (lock->holdMask & LOCKBIT_ON(ExclusiveLock)))
			PG_RETURN_INT32(lock->pid);
	}
	PG_RETURN_NULL();
}

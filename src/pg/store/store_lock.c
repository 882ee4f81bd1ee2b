/*
 * src/pg/store/store_lock.c
 *
 * Locks of provider-days and of scans.
 */
#include "postgres.h"

#include "access/subtrans.h"
#include "access/xact.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "pg/compat.h"
#include "pg/store/store_lock.h"
#include "storage/lock.h"
#include "storage/proc.h"
#include "storage/procarray.h"

PG_FUNCTION_INFO_V1(claim_scan_lock);
PG_FUNCTION_INFO_V1(claim_scan_unlock);
PG_FUNCTION_INFO_V1(claim_scan_pid);

/* The last part of the tags: the server has 1 and 2, so ours meet no application's. */
#define LOCK_WAY		95
#define LOCK_PASSED		96
#define LOCK_BUCKET		97
#define LOCK_DAY		98
#define LOCK_SCAN		99

/*
 * Where days are read by queries, they are locked in buckets: a statement over any
 * number of days needs no more entries of the lock table than this.  One over few
 * days shares its buckets with others like it, and locks each day by itself
 * besides, so that two of them wait only for the same day.
 */
#define LOCK_BUCKETS	1024

/* A transaction that has locked so many days takes whole buckets from then on. */
#define MAX_DAY_LOCKS	1000

/*
 * Where days are read by an index, a transaction that has locked so many days, and
 * a statement over more, hold no more of them at a time: see pass_day.
 */
#define MAX_DAYS_HELD	16

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

typedef struct HeldDay
{
	Oid			relation;
	uint64		hash;
} HeldDay;

/* Days that this transaction has locked by themselves. */
typedef struct OwnDays
{
	LocalTransactionId transaction;
	int			n;
	HeldDay		held[MAX_DAYS_HELD];	/* those that are read by an index */
	int			n_held;
} OwnDays;

static OwnDays *
own_days(void)
{
	static OwnDays own = {InvalidLocalTransactionId};

	if (own.transaction != MY_LXID)
		own.n = own.n_held = 0;
	own.transaction = MY_LXID;
	return &own;
}

/*
 * The two ways of locking do not go together.  Which one a table has is for its
 * guard, and changes with its indexes and children: who locks buckets and who passes
 * days keep each other out, however few days they write.
 */
static void
hold_way(Oid relation, LOCKMODE mode)
{
	LOCKTAG		tag = tag_of(relation, 0, LOCK_WAY);

	(void) LockAcquire(&tag, mode, false, false);
}

void
lock_days(Oid relation, uint64 *locks, int n, int few)
{
	OwnDays    *own = own_days();
	bool		each = n <= few && own->n + n <= MAX_DAY_LOCKS;
	LOCKTAG		tag;
	int			i;

	hold_way(relation, ShareLock);
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
		own->n += n;
}

/* --------------------------------------------------- days that are passed */

/*
 * A statement has written its rows before it comes here.  It locks a day, reads it,
 * and holds the lock to the end of the transaction; who comes later waits, and then
 * reads what the first has left.  Rows of transactions that have not ended and do
 * not hold the day are of those who are yet to come: they will wait and read ours.
 *
 * Locks of many days do not fit into the table of locks.  So a statement over many
 * days, or in a transaction that has locked many, gives the locks of some days back
 * when it has read them, and holds one lock instead whose tag says how far it is, in
 * the order of days: who comes later finds rows of a transaction that has passed, and
 * waits for the transaction itself.  So nobody waits but for who writes the same day.
 * It never says more than it has read: of two statements that share a day, each would
 * take the other to have passed it.
 */

uint32
day_order(uint64 hash)
{
	return (uint32) hash;
}

void
pass_begin(DayPass *pass, Oid relation, const uint64 *days, int n)
{
	OwnDays    *own = own_days();
	LOCKTAG		all = tag_of(relation, PG_UINT32_MAX, LOCK_PASSED);

	memset(pass, 0, sizeof(DayPass));
	pass->relation = relation;
	pass->days = days;
	pass->n = n;
	hold_way(relation, RowExclusiveLock);
	pass->holds = n + own->n <= MAX_DAYS_HELD;
	if (pass->holds)
		own->n += n;
	pass->all = lock_held_by_me(&all, ShareLock);
}

static LOCKTAG
tag_of_day(const DayPass *pass, int at)
{
	return tag_of(pass->relation, day_order(pass->days[at]), LOCK_DAY);
}

/* Is a day held since an earlier statement?  Not another one of its number. */
static bool
is_held(const DayPass *pass, uint64 hash)
{
	const OwnDays *own = own_days();
	int			i;

	for (i = 0; i < own->n_held; i++)
		if (own->held[i].hash == hash && own->held[i].relation == pass->relation)
			return true;
	return false;
}

bool
pass_lock(const DayPass *pass)
{
	LOCKTAG		tag = tag_of_day(pass, pass->n_read);

	/* a lock may have gone with a savepoint */
	return LockAcquire(&tag, ExclusiveLock, false, false) == LOCKACQUIRE_ALREADY_HELD && is_held(pass, pass->days[pass->n_read]);
}

static void
unlock_day(const DayPass *pass, int at)
{
	LOCKTAG		tag = tag_of_day(pass, at);

	(void) LockRelease(&tag, ExclusiveLock, false);
}

void
pass_unlock(const DayPass *pass)
{
	unlock_day(pass, pass->n_read);
}

/* Say that days up to one are passed. */
static void
say_passed(DayPass *pass, uint32 day)
{
	LOCKTAG		tag = tag_of(pass->relation, day, LOCK_PASSED);

	if (pass->all)
		return;
	(void) LockAcquire(&tag, ShareLock, false, false);
	if (pass->says)
	{
		tag = tag_of(pass->relation, pass->said, LOCK_PASSED);
		(void) LockRelease(&tag, ShareLock, false);
	}
	pass->says = true;
	pass->said = day;
}

/* Give back the days that were read, of which is said that they are passed. */
static void
unlock_read(DayPass *pass)
{
	while (pass->n_passed < pass->n_read)
		unlock_day(pass, pass->n_passed++);
}

void
pass_day(DayPass *pass)
{
	uint64		day = pass->days[pass->n_read++];

	if (pass->holds && !is_held(pass, day))
	{
		OwnDays    *own = own_days();

		own->held[own->n_held++] = (HeldDay) {pass->relation, day};
	}
	if (pass->holds || pass->n_read - pass->n_passed < MAX_DAYS_HELD)
		return;
	say_passed(pass, day_order(day));
	unlock_read(pass);
}

void
pass_end(DayPass *pass)
{
	if (pass->holds || pass->n == 0)
		return;
	/* what a later statement of the transaction passes is in no order with this */
	say_passed(pass, PG_UINT32_MAX);
	unlock_read(pass);
}

/* Does a process hold a lock that says that it has passed a day of the relation? */
static bool
says_passed(Oid relation, uint32 day, int pid)
{
	LockData   *locks = GetLockStatusData();
	LOCKTAG		passed = tag_of(relation, 0, LOCK_PASSED);
	bool		has_passed;
	int			i;

	for (i = 0; i < locks->nelements; i++)
	{
		const LockInstanceData *lock = &locks->locks[i];

		passed.locktag_field3 = lock->locktag.locktag_field3;
		if (lock->pid == pid && (lock->holdMask & LOCKBIT_ON(ShareLock)) && passed.locktag_field3 >= day &&
			memcmp(&lock->locktag, &passed, sizeof(LOCKTAG)) == 0)
			break;
	}
	has_passed = i < locks->nelements;
	/* it is as long as the server has sessions, and asked for many days */
	pfree(locks->locks);
	pfree(locks);
	return has_passed;
}

bool
pass_must_wait(const DayPass *pass, TransactionId other)
{
	int			pid = BackendXidGetPid(SubTransGetTopmostTransaction(other));

	/* one that is prepared has passed all its days; one that has just ended is not waited for long */
	return pid == 0 || says_passed(pass->relation, day_order(pass->days[pass->n_read]), pid) || !TransactionIdIsInProgress(other);
}

/* ----------------------------------------------------------------- scans */

/*
 * A scan holds its source, which is known by its view, over all its transactions:
 * the lock is the session's.  A transaction that fails is the end of a scan, whatever
 * was in its way and wherever: the lock goes with it, or others would have to wait
 * for the session to end.
 */
static Oid	scanned = InvalidOid;

static void
scan_unlock(Oid view)
{
	LOCKTAG		tag = tag_of(view, 0, LOCK_SCAN);

	if (view == scanned)
		scanned = InvalidOid;
	while (lock_held_by_me(&tag, ExclusiveLock))
		if (!LockRelease(&tag, ExclusiveLock, true))
			break;
}

static void
scan_failed(XactEvent event, void *unused)
{
	if (event == XACT_EVENT_ABORT && OidIsValid(scanned))
		scan_unlock(scanned);
}

Datum
claim_scan_lock(PG_FUNCTION_ARGS)
{
	static bool watches = false;
	LOCKTAG		tag = tag_of(PG_GETARG_OID(0), 0, LOCK_SCAN);

	if (!watches)
		RegisterXactCallback(scan_failed, NULL);
	watches = true;
	if (LockAcquire(&tag, ExclusiveLock, true, true) == LOCKACQUIRE_NOT_AVAIL)
		PG_RETURN_BOOL(false);
	scanned = PG_GETARG_OID(0);
	PG_RETURN_BOOL(true);
}

Datum
claim_scan_unlock(PG_FUNCTION_ARGS)
{
	scan_unlock(PG_GETARG_OID(0));
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

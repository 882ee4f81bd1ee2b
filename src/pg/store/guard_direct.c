/*
 * src/pg/store/guard_direct.c
 *
 * Days of a table that its guard reads by an index, without queries.
 */
#include "postgres.h"

#include "access/xact.h"
#include "miscadmin.h"
#include "pg/store/day_scan.h"
#include "pg/store/guard_direct.h"
#include "pg/store/note_scan.h"
#include "pg/store/store_lock.h"
#include "pg/store/store_sql.h"
#include "storage/lmgr.h"
#include "utils/guc.h"
#include "utils/memutils.h"
#include "utils/rel.h"

static int
compare_keys(const void *x, const void *y)
{
	uint32		a = day_order((uint64) ((const Key *) x)->hash);
	uint32		b = day_order((uint64) ((const Key *) y)->hash);

	return a < b ? -1 : a > b;
}

/* Does a day that was read not pass? */
static bool
offends(DayTables *days, Day *day)
{
	arena_reset(&days->arena);
	return day->n_lines > 0 && day_offends(days->guard, day, &days->arena, days->pairs);
}

/* The first transaction that wrote rows of the day just read and that is to be waited for. */
static TransactionId
to_wait_for(const DayScan *scan, const DayPass *pass)
{
	int			i;

	for (i = 0; i < scan->n_others; i++)
		if (pass_must_wait(pass, scan->others[i]))
			return scan->others[i];
	return InvalidTransactionId;
}

/* Lock the next day and read it, when nobody is to be waited for. */
static void
enter_day(DayScan *scan, const DayPass *pass, const Key *key, Day *day)
{
	for (;;)
	{
		bool		was_held = pass_lock(pass);
		TransactionId other;

		day_scan_read(scan, key, day);
		other = was_held ? InvalidTransactionId : to_wait_for(scan, pass);
		if (!TransactionIdIsValid(other))
			break;
		/* it may come back for the day */
		pass_unlock(pass);
		XactLockTableWait(other, NULL, NULL, XLTW_None);
	}
}

int
pass_days(Guard *guard, Relation table, Key *keys, int n, bool judges)
{
	uint64	   *days = palloc_extended(sizeof(uint64) * (Size) n + 1, MCXT_ALLOC_HUGE);
	DayPass		pass;
	DayScan		scan;
	Day			day;
	int			left = 0;
	int			i;

	if (n > 1)
		qsort(keys, n, sizeof(Key), compare_keys);
	for (i = 0; i < n; i++)
		days[i] = (uint64) keys[i].hash;
	pass_begin(&pass, guard->relation, days, n);
	day_scan_begin(&scan, guard->days, table);
	for (i = 0; i < n && !scan.is_stale; i++)
	{
		enter_day(&scan, &pass, &keys[i], judges ? &day : NULL);
		pass_day(&pass);
		if (judges && offends(scan.days, &day))
		{
			Key			passed = keys[left];

			keys[left++] = keys[i];
			keys[i] = passed;
		}
		CHECK_FOR_INTERRUPTS();
	}
	day_scan_end(&scan);
	pass_end(&pass);
	pfree(days);
	return scan.is_stale ? -1 : left;
}

void
direct_days_free(DirectDays *days)
{
	if (days->context != NULL)
		MemoryContextDelete(days->context);
	memset(days, 0, sizeof(DirectDays));
}

bool
guard_passes_directly(TriggerData *data, DirectDays *days)
{
	Guard	   *guard = guard_at_hand(data);
	MemoryContext old;
	Role		role;
	bool		passes;
	int			level;

	/* what is read with a dirty snapshot is no read that SERIALIZABLE knows of */
	if (guard == NULL || guard->days == NULL || IsolationIsSerializable())
		return false;
	direct_days_free(days);
	days->context = AllocSetContextCreate(CurrentMemoryContext, "claimline guard days", ALLOCSET_SMALL_SIZES);
	old = MemoryContextSwitchTo(days->context);
	role = role_begin(guard->owner);
	level = NewGUCNestLevel();
	/* as for the whole of the trigger, which sets it for all that runs: most mappings call nothing that would ask */
	if (guard->days->calls_others)
		set_local("search_path", "pg_catalog, pg_temp");
	days->n = row_reader_days(guard->days->rows, data->tg_relation, data->tg_newtable, data->tg_oldtable, &days->keys);
	days->n_offending = days->n == 0 ? 0 : pass_days(guard, data->tg_relation, days->keys, days->n, true);
	passes = days->n_offending == 0 && (guard->action == ACTION_REJECT || !any_day_noted(guard, days->keys, days->n));
	AtEOXact_GUC(false, level);
	role_end(role);
	MemoryContextSwitchTo(old);
	/* what it was made from may have changed while it waited: then all is done anew */
	if (guard->valid && days->n_offending >= 0)
		days->guard = guard->number;
	return passes && guard->valid;
}

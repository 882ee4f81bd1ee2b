/*
 * src/pg/store/guard.c
 *
 * The triggers on claims tables: claim_guard judges the provider-days that a
 * statement touched, claim_track notes their keys for the next scan.  Both are
 * statement triggers over transition tables.  What is SQL here comes from
 * claim_source_select, so a guard sees lines as the source's view does.
 *
 * Lines are read as the owner of the table, as foreign keys are: who may insert
 * need not be allowed to read.  Only a source of that owner is trusted with it.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "miscadmin.h"
#include "pg/store/guard.h"
#include "storage/lock.h"
#include "storage/proc.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

PG_FUNCTION_INFO_V1(claim_guard);
PG_FUNCTION_INFO_V1(claim_track);

/*
 * Provider-days are locked in buckets: a statement over any number of days
 * needs no more entries of the lock table than this.  One over few days shares
 * its buckets with others like it, and locks each day by itself besides, so
 * that two of them wait only for the same day.
 */
#define LOCK_BUCKETS	1024

/* A transaction that has locked so many days takes whole buckets from then on. */
#define MAX_DAY_LOCKS	1000

/* An advisory lock's tag has 1 or 2 in this place: ours meet no application's. */
#define LOCK_BUCKET		97
#define LOCK_DAY		98

/* A statement that touches more days reads them with one query. */
#define MANY_DAYS		64

/* Stored days that are in memory at a time. */
#define CHUNK			1000

/* ------------------------------------------------------ the days touched */

/*
 * The lines of the statement that are not as they were.  An update that changes
 * no mapped column touches no day.
 */
static const char *
changed_lines(const Guard *guard, Event event)
{
	switch (event)
	{
		case EVENT_INSERT:
			return guard->new_lines;
		case EVENT_DELETE:
			return guard->old_lines;
		case EVENT_UPDATE:
			break;
	}
	return psprintf("(%s EXCEPT ALL %s) UNION ALL (%s EXCEPT ALL %s)",
					guard->new_lines, guard->old_lines, guard->old_lines, guard->new_lines);
}

/* Keys of the days touched, and the lock of each; returns how many. */
static int
days_touched(Guard *guard, Event event, bool one_row, Key **keys, uint64 **locks)
{
	bool		one = one_row && event != EVENT_UPDATE;
	SPIPlanPtr *plan;
	Key		   *key;
	int			n;
	int			i;
	int			part;

	/* most inserts write one row: grouping it would cost as much as the rest */
	plan = &guard->plans[(one ? PLAN_TOUCHED_ONE : PLAN_TOUCHED) + event];
	if (*plan == NULL)
	{
		const char *lines = changed_lines(guard, event);

		if (!one)
			lines = psprintf("SELECT DISTINCT patient, provider, dos FROM (%s) c", lines);
		guard_keep(plan, psprintf("SELECT patient, provider, dos, " DAY_HASH("") " FROM (%s) k", lines), 0, NULL);
	}
	guard_execute(*plan, NULL, NULL, true);
	if (one && SPI_processed > 1)
		/* a row of several lines */
		return days_touched(guard, event, false, keys, locks);
	n = (int) SPI_processed;
	for (part = 0; part < N_KEYS && n > 0; part++)
		guard->key_types[part] = SPI_gettypeid(SPI_tuptable->tupdesc, part + 1);
	*keys = palloc_extended(sizeof(Key) * (Size) n + 1, MCXT_ALLOC_HUGE);
	*locks = palloc_extended(sizeof(uint64) * (Size) n + 1, MCXT_ALLOC_HUGE);
	for (i = 0; i < n; i++)
	{
		uint64		hash;
		bool		is_null;

		key = &(*keys)[i];
		key->mask = 0;
		for (part = 0; part < N_KEYS; part++)
		{
			key->values[part] = guard_column(i, part + 1, &key->nulls[part]);
			key->mask |= key->nulls[part] << part;
		}
		key->hash = DatumGetInt64(guard_column(i, N_KEYS + 1, &is_null));
		hash = (uint64) key->hash;
		(*locks)[i] = (hash >> 32) % LOCK_BUCKETS << 32 | (hash & PG_UINT32_MAX);
	}
	return n;
}

static int
compare_locks(const void *a, const void *b)
{
	uint64		x = *(const uint64 *) a;
	uint64		y = *(const uint64 *) b;

	return x < y ? -1 : x > y;
}

static void
lock(const Guard *guard, uint32 what, uint16 class, LOCKMODE mode)
{
	LOCKTAG		tag;

	SET_LOCKTAG_ADVISORY(tag, MyDatabaseId, guard->relation, what, class);
	(void) LockAcquire(&tag, mode, false, false);
}

/* Days that this transaction has locked by themselves. */
static int *
day_locks(void)
{
	static LocalTransactionId transaction = InvalidLocalTransactionId;
	static int	n = 0;

	if (transaction != MY_LXID)
		n = 0;
	transaction = MY_LXID;
	return &n;
}

/*
 * Hold every day touched until the end of the transaction; in one order, so
 * that two statements over the same days wait for each other only one way.
 */
static void
lock_days(const Guard *guard, uint64 *locks, int n)
{
	bool		few = n <= MANY_DAYS && *day_locks() + n <= MAX_DAY_LOCKS;
	int			i;

	/* the bucket is in the upper half: buckets in order, days in order in each */
	qsort(locks, n, sizeof(uint64), compare_locks);
	for (i = 0; i < n; i++)
	{
		if (i == 0 || locks[i] >> 32 != locks[i - 1] >> 32)
			lock(guard, (uint32) (locks[i] >> 32), LOCK_BUCKET, few ? ShareLock : ExclusiveLock);
		if (few && (i == 0 || locks[i] != locks[i - 1]))
			lock(guard, (uint32) locks[i], LOCK_DAY, ExclusiveLock);
	}
	if (few)
		*day_locks() += n;
}

/* ------------------------------------------------------------- judging */

/* Is there a finding at or above the guard's severity? */
static bool
is_offending(const Guard *guard, Datum datum, Arena *arena)
{
	FindingSink sink;
	Day			day;

	arena_reset(arena);
	day_from_flat(DatumGetFlatDay(datum), arena, &day);
	sink_init(&sink, arena, NULL, SINK_VERDICT);
	sink.at_least = guard->at_least;
	judge_day(&day, guard->rules, &sink);
	return sink.reached;
}

/*
 * Which days offend?  One after another, or all with one query where there are
 * many; returns how many are left in `keys`.
 */
static int
offending_days(Guard *guard, Key *keys, int n)
{
	MemoryContext per_day = AllocSetContextCreate(CurrentMemoryContext, "claimline guard days", ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = CurrentMemoryContext;
	bool		many = n > MANY_DAYS;
	Datum		values[N_KEYS];
	Oid			types[N_KEYS];
	int			common = N_MASKS - 1;
	Arena		arena;
	int			left = 0;
	int			i;

	arena_init_context(&arena, old);
	/* parts that are null in every key: the source has none of them */
	for (i = 0; i < n; i++)
		common &= keys[i].mask;
	if (many)
		guard_key_arrays(guard, keys, n, values, types);
	for (i = 0; i < n; i++)
	{
		Datum		day;
		bool		offends;

		if (many && keys[i].mask == common)
			continue;
		offends = guard_read_day(guard, &keys[i], &day);
		MemoryContextSwitchTo(per_day);
		offends = offends && is_offending(guard, day, &arena);
		SPI_freetuptable(SPI_tuptable);
		MemoryContextSwitchTo(old);
		MemoryContextReset(per_day);
		if (offends)
			keys[left++] = keys[i];
	}
	if (many)
	{
		/* planned anew: it is worth it, and what was good for a small table is not for a large one */
		int			level = NewGUCNestLevel();
		StringInfoData condition;
		SPIPlanPtr	plan;
		Portal		portal;
		int			part;

		/* grouping by hash in memory takes half the time of a sort that does not fit */
		guard_set_local("work_mem", psprintf("%d", Max(work_mem, maintenance_work_mem)));
		guard_set_local("enable_sort", "off");
		guard_set_local("enable_seqscan", "on");
		initStringInfo(&condition);
		for (part = 0; part < N_KEYS; part++)
			if (common & 1 << part)
				appendStringInfo(&condition, "%sl.%s IS NULL", part > 0 ? " AND " : "", key_names[part]);
			else
				appendStringInfo(&condition, "%sl.%s %s k.%s", part > 0 ? " AND " : "", key_names[part],
								 guard_equals(guard, part), key_names[part]);
		plan = guard_prepare(psprintf("SELECT l.patient, l.provider, l.dos, %s.claimday(l.claim_id, l.line_no, l.line), "
									  DAY_HASH("l.") " "
									  "FROM (%s) l JOIN unnest($1, $2, $3) k (patient, provider, dos) ON %s "
									  "GROUP BY l.patient, l.provider, l.dos",
									  guard->schema, guard->lines, condition.data), N_KEYS, types);
		portal = SPI_cursor_open(NULL, plan, values, NULL, true);
		for (;;)
		{
			uint64		row;

			SPI_cursor_fetch(portal, true, CHUNK);
			if (SPI_processed == 0)
				break;
			MemoryContextSwitchTo(per_day);
			for (row = 0; row < SPI_processed; row++)
			{
				bool		is_null;
				Key			key = {.mask = common};

				if (!is_offending(guard, guard_column(row, N_KEYS + 1, &is_null), &arena))
					continue;
				if (left == n)
					ereport(ERROR,
							(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
							 errmsg("claim source \"%s\" gives other provider-days each time it is read", guard->source)));
				MemoryContextSwitchTo(old);
				for (part = 0; part < N_KEYS; part++)
				{
					Form_pg_attribute attribute = TupleDescAttr(SPI_tuptable->tupdesc, part);

					key.values[part] = guard_column(row, part + 1, &key.nulls[part]);
					if (!key.nulls[part])
						key.values[part] = datumCopy(key.values[part], attribute->attbyval, attribute->attlen);
				}
				key.hash = DatumGetInt64(guard_column(row, N_KEYS + 2, &is_null));
				keys[left++] = key;
				MemoryContextSwitchTo(per_day);
			}
			SPI_freetuptable(SPI_tuptable);
			MemoryContextSwitchTo(old);
			MemoryContextReset(per_day);
		}
		SPI_cursor_close(portal);
		SPI_freeplan(plan);
		AtEOXact_GUC(false, level);
	}
	MemoryContextDelete(per_day);
	return left;
}

/* ------------------------------------------------------------ the triggers */

/* Judge the days that the statement touched. */
static void
judge(Guard *guard, Event event, bool one_row, Relation table, Oid user)
{
	Key		   *keys;
	uint64	   *locks;
	int			n = days_touched(guard, event, one_row, &keys, &locks);
	Written		written = {NULL, 0};
	int			i;

	lock_days(guard, locks, n);
	/*
	 * What others committed while we waited for them counts also where the
	 * transaction's own snapshot is older: so this sees what a constraint sees.
	 */
	CommandCounterIncrement();
	PushActiveSnapshot(GetLatestSnapshot());
	if (guard->action != ACTION_REJECT)
		guard_clear_notes(guard, keys, n);
	n = offending_days(guard, keys, n);
	if (n > 0 && guard->action != ACTION_ANNOTATE)
		guard_read_written(guard, event, keys, n, &written);
	for (i = 0; i < n; i++)
	{
		switch (guard->action)
		{
			case ACTION_REJECT:
				guard_read_findings(guard, &written, &keys[i]);
				if (SPI_processed > 0)
					guard_refuse(guard, &keys[i], table, user);
				SPI_freetuptable(SPI_tuptable);
				break;
			case ACTION_ANNOTATE:
				guard_note_findings(guard, &keys[i]);
				break;
			case ACTION_QUARANTINE:
				guard_quarantine(guard, event, &written, &keys[i], table);
				break;
			case ACTION_TRACK:
				break;
		}
		CHECK_FOR_INTERRUPTS();
	}
	PopActiveSnapshot();
}

/* Note that the table was emptied. */
static void
track_truncate(const Guard *guard)
{
	Oid			types[] = {TEXTOID};
	Datum		values[1] = {CStringGetTextDatum(guard->source)};
	Role		role = guard_role_begin(guard->store_owner);

	guard_execute_once(psprintf("INSERT INTO %s.claim_change (source, whole) VALUES ($1, true)", guard->schema),
				 lengthof(types), types, values, NULL, false);
	guard_role_end(role);
}

/* Note the keys of the days touched for the next scan. */
static void
track(Guard *guard, Event event)
{
	Oid			types[] = {TEXTARRAYOID, TEXTARRAYOID, DATEARRAYOID, TEXTOID};
	Datum		values[4];
	Role		role;

	/* charges are stored with findings: they count as well */
	guard_execute_once(psprintf("SELECT DISTINCT patient::text, provider::text, dos FROM (%s) c", changed_lines(guard, event)),
				 0, NULL, NULL, NULL, true);
	if (SPI_processed == 0)
		return;
	values[0] = guard_column_array(1, TEXTOID);
	values[1] = guard_column_array(2, TEXTOID);
	values[2] = guard_column_array(3, DATEOID);
	values[3] = CStringGetTextDatum(guard->source);
	role = guard_role_begin(guard->store_owner);
	guard_execute_once(psprintf("INSERT INTO %s.claim_change (source, patient, provider, dos) "
						  "SELECT $4, k.patient, k.provider, k.dos FROM unnest($1, $2, $3) k (patient, provider, dos)",
						  guard->schema), lengthof(types), types, values, NULL, false);
	guard_role_end(role);
}

static int64
n_rows(Tuplestorestate *rows)
{
	return rows == NULL ? 0 : tuplestore_tuple_count(rows);
}

/* What both triggers have in common. */
static void
run_trigger(FunctionCallInfo fcinfo, bool judges)
{
	TriggerData *data = (TriggerData *) fcinfo->context;
	const char *name = judges ? "claim_guard" : "claim_track";
	Event		event;
	bool		truncates;
	Oid			user = GetUserId();
	int			level;
	Guard	   *guard;
	Role		role;

	guard_protocol(CALLED_AS_TRIGGER(fcinfo) && TRIGGER_FIRED_AFTER(data->tg_event) && TRIGGER_FIRED_FOR_STATEMENT(data->tg_event),
			 name, "after a statement");
	event = TRIGGER_FIRED_BY_INSERT(data->tg_event) ? EVENT_INSERT
		: TRIGGER_FIRED_BY_UPDATE(data->tg_event) ? EVENT_UPDATE : EVENT_DELETE;
	truncates = TRIGGER_FIRED_BY_TRUNCATE(data->tg_event);
	guard_protocol(truncates ||
			 ((event == EVENT_DELETE || (data->tg_newtable != NULL && strcmp(data->tg_trigger->tgnewtable, NEW_LINES) == 0)) &&
			  (event == EVENT_INSERT || (data->tg_oldtable != NULL && strcmp(data->tg_trigger->tgoldtable, OLD_LINES) == 0))),
			 name, "with the transition tables " NEW_LINES " and " OLD_LINES);
	if ((judges && event == EVENT_DELETE && guard_is_moving(data->tg_relation)) || (!truncates && n_rows(data->tg_newtable) + n_rows(data->tg_oldtable) == 0))
		return;

	/*
	 * For as long as anything runs here with other rights: names and operators
	 * are the server's, whatever the writer's path; also when a plan is made
	 * anew.  An error ends this with the transaction.
	 */
	level = NewGUCNestLevel();
	guard_set_local("search_path", "pg_catalog, pg_temp");
	guard_set_local("row_security", "on");
	/* a plan that was made while the table was empty is kept when it is not */
	guard_set_local("enable_seqscan", "off");
	/* what makes a scan look dear must not make the query worth compiling */
	guard_set_local("jit", "off");
	SPI_connect();
	if (SPI_register_trigger_data(data) != SPI_OK_TD_REGISTER)
		elog(ERROR, "could not register the transition tables");
	PushActiveSnapshot(GetLatestSnapshot());
	guard = guard_of(fcinfo, judges);
	role = guard_role_begin(guard->owner);
	guard->busy++;
	PG_TRY();
	{
		if (truncates && judges)
		{
			/* a partition that was emptied had some of the days, nobody knows which */
			if (guard->table == guard->relation)
				guard_clear_all_notes(guard);
		}
		else if (judges)
			judge(guard, event, n_rows(data->tg_newtable) + n_rows(data->tg_oldtable) == 1, data->tg_relation, user);
		else if (truncates)
			track_truncate(guard);
		else
			track(guard, event);
	}
	PG_FINALLY();
	{
		guard->busy--;
	}
	PG_END_TRY();
	guard_role_end(role);
	PopActiveSnapshot();
	SPI_finish();
	AtEOXact_GUC(false, level);
}

/*
 * Trigger after a statement, with the arguments source, policy, severity,
 * action and service type.  Raises check_violation for a day that does not
 * pass; or moves the offending rows aside; or notes the findings.
 */
Datum
claim_guard(PG_FUNCTION_ARGS)
{
	run_trigger(fcinfo, true);
	PG_RETURN_POINTER(NULL);
}

/* Trigger after a statement, with the argument source: notes which days it touched. */
Datum
claim_track(PG_FUNCTION_ARGS)
{
	run_trigger(fcinfo, false);
	PG_RETURN_POINTER(NULL);
}

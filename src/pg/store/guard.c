/*
 * src/pg/store/guard.c
 *
 * The triggers on claims tables: claim_guard judges the provider-days that a
 * statement touched, claim_track notes their keys for the next scan.  Both are
 * statement triggers over transition tables.  Their SQL is the SELECT of the
 * source's mapping, so a guard sees lines as the source's view does.
 *
 * Lines are read as the owner of the table, as foreign keys are: who may insert
 * need not be allowed to read.  Only a source of that owner is trusted with it.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "pg/extension.h"
#include "pg/store/guard_action.h"
#include "pg/store/guard_attest.h"
#include "pg/store/guard_direct.h"
#include "pg/store/store_lock.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

PG_FUNCTION_INFO_V1(claim_guard);
PG_FUNCTION_INFO_V1(claim_track);

static void
lock_days_of(const Guard *guard, const Key *keys, int n)
{
	uint64	   *locks = palloc_extended(sizeof(uint64) * (Size) n + 1, MCXT_ALLOC_HUGE);
	int			i;

	for (i = 0; i < n; i++)
		locks[i] = day_lock((uint64) keys[i].hash);
	lock_days(guard->relation, locks, n, MANY_DAYS);
	pfree(locks);
}

/* The days that the statement touched, by a query; they are locked. */
static int
lock_days_touched(Guard *guard, Event event, bool one_row, Relation table, Key **keys)
{
	int			n = days_touched(guard, event, one_row, keys);

	if (guard->days == NULL || pass_days(guard, table, *keys, n, false) < 0)
		lock_days_of(guard, *keys, n);
	return n;
}

/* Judge the days that the statement touched, or go on with what is known of them. */
static void
judge(Guard *guard, Event event, bool one_row, Relation table, Oid user, const DirectDays *direct)
{
	bool		known = direct->guard == guard->number;
	Key		   *keys = direct->keys;
	int			n = known ? direct->n : lock_days_touched(guard, event, one_row, table, &keys);
	MemoryContext per_day;
	MemoryContext old;
	Written		written = {NULL, 0};
	uint64		n_moved = 0;
	int			n_moved_days = 0;
	int			i;

	/*
	 * What others committed while we waited for them counts also where the
	 * transaction's own snapshot is older: so this sees what a constraint sees.
	 */
	CommandCounterIncrement();
	PushActiveSnapshot(GetLatestSnapshot());
	if (guard->action != ACTION_REJECT)
		guard_clear_notes(guard, keys, n);
	n = known ? direct->n_offending : offending_days(guard, keys, n);
	if (n > 0 && (guard->action != ACTION_ANNOTATE || guard_attests()))
		read_written(guard, event, keys, n, &written);
	per_day = AllocSetContextCreate(CurrentMemoryContext, "claimline guard answer", ALLOCSET_DEFAULT_SIZES);
	old = MemoryContextSwitchTo(per_day);
	for (i = 0; i < n; i++)
	{
		uint64		moved = 0;

		switch (guard->action)
		{
			case ACTION_REJECT:
				guard_refuse(guard, &written, &keys[i], table, user, NULL);
				break;
			case ACTION_ANNOTATE:
				guard_note_findings(guard, &keys[i]);
				if (guard_attests())
					guard_note_attested(guard, &written, &keys[i], user);
				break;
			case ACTION_QUARANTINE:
				moved = guard_quarantine(guard, event, &written, &keys[i], table, user);
				break;
			case ACTION_TRACK:
				break;
		}
		n_moved += moved;
		n_moved_days += moved > 0;
		MemoryContextReset(per_day);
		CHECK_FOR_INTERRUPTS();
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(per_day);
	PopActiveSnapshot();
	if (n_moved > 0)
		guard_say_moved(guard, n_moved, n_moved_days);
}

/* Note that the table was emptied. */
static void
track_truncate(const Guard *guard)
{
	Oid			types[] = {TEXTOID};
	Datum		values[1] = {CStringGetTextDatum(guard->source)};
	Role		role = role_begin(guard->store_owner);

	sql_execute_once("INSERT INTO " INTERNAL_SCHEMA ".claim_change (source, whole) VALUES ($1, true)",
					 lengthof(types), types, values, NULL, false);
	role_end(role);
}

/* The table of a trigger was emptied. */
static void
on_truncate(const Guard *guard, bool judges)
{
	/* a partition that was emptied had some of the days, nobody knows which */
	if (judges && guard->table == guard->relation)
		guard_clear_all_notes(guard);
	else if (!judges)
		track_truncate(guard);
}

/* Note the keys of the days touched for the next scan. */
static void
track(Guard *guard, Event event)
{
	Oid			types[] = {TEXTARRAYOID, TEXTARRAYOID, DATEARRAYOID, TEXTOID};
	Datum		values[4];
	Role		role;

	/* as claim_scan reads them, whatever form the writer's settings give to dates and floats */
	set_local("datestyle", "ISO, YMD");
	set_local("intervalstyle", "postgres");
	set_local("extra_float_digits", "1");
	/* charges are stored with findings: they count as well */
	sql_execute_once(psprintf("SELECT DISTINCT patient::text, provider::text, dos FROM (%s) c", guard->touched_by[event]),
				 0, NULL, NULL, NULL, true);
	if (SPI_processed == 0)
		return;
	values[0] = sql_column_array(1, TEXTOID);
	values[1] = sql_column_array(2, TEXTOID);
	values[2] = sql_column_array(3, DATEOID);
	values[3] = CStringGetTextDatum(guard->source);
	role = role_begin(guard->store_owner);
	sql_execute_once("INSERT INTO " INTERNAL_SCHEMA ".claim_change (source, patient, provider, dos) "
					 "SELECT $4, k.patient, k.provider, k.dos FROM unnest($1, $2, $3) k (patient, provider, dos)",
					 lengthof(types), types, values, NULL, false);
	role_end(role);
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
	DirectDays	direct = {0};

	trigger_protocol(CALLED_AS_TRIGGER(fcinfo) && TRIGGER_FIRED_AFTER(data->tg_event) && TRIGGER_FIRED_FOR_STATEMENT(data->tg_event),
			 name, "after a statement");
	event = TRIGGER_FIRED_BY_INSERT(data->tg_event) ? EVENT_INSERT
		: TRIGGER_FIRED_BY_UPDATE(data->tg_event) ? EVENT_UPDATE : EVENT_DELETE;
	truncates = TRIGGER_FIRED_BY_TRUNCATE(data->tg_event);
	trigger_protocol(truncates ||
			 ((event == EVENT_DELETE || (data->tg_newtable != NULL && strcmp(data->tg_trigger->tgnewtable, NEW_LINES) == 0)) &&
			  (event == EVENT_INSERT || (data->tg_oldtable != NULL && strcmp(data->tg_trigger->tgoldtable, OLD_LINES) == 0))),
			 name, "with the transition tables " NEW_LINES " and " OLD_LINES);
	if ((judges && event == EVENT_DELETE && guard_is_moving(data->tg_relation)) || (!truncates && n_rows(data->tg_newtable) + n_rows(data->tg_oldtable) == 0))
		return;
	if (judges && !truncates && guard_passes_directly(data, &direct))
	{
		direct_days_free(&direct);
		return;
	}

	/*
	 * For as long as anything runs here with other rights: names and operators
	 * are the server's, whatever the writer's path; also when a plan is made
	 * anew.  An error ends this with the transaction.
	 */
	level = NewGUCNestLevel();
	set_local("search_path", "pg_catalog, pg_temp");
	set_local("row_security", "on");
	/* a plan that was made while the table was empty is kept when it is not */
	set_local("enable_seqscan", "off");
	/* what makes a scan look dear must not make the query worth compiling */
	set_local("jit", "off");
	SPI_connect();
	if (SPI_register_trigger_data(data) != SPI_OK_TD_REGISTER)
		elog(ERROR, "could not register the transition tables");
	PushActiveSnapshot(GetLatestSnapshot());
	guard = guard_of(data, judges);
	role = role_begin(guard->owner);
	guard->busy++;
	PG_TRY();
	{
		/* a partition that was detached is of no source */
		if (guard->is_over && truncates)
			on_truncate(guard, judges);
		/* the first statement of a session, or one behind a change, has made the guard just now */
		else if (guard->is_over && judges && direct.guard != guard->number && guard_passes_directly(data, &direct))
			;
		else if (guard->is_over && judges)
			judge(guard, event, n_rows(data->tg_newtable) + n_rows(data->tg_oldtable) == 1, data->tg_relation, user, &direct);
		else if (guard->is_over)
			track(guard, event);
	}
	PG_FINALLY();
	{
		guard->busy--;
	}
	PG_END_TRY();
	role_end(role);
	PopActiveSnapshot();
	direct_days_free(&direct);
	SPI_finish();
	AtEOXact_GUC(false, level);
}

/*
 * Trigger after a statement, with the argument source: does what the guard of
 * the source says.  Raises check_violation for a day that does not pass; or
 * moves the offending rows aside; or notes the findings.
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

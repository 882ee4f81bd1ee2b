/*
 * src/guard.c
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
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "edits.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "server.h"
#include "storage/lock.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/guc.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/rls.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

PG_FUNCTION_INFO_V1(claim_guard);
PG_FUNCTION_INFO_V1(claim_track);
PG_FUNCTION_INFO_V1(claim_rules_changed);

/* names of the transition tables in the triggers that claim_guard_add makes */
#define NEW_LINES	"claimline_new"
#define OLD_LINES	"claimline_old"

/*
 * Provider-days are locked by hash, so that a statement or a transaction over
 * any number of days needs no more entries of the lock table than this.
 */
#define LOCK_BUCKETS	1024

/* An advisory lock's tag has 1 or 2 here: ours meet no application's. */
#define LOCK_CLASS		97

/* A statement that touches more days reads them with one query. */
#define MANY_DAYS		64

/* Days that are stored or noted with one statement. */
#define CHUNK			1000

typedef enum Action
{
	ACTION_REJECT, ACTION_QUARANTINE, ACTION_ANNOTATE, ACTION_TRACK
} Action;

static const char *const action_names[] = {"reject", "quarantine", "annotate", "track"};

/* the events of a guard */
typedef enum Event
{
	EVENT_INSERT, EVENT_UPDATE, EVENT_DELETE
} Event;

#define N_EVENTS	3

/* patient, provider, date of service */
#define N_KEYS		3
#define N_MASKS		(1 << N_KEYS)

/* What a trigger needs, kept in the backend until something that it was made from changes. */
typedef struct Guard
{
	Oid			trigger;		/* hash key */
	bool		valid;
	int			busy;			/* how many calls are using it */
	MemoryContext context;		/* of all below */
	const char *schema;			/* of the extension, quoted */
	const char *source;
	const char *policy;
	const char *service_type;
	Severity	at_least;
	Action		action;
	Oid			relation;		/* of the source: its days have one set of locks */
	Oid			owner;			/* of the table */
	Oid			store_owner;	/* of the extension's tables */
	const char *lines;			/* SELECT of the source's lines, stored and in transition */
	const char *new_lines;
	const char *old_lines;
	const char *rows;			/* the same, with where a row is; with the whole row */
	const char *old_rows;
	const Ruleset *rules;
	Oid			ruleset_type;
	Oid			day_type;
	Oid			key_types[N_KEYS];
	SPIPlanPtr	touched[N_EVENTS];
	SPIPlanPtr	day[N_MASKS];	/* by which parts of the key are null */
} Guard;

/* A provider-day that the statement touched. */
typedef struct Key
{
	Datum		values[N_KEYS];
	bool		nulls[N_KEYS];
	int			mask;			/* of the nulls */
} Key;

static HTAB *guards = NULL;

/* What a guard is made from; their invalidation ends every guard. */
static Oid	watched[4];

static const char *const watched_names[] = {"claim_source", "claim_policy", "ncci_edition", "ncci_retired"};

/* Rows that a guard itself moves aside are not judged again. */
static int	moving = 0;

/* ------------------------------------------------ what guards are made from */

static void
forget_guards(Datum argument, Oid relation)
{
	HASH_SEQ_STATUS scan;
	Guard	   *guard;
	bool		all = relation == InvalidOid;
	int			i;

	for (i = 0; i < lengthof(watched); i++)
		all = all || relation == watched[i];
	hash_seq_init(&scan, guards);
	while ((guard = hash_seq_search(&scan)) != NULL)
		if (all || guard->relation == relation)
			guard->valid = false;
}

/*
 * After a statement that changed a table which guards are made from: tells
 * every backend, when the change is committed, that theirs are out of date.
 */
Datum
claim_rules_changed(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;

	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("claim_rules_changed can only be called as a trigger")));
	CacheInvalidateRelcache(trigger->tg_relation);
	PG_RETURN_POINTER(NULL);
}

/* ------------------------------------------------------------ running SQL */

/* Run as another role, as foreign keys do; restored by end_role, or with the transaction. */
typedef struct Role
{
	Oid			user;
	int			security;
} Role;

static Role
begin_role(Oid user)
{
	Role		before;

	GetUserIdAndSecContext(&before.user, &before.security);
	SetUserIdAndSecContext(user, before.security | SECURITY_LOCAL_USERID_CHANGE | SECURITY_NOFORCE_RLS);
	return before;
}

static void
end_role(Role before)
{
	SetUserIdAndSecContext(before.user, before.security);
}

/* A plan that means what it says, whatever the search path of the caller. */
static SPIPlanPtr
prepare(const char *sql, int n, Oid *types)
{
	int			level = NewGUCNestLevel();
	SPIPlanPtr	plan;

	(void) set_config_option("search_path", "pg_catalog, pg_temp", PGC_USERSET, PGC_S_SESSION,
							 GUC_ACTION_SAVE, true, 0, false);
	plan = SPI_prepare(sql, n, types);
	AtEOXact_GUC(false, level);
	if (plan == NULL)
		elog(ERROR, "could not prepare a query of a guard: %s", SPI_result_code_string(SPI_result));
	return plan;
}

/* Run a query; reading under the active snapshot, writing under a new one. */
static void
execute(SPIPlanPtr plan, Datum *values, const bool *nulls, bool reads)
{
	char		marks[16];
	int			n = SPI_getargcount(plan);
	int			i;

	Assert(n <= lengthof(marks));
	for (i = 0; i < n; i++)
		marks[i] = nulls != NULL && nulls[i] ? 'n' : ' ';
	if (SPI_execute_plan(plan, values, marks, reads, 0) < 0)
		elog(ERROR, "could not run a query of a guard");
}

static void
execute_once(const char *sql, int n, Oid *types, Datum *values, const bool *nulls, bool reads)
{
	SPIPlanPtr	plan = prepare(sql, n, types);

	execute(plan, values, nulls, reads);
	SPI_freeplan(plan);
}

static Datum
column(uint64 row, int at, bool *is_null)
{
	return SPI_getbinval(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, at, is_null);
}

static char *
column_text(uint64 row, int at)
{
	return SPI_getvalue(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, at);
}

/* ------------------------------------------------------- making a guard */

static void
protocol(bool holds, const char *name, const char *what)
{
	if (!holds)
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("%s must be a trigger %s", name, what),
				 errhint("claim_guard_add and claim_source_track make the triggers.")));
}

static int
index_of(const char *name, const char *const *names, int n, const char *what)
{
	int			i;

	for (i = 0; i < n; i++)
		if (strcmp(names[i], name) == 0)
			return i;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s of a guard is \"%s\"", what, name)));
}

static Oid
owner_of(Oid relation)
{
	HeapTuple	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relation));
	Oid			owner;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for relation %u", relation);
	owner = ((Form_pg_class) GETSTRUCT(tuple))->relowner;
	ReleaseSysCache(tuple);
	return owner;
}

/* A type of the extension. */
static Oid
type_of(FunctionCallInfo fcinfo, const char *name)
{
	return GetSysCacheOid2(TYPENAMENSP, Anum_pg_type_oid, CStringGetDatum(name),
						   ObjectIdGetDatum(get_func_namespace(fcinfo->flinfo->fn_oid)));
}

static char *
select_of(const Guard *guard, Datum source, const char *relation, const char *more)
{
	Oid			types[3] = {TEXTOID, TEXTOID, TEXTOID};
	Datum		values[3] = {source};
	bool		nulls[3] = {false, relation == NULL, more == NULL};

	if (relation != NULL)
		values[1] = CStringGetTextDatum(relation);
	if (more != NULL)
		values[2] = CStringGetTextDatum(more);
	execute_once(psprintf("SELECT %s.claim_source_select($1, $2, $3)", guard->schema), 3, types, values, nulls, true);
	return MemoryContextStrdup(guard->context, column_text(0, 1));
}

/* What claim_source says of the source; the trigger must be on its table, or a partition of it. */
static void
read_source(Guard *guard, Relation table)
{
	Datum		source = CStringGetTextDatum(guard->source);
	Oid			types[2] = {TEXTOID, OIDOID};
	Datum		values[2] = {source, ObjectIdGetDatum(RelationGetRelid(table))};
	Oid			source_owner;
	bool		is_null;

	execute_once(psprintf("SELECT s.relation::oid, s.owner::oid, s.relation = $2 OR EXISTS "
						  "(SELECT FROM pg_partition_ancestors($2) a WHERE a.relid = s.relation) "
						  "FROM %s.claim_source s WHERE s.name = $1", guard->schema),
				 2, types, values, NULL, true);
	if (SPI_processed == 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("claim source \"%s\" does not exist, but table \"%s\" has a trigger for it",
						guard->source, RelationGetRelationName(table)),
				 errhint("Add the source, or drop the triggers %s of the table.",
						 quote_identifier(psprintf("%s_guard_…", guard->source)))));
	guard->relation = DatumGetObjectId(column(0, 1, &is_null));
	source_owner = DatumGetObjectId(column(0, 2, &is_null));
	if (!DatumGetBool(column(0, 3, &is_null)))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("claim source \"%s\" is not over table \"%s\"", guard->source, RelationGetRelationName(table))));
	if (!has_privs_of_role(source_owner, guard->owner))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("claim source \"%s\" belongs to a role without the rights of the owner of table \"%s\"",
						guard->source, RelationGetRelationName(table)),
				 errhint("The owner of a table adds the source that guards it.")));
	guard->lines = select_of(guard, source, NULL, NULL);
	guard->new_lines = select_of(guard, source, NEW_LINES, NULL);
	guard->old_lines = select_of(guard, source, OLD_LINES, NULL);
	guard->rows = select_of(guard, source, NULL,
							"t.tableoid AS row_table, t.ctid AS row_place, age(t.xmin) AS row_age");
	guard->old_rows = select_of(guard, source, OLD_LINES, "to_jsonb(t.*) AS row_data");
}

static void
clear_guard(Guard *guard)
{
	int			i;

	for (i = 0; i < N_EVENTS; i++)
		if (guard->touched[i] != NULL)
			SPI_freeplan(guard->touched[i]);
	for (i = 0; i < N_MASKS; i++)
		if (guard->day[i] != NULL)
			SPI_freeplan(guard->day[i]);
	if (guard->context != NULL)
		MemoryContextDelete(guard->context);
	memset((char *) guard + sizeof(Oid), 0, sizeof(Guard) - sizeof(Oid));
}

/* Fill in a guard from the arguments of the trigger and the tables; within SPI. */
static void
make_guard(Guard *guard, FunctionCallInfo fcinfo, bool judges)
{
	TriggerData *data = (TriggerData *) fcinfo->context;
	Trigger    *trigger = data->tg_trigger;
	MemoryContext old;
	Role		role;
	int			i;

	protocol(trigger->tgnargs == (judges ? 5 : 1), judges ? "claim_guard" : "claim_track",
			 judges ? "with the arguments source, policy, severity, action and service type" : "with the argument source");
	clear_guard(guard);
	guard->context = AllocSetContextCreate(CacheMemoryContext, "claimline guard", ALLOCSET_SMALL_SIZES);
	old = MemoryContextSwitchTo(guard->context);
	/* changes from here on are seen below or end the guard again */
	guard->valid = true;
	guard->relation = RelationGetRelid(data->tg_relation);
	guard->schema = pstrdup(schema_of(fcinfo));
	guard->source = pstrdup(trigger->tgargs[0]);
	guard->action = ACTION_TRACK;
	if (judges)
	{
		guard->policy = pstrdup(trigger->tgargs[1]);
		guard->at_least = index_of(trigger->tgargs[2], severity_names, 4, "severity");
		guard->action = index_of(trigger->tgargs[3], action_names, ACTION_TRACK, "action");
		guard->service_type = pstrdup(trigger->tgargs[4]);
	}
	guard->owner = data->tg_relation->rd_rel->relowner;
	for (i = 0; i < lengthof(watched); i++)
		watched[i] = get_relname_relid(watched_names[i], get_func_namespace(fcinfo->flinfo->fn_oid));
	guard->store_owner = owner_of(watched[0]);
	guard->ruleset_type = type_of(fcinfo, "claim_ruleset");
	guard->day_type = type_of(fcinfo, "claimday");
	role = begin_role(guard->owner);
	read_source(guard, data->tg_relation);
	if (judges)
		guard->rules = ruleset_for(ruleset_site(guard->context), guard->schema, guard->policy, NULL,
								   guard->service_type);
	end_role(role);
	MemoryContextSwitchTo(old);
}

static Guard *
guard_of(FunctionCallInfo fcinfo, bool judges)
{
	Oid			trigger = ((TriggerData *) fcinfo->context)->tg_trigger->tgoid;
	Guard	   *guard;
	bool		found;

	if (guards == NULL)
	{
		HASHCTL		control = {.keysize = sizeof(Oid), .entrysize = sizeof(Guard)};

		guards = hash_create("claimline guards", 16, &control, HASH_ELEM | HASH_BLOBS);
		CacheRegisterRelcacheCallback(forget_guards, (Datum) 0);
	}
	guard = hash_search(guards, &trigger, HASH_ENTER, &found);
	if (!found)
		memset((char *) guard + sizeof(Oid), 0, sizeof(Guard) - sizeof(Oid));
	if (!guard->valid && guard->busy == 0)
	{
		/* an error in the middle leaves it not valid */
		PG_TRY();
		{
			make_guard(guard, fcinfo, judges);
		}
		PG_CATCH();
		{
			guard->valid = false;
			PG_RE_THROW();
		}
		PG_END_TRY();
	}
	return guard;
}

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
days_touched(Guard *guard, Event event, Key **keys, int **locks)
{
	Key		   *key;
	int			n;
	int			i;
	int			part;

	if (guard->touched[event] == NULL)
	{
		SPIPlanPtr	plan = prepare(psprintf("SELECT DISTINCT patient, provider, dos, "
											"hash_record_extended(ROW(patient, provider, dos), 0) FROM (%s) c",
											changed_lines(guard, event)), 0, NULL);

		SPI_keepplan(plan);
		guard->touched[event] = plan;
	}
	execute(guard->touched[event], NULL, NULL, true);
	n = (int) SPI_processed;
	for (part = 0; part < N_KEYS && n > 0; part++)
		guard->key_types[part] = SPI_gettypeid(SPI_tuptable->tupdesc, part + 1);
	*keys = palloc(sizeof(Key) * (Size) Max(n, 1));
	*locks = palloc(sizeof(int) * (Size) Max(n, 1));
	for (i = 0; i < n; i++)
	{
		bool		is_null;

		key = &(*keys)[i];
		key->mask = 0;
		for (part = 0; part < N_KEYS; part++)
		{
			key->values[part] = column(i, part + 1, &key->nulls[part]);
			key->mask |= key->nulls[part] << part;
		}
		(*locks)[i] = (int) ((uint64) DatumGetInt64(column(i, N_KEYS + 1, &is_null)) % LOCK_BUCKETS);
	}
	return n;
}

static int
compare_locks(const void *a, const void *b)
{
	return *(const int *) a - *(const int *) b;
}

/*
 * Hold every day touched until the end of the transaction; in one order, so
 * that two statements over the same days wait for each other only one way.
 */
static void
lock_days(const Guard *guard, int *locks, int n)
{
	int			i;

	qsort(locks, n, sizeof(int), compare_locks);
	for (i = 0; i < n; i++)
	{
		LOCKTAG		tag;

		if (i > 0 && locks[i] == locks[i - 1])
			continue;
		SET_LOCKTAG_ADVISORY(tag, MyDatabaseId, guard->relation, (uint32) locks[i], LOCK_CLASS);
		(void) LockAcquire(&tag, ExclusiveLock, false, false);
	}
}

/* ------------------------------------------------------------- judging */

static const char *const key_names[N_KEYS] = {"patient", "provider", "dos"};

/* "k.patient = $1 AND k.provider IS NULL AND k.dos = $3" */
static const char *
key_condition(const char *alias, int mask)
{
	StringInfoData text;
	int			part;

	initStringInfo(&text);
	for (part = 0; part < N_KEYS; part++)
	{
		appendStringInfo(&text, "%s%s.%s", part > 0 ? " AND " : "", alias, key_names[part]);
		if (mask & 1 << part)
			appendStringInfo(&text, " IS NULL");
		else
			appendStringInfo(&text, " = $%d", part + 1);
	}
	return text.data;
}

/* The stored day of a key as a datum; false where it has no lines. */
static bool
read_day(Guard *guard, Key *key, Datum *day)
{
	bool		is_null;

	if (guard->day[key->mask] == NULL)
	{
		SPIPlanPtr	plan = prepare(psprintf("SELECT %s.claimday(claim_id, line_no, line) FROM (%s) l WHERE %s",
											guard->schema, guard->lines, key_condition("l", key->mask)),
								   N_KEYS, guard->key_types);

		SPI_keepplan(plan);
		guard->day[key->mask] = plan;
	}
	execute(guard->day[key->mask], key->values, key->nulls, true);
	*day = column(0, 1, &is_null);
	return !is_null;
}

/* Is there a finding at or above the guard's severity? */
static bool
is_offending(const Guard *guard, Datum datum, Arena *arena)
{
	FindingSink sink;
	Day			day;

	arena_reset(arena);
	day_from_flat(DatumGetFlatDay(datum), arena, &day);
	sink_init(&sink, arena, SINK_VERDICT);
	sink.at_least = guard->at_least;
	edits_run(&day, guard->rules, &sink);
	return sink.reached;
}

/*
 * Which days offend?  One after another, or all with one query where there are
 * many; returns how many are left in `keys`.
 */
static int
offending_days(Guard *guard, Event event, Key *keys, int n)
{
	MemoryContext per_day = AllocSetContextCreate(CurrentMemoryContext, "claimline guard days", ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = CurrentMemoryContext;
	bool		many = n > MANY_DAYS;
	Arena		arena;
	int			left = 0;
	int			i;

	arena_init_context(&arena, old);
	for (i = 0; i < n; i++)
	{
		Datum		day;
		bool		offends;

		if (many && keys[i].mask == 0)
			continue;
		offends = read_day(guard, &keys[i], &day);
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
		SPIPlanPtr	plan = prepare(psprintf("SELECT l.patient, l.provider, l.dos, %s.claimday(l.claim_id, l.line_no, l.line) "
											"FROM (%s) l JOIN (SELECT DISTINCT patient, provider, dos FROM (%s) c) k "
											"ON l.patient = k.patient AND l.provider = k.provider AND l.dos = k.dos "
											"GROUP BY l.patient, l.provider, l.dos",
											guard->schema, guard->lines, changed_lines(guard, event)), 0, NULL);
		Portal		portal = SPI_cursor_open(NULL, plan, NULL, NULL, true);

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
				int			part;
				Key			key = {.mask = 0};

				if (!is_offending(guard, column(row, N_KEYS + 1, &is_null), &arena))
					continue;
				MemoryContextSwitchTo(old);
				for (part = 0; part < N_KEYS; part++)
				{
					Form_pg_attribute attribute = TupleDescAttr(SPI_tuptable->tupdesc, part);

					key.values[part] = datumCopy(column(row, part + 1, &key.nulls[part]),
												 attribute->attbyval, attribute->attlen);
				}
				keys[left++] = key;
				MemoryContextSwitchTo(per_day);
			}
			SPI_freetuptable(SPI_tuptable);
			MemoryContextSwitchTo(old);
			MemoryContextReset(per_day);
		}
		SPI_cursor_close(portal);
		SPI_freeplan(plan);
	}
	MemoryContextDelete(per_day);
	return left;
}

/*
 * The findings of one day that the statement is to answer for, the most severe
 * first: those on a line that it wrote, and those that were not there before.
 * A line of another statement that was wrong already does not count.
 * Parameters: the key, the ruleset, the severity.
 */
static void
read_findings(const Guard *guard, Event event, const Key *key)
{
	const char *no_lines = psprintf("(SELECT * FROM (%s) x LIMIT 0)", guard->lines);
	Oid			types[N_KEYS + 2];
	Datum		values[N_KEYS + 2];
	bool		nulls[N_KEYS + 2] = {false};
	memcpy(types, guard->key_types, sizeof(guard->key_types));
	memcpy(values, key->values, sizeof(key->values));
	memcpy(nulls, key->nulls, sizeof(key->nulls));
	types[N_KEYS] = guard->ruleset_type;
	values[N_KEYS] = PointerGetDatum(guard->rules);
	types[N_KEYS + 1] = TEXTOID;
	values[N_KEYS + 1] = CStringGetTextDatum(severity_names[guard->at_least]);
	execute_once(psprintf("WITH stored AS MATERIALIZED (SELECT claim_id, line_no, line FROM (%s) l WHERE %s), "
						  "made AS MATERIALIZED (SELECT claim_id, line_no, line FROM (%s) l WHERE %s), "
						  "gone AS MATERIALIZED (SELECT claim_id, line_no, line FROM (%s) l WHERE %s), "
						  "written AS MATERIALIZED (TABLE made EXCEPT ALL TABLE gone), "
						  "before AS ((TABLE stored EXCEPT ALL TABLE made) UNION ALL TABLE gone), "
						  "was AS MATERIALIZED (SELECT e.* FROM (SELECT %s.claimday(claim_id, line_no, line) AS day FROM before) d, "
						  "%s.claim_edits(d.day, $4) e), "
						  "found AS (SELECT e.*, "
						  "EXISTS (SELECT FROM written w WHERE (w.claim_id, w.line_no) IS NOT DISTINCT FROM (e.claim_id, e.line_no)) AS is_written "
						  "FROM (SELECT %s.claimday(claim_id, line_no, line) AS day FROM stored) d, %s.claim_edits(d.day, $4) e "
						  "WHERE e.severity >= $5::%s.claim_severity) "
						  "SELECT f.claim_id, f.line_no, f.rule, f.message, f.suggestion::text, f.condition, f.severity::text, "
						  "f.with_claim_id, f.with_line_no, "
						  "(SELECT count(*) FROM stored) = (SELECT count(*) FROM written), to_jsonb(f) - 'is_written' "
						  "FROM found f WHERE f.is_written OR NOT EXISTS (SELECT FROM was w WHERE "
						  "(w.claim_id, w.line_no, w.rule, w.with_claim_id, w.with_line_no) IS NOT DISTINCT FROM "
						  "(f.claim_id, f.line_no, f.rule, f.with_claim_id, f.with_line_no)) "
						  "ORDER BY f.severity DESC, NOT f.is_written, f.claim_id, f.line_no, f.rule",
						  guard->lines, key_condition("l", key->mask),
						  event == EVENT_DELETE ? no_lines : guard->new_lines, key_condition("l", key->mask),
						  event == EVENT_INSERT ? no_lines : guard->old_lines, key_condition("l", key->mask),
						  guard->schema, guard->schema, guard->schema, guard->schema, guard->schema),
				 lengthof(types), types, values, nulls, true);
}

/* -------------------------------------------------------------- reject */

static char *
key_text(const Guard *guard, const Key *key, int part)
{
	Oid			output;
	bool		is_varlena;

	if (key->nulls[part])
		return NULL;
	getTypeOutputInfo(guard->key_types[part], &output, &is_varlena);
	return OidOutputFunctionCall(output, key->values[part]);
}

static const char *
shown(const char *text)
{
	return text == NULL ? "null" : text;
}

/* May the user see what other statements stored in the table? */
static bool
user_sees(Relation table, Oid user)
{
	return pg_class_aclcheck(RelationGetRelid(table), user, ACL_SELECT) == ACLCHECK_OK &&
		check_enable_rls(RelationGetRelid(table), user, true) != RLS_ENABLED;
}

/* Raise the first of the findings just read. */
static void
refuse(const Guard *guard, const Key *key, Relation table, Oid user)
{
	const char *rule = column_text(0, 3);
	const char *suggestion = column_text(0, 5);
	const char *condition = column_text(0, 6);
	bool		is_null;
	bool		tells = DatumGetBool(column(0, 10, &is_null)) || user_sees(table, user);
	StringInfoData detail;

	initStringInfo(&detail);
	appendStringInfo(&detail, "Claim %s line %s (patient %s, provider %s, date %s): ",
					 shown(column_text(0, 1)), shown(column_text(0, 2)), shown(key_text(guard, key, 0)),
					 shown(key_text(guard, key, 1)), shown(key_text(guard, key, 2)));
	appendStringInfoString(&detail, tells ? column_text(0, 4)
						   : "it does not pass with the lines of its day that are already stored");
	if (SPI_processed > 1)
		appendStringInfo(&detail, " (and " UINT64_FORMAT " more finding%s)", SPI_processed - 1,
						 SPI_processed > 2 ? "s" : "");
	ereport(ERROR,
			(errcode(ERRCODE_CHECK_VIOLATION),
			 errmsg("claim line violates rule \"%s\"", rule),
			 errdetail_internal("%s", detail.data),
			 suggestion == NULL || !tells ? 0 : condition == NULL ? errhint("Bill %s.", suggestion)
			 : errhint("Bill %s, if %s.", suggestion, condition),
			 errtableconstraint(table, rule)));
}

/* ---------------------------------------------------- annotate, quarantine */

/* The key as text for the extension's own tables. */
static void
key_as_text(const Guard *guard, const Key *key, Datum *values, bool *nulls)
{
	int			part;

	for (part = 0; part < 2; part++)
	{
		char	   *text = key_text(guard, key, part);

		nulls[part] = text == NULL;
		values[part] = text == NULL ? (Datum) 0 : CStringGetTextDatum(text);
	}
	nulls[2] = key->nulls[2];
	values[2] = key->values[2];
}

/* Forget what was noted of a day. */
static void
clear_notes(const Guard *guard, const Key *key)
{
	Oid			types[] = {TEXTOID, TEXTOID, DATEOID, TEXTOID};
	Datum		values[4];
	bool		nulls[4] = {false};
	Role		role = begin_role(guard->store_owner);

	key_as_text(guard, key, values, nulls);
	values[3] = CStringGetTextDatum(guard->source);
	execute_once(psprintf("DELETE FROM %s.claim_guard_finding k WHERE k.source = $4 AND %s",
						  guard->schema, key_condition("k", key->mask)), 4, types, values, nulls, false);
	end_role(role);
}

/* Note all findings of a day at or above the guard's severity. */
static void
note_findings(Guard *guard, Key *key)
{
	Oid			types[] = {TEXTOID, TEXTOID, DATEOID, TEXTOID, TEXTOID, guard->day_type, guard->ruleset_type, TEXTOID};
	Datum		values[8];
	bool		nulls[8] = {false};
	Role		role;

	if (!read_day(guard, key, &values[5]))
		return;
	key_as_text(guard, key, values, nulls);
	values[3] = CStringGetTextDatum(guard->source);
	values[4] = CStringGetTextDatum(guard->policy);
	values[6] = PointerGetDatum(guard->rules);
	values[7] = CStringGetTextDatum(severity_names[guard->at_least]);
	role = begin_role(guard->store_owner);
	execute_once(psprintf("INSERT INTO %s.claim_guard_finding (source, policy, patient, provider, dos, claim_id, line_no, rule, "
						  "severity, message, with_claim_id, with_line_no, suggestion, condition, carc, rarc, citation, covered) "
						  "SELECT $4, $5, $1, $2, $3, e.* FROM %s.claim_edits($6, $7) e WHERE e.severity >= $8::%s.claim_severity",
						  guard->schema, guard->schema, guard->schema), lengthof(types), types, values, nulls, false);
	end_role(role);
}

/* An array of the texts in a column of what was just read. */
static Datum
column_array(int at, Oid type)
{
	int			n = (int) SPI_processed;
	Datum	   *values = palloc(sizeof(Datum) * (Size) n);
	bool	   *nulls = palloc(sizeof(bool) * (Size) n);
	int			bound = 1;
	int16		length;
	bool		by_value;
	char		align;
	int			i;

	get_typlenbyvalalign(type, &length, &by_value, &align);
	for (i = 0; i < n; i++)
		values[i] = column(i, at, &nulls[i]);
	return PointerGetDatum(construct_md_array(values, nulls, 1, &n, &bound, type, length, by_value, align));
}

/*
 * Move aside the rows of a day that the findings just read are about: the
 * written line that a finding is on, else the written one that it is with.  A
 * stored row that equals a written one in every mapped column stays: the row
 * of the younger transaction goes.  Returns how many rows were moved.
 */
static uint64
move_rows(const Guard *guard, Event event, const Key *key, Relation table)
{
	const char *schema = guard->schema;
	const char *k = key_condition("l", key->mask);
	const char *relation = quote_qualified_identifier(get_namespace_name(RelationGetNamespace(table)),
													  RelationGetRelationName(table));
	const char *no_lines = psprintf("(SELECT x.*, NULL::jsonb AS row_data FROM (%s) x LIMIT 0)", guard->lines);
	const char *gone = event == EVENT_INSERT ? no_lines : guard->old_rows;
	Oid			types[] = {guard->key_types[0], guard->key_types[1], guard->key_types[2], JSONBARRAYOID};
	Datum		values[4];
	bool		nulls[4] = {false};
	Oid			store_types[] = {TEXTOID, TEXTOID, DATEOID, TEXTOID, TEXTOID, TEXTOID, JSONBARRAYOID, JSONBARRAYOID, JSONBARRAYOID, TEXTOID};
	Datum		store[10];
	bool		store_nulls[10] = {false};
	const char *sql;
	uint64		n;
	Role		role;

	memcpy(values, key->values, sizeof(key->values));
	memcpy(nulls, key->nulls, sizeof(key->nulls));
	values[3] = column_array(11, JSONBOID);
	sql = psprintf("WITH made AS MATERIALIZED (SELECT claim_id, line_no, line FROM (%s) l WHERE %s), "
				   "gone AS MATERIALIZED (SELECT claim_id, line_no, line, row_data FROM (%s) l WHERE %s), "
				   "written AS MATERIALIZED (SELECT w.claim_id, w.line_no, w.line, count(*) AS n FROM "
				   "(TABLE made EXCEPT ALL SELECT claim_id, line_no, line FROM gone) w GROUP BY w.claim_id, w.line_no, w.line), "
				   "about AS MATERIALIZED (SELECT f->>'claim_id' AS claim_id, (f->>'line_no')::int AS line_no, "
				   "f->>'with_claim_id' AS with_claim_id, (f->>'with_line_no')::int AS with_line_no FROM unnest($4) f), "
				   "mean AS (SELECT a.claim_id, a.line_no FROM about a WHERE EXISTS (SELECT FROM written w "
				   "WHERE (w.claim_id, w.line_no) IS NOT DISTINCT FROM (a.claim_id, a.line_no)) "
				   "UNION SELECT a.with_claim_id, a.with_line_no FROM about a WHERE NOT EXISTS (SELECT FROM written w "
				   "WHERE (w.claim_id, w.line_no) IS NOT DISTINCT FROM (a.claim_id, a.line_no))), "
				   "stored AS (SELECT l.row_table, l.row_place, l.claim_id, l.line_no, l.line, "
				   "row_number() OVER (PARTITION BY l.claim_id, l.line_no, l.line ORDER BY l.row_age, l.row_place DESC) AS nth "
				   "FROM (%s) l WHERE %s), "
				   "target AS (SELECT DISTINCT ON (s.row_table, s.row_place) s.row_table, s.row_place, s.claim_id, s.line_no "
				   "FROM stored s JOIN written w ON (w.claim_id, w.line_no) IS NOT DISTINCT FROM (s.claim_id, s.line_no) "
				   "AND (w.line OPERATOR(%s.=) s.line OR (w.line IS NULL AND s.line IS NULL)) "
				   "JOIN mean m ON (m.claim_id, m.line_no) IS NOT DISTINCT FROM (s.claim_id, s.line_no) WHERE s.nth <= w.n "
				   "ORDER BY s.row_table, s.row_place, s.claim_id, s.line_no) "
				   "DELETE FROM %s d USING target t WHERE d.tableoid = t.row_table AND d.ctid = t.row_place "
				   "RETURNING to_jsonb(d.*), "
				   "(SELECT g.row_data FROM gone g WHERE (g.claim_id, g.line_no) IS NOT DISTINCT FROM (t.claim_id, t.line_no) LIMIT 1), "
				   "(SELECT jsonb_agg(f) FROM unnest($4) f WHERE (f->>'claim_id', (f->>'line_no')::int) IS NOT DISTINCT FROM (t.claim_id, t.line_no) "
				   "OR (f->>'with_claim_id', (f->>'with_line_no')::int) IS NOT DISTINCT FROM (t.claim_id, t.line_no))",
				   guard->new_lines, k, gone, k, guard->rows, k, schema, relation);
	moving++;
	PG_TRY();
	{
		execute_once(sql, lengthof(types), types, values, nulls, false);
	}
	PG_FINALLY();
	{
		moving--;
	}
	PG_END_TRY();
	n = SPI_processed;
	if (n == 0)
		return 0;
	key_as_text(guard, key, store, store_nulls);
	store[3] = CStringGetTextDatum(guard->source);
	store[4] = CStringGetTextDatum(guard->policy);
	store[5] = CStringGetTextDatum(relation);
	store[6] = column_array(1, JSONBOID);
	store[7] = column_array(2, JSONBOID);
	store[8] = column_array(3, JSONBOID);
	store[9] = CStringGetTextDatum(event == EVENT_INSERT ? "INSERT" : "UPDATE");
	role = begin_role(guard->store_owner);
	execute_once(psprintf("INSERT INTO %s.claim_quarantine (source, policy, relation, patient, provider, dos, event, row_data, replaced, findings) "
						  "SELECT $4, $5, $6, $1, $2, $3, $10, r.row_data, r.replaced, r.findings "
						  "FROM unnest($7, $8, $9) r (row_data, replaced, findings)", schema),
				 lengthof(store_types), store_types, store, store_nulls, false);
	end_role(role);
	return n;
}

/*
 * Move rows until the day passes: without them other findings may come up.
 * What no written row is the cause of stays and is noted.
 */
static void
quarantine(Guard *guard, Event event, Key *key, Relation table)
{
	for (;;)
	{
		PushActiveSnapshot(GetLatestSnapshot());
		read_findings(guard, event, key);
		PopActiveSnapshot();
		if (SPI_processed == 0)
			return;
		if (event == EVENT_DELETE || move_rows(guard, event, key, table) == 0)
			break;
	}
	PushActiveSnapshot(GetLatestSnapshot());
	note_findings(guard, key);
	PopActiveSnapshot();
}

/* ------------------------------------------------------------ the triggers */

/* Judge the days that the statement touched. */
static void
judge(Guard *guard, Event event, Relation table, Oid user)
{
	Key		   *keys;
	int		   *locks;
	int			n = days_touched(guard, event, &keys, &locks);
	int			i;

	lock_days(guard, locks, n);
	if (guard->action != ACTION_REJECT)
		for (i = 0; i < n; i++)
			clear_notes(guard, &keys[i]);

	/*
	 * What others committed while we waited for them counts also where the
	 * transaction's own snapshot is older: so this sees what a constraint sees.
	 */
	CommandCounterIncrement();
	PushActiveSnapshot(GetLatestSnapshot());
	n = offending_days(guard, event, keys, n);
	for (i = 0; i < n; i++)
		switch (guard->action)
		{
			case ACTION_REJECT:
				read_findings(guard, event, &keys[i]);
				if (SPI_processed > 0)
					refuse(guard, &keys[i], table, user);
				break;
			case ACTION_ANNOTATE:
				note_findings(guard, &keys[i]);
				break;
			case ACTION_QUARANTINE:
				quarantine(guard, event, &keys[i], table);
				break;
			case ACTION_TRACK:
				break;
		}
	PopActiveSnapshot();
}

/* Note that the table was emptied. */
static void
track_truncate(const Guard *guard)
{
	Oid			types[] = {TEXTOID};
	Datum		values[1] = {CStringGetTextDatum(guard->source)};
	Role		role = begin_role(guard->store_owner);

	execute_once(psprintf("INSERT INTO %s.claim_change (source, whole) VALUES ($1, true)", guard->schema),
				 lengthof(types), types, values, NULL, false);
	end_role(role);
}

/* Note the keys of the days touched for the next scan. */
static void
track(Guard *guard, Event event)
{
	Oid			types[] = {TEXTARRAYOID, TEXTARRAYOID, DATEARRAYOID, TEXTOID};
	Datum		values[4];
	Role		role;

	/* charges are stored with findings: they count as well */
	execute_once(psprintf("SELECT DISTINCT patient::text, provider::text, dos FROM (%s) c", changed_lines(guard, event)),
				 0, NULL, NULL, NULL, true);
	if (SPI_processed == 0)
		return;
	values[0] = column_array(1, TEXTOID);
	values[1] = column_array(2, TEXTOID);
	values[2] = column_array(3, DATEOID);
	values[3] = CStringGetTextDatum(guard->source);
	role = begin_role(guard->store_owner);
	execute_once(psprintf("INSERT INTO %s.claim_change (source, patient, provider, dos) "
						  "SELECT $4, k.patient, k.provider, k.dos FROM unnest($1, $2, $3) k (patient, provider, dos)",
						  guard->schema), lengthof(types), types, values, NULL, false);
	end_role(role);
}

static bool
is_empty(Tuplestorestate *rows)
{
	return rows == NULL || tuplestore_tuple_count(rows) == 0;
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
	Guard	   *guard;
	Role		role;

	protocol(CALLED_AS_TRIGGER(fcinfo) && TRIGGER_FIRED_AFTER(data->tg_event) && TRIGGER_FIRED_FOR_STATEMENT(data->tg_event),
			 name, "after a statement");
	event = TRIGGER_FIRED_BY_INSERT(data->tg_event) ? EVENT_INSERT
		: TRIGGER_FIRED_BY_UPDATE(data->tg_event) ? EVENT_UPDATE : EVENT_DELETE;
	truncates = TRIGGER_FIRED_BY_TRUNCATE(data->tg_event);
	protocol(truncates ? !judges :
			 (event == EVENT_DELETE || (data->tg_newtable != NULL && strcmp(data->tg_trigger->tgnewtable, NEW_LINES) == 0)) &&
			 (event == EVENT_INSERT || (data->tg_oldtable != NULL && strcmp(data->tg_trigger->tgoldtable, OLD_LINES) == 0)),
			 name, "with the transition tables " NEW_LINES " and " OLD_LINES);
	if ((judges && moving > 0) || (!truncates && is_empty(data->tg_newtable) && is_empty(data->tg_oldtable)))
		return;
	SPI_connect();
	if (SPI_register_trigger_data(data) != SPI_OK_TD_REGISTER)
		elog(ERROR, "could not register the transition tables");
	PushActiveSnapshot(GetLatestSnapshot());
	guard = guard_of(fcinfo, judges);
	role = begin_role(guard->owner);
	guard->busy++;
	PG_TRY();
	{
		if (judges)
			judge(guard, event, data->tg_relation, user);
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
	end_role(role);
	PopActiveSnapshot();
	SPI_finish();
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

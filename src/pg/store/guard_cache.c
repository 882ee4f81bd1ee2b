/*
 * src/pg/store/guard_cache.c
 *
 * Guards kept in the backend: made from a trigger's arguments, its source and
 * the tables of rules, and made anew when one of these changes.  The SQL that
 * guards run.
 */
#include "postgres.h"

#include "access/transam.h"
#include "catalog/pg_class.h"
#include "catalog/pg_operator.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "miscadmin.h"
#include "pg/store/guard.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"
#include "utils/typcache.h"

PG_FUNCTION_INFO_V1(claim_rules_changed);

static const char *const action_names[] = {"reject", "quarantine", "annotate", "track"};

static HTAB *guards = NULL;

/* What a guard is made from; their invalidation ends every guard. */
static Oid	watched[4];

static const char *const watched_names[] = {"claim_source", "claim_policy", "ncci_edition", "ncci_retired"};

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
		if (all || guard->relation == relation || guard->table == relation ||
			(guard->joins && relation >= FirstNormalObjectId))
			guard->valid = false;
}

/* A schema was renamed, say: what is kept as text may mean another table. */
static void
forget_all_guards(Datum argument, int cache, uint32 value)
{
	forget_guards(argument, InvalidOid);
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

Role
guard_role_begin(Oid user)
{
	Role		before;

	GetUserIdAndSecContext(&before.user, &before.security);
	SetUserIdAndSecContext(user, before.security | SECURITY_LOCAL_USERID_CHANGE | SECURITY_NOFORCE_RLS);
	return before;
}

void
guard_role_end(Role before)
{
	SetUserIdAndSecContext(before.user, before.security);
}

void
guard_set_local(const char *name, const char *value)
{
	(void) set_config_option(name, value, PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
}

static SPIPlanPtr
prepare(const char *sql, int n, Oid *types, int options)
{
	SPIPlanPtr	plan = SPI_prepare_cursor(sql, n, types, options);

	if (plan == NULL)
		elog(ERROR, "could not prepare a query of a guard: %s", SPI_result_code_string(SPI_result));
	return plan;
}

SPIPlanPtr
guard_prepare(const char *sql, int n, Oid *types)
{
	return prepare(sql, n, types, 0);
}

/* For any parameters: to plan anew for a ruleset would copy it. */
void
guard_keep(SPIPlanPtr *place, const char *sql, int n, Oid *types)
{
	SPIPlanPtr	plan = prepare(sql, n, types, CURSOR_OPT_GENERIC_PLAN);

	SPI_keepplan(plan);
	*place = plan;
}

void
guard_execute(SPIPlanPtr plan, Datum *values, const bool *nulls, bool reads)
{
	char		marks[16];
	int			n = SPI_getargcount(plan);
	int			i;

	Assert(n <= lengthof(marks));
	for (i = 0; i < n; i++)
		marks[i] = nulls != NULL && nulls[i] ? 'n' : ' ';
	if (reads ? SPI_execute_plan(plan, values, marks, true, 0) < 0
		: SPI_execute_snapshot(plan, values, marks, GetLatestSnapshot(), InvalidSnapshot, false, true, 0) < 0)
		elog(ERROR, "could not run a query of a guard");
}

void
guard_execute_once(const char *sql, int n, Oid *types, Datum *values, const bool *nulls, bool reads)
{
	SPIPlanPtr	plan = guard_prepare(sql, n, types);

	guard_execute(plan, values, nulls, reads);
	SPI_freeplan(plan);
}

Datum
guard_column(uint64 row, int at, bool *is_null)
{
	return SPI_getbinval(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, at, is_null);
}

char *
guard_column_text(uint64 row, int at)
{
	return SPI_getvalue(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, at);
}

Datum
guard_array(Datum *values, bool *nulls, int n, Oid type)
{
	int			bound = 1;
	int16		length;
	bool		by_value;
	char		align;

	if (n == 0)
		return PointerGetDatum(construct_empty_array(type));
	get_typlenbyvalalign(type, &length, &by_value, &align);
	return PointerGetDatum(construct_md_array(values, nulls, 1, &n, &bound, type, length, by_value, align));
}

Datum
guard_column_array(int at, Oid type)
{
	int			n = (int) SPI_processed;
	Datum	   *values = palloc(sizeof(Datum) * (Size) n);
	bool	   *nulls = palloc(sizeof(bool) * (Size) n);
	int			i;

	for (i = 0; i < n; i++)
		values[i] = guard_column(i, at, &nulls[i]);
	return guard_array(values, nulls, n, type);
}

/* ------------------------------------------------------- making a guard */

void
guard_protocol(bool holds, const char *name, const char *what)
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
	guard_execute_once(psprintf("SELECT %s.claim_source_select($1, $2, $3)", guard->schema), 3, types, values, nulls, true);
	return MemoryContextStrdup(guard->context, guard_column_text(0, 1));
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

	guard_execute_once(psprintf("SELECT s.relation::oid, s.owner::oid, s.relation = $2 OR EXISTS "
						  "(SELECT FROM pg_partition_ancestors($2) a WHERE a.relid = s.relation), "
						  "s.mapping @> '{\"joins\": [{}]}' "
						  "FROM %s.claim_source s WHERE s.name = $1", guard->schema),
				 2, types, values, NULL, true);
	if (SPI_processed == 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("claim source \"%s\" does not exist, but table \"%s\" has a trigger for it",
						guard->source, RelationGetRelationName(table)),
				 errhint("Add the source, or drop the triggers %s of the table.",
						 quote_identifier(psprintf("%s_guard_...", guard->source)))));
	guard->relation = DatumGetObjectId(guard_column(0, 1, &is_null));
	source_owner = DatumGetObjectId(guard_column(0, 2, &is_null));
	guard->joins = DatumGetBool(guard_column(0, 4, &is_null));
	if (!DatumGetBool(guard_column(0, 3, &is_null)))
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
							"t.tableoid AS row_table, t.ctid AS row_place, age(t.xmin) AS row_age, to_jsonb(t.*) AS row_data");
	guard->new_rows = select_of(guard, source,
								"(SELECT x.*, row_number() OVER () AS claimline_place FROM " NEW_LINES " x)",
								"t.claimline_place AS row_place, to_jsonb(t.*) - 'claimline_place' AS row_data");
}

static void
clear_guard(Guard *guard)
{
	int			i;

	for (i = 0; i < N_PLANS; i++)
		if (guard->plans[i] != NULL)
			SPI_freeplan(guard->plans[i]);
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

	guard_protocol(trigger->tgnargs == (judges ? 5 : 1), judges ? "claim_guard" : "claim_track",
			 judges ? "with the arguments source, policy, severity, action and service type" : "with the argument source");
	clear_guard(guard);
	guard->context = AllocSetContextCreate(CacheMemoryContext, "claimline guard", ALLOCSET_SMALL_SIZES);
	old = MemoryContextSwitchTo(guard->context);
	/* changes from here on are seen below or end the guard again */
	guard->valid = true;
	guard->table = guard->relation = RelationGetRelid(data->tg_relation);
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
	guard->line_type = type_of(fcinfo, "claimline");
	role = guard_role_begin(guard->owner);
	read_source(guard, data->tg_relation);
	if (judges)
		guard->rules = ruleset_for(ruleset_site(guard->context), guard->schema, guard->policy, NULL,
								   guard->service_type);
	guard_role_end(role);
	MemoryContextSwitchTo(old);
}

Guard *
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
		CacheRegisterSyscacheCallback(NAMESPACEOID, forget_all_guards, (Datum) 0);
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

/* ------------------------------------------------------------- stored days */

const char *const key_names[N_KEYS] = {"patient", "provider", "dos"};

const char *
guard_key_condition(const Guard *guard, const char *alias, int mask)
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
			appendStringInfo(&text, " %s $%d", guard == NULL ? "=" : guard_equals(guard, part), part + 1);
	}
	return text.data;
}

/* The operator that grouping goes by: that of a type from elsewhere is not in the path. */
const char *
guard_equals(const Guard *guard, int part)
{
	Oid			operator = lookup_type_cache(guard->key_types[part], TYPECACHE_EQ_OPR)->eq_opr;
	HeapTuple	tuple = SearchSysCache1(OPEROID, ObjectIdGetDatum(operator));
	Form_pg_operator form;
	char	   *text;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "no equality for type %u", guard->key_types[part]);
	form = (Form_pg_operator) GETSTRUCT(tuple);
	text = psprintf("OPERATOR(%s.%s)", quote_identifier(get_namespace_name(form->oprnamespace)), NameStr(form->oprname));
	ReleaseSysCache(tuple);
	return text;
}

bool
guard_read_day(Guard *guard, const Key *key, Datum *day)
{
	SPIPlanPtr *plan = &guard->plans[PLAN_DAY + key->mask];
	bool		is_null;

	if (*plan == NULL)
		guard_keep(plan, psprintf("SELECT %s.claimday(claim_id, line_no, line) FROM (%s) l WHERE %s",
												guard->schema, guard->lines, guard_key_condition(guard, "l", key->mask)),
									   N_KEYS, guard->key_types);
	guard_execute(*plan, (Datum *) key->values, key->nulls, true);
	*day = guard_column(0, 1, &is_null);
	return !is_null;
}

void
guard_key_arrays(const Guard *guard, const Key *keys, int n, Datum *arrays, Oid *types)
{
	Datum	   *values = palloc(sizeof(Datum) * (Size) n);
	bool	   *nulls = palloc(sizeof(bool) * (Size) n);
	int			part;
	int			i;

	for (part = 0; part < N_KEYS; part++)
	{
		for (i = 0; i < n; i++)
		{
			values[i] = keys[i].values[part];
			nulls[i] = keys[i].nulls[part];
		}
		arrays[part] = guard_array(values, nulls, n, guard->key_types[part]);
		types[part] = get_array_type(guard->key_types[part]);
	}
}

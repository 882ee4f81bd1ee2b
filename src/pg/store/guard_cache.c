/*
 * src/pg/store/guard_cache.c
 *
 * Guards kept in the backend: made from the table of guards, their source and
 * the tables of rules, and made anew when one of these changes.
 */
#include "postgres.h"

#include "access/transam.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "pg/compat.h"
#include "pg/extension.h"
#include "pg/ruleset_compile.h"
#include "pg/store/guard_cache.h"
#include "pg/store/day_tables.h"
#include "pg/store/source_adjust.h"
#include "pg/store/source_sql.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/syscache.h"

PG_FUNCTION_INFO_V1(claim_rules_changed);

static HTAB *guards = NULL;

/* What a guard is made from; their invalidation ends every guard. */
#define N_WATCHED	5

static Oid	watched[N_WATCHED];

/* ------------------------------------------------ what guards are made from */

static void
forget_guards(Datum argument, Oid relation)
{
	HASH_SEQ_STATUS scan;
	Guard	   *guard;
	bool		all = relation == InvalidOid;
	int			i;

	for (i = 0; i < N_WATCHED; i++)
		all = all || relation == watched[i];
	hash_seq_init(&scan, guards);
	while ((guard = hash_seq_search(&scan)) != NULL)
		if (all || guard->relation == relation || guard->table == relation ||
			(guard->joins && relation >= FirstNormalObjectId) || (guard->days != NULL && day_tables_forget(guard->days, relation)))
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

static void
watch(void)
{
	watched[0] = internal_relation("claim_source");
	watched[1] = internal_relation("claim_guard");
	watched[2] = internal_relation("ncci_edition");
	watched[3] = internal_relation("ncci_retired");
	watched[4] = get_relname_relid("claim_policy", extension_namespace());
}

/* ------------------------------------------------------- making a guard */

void
trigger_protocol(bool holds, const char *name, const char *what)
{
	if (!holds)
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("%s must be a trigger %s", name, what),
				 errhint("claim_guard_add and claim_source_track make the triggers.")));
}

static int
index_of(const char *name, const char *const *names, const char *what)
{
	int			i;

	for (i = 0; names[i] != NULL; i++)
		if (strcmp(names[i], name) == 0)
			return i;
	elog(ERROR, "%s of a guard is \"%s\"", what, name);
	return 0;
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

/* A SELECT of the mapping, in the guard's memory. */
static const char *
keep_select(const Guard *guard, const SourceMap *map, const char *from, const char *extra)
{
	return MemoryContextStrdup(guard->context, source_select(map, extension_schema(), from, extra, SELECT_LINES));
}

/*
 * The days of the lines of a statement that are not as they were, whether or not other claims take them out now.  An
 * update that changes no mapped column touches no day.
 */
static const char *
days_of_changed(const SourceMap *map, Event event)
{
	const char *found_by = has_adjustments(map) ? taken_out_columns(map) : NULL;
	const char *new_lines = source_select(map, extension_schema(), NEW_LINES, found_by, SELECT_OWN);
	const char *old_lines = source_select(map, extension_schema(), OLD_LINES, found_by, SELECT_OWN);

	if (event != EVENT_UPDATE)
		return event == EVENT_INSERT ? new_lines : old_lines;
	return psprintf("(%s EXCEPT ALL %s) UNION ALL (%s EXCEPT ALL %s)", new_lines, old_lines, old_lines, new_lines);
}

/* And those of the stored lines that the statement voided or replaced, or that it brought back. */
static const char *
days_of_taken_out(const SourceMap *map, Event event)
{
	const char *new_taken = taken_out_select(map, NEW_LINES);
	const char *old_taken = taken_out_select(map, OLD_LINES);

	return psprintf("SELECT l.patient, l.provider, l.dos FROM (%s) l JOIN (%s) k ON %s",
					source_select(map, extension_schema(), NULL, taken_out_columns(map), SELECT_OWN),
					event == EVENT_INSERT ? new_taken : event == EVENT_DELETE ? old_taken
					: psprintf("(%s EXCEPT %s) UNION (%s EXCEPT %s)", new_taken, old_taken, old_taken, new_taken),
					taken_out_condition(map));
}

/* " - 'column'" for each column of a table that rows in transition do not have. */
static const char *
not_stored_sql(MemoryContext context, Relation table)
{
	TupleDesc	columns = RelationGetDescr(table);
	StringInfoData sql;
	int			i;

	initStringInfo(&sql);
	for (i = 0; i < columns->natts; i++)
		if (TupleDescAttr(columns, i)->attgenerated == ATTRIBUTE_GENERATED_VIRTUAL)
			appendStringInfo(&sql, " - %s", quote_literal_cstr(NameStr(TupleDescAttr(columns, i)->attname)));
	return MemoryContextStrdup(context, sql.data);
}

/* What is mapped must be stored: rows in transition lack what is not. */
static void
refuse_virtual(const Guard *guard)
{
	Oid			types[1] = {TEXTOID};
	Datum		values[1] = {CStringGetTextDatum(guard->source)};

	if (HAS_VIRTUAL_COLUMNS)
		sql_execute_once("SELECT " INTERNAL_SCHEMA ".claim_source_refuse_virtual($1)", 1, types, values, NULL, true);
}

static const char *
days_touched_by(const Guard *guard, const SourceMap *map, Event event)
{
	const char *days = psprintf("SELECT c.patient, c.provider, c.dos FROM (%s) c", days_of_changed(map, event));

	if (has_adjustments(map))
		days = psprintf("%s UNION ALL %s", days, days_of_taken_out(map, event));
	return MemoryContextStrdup(guard->context, days);
}

/*
 * What claim_source says of the source.  The trigger must be on its table, a
 * partition or a child of it; one that claim_guard_add made on a partition may
 * outlive that, and is then of no table: returns NULL.
 */
static SourceMap *
read_source(Guard *guard, Relation table, bool made_for_source)
{
	Oid			types[2] = {TEXTOID, OIDOID};
	Datum		values[2] = {CStringGetTextDatum(guard->source), ObjectIdGetDatum(RelationGetRelid(table))};
	SourceMap  *map;
	bool		is_null;
	int			event;

	/* the extension's owner can alter the table: the types are those of the casts, and nothing that is used is null */
	sql_execute_once("WITH RECURSIVE above (oid) AS (SELECT $2 UNION SELECT i.inhparent FROM above a JOIN pg_inherits i ON i.inhrelid = a.oid) "
					 "SELECT s.relation::oid, s.owner::oid, s.relation::oid = ANY (ARRAY(SELECT a.oid FROM above a)), s.mapping::jsonb "
					 "FROM " INTERNAL_SCHEMA ".claim_source s WHERE s.name = $1 AND s.mapping IS NOT NULL", 2, types, values, NULL, true);
	if (SPI_processed == 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("claim source \"%s\" does not exist", guard->source),
				 errdetail("Table \"%s\" has a trigger for it.", RelationGetRelationName(table)),
				 errhint("Add the source, or drop the triggers of the table whose names begin with %s.",
						 quote_literal_cstr(psprintf("%s_", guard->source)))));
	guard->relation = DatumGetObjectId(sql_column(0, 1, &is_null));
	guard->is_over = DatumGetBool(sql_column(0, 3, &is_null));
	if (!guard->is_over && !made_for_source)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("claim source \"%s\" is not over table \"%s\"", guard->source, RelationGetRelationName(table))));
	if (!guard->is_over)
		return NULL;
	if (!has_privs_of_role(DatumGetObjectId(sql_column(0, 2, &is_null)), guard->owner))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("claim source \"%s\" belongs to a role without the rights of the owner of table \"%s\"",
						guard->source, RelationGetRelationName(table)),
				 errhint("The owner of a table adds the source that guards it.")));
	map = source_of(guard->relation, DatumGetJsonbP(sql_column(0, 4, &is_null)));
	refuse_virtual(guard);
	guard->joins = map->joins != NIL;
	guard->lines = keep_select(guard, map, NULL, NULL);
	guard->new_lines = keep_select(guard, map, NEW_LINES, NULL);
	guard->old_lines = keep_select(guard, map, OLD_LINES, NULL);
	for (event = 0; event < N_EVENTS; event++)
		guard->touched_by[event] = days_touched_by(guard, map, (Event) event);
	guard->not_stored = not_stored_sql(guard->context, table);
	guard->rows = keep_select(guard, map, NULL,
							  psprintf("t.tableoid AS row_table, t.ctid AS row_place, t.xmin AS row_by, to_jsonb(t.*)%s AS row_data", guard->not_stored));
	guard->new_rows = keep_select(guard, map,
								  "(SELECT x.*, row_number() OVER () AS claimline_place FROM " NEW_LINES " x)",
								  psprintf("t.claimline_place AS row_place, to_jsonb(t.*) - 'claimline_place'%s AS row_data", guard->not_stored));
	return map;
}

/* What claim_guard says of the guard. */
static void
read_guard(Guard *guard, Relation table)
{
	/* as in claim_guard.action */
	static const char *const actions[] = {"reject", "quarantine", "annotate", NULL};
	Oid			types[1] = {TEXTOID};
	Datum		values[1] = {CStringGetTextDatum(guard->source)};

	sql_execute_once("SELECT g.policy, g.at_least, g.action, g.service_type FROM " INTERNAL_SCHEMA ".claim_guard g "
					 "WHERE g.source = $1 AND num_nulls(g.policy, g.at_least, g.action, g.service_type) = 0", 1, types, values, NULL, true);
	if (SPI_processed == 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("claim source \"%s\" has no guard", guard->source),
				 errdetail("Table \"%s\" has a trigger for one.", RelationGetRelationName(table)),
				 errhint("Add it with claim_guard_add, or drop the triggers of the table whose names begin with %s.",
						 quote_literal_cstr(psprintf("%s_guard_", guard->source)))));
	guard->policy = MemoryContextStrdup(guard->context, sql_column_text(0, 1));
	guard->at_least = index_of(sql_column_text(0, 2), severity_names, "severity");
	guard->action = index_of(sql_column_text(0, 3), actions, "action");
	guard->service_type = MemoryContextStrdup(guard->context, sql_column_text(0, 4));
	guard->rules = ruleset_for(ruleset_site(guard->context), guard->policy, NULL, guard->service_type);
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

/* Fill in a guard from the tables. */
static void
make_guard(Guard *guard, TriggerData *data, bool judges)
{
	static uint64 number = 0;
	const char *prefix;
	SourceMap  *map;
	Role		role;
	int			part;

	trigger_protocol(data->tg_trigger->tgnargs > 0, judges ? "claim_guard" : "claim_track", "with the argument source");
	clear_guard(guard);
	guard->context = AllocSetContextCreate(CacheMemoryContext, "claimline guard", ALLOCSET_SMALL_SIZES);
	/* changes from here on are seen below or end the guard again */
	guard->valid = true;
	guard->number = ++number;
	guard->table = guard->relation = RelationGetRelid(data->tg_relation);
	guard->source = MemoryContextStrdup(guard->context, data->tg_trigger->tgargs[0]);
	prefix = psprintf(judges ? "%s_guard_" : "%s_track_", guard->source);
	guard->action = ACTION_TRACK;
	guard->owner = data->tg_relation->rd_rel->relowner;
	watch();
	guard->store_owner = owner_of(watched[0]);
	role = role_begin(guard->owner);
	map = read_source(guard, data->tg_relation, strncmp(data->tg_trigger->tgname, prefix, strlen(prefix)) == 0);
	if (judges && map != NULL)
	{
		read_guard(guard, data->tg_relation);
		guard->days = day_tables_make(guard, map, data->tg_relation);
		for (part = 0; part < N_KEYS && guard->days != NULL; part++)
		{
			guard->key_types[part] = guard->days->rows->keys[part].type;
			guard->key_collations[part] = guard->days->rows->keys[part].collation;
		}
	}
	role_end(role);
}

/* Give back what guards of dropped triggers, and those that changed, hold. */
static void
sweep(void)
{
	HASH_SEQ_STATUS scan;
	Guard	   *guard;

	hash_seq_init(&scan, guards);
	while ((guard = hash_seq_search(&scan)) != NULL)
		if (!guard->valid && guard->busy == 0)
		{
			clear_guard(guard);
			hash_search(guards, &guard->trigger, HASH_REMOVE, NULL);
		}
}

Guard *
guard_at_hand(const TriggerData *trigger)
{
	Guard	   *guard = guards == NULL ? NULL : hash_search(guards, &trigger->tg_trigger->tgoid, HASH_FIND, NULL);

	return guard != NULL && guard->valid && guard->is_over ? guard : NULL;
}

Guard *
guard_of(TriggerData *trigger, bool judges)
{
	Guard	   *guard;
	bool		found;

	if (guards == NULL)
	{
		HASHCTL		control = {.keysize = sizeof(Oid), .entrysize = sizeof(Guard)};

		guards = hash_create("claimline guards", 16, &control, HASH_ELEM | HASH_BLOBS);
		CacheRegisterRelcacheCallback(forget_guards, (Datum) 0);
		CacheRegisterSyscacheCallback(NAMESPACEOID, forget_all_guards, (Datum) 0);
	}
	guard = hash_search(guards, &trigger->tg_trigger->tgoid, HASH_FIND, NULL);
	if (guard == NULL || !guard->valid)
		sweep();
	guard = hash_search(guards, &trigger->tg_trigger->tgoid, HASH_ENTER, &found);
	if (!found)
		memset((char *) guard + sizeof(Oid), 0, sizeof(Guard) - sizeof(Oid));
	if (!guard->valid && guard->busy == 0)
	{
		/* an error in the middle leaves it not valid */
		PG_TRY();
		{
			make_guard(guard, trigger, judges);
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

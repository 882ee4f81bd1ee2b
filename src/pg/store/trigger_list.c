/*
 * src/pg/store/trigger_list.c
 *
 * The triggers that stand on a table for sources, and whether a guard would
 * read a day by an index.
 */
#include "postgres.h"

#include "access/relation.h"
#include "catalog/pg_trigger.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "funcapi.h"
#include "nodes/nodeFuncs.h"
#include "nodes/plannodes.h"
#include "pg/extension.h"
#include "pg/store/guard_cache.h"
#include "pg/store/source_adjust.h"
#include "pg/store/source_sql.h"
#include "pg/store/trigger_list.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/plancache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

PG_FUNCTION_INFO_V1(claim_source_triggers_on);
PG_FUNCTION_INFO_V1(claim_source_indexed);
PG_FUNCTION_INFO_V1(claim_adjust_indexed);

/* ------------------------------------------------------------- triggers */

static const char *
event_of(const Trigger *trigger)
{
	return TRIGGER_FOR_INSERT(trigger->tgtype) ? "insert" : TRIGGER_FOR_UPDATE(trigger->tgtype) ? "update"
		: TRIGGER_FOR_DELETE(trigger->tgtype) ? "delete" : "truncate";
}

const char *
source_trigger_kind(const Trigger *trigger)
{
	char	   *name;

	if (trigger->tgnargs == 0 || strcmp(get_namespace_name(get_func_namespace(trigger->tgfoid)), INTERNAL_SCHEMA) != 0)
		return NULL;
	name = get_func_name(trigger->tgfoid);
	return strcmp(name, "claim_guard") == 0 ? "guard" : strcmp(name, "claim_track") == 0 ? "track" : NULL;
}

/* (source, kind, event, name, always fires) of each; none where the relation is gone. */
Datum
claim_source_triggers_on(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	Relation	relation;
	int			i;

	InitMaterializedSRF(fcinfo, 0);
	relation = try_relation_open(PG_GETARG_OID(0), AccessShareLock);
	if (relation == NULL)
		return (Datum) 0;
	for (i = 0; relation->trigdesc != NULL && i < relation->trigdesc->numtriggers; i++)
	{
		const Trigger *trigger = &relation->trigdesc->triggers[i];
		const char *kind = source_trigger_kind(trigger);
		Datum		values[5];
		bool		nulls[5] = {false};

		if (kind == NULL)
			continue;
		values[0] = CStringGetTextDatum(trigger->tgargs[0]);
		values[1] = CStringGetTextDatum(kind);
		values[2] = CStringGetTextDatum(event_of(trigger));
		values[3] = CStringGetTextDatum(trigger->tgname);
		values[4] = BoolGetDatum(trigger->tgenabled == TRIGGER_FIRES_ALWAYS);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	relation_close(relation, AccessShareLock);
	return (Datum) 0;
}

/* --------------------------------------------------------------- indexes */

static bool reads_by_index(Plan *plan);

static bool
any_reads_by_index(List *plans)
{
	ListCell   *cell;

	foreach(cell, plans)
		if (reads_by_index(lfirst(cell)))
			return true;
	return false;
}

/* Does a plan look up rows by a condition on an index? */
static bool
reads_by_index(Plan *plan)
{
	if (plan == NULL)
		return false;
	switch (nodeTag(plan))
	{
		case T_IndexScan:
			return ((IndexScan *) plan)->indexqual != NIL;
		case T_IndexOnlyScan:
			return ((IndexOnlyScan *) plan)->indexqual != NIL;
		case T_BitmapIndexScan:
			return ((BitmapIndexScan *) plan)->indexqual != NIL;
		case T_BitmapAnd:
			return any_reads_by_index(((BitmapAnd *) plan)->bitmapplans);
		case T_BitmapOr:
			return any_reads_by_index(((BitmapOr *) plan)->bitmapplans);
		case T_Append:
			return any_reads_by_index(((Append *) plan)->appendplans);
		case T_MergeAppend:
			return any_reads_by_index(((MergeAppend *) plan)->mergeplans);
		case T_SubqueryScan:
			return reads_by_index(((SubqueryScan *) plan)->subplan);
		default:
			return reads_by_index(plan->lefttree) || reads_by_index(plan->righttree);
	}
}

/* "l.patient = k.patient AND ..." of the keys that the mapping has: a condition on another would be folded away. */
static char *
condition_of(const SourceMap *map)
{
	StringInfoData text;

	initStringInfo(&text);
	appendStringInfoString(&text, "l.patient = k.patient");
	if (map->fields[SOURCE_PROVIDER] != NULL)
		appendStringInfoString(&text, " AND l.provider = k.provider");
	if (map->fields[SOURCE_DOS] != NULL)
		appendStringInfoString(&text, " AND l.dos = k.dos");
	return text.data;
}

/* Could rows be found by an index, were reading the whole table dear?  `rows`: a SELECT of them for a row k of `keys`. */
static bool
is_indexed(const char *keys, const char *rows)
{
	int			level = NewGUCNestLevel();
	bool		indexed = false;
	SPIPlanPtr	plan;
	CachedPlan *cached;
	ListCell   *cell;

	set_local("search_path", "pg_catalog, pg_temp");
	set_local("enable_seqscan", "off");
	SPI_connect();
	plan = sql_prepare(psprintf("SELECT FROM (%s) k CROSS JOIN LATERAL (%s OFFSET 0) d", keys, rows), 0, NULL);
	cached = SPI_plan_get_cached_plan(plan);
	foreach(cell, cached->stmt_list)
		indexed = indexed || reads_by_index(lfirst_node(PlannedStmt, cell)->planTree);
	/* of a plan that is not saved no resource owner knows */
	ReleaseCachedPlan(cached, NULL);
	SPI_freeplan(plan);
	SPI_finish();
	AtEOXact_GUC(false, level);
	return indexed;
}

/* Is a provider-day read by an index? */
Datum
claim_source_indexed(PG_FUNCTION_ARGS)
{
	SourceMap  *map = source_of(PG_GETARG_OID(0), PG_GETARG_JSONB_P(1));
	char	   *lines = source_select(map, extension_schema(), NULL, NULL, SELECT_OWN);

	PG_RETURN_BOOL(is_indexed(lines, psprintf("SELECT l.patient FROM (%s) l WHERE %s", lines, condition_of(map))));
}

/* Are the claims of a patient that are voided or replaced found by an index, or is there none? */
Datum
claim_adjust_indexed(PG_FUNCTION_ARGS)
{
	SourceMap  *map = source_of(PG_GETARG_OID(0), PG_GETARG_JSONB_P(1));
	char	   *lines = source_select(map, extension_schema(), NULL, NULL, SELECT_OWN);

	if (!has_adjustments(map))
		PG_RETURN_BOOL(true);
	PG_RETURN_BOOL(map->fields[SOURCE_PATIENT] != NULL &&
				   is_indexed(lines, psprintf("SELECT l.claim FROM (%s) l WHERE l.patient = k.patient", taken_out_select(map, NULL))));
}

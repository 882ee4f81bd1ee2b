/*
 * src/pg/store/guard_merge.c
 *
 * Rows that MERGE moves to another partition.
 *
 * The server calls the triggers of the actions that a MERGE has.  A row that an
 * UPDATE action moves to another partition is deleted there and inserted here: it
 * is collected for the triggers on DELETE and INSERT, and those on UPDATE, which
 * are called, get nothing.  So where a MERGE has no such action, guards and logs
 * are called for it here, as if it had one; triggers of others are not.
 */
#include "postgres.h"

#include "catalog/pg_class.h"
#include "commands/trigger.h"
#include "executor/executor.h"
#include "fmgr.h"
#include "pg/store/guard_merge.h"
#include "pg/store/trigger_list.h"
#include "utils/rel.h"

PG_FUNCTION_INFO_V1(claim_guard_loaded);

static ExecutorFinish_hook_type next_finish = NULL;

/* The triggers of guards and logs alone. */
static TriggerDesc *
own_triggers(const TriggerDesc *all)
{
	TriggerDesc *own = palloc(sizeof(TriggerDesc));
	int			i;

	*own = *all;
	own->triggers = palloc(sizeof(Trigger) * ((Size) all->numtriggers + 1));
	own->numtriggers = 0;
	for (i = 0; i < all->numtriggers; i++)
		if (source_trigger_kind(&all->triggers[i]) != NULL)
			own->triggers[own->numtriggers++] = all->triggers[i];
	return own;
}

/* Does a MERGE update a partitioned table, and are not all triggers called that its rows are collected for? */
static bool
may_move_unseen(const ModifyTableState *node)
{
	const int	all = MERGE_INSERT | MERGE_DELETE;

	return node->operation == CMD_MERGE && (node->mt_merge_subcommands & MERGE_UPDATE) &&
		(node->mt_merge_subcommands & all) != all && node->mt_transition_capture != NULL &&
		node->rootResultRelInfo->ri_RelationDesc->rd_rel->relkind == RELKIND_PARTITIONED_TABLE &&
		node->rootResultRelInfo->ri_TrigDesc != NULL;
}

/* Have the triggers called that the server does not call; with nothing collected they do nothing. */
static void
call_for_moved(EState *estate, ModifyTableState *node)
{
	ResultRelInfo target = *node->rootResultRelInfo;

	target.ri_TrigDesc = own_triggers(target.ri_TrigDesc);
	if (target.ri_TrigDesc->numtriggers == 0)
		return;
	if (!(node->mt_merge_subcommands & MERGE_DELETE))
		ExecASDeleteTriggers(estate, &target, node->mt_transition_capture);
	if (!(node->mt_merge_subcommands & MERGE_INSERT))
		ExecASInsertTriggers(estate, &target, node->mt_transition_capture);
}

static void
run_to_end(EState *estate, PlanState *node)
{
	TupleTableSlot *row;

	estate->es_direction = ForwardScanDirection;
	do
	{
		ResetPerTupleExprContext(estate);
		row = ExecProcNode(node);
	} while (!TupIsNull(row));
}

/* Before the triggers of a query are called. */
static void
finish(QueryDesc *query)
{
	EState	   *estate = query->estate;
	MemoryContext old = MemoryContextSwitchTo(estate->es_query_cxt);
	ListCell   *cell;

	if (IsA(query->planstate, ModifyTableState) && may_move_unseen((ModifyTableState *) query->planstate))
		call_for_moved(estate, (ModifyTableState *) query->planstate);
	/* one in a WITH may have rows yet to come */
	foreach(cell, estate->es_auxmodifytables)
	{
		ModifyTableState *node = lfirst(cell);

		if (node == (ModifyTableState *) query->planstate || !may_move_unseen(node))
			continue;
		run_to_end(estate, &node->ps);
		call_for_moved(estate, node);
	}
	MemoryContextSwitchTo(old);
	if (next_finish != NULL)
		next_finish(query);
	else
		standard_ExecutorFinish(query);
}

void
guard_merge_init(void)
{
	next_finish = ExecutorFinish_hook;
	ExecutorFinish_hook = finish;
}

/*
 * True.  As the condition of a trigger on UPDATE of a partitioned table it has
 * the library loaded before the triggers of a query are called.
 */
Datum
claim_guard_loaded(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(true);
}

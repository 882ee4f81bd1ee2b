/*
 * src/pg/plan/claim_days.c
 *
 * The plan node ClaimDays: reads its child, groups lines to days, gives days.
 */
#include "postgres.h"

#include "commands/explain.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "pg/compat.h"
#include "pg/day_type.h"
#include "pg/plan/claim_days.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/ruleutils.h"

/* ----------------------------------------------------------- the child */

/* A row of the child, as it is stored. */
static const DayRow *
form_row(ClaimDaysState *state, TupleTableSlot *slot)
{
	StringInfo	row = &state->row;
	int			n_keys = state->keys->n;
	NullableDatum arguments[4];
	uint8		reason[1 + DAY_MAX_REASON];
	DayLine		line;
	DayRow		head;
	Size		line_size;
	Size		size;
	int			i;

	for (i = 0; i < state->n_arguments; i++)
	{
		arguments[i].value = slot->tts_values[n_keys + i];
		arguments[i].isnull = slot->tts_isnull[n_keys + i];
	}
	line_size = day_line_argument(arguments, state->n_arguments, &line, reason);
	row->len = sizeof(DayRow);
	head.null_mask = day_keys_put(state->keys, slot->tts_values, slot->tts_isnull, row);
	head.key_used = (uint32) (row->len - sizeof(DayRow));
	head.key_size = (uint32) INTALIGN(head.key_used);
	size = sizeof(DayRow) + head.key_size + day_entry_size(line_size, line.id_length, line.reason);
	head.size = (uint32) MAXALIGN(size);
	if ((int) head.size >= row->maxlen)
		enlargeStringInfo(row, (int) (head.size - row->len));
	memset(row->data + row->len, 0, head.key_size - head.key_used);
	day_entry_put(row->data + sizeof(DayRow) + head.key_size, &line, line_size);
	memset(row->data + size, 0, head.size - size);
	head.hash = day_keys_hash(state->keys, row->data + sizeof(DayRow), head.key_size, head.null_mask);
	memcpy(row->data, &head, sizeof(head));
	return (const DayRow *) row->data;
}

static void
read_child(ClaimDaysState *state, DayRows *rows)
{
	PlanState  *child = linitial(state->css.custom_ps);
	ExprContext *per_row = state->css.ss.ps.ps_ExprContext;

	for (;;)
	{
		TupleTableSlot *slot = ExecProcNode(child);
		MemoryContext old;

		if (TupIsNull(slot))
			break;
		slot_getallattrs(slot);
		/* what is detoasted goes with the row */
		ResetExprContext(per_row);
		old = MemoryContextSwitchTo(per_row->ecxt_per_tuple_memory);
		day_rows_add(rows, form_row(state, slot));
		MemoryContextSwitchTo(old);
	}
}

int
days_parts(const ClaimDaysState *state, int n_processes)
{
	Plan	   *child = linitial(((CustomScan *) state->css.ss.ps.plan)->custom_plans);

	return day_parts_for(child->plan_rows * n_processes * (child->plan_width + sizeof(DayRow) + sizeof(DayEntry)),
						 state->limit);
}

static void
push_level(ClaimDaysState *state, DayRows *rows)
{
	state->at[state->n_levels] = 0;
	state->levels[state->n_levels++] = rows;
}

static void
note_used(ClaimDaysState *state, const DayRows *rows)
{
	state->used.memory = Max(state->used.memory, rows->peak);
	state->used.files += rows->in_files;
}

/* Read all lines of the child, or those that other processes have not read. */
static void
begin_days(ClaimDaysState *state)
{
	MemoryContext old = CurrentMemoryContext;

	state->work = AllocSetContextCreate(state->css.ss.ps.state->es_query_cxt, "ClaimDays", ALLOCSET_DEFAULT_SIZES);
	MemoryContextSwitchTo(state->work);
	initStringInfo(&state->row);
	/* the child runs where it always does: what it keeps outlives this scan */
	MemoryContextSwitchTo(old);
	if (state->shared != NULL)
	{
		if (days_shared_attach(state))
		{
			read_child(state, state->shared_rows);
			note_used(state, state->shared_rows);
			days_shared_wait(state);
		}
	}
	else
	{
		state->n_parts = days_parts(state, 1);
		push_level(state, day_rows_begin(state->work, 0, state->n_parts, state->limit, NULL));
		read_child(state, state->levels[0]);
		note_used(state, state->levels[0]);
	}
	state->is_read = true;
}

/* ----------------------------------------------------------- the parts */

static void
group_part(ClaimDaysState *state)
{
	day_groups_open(&state->groups, state->keys);
	state->has_groups = true;
	state->used.memory = Max(state->used.memory, state->groups.memory);
}

/* The next part of a level with rows: those in memory first, so that there is room for those in files; -1 for none. */
static int
next_part(DayRows *rows, int *at)
{
	for (; *at < 2 * rows->n_parts; (*at)++)
	{
		const DayPart *part = &rows->parts[*at % rows->n_parts];

		if (part->share.n_rows > 0 && (part->file != NULL) == (*at >= rows->n_parts))
			return *at % rows->n_parts;
	}
	return -1;
}

/* Group a part, or part it again where it is too large. */
static void
open_part(ClaimDaysState *state, DayRows *rows, int part)
{
	PartShare	share = day_part_share(rows, part);

	if (day_part_divides(&share, rows->level, state->limit))
	{
		DayRows    *below = day_rows_begin(state->work, rows->level + 1, day_parts_for((double) share.bytes, state->limit),
										   state->limit, NULL);

		push_level(state, below);
		day_part_divide(rows, part, below);
		note_used(state, below);
		return;
	}
	day_part_load(rows, part, &state->groups.part);
	group_part(state);
}

/* Open the next part, of the level below all others; false where there is none. */
static bool
open_next_part(ClaimDaysState *state)
{
	int			part;

	while (state->n_levels > 0)
	{
		int			level = state->n_levels - 1;

		part = next_part(state->levels[level], &state->at[level]);
		if (part >= 0)
		{
			open_part(state, state->levels[level], part);
			return true;
		}
		day_rows_end(state->levels[level]);
		state->levels[--state->n_levels] = NULL;
	}
	part = state->shared == NULL ? -1 : days_shared_next(state);
	if (part >= 0)
		open_part(state, state->shared_rows, part);
	return part >= 0;
}

/* The first row of the next day, whose lines are in state->lines; NULL behind the last one. */
static const DayRow *
next_day(ClaimDaysState *state)
{
	for (;;)
	{
		const DayRow *first;

		CHECK_FOR_INTERRUPTS();
		if (state->has_groups)
		{
			first = day_groups_next(&state->groups, &state->lines);
			if (first != NULL)
				return first;
			day_groups_close(&state->groups);
			state->has_groups = false;
		}
		if (!open_next_part(state))
			return NULL;
	}
}

/* ------------------------------------------------------------ the node */

static Datum
day_datum(const GroupLines *lines)
{
	FlatDay    *day;

	check_day_size(lines->used);
	day = palloc(lines->used);
	SET_VARSIZE(day, lines->used);
	flat_day_of_entries(lines->lines, lines->n, day, lines->used);
	return PointerGetDatum(day);
}

/* The row of the day whose first row that is; in the current memory context. */
static void
store_day(ClaimDaysState *state, const DayRow *first, TupleTableSlot *slot)
{
	int			i;

	day_keys_get(state->keys, DAY_ROW_KEYS(first), first->null_mask, state->key_values);
	for (i = 0; i < state->n_outputs; i++)
	{
		int			output = state->outputs[i];

		slot->tts_isnull[i] = output >= 0 && (first->null_mask & (uint32) 1 << output) != 0;
		if (output == OUTPUT_OF_DAY)
			slot->tts_values[i] = day_datum(&state->lines);
		else if (output == OUTPUT_OF_COUNT)
			slot->tts_values[i] = Int64GetDatum(state->lines.n);
		else
			slot->tts_values[i] = state->key_values[output];
	}
	ExecStoreVirtualTuple(slot);
}

static TupleTableSlot *
next_tuple(ScanState *node)
{
	ClaimDaysState *state = (ClaimDaysState *) node;
	TupleTableSlot *slot = node->ss_ScanTupleSlot;
	MemoryContext old = CurrentMemoryContext;
	const DayRow *first;

	ExecClearTuple(slot);
	if (!state->is_read)
		begin_days(state);
	MemoryContextSwitchTo(state->work);
	first = next_day(state);
	/* a day goes with the row */
	MemoryContextSwitchTo(node->ps.ps_ExprContext->ecxt_per_tuple_memory);
	if (first != NULL)
		store_day(state, first, slot);
	MemoryContextSwitchTo(old);
	return slot;
}

/* The node is no scan of a row that another transaction changed: where that row is read anew, days are as ever. */
static bool
recheck(ScanState *node, TupleTableSlot *slot)
{
	next_tuple(node);
	return true;
}

static TupleTableSlot *
exec_days(CustomScanState *node)
{
	return ExecScan(&node->ss, next_tuple, recheck);
}

static void
begin_scan(CustomScanState *node, EState *estate, int eflags)
{
	ClaimDaysState *state = (ClaimDaysState *) node;
	CustomScan *scan = (CustomScan *) node->ss.ps.plan;
	List	   *outputs = list_nth(scan->custom_private, DAYS_OUTPUTS);
	PlanState  *child = ExecInitNode(linitial(scan->custom_plans), estate, eflags);
	ListCell   *cell;

	node->custom_ps = list_make1(child);
	state->keys = day_keys_make(ExecGetResultType(child), list_nth(scan->custom_private, DAYS_EQUALITIES));
	state->n_arguments = linitial_int(list_nth(scan->custom_private, DAYS_ARGUMENTS));
	state->outputs = palloc(sizeof(int) * (list_length(outputs) + 1));
	foreach(cell, outputs)
		state->outputs[state->n_outputs++] = lfirst_int(cell);
	state->key_values = palloc(sizeof(Datum) * state->keys->n);
	state->limit = get_hash_memory_limit();
	state->participant = -1;
}

void
drop_days(ClaimDaysState *state)
{
	if (state->has_groups)
		day_groups_close(&state->groups);
	state->has_groups = false;
	while (state->n_levels > 0)
		day_rows_end(state->levels[--state->n_levels]);
	if (state->shared_rows != NULL)
		day_rows_end(state->shared_rows);
	state->shared_rows = NULL;
	if (state->work != NULL)
		MemoryContextDelete(state->work);
	state->work = NULL;
	memset(&state->lines, 0, sizeof(state->lines));
	state->is_read = false;
}

static void
end_scan(CustomScanState *node)
{
	drop_days((ClaimDaysState *) node);
	ExecEndNode(linitial(node->custom_ps));
}

static void
scan_again(CustomScanState *node)
{
	PlanState  *child = linitial(node->custom_ps);

	drop_days((ClaimDaysState *) node);
	if (node->ss.ps.chgParam != NULL)
		UpdateChangedParamSet(child, node->ss.ps.chgParam);
	/* else the child is scanned again with the first call */
	if (child->chgParam == NULL)
		ExecReScan(child);
	ExecScanReScan(&node->ss);
}

/* ----------------------------------------------------------- EXPLAIN */

static void
explain_keys(ClaimDaysState *state, List *ancestors, ExplainState *es)
{
	CustomScan *scan = (CustomScan *) state->css.ss.ps.plan;
	Plan	   *child = linitial(scan->custom_plans);
	List	   *context = set_deparse_context_plan(es->deparse_cxt, child, lcons(scan, list_copy(ancestors)));
	bool		prefix = N_EXPLAINED(es) > 1 || es->verbose;
	List	   *keys = NIL;
	int			i;

	for (i = 0; i < state->keys->n; i++)
		keys = lappend(keys, deparse_expression((Node *) ((TargetEntry *) list_nth(child->targetlist, i))->expr, context, prefix, true));
	ExplainPropertyList("Group Key", keys, es);
}

static void
explain_scan(CustomScanState *node, List *ancestors, ExplainState *es)
{
	ClaimDaysState *state = (ClaimDaysState *) node;
	DaysUsed	used = state->used;

	explain_keys(state, ancestors, es);
	if (!es->analyze || state->n_parts == 0)
		return;
	used.memory = Max(used.memory, state->used_by_all.memory);
	used.files = Max(used.files, state->used_by_all.files);
	ExplainPropertyInteger("Partitions", NULL, state->n_parts, es);
	ExplainPropertyInteger("Memory Usage", "kB", (int64) (used.memory + 1023) / 1024, es);
	ExplainPropertyInteger("Disk Usage", "kB", (int64) (used.files + 1023) / 1024, es);
}

static const CustomExecMethods exec_methods = {
	.CustomName = "ClaimDays",
	.BeginCustomScan = begin_scan,
	.ExecCustomScan = exec_days,
	.EndCustomScan = end_scan,
	.ReScanCustomScan = scan_again,
	.EstimateDSMCustomScan = days_shared_size,
	.InitializeDSMCustomScan = days_shared_begin,
	.ReInitializeDSMCustomScan = days_shared_again,
	.InitializeWorkerCustomScan = days_shared_join,
	.ShutdownCustomScan = days_shared_leave,
	.ExplainCustomScan = explain_scan
};

static Node *
create_state(CustomScan *scan)
{
	ClaimDaysState *state = (ClaimDaysState *) newNode(sizeof(ClaimDaysState), T_CustomScanState);

	state->css.methods = &exec_methods;
	return (Node *) state;
}

const CustomScanMethods claim_days_methods = {"ClaimDays", create_state};

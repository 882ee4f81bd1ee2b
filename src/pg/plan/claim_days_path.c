/*
 * src/pg/plan/claim_days_path.c
 *
 * Where the planner considers a ClaimDays node: for a GROUP BY whose only
 * aggregate is claimday(), or that and count(*).
 */
#include "postgres.h"

#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/cost.h"
#include "optimizer/optimizer.h"
#include "optimizer/pathnode.h"
#include "optimizer/paths.h"
#include "optimizer/planner.h"
#include "optimizer/tlist.h"
#include "pg/compat.h"
#include "pg/extension.h"
#include "pg/plan/claim_days.h"
#include "utils/fmgroids.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"

bool		enable_claim_days = true;

static create_upper_paths_hook_type next_hook = NULL;

/* ------------------------------------------------------- the query */

/* What a query asks of the node. */
typedef struct DaysQuery
{
	PlannerInfo *root;
	List	   *keys;			/* expressions, and their equality operators */
	List	   *equalities;
	Aggref	   *day;			/* the call of claimday(), or NULL */
	List	   *shown;			/* expressions that the node gives: keys and aggregates */
	List	   *outputs;		/* int, one each: OUTPUT_OF_... or the place of a key */
} DaysQuery;

/* Not one of a user's that has its name. */
static bool
is_claimday(Oid function)
{
	char	   *name = get_func_name(function);

	return name != NULL && strcmp(name, "claimday") == 0 && is_of_extension(function);
}

/* Is it one of the aggregates that the node computes, of all rows of a group? */
static bool
take_aggregate(DaysQuery *query, Aggref *aggregate)
{
	int			output;

	if (aggregate->aggsplit != AGGSPLIT_SIMPLE || aggregate->agglevelsup != 0 || aggregate->aggfilter != NULL ||
		aggregate->aggdistinct != NIL || aggregate->aggorder != NIL)
		return false;
	if (aggregate->aggstar && aggregate->aggfnoid == F_COUNT_)
		output = OUTPUT_OF_COUNT;
	else if (is_claimday(aggregate->aggfnoid) && (query->day == NULL || equal(query->day, aggregate)))
	{
		query->day = aggregate;
		output = OUTPUT_OF_DAY;
	}
	else
		return false;
	if (!list_member(query->shown, aggregate))
	{
		query->shown = lappend(query->shown, aggregate);
		query->outputs = lappend_int(query->outputs, output);
	}
	return true;
}

/* Walks over what is computed of groups; true where it holds what the node cannot give. */
static bool
lacks_output(Node *node, void *context)
{
	DaysQuery  *query = context;
	ListCell   *cell;

	if (node == NULL)
		return false;
	foreach(cell, query->keys)
	{
		if (!equal(lfirst(cell), node))
			continue;
		if (!list_member(query->shown, node))
		{
			query->shown = lappend(query->shown, node);
			query->outputs = lappend_int(query->outputs, foreach_current_index(cell));
		}
		return false;
	}
	if (IsA(node, Aggref))
		return !take_aggregate(query, (Aggref *) node);
	/* a column that is no key: it depends on one that is */
	if (IsA(node, Var) || IsA(node, PlaceHolderVar) || IsA(node, GroupingFunc))
		return true;
	return expression_tree_walker(node, lacks_output, context);
}

/* The keys, of the columns that a query or one partition of it gives: can each be hashed, and stored as bytes? */
static bool
take_keys(DaysQuery *query, List *columns)
{
	Query	   *parse = query->root->parse;
	ListCell   *cell;

	if (list_length(parse->groupClause) > MAX_DAY_KEYS)
		return false;
	foreach(cell, parse->groupClause)
	{
		SortGroupClause *clause = lfirst(cell);
		Node	   *key = get_sortgroupclause_expr(clause, columns);

		/* keys are found by what they are, so that two calls of random() were one */
		if (!clause->hashable || get_typlen(exprType(key)) == -2 || contain_volatile_functions(key))
			return false;
		query->keys = lappend(query->keys, key);
		query->equalities = lappend_oid(query->equalities, clause->eqop);
	}
	return true;
}

/* Does the node give what a query asks of its groups? */
static bool
take_query(DaysQuery *query, RelOptInfo *grouped, const GroupPathExtraData *extra)
{
	Query	   *parse = query->root->parse;

	if (parse->groupClause == NIL || parse->groupingSets != NIL || !parse->hasAggs)
		return false;
	return take_keys(query, extra->targetList) &&
		!lacks_output((Node *) grouped->reltarget->exprs, query) &&
		!lacks_output(extra->havingQual, query) &&
		query->day != NULL;
}

/* -------------------------------------------------------- the paths */

/* Costs this near are the same, as add_path() has it. */
#define ABOUT_THE_SAME		1.01

/* What the child gives: the keys and the arguments of claimday(). */
static PathTarget *
child_target(PlannerInfo *root, const DaysQuery *query)
{
	PathTarget *target = create_empty_pathtarget();
	ListCell   *cell;

	foreach(cell, query->keys)
		add_column_to_pathtarget(target, lfirst(cell), 0);
	foreach(cell, query->day->args)
		add_column_to_pathtarget(target, ((TargetEntry *) lfirst(cell))->expr, 0);
	return set_pathtarget_cost_width(root, target);
}

/*
 * As that of a hash aggregate, which counts an operator a key and row and what
 * goes to files twice; beyond it a day's lines are put in order.
 */
static void
cost_days(Path *path, const Path *child, int n_keys)
{
	double		bytes = child->rows * (child->pathtarget->width + sizeof(DayRow) + sizeof(DayEntry));
	Cost		cost = child->total_cost + cpu_operator_cost * (n_keys + 1) * child->rows;

	if (bytes > get_hash_memory_limit())
		cost += 2 * seq_page_cost * bytes / BLCKSZ;
	path->startup_cost = cost;
	path->total_cost = cost + cpu_tuple_cost * path->rows;
}

static Plan *plan_days(PlannerInfo *root, RelOptInfo *rel, CustomPath *path, List *tlist, List *clauses, List *plans);
static const CustomPathMethods path_methods = {"ClaimDays", plan_days, NULL};

/* Of a path, beside what a plan has: what the node gives, and the conditions of HAVING. */
enum
{
	PATH_SHOWN = DAYS_ARGUMENTS + 1, PATH_HAVING
};

static CustomPath *
days_path(const DaysQuery *query, RelOptInfo *grouped, List *having, Path *child, double rows, bool parallel)
{
	CustomPath *path = makeNode(CustomPath);

	path->path.pathtype = T_CustomScan;
	path->path.parent = grouped;
	path->path.pathtarget = grouped->reltarget;
	path->path.parallel_aware = parallel;
	path->path.parallel_safe = grouped->consider_parallel && child->parallel_safe;
	path->path.parallel_workers = child->parallel_workers;
	path->path.rows = rows;
	path->flags = CUSTOMPATH_SUPPORT_PROJECTION;
	path->custom_paths = list_make1(child);
	path->custom_private = list_make5(query->equalities, query->outputs, list_make1_int(list_length(query->day->args)),
									  query->shown, having);
	path->methods = &path_methods;
	cost_days(&path->path, child, list_length(query->keys));
	return path;
}

/*
 * Drop paths that have nothing before `path` but an order, where none is asked
 * for: add_path() takes the order for an advantage where costs are about the
 * same, and they seem so for few rows, but the columns of a day's key go
 * together, so that there are often many times as many rows as is guessed.
 */
static void
drop_ordered_paths(const PlannerInfo *root, RelOptInfo *grouped, const Path *path)
{
	ListCell   *cell;

	if (root->sort_pathkeys != NIL || root->distinct_pathkeys != NIL || root->window_pathkeys != NIL)
		return;
	foreach(cell, grouped->pathlist)
	{
		const Path *other = lfirst(cell);

		if (other->total_cost >= path->total_cost && other->startup_cost * ABOUT_THE_SAME >= path->startup_cost)
			grouped->pathlist = foreach_delete_current(grouped->pathlist, cell);
	}
}

static void
add_days_paths(PlannerInfo *root, RelOptInfo *input, RelOptInfo *grouped, const DaysQuery *query, List *having)
{
	PathTarget *target = child_target(root, query);
	double		rows = grouped->pathlist == NIL ? input->rows : ((Path *) linitial(grouped->pathlist))->rows;
	Path	   *child = (Path *) create_projection_path(root, input, input->cheapest_total_path, target);
	CustomPath *path = days_path(query, grouped, having, child, rows, false);

	drop_ordered_paths(root, grouped, &path->path);
	add_path(grouped, &path->path);
	if (grouped->consider_parallel && input->partial_pathlist != NIL)
	{
		int			n_workers;

		child = (Path *) create_projection_path(root, input, linitial(input->partial_pathlist), target);
		n_workers = child->parallel_workers;
		add_partial_path(grouped, (Path *) days_path(query, grouped, having, child, clamp_row_est(rows / n_workers), true));
		/* of it, or of a cheaper one; partitions are gathered together */
		if (!IS_OTHER_REL(grouped))
			generate_gather_paths(root, grouped, true);
	}
}

static void
consider_days(PlannerInfo *root, UpperRelationKind stage, RelOptInfo *input, RelOptInfo *grouped, void *extra)
{
	DaysQuery	query = {.root = root};

	if (next_hook != NULL)
		next_hook(root, stage, input, grouped, extra);
	if (enable_claim_days && stage == UPPERREL_GROUP_AGG && input->cheapest_total_path != NULL && extra != NULL)
	{
		const GroupPathExtraData *grouping = extra;

		if (take_query(&query, grouped, grouping))
			add_days_paths(root, input, grouped, &query, (List *) grouping->havingQual);
	}
}

static Plan *
plan_days(PlannerInfo *root, RelOptInfo *rel, CustomPath *path, List *tlist, List *clauses, List *plans)
{
	CustomScan *scan = makeNode(CustomScan);
	AttrNumber	n = 1;
	ListCell   *cell;

	foreach(cell, list_nth(path->custom_private, PATH_SHOWN))
		scan->custom_scan_tlist = lappend(scan->custom_scan_tlist, makeTargetEntry(copyObject(lfirst(cell)), n++, NULL, false));
	scan->scan.plan.targetlist = tlist;
	scan->scan.plan.qual = copyObject(list_nth(path->custom_private, PATH_HAVING));
	scan->flags = path->flags;
	scan->custom_plans = plans;
	scan->custom_private = list_truncate(list_copy(path->custom_private), PATH_SHOWN);
	scan->methods = &claim_days_methods;
	return (Plan *) scan;
}

void
claim_days_init(void)
{
	DefineCustomBoolVariable("claimline.enable_claim_days",
							 "Enables the planner's use of ClaimDays plans.",
							 "They group claim lines to provider-days.",
							 &enable_claim_days, true, PGC_USERSET, GUC_EXPLAIN, NULL, NULL, NULL);
	RegisterCustomScanMethods(&claim_days_methods);
	next_hook = create_upper_paths_hook;
	create_upper_paths_hook = consider_days;
}

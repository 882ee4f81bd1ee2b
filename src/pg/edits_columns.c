/*
 * src/pg/edits_columns.c
 *
 * What the planner makes of a call of claim_edits(): one that is told which
 * columns of its rows the query reads, for a message or a suggestion that
 * nobody reads costs more than the edits.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "nodes/pathnodes.h"
#include "nodes/supportnodes.h"
#include "pg/edits_columns.h"
#include "pg/extension.h"
#include "pg/finding_row.h"
#include "utils/lsyscache.h"

/* What of a relation of a query is read, as far as the walk has come. */
typedef struct Reading
{
	const Query *query;
	Index		relation;		/* index of it */
	AttrNumber	row;			/* column that holds the rows; 0 where the columns of the rows are its own */
	int			depth;			/* of the query that the walk is in, below that one */
	unsigned	columns;
} Reading;

static bool walk(Node *node, Reading *reading);

/* A column of the relation, or of a join of it with others; not the field of one. */
static void
read_variable(const Var *var, Reading *reading)
{
	const RangeTblEntry *entry;

	if ((int) var->varlevelsup != reading->depth)
		return;
	if (var->varno == reading->relation)
	{
		if (var->varattno == InvalidAttrNumber || var->varattno == reading->row)
			reading->columns = ALL_FINDING_COLUMNS;
		else if (reading->row == 0 && var->varattno > 0 && var->varattno <= N_FINDING_COLUMNS)
			reading->columns |= COLUMN_BIT(var->varattno - 1);
		return;
	}
	entry = list_nth(reading->query->rtable, (int) var->varno - 1);
	if (entry->rtekind != RTE_JOIN)
		return;
	if (var->varattno <= 0 || var->varattno > list_length(entry->joinaliasvars))
		reading->columns = ALL_FINDING_COLUMNS;
	else
	{
		int			depth = reading->depth;

		reading->depth = 0;
		walk(list_nth(entry->joinaliasvars, var->varattno - 1), reading);
		reading->depth = depth;
	}
}

/* Is it the column of rows itself, of which a field is read? */
static bool
is_row(const Node *node, const Reading *reading)
{
	const Var  *var = (const Var *) node;

	return reading->row != 0 && IsA(node, Var) && (int) var->varlevelsup == reading->depth &&
		var->varno == reading->relation && var->varattno == reading->row;
}

static bool
walk(Node *node, Reading *reading)
{
	if (node == NULL)
		return false;
	if (IsA(node, FieldSelect) && is_row((Node *) ((FieldSelect *) node)->arg, reading))
	{
		reading->columns |= COLUMN_BIT(((FieldSelect *) node)->fieldnum - 1);
		return false;
	}
	if (IsA(node, Var))
	{
		read_variable((Var *) node, reading);
		return false;
	}
	if (IsA(node, Query))
	{
		reading->depth++;
		query_tree_walker((Query *) node, walk, reading, QTW_IGNORE_JOINALIASES);
		reading->depth--;
		return false;
	}
	return expression_tree_walker(node, walk, reading);
}

/* What a query reads of one of its relations. */
static unsigned
columns_read(Query *query, Index relation, AttrNumber row)
{
	Reading		reading = {query, relation, row, 0, COLUMN_BIT(COLUMN_RULE)};

	query_tree_walker(query, walk, &reading, QTW_IGNORE_JOINALIASES);
	return reading.columns;
}

static bool
is_call(const Node *node, Oid function)
{
	return node != NULL && IsA(node, FuncExpr) && ((const FuncExpr *) node)->funcid == function;
}

typedef struct Calls
{
	Oid			function;
	int			n;
} Calls;

static bool
count_calls(Node *node, Calls *calls)
{
	if (node == NULL || IsA(node, Query))
		return false;
	calls->n += is_call(node, calls->function);
	return expression_tree_walker(node, count_calls, calls);
}

/* How many calls a query has, those of its subqueries left out. */
static int
calls_of(Query *query, Oid function)
{
	Calls		calls = {function, 0};

	query_tree_walker(query, count_calls, &calls, QTW_IGNORE_RT_SUBQUERIES | QTW_IGNORE_JOINALIASES);
	return calls.n;
}

/* What is read of the calls in FROM; `n` counts them. */
static unsigned
columns_in_from(Query *query, Oid function, int *n)
{
	unsigned	columns = 0;
	ListCell   *cell;

	foreach(cell, query->rtable)
	{
		const RangeTblEntry *entry = lfirst(cell);

		if (entry->rtekind != RTE_FUNCTION || list_length(entry->functions) != 1 ||
			!is_call(((RangeTblFunction *) linitial(entry->functions))->funcexpr, function))
			continue;
		columns |= columns_read(query, (Index) foreach_current_index(cell) + 1, 0);
		(*n)++;
	}
	return columns;
}

/* Is a relation one of those that a UNION ALL was made of?  What is read of it stands nowhere. */
static bool
is_appended(const PlannerInfo *root, Index relation)
{
	ListCell   *cell;

	foreach(cell, root->append_rel_list)
		if (((AppendRelInfo *) lfirst(cell))->child_relid == relation)
			return true;
	return false;
}

/*
 * What is read of the calls in the select list of a relation of a query: all of
 * rows that are sorted, or told apart by DISTINCT, as a whole.
 */
static unsigned
columns_of_list(const PlannerInfo *root, Index relation, const Query *subquery, Oid function)
{
	unsigned	columns = 0;
	ListCell   *cell;

	foreach(cell, subquery->targetList)
	{
		const TargetEntry *entry = lfirst(cell);

		if (is_call((Node *) entry->expr, function))
			columns |= entry->ressortgroupref != 0 || is_appended(root, relation) ? ALL_FINDING_COLUMNS
				: columns_read(root->parse, relation, entry->resno);
	}
	return columns;
}

/*
 * What the query around reads of the calls in the select list; `n` counts them.
 * Which of its relations the query is cannot be told: what is read of any that has such a call
 * counts.  It is one of them, and not in an expression, in WITH or part of a UNION, where the
 * relations of the query around are known.
 */
static unsigned
columns_in_list(const PlannerInfo *root, Oid function, int *n)
{
	const PlannerInfo *around = root->parent_root;
	unsigned	columns = 0;
	ListCell   *cell;

	foreach(cell, root->parse->targetList)
		*n += is_call((Node *) ((TargetEntry *) lfirst(cell))->expr, function);
	if (*n == 0)
		return 0;
	if (around == NULL || around->simple_rel_array == NULL || around->parse->setOperations != NULL)
		return ALL_FINDING_COLUMNS;
	foreach(cell, around->parse->rtable)
	{
		const RangeTblEntry *entry = lfirst(cell);

		if (entry->rtekind == RTE_SUBQUERY && entry->subquery != NULL)
			columns |= columns_of_list(around, (Index) foreach_current_index(cell) + 1, entry->subquery, function);
	}
	return columns;
}

/* What is read of the findings of the calls in a query; all where one of them is within an expression. */
static unsigned
columns_asked(const PlannerInfo *root, Oid function)
{
	int			n_from = 0;
	int			n_list = 0;
	unsigned	columns = columns_in_from(root->parse, function, &n_from) | columns_in_list(root, function, &n_list);

	return calls_of(root->parse, function) == n_from + n_list ? columns : ALL_FINDING_COLUMNS;
}

Node *
claim_edits_of_columns(const SupportRequestSimplify *request)
{
	const FuncExpr *call = request->fcall;
	const Oid	types[] = {exprType(linitial(call->args)), exprType(llast(call->args)), INT4OID};
	unsigned	columns;
	Oid			function;
	FuncExpr   *asked;

	/* of a day by given rules */
	if (request->root == NULL || list_length(call->args) != 2)
		return NULL;
	columns = columns_asked(request->root, call->funcid);
	if (columns == 0 || columns == ALL_FINDING_COLUMNS)
		return NULL;
	function = internal_function("claim_edits_columns", lengthof(types), types, call->funcid);
	/* claim_edits_placed() has rows of its own */
	if (!OidIsValid(function) || get_func_rettype(function) != call->funcresulttype)
		return NULL;
	asked = makeFuncExpr(function, call->funcresulttype,
						 lappend(list_copy(call->args), makeConst(INT4OID, -1, InvalidOid, sizeof(int32), Int32GetDatum((int32) columns), false, true)),
						 call->funccollid, call->inputcollid, COERCE_EXPLICIT_CALL);
	asked->funcretset = true;
	return (Node *) asked;
}

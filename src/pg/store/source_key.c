/*
 * src/pg/store/source_key.c
 *
 * Numbers of patients and providers as they group: in text they are written in
 * several ways.
 */
#include "postgres.h"

#include "access/table.h"
#include "catalog/pg_class.h"
#include "catalog/pg_operator.h"
#include "line/stored_field.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "nodes/pathnodes.h"
#include "nodes/supportnodes.h"
#include "parser/parsetree.h"
#include "pg/line_values.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"

PG_FUNCTION_INFO_V1(claim_read_key);
PG_FUNCTION_INFO_V1(claim_read_key_support);

/* The text without blanks around it, and of digits without a point and zeros behind them. */
Datum
claim_read_key(PG_FUNCTION_ARGS)
{
	text	   *value = PG_GETARG_TEXT_PP(0);
	Word		key = stored_whole(text_word(PointerGetDatum(value)));

	if (key.length == VARSIZE_ANY_EXHDR(value))
		PG_RETURN_TEXT_P(value);
	PG_RETURN_TEXT_P(cstring_to_text_with_len(key.text, (int) key.length));
}

/* ------------------------------------------------- columns that are clean */

/* The column that a node is, whatever name its type has; 0 where it is none of relation `varno`. */
static AttrNumber
column_of(const Node *node, int varno)
{
	const Var  *var;

	while (node != NULL && IsA(node, RelabelType))
		node = (const Node *) ((const RelabelType *) node)->arg;
	var = (const Var *) node;
	return node != NULL && IsA(node, Var) && var->varno == varno && var->varlevelsup == 0 && var->varattno > 0
		? var->varattno : 0;
}

/* "column = claim_read_key(column)", either way around, by an equality that is identity? */
static bool
says_clean(const Node *node, Oid function, AttrNumber column)
{
	const OpExpr *equal = (const OpExpr *) node;
	int			i;

	if (!IsA(node, OpExpr) || equal->opno != TextEqualOperator || !OidIsValid(equal->inputcollid) ||
		!get_collation_isdeterministic(equal->inputcollid))
		return false;
	for (i = 0; i < 2; i++)
	{
		const FuncExpr *call = list_nth(equal->args, i);

		if (IsA(call, FuncExpr) && call->funcid == function && column_of(linitial(call->args), 1) == column &&
			column_of(list_nth(equal->args, 1 - i), 1) == column)
			return true;
	}
	return false;
}

/* Does a constraint of the table, which holds for all of its rows, say that a column is clean? */
static bool
is_clean(Oid table, Oid function, AttrNumber column)
{
	Relation	relation = table_open(table, NoLock);
	const TupleConstr *constraints = RelationGetDescr(relation)->constr;
	bool		clean = false;
	int			i;

	for (i = 0; constraints != NULL && i < constraints->num_check && !clean; i++)
	{
		const ConstrCheck *check = &constraints->check[i];
		ListCell   *cell;

		if (!check->ccvalid || check->ccnoinherit)
			continue;
		foreach(cell, make_ands_implicit(stringToNode(check->ccbin)))
			clean = clean || says_clean(lfirst(cell), function, column);
	}
	table_close(relation, NoLock);
	return clean;
}

/*
 * A column that a constraint keeps clean is its own key: its indexes and its
 * partitions serve.  A plan depends on the table, so it ends with the constraint.
 */
static Node *
simplify(const SupportRequestSimplify *request)
{
	Node	   *argument = linitial(request->fcall->args);
	const RangeTblEntry *entry;
	const Node *column = argument;
	int			varno;

	while (IsA(column, RelabelType))
		column = (const Node *) ((const RelabelType *) column)->arg;
	if (request->root == NULL || !IsA(column, Var) || ((const Var *) column)->varlevelsup > 0)
		return NULL;
	varno = ((const Var *) column)->varno;
	if (varno < 1 || varno > list_length(request->root->parse->rtable))
		return NULL;
	entry = rt_fetch(varno, request->root->parse->rtable);
	if (entry->rtekind != RTE_RELATION || (entry->relkind != RELKIND_RELATION && entry->relkind != RELKIND_PARTITIONED_TABLE) ||
		column_of(column, varno) == 0 || !is_clean(entry->relid, request->fcall->funcid, ((const Var *) column)->varattno))
		return NULL;
	return argument;
}

Datum
claim_read_key_support(PG_FUNCTION_ARGS)
{
	Node	   *request = (Node *) PG_GETARG_POINTER(0);

	if (!IsA(request, SupportRequestSimplify))
		PG_RETURN_POINTER(NULL);
	PG_RETURN_POINTER(simplify((SupportRequestSimplify *) request));
}

/*
 * src/pg/line_plan.c
 *
 * What the planner makes of a call of the constructor whose arrays are written
 * out: one with their elements as arguments, for an array that is built for each
 * row costs more than the line does.
 */
#include "postgres.h"

#include "catalog/pg_class.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "nodes/pathnodes.h"
#include "nodes/supportnodes.h"
#include "pg/compat.h"
#include "pg/extension.h"
#include "pg/line_type.h"
#include "utils/array.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"

PG_FUNCTION_INFO_V1(claimline_support);

static Node *
make_count(int n)
{
	return (Node *) makeConst(INT4OID, -1, InvalidOid, sizeof(int32), Int32GetDatum(n), false, true);
}

/* Append the elements of an array: false where it is neither written out nor a constant. */
static bool
take_elements(Node *array, List **elements, int *n)
{
	ArrayType  *constant;
	Datum	   *values;
	bool	   *nulls;
	int			i;

	*n = 0;
	if (IsA(array, ArrayExpr))
	{
		*n = list_length(((ArrayExpr *) array)->elements);
		*elements = list_concat(*elements, ((ArrayExpr *) array)->elements);
		return ((ArrayExpr *) array)->element_typeid == TEXTOID && !((ArrayExpr *) array)->multidims;
	}
	if (!IsA(array, Const))
		return false;
	if (((Const *) array)->constisnull)
		return true;
	/* a constant varchar[] is a text[] as it is */
	constant = DatumGetArrayTypeP(((Const *) array)->constvalue);
	deconstruct_array(constant, ARR_ELEMTYPE(constant), -1, false, TYPALIGN_INT, &values, &nulls, n);
	for (i = 0; i < *n; i++)
		*elements = lappend(*elements, makeConst(TEXTOID, -1, DEFAULT_COLLATION_OID, -1, values[i], nulls[i], false));
	return true;
}

/* Units that are a whole number cast to numeric, without the cast. */
static Node *
whole_units(Node *units)
{
	if (IsA(units, FuncExpr) && ((FuncExpr *) units)->funcid == F_NUMERIC_INT4)
		return linitial(((FuncExpr *) units)->args);
	return units;
}

/* The arguments as line_type.c reads them of a flat call; NIL where there is none. */
static List *
flat_arguments(List *arguments)
{
	List	   *elements = NIL;
	List	   *flat = list_make1(make_count(list_length(arguments)));
	ListCell   *cell;
	bool		any = false;

	foreach(cell, arguments)
	{
		int			n;
		Node	   *argument = lfirst(cell);

		any |= IsA(argument, ArrayExpr);
		if (foreach_current_index(cell) == LINE_ARG_MODIFIERS || foreach_current_index(cell) == LINE_ARG_DX)
		{
			if (!take_elements(argument, &elements, &n))
				return NIL;
			argument = make_count(n);
		}
		else if (foreach_current_index(cell) == LINE_ARG_UNITS)
			argument = whole_units(argument);
		flat = lappend(flat, argument);
	}
	flat = list_concat(flat, elements);
	return any && list_length(flat) <= FUNC_MAX_ARGS ? flat : NIL;
}

/* Is a foreign table among the children or partitions of a table? */
static bool
has_foreign_child(Oid table)
{
	ListCell   *cell;

	if (has_subclass(table))
		foreach(cell, find_all_inheritors(table, NoLock, NULL))
			if (get_rel_relkind(lfirst_oid(cell)) == RELKIND_FOREIGN_TABLE)
				return true;
	return false;
}

/* Another server, which may have an older version, does not get the flat call. */
static bool
reads_foreign_table(const Query *query)
{
	ListCell   *cell;

	foreach(cell, query->rtable)
	{
		const RangeTblEntry *relation = lfirst(cell);

		/* a condition on a subquery may go down into it; one that was pulled up is gone */
		if (relation->rtekind == RTE_SUBQUERY && relation->subquery != NULL && reads_foreign_table(relation->subquery))
			return true;
		if (relation->rtekind == RTE_RELATION &&
			(relation->relkind == RELKIND_FOREIGN_TABLE || (relation->inh && has_foreign_child(relation->relid))))
			return true;
	}
	return false;
}

Datum
claimline_support(PG_FUNCTION_ARGS)
{
	Node	   *request = (Node *) PG_GETARG_POINTER(0);
	Node	   *answer = NULL;

	if (IsA(request, SupportRequestSimplify))
	{
		const PlannerInfo *root = ((SupportRequestSimplify *) request)->root;
		FuncExpr   *call = ((SupportRequestSimplify *) request)->fcall;
		List	   *arguments = flat_arguments(call->args);

		if (arguments != NIL && (root == NULL || !reads_foreign_table(root->parse)))
		{
			const Oid	types[] = {INT4OID, ANYOID};
			Oid			flat = internal_function(psprintf("%s_flat", get_func_name(call->funcid)), lengthof(types), types, call->funcid);

			if (OidIsValid(flat))
				answer = (Node *) makeFuncExpr(flat, call->funcresulttype, arguments, call->funccollid, call->inputcollid,
											   COERCE_EXPLICIT_CALL);
		}
	}
	PG_RETURN_POINTER(answer);
}

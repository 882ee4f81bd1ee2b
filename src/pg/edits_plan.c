/*
 * src/pg/edits_plan.c
 *
 * What the planner is told of the edits: what a call costs, how many findings
 * it returns, which columns of them are read (edits_columns.c) and how many calls pass.
 */
#include "postgres.h"

#include "catalog/pg_statistic.h"
#include "catalog/pg_type.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "nodes/supportnodes.h"
#include "optimizer/cost.h"
#include "optimizer/optimizer.h"
#include "pg/day_type.h"
#include "pg/edits_columns.h"
#include "utils/array.h"
#include "utils/lsyscache.h"
#include "utils/selfuncs.h"
#include "utils/syscache.h"

PG_FUNCTION_INFO_V1(claim_edits_support);
PG_FUNCTION_INFO_V1(claim_passes_support);

/*
 * In units of cpu_operator_cost, by what they take beside reading a tuple
 * (bench/NOTES.md): a call of claim_edits(), of claim_passes() and each of its
 * lines; and, as a first guess, lines of a day, findings of a line, calls that pass.
 */
#define EDITS_COST			60
#define PASSES_COST			5
#define LINE_COST			11
#define LINES_OF_A_DAY		3.4
#define BYTES_OF_A_LINE		64	/* of a stored day or array */
#define LINES_OUT_OF_LINE	32	/* at least, of one that is stored out of line */
#define FINDINGS_OF_A_LINE	0.05
#define CALLS_THAT_PASS		0.9

static Node *
first_argument(Node *call)
{
	return call != NULL && IsA(call, FuncExpr) ? linitial(((FuncExpr *) call)->args) : NULL;
}

static bool
is_claimline(Oid type)
{
	HeapTuple	tuple = SearchSysCache1(TYPEOID, ObjectIdGetDatum(type));
	bool		is = HeapTupleIsValid(tuple) &&
		strcmp(NameStr(((Form_pg_type) GETSTRUCT(tuple))->typname), "claimline") == 0;

	if (HeapTupleIsValid(tuple))
		ReleaseSysCache(tuple);
	return is;
}

/* How many lines the first argument has: counted, or by the width of the column. */
static double
lines_of(PlannerInfo *root, Node *argument)
{
	bool		is_array;
	double		lines = LINES_OF_A_DAY;

	if (argument == NULL || exprType(argument) == TEXTOID || is_claimline(exprType(argument)))
		return 1;
	is_array = OidIsValid(get_element_type(exprType(argument)));
	if (IsA(argument, Const))
	{
		Const	   *constant = (Const *) argument;

		if (constant->constisnull)
			return 0;
		if (is_array)
		{
			ArrayType  *array = DatumGetArrayTypeP(constant->constvalue);

			return ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));
		}
		return DatumGetFlatDay(constant->constvalue)->n_lines;
	}
	if (root != NULL)
	{
		VariableStatData of_column;

		examine_variable(root, argument, 0, &of_column);
		if (HeapTupleIsValid(of_column.statsTuple))
		{
			int32		width = ((Form_pg_statistic) GETSTRUCT(of_column.statsTuple))->stawidth;

			/* narrower than any day with a line: the width of a pointer to it */
			lines = width < BYTES_OF_A_LINE / 2 ? LINES_OUT_OF_LINE : Max(1, width / (double) BYTES_OF_A_LINE);
		}
		ReleaseVariableStats(of_column);
	}
	return lines;
}

static Node *
estimate_cost(SupportRequestCost *request, double call)
{
	request->startup = 0;
	request->per_tuple = cpu_operator_cost *
		(call + LINE_COST * lines_of(request->root, first_argument(request->node)));
	return (Node *) request;
}

static Node *
estimate_rows(SupportRequestRows *request)
{
	request->rows = FINDINGS_OF_A_LINE * lines_of(request->root, first_argument(request->node));
	return (Node *) request;
}

/* Statistics of the very expression (an index on it, CREATE STATISTICS) know better. */
static Node *
estimate_passing(SupportRequestSelectivity *request)
{
	Node	   *call = (Node *) makeFuncExpr(request->funcid, BOOLOID, request->args, InvalidOid,
											 request->inputcollid, COERCE_EXPLICIT_CALL);
	VariableStatData of_call;

	request->selectivity = CALLS_THAT_PASS;
	examine_variable(request->root, call, request->varRelid, &of_call);
	if (HeapTupleIsValid(of_call.statsTuple))
		request->selectivity = boolvarsel(request->root, call, request->varRelid);
	ReleaseVariableStats(of_call);
	return (Node *) request;
}

Datum
claim_edits_support(PG_FUNCTION_ARGS)
{
	Node	   *request = (Node *) PG_GETARG_POINTER(0);
	Node	   *answer = NULL;

	if (IsA(request, SupportRequestCost))
		answer = estimate_cost((SupportRequestCost *) request, EDITS_COST);
	else if (IsA(request, SupportRequestRows))
		answer = estimate_rows((SupportRequestRows *) request);
	else if (IsA(request, SupportRequestSimplify))
		answer = claim_edits_of_columns((SupportRequestSimplify *) request);
	PG_RETURN_POINTER(answer);
}

Datum
claim_passes_support(PG_FUNCTION_ARGS)
{
	Node	   *request = (Node *) PG_GETARG_POINTER(0);
	Node	   *answer = NULL;

	if (IsA(request, SupportRequestCost))
		answer = estimate_cost((SupportRequestCost *) request, PASSES_COST);
	else if (IsA(request, SupportRequestSelectivity))
		answer = estimate_passing((SupportRequestSelectivity *) request);
	PG_RETURN_POINTER(answer);
}

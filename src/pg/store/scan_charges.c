/*
 * src/pg/store/scan_charges.c
 *
 * claim_charges: the charges of a day's lines, in the order of the lines.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "day/day.h"
#include "pg/line_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/numeric.h"

PG_FUNCTION_INFO_V1(claim_charges_step);
PG_FUNCTION_INFO_V1(claim_charges_end);

typedef struct ChargedLine
{
	DayLine		line;
	Datum		charge;
	bool		has_charge;
} ChargedLine;

/* The aggregate's state; all of it lives in its context. */
typedef struct Charges
{
	MemoryContext context;
	ChargedLine *lines;
	int			n;
	int			capacity;
} Charges;

static Charges *
charges_begin(MemoryContext context)
{
	Charges    *charges = MemoryContextAllocZero(context, sizeof(Charges));

	charges->context = context;
	charges->capacity = 8;
	charges->lines = MemoryContextAlloc(context, sizeof(ChargedLine) * charges->capacity);
	return charges;
}

/* (state, claim_id, line_no, line, charge) */
Datum
claim_charges_step(PG_FUNCTION_ARGS)
{
	MemoryContext context;
	MemoryContext old;
	Charges    *charges;
	ChargedLine *added;

	if (!AggCheckCallContext(fcinfo, &context))
		elog(ERROR, "claim_charges_step called in non-aggregate context");
	charges = PG_ARGISNULL(0) ? charges_begin(context) : (Charges *) PG_GETARG_POINTER(0);
	old = MemoryContextSwitchTo(charges->context);
	if (charges->n == charges->capacity)
	{
		charges->capacity *= 2;
		charges->lines = repalloc_huge(charges->lines, sizeof(ChargedLine) * (Size) charges->capacity);
	}
	added = &charges->lines[charges->n++];
	memset(added, 0, sizeof(ChargedLine));
	if (!PG_ARGISNULL(1))
	{
		text	   *claim_id = PG_GETARG_TEXT_P_COPY(1);

		added->line.claim_id = VARDATA(claim_id);
		added->line.id_length = VARSIZE(claim_id) - VARHDRSZ;
	}
	added->line.has_line_no = !PG_ARGISNULL(2);
	added->line.line_no = PG_ARGISNULL(2) ? 0 : PG_GETARG_INT32(2);
	if (!PG_ARGISNULL(3))
		added->line.line = (Line *) VARDATA(PG_DETOAST_DATUM_COPY(PG_GETARG_DATUM(3)));
	added->has_charge = !PG_ARGISNULL(4);
	if (added->has_charge)
		added->charge = NumericGetDatum(PG_GETARG_NUMERIC_COPY(4));
	MemoryContextSwitchTo(old);
	PG_RETURN_POINTER(charges);
}

/* As day_lines orders them; equal ones by charge, none last. */
static int
compare_charged(const void *x, const void *y)
{
	const ChargedLine *a = x;
	const ChargedLine *b = y;
	int			order = day_line_compare(&a->line, &b->line);

	if (order != 0)
		return order;
	if (!a->has_charge || !b->has_charge)
		return b->has_charge - a->has_charge;
	return DatumGetInt32(DirectFunctionCall2(numeric_cmp, a->charge, b->charge));
}

Datum
claim_charges_end(PG_FUNCTION_ARGS)
{
	Charges    *charges;
	Datum	   *values;
	bool	   *nulls;
	int			bound = 1;
	int			i;

	if (!AggCheckCallContext(fcinfo, NULL))
		elog(ERROR, "claim_charges_end called in non-aggregate context");
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	charges = (Charges *) PG_GETARG_POINTER(0);
	/* sorting again changes nothing: the state may be asked for more than once */
	qsort(charges->lines, charges->n, sizeof(ChargedLine), compare_charged);
	values = palloc(sizeof(Datum) * (Size) charges->n);
	nulls = palloc(sizeof(bool) * (Size) charges->n);
	for (i = 0; i < charges->n; i++)
	{
		values[i] = charges->lines[i].charge;
		nulls[i] = !charges->lines[i].has_charge;
	}
	PG_RETURN_ARRAYTYPE_P(construct_md_array(values, nulls, 1, &charges->n, &bound, NUMERICOID, -1, false, TYPALIGN_INT));
}

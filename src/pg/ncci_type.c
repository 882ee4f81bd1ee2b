/*
 * src/pg/ncci_type.c
 *
 * The type ncci_rows: input and output, overlays and their rows.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "ncci/edition_history.h"
#include "ncci/ncci_addon.h"
#include "pg/ncci_type.h"
#include "pg/server.h"
#include "ruleset/pair_overlay.h"
#include "ruleset/starter.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/memutils.h"

PG_FUNCTION_INFO_V1(ncci_rows_in);
PG_FUNCTION_INFO_V1(ncci_rows_out);
PG_FUNCTION_INFO_V1(ncci_rows_recv);
PG_FUNCTION_INFO_V1(ncci_rows_send);
PG_FUNCTION_INFO_V1(ncci_rows_hash);
PG_FUNCTION_INFO_V1(ncci_rows_counts);
PG_FUNCTION_INFO_V1(ncci_overlay);
PG_FUNCTION_INFO_V1(ncci_delta);
PG_FUNCTION_INFO_V1(ncci_vanished);
PG_FUNCTION_INFO_V1(ncci_starter);
PG_FUNCTION_INFO_V1(ncci_rows_list);

/* ------------------------------------------------------ input and output */

NcciRows *
ncci_rows_datum(NcciRows *rows)
{
	if (rows != NULL)
		SET_VARSIZE(rows, rows->size);
	return rows;
}

static NcciRows *
rows_parse(const char *text, Fault *why)
{
	MemoryContext building;
	Arena		arena;
	NcciRows   *rows;

	if (!escapes_fit(text, why))
		return NULL;
	building = AllocSetContextCreate(CurrentMemoryContext, "ncci_rows input", ALLOCSET_DEFAULT_SIZES);
	arena_init_context(&arena, building);
	rows = ncci_rows_from_text(text, strlen(text), &arena, context_get, CurrentMemoryContext, why);
	MemoryContextDelete(building);
	return ncci_rows_datum(rows);
}

Datum
ncci_rows_in(PG_FUNCTION_ARGS)
{
	char	   *text = PG_GETARG_CSTRING(0);
	Fault		why;
	NcciRows   *rows = rows_parse(text, &why);

	if (rows == NULL)
		RETURN_FAULT(fcinfo->context, "ncci_rows", text, &why);
	PG_RETURN_POINTER(rows);
}

void
check_ncci_rows(const NcciRows *rows)
{
	if (rows->version != NCCI_ROWS_VERSION)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("NCCI rows were packed by another version of claimline"),
				 errhint("Publish the edition again.")));
}

const NcciRows *
ncci_rows_of_datum(Datum datum)
{
	NcciRows   *rows = (NcciRows *) PG_DETOAST_DATUM(datum);

	check_ncci_rows(rows);
	return rows;
}

void
check_ncci_kind(const NcciRows *rows, NcciKind kind)
{
	static const char *const kinds[] = {"code pairs", "unit limits", "add-on codes"};

	if (rows->kind != (uint32) kind)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("an edition has %s where %s belong", kinds[Min(rows->kind, NCCI_ADDON)], kinds[kind])));
}

static void
rows_text_of(Datum datum, StringInfo text)
{
	Arena		arena;

	arena_init_context(&arena, CurrentMemoryContext);
	initStringInfo(text);
	ncci_rows_to_text(ncci_rows_of_datum(datum), &arena, put_piece, text);
}

Datum
ncci_rows_out(PG_FUNCTION_ARGS)
{
	StringInfoData text;

	rows_text_of(PG_GETARG_DATUM(0), &text);
	PG_RETURN_CSTRING(text.data);
}

Datum
ncci_rows_recv(PG_FUNCTION_ARGS)
{
	char	   *text = receive_text((StringInfo) PG_GETARG_POINTER(0), "ncci_rows");
	Fault		why;
	NcciRows   *rows = rows_parse(text, &why);

	if (rows == NULL)
		refuse_binary("ncci_rows", &why);
	PG_RETURN_POINTER(rows);
}

Datum
ncci_rows_send(PG_FUNCTION_ARGS)
{
	StringInfoData text;

	rows_text_of(PG_GETARG_DATUM(0), &text);
	PG_RETURN_BYTEA_P(send_text(text.data, (size_t) text.len));
}

/* ----------------------------------------------------------- the value */

/* Which rows: 32 hexadecimal digits. */
Datum
ncci_rows_hash(PG_FUNCTION_ARGS)
{
	const NcciRows *rows = ncci_rows_of_datum(PG_GETARG_DATUM(0));

	PG_RETURN_TEXT_P(cstring_to_text(psprintf("%08x%08x%08x%08x", rows->sum[3], rows->sum[2],
											  rows->sum[1], rows->sum[0])));
}

/* rows, pairs or codes, rows never in force */
Datum
ncci_rows_counts(PG_FUNCTION_ARGS)
{
	const NcciRows *rows = ncci_rows_of_datum(PG_GETARG_DATUM(0));
	TupleDesc	desc;
	Datum		values[3];
	bool		nulls[3] = {false};
	int64		never = 0;
	uint32		count = rows->n_rows;

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	if (rows->kind != NCCI_MUE)
	{
		Arena		arena;
		PairSet		set;
		uint32		i;

		arena_init_context(&arena, CurrentMemoryContext);
		ncci_rows_pairs(rows, &arena, &set);
		count = pair_set_count(&set);
		for (i = 0; i < set.n_rows; i++)
			never += pair_mark(&set.rows[i]) == PAIR_NEVER;
	}
	values[0] = Int64GetDatum(rows->n_rows);
	values[1] = Int64GetDatum(count);
	values[2] = Int64GetDatum(never);
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, nulls)));
}

/* Two values of one kind. */
static NcciKind
two_rows(FunctionCallInfo fcinfo, const NcciRows **a, const NcciRows **b)
{
	*a = ncci_rows_of_datum(PG_GETARG_DATUM(0));
	*b = ncci_rows_of_datum(PG_GETARG_DATUM(1));
	if ((*a)->kind != (*b)->kind)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("pairs, unit limits and add-on codes cannot be put together")));
	return (NcciKind) (*a)->kind;
}

static Datum
combined_mue(const NcciRows *a, const NcciRows *b,
			 MueValue *(*combine) (Arena *, const MueValue *, uint32_t, const MueValue *, uint32_t, uint32_t *))
{
	Arena		arena;
	uint32		n_a,
				n_b,
				n;
	const MueValue *values_a = ncci_rows_mue(a, &n_a);
	const MueValue *values_b = ncci_rows_mue(b, &n_b);
	MueValue   *values;

	arena_init_context(&arena, CurrentMemoryContext);
	values = combine(&arena, values_a, n_a, values_b, n_b, &n);
	return PointerGetDatum(ncci_rows_datum(ncci_rows_of_mue(values, n, context_get, CurrentMemoryContext)));
}

/* base under over */
Datum
ncci_overlay(PG_FUNCTION_ARGS)
{
	const NcciRows *base;
	const NcciRows *over;
	Arena		arena;
	PairSet		sets[3];
	NcciKind	kind = two_rows(fcinfo, &base, &over);

	if (kind == NCCI_MUE)
		return combined_mue(base, over, mue_overlay);
	arena_init_context(&arena, CurrentMemoryContext);
	ncci_rows_pairs(base, &arena, &sets[0]);
	ncci_rows_pairs(over, &arena, &sets[1]);
	pair_set_overlay(&sets[2], &arena, &sets[0], &sets[1], false);
	PG_RETURN_POINTER(ncci_rows_datum(ncci_rows_of_pairs(kind, &sets[2], context_get, CurrentMemoryContext)));
}

/* The overlay over the first that gives the second. */
Datum
ncci_delta(PG_FUNCTION_ARGS)
{
	const NcciRows *from;
	const NcciRows *to;
	Arena		arena;
	PairSet		sets[3];
	NcciKind	kind = two_rows(fcinfo, &from, &to);

	if (kind == NCCI_MUE)
		return combined_mue(from, to, mue_delta);
	arena_init_context(&arena, CurrentMemoryContext);
	ncci_rows_pairs(from, &arena, &sets[0]);
	ncci_rows_pairs(to, &arena, &sets[1]);
	pair_set_delta(&sets[2], &arena, &sets[0], &sets[1]);
	PG_RETURN_POINTER(ncci_rows_datum(ncci_rows_of_pairs(kind, &sets[2], context_get, CurrentMemoryContext)));
}

/* (from, to, last date): how many pairs vanished, and their rows that stay. */
Datum
ncci_vanished(PG_FUNCTION_ARGS)
{
	const NcciRows *from;
	const NcciRows *to;
	DateADT		last = PG_GETARG_DATEADT(2);
	Arena		arena;
	PairSet		sets[3];
	TupleDesc	desc;
	Datum		values[2];
	bool		nulls[2] = {false};
	uint32		vanished;
	NcciKind	kind = two_rows(fcinfo, &from, &to);

	if (kind == NCCI_MUE)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("only pairs can be kept")));
	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	arena_init_context(&arena, CurrentMemoryContext);
	ncci_rows_pairs(from, &arena, &sets[0]);
	ncci_rows_pairs(to, &arena, &sets[1]);
	vanished = pair_set_vanished(&sets[2], &arena, &sets[0], &sets[1],
								 DATE_IS_NOBEGIN(last) ? DATE_BEGIN : last);
	values[0] = Int64GetDatum(vanished);
	values[1] = PointerGetDatum(ncci_rows_datum(ncci_rows_of_pairs(kind, &sets[2], context_get, CurrentMemoryContext)));
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, nulls)));
}

/* (service type, ptp | mue | addon): the rows of the built-in edition. */
Datum
ncci_starter(PG_FUNCTION_ARGS)
{
	char	   *service_type = text_to_cstring(PG_GETARG_TEXT_PP(0));
	char	   *what = text_to_cstring(PG_GETARG_TEXT_PP(1));
	NcciKind	kind = strcmp(what, "ptp") == 0 ? NCCI_PTP : strcmp(what, "addon") == 0 ? NCCI_ADDON : NCCI_MUE;
	const StarterRuleset *starter;
	const MueValue *values;
	Arena		arena;
	PairSet		set;
	uint32		n;

	for (starter = starter_rulesets; starter->edition != NULL; starter++)
		if (strcmp(starter->service_type, service_type) == 0)
			break;
	if (starter->edition == NULL)
		PG_RETURN_NULL();
	arena_init_context(&arena, CurrentMemoryContext);
	if (kind == NCCI_PTP)
		ruleset_pair_set((const Ruleset *) starter->ruleset, &arena, &set);
	else if (kind == NCCI_ADDON)
		ruleset_addon_pairs((const Ruleset *) starter->ruleset, &arena, &set);
	if (kind != NCCI_MUE)
		PG_RETURN_POINTER(ncci_rows_datum(ncci_rows_of_pairs(kind, &set, context_get, CurrentMemoryContext)));
	values = ruleset_limits((const Ruleset *) starter->ruleset, &arena, &n);
	PG_RETURN_POINTER(ncci_rows_datum(ncci_rows_of_mue(values, n, context_get, CurrentMemoryContext)));
}

static Datum
code_datum(uint32 code)
{
	char		text[CODE_TEXT];

	return CStringGetTextDatum(code_to_text(code, text));
}

/* A date of a row; open ends are null. */
static Datum
date_or_null(int32 date, bool *is_null)
{
	*is_null = date == DATE_BEGIN || date == DATE_END;
	return *is_null ? (Datum) 0 : DateADTGetDatum(date);
}

/*
 * The rows, one by one: column_1, column_2, effective, deletion, indicator
 * (null: gone; of add-on codes their type, or 9), rationale, units, mai; those of the other kinds are null.
 */
Datum
ncci_rows_list(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	const NcciRows *rows = ncci_rows_of_datum(PG_GETARG_DATUM(0));
	MemoryContext row_context;
	MemoryContext old;
	Arena		arena;
	PairSet		set;
	uint32		c,
				i,
				n;

	InitMaterializedSRF(fcinfo, 0);
	row_context = AllocSetContextCreate(CurrentMemoryContext, "ncci_rows_list", ALLOCSET_SMALL_SIZES);
	arena_init_context(&arena, CurrentMemoryContext);
	if (rows->kind == NCCI_MUE)
	{
		const MueValue *values_of = ncci_rows_mue(rows, &n);

		for (i = 0; i < n; i++)
		{
			Datum		values[8] = {0};
			bool		nulls[8] = {false, true, true, true, true, true, false, false};

			CHECK_FOR_INTERRUPTS();
			old = MemoryContextSwitchTo(row_context);
			values[0] = code_datum(values_of[i].code);
			nulls[6] = nulls[7] = values_of[i].mai == 0;
			values[6] = Int32GetDatum(values_of[i].units);
			values[7] = Int32GetDatum(values_of[i].mai);
			tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
			MemoryContextSwitchTo(old);
			MemoryContextReset(row_context);
		}
		return (Datum) 0;
	}
	ncci_rows_pairs(rows, &arena, &set);
	for (c = 0; c < set.n_codes; c++)
	{
		const PairRow *row = pair_set_rows(&set, c, &n);

		for (i = 0; i < n; i++, row++)
		{
			Datum		values[8] = {0};
			bool		nulls[8] = {false, false, false, false, false, false, true, true};

			CHECK_FOR_INTERRUPTS();
			old = MemoryContextSwitchTo(row_context);
			values[0] = code_datum(set.codes[c].code);
			values[1] = code_datum(pair_column_2(row));
			values[2] = date_or_null(pair_from(row), &nulls[2]);
			values[3] = date_or_null(pair_to(row), &nulls[3]);
			nulls[4] = pair_mark(row) == PAIR_GONE;
			values[4] = Int32GetDatum(rows->kind == NCCI_ADDON && pair_mark(row) < PAIR_NEVER
									  ? (int) addon_pair_type(&set, row) : pair_indicator(row));
			nulls[5] = pair_rationale(row) == 0 || rows->kind == NCCI_ADDON;
			if (!nulls[5])
				values[5] = CStringGetTextDatum(set.rationales[pair_rationale(row) - 1]);
			tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
			MemoryContextSwitchTo(old);
			MemoryContextReset(row_context);
		}
	}
	return (Datum) 0;
}

/*
 * src/pg/day_type.c
 *
 * The type claimday: input and output, the aggregate, the array form, order.
 * Assembling knows no rules, so it is the same wherever it runs.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "funcapi.h"
#include "mb/pg_wchar.h"
#include "nodes/execnodes.h"
#include "pg/day_type.h"
#include "pg/line_type.h"
#include "pg/server.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

PG_FUNCTION_INFO_V1(claimday_in);
PG_FUNCTION_INFO_V1(claimday_out);
PG_FUNCTION_INFO_V1(claimday_recv);
PG_FUNCTION_INFO_V1(claimday_send);
PG_FUNCTION_INFO_V1(claimday_accum);
PG_FUNCTION_INFO_V1(claimday_combine);
PG_FUNCTION_INFO_V1(claimday_final);
PG_FUNCTION_INFO_V1(claimday_from_lines);
PG_FUNCTION_INFO_V1(day_lines);
PG_FUNCTION_INFO_V1(claimday_lt);
PG_FUNCTION_INFO_V1(claimday_le);
PG_FUNCTION_INFO_V1(claimday_eq);
PG_FUNCTION_INFO_V1(claimday_ne);
PG_FUNCTION_INFO_V1(claimday_ge);
PG_FUNCTION_INFO_V1(claimday_gt);
PG_FUNCTION_INFO_V1(claimday_cmp);
PG_FUNCTION_INFO_V1(claimday_hash);
PG_FUNCTION_INFO_V1(claimday_hash_extended);

/* room of a new aggregate state: two lines, or seven where few states are there at a time */
#define STATE_MIN_SIZE	128
#define STATE_GROUP_SIZE 512

void
check_day_size(Size size)
{
	if (size > DAY_MAX_SIZE)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("provider-day is too large"),
				 errdetail("It has %zu bytes, must have at most %d.", size, DAY_MAX_SIZE)));
}

static Size
size_of_line(const DayLine *line)
{
	return line->line == NULL ? 0 : line_size(line->line);
}

FlatDay *
flat_day_make(const Day *day)
{
	Size		size = sizeof(FlatDay);
	FlatDay    *flat;
	int			i;

	for (i = 0; i < day->n_lines; i++)
		size += day_entry_size(size_of_line(&day->lines[i]), day->lines[i].id_length, day->lines[i].reason);
	check_day_size(size);
	flat = palloc(size);
	SET_VARSIZE(flat, size);
	flat_day_init(flat);
	flat->canonical = true;
	for (i = 0; i < day->n_lines; i++)
		flat_day_append(flat, &day->lines[i], size_of_line(&day->lines[i]));
	Assert(flat->used == size);
	return flat;
}

/* ------------------------------------------------------ input and output */

Datum
claimday_in(PG_FUNCTION_ARGS)
{
	char	   *text = PG_GETARG_CSTRING(0);
	Arena		arena;
	Day			day;
	Fault		why;
	FlatDay    *flat;

	arena_init_context(&arena, CurrentMemoryContext);
	if (!day_from_text(text, strlen(text), &arena, &day, &why))
		RETURN_FAULT(fcinfo->context, "claimday", text, &why);
	flat = flat_day_make(&day);
	arena_release(&arena);
	PG_RETURN_POINTER(flat);
}

static char *
flat_day_text(const FlatDay *flat)
{
	Arena		arena;
	Day			day;
	char	   *text;

	arena_init_context(&arena, CurrentMemoryContext);
	day_from_flat(flat, &arena, &day);
	/* callers pfree what an output function returns: no piece of a block */
	text = pstrdup(day_to_text(&day, &arena));
	arena_release(&arena);
	return text;
}

Datum
claimday_out(PG_FUNCTION_ARGS)
{
	PG_RETURN_CSTRING(flat_day_text(PG_GETARG_FLATDAY(0)));
}

Datum
claimday_recv(PG_FUNCTION_ARGS)
{
	char	   *text = receive_text((StringInfo) PG_GETARG_POINTER(0), "claimday");
	Arena		arena;
	Day			day;
	Fault		why;

	arena_init_context(&arena, CurrentMemoryContext);
	if (!day_from_text(text, strlen(text), &arena, &day, &why))
		refuse_binary("claimday", &why);
	PG_RETURN_POINTER(flat_day_make(&day));
}

Datum
claimday_send(PG_FUNCTION_ARGS)
{
	char	   *text = flat_day_text(PG_GETARG_FLATDAY(0));

	PG_RETURN_BYTEA_P(send_text(text, strlen(text)));
}

/* ------------------------------------------------------------- aggregate */

/* Of sorted groups one has a state at a time; of hashed ones, or those of a part, all have. */
static Size
first_size(FunctionCallInfo fcinfo)
{
	if (IsA(fcinfo->context, AggState))
	{
		const AggState *aggregation = (const AggState *) fcinfo->context;

		if (aggregation->aggstrategy == AGG_SORTED && aggregation->aggsplit == AGGSPLIT_SIMPLE)
			return STATE_GROUP_SIZE;
	}
	return STATE_MIN_SIZE;
}

/*
 * The state with room for `more` bytes.  A larger state is made where we are:
 * the executor moves it to the aggregate's memory and frees the old one.
 */
static FlatDay *
state_with_room(FunctionCallInfo fcinfo, FlatDay *state, Size more)
{
	Size		used = state == NULL ? sizeof(FlatDay) : state->used;
	Size		size = state == NULL ? first_size(fcinfo) : VARSIZE(state);
	FlatDay    *larger;

	if (state != NULL && used + more <= size)
		return state;
	check_day_size(used + more);
	while (size < used + more)
		size *= 2;
	if (size > DAY_MAX_SIZE)
		size = DAY_MAX_SIZE & ~3;
	/* what is not used is not read */
	larger = palloc(size);
	SET_VARSIZE(larger, size);
	if (state == NULL)
		flat_day_init(larger);
	else
		memcpy((char *) larger + VARHDRSZ, (char *) state + VARHDRSZ, used - VARHDRSZ);
	larger->canonical = false;
	return larger;
}

static void
check_in_aggregate(FunctionCallInfo fcinfo, const char *function)
{
	if (!AggCheckCallContext(fcinfo, NULL))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("%s is a part of the aggregate claimday and cannot be called by itself", function)));
}

/* Why a line is not valid, cut to what a day keeps, in the form of DayLine. */
static const uint8 *
reason_of(text *why, uint8 reason[1 + DAY_MAX_REASON])
{
	int			length = VARSIZE_ANY_EXHDR(why);

	if (length > DAY_MAX_REASON)
		length = pg_mbcliplen(VARDATA_ANY(why), length, DAY_MAX_REASON);
	reason[0] = (uint8) length;
	memcpy(reason + 1, VARDATA_ANY(why), length);
	return reason;
}

Size
day_line_argument(const NullableDatum *arguments, int n, DayLine *line, uint8 reason[1 + DAY_MAX_REASON])
{
	struct varlena *packed;

	line->claim_id = NULL;
	line->id_length = 0;
	if (!arguments[0].isnull)
	{
		text	   *claim_id = DatumGetTextPP(arguments[0].value);

		line->claim_id = VARDATA_ANY(claim_id);
		line->id_length = VARSIZE_ANY_EXHDR(claim_id);
	}
	line->has_line_no = !arguments[1].isnull;
	line->line_no = line->has_line_no ? DatumGetInt32(arguments[1].value) : 0;
	line->line = NULL;
	line->reason = NULL;
	if (arguments[2].isnull)
	{
		if (n > 3 && !arguments[3].isnull)
			line->reason = reason_of(DatumGetTextPP(arguments[3].value), reason);
		return 0;
	}
	/* stored lines have a short header: this one is only copied, so it need not be aligned */
	packed = PG_DETOAST_DATUM_PACKED(arguments[2].value);
	line->line = (const Line *) VARDATA_ANY(packed);
	return Min(VARSIZE_ANY_EXHDR(packed), LINE_MAX_SIZE);
}

/* Append one line to the state, in place while there is room; the reason is that of a line that is null. */
Datum
claimday_accum(PG_FUNCTION_ARGS)
{
	FlatDay    *state;
	DayLine		entry;
	Size		size;
	uint8		reason[1 + DAY_MAX_REASON];

	check_in_aggregate(fcinfo, "claimday_accum");
	state = PG_ARGISNULL(0) ? NULL : PG_GETARG_FLATDAY(0);
	size = day_line_argument(&fcinfo->args[1], PG_NARGS() - 1, &entry, reason);
	state = state_with_room(fcinfo, state, day_entry_size(size, entry.id_length, entry.reason));
	flat_day_append(state, &entry, size);
	PG_RETURN_POINTER(state);
}

Datum
claimday_combine(PG_FUNCTION_ARGS)
{
	FlatDay    *state;
	FlatDay    *other;
	Size		more;

	check_in_aggregate(fcinfo, "claimday_combine");
	if (PG_ARGISNULL(1))
	{
		if (PG_ARGISNULL(0))
			PG_RETURN_NULL();
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	}
	other = PG_GETARG_FLATDAY(1);
	more = other->used - sizeof(FlatDay);
	state = state_with_room(fcinfo, PG_ARGISNULL(0) ? NULL : PG_GETARG_FLATDAY(0), more);
	memcpy((char *) state + state->used, (char *) other + sizeof(FlatDay), more);
	state->used += more;
	state->n_lines += other->n_lines;
	state->canonical = false;
	PG_RETURN_POINTER(state);
}

/* The state in canonical order, without the room left over. */
Datum
claimday_final(PG_FUNCTION_ARGS)
{
	FlatDay    *state;
	FlatDay    *canonical;
	DayLine		few[16];
	Day			day;

	check_in_aggregate(fcinfo, "claimday_final");
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	state = PG_GETARG_FLATDAY(0);
	day.n_lines = (int) state->n_lines;
	day.lines = day.n_lines <= lengthof(few) ? few
		: MemoryContextAllocHuge(CurrentMemoryContext, sizeof(DayLine) * state->n_lines);
	flat_day_lines(state, day.lines);
	day_sort(&day);
	canonical = palloc(state->used);
	SET_VARSIZE(canonical, state->used);
	flat_day_of_entries(day.lines, state->n_lines, canonical, state->used);
	PG_RETURN_POINTER(canonical);
}

/* ------------------------------------------------------------ array form */

void
day_from_array(Datum array, Arena *arena, Day *day)
{
	ArrayType  *lines = DatumGetArrayTypeP(array);
	Datum	   *values;
	bool	   *nulls;
	int			i;

	deconstruct_array(lines, ARR_ELEMTYPE(lines), -1, false, TYPALIGN_INT,
					  &values, &nulls, &day->n_lines);
	day->lines = arena_alloc(arena, sizeof(DayLine) * ((size_t) day->n_lines + 1));
	memset(day->lines, 0, sizeof(DayLine) * (size_t) day->n_lines);
	for (i = 0; i < day->n_lines; i++)
	{
		day->lines[i].line = nulls[i] ? NULL : DatumGetLine(values[i]);
		day->lines[i].line_no = i + 1;
		day->lines[i].has_line_no = true;
	}
	day_sort(day);
}

Datum
claimday_from_lines(PG_FUNCTION_ARGS)
{
	Arena		arena;
	Day			day;

	arena_init_context(&arena, CurrentMemoryContext);
	day_from_array(PG_GETARG_DATUM(0), &arena, &day);
	PG_RETURN_POINTER(flat_day_make(&day));
}

Datum
day_lines(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	Arena		arena;
	Day			day;
	int			i;

	InitMaterializedSRF(fcinfo, 0);
	arena_init_context(&arena, CurrentMemoryContext);
	day_from_flat(PG_GETARG_FLATDAY(0), &arena, &day);
	for (i = 0; i < day.n_lines; i++)
	{
		const DayLine *line = &day.lines[i];
		Datum		values[3];
		bool		nulls[3];

		nulls[0] = line->claim_id == NULL;
		values[0] = nulls[0] ? (Datum) 0
			: PointerGetDatum(cstring_to_text_with_len(line->claim_id, (int) line->id_length));
		nulls[1] = !line->has_line_no;
		values[1] = Int32GetDatum(line->line_no);
		nulls[2] = line->line == NULL;
		values[2] = nulls[2] ? (Datum) 0 : line_datum(line->line);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}

/* ----------------------------------------------------------------- order */

/* The bytes of the canonical day, behind its header: equal days have equal ones. */
static FlatDay *
canonical_day(Datum datum)
{
	FlatDay    *flat = DatumGetFlatDay(datum);
	Arena		arena;
	Day			day;

	if (flat->canonical)
		return flat;
	arena_init_context(&arena, CurrentMemoryContext);
	day_from_flat(flat, &arena, &day);
	return flat_day_make(&day);
}

/* Line by line, then by the number of lines. */
static int
claimday_cmp_internal(FunctionCallInfo fcinfo)
{
	FlatDay    *flat_a = PG_GETARG_FLATDAY(0);
	FlatDay    *flat_b = PG_GETARG_FLATDAY(1);
	Arena		arena;
	Day			a,
				b;
	int			order = 0;
	int			i;

	arena_init_context(&arena, CurrentMemoryContext);
	day_from_flat(flat_a, &arena, &a);
	day_from_flat(flat_b, &arena, &b);
	for (i = 0; order == 0 && i < a.n_lines && i < b.n_lines; i++)
		order = day_line_compare(&a.lines[i], &b.lines[i]);
	if (order == 0)
		order = (a.n_lines > b.n_lines) - (a.n_lines < b.n_lines);
	arena_release(&arena);
	PG_FREE_IF_COPY(flat_a, 0);
	PG_FREE_IF_COPY(flat_b, 1);
	return order;
}

Datum
claimday_lt(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(claimday_cmp_internal(fcinfo) < 0);
}

Datum
claimday_le(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(claimday_cmp_internal(fcinfo) <= 0);
}

Datum
claimday_eq(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(claimday_cmp_internal(fcinfo) == 0);
}

Datum
claimday_ne(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(claimday_cmp_internal(fcinfo) != 0);
}

Datum
claimday_ge(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(claimday_cmp_internal(fcinfo) >= 0);
}

Datum
claimday_gt(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(claimday_cmp_internal(fcinfo) > 0);
}

Datum
claimday_cmp(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(claimday_cmp_internal(fcinfo));
}

Datum
claimday_hash(PG_FUNCTION_ARGS)
{
	FlatDay    *flat = canonical_day(PG_GETARG_DATUM(0));
	Datum		hash = hash_any((unsigned char *) VARDATA(flat), (int) (VARSIZE(flat) - VARHDRSZ));

	PG_FREE_IF_COPY(flat, 0);
	return hash;
}

Datum
claimday_hash_extended(PG_FUNCTION_ARGS)
{
	FlatDay    *flat = canonical_day(PG_GETARG_DATUM(0));
	Datum		hash = hash_any_extended((unsigned char *) VARDATA(flat),
										 (int) (VARSIZE(flat) - VARHDRSZ),
										 (uint64) PG_GETARG_INT64(1));

	PG_FREE_IF_COPY(flat, 0);
	return hash;
}

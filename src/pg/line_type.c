/*
 * src/pg/line_type.c
 *
 * The type claimline: input and output, constructor, order.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "line/line_quick.h"
#include "pg/line_type.h"
#include "pg/line_values.h"
#include "pg/server.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"

PG_FUNCTION_INFO_V1(claimline_in);
PG_FUNCTION_INFO_V1(claimline_out);
PG_FUNCTION_INFO_V1(claimline_recv);
PG_FUNCTION_INFO_V1(claimline_send);
PG_FUNCTION_INFO_V1(claimline_make);
PG_FUNCTION_INFO_V1(claimline_flat);
PG_FUNCTION_INFO_V1(try_claimline);
PG_FUNCTION_INFO_V1(try_claimline_flat);
PG_FUNCTION_INFO_V1(claimline_error);
PG_FUNCTION_INFO_V1(claimline_lt);
PG_FUNCTION_INFO_V1(claimline_le);
PG_FUNCTION_INFO_V1(claimline_eq);
PG_FUNCTION_INFO_V1(claimline_ne);
PG_FUNCTION_INFO_V1(claimline_ge);
PG_FUNCTION_INFO_V1(claimline_gt);
PG_FUNCTION_INFO_V1(claimline_cmp);
PG_FUNCTION_INFO_V1(claimline_hash);
PG_FUNCTION_INFO_V1(claimline_hash_extended);

Datum
sized_line_datum(const Line *line, Size size)
{
	struct varlena *value = palloc(VARHDRSZ + size);

	SET_VARSIZE(value, VARHDRSZ + size);
	memcpy(VARDATA(value), line, size);
	return PointerGetDatum(value);
}

Datum
line_datum(const Line *line)
{
	return sized_line_datum(line, line_size(line));
}

Datum
parts_datum(const LineParts *parts)
{
	LineBuffer	buffer;
	Size		size = line_pack(parts, &buffer);

	return sized_line_datum(&buffer.line, size);
}

/* ------------------------------------------------------ input and output */

Datum
line_input(const char *text, struct Node *context)
{
	LineParts	parts;
	Fault		why;

	if (!line_from_text(text, strlen(text), 1, &parts, &why))
		RETURN_FAULT(context, "claimline", text, &why);
	return parts_datum(&parts);
}

/* Convert textual representation to internal representation */
Datum
claimline_in(PG_FUNCTION_ARGS)
{
	return line_input(PG_GETARG_CSTRING(0), fcinfo->context);
}

Datum
claimline_out(PG_FUNCTION_ARGS)
{
	char		text[LINE_TEXT];

	line_to_text(PG_GETARG_LINE(0), text);
	PG_RETURN_CSTRING(pstrdup(text));
}

Datum
claimline_recv(PG_FUNCTION_ARGS)
{
	char	   *text = receive_text((StringInfo) PG_GETARG_POINTER(0), "claimline");
	LineParts	parts;
	Fault		why;

	if (!line_from_text(text, strlen(text), 1, &parts, &why))
		refuse_binary("claimline", &why);
	return parts_datum(&parts);
}

Datum
claimline_send(PG_FUNCTION_ARGS)
{
	char		text[LINE_TEXT];
	size_t		length = line_to_text(PG_GETARG_LINE(0), text);

	PG_RETURN_BYTEA_P(send_text(text, length));
}

/* ----------------------------------------------------------- constructor */

/* What a call site keeps: what it has read, and of what type units are. */
typedef struct CallSite
{
	UnitsMemo	units;
	Oid			units_type;
	int			n;				/* arguments that a flat call stands for */
} CallSite;

/* The arguments of a call. */
typedef struct LineCall
{
	const NullableDatum *arguments;
	int			n;
	const NullableDatum *elements;	/* of the arrays in a flat call, or NULL */
	CallSite   *site;
} LineCall;

/* The type of an argument of a flat call; units may be numeric too. */
static Oid
flat_type(int argument, int n)
{
	static const Oid types[] = {
		TEXTOID, INT4OID, INT4OID, INT4OID, DATEOID, TIMEOID, INT4OID, TEXTARRAYOID, TEXTOID, BOOLOID, INT4OID, DATEOID, TEXTOID, BOOLOID, INT4OID
	};

	return argument >= n ? TEXTOID : types[argument];
}

/* Ensure that a flat call is one that the planner makes; once a call site. */
static void
check_flat_types(FunctionCallInfo fcinfo)
{
	int			n = PG_ARGISNULL(0) ? -1 : PG_GETARG_INT32(0);
	bool		fits = !get_fn_expr_variadic(fcinfo->flinfo) && n > LINE_ARG_VISIT && n <= LINE_ARG_ASSISTANT + 1 && n < PG_NARGS();
	int			i;

	for (i = 0; fits && i + 1 < PG_NARGS(); i++)
	{
		Oid			type = get_fn_expr_argtype(fcinfo->flinfo, i + 1);

		fits = type == flat_type(i, n) || (i == LINE_ARG_UNITS && type == NUMERICOID);
	}
	if (!fits)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid arguments of a flat claim line"),
				 errhint("Call claimline() or try_claimline().")));
}

static int
n_elements(const NullableDatum *count)
{
	return count->isnull ? 0 : DatumGetInt32(count->value);
}

static LineCall
line_call(FunctionCallInfo fcinfo, bool is_flat)
{
	LineCall	call = {fcinfo->args, PG_NARGS(), NULL, fcinfo->flinfo->fn_extra};
	int			n_modifiers;
	int			n_dx;

	if (call.site == NULL)
	{
		if (is_flat)
			check_flat_types(fcinfo);
		call.site = fcinfo->flinfo->fn_extra = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(CallSite));
		call.site->units_type = is_flat ? get_fn_expr_argtype(fcinfo->flinfo, 1 + LINE_ARG_UNITS) : NUMERICOID;
		call.site->n = is_flat ? PG_GETARG_INT32(0) : call.n;
	}
	if (!is_flat)
		return call;
	call.n = call.site->n;
	call.arguments++;
	call.elements = call.arguments + call.n;
	n_modifiers = n_elements(&call.arguments[LINE_ARG_MODIFIERS]);
	n_dx = n_elements(&call.arguments[LINE_ARG_DX]);
	if (n_modifiers < 0 || n_dx < 0 || 1 + call.n + n_modifiers + n_dx != PG_NARGS())
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid arguments of a flat claim line"),
				 errhint("Call claimline() or try_claimline().")));
	return call;
}

/* Hand the values of a list argument on; null means none. */
static bool
add_all(LineCall *call, int argument, LineParts *parts, bool (*add) (LineParts *, Word, Fault *), Fault *why)
{
	const NullableDatum *list = &call->arguments[argument];
	int			n;

	if (list->isnull)
		return true;
	if (call->elements == NULL || argument == LINE_ARG_REGIONS)
		return parts_add_elements(parts, list->value, add, why);
	for (n = DatumGetInt32(list->value); n > 0; n--, call->elements++)
		if (!call->elements->isnull && !add(parts, text_word(call->elements->value), why))
			return false;
	return true;
}

static bool
set_units(const LineCall *call, LineParts *parts, Fault *why)
{
	Datum		units = call->arguments[LINE_ARG_UNITS].value;
	int32		whole;

	if (call->site->units_type != INT4OID)
		return parts_set_units(parts, DatumGetNumeric(units), &call->site->units, why);
	whole = DatumGetInt32(units);
	if (whole < 0 || whole > CLAIMLINE_MAX_UNITS / 1000)
		return parts_set_units(parts, DatumGetNumeric(DirectFunctionCall1(int4_numeric, units)), &call->site->units, why);
	parts->units = (uint32) whole * 1000;
	return true;
}

#define IS_GIVEN(i)		((i) < call.n && !call.arguments[i].isnull)
#define ARGUMENT(i)		(call.arguments[i].value)

/*
 * Parts of a line from the constructor's arguments.  Null means absent, but a
 * line has a code and units.
 */
static bool
parts_from_call(LineCall call, LineParts *parts, Fault *why)
{
	Word		word;

	why->kind = FAULT_NONE;
	line_parts_init(parts);
	if (!IS_GIVEN(LINE_ARG_CODE))
		return fault(why, FAULT_MISSING, 0, "Code must not be null");
	if (!IS_GIVEN(LINE_ARG_UNITS))
		return fault(why, FAULT_MISSING, 0, "Units must not be null");
	if (!code_from_text(text_word(ARGUMENT(LINE_ARG_CODE)), &parts->code, why) ||
		!add_all(&call, LINE_ARG_MODIFIERS, parts, parts_add_modifier, why) ||
		!set_units(&call, parts, why))
		return false;
	if (IS_GIVEN(LINE_ARG_MINUTES))
	{
		parts->minutes = DatumGetInt32(ARGUMENT(LINE_ARG_MINUTES));
		if (!number_in_range("Minutes are", parts->minutes, 0, CLAIMLINE_MAX_MINUTES, 0, why))
			return false;
	}
	if (IS_GIVEN(LINE_ARG_DOS) && !parts_set_dos(parts, DatumGetDateADT(ARGUMENT(LINE_ARG_DOS)), why))
		return false;
	if (IS_GIVEN(LINE_ARG_START) && !parts_set_start(parts, DatumGetTimeADT(ARGUMENT(LINE_ARG_START)), why))
		return false;
	if (!add_all(&call, LINE_ARG_DX, parts, parts_add_dx, why) ||
		!add_all(&call, LINE_ARG_REGIONS, parts, parts_add_region, why))
		return false;
	if (IS_GIVEN(LINE_ARG_SPECIALTY))
	{
		word = text_word(ARGUMENT(LINE_ARG_SPECIALTY));
		if (word.length > 0 &&
			!specialty_from_text(word, &parts->specialty_kind, &parts->specialty, why))
			return false;
	}
	if (IS_GIVEN(LINE_ARG_REFERRAL))
		parts->referral = DatumGetBool(ARGUMENT(LINE_ARG_REFERRAL)) ? REFERRAL_YES : REFERRAL_NO;
	if (IS_GIVEN(LINE_ARG_VISIT))
	{
		parts->visit = DatumGetInt32(ARGUMENT(LINE_ARG_VISIT));
		if (!number_in_range("Visit is", parts->visit, 1, CLAIMLINE_MAX_VISIT, 0, why))
			return false;
	}
	if (IS_GIVEN(LINE_ARG_THRU) && !parts_set_thru(parts, DatumGetDateADT(ARGUMENT(LINE_ARG_THRU)), why))
		return false;
	parts->reversal = IS_GIVEN(LINE_ARG_REVERSAL) && DatumGetBool(ARGUMENT(LINE_ARG_REVERSAL));
	if (IS_GIVEN(LINE_ARG_ASSISTANT))
	{
		parts->assistant = DatumGetInt32(ARGUMENT(LINE_ARG_ASSISTANT));
		if (!number_in_range("Minutes of an assistant are", parts->assistant, 0, CLAIMLINE_MAX_MINUTES, 0, why) ||
			!parts_check_assistant(parts, 0, why))
			return false;
	}
	return !IS_GIVEN(LINE_ARG_DX_OF) || dx_of_from_text(text_word(ARGUMENT(LINE_ARG_DX_OF)), &parts->dx_of, why);
}

/* Hand the elements of an array of a flat call on to one of the steps of line_quick.h. */
static inline bool
add_quick(const NullableDatum *elements, const NullableDatum *count, QuickLine *quick, bool (*add) (QuickLine *, Word))
{
	const NullableDatum *end = elements + n_elements(count);

	for (; elements < end; elements++)
	{
		Word		word;

		if (elements->isnull)
			continue;
		if (!text_of_row(elements->value, &word) || (word.length > 0 && !add(quick, word)))
			return false;
	}
	return true;
}

/* Is an argument that is read by its own reader alone not given, or no region or reversal? */
static inline bool
is_absent(const LineCall *call, int argument)
{
	if (argument >= call->n || call->arguments[argument].isnull)
		return true;
	if (argument == LINE_ARG_REVERSAL)
		return !DatumGetBool(call->arguments[argument].value);
	return argument == LINE_ARG_REGIONS && VARSIZE_ANY(DatumGetPointer(call->arguments[argument].value)) == ARR_OVERHEAD_NONULLS(0);
}

/* The line of a flat call whose values are as they should be. */
static bool
pack_call(const LineCall *call, QuickLine *quick)
{
	const NullableDatum *arguments = call->arguments;
	const NullableDatum *code = &arguments[LINE_ARG_CODE];
	const NullableDatum *units = &arguments[LINE_ARG_UNITS];
	const NullableDatum *minutes = &arguments[LINE_ARG_MINUTES];
	const NullableDatum *dos = &arguments[LINE_ARG_DOS];
	Word		word;

	if (!is_absent(call, LINE_ARG_START) || !is_absent(call, LINE_ARG_REGIONS) || !is_absent(call, LINE_ARG_SPECIALTY) ||
		!is_absent(call, LINE_ARG_REFERRAL) || !is_absent(call, LINE_ARG_VISIT) || !is_absent(call, LINE_ARG_THRU) ||
		!is_absent(call, LINE_ARG_DX_OF) || !is_absent(call, LINE_ARG_REVERSAL) || !is_absent(call, LINE_ARG_ASSISTANT))
		return false;
	quick_start(quick);
	return !code->isnull && text_of_row(code->value, &word) && quick_code(quick, word) &&
		!units->isnull &&
		(call->site->units_type == INT4OID ? quick_units(quick, DatumGetInt32(units->value))
		 : units_remembered(units->value, &call->site->units, &quick->buffer.line.units)) &&
		(minutes->isnull || quick_minutes(quick, DatumGetInt32(minutes->value))) &&
		(dos->isnull || quick_dos(quick, DatumGetDateADT(dos->value))) &&
		add_quick(call->elements, &arguments[LINE_ARG_MODIFIERS], quick, quick_modifier) &&
		add_quick(call->elements + n_elements(&arguments[LINE_ARG_MODIFIERS]), &arguments[LINE_ARG_DX], quick, quick_dx);
}

static Datum
make_line(FunctionCallInfo fcinfo, bool is_flat)
{
	LineCall	call = line_call(fcinfo, is_flat);
	QuickLine	quick;
	LineParts	parts;
	Fault		why;

	if (is_flat && pack_call(&call, &quick))
		return sized_line_datum(&quick.buffer.line, quick_end(&quick));
	if (!parts_from_call(call, &parts, &why))
		ereport(ERROR,
				(errcode(fault_errcode(&why)),
				 errmsg("invalid claim line"),
				 errdetail("%s", why.detail)));
	return parts_datum(&parts);
}

static Datum
try_line(FunctionCallInfo fcinfo, bool is_flat)
{
	LineCall	call = line_call(fcinfo, is_flat);
	QuickLine	quick;
	LineParts	parts;
	Fault		why;

	if (is_flat && pack_call(&call, &quick))
		return sized_line_datum(&quick.buffer.line, quick_end(&quick));
	if (!parts_from_call(call, &parts, &why))
		PG_RETURN_NULL();
	return parts_datum(&parts);
}

Datum
claimline_make(PG_FUNCTION_ARGS)
{
	return make_line(fcinfo, false);
}

Datum
claimline_flat(PG_FUNCTION_ARGS)
{
	return make_line(fcinfo, true);
}

Datum
try_claimline(PG_FUNCTION_ARGS)
{
	return try_line(fcinfo, false);
}

Datum
try_claimline_flat(PG_FUNCTION_ARGS)
{
	return try_line(fcinfo, true);
}

Datum
claimline_error(PG_FUNCTION_ARGS)
{
	LineParts	parts;
	Fault		why;

	if (parts_from_call(line_call(fcinfo, false), &parts, &why))
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(why.detail));
}

/* ----------------------------------------------------------------- order */

/* Frees what it detoasted: a sort or an index build compares millions of times. */
static int
claimline_cmp_internal(FunctionCallInfo fcinfo)
{
	struct varlena *a = PG_DETOAST_DATUM(PG_GETARG_DATUM(0));
	struct varlena *b = PG_DETOAST_DATUM(PG_GETARG_DATUM(1));
	int			order = line_compare((Line *) VARDATA(a), (Line *) VARDATA(b));

	PG_FREE_IF_COPY(a, 0);
	PG_FREE_IF_COPY(b, 1);
	return order;
}

static size_t
claimline_key(FunctionCallInfo fcinfo, uint8 key[LINE_KEY])
{
	struct varlena *value = PG_DETOAST_DATUM(PG_GETARG_DATUM(0));
	size_t		length = line_key((Line *) VARDATA(value), key);

	PG_FREE_IF_COPY(value, 0);
	return length;
}

Datum
claimline_lt(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(claimline_cmp_internal(fcinfo) < 0);
}

Datum
claimline_le(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(claimline_cmp_internal(fcinfo) <= 0);
}

Datum
claimline_eq(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(claimline_cmp_internal(fcinfo) == 0);
}

Datum
claimline_ne(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(claimline_cmp_internal(fcinfo) != 0);
}

Datum
claimline_ge(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(claimline_cmp_internal(fcinfo) >= 0);
}

Datum
claimline_gt(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(claimline_cmp_internal(fcinfo) > 0);
}

Datum
claimline_cmp(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(claimline_cmp_internal(fcinfo));
}

Datum
claimline_hash(PG_FUNCTION_ARGS)
{
	uint8		key[LINE_KEY];
	size_t		length = claimline_key(fcinfo, key);

	return hash_any(key, (int) length);
}

Datum
claimline_hash_extended(PG_FUNCTION_ARGS)
{
	uint8		key[LINE_KEY];
	size_t		length = claimline_key(fcinfo, key);

	return hash_any_extended(key, (int) length, (uint64) PG_GETARG_INT64(1));
}

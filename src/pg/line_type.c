/*
 * src/pg/line_type.c
 *
 * The type claimline: input and output, constructor, order.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "common/hashfn.h"
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
PG_FUNCTION_INFO_V1(try_claimline);
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

static Datum
sized_datum(const Line *line, Size size)
{
	struct varlena *value = palloc(VARHDRSZ + size);

	SET_VARSIZE(value, VARHDRSZ + size);
	memcpy(VARDATA(value), line, size);
	return PointerGetDatum(value);
}

Datum
line_datum(const Line *line)
{
	return sized_datum(line, line_size(line));
}

Datum
parts_datum(const LineParts *parts)
{
	LineBuffer	buffer;
	Size		size = line_pack(parts, &buffer);

	return sized_datum(&buffer.line, size);
}

/* ------------------------------------------------------ input and output */

Datum
line_input(const char *text, fmNodePtr context)
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

/* The arguments of claimline(), in order. */
enum
{
	ARG_CODE, ARG_MODIFIERS, ARG_UNITS, ARG_MINUTES, ARG_DOS, ARG_START,
	ARG_DX, ARG_REGIONS, ARG_SPECIALTY, ARG_REFERRAL, ARG_VISIT,
	/* release 0.1 had no more */
	ARG_THRU, ARG_DX_OF
};

#define HAS_ARG(i)	(PG_NARGS() > (i) && !PG_ARGISNULL(i))

static UnitsMemo *
units_memo(FunctionCallInfo fcinfo)
{
	if (fcinfo->flinfo->fn_extra == NULL)
		fcinfo->flinfo->fn_extra = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(UnitsMemo));
	return fcinfo->flinfo->fn_extra;
}

/*
 * Parts of a line from the constructor's arguments.  Null means absent, but a
 * line has a code and units.
 */
static bool
parts_from_args(FunctionCallInfo fcinfo, LineParts *parts, Fault *why)
{
	Word		word;

	why->kind = FAULT_NONE;
	line_parts_init(parts);
	if (PG_ARGISNULL(ARG_CODE))
		return fault(why, FAULT_MISSING, 0, "Code must not be null");
	if (PG_ARGISNULL(ARG_UNITS))
		return fault(why, FAULT_MISSING, 0, "Units must not be null");
	if (!code_from_text(text_word(PG_GETARG_DATUM(ARG_CODE)), &parts->code, why))
		return false;
	if (!PG_ARGISNULL(ARG_MODIFIERS) &&
		!parts_add_elements(parts, PG_GETARG_DATUM(ARG_MODIFIERS), parts_add_modifier, why))
		return false;
	if (!parts_set_units(parts, PG_GETARG_NUMERIC(ARG_UNITS), units_memo(fcinfo), why))
		return false;
	if (!PG_ARGISNULL(ARG_MINUTES))
	{
		parts->minutes = PG_GETARG_INT32(ARG_MINUTES);
		if (!number_in_range("Minutes are", parts->minutes, 0, CLAIMLINE_MAX_MINUTES, 0, why))
			return false;
	}
	if (!PG_ARGISNULL(ARG_DOS) && !parts_set_dos(parts, PG_GETARG_DATEADT(ARG_DOS), why))
		return false;
	if (!PG_ARGISNULL(ARG_START) && !parts_set_start(parts, PG_GETARG_TIMEADT(ARG_START), why))
		return false;
	if (!PG_ARGISNULL(ARG_DX) &&
		!parts_add_elements(parts, PG_GETARG_DATUM(ARG_DX), parts_add_dx, why))
		return false;
	if (!PG_ARGISNULL(ARG_REGIONS) &&
		!parts_add_elements(parts, PG_GETARG_DATUM(ARG_REGIONS), parts_add_region, why))
		return false;
	if (!PG_ARGISNULL(ARG_SPECIALTY))
	{
		word = text_word(PG_GETARG_DATUM(ARG_SPECIALTY));
		if (word.length > 0 &&
			!specialty_from_text(word, &parts->specialty_kind, &parts->specialty, why))
			return false;
	}
	if (!PG_ARGISNULL(ARG_REFERRAL))
		parts->referral = PG_GETARG_BOOL(ARG_REFERRAL) ? REFERRAL_YES : REFERRAL_NO;
	if (!PG_ARGISNULL(ARG_VISIT))
	{
		parts->visit = PG_GETARG_INT32(ARG_VISIT);
		if (!number_in_range("Visit is", parts->visit, 1, CLAIMLINE_MAX_VISIT, 0, why))
			return false;
	}
	if (HAS_ARG(ARG_THRU) && !parts_set_thru(parts, PG_GETARG_DATEADT(ARG_THRU), why))
		return false;
	return !HAS_ARG(ARG_DX_OF) || dx_of_from_text(text_word(PG_GETARG_DATUM(ARG_DX_OF)), &parts->dx_of, why);
}

Datum
claimline_make(PG_FUNCTION_ARGS)
{
	LineParts	parts;
	Fault		why;

	if (!parts_from_args(fcinfo, &parts, &why))
		ereport(ERROR,
				(errcode(fault_errcode(&why)),
				 errmsg("invalid claim line"),
				 errdetail("%s", why.detail)));
	return parts_datum(&parts);
}

Datum
try_claimline(PG_FUNCTION_ARGS)
{
	LineParts	parts;
	Fault		why;

	if (!parts_from_args(fcinfo, &parts, &why))
		PG_RETURN_NULL();
	return parts_datum(&parts);
}

Datum
claimline_error(PG_FUNCTION_ARGS)
{
	LineParts	parts;
	Fault		why;

	if (parts_from_args(fcinfo, &parts, &why))
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

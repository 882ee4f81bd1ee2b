/*
 * src/pg/line_fields.c
 *
 * The fields of a claimline, one by one.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "pg/line_type.h"
#include "pg/line_values.h"
#include "pg/server.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"

PG_FUNCTION_INFO_V1(line_code);
PG_FUNCTION_INFO_V1(line_modifiers);
PG_FUNCTION_INFO_V1(line_units);
PG_FUNCTION_INFO_V1(line_minutes);
PG_FUNCTION_INFO_V1(line_dos);
PG_FUNCTION_INFO_V1(line_start);
PG_FUNCTION_INFO_V1(line_dx);
PG_FUNCTION_INFO_V1(line_regions);
PG_FUNCTION_INFO_V1(line_specialty);
PG_FUNCTION_INFO_V1(line_referral);
PG_FUNCTION_INFO_V1(line_visit);
PG_FUNCTION_INFO_V1(line_thru);
PG_FUNCTION_INFO_V1(line_dx_of_text);
PG_FUNCTION_INFO_V1(line_unread);
PG_FUNCTION_INFO_V1(line_reversal);
PG_FUNCTION_INFO_V1(line_assistant);
PG_FUNCTION_INFO_V1(line_set_modifiers);

static Datum
text_array(const char *const *texts, int n)
{
	Datum		values[Max(CLAIMLINE_MAX_DX, N_REGIONS)];
	int			i;

	for (i = 0; i < n; i++)
		values[i] = CStringGetTextDatum(texts[i]);
	return PointerGetDatum(construct_array(values, n, TEXTOID, -1, false, TYPALIGN_INT));
}

Datum
line_code(PG_FUNCTION_ARGS)
{
	char		text[CODE_TEXT];

	PG_RETURN_TEXT_P(cstring_to_text(code_to_text(PG_GETARG_LINE(0)->code, text)));
}

Datum
line_modifiers(PG_FUNCTION_ARGS)
{
	const Line *line = PG_GETARG_LINE(0);
	char		texts[CLAIMLINE_MAX_MODIFIERS][MODIFIER_TEXT];
	const char *list[CLAIMLINE_MAX_MODIFIERS];
	int			i;

	for (i = 0; i < line_n_modifiers(line); i++)
		list[i] = modifier_to_text(line_modifier_at(line, i), texts[i]);
	return text_array(list, line_n_modifiers(line));
}

Datum
line_units(PG_FUNCTION_ARGS)
{
	char		text[UNITS_TEXT];

	units_to_text(PG_GETARG_LINE(0)->units, text);
	return DirectFunctionCall3(numeric_in, CStringGetDatum(text),
							   ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1));
}

Datum
line_minutes(PG_FUNCTION_ARGS)
{
	const Line *line = PG_GETARG_LINE(0);

	if (line->minutes == CLAIMLINE_NO_MINUTES)
		PG_RETURN_NULL();
	PG_RETURN_INT32(line->minutes);
}

Datum
line_dos(PG_FUNCTION_ARGS)
{
	const Line *line = PG_GETARG_LINE(0);

	if (line->dos == CLAIMLINE_NO_DOS)
		PG_RETURN_NULL();
	PG_RETURN_DATEADT(line->dos);
}

Datum
line_start(PG_FUNCTION_ARGS)
{
	const Line *line = PG_GETARG_LINE(0);

	if (line->start == CLAIMLINE_NO_START)
		PG_RETURN_NULL();
	PG_RETURN_TIMEADT(line->start * USECS_PER_MINUTE);
}

Datum
line_dx(PG_FUNCTION_ARGS)
{
	const Line *line = PG_GETARG_LINE(0);
	char		texts[CLAIMLINE_MAX_DX][DX_TEXT];
	const char *list[CLAIMLINE_MAX_DX];
	int			i;

	for (i = 0; i < line_n_dx(line); i++)
		list[i] = dx_to_text(line_dx_at(line, i), texts[i]);
	return text_array(list, line_n_dx(line));
}

Datum
line_regions(PG_FUNCTION_ARGS)
{
	uint16		regions = line_stated_regions(PG_GETARG_LINE(0));
	const char *list[N_REGIONS];
	int			n = 0;
	int			i;

	for (i = 0; i < N_REGIONS; i++)
		if (regions & 1 << i)
			list[n++] = region_names[i];
	return text_array(list, n);
}

Datum
line_specialty(PG_FUNCTION_ARGS)
{
	const Line *line = PG_GETARG_LINE(0);
	char		text[SPECIALTY_TEXT];

	if (line_specialty_kind(line) == SPECIALTY_NONE)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(specialty_to_text(line_specialty_kind(line),
													   line_specialty_value(line), text)));
}

Datum
line_referral(PG_FUNCTION_ARGS)
{
	Referral	referral = line_stated_referral(PG_GETARG_LINE(0));

	if (referral == REFERRAL_UNKNOWN)
		PG_RETURN_NULL();
	PG_RETURN_BOOL(referral == REFERRAL_YES);
}

Datum
line_visit(PG_FUNCTION_ARGS)
{
	const Line *line = PG_GETARG_LINE(0);

	if (line->visit == CLAIMLINE_NO_VISIT)
		PG_RETURN_NULL();
	PG_RETURN_INT32(line->visit);
}

Datum
line_thru(PG_FUNCTION_ARGS)
{
	const Line *line = PG_GETARG_LINE(0);

	if (line->dos == CLAIMLINE_NO_DOS)
		PG_RETURN_NULL();
	PG_RETURN_DATEADT(line->dos + line_days(line) - 1);
}

Datum
line_dx_of_text(PG_FUNCTION_ARGS)
{
	const Line *line = PG_GETARG_LINE(0);

	if (line_n_dx(line) == 0)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(dx_of_names[line_dx_of(line)]));
}

Datum
line_unread(PG_FUNCTION_ARGS)
{
	uint16		unread = line_extension(PG_GETARG_LINE(0)).unread;
	const char *list[N_UNREAD];
	int			n = 0;
	int			i;

	for (i = 0; i < N_UNREAD; i++)
		if (unread & 1 << i)
			list[n++] = unread_names[i];
	return text_array(list, n);
}

Datum
line_reversal(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(line_is_reversal(PG_GETARG_LINE(0)));
}

Datum
line_assistant(PG_FUNCTION_ARGS)
{
	int			minutes = line_assistant_minutes(PG_GETARG_LINE(0));

	if (minutes == CLAIMLINE_NO_ASSISTANT)
		PG_RETURN_NULL();
	PG_RETURN_INT32(minutes);
}

Datum
line_set_modifiers(PG_FUNCTION_ARGS)
{
	LineParts	parts;
	Fault		why;

	line_unpack(PG_GETARG_LINE(0), &parts);
	parts.n_modifiers = 0;
	if (!parts_add_elements(&parts, PG_GETARG_DATUM(1), parts_add_modifier, &why))
		ereport(ERROR,
				(errcode(fault_errcode(&why)),
				 errmsg("invalid claim line"),
				 errdetail("%s", why.detail)));
	return parts_datum(&parts);
}

/*
 * src/pg/store/source_quick.c
 *
 * Rows whose columns hold what they should: the line packed straight from
 * them, as most rows of most tables can be.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "line/line_quick.h"
#include "line/stored_field.h"
#include "pg/line_type.h"
#include "pg/store/source_quick.h"
#include "pg/store/source_reading.h"
#include "utils/date.h"
#include "utils/fmgrprotos.h"

/* characters of a date alone */
#define STORED_DATE		10

/* What a field may be to be read here: a column of its own type, or texts as they are. */
static bool
field_is_quick(const FieldPlan *plan)
{
	if (plan->drop != 0 || plan->otherwise.text != NULL || plan->procedure || plan->n_concepts > 0 || plan->behind != 0)
		return false;
	switch (plan->field)
	{
		case SOURCE_CODE:
		case SOURCE_SPECIALTY:
			return plan->type == TEXTOID;
		case SOURCE_MODIFIERS:
			return plan->is_list && plan->type == TEXTOID;
		case SOURCE_DX:
			return plan->is_list && plan->type == TEXTOID && plan->dx_of == DX_OF_LINE && !plan->first_distinct;
		case SOURCE_UNITS:
			return plan->missing.n == 0;
		case SOURCE_MINUTES:
			return plan->missing.n == 0 && plan->type == INT4OID;
		case SOURCE_DOS:
		case SOURCE_THRU:
			return plan->missing.n == 0 && plan->format.text == NULL;
		case SOURCE_CHARGE:
		case SOURCE_STATUS:
			return true;
		default:
			return false;
	}
}

bool
plan_is_quick(LinePlan *plan)
{
	int			i;

	for (i = 0; i < plan->n_fields; i++)
	{
		if (!field_is_quick(&plan->fields[i]))
			return false;
		plan->by_field[plan->fields[i].field] = &plan->fields[i];
	}
	return true;
}

/* The values of a list; blanks and marks for a missing value are none. */
static inline bool
add_list(const FunctionCallInfo fcinfo, const FieldPlan *plan, QuickLine *quick, bool (*add) (QuickLine *, Word))
{
	int			i;

	for (i = plan->first; i < plan->first + plan->n; i++)
	{
		Word		word;

		if (fcinfo->args[i].isnull)
			continue;
		if (!text_of_row(fcinfo->args[i].value, &word))
			return false;
		if (word.length > 0 && (plan->missing.n == 0 || !is_one_of(word, &plan->missing)) && !add(quick, word))
			return false;
	}
	return true;
}

static inline bool
add_units(const FunctionCallInfo fcinfo, const FieldPlan *plan, QuickLine *quick, UnitsMemo *memo)
{
	NullableDatum value = fcinfo->args[plan->first];
	int32		whole;
	Word		word;

	if (value.isnull)
		return false;
	if (plan->type == INT4OID)
		return quick_units(quick, DatumGetInt32(value.value));
	if (plan->type == NUMERICOID)
		return units_remembered(value.value, memo, &quick->buffer.line.units);
	return text_of_row(value.value, &word) && stored_integer(word, &whole) && quick_units(quick, whole);
}

/* The date of a column, which must not be null. */
static inline bool
date_of_row(const FunctionCallInfo fcinfo, const FieldPlan *plan, int32 *date)
{
	Datum		value = fcinfo->args[plan->first].value;
	Word		word;

	if (plan->type == DATEOID)
	{
		*date = DatumGetDateADT(value);
		return true;
	}
	/* what is longer may be a span */
	return text_of_row(value, &word) && word.length <= STORED_DATE && stored_date(word, date);
}

/* The date of service, and the last one, which mostly is the same. */
static inline bool
add_dates(const FunctionCallInfo fcinfo, const FieldPlan *dos, const FieldPlan *thru, QuickLine *quick)
{
	int32		first = CLAIMLINE_NO_DOS;
	int32		last;

	if (dos != NULL && !fcinfo->args[dos->first].isnull && !(date_of_row(fcinfo, dos, &first) && quick_dos(quick, first)))
		return false;
	return thru == NULL || fcinfo->args[thru->first].isnull || (date_of_row(fcinfo, thru, &last) && last == first);
}

/* Does nothing say that the row takes back what was billed? */
static inline bool
is_billed(const FunctionCallInfo fcinfo, const LinePlan *plan)
{
	const FieldPlan *charge = plan->by_field[SOURCE_CHARGE];
	const FieldPlan *status = plan->by_field[SOURCE_STATUS];
	Datum		value;
	Word		word;

	if (status != NULL && DatumGetBool(fcinfo->args[status->first].value))
		return false;
	if (charge == NULL || fcinfo->args[charge->first].isnull)
		return true;
	value = fcinfo->args[charge->first].value;
	if (charge->type == INT4OID)
		return DatumGetInt32(value) >= 0;
	if (charge->type == NUMERICOID)
		return DatumGetBool(DirectFunctionCall2(numeric_ge, value, plan->zero));
	return text_of_row(value, &word) && (word.length == 0 || word.text[0] != '-');
}

static inline bool
add_specialty(const FunctionCallInfo fcinfo, const FieldPlan *plan, QuickLine *quick)
{
	NullableDatum value = fcinfo->args[plan->first];
	Word		word;

	if (value.isnull)
		return true;
	return text_of_row(value.value, &word) &&
		(word.length == 0 || is_one_of(word, &plan->missing) || quick_specialty(quick, word));
}

static bool
pack_row(FunctionCallInfo fcinfo, LinePlan *plan, QuickLine *quick)
{
	const FieldPlan *const *fields = plan->by_field;
	NullableDatum value = fcinfo->args[fields[SOURCE_CODE]->first];
	Word		code;

	quick_start(quick);
	if (value.isnull || !text_of_row(value.value, &code) || !quick_code(quick, code) ||
		is_one_of(code, &fields[SOURCE_CODE]->missing))
		return false;
	if (fields[SOURCE_UNITS] != NULL && !add_units(fcinfo, fields[SOURCE_UNITS], quick, &plan->units))
		return false;
	if (fields[SOURCE_MINUTES] != NULL)
	{
		value = fcinfo->args[fields[SOURCE_MINUTES]->first];
		if (!value.isnull && !quick_minutes(quick, DatumGetInt32(value.value)))
			return false;
	}
	if (!is_billed(fcinfo, plan) || !add_dates(fcinfo, fields[SOURCE_DOS], fields[SOURCE_THRU], quick))
		return false;
	/* the tail, in its order */
	return (fields[SOURCE_MODIFIERS] == NULL || add_list(fcinfo, fields[SOURCE_MODIFIERS], quick, quick_modifier)) &&
		(fields[SOURCE_SPECIALTY] == NULL || add_specialty(fcinfo, fields[SOURCE_SPECIALTY], quick)) &&
		(fields[SOURCE_DX] == NULL || add_list(fcinfo, fields[SOURCE_DX], quick, quick_dx));
}

bool
quick_row(FunctionCallInfo fcinfo, LinePlan *plan, Datum *line)
{
	QuickLine	quick;

	if (!plan->is_quick || !pack_row(fcinfo, plan, &quick))
		return false;
	*line = sized_line_datum(&quick.buffer.line, quick_end(&quick));
	return true;
}

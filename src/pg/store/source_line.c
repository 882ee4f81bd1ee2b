/*
 * src/pg/store/source_line.c
 *
 * A line from the columns of a row, in one pass: the line, without what of it
 * could not be read, or why the row is none.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "line/stored_field.h"
#include "pg/line_type.h"
#include "pg/store/source_line.h"
#include "pg/store/source_quick.h"
#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(claim_source_line);
PG_FUNCTION_INFO_V1(claim_source_line_error);

/* ---------------------------------------------------------------- fields */

static Word
numeric_word(Datum number)
{
	char	   *text = DatumGetCString(DirectFunctionCall1(numeric_out, number));

	return (Word) {text, strlen(text), 0};
}

/* A text with the blanks around it. */
static Word
whole_word(Datum datum)
{
	text	   *value = DatumGetTextPP(datum);

	return (Word) {VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value), 0};
}

static void
lacks(Reading *reading, const char *what)
{
	Fault		why;

	fault(&why, FAULT_MISSING, 0, "%s must not be null", what);
	keep_reason(reading, RANK_NULL, &why);
}

/* The code of a text, and the modifiers that stand behind it: they go before those of columns of their own. */
static void
set_code(Reading *reading, Word text)
{
	StoredService service;
	Fault		why;
	Fault		other;
	int			i;

	if (code_from_text(stored_whole(text), &reading->parts.code, &why))
		return;
	if (!stored_service(text, &service) || !code_from_text(service.code, &reading->parts.code, &other))
	{
		keep_reason(reading, RANK_INVALID, &why);
		return;
	}
	reading->optional = UNREAD_MODIFIERS;
	for (i = 0; i < service.n_modifiers; i++)
		must(reading, parts_add_modifier(&reading->parts, service.modifiers[i], &why), &why);
}

static void
read_code(Reading *reading, const FieldPlan *plan)
{
	const Words vocabularies = {(Word[]) {{"CPT4", 4, 0}, {"HCPCS", 5, 0}}, 2};
	const NullableDatum *arguments = reading->fcinfo->args;
	Word		code = {NULL, 0, 0};
	int			i;

	if (plan->procedure && !arguments[plan->first].isnull)
	{
		Word		rest = text_word(arguments[plan->first].value);

		if (!stored_procedure(&rest, &code))
			code.text = NULL;
	}
	for (i = 0; i < plan->n_concepts && code.text == NULL; i++)
	{
		int			concept = plan->first + 1 + 2 * i;

		if (!arguments[concept].isnull && !arguments[concept + 1].isnull &&
			is_one_of(whole_word(arguments[concept + 1].value), &vocabularies))
			code = text_word(arguments[concept].value);
	}
	if (code.text == NULL && !arguments[plan->first].isnull)
	{
		code = text_word(arguments[plan->first].value);
		/* where marks for a missing code are named, a blank is one */
		if (plan->missing.n > 0 && (code.length == 0 || is_one_of(code, &plan->missing)))
			code.text = NULL;
	}
	if (code.text == NULL)
		code = plan->otherwise;
	if (code.text == NULL)
		lacks(reading, "Code");
	else
		set_code(reading, code);
}

static bool
is_negative(const Reading *reading, Datum number)
{
	return DatumGetBool(DirectFunctionCall2(numeric_lt, number, reading->plan->zero));
}

/* Units below zero take back as many. */
static void
read_units(Reading *reading, const FieldPlan *plan)
{
	Datum		given = reading->fcinfo->args[plan->first].value;
	bool		is_number = has_value(reading, plan);
	int32		whole = -1;
	Fault		why;
	Word		word;
	Datum		number;
	bool		reads;

	if (!is_number && !text_or_default(reading, plan, &word))
	{
		lacks(reading, "Units");
		return;
	}
	if (!is_number && !stored_number_is_valid(word))
	{
		unreadable(reading, word, "Units are", ", not a number.");
		return;
	}
	if (is_number && plan->type == INT4OID)
		whole = DatumGetInt32(given);
	else if (is_number || !stored_integer(word, &whole))
		whole = -1;
	if (whole >= 0 && whole <= CLAIMLINE_MAX_UNITS / 1000)
	{
		reading->parts.units = (uint32) whole * 1000;
		return;
	}
	number = !is_number ? numeric_of(word) : plan->type == INT4OID ? DirectFunctionCall1(int4_numeric, given) : given;
	reads = parts_set_units(&reading->parts, DatumGetNumeric(number), &reading->plan->units, &why);
	if (!reads && is_negative(reading, number))
	{
		reading->parts.reversal = true;
		number = DirectFunctionCall1(numeric_abs, number);
		reads = parts_set_units(&reading->parts, DatumGetNumeric(number), &reading->plan->units, &why);
	}
	must(reading, reads, &why);
}

/* A charge below zero takes back what was billed; one that cannot be read says nothing. */
static void
read_charge(Reading *reading, const FieldPlan *plan)
{
	Datum		given = reading->fcinfo->args[plan->first].value;
	Word		word;

	if (has_value(reading, plan))
		reading->parts.reversal |= plan->type == INT4OID ? DatumGetInt32(given) < 0 : is_negative(reading, given);
	else if (text_or_default(reading, plan, &word) && word.length > 0 && word.text[0] == '-' && stored_number_is_valid(word))
		reading->parts.reversal |= is_negative(reading, numeric_of(word));
}

/* Minutes, also of an assistant, or a visit: a whole number within limits. */
static void
read_count(Reading *reading, const FieldPlan *plan, const char *what, int low, int high, int32 *count)
{
	Fault		why;
	Word		word;

	if (!has_value(reading, plan))
	{
		if (!text_or_default(reading, plan, &word))
			return;
	}
	else if (plan->type == INT4OID)
	{
		*count = DatumGetInt32(reading->fcinfo->args[plan->first].value);
		must(reading, number_in_range(what, *count, low, high, 0, &why), &why);
		return;
	}
	else
		word = numeric_word(reading->fcinfo->args[plan->first].value);
	if (!stored_integer(word, count))
		unreadable(reading, word, what, ", not a whole number.");
	else
		must(reading, number_in_range(what, *count, low, high, 0, &why), &why);
}

/* The last date of service; of a line that need not have one, it is what could not be read where the two do not fit. */
static void
set_thru(Reading *reading, int32 last)
{
	uint16		field = reading->optional;
	Fault		why;

	/* one that is read later counts alone */
	reading->parts.unread &= (uint16) ~UNREAD_THRU;
	reading->parts.thru = last;
	reading->optional = UNREAD_THRU;
	if (!parts_check_span(&reading->parts, 0, &why))
	{
		reading->parts.thru = CLAIMLINE_NO_DOS;
		keep_reason(reading, RANK_INVALID, &why);
	}
	reading->optional = field;
}

static void
read_dos(Reading *reading, const FieldPlan *plan)
{
	Fault		why;
	Word		word;
	int32		first;
	int32		last;

	if (has_value(reading, plan))
		must(reading, parts_set_dos(&reading->parts, DatumGetDateADT(reading->fcinfo->args[plan->first].value), &why), &why);
	else if (!text_or_default(reading, plan, &word))
		return;
	else if (stored_dates(word, plan->format, &first, &last))
	{
		/* a mark in another form, say with a time, is one */
		if (is_missing_date(plan, first))
			return;
		reading->parts.dos = first;
		/* a span, where no column of its own says how it ends */
		set_thru(reading, last);
	}
	else
		unreadable(reading, word, "Date of service is", ", not a date.");
}

static void
read_thru(Reading *reading, const FieldPlan *plan)
{
	Fault		why;
	Word		word;
	int32		first;
	int32		last;

	if (has_value(reading, plan))
	{
		reading->parts.unread &= (uint16) ~UNREAD_THRU;
		must(reading, parts_set_thru(&reading->parts, DatumGetDateADT(reading->fcinfo->args[plan->first].value), &why), &why);
	}
	else if (!text_or_default(reading, plan, &word))
		return;
	else if (!stored_dates(word, plan->format, &first, &last))
		unreadable(reading, word, "Last date of service is", ", not a date.");
	else if (!is_missing_date(plan, last))
		set_thru(reading, last);
}

static void
read_start(Reading *reading, const FieldPlan *plan)
{
	Fault		why;
	Word		word;

	if (has_value(reading, plan))
	{
		TimeADT		time = DatumGetTimeADT(reading->fcinfo->args[plan->first].value);

		must(reading, parts_set_start(&reading->parts, time - time % USECS_PER_MINUTE, &why), &why);
	}
	else if (text_or_default(reading, plan, &word) && !stored_time(word, &reading->parts.start))
		unreadable(reading, word, "Start time is", ", not a time.");
}

static void
read_referral(Reading *reading, const FieldPlan *plan)
{
	Word		word;
	bool		yes;

	if (has_value(reading, plan))
		yes = DatumGetBool(reading->fcinfo->args[plan->first].value);
	else if (!text_or_default(reading, plan, &word))
		return;
	else if (plan->presence)
		yes = true;
	else if (!stored_yes_no(word, &yes))
	{
		unreadable(reading, word, "Referral is", ", must be yes or no.");
		return;
	}
	reading->parts.referral = yes ? REFERRAL_YES : REFERRAL_NO;
}

static void
read_specialty(Reading *reading, const FieldPlan *plan)
{
	Fault		why;
	Word		word;

	if (text_or_default(reading, plan, &word))
		must(reading, specialty_from_text(stored_whole(word), &reading->parts.specialty_kind, &reading->parts.specialty, &why), &why);
}

/* --------------------------------------------------------------- the row */

/* What a line need not have: where it cannot be read, the line is made without it. */
uint16
optional_field(SourceField field)
{
	switch (field)
	{
		case SOURCE_MODIFIERS:
			return UNREAD_MODIFIERS;
		case SOURCE_MINUTES:
			return UNREAD_MINUTES;
		case SOURCE_THRU:
			return UNREAD_THRU;
		case SOURCE_START:
			return UNREAD_START;
		case SOURCE_DX:
			return UNREAD_DX;
		case SOURCE_REGIONS:
			return UNREAD_REGION;
		case SOURCE_SPECIALTY:
			return UNREAD_SPECIALTY;
		case SOURCE_REFERRAL:
			return UNREAD_REFERRAL;
		case SOURCE_VISIT:
			return UNREAD_VISIT;
		case SOURCE_ASSISTANT:
			return UNREAD_ASSISTANT;
		default:
			return 0;
	}
}

/* Of a list, what could be read stays. */
static void
clear_field(LineParts *parts, SourceField field)
{
	if (field == SOURCE_MINUTES)
		parts->minutes = CLAIMLINE_NO_MINUTES;
	else if (field == SOURCE_THRU)
		parts->thru = CLAIMLINE_NO_DOS;
	else if (field == SOURCE_START)
		parts->start = CLAIMLINE_NO_START;
	else if (field == SOURCE_SPECIALTY)
		parts->specialty_kind = SPECIALTY_NONE;
	else if (field == SOURCE_VISIT)
		parts->visit = CLAIMLINE_NO_VISIT;
	else if (field == SOURCE_ASSISTANT)
		parts->assistant = CLAIMLINE_NO_ASSISTANT;
}

static void
read_field(Reading *reading, const FieldPlan *plan)
{
	LineParts  *parts = &reading->parts;
	Fault		why;

	switch (plan->field)
	{
		case SOURCE_CODE:
			read_code(reading, plan);
			break;
		case SOURCE_MODIFIERS:
			read_list(reading, plan, parts_add_modifier);
			break;
		case SOURCE_UNITS:
			read_units(reading, plan);
			break;
		case SOURCE_MINUTES:
			read_count(reading, plan, "Minutes are", 0, CLAIMLINE_MAX_MINUTES, &parts->minutes);
			break;
		case SOURCE_DOS:
			read_dos(reading, plan);
			break;
		case SOURCE_THRU:
			read_thru(reading, plan);
			break;
		case SOURCE_START:
			read_start(reading, plan);
			break;
		case SOURCE_DX:
			read_list(reading, plan, parts_add_dx);
			/* to the only one of a claim, its lines point */
			if (plan->dx_of != DX_OF_CLAIM || parts->n_dx > 1 || (parts->unread & UNREAD_DX))
				parts->dx_of = plan->dx_of;
			break;
		case SOURCE_REGIONS:
			read_list(reading, plan, parts_add_region);
			break;
		case SOURCE_SPECIALTY:
			read_specialty(reading, plan);
			break;
		case SOURCE_REFERRAL:
			read_referral(reading, plan);
			break;
		case SOURCE_VISIT:
			read_count(reading, plan, "Visit is", 1, CLAIMLINE_MAX_VISIT, &parts->visit);
			break;
		case SOURCE_ASSISTANT:
			read_count(reading, plan, "Minutes of an assistant are", 0, CLAIMLINE_MAX_MINUTES, &parts->assistant);
			if (!(parts->unread & UNREAD_ASSISTANT))
				must(reading, parts_check_assistant(parts, 0, &why), &why);
			break;
		case SOURCE_CHARGE:
			read_charge(reading, plan);
			break;
		case SOURCE_STATUS:
			parts->reversal |= has_value(reading, plan) && DatumGetBool(reading->fcinfo->args[plan->first].value);
			break;
		default:
			elog(ERROR, "field %d is none of a line", plan->field);
	}
}

bool
read_row(FunctionCallInfo fcinfo, Reading *reading, Fault *unread_why)
{
	int			i;

	reading->fcinfo = fcinfo;
	reading->unread_why = unread_why;
	reading->plan = line_plan_of(fcinfo);
	reading->rank = RANK_NONE;
	reading->optional = 0;
	line_parts_init(&reading->parts);
	for (i = 0; i < reading->plan->n_fields; i++)
	{
		const FieldPlan *plan = &reading->plan->fields[i];

		reading->field = plan->field;
		if (plan->drop && !fcinfo->args[plan->drop].isnull &&
			is_one_of(whole_word(fcinfo->args[plan->drop].value), &plan->drop_values))
		{
			/* of the others there is a default, or none */
			if (plan->field == SOURCE_CODE)
				lacks(reading, "Code");
		}
		else
		{
			reading->optional = optional_field(plan->field);
			read_field(reading, plan);
			if (reading->parts.unread & reading->optional)
				clear_field(&reading->parts, plan->field);
		}
		reading->optional = 0;
	}
	return reading->rank == RANK_NONE;
}

Datum
claim_source_line(PG_FUNCTION_ARGS)
{
	Reading		reading;
	LineBuffer	buffer;
	Datum		line;

	if (quick_row(fcinfo, line_plan_of(fcinfo), &line))
		PG_RETURN_DATUM(line);
	if (!read_row(fcinfo, &reading, NULL))
		PG_RETURN_NULL();
	line_pack(&reading.parts, &buffer);
	return line_datum(&buffer.line);
}

Datum
claim_source_line_error(PG_FUNCTION_ARGS)
{
	Reading		reading;
	Datum		line;

	if (quick_row(fcinfo, line_plan_of(fcinfo), &line))
		PG_RETURN_NULL();
	if (read_row(fcinfo, &reading, NULL) && reading.parts.unread == 0)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(reading.why.detail));
}

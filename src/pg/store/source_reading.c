/*
 * src/pg/store/source_reading.c
 *
 * The values of a row's columns, one by one and as lists.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "line/stored_field.h"
#include "mb/pg_wchar.h"
#include "pg/store/source_reading.h"
#include "port/pg_bitutils.h"
#include "utils/array.h"
#include "utils/date.h"
#include "utils/fmgrprotos.h"

/* characters of a value that are shown where it cannot be read */
#define VALUE_SHOWN		60

void
keep_reason(Reading *reading, FaultRank rank, const Fault *why)
{
	if (reading->optional != 0)
	{
		/* the first of these is told, if the row is a line */
		if (reading->rank == RANK_NONE && reading->parts.unread == 0)
			reading->why = *why;
		if (reading->unread_why != NULL && !(reading->parts.unread & reading->optional))
			reading->unread_why[pg_leftmost_one_pos32(reading->optional)] = *why;
		reading->parts.unread |= reading->optional;
		return;
	}
	if (rank >= reading->rank)
		return;
	reading->rank = rank;
	reading->why = *why;
	reading->faulty = reading->field;
}

void
must(Reading *reading, bool holds, const Fault *why)
{
	if (!holds)
		keep_reason(reading, RANK_INVALID, why);
}

void
unreadable(Reading *reading, Word value, const char *before, const char *behind)
{
	Fault		why;

	if (reading->rank == RANK_UNREADABLE && reading->optional == 0)
		return;
	why.kind = FAULT_SYNTAX;
	snprintf(why.detail, sizeof(why.detail), "%s \"%.*s\"%s", before,
			 pg_mbcharcliplen(value.text, (int) value.length, VALUE_SHOWN), value.text, behind);
	keep_reason(reading, RANK_UNREADABLE, &why);
}

bool
is_one_of(Word word, const Words *words)
{
	int			i;

	for (i = 0; i < words->n; i++)
		if (words->words[i].length == word.length && memcmp(words->words[i].text, word.text, word.length) == 0)
			return true;
	return false;
}

bool
known_text(const Reading *reading, const FieldPlan *plan, int argument, Word *word)
{
	if (reading->fcinfo->args[argument].isnull)
		return false;
	*word = text_word(reading->fcinfo->args[argument].value);
	return word->length > 0 && !stored_null(*word) && !is_one_of(*word, &plan->missing);
}

/* Is a number one of the marks? */
static bool
number_is_missing(const FieldPlan *plan, Datum number)
{
	int			i;

	for (i = 0; i < plan->n_missing_numbers; i++)
		if (DatumGetBool(DirectFunctionCall2(numeric_eq, number, plan->missing_numbers[i])))
			return true;
	return false;
}

bool
is_missing_date(const FieldPlan *plan, int32 date)
{
	int			i;

	for (i = 0; i < plan->n_missing_dates; i++)
		if (plan->missing_dates[i] == date)
			return true;
	return false;
}

bool
text_or_default(const Reading *reading, const FieldPlan *plan, Word *word)
{
	if (plan->type == TEXTOID && known_text(reading, plan, plan->first, word))
		return true;
	*word = plan->otherwise;
	return plan->otherwise.text != NULL;
}

bool
has_value(const Reading *reading, const FieldPlan *plan)
{
	const NullableDatum *value = &reading->fcinfo->args[plan->first];

	if (plan->type == TEXTOID || value->isnull)
		return false;
	if (plan->missing.n == 0)
		return true;
	switch (plan->type)
	{
		case INT4OID:
			return !number_is_missing(plan, DirectFunctionCall1(int4_numeric, value->value));
		case NUMERICOID:
			return !number_is_missing(plan, value->value);
		case DATEOID:
			return !is_missing_date(plan, DatumGetDateADT(value->value));
		default:
			return true;
	}
}

/* ----------------------------------------------------------------- lists */

/* A list being added to, and the diagnoses that it has so far where each counts once. */
typedef struct Adding
{
	Reading    *reading;
	const FieldPlan *plan;
	bool		(*add) (LineParts *, Word, Fault *);
	Word		seen[CLAIMLINE_MAX_DX];
	int			n_seen;
	bool		any;			/* has there been a value? */
	int			n_behind;		/* modifiers that stood behind the code */
} Adding;

/* Is it a modifier that stood behind the code?  A table may have it in both places. */
static bool
is_behind_code(const Adding *adding, Word value)
{
	const LineParts *parts = &adding->reading->parts;
	uint16_t	modifier;
	Fault		why;
	int			i;

	if (adding->n_behind == 0 || !modifier_from_text(value, &modifier, &why))
		return false;
	for (i = 0; i < adding->n_behind && parts->modifiers[i] != modifier; i++)
		;
	return i < adding->n_behind;
}

static void
add_value(Adding *adding, Word value)
{
	Fault		why;
	int			i;

	if (value.length == 0 || stored_null(value) || is_one_of(value, &adding->plan->missing) ||
		is_behind_code(adding, value))
		return;
	adding->any = true;
	if (adding->plan->first_distinct && adding->plan->field == SOURCE_DX)
	{
		for (i = 0; i < adding->n_seen && !same_diagnosis(adding->seen[i], value); i++)
			;
		if (i < adding->n_seen || i == CLAIMLINE_MAX_DX)
			return;
		adding->seen[adding->n_seen++] = value;
	}
	must(adding->reading, adding->add(&adding->reading->parts, value, &why), &why);
}

static inline bool
is_code_character(char c)
{
	return is_digit(c) || is_letter(c);
}

/* The modifiers of a text: 59.0, GP59, "59,GP" and ["59", null] are all of them. */
static void
add_modifiers(Adding *adding, Word rest)
{
	Word		word;

	/* as most columns have it */
	if (rest.length == 2 && is_code_character(rest.text[0]) && is_code_character(rest.text[1]))
	{
		add_value(adding, rest);
		return;
	}
	if (stored_null(rest) || is_one_of(rest, &adding->plan->missing))
		return;
	while (stored_list_next(&rest, &word))
	{
		word = stored_whole(word);
		if (stored_null(word) || !stored_run_together(word))
			add_value(adding, word);
		else
			for (; word.length > 0; word = (Word) {word.text + 2, word.length - 2, 0})
				add_value(adding, (Word) {word.text, 2, 0});
	}
}

/* A value as it is, if it is not of modifiers. */
static void
add_one(Adding *adding, Word value)
{
	if (adding->plan->field == SOURCE_MODIFIERS)
		add_modifiers(adding, value);
	else
		add_value(adding, value);
}

static void
add_elements(Adding *adding, Datum array)
{
	Datum	   *values;
	bool	   *nulls;
	int			n;
	int			i;

	deconstruct_array(DatumGetArrayTypeP(array), TEXTOID, -1, false, TYPALIGN_INT, &values, &nulls, &n);
	for (i = 0; i < n; i++)
		if (!nulls[i])
			add_one(adding, text_word(values[i]));
}

static void
add_words(Adding *adding, Word rest)
{
	Word		word;

	/* the whole text may be a mark */
	if (stored_null(rest) || is_one_of(rest, &adding->plan->missing))
		return;
	while (stored_list_next(&rest, &word))
		add_value(adding, word);
}

/* The modifiers behind a code. */
static void
add_behind(Adding *adding, Word rest)
{
	Word		word;

	if (!stored_procedure(&rest, &word))
		return;
	while (stored_procedure_modifier(&rest, &word))
		add_value(adding, word);
}

void
read_list(Reading *reading, const FieldPlan *plan, bool (*add) (LineParts *, Word, Fault *))
{
	const NullableDatum *arguments = reading->fcinfo->args;
	Adding		adding;
	int			i;

	/* the list of what was seen is long, and read up to n_seen */
	adding.reading = reading;
	adding.plan = plan;
	adding.add = add;
	adding.n_seen = 0;
	adding.any = false;
	adding.n_behind = 0;

	if (plan->behind && !arguments[plan->behind].isnull)
		add_behind(&adding, text_word(arguments[plan->behind].value));
	if (plan->field == SOURCE_MODIFIERS)
		adding.n_behind = reading->parts.n_modifiers;
	adding.any = adding.any || adding.n_behind > 0;
	for (i = plan->first; i < plan->first + plan->n; i++)
	{
		if (arguments[i].isnull)
			continue;
		if (plan->type == TEXTARRAYOID)
			add_elements(&adding, arguments[i].value);
		else if (plan->is_list || plan->field == SOURCE_MODIFIERS)
			add_one(&adding, text_word(arguments[i].value));
		else
			add_words(&adding, text_word(arguments[i].value));
	}
	if (!adding.any && plan->otherwise.text != NULL)
		add_words(&adding, plan->otherwise);
}

/*
 * src/pg/store/source.c
 *
 * Sources: values of any stored form read without errors (null where they
 * cannot be), and the expressions of a mapping, which must be lone ones.
 */
#include "postgres.h"

#include "access/relation.h"
#include "catalog/pg_type.h"
#include "datatype/timestamp.h"
#include "mb/pg_wchar.h"
#include "nodes/nodeFuncs.h"
#include "nodes/parsenodes.h"
#include "optimizer/optimizer.h"
#include "pg/compat.h"

#include "parser/parser.h"
#include "parser/scansup.h"
#include "rewrite/rewriteHandler.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/guc.h"
#include "utils/numeric.h"
#include "utils/rel.h"
#include "utils/varlena.h"

/* more digits than any count, amount or line number has */
#define MAX_NUMBER_TEXT		64

/* diagnoses of one line */
#define MAX_DIAGNOSES		12

/* text that is no more than a view of a datum */
typedef struct Span
{
	const char *text;
	size_t		length;
} Span;

PG_FUNCTION_INFO_V1(claim_read_text);
PG_FUNCTION_INFO_V1(claim_read_date);
PG_FUNCTION_INFO_V1(claim_read_number);
PG_FUNCTION_INFO_V1(claim_read_integer);
PG_FUNCTION_INFO_V1(claim_read_integer_numeric);
PG_FUNCTION_INFO_V1(claim_read_boolean);
PG_FUNCTION_INFO_V1(claim_read_time);
PG_FUNCTION_INFO_V1(claim_read_minute);
PG_FUNCTION_INFO_V1(claim_read_list);
PG_FUNCTION_INFO_V1(claim_read_codes);
PG_FUNCTION_INFO_V1(claim_read_diagnoses);
PG_FUNCTION_INFO_V1(claim_read_procedure);
PG_FUNCTION_INFO_V1(claim_read_procedure_modifiers);
PG_FUNCTION_INFO_V1(claim_date_format_check);
PG_FUNCTION_INFO_V1(claim_expression_columns);
PG_FUNCTION_INFO_V1(claim_expression);
PG_FUNCTION_INFO_V1(claim_view_volatile);

/* ------------------------------------------------------------ characters */

/* ASCII only: in every server encoding other bytes have the high bit set */

static bool
is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static char
to_upper(char c)
{
	return c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c;
}

static Span
span_trim(Span span)
{
	while (span.length > 0 && is_blank(span.text[0]))
	{
		span.text++;
		span.length--;
	}
	while (span.length > 0 && is_blank(span.text[span.length - 1]))
		span.length--;
	return span;
}

static Span
span_of(const text *value)
{
	return span_trim((Span) {VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value)});
}

/* Same text, letter case aside; `word` is upper case. */
static bool
span_is(Span span, const char *word)
{
	size_t		i;

	for (i = 0; i < span.length; i++)
		if (word[i] == '\0' || to_upper(span.text[i]) != word[i])
			return false;
	return word[span.length] == '\0';
}

/* A number of `least` to `most` digits at the start, taken off the span; -1 where there is none. */
static int
take_digits(Span *span, int least, int most)
{
	int			value = 0;
	int			n = 0;

	while (n < most && span->length > 0 && is_digit(span->text[0]))
	{
		value = value * 10 + (span->text[0] - '0');
		span->text++;
		span->length--;
		n++;
	}
	return n >= least ? value : -1;
}

static bool
take_char(Span *span, char c)
{
	if (span->length == 0 || span->text[0] != c)
		return false;
	span->text++;
	span->length--;
	return true;
}

/* -------------------------------------------------------- missing values */

/* The values of a text array. */
typedef struct Words
{
	Datum	   *values;
	bool	   *nulls;
	int			n;
} Words;

static Words
words_of(ArrayType *array)
{
	Words		words;

	deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &words.values, &words.nulls, &words.n);
	return words;
}

static bool
words_hold(const Words *words, Span span)
{
	int			i;

	for (i = 0; i < words->n; i++)
	{
		Span		word;

		if (words->nulls[i])
			continue;
		word = span_of(DatumGetTextPP(words->values[i]));
		if (word.length == span.length && memcmp(word.text, span.text, span.length) == 0)
			return true;
	}
	return false;
}

/* The text without blanks around it; null where nothing is left, or a mark for "missing". */
Datum
claim_read_text(PG_FUNCTION_ARGS)
{
	text	   *value = PG_GETARG_TEXT_PP(0);
	Span		span = span_of(value);

	if (span.length == 0)
		PG_RETURN_NULL();
	if (PG_NARGS() > 1)
	{
		Words		missing = words_of(PG_GETARG_ARRAYTYPE_P(1));

		if (words_hold(&missing, span))
			PG_RETURN_NULL();
	}
	if (span.length == VARSIZE_ANY_EXHDR(value))
		PG_RETURN_TEXT_P(value);
	PG_RETURN_TEXT_P(cstring_to_text_with_len(span.text, (int) span.length));
}

/* ----------------------------------------------------------------- dates */

static int
month_of(Span *span)
{
	static const char *const names[] = {
		"JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"
	};
	int			i;

	if (span->length < 3)
		return -1;
	for (i = 0; i < (int) lengthof(names); i++)
		if (span_is((Span) {span->text, 3}, names[i]))
		{
			span->text += 3;
			span->length -= 3;
			return i + 1;
		}
	return -1;
}

/* 00:00, 00:00:00, 00:00:00.000, with or without Z: the time behind a date */
static bool
is_time_of_day(Span span)
{
	int			part;

	take_char(&span, 'Z');
	for (part = 0; part < 3; part++)
	{
		int			value = take_digits(&span, 2, 2);

		if (value < 0 || value > (part == 0 ? 23 : 59))
			return false;
		if (part == 2 || !take_char(&span, ':'))
			break;
	}
	if (part == 0)
		return false;
	if (part == 2 && take_char(&span, '.'))
		while (span.length > 0 && is_digit(span.text[0]))
			take_char(&span, span.text[0]);
	take_char(&span, 'Z');
	return span.length == 0;
}

/*
 * Read a date by a format of YYYY, MM, MON, DD and characters for themselves;
 * a day or month before a separator may have one digit.
 */
static bool
date_by_format(Span span, Span format, DateADT *date)
{
	int			year = -1;
	int			month = -1;
	int			day = -1;

	while (format.length > 0)
	{
		if (format.length >= 4 && span_is((Span) {format.text, 4}, "YYYY"))
		{
			year = take_digits(&span, 4, 4);
			format.text += 4;
			format.length -= 4;
		}
		else if (format.length >= 3 && span_is((Span) {format.text, 3}, "MON"))
		{
			month = month_of(&span);
			format.text += 3;
			format.length -= 3;
		}
		else if (format.length >= 2 && (span_is((Span) {format.text, 2}, "MM") || span_is((Span) {format.text, 2}, "DD")))
		{
			bool		is_month = to_upper(format.text[0]) == 'M';
			bool		tight = format.length > 2 && is_letter(format.text[2]);
			int			value = take_digits(&span, tight ? 2 : 1, 2);

			if (is_month)
				month = value;
			else
				day = value;
			format.text += 2;
			format.length -= 2;
		}
		else
		{
			if (!take_char(&span, format.text[0]))
				return false;
			format.text++;
			format.length--;
		}
	}
	if (span.length > 0 &&
		!((span.text[0] == ' ' || span.text[0] == 'T') && is_time_of_day(span_trim((Span) {span.text + 1, span.length - 1}))))
		return false;
	if (year < 1 || month < 1 || month > MONTHS_PER_YEAR || day < 1 || day > day_tab[isleap(year)][month - 1])
		return false;
	*date = date2j(year, month, day) - POSTGRES_EPOCH_JDATE;
	return true;
}

/* The formats that tell themselves apart. */
static const char *const date_formats[] = {
	"YYYYMMDD", "YYYY-MM-DD", "MM/DD/YYYY", "DD-MON-YYYY", "YYYY/MM/DD", "DDMONYYYY"
};

Datum
claim_read_date(PG_FUNCTION_ARGS)
{
	Span		span = span_of(PG_GETARG_TEXT_PP(0));
	DateADT		date;
	int			i;

	if (PG_NARGS() > 1)
	{
		if (date_by_format(span, span_of(PG_GETARG_TEXT_PP(1)), &date))
			PG_RETURN_DATEADT(date);
		PG_RETURN_NULL();
	}
	for (i = 0; i < (int) lengthof(date_formats); i++)
	{
		/* eight digits in a row, no more and no fewer */
		if (i == 0 && (span.length < 8 || (span.length > 8 && is_digit(span.text[8]))))
			continue;
		if (date_by_format(span, (Span) {date_formats[i], strlen(date_formats[i])}, &date))
			PG_RETURN_DATEADT(date);
	}
	PG_RETURN_NULL();
}

/* Whether a format has a year, a month and a day, each once. */
Datum
claim_date_format_check(PG_FUNCTION_ARGS)
{
	Span		format = span_of(PG_GETARG_TEXT_PP(0));
	int			years = 0;
	int			months = 0;
	int			days = 0;

	while (format.length > 0)
	{
		size_t		taken = 1;

		if (format.length >= 4 && span_is((Span) {format.text, 4}, "YYYY"))
			years++, taken = 4;
		else if (format.length >= 3 && span_is((Span) {format.text, 3}, "MON"))
			months++, taken = 3;
		else if (format.length >= 2 && span_is((Span) {format.text, 2}, "MM"))
			months++, taken = 2;
		else if (format.length >= 2 && span_is((Span) {format.text, 2}, "DD"))
			days++, taken = 2;
		else if (is_letter(format.text[0]) || is_digit(format.text[0]))
			PG_RETURN_BOOL(false);
		format.text += taken;
		format.length -= taken;
	}
	PG_RETURN_BOOL(years == 1 && months == 1 && days == 1);
}

/* --------------------------------------------------------------- numbers */

/* A sign, digits, a point, digits; nothing else, and not too long. */
static bool
is_number(Span span)
{
	size_t		i = 0;
	int			digits = 0;
	bool		point = false;

	if (span.length == 0 || span.length >= MAX_NUMBER_TEXT)
		return false;
	if (span.text[0] == '+' || span.text[0] == '-')
		i++;
	for (; i < span.length; i++)
	{
		if (is_digit(span.text[i]))
			digits++;
		else if (span.text[i] == '.' && !point)
			point = true;
		else
			return false;
	}
	return digits > 0;
}

Datum
claim_read_number(PG_FUNCTION_ARGS)
{
	Span		span = span_of(PG_GETARG_TEXT_PP(0));
	char		number[MAX_NUMBER_TEXT];

	if (!is_number(span))
		PG_RETURN_NULL();
	memcpy(number, span.text, span.length);
	number[span.length] = '\0';
	return DirectFunctionCall3(numeric_in, CStringGetDatum(number), ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1));
}

/* A whole number, also one with a point and zeros behind it. */
static bool
integer_of(Span span, int32 *number)
{
	bool		minus = span.length > 0 && span.text[0] == '-';
	int64		value = 0;
	size_t		i;

	if (!is_number(span))
		return false;
	for (i = span.text[0] == '+' || minus ? 1 : 0; i < span.length && span.text[i] != '.'; i++)
	{
		value = value * 10 + (span.text[i] - '0');
		if (value > (int64) PG_INT32_MAX + 1)
			return false;
	}
	for (i++; i < span.length; i++)
		if (span.text[i] != '0')
			return false;
	if (minus)
		value = -value;
	if (value > PG_INT32_MAX)
		return false;
	*number = (int32) value;
	return true;
}

Datum
claim_read_integer(PG_FUNCTION_ARGS)
{
	int32		number;

	if (!integer_of(span_of(PG_GETARG_TEXT_PP(0)), &number))
		PG_RETURN_NULL();
	PG_RETURN_INT32(number);
}

Datum
claim_read_integer_numeric(PG_FUNCTION_ARGS)
{
	char	   *text = DatumGetCString(DirectFunctionCall1(numeric_out, PG_GETARG_DATUM(0)));
	int32		number;

	if (!integer_of((Span) {text, strlen(text)}, &number))
		PG_RETURN_NULL();
	PG_RETURN_INT32(number);
}

/* ----------------------------------------------------- yes, no, and time */

Datum
claim_read_boolean(PG_FUNCTION_ARGS)
{
	Span		span = span_of(PG_GETARG_TEXT_PP(0));

	if (span_is(span, "Y") || span_is(span, "YES") || span_is(span, "T") || span_is(span, "TRUE") || span_is(span, "1"))
		PG_RETURN_BOOL(true);
	if (span_is(span, "N") || span_is(span, "NO") || span_is(span, "F") || span_is(span, "FALSE") || span_is(span, "0"))
		PG_RETURN_BOOL(false);
	PG_RETURN_NULL();
}

/* 9:30, 09:30, 09:30:15, 0930, 9:30 PM: the minute in which a service starts */
Datum
claim_read_time(PG_FUNCTION_ARGS)
{
	Span		span = span_of(PG_GETARG_TEXT_PP(0));
	int			half = -1;
	int			hour;
	int			minute;

	if (span.length > 2 && to_upper(span.text[span.length - 1]) == 'M')
	{
		char		c = to_upper(span.text[span.length - 2]);

		if (c != 'A' && c != 'P')
			PG_RETURN_NULL();
		half = c == 'P';
		span = span_trim((Span) {span.text, span.length - 2});
	}
	if (span.length == 4 && is_digit(span.text[1]) && is_digit(span.text[2]))
	{
		hour = take_digits(&span, 2, 2);
		minute = take_digits(&span, 2, 2);
	}
	else
	{
		hour = take_digits(&span, 1, 2);
		if (!take_char(&span, ':'))
			PG_RETURN_NULL();
		minute = take_digits(&span, 2, 2);
		if (take_char(&span, ':'))
		{
			int			second = take_digits(&span, 2, 2);

			if (second < 0 || second > 59)
				PG_RETURN_NULL();
			if (take_char(&span, '.'))
				while (span.length > 0 && is_digit(span.text[0]))
					take_char(&span, span.text[0]);
		}
	}
	if (span.length > 0 || hour < 0 || minute < 0 || minute > 59 || hour > 23 || (half >= 0 && (hour < 1 || hour > 12)))
		PG_RETURN_NULL();
	if (half >= 0)
		hour = hour % 12 + 12 * half;
	PG_RETURN_TIMEADT((hour * INT64CONST(60) + minute) * USECS_PER_MINUTE);
}

/* A time without its seconds. */
Datum
claim_read_minute(PG_FUNCTION_ARGS)
{
	TimeADT		time = PG_GETARG_TIMEADT(0);

	PG_RETURN_TIMEADT(time - time % USECS_PER_MINUTE);
}

/* ----------------------------------------------------------------- lists */

static Datum
array_of(Datum *values, int n)
{
	if (n == 0)
		return PointerGetDatum(construct_empty_array(TEXTOID));
	return PointerGetDatum(construct_array(values, n, TEXTOID, -1, false, TYPALIGN_INT));
}

/* The words of a text, split at anything that is in no code or name. */
Datum
claim_read_list(PG_FUNCTION_ARGS)
{
	Span		span = span_of(PG_GETARG_TEXT_PP(0));
	Words		missing = words_of(PG_GETARG_ARRAYTYPE_P(1));
	Datum	   *values;
	int			n = 0;
	size_t		i = 0;

	/* the whole text may be a mark */
	if (span.length == 0 || words_hold(&missing, span))
		PG_RETURN_ARRAYTYPE_P(construct_empty_array(TEXTOID));
	values = palloc_extended(sizeof(Datum) * (span.length / 2 + 1), MCXT_ALLOC_HUGE);
	while (i < span.length)
	{
		size_t		start = i;

		/* what is not ASCII stays, for the error message */
		while (i < span.length && (is_digit(span.text[i]) || is_letter(span.text[i]) || span.text[i] == '.' ||
								   span.text[i] == '_' || IS_HIGHBIT_SET(span.text[i])))
			i++;
		if (i > start && !words_hold(&missing, (Span) {span.text + start, i - start}))
			values[n++] = PointerGetDatum(cstring_to_text_with_len(span.text + start, (int) (i - start)));
		i++;
	}
	return array_of(values, n);
}

/* The elements that are not missing. */
Datum
claim_read_codes(PG_FUNCTION_ARGS)
{
	Words		words = words_of(PG_GETARG_ARRAYTYPE_P(0));
	Words		missing = words_of(PG_GETARG_ARRAYTYPE_P(1));
	int			n = 0;
	int			i;

	for (i = 0; i < words.n; i++)
	{
		Span		span;

		if (words.nulls[i])
			continue;
		span = span_of(DatumGetTextPP(words.values[i]));
		if (span.length > 0 && !words_hold(&missing, span))
			words.values[n++] = words.values[i];
	}
	return array_of(words.values, n);
}

/* Same diagnosis: letter case and the dot aside. */
static bool
same_diagnosis(Span a, Span b)
{
	size_t		i = 0;
	size_t		j = 0;

	for (;;)
	{
		if (i < a.length && a.text[i] == '.')
			i++;
		if (j < b.length && b.text[j] == '.')
			j++;
		if (i >= a.length || j >= b.length)
			return i >= a.length && j >= b.length;
		if (to_upper(a.text[i++]) != to_upper(b.text[j++]))
			return false;
	}
}

/* The first diagnoses that are not missing, each once, as many as a line can have. */
Datum
claim_read_diagnoses(PG_FUNCTION_ARGS)
{
	Words		words = words_of(PG_GETARG_ARRAYTYPE_P(0));
	Words		missing = words_of(PG_GETARG_ARRAYTYPE_P(1));
	Span		kept[MAX_DIAGNOSES];
	int			n = 0;
	int			i;
	int			j;

	for (i = 0; i < words.n && n < MAX_DIAGNOSES; i++)
	{
		Span		span;

		if (words.nulls[i])
			continue;
		span = span_of(DatumGetTextPP(words.values[i]));
		if (span.length == 0 || words_hold(&missing, span))
			continue;
		for (j = 0; j < n && !same_diagnosis(kept[j], span); j++)
			;
		if (j < n)
			continue;
		kept[n] = span;
		words.values[n++] = words.values[i];
	}
	return array_of(words.values, n);
}

/* The next run of letters and digits, taken off the span. */
static Span
take_word(Span *span)
{
	Span		word;

	while (span->length > 0 && !is_digit(span->text[0]) && !is_letter(span->text[0]))
	{
		/* what is not ASCII belongs to no code */
		if (IS_HIGHBIT_SET(span->text[0]))
			return (Span) {span->text, 0};
		span->text++;
		span->length--;
	}
	word = (Span) {span->text, 0};
	while (span->length > 0 && (is_digit(span->text[0]) || is_letter(span->text[0])))
	{
		word.length++;
		span->text++;
		span->length--;
	}
	if (span->length > 0 && IS_HIGHBIT_SET(span->text[0]))
		word.length = 0;
	return word;
}

/*
 * The code of a text like 97124, 97124-59, CPT4:97124 or HC:97124:59, taken
 * off with the name before it; of length 0 where there is none.
 */
static Span
take_procedure(Span *span)
{
	Span		word = take_word(span);

	if (span_is(word, "CPT4") || span_is(word, "CPT") || span_is(word, "HCPCS") || span_is(word, "HC"))
		word = take_word(span);
	/* codes of either level have digits in the middle */
	if (word.length != 5 || !is_digit(word.text[1]) || !is_digit(word.text[2]) || !is_digit(word.text[3]))
		word.length = 0;
	return word;
}

Datum
claim_read_procedure(PG_FUNCTION_ARGS)
{
	Span		span = span_of(PG_GETARG_TEXT_PP(0));
	Span		code = take_procedure(&span);

	if (code.length == 0)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text_with_len(code.text, (int) code.length));
}

/* The words of two characters behind the code. */
Datum
claim_read_procedure_modifiers(PG_FUNCTION_ARGS)
{
	Span		span = span_of(PG_GETARG_TEXT_PP(0));
	Datum	   *values;
	int			n = 0;

	if (take_procedure(&span).length == 0)
		PG_RETURN_ARRAYTYPE_P(construct_empty_array(TEXTOID));
	values = palloc_extended(sizeof(Datum) * (span.length / 2 + 1), MCXT_ALLOC_HUGE);
	for (;;)
	{
		Span		word = take_word(&span);

		if (word.length != 2)
			break;
		values[n++] = PointerGetDatum(cstring_to_text_with_len(word.text, (int) word.length));
	}
	return array_of(values, n);
}

/* ----------------------------------------------------------- expressions */

/* A column's place in an expression, from the first byte to behind the last. */
typedef struct ColumnPlace
{
	char	   *name;
	int			start;
	int			end;
} ColumnPlace;

typedef struct Walk
{
	const char *expression;
	List	   *places;			/* of ColumnPlace */
} Walk;

static void
refuse_expression(const char *detail)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("invalid expression in a mapping"),
			 errdetail("%s", detail),
			 errhint("Give one scalar expression over columns of the relation; functions and types outside pg_catalog with their schema.")));
}

/* The identifier that starts at `at`, without quotes; `end` behind it; NULL where there is none. */
static char *
identifier_at(const char *text, int at, int *end)
{
	int			i = at;

	if (text[i] == '"')
	{
		char	   *name = palloc(strlen(text + i) + 1);
		int			n = 0;

		for (i++; text[i] != '\0'; i++)
		{
			if (text[i] == '"')
			{
				if (text[i + 1] != '"')
					break;
				i++;
			}
			name[n++] = text[i];
		}
		if (text[i] != '"')
			return NULL;
		name[n] = '\0';
		truncate_identifier(name, n, false);
		*end = i + 1;
		return name;
	}
	while (is_letter(text[i]) || text[i] == '_' || IS_HIGHBIT_SET(text[i]) ||
		   (i > at && (is_digit(text[i]) || text[i] == '$')))
		i++;
	if (i == at)
		return NULL;
	*end = i;
	return downcase_truncate_identifier(text + at, i - at, false);
}

static void
note_column(Walk *walk, ColumnRef *ref)
{
	ColumnPlace *place = palloc(sizeof(ColumnPlace));
	int			at = ref->location;
	int			fields = list_length(ref->fields);
	ListCell   *cell;
	int			n = 0;

	if (at < 0 || fields > 2 || (fields == 2 && IsA(linitial(ref->fields), String) && strcmp(strVal(linitial(ref->fields)), "t") != 0))
		refuse_expression("A column stands by its name, or by its name behind \"t.\".");
	place->start = at;
	foreach(cell, ref->fields)
	{
		char	   *name;

		if (!IsA(lfirst(cell), String))
			refuse_expression("It holds \"*\".");
		if (n++ > 0)
		{
			while (is_blank(walk->expression[at]))
				at++;
			if (walk->expression[at] != '.')
				refuse_expression("The name of a column is written with a comment or escapes.");
			at++;
			while (is_blank(walk->expression[at]))
				at++;
		}
		name = identifier_at(walk->expression, at, &at);
		if (name == NULL || strcmp(name, strVal(lfirst(cell))) != 0)
			refuse_expression("The name of a column is written with a comment or escapes.");
		place->name = name;
	}
	place->end = at;
	walk->places = lappend(walk->places, place);
}

static bool
walk_expression(Node *node, void *context)
{
	if (node == NULL)
		return false;
	switch (nodeTag(node))
	{
		case T_ColumnRef:
			note_column(context, (ColumnRef *) node);
			return false;
		case T_SubLink:
		case T_SelectStmt:
			refuse_expression("It holds a query.");
			break;
		case T_ParamRef:
			refuse_expression("It holds a parameter.");
			break;
		case T_SetToDefault:
		case T_GroupingFunc:
			refuse_expression("It is no scalar expression.");
			break;
		case T_FuncCall:
			{
				FuncCall   *call = (FuncCall *) node;

				if (call->over != NULL || call->agg_star || call->agg_distinct || call->agg_within_group ||
					call->agg_order != NIL || call->agg_filter != NULL)
					refuse_expression("It holds an aggregate or window function.");
				break;
			}
		default:
			break;
	}
	return raw_expression_tree_walker(node, walk_expression, context);
}

/* Show where in the expression, not in the statement that holds it. */
static void
expression_error_context(void *arg)
{
	int			position = geterrposition();

	if (position > 0)
	{
		errposition(0);
		internalerrposition(position);
		internalerrquery((const char *) arg);
	}
}

static int
place_cmp(const ListCell *a, const ListCell *b)
{
	return ((ColumnPlace *) lfirst(a))->start - ((ColumnPlace *) lfirst(b))->start;
}

/* The columns in an expression, in order; raises an error for anything but one lone expression. */
static List *
expression_places(char *expression)
{
	ErrorContextCallback callback = {.callback = expression_error_context, .arg = expression};
	Walk		walk = {.expression = expression};
	List	   *trees;
	SelectStmt *select;
	ResTarget  *target;

	/* it is parsed again where it is used */
	if (!standard_conforming_strings && strchr(expression, '\\') != NULL)
		refuse_expression("It holds a backslash, and standard_conforming_strings is off.");
	callback.previous = error_context_stack;
	error_context_stack = &callback;
	trees = raw_parser(expression, RAW_PARSE_PLPGSQL_EXPR);
	error_context_stack = callback.previous;

	if (list_length(trees) != 1)
		refuse_expression("It is not one expression.");
	select = (SelectStmt *) linitial_node(RawStmt, trees)->stmt;
	if (!IsA(select, SelectStmt) || select->op != SETOP_NONE || list_length(select->targetList) != 1 ||
		select->distinctClause != NIL || select->intoClause != NULL || select->fromClause != NIL ||
		select->whereClause != NULL || select->groupClause != NIL || select->havingClause != NULL ||
		select->windowClause != NIL || select->valuesLists != NIL || select->sortClause != NIL ||
		select->limitOffset != NULL || select->limitCount != NULL || select->lockingClause != NIL ||
		select->withClause != NULL)
		refuse_expression("It is not one expression.");
	target = linitial_node(ResTarget, select->targetList);
	if (target->name != NULL || target->indirection != NIL)
		refuse_expression("It is not one expression.");
	walk_expression(target->val, &walk);
	list_sort(walk.places, place_cmp);
	return walk.places;
}

Datum
claim_expression_columns(PG_FUNCTION_ARGS)
{
	List	   *places = expression_places(text_to_cstring(PG_GETARG_TEXT_PP(0)));
	Datum	   *names = palloc(sizeof(Datum) * (list_length(places) + 1));
	ListCell   *cell;
	int			n = 0;

	foreach(cell, places)
		names[n++] = CStringGetTextDatum(((ColumnPlace *) lfirst(cell))->name);
	return array_of(names, n);
}

/* The expression with other columns, each written t."name", in parentheses. */
Datum
claim_expression(PG_FUNCTION_ARGS)
{
	char	   *expression = text_to_cstring(PG_GETARG_TEXT_PP(0));
	Words		names = words_of(PG_GETARG_ARRAYTYPE_P(1));
	List	   *places = expression_places(expression);
	StringInfoData result;
	ListCell   *cell;
	int			done = 0;
	int			n = 0;

	if (names.n != list_length(places))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the expression holds %d columns, not %d", list_length(places), names.n)));
	initStringInfo(&result);
	appendStringInfoString(&result, "(\n");
	foreach(cell, places)
	{
		ColumnPlace *place = lfirst(cell);

		if (names.nulls[n])
			ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("a column name is null")));
		appendBinaryStringInfo(&result, expression + done, place->start - done);
		appendStringInfo(&result, "t.%s", quote_identifier(TextDatumGetCString(names.values[n])));
		done = place->end;
		n++;
	}
	appendStringInfoString(&result, expression + done);
	/* the end of the line ends a comment */
	appendStringInfoString(&result, "\n)");
	PG_RETURN_TEXT_P(cstring_to_text_with_len(result.data, result.len));
}

/* Whether a view computes anything that can differ from row to row by itself. */
Datum
claim_view_volatile(PG_FUNCTION_ARGS)
{
	Relation	view = try_relation_open(PG_GETARG_OID(0), AccessShareLock);
	bool		is_volatile;

	if (view == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("relation with OID %u does not exist", PG_GETARG_OID(0))));
	if (view->rd_rel->relkind != RELKIND_VIEW)
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("\"%s\" is not a view", RelationGetRelationName(view))));
	is_volatile = contain_volatile_functions((Node *) get_view_query(view));
	relation_close(view, AccessShareLock);
	PG_RETURN_BOOL(is_volatile);
}

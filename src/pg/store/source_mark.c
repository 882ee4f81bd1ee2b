/*
 * src/pg/store/source_mark.c
 *
 * claim_is_marked: whether a column holds one of the values by which a mapping
 * tells rows that are no lines.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "line/stored_field.h"
#include "nodes/supportnodes.h"
#include "pg/line_values.h"
#include "utils/array.h"

PG_FUNCTION_INFO_V1(claim_is_marked);
PG_FUNCTION_INFO_V1(claim_is_marked_support);

/* The share of rows that a mark is of, as the planner guesses it: tables are mostly of lines. */
#define ROWS_THAT_ARE_MARKED	0.02

typedef enum MarkKind
{
	MARK_TEXT, MARK_DIGITS, MARK_CODE
} MarkKind;

typedef struct Mark
{
	MarkKind	kind;
	Word		text;
} Mark;

typedef struct Marks
{
	Mark	   *marks;
	int			n;
	bool		blank;			/* is a blank or a null one? */
} Marks;

/* ------------------------------------------------------------- the marks */

static Mark
mark_of(Word text)
{
	if (text.length == 4 && memcmp(text.text, "code", 4) == 0)
		return (Mark) {MARK_CODE, text};
	return (Mark) {memchr(text.text, '#', text.length) == NULL ? MARK_TEXT : MARK_DIGITS, text};
}

static Marks *
marks_of(ArrayType *array)
{
	Marks	   *marks = palloc0(sizeof(Marks));
	Datum	   *values;
	bool	   *nulls;
	int			n;
	int			i;

	deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &values, &nulls, &n);
	marks->marks = palloc(sizeof(Mark) * (Size) Max(n, 1));
	for (i = 0; i < n; i++)
	{
		Word		text;

		if (nulls[i])
			continue;
		text = text_word(values[i]);
		if (text.length == 5 && memcmp(text.text, "blank", 5) == 0)
			marks->blank = true;
		else
			marks->marks[marks->n++] = mark_of(text);
	}
	return marks;
}

/* Kept by the call site where they are the same for every row. */
static Marks *
marks_of_call(FunctionCallInfo fcinfo)
{
	Marks	   *marks = fcinfo->flinfo->fn_extra;
	MemoryContext old;

	if (marks != NULL)
		return marks;
	if (!get_fn_expr_arg_stable(fcinfo->flinfo, 1))
		return marks_of(PG_GETARG_ARRAYTYPE_P(1));
	old = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);
	marks = marks_of(PG_GETARG_ARRAYTYPE_P_COPY(1));
	MemoryContextSwitchTo(old);
	fcinfo->flinfo->fn_extra = marks;
	return marks;
}

/* ------------------------------------------------------------- the values */

/* Same text, letter case aside. */
static bool
is_text(Word value, Word mark)
{
	size_t		i;

	if (value.length != mark.length)
		return false;
	for (i = 0; i < value.length; i++)
		if (to_upper(value.text[i]) != to_upper(mark.text[i]))
			return false;
	return true;
}

/* Digits where the mark has #, more of them where it ends with +, other characters for themselves. */
static bool
has_digits(Word value, Word mark)
{
	bool		more = mark.text[mark.length - 1] == '+';
	size_t		length = mark.length - more;
	size_t		i;

	if (value.length < length || (!more && value.length > length))
		return false;
	for (i = 0; i < value.length; i++)
		if (i >= length || mark.text[i] == '#' ? !is_digit(value.text[i]) : to_upper(value.text[i]) != to_upper(mark.text[i]))
			return false;
	return true;
}

/* A procedure code as sources read one, with its name before it or modifiers behind it. */
static bool
is_code(Word value)
{
	StoredService service;
	Fault		why;
	Word		rest = value;
	Word		code;
	uint32_t	packed;

	return code_from_text(stored_whole(value), &packed, &why) ||
		(stored_service(value, &service) && code_from_text(service.code, &packed, &why)) ||
		(stored_procedure(&rest, &code) && code_from_text(code, &packed, &why));
}

static bool
is_marked(Word value, const Mark *mark)
{
	switch (mark->kind)
	{
		case MARK_DIGITS:
			return has_digits(value, mark->text);
		case MARK_CODE:
			return is_code(value);
		case MARK_TEXT:
			break;
	}
	return is_text(value, mark->text);
}

Datum
claim_is_marked(PG_FUNCTION_ARGS)
{
	Marks	   *marks;
	Word		value;
	int			i;

	if (PG_ARGISNULL(1))
		PG_RETURN_BOOL(false);
	marks = marks_of_call(fcinfo);
	if (PG_ARGISNULL(0))
		PG_RETURN_BOOL(marks->blank);
	/* a number of a table of floats is the number: 1.0 is 1 */
	value = stored_whole(text_word(PG_GETARG_DATUM(0)));
	if (value.length == 0)
		PG_RETURN_BOOL(marks->blank);
	for (i = 0; i < marks->n; i++)
		if (is_marked(value, &marks->marks[i]))
			PG_RETURN_BOOL(true);
	PG_RETURN_BOOL(false);
}

Datum
claim_is_marked_support(PG_FUNCTION_ARGS)
{
	Node	   *node = (Node *) PG_GETARG_POINTER(0);

	if (!IsA(node, SupportRequestSelectivity))
		PG_RETURN_POINTER(NULL);
	((SupportRequestSelectivity *) node)->selectivity = ROWS_THAT_ARE_MARKED;
	PG_RETURN_POINTER(node);
}

/*
 * src/pg/store/source.c
 *
 * Sources in SQL: what the views of sources and claim_source_add call.
 */
#include "postgres.h"

#include "access/relation.h"
#include "catalog/pg_type.h"
#include "line/stored_field.h"
#include "optimizer/optimizer.h"
#include "pg/extension.h"
#include "pg/line_values.h"
#include "pg/store/source_adjust.h"
#include "pg/store/source_column.h"
#include "pg/store/source_expression.h"
#include "pg/store/source_sql.h"
#include "rewrite/rewriteHandler.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/rel.h"

PG_FUNCTION_INFO_V1(claim_read_text);
PG_FUNCTION_INFO_V1(claim_read_filled);
PG_FUNCTION_INFO_V1(claim_read_date);
PG_FUNCTION_INFO_V1(claim_read_number);
PG_FUNCTION_INFO_V1(claim_read_integer);
PG_FUNCTION_INFO_V1(claim_read_integer_numeric);
PG_FUNCTION_INFO_V1(claim_read_frequency);
PG_FUNCTION_INFO_V1(claim_read_word);
PG_FUNCTION_INFO_V1(claim_date_format_check);
PG_FUNCTION_INFO_V1(claim_expression_columns);
PG_FUNCTION_INFO_V1(claim_expression);
PG_FUNCTION_INFO_V1(claim_view_volatile);
PG_FUNCTION_INFO_V1(claim_source_name);
PG_FUNCTION_INFO_V1(claim_source_column);
PG_FUNCTION_INFO_V1(claim_source_sql);
PG_FUNCTION_INFO_V1(claim_source_allowed);

/* ------------------------------------------------------- values of columns */

/* Is a word one of the elements, blanks around them aside? */
static bool
is_element(ArrayType *array, Word word)
{
	Datum	   *values;
	bool	   *nulls;
	int			n;
	int			i;

	deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &values, &nulls, &n);
	for (i = 0; i < n; i++)
	{
		Word		element;

		if (nulls[i])
			continue;
		element = text_word(values[i]);
		if (element.length == word.length && memcmp(element.text, word.text, word.length) == 0)
			return true;
	}
	return false;
}

/* The text without blanks around it; null where nothing is left, or a mark for "missing". */
Datum
claim_read_text(PG_FUNCTION_ARGS)
{
	text	   *value = PG_GETARG_TEXT_PP(0);
	Word		word = text_word(PointerGetDatum(value));

	if (word.length == 0 || (PG_NARGS() > 1 && is_element(PG_GETARG_ARRAYTYPE_P(1), word)))
		PG_RETURN_NULL();
	if (word.length == VARSIZE_ANY_EXHDR(value))
		PG_RETURN_TEXT_P(value);
	PG_RETURN_TEXT_P(cstring_to_text_with_len(word.text, (int) word.length));
}

/* That text, null also where it is a word that programs write for a null. */
Datum
claim_read_filled(PG_FUNCTION_ARGS)
{
	if (stored_null(text_word(PG_GETARG_DATUM(0))))
		PG_RETURN_NULL();
	return claim_read_text(fcinfo);
}

Datum
claim_read_date(PG_FUNCTION_ARGS)
{
	Word		word = text_word(PG_GETARG_DATUM(0));
	int32		date;

	if (PG_NARGS() > 1 ? stored_date_by(word, text_word(PG_GETARG_DATUM(1)), &date) : stored_date(word, &date))
		PG_RETURN_DATEADT(date);
	PG_RETURN_NULL();
}

Datum
claim_date_format_check(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(date_format_is_valid(text_word(PG_GETARG_DATUM(0))));
}

Datum
claim_read_number(PG_FUNCTION_ARGS)
{
	Word		word = text_word(PG_GETARG_DATUM(0));

	if (!stored_number_is_valid(word))
		PG_RETURN_NULL();
	return numeric_of(word);
}

Datum
claim_read_integer(PG_FUNCTION_ARGS)
{
	int32		number;

	if (!stored_integer(text_word(PG_GETARG_DATUM(0)), &number))
		PG_RETURN_NULL();
	PG_RETURN_INT32(number);
}

Datum
claim_read_integer_numeric(PG_FUNCTION_ARGS)
{
	char	   *text = DatumGetCString(DirectFunctionCall1(numeric_out, PG_GETARG_DATUM(0)));
	int32		number;

	if (!stored_integer((Word) {text, strlen(text), 0}, &number))
		PG_RETURN_NULL();
	PG_RETURN_INT32(number);
}

static Datum
lower_text(Word word)
{
	text	   *lower = cstring_to_text_with_len(word.text, (int) word.length);
	size_t		i;

	for (i = 0; i < word.length; i++)
		VARDATA(lower)[i] = (char) pg_ascii_tolower((unsigned char) word.text[i]);
	return PointerGetDatum(lower);
}

/* Are all characters of a word but the last digits? */
static bool
is_digits_and_one(Word word)
{
	size_t		i;

	for (i = 0; i + 1 < word.length && is_digit(word.text[i]); i++)
		;
	return i + 1 == word.length;
}

/*
 * The frequency of a claim in lower case: 7 of "7", "07", "7.0" and of the bill types 137 and 0137, whose last character
 * it is.
 */
Datum
claim_read_frequency(PG_FUNCTION_ARGS)
{
	Word		word = stored_whole(text_word(PG_GETARG_DATUM(0)));

	if (is_digits_and_one(word) && (word.length == 3 || word.length == 4 || (word.length == 2 && word.text[0] == '0')))
		word = (Word) {word.text + word.length - 1, 1, 0};
	return lower_text(word);
}

/* A value that is a word or a code, in lower case; null where it is not filled. */
Datum
claim_read_word(PG_FUNCTION_ARGS)
{
	Word		word = stored_whole(text_word(PG_GETARG_DATUM(0)));

	if (word.length == 0 || stored_null(word))
		PG_RETURN_NULL();
	return lower_text(word);
}

/* ------------------------------------------------------------ the mapping */

Datum
claim_expression_columns(PG_FUNCTION_ARGS)
{
	List	   *names = expression_columns(text_to_cstring(PG_GETARG_TEXT_PP(0)));
	Datum	   *values = palloc(sizeof(Datum) * (Size) Max(list_length(names), 1));
	int			n = 0;
	ListCell   *cell;

	foreach(cell, names)
		values[n++] = CStringGetTextDatum(lfirst(cell));
	PG_RETURN_ARRAYTYPE_P(construct_array(values, n, TEXTOID, -1, false, TYPALIGN_INT));
}

/* The expression with other columns, each written t."name", in parentheses. */
Datum
claim_expression(PG_FUNCTION_ARGS)
{
	List	   *names = NIL;
	Datum	   *values;
	bool	   *nulls;
	int			n;
	int			i;

	deconstruct_array(PG_GETARG_ARRAYTYPE_P(1), TEXTOID, -1, false, TYPALIGN_INT, &values, &nulls, &n);
	for (i = 0; i < n; i++)
	{
		if (nulls[i])
			ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("a column name is null")));
		names = lappend(names, TextDatumGetCString(values[i]));
	}
	PG_RETURN_TEXT_P(cstring_to_text(expression_with_columns(text_to_cstring(PG_GETARG_TEXT_PP(0)), names)));
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

/* The name of a relation with its schema, quoted; null where it is gone. */
Datum
claim_source_name(PG_FUNCTION_ARGS)
{
	char	   *name = relation_sql(PG_GETARG_OID(0));

	if (name == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(name));
}

/* A column of a mapping by its present name, quoted, behind its alias. */
Datum
claim_source_column(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(source_map_column(PG_GETARG_OID(0), PG_GETARG_JSONB_P(1), PG_GETARG_JSONB_P(2))));
}

/* The SELECT of a mapping: of its lines, or of all rows. */
Datum
claim_source_sql(PG_FUNCTION_ARGS)
{
	SourceMap  *map;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	map = source_of(PG_GETARG_OID(0), PG_GETARG_JSONB_P(1));
	PG_RETURN_TEXT_P(cstring_to_text(source_select(map, extension_schema(),
												   PG_ARGISNULL(2) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(2)),
												   PG_ARGISNULL(3) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(3)),
												   PG_NARGS() > 4 && !PG_ARGISNULL(4) && PG_GETARG_BOOL(4)
												   ? SELECT_ALL_ROWS : SELECT_LINES)));
}

/* What is allowed for a line of a mapping, as SQL over the row t; null where that is not mapped. */
Datum
claim_source_allowed(PG_FUNCTION_ARGS)
{
	SourceMap  *map = source_of(PG_GETARG_OID(0), PG_GETARG_JSONB_P(1));

	if (map->fields[SOURCE_ALLOWED] == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(field_number_sql(map->fields[SOURCE_ALLOWED])));
}

/*
 * src/pg/store/source_first.c
 *
 * A field of several columns, of which in each row the first that is filled
 * counts: as one SQL expression, so that all that is made of a field is made of
 * it, the line and what days are grouped by.
 */
#include "postgres.h"

#include "line/stored_field.h"
#include "pg/extension.h"
#include "pg/store/source_first.h"
#include "utils/builtins.h"

#define INTERNAL	"claimline_internal."

static bool
is_number(ValueKind kind)
{
	return kind == KIND_INTEGER || kind == KIND_NUMERIC || kind == KIND_NUMBER;
}

static bool
is_day(ValueKind kind)
{
	return kind == KIND_DATE || kind == KIND_TIMESTAMP;
}

/* The marks that are numbers, and what a column of floats has for a number that is missing. */
static List *
number_marks(const FieldMap *map, ValueKind kind)
{
	List	   *marks = kind == KIND_INTEGER ? NIL : list_make1("NaN");
	ListCell   *cell;

	foreach(cell, map->missing)
	{
		char	   *mark = lfirst(cell);

		if (stored_number_is_valid(word_trim((Word) {mark, strlen(mark), 0})))
			marks = lappend(marks, mark);
	}
	return marks;
}

static List *
date_marks(const FieldMap *map)
{
	List	   *marks = NIL;
	ListCell   *cell;

	foreach(cell, map->missing)
	{
		char	   *mark = lfirst(cell);
		char		text[DATE_TEXT];
		int32		date;

		if (stored_date(word_trim((Word) {mark, strlen(mark), 0}), &date))
			marks = lappend(marks, pstrdup(date_to_text(date, text)));
	}
	return marks;
}

/* The text that is filled, without blanks around it. */
static char *
filled_text(const FieldMap *map, const char *column)
{
	if (map->missing == NIL)
		return psprintf(INTERNAL "claim_read_filled(%s::text)", column);
	return psprintf(INTERNAL "claim_read_filled(%s::text, %s)", column, text_array_sql(map->missing));
}

/* Is the column of texts one, say of citext or uuid, whose values are equal by an operator of their own? */
static bool
keeps_type(const FieldMap *map)
{
	return map->kind == KIND_TEXT && map->type != NULL && strcmp(map->type, "text") != 0;
}

/* A format of dates as to_char takes it: what stands for itself is quoted. */
static char *
to_char_format(const char *format)
{
	static const char *const parts[] = {"YYYY", "MM", "MON", "DD"};
	StringInfoData result;

	initStringInfo(&result);
	while (*format != '\0')
	{
		size_t		i;

		for (i = 0; i < lengthof(parts) && pg_strncasecmp(format, parts[i], strlen(parts[i])) != 0; i++)
			;
		if (i < lengthof(parts))
			appendStringInfoString(&result, parts[i]);
		else
			appendStringInfo(&result, "\"%s%c\"", *format == '"' || *format == '\\' ? "\\" : "", *format);
		format += i < lengthof(parts) ? strlen(parts[i]) : 1;
	}
	return result.data;
}

/* A value as text in a form that the field is read from, whatever the settings of the session are. */
static char *
as_text(SourceField field, const FieldMap *map, ValueKind kind, const char *column)
{
	if (field == SOURCE_SPECIALTY && (kind == KIND_INTEGER || kind == KIND_NUMBER))
		/* a number has lost its leading zero */
		return psprintf("CASE WHEN %1$s BETWEEN 0 AND 9 THEN '0' || %1$s::text ELSE %1$s::text END", column);
	if (kind == KIND_NUMBER)
		return psprintf("%s::numeric::text", column);
	if (field == SOURCE_START && kind == KIND_TIMESTAMP)
		return psprintf("%s::time::text", column);
	if ((field == SOURCE_DOS || field == SOURCE_THRU) && is_day(kind))
		/* other dates are none of service in any form */
		return psprintf("CASE WHEN %1$s::date BETWEEN '0001-01-01' AND '9999-12-31' "
						"THEN to_char(%1$s::date::timestamp, %2$s) ELSE %1$s::date::text END", column,
						quote_literal_cstr(map->format == NULL ? "YYYY-MM-DD" : to_char_format(map->format)));
	return psprintf("%s::text", column);
}

/* The value of a column in the kind that all have together. */
static char *
value_sql(SourceField field, const FieldMap *map, ValueKind kind, const char *column)
{
	if (keeps_type(map) || map->kind == KIND_BOOLEAN)
		return pstrdup(column);
	if (is_number(map->kind))
		return psprintf("%s%s", column, map->kind == kind ? "" : "::numeric");
	if (map->kind == KIND_DATE)
		return psprintf("%s%s", column, kind == KIND_DATE ? "" : "::date");
	if (map->kind == KIND_TIME)
		return psprintf("%s::time", column);
	if (kind == KIND_TEXT)
		return filled_text(map, column);
	return as_text(field, map, kind, column);
}

/* When a column has a value that is not filled; NULL where its being null is all. */
static char *
unfilled_sql(SourceField field, const FieldMap *map, ValueKind kind, const char *column)
{
	List	   *marks = is_number(kind) ? number_marks(map, kind) : date_marks(map);

	if (keeps_type(map))
		return psprintf("%s IS NULL", filled_text(map, column));
	if (marks == NIL)
		return NULL;
	if (is_number(kind))
		return psprintf("%s::numeric = ANY (%s::numeric[])", column, text_array_sql(marks));
	if (is_day(kind))
		return psprintf("%s::date = ANY (%s::date[])", column, text_array_sql(marks));
	if (kind != KIND_TEXT || (field != SOURCE_DOS && field != SOURCE_THRU))
		return NULL;
	/* a mark in another form, say with a time, is one */
	return psprintf("%s.claim_read_date(%s::text%s%s) = ANY (%s::date[])", extension_schema(), column,
					map->format == NULL ? "" : ", ", map->format == NULL ? "" : quote_literal_cstr(map->format),
					text_array_sql(marks));
}

char *
first_filled_sql(SourceField field, const FieldMap *map, List *kinds)
{
	StringInfoData sql;
	ListCell   *column;
	ListCell   *name;

	initStringInfo(&sql);
	appendStringInfoString(&sql, "COALESCE(");
	forboth(column, map->columns, name, kinds)
	{
		ValueKind	kind = value_kind_of(lfirst(name));
		char	   *value = value_sql(field, map, kind, lfirst(column));
		char	   *unfilled = unfilled_sql(field, map, kind, lfirst(column));

		if (column != list_head(map->columns))
			appendStringInfoString(&sql, ", ");
		if (unfilled == NULL)
			appendStringInfoString(&sql, value);
		else
			appendStringInfo(&sql, "CASE WHEN %s THEN NULL ELSE %s END", unfilled, value);
	}
	appendStringInfoChar(&sql, ')');
	return sql.data;
}

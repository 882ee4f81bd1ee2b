/*
 * src/pg/store/source_sql.c
 *
 * The SELECT of a mapping.
 *
 * Columns that filters are on stay the columns that they are, so that the
 * indexes of the relation serve; keys in text are read by claim_read_key.  All that makes up the line goes to
 * one function, claim_source_line, with what it needs to know of the columns.
 */
#include "postgres.h"

#include "line/stored_field.h"
#include "pg/store/source_left_out.h"
#include "pg/store/source_sql.h"
#include "utils/builtins.h"
#include "utils/json.h"

#define INTERNAL	"claimline_internal."

/* a call has 100 arguments at most: longer lists go as an array */
#define MAX_LIST_ARGUMENTS	20

static const char *
first_column(const FieldMap *map)
{
	return map->expression != NULL ? map->expression : linitial(map->columns);
}

/* The column as it is, for grouping and filters; `otherwise` where the field is not mapped. */
static const char *
as_it_is(const FieldMap *map, const char *otherwise)
{
	return map == NULL ? otherwise : map->constant != NULL ? map->constant : first_column(map);
}

/* A key of days: text as claim_read_key reads it, another type as it is. */
static const char *
key_sql(const FieldMap *map, const char *schema, const char *otherwise)
{
	const char *value = as_it_is(map, otherwise);

	return map != NULL && map->key ? psprintf("%s.claim_read_key(%s::text)", schema, value) : value;
}

/* ------------------------------------------- fields beside the line: SQL */

/* The text that is there, if any. */
static char *
known_text(const FieldMap *map)
{
	if (map->missing == NIL)
		return psprintf(INTERNAL "claim_read_text(%s::text)", first_column(map));
	return psprintf(INTERNAL "claim_read_text(%s::text, %s)", first_column(map), text_array_sql(map->missing));
}

static bool
is_number(ValueKind kind)
{
	return kind == KIND_INTEGER || kind == KIND_NUMERIC || kind == KIND_NUMBER;
}

/*
 * A number that is there: null where it is one of the marks that are numbers, or what a column of floats has for one that is missing.
 * Neither changes the type of the value.
 */
static char *
known_number(const FieldMap *map, const char *value)
{
	List	   *marks = NIL;
	ListCell   *cell;

	if (map->kind != KIND_INTEGER)
		value = psprintf("NULLIF(%s, 'NaN')", value);
	foreach(cell, map->missing)
	{
		char	   *mark = lfirst(cell);

		if (stored_number_is_valid(word_trim((Word) {mark, strlen(mark), 0})))
			marks = lappend(marks, mark);
	}
	if (marks == NIL)
		return (char *) value;
	return psprintf("CASE WHEN %s::numeric = ANY (%s::numeric[]) THEN NULL ELSE %s END",
					first_column(map), text_array_sql(marks), value);
}

/* A value with the one that stands for none, and null where the field is dropped. */
static const char *
or_otherwise(const FieldMap *map, const char *value, const char *type)
{
	if (map->otherwise != NULL)
		value = psprintf("COALESCE(%s, %s::%s)", value, quote_literal_cstr(map->otherwise), type);
	if (map->drop_column == NULL)
		return value;
	return psprintf("CASE WHEN %s::text = ANY (%s) THEN NULL ELSE %s END", map->drop_column, text_array_sql(map->drop_values), value);
}

static const char *
claim_id_sql(const FieldMap *map)
{
	if (map == NULL)
		return "NULL::text";
	if (map->constant != NULL)
		return map->constant;
	return or_otherwise(map, map->missing == NIL ? psprintf("%s::text", first_column(map)) : known_text(map), "text");
}

static const char *
line_no_sql(const FieldMap *map)
{
	const char *value;

	if (map == NULL)
		return "NULL::int";
	if (map->constant != NULL)
		return map->constant;
	if (map->kind == KIND_INTEGER)
		value = known_number(map, strcmp(map->type, "integer") == 0 ? first_column(map) : psprintf("%s::int", first_column(map)));
	else
		value = psprintf(INTERNAL "claim_read_integer(%s)",
						 is_number(map->kind) ? known_number(map, psprintf("%s::numeric", first_column(map))) : known_text(map));
	return or_otherwise(map, value, "int");
}

static const char *
charge_sql(const FieldMap *map)
{
	const char *value;

	if (map == NULL)
		return "NULL::numeric";
	if (map->constant != NULL)
		return map->constant;
	if (is_number(map->kind))
		value = known_number(map, map->kind == KIND_NUMERIC ? first_column(map) : psprintf("%s::numeric", first_column(map)));
	else
		value = psprintf(INTERNAL "claim_read_number(%s)", known_text(map));
	return or_otherwise(map, value, "numeric");
}

const char *
field_text_sql(const FieldMap *map)
{
	if (map->constant != NULL)
		return psprintf("%s::text", map->constant);
	if (map->missing == NIL)
		return psprintf(INTERNAL "claim_read_filled(%s::text)", first_column(map));
	return psprintf(INTERNAL "claim_read_filled(%s::text, %s)", first_column(map), text_array_sql(map->missing));
}

const char *
field_number_sql(const FieldMap *map)
{
	return charge_sql(map);
}

const char *
patient_sql(const SourceMap *map, const char *schema)
{
	return key_sql(map->fields[SOURCE_PATIENT], schema, key_sql(map->fields[SOURCE_CLAIM_ID], schema, "NULL::text"));
}

const char *
status_is(const FieldMap *status, Meaning meaning)
{
	if (status == NULL || status->meant[meaning] == NIL)
		return NULL;
	return psprintf("(" INTERNAL "claim_read_word(%s) = ANY (%s)) IS TRUE",
					status->missing == NIL && status->constant == NULL ? psprintf("%s::text", first_column(status)) : field_text_sql(status),
					text_array_sql(status->meant[meaning]));
}

/* The date that days are grouped by: marks for "missing" group by themselves. */
static const char *
dos_sql(const FieldMap *map, const char *schema)
{
	if (map == NULL)
		return "NULL::date";
	if (map->constant != NULL)
		return map->constant;
	if (map->kind == KIND_DATE)
		return first_column(map);
	if (map->kind == KIND_TIMESTAMP)
		return psprintf("%s::date", first_column(map));
	if (map->format == NULL)
		return psprintf("%s.claim_read_date(%s::text)", schema, first_column(map));
	return psprintf("%s.claim_read_date(%s::text, %s)", schema, first_column(map), quote_literal_cstr(map->format));
}

/* ------------------------------------------------------------- the line */

/* The time of a timestamp: null where its date is one of the marks that are dates. */
static char *
known_start(const FieldMap *map)
{
	List	   *marks = NIL;
	ListCell   *cell;
	int32		date;
	char		text[DATE_TEXT];

	foreach(cell, map->missing)
	{
		char	   *mark = lfirst(cell);

		if (stored_date(word_trim((Word) {mark, strlen(mark), 0}), &date))
			marks = lappend(marks, pstrdup(date_to_text(date, text)));
	}
	if (marks == NIL)
		return psprintf("%s::time", first_column(map));
	return psprintf("CASE WHEN %1$s::date = ANY (%2$s::date[]) THEN NULL ELSE %1$s::time END",
					first_column(map), text_array_sql(marks));
}

/* The column of a field in one of the types that claim_source_line reads. */
static char *
argument_sql(SourceField field, const FieldMap *map)
{
	const char *column = first_column(map);

	switch (field)
	{
		case SOURCE_UNITS:
		case SOURCE_MINUTES:
		case SOURCE_VISIT:
		case SOURCE_ASSISTANT:
		case SOURCE_CHARGE:
			if (is_number(map->kind))
				return psprintf("%s%s", column, map->kind == KIND_NUMBER ? "::numeric" : map->kind == KIND_INTEGER ? "::int" : "");
			break;
		case SOURCE_DOS:
		case SOURCE_THRU:
			if (map->kind == KIND_DATE || map->kind == KIND_TIMESTAMP)
				return psprintf("%s%s", column, map->kind == KIND_DATE ? "" : "::date");
			break;
		case SOURCE_START:
			if (map->kind == KIND_TIME)
				return psprintf("%s::time", column);
			if (map->kind == KIND_TIMESTAMP)
				return known_start(map);
			break;
		case SOURCE_REFERRAL:
			if (map->kind == KIND_BOOLEAN)
				return pstrdup(column);
			break;
		case SOURCE_SPECIALTY:
			/* a number has lost its leading zero */
			if (map->kind == KIND_INTEGER || map->kind == KIND_NUMBER)
				return psprintf("CASE WHEN %1$s BETWEEN 0 AND 9 THEN '0' || %1$s::text ELSE %1$s::text END", column);
			break;
		case SOURCE_MODIFIERS:
		case SOURCE_DX:
		case SOURCE_REGIONS:
			if (map->kind == KIND_ARRAY)
				return psprintf("%s::text[]", column);
			break;
		default:
			break;
	}
	return psprintf("%s::text", column);
}

static void
put_texts(StringInfo json, const char *key, List *texts)
{
	ListCell   *cell;

	appendStringInfo(json, ", \"%s\": [", key);
	foreach(cell, texts)
	{
		if (cell != list_head(texts))
			appendStringInfoString(json, ", ");
		escape_json(json, lfirst(cell));
	}
	appendStringInfoChar(json, ']');
}

static void
put_text(StringInfo json, const char *key, const char *text)
{
	if (text == NULL)
		return;
	appendStringInfo(json, ", \"%s\": ", key);
	escape_json(json, text);
}

/* One field: what is to be known of it, and its arguments. */
static void
put_field(SourceField field, const FieldMap *map, StringInfo json, StringInfo arguments)
{
	ListCell   *cell;

	appendStringInfo(json, "%s{\"field\": \"%s\"", json->len > 1 ? ", " : "", source_field_names[field]);
	if (map->constant != NULL)
		appendStringInfo(arguments, ", %s", map->constant);
	else if (map->kind == KIND_LIST && map->expression == NULL)
	{
		bool		as_array = list_length(map->columns) > MAX_LIST_ARGUMENTS;

		appendStringInfo(json, ", \"columns\": %d", as_array ? 1 : list_length(map->columns));
		if (list_length(map->columns) > CLAIMLINE_MAX_DX)
			appendStringInfoString(json, ", \"first\": true");
		if (as_array)
			appendStringInfoString(arguments, ", ARRAY[");
		foreach(cell, map->columns)
			appendStringInfo(arguments, "%s%s::text", as_array && cell == list_head(map->columns) ? "" : ", ",
							 (char *) lfirst(cell));
		if (as_array)
			appendStringInfoChar(arguments, ']');
	}
	else
		appendStringInfo(arguments, ", %s", argument_sql(field, map));
	if (map->kind == KIND_PRESENCE)
		appendStringInfoString(json, ", \"presence\": true");
	if (map->missing != NIL)
		put_texts(json, "missing", map->missing);
	put_text(json, "of", map->dx_of);
	put_text(json, "format", map->format);
	put_text(json, "default", map->otherwise);
	if (map->procedure)
		appendStringInfo(json, ", \"concepts\": %d", list_length(map->concepts) / 2);
	foreach(cell, map->concepts)
		appendStringInfo(arguments, ", %s::text", (char *) lfirst(cell));
	if (map->behind != NULL)
	{
		appendStringInfoString(json, ", \"behind\": true");
		appendStringInfo(arguments, ", %s::text", map->behind);
	}
	if (map->drop_column != NULL)
	{
		put_texts(json, "drop", map->drop_values);
		appendStringInfo(arguments, ", %s::text", map->drop_column);
	}
	appendStringInfoChar(json, '}');
}

/* What follows the name of claim_source_line, claim_source_line_error and claim_source_fault. */
static char *
line_arguments(const SourceMap *map)
{
	const char *is_reversal = status_is(map->fields[SOURCE_STATUS], MEANS_REVERSAL);
	StringInfoData json;
	StringInfoData arguments;
	int			i;

	initStringInfo(&json);
	initStringInfo(&arguments);
	appendStringInfoChar(&json, '[');
	for (i = 0; i < N_LINE_FIELDS; i++)
		if (map->fields[i] != NULL && i != SOURCE_STATUS)
			put_field((SourceField) i, map->fields[i], &json, &arguments);
	if (is_reversal != NULL)
	{
		appendStringInfo(&json, ", {\"field\": \"%s\"}", source_field_names[SOURCE_STATUS]);
		appendStringInfo(&arguments, ", %s", is_reversal);
	}
	appendStringInfoChar(&json, ']');
	return psprintf("(%s::jsonb%s)", quote_literal_cstr(json.data), arguments.data);
}

/* The line, why there is none, and the same taken apart: of the fields, or as columns have them. */
typedef struct LineSql
{
	const char *line;
	const char *error;
	char	   *fault;
} LineSql;

static LineSql
line_sql(const SourceMap *map)
{
	const FieldMap *line = map->fields[SOURCE_LINE];
	char	   *arguments;

	if (line != NULL)
	{
		const char *error = as_it_is(map->fields[SOURCE_LINE_ERROR], "NULL::text");

		return (LineSql) {first_column(line), error, psprintf(INTERNAL "claim_line_fault(%s, %s)", first_column(line), error)};
	}
	arguments = line_arguments(map);
	return (LineSql) {
		psprintf(INTERNAL "claim_source_line%s", arguments),
		psprintf(INTERNAL "claim_source_line_error%s", arguments),
		psprintf(INTERNAL "claim_source_fault%s", arguments)
	};
}

/* ------------------------------------------------------------- the rows */

static void
put_joins(StringInfo sql, const SourceMap *map)
{
	ListCell   *cell;

	foreach(cell, map->joins)
	{
		JoinMap    *join = lfirst(cell);
		int			i;

		appendStringInfo(sql, " LEFT JOIN %s AS %s ON ", join->relation, quote_identifier(join->alias));
		for (i = 0; i + 1 < list_length(join->on); i += 2)
			appendStringInfo(sql, "%s%s = %s", i == 0 ? "" : " AND ",
							 (char *) list_nth(join->on, i), (char *) list_nth(join->on, i + 1));
	}
}

/* A row for each slot. */
static void
put_slots(StringInfo sql, const WideMap *wide)
{
	ListCell   *cell;
	int			slot;

	appendStringInfoString(sql, " CROSS JOIN LATERAL (VALUES ");
	for (slot = 0; slot < wide->slots; slot++)
	{
		appendStringInfo(sql, "%s(%d", slot == 0 ? "" : ", ", slot + 1);
		foreach(cell, wide->columns)
			appendStringInfo(sql, ", %s", (char *) list_nth(lfirst(cell), slot));
		appendStringInfoChar(sql, ')');
	}
	appendStringInfo(sql, ") AS %s (line_no", quote_identifier(wide->alias));
	foreach(cell, wide->names)
		appendStringInfo(sql, ", %s", quote_identifier(lfirst(cell)));
	appendStringInfoChar(sql, ')');
}

void
put_source_rows(StringInfo sql, const SourceMap *map, const char *from)
{
	appendStringInfo(sql, " FROM %s AS t", from == NULL ? map->relation : from);
	put_joins(sql, map);
	if (map->wide != NULL)
		put_slots(sql, map->wide);
}

/* What is left out of lines: for what rows say themselves, and all that others say of them as one. */
static List *
left_out_of(const SourceMap *map, SelectRows rows)
{
	List	   *left_out = NIL;
	ListCell   *cell;

	foreach(cell, map->left_out)
		if (!((LeftOut *) lfirst(cell))->by_others)
			left_out = lappend(left_out, lfirst(cell));
	if (map->taken_out != NULL && rows == SELECT_LINES)
	{
		LeftOut    *taken_out = palloc0(sizeof(LeftOut));

		taken_out->condition = map->taken_out;
		left_out = lappend(left_out, taken_out);
	}
	return left_out;
}

char *
source_select(const SourceMap *map, const char *schema, const char *from, const char *extra, SelectRows rows)
{
	FieldMap  *const *fields = map->fields;
	LineSql		line = line_sql(map);
	StringInfoData sql;

	initStringInfo(&sql);
	appendStringInfo(&sql, "SELECT %s AS patient, %s AS provider, %s AS dos, %s AS claim_id, %s AS line_no, ",
					 patient_sql(map, schema),
					 key_sql(fields[SOURCE_PROVIDER], schema, "NULL::text"),
					 dos_sql(fields[SOURCE_DOS], schema),
					 claim_id_sql(fields[SOURCE_CLAIM_ID]),
					 line_no_sql(fields[SOURCE_LINE_NO]));
	appendStringInfo(&sql, "%s AS line, %s AS line_error, ", line.line, line.error);
	appendStringInfo(&sql, "%s AS charge, %s AS code", charge_sql(fields[SOURCE_CHARGE]), as_it_is(fields[SOURCE_CODE], "NULL::text"));
	if (rows == SELECT_ALL_ROWS)
		appendStringInfo(&sql, ", %s AS left_out, %s AS fault", what_left_out_sql(map->left_out),
						 if_line_sql(map->left_out, line.fault));
	appendStringInfo(&sql, "%s%s", extra == NULL ? "" : ", ", extra == NULL ? "" : extra);
	put_source_rows(&sql, map, from);
	if (rows != SELECT_ALL_ROWS && left_out_of(map, rows) != NIL)
		appendStringInfo(&sql, " WHERE %s", is_line_sql(left_out_of(map, rows)));
	return sql.data;
}

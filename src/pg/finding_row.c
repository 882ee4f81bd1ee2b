/*
 * src/pg/finding_row.c
 *
 * Findings as rows of claim_finding.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_enum.h"
#include "pg/finding_facts.h"
#include "pg/finding_row.h"
#include "pg/line_type.h"
#include "utils/builtins.h"
#include "utils/syscache.h"
#include "utils/typcache.h"

/* The columns of claim_placed. */
typedef enum PlacedColumn
{
	COLUMN_PLACE, COLUMN_LINE, COLUMN_FINDING, COLUMN_UNDATED, N_PLACED_COLUMNS
} PlacedColumn;

void
finding_row_prepare(RowShape *shape, Oid row_type, MemoryContext context)
{
	MemoryContext old;
	Oid			severity;
	int			i;

	if (shape->desc != NULL)
		return;
	old = MemoryContextSwitchTo(context);
	shape->desc = lookup_rowtype_tupdesc_copy(row_type, -1);
	if (shape->desc->natts == N_PLACED_COLUMNS)
	{
		shape->placed = shape->desc;
		shape->desc = lookup_rowtype_tupdesc_copy(TupleDescAttr(shape->placed, COLUMN_FINDING)->atttypid, -1);
	}
	if (shape->desc->natts != N_FINDING_COLUMNS)
		elog(ERROR, "claim_finding has %d columns", shape->desc->natts);
	severity = TupleDescAttr(shape->desc, COLUMN_SEVERITY)->atttypid;
	for (i = 0; i < lengthof(shape->severities); i++)
	{
		HeapTuple	label = SearchSysCache2(ENUMTYPOIDNAME, ObjectIdGetDatum(severity),
											CStringGetDatum(severity_names[i]));

		if (!HeapTupleIsValid(label))
			elog(ERROR, "claim_severity has no label %s", severity_names[i]);
		shape->severities[i] = ((Form_pg_enum) GETSTRUCT(label))->oid;
		ReleaseSysCache(label);
	}
	for (i = 0; i < N_RULES; i++)
		shape->rules[i] = CStringGetTextDatum(rule_names[i]);
	if (shape->columns == 0)
		shape->columns = ALL_FINDING_COLUMNS;
	MemoryContextSwitchTo(old);
}

Datum
text_or_null(const char *text, bool *is_null)
{
	*is_null = text == NULL;
	return text == NULL ? (Datum) 0 : CStringGetTextDatum(text);
}

void
put_line_key(const DayLine *line, Datum *values, bool *nulls)
{
	nulls[0] = line == NULL || line->claim_id == NULL;
	values[0] = nulls[0] ? (Datum) 0
		: PointerGetDatum(cstring_to_text_with_len(line->claim_id, (int) line->id_length));
	nulls[1] = line == NULL || !line->has_line_no;
	values[1] = nulls[1] ? (Datum) 0 : Int32GetDatum(line->line_no);
}

/* Put a text in a column; null where there is none, or where nobody asks for it. */
static void
put_text(const RowShape *shape, FindingColumn column, const char *text, Datum *values, bool *nulls)
{
	nulls[column] = text == NULL || !(shape->columns & COLUMN_BIT(column));
	values[column] = nulls[column] ? (Datum) 0 : CStringGetTextDatum(text);
}

/* And the suggestion, with its condition: of a line that is taken back in part, what is left of it. */
static void
put_suggestion(const RowShape *shape, const FindingSink *sink, const Finding *finding, Datum *values, bool *nulls)
{
	const Line *line = sink->day->lines[finding->line].line;
	LineBuffer	suggestion;
	bool		suggests = line != NULL && finding->change.kind != CHANGE_NONE && (sink->wants & WANT_SUGGESTION) &&
		change_apply(sink->rules, line, &finding->change, &suggestion);

	nulls[COLUMN_SUGGESTION] = !suggests;
	values[COLUMN_SUGGESTION] = suggests ? line_datum(&suggestion.line) : (Datum) 0;
	put_text(shape, COLUMN_CONDITION, suggests ? finding->condition : NULL, values, nulls);
}

/* A row of claim_finding. */
static Datum
plain_row(const RowShape *shape, const FindingSink *sink, const Finding *finding)
{
	const Day  *day = sink->day;
	const DayLine *with = finding->with < 0 ? NULL : &day->lines[finding->with];
	Datum		values[N_FINDING_COLUMNS];
	bool		nulls[N_FINDING_COLUMNS];
	int			i;

	for (i = 0; i < N_FINDING_COLUMNS; i++)
		nulls[i] = !(shape->columns & COLUMN_BIT(i));
	if (shape->columns & (COLUMN_BIT(COLUMN_CLAIM_ID) | COLUMN_BIT(COLUMN_LINE_NO)))
		put_line_key(&day->lines[finding->line], &values[COLUMN_CLAIM_ID], &nulls[COLUMN_CLAIM_ID]);
	values[COLUMN_RULE] = shape->rules[finding->rule];
	values[COLUMN_SEVERITY] = ObjectIdGetDatum(shape->severities[finding->severity]);
	put_text(shape, COLUMN_MESSAGE, finding->message, values, nulls);
	if (shape->columns & (COLUMN_BIT(COLUMN_WITH_CLAIM_ID) | COLUMN_BIT(COLUMN_WITH_LINE_NO)))
		put_line_key(with, &values[COLUMN_WITH_CLAIM_ID], &nulls[COLUMN_WITH_CLAIM_ID]);
	put_suggestion(shape, sink, finding, values, nulls);
	put_text(shape, COLUMN_CARC, finding->carc, values, nulls);
	put_text(shape, COLUMN_RARC, finding->rarc, values, nulls);
	put_text(shape, COLUMN_CITATION, finding->citation, values, nulls);
	values[COLUMN_COVERED] = BoolGetDatum(finding->covered);
	nulls[COLUMN_FACTS] |= !(sink->wants & WANT_FACTS);
	if (!nulls[COLUMN_FACTS])
		values[COLUMN_FACTS] = facts_datum(sink->told.facts + finding->first_fact, finding->n_facts, sink->arena);
	return HeapTupleGetDatum(heap_form_tuple(shape->desc, values, nulls));
}

Datum
finding_row(const RowShape *shape, const FindingSink *sink, const Finding *finding)
{
	Datum		row = plain_row(shape, sink, finding);
	const Line *line = day_row(sink->day, finding->line);
	Datum		values[N_PLACED_COLUMNS];
	bool		nulls[N_PLACED_COLUMNS] = {false, line == NULL, false, false};

	if (shape->placed == NULL)
		return row;
	values[COLUMN_PLACE] = Int32GetDatum(day_place(sink->day, finding->line) + 1);
	values[COLUMN_LINE] = line == NULL ? (Datum) 0 : line_datum(line);
	values[COLUMN_FINDING] = row;
	values[COLUMN_UNDATED] = BoolGetDatum(finding->lowered && finding->severity == SEVERITY_UNKNOWN);
	return HeapTupleGetDatum(heap_form_tuple(shape->placed, values, nulls));
}

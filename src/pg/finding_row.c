/*
 * src/pg/finding_row.c
 *
 * Findings as rows of claim_finding.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_enum.h"
#include "pg/finding_row.h"
#include "pg/line_type.h"
#include "utils/builtins.h"
#include "utils/syscache.h"
#include "utils/typcache.h"

/* The columns of claim_finding, as sql/install/50-finding.sql has them. */
typedef enum FindingColumn
{
	COLUMN_CLAIM_ID, COLUMN_LINE_NO, COLUMN_RULE, COLUMN_SEVERITY, COLUMN_MESSAGE,
	COLUMN_WITH_CLAIM_ID, COLUMN_WITH_LINE_NO, COLUMN_SUGGESTION, COLUMN_CONDITION,
	COLUMN_CARC, COLUMN_RARC, COLUMN_CITATION, COLUMN_COVERED,
	N_FINDING_COLUMNS
} FindingColumn;

/* And those of claim_placed. */
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

/* A row of claim_finding. */
static Datum
plain_row(const RowShape *shape, const FindingSink *sink, const Finding *finding)
{
	const Day  *day = sink->day;
	const DayLine *on = &day->lines[finding->line];
	Datum		values[N_FINDING_COLUMNS];
	bool		nulls[N_FINDING_COLUMNS] = {false};
	LineBuffer	suggestion;
	/* of a line that is taken back in part, what is left of it */
	bool		suggests = on->line != NULL && change_apply(sink->rules, on->line, &finding->change, &suggestion);

	put_line_key(on, &values[COLUMN_CLAIM_ID], &nulls[COLUMN_CLAIM_ID]);
	values[COLUMN_RULE] = CStringGetTextDatum(rule_names[finding->rule]);
	values[COLUMN_SEVERITY] = ObjectIdGetDatum(shape->severities[finding->severity]);
	values[COLUMN_MESSAGE] = CStringGetTextDatum(finding->message);
	put_line_key(finding->with < 0 ? NULL : &day->lines[finding->with],
				 &values[COLUMN_WITH_CLAIM_ID], &nulls[COLUMN_WITH_CLAIM_ID]);
	nulls[COLUMN_SUGGESTION] = !suggests;
	values[COLUMN_SUGGESTION] = suggests ? line_datum(&suggestion.line) : (Datum) 0;
	/* a condition is the suggestion's */
	values[COLUMN_CONDITION] = text_or_null(suggests ? finding->condition : NULL, &nulls[COLUMN_CONDITION]);
	values[COLUMN_CARC] = text_or_null(finding->carc, &nulls[COLUMN_CARC]);
	values[COLUMN_RARC] = text_or_null(finding->rarc, &nulls[COLUMN_RARC]);
	values[COLUMN_CITATION] = text_or_null(finding->citation, &nulls[COLUMN_CITATION]);
	values[COLUMN_COVERED] = BoolGetDatum(finding->covered);
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

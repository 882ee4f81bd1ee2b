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

/* columns of claim_finding, and those that claim_placed has before them */
#define N_COLUMNS	13
#define N_PLACE		2

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
	shape->first = shape->desc->natts - N_COLUMNS;
	if (shape->first != 0 && shape->first != N_PLACE)
		elog(ERROR, "claim_finding has %d columns", shape->desc->natts);
	severity = TupleDescAttr(shape->desc, shape->first + 3)->atttypid;
	for (i = 0; i < 4; i++)
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

Datum
finding_row(const RowShape *shape, const FindingSink *sink, const Finding *finding)
{
	const Day  *day = sink->day;
	const DayLine *on = &day->lines[finding->line];
	Datum		row[N_PLACE + N_COLUMNS];
	bool		row_nulls[N_PLACE + N_COLUMNS] = {false};
	Datum	   *values = row + shape->first;
	bool	   *nulls = row_nulls + shape->first;
	LineBuffer	suggestion;

	if (shape->first == N_PLACE)
	{
		row[0] = Int32GetDatum(finding->line + 1);
		row_nulls[1] = on->line == NULL;
		row[1] = row_nulls[1] ? (Datum) 0 : line_datum(on->line);
	}
	put_line_key(on, &values[0], &nulls[0]);
	values[2] = CStringGetTextDatum(rule_names[finding->rule]);
	values[3] = ObjectIdGetDatum(shape->severities[finding->severity]);
	values[4] = CStringGetTextDatum(finding->message);
	put_line_key(finding->with < 0 ? NULL : &day->lines[finding->with], &values[5], &nulls[5]);
	nulls[7] = on->line == NULL ||
		!change_apply(sink->rules, on->line, &finding->change, &suggestion);
	values[7] = nulls[7] ? (Datum) 0 : line_datum(&suggestion.line);
	/* a condition is the suggestion's */
	values[8] = text_or_null(nulls[7] ? NULL : finding->condition, &nulls[8]);
	values[9] = text_or_null(finding->carc, &nulls[9]);
	values[10] = text_or_null(finding->rarc, &nulls[10]);
	values[11] = text_or_null(finding->citation, &nulls[11]);
	values[12] = BoolGetDatum(finding->covered);
	return HeapTupleGetDatum(heap_form_tuple(shape->desc, row, row_nulls));
}

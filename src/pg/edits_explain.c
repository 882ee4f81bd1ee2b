/*
 * src/pg/edits_explain.c
 *
 * Every rule for every line of a day, in SQL.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "edits/explain.h"
#include "pg/day_type.h"
#include "pg/edits_site.h"
#include "pg/finding_facts.h"
#include "pg/line_type.h"
#include "utils/array.h"
#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(claim_explain_day);
PG_FUNCTION_INFO_V1(claim_explain_lines);
PG_FUNCTION_INFO_V1(claim_explain_line);
PG_FUNCTION_INFO_V1(claim_explain_text);

/* The columns of claim_explanation, as sql/install/61-explain.sql has them. */
typedef enum ExplainColumn
{
	EXPLAIN_CLAIM_ID, EXPLAIN_LINE_NO, EXPLAIN_LINE, EXPLAIN_RULE, EXPLAIN_STATE, EXPLAIN_REASON, EXPLAIN_SEVERITY, EXPLAIN_MESSAGE,
	EXPLAIN_FINDINGS, EXPLAIN_FACTS, EXPLAIN_EDITION, EXPLAIN_MISSING, EXPLAIN_CHANGE, EXPLAIN_CHANGED, EXPLAIN_OTHERWISE,
	EXPLAIN_OTHERWISE_CHANGED, N_EXPLAIN_COLUMNS
} ExplainColumn;

/* What an undecided rule lacks, as text[]. */
static Datum
missing_datum(const Explanation *row)
{
	Datum	   *names = palloc(sizeof(Datum) * (Size) (row->n_facts + 1));
	int			n = 0;
	int			i;

	for (i = 0; i < row->n_facts; i++)
		if (row->facts[i].name == FACT_MISSING || row->facts[i].name == FACT_UNDECIDED)
			names[n++] = CStringGetTextDatum(row->facts[i].text);
	return PointerGetDatum(construct_array(names, n, TEXTOID, -1, false, TYPALIGN_INT));
}

/* A change in words, and the day with it; null where nothing is to be said. */
static void
put_change(const Explained *explained, FindingSink *sink, const DayChange *change, Datum *values, bool *nulls)
{
	Day			changed = {0};

	nulls[0] = change == NULL;
	nulls[1] = change == NULL || change->n == 0;
	if (!nulls[0])
		values[0] = CStringGetTextDatum(change_text(explained, sink, change));
	if (nulls[1])
		return;
	changed.lines = arena_alloc(sink->arena, sizeof(DayLine) * (size_t) explained->raw.n_lines);
	changed.n_lines = apply_day_change(&explained->search, change, changed.lines);
	values[1] = PointerGetDatum(flat_day_make(&changed));
}

/* The columns of what was found. */
static void
put_finding(const Explanation *row, const FindingSink *sink, Oid severity, Datum *values, bool *nulls)
{
	nulls[EXPLAIN_SEVERITY] = row->finding == NULL;
	if (row->finding != NULL)
		values[EXPLAIN_SEVERITY] = DirectFunctionCall2(enum_in, CStringGetDatum(severity_names[row->finding->severity]), ObjectIdGetDatum(severity));
	values[EXPLAIN_MESSAGE] = text_or_null(row->finding == NULL ? NULL : row->finding->message, &nulls[EXPLAIN_MESSAGE]);
	values[EXPLAIN_FINDINGS] = Int32GetDatum(row->n_findings);
	values[EXPLAIN_FACTS] = facts_datum(row->facts, row->n_facts, sink->arena);
	values[EXPLAIN_EDITION] = text_or_null(rule_reads(sink->rules, row->rule) == 0 ? NULL : ruleset_text(sink->rules, sink->rules->edition.name),
										   &nulls[EXPLAIN_EDITION]);
	nulls[EXPLAIN_MISSING] = row->state != STATE_UNDECIDED;
	if (row->state == STATE_UNDECIDED)
		values[EXPLAIN_MISSING] = missing_datum(row);
}

static void
put_row(ReturnSetInfo *result, const Explained *explained, FindingSink *sink, const Explanation *row)
{
	const Day  *day = sink->day;
	const Line *line = day_row(day, row->line);
	const DayChange *change = row->target == NULL ? NULL : &row->target->smallest;
	/* only where it is another one */
	const DayChange *otherwise = change == NULL || change->n == 0 || change_bills_all(change) ? NULL : &row->target->billed;
	Datum		values[N_EXPLAIN_COLUMNS];
	bool		nulls[N_EXPLAIN_COLUMNS] = {false};

	put_line_key(&day->lines[row->line], &values[EXPLAIN_CLAIM_ID], &nulls[EXPLAIN_CLAIM_ID]);
	nulls[EXPLAIN_LINE] = line == NULL;
	values[EXPLAIN_LINE] = line == NULL ? (Datum) 0 : line_datum(line);
	values[EXPLAIN_RULE] = CStringGetTextDatum(rule_names[row->rule]);
	values[EXPLAIN_STATE] = CStringGetTextDatum(state_names[row->state]);
	values[EXPLAIN_REASON] = CStringGetTextDatum(reason_names[row->reason]);
	put_finding(row, sink, TupleDescAttr(result->setDesc, EXPLAIN_SEVERITY)->atttypid, values, nulls);
	put_change(explained, sink, change, &values[EXPLAIN_CHANGE], &nulls[EXPLAIN_CHANGE]);
	put_change(explained, sink, otherwise, &values[EXPLAIN_OTHERWISE], &nulls[EXPLAIN_OTHERWISE]);
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

static Datum
return_explanations(FunctionCallInfo fcinfo, InputKind kind)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	Site	   *site = site_of(fcinfo);
	const Ruleset *rules;
	Explained	explained;
	int			i;

	InitMaterializedSRF(fcinfo, 0);
	rules = rules_argument(fcinfo, site, 1, PG_NARGS() > 1);
	if (PG_ARGISNULL(0) && !is_one_line(kind))
		return (Datum) 0;
	day_argument(fcinfo, site, kind);
	sink_init(&site->sink, &site->arena, NULL, SINK_FULL);
	explain_day(&site->day, rules, &site->sink, &explained);
	for (i = 0; i < explained.n_rows; i++)
		put_row(result, &explained, &site->sink, &explained.rows[i]);
	return (Datum) 0;
}

Datum
claim_explain_day(PG_FUNCTION_ARGS)
{
	return return_explanations(fcinfo, INPUT_DAY);
}

Datum
claim_explain_lines(PG_FUNCTION_ARGS)
{
	return return_explanations(fcinfo, INPUT_LINES);
}

Datum
claim_explain_line(PG_FUNCTION_ARGS)
{
	return return_explanations(fcinfo, INPUT_LINE);
}

Datum
claim_explain_text(PG_FUNCTION_ARGS)
{
	return return_explanations(fcinfo, INPUT_TEXT);
}

/*
 * src/pg/edits_rows.c
 *
 * The edits in SQL: a day, an array or a line in, findings or suggestions out
 * as rows.
 */
#include "postgres.h"

#include "pg/edits_site.h"
#include "pg/line_type.h"

PG_FUNCTION_INFO_V1(claim_edits_day);
PG_FUNCTION_INFO_V1(claim_edits_lines);
PG_FUNCTION_INFO_V1(claim_edits_line);
PG_FUNCTION_INFO_V1(claim_edits_text);
PG_FUNCTION_INFO_V1(claim_edits_placed);
PG_FUNCTION_INFO_V1(claim_edits_columns);
PG_FUNCTION_INFO_V1(suggest_modifiers_day);
PG_FUNCTION_INFO_V1(suggest_modifiers_lines);
PG_FUNCTION_INFO_V1(suggest_modifiers_line);
PG_FUNCTION_INFO_V1(suggest_modifiers_text);

/* ------------------------------------------------------------ findings */

/* The call was left before its last row: the next one starts anew. */
static void
stop_rows(Datum site)
{
	((Site *) DatumGetPointer(site))->running = false;
}

/* The columns that are asked for, where the planner has said so (edits_columns.c). */
static void
ask_for(Site *site, unsigned columns)
{
	site->shape.columns = columns;
	site->wants = (columns & COLUMN_BIT(COLUMN_MESSAGE) ? WANT_MESSAGE : 0) |
		(columns & (COLUMN_BIT(COLUMN_SUGGESTION) | COLUMN_BIT(COLUMN_CONDITION)) ? WANT_SUGGESTION : 0) |
		(columns & COLUMN_BIT(COLUMN_FACTS) ? WANT_FACTS : 0);
}

/*
 * One row a call, and of it all columns or those of argument 2.  Not by SRF_FIRSTCALL_INIT: its memory context would cost
 * every clean day more than the edits do.
 */
static Datum
return_findings(FunctionCallInfo fcinfo, InputKind kind)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	Site	   *site = site_of(fcinfo);

	if (result == NULL || !IsA(result, ReturnSetInfo))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("set-valued function called in context that cannot accept a set")));
	if (!site->running)
	{
		const Ruleset *rules = rules_argument(fcinfo, site, 1, PG_NARGS() > 1);

		site->sink.n_findings = 0;
		if (PG_NARGS() > 2)
			ask_for(site, (unsigned) PG_GETARG_INT32(2));
		if (is_one_line(kind) || !PG_ARGISNULL(0))
		{
			day_argument(fcinfo, site, kind);
			site_judge(site, rules, SINK_FULL, SEVERITY_INFO);
		}
		if (site->sink.n_findings == 0)
		{
			result->isDone = ExprEndResult;
			PG_RETURN_NULL();
		}
		finding_row_prepare(&site->shape, get_fn_expr_rettype(fcinfo->flinfo), site->context);
		site->next = 0;
		site->running = true;
		RegisterExprContextCallback(result->econtext, stop_rows, PointerGetDatum(site));
	}
	if (site->next < site->sink.n_findings)
	{
		result->isDone = ExprMultipleResult;
		PG_RETURN_DATUM(finding_row(&site->shape, &site->sink, &site->sink.findings[site->next++]));
	}
	UnregisterExprContextCallback(result->econtext, stop_rows, PointerGetDatum(site));
	site->running = false;
	result->isDone = ExprEndResult;
	PG_RETURN_NULL();
}

Datum
claim_edits_day(PG_FUNCTION_ARGS)
{
	return return_findings(fcinfo, INPUT_DAY);
}

Datum
claim_edits_columns(PG_FUNCTION_ARGS)
{
	not_null(PG_ARGISNULL(2), "set of columns");
	return return_findings(fcinfo, INPUT_DAY);
}

Datum
claim_edits_placed(PG_FUNCTION_ARGS)
{
	return return_findings(fcinfo, INPUT_DAY);
}

Datum
claim_edits_lines(PG_FUNCTION_ARGS)
{
	return return_findings(fcinfo, INPUT_LINES);
}

Datum
claim_edits_line(PG_FUNCTION_ARGS)
{
	return return_findings(fcinfo, INPUT_LINE);
}

Datum
claim_edits_text(PG_FUNCTION_ARGS)
{
	return return_findings(fcinfo, INPUT_TEXT);
}

/* ------------------------------------------------------ suggestions */

static Datum
return_suggestions(FunctionCallInfo fcinfo, InputKind kind)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	Site	   *site = site_of(fcinfo);
	const Ruleset *rules;
	Suggestion *suggestions;
	int			n;
	int			i;

	InitMaterializedSRF(fcinfo, 0);
	rules = rules_argument(fcinfo, site, 1, PG_NARGS() > 1);
	if (PG_ARGISNULL(0))
		return (Datum) 0;
	day_argument(fcinfo, site, kind);
	site_judge(site, rules, SINK_FULL, SEVERITY_INFO);
	n = suggest_modifiers_of(&site->day, rules, &site->sink, &site->arena, &suggestions);
	for (i = 0; i < n; i++)
	{
		const Suggestion *suggestion = &suggestions[i];
		const DayLine *line = &site->day.lines[suggestion->line];
		Datum		values[6];
		bool		nulls[6] = {false};

		put_line_key(line, &values[0], &nulls[0]);
		values[2] = line_datum(day_row(&site->day, suggestion->line));
		values[3] = line_datum(&suggestion->suggestion.line);
		values[4] = text_or_null(suggestion->condition, &nulls[4]);
		values[5] = text_or_null(suggestion->reason, &nulls[5]);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}

Datum
suggest_modifiers_day(PG_FUNCTION_ARGS)
{
	return return_suggestions(fcinfo, INPUT_DAY);
}

Datum
suggest_modifiers_lines(PG_FUNCTION_ARGS)
{
	return return_suggestions(fcinfo, INPUT_LINES);
}

Datum
suggest_modifiers_line(PG_FUNCTION_ARGS)
{
	return return_suggestions(fcinfo, INPUT_LINE);
}

Datum
suggest_modifiers_text(PG_FUNCTION_ARGS)
{
	return return_suggestions(fcinfo, INPUT_TEXT);
}

/*
 * src/finding.c
 *
 * The edits in SQL: a day, an array or a line in, findings out as rows, as an
 * array per row of a window, or as a verdict.  What a call site needs is
 * prepared once and kept for the query; a day costs no catalogue look-up.
 */
#include "postgres.h"

#include "catalog/pg_enum.h"
#include "catalog/pg_type.h"
#include "access/htup_details.h"
#include "edits.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "server.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/syscache.h"
#include "utils/typcache.h"
#include "windowapi.h"

PG_FUNCTION_INFO_V1(claim_edits_day);
PG_FUNCTION_INFO_V1(claim_edits_lines);
PG_FUNCTION_INFO_V1(claim_edits_line);
PG_FUNCTION_INFO_V1(claim_edits_placed);
PG_FUNCTION_INFO_V1(claim_passes_day);
PG_FUNCTION_INFO_V1(claim_passes_lines);
PG_FUNCTION_INFO_V1(claim_passes_line);
PG_FUNCTION_INFO_V1(claim_passes_day_text);
PG_FUNCTION_INFO_V1(claim_passes_lines_text);
PG_FUNCTION_INFO_V1(claim_passes_line_text);
PG_FUNCTION_INFO_V1(line_edits);
PG_FUNCTION_INFO_V1(suggest_modifiers_day);
PG_FUNCTION_INFO_V1(suggest_modifiers_lines);

/* columns of claim_finding, and those that claim_placed has before them */
#define N_COLUMNS	13
#define N_PLACE		2

/* What the first argument is. */
typedef enum InputKind
{
	INPUT_DAY, INPUT_LINES, INPUT_LINE
} InputKind;

/* The row type of findings, looked up with the first one. */
typedef struct RowShape
{
	TupleDesc	desc;
	int			first;			/* the first column of claim_finding: 0, or N_PLACE */
	Oid			severities[4];	/* labels of claim_severity */
} RowShape;

/* Everything that a call site keeps between calls. */
typedef struct Site
{
	MemoryContext context;		/* of the query */
	MemoryContext arguments;	/* of one day: what its arguments are detoasted to */
	Arena		arena;			/* of one day */
	LineBuffer	line;			/* a day's only line */
	DayLine		only;
	Day			day;
	FindingSink sink;
	bool		has_judged;		/* a day before this one */
	PairMemo   *pairs;			/* from then on, with a day of several lines */
	PairFilter *filter;			/* of the memo, which may not use it any more */
	RulesetCache rulesets;
	RowShape	shape;
	Oid			fail_at;		/* label last looked up, and what it stands for */
	Severity	fail_at_severity;
	int			next;			/* next finding to be returned */
	bool		running;		/* between the first and the last row of a call */
} Site;

static void
site_init(Site *site, MemoryContext context)
{
	site->context = context;
	site->arguments = AllocSetContextCreate(context, "claimline arguments", ALLOCSET_SMALL_SIZES);
	arena_init_context(&site->arena, context);
	site->rulesets.context = context;
}

static Site *
site_of(FunctionCallInfo fcinfo)
{
	Site	   *site = fcinfo->flinfo->fn_extra;

	if (site == NULL)
	{
		site = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(Site));
		site_init(site, fcinfo->flinfo->fn_mcxt);
		fcinfo->flinfo->fn_extra = site;
	}
	return site;
}

static void
not_null(bool is_null, const char *what)
{
	if (is_null)
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("%s must not be null", what)));
}

/* Argument `arg` if the call has it, else the starter ruleset. */
static const Ruleset *
rules_argument(FunctionCallInfo fcinfo, Site *site, int arg, bool given)
{
	if (!given)
		return starter_default();
	not_null(PG_ARGISNULL(arg), "ruleset");
	return ruleset_from_datum(PG_GETARG_DATUM(arg), &site->rulesets);
}

/*
 * The day of the first argument.  It must last until the last row is returned,
 * and the caller's memory is reset between rows.
 */
static void
day_argument(FunctionCallInfo fcinfo, Site *site, InputKind kind)
{
	Day		   *day = &site->day;
	MemoryContext old;

	MemoryContextReset(site->arguments);
	arena_reset(&site->arena);
	old = MemoryContextSwitchTo(site->arguments);
	switch (kind)
	{
		case INPUT_DAY:
			day_from_flat(PG_GETARG_FLATDAY(0), &site->arena, day);
			break;
		case INPUT_LINES:
			day_from_array(PG_GETARG_DATUM(0), &site->arena, day);
			break;
		case INPUT_LINE:
			day->lines = &site->only;
			site->only.line = NULL;
			site->only.line_no = 1;
			site->only.has_line_no = true;
			day->n_lines = 1;
			day->n_valid = !PG_ARGISNULL(0);
			if (!PG_ARGISNULL(0))
			{
				/* a stored line has a short header and is not aligned: copied to where it is */
				struct varlena *packed = PG_GETARG_VARLENA_PP(0);

				memcpy(&site->line, VARDATA_ANY(packed), Min(VARSIZE_ANY_EXHDR(packed), sizeof(site->line)));
				site->only.line = &site->line.line;
			}
			break;
	}
	MemoryContextSwitchTo(old);
}

/* A call site that has searched so often judges many lines of many codes: a filter pays. */
#define SEARCHES_BEFORE_FILTER	16384

static void
make_filter(Site *site, const Ruleset *rules)
{
	if (site->filter != NULL)
		pfree(site->filter);
	site->filter = NULL;
	site->filter = MemoryContextAllocExtended(site->context, pair_filter_size(rules), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	pair_filter_fill(rules, site->filter);
	site->pairs->filter = site->filter;
}

static void
judge(Site *site, const Ruleset *rules, SinkMode mode, Severity at_least)
{
	/* a call site that judges one day has nothing to remember */
	if (site->pairs == NULL && site->day.n_lines > 1 && site->has_judged)
	{
		site->pairs = MemoryContextAlloc(site->context, sizeof(PairMemo));
		pair_memo_start(site->pairs, rules);
	}
	site->has_judged = true;
	if (site->pairs != NULL && site->pairs->filter == NULL &&
		site->pairs->n_searches > SEARCHES_BEFORE_FILTER && pair_memo_is_of(site->pairs, rules))
		make_filter(site, rules);
	sink_init(&site->sink, &site->arena, site->pairs, mode);
	site->sink.at_least = at_least;
	edits_run(&site->day, rules, &site->sink);
}

/* ------------------------------------------------------- finding to row */

/* Look up the row type and the labels of claim_severity, once a call site. */
static void
prepare_rows(Site *site, Oid row_type)
{
	RowShape   *shape = &site->shape;
	MemoryContext old;
	Oid			severity;
	int			i;

	if (shape->desc != NULL)
		return;
	old = MemoryContextSwitchTo(site->context);
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

static Datum
text_or_null(const char *text, bool *is_null)
{
	*is_null = text == NULL;
	return text == NULL ? (Datum) 0 : CStringGetTextDatum(text);
}

static void
put_line_key(const DayLine *line, Datum *values, bool *nulls)
{
	nulls[0] = line == NULL || line->claim_id == NULL;
	values[0] = nulls[0] ? (Datum) 0
		: PointerGetDatum(cstring_to_text_with_len(line->claim_id, (int) line->id_length));
	nulls[1] = line == NULL || !line->has_line_no;
	values[1] = nulls[1] ? (Datum) 0 : Int32GetDatum(line->line_no);
}

static Datum
finding_datum(const RowShape *shape, const FindingSink *sink, const Finding *finding)
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

/* The call was left before its last row: the next one starts anew. */
static void
stop_rows(Datum site)
{
	((Site *) DatumGetPointer(site))->running = false;
}

/*
 * One row a call.  Not by SRF_FIRSTCALL_INIT: its memory context would cost
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
		if (kind == INPUT_LINE || !PG_ARGISNULL(0))
		{
			day_argument(fcinfo, site, kind);
			judge(site, rules, SINK_FULL, SEVERITY_INFO);
		}
		if (site->sink.n_findings == 0)
		{
			result->isDone = ExprEndResult;
			PG_RETURN_NULL();
		}
		prepare_rows(site, get_fn_expr_rettype(fcinfo->flinfo));
		site->next = 0;
		site->running = true;
		RegisterExprContextCallback(result->econtext, stop_rows, PointerGetDatum(site));
	}
	if (site->next < site->sink.n_findings)
	{
		result->isDone = ExprMultipleResult;
		PG_RETURN_DATUM(finding_datum(&site->shape, &site->sink, &site->sink.findings[site->next++]));
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

/* ------------------------------------------------------------- verdict */

/* The severity of an argument of type claim_severity. */
static Severity
severity_argument(FunctionCallInfo fcinfo, Site *site, int arg)
{
	Oid			label = PG_GETARG_OID(arg);
	HeapTuple	tuple;
	const char *name;
	int			i;

	if (label == site->fail_at)
		return site->fail_at_severity;
	tuple = SearchSysCache1(ENUMOID, ObjectIdGetDatum(label));
	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "invalid value of claim_severity: %u", label);
	name = NameStr(((Form_pg_enum) GETSTRUCT(tuple))->enumlabel);
	for (i = 0; strcmp(name, severity_names[i]) != 0; i++)
		if (i == 3)
			elog(ERROR, "unknown label of claim_severity: %s", name);
	ReleaseSysCache(tuple);
	site->fail_at = label;
	site->fail_at_severity = (Severity) i;
	return site->fail_at_severity;
}

/* The severity of a text argument. */
static Severity
severity_text_argument(FunctionCallInfo fcinfo, int arg)
{
	char	   *name = text_to_cstring(PG_GETARG_TEXT_PP(arg));
	int			i;

	for (i = 0; severity_names[i] != NULL; i++)
		if (strcmp(name, severity_names[i]) == 0)
			return (Severity) i;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("severity \"%s\" does not exist", shown_input(name)),
			 errhint("Use info, unknown, review or deny.")));
	return SEVERITY_DENY;
}

/* (day | lines | line [, rules], fail_at): the last argument is the severity. */
static Datum
return_verdict(FunctionCallInfo fcinfo, InputKind kind, bool severity_is_text)
{
	Site	   *site = site_of(fcinfo);
	int			last = PG_NARGS() - 1;
	const Ruleset *rules = rules_argument(fcinfo, site, 1, last > 1);
	Severity	fail_at;

	not_null(PG_ARGISNULL(last), "severity");
	fail_at = severity_is_text ? severity_text_argument(fcinfo, last)
		: severity_argument(fcinfo, site, last);
	if (kind != INPUT_LINE && PG_ARGISNULL(0))
		PG_RETURN_NULL();
	day_argument(fcinfo, site, kind);
	judge(site, rules, SINK_VERDICT, fail_at);
	PG_RETURN_BOOL(!site->sink.reached);
}

Datum
claim_passes_day(PG_FUNCTION_ARGS)
{
	return return_verdict(fcinfo, INPUT_DAY, false);
}

Datum
claim_passes_lines(PG_FUNCTION_ARGS)
{
	return return_verdict(fcinfo, INPUT_LINES, false);
}

Datum
claim_passes_line(PG_FUNCTION_ARGS)
{
	return return_verdict(fcinfo, INPUT_LINE, false);
}

Datum
claim_passes_day_text(PG_FUNCTION_ARGS)
{
	return return_verdict(fcinfo, INPUT_DAY, true);
}

Datum
claim_passes_lines_text(PG_FUNCTION_ARGS)
{
	return return_verdict(fcinfo, INPUT_LINES, true);
}

Datum
claim_passes_line_text(PG_FUNCTION_ARGS)
{
	return return_verdict(fcinfo, INPUT_LINE, true);
}

/* ------------------------------------------------------ window function */

/* What a partition keeps: its judged lines, findings by row. */
typedef struct Partition
{
	bool		judged;
	Arena		arena;
	Day			day;
	FindingSink sink;
	int		   *first;			/* per row: its first finding; one more at the end */
	int		   *findings;		/* indexes into the sink's, grouped by row */
} Partition;

static void
judge_partition(FunctionCallInfo fcinfo, WindowObject window, Partition *partition)
{
	MemoryContext context = GetMemoryChunkContext(partition);
	MemoryContext old = MemoryContextSwitchTo(context);
	int			n = (int) WinGetPartitionRowCount(window);
	Site	   *site = site_of(fcinfo);
	Day		   *day = &partition->day;
	FindingSink *sink = &partition->sink;
	const Ruleset *rules = starter_default();
	int			i;

	if (PG_NARGS() > 1)
	{
		bool		is_null;
		Datum		datum = WinGetFuncArgCurrent(window, 1, &is_null);

		not_null(is_null, "ruleset");
		/* findings of this partition are read when the argument is long gone */
		rules = ruleset_kept(datum, &site->rulesets);
	}
	arena_init_context(&partition->arena, context);
	day->n_lines = n;
	day->lines = MemoryContextAllocHuge(context, sizeof(DayLine) * ((Size) n + 1));
	memset(day->lines, 0, sizeof(DayLine) * (Size) n);
	for (i = 0; i < n; i++)
	{
		bool		is_null;
		bool		is_out;
		Datum		line = WinGetFuncArgInPartition(window, 0, i, WINDOW_SEEK_HEAD, false,
													&is_null, &is_out);

		if (!is_null)
			day->lines[i].line = (Line *) VARDATA(PG_DETOAST_DATUM_COPY(line));
		day->lines[i].line_no = i + 1;
		day->lines[i].has_line_no = true;
	}
	day_sort(day);
	sink_init(sink, &partition->arena, NULL, SINK_FULL);
	edits_run(day, rules, sink);

	/*
	 * Count, then place.  Line numbers start at 1: placing moves first[i] from
	 * the start of line i to its end, which is the start of row i.
	 */
	partition->first = palloc0(sizeof(int) * ((Size) n + 2));
	partition->findings = palloc(sizeof(int) * ((Size) sink->n_findings + 1));
	for (i = 0; i < sink->n_findings; i++)
		partition->first[day->lines[sink->findings[i].line].line_no + 1]++;
	for (i = 1; i <= n + 1; i++)
		partition->first[i] += partition->first[i - 1];
	for (i = 0; i < sink->n_findings; i++)
		partition->findings[partition->first[day->lines[sink->findings[i].line].line_no]++] = i;
	partition->judged = true;
	MemoryContextSwitchTo(old);
}

Datum
line_edits(PG_FUNCTION_ARGS)
{
	WindowObject window = PG_WINDOW_OBJECT();
	Partition  *partition = WinGetPartitionLocalMemory(window, sizeof(Partition));
	int64		row = WinGetCurrentPosition(window);
	Oid			row_type = get_element_type(get_fn_expr_rettype(fcinfo->flinfo));
	Site	   *site = site_of(fcinfo);
	const FindingSink *sink = &partition->sink;
	Datum	   *rows;
	int			n = 0;
	int			i;

	if (!partition->judged)
		judge_partition(fcinfo, window, partition);
	prepare_rows(site, row_type);
	rows = palloc(sizeof(Datum) * (Size) (partition->first[row + 1] - partition->first[row] + 1));
	for (i = partition->first[row]; i < partition->first[row + 1]; i++)
		rows[n++] = finding_datum(&site->shape, sink, &sink->findings[partition->findings[i]]);
	PG_RETURN_ARRAYTYPE_P(construct_array(rows, n, row_type, -1, false, TYPALIGN_DOUBLE));
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
	judge(site, rules, SINK_FULL, SEVERITY_INFO);
	n = suggest_modifiers_of(&site->day, rules, &site->sink, &site->arena, &suggestions);
	for (i = 0; i < n; i++)
	{
		const Suggestion *suggestion = &suggestions[i];
		const DayLine *line = &site->day.lines[suggestion->line];
		Datum		values[6];
		bool		nulls[6] = {false};

		put_line_key(line, &values[0], &nulls[0]);
		values[2] = line_datum(line->line);
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

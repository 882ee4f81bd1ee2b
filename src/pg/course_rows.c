/*
 * src/pg/course_rows.c
 *
 * The course of a patient's care in SQL: lines with what is allowed for them,
 * or provider-days and periods in, findings or totals out as rows.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "course/course.h"
#include "pg/day_type.h"
#include "pg/edits_site.h"
#include "pg/line_type.h"
#include "pg/server.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/lsyscache.h"
#include "utils/numeric.h"
#include "utils/typcache.h"

PG_FUNCTION_INFO_V1(claim_course_lines);
PG_FUNCTION_INFO_V1(claim_course_days);
PG_FUNCTION_INFO_V1(claim_course_totals);
PG_FUNCTION_INFO_V1(claim_course_asks);

/* Amounts beyond it, either way, are not taken for amounts; sums of them fit. */
#define MAX_CENTS	INT64CONST(100000000000)

/* -------------------------------------------------------------- arguments */

/* Hundredths or thousandths of a number; NO_AMOUNT for what is none. */
static int64
scaled(Datum number, int32 scale, int64 most)
{
	Numeric		value = DatumGetNumeric(number);
	Datum		product;

	if (numeric_is_nan(value) || numeric_is_inf(value))
		return NO_AMOUNT;
	product = DirectFunctionCall2(numeric_round, DirectFunctionCall2(numeric_mul, number, DirectFunctionCall1(int4_numeric, Int32GetDatum(scale))),
								  Int32GetDatum(0));
	if (DatumGetBool(DirectFunctionCall2(numeric_gt, DirectFunctionCall1(numeric_abs, product), DirectFunctionCall1(int8_numeric, Int64GetDatum(most)))))
		return NO_AMOUNT;
	return DatumGetInt64(DirectFunctionCall1(numeric_int8, product));
}

static Word
word_of_text(Datum datum)
{
	char	   *value = TextDatumGetCString(datum);

	return (Word) {value, strlen(value), 0};
}

/* The elements of numeric[] in cents. */
static int64 *
amounts_of(Datum datum, int *n)
{
	Datum	   *values;
	bool	   *nulls;
	int64	   *cents;
	int			i;

	deconstruct_array(DatumGetArrayTypeP(datum), NUMERICOID, -1, false, TYPALIGN_INT, &values, &nulls, n);
	cents = palloc(sizeof(int64) * (Size) (*n + 1));
	for (i = 0; i < *n; i++)
		cents[i] = nulls[i] ? NO_AMOUNT : scaled(values[i], 100, MAX_CENTS);
	return cents;
}

/* The columns of each element of an array of rows; a null row has nulls. */
typedef void TakeRow(void *row, const Datum *values, const bool *nulls, Arena *arena);

static int
take_rows(Datum datum, Size size, void **rows, TakeRow *take, Arena *arena)
{
	ArrayType  *array = DatumGetArrayTypeP(datum);
	TupleDesc	desc = lookup_rowtype_tupdesc(ARR_ELEMTYPE(array), -1);
	Datum	   *elements,
			   *values = palloc(sizeof(Datum) * (Size) desc->natts);
	bool	   *null_rows,
			   *nulls = palloc(sizeof(bool) * (Size) desc->natts);
	int			n;
	int			i;

	deconstruct_array(array, ARR_ELEMTYPE(array), -1, false, TYPALIGN_DOUBLE, &elements, &null_rows, &n);
	*rows = palloc0(size * (Size) (n + 1));
	for (i = 0; i < n; i++)
	{
		HeapTupleData tuple;

		if (null_rows[i])
			ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("element of a course must not be null")));
		tuple.t_data = DatumGetHeapTupleHeader(elements[i]);
		tuple.t_len = HeapTupleHeaderGetDatumLength(tuple.t_data);
		ItemPointerSetInvalid(&tuple.t_self);
		tuple.t_tableOid = InvalidOid;
		heap_deform_tuple(&tuple, desc, values, nulls);
		take((char *) *rows + size * (Size) i, values, nulls, arena);
	}
	ReleaseTupleDesc(desc);
	return n;
}

/* (provider, day, allowed) */
static void
take_day(void *row, const Datum *values, const bool *nulls, Arena *arena)
{
	CourseDay  *day = row;

	if (!nulls[0])
		day->provider = word_of_text(values[0]);
	if (!nulls[1])
		day_from_flat(DatumGetFlatDay(values[1]), arena, &day->day);
	if (!nulls[2])
		day->allowed = amounts_of(values[2], &day->n_allowed);
}

/* (kind, provider, discipline, from, to, units, visits, number); the table has checked them */
static void
take_period(void *row, const Datum *values, const bool *nulls, Arena *arena)
{
	CoursePeriod *period = row;
	Fault		why;

	if (nulls[0] || nulls[3] || nulls[4])
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("kind and dates of a period must not be null")));
	period->kind = strcmp(TextDatumGetCString(values[0]), period_kind_names[PERIOD_CERTIFICATION]) == 0 ? PERIOD_CERTIFICATION : PERIOD_AUTHORIZATION;
	if (!nulls[1])
		period->provider = word_of_text(values[1]);
	if (!nulls[2] && !modifier_from_text(word_of_text(values[2]), &period->discipline, &why))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("discipline of a period is no modifier"), errdetail("%s.", why.detail)));
	period->from = DatumGetDateADT(values[3]);
	period->to = DatumGetDateADT(values[4]);
	period->units = nulls[5] ? NO_AMOUNT : scaled(values[5], 1000, INT64_MAX / 2);
	period->visits = nulls[6] ? NO_AMOUNT : DatumGetInt32(values[6]);
	period->number = nulls[7] ? NULL : TextDatumGetCString(values[7]);
}

/* The days of argument 0, judged by the ruleset of argument 1 with the periods of argument 2. */
static void
judge_days(FunctionCallInfo fcinfo, Site *site, Course *course, Arena *arena)
{
	void	   *rows;

	memset(course, 0, sizeof(*course));
	course->arena = arena;
	course->rules = rules_argument(fcinfo, site, 1, true);
	course->from = CLAIMLINE_MIN_DOS;
	if (PG_ARGISNULL(0))
		return;
	course->n_days = take_rows(PG_GETARG_DATUM(0), sizeof(CourseDay), &rows, take_day, arena);
	course->days = rows;
	if (!PG_ARGISNULL(2))
	{
		course->n_periods = take_rows(PG_GETARG_DATUM(2), sizeof(CoursePeriod), &rows, take_period, arena);
		course->periods = rows;
	}
	if (PG_NARGS() > 3 && !PG_ARGISNULL(3))
		course->from = PG_GETARG_DATEADT(3);
	sink_init(&site->sink, arena, NULL, SINK_FULL);
	course_judge(course, &site->sink);
}

/* --------------------------------------------------------------- findings */

/* A finding as a row, its day in place. */
static Datum
course_finding(Site *site, const Course *course, int i)
{
	site->sink.day = &course->days[course->finding_days[i]].day;
	return finding_row(&site->shape, &site->sink, &site->sink.findings[i]);
}

/* (lines, rules, allowed): what is allowed of each is by its position, as it is numbered */
Datum
claim_course_lines(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	Site	   *site = site_of(fcinfo);
	Course		course = {0};
	CourseDay	day = {0};
	Arena		arena;
	int64	   *by_position = NULL,
			   *by_place;
	int			n = 0;
	int			i;

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	course.rules = rules_argument(fcinfo, site, 1, true);
	if (PG_ARGISNULL(0))
		return (Datum) 0;
	arena_init_context(&arena, CurrentMemoryContext);
	day_from_array(PG_GETARG_DATUM(0), &arena, &day.day);
	if (!PG_ARGISNULL(2))
		by_position = amounts_of(PG_GETARG_DATUM(2), &n);
	by_place = palloc(sizeof(int64) * (Size) (day.day.n_lines + 1));
	for (i = 0; i < day.day.n_lines; i++)
		by_place[i] = day.day.lines[i].line_no <= n ? by_position[day.day.lines[i].line_no - 1] : NO_AMOUNT;
	day.allowed = by_place;
	day.n_allowed = day.day.n_lines;
	course.arena = &arena;
	course.days = &day;
	course.n_days = 1;
	course.from = CLAIMLINE_MIN_DOS;
	sink_init(&site->sink, &arena, NULL, SINK_FULL);
	course_judge(&course, &site->sink);
	finding_row_prepare(&site->shape, get_fn_expr_rettype(fcinfo->flinfo), site->context);
	for (i = 0; i < site->sink.n_findings; i++)
	{
		HeapTupleHeader row = DatumGetHeapTupleHeader(course_finding(site, &course, i));
		HeapTupleData tuple;

		tuple.t_data = row;
		tuple.t_len = HeapTupleHeaderGetDatumLength(row);
		tuplestore_puttuple(result->setResult, &tuple);
	}
	return (Datum) 0;
}

/* (days, rules, periods, since): day, place and line of each finding */
Datum
claim_course_days(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	Site	   *site = site_of(fcinfo);
	Course		course;
	Arena		arena;
	int			i;

	InitMaterializedSRF(fcinfo, 0);
	arena_init_context(&arena, CurrentMemoryContext);
	site->sink.n_findings = 0;
	judge_days(fcinfo, site, &course, &arena);
	for (i = 0; i < site->sink.n_findings; i++)
	{
		const Finding *finding = &site->sink.findings[i];
		const Day  *day = &course.days[course.finding_days[i]].day;
		Datum		values[4];
		bool		nulls[4] = {false};

		if (i == 0)
			finding_row_prepare(&site->shape, TupleDescAttr(result->setDesc, 3)->atttypid, site->context);
		values[0] = Int32GetDatum(course.finding_days[i] + 1);
		values[1] = Int32GetDatum(day_place(day, finding->line) + 1);
		values[2] = line_datum(day_row(day, finding->line));
		values[3] = course_finding(site, &course, i);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}

/* ----------------------------------------------------------------- totals */

static Datum
thousandths(int64 number, bool *is_null)
{
	*is_null = number == NO_AMOUNT;
	return *is_null ? (Datum) 0
		: DirectFunctionCall1(numeric_trim_scale, NumericGetDatum(int64_div_fast_to_numeric(number, 3)));
}

/* Visits are whole numbers. */
static Datum
counted(TotalKind kind, int64 number, bool *is_null)
{
	bool		whole = kind == TOTAL_VISITS_YEAR || kind == TOTAL_VISITS_EPISODE || kind == TOTAL_VISITS_PERIOD;

	return thousandths(whole && number != NO_AMOUNT ? number * 1000 : number, is_null);
}

/* (days, rules, periods): total, of, from_date, to_date, provider, number, used, most, unknown */
Datum
claim_course_totals(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	Course		course;
	Arena		arena;
	int			i;

	InitMaterializedSRF(fcinfo, 0);
	arena_init_context(&arena, CurrentMemoryContext);
	judge_days(fcinfo, site_of(fcinfo), &course, &arena);
	for (i = 0; i < course.n_totals; i++)
	{
		const CourseTotal *total = &course.totals[i];
		const CoursePeriod *period = total->period;
		char		modifier[MODIFIER_TEXT];
		Datum		values[9];
		bool		nulls[9] = {false};

		values[0] = CStringGetTextDatum(period == NULL ? total_names[total->kind] : psprintf("%s-%s", period_kind_names[period->kind], total_names[total->kind]));
		nulls[1] = total->therapy == THERAPY_NONE && (period == NULL || period->discipline == 0);
		if (!nulls[1])
			values[1] = CStringGetTextDatum(period == NULL ? therapy_names[total->therapy] : modifier_to_text(period->discipline, modifier));
		values[2] = DateADTGetDatum(total->from);
		values[3] = DateADTGetDatum(total->to);
		values[4] = text_or_null(period == NULL ? NULL : period->provider.text, &nulls[4]);
		values[5] = text_or_null(period == NULL ? NULL : period->number, &nulls[5]);
		values[6] = counted(total->kind, total->used, &nulls[6]);
		values[7] = counted(total->kind, total->most, &nulls[7]);
		values[8] = Int32GetDatum(total->unknown);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}

/* (rules, amounts): does the policy ask anything of courses?  Of amounts only where they are known. */
Datum
claim_course_asks(PG_FUNCTION_ARGS)
{
	const Ruleset *rules = rules_argument(fcinfo, site_of(fcinfo), 0, true);
	bool		amounts = !PG_ARGISNULL(1) && PG_GETARG_BOOL(1);

	PG_RETURN_BOOL(!policy_list_empty(rules, LIST_COURSE_LIMITS) || !policy_list_empty(rules, LIST_PERIODS_REQUIRED) ||
				   (amounts && (!policy_list_empty(rules, LIST_KX_THRESHOLD) || !policy_list_empty(rules, LIST_REVIEW_THRESHOLD))));
}

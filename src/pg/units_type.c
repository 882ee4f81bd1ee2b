/*
 * src/pg/units_type.c
 *
 * The unit functions in SQL.  They read minutes per unit and the threshold
 * from the built-in medicare policy, where their source stands.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "edits/units.h"
#include "pg/ruleset_type.h"
#include "pg/server.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/typcache.h"

PG_FUNCTION_INFO_V1(timed_units);
PG_FUNCTION_INFO_V1(timed_minutes);
PG_FUNCTION_INFO_V1(allocate_units);
PG_FUNCTION_INFO_V1(units_supported);

static const Policy *
unit_policy(void)
{
	return &starter_default()->policy;
}

Datum
timed_units(PG_FUNCTION_ARGS)
{
	int32		minutes = PG_GETARG_INT32(0);

	if (minutes < 0)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("minutes must not be negative"),
				 errdetail("Minutes are %d.", minutes)));
	PG_RETURN_INT32((int32) units_of_minutes(unit_policy(), minutes));
}

Datum
timed_minutes(PG_FUNCTION_ARGS)
{
	const Policy *policy = unit_policy();
	int32		units = PG_GETARG_INT32(0);
	int64		first = (int64) units * policy->unit_minutes -
		(policy->unit_minutes - policy->unit_threshold);
	TypeCacheEntry *type = lookup_type_cache(INT4RANGEOID, TYPECACHE_RANGE_INFO);
	RangeBound	lower = {0};
	RangeBound	upper = {0};

	if (units < 0 || first + policy->unit_minutes > PG_INT32_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("units out of range"),
				 errdetail("Units are %d, must be 0 to %d.", units,
						   (PG_INT32_MAX - policy->unit_threshold) / policy->unit_minutes)));
	lower.lower = true;
	lower.inclusive = true;
	lower.val = Int32GetDatum((int32) Max(first, 0));
	upper.val = Int32GetDatum((int32) (first + policy->unit_minutes));
	PG_RETURN_RANGE_P(make_range_compat(type, &lower, &upper));
}

/* A service: the entries of one code. */
typedef struct Service
{
	uint32		code;
	bool		timed;
	int			first;			/* of its entries, in sorted order */
	int			n_entries;
} Service;

/* Arguments of both functions, grouped by code. */
typedef struct Entries
{
	int			n;
	uint32	   *codes;
	int		   *order;			/* by code, then as they came */
	int64	   *minutes;		/* in that order */
	int			n_services;
	Service    *services;
	int64	   *service_minutes;	/* of the timed services, the others hold 0 */
	UnitRule	rule;
} Entries;

static void
no_nulls(const char *what, const bool *nulls, int n)
{
	int			i;

	for (i = 0; i < n; i++)
		if (nulls[i])
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("%s must not contain nulls", what),
					 errdetail("Element %d is null.", i + 1)));
}

static void
same_length(const char *what, int n, int n_codes)
{
	if (n != n_codes)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("%s must have as many elements as codes", what),
				 errdetail("There are %d %s and %d codes.", n, what, n_codes)));
}

static UnitRule
unit_rule_from_text(text *name)
{
	char	   *rule = text_to_cstring(name);

	if (strcmp(rule, "cms") == 0)
		return UNIT_RULE_CMS;
	if (strcmp(rule, "ama") == 0)
		return UNIT_RULE_AMA;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("unit rule \"%s\" does not exist", shown_input(rule)),
			 errhint("Use cms (total minutes of the day) or ama (each code alone).")));
	return UNIT_RULE_CMS;
}

/* Codes that the starter edition knows and does not list as timed are untimed. */
static bool
is_timed(uint32 code)
{
	const CodeRow *row = ruleset_code(starter_default(), code);

	return row == NULL || row->classes == 0 || (row->classes & CLASS_TIMED) != 0;
}

static int32 *
int_elements(ArrayType *array, const char *what, int n_codes)
{
	Datum	   *values;
	bool	   *nulls;
	int32	   *numbers;
	int			n;
	int			i;

	deconstruct_array(array, INT4OID, sizeof(int32), true, TYPALIGN_INT, &values, &nulls, &n);
	no_nulls(what, nulls, n);
	same_length(what, n, n_codes);
	numbers = palloc(sizeof(int32) * ((Size) n + 1));
	for (i = 0; i < n; i++)
	{
		numbers[i] = DatumGetInt32(values[i]);
		if (numbers[i] < 0)
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("%s must not be negative", what),
					 errdetail("Element %d is %d.", i + 1, numbers[i])));
	}
	return numbers;
}

static int
compare_entries(const void *a, const void *b, void *codes)
{
	uint32		code_a = ((uint32 *) codes)[*(const int *) a];
	uint32		code_b = ((uint32 *) codes)[*(const int *) b];

	if (code_a != code_b)
		return code_a < code_b ? -1 : 1;
	return *(const int *) a - *(const int *) b;
}

static void
entries_from_args(FunctionCallInfo fcinfo, int rule_arg, Entries *entries)
{
	Datum	   *values;
	bool	   *nulls;
	int32	   *minutes;
	int			i;

	entries->rule = unit_rule_from_text(PG_GETARG_TEXT_PP(rule_arg));
	deconstruct_array(PG_GETARG_ARRAYTYPE_P(0), TEXTOID, -1, false, TYPALIGN_INT,
					  &values, &nulls, &entries->n);
	no_nulls("codes", nulls, entries->n);
	minutes = int_elements(PG_GETARG_ARRAYTYPE_P(1), "minutes", entries->n);

	entries->codes = palloc(sizeof(uint32) * ((Size) entries->n + 1));
	entries->order = palloc(sizeof(int) * ((Size) entries->n + 1));
	for (i = 0; i < entries->n; i++)
	{
		text	   *value = DatumGetTextPP(values[i]);
		Fault		why;

		if (!code_from_text((Word) {VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value), 0},
							&entries->codes[i], &why))
			ereport(ERROR,
					(errcode(fault_errcode(&why)),
					 errmsg("invalid procedure code"),
					 errdetail("%s", why.detail)));
		entries->order[i] = i;
	}
	qsort_arg(entries->order, entries->n, sizeof(int), compare_entries, entries->codes);

	entries->minutes = palloc(sizeof(int64) * ((Size) entries->n + 1));
	entries->services = palloc(sizeof(Service) * ((Size) entries->n + 1));
	entries->service_minutes = palloc(sizeof(int64) * ((Size) entries->n + 1));
	entries->n_services = 0;
	for (i = 0; i < entries->n; i++)
	{
		uint32		code = entries->codes[entries->order[i]];
		Service    *service;

		if (i == 0 || code != entries->codes[entries->order[i - 1]])
		{
			entries->service_minutes[entries->n_services] = 0;
			service = &entries->services[entries->n_services++];
			service->code = code;
			service->timed = is_timed(code);
			service->first = i;
			service->n_entries = 0;
		}
		service = &entries->services[entries->n_services - 1];
		service->n_entries++;
		entries->minutes[i] = minutes[entries->order[i]];
		if (service->timed)
			entries->service_minutes[entries->n_services - 1] += entries->minutes[i];
	}
}

/* One valid allocation, in the order of the arguments. */
Datum
allocate_units(PG_FUNCTION_ARGS)
{
	const Policy *policy = unit_policy();
	Entries		entries;
	int64	   *allowed;
	int64	   *share;
	Datum	   *units;
	int			s,
				i;

	entries_from_args(fcinfo, 2, &entries);
	allowed = palloc(sizeof(int64) * ((Size) entries.n + 1));
	share = palloc(sizeof(int64) * ((Size) entries.n + 1));
	units = palloc0(sizeof(Datum) * ((Size) entries.n + 1));
	units_allocate(policy, entries.rule, entries.n_services, entries.service_minutes, NULL, allowed);
	for (s = 0; s < entries.n_services; s++)
	{
		const Service *service = &entries.services[s];

		if (!service->timed)
			continue;
		units_share(policy, allowed[s], service->n_entries, entries.minutes + service->first,
					share + service->first);
		for (i = service->first; i < service->first + service->n_entries; i++)
			units[entries.order[i]] = Int32GetDatum((int32) share[i]);
	}
	PG_RETURN_ARRAYTYPE_P(construct_array(units, entries.n, INT4OID, sizeof(int32), true, TYPALIGN_INT));
}

/* Are the units one of the valid allocations, or below one? */
Datum
units_supported(PG_FUNCTION_ARGS)
{
	Entries		entries;
	int32	   *units;
	int64	   *billed;
	int64	   *allowed;
	int			s,
				i;

	entries_from_args(fcinfo, 3, &entries);
	units = int_elements(PG_GETARG_ARRAYTYPE_P(2), "units", entries.n);
	billed = palloc0(sizeof(int64) * ((Size) entries.n + 1));
	allowed = palloc(sizeof(int64) * ((Size) entries.n + 1));
	for (s = 0; s < entries.n_services; s++)
		for (i = 0; i < entries.services[s].n_entries; i++)
			billed[s] += (int64) units[entries.order[entries.services[s].first + i]] * 1000;
	units_allocate(unit_policy(), entries.rule, entries.n_services, entries.service_minutes,
				   billed, allowed);
	for (s = 0; s < entries.n_services; s++)
		if (billed[s] > allowed[s] * 1000)
			PG_RETURN_BOOL(false);
	PG_RETURN_BOOL(true);
}

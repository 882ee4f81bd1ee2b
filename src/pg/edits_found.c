/*
 * src/pg/edits_found.c
 *
 * What a scan wants of a day: the findings that it stores, and how many there
 * are of those that it only counts.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "pg/edits_site.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"

PG_FUNCTION_INFO_V1(claim_edits_found);

/* Kinds of findings: a rule, a severity, and whether it is unknown for want of a date of service. */
#define N_SEVERITIES	4
#define N_KINDS			(N_RULES * N_SEVERITIES * 2)

/* The columns of claim_found, as sql/install/86-scan-store.sql has them. */
typedef enum FoundColumn
{
	FOUND_STORED, FOUND_COUNTED, FOUND_UNDECIDED, N_FOUND_COLUMNS
} FoundColumn;

/* What a call site looks up with its first finding, and when it is given other kinds. */
typedef struct FoundShape
{
	ArrayType  *kinds;			/* as they were given */
	bool		stores[N_KINDS];
	TupleDesc	desc;			/* claim_found */
	Oid			placed;			/* claim_placed */
} FoundShape;

static FoundShape *
found_shape(FunctionCallInfo fcinfo, MemoryContext context)
{
	MemoryContext old = MemoryContextSwitchTo(context);
	FoundShape *shape = palloc0(sizeof(FoundShape));

	shape->desc = lookup_rowtype_tupdesc_copy(get_fn_expr_rettype(fcinfo->flinfo), -1);
	shape->placed = get_element_type(TupleDescAttr(shape->desc, FOUND_STORED)->atttypid);
	MemoryContextSwitchTo(old);
	return shape;
}

/* Take the kinds that are stored; mostly they are those of the call before. */
static void
take_kinds(FoundShape *shape, ArrayType *given, MemoryContext context)
{
	Datum	   *kinds;
	int			n;
	int			i;

	if (shape->kinds != NULL && VARSIZE(shape->kinds) == VARSIZE(given) &&
		memcmp(shape->kinds, given, VARSIZE(given)) == 0)
		return;
	memset(shape->stores, 0, sizeof(shape->stores));
	deconstruct_array(given, INT4OID, 4, true, TYPALIGN_INT, &kinds, NULL, &n);
	for (i = 0; i < n; i++)
	{
		int32		kind = DatumGetInt32(kinds[i]);

		if (kind < 0 || kind >= N_KINDS)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("kind of finding %d does not exist", kind),
					 errdetail("Kinds are 0 to %d.", N_KINDS - 1)));
		shape->stores[kind] = true;
	}
	pfree(kinds);
	if (shape->kinds != NULL)
		pfree(shape->kinds);
	shape->kinds = MemoryContextAlloc(context, VARSIZE(given));
	memcpy(shape->kinds, given, VARSIZE(given));
}

static bool
is_stored(const FoundShape *shape, const Finding *finding)
{
	bool		undated = finding->lowered && finding->severity == SEVERITY_UNKNOWN;

	return shape->stores[((int) finding->rule * N_SEVERITIES + (int) finding->severity) * 2 + undated];
}

/* How many there are of each rule and severity, as JSON: [["units-unknown", "unknown", 2], ...], in the order of rules and severities. */
static Datum
counts_json(int counts[N_RULES][N_SEVERITIES])
{
	StringInfoData text;
	int			rule;
	int			severity;

	initStringInfo(&text);
	for (rule = 0; rule < N_RULES; rule++)
		for (severity = 0; severity < N_SEVERITIES; severity++)
			if (counts[rule][severity] > 0)
				appendStringInfo(&text, "%s[\"%s\", \"%s\", %d]", text.len > 0 ? ", " : "[", rule_names[rule],
								 severity_names[severity], counts[rule][severity]);
	appendStringInfoChar(&text, ']');
	return PointerGetDatum(cstring_to_text_with_len(text.data, text.len));
}

/* (day, rules, kinds that are stored): null where nothing is found, as on most days, which cost no row. */
Datum
claim_edits_found(PG_FUNCTION_ARGS)
{
	Site	   *site = site_of(fcinfo);
	const Ruleset *rules = rules_argument(fcinfo, site, 1, true);
	FoundShape *shape;
	int			counts[N_RULES][N_SEVERITIES] = {{0}};
	Datum	   *stored;
	Datum		values[N_FOUND_COLUMNS];
	bool		nulls[N_FOUND_COLUMNS] = {false};
	bool		undecided = false;
	int			n_stored = 0;
	int			i;

	not_null(PG_ARGISNULL(2), "kinds of findings");
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	day_argument(fcinfo, site, INPUT_DAY);
	site_judge(site, rules, SINK_FULL, SEVERITY_INFO);
	if (site->sink.n_findings == 0)
		PG_RETURN_NULL();
	if (site->found == NULL)
		site->found = found_shape(fcinfo, site->context);
	shape = site->found;
	take_kinds(shape, PG_GETARG_ARRAYTYPE_P(2), site->context);
	finding_row_prepare(&site->shape, shape->placed, site->context);
	stored = palloc(sizeof(Datum) * (Size) site->sink.n_findings);
	for (i = 0; i < site->sink.n_findings; i++)
	{
		const Finding *finding = &site->sink.findings[i];

		undecided |= finding->severity == SEVERITY_UNKNOWN;
		if (is_stored(shape, finding))
			stored[n_stored++] = finding_row(&site->shape, &site->sink, finding);
		else
			counts[finding->rule][finding->severity]++;
	}
	nulls[FOUND_STORED] = n_stored == 0;
	if (n_stored > 0)
		values[FOUND_STORED] = PointerGetDatum(construct_array(stored, n_stored, shape->placed, -1, false, TYPALIGN_DOUBLE));
	nulls[FOUND_COUNTED] = n_stored == site->sink.n_findings;
	if (n_stored < site->sink.n_findings)
		values[FOUND_COUNTED] = counts_json(counts);
	values[FOUND_UNDECIDED] = BoolGetDatum(undecided);
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(shape->desc, values, nulls)));
}

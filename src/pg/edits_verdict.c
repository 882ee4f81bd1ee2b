/*
 * src/pg/edits_verdict.c
 *
 * claim_passes: the edits as a verdict.
 */
#include "postgres.h"

#include "catalog/pg_enum.h"
#include "pg/edits_site.h"
#include "pg/server.h"
#include "utils/builtins.h"
#include "utils/syscache.h"

PG_FUNCTION_INFO_V1(claim_passes_day);
PG_FUNCTION_INFO_V1(claim_passes_lines);
PG_FUNCTION_INFO_V1(claim_passes_line);
PG_FUNCTION_INFO_V1(claim_passes_text);
PG_FUNCTION_INFO_V1(claim_passes_day_text);
PG_FUNCTION_INFO_V1(claim_passes_lines_text);
PG_FUNCTION_INFO_V1(claim_passes_line_text);
PG_FUNCTION_INFO_V1(claim_passes_text_text);

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
			 errhint("Use info, unknown, review or deny; the ruleset of a policy is ruleset(%s).",
					 quote_literal_cstr(shown_input(name)))));
	return SEVERITY_DENY;
}

/* (day | lines | line | its text [, rules], fail_at): the last argument is the severity. */
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
	if (!is_one_line(kind) && PG_ARGISNULL(0))
		PG_RETURN_NULL();
	if (is_one_line(kind))
		PG_RETURN_BOOL(site_line_passes(fcinfo, site, kind, rules, fail_at));
	day_argument(fcinfo, site, kind);
	site_judge(site, rules, SINK_VERDICT, fail_at);
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
claim_passes_text(PG_FUNCTION_ARGS)
{
	return return_verdict(fcinfo, INPUT_TEXT, false);
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

Datum
claim_passes_text_text(PG_FUNCTION_ARGS)
{
	return return_verdict(fcinfo, INPUT_TEXT, true);
}

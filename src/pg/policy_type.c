/*
 * src/pg/policy_type.c
 *
 * The table claim_policy, as far as it is not SQL: what is shipped, the check
 * of settings, settings with what they inherit.
 */
#include "postgres.h"

#include "funcapi.h"
#include "pg/ruleset_compile.h"
#include "pg/server.h"
#include "ruleset/ruleset_text.h"
#include "ruleset/starter.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"

PG_FUNCTION_INFO_V1(claim_policies_shipped);
PG_FUNCTION_INFO_V1(claim_policy_check);
PG_FUNCTION_INFO_V1(claim_policy_settings);
PG_FUNCTION_INFO_V1(claim_policy_draft);

static Datum
jsonb_of(const char *text)
{
	return DirectFunctionCall1(jsonb_in, CStringGetDatum(text));
}

Datum
claim_policies_shipped(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	const StarterPolicy *policy;

	InitMaterializedSRF(fcinfo, 0);
	for (policy = starter_policies; policy->name != NULL; policy++)
	{
		Datum		values[4];
		bool		nulls[4] = {false, false, policy->note[0] == '\0', policy->source[0] == '\0'};

		values[0] = CStringGetTextDatum(policy->name);
		values[1] = jsonb_of(policy->settings);
		values[2] = CStringGetTextDatum(policy->note);
		values[3] = CStringGetTextDatum(policy->source);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}

/* Settings by themselves: the name that they extend, or null. */
Datum
claim_policy_check(PG_FUNCTION_ARGS)
{
	Jsonb	   *settings = PG_GETARG_JSONB_P(0);
	char	   *text = JsonbToCString(NULL, &settings->root, VARSIZE(settings));
	Arena		arena;
	RulesetSpec *spec;
	Word		parent;
	Fault		why;

	arena_init_context(&arena, CurrentMemoryContext);
	spec = spec_begin(&arena);
	if (!policy_from_text(text, strlen(text), &arena, spec, &parent, &why) ||
		(parent.text == NULL && !spec_policy_complete(spec, &why)))
		ereport(ERROR,
				(errcode(fault_errcode(&why)),
				 errmsg("invalid settings of a policy"),
				 errdetail("%s", why.detail),
				 why.kind == FAULT_MISSING && parent.text == NULL
				 ? errhint("Give every setting, or \"extends\" and those that differ.") : 0));
	if (parent.text == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text_with_len(parent.text, (int) parent.length));
}

Datum
claim_policy_settings(PG_FUNCTION_ARGS)
{
	const Ruleset *rules = ruleset_of_policy(text_to_cstring(PG_GETARG_TEXT_PP(0)));
	StringInfoData text;

	initStringInfo(&text);
	policy_to_text(rules, put_piece, &text);
	PG_RETURN_DATUM(jsonb_of(text.data));
}

static char *
text_argument(FunctionCallInfo fcinfo, int i)
{
	return PG_ARGISNULL(i) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(i));
}

/* (settings, parent, name, edition, service type): the ruleset of settings that no policy has; null for none, or no name. */
Datum
claim_policy_draft(PG_FUNCTION_ARGS)
{
	Jsonb	   *settings;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(2))
		PG_RETURN_NULL();
	settings = PG_GETARG_JSONB_P(0);
	PG_RETURN_POINTER(ruleset_of_draft(JsonbToCString(NULL, &settings->root, VARSIZE(settings)), text_argument(fcinfo, 1),
									   text_argument(fcinfo, 2), text_argument(fcinfo, 3), text_argument(fcinfo, 4)));
}

/*
 * src/ruleset_type.c
 *
 * The type claim_ruleset: input and output, the built-in rulesets, what they
 * say of themselves.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "mb/pg_wchar.h"
#include "server.h"
#include "starter.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/memutils.h"
#include "utils/typcache.h"

PG_FUNCTION_INFO_V1(claim_ruleset_in);
PG_FUNCTION_INFO_V1(claim_ruleset_out);
PG_FUNCTION_INFO_V1(claim_ruleset_recv);
PG_FUNCTION_INFO_V1(claim_ruleset_send);
PG_FUNCTION_INFO_V1(starter_ruleset);
PG_FUNCTION_INFO_V1(ruleset_by_name);
PG_FUNCTION_INFO_V1(ruleset_hash);
PG_FUNCTION_INFO_V1(ruleset_coverage);
PG_FUNCTION_INFO_V1(claim_rules);
PG_FUNCTION_INFO_V1(claim_regions);

/* ------------------------------------------------------ input and output */

/* The memory of building, given back at once: it is several times the result. */
static Ruleset *
ruleset_parse(const char *text, Fault *why)
{
	MemoryContext building;
	Arena		arena;
	Ruleset    *rules;

	/* the core writes escapes in UTF-8 */
	if (GetDatabaseEncoding() != PG_UTF8 && strstr(text, "\\u") != NULL)
	{
		fault(why, FAULT_SYNTAX, 0, "\\u escapes need a database in UTF8");
		return NULL;
	}
	building = AllocSetContextCreate(CurrentMemoryContext, "claim_ruleset input", ALLOCSET_DEFAULT_SIZES);
	arena_init_context(&arena, building);
	rules = ruleset_from_text(text, strlen(text), &arena, context_get, CurrentMemoryContext, why);
	MemoryContextDelete(building);
	if (rules != NULL)
		SET_VARSIZE(rules, rules->size);
	return rules;
}

Datum
claim_ruleset_in(PG_FUNCTION_ARGS)
{
	char	   *text = PG_GETARG_CSTRING(0);
	Fault		why;
	Ruleset    *rules = ruleset_parse(text, &why);

	if (rules == NULL)
		RETURN_FAULT(fcinfo->context, "claim_ruleset", text, &why);
	PG_RETURN_POINTER(rules);
}

static void
append_piece(void *context, const char *text, size_t length)
{
	appendBinaryStringInfo((StringInfo) context, text, (int) length);
}

static void
ruleset_text_of(Datum datum, StringInfo text)
{
	RulesetCache cache = {{0}, NULL, CurrentMemoryContext};

	initStringInfo(text);
	ruleset_to_text(ruleset_from_datum(datum, &cache), append_piece, text);
}

Datum
claim_ruleset_out(PG_FUNCTION_ARGS)
{
	StringInfoData text;

	ruleset_text_of(PG_GETARG_DATUM(0), &text);
	PG_RETURN_CSTRING(text.data);
}

Datum
claim_ruleset_recv(PG_FUNCTION_ARGS)
{
	char	   *text = receive_text((StringInfo) PG_GETARG_POINTER(0), "claim_ruleset");
	Fault		why;
	Ruleset    *rules = ruleset_parse(text, &why);

	if (rules == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid binary value for type %s", "claim_ruleset"),
				 errdetail("%s", why.detail)));
	PG_RETURN_POINTER(rules);
}

Datum
claim_ruleset_send(PG_FUNCTION_ARGS)
{
	StringInfoData text;

	ruleset_text_of(PG_GETARG_DATUM(0), &text);
	PG_RETURN_BYTEA_P(send_text(text.data, (size_t) text.len));
}

/* -------------------------------------------------------------- the value */

/* Ensure that the ruleset was made by this version of the extension. */
static const Ruleset *
check_ruleset(const Ruleset *rules)
{
	if (rules->version != RULESET_VERSION || VARSIZE(rules) != rules->size)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("ruleset was made by another version of claimline"),
				 errdetail("Its version is %u and its size %u, this is version %d and its size %u.",
						   rules->version, rules->size, RULESET_VERSION, (unsigned) VARSIZE(rules)),
				 errhint("Make it again from its text form.")));
	return rules;
}

const Ruleset *
ruleset_kept(Datum datum, RulesetCache *cache)
{
	/* the first bytes are the hash: enough to know a copy that we have */
	struct varlena *head = PG_DETOAST_DATUM_SLICE(datum, 0, sizeof(cache->hash));

	if (cache->copy == NULL ||
		memcmp(VARDATA_ANY(head), cache->hash, sizeof(cache->hash)) != 0)
	{
		MemoryContext old = MemoryContextSwitchTo(cache->context);

		if (cache->copy != NULL)
			pfree(cache->copy);
		cache->copy = NULL;
		cache->copy = (Ruleset *) PG_DETOAST_DATUM_COPY(datum);
		MemoryContextSwitchTo(old);
		check_ruleset(cache->copy);
		memcpy(cache->hash, cache->copy->hash, sizeof(cache->hash));
	}
	return cache->copy;
}

const Ruleset *
ruleset_from_datum(Datum datum, RulesetCache *cache)
{
	struct varlena *value = (struct varlena *) DatumGetPointer(datum);

	/* a plain value is used where it lies */
	if (!VARATT_IS_EXTENDED(value))
		return check_ruleset((Ruleset *) value);
	return ruleset_kept(datum, cache);
}

const Ruleset *
starter_default(void)
{
	return (const Ruleset *) starter_rulesets[0].ruleset;
}

Datum
starter_ruleset(PG_FUNCTION_ARGS)
{
	/* lies in the module's read-only data */
	return PointerGetDatum(starter_default());
}

/* Names of the built-in policies or editions, for a message. */
static char *
starter_names(bool policies)
{
	StringInfoData names;
	int			i,
				j;

	initStringInfo(&names);
	for (i = 0; starter_rulesets[i].policy != NULL; i++)
	{
		const char *name = policies ? starter_rulesets[i].policy : starter_rulesets[i].edition;

		for (j = 0; j < i; j++)
			if (strcmp(name, policies ? starter_rulesets[j].policy : starter_rulesets[j].edition) == 0)
				break;
		if (j == i)
			appendStringInfo(&names, "%s%s", i == 0 ? "" : ", ", name);
	}
	return names.data;
}

/* A policy over an edition; null stands for the first edition. */
Datum
ruleset_by_name(PG_FUNCTION_ARGS)
{
	char	   *policy;
	char	   *edition;
	bool		policy_known = false;
	int			i;

	if (PG_ARGISNULL(0))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("policy must not be null"),
				 errdetail("There are: %s.", starter_names(true))));
	policy = text_to_cstring(PG_GETARG_TEXT_PP(0));
	edition = PG_ARGISNULL(1) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(1));
	for (i = 0; starter_rulesets[i].policy != NULL; i++)
	{
		if (strcmp(starter_rulesets[i].policy, policy) != 0)
			continue;
		policy_known = true;
		if (edition == NULL || strcmp(starter_rulesets[i].edition, edition) == 0)
			return PointerGetDatum(starter_rulesets[i].ruleset);
	}
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_OBJECT),
			 policy_known ? errmsg("edition \"%s\" does not exist", edition)
			 : errmsg("policy \"%s\" does not exist", policy),
			 errdetail("There are: %s.", starter_names(!policy_known))));
	PG_RETURN_NULL();
}

Datum
ruleset_hash(PG_FUNCTION_ARGS)
{
	/* the first bytes, so that a toasted ruleset is not fetched */
	struct varlena *head = PG_DETOAST_DATUM_SLICE(PG_GETARG_DATUM(0), 0, 16);
	const uint8 *hash = (const uint8 *) VARDATA_ANY(head);
	char		text[33];
	int			i;

	for (i = 0; i < 16; i++)
		snprintf(text + 2 * i, 3, "%02x", hash[i]);
	PG_RETURN_TEXT_P(cstring_to_text(text));
}

Datum
ruleset_coverage(PG_FUNCTION_ARGS)
{
	RulesetCache cache = {{0}, NULL, CurrentMemoryContext};
	const Ruleset *rules = ruleset_from_datum(PG_GETARG_DATUM(0), &cache);
	TypeCacheEntry *type = lookup_type_cache(DATERANGEOID, TYPECACHE_RANGE_INFO);
	RangeBound	lower = {0};
	RangeBound	upper = {0};

	lower.lower = true;
	lower.inclusive = true;
	lower.infinite = rules->edition.from == DATE_BEGIN;
	lower.val = DateADTGetDatum(rules->edition.from);
	upper.inclusive = true;
	upper.infinite = rules->edition.to == DATE_END;
	upper.val = DateADTGetDatum(rules->edition.to);
	PG_RETURN_RANGE_P(make_range_compat(type, &lower, &upper));
}

/* The catalogue of the starter ruleset; denial codes as of today's lists. */
Datum
claim_rules(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	const Ruleset *rules = starter_default();
	const RuleRow *rows = ruleset_rows(rules, SECTION_RULES);
	int			i;

	InitMaterializedSRF(fcinfo, 0);
	for (i = 0; i < N_RULES; i++)
	{
		Datum		values[7];
		bool		nulls[7] = {false};
		const char *carc;
		const char *rarc;

		ruleset_denial(rules, (Rule) i, NULL, CLAIMLINE_NO_DOS, &carc, &rarc);
		values[0] = CStringGetTextDatum(rule_names[i]);
		values[1] = CStringGetTextDatum(ruleset_text(rules, rows[i].family));
		values[2] = CStringGetTextDatum(severity_names[rows[i].severity]);
		values[3] = CStringGetTextDatum(ruleset_text(rules, rows[i].title));
		nulls[4] = carc == NULL;
		values[4] = carc == NULL ? (Datum) 0 : CStringGetTextDatum(carc);
		nulls[5] = rarc == NULL;
		values[5] = rarc == NULL ? (Datum) 0 : CStringGetTextDatum(rarc);
		values[6] = CStringGetTextDatum(ruleset_text(rules, rows[i].citation));
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}

/* The ruleset that a call site keeps between calls. */
static RulesetCache *
site_cache(FunctionCallInfo fcinfo)
{
	RulesetCache *cache = fcinfo->flinfo->fn_extra;

	if (cache == NULL)
	{
		fcinfo->flinfo->fn_extra = cache =
			MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(*cache));
		cache->context = fcinfo->flinfo->fn_mcxt;
	}
	return cache;
}

/* Diagnoses to regions; null elements and blanks are skipped. */
Datum
claim_regions(PG_FUNCTION_ARGS)
{
	const Ruleset *rules = starter_default();
	Datum	   *values;
	bool	   *nulls;
	int			n;
	uint16		regions = 0;
	Datum		names[N_REGIONS];
	int			n_names = 0;
	int			i;

	if (PG_NARGS() > 1)
	{
		if (PG_ARGISNULL(1))
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("ruleset must not be null")));
		rules = ruleset_from_datum(PG_GETARG_DATUM(1), site_cache(fcinfo));
	}
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	deconstruct_array(PG_GETARG_ARRAYTYPE_P(0), TEXTOID, -1, false, TYPALIGN_INT, &values, &nulls, &n);
	for (i = 0; i < n; i++)
	{
		text	   *value;
		Word		word;
		uint64		dx;
		Fault		why;

		if (nulls[i])
			continue;
		value = DatumGetTextPP(values[i]);
		word = word_trim((Word) {VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value), 0});
		if (word.length == 0)
			continue;
		if (!dx_from_text(word, &dx, &why))
			ereport(ERROR,
					(errcode(fault_errcode(&why)),
					 errmsg("invalid diagnosis code"),
					 errdetail("%s", why.detail)));
		regions |= ruleset_dx_regions(rules, dx);
	}
	for (i = 0; i < N_REGIONS; i++)
		if (regions & 1 << i)
			names[n_names++] = CStringGetTextDatum(region_names[i]);
	PG_RETURN_ARRAYTYPE_P(construct_array(names, n_names, TEXTOID, -1, false, TYPALIGN_INT));
}

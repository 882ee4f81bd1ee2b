/*
 * src/pg/ruleset_type.c
 *
 * The type claim_ruleset: input and output, the built-in rulesets, what they
 * say of themselves.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "pg/ruleset_type.h"
#include "pg/server.h"
#include "ruleset/ruleset_adopt.h"
#include "ruleset/ruleset_text.h"
#include "ruleset/starter.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/typcache.h"

PG_FUNCTION_INFO_V1(claim_ruleset_in);
PG_FUNCTION_INFO_V1(claim_ruleset_out);
PG_FUNCTION_INFO_V1(claim_ruleset_recv);
PG_FUNCTION_INFO_V1(claim_ruleset_send);
PG_FUNCTION_INFO_V1(starter_ruleset);
PG_FUNCTION_INFO_V1(ruleset_hash);
PG_FUNCTION_INFO_V1(ruleset_coverage);
PG_FUNCTION_INFO_V1(ruleset_part_coverage);
PG_FUNCTION_INFO_V1(claim_rules);
PG_FUNCTION_INFO_V1(claim_regions);
PG_FUNCTION_INFO_V1(ruleset_diff);
PG_FUNCTION_INFO_V1(kx_required);

/* ------------------------------------------------------ input and output */

/* The memory of building, given back at once: it is several times the result. */
static Ruleset *
ruleset_parse(const char *text, Fault *why)
{
	MemoryContext building;
	Arena		arena;
	Ruleset    *rules;

	if (!escapes_fit(text, why))
		return NULL;
	building = AllocSetContextCreate(CurrentMemoryContext, "claim_ruleset input", ALLOCSET_DEFAULT_SIZES);
	arena_init_context(&arena, building);
	rules = ruleset_from_text(text, strlen(text), starter_default(), &arena, context_get, CurrentMemoryContext, why);
	MemoryContextDelete(building);
	if (rules != NULL)
		SET_VARSIZE(rules, rules->size);
	return rules;
}

/* Who writes no JSON where a ruleset goes may mean a policy by its name. */
static const char *
name_hint(const char *text)
{
	Word		word = word_trim((Word) {text, strlen(text), 0});

	if (word.length > 0 && word.text[0] == '{')
		return NULL;
	if (word.length == 0 || word.length >= NAMEDATALEN || strpbrk(text, "[\"\r\n") != NULL)
		return "The ruleset of a policy is ruleset('medicare').";
	return psprintf("The ruleset of a policy is ruleset(%s).", quote_literal_cstr(pnstrdup(word.text, word.length)));
}

Datum
claim_ruleset_in(PG_FUNCTION_ARGS)
{
	char	   *text = PG_GETARG_CSTRING(0);
	Fault		why;
	Ruleset    *rules = ruleset_parse(text, &why);

	if (rules == NULL)
	{
		why.hint = name_hint(text);
		RETURN_FAULT(fcinfo->context, "claim_ruleset", text, &why);
	}
	PG_RETURN_POINTER(rules);
}

static void
ruleset_text_of(Datum datum, StringInfo text)
{
	RulesetCache cache = {NULL, CurrentMemoryContext};

	initStringInfo(text);
	ruleset_to_text(ruleset_from_datum(datum, &cache), put_piece, text);
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
		refuse_binary("claim_ruleset", &why);
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

/* Can the ruleset be read where it lies? */
static bool
is_ours(const Ruleset *rules)
{
	return ruleset_is_ours(rules) && VARSIZE(rules) == rules->size;
}

/* A ruleset that another version or list of rules made, as one of ours in the current memory context. */
static Ruleset *
adopt(const Ruleset *stored)
{
	MemoryContext building = AllocSetContextCreate(CurrentMemoryContext, "claim_ruleset adopted", ALLOCSET_DEFAULT_SIZES);
	Arena		arena;
	Fault		why;
	Ruleset    *rules;

	arena_init_context(&arena, building);
	rules = ruleset_adopt(stored, VARSIZE(stored), starter_default(), &arena, context_get, CurrentMemoryContext, &why);
	if (rules == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("ruleset was made by another version of claimline"),
				 errdetail("%s", why.detail),
				 why.kind == FAULT_MISSING
				 ? errhint("Update the extension to the version that made it.")
				 : errhint("Make it again from its text form.")));
	MemoryContextDelete(building);
	SET_VARSIZE(rules, rules->size);
	return rules;
}

const Ruleset *
ruleset_kept(Datum datum, RulesetCache *cache)
{
	/* the first bytes are the hash: enough to know a copy that we have */
	struct varlena *head = PG_DETOAST_DATUM_SLICE(datum, 0, sizeof(cache->copy->hash));

	if (cache->copy == NULL ||
		memcmp(VARDATA_ANY(head), cache->copy->hash, sizeof(cache->copy->hash)) != 0)
	{
		MemoryContext old = MemoryContextSwitchTo(cache->context);
		Ruleset    *copy;

		if (cache->copy != NULL)
			pfree(cache->copy);
		cache->copy = NULL;
		copy = (Ruleset *) PG_DETOAST_DATUM_COPY(datum);
		if (!is_ours(copy))
		{
			Ruleset    *stored = copy;

			copy = adopt(stored);
			pfree(stored);
		}
		cache->copy = copy;
		MemoryContextSwitchTo(old);
	}
	return cache->copy;
}

const Ruleset *
ruleset_from_datum(Datum datum, RulesetCache *cache)
{
	struct varlena *value = (struct varlena *) DatumGetPointer(datum);

	/* a plain value of ours is used where it lies */
	if (!VARATT_IS_EXTENDED(value) && is_ours((Ruleset *) value))
		return (Ruleset *) value;
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

static Datum
date_range(int32 from, int32 to)
{
	TypeCacheEntry *type = lookup_type_cache(DATERANGEOID, TYPECACHE_RANGE_INFO);
	RangeBound	lower = {0};
	RangeBound	upper = {0};

	lower.lower = true;
	lower.inclusive = true;
	lower.infinite = from == DATE_BEGIN;
	lower.val = DateADTGetDatum(from);
	upper.inclusive = from <= to;	/* else the range is empty */
	upper.infinite = to == DATE_END;
	upper.val = DateADTGetDatum(Max(from, to));
	return RangeTypePGetDatum(make_range_compat(type, &lower, &upper));
}

Datum
ruleset_coverage(PG_FUNCTION_ARGS)
{
	RulesetCache cache = {NULL, CurrentMemoryContext};
	const Ruleset *rules = ruleset_from_datum(PG_GETARG_DATUM(0), &cache);

	return date_range(rules->edition.from, rules->edition.to);
}

/* Of one of the parts of the edition, for a code that no row names. */
Datum
ruleset_part_coverage(PG_FUNCTION_ARGS)
{
	RulesetCache cache = {NULL, CurrentMemoryContext};
	const Ruleset *rules = ruleset_from_datum(PG_GETARG_DATUM(0), &cache);
	char	   *name = text_to_cstring(PG_GETARG_TEXT_PP(1));
	Coverage	coverage;
	int			part;

	for (part = 0; part < N_PARTS && strcmp(part_names[part], name) != 0; part++)
		 /* on */ ;
	if (part == N_PARTS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("an edition has no part \"%s\"", name),
				 errhint("Use ptp, mue or addon.")));
	coverage = ruleset_coverage_of(rules, (RulesetPart) part, 0, 0, CLAIMLINE_NO_DOS);
	return date_range(coverage.from, coverage.to);
}

/* The names of parts of an edition, a bit each, as text[] */
static Datum
parts_array(uint32 parts)
{
	Datum		names[N_PARTS];
	int			n = 0;
	int			i;

	for (i = 0; i < N_PARTS; i++)
		if (parts & 1 << i)
			names[n++] = CStringGetTextDatum(part_names[i]);
	return PointerGetDatum(construct_array(names, n, TEXTOID, -1, false, TYPALIGN_INT));
}

/* The catalogue of the starter ruleset; denial codes as of today's lists. */
Datum
claim_rules(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	const Ruleset *rules = starter_default();
	const RuleRow *rows = ruleset_rows(rules, SECTION_RULES);
	Oid			severity_in,
				severity_type;
	int			i;

	InitMaterializedSRF(fcinfo, 0);
	/* the enum; text where the extension of release 0.1.0 has not been updated yet */
	getTypeInputInfo(TupleDescAttr(result->setDesc, 2)->atttypid, &severity_in, &severity_type);
	for (i = 0; i < N_RULES; i++)
	{
		Datum		values[8];
		bool		nulls[8] = {false};
		const char *carc;
		const char *rarc;

		ruleset_denial(rules, (Rule) i, NULL, CLAIMLINE_NO_DOS, &carc, &rarc);
		values[0] = CStringGetTextDatum(rule_names[i]);
		values[1] = CStringGetTextDatum(ruleset_text(rules, rows[i].family));
		values[2] = OidInputFunctionCall(severity_in, pstrdup(severity_names[rows[i].severity]), severity_type, -1);
		values[3] = CStringGetTextDatum(ruleset_text(rules, rows[i].title));
		nulls[4] = carc == NULL;
		values[4] = carc == NULL ? (Datum) 0 : CStringGetTextDatum(carc);
		nulls[5] = rarc == NULL;
		values[5] = rarc == NULL ? (Datum) 0 : CStringGetTextDatum(rarc);
		values[6] = CStringGetTextDatum(ruleset_text(rules, rows[i].citation));
		values[7] = parts_array(rows[i].reads);
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

/* Is what was allowed in the year above the threshold from which KX is needed? */
Datum
kx_required(PG_FUNCTION_ARGS)
{
	const Ruleset *rules = PG_NARGS() > 2 ? ruleset_from_datum(PG_GETARG_DATUM(2), site_cache(fcinfo))
		: starter_default();
	DateADT		dos = PG_GETARG_DATEADT(0);
	uint32		threshold;
	int			year,
				month,
				day;

	if (DATE_NOT_FINITE(dos))
		PG_RETURN_NULL();
	j2date(dos + POSTGRES_EPOCH_JDATE, &year, &month, &day);
	if (!policy_number(rules, LIST_KX_THRESHOLD, (uint64) year, &threshold))
		PG_RETURN_NULL();
	PG_RETURN_DATUM(DirectFunctionCall2(numeric_gt, PG_GETARG_DATUM(1),
										DirectFunctionCall1(int4_numeric, Int32GetDatum((int32) threshold))));
}

/* Where the rows of ruleset_diff go. */
static void
put_difference(void *context, const Difference *difference)
{
	ReturnSetInfo *result = context;
	Datum		values[4];
	bool		nulls[4] = {false, difference->n_codes == 0, difference->before == NULL, difference->after == NULL};
	Datum		codes[2];
	int			i;

	CHECK_FOR_INTERRUPTS();
	for (i = 0; i < difference->n_codes; i++)
	{
		char		code[CODE_TEXT];

		codes[i] = CStringGetTextDatum(code_to_text(difference->codes[i], code));
	}
	values[0] = CStringGetTextDatum(difference->path);
	values[1] = PointerGetDatum(construct_array(codes, difference->n_codes, TEXTOID, -1, false, TYPALIGN_INT));
	values[2] = nulls[2] ? (Datum) 0 : CStringGetTextDatum(difference->before);
	values[3] = nulls[3] ? (Datum) 0 : CStringGetTextDatum(difference->after);
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

Datum
ruleset_diff(PG_FUNCTION_ARGS)
{
	RulesetCache caches[2] = {{NULL, CurrentMemoryContext}, {NULL, CurrentMemoryContext}};
	const Ruleset *a = ruleset_from_datum(PG_GETARG_DATUM(0), &caches[0]);
	const Ruleset *b = ruleset_from_datum(PG_GETARG_DATUM(1), &caches[1]);
	Arena		arena;

	InitMaterializedSRF(fcinfo, 0);
	arena_init_context(&arena, CurrentMemoryContext);
	ruleset_differences(a, b, &arena, put_difference, fcinfo->resultinfo);
	return (Datum) 0;
}

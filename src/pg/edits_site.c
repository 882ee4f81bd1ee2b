/*
 * src/pg/edits_site.c
 *
 * A call site of the edits: its arguments, and the judgement of a day.
 */
#include "postgres.h"

#include "pg/day_type.h"
#include "pg/edits_site.h"
#include "pg/line_type.h"
#include "pg/ruleset_share.h"
#include "pg/server.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

static void
site_init(Site *site, MemoryContext context)
{
	site->context = context;
	site->arguments = AllocSetContextCreate(context, "claimline arguments", ALLOCSET_SMALL_SIZES);
	arena_init_context(&site->arena, context);
	site->rulesets.context = context;
	site->wants = WANT_ALL;
}

Site *
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

void
not_null(bool is_null, const char *what)
{
	if (is_null)
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("%s must not be null", what)));
}

const Ruleset *
rules_argument(FunctionCallInfo fcinfo, Site *site, int arg, bool given)
{
	if (!given)
		return starter_default();
	not_null(PG_ARGISNULL(arg), "ruleset");
	return ruleset_from_datum(PG_GETARG_DATUM(arg), &site->rulesets);
}

static struct varlena *
line_of_text(Datum datum)
{
	return (struct varlena *) DatumGetPointer(line_input(TextDatumGetCString(datum), NULL));
}

/*
 * The day of the first argument.  It must last until the last row is returned,
 * and the caller's memory is reset between rows.
 */
void
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
		case INPUT_TEXT:
			day->lines = &site->only;
			site->only.line = NULL;
			site->only.line_no = 1;
			site->only.has_line_no = true;
			day->n_lines = 1;
			day->n_netted = 0;
			day->netted = false;
			day->n_valid = !PG_ARGISNULL(0);
			if (!PG_ARGISNULL(0))
			{
				/* a stored line has a short header and is not aligned: copied to where it is */
				struct varlena *packed = kind == INPUT_LINE ? PG_GETARG_VARLENA_PP(0) : line_of_text(PG_GETARG_DATUM(0));

				memcpy(&site->line, VARDATA_ANY(packed), Min(VARSIZE_ANY_EXHDR(packed), sizeof(site->line)));
				site->only.line = &site->line.line;
			}
			break;
	}
	MemoryContextSwitchTo(old);
}

/* A call site that has searched so often judges many lines of many codes: a filter pays. */
#define SEARCHES_BEFORE_FILTER	16384

/* A filter of its own, of a ruleset that is in no file. */
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

/* The filter of the pairs of a ruleset: that of its file, which is there as long as the ruleset; else one of its own. */
static void
use_filter(Site *site, const Ruleset *rules)
{
	PairMemo   *pairs = site->pairs;
	const PairFilter *shared = ruleset_shared_filter(rules);

	if (shared != NULL)
		pairs->filter = shared;
	else if (pairs->filter != site->filter)
		pairs->filter = NULL;
	if (pairs->filter == NULL && pairs->n_searches > SEARCHES_BEFORE_FILTER && pair_memo_is_of(pairs, rules))
		make_filter(site, rules);
}

/* A call site that has judged so many lines reads a table: what it remembers of a ruleset pays. */
#define LINES_BEFORE_MEMO		256

/*
 * Room for a memo of a ruleset in a context of its own, the one before being freed; NULL while it would not pay.  The memo's
 * further needs come from the arena.
 */
static void *
memo_room(Site *site, MemoryContext *context, uint32 *n_lines, int n, size_t size, Arena *arena)
{
	if ((*n_lines += (uint32) n) < LINES_BEFORE_MEMO)
		return NULL;
	*n_lines = 0;
	if (*context != NULL)
		MemoryContextReset(*context);
	else
		*context = AllocSetContextCreate(site->context, "claimline memo", ALLOCSET_DEFAULT_SIZES);
	arena_init_context(arena, *context);
	return MemoryContextAlloc(*context, size);
}

/* What is remembered of the ruleset about codes and modifiers; NULL for nothing. */
static FactMemo *
fact_memo_of(Site *site, const Ruleset *rules)
{
	Arena		arena;

	if (site->facts != NULL && fact_memo_is_of(site->facts, rules))
		return site->facts;
	site->facts = memo_room(site, &site->facts_context, &site->n_facts, site->day.n_lines, sizeof(FactMemo), &arena);
	if (site->facts != NULL)
		fact_memo_start(site->facts, rules, &arena);
	return site->facts;
}

/* And about single lines, for a severity. */
static LineMemo *
line_memo_of(Site *site, const Ruleset *rules, Severity fail_at)
{
	Arena		arena;

	if (site->verdicts != NULL && line_memo_is_of(site->verdicts, rules, fail_at))
		return site->verdicts;
	site->verdicts = memo_room(site, &site->verdicts_context, &site->n_verdicts, 1, sizeof(LineMemo), &arena);
	if (site->verdicts != NULL)
		line_memo_start(site->verdicts, rules, fail_at, &arena);
	return site->verdicts;
}

void
site_judge(Site *site, const Ruleset *rules, SinkMode mode, Severity at_least)
{
	/* a call site that judges one day has nothing to remember */
	if (site->pairs == NULL && site->day.n_lines > 1 && site->has_judged)
	{
		site->pairs = MemoryContextAlloc(site->context, sizeof(PairMemo));
		pair_memo_start(site->pairs, rules);
	}
	site->has_judged = true;
	if (site->pairs != NULL)
		use_filter(site, rules);
	sink_init(&site->sink, &site->arena, site->pairs, mode);
	site->sink.facts = fact_memo_of(site, rules);
	site->sink.at_least = at_least;
	site->sink.wants = site->wants;
	judge_day(&site->day, rules, &site->sink);
}

bool
site_line_passes(FunctionCallInfo fcinfo, Site *site, InputKind kind, const Ruleset *rules, Severity fail_at)
{
	LineMemo   *memo = kind == INPUT_TEXT || PG_ARGISNULL(0) ? NULL : line_memo_of(site, rules, fail_at);
	struct varlena *stored = memo == NULL ? NULL : PG_GETARG_VARLENA_PP(0);
	LineVerdict *verdict = memo == NULL ? NULL : line_memo_find(memo, VARDATA_ANY(stored), VARSIZE_ANY_EXHDR(stored));

	if (verdict != NULL && verdict->is_known)
		return verdict->passes;
	day_argument(fcinfo, site, kind);
	site_judge(site, rules, SINK_VERDICT, fail_at);
	if (verdict != NULL)
	{
		verdict->passes = !site->sink.reached;
		verdict->is_known = true;
	}
	return !site->sink.reached;
}

/*
 * src/pg/ruleset_compile.c
 *
 * A policy over an edition, compiled from the tables of the extension.
 */
#include "postgres.h"

#ifndef WIN32
#include <sys/mman.h>
#include <unistd.h>
#endif

#include "commands/extension.h"
#include "common/hashfn.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "ncci/ncci_addon.h"
#include "pg/ncci_type.h"
#include "pg/ruleset_compile.h"
#include "pg/ruleset_share.h"
#include "pg/ruleset_tables.h"
#include "pg/ruleset_type.h"
#include "pg/server.h"
#include "ruleset/pair_overlay.h"
#include "ruleset/ruleset_text.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/memutils.h"

PG_FUNCTION_INFO_V1(ruleset_by_name);

/* ------------------------------------------------------------ unit limits */

/* All unit limits of an edition; none where it has no such file. */
static void
read_limits(const RulesetSource *source, int i, EditionPart *parts, Arena *arena)
{
	const EditionMeta *edition = &source->editions[i];
	const NcciRows *rows;
	const MueValue *values;
	uint32		n;

	if (parts[i].has_limits || edition->mue_hash == NULL)
		return;
	rows = ncci_rows_of_datum(stored_datum(source, i, "mue"));
	check_ncci_kind(rows, NCCI_MUE);
	values = ncci_rows_mue(rows, &n);
	if (edition->mue_over != NULL)
	{
		int			under = edition_index(source, edition->mue_over);

		check_stack_depth();
		read_limits(source, under, parts, arena);
		values = mue_overlay(arena, parts[under].values, parts[under].n_values, values, n, &n);
	}
	parts[i].values = values;
	parts[i].n_values = n;
	parts[i].has_limits = true;
	parts[i].whole = edition->mue_whole;
}

/* --------------------------------------------------------------- building */

static void
set(RulesetSpec *spec, const char *object, const char *key, const char *value)
{
	Word		word = {value, value == NULL ? 0 : strlen(value), 0};
	Fault		why;

	if (!spec_set(spec, object, (Word) {key, strlen(key), 0}, &word, &why))
		ereport(ERROR,
				(errcode(fault_errcode(&why)),
				 errmsg("the ruleset cannot be built"),
				 errdetail("%s", why.detail)));
}

/* The chosen edition, or the last before it that has code pairs; -1 for none. */
static int
edition_of_pairs(const RulesetSource *source)
{
	int			i = source->chosen;

	while (i >= 0 && (source->editions[i].retired || source->editions[i].ptp_hash == NULL))
		i--;
	return i;
}

/* The pairs of an edition, as the base and one overlay. */
static void
add_pairs(RulesetSpec *spec, const RulesetSource *source, Arena *arena)
{
	PairSet    *base = arena_alloc(arena, sizeof(PairSet));
	PairSet    *over = NULL;
	const NcciRows *rows;
	int			steps = 0;
	int			i = edition_of_pairs(source);

	if (i < 0)
	{
		memset(base, 0, sizeof(PairSet));
		spec_pairs(spec, base, NULL);
		return;
	}
	for (; source->editions[i].ptp_over != NULL; i = edition_index(source, source->editions[i].ptp_over))
	{
		PairSet    *under = arena_alloc(arena, sizeof(PairSet));

		CHECK_FOR_INTERRUPTS();
		if (++steps > source->n_editions)
			elog(ERROR, "edition %s lies over itself", source->editions[i].name);
		rows = ncci_rows_of_datum(stored_datum(source, i, "ptp"));
		check_ncci_kind(rows, NCCI_PTP);
		ncci_rows_pairs(rows, arena, under);
		if (over != NULL)
		{
			PairSet    *both = arena_alloc(arena, sizeof(PairSet));

			pair_set_overlay(both, arena, under, over, true);
			under = both;
		}
		over = under;
	}
	read_base(source, i, arena, base);
	spec_pairs(spec, base, over);
}

/* The chosen edition, or the last before it that has add-on codes; -1 for none. */
static int
edition_of_addons(const RulesetSource *source)
{
	int			i = source->chosen;

	while (i >= 0 && (source->editions[i].retired || source->editions[i].addon_hash == NULL))
		i--;
	return i;
}

/* The add-on codes of an edition: some thousands, so they are put over one another one by one. */
static void
read_addons(const RulesetSource *source, int i, Arena *arena, PairSet *addons)
{
	const NcciRows *rows = ncci_rows_of_datum(stored_datum(source, i, "addon"));
	PairSet		over,
				under;

	check_ncci_kind(rows, NCCI_ADDON);
	ncci_rows_pairs(rows, arena, addons);
	if (source->editions[i].addon_over == NULL)
		return;
	check_stack_depth();
	over = *addons;
	read_addons(source, edition_index(source, source->editions[i].addon_over), arena, &under);
	pair_set_overlay(addons, arena, &under, &over, false);
}

/*
 * The built-in edition's share, as what is known at the end of its dates: it
 * counts least.  Its limits and add-on codes are known for longer than its pairs.
 */
static void
starter_parts(const Ruleset *starter, const EditionMeta *chosen, Arena *arena, EditionPart *pairs, EditionPart *limits, EditionPart *addons)
{
	Coverage	coverage;

	pairs->retired = limits->retired = addons->retired = starter == NULL || starter->edition.to > chosen->to;
	if (pairs->retired)
		return;
	pairs->from = starter->edition.from;
	pairs->to = starter->edition.to;
	pairs->has_pairs = true;
	coverage = ruleset_coverage_of(starter, PART_MUE, 0, 0, CLAIMLINE_NO_DOS);
	limits->from = coverage.from;
	limits->to = Min(coverage.to, chosen->to);
	limits->has_limits = true;
	limits->values = ruleset_limits(starter, arena, &limits->n_values);
	coverage = ruleset_coverage_of(starter, PART_ADDON, 0, 0, CLAIMLINE_NO_DOS);
	addons->from = coverage.from;
	addons->to = Min(coverage.to, chosen->to);
	addons->has_addons = true;
}

/* The add-on codes of the last edition that has some, else those that are built in. */
static void
add_addons(RulesetSpec *spec, const RulesetSource *source, const Ruleset *starter, Arena *arena)
{
	int			i = edition_of_addons(source);
	PairSet		addons;

	if (i >= 0)
	{
		read_addons(source, i, arena, &addons);
		spec_add_addon_pairs(spec, &addons);
	}
	else if (starter != NULL)
		spec_load_addons(spec, starter);
}

/*
 * The edition of the tables: its pairs, and the limits of all editions up to
 * it, the built-in one first.
 */
static void
add_edition(RulesetSpec *spec, const RulesetSource *source, Arena *arena)
{
	const EditionMeta *chosen = &source->editions[source->chosen];
	const Ruleset *starter = source->starter == NULL ? NULL : (const Ruleset *) source->starter->ruleset;
	/* overlays may lie over editions of a later time */
	EditionPart *all = arena_alloc(arena, sizeof(EditionPart) * ((size_t) source->n_editions + 3));
	EditionPart *parts = all + 3;
	int			i = edition_of_pairs(source);

	set(spec, "edition", "name", chosen->name);
	set(spec, "edition", "service_type", source->service_type);
	set(spec, "edition", "scope", i >= 0 && source->editions[i].ptp_whole ? "all" : "listed");
	memset(all, 0, sizeof(EditionPart) * ((size_t) source->n_editions + 3));
	starter_parts(starter, chosen, arena, &all[0], &all[1], &all[2]);
	if (i < 0 && !all[0].retired)
		spec_load_pairs(spec, starter);
	else
		add_pairs(spec, source, arena);
	add_addons(spec, source, all[0].retired ? NULL : starter, arena);
	for (i = 0; i <= source->chosen; i++)
	{
		parts[i].from = source->editions[i].from;
		parts[i].to = source->editions[i].to;
		parts[i].retired = source->editions[i].retired;
		parts[i].has_pairs = source->editions[i].ptp_hash != NULL;
		parts[i].has_addons = source->editions[i].addon_hash != NULL;
		if (!parts[i].retired)
			read_limits(source, i, parts, arena);
	}
	if (!spec_add_history(spec, arena, all, source->chosen + 4))
		elog(ERROR, "edition %s covers nothing", chosen->name);
}

/*
 * Memory for a ruleset.  One of 2.5 million pairs has five thousand small
 * pages, each of which the first write pays for: ask for large ones.
 */
static void *
get_pages(void *context, size_t size)
{
	char	   *block = context_get(context, size);
#ifdef MADV_HUGEPAGE
	uintptr_t	page = (uintptr_t) sysconf(_SC_PAGESIZE);
	uintptr_t	start = ((uintptr_t) block + page - 1) / page * page;
	uintptr_t	end = ((uintptr_t) block + size) / page * page;

	/* refused or not, the block is as good */
	if (end > start && end - start > 4 * 1024 * 1024)
		(void) madvise((void *) start, end - start, MADV_HUGEPAGE);
#endif
	return block;
}

/* Within SPI. */
static Ruleset *
build(const RulesetSource *source, MemoryContext result)
{
	MemoryContext building = AllocSetContextCreate(CurrentMemoryContext, "ruleset", ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(building);
	Arena		arena;
	RulesetSpec *spec;
	Ruleset    *rules;
	Word		parent;
	Fault		why;
	int			i;

	arena_init_context(&arena, building);
	spec = spec_begin(&arena);
	spec_load(spec, source->starter != NULL ? (const Ruleset *) source->starter->ruleset : starter_default(),
			  source->chosen < 0);
	for (i = 0; i < source->n_layers; i++)
		if (!policy_from_text(source->layers[i], strlen(source->layers[i]), &arena, spec, &parent, &why))
			ereport(ERROR,
					(errcode(fault_errcode(&why)),
					 errmsg("policy \"%s\" has invalid settings", source->policy),
					 errdetail("%s", why.detail)));
	set(spec, "policy", "name", source->policy);
	if (source->chosen >= 0)
		add_edition(spec, source, &arena);
	rules = spec_encode(spec, get_pages, result, &why);
	if (rules == NULL)
		ereport(ERROR,
				(errcode(fault_errcode(&why)),
				 errmsg("the ruleset of policy \"%s\" cannot be built", source->policy),
				 errdetail("%s", why.detail)));
	SET_VARSIZE(rules, rules->size);
	MemoryContextSwitchTo(old);
	MemoryContextDelete(building);
	return rules;
}

/* ---------------------------------------------------------------- the calls */

/* Everything that the ruleset is built from, rows by their hashes. */
static StringInfoData
built_from(const RulesetSource *source)
{
	StringInfoData all;
	int			i;

	initStringInfo(&all);
	appendStringInfo(&all, "%s|%s", source->policy, source->service_type);
	for (i = 0; i < source->n_layers; i++)
		appendStringInfo(&all, "|%s", source->layers[i]);
	if (source->chosen < 0)
		appendStringInfo(&all, "|%s", source->starter->edition);
	else
	{
		/* all of them: rows may lie over those of an edition of a later time */
		appendStringInfo(&all, "|%d", source->chosen);
		for (i = 0; i < source->n_editions; i++)
		{
			const EditionMeta *edition = &source->editions[i];

			appendStringInfo(&all, "|%zu %s|%d|%d|%s|%s|%s|%s|%d%d%d", strlen(edition->name), edition->name,
							 edition->from, edition->to,
							 edition->ptp_over ? edition->ptp_over : "",
							 edition->mue_over ? edition->mue_over : "",
							 edition->ptp_hash ? edition->ptp_hash : "",
							 edition->mue_hash ? edition->mue_hash : "",
							 edition->ptp_whole, edition->mue_whole, edition->retired);
			if (edition->addon_hash != NULL)
				appendStringInfo(&all, "|addon %s %s", edition->addon_hash, edition->addon_over ? edition->addon_over : "");
		}
	}
	return all;
}

static void
key_of(const StringInfoData *all, uint8 key[RULESET_KEY])
{
	uint64		a = hash_bytes_extended((unsigned char *) all->data, all->len, 0);
	uint64		b = hash_bytes_extended((unsigned char *) all->data, all->len, UINT64CONST(0x9E3779B97F4A7C15));

	memcpy(key, &a, 8);
	memcpy(key + 8, &b, 8);
}

/* The ruleset that another backend has built, or one that is built and, where it is large, left for others. */
static Ruleset *
shared_or_built(const RulesetSource *source, const StringInfoData *all, MemoryContext context)
{
	char		name[RULESET_FILE];
	Ruleset    *rules;
	Ruleset    *mapped;

	ruleset_file_name(all->data, (size_t) all->len, name);
	rules = ruleset_map(name, context);
	if (rules != NULL)
		return rules;
	rules = build(source, context);
	if (rules->size < RULESET_SHARE_SIZE || !ruleset_share(name, rules) || (mapped = ruleset_map(name, context)) == NULL)
		return rules;
	pfree(rules);
	return mapped;
}

/*
 * A part of a query that Citus has sent to a worker would be judged by what the
 * worker's own tables say, which nobody keeps.
 */
static void
refuse_on_shard(void)
{
	static const char internal[] = "citus_internal";

	if (strncmp(application_name, internal, strlen(internal)) == 0 && !creating_extension)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("ruleset() is called by a worker of Citus"),
				 errdetail("Policies and editions are those of the coordinator: a worker would judge by others."),
				 errhint("Write (SELECT ruleset(...)), or pass the ruleset as a parameter or a variable, which is right also "
						 "where the query is of one shard.")));
}

const Ruleset *
ruleset_for(RulesetSite *site, const char *policy, const char *edition, const char *service_type)
{
	RulesetSource source = {policy, 0, NULL, service_type, NULL, 0, -1, NULL};
	StringInfoData all;
	uint8		key[RULESET_KEY];

	refuse_on_shard();
	SPI_connect();
	read_policy_layers(&source, CurrentMemoryContext);
	read_editions(&source, CurrentMemoryContext);
	choose_edition(&source, edition);
	all = built_from(&source);
	key_of(&all, key);
	if (!ruleset_is_built(key))
	{
		/* lost with the query if building fails, else kept */
		MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "claimline ruleset", ALLOCSET_SMALL_SIZES);

		ruleset_keep(key, shared_or_built(&source, &all, context), context);
	}
	SPI_finish();
	return ruleset_hold(site, key, policy, edition, service_type);
}

const Ruleset *
ruleset_of_policy(const char *policy)
{
	MemoryContext result = CurrentMemoryContext;
	RulesetSource source = {policy, 0, NULL, starter_rulesets[0].service_type, NULL, 0, -1, &starter_rulesets[0]};
	const Ruleset *rules;

	SPI_connect();
	read_policy_layers(&source, CurrentMemoryContext);
	rules = build(&source, result);
	SPI_finish();
	return rules;
}

const Ruleset *
ruleset_of_draft(const char *settings, const char *parent, const char *name, const char *edition, const char *service_type)
{
	MemoryContext result = CurrentMemoryContext;
	RulesetSource source = {parent, 0, NULL, service_type, NULL, 0, -1, NULL};
	const Ruleset *rules;
	const char **layers;

	refuse_on_shard();
	SPI_connect();
	if (parent != NULL)
		read_policy_layers(&source, CurrentMemoryContext);
	layers = palloc(sizeof(char *) * (Size) (source.n_layers + 1));
	if (source.n_layers > 0)
		memcpy(layers, source.layers, sizeof(char *) * (Size) source.n_layers);
	layers[source.n_layers++] = settings;
	source.layers = layers;
	source.policy = name;
	read_editions(&source, CurrentMemoryContext);
	choose_edition(&source, edition);
	rules = build(&source, result);
	SPI_finish();
	return rules;
}

static const Ruleset *
ruleset_of_tables(FunctionCallInfo fcinfo, const Word names[RULESET_NAMES])
{
	RulesetSite *site = ruleset_site_of(fcinfo);
	const Ruleset *rules = ruleset_at_hand(site, names);
	char	   *texts[RULESET_NAMES];
	int			i;

	if (rules != NULL)
		return rules;
	for (i = 0; i < RULESET_NAMES; i++)
		texts[i] = names[i].text == NULL ? NULL : pnstrdup(names[i].text, names[i].length);
	return ruleset_for(site, texts[0], texts[1], texts[2]);
}

/* A policy over an edition; null stands for the newest. */
Datum
ruleset_by_name(PG_FUNCTION_ARGS)
{
	Word		names[RULESET_NAMES];
	int			i;

	for (i = 0; i < RULESET_NAMES; i++)
	{
		text	   *name = PG_ARGISNULL(i) ? NULL : PG_GETARG_TEXT_PP(i);

		names[i] = name == NULL ? (Word) {NULL, 0, 0} : (Word) {VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name), 0};
	}
	if (names[0].text == NULL || names[2].text == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("%s must not be null", names[0].text == NULL ? "policy" : "service type")));
	return PointerGetDatum(ruleset_of_tables(fcinfo, names));
}

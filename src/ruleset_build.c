/*
 * src/ruleset_build.c
 *
 * From the tables claim_policy and ncci_edition to a ruleset: the only file
 * that reads tables.
 */
#include "postgres.h"

#include <sys/mman.h>
#include <unistd.h>

#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "edition_history.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "ncci_file.h"
#include "ruleset_keep.h"
#include "server.h"
#include "starter.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

/* ------------------------------------------------- what is in the tables */

/* A published edition, without its rows. */
typedef struct EditionMeta
{
	const char *name;
	int32		from;			/* dates of service covered */
	int32		to;
	const char *ptp_over;		/* edition under its rows, or NULL */
	const char *mue_over;
	const char *ptp_hash;		/* NULL where it has none */
	const char *mue_hash;
	bool		ptp_whole;		/* does a pair without a row have no edit? */
	bool		mue_whole;		/* does a code without a limit have none? */
	bool		retired;
} EditionMeta;

/* What a ruleset is built from. */
typedef struct Source
{
	const char *policy;
	int			n_layers;
	const char **layers;		/* settings, the root's first */
	const char *service_type;
	const EditionMeta *editions;	/* all of the service type, in order of time */
	int			n_editions;
	int			chosen;			/* of these, or -1: the built-in one */
	const StarterRuleset *starter;	/* of the service type, or NULL */
} Source;

char *
schema_of(FunctionCallInfo fcinfo)
{
	return (char *) quote_identifier(get_namespace_name(get_func_namespace(fcinfo->flinfo->fn_oid)));
}

/* Run a query with text arguments; within SPI. */
static void
query(const char *sql, int n, const char **arguments)
{
	Oid			types[2] = {TEXTOID, TEXTOID};
	Datum		values[2];
	int			i;

	for (i = 0; i < n; i++)
		values[i] = CStringGetTextDatum(arguments[i]);
	if (SPI_execute_with_args(sql, n, types, values, NULL, true, 0) != SPI_OK_SELECT)
		elog(ERROR, "could not read the tables of claimline");
}

static char *
cell(uint64 row, int column)
{
	return SPI_getvalue(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, column);
}

static Datum
cell_datum(uint64 row, int column, bool *is_null)
{
	return SPI_getbinval(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, column, is_null);
}

/* Copied out of SPI's memory. */
static char *
kept(MemoryContext context, const char *text)
{
	return text == NULL ? NULL : MemoryContextStrdup(context, text);
}

/* The names in a column of what was read, for a message. */
static char *
names_in(int column)
{
	StringInfoData names;
	uint64		i;

	initStringInfo(&names);
	for (i = 0; i < SPI_processed; i++)
		appendStringInfo(&names, "%s%s", i == 0 ? "" : ", ", cell(i, column));
	return names.data;
}

/* The policy and what it extends, the root first. */
static void
read_policy_layers(const char *schema, Source *source, MemoryContext context)
{
	uint64		i,
				n;

	query(psprintf("WITH RECURSIVE layers AS ("
				   "SELECT p.settings, 1 AS depth, ARRAY[p.name] AS path FROM %s.claim_policy p WHERE p.name OPERATOR(pg_catalog.=) $1 "
				   "UNION ALL SELECT p.settings, l.depth OPERATOR(pg_catalog.+) 1, l.path OPERATOR(pg_catalog.||) p.name "
				   "FROM layers l JOIN %s.claim_policy p "
				   "ON p.name OPERATOR(pg_catalog.=) (l.settings OPERATOR(pg_catalog.->>) 'extends') "
				   "WHERE l.depth OPERATOR(pg_catalog.<=) 32) "
				   "SELECT settings::pg_catalog.text, settings OPERATOR(pg_catalog.->>) 'extends' FROM layers ORDER BY depth DESC",
				   schema, schema), 1, &source->policy);
	n = SPI_processed;
	if (n == 0)
	{
		query(psprintf("SELECT name FROM %s.claim_policy ORDER BY name", schema), 0, NULL);
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("policy \"%s\" does not exist", source->policy),
				 errdetail("There are: %s.", names_in(1))));
	}
	if (cell(0, 2) != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 n > 32 ? errmsg("policy \"%s\" extends itself, or more than 32 others", source->policy)
				 : errmsg("policy \"%s\" extends \"%s\", which does not exist", source->policy, cell(0, 2)),
				 errdetail("At \"policy.extends\".")));
	source->layers = MemoryContextAlloc(context, sizeof(char *) * n);
	source->n_layers = (int) n;
	for (i = 0; i < n; i++)
		source->layers[i] = kept(context, cell(i, 1));
}

/* A bound of a range of dates, as a date that is included. */
static int32
date_of(uint64 row, int column, int32 open)
{
	bool		is_null;
	Datum		date = cell_datum(row, column, &is_null);

	return is_null ? open : DatumGetDateADT(date);
}

static void
read_editions(const char *schema, Source *source, MemoryContext context)
{
	EditionMeta *editions;
	uint64		i;

	query(psprintf("SELECT e.edition, pg_catalog.lower(e.covers), pg_catalog.upper(e.covers) OPERATOR(pg_catalog.-) 1, "
				   "e.ptp_over, e.mue_over, e.ptp_hash, e.mue_hash, e.ptp_whole, e.mue_whole, "
				   "EXISTS (SELECT FROM %s.ncci_retired r WHERE r.service_type OPERATOR(pg_catalog.=) e.service_type "
				   "AND r.edition OPERATOR(pg_catalog.=) e.edition) "
				   "FROM %s.ncci_edition e WHERE e.service_type OPERATOR(pg_catalog.=) $1 "
				   "ORDER BY pg_catalog.upper(e.covers) NULLS LAST, pg_catalog.lower(e.covers) NULLS FIRST, e.published_at",
				   schema, schema), 1, &source->service_type);
	editions = MemoryContextAllocZero(context, sizeof(EditionMeta) * (SPI_processed + 1));
	source->n_editions = (int) SPI_processed;
	for (i = 0; i < SPI_processed; i++)
	{
		bool		is_null;

		editions[i].name = kept(context, cell(i, 1));
		editions[i].from = date_of(i, 2, DATE_BEGIN);
		editions[i].to = date_of(i, 3, DATE_END);
		editions[i].ptp_over = kept(context, cell(i, 4));
		editions[i].mue_over = kept(context, cell(i, 5));
		editions[i].ptp_hash = kept(context, cell(i, 6));
		editions[i].mue_hash = kept(context, cell(i, 7));
		editions[i].ptp_whole = DatumGetBool(cell_datum(i, 8, &is_null));
		editions[i].mue_whole = DatumGetBool(cell_datum(i, 9, &is_null));
		editions[i].retired = DatumGetBool(cell_datum(i, 10, &is_null));
	}
	source->editions = editions;
}

/* The edition asked for, or the newest; else the built-in one. */
static void
choose_edition(const char *schema, Source *source, const char *edition)
{
	int			i;

	for (i = 0; starter_rulesets[i].edition != NULL; i++)
		if (strcmp(starter_rulesets[i].service_type, source->service_type) == 0)
			source->starter = &starter_rulesets[i];
	source->chosen = -1;
	for (i = 0; ncci_service_types[i] != NULL && strcmp(ncci_service_types[i], source->service_type) != 0; i++)
		;
	if (ncci_service_types[i] == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("service type \"%s\" does not exist", source->service_type),
				 errhint("Use practitioner, outpatient or dme.")));
	for (i = source->n_editions - 1; i >= 0; i--)
	{
		const EditionMeta *found = &source->editions[i];

		if (edition == NULL ? found->retired : strcmp(found->name, edition) != 0)
			continue;
		if (found->retired)
			ereport(ERROR,
					(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
					 errmsg("edition \"%s\" of service type \"%s\" is retired", edition, source->service_type),
					 errhint("See the view ncci_editions.")));
		source->chosen = i;
		return;
	}
	/* a built-in edition says its service type by its name */
	for (i = 0; edition != NULL && starter_rulesets[i].edition != NULL; i++)
		if (strcmp(starter_rulesets[i].edition, edition) == 0)
		{
			source->starter = &starter_rulesets[i];
			return;
		}
	if (edition == NULL && source->starter != NULL)
		return;
	query(psprintf("SELECT edition OPERATOR(pg_catalog.||) ' (' OPERATOR(pg_catalog.||) service_type OPERATOR(pg_catalog.||) ')' "
				   "FROM %s.ncci_edition UNION ALL VALUES ('starter (practitioner)'), ('starter-outpatient (outpatient)') ORDER BY 1",
				   schema), 0, NULL);
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_OBJECT),
			 edition == NULL ? errmsg("no edition of service type \"%s\" is published", source->service_type)
			 : errmsg("edition \"%s\" of service type \"%s\" does not exist", edition, source->service_type),
			 errdetail("There are: %s.", names_in(1)),
			 errhint("Load the files of CMS and call ncci_publish().")));
}

/* ------------------------------------------------------------ unit limits */

static int
edition_index(const Source *source, const char *name)
{
	int			i;

	for (i = 0; i < source->n_editions; i++)
		if (strcmp(source->editions[i].name, name) == 0)
			return i;
	elog(ERROR, "edition %s is missing", name);
	return -1;
}

/* The rows of one kind of an edition as they are stored; valid until SPI_finish. */
static Datum
stored_datum(const char *schema, const Source *source, int i, const char *column)
{
	const char *arguments[2] = {source->service_type, source->editions[i].name};
	bool		is_null;
	Datum		datum;

	query(psprintf("SELECT e.%s FROM %s.ncci_edition e WHERE e.service_type OPERATOR(pg_catalog.=) $1 "
				   "AND e.edition OPERATOR(pg_catalog.=) $2", column, schema), 2, arguments);
	if (SPI_processed != 1)
		elog(ERROR, "edition %s is missing", source->editions[i].name);
	datum = cell_datum(0, 1, &is_null);
	if (is_null)
		elog(ERROR, "edition %s has no %s", source->editions[i].name, column);
	return datum;
}

/*
 * The base's pairs are read in pieces, straight into the ruleset: fetching them
 * as a whole first would touch as much memory again, and a new backend pays for
 * every page.  A piece is below malloc's threshold for mapping memory anew.
 */
#define PIECE_ROWS	(64 * 1024 / sizeof(PairRow))

typedef struct PairSource
{
	Datum		rows;			/* toasted */
	int32		head;			/* bytes in front of the pairs */
	uint32		n_rows;
	uint32		first;			/* of the piece at hand */
	uint32		n;
	struct varlena *piece;
} PairSource;

static void
read_pairs(void *context, uint32_t first, uint32_t n, PairRow *to)
{
	PairSource *source = context;

	while (n > 0)
	{
		uint32		held;

		if (source->piece == NULL || first < source->first || first >= source->first + source->n)
		{
			if (source->piece != NULL)
				pfree(source->piece);
			CHECK_FOR_INTERRUPTS();
			source->first = first;
			source->n = Min(PIECE_ROWS, source->n_rows - first);
			source->piece = PG_DETOAST_DATUM_SLICE(source->rows,
												   source->head + (int32) (first * sizeof(PairRow)),
												   (int32) (source->n * sizeof(PairRow)));
		}
		held = Min(n, source->first + source->n - first);
		memcpy(to, VARDATA_ANY(source->piece) + (first - source->first) * sizeof(PairRow), held * sizeof(PairRow));
		to += held;
		first += held;
		n -= held;
	}
}

/* The pairs of an edition that is stored whole, to be read in pieces. */
static void
read_base(const char *schema, const Source *source, int i, Arena *arena, PairSet *set)
{
	PairSource *pairs = arena_alloc(arena, sizeof(PairSource));
	struct varlena *head;
	NcciRows   *rows;
	uint32		size;

	memset(pairs, 0, sizeof(PairSource));
	pairs->rows = stored_datum(schema, source, i, "ptp");
	head = PG_DETOAST_DATUM_SLICE(pairs->rows, 0, sizeof(NcciRows) - VARHDRSZ);
	rows = arena_alloc(arena, sizeof(NcciRows));
	memcpy((char *) rows + VARHDRSZ, VARDATA_ANY(head), sizeof(NcciRows) - VARHDRSZ);
	check_ncci_rows(rows);
	check_ncci_kind(rows, NCCI_PTP);
	size = (uint32) ncci_rows_head(rows);
	head = PG_DETOAST_DATUM_SLICE(pairs->rows, 0, (int32) (size - VARHDRSZ));
	rows = arena_alloc(arena, size);
	memcpy((char *) rows + VARHDRSZ, VARDATA_ANY(head), size - VARHDRSZ);
	ncci_rows_pairs(rows, arena, set);
	pairs->head = (int32) (size - VARHDRSZ);
	pairs->n_rows = rows->n_rows;
	set->rows = NULL;
	set->read = read_pairs;
	set->source = pairs;
}

/* All unit limits of an edition; none where it has no such file. */
static void
read_limits(const char *schema, const Source *source, int i, EditionPart *parts, Arena *arena)
{
	const EditionMeta *edition = &source->editions[i];
	const NcciRows *rows;
	const MueValue *values;
	uint32		n;

	if (parts[i].has_limits || edition->mue_hash == NULL)
		return;
	rows = ncci_rows_of_datum(stored_datum(schema, source, i, "mue"));
	check_ncci_kind(rows, NCCI_MUE);
	values = ncci_rows_mue(rows, &n);
	if (edition->mue_over != NULL)
	{
		int			under = edition_index(source, edition->mue_over);

		check_stack_depth();
		read_limits(schema, source, under, parts, arena);
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
edition_of_pairs(const Source *source)
{
	int			i = source->chosen;

	while (i >= 0 && (source->editions[i].retired || source->editions[i].ptp_hash == NULL))
		i--;
	return i;
}

/* The pairs of an edition, as the base and one overlay. */
static void
add_pairs(RulesetSpec *spec, const char *schema, const Source *source, Arena *arena)
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
		rows = ncci_rows_of_datum(stored_datum(schema, source, i, "ptp"));
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
	read_base(schema, source, i, arena, base);
	spec_pairs(spec, base, over);
}

/*
 * The edition of the tables: its pairs, and the limits of all editions up to
 * it.  The built-in one is known at the end of its dates, and counts least.
 */
static void
add_edition(RulesetSpec *spec, const char *schema, const Source *source, Arena *arena)
{
	const EditionMeta *chosen = &source->editions[source->chosen];
	const Ruleset *starter = source->starter == NULL ? NULL : (const Ruleset *) source->starter->ruleset;
	/* overlays may lie over editions of a later time */
	EditionPart *all = arena_alloc(arena, sizeof(EditionPart) * ((size_t) source->n_editions + 1));
	EditionPart *parts = all + 1;
	int			i = edition_of_pairs(source);

	set(spec, "edition", "name", chosen->name);
	set(spec, "edition", "service_type", source->service_type);
	set(spec, "edition", "scope", i >= 0 && source->editions[i].ptp_whole ? "all" : "listed");
	add_pairs(spec, schema, source, arena);
	memset(all, 0, sizeof(EditionPart) * ((size_t) source->n_editions + 1));
	for (i = 0; i <= source->chosen; i++)
	{
		parts[i].from = source->editions[i].from;
		parts[i].to = source->editions[i].to;
		parts[i].retired = source->editions[i].retired;
		if (!parts[i].retired)
			read_limits(schema, source, i, parts, arena);
	}
	all[0].retired = starter == NULL || starter->edition.to > chosen->to;
	if (!all[0].retired)
	{
		all[0].from = starter->edition.from;
		all[0].to = starter->edition.to;
		all[0].has_limits = true;
		all[0].values = ruleset_limits(starter, arena, &all[0].n_values);
	}
	if (!spec_add_history(spec, arena, all, source->chosen + 2))
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
build(const char *schema, const Source *source, MemoryContext result)
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
		add_edition(spec, schema, source, &arena);
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

/* A hash of everything that the ruleset is built from. */
static void
key_of(const Source *source, uint8 key[RULESET_KEY])
{
	StringInfoData all;
	uint64		a,
				b;
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
		}
	}
	a = hash_bytes_extended((unsigned char *) all.data, all.len, 0);
	b = hash_bytes_extended((unsigned char *) all.data, all.len, UINT64CONST(0x9E3779B97F4A7C15));
	memcpy(key, &a, 8);
	memcpy(key + 8, &b, 8);
}

const Ruleset *
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
	return ruleset_for(site, schema_of(fcinfo), texts[0], texts[1], texts[2]);
}

const Ruleset *
ruleset_for(RulesetSite *site, const char *schema, const char *policy, const char *edition, const char *service_type)
{
	Source		source = {policy, 0, NULL, service_type, NULL, 0, -1, NULL};
	uint8		key[RULESET_KEY];

	SPI_connect();
	read_policy_layers(schema, &source, CurrentMemoryContext);
	read_editions(schema, &source, CurrentMemoryContext);
	choose_edition(schema, &source, edition);
	key_of(&source, key);
	if (!ruleset_is_built(key))
	{
		/* lost with the query if building fails, else kept */
		MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "claimline ruleset", ALLOCSET_SMALL_SIZES);

		ruleset_keep(key, build(schema, &source, context), context);
	}
	SPI_finish();
	return ruleset_hold(site, key, policy, edition, service_type);
}

const Ruleset *
ruleset_of_policy(FunctionCallInfo fcinfo, const char *policy)
{
	MemoryContext result = CurrentMemoryContext;
	Source		source = {policy, 0, NULL, starter_rulesets[0].service_type, NULL, 0, -1, &starter_rulesets[0]};
	char	   *schema = schema_of(fcinfo);
	const Ruleset *rules;

	SPI_connect();
	read_policy_layers(schema, &source, CurrentMemoryContext);
	rules = build(schema, &source, result);
	SPI_finish();
	return rules;
}

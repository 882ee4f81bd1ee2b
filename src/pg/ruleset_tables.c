/*
 * src/pg/ruleset_tables.c
 *
 * What the tables of policies and editions say.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "ncci/ncci_file.h"
#include "pg/extension.h"
#include "pg/ncci_type.h"
#include "pg/ruleset_tables.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/lsyscache.h"

PG_FUNCTION_INFO_V1(claim_service_type_check);

/* Ensure that NCCI has a service type. */
static void
check_service_type(const char *service_type)
{
	int			i;

	for (i = 0; ncci_service_types[i] != NULL; i++)
		if (strcmp(ncci_service_types[i], service_type) == 0)
			return;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("service type \"%s\" does not exist", service_type),
			 errhint("Use practitioner, outpatient or dme; or medicaid-practitioner, medicaid-outpatient or medicaid-dme.")));
}

Datum
claim_service_type_check(PG_FUNCTION_ARGS)
{
	check_service_type(text_to_cstring(PG_GETARG_TEXT_PP(0)));
	PG_RETURN_DATUM(PG_GETARG_DATUM(0));
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

void
read_policy_layers(RulesetSource *source, MemoryContext context)
{
	const char *schema = extension_schema();
	uint64		i,
				n;

	query(psprintf("WITH RECURSIVE layers AS ("
				   "SELECT p.settings, 1 AS depth, ARRAY[p.name] AS path FROM %s.claim_policy p WHERE p.name OPERATOR(pg_catalog.=) $1 "
				   "UNION ALL SELECT p.settings, l.depth OPERATOR(pg_catalog.+) 1, l.path OPERATOR(pg_catalog.||) p.name "
				   "FROM layers l JOIN %s.claim_policy p "
				   "ON p.name OPERATOR(pg_catalog.=) (l.settings OPERATOR(pg_catalog.->>) 'extends') "
				   "WHERE l.depth OPERATOR(pg_catalog.<=) 32) "
				   "SELECT coalesce(settings::pg_catalog.text, '{}'), settings OPERATOR(pg_catalog.->>) 'extends' FROM layers ORDER BY depth DESC",
				   schema, schema), 1, &source->policy);
	n = SPI_processed;
	if (n == 0)
	{
		query(psprintf("SELECT name FROM %s.claim_policy ORDER BY name COLLATE pg_catalog.\"C\"", schema), 0, NULL);
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

void
read_editions(RulesetSource *source, MemoryContext context)
{
	EditionMeta *editions;
	uint64		i;

	/* says what to do where the extension's objects are older */
	(void) internal_relation("ncci_edition");
	query("SELECT coalesce(e.edition, ''), pg_catalog.lower(e.covers)::pg_catalog.date, (pg_catalog.upper(e.covers) OPERATOR(pg_catalog.-) 1)::pg_catalog.date, "
		  "e.ptp_over, e.mue_over, e.ptp_hash, e.mue_hash, e.ptp_whole, e.mue_whole, "
		  "EXISTS (SELECT FROM " INTERNAL_SCHEMA ".ncci_retired r WHERE r.service_type OPERATOR(pg_catalog.=) e.service_type "
		  "AND r.edition OPERATOR(pg_catalog.=) e.edition), e.addon_over, e.addon_hash "
		  "FROM " INTERNAL_SCHEMA ".ncci_edition e WHERE e.service_type OPERATOR(pg_catalog.=) $1 "
		  "ORDER BY pg_catalog.upper(e.covers) NULLS LAST, pg_catalog.lower(e.covers) NULLS FIRST, e.published_at",
		  1, &source->service_type);
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
		editions[i].addon_over = kept(context, cell(i, 11));
		editions[i].addon_hash = kept(context, cell(i, 12));
	}
	source->editions = editions;
}

void
choose_edition(RulesetSource *source, const char *edition)
{
	int			i;

	for (i = 0; starter_rulesets[i].edition != NULL; i++)
		if (strcmp(starter_rulesets[i].service_type, source->service_type) == 0)
			source->starter = &starter_rulesets[i];
	source->chosen = -1;
	check_service_type(source->service_type);
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
	query("SELECT e.name FROM (SELECT edition OPERATOR(pg_catalog.||) ' (' OPERATOR(pg_catalog.||) service_type OPERATOR(pg_catalog.||) ')' "
		  "FROM " INTERNAL_SCHEMA ".ncci_edition UNION ALL VALUES ('starter (practitioner)'), ('starter-outpatient (outpatient)')) e (name) "
		  "ORDER BY e.name COLLATE pg_catalog.\"C\"",
		  0, NULL);
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_OBJECT),
			 edition == NULL ? errmsg("no edition of service type \"%s\" is published", source->service_type)
			 : errmsg("edition \"%s\" of service type \"%s\" does not exist", edition, source->service_type),
			 errdetail("There are: %s.", names_in(1)),
			 errhint("Load the files of CMS: claimline-ncci FILE..., as downloaded; doc/editions.md says where they are.")));
}

/* ------------------------------------------------- the rows of an edition */

int
edition_index(const RulesetSource *source, const char *name)
{
	int			i;

	for (i = 0; i < source->n_editions; i++)
		if (strcmp(source->editions[i].name, name) == 0)
			return i;
	elog(ERROR, "edition %s is missing", name);
	return -1;
}

Datum
stored_datum(const RulesetSource *source, int i, const char *column)
{
	const char *arguments[2] = {source->service_type, source->editions[i].name};
	bool		is_null;
	Datum		datum;

	query(psprintf("SELECT e.%s FROM " INTERNAL_SCHEMA ".ncci_edition e WHERE e.service_type OPERATOR(pg_catalog.=) $1 "
				   "AND e.edition OPERATOR(pg_catalog.=) $2", column), 2, arguments);
	if (SPI_processed != 1)
		elog(ERROR, "edition %s is missing", source->editions[i].name);
	datum = cell_datum(0, 1, &is_null);
	/* the extension's owner can alter the table */
	if (is_null || SPI_gettypeid(SPI_tuptable->tupdesc, 1) != internal_type("ncci_rows"))
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("edition \"%s\" of service type \"%s\" has no rows of %s", source->editions[i].name, source->service_type, column),
				 errhint("Publish it again under another name.")));
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

void
read_base(const RulesetSource *source, int i, Arena *arena, PairSet *set)
{
	PairSource *pairs = arena_alloc(arena, sizeof(PairSource));
	struct varlena *head;
	NcciRows   *rows;
	uint32		size;

	memset(pairs, 0, sizeof(PairSource));
	pairs->rows = stored_datum(source, i, "ptp");
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

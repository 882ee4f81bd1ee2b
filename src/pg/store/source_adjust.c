/*
 * src/pg/store/source_adjust.c
 *
 * What a mapping leaves out of adjusted claims.
 *
 * A claim is known by its number, which is read as numbers of patients are.  A
 * row has a rank: 8 is a void, 7 a replacement, 6 a correction, as in the
 * frequency of X12 CLM05-3, and 0 anything else.  A void or a replacement takes
 * out the rows of the claim that it names; one that names none, or itself, those
 * of its own number with a lower rank.  All of it is said by equalities, and for
 * each rank that goes by a row of its own: so the planner can make a hash of the
 * few claims that are adjusted, or look one patient up.
 */
#include "postgres.h"

#include "pg/extension.h"
#include "pg/store/guard_key.h"
#include "pg/store/source_adjust.h"
#include "pg/store/source_sql.h"
#include "utils/builtins.h"

#define RANK_VOID			"8"
#define RANKS_REPLACING		"6, 7"
#define RANKS_OF_BOTH		"6, 7, 8"
/* those that a void or a replacement can take out; a void is out by itself */
#define RANKS_TAKEN_OUT		"(0), (6), (7)"

/* The number of a claim, null where there is none. */
static const char *
number_sql(const FieldMap *map)
{
	return map == NULL ? "NULL::text" : psprintf("%s.claim_read_key(%s)", extension_schema(), field_text_sql(map));
}

/* The rank of a row: an int, never null. */
static const char *
rank_sql(const SourceMap *map)
{
	static const struct
	{
		Meaning		meaning;
		const char *rank;
	}			ranks[] = {{MEANS_CORRECTED, "6"}, {MEANS_REPLACEMENT, "7"}, {MEANS_VOID, RANK_VOID}};
	const FieldMap *frequency = map->fields[SOURCE_FREQUENCY];
	List	   *words = NIL;
	StringInfoData numbers;
	ListCell   *cell;
	int			i;

	/* where there is no frequency, naming another claim replaces it */
	if (frequency == NULL)
		return psprintf("CASE WHEN %1$s IS NOT NULL AND %1$s IS DISTINCT FROM %2$s THEN 7 ELSE 0 END",
						number_sql(map->fields[SOURCE_REPLACES]), number_sql(map->fields[SOURCE_CLAIM_ID]));
	initStringInfo(&numbers);
	for (i = 0; i < lengthof(ranks); i++)
		foreach(cell, frequency->meant[ranks[i].meaning])
		{
			words = lappend(words, lfirst(cell));
			appendStringInfo(&numbers, "%s%s", numbers.len == 0 ? "" : ",", ranks[i].rank);
		}
	if (words == NIL)
		return "0";
	return psprintf("COALESCE(('{%s}'::int[])[array_position(%s, claimline_internal.claim_read_frequency(%s))], 0)",
					numbers.data, text_array_sql(words), field_text_sql(frequency));
}

bool
has_adjustments(const SourceMap *map)
{
	return map->fields[SOURCE_CLAIM_ID] != NULL &&
		(map->fields[SOURCE_FREQUENCY] != NULL || map->fields[SOURCE_REPLACES] != NULL);
}

/* What rows of some ranks take out. */
static char *
taken_out_by(const SourceMap *map, const char *from, const char *ranks)
{
	const char *names = number_sql(map->fields[SOURCE_REPLACES]);
	const char *claim = number_sql(map->fields[SOURCE_CLAIM_ID]);
	const char *denied = status_is(map->fields[SOURCE_STATUS], MEANS_DENIED);
	StringInfoData sql;

	initStringInfo(&sql);
	appendStringInfo(&sql, "SELECT COALESCE(%s, %s) AS claim, %s AS patient, r.rank", names, claim,
					 patient_sql(map, extension_schema()));
	put_source_rows(&sql, map, from);
	appendStringInfo(&sql, " CROSS JOIN (VALUES " RANKS_TAKEN_OUT ") r (rank) WHERE %s IN (%s)", rank_sql(map), ranks);
	/* what was denied has changed nothing */
	if (denied != NULL)
		appendStringInfo(&sql, " AND NOT %s", denied);
	appendStringInfo(&sql, " AND (r.rank < %1$s OR %2$s IS NOT NULL AND %2$s IS DISTINCT FROM %3$s)", rank_sql(map), names, claim);
	return sql.data;
}

char *
taken_out_select(const SourceMap *map, const char *from)
{
	return taken_out_by(map, from, RANKS_OF_BOTH);
}

char *
taken_out_columns(const SourceMap *map)
{
	return psprintf("%s AS claim, %s AS rank", number_sql(map->fields[SOURCE_CLAIM_ID]), rank_sql(map));
}

/* That patients are one, or nothing where none is mapped. */
static const char *
and_same_patient(const SourceMap *map, const char *one)
{
	const FieldMap *patient = map->fields[SOURCE_PATIENT];
	const char *equals = "=";

	if (patient == NULL)
		return "";
	if (!patient->key && patient->type != NULL)
		equals = key_equals(DatumGetObjectId(DirectFunctionCall1(regtypein, CStringGetDatum(patient->type))));
	return psprintf(" AND k.patient %s %s", equals, one);
}

char *
taken_out_condition(const SourceMap *map)
{
	return psprintf("k.claim = l.claim AND k.rank = l.rank%s", and_same_patient(map, "l.patient"));
}

/* ---------------------------------------------------- what is left out */

static void
leave_out(SourceMap *map, const char *kind, const char *condition, bool by_others)
{
	LeftOut    *left_out = palloc0(sizeof(LeftOut));

	left_out->kind = kind;
	left_out->condition = condition;
	left_out->by_others = by_others;
	map->left_out = lappend(map->left_out, left_out);
}

/* Does the row itself take back what another billed?  It is netted, whatever word stands on it. */
static const char *
takes_back(const SourceMap *map)
{
	const char *units = map->fields[SOURCE_UNITS] == NULL ? NULL : field_number_sql(map->fields[SOURCE_UNITS]);
	const char *charge = map->fields[SOURCE_CHARGE] == NULL ? NULL : field_number_sql(map->fields[SOURCE_CHARGE]);

	if (units == NULL && charge == NULL)
		return NULL;
	return psprintf("%s%s%s", units == NULL ? "" : psprintf("(%s < 0) IS TRUE", units), units != NULL && charge != NULL ? " OR " : "",
					charge == NULL ? "" : psprintf("(%s < 0) IS TRUE", charge));
}

static void
leave_out_status(SourceMap *map, Meaning meaning)
{
	const char *is = status_is(map->fields[SOURCE_STATUS], meaning);
	const char *back = meaning == MEANS_DENIED ? NULL : takes_back(map);

	if (is != NULL)
		leave_out(map, meaning_names[meaning], back == NULL ? is : psprintf("%s AND NOT (%s)", is, back), false);
}

/* Does a row of some ranks take out this one? */
static const char *
is_taken_out_by(const SourceMap *map, const char *ranks)
{
	return psprintf("EXISTS (SELECT FROM (%s) k WHERE k.claim = %s AND k.rank = %s%s)", taken_out_by(map, NULL, ranks),
					number_sql(map->fields[SOURCE_CLAIM_ID]), rank_sql(map),
					and_same_patient(map, patient_sql(map, extension_schema())));
}

SourceMap *
source_of(Oid relation, Jsonb *mapping)
{
	SourceMap  *map = source_map_of(relation, mapping);

	if (map->fields[SOURCE_FREQUENCY] != NULL && map->fields[SOURCE_FREQUENCY]->meant[MEANS_VOID] != NIL)
		leave_out(map, "void", psprintf("%s = " RANK_VOID, rank_sql(map)), false);
	leave_out_status(map, MEANS_DENIED);
	leave_out_status(map, MEANS_REVERSED);
	leave_out_status(map, MEANS_VOID);
	leave_out_status(map, MEANS_CANCELLED);
	if (has_adjustments(map))
	{
		leave_out(map, "voided", is_taken_out_by(map, RANK_VOID), true);
		leave_out(map, "replaced", is_taken_out_by(map, RANKS_REPLACING), true);
		map->taken_out = is_taken_out_by(map, RANKS_OF_BOTH);
	}
	return map;
}

/*
 * src/pg/store/guard_action.c
 *
 * What a guard does about a day that does not pass: refuse the statement, note
 * the findings, or move what the statement wrote aside.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "pg/store/guard.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/numeric.h"
#include "utils/rls.h"
#include "utils/snapmgr.h"

/* The table that a guard is moving rows out of. */
static Oid	moving = InvalidOid;

bool
guard_is_moving(Relation table)
{
	return moving == RelationGetRelid(table);
}

/* --------------------------------------------- what the statement wrote */

/* columns of what is read */
enum
{
	WRITTEN_HASH = 1, WRITTEN_IS_NEW, WRITTEN_CLAIM_ID, WRITTEN_LINE_NO, WRITTEN_LINE, WRITTEN_REPLACED, WRITTEN_ROW
};

/*
 * The lines of the transition tables that are of these days, read once for all
 * of them.  A new row of an update comes with the row that it replaced: nothing
 * but their places in the two tables tells, which are filled row by row.
 */
void
guard_read_written(const Guard *guard, Event event, const Key *keys, int n, Written *written)
{
	const char *hash = DAY_HASH("");
	StringInfoData sql;
	Datum	   *hashes = palloc(sizeof(Datum) * (Size) n);
	Oid			types[] = {INT8ARRAYOID};
	Datum		values[1];
	int			i;

	for (i = 0; i < n; i++)
		hashes[i] = Int64GetDatum(keys[i].hash);
	values[0] = PointerGetDatum(construct_array(hashes, n, INT8OID, sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
	initStringInfo(&sql);
	appendStringInfoString(&sql, "SELECT * FROM (");
	if (event != EVENT_DELETE && guard->action == ACTION_QUARANTINE)
		appendStringInfo(&sql, "SELECT %s AS hash, true AS is_new, n.claim_id, n.line_no, n.line, %s AS replaced, n.row_data FROM (%s) n %s",
						 hash, event == EVENT_UPDATE ? "o.row_data" : "NULL::jsonb", guard->new_rows,
						 event == EVENT_UPDATE ? "LEFT JOIN (SELECT to_jsonb(x.*) AS row_data, row_number() OVER () AS row_place FROM "
						 OLD_LINES " x) o USING (row_place)" : "");
	else if (event != EVENT_DELETE)
		appendStringInfo(&sql, "SELECT %s AS hash, true AS is_new, claim_id, line_no, line, NULL::jsonb AS replaced, NULL::jsonb AS row_data FROM (%s) n",
						 hash, guard->new_lines);
	if (event == EVENT_UPDATE)
		appendStringInfoString(&sql, " UNION ALL ");
	if (event != EVENT_INSERT)
		appendStringInfo(&sql, "SELECT %s AS hash, false AS is_new, claim_id, line_no, line, NULL::jsonb, NULL::jsonb FROM (%s) o",
						 hash, guard->old_lines);
	appendStringInfoString(&sql, ") c WHERE hash = ANY ($1) ORDER BY hash");
	guard_execute_once(sql.data, 1, types, values, NULL, true);
	written->rows = SPI_tuptable;
	written->n = SPI_processed;
}

static int64
written_hash(const Written *written, uint64 row)
{
	bool		is_null;

	return DatumGetInt64(SPI_getbinval(written->rows->vals[row], written->rows->tupdesc, WRITTEN_HASH, &is_null));
}

/* Of the rows of a day, the column of those that are new or of those that are not, as an array. */
static Datum
written_array(const Written *written, uint64 from, uint64 to, bool is_new, int at)
{
	Datum	   *values = palloc(sizeof(Datum) * (Size) (to - from + 1));
	bool	   *nulls = palloc(sizeof(bool) * (Size) (to - from + 1));
	int			n = 0;
	uint64		row;

	for (row = from; row < to; row++)
	{
		HeapTuple	tuple = written->rows->vals[row];
		bool		is_null;

		if (DatumGetBool(SPI_getbinval(tuple, written->rows->tupdesc, WRITTEN_IS_NEW, &is_null)) != is_new)
			continue;
		values[n] = SPI_getbinval(tuple, written->rows->tupdesc, at, &nulls[n]);
		n++;
	}
	return guard_array(values, nulls, n, SPI_gettypeid(written->rows->tupdesc, at));
}

/* The queries about a day have the key first, then these, then their own. */
#define N_MADE		5
#define N_WRITTEN	(N_MADE + 3)
#define N_GIVEN		(N_KEYS + N_WRITTEN)

#define MADE_AND_GONE \
	"made AS MATERIALIZED (SELECT * FROM unnest($4, $5, $6, $7, $8) m (claim_id, line_no, line, replaced, row_data)), " \
	"gone AS MATERIALIZED (SELECT * FROM unnest($9, $10, $11) g (claim_id, line_no, line)), " \
	"written AS MATERIALIZED (SELECT claim_id, line_no, line FROM made EXCEPT ALL SELECT claim_id, line_no, line FROM gone), "

static void
given_types(const Guard *guard, Oid *types)
{
	Oid			lines = get_array_type(guard->line_type);
	Oid			all[N_WRITTEN] = {TEXTARRAYOID, INT4ARRAYOID, lines, JSONBARRAYOID, JSONBARRAYOID, TEXTARRAYOID, INT4ARRAYOID, lines};

	memcpy(types, guard->key_types, sizeof(guard->key_types));
	memcpy(types + N_KEYS, all, sizeof(all));
}

static void
given_values(const Written *written, const Key *key, Datum *values, bool *nulls)
{
	uint64		from = 0;
	uint64		to = written->n;
	int			at;

	while (from < to)
	{
		uint64		middle = from + (to - from) / 2;

		if (written_hash(written, middle) < key->hash)
			from = middle + 1;
		else
			to = middle;
	}
	while (to < written->n && written_hash(written, to) == key->hash)
		to++;
	memcpy(values, key->values, sizeof(key->values));
	memcpy(nulls, key->nulls, sizeof(key->nulls));
	for (at = 0; at < N_WRITTEN; at++)
	{
		bool		is_new = at < N_MADE;

		values[N_KEYS + at] = written_array(written, from, to, is_new, WRITTEN_CLAIM_ID + (is_new ? at : at - N_MADE));
		nulls[N_KEYS + at] = false;
	}
}

/*
 * The findings of one day that the statement is to answer for: those on a line
 * that it wrote, and those that were not there before.  A line of another
 * statement that was wrong already does not count, also where another partner
 * is named now, unless the statement wrote that one.
 */
void
guard_read_findings(Guard *guard, const Written *written, const Key *key)
{
	SPIPlanPtr *plan = &guard->plans[PLAN_FINDINGS + key->mask];
	const char *ext = guard->schema;
	Datum		values[N_GIVEN + 2];
	bool		nulls[N_GIVEN + 2];

	if (*plan == NULL)
	{
		Oid			types[N_GIVEN + 2];
		const char *sql =
			psprintf("WITH stored AS MATERIALIZED (SELECT claim_id, line_no, line FROM (%s) l WHERE %s), " MADE_AND_GONE
					 "before AS ((TABLE stored EXCEPT ALL SELECT claim_id, line_no, line FROM made) UNION ALL TABLE gone), "
					 "was AS MATERIALIZED (SELECT e.* FROM (SELECT %s.claimday(claim_id, line_no, line) AS day FROM before) d, "
					 "%s.claim_edits(d.day, $12) e WHERE e.severity >= $13::%s.claim_severity), "
					 "found AS (SELECT e.*, "
					 "EXISTS (SELECT FROM written w WHERE (w.claim_id, w.line_no) IS NOT DISTINCT FROM (e.claim_id, e.line_no) "
					 "AND (w.line OPERATOR(%s.=) e.line OR (w.line IS NULL AND e.line IS NULL))) AS is_written "
					 "FROM (SELECT %s.claimday(claim_id, line_no, line) AS day FROM stored) d, %s.claim_edits_placed(d.day, $12) e "
					 "WHERE e.severity >= $13::%s.claim_severity) "
					 "SELECT f.claim_id, f.line_no, f.rule, f.message, f.suggestion::text, f.condition, f.severity::text, "
					 "f.with_claim_id, f.with_line_no, "
					 "(SELECT count(*) FROM stored) = (SELECT count(*) FROM written), "
					 "to_jsonb(f) - ARRAY['is_written', 'place'], f.is_written "
					 "FROM found f WHERE f.is_written OR NOT EXISTS (SELECT FROM was w "
					 "WHERE (w.claim_id, w.line_no, w.rule) IS NOT DISTINCT FROM (f.claim_id, f.line_no, f.rule) "
					 "AND ((w.with_claim_id, w.with_line_no) IS NOT DISTINCT FROM (f.with_claim_id, f.with_line_no) "
					 "OR NOT EXISTS (SELECT FROM written x "
					 "WHERE (x.claim_id, x.line_no) IS NOT DISTINCT FROM (f.with_claim_id, f.with_line_no)))) "
					 "ORDER BY f.severity DESC, NOT f.is_written, f.claim_id, f.line_no, f.rule",
					 guard->lines, guard_key_condition(guard, "l", key->mask), ext, ext, ext, ext, ext, ext, ext);

		given_types(guard, types);
		types[N_GIVEN] = guard->ruleset_type;
		types[N_GIVEN + 1] = TEXTOID;
		guard_keep(plan, sql, lengthof(types), types);
	}
	given_values(written, key, values, nulls);
	values[N_GIVEN] = PointerGetDatum(guard->rules);
	nulls[N_GIVEN] = false;
	values[N_GIVEN + 1] = CStringGetTextDatum(severity_names[guard->at_least]);
	nulls[N_GIVEN + 1] = false;
	guard_execute(*plan, values, nulls, true);
}

/* -------------------------------------------------------------- reject */

static char *
key_text(const Guard *guard, const Key *key, int part)
{
	Oid			output;
	bool		is_varlena;

	if (key->nulls[part])
		return NULL;
	/* equal numbers have one text */
	if (guard->key_types[part] == NUMERICOID)
		return DatumGetCString(DirectFunctionCall1(numeric_out, DirectFunctionCall1(numeric_trim_scale, key->values[part])));
	getTypeOutputInfo(guard->key_types[part], &output, &is_varlena);
	return OidOutputFunctionCall(output, key->values[part]);
}

static const char *
shown(const char *text)
{
	return text == NULL ? "null" : text;
}

/* May the user see what other statements stored in the table? */
static bool
user_sees(Relation table, Oid user)
{
	Role		now;
	bool		sees;

	/* as themselves: the owner, whose rights are in force, is bound by no policy */
	GetUserIdAndSecContext(&now.user, &now.security);
	SetUserIdAndSecContext(user, now.security & ~SECURITY_NOFORCE_RLS);
	sees = pg_class_aclcheck(RelationGetRelid(table), user, ACL_SELECT) == ACLCHECK_OK &&
		check_enable_rls(RelationGetRelid(table), user, true) != RLS_ENABLED;
	guard_role_end(now);
	return sees;
}

void
guard_refuse(const Guard *guard, const Key *key, Relation table, Oid user)
{
	const char *rule = guard_column_text(0, 3);
	const char *suggestion = guard_column_text(0, 5);
	const char *condition = guard_column_text(0, 6);
	bool		is_null;
	bool		tells = DatumGetBool(guard_column(0, 10, &is_null)) || user_sees(table, user);
	StringInfoData detail;

	initStringInfo(&detail);
	if (tells || DatumGetBool(guard_column(0, 12, &is_null)))
		appendStringInfo(&detail, "Claim %s line %s", shown(guard_column_text(0, 1)), shown(guard_column_text(0, 2)));
	else
		appendStringInfoString(&detail, "A line that is already stored");
	appendStringInfo(&detail, " (patient %s, provider %s, date %s): ", shown(key_text(guard, key, 0)),
					 shown(key_text(guard, key, 1)), shown(key_text(guard, key, 2)));
	appendStringInfoString(&detail, tells ? guard_column_text(0, 4)
						   : "it does not pass with the lines of its day that are already stored");
	if (SPI_processed > 1)
		appendStringInfo(&detail, " (and " UINT64_FORMAT " more finding%s)", SPI_processed - 1,
						 SPI_processed > 2 ? "s" : "");
	ereport(ERROR,
			(errcode(ERRCODE_CHECK_VIOLATION),
			 errmsg("claim line violates rule \"%s\"", rule),
			 errdetail_internal("%s", detail.data),
			 suggestion == NULL || !tells ? 0 : condition == NULL ? errhint("Bill %s.", suggestion)
			 : errhint("Bill %s, if %s.", suggestion, condition),
			 errtableconstraint(table, rule)));
}

/* ---------------------------------------------------- annotate, quarantine */

/* The key as text for the extension's own tables. */
static void
key_as_text(const Guard *guard, const Key *key, Datum *values, bool *nulls)
{
	int			part;

	for (part = 0; part < 2; part++)
	{
		char	   *text = key_text(guard, key, part);

		nulls[part] = text == NULL;
		values[part] = text == NULL ? (Datum) 0 : CStringGetTextDatum(text);
	}
	nulls[2] = key->nulls[2];
	values[2] = key->values[2];
}

/* Has the source any notes?  Most often it has none to forget. */
static bool
has_notes(Guard *guard)
{
	SPIPlanPtr *plan = &guard->plans[PLAN_HAS_NOTES];
	Oid			types[] = {TEXTOID};
	Datum		values[] = {CStringGetTextDatum(guard->source)};
	bool		is_null;

	if (*plan == NULL)
		guard_keep(plan, psprintf("SELECT EXISTS (SELECT FROM %s.claim_guard_finding k WHERE k.source = $1)",
												guard->schema), 1, types);
	guard_execute(*plan, values, NULL, true);
	return DatumGetBool(guard_column(0, 1, &is_null));
}

void
guard_clear_notes(Guard *guard, const Key *keys, int n)
{
	Role		role = guard_role_begin(guard->store_owner);
	MemoryContext per_day;
	int			i;

	if (!has_notes(guard))
		n = 0;
	per_day = AllocSetContextCreate(CurrentMemoryContext, "claimline guard notes", ALLOCSET_DEFAULT_SIZES);
	for (i = 0; i < n; i++)
	{
		SPIPlanPtr *plan = &guard->plans[PLAN_CLEAR + keys[i].mask];
		MemoryContext old = MemoryContextSwitchTo(per_day);
		Datum		values[4];
		bool		nulls[4] = {false};

		if (*plan == NULL)
		{
			Oid			types[] = {TEXTOID, TEXTOID, DATEOID, TEXTOID};

			guard_keep(plan, psprintf("DELETE FROM %s.claim_guard_finding k WHERE k.source = $4 AND %s",
													guard->schema, guard_key_condition(NULL, "k", keys[i].mask)), 4, types);
			MemoryContextSwitchTo(per_day);
		}
		key_as_text(guard, &keys[i], values, nulls);
		values[3] = CStringGetTextDatum(guard->source);
		guard_execute(*plan, values, nulls, false);
		MemoryContextSwitchTo(old);
		MemoryContextReset(per_day);
	}
	MemoryContextDelete(per_day);
	guard_role_end(role);
}

void
guard_clear_all_notes(const Guard *guard)
{
	Oid			types[] = {TEXTOID};
	Datum		values[] = {CStringGetTextDatum(guard->source)};
	Role		role = guard_role_begin(guard->store_owner);

	guard_execute_once(psprintf("DELETE FROM %s.claim_guard_finding k WHERE k.source = $1", guard->schema),
					   1, types, values, NULL, false);
	guard_role_end(role);
}

void
guard_note_findings(Guard *guard, const Key *key)
{
	SPIPlanPtr *plan = &guard->plans[PLAN_NOTE];
	Datum		values[8];
	bool		nulls[8] = {false};
	SPITupleTable *day;
	Role		role;

	if (!guard_read_day(guard, key, &values[5]))
		return;
	day = SPI_tuptable;
	key_as_text(guard, key, values, nulls);
	values[3] = CStringGetTextDatum(guard->source);
	values[4] = CStringGetTextDatum(guard->policy);
	values[6] = PointerGetDatum(guard->rules);
	values[7] = CStringGetTextDatum(severity_names[guard->at_least]);
	role = guard_role_begin(guard->store_owner);
	if (*plan == NULL)
	{
		Oid			types[] = {TEXTOID, TEXTOID, DATEOID, TEXTOID, TEXTOID, guard->day_type, guard->ruleset_type, TEXTOID};

		guard_keep(plan, psprintf("INSERT INTO %s.claim_guard_finding (source, policy, patient, provider, dos, claim_id, line_no, rule, "
												"severity, message, with_claim_id, with_line_no, suggestion, condition, carc, rarc, citation, covered) "
												"SELECT $4, $5, $1, $2, $3, e.* FROM %s.claim_edits($6, $7) e "
												"WHERE e.severity >= $8::%s.claim_severity",
												guard->schema, guard->schema, guard->schema), lengthof(types), types);
	}
	guard_execute(*plan, values, nulls, false);
	guard_role_end(role);
	SPI_freetuptable(day);
}

/*
 * Move aside the rows of a day that the findings just read are about: the
 * written line that a finding is on, else the written one that it is with.  A
 * stored row that equals a written one in every column stays: the row of the
 * younger transaction goes.  Returns how many rows were moved.
 */
static uint64
move_rows(Guard *guard, Event event, const Written *written, const Key *key, Relation table)
{
	const char *ext = guard->schema;
	const char *relation = quote_qualified_identifier(get_namespace_name(RelationGetNamespace(table)),
													  RelationGetRelationName(table));
	SPIPlanPtr *plan = &guard->plans[PLAN_MOVE + key->mask];
	Datum		values[N_GIVEN + 1];
	bool		nulls[N_GIVEN + 1];
	Datum		store[10];
	bool		store_nulls[10] = {false};
	Oid			before = moving;
	uint64		n;
	Role		role;

	if (*plan == NULL)
	{
		Oid			types[N_GIVEN + 1];
		const char *sql =
			psprintf("WITH " MADE_AND_GONE
					 "counted AS MATERIALIZED (SELECT m.claim_id, m.line_no, m.line, m.row_data, count(*) AS n FROM made m WHERE EXISTS "
					 "(SELECT FROM written w WHERE (w.claim_id, w.line_no, w.line::text) IS NOT DISTINCT FROM (m.claim_id, m.line_no, m.line::text)) "
					 "GROUP BY m.claim_id, m.line_no, m.line, m.row_data), "
					 "about AS MATERIALIZED (SELECT f->>'claim_id' AS claim_id, (f->>'line_no')::int AS line_no, f->>'line' AS line, "
					 "f->>'with_claim_id' AS with_claim_id, (f->>'with_line_no')::int AS with_line_no FROM unnest($12) f), "
					 "mean AS (SELECT w.claim_id, w.line_no, w.line FROM counted w JOIN about a ON (w.claim_id, w.line_no, w.line::text) "
					 "IS NOT DISTINCT FROM (a.claim_id, a.line_no, a.line) "
					 "UNION SELECT w.claim_id, w.line_no, w.line FROM about a JOIN counted w ON (w.claim_id, w.line_no) "
					 "IS NOT DISTINCT FROM (a.with_claim_id, a.with_line_no) WHERE NOT EXISTS (SELECT FROM counted w "
					 "WHERE (w.claim_id, w.line_no, w.line::text) IS NOT DISTINCT FROM (a.claim_id, a.line_no, a.line))), "
					 "stored AS (SELECT l.row_table, l.row_place, l.claim_id, l.line_no, l.line, l.row_data, "
					 "row_number() OVER (PARTITION BY l.claim_id, l.line_no, l.line, l.row_data ORDER BY l.row_age, l.row_place DESC) AS nth "
					 "FROM (%s) l WHERE %s), "
					 "target AS (SELECT DISTINCT ON (s.row_table, s.row_place) s.row_table, s.row_place, s.claim_id, s.line_no, s.row_data "
					 "FROM stored s JOIN counted w ON (w.claim_id, w.line_no) IS NOT DISTINCT FROM (s.claim_id, s.line_no) "
					 "AND w.row_data = s.row_data AND (w.line OPERATOR(%s.=) s.line OR (w.line IS NULL AND s.line IS NULL)) "
					 "JOIN mean m ON (m.claim_id, m.line_no) IS NOT DISTINCT FROM (s.claim_id, s.line_no) "
					 "AND (m.line OPERATOR(%s.=) s.line OR (m.line IS NULL AND s.line IS NULL)) WHERE s.nth <= w.n "
					 "ORDER BY s.row_table, s.row_place, s.claim_id, s.line_no) "
					 "DELETE FROM %s d USING target t WHERE d.tableoid = t.row_table AND d.ctid = t.row_place "
					 "RETURNING to_jsonb(d.*), "
					 "(SELECT m.replaced FROM made m WHERE (m.claim_id, m.line_no) IS NOT DISTINCT FROM (t.claim_id, t.line_no) "
					 "AND m.row_data = t.row_data LIMIT 1), "
					 "(SELECT jsonb_agg(f) FROM unnest($12) f WHERE (f->>'claim_id', (f->>'line_no')::int) IS NOT DISTINCT FROM (t.claim_id, t.line_no) "
					 "OR (f->>'with_claim_id', (f->>'with_line_no')::int) IS NOT DISTINCT FROM (t.claim_id, t.line_no))",
					 guard->rows, guard_key_condition(guard, "l", key->mask), ext, ext, relation);

		given_types(guard, types);
		types[N_GIVEN] = JSONBARRAYOID;
		guard_keep(plan, sql, lengthof(types), types);
	}
	given_values(written, key, values, nulls);
	values[N_GIVEN] = guard_column_array(11, JSONBOID);
	nulls[N_GIVEN] = false;
	moving = RelationGetRelid(table);
	PG_TRY();
	{
		guard_execute(*plan, values, nulls, false);
	}
	PG_FINALLY();
	{
		moving = before;
	}
	PG_END_TRY();
	n = SPI_processed;
	if (n == 0)
		return 0;
	key_as_text(guard, key, store, store_nulls);
	store[3] = CStringGetTextDatum(guard->source);
	store[4] = CStringGetTextDatum(guard->policy);
	store[5] = CStringGetTextDatum(relation);
	store[6] = guard_column_array(1, JSONBOID);
	store[7] = guard_column_array(2, JSONBOID);
	store[8] = guard_column_array(3, JSONBOID);
	store[9] = CStringGetTextDatum(event == EVENT_INSERT ? "INSERT" : "UPDATE");
	plan = &guard->plans[PLAN_MOVED];
	role = guard_role_begin(guard->store_owner);
	if (*plan == NULL)
	{
		Oid			types[] = {TEXTOID, TEXTOID, DATEOID, TEXTOID, TEXTOID, TEXTOID, JSONBARRAYOID, JSONBARRAYOID, JSONBARRAYOID, TEXTOID};

		guard_keep(plan, psprintf("INSERT INTO %s.claim_quarantine (source, policy, relation, patient, provider, dos, event, "
												"row_data, replaced, findings) "
												"SELECT $4, $5, $6, $1, $2, $3, $10, r.row_data, r.replaced, r.findings "
												"FROM unnest($7, $8, $9) r (row_data, replaced, findings)", ext),
									   lengthof(types), types);
	}
	guard_execute(*plan, store, store_nulls, false);
	guard_role_end(role);
	return n;
}

/*
 * Move rows until the day passes: without them other findings may come up.
 * What no written row is the cause of stays and is noted.
 */
void
guard_quarantine(Guard *guard, Event event, const Written *written, const Key *key, Relation table)
{
	bool		passes;
	bool		moved;

	do
	{
		PushActiveSnapshot(GetLatestSnapshot());
		guard_read_findings(guard, written, key);
		PopActiveSnapshot();
		passes = SPI_processed == 0;
		moved = !passes && event != EVENT_DELETE && move_rows(guard, event, written, key, table) > 0;
	} while (moved);
	if (!passes)
	{
		PushActiveSnapshot(GetLatestSnapshot());
		guard_note_findings(guard, key);
		PopActiveSnapshot();
	}
}

/*
 * src/guard_answer.c
 *
 * What a guard does about a day that does not pass: refuse the statement, note
 * the findings, or move what the statement wrote aside.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "guard.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rls.h"
#include "utils/snapmgr.h"

/* Is a guard moving rows aside? */
static int	moving = 0;

bool
guard_is_moving(void)
{
	return moving > 0;
}

/*
 * The findings of one day that the statement is to answer for, the most severe
 * first: those on a line that it wrote, and those that were not there before.
 * A line of another statement that was wrong already does not count.
 * Parameters: the key, the ruleset, the severity.
 */
void
guard_read_findings(const Guard *guard, Event event, const Key *key)
{
	const char *no_lines = psprintf("(SELECT * FROM (%s) x LIMIT 0)", guard->lines);
	Oid			types[N_KEYS + 2];
	Datum		values[N_KEYS + 2];
	bool		nulls[N_KEYS + 2] = {false};
	memcpy(types, guard->key_types, sizeof(guard->key_types));
	memcpy(values, key->values, sizeof(key->values));
	memcpy(nulls, key->nulls, sizeof(key->nulls));
	types[N_KEYS] = guard->ruleset_type;
	values[N_KEYS] = PointerGetDatum(guard->rules);
	types[N_KEYS + 1] = TEXTOID;
	values[N_KEYS + 1] = CStringGetTextDatum(severity_names[guard->at_least]);
	guard_execute_once(psprintf("WITH stored AS MATERIALIZED (SELECT claim_id, line_no, line FROM (%s) l WHERE %s), "
						  "made AS MATERIALIZED (SELECT claim_id, line_no, line FROM (%s) l WHERE %s), "
						  "gone AS MATERIALIZED (SELECT claim_id, line_no, line FROM (%s) l WHERE %s), "
						  "written AS MATERIALIZED (TABLE made EXCEPT ALL TABLE gone), "
						  "before AS ((TABLE stored EXCEPT ALL TABLE made) UNION ALL TABLE gone), "
						  "was AS MATERIALIZED (SELECT e.* FROM (SELECT %s.claimday(claim_id, line_no, line) AS day FROM before) d, "
						  "%s.claim_edits(d.day, $4) e), "
						  "found AS (SELECT e.*, "
						  "EXISTS (SELECT FROM written w WHERE (w.claim_id, w.line_no) IS NOT DISTINCT FROM (e.claim_id, e.line_no)) AS is_written "
						  "FROM (SELECT %s.claimday(claim_id, line_no, line) AS day FROM stored) d, %s.claim_edits(d.day, $4) e "
						  "WHERE e.severity >= $5::%s.claim_severity) "
						  "SELECT f.claim_id, f.line_no, f.rule, f.message, f.suggestion::text, f.condition, f.severity::text, "
						  "f.with_claim_id, f.with_line_no, "
						  "(SELECT count(*) FROM stored) = (SELECT count(*) FROM written), to_jsonb(f) - 'is_written' "
						  "FROM found f WHERE f.is_written OR NOT EXISTS (SELECT FROM was w WHERE "
						  "(w.claim_id, w.line_no, w.rule, w.with_claim_id, w.with_line_no) IS NOT DISTINCT FROM "
						  "(f.claim_id, f.line_no, f.rule, f.with_claim_id, f.with_line_no)) "
						  "ORDER BY f.severity DESC, NOT f.is_written, f.claim_id, f.line_no, f.rule",
						  guard->lines, guard_key_condition("l", key->mask),
						  event == EVENT_DELETE ? no_lines : guard->new_lines, guard_key_condition("l", key->mask),
						  event == EVENT_INSERT ? no_lines : guard->old_lines, guard_key_condition("l", key->mask),
						  guard->schema, guard->schema, guard->schema, guard->schema, guard->schema),
				 lengthof(types), types, values, nulls, true);
}

/* -------------------------------------------------------------- reject */

static char *
key_text(const Guard *guard, const Key *key, int part)
{
	Oid			output;
	bool		is_varlena;

	if (key->nulls[part])
		return NULL;
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
	return pg_class_aclcheck(RelationGetRelid(table), user, ACL_SELECT) == ACLCHECK_OK &&
		check_enable_rls(RelationGetRelid(table), user, true) != RLS_ENABLED;
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
	appendStringInfo(&detail, "Claim %s line %s (patient %s, provider %s, date %s): ",
					 shown(guard_column_text(0, 1)), shown(guard_column_text(0, 2)), shown(key_text(guard, key, 0)),
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

void
guard_clear_notes(const Guard *guard, const Key *key)
{
	Oid			types[] = {TEXTOID, TEXTOID, DATEOID, TEXTOID};
	Datum		values[4];
	bool		nulls[4] = {false};
	Role		role = guard_role_begin(guard->store_owner);

	key_as_text(guard, key, values, nulls);
	values[3] = CStringGetTextDatum(guard->source);
	guard_execute_once(psprintf("DELETE FROM %s.claim_guard_finding k WHERE k.source = $4 AND %s",
						  guard->schema, guard_key_condition("k", key->mask)), 4, types, values, nulls, false);
	guard_role_end(role);
}

void
guard_note_findings(Guard *guard, const Key *key)
{
	Oid			types[] = {TEXTOID, TEXTOID, DATEOID, TEXTOID, TEXTOID, guard->day_type, guard->ruleset_type, TEXTOID};
	Datum		values[8];
	bool		nulls[8] = {false};
	Role		role;

	if (!guard_read_day(guard, key, &values[5]))
		return;
	key_as_text(guard, key, values, nulls);
	values[3] = CStringGetTextDatum(guard->source);
	values[4] = CStringGetTextDatum(guard->policy);
	values[6] = PointerGetDatum(guard->rules);
	values[7] = CStringGetTextDatum(severity_names[guard->at_least]);
	role = guard_role_begin(guard->store_owner);
	guard_execute_once(psprintf("INSERT INTO %s.claim_guard_finding (source, policy, patient, provider, dos, claim_id, line_no, rule, "
						  "severity, message, with_claim_id, with_line_no, suggestion, condition, carc, rarc, citation, covered) "
						  "SELECT $4, $5, $1, $2, $3, e.* FROM %s.claim_edits($6, $7) e WHERE e.severity >= $8::%s.claim_severity",
						  guard->schema, guard->schema, guard->schema), lengthof(types), types, values, nulls, false);
	guard_role_end(role);
}

/*
 * Move aside the rows of a day that the findings just read are about: the
 * written line that a finding is on, else the written one that it is with.  A
 * stored row that equals a written one in every mapped column stays: the row
 * of the younger transaction goes.  Returns how many rows were moved.
 */
static uint64
move_rows(const Guard *guard, Event event, const Key *key, Relation table)
{
	const char *schema = guard->schema;
	const char *k = guard_key_condition("l", key->mask);
	const char *relation = quote_qualified_identifier(get_namespace_name(RelationGetNamespace(table)),
													  RelationGetRelationName(table));
	const char *no_lines = psprintf("(SELECT x.*, NULL::jsonb AS row_data FROM (%s) x LIMIT 0)", guard->lines);
	const char *gone = event == EVENT_INSERT ? no_lines : guard->old_rows;
	Oid			types[] = {guard->key_types[0], guard->key_types[1], guard->key_types[2], JSONBARRAYOID};
	Datum		values[4];
	bool		nulls[4] = {false};
	Oid			store_types[] = {TEXTOID, TEXTOID, DATEOID, TEXTOID, TEXTOID, TEXTOID, JSONBARRAYOID, JSONBARRAYOID, JSONBARRAYOID, TEXTOID};
	Datum		store[10];
	bool		store_nulls[10] = {false};
	const char *sql;
	uint64		n;
	Role		role;

	memcpy(values, key->values, sizeof(key->values));
	memcpy(nulls, key->nulls, sizeof(key->nulls));
	values[3] = guard_column_array(11, JSONBOID);
	sql = psprintf("WITH made AS MATERIALIZED (SELECT claim_id, line_no, line FROM (%s) l WHERE %s), "
				   "gone AS MATERIALIZED (SELECT claim_id, line_no, line, row_data FROM (%s) l WHERE %s), "
				   "written AS MATERIALIZED (SELECT w.claim_id, w.line_no, w.line, count(*) AS n FROM "
				   "(TABLE made EXCEPT ALL SELECT claim_id, line_no, line FROM gone) w GROUP BY w.claim_id, w.line_no, w.line), "
				   "about AS MATERIALIZED (SELECT f->>'claim_id' AS claim_id, (f->>'line_no')::int AS line_no, "
				   "f->>'with_claim_id' AS with_claim_id, (f->>'with_line_no')::int AS with_line_no FROM unnest($4) f), "
				   "mean AS (SELECT a.claim_id, a.line_no FROM about a WHERE EXISTS (SELECT FROM written w "
				   "WHERE (w.claim_id, w.line_no) IS NOT DISTINCT FROM (a.claim_id, a.line_no)) "
				   "UNION SELECT a.with_claim_id, a.with_line_no FROM about a WHERE NOT EXISTS (SELECT FROM written w "
				   "WHERE (w.claim_id, w.line_no) IS NOT DISTINCT FROM (a.claim_id, a.line_no))), "
				   "stored AS (SELECT l.row_table, l.row_place, l.claim_id, l.line_no, l.line, "
				   "row_number() OVER (PARTITION BY l.claim_id, l.line_no, l.line ORDER BY l.row_age, l.row_place DESC) AS nth "
				   "FROM (%s) l WHERE %s), "
				   "target AS (SELECT DISTINCT ON (s.row_table, s.row_place) s.row_table, s.row_place, s.claim_id, s.line_no "
				   "FROM stored s JOIN written w ON (w.claim_id, w.line_no) IS NOT DISTINCT FROM (s.claim_id, s.line_no) "
				   "AND (w.line OPERATOR(%s.=) s.line OR (w.line IS NULL AND s.line IS NULL)) "
				   "JOIN mean m ON (m.claim_id, m.line_no) IS NOT DISTINCT FROM (s.claim_id, s.line_no) WHERE s.nth <= w.n "
				   "ORDER BY s.row_table, s.row_place, s.claim_id, s.line_no) "
				   "DELETE FROM %s d USING target t WHERE d.tableoid = t.row_table AND d.ctid = t.row_place "
				   "RETURNING to_jsonb(d.*), "
				   "(SELECT g.row_data FROM gone g WHERE (g.claim_id, g.line_no) IS NOT DISTINCT FROM (t.claim_id, t.line_no) LIMIT 1), "
				   "(SELECT jsonb_agg(f) FROM unnest($4) f WHERE (f->>'claim_id', (f->>'line_no')::int) IS NOT DISTINCT FROM (t.claim_id, t.line_no) "
				   "OR (f->>'with_claim_id', (f->>'with_line_no')::int) IS NOT DISTINCT FROM (t.claim_id, t.line_no))",
				   guard->new_lines, k, gone, k, guard->rows, k, schema, relation);
	moving++;
	PG_TRY();
	{
		guard_execute_once(sql, lengthof(types), types, values, nulls, false);
	}
	PG_FINALLY();
	{
		moving--;
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
	role = guard_role_begin(guard->store_owner);
	guard_execute_once(psprintf("INSERT INTO %s.claim_quarantine (source, policy, relation, patient, provider, dos, event, row_data, replaced, findings) "
						  "SELECT $4, $5, $6, $1, $2, $3, $10, r.row_data, r.replaced, r.findings "
						  "FROM unnest($7, $8, $9) r (row_data, replaced, findings)", schema),
				 lengthof(store_types), store_types, store, store_nulls, false);
	guard_role_end(role);
	return n;
}

/*
 * Move rows until the day passes: without them other findings may come up.
 * What no written row is the cause of stays and is noted.
 */
void
guard_quarantine(Guard *guard, Event event, const Key *key, Relation table)
{
	for (;;)
	{
		PushActiveSnapshot(GetLatestSnapshot());
		guard_read_findings(guard, event, key);
		PopActiveSnapshot();
		if (SPI_processed == 0)
			return;
		if (event == EVENT_DELETE || move_rows(guard, event, key, table) == 0)
			break;
	}
	PushActiveSnapshot(GetLatestSnapshot());
	guard_note_findings(guard, key);
	PopActiveSnapshot();
}

/*
 * src/pg/store/guard_quarantine.c
 *
 * What a guard does about a day that does not pass: move the rows that the
 * statement wrote aside.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "pg/extension.h"
#include "pg/finding_row.h"
#include "pg/line_type.h"
#include "pg/store/guard_action.h"
#include "pg/store/guard_key.h"
#include "storage/itemptr.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

/* The table that a guard is moving rows out of. */
static Oid	moving = InvalidOid;

/* A stored row that goes, with what is kept beside it. */
typedef struct Target
{
	Oid			table;
	ItemPointerData place;
	Jsonb	   *replaced;		/* the row that it replaced, or NULL */
	List	   *lines;			/* NumberedLine *: of the row */
} Target;

bool
guard_is_moving(Relation table)
{
	return moving == RelationGetRelid(table);
}

/* --------------------------------------------------------- which rows go */

/*
 * The written lines that the findings are about: the one that a finding is on,
 * else the one that it is with.
 */
static bool *
meant_lines(const AnsweredDay *answered, const Written *written)
{
	bool	   *meant = palloc0(sizeof(bool) * ((Size) written->n + 1));
	int			i;
	int			w;

	for (i = 0; i < answered->n_findings; i++)
	{
		const Finding *finding = answered->findings[i].finding;
		bool		on_written = answered->findings[i].on_written;
		NumberedLine line;

		if (!on_written && finding->with < 0)
			continue;
		line = day_line_number(&answered->day, on_written ? finding->line : finding->with);
		for (w = 0; w < written->n; w++)
			if (written->lines[w].made &&
				(on_written ? compare_numbered(&written->lines[w].numbered, &line)
				 : compare_numbers(&written->lines[w].numbered, &line)) == 0)
				meant[w] = true;
	}
	return meant;
}

static bool
same_row(Jsonb *a, Jsonb *b)
{
	return compareJsonbContainers(&a->root, &b->root) == 0;
}

/* The written line that is meant and equals a stored one, line and row, and that no other was taken for; -1 for none. */
static int
written_for(const Written *written, bool *meant, const NumberedLine *line, Jsonb *row_data)
{
	int			w;

	for (w = 0; w < written->n; w++)
		if (meant[w] && compare_numbered(&written->lines[w].numbered, line) == 0 && same_row(written->lines[w].row_data, row_data))
		{
			meant[w] = false;
			return w;
		}
	return -1;
}

static Target *
target_at(List *targets, Oid table, ItemPointer place)
{
	ListCell   *cell;

	foreach(cell, targets)
	{
		Target	   *target = lfirst(cell);

		if (target->table == table && ItemPointerEquals(&target->place, place))
			return target;
	}
	return NULL;
}

/* columns of the stored rows of a day */
enum
{
	STORED_TABLE = 1, STORED_PLACE, STORED_CLAIM_ID, STORED_LINE_NO, STORED_LINE, STORED_ROW
};

/*
 * The stored rows of a day that are written lines which are meant.  Of rows that
 * are equal in every column the youngest go: the others were there before.
 */
static List *
find_targets(Guard *guard, const Written *written, bool *meant, const Key *key)
{
	SPIPlanPtr *plan = &guard->plans[PLAN_ROWS + key->mask];
	List	   *targets = NIL;
	uint64		row;

	if (*plan == NULL)
		sql_keep(plan, psprintf("SELECT l.row_table, l.row_place, l.claim_id, l.line_no, l.line, l.row_data FROM (%s) l WHERE %s "
								"ORDER BY l.row_age, l.row_place DESC", guard->rows, key_condition(guard, "l", key->mask)),
				 N_KEYS, guard->key_types);
	sql_execute(*plan, (Datum *) key->values, key->nulls, true);
	for (row = 0; row < SPI_processed; row++)
	{
		bool		is_null;
		Oid			table = DatumGetObjectId(sql_column(row, STORED_TABLE, &is_null));
		ItemPointer place = (ItemPointer) DatumGetPointer(sql_column(row, STORED_PLACE, &is_null));
		NumberedLine *line = palloc(sizeof(NumberedLine));
		Target	   *target;
		int			w;

		*line = numbered_line(row, STORED_CLAIM_ID);
		w = written_for(written, meant, line, DatumGetJsonbP(sql_column(row, STORED_ROW, &is_null)));
		if (w < 0)
			continue;
		target = target_at(targets, table, place);
		if (target == NULL)
		{
			target = palloc0(sizeof(Target));
			target->table = table;
			target->place = *place;
			target->replaced = written->lines[w].replaced;
			targets = lappend(targets, target);
		}
		target->lines = lappend(target->lines, line);
	}
	return targets;
}

/* ------------------------------------------------------- moving them aside */

/* The findings as jsonb, each with its line. */
static Datum *
findings_jsonb(const AnsweredDay *answered)
{
	int			n = answered->n_findings;
	Oid			row_type = extension_type("claim_finding");
	Oid			line_type = extension_type("claimline");
	Datum	   *findings = palloc(sizeof(Datum) * (Size) n);
	Datum	   *lines = palloc(sizeof(Datum) * (Size) n);
	bool	   *nulls = palloc(sizeof(bool) * (Size) n);
	Oid			types[2] = {get_array_type(row_type), get_array_type(line_type)};
	Datum		values[2];
	RowShape	shape = {NULL};
	bool		is_null;
	int			i;

	finding_row_prepare(&shape, row_type, CurrentMemoryContext);
	for (i = 0; i < n; i++)
	{
		const Finding *finding = answered->findings[i].finding;
		const Line *line = day_row(&answered->day, finding->line);

		findings[i] = finding_row(&shape, &answered->sink, finding);
		nulls[i] = line == NULL;
		lines[i] = line == NULL ? (Datum) 0 : line_datum(line);
	}
	values[0] = sql_array(findings, NULL, n, row_type);
	values[1] = sql_array(lines, nulls, n, line_type);
	sql_execute_once("SELECT to_jsonb($1[i]) || jsonb_build_object('line', $2[i]) FROM generate_subscripts($1, 1) i ORDER BY i",
					 2, types, values, NULL, true);
	for (i = 0; i < n; i++)
		findings[i] = PointerGetDatum(DatumGetJsonbPCopy(sql_column(i, 1, &is_null)));
	SPI_freetuptable(SPI_tuptable);
	return findings;
}

/* The findings on a line of a row, or with one, as an array. */
static Datum
findings_about(const AnsweredDay *answered, Datum *all, const Target *target)
{
	Datum	   *some = palloc(sizeof(Datum) * (Size) answered->n_findings);
	int			n = 0;
	int			i;

	for (i = 0; i < answered->n_findings; i++)
	{
		const Finding *finding = answered->findings[i].finding;
		NumberedLine on = day_line_number(&answered->day, finding->line);
		NumberedLine with = day_line_number(&answered->day, finding->with < 0 ? finding->line : finding->with);
		ListCell   *cell;

		foreach(cell, target->lines)
			if (compare_numbers(lfirst(cell), &on) == 0 || compare_numbers(lfirst(cell), &with) == 0)
				break;
		if (cell != NULL)
			some[n++] = all[i];
	}
	return sql_array(some, NULL, n, JSONBOID);
}

/* Delete the rows; what was just read are the rows, and where they were. */
static void
delete_targets(Guard *guard, List *targets, const char *relation, Oid table)
{
	SPIPlanPtr *plan = &guard->plans[PLAN_MOVE];
	Oid			types[2] = {OIDARRAYOID, TIDARRAYOID};
	Datum	   *tables = palloc(sizeof(Datum) * (Size) list_length(targets));
	Datum	   *places = palloc(sizeof(Datum) * (Size) list_length(targets));
	Datum		values[2];
	Oid			before = moving;
	ListCell   *cell;
	int			n = 0;

	foreach(cell, targets)
	{
		Target	   *target = lfirst(cell);

		tables[n] = ObjectIdGetDatum(target->table);
		places[n++] = PointerGetDatum(&target->place);
	}
	values[0] = sql_array(tables, NULL, n, OIDOID);
	values[1] = sql_array(places, NULL, n, TIDOID);
	if (*plan == NULL)
		sql_keep(plan, psprintf("DELETE FROM %s d USING unnest($1, $2) t (row_table, row_place) "
								"WHERE d.tableoid = t.row_table AND d.ctid = t.row_place RETURNING to_jsonb(d.*), d.tableoid, d.ctid",
								relation), 2, types);
	moving = table;
	PG_TRY();
	{
		sql_execute(*plan, values, NULL, false);
	}
	PG_FINALLY();
	{
		moving = before;
	}
	PG_END_TRY();
}

/* Keep a row that was deleted. */
static void
keep_row(Guard *guard, Event event, const Key *key, const char *relation, Datum row_data, Jsonb *replaced, Datum findings)
{
	SPIPlanPtr *plan = &guard->plans[PLAN_MOVED];
	Datum		values[N_KEYS + 7];
	bool		nulls[N_KEYS + 7] = {false};

	if (*plan == NULL)
	{
		Oid			types[] = {TEXTOID, TEXTOID, DATEOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, JSONBOID, JSONBOID, JSONBARRAYOID};

		sql_keep(plan, psprintf("INSERT INTO %s.claim_quarantine (patient, provider, dos, source, policy, relation, event, row_data, replaced, findings) "
								"VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, to_jsonb($10))", extension_schema()),
				 lengthof(types), types);
	}
	key_as_text(guard, key, values, nulls);
	values[N_KEYS] = CStringGetTextDatum(guard->source);
	values[N_KEYS + 1] = CStringGetTextDatum(guard->policy);
	values[N_KEYS + 2] = CStringGetTextDatum(relation);
	values[N_KEYS + 3] = CStringGetTextDatum(event == EVENT_INSERT ? "INSERT" : "UPDATE");
	values[N_KEYS + 4] = row_data;
	nulls[N_KEYS + 5] = replaced == NULL;
	values[N_KEYS + 5] = PointerGetDatum(replaced);
	values[N_KEYS + 6] = findings;
	sql_execute(*plan, values, nulls, false);
}

/* Move aside the rows of a day that the findings are about; returns how many were. */
static uint64
move_rows(Guard *guard, Event event, const Written *written, const Key *key, Relation table, const AnsweredDay *answered)
{
	Written		of_day = written_of_day(written, key);
	List	   *targets = find_targets(guard, &of_day, meant_lines(answered, &of_day), key);
	const char *relation = quote_qualified_identifier(get_namespace_name(RelationGetNamespace(table)),
													  RelationGetRelationName(table));
	SPITupleTable *deleted;
	Datum	   *findings;
	uint64		n;
	uint64		row;
	Role		role;

	if (targets == NIL)
		return 0;
	findings = findings_jsonb(answered);
	delete_targets(guard, targets, relation, RelationGetRelid(table));
	deleted = SPI_tuptable;
	n = SPI_processed;
	role = role_begin(guard->store_owner);
	for (row = 0; row < n; row++)
	{
		bool		is_null;
		HeapTuple	tuple = deleted->vals[row];
		Target	   *target = target_at(targets, DatumGetObjectId(SPI_getbinval(tuple, deleted->tupdesc, 2, &is_null)),
									   (ItemPointer) DatumGetPointer(SPI_getbinval(tuple, deleted->tupdesc, 3, &is_null)));

		if (target == NULL)
			elog(ERROR, "a row was moved that was not to be");
		keep_row(guard, event, key, relation, SPI_getbinval(tuple, deleted->tupdesc, 1, &is_null), target->replaced,
				 findings_about(answered, findings, target));
	}
	role_end(role);
	return n;
}

/*
 * Move rows until the day passes: without them other findings may come up.
 * What no written row is the cause of stays and is noted.
 */
uint64
guard_quarantine(Guard *guard, Event event, const Written *written, const Key *key, Relation table)
{
	bool		passes;
	uint64		moved;
	uint64		n = 0;

	do
	{
		AnsweredDay answered;

		PushActiveSnapshot(GetLatestSnapshot());
		passes = !answer_for_day(guard, written, key, &answered);
		moved = passes || event == EVENT_DELETE ? 0 : move_rows(guard, event, written, key, table, &answered);
		n += moved;
		PopActiveSnapshot();
	} while (moved > 0);
	if (!passes)
	{
		PushActiveSnapshot(GetLatestSnapshot());
		guard_note_findings(guard, key);
		PopActiveSnapshot();
	}
	return n;
}

void
guard_say_moved(const Guard *guard, uint64 n_rows, int n_days)
{
	char	   *rows = psprintf(n_rows == 1 ? "%llu row" : "%llu rows", (unsigned long long) n_rows);
	char	   *days = psprintf(n_days == 1 ? "%d provider-day" : "%d provider-days", n_days);

	ereport(NOTICE,
			(errmsg("the guard of claim source \"%s\" moved %s of %s to quarantine", guard->source, rows, days),
			 errdetail("What was moved does not pass policy \"%s\"; the rest of the statement is stored.", guard->policy),
			 errhint("See %s.claim_quarantine: each row with its findings.", extension_schema())));
}

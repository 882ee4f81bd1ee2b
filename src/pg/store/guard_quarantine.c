/*
 * src/pg/store/guard_quarantine.c
 *
 * What a guard does about a day that does not pass: move the rows that the
 * statement wrote aside.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "pg/extension.h"
#include "pg/finding_row.h"
#include "pg/line_type.h"
#include "pg/store/guard_action.h"
#include "pg/store/guard_attest.h"
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
	List	   *lines;			/* WrittenLine *: of the row */
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
			if (written->lines[w].made && !written->lines[w].moved &&
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

/*
 * The written line that is meant and equals a stored one, and its row in all columns unless they may differ, and that no
 * other was taken for; -1 for none.
 */
static int
written_for(const Written *written, bool *meant, const NumberedLine *line, Jsonb *row_data, bool may_differ)
{
	int			w;

	for (w = 0; w < written->n; w++)
		if (meant[w] && compare_numbered(&written->lines[w].numbered, line) == 0 &&
			(may_differ || same_row(written->lines[w].row_data, row_data)))
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
	STORED_TABLE = 1, STORED_PLACE, STORED_CLAIM_ID, STORED_LINE_NO, STORED_LINE, STORED_ROW, STORED_BY
};

/* Read the stored rows of a day, the youngest first. */
static void
read_rows(Guard *guard, const Key *key)
{
	SPIPlanPtr *plan = &guard->plans[PLAN_ROWS + key->mask];

	if (*plan == NULL)
		sql_keep(plan, psprintf("SELECT l.row_table, l.row_place, l.claim_id, l.line_no, l.line, l.row_data, l.row_by FROM (%s) l WHERE %s "
								"ORDER BY age(l.row_by), l.row_place DESC", guard->rows, key_condition(guard, "l", key->mask)),
				 N_KEYS, guard->key_types);
	sql_execute(*plan, (Datum *) key->values, key->nulls, true);
}

/* A stored row, of those that were just read, goes as one that was written. */
static List *
add_target(List *targets, uint64 row, WrittenLine *line)
{
	bool		is_null;
	Oid			table = DatumGetObjectId(sql_column(row, STORED_TABLE, &is_null));
	ItemPointer place = (ItemPointer) DatumGetPointer(sql_column(row, STORED_PLACE, &is_null));
	Target	   *target = target_at(targets, table, place);

	if (target == NULL)
	{
		target = palloc0(sizeof(Target));
		target->table = table;
		target->place = *place;
		target->replaced = line->replaced;
		targets = lappend(targets, target);
	}
	target->lines = lappend(target->lines, line);
	return targets;
}

/*
 * The stored rows of a day that are written lines which are meant: of this
 * transaction, the youngest first.  Those that are as they were written in every
 * column are taken before others: a trigger may have changed columns since.
 */
static List *
find_targets(Guard *guard, const Written *written, bool *meant, const Key *key)
{
	List	   *targets = NIL;
	bool	   *taken;
	int			may_differ;
	uint64		row;

	read_rows(guard, key);
	taken = palloc0(SPI_processed + 1);
	for (may_differ = 0; may_differ < 2; may_differ++)
		for (row = 0; row < SPI_processed; row++)
		{
			bool		is_null;
			NumberedLine line = numbered_line(row, STORED_CLAIM_ID);
			int			w = -1;

			if (!taken[row] && TransactionIdIsCurrentTransactionId(DatumGetTransactionId(sql_column(row, STORED_BY, &is_null))))
				w = written_for(written, meant, &line, DatumGetJsonbP(sql_column(row, STORED_ROW, &is_null)), may_differ);
			if (w < 0)
				continue;
			taken[row] = true;
			targets = add_target(targets, row, &written->lines[w]);
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
		{
			const NumberedLine *line = &((WrittenLine *) lfirst(cell))->numbered;

			if (compare_numbers(line, &on) == 0 || compare_numbers(line, &with) == 0)
				break;
		}
		if (cell != NULL)
			some[n++] = all[i];
	}
	return sql_array(some, NULL, n, JSONBOID);
}

/*
 * What a row is deleted from: the table that the statement named, as the user's statement would, but a child that
 * inherits, which may have columns of its own, by itself.
 */
static Oid
home_of(const Target *target, Relation table)
{
	return target->table == RelationGetRelid(table) || get_rel_relispartition(target->table) ? RelationGetRelid(table) : target->table;
}

static char *
relation_name(Oid relation)
{
	return quote_qualified_identifier(get_namespace_name(get_rel_namespace(relation)), get_rel_name(relation));
}

/* Delete the rows of a home; what was just read are the rows, and where they were. */
static void
delete_targets(Guard *guard, List *targets, Oid home, Relation table)
{
	SPIPlanPtr	once = NULL;
	SPIPlanPtr *plan = home == RelationGetRelid(table) ? &guard->plans[PLAN_MOVE] : &once;
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

		if (home_of(target, table) != home)
			continue;
		tables[n] = ObjectIdGetDatum(target->table);
		places[n++] = PointerGetDatum(&target->place);
	}
	values[0] = sql_array(tables, NULL, n, OIDOID);
	values[1] = sql_array(places, NULL, n, TIDOID);
	if (*plan == NULL)
		sql_keep(plan, psprintf("DELETE FROM %s d USING unnest($1, $2) t (row_table, row_place) "
								"WHERE d.tableoid = t.row_table AND d.ctid = t.row_place RETURNING to_jsonb(d.*), d.tableoid, d.ctid",
								relation_name(home)), 2, types);
	moving = home;
	PG_TRY();
	{
		sql_execute(*plan, values, NULL, false);
	}
	PG_FINALLY();
	{
		moving = before;
	}
	PG_END_TRY();
	if (once != NULL)
		SPI_freeplan(once);
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

/* Move aside the rows of one home; returns how many were. */
static uint64
move_rows_of(Guard *guard, Event event, const Key *key, Relation table, const AnsweredDay *answered, Datum *findings,
			 List *targets, Oid home)
{
	SPITupleTable *deleted;
	uint64		n;
	uint64		row;
	ListCell   *cell;
	Role		role;

	delete_targets(guard, targets, home, table);
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
		foreach(cell, target->lines)
			((WrittenLine *) lfirst(cell))->moved = true;
		keep_row(guard, event, key, relation_name(home), SPI_getbinval(tuple, deleted->tupdesc, 1, &is_null), target->replaced,
				 findings_about(answered, findings, target));
	}
	role_end(role);
	return n;
}

/* Move aside the rows of a day that are written lines which are meant; returns how many were. */
static uint64
move_rows(Guard *guard, Event event, const Written *of_day, bool *meant, const Key *key, Relation table, const AnsweredDay *answered)
{
	List	   *targets = find_targets(guard, of_day, meant, key);
	Datum	   *findings;
	List	   *homes = NIL;
	ListCell   *cell;
	uint64		n = 0;

	if (targets == NIL)
		return 0;
	findings = findings_jsonb(answered);
	foreach(cell, targets)
		homes = list_append_unique_oid(homes, home_of(lfirst(cell), table));
	foreach(cell, homes)
		n += move_rows_of(guard, event, key, table, answered, findings, targets, lfirst_oid(cell));
	return n;
}

static bool
any_of(const bool *meant, int n)
{
	while (n > 0 && !meant[n - 1])
		n--;
	return n > 0;
}

/*
 * Move rows until the day passes: without them other findings may come up.
 * What no written row is the cause of stays and is noted; a row that is the cause
 * and cannot be moved is refused.
 */
uint64
guard_quarantine(Guard *guard, Event event, const Written *written, const Key *key, Relation table, Oid user)
{
	Written		of_day = written_of_day(written, key);
	Attested	attested;
	bool		passes;
	uint64		moved;
	uint64		n = 0;

	do
	{
		AnsweredDay answered;
		bool		is_meant = false;

		moved = 0;
		PushActiveSnapshot(GetLatestSnapshot());
		passes = !answer_for_day(guard, written, key, &answered);
		attested = (Attested) {0};
		if (!passes && guard_attests())
		{
			take_attested(guard, &answered, user, &attested);
			passes = answered.n_findings == 0;
		}
		if (!passes && event != EVENT_DELETE)
		{
			bool	   *meant = meant_lines(&answered, &of_day);

			is_meant = any_of(meant, of_day.n);
			moved = move_rows(guard, event, &of_day, meant, key, table, &answered);
		}
		if (is_meant && moved == 0)
			guard_refuse(guard, written, key, table, user,
						 "The row cannot be moved to quarantine: a trigger or a rule of the table keeps it, or has changed it.");
		n += moved;
		PopActiveSnapshot();
	} while (moved > 0);
	write_attested(guard, key, &attested);
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

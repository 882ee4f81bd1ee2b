/*
 * src/pg/store/day_scan.c
 *
 * The provider-days of a source by the indexes of its tables.
 *
 * They are read with a dirty snapshot: it gives what is committed now, what the
 * transaction itself wrote, and who, of those not yet ended, writes the day.  It is
 * of no one moment: where a transaction ended meanwhile, lines are read again.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/transam.h"
#include "partitioning/partdesc.h"
#include "pg/compat.h"
#include "pg/day_type.h"
#include "pg/line_type.h"
#include "pg/store/day_scan.h"
#include "utils/datum.h"
#include "utils/rel.h"

/* ---------------------------------------------------------- tables that are read */

void
day_scan_begin(DayScan *scan, DayTables *days, Relation written)
{
	static uint64 number = 0;

	memset(scan, 0, sizeof(DayScan));
	scan->days = days;
	scan->written = written;
	scan->number = ++number;
	scan->context = CurrentMemoryContext;
	InitDirtySnapshot(scan->dirty);
}

/* Locks on tables are kept, as those that queries take. */
void
day_scan_end(DayScan *scan)
{
	ListCell   *cell;

	foreach(cell, scan->opened)
	{
		TableScan  *opened = lfirst(cell);

		if (opened->scan != NULL)
		{
			ExecDropSingleTupleTableSlot(opened->slot);
			index_endscan(opened->scan);
			index_close(opened->index, NoLock);
		}
		if (opened->table != scan->written)
			table_close(opened->table, NoLock);
	}
}

/* Open one of the tables, or NULL where it is not what it was. */
static TableScan *
open_table(DayScan *scan, Oid relation)
{
	bool		is_open = relation == RelationGetRelid(scan->written);
	Relation	table = is_open ? scan->written : try_table_open(relation, AccessShareLock);
	/* with the lock comes the news of what was changed */
	DayTable   *entry = table != NULL && (is_open || scan->days->guard->valid) ? day_table(scan->days, table) : NULL;
	TableScan  *opened;

	if (entry == NULL)
	{
		if (table != NULL && !is_open)
			table_close(table, NoLock);
		return NULL;
	}
	opened = palloc0(sizeof(TableScan));
	opened->entry = entry;
	opened->table = table;
	if (!entry->is_partitioned)
	{
		opened->index = index_open(entry->reader->index, AccessShareLock);
		opened->scan = index_beginscan_compat(table, opened->index, &scan->dirty, entry->reader->n_index_parts);
		opened->slot = table_slot_create(table, NULL);
	}
	entry->scan = opened;
	entry->scan_number = scan->number;
	return opened;
}

static TableScan *
opened_table(DayScan *scan, Oid relation)
{
	DayTable   *entry = hash_search(scan->days->tables, &relation, HASH_FIND, NULL);
	MemoryContext old;
	TableScan  *opened;

	if (entry != NULL && entry->scan_number == scan->number)
		return entry->scan;
	old = MemoryContextSwitchTo(scan->context);
	opened = open_table(scan, relation);
	if (opened == NULL)
		scan->is_stale = true;
	else
		scan->opened = lappend(scan->opened, opened);
	MemoryContextSwitchTo(old);
	return opened;
}

/* Add a table to those of the day, or what of its partitions may have it. */
static void
add_table(DayScan *scan, Oid relation, const Key *key)
{
	TableScan  *opened = opened_table(scan, relation);
	PartitionDesc partitions;
	int			place;
	int			i;

	if (opened == NULL)
		return;
	if (!opened->entry->is_partitioned)
	{
		scan->of_day = lappend(scan->of_day, opened);
		return;
	}
	partitions = RelationGetPartitionDesc(opened->table, true);
	place = day_partition(opened->entry, opened->table, partitions->boundinfo, key);
	if (place >= 0)
		add_table(scan, partitions->oids[place], key);
	for (i = 0; i < partitions->nparts && place == DAY_PARTITION_ALL; i++)
		add_table(scan, partitions->oids[i], key);
}

/* Which tables may have a day? */
static void
find_tables(DayScan *scan, const Key *key)
{
	DayTables  *days = scan->days;
	int			i;

	scan->of_day = NIL;
	if (days->is_partitioned)
		add_table(scan, days->relation, key);
	else if (days->n_members == 1 && scan->opened != NIL)
		/* most often it is a table alone */
		scan->of_day = scan->opened;
	else
		for (i = 0; i < days->n_members; i++)
			add_table(scan, days->members[i], key);
}

/* ------------------------------------------------------------------- its rows */

static void
add_other(DayScan *scan, TransactionId other)
{
	/* mostly rows of a day are of one */
	if (!TransactionIdIsValid(other) || (scan->n_others > 0 && scan->others[scan->n_others - 1] == other))
		return;
	if (scan->n_others == scan->others_room)
	{
		MemoryContext old = MemoryContextSwitchTo(scan->context);

		scan->others_room = scan->others_room == 0 ? 4 : scan->others_room * 2;
		scan->others = scan->others == NULL ? palloc(sizeof(TransactionId) * scan->others_room)
			: repalloc(scan->others, sizeof(TransactionId) * scan->others_room);
		MemoryContextSwitchTo(old);
	}
	scan->others[scan->n_others++] = other;
}

/* Start the scan of a table for a key. */
static void
find(TableScan *table, const Key *key)
{
	const RowReader *reader = table->entry->reader;
	ScanKeyData conditions[N_KEYS];
	int			i;

	for (i = 0; i < reader->n_index_parts; i++)
	{
		const IndexPart *part = &reader->index_parts[i];
		bool		is_null = key->nulls[part->part];

		ScanKeyEntryInitializeWithInfo(&conditions[i], is_null ? SK_ISNULL | SK_SEARCHNULL : 0, i + 1,
									   is_null ? InvalidStrategy : BTEqualStrategyNumber, InvalidOid, part->collation,
									   (FmgrInfo *) &part->equal, is_null ? (Datum) 0 : key->values[part->part]);
	}
	index_rescan(table->scan, conditions, reader->n_index_parts, NULL, 0);
}

/* Is the row in the slot of the day? */
static bool
is_of_day(RowReader *reader, const Key *key)
{
	int			part;

	for (part = 0; part < N_KEYS; part++)
	{
		KeyPart    *by = &reader->keys[part];
		bool		is_null;
		Datum		value;

		if (reader->indexed & 1 << part)
			continue;
		value = ExecEvalExpr(by->value, reader->econtext, &is_null);
		if (is_null != key->nulls[part] ||
			(!is_null && !DatumGetBool(FunctionCall2Coll(&by->equal, by->collation, value, key->values[part]))))
			return false;
	}
	return row_reader_is_line(reader);
}

/* The line of the row in the slot, in memory of its own. */
static void
line_of_slot(RowReader *reader, DayLine *line)
{
	NullableDatum arguments[4];
	uint8	   *reason = NULL;

	memset(line, 0, sizeof(DayLine));
	arguments[0].value = ExecEvalExpr(reader->claim_id, reader->econtext, &arguments[0].isnull);
	if (!arguments[0].isnull)
		/* that of a column lies in the page */
		arguments[0].value = datumCopy(arguments[0].value, false, -1);
	arguments[1].value = ExecEvalExpr(reader->line_no, reader->econtext, &arguments[1].isnull);
	arguments[2].value = ExecEvalExpr(reader->line, reader->econtext, &arguments[2].isnull);
	arguments[3].isnull = true;
	if (arguments[2].isnull && reader->line_error != NULL)
	{
		arguments[3].value = ExecEvalExpr(reader->line_error, reader->econtext, &arguments[3].isnull);
		reason = palloc(1 + DAY_MAX_REASON);
	}
	(void) day_line_argument(arguments, 4, line, reason);
	if (!arguments[2].isnull)
		line->line = DatumGetLine(arguments[2].value);
}

/* Put the row in the slot into the day. */
static void
add_row(DayScan *scan, RowReader *reader, Day *day)
{
	if (day->n_lines == scan->lines_room)
	{
		scan->lines_room *= 2;
		day->lines = repalloc_huge(day->lines, sizeof(DayLine) * (Size) scan->lines_room);
	}
	line_of_slot(reader, &day->lines[day->n_lines++]);
}

/* Take the row in the slot; the dirty snapshot says who, of those not yet ended, wrote it and who takes it away. */
static void
take_row(DayScan *scan, RowReader *reader, Snapshot snapshot, const Key *key, Day *day)
{
	bool		is_dirty = snapshot == &scan->dirty;
	TransactionId writer = is_dirty ? snapshot->xmin : InvalidTransactionId;
	TransactionId remover = is_dirty ? snapshot->xmax : InvalidTransactionId;

	if (!is_of_day(reader, key))
		return;
	add_other(scan, writer);
	add_other(scan, remover);
	if (day != NULL && !TransactionIdIsValid(writer))
		add_row(scan, reader, day);
}

/* Read the rows of a day that a table has, under a snapshot. */
static void
read_rows(DayScan *scan, TableScan *table, Snapshot snapshot, const Key *key, Day *day)
{
	RowReader  *reader = table->entry->reader;

	reader->econtext->ecxt_scantuple = table->slot;
	table->scan->xs_snapshot = snapshot;
	find(table, key);
	while (index_getnext_slot(table->scan, ForwardScanDirection, table->slot))
	{
		/* the scan keeps memory of its own from day to day */
		MemoryContext of_scan = MemoryContextSwitchTo(reader->econtext->ecxt_per_tuple_memory);

		take_row(scan, reader, snapshot, key, day);
		MemoryContextSwitchTo(of_scan);
	}
	ExecClearTuple(table->slot);
	table->scan->xs_snapshot = &scan->dirty;
}

static void
read_all(DayScan *scan, Snapshot snapshot, const Key *key, Day *day)
{
	ListCell   *cell;

	foreach(cell, scan->of_day)
		read_rows(scan, lfirst(cell), snapshot, key, day);
}

/*
 * Rows that are moved while they are read, by who changes nothing that is mapped and so does not lock the day, may be
 * missed in the old place and in the new.  What is committed at one moment, with all that the transaction itself wrote:
 */
static void
read_moment(DayScan *scan, const Key *key, Day *day)
{
	Snapshot	moment = RegisterSnapshot(GetLatestSnapshot());

	moment->curcid = InvalidCommandId;
	day->n_lines = 0;
	read_all(scan, moment, key, day);
	UnregisterSnapshot(moment);
}

void
day_scan_read(DayScan *scan, const Key *key, Day *day)
{
	ExprContext *econtext = scan->days->econtext;
	MemoryContext old;
	uint64		ended;

	ResetExprContext(econtext);
	old = MemoryContextSwitchTo(econtext->ecxt_per_tuple_memory);
	scan->n_others = 0;
	if (day != NULL)
	{
		memset(day, 0, sizeof(Day));
		scan->lines_room = 8;
		day->lines = palloc(sizeof(DayLine) * (Size) scan->lines_room);
	}
	find_tables(scan, key);
	MemoryContextSwitchTo(old);
	ended = TRANSACTIONS_ENDED;
	pg_read_barrier();
	read_all(scan, &scan->dirty, key, day);
	pg_read_barrier();
	/* a row goes, and comes in another place, when a transaction ends */
	if (day != NULL && TRANSACTIONS_ENDED != ended)
		read_moment(scan, key, day);
	if (day != NULL)
		day_sort(day);
}

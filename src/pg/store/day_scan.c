/*
 * src/pg/store/day_scan.c
 *
 * The provider-days of a table by an index.
 *
 * The index is read with a dirty snapshot: it gives what is committed now, what
 * the transaction itself wrote, and who, of those not yet ended, writes the day.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/nbtree.h"
#include "access/tableam.h"
#include "access/transam.h"
#include "nodes/makefuncs.h"
#include "pg/day_type.h"
#include "pg/line_type.h"
#include "pg/store/day_scan.h"
#include "utils/datum.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/typcache.h"

/* ------------------------------------------------------------- its index */

/* Whatever name the type of a value has. */
static Node *
without_relabels(Node *node)
{
	while (node != NULL && IsA(node, RelabelType))
		node = (Node *) ((RelabelType *) node)->arg;
	return node;
}

/* Does a column of an index hold a part of the key, and find all that equal it? */
static bool
holds(const RowReader *reader, int part, Node *expression, Relation index, int column, Node *indexed, IndexPart *found)
{
	TypeCacheEntry *type = lookup_type_cache(reader->keys[part].type, TYPECACHE_EQ_OPR);
	Oid			family = index->rd_opfamily[column];
	Oid			input = index->rd_opcintype[column];
	Oid			equality = get_opfamily_member(family, input, input, BTEqualStrategyNumber);
	Oid			collation = index->rd_indcollation[column];

	if (equality != type->eq_opr || !equal(without_relabels(expression), without_relabels(indexed)))
		return false;
	if (collation != reader->keys[part].collation &&
		!(get_collation_isdeterministic(collation) && get_collation_isdeterministic(reader->keys[part].collation)))
		return false;
	found->part = part;
	found->collation = collation;
	fmgr_info_cxt(get_opcode(equality), &found->equal, reader->context);
	return true;
}

/* How many of the first columns of an index are parts of the key; with which. */
static int
columns_held(const RowReader *reader, const Query *query, Relation index, IndexPart *parts)
{
	List	   *expressions = RelationGetIndexExpressions(index);
	ListCell   *next = list_head(expressions);
	bool		taken[N_KEYS] = {false};
	int			n = 0;

	while (n < Min(IndexRelationGetNumberOfKeyAttributes(index), N_KEYS))
	{
		AttrNumber	attribute = index->rd_index->indkey.values[n];
		Node	   *indexed;
		int			part;

		if (attribute == 0)
		{
			indexed = lfirst(next);
			next = lnext(expressions, next);
		}
		else
		{
			Form_pg_attribute column = TupleDescAttr(RelationGetDescr(index), n);

			indexed = (Node *) makeVar(1, attribute, column->atttypid, column->atttypmod, column->attcollation, 0);
		}
		for (part = 0; part < N_KEYS; part++)
		{
			Node	   *expression = (Node *) row_reader_column(query, part);

			/* a column is told by its number */
			if (attribute != 0 && (!IsA(without_relabels(expression), Var) || ((Var *) without_relabels(expression))->varattno != attribute))
				continue;
			if (attribute != 0)
				indexed = expression;
			if (!taken[part] && holds(reader, part, expression, index, n, indexed, &parts[n]))
				break;
		}
		if (part == N_KEYS)
			break;
		taken[part] = true;
		n++;
	}
	return n;
}

bool
day_index_find(RowReader *reader, const Query *query, Relation table)
{
	ListCell   *cell;
	int			i;

	foreach(cell, RelationGetIndexList(table))
	{
		Relation	index = index_open(lfirst_oid(cell), AccessShareLock);
		IndexPart	parts[N_KEYS];
		int			n = 0;

		if (index->rd_rel->relam == BTREE_AM_OID && index->rd_index->indisvalid && !index->rd_index->indcheckxmin &&
			RelationGetIndexPredicate(index) == NIL)
			n = columns_held(reader, query, index, parts);
		if (n > reader->n_index_parts && (n > 1 || parts[0].part == 0))
		{
			reader->index = RelationGetRelid(index);
			reader->n_index_parts = n;
			memcpy(reader->index_parts, parts, sizeof(parts));
		}
		index_close(index, AccessShareLock);
	}
	for (i = 0; i < reader->n_index_parts; i++)
		reader->indexed |= 1 << reader->index_parts[i].part;
	return reader->n_index_parts > 0;
}

/* --------------------------------------------------------- days by the index */

void
day_scan_begin(DayScan *scan, RowReader *reader, Relation table)
{
	memset(scan, 0, sizeof(DayScan));
	scan->reader = reader;
	scan->table = table;
	scan->index = index_open(reader->index, AccessShareLock);
	InitDirtySnapshot(scan->snapshot);
	scan->scan = index_beginscan_compat(table, scan->index, &scan->snapshot, reader->n_index_parts);
	scan->slot = table_slot_create(table, NULL);
}

void
day_scan_end(DayScan *scan)
{
	ExecDropSingleTupleTableSlot(scan->slot);
	index_endscan(scan->scan);
	index_close(scan->index, NoLock);
}

static void
add_other(DayScan *scan, TransactionId other)
{
	if (!TransactionIdIsValid(other))
		return;
	if (scan->n_others == scan->room)
	{
		MemoryContext old = MemoryContextSwitchTo(scan->reader->context);

		scan->room = scan->room == 0 ? 4 : scan->room * 2;
		scan->others = scan->others == NULL ? palloc(sizeof(TransactionId) * scan->room)
			: repalloc(scan->others, sizeof(TransactionId) * scan->room);
		MemoryContextSwitchTo(old);
	}
	scan->others[scan->n_others++] = other;
}

/* Start a scan for a key. */
static void
find(DayScan *scan, const Key *key)
{
	const RowReader *reader = scan->reader;
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
	index_rescan(scan->scan, conditions, reader->n_index_parts, NULL, 0);
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

/* Take the row in the slot, of which the scan says who, of those not yet ended, wrote it and who takes it away. */
static void
take_row(DayScan *scan, const Key *key, Day *day, int *room)
{
	TransactionId writer = scan->snapshot.xmin;
	TransactionId remover = scan->snapshot.xmax;

	if (!is_of_day(scan->reader, key))
		return;
	add_other(scan, writer);
	add_other(scan, remover);
	if (day == NULL || TransactionIdIsValid(writer))
		return;
	if (day->n_lines == *room)
	{
		*room *= 2;
		day->lines = repalloc_huge(day->lines, sizeof(DayLine) * (Size) *room);
	}
	line_of_slot(scan->reader, &day->lines[day->n_lines++]);
}

void
day_scan_read(DayScan *scan, const Key *key, Day *day)
{
	ExprContext *econtext = scan->reader->econtext;
	MemoryContext of_scan;
	int			room = 8;

	ResetExprContext(econtext);
	econtext->ecxt_scantuple = scan->slot;
	scan->n_others = 0;
	if (day != NULL)
	{
		memset(day, 0, sizeof(Day));
		day->lines = MemoryContextAlloc(econtext->ecxt_per_tuple_memory, sizeof(DayLine) * (Size) room);
	}
	find(scan, key);
	/* the scan keeps memory of its own from day to day */
	while (index_getnext_slot(scan->scan, ForwardScanDirection, scan->slot))
	{
		of_scan = MemoryContextSwitchTo(econtext->ecxt_per_tuple_memory);
		take_row(scan, key, day, &room);
		MemoryContextSwitchTo(of_scan);
	}
	ExecClearTuple(scan->slot);
	if (day != NULL)
		day_sort(day);
}

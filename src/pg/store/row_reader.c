/*
 * src/pg/store/row_reader.c
 *
 * The rows of a table as lines, by the expressions of a mapping.
 */
#include "postgres.h"

#include "access/sysattr.h"
#include "catalog/partition.h"
#include "catalog/pg_language.h"
#include "catalog/pg_proc.h"
#include "executor/tuptable.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "nodes/pathnodes.h"
#include "optimizer/clauses.h"
#include "optimizer/optimizer.h"
#include "parser/analyze.h"
#include "pg/compat.h"
#include "pg/extension.h"
#include "pg/store/row_reader.h"
#include "pg/store/source_adjust.h"
#include "pg/store/source_sql.h"
#include "tcop/tcopprot.h"
#include "utils/datum.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/syscache.h"
#include "utils/typcache.h"

/* columns of source_select */
enum
{
	COLUMN_CLAIM_ID = N_KEYS, COLUMN_LINE_NO, COLUMN_LINE, COLUMN_LINE_ERROR
};

/* --------------------------------------------------------- its expressions */

/* A function that may run code of users: neither the server's nor one that only a superuser can make. */
static bool
is_of_users(Oid function, void *context)
{
	HeapTuple	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(function));
	Oid			language;

	if (!HeapTupleIsValid(tuple))
		return true;
	language = ((Form_pg_proc) GETSTRUCT(tuple))->prolang;
	ReleaseSysCache(tuple);
	return language != INTERNALlanguageId && language != ClanguageId;
}

/* Does an expression need more than the row?  With what it calls. */
static bool
needs_query(Node *node, void *context)
{
	if (node == NULL)
		return false;
	if (IsA(node, SubLink) || IsA(node, Param) || IsA(node, CoerceToDomain) || check_functions_in_node(node, is_of_users, NULL))
		return true;
	return expression_tree_walker(node, needs_query, context);
}

/* The expression as it is planned for the table. */
static Node *
planned(PlannerInfo *root, Node *expression)
{
	Node	   *simple = eval_const_expressions(root, expression);

	fix_opfuncids(simple);
	return simple;
}

/* The query of a SELECT of the table alone, simplified; NULL where rows need more than expressions over them. */
static Query *
expressions_of(const char *sql)
{
	List	   *raw = pg_parse_query(sql);
	Query	   *query = parse_analyze_fixedparams(linitial_node(RawStmt, raw), sql, NULL, 0, NULL);
	PlannerInfo *root = makeNode(PlannerInfo);
	ListCell   *cell;

	/* as it is written: what the planner makes a constant of, or a part of the expression, may be made anew by its owner */
	if (query->hasSubLinks || list_length(query->rtable) != 1 || needs_query(query->jointree->quals, NULL) ||
		needs_query((Node *) query->targetList, NULL))
		return NULL;
	root->parse = query;
	root->glob = makeNode(PlannerGlobal);
	query->jointree->quals = planned(root, query->jointree->quals);
	foreach(cell, query->targetList)
	{
		TargetEntry *column = lfirst(cell);

		column->expr = (Expr *) planned(root, (Node *) column->expr);
	}
	return query;
}

/* A function that is not claimline's own: whatever it is written in, it may come to code of users by the types that it works on. */
static bool
is_of_others(Oid function, void *context)
{
	return !is_of_extension(function);
}

static bool
calls_others(Node *node, void *context)
{
	if (node == NULL)
		return false;
	return check_functions_in_node(node, is_of_others, NULL) || expression_tree_walker(node, calls_others, context);
}

bool
row_query_calls_others(const Query *query)
{
	return calls_others(query->jointree->quals, NULL) || calls_others((Node *) query->targetList, NULL);
}

Expr *
row_reader_column(const Query *query, int column)
{
	return ((TargetEntry *) list_nth(query->targetList, column))->expr;
}

static bool
key_part_init(RowReader *reader, int part, Expr *expression)
{
	KeyPart    *key = &reader->keys[part];
	TypeCacheEntry *type;
	char		align;

	key->type = exprType((Node *) expression);
	key->collation = exprCollation((Node *) expression);
	type = lookup_type_cache(key->type, TYPECACHE_EQ_OPR | TYPECACHE_EQ_OPR_FINFO | TYPECACHE_HASH_EXTENDED_PROC_FINFO);
	if (!OidIsValid(type->eq_opr_finfo.fn_oid) || !OidIsValid(type->hash_extended_proc_finfo.fn_oid) ||
		is_of_users(type->eq_opr_finfo.fn_oid, NULL) || is_of_users(type->hash_extended_proc_finfo.fn_oid, NULL))
		return false;
	fmgr_info_cxt(type->eq_opr_finfo.fn_oid, &key->equal, reader->context);
	fmgr_info_cxt(type->hash_extended_proc_finfo.fn_oid, &key->hash, reader->context);
	get_typlenbyvalalign(key->type, &key->length, &key->by_value, &align);
	key->value = ExecInitExpr(expression, NULL);
	return true;
}

/* The columns that the expressions read; all where one reads the row as a whole. */
static void
columns_of(RowReader *reader, const Query *query, Relation table)
{
	TupleDesc	row = RelationGetDescr(table);
	Bitmapset  *read = NULL;
	int			column;

	pull_varattnos((Node *) query->targetList, 1, &read);
	pull_varattnos(query->jointree->quals, 1, &read);
	reader->columns = palloc(sizeof(AttrNumber) * (Size) row->natts);
	for (column = 1; column <= row->natts; column++)
		if (!TupleDescAttr(row, column - 1)->attisdropped &&
			(bms_is_member(column - FirstLowInvalidHeapAttributeNumber, read) || bms_is_member(-FirstLowInvalidHeapAttributeNumber, read)))
			reader->columns[reader->n_columns++] = (AttrNumber) column;
}

/* -------------------------------------------------------------- making it */

Query *
row_query(const SourceMap *map)
{
	if (map->joins != NIL || map->wide != NULL || has_adjustments(map))
		return NULL;
	return expressions_of(source_select(map, extension_schema(), NULL, NULL, SELECT_OWN));
}

Query *
row_query_of(const Query *query, Relation parent, Relation child)
{
	Query	   *of_child = copyObject((Query *) query);
	List	   *quals = of_child->jointree->quals == NULL ? NIL : list_make1(of_child->jointree->quals);

	if (RelationGetRelid(parent) == RelationGetRelid(child))
		return of_child;
	of_child->targetList = map_partition_varattnos(of_child->targetList, 1, child, parent);
	quals = map_partition_varattnos(quals, 1, child, parent);
	of_child->jointree->quals = quals == NIL ? NULL : linitial(quals);
	return of_child;
}

RowReader *
row_reader_make(const Query *query, Relation table, ExprContext *econtext, bool tells_errors)
{
	RowReader  *reader = palloc0(sizeof(RowReader));
	int			part;

	reader->context = CurrentMemoryContext;
	reader->econtext = econtext;
	for (part = 0; part < N_KEYS; part++)
		if (!key_part_init(reader, part, row_reader_column(query, part)))
			return NULL;
	columns_of(reader, query, table);
	if (query->jointree->quals != NULL)
		reader->is_line = ExecInitQual(make_ands_implicit((Expr *) query->jointree->quals), NULL);
	reader->claim_id = ExecInitExpr(row_reader_column(query, COLUMN_CLAIM_ID), NULL);
	reader->line_no = ExecInitExpr(row_reader_column(query, COLUMN_LINE_NO), NULL);
	reader->line = ExecInitExpr(row_reader_column(query, COLUMN_LINE), NULL);
	if (tells_errors)
		reader->line_error = ExecInitExpr(row_reader_column(query, COLUMN_LINE_ERROR), NULL);
	return reader;
}

/* ------------------------------------------------------------ days of rows */

/* The key of the row in the slot; its parts are of the row's memory. */
static void
key_of_slot(RowReader *reader, TupleTableSlot *slot, Key *key)
{
	uint64		hash = 0;
	int			part;

	key->mask = 0;
	for (part = 0; part < N_KEYS; part++)
	{
		KeyPart    *by = &reader->keys[part];
		uint64		of_part = 0;

		key->values[part] = ExecEvalExpr(by->value, reader->econtext, &key->nulls[part]);
		if (key->nulls[part])
			key->mask |= 1 << part;
		else
			of_part = DatumGetUInt64(FunctionCall2Coll(&by->hash, by->collation, key->values[part], Int64GetDatum(0)));
		hash = (hash << 5) - hash + of_part;
	}
	key->hash = (int64) hash;
}

static bool
same_key(RowReader *reader, const Key *a, const Key *b)
{
	int			part;

	if (a->hash != b->hash || a->mask != b->mask)
		return false;
	for (part = 0; part < N_KEYS; part++)
		if (!a->nulls[part] &&
			!DatumGetBool(FunctionCall2Coll(&reader->keys[part].equal, reader->keys[part].collation, a->values[part], b->values[part])))
			return false;
	return true;
}

/* Keys of days, each once: a hash table of the server's making. */
typedef struct KeyEntry
{
	Key			key;
	char		status;
} KeyEntry;

#define SH_PREFIX			key_set
#define SH_ELEMENT_TYPE		KeyEntry
#define SH_KEY_TYPE			Key
#define SH_KEY				key
#define SH_HASH_KEY(set, k)	((uint32) (k).hash)
#define SH_EQUAL(set, a, b)	same_key((set)->private_data, &(a), &(b))
#define SH_SCOPE			static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

/* The key in the set, its parts in the set's memory. */
static Key
key_set_add(key_set_hash *set, RowReader *reader, Key key)
{
	bool		found;
	KeyEntry   *entry = key_set_insert(set, key, &found);
	int			part;

	for (part = 0; part < N_KEYS && !found; part++)
		if (!key.nulls[part])
			entry->key.values[part] = datumCopy(key.values[part], reader->keys[part].by_value, reader->keys[part].length);
	return entry->key;
}

static int
keys_of(key_set_hash *set, Key **keys)
{
	key_set_iterator iterator;
	KeyEntry   *entry;
	int			n = 0;

	*keys = palloc_extended(sizeof(Key) * ((Size) set->members + 1), MCXT_ALLOC_HUGE);
	key_set_start_iterate(set, &iterator);
	while ((entry = key_set_iterate(set, &iterator)) != NULL)
		(*keys)[n++] = entry->key;
	key_set_destroy(set);
	return n;
}

bool
row_reader_is_line(RowReader *reader)
{
	return reader->is_line == NULL || ExecQual(reader->is_line, reader->econtext);
}

/* ------------------------------------------------------ rows in transition */

/* A transition table that is read from its first row on; none has no rows. */
typedef struct Rows
{
	Tuplestorestate *store;
	TupleTableSlot *slot;
} Rows;

static Rows
rows_begin(Relation table, Tuplestorestate *store)
{
	Rows		rows = {store, NULL};

	if (store != NULL)
	{
		rows.slot = MakeSingleTupleTableSlot(RelationGetDescr(table), &TTSOpsMinimalTuple);
		tuplestore_select_read_pointer(store, 0);
		tuplestore_rescan(store);
	}
	return rows;
}

static void
rows_end(Rows *rows)
{
	if (rows->slot != NULL)
		ExecDropSingleTupleTableSlot(rows->slot);
}

static bool
rows_next(Rows *rows)
{
	return rows->store != NULL && tuplestore_gettupleslot(rows->store, true, false, rows->slot);
}

/* Are two rows one in every column that the mapping reads? */
static bool
same_in_columns(const RowReader *reader, TupleTableSlot *a, TupleTableSlot *b)
{
	int			i;

	for (i = 0; i < reader->n_columns; i++)
	{
		Form_pg_attribute column = TupleDescAttr(a->tts_tupleDescriptor, reader->columns[i] - 1);
		bool		a_null;
		bool		b_null;
		Datum		x = slot_getattr(a, reader->columns[i], &a_null);
		Datum		y = slot_getattr(b, reader->columns[i], &b_null);

		if (a_null != b_null || (!a_null && !datum_image_eq(x, y, column->attbyval, column->attlen)))
			return false;
	}
	return true;
}

/* Put the day of a row into the set, if it is a line; `last` is that of the row before. */
static void
add_day(key_set_hash *set, RowReader *reader, TupleTableSlot *row, Key *last)
{
	MemoryContext old;
	Key			key;
	bool		is_line;

	reader->econtext->ecxt_scantuple = row;
	ResetExprContext(reader->econtext);
	old = MemoryContextSwitchTo(reader->econtext->ecxt_per_tuple_memory);
	is_line = row_reader_is_line(reader);
	if (is_line)
		key_of_slot(reader, row, &key);
	MemoryContextSwitchTo(old);
	/* rows of a day mostly come one after the other */
	if (is_line && (set->members == 0 || !same_key(reader, last, &key)))
		*last = key_set_add(set, reader, key);
}

int
row_reader_days(RowReader *reader, Relation table, Tuplestorestate *new_rows, Tuplestorestate *old_rows, Key **keys)
{
	key_set_hash *set = key_set_create(CurrentMemoryContext, 4, reader);
	Rows		new_ones = rows_begin(table, new_rows);
	Rows		old_ones = rows_begin(table, old_rows);
	Key			last = {.hash = 0};

	for (;;)
	{
		bool		is_new = rows_next(&new_ones);
		bool		is_old = rows_next(&old_ones);

		if (!is_new && !is_old)
			break;
		/* an update leaves each row in the place of the one that it replaces; wherever it stands, it makes up for its equal */
		if (is_new && is_old && same_in_columns(reader, new_ones.slot, old_ones.slot))
			continue;
		if (is_new)
			add_day(set, reader, new_ones.slot, &last);
		if (is_old)
			add_day(set, reader, old_ones.slot, &last);
	}
	ResetExprContext(reader->econtext);
	rows_end(&new_ones);
	rows_end(&old_ones);
	return keys_of(set, keys);
}

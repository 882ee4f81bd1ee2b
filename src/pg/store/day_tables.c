/*
 * src/pg/store/day_tables.c
 *
 * The tables that have the provider-days of a source, where they can be read
 * without queries.
 */
#include "postgres.h"

#include "access/hash.h"
#include "access/stratnum.h"
#include "access/table.h"
#include "catalog/pg_am.h"
#include "catalog/pg_class.h"
#include "catalog/pg_inherits.h"
#include "partitioning/partbounds.h"
#include "pg/server.h"
#include "pg/store/day_index.h"
#include "pg/store/day_tables.h"
#include "utils/acl.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/partcache.h"
#include "utils/rel.h"
#include "utils/syscache.h"

/* --------------------------------------------------------- one of the tables */

/* Which part of the key is a column of the key that a table is partitioned by?  -1 where none compares as it does. */
static int
part_by(const DayTables *days, const Query *query, PartitionKey by, int column)
{
	int			part;

	for (part = 0; part < N_KEYS; part++)
	{
		Node	   *expression = without_relabels((Node *) row_reader_column(query, part));

		if (by->partattrs[column] != 0 && IsA(expression, Var) && ((Var *) expression)->varattno == by->partattrs[column] &&
			compares_alike(&days->rows->keys[part], by->partopfamily[column], by->partopcintype[column],
						   by->strategy == PARTITION_STRATEGY_HASH ? HTEqualStrategyNumber : BTEqualStrategyNumber, by->partcollation[column]))
			return part;
	}
	return -1;
}

/* Does a day tell the partition that it is in? */
static void
told_by(const DayTables *days, const Query *query, Relation table, DayTable *entry)
{
	PartitionKey by = RelationGetPartitionKey(table);
	int			i;

	entry->n_parts = 0;
	for (i = 0; i < by->partnatts && i < N_KEYS; i++)
		entry->parts[i] = part_by(days, query, by, i);
	for (i = 0; i < by->partnatts; i++)
		if (i >= N_KEYS || entry->parts[i] < 0)
			return;
	entry->n_parts = by->partnatts;
}

/* The SELECT of the source for a table. */
static Query *
query_for(const DayTables *days, Relation table)
{
	Relation	relation = table_open(days->relation, AccessShareLock);
	Query	   *query = row_query_of(days->query, relation, table);

	table_close(relation, NoLock);
	return query;
}

/* Look at a table as it is now; false where days cannot be read from it. */
static bool
look_at(DayTables *days, DayTable *entry, Relation table)
{
	MemoryContext old;
	Query	   *query;

	if (entry->context != NULL)
		MemoryContextDelete(entry->context);
	entry->context = AllocSetContextCreate(days->guard->context, "claimline guard table", ALLOCSET_SMALL_SIZES);
	old = MemoryContextSwitchTo(entry->context);
	entry->reader = NULL;
	query = query_for(days, table);
	if (entry->is_partitioned)
		told_by(days, query, table, entry);
	else
		entry->reader = row_reader_make(query, table, days->econtext, days->guard->at_least <= SEVERITY_UNKNOWN);
	entry->is_current = entry->is_partitioned || (entry->reader != NULL && day_index_find(entry->reader, query, table));
	MemoryContextSwitchTo(old);
	return entry->is_current;
}

DayTable *
day_table(DayTables *days, Relation table)
{
	Oid			relation = RelationGetRelid(table);
	DayTable   *entry = hash_search(days->tables, &relation, HASH_FIND, NULL);

	if (entry != NULL && (entry->is_current || look_at(days, entry, table)))
		return entry;
	days->guard->days = NULL;
	return NULL;
}

bool
day_tables_forget(DayTables *days, Oid relation)
{
	DayTable   *entry = hash_search(days->tables, &relation, HASH_FIND, NULL);

	if (entry == NULL)
		return false;
	entry->is_current = false;
	/* one that is no partition any more is a change of what it was a partition of; a child goes by itself */
	return entry->is_partitioned || !days->is_partitioned;
}

/* ---------------------------------------------------------------- all of them */

/* Is it a table in the server's own storage that every session sees, or a partitioned one? */
static bool
is_plain(Oid relation, char *kind)
{
	HeapTuple	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relation));
	Form_pg_class form;
	bool		plain;

	if (!HeapTupleIsValid(tuple))
		return false;
	form = (Form_pg_class) GETSTRUCT(tuple);
	*kind = form->relkind;
	plain = form->relpersistence != RELPERSISTENCE_TEMP &&
		(form->relkind == RELKIND_PARTITIONED_TABLE || (form->relkind == RELKIND_RELATION && form->relam == HEAP_TABLE_AM_OID));
	ReleaseSysCache(tuple);
	return plain;
}

/* Put the tables into the hash table; false where one is of a kind that days cannot be read from. */
static bool
find_tables(DayTables *days)
{
	List	   *members = find_all_inheritors(days->relation, NoLock, NULL);
	ListCell   *cell;

	days->members = palloc(sizeof(Oid) * (Size) list_length(members));
	foreach(cell, members)
	{
		Oid			relation = lfirst_oid(cell);
		DayTable   *entry;
		char		kind;

		if (!is_plain(relation, &kind))
			return false;
		entry = hash_search(days->tables, &relation, HASH_ENTER, NULL);
		memset(entry, 0, sizeof(DayTable));
		entry->relation = relation;
		entry->is_partitioned = kind == RELKIND_PARTITIONED_TABLE;
		days->members[days->n_members++] = relation;
	}
	return true;
}

/* Has a partitioned table an index that finds days?  Then each partition has it. */
static bool
is_indexed(const DayTables *days, Relation relation)
{
	RowReader  *reader = row_reader_make(days->query, relation, days->econtext, false);

	return days->is_partitioned && reader != NULL && day_index_find(reader, days->query, relation);
}

/* Can days be read from each of the tables? */
static bool
all_readable(DayTables *days, Relation relation)
{
	bool		readable = true;
	int			i;

	if (is_indexed(days, relation))
		return true;
	for (i = 0; i < days->n_members && readable; i++)
	{
		Relation	table = try_table_open(days->members[i], AccessShareLock);

		readable = table != NULL && day_table(days, table) != NULL;
		if (table != NULL)
			table_close(table, NoLock);
	}
	return readable;
}

/* In the guard's memory. */
static DayTables *
make_in(Guard *guard, const Query *query, Relation relation, Relation table)
{
	HASHCTL		control = {.keysize = sizeof(Oid), .entrysize = sizeof(DayTable), .hcxt = guard->context};
	DayTables  *days = palloc0(sizeof(DayTables));

	days->guard = guard;
	days->query = query;
	days->calls_others = row_query_calls_others(query);
	days->relation = RelationGetRelid(relation);
	days->is_partitioned = relation->rd_rel->relkind == RELKIND_PARTITIONED_TABLE;
	days->econtext = CreateStandaloneExprContext();
	days->rows = row_reader_make(row_query_of(query, relation, table), table, days->econtext, false);
	days->tables = hash_create("claimline guard tables", 16, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	if (days->rows == NULL || !find_tables(days) || !all_readable(days, relation))
		return NULL;
	days->pairs = palloc(sizeof(PairMemo));
	pair_memo_start(days->pairs, guard->rules);
	arena_init_context(&days->arena, guard->context);
	return days;
}

DayTables *
day_tables_make(Guard *guard, const SourceMap *map, Relation table)
{
	Relation	relation = table_open(guard->relation, AccessShareLock);
	Query	   *query = NULL;
	DayTables  *days = NULL;

	/* who owns it is bound by no policy of row security */
	if (relation->rd_rel->relowner == guard->owner && pg_class_aclcheck(guard->relation, guard->owner, ACL_SELECT) == ACLCHECK_OK)
		query = row_query(map);
	if (query != NULL)
	{
		MemoryContext old = MemoryContextSwitchTo(guard->context);

		/* constants are where the tree is */
		days = make_in(guard, copyObject(query), relation, table);
		MemoryContextSwitchTo(old);
	}
	table_close(relation, NoLock);
	return days;
}

/* ------------------------------------------------- the partition of a day */

int
day_partition(const DayTable *table, Relation relation, PartitionBoundInfo bounds, const Key *key)
{
	PartitionKey by = RelationGetPartitionKey(relation);
	Datum		values[N_KEYS];
	bool		nulls[N_KEYS];
	bool		any_null = false;
	bool		is_equal = false;
	int			place = -1;
	int			at;
	int			i;

	if (table->n_parts == 0)
		return DAY_PARTITION_ALL;
	for (i = 0; i < table->n_parts; i++)
	{
		values[i] = key->values[table->parts[i]];
		nulls[i] = key->nulls[table->parts[i]];
		any_null = any_null || nulls[i];
	}
	if (bounds == NULL)
		return DAY_PARTITION_NONE;
	/* as the server routes rows */
	switch (by->strategy)
	{
		case PARTITION_STRATEGY_HASH:
			return bounds->indexes[compute_partition_hash_value(by->partnatts, by->partsupfunc, by->partcollation, values, nulls) % bounds->nindexes];
		case PARTITION_STRATEGY_LIST:
			if (any_null)
				place = bounds->null_index;
			else
			{
				at = partition_list_bsearch(by->partsupfunc, by->partcollation, bounds, values[0], &is_equal);
				place = at >= 0 && is_equal ? bounds->indexes[at] : -1;
			}
			break;
		default:
			if (!any_null)
				place = bounds->indexes[1 + partition_range_datum_bsearch(by->partsupfunc, by->partcollation, bounds, by->partnatts, values, &is_equal)];
			break;
	}
	return place < 0 ? bounds->default_index : place;
}

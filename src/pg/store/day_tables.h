/*
 * src/pg/store/day_tables.h
 *
 * The tables that have the provider-days of a source, where they can be read
 * without queries: the table itself, its partitions or its children.
 */
#ifndef CLAIMLINE_DAY_TABLES_H
#define CLAIMLINE_DAY_TABLES_H

#include "partitioning/partdefs.h"
#include "pg/store/row_reader.h"

struct TableScan;

typedef struct DayTable
{
	Oid			relation;		/* hash key */
	bool		is_partitioned;
	bool		is_current;		/* is the rest as the table is now? */
	MemoryContext context;		/* of the rest, or NULL */
	RowReader  *reader;			/* of a table that has rows */
	/* of a partitioned table whose partition a day tells: which part of the key each of its columns is; else none */
	int			n_parts;
	int			parts[N_KEYS];
	/* by the scan that reads days now */
	uint64		scan_number;
	struct TableScan *scan;
} DayTable;

typedef struct DayTables
{
	Guard	   *guard;
	const Query *query;			/* of the source's relation */
	Oid			relation;
	bool		is_partitioned;
	bool		calls_others;	/* row_query_calls_others() */
	ExprContext *econtext;
	RowReader  *rows;			/* of the rows that statements write to the guard's table */
	HTAB	   *tables;			/* DayTable */
	Oid		   *members;		/* all of them */
	int			n_members;
	Arena		arena;			/* for judging a day */
	PairMemo   *pairs;
} DayTables;

/*
 * For a guard that is being made, or NULL where days are read by queries: a mapping without a row_query; tables that are
 * temporary, foreign, or not in the server's own storage, or without an index; another owner than that of the relation.
 */
extern DayTables *day_tables_make(Guard *guard, const SourceMap *map, Relation table);

/* A relation has changed; true where that is a matter of the guard as a whole. */
extern bool day_tables_forget(DayTables *days, Oid relation);

/*
 * One of the tables, as it is now that it is open; NULL where it is no longer one that days can be read from: the guard
 * reads them by queries then.
 */
extern DayTable *day_table(DayTables *days, Relation table);

/* The place of a day among the partitions of a table of days. */
#define DAY_PARTITION_NONE	(-1)
#define DAY_PARTITION_ALL	(-2)
extern int	day_partition(const DayTable *table, Relation relation, PartitionBoundInfo bounds, const Key *key);

#endif							/* CLAIMLINE_DAY_TABLES_H */

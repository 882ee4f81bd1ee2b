/*
 * src/pg/store/source_column.h
 *
 * The relations and columns of a mapping by their present names.  In a mapping
 * a column is {"alias", "attnum", "name"}: alias t is the relation, others are
 * relations joined to it.
 */
#ifndef CLAIMLINE_SOURCE_COLUMN_H
#define CLAIMLINE_SOURCE_COLUMN_H

#include "utils/jsonb.h"

/* What columns are looked up by. */
typedef struct ColumnLookup
{
	Oid			relation;
	JsonbContainer *mapping;
	bool		same;			/* is the relation the one that was mapped, by its OID? */
	bool		numbered;		/* in this very cluster: do columns have the numbers that they had? */
} ColumnLookup;

extern ColumnLookup column_lookup(Oid relation, Jsonb *mapping);

/* The relation behind an alias: by its OID where the mapping was made, else by its name. */
extern Oid	lookup_relation(const ColumnLookup *lookup, const char *alias);

/* A relation for a message: by its present name, else that which it had, else its alias. */
extern const char *lookup_relation_shown(const ColumnLookup *lookup, const char *alias);

/* The present name of a column, and SQL of it behind its alias; raises an error if it is gone. */
extern char *column_name(const ColumnLookup *lookup, JsonbValue *column);
extern char *column_sql(const ColumnLookup *lookup, JsonbValue *column);

/* SQL of a column by its JSON, as column_sql. */
extern char *source_map_column(Oid relation, Jsonb *mapping, Jsonb *column);

/* The name of a relation with its schema, quoted; NULL where it is gone. */
extern char *relation_sql(Oid relation);

#endif							/* CLAIMLINE_SOURCE_COLUMN_H */

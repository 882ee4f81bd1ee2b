/*
 * src/pg/store/store_sql.h
 *
 * The SQL that guards run: as which role, with which settings, as plans.  All
 * but role_begin and role_end is called within SPI.
 */
#ifndef CLAIMLINE_STORE_SQL_H
#define CLAIMLINE_STORE_SQL_H

#include "executor/spi.h"

/* Run as another role, as foreign keys do; until role_end, or with the transaction. */
typedef struct Role
{
	Oid			user;
	int			security;
} Role;

extern Role role_begin(Oid user);
extern void role_end(Role before);

/* A setting until the nest level of settings ends. */
extern void set_local(const char *name, const char *value);

extern SPIPlanPtr sql_prepare(const char *sql, int n, Oid *types);

/* The same, kept at `place`; for any parameters: to plan anew for a ruleset would copy it. */
extern void sql_keep(SPIPlanPtr *place, const char *sql, int n, Oid *types);

/* Run; reading under the active snapshot, writing under a new one.  `nulls` may be NULL: none is. */
extern void sql_execute(SPIPlanPtr plan, Datum *values, const bool *nulls, bool reads);
extern void sql_execute_once(const char *sql, int n, Oid *types, Datum *values, const bool *nulls, bool reads);

/* A column, from 1, of a row, from 0, of what was just read. */
extern Datum sql_column(uint64 row, int at, bool *is_null);
extern char *sql_column_text(uint64 row, int at);

/* An array of values of a type; `nulls` may be NULL. */
extern Datum sql_array(Datum *values, bool *nulls, int n, Oid type);

/* A column of all rows of what was just read, of the type given, as an array. */
extern Datum sql_column_array(int at, Oid type);

#endif							/* CLAIMLINE_STORE_SQL_H */

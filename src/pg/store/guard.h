/*
 * src/pg/store/guard.h
 *
 * A guard: what the triggers on a claims table need, kept in the backend, and
 * the SQL that they run.  All but guard_of is called within SPI.  Include
 * after postgres.h.
 */
#ifndef CLAIMLINE_GUARD_H
#define CLAIMLINE_GUARD_H

#include "edits/judge.h"
#include "executor/spi.h"
#include "pg/day_type.h"
#include "pg/ruleset_compile.h"
#include "pg/ruleset_tables.h"
#include "pg/server.h"
#include "utils/rel.h"

/* names of the transition tables in the triggers that claim_guard_add makes */
#define NEW_LINES	"claimline_new"
#define OLD_LINES	"claimline_old"

/* A provider-day as one number, in SQL; the prefix is that of its columns. */
#define DAY_HASH(prefix) \
	"hash_record_extended(ROW(" prefix "patient, " prefix "provider, " prefix "dos), 0::int8)"

typedef enum Action
{
	ACTION_REJECT, ACTION_QUARANTINE, ACTION_ANNOTATE, ACTION_TRACK
} Action;

/* the events of a guard */
typedef enum Event
{
	EVENT_INSERT, EVENT_UPDATE, EVENT_DELETE
} Event;

#define N_EVENTS	3

/* patient, provider, date of service */
#define N_KEYS		3
#define N_MASKS		(1 << N_KEYS)

/* Plans that a guard keeps; those of a day by which parts of its key are null. */
enum
{
	PLAN_TOUCHED = 0,			/* which days, by event */
	PLAN_TOUCHED_ONE = PLAN_TOUCHED + N_EVENTS, /* of one row: nothing to group */
	PLAN_DAY = PLAN_TOUCHED_ONE + N_EVENTS,
	PLAN_FINDINGS = PLAN_DAY + N_MASKS,
	PLAN_MOVE = PLAN_FINDINGS + N_MASKS,
	PLAN_CLEAR = PLAN_MOVE + N_MASKS,
	PLAN_HAS_NOTES = PLAN_CLEAR + N_MASKS,
	PLAN_NOTE,
	PLAN_MOVED,
	N_PLANS
};

/* What a trigger needs, kept in the backend until something that it was made from changes. */
typedef struct Guard
{
	Oid			trigger;		/* hash key */
	bool		valid;
	int			busy;			/* how many calls are using it */
	MemoryContext context;		/* of all below */
	const char *schema;			/* of the extension, quoted */
	const char *source;
	const char *policy;
	const char *service_type;
	Severity	at_least;
	Action		action;
	Oid			table;			/* that the trigger is on */
	Oid			relation;		/* of the source: its days have one set of locks */
	bool		joins;			/* other tables as well */
	Oid			owner;			/* of the table */
	Oid			store_owner;	/* of the extension's tables */
	const char *lines;			/* SELECT of the source's lines, stored and in transition */
	const char *new_lines;
	const char *old_lines;
	const char *rows;			/* the same, with where a row is; with the place in the statement */
	const char *new_rows;
	const Ruleset *rules;
	Oid			ruleset_type;
	Oid			day_type;
	Oid			line_type;
	Oid			key_types[N_KEYS];
	SPIPlanPtr	plans[N_PLANS];
} Guard;

/* A provider-day that the statement touched. */
typedef struct Key
{
	Datum		values[N_KEYS];
	bool		nulls[N_KEYS];
	int			mask;			/* of the nulls */
	int64		hash;
} Key;

/* The lines that a statement made and took away, of some days, ordered by the hash of the day. */
typedef struct Written
{
	SPITupleTable *rows;
	uint64		n;
} Written;

/* --- guard_keep.c --- */

/* The guard of the trigger that is called, made anew if something it was made from changed. */
extern Guard *guard_of(FunctionCallInfo fcinfo, bool judges);

/* Ensure that a trigger was made as it must be; `what` says how. */
extern void guard_protocol(bool holds, const char *name, const char *what);

/* Run as another role, as foreign keys do; restored by guard_role_end, or with the transaction. */
typedef struct Role
{
	Oid			user;
	int			security;
} Role;

extern Role guard_role_begin(Oid user);
extern void guard_role_end(Role before);

/* A setting until the nest level of settings ends. */
extern void guard_set_local(const char *name, const char *value);

/* Run a query; reading under the active snapshot, writing under a new one. */
extern SPIPlanPtr guard_prepare(const char *sql, int n, Oid *types);
extern void guard_keep(SPIPlanPtr *place, const char *sql, int n, Oid *types);
extern void guard_execute(SPIPlanPtr plan, Datum *values, const bool *nulls, bool reads);
extern void guard_execute_once(const char *sql, int n, Oid *types, Datum *values, const bool *nulls, bool reads);

/* A column, from 1, of a row, from 0, of what was just read. */
extern Datum guard_column(uint64 row, int at, bool *is_null);
extern char *guard_column_text(uint64 row, int at);

/* An array of values of a type. */
extern Datum guard_array(Datum *values, bool *nulls, int n, Oid type);

/* A column of all rows of what was just read, of the type given, as an array. */
extern Datum guard_column_array(int at, Oid type);

/*
 * "l.patient = $1 AND l.provider IS NULL AND l.dos = $3" by the parts of a key
 * that are null; with the operators of the keys' types, or of text without a guard.
 */
extern const char *guard_key_condition(const Guard *guard, const char *alias, int mask);
extern const char *const key_names[N_KEYS];
extern const char *guard_equals(const Guard *guard, int part);

/* The stored day of a key as a datum; false where it has no lines. */
extern bool guard_read_day(Guard *guard, const Key *key, Datum *day);

/* --- guard_answer.c --- */

/* What the statement made and took away of these days. */
extern void guard_read_written(const Guard *guard, Event event, const Key *keys, int n, Written *written);

/* The findings of a day that the statement is to answer for, the most severe first; how many: SPI_processed. */
extern void guard_read_findings(Guard *guard, const Written *written, const Key *key);

/* Raise the first of the findings just read; `user` wrote them. */
extern void guard_refuse(const Guard *guard, const Key *key, Relation table, Oid user);

/* Forget what was noted of days; of all. */
extern void guard_clear_notes(Guard *guard, const Key *keys, int n);
extern void guard_clear_all_notes(const Guard *guard);

/* Note all findings of a day at or above the guard's severity. */
extern void guard_note_findings(Guard *guard, const Key *key);

/* Move aside what the statement wrote until the day passes. */
extern void guard_quarantine(Guard *guard, Event event, const Written *written, const Key *key, Relation table);

/* Is a guard moving rows of the table aside just now?  That is not judged again. */
extern bool guard_is_moving(Relation table);

/* Keys as three arrays, their parts. */
extern void guard_key_arrays(const Guard *guard, const Key *keys, int n, Datum *arrays, Oid *types);

#endif							/* CLAIMLINE_GUARD_H */

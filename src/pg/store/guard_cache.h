/*
 * src/pg/store/guard_cache.h
 *
 * A guard: what the triggers on a claims table need, kept in the backend until
 * something that it was made from changes.  Called within SPI.
 */
#ifndef CLAIMLINE_GUARD_CACHE_H
#define CLAIMLINE_GUARD_CACHE_H

#include "commands/trigger.h"
#include "pg/ruleset_type.h"
#include "pg/store/store_sql.h"

/* names of the transition tables in the triggers that claim_guard_add makes */
#define NEW_LINES	"claimline_new"
#define OLD_LINES	"claimline_old"

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
	PLAN_ROWS = PLAN_DAY + N_MASKS,
	PLAN_KEY = PLAN_ROWS + N_MASKS,
	PLAN_CLEAR,
	PLAN_NOTE,
	PLAN_MOVE,
	PLAN_MOVED,
	N_PLANS
};

typedef struct Guard
{
	Oid			trigger;		/* hash key */
	bool		valid;
	uint64		number;			/* another one each time that it is made */
	int			busy;			/* how many calls are using it */
	MemoryContext context;		/* of all below */
	const char *source;
	const char *policy;
	const char *service_type;
	Severity	at_least;
	Action		action;
	Oid			table;			/* that the trigger is on */
	Oid			relation;		/* of the source: its days have one set of locks */
	bool		is_over;		/* is the source over the table?  Else nothing is to be done */
	bool		joins;			/* other tables as well */
	Oid			owner;			/* of the table */
	Oid			store_owner;	/* of the extension's tables */
	const char *lines;			/* SELECT of the source's lines, stored and in transition */
	const char *new_lines;
	const char *old_lines;
	const char *touched_by[N_EVENTS];	/* SELECT of the days that a statement touched, as patient, provider, dos */
	const char *not_stored;		/* SQL that takes columns which are not stored out of a row as jsonb */
	const char *rows;			/* the same as lines, with where a row is; with the place in the statement */
	const char *new_rows;
	const Ruleset *rules;
	struct DayTables *days;		/* that are read without queries, or NULL */
	Oid			key_types[N_KEYS];
	Oid			key_collations[N_KEYS];
	SPIPlanPtr	plans[N_PLANS];
} Guard;

/* The guard of the trigger that is called, made anew if something it was made from changed. */
extern Guard *guard_of(TriggerData *trigger, bool judges);

/* The same if it is made already, NULL if not. */
extern Guard *guard_at_hand(const TriggerData *trigger);

/* Ensure that a trigger was made as it must be; `what` says how. */
extern void trigger_protocol(bool holds, const char *name, const char *what);

#endif							/* CLAIMLINE_GUARD_CACHE_H */

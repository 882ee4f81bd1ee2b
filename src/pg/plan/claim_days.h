/*
 * src/pg/plan/claim_days.h
 *
 * The plan node ClaimDays: groups lines to provider-days as an aggregate node
 * with claimday() does, for any child plan.  Lines are parted by the hash of
 * their keys and grouped part by part; several processes share the parts.
 */
#ifndef CLAIMLINE_CLAIM_DAYS_H
#define CLAIMLINE_CLAIM_DAYS_H

#include "nodes/extensible.h"
#include "pg/plan/day_groups.h"
#include "storage/barrier.h"
#include "port/atomics.h"

/* Setting claimline.enable_claim_days. */
extern bool enable_claim_days;

/* Register the node and what makes plans of it: when the library is loaded. */
extern void claim_days_init(void);
extern const CustomScanMethods claim_days_methods;

/*
 * The columns of the child: the keys, then the arguments of claimday(): claim
 * id, line number, line and, of four, why it is none.  custom_private of the
 * plan: the equality operators of the keys (Oid), the columns that the node
 * gives (int, see below), the number of arguments (int).
 */
enum
{
	DAYS_EQUALITIES, DAYS_OUTPUTS, DAYS_ARGUMENTS
};

/* A column that the node gives: the day, how many lines it has, or a key by its place. */
#define OUTPUT_OF_DAY		(-1)
#define OUTPUT_OF_COUNT		(-2)

/* What one of several processes used; EXPLAIN shows it. */
typedef struct DaysUsed
{
	uint64		memory;			/* bytes at a time */
	uint64		files;			/* bytes written to temporary files */
} DaysUsed;

/* What the processes of a parallel plan share. */
typedef struct SharedDays
{
	uint32		segment;		/* dsm_handle */
	SharedFileSet files;
	Barrier		barrier;		/* all lines have been read */
	pg_atomic_uint32 next_part;
	pg_atomic_uint32 next_participant;
	int			n_parts;
	int			n_participants;
	PartShare	shares[FLEXIBLE_ARRAY_MEMBER];	/* by participant and part; then what each used: DaysUsed */
} SharedDays;

static inline DaysUsed *
shared_used(SharedDays *shared)
{
	return (DaysUsed *) &shared->shares[shared->n_participants * shared->n_parts];
}

typedef struct ClaimDaysState
{
	CustomScanState css;
	DayKeys    *keys;
	int			n_arguments;
	int			n_outputs;
	int		   *outputs;
	Size		limit;			/* of memory */
	MemoryContext work;			/* of one scan */
	StringInfoData row;			/* the row being formed */
	bool		is_read;		/* the child has been read */
	DayRows    *levels[MAX_DAY_LEVELS];	/* a part that is too large for memory is parted again */
	int			n_levels;
	int			at[MAX_DAY_LEVELS];	/* by level: the next part */
	DayGroups	groups;
	bool		has_groups;
	GroupLines	lines;
	Datum	   *key_values;
	SharedDays *shared;			/* or NULL */
	DayRows    *shared_rows;	/* the parts that processes share */
	int			participant;
	DaysUsed	used;			/* by this process */
	DaysUsed	used_by_all;	/* what was shared, when it is gone */
	int			n_parts;		/* of the first level */
} ClaimDaysState;

/* Forget all lines and days. */
extern void drop_days(ClaimDaysState *state);

/* claim_days_parallel.c: what several processes share */
extern Size days_shared_size(CustomScanState *node, ParallelContext *context);
extern void days_shared_begin(CustomScanState *node, ParallelContext *context, void *place);
extern void days_shared_again(CustomScanState *node, ParallelContext *context, void *place);
extern void days_shared_join(CustomScanState *node, shm_toc *toc, void *place);
extern void days_shared_leave(CustomScanState *node);

/* Take part: true where this process is to read lines, false where all have been read.  Sets shared_rows. */
extern bool days_shared_attach(ClaimDaysState *state);

/* The lines that this process read are there for all: wait for the others. */
extern void days_shared_wait(ClaimDaysState *state);

/* The part that this process takes next, with lines; -1 for none. */
extern int	days_shared_next(ClaimDaysState *state);

/* How many parts for what the planner expects. */
extern int	days_parts(const ClaimDaysState *state, int n_processes);

#endif							/* CLAIMLINE_CLAIM_DAYS_H */

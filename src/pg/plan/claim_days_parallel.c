/*
 * src/pg/plan/claim_days_parallel.c
 *
 * What the processes of a parallel ClaimDays share: each reads its share of the
 * child; when all have, each takes parts until none is left.  Who comes late
 * finds all lines read and takes parts.
 */
#include "postgres.h"

#include "access/parallel.h"
#include "pg/compat.h"
#include "pg/plan/claim_days.h"
#include "pgstat.h"
#include "storage/dsm.h"

/* a phase of the barrier */
#define PHASE_READING	0

Size
days_shared_size(CustomScanState *node, ParallelContext *context)
{
	ClaimDaysState *state = (ClaimDaysState *) node;
	int			n_participants = context->nworkers + 1;

	state->n_parts = days_parts(state, n_participants);
	return offsetof(SharedDays, shares) + mul_size(sizeof(PartShare), mul_size(n_participants, state->n_parts)) +
		mul_size(sizeof(DaysUsed), n_participants);
}

static void
start(SharedDays *shared)
{
	BarrierInit(&shared->barrier, 0);
	pg_atomic_init_u32(&shared->next_part, 0);
	pg_atomic_init_u32(&shared->next_participant, 0);
	memset(shared->shares, 0, sizeof(PartShare) * shared->n_participants * shared->n_parts);
	memset(shared_used(shared), 0, sizeof(DaysUsed) * shared->n_participants);
}

void
days_shared_begin(CustomScanState *node, ParallelContext *context, void *place)
{
	ClaimDaysState *state = (ClaimDaysState *) node;
	SharedDays *shared = place;

	/* without a segment there are no workers: this process scans alone */
	if (context->seg == NULL)
		return;
	shared->segment = dsm_segment_handle(context->seg);
	shared->n_parts = state->n_parts;
	shared->n_participants = context->nworkers + 1;
	SharedFileSetInit(&shared->files, context->seg);
	start(shared);
	state->shared = shared;
}

/* Where rows are, for this process; the area is there while the plan runs. */
static RowSharing
sharing_of(ClaimDaysState *state)
{
	SharedDays *shared = state->shared;

	return (RowSharing) {state->css.ss.ps.state->es_query_dsa, &shared->files, state->participant, shared->n_participants, shared->shares};
}

void
days_shared_again(CustomScanState *node, ParallelContext *context, void *place)
{
	ClaimDaysState *state = (ClaimDaysState *) node;
	RowSharing	sharing;

	if (state->shared == NULL)
		return;
	sharing = sharing_of(state);
	day_shares_free(&sharing, state->shared->n_parts);
	SharedFileSetDeleteAll(&state->shared->files);
	start(state->shared);
}

void
days_shared_join(CustomScanState *node, shm_toc *toc, void *place)
{
	ClaimDaysState *state = (ClaimDaysState *) node;

	state->shared = place;
	state->n_parts = state->shared->n_parts;
	SharedFileSetAttach(&state->shared->files, dsm_find_mapping(state->shared->segment));
}

bool
days_shared_attach(ClaimDaysState *state)
{
	SharedDays *shared = state->shared;
	bool		reads = BarrierAttach(&shared->barrier) == PHASE_READING;
	RowSharing	sharing;

	state->participant = (int) pg_atomic_fetch_add_u32(&shared->next_participant, 1);
	Assert(state->participant < shared->n_participants);
	sharing = sharing_of(state);
	state->shared_rows = day_rows_begin(state->work, 0, shared->n_parts, state->limit, &sharing);
	if (!reads)
		BarrierDetach(&shared->barrier);
	return reads;
}

void
days_shared_wait(ClaimDaysState *state)
{
	day_rows_publish(state->shared_rows);
	(void) BarrierArriveAndWait(&state->shared->barrier, PG_WAIT_EXTENSION);
	BarrierDetach(&state->shared->barrier);
}

int
days_shared_next(ClaimDaysState *state)
{
	SharedDays *shared = state->shared;
	uint32		part;

	shared_used(shared)[state->participant] = state->used;
	do
		part = pg_atomic_fetch_add_u32(&shared->next_part, 1);
	while (part < (uint32) shared->n_parts && day_part_share(state->shared_rows, (int) part).n_rows == 0);
	return part < (uint32) shared->n_parts ? (int) part : -1;
}

/* The segment goes, perhaps before all days are taken: rows in it go first.  EXPLAIN wants to know what was used. */
void
days_shared_leave(CustomScanState *node)
{
	ClaimDaysState *state = (ClaimDaysState *) node;
	SharedDays *shared = state->shared;
	int			i;

	if (shared == NULL || IsParallelWorker())
		return;
	for (i = 0; i < shared->n_participants; i++)
	{
		const DaysUsed *used = &shared_used(shared)[i];

		state->used_by_all.memory = Max(state->used_by_all.memory, used->memory);
		state->used_by_all.files += used->files;
	}
	drop_days(state);
	state->shared = NULL;
}

/*
 * src/pg/day_netted.c
 *
 * How much of a day is netted, in SQL.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "day/day_net.h"
#include "funcapi.h"
#include "pg/day_type.h"
#include "pg/server.h"

PG_FUNCTION_INFO_V1(claim_day_netted);

/* (loaded_twice, reversed, unmatched) of a day */
Datum
claim_day_netted(PG_FUNCTION_ARGS)
{
	int			count[NET_REVERSAL_OF_NOTHING + 1] = {0};
	Datum		values[3];
	bool		nulls[3] = {false};
	TupleDesc	desc;
	Arena		arena;
	Day			day;
	int			i;

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "claim_day_netted returns no row");
	arena_init_context(&arena, CurrentMemoryContext);
	day_from_flat(PG_GETARG_FLATDAY(0), &arena, &day);
	day_net(&day, &arena);
	for (i = day.n_valid; i < day_first_invalid(&day); i++)
		count[day.lines[i].net]++;
	arena_release(&arena);
	values[0] = Int32GetDatum(count[NET_COPY]);
	values[1] = Int32GetDatum(count[NET_REVERSAL]);
	values[2] = Int32GetDatum(count[NET_REVERSAL_OF_NOTHING]);
	return HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, nulls));
}

/*
 * src/pg/day_netted.c
 *
 * Which lines of a day are netted, in SQL.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "day/day_net.h"
#include "funcapi.h"
#include "pg/day_type.h"
#include "pg/server.h"
#include "utils/array.h"

PG_FUNCTION_INFO_V1(claim_day_netted);

/* The places of the netted lines of a kind among day_lines, as int[]; false where there are none. */
static bool
places_of(const Day *day, Netted net, Datum *places)
{
	Datum	   *found = palloc(sizeof(Datum) * (size_t) (day->n_netted + 1));
	int			n = 0;
	int			i;

	for (i = day->n_valid; i < day_first_invalid(day); i++)
		if (day->lines[i].net == net)
			found[n++] = Int32GetDatum(day->lines[i].place + 1);
	*places = n == 0 ? (Datum) 0
		: PointerGetDatum(construct_array(found, n, INT4OID, sizeof(int32), true, TYPALIGN_INT));
	return n > 0;
}

/* (loaded_twice, reversed, unmatched) of a day */
Datum
claim_day_netted(PG_FUNCTION_ARGS)
{
	static const Netted nets[] = {NET_COPY, NET_REVERSAL, NET_REVERSAL_OF_NOTHING};
	Datum		values[lengthof(nets)];
	bool		nulls[lengthof(nets)];
	TupleDesc	desc;
	Arena		arena;
	Day			day;
	unsigned	i;

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "claim_day_netted returns no row");
	arena_init_context(&arena, CurrentMemoryContext);
	day_from_flat(PG_GETARG_FLATDAY(0), &arena, &day);
	day_net(&day, &arena);
	for (i = 0; i < lengthof(nets); i++)
		nulls[i] = !places_of(&day, nets[i], &values[i]);
	arena_release(&arena);
	return HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, nulls));
}

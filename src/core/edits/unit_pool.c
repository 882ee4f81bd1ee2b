/*
 * src/core/edits/unit_pool.c
 *
 * Services whose further units have a code of their own.
 */
#include "edits/unit_pool.h"

#include <string.h>

void
pool_join_further(Pool *pool, const Ruleset *rules, const Day *day)
{
	int		   *joined = pool->joined;
	int			s,
				f;

	memset(joined, -1, sizeof(int) * (size_t) pool->n_services);
	for (s = 0; s < pool->n_services; s++)
		for (f = 0; f < pool->n_services && pool->services[s].further != 0; f++)
		{
			uint32_t	code = day->lines[pool->lines[pool->services[f].first]].line->code;

			if (joined[f] >= 0 || f == s ||
				!ruleset_adds_to(rules, code, day->lines[pool->lines[pool->services[s].first]].line->code))
				continue;
			joined[f] = s;
			pool->minutes[s] += pool->minutes[f];
			pool->billed[s] += pool->billed[f];
			pool->services[s].unknown |= pool->services[f].unknown;
		}
	for (f = 0; f < pool->n_services; f++)
		if (joined[f] >= 0)
		{
			pool->services[f].unknown = pool->services[joined[f]].unknown;
			pool->minutes[f] = pool->billed[f] = 0;
		}
}

void
pool_part_further(Pool *pool, const Day *day)
{
	const int  *joined = pool->joined;
	int			last = -1;
	int			s,
				i;

	for (s = 0; s < pool->n_services; s++)
	{
		Service    *service = &pool->services[s];

		pool->billed[s] = 0;
		for (i = service->first; i < service->first + service->n_lines; i++)
			pool->billed[s] += day->lines[pool->lines[i]].line->units;
		if (service->further == 0 || pool->allowed[s] < 2)
			continue;
		service->left = service->beyond = pool->allowed[s] - 1;
		pool->allowed[s] = 1;
	}
	/* several codes may go on with a service: each has what it billed, while there are units */
	for (s = 0; s < pool->n_services; s++)
	{
		Service    *first = joined[s] >= 0 ? &pool->services[joined[s]] : NULL;

		if (first == NULL)
			continue;
		pool->allowed[s] = pool->billed[s] / 1000 < first->left ? pool->billed[s] / 1000 : first->left;
		first->left -= pool->allowed[s];
		first->continued = true;
		pool->minutes[s] = pool->minutes[joined[s]];
	}
	for (s = pool->n_services - 1; s >= 0; s--)
		if ((last = joined[s]) >= 0)
		{
			pool->allowed[s] += pool->services[last].left;
			pool->services[last].left = 0;
		}
}

/*
 * src/core/edits/finding_fact.c
 *
 * The names of facts and what they are.
 */
#include "edits/finding_fact.h"

#include <stddef.h>

#define FACT_NAME(symbol, name, type) name,
#define FACT_TYPE(symbol, name, type) FACT_IS_##type,

const char *const fact_names[N_FACTS] = {
	FACT_LIST(FACT_NAME)
};

const FactType fact_types[N_FACTS] = {
	FACT_LIST(FACT_TYPE)
};

/* Is there nothing to tell: FACT_NONE, no code, no modifier? */
static bool
fact_is_absent(const Fact *fact)
{
	FactType	type = fact_types[fact->name];

	return fact->number == FACT_NONE || (fact->number == 0 && fact->text == NULL && (type == FACT_IS_CODE || type == FACT_IS_MODIFIER || type == FACT_IS_MODIFIERS));
}

int
facts_append(FactList *list, Arena *arena, const Fact *facts, int n)
{
	int			before = list->n;
	int			i;

	for (i = 0; i < n; i++)
	{
		if (fact_is_absent(&facts[i]))
			continue;
		if (list->n == list->capacity)
			list->facts = arena_grow(arena, list->facts, sizeof(Fact), list->n, &list->capacity);
		list->facts[list->n++] = facts[i];
	}
	return list->n - before;
}

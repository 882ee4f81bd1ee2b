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

bool
fact_is_absent(const Fact *fact)
{
	FactType	type = fact_types[fact->name];

	return fact->number == FACT_NONE || (fact->number == 0 && fact->text == NULL && (type == FACT_IS_CODE || type == FACT_IS_MODIFIER || type == FACT_IS_MODIFIERS));
}

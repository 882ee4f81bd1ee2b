/*
 * src/core/edits/finding_fact.h
 *
 * What a finding compared: facts by name, of data/facts.csv.
 */
#ifndef CLAIMLINE_FINDING_FACT_H
#define CLAIMLINE_FINDING_FACT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "edits/fact_list.h"

#define FACT_SYMBOL(symbol, name, type) FACT_##symbol,

typedef enum FactName
{
	FACT_LIST(FACT_SYMBOL)
	N_FACTS
} FactName;

#undef FACT_SYMBOL

/* What a fact is.  Of a list, each element is a fact of the name; regions are bits. */
typedef enum FactType
{
	FACT_IS_TEXT, FACT_IS_INTEGER, FACT_IS_UNITS, FACT_IS_DATE, FACT_IS_TIME, FACT_IS_CODE, FACT_IS_MODIFIER, FACT_IS_REGIONS,
	FACT_IS_TEXTS, FACT_IS_CODES, FACT_IS_MODIFIERS, FACT_IS_DX
} FactType;

extern const char *const fact_names[N_FACTS];
extern const FactType fact_types[N_FACTS];

/* Units are thousandths, a time minutes; a date at either end of all dates is null. */
typedef struct Fact
{
	FactName	name;
	int64_t		number;
	const char *text;			/* of texts, where NULL is null; of modifiers instead of the number, where it is said in words */
} Fact;

/* One that there is not. */
#define FACT_NONE		INT64_MIN

/* Facts of many findings or notes, one behind the other, in the memory of an arena. */
typedef struct FactList
{
	Fact	   *facts;
	int			n;
	int			capacity;
} FactList;

/* Append those that say something (FACT_NONE, no code and no modifier do not); returns how many. */
extern int	facts_append(FactList *list, Arena *arena, const Fact *facts, int n);

#define FACT(symbol, number)		{FACT_##symbol, (number), NULL}
#define FACT_TEXT(symbol, text)		{FACT_##symbol, 0, (text)}

#endif							/* CLAIMLINE_FINDING_FACT_H */

/*
 * src/pg/finding_facts.c
 *
 * What a finding compared, as jsonb: an object with a key for each fact.
 */
#include "postgres.h"

#include "pg/finding_facts.h"
#include "utils/jsonb.h"
#include "utils/numeric.h"

static void
set_text(JsonbValue *value, const char *text)
{
	value->type = text == NULL ? jbvNull : jbvString;
	value->val.string.val = unconstify(char *, text);
	value->val.string.len = text == NULL ? 0 : (int) strlen(text);
}

static void
set_number(JsonbValue *value, int64 number)
{
	value->type = jbvNumeric;
	value->val.numeric = int64_to_numeric(number);
}

/* Thousandths, without zeros at the end. */
static void
set_units(JsonbValue *value, int64 units)
{
	int			decimals = 3;

	for (; decimals > 0 && units % 10 == 0; decimals--)
		units /= 10;
	value->type = jbvNumeric;
	value->val.numeric = int64_div_fast_to_numeric(units, decimals);
}

/* "10:05" */
static void
set_time(JsonbValue *value, int minutes, Arena *arena)
{
	set_text(value, arena_printf(arena, "%02d:%02d", minutes / 60, minutes % 60));
}

/* A date at either end of all dates is null. */
static void
set_date(JsonbValue *value, int32_t date, Arena *arena)
{
	set_text(value, date == DATE_BEGIN || date == DATE_END ? NULL : date_to_text(date, arena_alloc(arena, DATE_TEXT)));
}

/* A fact, or an element of a list. */
static void
set_value(JsonbValue *value, const Fact *fact, Arena *arena)
{
	switch (fact_types[fact->name])
	{
		case FACT_IS_TEXT:
		case FACT_IS_TEXTS:
			set_text(value, fact->text);
			break;
		case FACT_IS_INTEGER:
			set_number(value, fact->number);
			break;
		case FACT_IS_UNITS:
			set_units(value, fact->number);
			break;
		case FACT_IS_DATE:
			set_date(value, (int32_t) fact->number, arena);
			break;
		case FACT_IS_TIME:
			set_time(value, (int) fact->number, arena);
			break;
		case FACT_IS_CODE:
		case FACT_IS_CODES:
			set_text(value, code_to_text((uint32_t) fact->number, arena_alloc(arena, CODE_TEXT)));
			break;
		case FACT_IS_MODIFIER:
		case FACT_IS_MODIFIERS:
			set_text(value, fact->text != NULL ? fact->text : modifier_to_text((uint16_t) fact->number, arena_alloc(arena, MODIFIER_TEXT)));
			break;
		case FACT_IS_DX:
			set_text(value, dx_to_text((uint64_t) fact->number, arena_alloc(arena, DX_TEXT)));
			break;
		case FACT_IS_REGIONS:
			elog(ERROR, "regions are a list");
	}
}

static void
set_array(JsonbValue *value, int n)
{
	value->type = jbvArray;
	value->val.array.rawScalar = false;
	value->val.array.nElems = n;
	value->val.array.elems = palloc(sizeof(JsonbValue) * (Size) n);
}

static void
set_regions(JsonbValue *value, uint16_t regions)
{
	int			n = 0;
	int			i;

	set_array(value, N_REGIONS);
	for (i = 0; i < N_REGIONS; i++)
		if (regions & 1 << i)
			set_text(&value->val.array.elems[n++], region_names[i]);
	value->val.array.nElems = n;
}

/* The facts of the name of the first of `n`. */
static void
set_list(JsonbValue *value, const Fact *facts, int n, Arena *arena)
{
	int			elements = 0;
	int			i;

	set_array(value, n);
	for (i = 0; i < n; i++)
		if (facts[i].name == facts[0].name)
			set_value(&value->val.array.elems[elements++], &facts[i], arena);
	value->val.array.nElems = elements;
}

/* Is it in a list that an earlier one of its name has begun? */
static bool
is_listed(const Fact *facts, int i)
{
	int			earlier;

	for (earlier = 0; fact_types[facts[i].name] >= FACT_IS_TEXTS && earlier < i; earlier++)
		if (facts[earlier].name == facts[i].name)
			return true;
	return false;
}

/* The order in which jsonb has its keys. */
static bool
is_before(const JsonbValue *a, const JsonbValue *b)
{
	if (a->val.string.len != b->val.string.len)
		return a->val.string.len < b->val.string.len;
	return memcmp(a->val.string.val, b->val.string.val, (size_t) a->val.string.len) < 0;
}

/* Room for a key in its place among `n`. */
static JsonbValue *
add_key(JsonbPair *pairs, int n, const char *name)
{
	JsonbValue	key;

	set_text(&key, name);
	for (; n > 0 && is_before(&key, &pairs[n - 1].key); n--)
		pairs[n] = pairs[n - 1];
	/* a fact is told once */
	Assert(n == 0 || is_before(&pairs[n - 1].key, &key));
	pairs[n].key = key;
	return &pairs[n].value;
}

Datum
facts_datum(const Fact *facts, int n, Arena *arena)
{
	JsonbValue	object;
	JsonbPair  *pairs = palloc(sizeof(JsonbPair) * (Size) (n + 1));
	int			n_pairs = 0;
	int			i;

	for (i = 0; i < n; i++)
	{
		FactType	type = fact_types[facts[i].name];
		JsonbValue *value;

		if (is_listed(facts, i))
			continue;
		value = add_key(pairs, n_pairs++, fact_names[facts[i].name]);
		if (type == FACT_IS_REGIONS)
			set_regions(value, (uint16_t) facts[i].number);
		else if (type >= FACT_IS_TEXTS)
			set_list(value, &facts[i], n - i, arena);
		else
			set_value(value, &facts[i], arena);
	}
	object.type = jbvObject;
	object.val.object.nPairs = n_pairs;
	object.val.object.pairs = pairs;
	return JsonbPGetDatum(JsonbValueToJsonb(&object));
}

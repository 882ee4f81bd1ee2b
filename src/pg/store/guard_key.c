/*
 * src/pg/store/guard_key.c
 *
 * Keys of provider-days as text.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "pg/store/guard_key.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/numeric.h"

char *
key_text(const Guard *guard, const Key *key, int part)
{
	Oid			output;
	bool		is_varlena;

	if (key->nulls[part])
		return NULL;
	/* equal numbers have one text */
	if (guard->key_types[part] == NUMERICOID)
		return DatumGetCString(DirectFunctionCall1(numeric_out, DirectFunctionCall1(numeric_trim_scale, key->values[part])));
	getTypeOutputInfo(guard->key_types[part], &output, &is_varlena);
	return OidOutputFunctionCall(output, key->values[part]);
}

void
key_as_text(const Guard *guard, const Key *key, Datum *values, bool *nulls)
{
	int			part;

	for (part = 0; part < 2; part++)
	{
		char	   *text = key_text(guard, key, part);

		nulls[part] = text == NULL;
		values[part] = text == NULL ? (Datum) 0 : CStringGetTextDatum(text);
	}
	nulls[2] = key->nulls[2];
	values[2] = key->values[2];
}

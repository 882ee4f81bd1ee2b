/*
 * src/pg/store/guard_key.c
 *
 * Keys of provider-days: which are one key, and what is written of them.
 */
#include "postgres.h"

#include "catalog/pg_operator.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
#include "pg/store/guard_key.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/numeric.h"
#include "utils/syscache.h"
#include "utils/typcache.h"

/* ------------------------------------------------------------ their types */

const char *
key_equals(Oid type)
{
	Oid			operator = lookup_type_cache(type, TYPECACHE_EQ_OPR)->eq_opr;
	HeapTuple	tuple = SearchSysCache1(OPEROID, ObjectIdGetDatum(operator));
	Form_pg_operator form;
	char	   *text;

	if (!HeapTupleIsValid(tuple))
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_FUNCTION), errmsg("type %s has no equality", format_type_be(type))));
	form = (Form_pg_operator) GETSTRUCT(tuple);
	text = psprintf("OPERATOR(%s.%s)", quote_identifier(get_namespace_name(form->oprnamespace)), NameStr(form->oprname));
	ReleaseSysCache(tuple);
	return text;
}

bool
key_folds(Oid type)
{
	/* which says so where there is no such type */
	TypeCacheEntry *entry = lookup_type_cache(type, 0);
	HeapTuple	tuple = SearchSysCache1(TYPEOID, ObjectIdGetDatum(getBaseType(entry->type_id)));
	bool		folds;

	if (!HeapTupleIsValid(tuple))
		return false;
	folds = strcmp(NameStr(((Form_pg_type) GETSTRUCT(tuple))->typname), "citext") == 0;
	ReleaseSysCache(tuple);
	return folds;
}

PG_FUNCTION_INFO_V1(claim_key_equals);
Datum
claim_key_equals(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(key_equals(PG_GETARG_OID(0))));
}

PG_FUNCTION_INFO_V1(claim_key_folds);
Datum
claim_key_folds(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(key_folds(PG_GETARG_OID(0)));
}

/* ------------------------------------------------------------- their text */

/* As claim_scan reads it: not in a form that the user's settings give to dates and floats. */
static char *
text_by_fixed_settings(Oid output, Datum value)
{
	int			level = NewGUCNestLevel();
	char	   *text;

	set_local("datestyle", "ISO, YMD");
	set_local("intervalstyle", "postgres");
	set_local("extra_float_digits", "1");
	text = OidOutputFunctionCall(output, value);
	AtEOXact_GUC(false, level);
	return text;
}

char *
key_text(const Guard *guard, const Key *key, int part)
{
	Oid			output;
	bool		is_varlena;

	if (key->nulls[part])
		return NULL;
	getTypeOutputInfo(guard->key_types[part], &output, &is_varlena);
	switch (getBaseType(guard->key_types[part]))
	{
		case NUMERICOID:
			/* equal numbers have one text */
			return DatumGetCString(DirectFunctionCall1(numeric_out, DirectFunctionCall1(numeric_trim_scale, key->values[part])));
		case TEXTOID:
		case VARCHAROID:
		case BPCHAROID:
		case INT4OID:
		case INT8OID:
		case UUIDOID:
			return OidOutputFunctionCall(output, key->values[part]);
		default:
			return text_by_fixed_settings(output, key->values[part]);
	}
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

const char *
key_text_condition(const Guard *guard, const char *alias, int mask)
{
	StringInfoData text;
	int			part;

	initStringInfo(&text);
	for (part = 0; part < N_KEYS; part++)
	{
		appendStringInfoString(&text, part > 0 ? " AND " : "");
		if (mask & 1 << part)
			appendStringInfo(&text, "%s.%s IS NULL", alias, key_names[part]);
		else if (key_folds(guard->key_types[part]))
			/* as citext folds it */
			appendStringInfo(&text, "pg_catalog.lower(%s.%s COLLATE \"default\") = pg_catalog.lower($%d COLLATE \"default\")",
							 alias, key_names[part], part + 1);
		else
			appendStringInfo(&text, "%s.%s = $%d", alias, key_names[part], part + 1);
	}
	return text.data;
}

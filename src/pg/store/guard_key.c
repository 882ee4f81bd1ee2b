/*
 * src/pg/store/guard_key.c
 *
 * Keys of provider-days: which are one key, and what is written of them.
 */
#include "postgres.h"

#include "catalog/pg_operator.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
#include "pg/extension.h"
#include "pg/store/guard_key.h"
#include "pg/store/scan_key.h"
#include "utils/builtins.h"
#include "utils/datum.h"
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
		case BPCHAROID:
			/* as a cast does it, without the blanks */
			return TextDatumGetCString(DirectFunctionCall1(rtrim1, key->values[part]));
		case TEXTOID:
		case VARCHAROID:
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

/* ---------------------------------------------------- what finds their days */

/* Have equal values of a part one text, which needs no query? */
static bool
is_plain(const Guard *guard, int part)
{
	switch (getBaseType(guard->key_types[part]))
	{
		case NUMERICOID:
		case INT4OID:
		case INT8OID:
		case UUIDOID:
			return true;
		case TEXTOID:
		case VARCHAROID:
		case BPCHAROID:
			return get_collation_isdeterministic(guard->key_collations[part]);
		default:
			return false;
	}
}

bool
key_is_plain(const Guard *guard, const Key *key)
{
	return (key->nulls[0] || is_plain(guard, 0)) && (key->nulls[1] || is_plain(guard, 1));
}

/* The SQL that makes it of $1 to $3. */
static char *
scan_key_sql(const Guard *guard)
{
	Oid			types[] = {TEXTOID};
	Datum		values[] = {CStringGetTextDatum(guard->source)};

	sql_execute_once("SELECT " INTERNAL_SCHEMA ".claim_scan_key_sql(s, format(p.of_text, '$1'), format(r.of_text, '$2'), '$3') "
					 "FROM " INTERNAL_SCHEMA ".claim_source s, " INTERNAL_SCHEMA ".claim_scan_key_forms(s, 'patient') p, "
					 INTERNAL_SCHEMA ".claim_scan_key_forms(s, 'provider') r WHERE s.name = $1",
					 lengthof(types), types, values, NULL, true);
	if (SPI_processed != 1)
		elog(ERROR, "claim source %s has no keys", guard->source);
	return psprintf("SELECT %s", sql_column_text(0, 1));
}

Datum
scan_key_plain(const Guard *guard, const Key *key)
{
	Datum		values[N_KEYS];
	bool		nulls[N_KEYS];
	DateADT		dos;

	key_as_text(guard, key, values, nulls);
	dos = nulls[2] ? 0 : DatumGetDateADT(values[2]);
	return UUIDPGetDatum(scan_key(nulls[0] ? NULL : DatumGetTextPP(values[0]),
								  nulls[1] ? NULL : DatumGetTextPP(values[1]), nulls[2] ? NULL : &dos));
}

Datum
scan_key_of(Guard *guard, const Key *key)
{
	SPIPlanPtr *plan = &guard->plans[PLAN_KEY];
	Datum		found;
	bool		is_null;

	if (key_is_plain(guard, key))
		return scan_key_plain(guard, key);
	if (*plan == NULL)
		sql_keep(plan, scan_key_sql(guard), N_KEYS, guard->key_types);
	sql_execute(*plan, (Datum *) key->values, key->nulls, true);
	found = datumCopy(sql_column(0, 1, &is_null), false, UUID_LEN);
	SPI_freetuptable(SPI_tuptable);
	return found;
}

/*
 * src/pg/store/source_column.c
 *
 * The relations and columns of a mapping by their present names.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/xlog.h"
#include "catalog/namespace.h"
#include "catalog/pg_attribute.h"
#include "pg/compat.h"
#include "pg/store/source_column.h"
#include "pg/store/source_json.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

char *
relation_sql(Oid relation)
{
	char	   *name = OidIsValid(relation) ? get_rel_name(relation) : NULL;

	return name == NULL ? NULL : quote_qualified_identifier(get_namespace_name(get_rel_namespace(relation)), name);
}

/* What the mapping says of a relation, by a key. */
static char *
mapped_relation(JsonbContainer *mapping, const char *alias, const char *key)
{
	return mapping_text(mapping_container(mapping_value(mapping_container(mapping_value(mapping, "relations")), alias)), key);
}

Oid
lookup_relation(const ColumnLookup *lookup, const char *alias)
{
	char	   *text;

	if (strcmp(alias, "t") == 0)
		return lookup->relation;
	text = mapped_relation(lookup->mapping, alias, lookup->same ? "oid" : "name");
	if (text == NULL)
		return InvalidOid;
	if (lookup->same)
		return atooid(text);
	return RangeVarGetRelid(makeRangeVarFromNameList(string_to_qualified_name_list(text)), NoLock, true);
}

const char *
lookup_relation_shown(const ColumnLookup *lookup, const char *alias)
{
	char	   *name = relation_sql(lookup_relation(lookup, alias));

	if (name == NULL)
		name = mapped_relation(lookup->mapping, alias, "name");
	return name != NULL ? name : alias;
}

/* The name of an attribute that users made and did not drop; NULL for another. */
static char *
attribute_name(HeapTuple tuple)
{
	char	   *name = NULL;

	if (!HeapTupleIsValid(tuple))
		return NULL;
	if (((Form_pg_attribute) GETSTRUCT(tuple))->attnum > 0)
		name = pstrdup(NameStr(((Form_pg_attribute) GETSTRUCT(tuple))->attname));
	ReleaseSysCache(tuple);
	return name;
}

static char *
column_by_number(Oid relation, const char *number)
{
	return number == NULL ? NULL : attribute_name(SearchSysCacheAttNum(relation, (AttrNumber) atoi(number)));
}

static char *
column_by_name(Oid relation, const char *name)
{
	return attribute_name(SearchSysCacheAttName(relation, name));
}

/*
 * In the database where it was mapped a column keeps its number whatever its
 * name becomes; where it was restored from a dump it keeps its name, and the
 * numbers may be others although that of the relation happens to be the same.
 */
static char *
present_name(const ColumnLookup *lookup, JsonbContainer *column)
{
	char	   *alias = mapping_text(column, "alias");
	char	   *name = mapping_text(column, "name");
	char	   *number = mapping_text(column, "attnum");
	char	   *wide = mapping_text(mapping_container(mapping_value(lookup->mapping, "wide")), "alias");
	char	   *found;
	Oid			relation;

	if (alias == NULL || name == NULL)
		mapping_broken("A column lacks its alias or its name");
	if (wide != NULL && strcmp(alias, wide) == 0)
		return name;
	relation = lookup_relation(lookup, alias);
	found = lookup->numbered ? column_by_number(relation, number) : column_by_name(relation, name);
	if (found == NULL && lookup->same)
		found = lookup->numbered ? column_by_name(relation, name) : column_by_number(relation, number);
	if (found == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN),
				 errmsg("column \"%s\" of relation %s is gone", name, lookup_relation_shown(lookup, alias)),
				 errhint("Drop the source with claim_source_drop and add it again.")));
	return found;
}

static JsonbContainer *
column_object(JsonbValue *column)
{
	JsonbContainer *object = mapping_container(column);

	if (object == NULL || !JsonContainerIsObject(object))
		mapping_broken("A column is not an object");
	return object;
}

char *
column_name(const ColumnLookup *lookup, JsonbValue *column)
{
	return present_name(lookup, column_object(column));
}

static char *
object_sql(const ColumnLookup *lookup, JsonbContainer *column)
{
	char	   *name = present_name(lookup, column);

	return psprintf("%s.%s", quote_identifier(mapping_text(column, "alias")), quote_identifier(name));
}

char *
column_sql(const ColumnLookup *lookup, JsonbValue *column)
{
	return object_sql(lookup, column_object(column));
}

ColumnLookup
column_lookup(Oid relation, Jsonb *mapping)
{
	ColumnLookup lookup = {relation, &mapping->root, false, false};
	char	   *mapped = mapped_relation(lookup.mapping, "t", "oid");
	char	   *system = mapping_text(lookup.mapping, "system");

	lookup.same = mapped != NULL && atooid(mapped) == relation;
	lookup.numbered = lookup.same && system != NULL && strcmp(system, psprintf(UINT64_FORMAT, GetSystemIdentifier())) == 0;
	return lookup;
}

char *
source_map_column(Oid relation, Jsonb *mapping, Jsonb *column)
{
	ColumnLookup lookup = column_lookup(relation, mapping);

	return object_sql(&lookup, &column->root);
}

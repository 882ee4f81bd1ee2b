/*
 * src/pg/store/source_map.c
 *
 * A mapping from its JSON, with the columns' present names.
 */
#include "postgres.h"

#include "pg/store/source_column.h"
#include "pg/store/source_expression.h"
#include "pg/store/source_first.h"
#include "pg/store/source_json.h"
#include "pg/store/source_map.h"
#include "utils/builtins.h"

char *
text_array_sql(List *texts)
{
	StringInfoData sql;
	ListCell   *cell;

	initStringInfo(&sql);
	appendStringInfoString(&sql, "ARRAY[");
	foreach(cell, texts)
		appendStringInfo(&sql, "%s%s", cell == list_head(texts) ? "" : ", ", quote_literal_cstr(lfirst(cell)));
	appendStringInfoString(&sql, "]::text[]");
	return sql.data;
}

char *
skip_test_sql(const SkipTest *test)
{
	return psprintf("%sclaimline_internal.claim_is_marked(%s::text, %s)", test->other ? "NOT " : "", test->column, text_array_sql(test->marks));
}

/* The type that a constant of a field has, as SQL. */
static const char *
constant_type(SourceField field)
{
	switch (field)
	{
		case SOURCE_UNITS:
		case SOURCE_CHARGE:
		case SOURCE_ALLOWED:
			return "numeric";
		case SOURCE_MINUTES:
		case SOURCE_VISIT:
		case SOURCE_ASSISTANT:
		case SOURCE_LINE_NO:
			return "int";
		case SOURCE_DOS:
		case SOURCE_THRU:
			return "date";
		case SOURCE_START:
			return "time";
		case SOURCE_REFERRAL:
			return "boolean";
		default:
			return "text";
	}
}

static const char *
constant_sql(SourceField field, JsonbContainer *def)
{
	JsonbValue *value = mapping_value(def, "value");

	if (mapping_container(value) != NULL)
		return text_array_sql(mapping_texts(def, "value", true));
	if (value == NULL)
		mapping_broken("A constant lacks its value");
	return psprintf("%s::%s", quote_literal_cstr(mapping_scalar(value)), constant_type(field));
}

/* Names without their alias, as the expression has them. */
static List *
bare_names(const ColumnLookup *lookup, List *columns)
{
	List	   *names = NIL;
	ListCell   *cell;

	foreach(cell, columns)
		names = lappend(names, column_name(lookup, lfirst(cell)));
	return names;
}

static ValueKind
kind_of(JsonbContainer *def)
{
	char	   *name = mapping_text(def, "kind");
	ValueKind	kind = name == NULL ? N_VALUE_KINDS : value_kind_of(name);

	if (kind < N_VALUE_KINDS)
		return kind;
	return mapping_value(def, "value") != NULL ? KIND_VALUE : KIND_TEXT;
}

/* Several columns of a field of one value: an expression, of the kinds that they have. */
static void
put_first_filled(FieldMap *map, SourceField field, JsonbContainer *def)
{
	List	   *kinds = mapping_texts(def, "kinds", true);

	if (kinds == NIL)
		return;
	if (list_length(kinds) != list_length(map->columns) || source_field_is_list(field))
		mapping_broken("A field has another number of columns than of kinds");
	map->expression = first_filled_sql(field, map, kinds);
}

static FieldMap *
field_map(const ColumnLookup *lookup, SourceField field, JsonbContainer *def)
{
	FieldMap   *map = palloc0(sizeof(FieldMap));
	List	   *columns = mapping_list(def, "columns");
	JsonbContainer *drop = mapping_container(mapping_value(def, "drop"));
	char	   *expression = mapping_text(def, "expression");
	ListCell   *cell;
	int			i;

	map->kind = kind_of(def);
	if (map->kind == KIND_VALUE)
	{
		map->constant = constant_sql(field, def);
		return map;
	}
	map->type = mapping_text(def, "type");
	if (map->kind == KIND_INTEGER && map->type == NULL)
		mapping_broken("A field lacks its type");
	if (expression != NULL)
		map->expression = expression_with_columns(expression, bare_names(lookup, columns));
	else if (columns == NIL && !(map->kind == KIND_LIST && source_field_is_list(field)))
		mapping_broken("A field lacks its column");
	else
		foreach(cell, columns)
			map->columns = lappend(map->columns, column_sql(lookup, lfirst(cell)));
	map->missing = mapping_texts(def, "missing", false);
	map->format = mapping_text(def, "format");
	map->dx_of = mapping_text(def, "of");
	map->otherwise = mapping_text(def, "default");
	if (drop != NULL)
	{
		map->drop_column = column_sql(lookup, mapping_value(drop, "column"));
		map->drop_values = mapping_texts(drop, "values", true);
	}
	map->procedure = mapping_value(def, "concepts") != NULL;
	map->key = mapping_value(def, "key") != NULL;
	foreach(cell, mapping_list(def, "concepts"))
	{
		ListCell   *part;

		foreach(part, mapping_elements(mapping_container(lfirst(cell))))
			map->concepts = lappend(map->concepts, column_sql(lookup, lfirst(part)));
	}
	if (mapping_value(def, "behind") != NULL)
		map->behind = column_sql(lookup, mapping_value(def, "behind"));
	if (map->expression == NULL)
		put_first_filled(map, field, def);
	for (i = 0; i < N_MEANINGS; i++)
		map->meant[i] = mapping_texts(mapping_container(mapping_value(def, "values")), meaning_names[i], false);
	return map;
}

static JoinMap *
join_map(const ColumnLookup *lookup, JsonbContainer *join)
{
	JoinMap    *map = palloc0(sizeof(JoinMap));
	ListCell   *cell;

	map->alias = mapping_text(join, "alias");
	if (map->alias == NULL)
		mapping_broken("A join lacks its alias");
	map->relation = relation_sql(lookup_relation(lookup, map->alias));
	if (map->relation == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("relation %s that the source joins is gone", lookup_relation_shown(lookup, map->alias)),
				 errhint("Drop the source with claim_source_drop and add it again.")));
	foreach(cell, mapping_list(join, "on"))
	{
		ListCell   *side;

		foreach(side, mapping_elements(mapping_container(lfirst(cell))))
			map->on = lappend(map->on, column_sql(lookup, lfirst(side)));
	}
	return map;
}

static WideMap *
wide_map(const ColumnLookup *lookup, JsonbContainer *wide)
{
	WideMap    *map = palloc0(sizeof(WideMap));
	JsonbContainer *columns = mapping_container(mapping_value(wide, "columns"));
	char	   *slots = mapping_text(wide, "slots");
	JsonbIterator *each;
	JsonbValue	key;
	JsonbIteratorToken token;

	map->alias = mapping_text(wide, "alias");
	map->slots = slots == NULL ? 0 : atoi(slots);
	if (map->slots < 1 || map->slots > 100)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a mapping has 1 to 100 lines a row, not %s", slots == NULL ? "null" : slots)));
	if (map->alias == NULL || columns == NULL)
		mapping_broken("What is wide lacks its alias or its columns");
	each = JsonbIteratorInit(columns);
	while ((token = JsonbIteratorNext(&each, &key, true)) != WJB_DONE)
	{
		List	   *by_slot = NIL;
		ListCell   *cell;
		char	   *name;

		if (token != WJB_KEY)
			continue;
		name = mapping_scalar(&key);
		foreach(cell, mapping_list(columns, name))
			by_slot = lappend(by_slot, lfirst(cell) == NULL ? "NULL" : column_sql(lookup, lfirst(cell)));
		if (list_length(by_slot) != map->slots)
			mapping_broken("What is wide has another number of columns than of lines");
		map->names = lappend(map->names, name);
		map->columns = lappend(map->columns, by_slot);
	}
	return map;
}

/* What rows are that a mapping of release 0.1 leaves out, which does not say it. */
#define LEFT_OUT_UNNAMED	"left out by the mapping"

/* "column": what it is, "values" and "blank": the marks, "not": it holds where the column has none of them. */
static SkipTest *
skip_test_of(const ColumnLookup *lookup, JsonbContainer *test)
{
	SkipTest   *map = palloc0(sizeof(SkipTest));
	JsonbValue *blank = mapping_value(test, "blank");
	JsonbValue *other = mapping_value(test, "not");

	map->column = column_sql(lookup, mapping_value(test, "column"));
	map->marks = mapping_texts(test, "values", true);
	if (blank != NULL && blank->type == jbvBool && blank->val.boolean)
		map->marks = lappend(map->marks, "blank");
	map->other = other != NULL && other->type == jbvBool && other->val.boolean;
	return map;
}

/* Rows are left out where all of the tests hold.  Release 0.1 stored the list of the tests alone. */
static LeftOut *
left_out_map(const ColumnLookup *lookup, JsonbContainer *skip)
{
	LeftOut    *map = palloc0(sizeof(LeftOut));
	List	   *tests = JsonContainerIsArray(skip) ? mapping_elements(skip) : mapping_list(skip, "tests");
	StringInfoData sql;
	ListCell   *cell;

	map->kind = JsonContainerIsArray(skip) ? NULL : mapping_text(skip, "kind");
	if (map->kind == NULL)
		map->kind = LEFT_OUT_UNNAMED;
	if (tests == NIL)
		mapping_broken("What is left out lacks its tests");
	initStringInfo(&sql);
	foreach(cell, tests)
	{
		SkipTest   *test = skip_test_of(lookup, mapping_container(lfirst(cell)));

		map->tests = lappend(map->tests, test);
		appendStringInfo(&sql, "%s%s", cell == list_head(tests) ? "" : " AND ", skip_test_sql(test));
	}
	map->condition = sql.data;
	return map;
}

SourceMap *
source_map_of(Oid relation, Jsonb *mapping)
{
	SourceMap  *map = palloc0(sizeof(SourceMap));
	ColumnLookup lookup = column_lookup(relation, mapping);
	JsonbContainer *fields = mapping_container(mapping_value(lookup.mapping, "fields"));
	JsonbContainer *wide = mapping_container(mapping_value(lookup.mapping, "wide"));
	ListCell   *cell;
	int			i;

	map->relation = relation_sql(relation);
	if (map->relation == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("the relation of the source is gone"),
				 errhint("Drop the source with claim_source_drop and add it again.")));
	for (i = 0; i < N_SOURCE_FIELDS; i++)
	{
		JsonbContainer *def = mapping_container(mapping_value(fields, source_field_names[i]));

		if (def != NULL)
			map->fields[i] = field_map(&lookup, (SourceField) i, def);
	}
	foreach(cell, mapping_list(lookup.mapping, "joins"))
		map->joins = lappend(map->joins, join_map(&lookup, mapping_container(lfirst(cell))));
	if (wide != NULL)
		map->wide = wide_map(&lookup, wide);
	foreach(cell, mapping_list(lookup.mapping, "skip"))
		map->left_out = lappend(map->left_out, left_out_map(&lookup, mapping_container(lfirst(cell))));
	return map;
}

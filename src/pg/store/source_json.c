/*
 * src/pg/store/source_json.c
 *
 * Values of a mapping's JSON.
 */
#include "postgres.h"

#include "pg/store/source_json.h"
#include "utils/builtins.h"

void
mapping_broken(const char *what)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("invalid mapping of a source"),
			 errdetail("%s.", what),
			 errhint("claim_source_add makes mappings.")));
}

JsonbValue *
mapping_value(JsonbContainer *object, const char *key)
{
	JsonbValue *value;

	if (object == NULL || !JsonContainerIsObject(object))
		return NULL;
	value = getKeyJsonValueFromContainer(object, key, (int) strlen(key), NULL);
	return value == NULL || value->type == jbvNull ? NULL : value;
}

JsonbContainer *
mapping_container(JsonbValue *value)
{
	return value != NULL && value->type == jbvBinary ? value->val.binary.data : NULL;
}

char *
mapping_scalar(JsonbValue *value)
{
	if (value == NULL)
		return NULL;
	switch (value->type)
	{
		case jbvString:
			return pnstrdup(value->val.string.val, value->val.string.len);
		case jbvNumeric:
			return DatumGetCString(DirectFunctionCall1(numeric_out, NumericGetDatum(value->val.numeric)));
		case jbvBool:
			return value->val.boolean ? "true" : "false";
		case jbvBinary:
			return JsonbToCString(NULL, value->val.binary.data, value->val.binary.len);
		default:
			return NULL;
	}
}

char *
mapping_text(JsonbContainer *object, const char *key)
{
	return mapping_scalar(mapping_value(object, key));
}

List *
mapping_elements(JsonbContainer *array)
{
	List	   *elements = NIL;
	uint32		i;

	if (array == NULL || !JsonContainerIsArray(array))
		return NIL;
	for (i = 0; i < JsonContainerSize(array); i++)
	{
		JsonbValue *element = getIthJsonbValueFromContainer(array, i);

		elements = lappend(elements, element->type == jbvNull ? NULL : element);
	}
	return elements;
}

List *
mapping_list(JsonbContainer *object, const char *key)
{
	return mapping_elements(mapping_container(mapping_value(object, key)));
}

List *
mapping_texts(JsonbContainer *object, const char *key, bool blank)
{
	List	   *texts = NIL;
	ListCell   *cell;

	foreach(cell, mapping_list(object, key))
	{
		char	   *text = mapping_scalar(lfirst(cell));

		if (text != NULL && (blank || text[0] != '\0'))
			texts = lappend(texts, text);
	}
	return texts;
}

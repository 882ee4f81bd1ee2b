/*
 * src/pg/store/source_json.h
 *
 * Values of a mapping's JSON: what is missing, or of another kind, is NULL.
 */
#ifndef CLAIMLINE_SOURCE_JSON_H
#define CLAIMLINE_SOURCE_JSON_H

#include "nodes/pg_list.h"
#include "utils/jsonb.h"

/* Raise the error of a mapping that claim_source_add does not make. */
extern void mapping_broken(const char *what);

/* A value of an object; NULL for null, too. */
extern JsonbValue *mapping_value(JsonbContainer *object, const char *key);

/* The object or array that a value is. */
extern JsonbContainer *mapping_container(JsonbValue *value);

/* A value as text; that of an object. */
extern char *mapping_scalar(JsonbValue *value);
extern char *mapping_text(JsonbContainer *object, const char *key);

/* The elements of an array, JsonbValue *, NULL standing for null; those of an object's array. */
extern List *mapping_elements(JsonbContainer *array);
extern List *mapping_list(JsonbContainer *object, const char *key);

/* The values of an object's array as text, char *; `blank`: also those that are empty. */
extern List *mapping_texts(JsonbContainer *object, const char *key, bool blank);

#endif							/* CLAIMLINE_SOURCE_JSON_H */

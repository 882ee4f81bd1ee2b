/*
 * src/core/line/field_json.h
 *
 * Fields of lines as JSON.
 */
#ifndef CLAIMLINE_FIELD_JSON_H
#define CLAIMLINE_FIELD_JSON_H

#include "base/json.h"
#include "line/field.h"

/* Values of a row; an open end of a period and modifier 0 are null. */
extern void json_put_date(Writer *writer, int32_t date);
extern void json_put_code(Writer *writer, uint32_t code);
extern void json_put_modifier(Writer *writer, uint32_t modifier);

#endif							/* CLAIMLINE_FIELD_JSON_H */

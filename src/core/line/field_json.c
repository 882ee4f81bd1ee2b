/*
 * src/core/line/field_json.c
 *
 * Fields of lines as JSON.
 */
#include "line/field_json.h"

void
json_put_date(Writer *writer, int32_t date)
{
	char		text[DATE_TEXT];

	json_put_text(writer, date == DATE_BEGIN || date == DATE_END ? NULL : date_to_text(date, text));
}

void
json_put_code(Writer *writer, uint32_t code)
{
	char		text[CODE_TEXT];

	json_put_text(writer, code_to_text(code, text));
}

void
json_put_modifier(Writer *writer, uint32_t modifier)
{
	char		text[MODIFIER_TEXT];

	json_put_text(writer, modifier == 0 ? NULL : modifier_to_text((uint16_t) modifier, text));
}

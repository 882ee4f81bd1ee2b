/*
 * src/core/line/field.h
 *
 * The fields of a claim line one by one, between text and value.
 */
#ifndef CLAIMLINE_FIELD_H
#define CLAIMLINE_FIELD_H

#include "base/word.h"
#include "line/claimline.h"

/* An open end of a period of dates, either side. */
#define DATE_BEGIN			INT32_MIN
#define DATE_END			INT32_MAX

/* Days since 2000-01-01; false where the calendar has no such day, 0001-01-01 to 9999-12-31. */
extern bool date_of_calendar(int year, int month, int day, int32_t *date);

/* One more than the digit of 0-9A-Z in either case; 0 for what is none. */
extern const unsigned char base36_digits[256];

/* 0 to 35, else -1 */
static inline int
base36(char c)
{
	return base36_digits[(unsigned char) c] - 1;
}

/* --- text to value; false with the fault filled in --- */
extern bool code_from_text(Word word, uint32_t *code, Fault *why);
extern bool modifier_from_text(Word word, uint16_t *modifier, Fault *why);
extern bool dx_from_text(Word word, uint64_t *dx, Fault *why);
extern bool units_from_text(Word word, uint32_t *units, Fault *why);
extern bool date_from_text(Word word, int32_t *date, Fault *why);
extern bool start_from_text(Word word, int32_t *start, Fault *why);
extern bool region_from_text(Word word, uint16_t *region, Fault *why);
extern bool unread_from_text(Word word, uint16_t *unread, Fault *why);
extern bool dx_of_from_text(Word word, DxOf *dx_of, Fault *why);
extern bool specialty_from_text(Word word, SpecialtyKind *kind, uint64_t *specialty, Fault *why);

/* The first characters of a taxonomy code, one to all of them, as the smallest value that has them, with how many they are. */
extern bool taxonomy_prefix_from_text(Word word, uint64_t *prefix, uint32_t *length, Fault *why);
extern bool number_in_range(const char *what, int64_t value, int64_t low, int64_t high,
							size_t position, Fault *why);
extern bool integer_from_text(const char *what, Word word, int64_t low, int64_t high,
							  int32_t *value, Fault *why);

/* --- value to text; the buffer's size is in its name --- */
#define CODE_TEXT		(CLAIMLINE_CODE_LENGTH + 1)
#define MODIFIER_TEXT	3
#define DX_TEXT			9		/* seven characters, a dot, the end */
#define UNITS_TEXT		12
#define DATE_TEXT		16
#define SPECIALTY_TEXT	11
extern const char *code_to_text(uint32_t code, char text[CODE_TEXT]);
extern const char *modifier_to_text(uint16_t modifier, char text[MODIFIER_TEXT]);
extern const char *dx_to_text(uint64_t dx, char text[DX_TEXT]);
extern const char *units_to_text(uint32_t units, char text[UNITS_TEXT]);
extern const char *date_to_text(int32_t date, char text[DATE_TEXT]);
extern const char *specialty_to_text(SpecialtyKind kind, uint64_t specialty, char text[SPECIALTY_TEXT]);
extern const char *taxonomy_prefix_to_text(uint64_t prefix, uint32_t length, char text[SPECIALTY_TEXT]);
extern const char *const region_names[N_REGIONS + 1];
extern const char *const unread_names[N_UNREAD + 1];
extern const char *const dx_of_names[];	/* by DxOf; ends with NULL */

/* Does a taxonomy code begin with a prefix of that length? */
extern bool taxonomy_has_prefix(uint64_t taxonomy, uint64_t prefix, uint32_t length);

/* The first `length` characters of a diagnosis, as a diagnosis value. */
extern uint64_t dx_prefix(uint64_t dx, int length);
extern int	dx_length(uint64_t dx);

#endif							/* CLAIMLINE_FIELD_H */

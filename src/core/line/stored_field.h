/*
 * src/core/line/stored_field.h
 *
 * Fields of lines in the forms that claims tables store them in.  False where
 * the text is of no such form; blanks around it are the caller's to trim.
 */
#ifndef CLAIMLINE_STORED_FIELD_H
#define CLAIMLINE_STORED_FIELD_H

#include "line/field.h"

/*
 * A date written YYYYMMDD, YYYY-MM-DD, YYYY/MM/DD, MM/DD/YYYY, DD-MON-YYYY or
 * DDMONYYYY; a time behind it is left out.
 */
extern bool stored_date(Word word, int32_t *date);

/* The same by a format of YYYY, MM or MON, DD and characters for themselves. */
extern bool stored_date_by(Word word, Word format, int32_t *date);

/* Does the format have a year, a month and a day, each once, and no other letters or digits? */
extern bool date_format_is_valid(Word format);

/* A sign, digits, a point, digits; at most STORED_NUMBER characters. */
#define STORED_NUMBER		63
extern bool stored_number_is_valid(Word word);

/* A whole number that fits, also one with a point and zeros behind it. */
extern bool stored_integer(Word word, int32_t *number);

/* y, yes, t, true, 1 or n, no, f, false, 0 in either case. */
extern bool stored_yes_no(Word word, bool *yes);

/* The minute since midnight of 9:30, 09:30, 09:30:15, 0930 or 9:30 PM. */
extern bool stored_time(Word word, int32_t *minute);

/* The next word of a list, taken off the rest: what lies between characters that are in no code or name. */
extern bool stored_list_next(Word *rest, Word *item);

/*
 * The code of a text like 97124, 97124-59, CPT4:97124 or HC:97124:59, taken
 * off with the name before it; then the modifiers behind it, one by one.
 */
extern bool stored_procedure(Word *rest, Word *code);
extern bool stored_procedure_modifier(Word *rest, Word *modifier);

/* Same diagnosis: letter case and the dot aside. */
extern bool same_diagnosis(Word a, Word b);

#endif							/* CLAIMLINE_STORED_FIELD_H */

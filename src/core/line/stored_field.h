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
 * A date in a form that tells itself apart: YYYYMMDD, YYYY-MM-DD, MM/DD/YYYY,
 * DD-MON-YYYY and their kin (doc/sources.md has them all).  A time behind it, of
 * whatever zone, is left out: the date is that of the text.  Of a span the
 * first day.
 */
extern bool stored_date(Word word, int32_t *date);

/* The same by a format of YYYY, MM or MON, DD and characters for themselves. */
extern bool stored_date_by(Word word, Word format, int32_t *date);

/* First and last day of a span, or twice the same; by a format, or by those that tell themselves apart where its text is NULL. */
extern bool stored_dates(Word word, Word format, int32_t *first, int32_t *last);

/* Does the format have a year, a month and a day, each once, and no other letters or digits? */
extern bool date_format_is_valid(Word format);

/* A sign, digits, a point, digits; at most STORED_NUMBER characters. */
#define STORED_NUMBER		63
extern bool stored_number_is_valid(Word word);

/* A whole number that fits, also one with a point and zeros behind it. */
extern bool stored_integer(Word word, int32_t *number);

/* y, yes, t, true, 1 or n, no, f, false, 0 in either case. */
extern bool stored_yes_no(Word word, bool *yes);

/* The minute since midnight of 9:30, 09:30, 09:30:15.123, 0930, 093015 or 9:30 PM. */
extern bool stored_time(Word word, int32_t *minute);

/* Is it a time of day as it stands behind a date: with a zone, say? */
extern bool stored_time_of_day(Word word);

/* The next word of a list, taken off the rest: what lies between characters that are in no code or name. */
extern bool stored_list_next(Word *rest, Word *item);

/*
 * The code of a text like 97124, 97124-59, CPT4:97124 or HC:97124:59, taken
 * off with the name before it; then the modifiers behind it, one by one.
 */
extern bool stored_procedure(Word *rest, Word *code);
extern bool stored_procedure_modifier(Word *rest, Word *modifier);

/*
 * The whole text as a service: 97124-59, 97124 59 GP, HC:97140:GP or, as X12 has
 * it, HC:97140:GP:59:::description.  False for anything else: a code alone too,
 * unless it has its name before it.
 */
#define STORED_MODIFIERS	8
typedef struct StoredService
{
	Word		code;
	Word		modifiers[STORED_MODIFIERS];
	int			n_modifiers;
} StoredService;

extern bool stored_service(Word text, StoredService *service);

/* Two or more modifiers without anything between, two characters each: GP59. */
extern bool stored_run_together(Word word);

/* What programs write where there is no value: NULL, None, NaN, NaT, <NA>, #N/A, in either case. */
extern bool stored_null(Word word);

/* 97124 of 97124.0, as numbers come out of tables of floats; any other text as it is. */
extern Word stored_whole(Word word);

/* Same diagnosis: letter case and the dot aside. */
extern bool same_diagnosis(Word a, Word b);

#endif							/* CLAIMLINE_STORED_FIELD_H */

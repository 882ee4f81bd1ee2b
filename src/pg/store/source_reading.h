/*
 * src/pg/store/source_reading.h
 *
 * A row being read: the values of its columns, what is missing, and the first
 * reason why it is no line.
 */
#ifndef CLAIMLINE_SOURCE_READING_H
#define CLAIMLINE_SOURCE_READING_H

#include "pg/store/source_plan.h"

/* What goes first if a row has several faults. */
typedef enum FaultRank
{
	RANK_UNREADABLE, RANK_NULL, RANK_INVALID, RANK_NONE
} FaultRank;

typedef struct Reading
{
	FunctionCallInfo fcinfo;
	LinePlan   *plan;
	LineParts	parts;
	SourceField field;			/* being read */
	uint16		optional;		/* UNREAD_... of it, 0 where a line must have it */
	FaultRank	rank;			/* of the reason */
	Fault		why;
	SourceField faulty;			/* the field of the reason */
	Fault	   *unread_why;		/* by number of UNREAD_...: why each was not read; or NULL where nobody asks */
} Reading;

/* Keep the reason that goes first; of a field that a line need not have, that it was not read. */
extern void keep_reason(Reading *reading, FaultRank rank, const Fault *why);

/* A check of the line's own, which filled in `why` if it is false. */
extern void must(Reading *reading, bool holds, const Fault *why);

/* The value is there, but is none of the field: the reason is `before "value" behind`. */
extern void unreadable(Reading *reading, Word value, const char *before, const char *behind);

extern bool is_one_of(Word word, const Words *words);

/* An argument's text without blanks around it; false where it is null, blank or means missing. */
extern bool known_text(const Reading *reading, const FieldPlan *plan, int argument, Word *word);

/*
 * The value of a field of one column as a text: that of the argument, else the
 * one that stands for none.  False where there is neither.
 */
extern bool text_or_default(const Reading *reading, const FieldPlan *plan, Word *word);

/* Whether the argument, which is not a text, has a value; numbers and dates may be marks. */
extern bool has_value(const Reading *reading, const FieldPlan *plan);

/* Is a date one of the marks that are dates? */
extern bool is_missing_date(const FieldPlan *plan, int32 date);

/* Add the values of a list of modifiers, diagnoses or regions to the line by `add`. */
extern void read_list(Reading *reading, const FieldPlan *plan, bool (*add) (LineParts *, Word, Fault *));

#endif							/* CLAIMLINE_SOURCE_READING_H */

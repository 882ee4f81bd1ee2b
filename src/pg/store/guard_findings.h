/*
 * src/pg/store/guard_findings.h
 *
 * What a statement is to answer for on a day that does not pass.  Called
 * within SPI.
 */
#ifndef CLAIMLINE_GUARD_FINDINGS_H
#define CLAIMLINE_GUARD_FINDINGS_H

#include "edits/judge.h"
#include "pg/store/guard_written.h"

/* A finding at or above the guard's severity. */
typedef struct AnsweredFinding
{
	const Finding *finding;		/* in the sink of its day */
	bool		on_written;		/* is it on a line that the statement wrote? */
} AnsweredFinding;

/* Lines to be found in order. */
typedef struct LineSet
{
	NumberedLine *lines;
	int			n;
} LineSet;

/* A day as it is stored now, judged; the findings that the statement is to answer for, the most severe first. */
typedef struct AnsweredDay
{
	Arena		arena;
	Day			day;
	FindingSink sink;
	AnsweredFinding *findings;
	int			n_findings;
	bool		all_written;	/* are all lines of the day the statement's? */
	/* what it is compared with: the day before the statement, and the lines that it changed */
	Day			before;
	FindingSink was;
	LineSet		changed;
} AnsweredDay;

/* A line of the day, as it is numbered. */
extern NumberedLine day_line_number(const Day *day, int line);

/*
 * What the statement would answer for, had it written other lines: of a day that is
 * judged, with the lines that it would have changed.  Returns how many, the first ones in `findings`.
 */
extern int	answers_of(const Guard *guard, const AnsweredDay *answered, const Day *day, const FindingSink *sink,
					   const LineSet *changed, AnsweredFinding *findings);

/* Put lines in order, to be found. */
extern void line_set_sort(LineSet *set);

/* Judge the stored day of a key; false where nothing is to be answered for.  In the current memory context. */
extern bool answer_for_day(Guard *guard, const Written *written, const Key *key, AnsweredDay *answered);

#endif							/* CLAIMLINE_GUARD_FINDINGS_H */

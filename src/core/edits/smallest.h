/*
 * src/core/edits/smallest.h
 *
 * The smallest change of a day after which a finding goes and none comes: found
 * by trying changes of one field, then of two, each judged on the whole day.
 */
#ifndef CLAIMLINE_SMALLEST_H
#define CLAIMLINE_SMALLEST_H

#include "edits/finding.h"

/* What is changed.  Of changes of one field the earlier kind is taken, on the line of the finding before another. */
typedef enum EditKind
{
	EDIT_REGIONS,				/* filled in where none are stated */
	EDIT_MINUTES,				/* filled in where there are none */
	EDIT_ADD,					/* a modifier that the line does not have */
	EDIT_REMOVE,				/* the last occurrence of one */
	EDIT_UNITS,					/* another number of whole units */
	EDIT_UNBILL,				/* no units */
	EDIT_LEAVE_OUT				/* the line */
} EditKind;

typedef struct LineEdit
{
	EditKind	kind;
	int			line;			/* index in the day before it was netted */
	int32_t		value;			/* regions, minutes, the modifier, thousandths of a unit */
} LineEdit;

#define MOST_EDITS		2

typedef struct DayChange
{
	int			n;				/* fields; 0 where there is no such change */
	LineEdit	edits[MOST_EDITS];
	int			rank;			/* among changes of as many fields; the smaller is taken */
} DayChange;

/* A rule that speaks of a line, and the changes after which it does not. */
typedef struct Target
{
	int			line;			/* index in the day before it was netted */
	Rule		rule;
	Severity	severity;		/* the worst that it says */
	Change		suggested;		/* what its finding suggests: taken before others of as many fields */
	DayChange	smallest;
	DayChange	billed;			/* the smallest after which every line is billed */
} Target;

/* Judges a day changed in all ways: the lines in canonical order, before they are netted. */
typedef struct Smallest
{
	const Day  *day;
	const Ruleset *rules;
	Arena	   *arena;
	PairMemo   *pairs;			/* as of a sink */
	int			tried;			/* fields that were changed at once: 0 in a day that is too large, up to MOST_EDITS */
} Smallest;

/* The lines with a change, in no order, each with where it comes from as its place; returns how many, -1 where it cannot be made. */
extern int	change_lines(const Smallest *search, const DayChange *change, DayLine *lines);

extern void find_smallest(Smallest *search, Target *targets, int n);

/* The lines of the day with a change; returns how many, in canonical order, with the same arena as the search. */
extern int	apply_day_change(const Smallest *search, const DayChange *change, DayLine *lines);

/* Is every line billed after it that was before? */
extern bool change_bills_all(const DayChange *change);

/* The most lines of a day of which changes are tried, and the most changes of two fields. */
#define SMALLEST_MAX_LINES	100
#define SMALLEST_MAX_PAIRS	100000

#endif							/* CLAIMLINE_SMALLEST_H */

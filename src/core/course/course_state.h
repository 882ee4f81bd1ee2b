/*
 * src/core/course/course_state.h
 *
 * Where the judgement of a course is: what was counted up to a date, and what
 * is of the date itself.
 */
#ifndef CLAIMLINE_COURSE_STATE_H
#define CLAIMLINE_COURSE_STATE_H

#include "course/course.h"

/* A line that counts. */
typedef struct CourseLine
{
	int32_t		date;
	int			day;
	int			line;			/* of the day */
	Therapy		therapy;		/* THERAPY_NONE where it has no discipline */
	bool		massage;
	int64_t		amount;			/* cents, or NO_AMOUNT */
} CourseLine;

/* Something counted: before a date and on it. */
typedef struct Count
{
	int64_t		before;
	int64_t		on_date;
} Count;

/* What was allowed in the year for one kind of therapy. */
typedef struct Allowed
{
	Count		cents;
	Count		lines;
	int			n_unknown;
	bool		said;			/* of this date, what is said once */
} Allowed;

typedef struct CourseState
{
	Course	   *course;
	FindingSink *sink;
	uint16_t	kx;				/* modifiers */
	uint16_t	occupational;
	int32_t		date;
	int			year;
	int32_t		year_from;
	int32_t		year_to;
	Allowed		allowed[N_THERAPIES];
	int64_t		visits;			/* in the year, the date included; likewise below */
	int64_t		episode_visits;
	int32_t		episode_from;
	int32_t		last_visit;
	int32_t		week_from;
	Count		units;			/* of the week */
	int64_t		visits_year_limit;	/* NO_AMOUNT for none; likewise below */
	int64_t		units_week_limit;
	int64_t		episode_days;
} CourseState;

/* The yearly amount of a list; NO_AMOUNT for none. */
extern int64_t yearly_amount(const CourseState *state, PolicyList list);

/* Judge a line of the date, whose lines have been counted; `say` is false for what is counted only. */
extern void course_rules(CourseState *state, const CourseLine *line, bool say);

#endif							/* CLAIMLINE_COURSE_STATE_H */

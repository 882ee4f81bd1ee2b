/*
 * src/core/course/course.h
 *
 * The course of a patient's care: what no day shows by itself.  Lines of all
 * days are counted together in the order of their dates, and a line is judged
 * by what came before it.
 */
#ifndef CLAIMLINE_COURSE_H
#define CLAIMLINE_COURSE_H

#include "edits/finding.h"

/* An amount that is not known, in cents. */
#define NO_AMOUNT		INT64_MIN

/* A provider-day of the course. */
typedef struct CourseDay
{
	Day			day;			/* netted and looked up by course_judge() */
	Word		provider;		/* no text: none */
	const int64_t *allowed;		/* cents by place; beyond n_allowed, none is known */
	int			n_allowed;
} CourseDay;

/* For what a plan of care was certified, or a payer authorized services. */
typedef struct CoursePeriod
{
	PeriodKind	kind;
	Word		provider;		/* no text: any */
	uint16_t	discipline;		/* a modifier; 0: any */
	int32_t		from;
	int32_t		to;
	int64_t		units;			/* thousandths, or NO_AMOUNT; also below */
	int64_t		visits;
	const char *number;			/* or NULL */
	/* counted */
	int64_t		used_units;
	int64_t		used_visits;
	int32_t		last_visit;
} CoursePeriod;

/* What the thresholds are of. */
typedef enum Therapy
{
	THERAPY_PT_SLP, THERAPY_OT, N_THERAPIES, THERAPY_NONE = N_THERAPIES
} Therapy;

extern const char *const therapy_names[N_THERAPIES];

typedef enum TotalKind
{
	TOTAL_ALLOWED, TOTAL_REVIEW, TOTAL_VISITS_YEAR, TOTAL_VISITS_EPISODE, TOTAL_UNITS_WEEK, TOTAL_UNITS_PERIOD, TOTAL_VISITS_PERIOD
} TotalKind;

extern const char *const total_names[];

/* What was counted, from a date to a date. */
typedef struct CourseTotal
{
	TotalKind	kind;
	Therapy		therapy;		/* of amounts */
	const CoursePeriod *period; /* of periods */
	int32_t		from;
	int32_t		to;
	int64_t		used;			/* visits, else thousandths of units or of dollars */
	int64_t		most;			/* likewise; NO_AMOUNT for no limit */
	int			unknown;		/* lines whose amount is not known */
} CourseTotal;

typedef struct Course
{
	const Ruleset *rules;
	Arena	   *arena;
	CourseDay  *days;
	int			n_days;
	CoursePeriod *periods;		/* sorted by course_judge() */
	int			n_periods;
	int32_t		from;			/* lines before it are counted, and nothing is said of them */
	/* what comes of it */
	int		   *finding_days;	/* of each finding of the sink, its day */
	int			n_finding_days;
	int			finding_capacity;
	CourseTotal *totals;
	int			n_totals;
	int			total_capacity;
} Course;

/* Judge a course: findings go to the sink, which has been started and is of no day, by date. */
extern void course_judge(Course *course, FindingSink *sink);

#endif							/* CLAIMLINE_COURSE_H */

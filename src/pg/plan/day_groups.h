/*
 * src/pg/plan/day_groups.h
 *
 * The rows of a part, grouped to days.
 */
#ifndef CLAIMLINE_DAY_GROUPS_H
#define CLAIMLINE_DAY_GROUPS_H

#include "day/day.h"
#include "pg/plan/day_keys.h"
#include "pg/plan/day_rows.h"

typedef struct DayGroups
{
	LoadedPart	part;
	uint32		n;				/* groups */
	uint32		at;				/* the next one to be taken */
	uint32	   *first;			/* by group: its first row; its last one */
	uint32	   *last;
	uint32	   *next;			/* by row: the next one of the group, or NO_ROW */
	Size		memory;
} DayGroups;

/* The lines of one day; kept for the next one. */
typedef struct GroupLines
{
	DayLine    *lines;
	uint32		room;
	uint32		n;
	uint32		used;			/* bytes of a canonical day of them */
} GroupLines;

/* Group a part that was loaded; in the current memory context. */
extern void day_groups_open(DayGroups *groups, const DayKeys *keys);
extern void day_groups_close(DayGroups *groups);

/* Take the next group: its first row, or NULL.  Its lines are in canonical order. */
extern const DayRow *day_groups_next(DayGroups *groups, GroupLines *lines);

#endif							/* CLAIMLINE_DAY_GROUPS_H */

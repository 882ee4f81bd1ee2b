/*
 * src/core/day/day_net.h
 *
 * What of a day counts: rows that were loaded twice count once, and a reversal
 * takes back the line that it is of.
 */
#ifndef CLAIMLINE_DAY_NET_H
#define CLAIMLINE_DAY_NET_H

#include "day/day.h"

/*
 * Net a day that is in canonical order.  Lines with the same claim id and line
 * number, both there, that are equal are one row, loaded again.  A reversal
 * takes back a line of the same date, code, modifiers and units: one with its
 * claim id and line number before one with its claim id before any other, and
 * of these one that is equal in all else before one of which nothing else is
 * known to differ before the first.  Where there is none, it takes its units off a line with as
 * many or more.  What does not count is moved behind what does, with its place
 * kept; the order of arrival shows in nothing.  A day that is netted already
 * stays as it is.
 */
extern void day_net(Day *day, Arena *arena);

/* Are they rows of one line of a claim: the same claim id and line number, both there? */
extern bool same_claim_line(const DayLine *a, const DayLine *b);

#endif							/* CLAIMLINE_DAY_NET_H */

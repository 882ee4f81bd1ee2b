/*
 * src/core/edits/span_units.h
 *
 * Timed lines of several dates beside those of one.
 */
#ifndef CLAIMLINE_SPAN_UNITS_H
#define CLAIMLINE_SPAN_UNITS_H

#include "edits/facts.h"

/* Are two codes of one service: the same, or one goes on with the other? */
extern bool same_service(const Ruleset *rules, uint32_t a, uint32_t b);

/* Is a timed line of several dates of the date of a line too: any, or one of its service? */
extern bool meets_timed_span(const Day *day, const Ruleset *rules, int line, bool of_service);

#endif							/* CLAIMLINE_SPAN_UNITS_H */

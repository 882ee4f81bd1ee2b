/*
 * src/core/edits/span.h
 *
 * Lines of several dates beside others.
 */
#ifndef CLAIMLINE_SPAN_H
#define CLAIMLINE_SPAN_H

#include "edits/finding.h"

typedef void (*RunEdits) (Day *day, const Ruleset *rules, FindingSink *sink);

/*
 * Of a day with lines of several dates, on which the edits have run: what is
 * certain by lines of one date alone, and, as review at most, what is found of
 * two lines whose dates overlap but do not begin on one day.  `run` runs the
 * edits on a day.
 */
extern void judge_spans(const Day *day, const Ruleset *rules, FindingSink *sink, RunEdits run);

#endif							/* CLAIMLINE_SPAN_H */

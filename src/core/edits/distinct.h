/*
 * src/core/edits/distinct.h
 *
 * 59, X{EPSU} and anatomic modifiers.
 */
#ifndef CLAIMLINE_DISTINCT_H
#define CLAIMLINE_DISTINCT_H

#include "edits/finding.h"

/* Judge those of a line, which has one, among the lines of its group from `first` to `end`. */
extern void judge_distinct(const Day *day, const Ruleset *rules, FindingSink *sink, int i, int first, int end);

#endif							/* CLAIMLINE_DISTINCT_H */

/*
 * src/pg/store/source_quick.h
 *
 * Rows whose columns hold what they should.
 */
#ifndef CLAIMLINE_SOURCE_QUICK_H
#define CLAIMLINE_SOURCE_QUICK_H

#include "pg/store/source_plan.h"

/* Can rows be read here at all?  Fills in by_field; once a call site. */
extern bool plan_is_quick(LinePlan *plan);

/* The line of a row; false where one of its values needs the readers that know every form. */
extern bool quick_row(FunctionCallInfo fcinfo, LinePlan *plan, Datum *line);

#endif							/* CLAIMLINE_SOURCE_QUICK_H */

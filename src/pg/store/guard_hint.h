/*
 * src/pg/store/guard_hint.h
 *
 * What would pass in place of a day that a guard refuses.
 */
#ifndef CLAIMLINE_GUARD_HINT_H
#define CLAIMLINE_GUARD_HINT_H

#include "pg/store/guard_findings.h"

/*
 * The line, or the lines together, that would have the day pass, with what must be
 * documented; NULL where no suggestion does.  In the current memory context.
 */
extern char *guard_hint(const Guard *guard, const AnsweredDay *answered);

#endif							/* CLAIMLINE_GUARD_HINT_H */

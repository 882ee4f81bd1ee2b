/*
 * src/core/edits/units.h
 *
 * Minutes to units of service: the CMS total-minutes rule and the AMA midpoint
 * rule (Medicare Claims Processing Manual ch. 5 s. 20.2; CPT introduction).
 */
#ifndef CLAIMLINE_UNITS_H
#define CLAIMLINE_UNITS_H

#include "ruleset/ruleset.h"

/* The rule that counts on a date of service; without one, the rule of today. */
extern UnitRule unit_rule_on(const Policy *policy, int32_t dos);

/* Units that so many minutes of one service alone support. */
extern int64_t units_of_minutes(const Policy *policy, int64_t minutes);

/*
 * Share out units among services, one entry per code: `minutes` in, `allowed`
 * out.  Where several allocations are valid (equal remainders at the cut), the
 * services whose `billed` (thousandths of a unit, may be NULL) exceeds their
 * full blocks are served first, then the earlier ones.  So `billed` is
 * supported by some valid allocation exactly if none exceeds its `allowed`.
 */
extern void units_allocate(const Policy *policy, UnitRule rule, int n, const int64_t *minutes,
						   const int64_t *billed, int64_t *allowed);

/*
 * Share out the units of one code among its entries: full blocks first, the
 * rest by largest remainder, then to the earlier one.
 */
extern void units_share(const Policy *policy, int64_t units, int n, const int64_t *minutes,
						int64_t *share);

#endif							/* CLAIMLINE_UNITS_H */

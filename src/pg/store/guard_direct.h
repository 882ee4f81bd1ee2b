/*
 * src/pg/store/guard_direct.h
 *
 * Days of a table that its guard reads by an index, without queries.
 */
#ifndef CLAIMLINE_GUARD_DIRECT_H
#define CLAIMLINE_GUARD_DIRECT_H

#include "pg/store/guard_days.h"

/*
 * Lock days that a statement wrote against others that write them, for a guard
 * with a reader; puts the keys in order.  Where `judges`, those that have a finding
 * at or above the guard's severity are left in `keys`; returns how many.
 */
extern int	pass_days(Guard *guard, Relation table, Key *keys, int n, bool judges);

/*
 * Judge what a statement wrote, if that can be done without a query; true if all
 * of it passes.  Outside SPI, with the settings and the role of the user.
 */
extern bool guard_passes_directly(TriggerData *data, Event event);

#endif							/* CLAIMLINE_GUARD_DIRECT_H */

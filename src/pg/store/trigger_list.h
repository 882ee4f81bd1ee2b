/*
 * src/pg/store/trigger_list.h
 *
 * The triggers that stand on a table for sources.
 */
#ifndef CLAIMLINE_TRIGGER_LIST_H
#define CLAIMLINE_TRIGGER_LIST_H

#include "commands/trigger.h"

/* "guard" or "track", what a trigger of a source does; NULL for another trigger. */
extern const char *source_trigger_kind(const Trigger *trigger);

#endif							/* CLAIMLINE_TRIGGER_LIST_H */

/*
 * src/pg/store/guard_action.h
 *
 * What a guard does about a day that does not pass.  Called within SPI.
 */
#ifndef CLAIMLINE_GUARD_ACTION_H
#define CLAIMLINE_GUARD_ACTION_H

#include "pg/store/guard_findings.h"

/*
 * Raise the first finding that the statement, which `user` ran, is to answer for, if there is one that is not attested.  `hint`: a hint in
 * place of the line that would pass, or NULL.
 */
extern void guard_refuse(Guard *guard, const Written *written, const Key *key, Relation table, Oid user, const char *hint);

/* Forget what was noted of days; of all. */
extern void guard_clear_notes(Guard *guard, const Key *keys, int n);
extern void guard_clear_all_notes(const Guard *guard);

/* Note all findings of a day at or above the guard's severity. */
extern void guard_note_findings(Guard *guard, const Key *key);

/* Write down what the session attests of a day, which nothing is refused of. */
extern void guard_note_attested(Guard *guard, const Written *written, const Key *key, Oid user);

/* Move aside what the statement, which `user` ran, wrote until the day passes; returns how many rows. */
extern uint64 guard_quarantine(Guard *guard, Event event, const Written *written, const Key *key, Relation table, Oid user);

/* Say how many rows of how many days were moved aside. */
extern void guard_say_moved(const Guard *guard, uint64 n_rows, int n_days);

/* Is a guard moving rows of the table aside just now?  That is not judged again. */
extern bool guard_is_moving(Relation table);

#endif							/* CLAIMLINE_GUARD_ACTION_H */

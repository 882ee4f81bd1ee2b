/*
 * src/pg/store/guard_merge.h
 *
 * Rows that MERGE moves to another partition.
 */
#ifndef CLAIMLINE_GUARD_MERGE_H
#define CLAIMLINE_GUARD_MERGE_H

/* When the library is loaded. */
extern void guard_merge_init(void);

#endif							/* CLAIMLINE_GUARD_MERGE_H */

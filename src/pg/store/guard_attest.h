/*
 * src/pg/store/guard_attest.h
 *
 * Findings that the session attests: a guard accepts them, and writes that
 * down.  Called within SPI.
 */
#ifndef CLAIMLINE_GUARD_ATTEST_H
#define CLAIMLINE_GUARD_ATTEST_H

#include "pg/store/guard_findings.h"

/* Findings that were taken out of what a statement answers for, with what was said of them. */
typedef struct Attested
{
	int			n;
	Datum	   *findings;		/* claim_finding */
	Datum	   *lines;			/* claimline */
	bool	   *no_line;
	Datum	   *reasons;
	Datum	   *evidence;
	bool	   *no_evidence;
} Attested;

/* Define the setting claimline.attest. */
extern void guard_attest_init(void);

/* Does the session attest anything? */
extern bool guard_attests(void);

/*
 * Take the findings that the session attests out of those of a day.  Raises an error where `user`, who runs the statement,
 * may not attest for the source.
 */
extern void take_attested(const Guard *guard, AnsweredDay *answered, Oid user, Attested *attested);

/* Write down what was taken. */
extern void write_attested(Guard *guard, const Key *key, const Attested *attested);

#endif							/* CLAIMLINE_GUARD_ATTEST_H */

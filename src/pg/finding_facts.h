/*
 * src/pg/finding_facts.h
 *
 * The column facts of claim_finding.
 */
#ifndef CLAIMLINE_FINDING_FACTS_H
#define CLAIMLINE_FINDING_FACTS_H

#include "edits/finding.h"

/* Facts as jsonb; those of a finding must have been wanted. */
extern Datum facts_datum(const Fact *facts, int n, Arena *arena);

#endif							/* CLAIMLINE_FINDING_FACTS_H */

/*
 * src/pg/finding_facts.h
 *
 * The column facts of claim_finding.
 */
#ifndef CLAIMLINE_FINDING_FACTS_H
#define CLAIMLINE_FINDING_FACTS_H

#include "edits/finding.h"

/* The facts of a finding as jsonb; they must have been wanted. */
extern Datum facts_datum(const FindingSink *sink, const Finding *finding);

#endif							/* CLAIMLINE_FINDING_FACTS_H */

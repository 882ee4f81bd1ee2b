/*
 * src/pg/ruleset_share.h
 *
 * Compiled rulesets in files that all backends and workers map, read only: a
 * whole edition is in memory once, and a new backend has it at once.
 */
#ifndef CLAIMLINE_RULESET_SHARE_H
#define CLAIMLINE_RULESET_SHARE_H

#include "pg/compat.h"
#include "ruleset/pair_filter.h"

/* Bytes of a ruleset that is worth it. */
#define RULESET_SHARE_SIZE	(1024 * 1024)

/* Of what a ruleset is built from: the name of its file. */
#define RULESET_FILE		65
extern void ruleset_file_name(const char *built_from, size_t length, char name[RULESET_FILE]);

/*
 * The ruleset of a file, mapped until the context is deleted; NULL where there
 * is none, or where it cannot be mapped.
 */
extern Ruleset *ruleset_map(const char *name, MemoryContext context);

/* The filter of the pairs of a ruleset that is mapped, as long as it is; NULL of any other. */
extern const PairFilter *ruleset_shared_filter(const Ruleset *rules);

/* Write a ruleset to its file.  False where that fails, which a message of level DEBUG1 tells. */
extern bool ruleset_share(const char *name, const Ruleset *rules);

#endif							/* CLAIMLINE_RULESET_SHARE_H */

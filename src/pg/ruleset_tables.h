/*
 * src/pg/ruleset_tables.h
 *
 * What the tables of policies and editions say.  All is called within SPI.
 */
#ifndef CLAIMLINE_RULESET_TABLES_H
#define CLAIMLINE_RULESET_TABLES_H

#include "ncci/edition_history.h"
#include "pg/compat.h"
#include "ruleset/starter.h"

/* A published edition, without its rows. */
typedef struct EditionMeta
{
	const char *name;
	int32		from;			/* dates of service covered */
	int32		to;
	const char *ptp_over;		/* edition under its rows, or NULL */
	const char *mue_over;
	const char *addon_over;
	const char *ptp_hash;		/* NULL where it has none */
	const char *mue_hash;
	const char *addon_hash;
	bool		ptp_whole;		/* does a pair without a row have no edit? */
	bool		mue_whole;		/* does a code without a limit have none? */
	bool		retired;
} EditionMeta;

/* What a ruleset is built from. */
typedef struct RulesetSource
{
	const char *policy;
	int			n_layers;
	const char **layers;		/* settings, the root's first */
	const char *service_type;
	const EditionMeta *editions;	/* all of the service type, in order of time */
	int			n_editions;
	int			chosen;			/* of these, or -1: the built-in one */
	const StarterRuleset *starter;	/* of the service type, or NULL */
} RulesetSource;

/* The policy and what it extends, the root first; texts in the context. */
extern void read_policy_layers(RulesetSource *source, MemoryContext context);

/* All editions of the service type. */
extern void read_editions(RulesetSource *source, MemoryContext context);

/* Choose the edition asked for, or for NULL the newest; else the built-in one. */
extern void choose_edition(RulesetSource *source, const char *edition);

/* The place of an edition by its name. */
extern int	edition_index(const RulesetSource *source, const char *name);

/* The rows of one kind ("ptp", "mue", "addon") of an edition as they are stored; valid until SPI_finish. */
extern Datum stored_datum(const RulesetSource *source, int i, const char *column);

/* The pairs of an edition that is stored whole, to be read in pieces. */
extern void read_base(const RulesetSource *source, int i, Arena *arena, PairSet *set);

#endif							/* CLAIMLINE_RULESET_TABLES_H */

/*
 * src/ruleset_spec.h
 *
 * A ruleset under construction: shared by ruleset_spec.c, which takes its
 * rows, and ruleset_encode.c, which lays them out.
 */
#ifndef CLAIMLINE_RULESET_SPEC_H
#define CLAIMLINE_RULESET_SPEC_H

#include "ruleset.h"

/* A growing array in the spec's arena. */
typedef struct Rows
{
	void	   *rows;
	int			count;
	int			capacity;
} Rows;

/* Distinct texts, found again by their hash. */
typedef struct Texts
{
	Rows		list;			/* const char * */
	uint32_t   *slots;			/* number of a text, from 1; 0 where empty */
	uint32_t	n_slots;		/* a power of two, at least twice the texts */
} Texts;

typedef struct SpecCode
{
	CodeRow		row;
	bool		listed;			/* by the table codes itself */
	bool		scoped;			/* by the table scope */
} SpecCode;

typedef struct SpecPair
{
	uint32_t	column_1;
	PairRow		row;
} SpecPair;

typedef struct SpecMue
{
	uint32_t	code;
	MueRow		row;
} SpecMue;

typedef struct SpecScope
{
	uint32_t	code;
	uint8_t		scope;
} SpecScope;

struct RulesetSpec
{
	Arena	   *arena;
	/* until encoded, a TextRef is the number of a text, from 1 */
	Policy		policy;
	Edition		edition;
	unsigned	policy_set;		/* bit per setting */
	bool		from_set,
				to_set,
				scope_set;
	Texts		texts,
				rationales;
	Rows		codes,
				scopes,
				pairs,
				mue,
				modifiers,
				conflicts,
				regions,
				denials,
				specialties;
	RuleRow		rules[N_RULES];
	bool		rule_set[N_RULES];
};

/* A zeroed row at the end of a table. */
extern void *spec_add_row(RulesetSpec *spec, Rows *rows, size_t size);

/* The number, from 1, of a text. */
extern TextRef spec_intern(RulesetSpec *spec, Texts *texts, Word text);

/* Put the path (table[row].column, or table.column for row -1) before the reason.  Always false. */
extern bool spec_at_path(Fault *why, const char *table, int row, const char *column);

extern bool spec_period_in_order(int32_t from, int32_t to, Fault *why);

#endif							/* CLAIMLINE_RULESET_SPEC_H */

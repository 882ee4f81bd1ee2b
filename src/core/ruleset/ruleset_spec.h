/*
 * src/core/ruleset/ruleset_spec.h
 *
 * A ruleset under construction: shared by spec_field.c, ruleset_spec.c and
 * policy_spec.c, which take its rows and settings, ruleset_load.c and
 * ruleset_adopt.c, which take those of another ruleset, ruleset_check.c and
 * ruleset_encode.c, which lays it out.
 */
#ifndef CLAIMLINE_RULESET_SPEC_H
#define CLAIMLINE_RULESET_SPEC_H

#include "ruleset/ruleset_build.h"

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

typedef struct SpecList
{
	uint32_t	list;			/* PolicyList */
	ListRow		row;
} SpecList;

struct RulesetSpec
{
	Arena	   *arena;
	/* until encoded, a TextRef is the number of a text, from 1 */
	Policy		policy;
	Edition		edition;
	uint32_t	policy_set;		/* bit per setting */
	uint32_t	policy_seen;	/* of these, set by this layer */
	uint32_t	lists_seen;		/* bit per list begun by this layer */
	bool		from_set,
				to_set,
				scope_set;
	Texts		texts,
				rationales;
	Rows		codes,
				scopes,
				pairs,			/* SourcePair */
				mue,
				modifiers,
				conflicts,
				regions,
				denials,
				specialties,
				gaps,
				mue_whole,
				coverage,
				taxonomies,
				code_modifiers,
				additional,
				addon,
				replacements,
				lists;
	const PairSet *base_pairs;	/* in place of pairs, or NULL */
	const PairSet *over_pairs;
	bool		overlay;		/* may rows say that a pair or limit is gone? */
	RuleRow		rules[N_RULES];
	bool		rule_set[N_RULES];
	bool		reads_set[N_RULES];	/* does the text say what the rule reads? */
};

/* --- spec_field.c: a field is null where its text is NULL --- */
extern bool is_null(Word field);

/* A word out of a list: its index; words: a bit each. */
extern bool choice_field(Word field, const char *const *choices, int32_t *value, Fault *why);
extern bool words_field(Word field, const char *const *choices, uint32_t *bits, Fault *why);
extern bool code_field(Word field, uint32_t *code, Fault *why);
extern bool date_field(Word field, int32_t open, int32_t *date, Fault *why);
extern bool number_field(const char *what, Word field, int64_t low, int64_t high, int32_t *value,
						 Fault *why);

/* A number of regions, 0 for none. */
extern bool count_field(Word field, uint8_t *value, Fault *why);
extern bool modifier_field(Word field, uint16_t *modifier, Fault *why);
extern bool rule_field(Word field, int32_t *rule, Fault *why);

/* Text that fits on a line of a message. */
extern bool check_text(const char *what, Word field, Fault *why);
extern bool text_field(RulesetSpec *spec, const char *what, Word field, bool required, TextRef *text,
					   Fault *why);

/* A zeroed row at the end of a table. */
extern void *spec_add_row(RulesetSpec *spec, Rows *rows, size_t size);

/* Put rows in order. */
extern void spec_sort_rows(Rows *rows, size_t size, int (*compare) (const void *, const void *));

/* The number, from 1, of a text. */
extern TextRef spec_intern(RulesetSpec *spec, Texts *texts, Word text);

/* Put the path (table[row].column, or table.column for row -1) before the reason.  Always false. */
extern bool spec_at_path(Fault *why, const char *table, int row, const char *column);

/* --- biller_spec.c: rows from fields in column order; *column tells which one failed --- */
extern bool spec_add_specialty(RulesetSpec *spec, const Word *fields, int *column, Fault *why);
extern bool spec_add_taxonomy(RulesetSpec *spec, const Word *fields, int *column, Fault *why);
extern bool spec_add_code_modifier(RulesetSpec *spec, const Word *fields, int *column, Fault *why);

/* --- code_spec.c: the same --- */
extern bool spec_add_additional(RulesetSpec *spec, const Word *fields, int *column, Fault *why);
extern bool spec_add_addon_row(RulesetSpec *spec, const Word *fields, int *column, Fault *why);
extern bool spec_add_replacement(RulesetSpec *spec, const Word *fields, int *column, Fault *why);

/* --- settings --- */
extern bool spec_set_text(RulesetSpec *spec, const char *what, const Word *value, TextRef *text, Fault *why);
extern bool spec_set_policy(RulesetSpec *spec, Word key, const Word *value, Fault *why);

/* A policy changes how severe a rule is. */
extern void spec_change_severities(RulesetSpec *spec);

/* --- another ruleset taken apart --- */

/* All but its policy, its rules and their denial codes; with_edition: its edition too. */
extern void spec_load_tables(RulesetSpec *spec, const Ruleset *rules, bool with_edition);

/* A text of it; a row of its rules, as that of `rule`; a row of denial codes, numbered by today's list. */
extern TextRef spec_take_text(RulesetSpec *spec, const Ruleset *rules, TextRef text);
extern void spec_take_rule(RulesetSpec *spec, const Ruleset *rules, const RuleRow *row, Rule rule);
extern void spec_take_denial(RulesetSpec *spec, const Ruleset *rules, const DenialRow *row);

/* --- the whole --- */
extern bool spec_check(RulesetSpec *spec, Fault *why);

/* Sort coverage; its periods must not overlap. */
extern bool spec_check_coverage(RulesetSpec *spec, Fault *why);

/* The dates of which every part is known for every code, or some of them; the tables are sorted.  From > to for none. */
extern void spec_cover_all(const RulesetSpec *spec, int32_t *from, int32_t *to);

/* The pairs that came as rows, checked, as spec->base_pairs. */
extern bool spec_collect_pairs(RulesetSpec *spec, Fault *why);

/* The unit limits by code and date. */
extern const SpecMue *spec_sorted_mue(RulesetSpec *spec);

extern bool spec_period_in_order(int32_t from, int32_t to, Fault *why);

#endif							/* CLAIMLINE_RULESET_SPEC_H */

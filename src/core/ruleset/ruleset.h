/*
 * src/core/ruleset/ruleset.h
 *
 * The ruleset: policy, edition and reference data as one flat value.  The
 * look-ups read it where it lies.
 */
#ifndef CLAIMLINE_RULESET_H
#define CLAIMLINE_RULESET_H

#include "line/line.h"
#include "ruleset/pairs.h"
#include "ruleset/policy.h"
#include "ruleset/rule.h"

#define RULESET_VERSION		3

/* --- words of the reference data, in the order of their names in ruleset.c --- */

#define CLASS_TIMED				0x0001	/* counted in 15-minute units */
#define CLASS_SUPERVISED		0x0002	/* supervised modality */
#define CLASS_THERAPY			0x0004	/* always therapy: needs GP, GO or GN */
#define CLASS_PMR				0x0008	/* physical medicine and rehabilitation */
#define CLASS_CMT				0x0010	/* spinal manipulation, 98940-98942 */
#define CLASS_CMT_EXTRASPINAL	0x0020	/* extraspinal manipulation, 98943 */
#define CLASS_WITH_CMT			0x0040	/* bundled with CMT of the same region */
#define CLASS_EVAL				0x0080
#define CLASS_REEVAL			0x0100
#define CLASS_OMT				0x0200
#define CLASS_EM				0x0400	/* evaluation and management */
#define CLASS_PROCEDURE			0x0800	/* known, and none of the others */
/* why Medicare has a unit limit of 0; they do not say what the service is */
#define CLASS_BUNDLED			0x1000	/* paid with other services, never by itself */
#define CLASS_INVALID			0x2000	/* another code is billed for it */
#define CLASS_EXCLUDED			0x4000	/* not covered by statute */
#define CLASS_FACILITY			0x8000	/* for facilities to bill */
#define CLASS_PT_EVAL			0x10000	/* evaluation by a physical therapist */
#define CLASS_OT_EVAL			0x20000
#define CLASS_ATTENDED			0x40000	/* takes the provider, though it is not counted in time */
#define CLASS_HANDS_ON			0x80000	/* cannot be furnished from elsewhere */
#define CLASS_SHARED			0x100000	/* adds to what another provider of the same group may have billed */
#define CLASSES_UNPAID			(CLASS_BUNDLED | CLASS_INVALID | CLASS_EXCLUDED | CLASS_FACILITY)

#define KIND_BYPASS_EITHER		0x0001	/* opens a pair on either line */
#define KIND_BYPASS_COLUMN2		0x0002	/* opens a pair on the column two line */
#define KIND_BYPASS_EM			0x0004	/* opens a pair on the E/M line */
#define KIND_DISTINCT			0x0008	/* 59 and X{EPSU} */
#define KIND_SPECIFIC			0x0010	/* X{EPSU} */
#define KIND_ANATOMIC			0x0020
#define KIND_REPEAT				0x0040
#define KIND_DISCIPLINE			0x0080	/* GP, GO, GN */
#define KIND_ASSISTANT			0x0100	/* CQ, CO */
#define KIND_ACTIVE				0x0200	/* AT */
#define KIND_LIABILITY			0x0400	/* GA, GX, GY, GZ */
#define KIND_ABN				0x0800	/* GA: notice given, the patient is liable */
#define KIND_EXCLUDED			0x1000	/* GX, GY: not covered at all */
#define KIND_UNNECESSARY		0x2000	/* GZ: expected to be denied, and no notice given */
#define KIND_OTHER_PROVIDER		0x4000	/* XP */

/* What of an edition a rule reads: a bit each, and its number in coverage. */
typedef enum RulesetPart
{
	PART_PTP,					/* pairs of codes */
	PART_MUE,					/* unit limits */
	PART_ADDON,					/* add-on codes and their primaries */
	N_PARTS
} RulesetPart;

typedef enum EditionScope
{
	SCOPE_LISTED, SCOPE_ALL
} EditionScope;

/* Which pairs of a code the edition carries. */
typedef enum CodeScope
{
	PAIRS_NONE, PAIRS_SET, PAIRS_WHOLE
} CodeScope;

/* An entry of a list; what the list does not use is 0. */
typedef struct ListRow
{
	uint32_t	kind;			/* SpecialtyKind of the specialty */
	uint32_t	specialty_high;
	uint32_t	specialty_low;
	uint32_t	item_high;		/* code, diagnosis prefix, year or rule */
	uint32_t	item_low;
	uint32_t	number;
} ListRow;

typedef struct Edition
{
	TextRef		name;
	TextRef		service_type;
	int32_t		from;			/* first date of service covered */
	int32_t		to;				/* last one; between them, all but the gaps */
	int32_t		scope;			/* EditionScope */
} Edition;

typedef struct CodeRow
{
	uint32_t	code;
	uint32_t	classes;
	uint32_t	first_pair;		/* as column one */
	uint32_t	n_pairs;
	uint32_t	first_mue;
	uint16_t	n_mue;
	uint8_t		scope;			/* CodeScope */
	uint8_t		spinal_min;		/* regions of a CMT level, 0 where none apply */
	uint8_t		spinal_max;
	uint8_t		extraspinal_min;
	uint16_t	first_addon;	/* of an add-on code, its first row plus one; else 0 */
} CodeRow;

/* Dates of service, both included. */
typedef struct PeriodRow
{
	int32_t		from;
	int32_t		to;
} PeriodRow;

/*
 * Dates of service of which a part of the edition is known, where these are not
 * those of the edition: for all codes, for one, or for a pair of codes, the
 * smaller one first.  Rows of a pair come before those of its codes, and these
 * before those for all.
 */
typedef struct CoverageRow
{
	uint32_t	part;			/* RulesetPart */
	uint32_t	code;			/* 0 for all */
	uint32_t	with;			/* the other code of a pair, or 0 */
	int32_t		from;
	int32_t		to;
	TextRef		note;			/* what is known beyond the dates, or 0 */
} CoverageRow;

typedef struct MueRow
{
	uint32_t	units;			/* whole units */
	uint32_t	mai;			/* 1, 2 or 3 */
	int32_t		from;
	int32_t		to;
} MueRow;

typedef struct ModifierRow
{
	uint16_t	modifier;
	uint16_t	requires;		/* another modifier, or 0 */
	uint32_t	kinds;
	uint32_t	only_on;		/* classes, or 0 for any */
	uint32_t	not_on;
	int32_t		from;
	int32_t		requires_from;
} ModifierRow;

typedef struct ConflictRow
{
	uint16_t	a;
	uint16_t	b;
	int32_t		from;
	uint32_t	severity;
} ConflictRow;

typedef struct RegionRow
{
	uint32_t	prefix_high;	/* of the diagnosis prefix, base 37 */
	uint32_t	prefix_low;
	uint32_t	regions;
} RegionRow;

typedef struct RuleRow
{
	TextRef		family;
	TextRef		title;
	TextRef		citation;
	uint32_t	severity;
	TextRef		name;			/* 0 for a rule that the ruleset lacked where it was stored */
	uint32_t	reads;			/* bit per RulesetPart */
} RuleRow;

typedef struct DenialRow
{
	uint32_t	rule;
	TextRef		cause;			/* 0 for the rule's ordinary case */
	TextRef		carc;
	TextRef		rarc;
	int32_t		carc_from;
	int32_t		carc_to;
	int32_t		rarc_from;
	int32_t		rarc_to;
} DenialRow;

typedef struct SpecialtyRow
{
	uint32_t	kind;
	uint32_t	specialty_high;
	uint32_t	specialty_low;
	uint32_t	discipline;		/* a modifier */
} SpecialtyRow;

/* Taxonomy codes that begin alike are of a CMS specialty. */
typedef struct TaxonomyRow
{
	uint32_t	prefix_high;
	uint32_t	prefix_low;
	uint32_t	length;			/* characters of the prefix */
	uint32_t	specialty;		/* CMS code */
} TaxonomyRow;

/* A modifier that is valid on codes, whatever it means on others. */
typedef struct CodeModifierRow
{
	uint32_t	modifier;
	uint32_t	code_from;		/* both included */
	uint32_t	code_to;
} CodeModifierRow;

/* A code for each further unit of time of a service whose first unit has a code of its own. */
typedef struct AdditionalRow
{
	uint32_t	code;
	uint32_t	initial;
} AdditionalRow;

/* How far the primaries of an add-on code are known: the types of CMS's file. */
#define ADDON_LISTED		1	/* all of them are rows */
#define ADDON_CONTRACTOR	2	/* none is: the payer's contractor says which they are */
#define ADDON_PARTLY		3	/* some are, and the contractor may take others */

/* A primary of an add-on code. */
typedef struct AddonRow
{
	uint32_t	code;
	uint32_t	primary;		/* 0 where the contractor says which they are */
	uint32_t	type;			/* ADDON_... */
	int32_t		from;
	int32_t		to;
} AddonRow;

/* A code to bill in place of one that is not valid. */
typedef struct ReplacementRow
{
	uint32_t	code;
	uint32_t	replacement;
	TextRef		condition;		/* under which it is the same service */
} ReplacementRow;

typedef enum Section
{
	SECTION_CODES,				/* CodeRow, by code */
	SECTION_SLOTS,				/* uint32_t: hash of the codes, row + 1 */
	SECTION_MUE,				/* MueRow, by code, from */
	SECTION_MODIFIER_INDEX,		/* uint16_t by modifier: row + 1 */
	SECTION_MODIFIERS,			/* ModifierRow, by modifier */
	SECTION_CONFLICTS,			/* ConflictRow */
	SECTION_REGIONS,			/* RegionRow, by prefix */
	SECTION_RULES,				/* RuleRow, by Rule */
	SECTION_DENIALS,			/* DenialRow, by rule, cause, carc_from */
	SECTION_SPECIALTIES,		/* SpecialtyRow */
	SECTION_GAPS,				/* PeriodRow, by from: within the edition's dates, but not covered */
	SECTION_MUE_WHOLE,			/* PeriodRow, by from: a code without a limit has none */
	SECTION_COVERAGE,			/* CoverageRow, by code, with, part, from */
	SECTION_TAXONOMIES,			/* TaxonomyRow, by prefix */
	SECTION_CODE_MODIFIERS,		/* CodeModifierRow, by modifier, code_from */
	SECTION_ADDITIONAL,			/* AdditionalRow, by code, initial */
	SECTION_ADDON,				/* AddonRow, by code, primary, from */
	SECTION_REPLACEMENTS,		/* ReplacementRow, by code */
	SECTION_LISTS,				/* ListRow, by list, specialty, item */
	SECTION_TEXTS,				/* char: the pool */
	/* what follows is in the hash by pairs_sum alone */
	SECTION_RATIONALES,			/* TextRef: into the next section */
	SECTION_RATIONALE_TEXTS,	/* char */
	SECTION_PAIRS,				/* PairRow, by column one, column two, from */
	N_SECTIONS
} Section;

/* A claim_ruleset datum. */
typedef struct Ruleset
{
	int32_t		vl_len_;		/* varlena header (do not touch directly!) */
	uint8_t		hash[16];		/* of the content behind this field */
	uint32_t	version;		/* RULESET_VERSION */
	uint32_t	size;			/* bytes, the varlena header included */
	uint32_t	rule_list;		/* RULE_LIST_HASH: the list by which its rules are numbered */
	uint32_t	pairs_sum[4];	/* PairSum, as the alignment is 4 */
	int32_t		all_from;		/* dates of which pairs and unit limits are known for every code, or some of them */
	int32_t		all_to;
	uint32_t	modifier_codes_from;	/* no other codes have modifiers of their own */
	uint32_t	modifier_codes_to;
	Policy		policy;
	Edition		edition;
	struct
	{
		uint32_t	offset;
		uint32_t	count;
	}			sections[N_SECTIONS];
} Ruleset;

#define FIRST_UNHASHED		SECTION_RATIONALES
#define MODIFIER_VALUES		(36 * 36)
#define MAX_DISCIPLINES		3	/* modifiers of KIND_DISCIPLINE */

static inline const void *
ruleset_rows(const Ruleset *rules, Section section)
{
	return (const char *) rules + rules->sections[section].offset;
}

static inline uint32_t
ruleset_count(const Ruleset *rules, Section section)
{
	return rules->sections[section].count;
}

/* Where the search for a code starts among n_slots, a power of two. */
static inline uint32_t
ruleset_slot(uint32_t code, uint32_t n_slots)
{
	return (code * UINT32_C(2654435769)) >> 7 & (n_slots - 1);
}

/* NULL for none */
static inline const char *
ruleset_text(const Ruleset *rules, TextRef text)
{
	return text == 0 ? NULL : (const char *) rules + text;
}

/* Names, for text forms and messages; each list ends with NULL. */
extern const char *const class_names[];
extern const char *const kind_names[];
extern const char *const part_names[];
extern const char *const edition_scopes[];
extern const char *const code_scopes[];

/* --- look-ups --- */

/* NULL where the ruleset does not know the code */
extern const CodeRow *ruleset_code(const Ruleset *rules, uint32_t code);

/* NULL where there is no such modifier */
static inline const ModifierRow *
ruleset_modifier(const Ruleset *rules, uint16_t modifier)
{
	const ModifierRow *modifiers = (const ModifierRow *) ruleset_rows(rules, SECTION_MODIFIERS);
	const uint16_t *row = (const uint16_t *) ruleset_rows(rules, SECTION_MODIFIER_INDEX);

	return row[modifier] == 0 ? NULL : &modifiers[row[modifier] - 1];
}

/* KIND_... of a modifier; 0 where there is no such modifier */
extern uint32_t ruleset_kinds(const Ruleset *rules, uint16_t modifier);

/* The first modifier of a kind; 0 where there is none */
extern uint16_t ruleset_modifier_of_kind(const Ruleset *rules, uint32_t kind);

/* What says that two modifiers exclude each other on the date; NULL if nothing does. */
extern const ConflictRow *ruleset_conflict(const Ruleset *rules, uint16_t a, uint16_t b, int32_t dos);

/* Is the modifier valid on the date?  Without a date: was it ever? */
static inline bool
modifier_valid(const ModifierRow *modifier, int32_t dos)
{
	return modifier != NULL && (dos == CLAIMLINE_NO_DOS || modifier->from <= dos);
}

/* Is the modifier one of those of the code, as origin and destination are of an ambulance service? */
extern bool ruleset_modifier_of_code(const Ruleset *rules, uint32_t code, uint16_t modifier);

/*
 * Does the edition cover everything that is asked of every line on the date of service, pairs and unit limits, for
 * certain?  Not without a date.
 */
static inline bool
ruleset_covers_all(const Ruleset *rules, int32_t dos)
{
	return dos != CLAIMLINE_NO_DOS && rules->all_from <= dos && dos <= rules->all_to;
}

/* Does a part of it, for a code, or for a pair of codes?  Codes 0 stand for any. */
extern bool ruleset_part_covers(const Ruleset *rules, RulesetPart part, uint32_t code, uint32_t with, int32_t dos);

/* Dates that a part covers, and what is known beyond them: a row of coverage of the codes. */
typedef struct Coverage
{
	int32_t		from;			/* first date covered; above `to` where none is */
	int32_t		to;				/* last one */
	PeriodRow	gap;			/* around the date that was asked for, where it lies between; from > to for none */
	const char *note;			/* what is known of a later date that was asked for; NULL for none */
} Coverage;

extern Coverage ruleset_coverage_of(const Ruleset *rules, RulesetPart part, uint32_t code, uint32_t with, int32_t dos);

/* Does the edition carry everything on this pair of codes? */
extern bool ruleset_decides(const Ruleset *rules, const CodeRow *a, const CodeRow *b);

/*
 * The first of the rows of column_1/column_2, NULL for none, and the one of them
 * in force on the date: indicator 0 or 1, from and to included; NULL if none.
 * Without a date: the last row that was ever in force.
 */
extern const PairRow *ruleset_pair_rows(const Ruleset *rules, const CodeRow *column_1, uint32_t column_2);
extern const PairRow *ruleset_pair_on(const Ruleset *rules, const CodeRow *column_1, const PairRow *row, int32_t dos);

/* The code for what goes beyond the first unit of `initial`, the smallest; 0 where there is none. */
extern uint32_t ruleset_additional(const Ruleset *rules, uint32_t initial);

/* Is it one of two codes of a service: for the first unit, or for further ones? */
extern bool ruleset_in_two_codes(const Ruleset *rules, uint32_t code);

/* Is the code for what goes beyond the first unit of `initial`? */
extern bool ruleset_adds_to(const Ruleset *rules, uint32_t code, uint32_t initial);

/* The rows of an add-on code, one behind the other; NULL where the code is none. */
extern const AddonRow *ruleset_addons(const Ruleset *rules, const CodeRow *code, uint32_t *n);

/* What is billed in place of the code; NULL for nothing. */
extern const ReplacementRow *ruleset_replacement(const Ruleset *rules, uint32_t code);

/* Is it known that the code has no unit limit on the date, where it has no row? */
extern bool ruleset_mue_whole(const Ruleset *rules, int32_t dos);

/* The unit limit on the date (the last one without a date); NULL if none. */
extern const MueRow *ruleset_mue(const Ruleset *rules, const CodeRow *code, int32_t dos);

/* --- lists of the policy --- */
extern const ListRow *policy_list(const Ruleset *rules, PolicyList list, uint32_t *n);

static inline bool
policy_list_empty(const Ruleset *rules, PolicyList list)
{
	return rules->policy.lists[list].count == 0;
}

/* Is a code on the list?  For {code: number}, what number? */
extern bool policy_has_item(const Ruleset *rules, PolicyList list, uint64_t item);
extern bool policy_number(const Ruleset *rules, PolicyList list, uint64_t item, uint32_t *number);

/*
 * Is the line's specialty on the list, with the item?  Not if it states none.
 * A taxonomy code is on the list by itself, and by the CMS specialty that it is of.
 */
extern bool policy_has_specialty(const Ruleset *rules, PolicyList list, const Line *line);
extern bool policy_row_is_of(const Ruleset *rules, const ListRow *row, const Line *line);
extern bool policy_has_specialty_item(const Ruleset *rules, PolicyList list, const Line *line,
									  uint64_t item);

/* Is the diagnosis under one of the prefixes on the list? */
extern bool policy_has_dx(const Ruleset *rules, PolicyList list, uint64_t dx);

/* Regions of a diagnosis by the longest known prefix; 0 if not determinable. */
extern uint16_t ruleset_dx_regions(const Ruleset *rules, uint64_t dx);

/* Regions of a line: as stated, else of its diagnoses; 0 if not determinable. */
extern uint16_t ruleset_line_regions(const Ruleset *rules, const Line *line);

/*
 * The regions that are certain: as stated, or of diagnoses with one region.  One of a
 * junction, such as lumbosacral, names several, of which one alone may have been treated.
 */
extern uint16_t ruleset_certain_regions(const Ruleset *rules, const Line *line);

/* The fewest regions of a kind (a set of regions) that fit the line's diagnoses. */
extern int	ruleset_fewest_regions(const Ruleset *rules, const Line *line, uint16_t kind);

/* May there be more?  Where they are of the first diagnosis that the line points to. */
static inline bool
line_regions_open(const Line *line)
{
	return line_stated_regions(line) == 0 && line_dx_of(line) == DX_OF_FIRST;
}

/* GP, GO or GN by the specialty, of a taxonomy code by itself or by its CMS specialty; 0 if it does not say. */
extern uint16_t ruleset_discipline(const Ruleset *rules, SpecialtyKind kind, uint64_t specialty);

/* Denial codes of a rule, for a cause or NULL, in force on the date. */
extern void ruleset_denial(const Ruleset *rules, Rule rule, const char *cause, int32_t dos,
						   const char **carc, const char **rarc);

/* The pairs of a ruleset as a set; its codes and rationales are in the arena. */
extern void ruleset_pair_set(const Ruleset *rules, Arena *arena, PairSet *set);

#endif							/* CLAIMLINE_RULESET_H */

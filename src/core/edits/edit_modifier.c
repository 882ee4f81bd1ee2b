/*
 * src/core/edits/edit_modifier.c
 *
 * Modifiers: valid on the date, allowed on the code, complete, in the right
 * place, without contradiction; and 59 or X{EPSU} where they say something.
 * NCCI Policy Manual ch. I (I-13..I-20); CMS CR 10176.
 */
#include "edits/edits.h"

#include "edits/facts.h"
#include "edits/suggest.h"

static const char *
shown(uint16_t modifier, char text[MODIFIER_TEXT])
{
	return modifier_to_text(modifier, text);
}

static void
change_by(Finding *finding, ChangeKind kind, uint16_t old, uint16_t modifier)
{
	finding->change.kind = kind;
	finding->change.old = old;
	finding->change.modifier = modifier;
}

static bool
is_position_rule(const Ruleset *rules, const ModifierRow *row, const Line *line, int at)
{
	if (at >= rules->policy.modifier_positions)
		return true;
	return row != NULL && (row->kinds & KIND_DISCIPLINE) &&
		at >= rules->policy.therapy_modifier_positions &&
		applies_from(rules->policy.therapy_modifier_from, line->dos);
}

/* One modifier by itself and against the code; false if it repeats an earlier one. */
static bool
judge_modifier(const Day *day, const Ruleset *rules, FindingSink *sink, int i, int at)
{
	const DayLine *on = &day->lines[i];
	const Line *line = on->line;
	uint16_t	value = line_modifier_at(line, at);
	const ModifierRow *row = ruleset_modifier(rules, value);
	char		text[MODIFIER_TEXT],
				other[MODIFIER_TEXT],
				code[CODE_TEXT],
				date[DATE_TEXT];
	Finding    *finding;
	int			earlier;

	for (earlier = 0; earlier < at; earlier++)
		if (line_modifier_at(line, earlier) == value)
		{
			finding = finding_add(sink, RULE_MOD_REPEATED, i, -1);
			if (finding != NULL)
			{
				finding_say(sink, finding, "modifier %s is on the line twice, in positions %d and %d",
							shown(value, text), earlier + 1, at + 1);
				FINDING_FACTS(sink, finding, FACT(MODIFIER, value), FACT(FIRST_POSITION, earlier + 1), FACT(POSITION, at + 1));
				change_by(finding, CHANGE_DROP, value, 0);
			}
			return false;
		}

	/* what it means on other codes is nothing here */
	if (ruleset_modifier_of_code(rules, line->code, value))
		row = NULL;
	else if (!modifier_valid(row, line->dos))
	{
		finding = finding_add(sink, RULE_MOD_UNKNOWN, i, -1);
		if (finding != NULL && row == NULL)
			finding_say(sink, finding, "%s is not a CPT or HCPCS modifier", shown(value, text));
		else if (finding != NULL)
			finding_say(sink, finding, "modifier %s exists from %s only", shown(value, text), date_to_text(row->from, date));
		if (finding != NULL)
			FINDING_FACTS(sink, finding, FACT(MODIFIER, value), FACT(EXISTS_FROM, row == NULL ? FACT_NONE : row->from));
	}
	else
	{
		if ((row->only_on != 0 && is_classified(on) && !(on->classes & row->only_on)) ||
			(on->classes & row->not_on))
		{
			finding = finding_add(sink, RULE_MOD_NOT_ALLOWED, i, -1);
			if (finding != NULL)
			{
				code_to_text(line->code, code);
				finding_say(sink, finding, "modifier %s does not go with %s", shown(value, text), code);
				FINDING_FACTS(sink, finding, FACT(MODIFIER, value), FACT(CODE, line->code));
				change_by(finding, CHANGE_DROP, value, 0);
				/* an evaluation belongs to one discipline */
				if ((row->kinds & KIND_DISCIPLINE) && discipline_of_classes(rules, on->classes) != 0)
				{
					change_by(finding, CHANGE_REPLACE, value, discipline_of_classes(rules, on->classes));
					finding->condition = arena_printf(sink->arena,
													  "the service was furnished under a plan of care of discipline %s",
													  shown(finding->change.modifier, other));
				}
				/* where a pair needs one, an E/M service takes 25 */
				if ((on->classes & CLASS_EM) && (row->kinds & KIND_DISTINCT))
				{
					finding->otherwise.kind = CHANGE_REPLACE;
					finding->otherwise.old = value;
					finding->otherwise.modifier = ruleset_modifier_of_kind(rules, KIND_BYPASS_EM);
					finding->otherwise_condition = arena_printf(sink->arena,
																"the record shows that %s was significant and separately identifiable from the other services",
																code);
				}
			}
		}
		if (row->requires != 0 && applies_from(row->requires_from, line->dos) &&
			!line_has_modifier(line, row->requires))
		{
			finding = finding_add(sink, RULE_MOD_REQUIRES, i, -1);
			if (finding != NULL)
			{
				finding_say(sink, finding, "modifier %s needs modifier %s beside it", shown(value, text),
							shown(row->requires, other));
				FINDING_FACTS(sink, finding, FACT(MODIFIER, value), FACT(WANTED, row->requires));
				if (on->classes & CLASS_THERAPY)
				{
					change_by(finding, CHANGE_ADD, 0, row->requires);
					finding->condition = arena_printf(sink->arena,
													  "the service was furnished under a plan of care of discipline %s",
													  other);
				}
			}
		}
	}

	if (is_position_rule(rules, row, line, at))
	{
		bool		beyond = at >= rules->policy.modifier_positions;

		finding = finding_add(sink, RULE_MOD_POSITION, i, -1);
		if (finding == NULL)
			return true;
		finding_say(sink, finding, "modifier %s is in position %d, %s the first %d", shown(value, text), at + 1,
					beyond ? "a line is read up to" : "it must be among",
					beyond ? rules->policy.modifier_positions : rules->policy.therapy_modifier_positions);
		FINDING_FACTS(sink, finding, FACT(MODIFIER, value), FACT(POSITION, at + 1),
					  FACT(LIMIT, beyond ? rules->policy.modifier_positions : rules->policy.therapy_modifier_positions),
					  FACT_TEXT(KEY, beyond ? "modifier_positions" : "therapy_modifier_positions"));
		if (!beyond)
			change_by(finding, CHANGE_MOVE, value, 0);
	}
	return true;
}

/* Two modifiers of a line that exclude each other. */
static void
judge_conflict(const Ruleset *rules, FindingSink *sink, int i, const Line *line, uint16_t a, uint16_t b)
{
	const ConflictRow *row = ruleset_conflict(rules, a, b, line->dos);
	Finding    *finding;
	char		text_a[MODIFIER_TEXT],
				text_b[MODIFIER_TEXT];

	if (row == NULL ||
		(finding = finding_add_as(sink, RULE_MOD_CONFLICT, (Severity) row->severity, NULL, i, -1)) == NULL)
		return;
	finding_say(sink, finding, "modifiers %s and %s exclude each other", shown(row->a, text_a), shown(row->b, text_b));
	FINDING_FACTS(sink, finding, FACT(MODIFIER, row->a), FACT(OTHER_MODIFIER, row->b));
	/* the specific one says all that 59 says */
	if ((ruleset_kinds(rules, row->b) & KIND_SPECIFIC) &&
		(ruleset_kinds(rules, row->a) & (KIND_DISTINCT | KIND_SPECIFIC)) == KIND_DISTINCT)
		change_by(finding, CHANGE_DROP, row->a, 0);
}

/* GP, GO or GN on therapy; AT on manipulation. */
static void
judge_missing(const Day *day, const Ruleset *rules, FindingSink *sink, int i)
{
	const DayLine *on = &day->lines[i];
	const Line *line = on->line;
	char		code[CODE_TEXT],
				text[MODIFIER_TEXT];
	Finding    *finding;

	if ((on->classes & CLASS_THERAPY) && !(on->kinds & KIND_DISCIPLINE) &&
		applies_from(rules->policy.therapy_modifier_from, line->dos))
	{
		finding = finding_add(sink, RULE_MOD_MISSING, i, -1);
		if (finding != NULL)
		{
			uint16_t	discipline = discipline_of_classes(rules, on->classes);

			finding_say(sink, finding, "%s is always therapy: it needs modifier %s", code_to_text(line->code, code),
						discipline == 0 ? "GP, GO or GN" : shown(discipline, text));
			FINDING_FACTS(sink, finding, FACT(CODE, line->code), FACT_TEXT(KEY, "therapy_modifier_from"), FACT(WANTED, discipline));
			if (discipline == 0)
				FINDING_FACTS(sink, finding, FACT_TEXT(WANTED, "GP"), FACT_TEXT(WANTED, "GO"), FACT_TEXT(WANTED, "GN"));
			suggest_discipline(day, rules, i, &finding->change, &finding->condition);
		}
	}
	if (lacks_active(rules, on))
	{
		bool		excluded = (on->kinds & KIND_EXCLUDED) != 0;
		bool		abn = (on->kinds & KIND_ABN) != 0;

		finding = finding_add_as(sink, RULE_MOD_MISSING,
								 denial_wanted(rules, on) ? SEVERITY_INFO : rule_severity(rules, RULE_MOD_MISSING),
								 excluded ? "AT-GY" : abn ? "AT-GA" : "AT", i, -1);
		if (finding == NULL)
			return;
		finding_say(sink, finding, "%s without modifier AT is maintenance care%s",
					code_to_text(line->code, code),
					excluded ? ", billed as not covered: the patient is liable"
					: abn ? ", billed with an advance notice: the patient is liable" : "");
		FINDING_FACTS(sink, finding, FACT(CODE, line->code), FACT(WANTED, ruleset_modifier_of_kind(rules, KIND_ACTIVE)));
		/* GA, GX, GY and GZ say that it is meant so */
		if (!(on->kinds & KIND_LIABILITY))
		{
			change_by(finding, CHANGE_ADD, 0, ruleset_modifier_of_kind(rules, KIND_ACTIVE));
			finding->condition = "the record shows active or corrective treatment, not maintenance";
		}
	}
}

/*
 * Does the line's modifier matter to a pair in force with another line that
 * meets it so?  Returns the other line, or -1; says which of the two is column one.
 */
static int
opened_pair_of(const Day *day, const FindingSink *sink, int i, int first, int end, Meeting meeting, bool *is_column_1)
{
	const Ruleset *rules = sink->rules;
	const DayLine *line = &day->lines[i];
	DayLine		plain;
	const PairRow *pair;
	int			j;

	for (j = first; j < end; j++)
	{
		int32_t		date;

		plain = day->lines[j];
		if (plain.line->code == line->line->code || plain.denial != DENIAL_NONE || lines_meet(day, i, j) != meeting)
			continue;
		plain.kinds = 0;
		date = common_date(day, i, j);
		if (plain.code != NULL && plain.code->n_pairs > 0 &&
			(pair = pair_memo_row(sink->pairs, rules, plain.code, plain.line->code, line->code, line->line->code, date)) != NULL &&
			pair_opened(rules, pair, &plain, line))
		{
			*is_column_1 = false;
			return j;
		}
		if (line->code != NULL && line->code->n_pairs > 0 &&
			(pair = pair_memo_row(sink->pairs, rules, line->code, line->line->code, plain.code, plain.line->code, date)) != NULL &&
			pair_opened(rules, pair, line, &plain))
		{
			*is_column_1 = true;
			return j;
		}
	}
	return -1;
}

/* The same of a line of its date, else of one that may be. */
static int
opened_pair(const Day *day, const FindingSink *sink, int i, int first, int end, bool *is_column_1)
{
	Meeting		meeting;
	int			other = -1;

	for (meeting = MEET_SURELY; meeting >= least_meeting(day) && other < 0; meeting--)
		other = opened_pair_of(day, sink, i, first, end, meeting, is_column_1);
	return other;
}

/* Another line of the code on its date, else one that may be of it, or -1. */
static int
find_same(const Day *day, int i, int first, int end)
{
	Meeting		meeting;
	int			j;

	if (!day->has_spans)
		return next_of_code(day, i) >= 0 ? i + 1 : i > first && day->lines[i - 1].line->code == day->lines[i].line->code ? i - 1 : -1;
	for (meeting = MEET_SURELY; meeting >= least_meeting(day); meeting--)
		for (j = first; j < end; j++)
			if (j != i && day->lines[j].line->code == day->lines[i].line->code && lines_meet(day, i, j) == meeting)
				return j;
	return -1;
}

/* Is everything known that the line's pairs depend on? */
static bool
pairs_decided(const Day *day, const Ruleset *rules, int i, int first, int end)
{
	int			j;

	if (day->lines[i].line->dos == CLAIMLINE_NO_DOS || has_undated_lines(day))
		return false;
	for (j = first; j < end; j++)
		if (day->lines[j].line->code != day->lines[i].line->code && lines_meet(day, i, j) != MEET_NEVER &&
			(!ruleset_decides(rules, day->lines[i].code, day->lines[j].code) || !pair_covered(rules, day, i, j)))
			return false;
	return true;
}

/* XP that opens a pair of the day: its lines are all of one provider. */
static void
judge_other_provider(const Day *day, const Ruleset *rules, FindingSink *sink, int i, int other, bool is_column_1)
{
	const DayLine *on = &day->lines[i];
	uint16_t	value = line_modifier_of_kind(rules, on->line, KIND_OTHER_PROVIDER);
	Change		change;
	const char *condition;
	Finding    *finding;
	char		text[MODIFIER_TEXT],
				code[CODE_TEXT];

	if (value == 0 ||
		(finding = finding_add_as(sink, RULE_MOD_NOT_ALLOWED, SEVERITY_REVIEW, NULL, i, other)) == NULL)
		return;
	finding_say(sink, finding, "modifier %s says that another provider furnished %s, and %s is of the same provider",
				shown(value, text), code_to_text(on->line->code, code), line_label(sink, other));
	FINDING_FACTS(sink, finding, FACT(MODIFIER, value), FACT(CODE, on->line->code), FACT(WITH_CODE, day->lines[other].line->code));
	if (suggest_distinct(day, rules, sink->arena, is_column_1 ? i : other, is_column_1 ? other : i,
						 &change, &condition) == GROUND_NONE)
		return;
	change_by(finding, CHANGE_REPLACE, value, change.modifier);
	finding->condition = condition;
}

/* 59 that opens a pair where X{EPSU} would say more. */
static void
judge_preferred(const Day *day, const Ruleset *rules, FindingSink *sink, int i, int other, bool is_column_1)
{
	const DayLine *on = &day->lines[i];
	uint16_t	value = line_modifier_of_kind(rules, on->line, KIND_DISTINCT);
	Change		change;
	const char *condition;
	Finding    *finding;
	char		text[MODIFIER_TEXT],
				better[MODIFIER_TEXT],
				code[CODE_TEXT];

	if (value == 0 || (on->classes & CLASS_EM) ||
		line_modifier_of_kind(rules, on->line, KIND_SPECIFIC) != 0 ||
		suggest_distinct(day, rules, sink->arena, is_column_1 ? i : other, is_column_1 ? other : i,
						 &change, &condition) != GROUND_CLAIM ||
		!(ruleset_kinds(rules, change.modifier) & KIND_SPECIFIC))
		return;
	finding = finding_add(sink, RULE_MOD_PREFER, i, other);
	if (finding == NULL)
		return;
	finding_say(sink, finding, "modifier %s says why %s is distinct from %s better than %s",
				shown(change.modifier, better), code_to_text(on->line->code, code),
				line_label(sink, other), shown(value, text));
	FINDING_FACTS(sink, finding, FACT(MODIFIER, value), FACT(WANTED, change.modifier), FACT(CODE, on->line->code), FACT(WITH_CODE, day->lines[other].line->code));
	change_by(finding, CHANGE_REPLACE, value, change.modifier);
	finding->condition = condition;
}

/* 59 or X{EPSU} that only tells one line of a code from another. */
static void
judge_repeat(const Day *day, const Ruleset *rules, FindingSink *sink, int i, int same, uint16_t value)
{
	bool		timed = (day->lines[i].classes & CLASS_TIMED) != 0;
	Finding    *finding = finding_add(sink, RULE_MOD_REPEAT_SERVICE, i, same);
	char		text[MODIFIER_TEXT],
				code[CODE_TEXT];

	if (finding == NULL)
		return;
	finding_say(sink, finding, "modifier %s does not make a repeat of %s distinct: %s (also on %s)",
				shown(value, text), code_to_text(day->lines[i].line->code, code),
				timed ? "a timed code goes on one line" : "a repeat takes 76", line_label(sink, same));
	FINDING_FACTS(sink, finding, FACT(MODIFIER, value), FACT(CODE, day->lines[i].line->code), FACT(WITH_CODE, day->lines[same].line->code),
				  FACT(WANTED, timed ? 0 : ruleset_modifier_of_kind(rules, KIND_REPEAT)));
	if (!timed)
	{
		change_by(finding, CHANGE_REPLACE, value, ruleset_modifier_of_kind(rules, KIND_REPEAT));
		finding->condition = "the record shows that the service was repeated on that day";
	}
}

/* 59, X{EPSU} and anatomic modifiers: needed, the best one, or for a repeat? */
static void
judge_distinct(const Day *day, const Ruleset *rules, FindingSink *sink, int i, int first, int end)
{
	const DayLine *on = &day->lines[i];
	bool		is_column_1 = false;
	int			other = opened_pair(day, sink, i, first, end, &is_column_1);
	int			same = find_same(day, i, first, end);
	bool		wanted = rules->policy.cmt_extraspinal_modifier && (on->classes & CLASS_WITH_CMT);
	int			m;

	if (other >= 0)
	{
		judge_other_provider(day, rules, sink, i, other, is_column_1);
		judge_preferred(day, rules, sink, i, other, is_column_1);
		return;
	}
	for (m = 0; m < line_n_modifiers(on->line); m++)
	{
		uint16_t	value = line_modifier_at(on->line, m);
		const ModifierRow *row = ruleset_modifier(rules, value);
		Finding    *finding;
		char		text[MODIFIER_TEXT],
					code[CODE_TEXT];

		if (!modifier_valid(row, on->line->dos))
			continue;
		if ((row->kinds & KIND_DISTINCT) && same >= 0)
			judge_repeat(day, rules, sink, i, same, value);
		else if (((row->kinds & KIND_DISTINCT) ||
				  ((row->kinds & KIND_ANATOMIC) && (on->classes & (CLASS_PMR | CLASS_CMT)))) &&
				 !wanted && pairs_decided(day, rules, i, first, end) &&
				 (finding = finding_add(sink, RULE_MOD_UNNEEDED, i, -1)) != NULL)
		{
			finding_say(sink, finding, "modifier %s on %s opens no pair with another line of the day",
						shown(value, text), code_to_text(on->line->code, code));
			FINDING_FACTS(sink, finding, FACT(MODIFIER, value), FACT(CODE, on->line->code));
			change_by(finding, CHANGE_DROP, value, 0);
		}
	}
}

/* The modifiers of a line by themselves, against each other and against the code: nothing that another line could change. */
static void
judge_modifiers(const Day *day, const Ruleset *rules, FindingSink *sink, int i)
{
	const Line *line = day->lines[i].line;
	int			n_asked = sink->n_asked;
	LineFacts	key,
			   *facts;
	int			a,
				b;

	for (a = 0; a < line_n_modifiers(line); a++)
	{
		if (!judge_modifier(day, rules, sink, i, a))
			continue;
		for (b = 0; b < a; b++)
			judge_conflict(rules, sink, i, line, line_modifier_at(line, b), line_modifier_at(line, a));
	}
	judge_missing(day, rules, sink, i);
	if (sink->n_asked == n_asked && sink->facts != NULL && (facts = fact_memo_place(sink->facts, line, &key)) != NULL &&
		same_facts(facts, &key))
		facts->plain = true;
}

void
edit_modifier(const Day *day, const Ruleset *rules, FindingSink *sink)
{
	int			first,
				end,
				i;

	for (first = 0; first < day->n_valid; first = end)
	{
		end = group_end(day, first);
		for (i = first; i < end; i++)
		{
			sink_pause(sink);
			if (!day->lines[i].plain)
				judge_modifiers(day, rules, sink, i);
			if ((day->lines[i].kinds & (KIND_DISTINCT | KIND_ANATOMIC)) && day->lines[i].denial == DENIAL_NONE)
				judge_distinct(day, rules, sink, i, first, end);
		}
	}
}

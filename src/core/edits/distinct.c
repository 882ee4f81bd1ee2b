/*
 * src/core/edits/distinct.c
 *
 * 59, X{EPSU} and anatomic modifiers: needed, the best one, or for a repeat?
 * NCCI Policy Manual ch. I (I-17..I-20).
 */
#include "edits/distinct.h"

#include "edits/facts.h"
#include "edits/suggest.h"

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
				modifier_to_text(value, text), code_to_text(on->line->code, code), line_label(sink, other));
	FINDING_FACTS(sink, finding, FACT(MODIFIER, value), FACT(CODE, on->line->code), FACT(WITH_CODE, day->lines[other].line->code));
	if (suggest_distinct(day, rules, sink->arena, is_column_1 ? i : other, is_column_1 ? other : i,
						 &change, &condition) == GROUND_NONE)
		return;
	finding_change(finding, CHANGE_REPLACE, value, change.modifier);
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
				modifier_to_text(change.modifier, better), code_to_text(on->line->code, code),
				line_label(sink, other), modifier_to_text(value, text));
	FINDING_FACTS(sink, finding, FACT(MODIFIER, value), FACT(WANTED, change.modifier), FACT(CODE, on->line->code), FACT(WITH_CODE, day->lines[other].line->code));
	finding_change(finding, CHANGE_REPLACE, value, change.modifier);
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
				modifier_to_text(value, text), code_to_text(day->lines[i].line->code, code),
				timed ? "a timed code goes on one line" : "a repeat takes 76", line_label(sink, same));
	FINDING_FACTS(sink, finding, FACT(MODIFIER, value), FACT(CODE, day->lines[i].line->code), FACT(WITH_CODE, day->lines[same].line->code),
				  FACT(WANTED, timed ? 0 : ruleset_modifier_of_kind(rules, KIND_REPEAT)));
	if (!timed)
	{
		finding_change(finding, CHANGE_REPLACE, value, ruleset_modifier_of_kind(rules, KIND_REPEAT));
		finding->condition = "the record shows that the service was repeated on that day";
	}
}

/* What is to be said of 59, X{EPSU} and anatomic modifiers, where nothing is wrong. */
static void
note_distinct(FindingSink *sink, int i, int other, int same, bool wanted)
{
	uint32_t	code = other < 0 ? 0 : sink->day->lines[other].line->code;

	if (other >= 0)
	{
		NOTE_FACTS(sink, MOD_UNNEEDED, i, OPENS_PAIR, FACT(WITH_CODE, code));
		NOTE_FACTS(sink, MOD_PREFER, i, SAYS_ENOUGH, FACT(WITH_CODE, code));
		NOTE_FACTS(sink, MOD_REPEAT_SERVICE, i, OPENS_PAIR, FACT(WITH_CODE, code));
		return;
	}
	NOTE(sink, MOD_PREFER, i, OPENS_NO_PAIR);
	if (same < 0)
		NOTE(sink, MOD_REPEAT_SERVICE, i, ONLY_LINE);
	else if (sink->day->lines[i].kinds & KIND_DISTINCT)
		NOTE(sink, MOD_UNNEEDED, i, TELLS_REPEAT);
	if (wanted)
		NOTE_FACTS(sink, MOD_UNNEEDED, i, POLICY_WANTS, FACT_TEXT(KEY, "cmt_extraspinal_modifier"));
}

static bool
is_decided(const Day *day, FindingSink *sink, int i, int first, int end)
{
	if (pairs_decided(day, sink->rules, i, first, end))
		return true;
	NOTE(sink, MOD_UNNEEDED, i, PAIRS_UNDECIDED);
	return false;
}

void
judge_distinct(const Day *day, const Ruleset *rules, FindingSink *sink, int i, int first, int end)
{
	const DayLine *on = &day->lines[i];
	bool		is_column_1 = false;
	int			other = opened_pair(day, sink, i, first, end, &is_column_1);
	int			same = find_same(day, i, first, end);
	bool		wanted = rules->policy.cmt_extraspinal_modifier && (on->classes & CLASS_WITH_CMT);
	int			m;

	if (sink->notes != NULL)
		note_distinct(sink, i, other, same, wanted);
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
				 !wanted && is_decided(day, sink, i, first, end) &&
				 (finding = finding_add(sink, RULE_MOD_UNNEEDED, i, -1)) != NULL)
		{
			finding_say(sink, finding, "modifier %s on %s opens no pair with another line of the day",
						modifier_to_text(value, text), code_to_text(on->line->code, code));
			FINDING_FACTS(sink, finding, FACT(MODIFIER, value), FACT(CODE, on->line->code));
			finding_change(finding, CHANGE_DROP, value, 0);
		}
	}
}

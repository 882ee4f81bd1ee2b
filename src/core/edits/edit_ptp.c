/*
 * src/core/edits/edit_ptp.c
 *
 * NCCI procedure-to-procedure edits: a pair of codes in force on the date of
 * service, and whether a modifier opens it.  NCCI Policy Manual ch. I.
 */
#include "edits/edits.h"

#include "edits/facts.h"
#include "edits/suggest.h"

/* The period of a row, in words. */
static const char *
period_text(FindingSink *sink, const PairRow *pair)
{
	char		from[DATE_TEXT],
				to[DATE_TEXT];

	return arena_printf(sink->arena, "effective %s, %s%s",
						pair_from(pair) == DATE_BEGIN ? "at an unknown date" : date_to_text(pair_from(pair), from),
						pair_to(pair) == DATE_END ? "not deleted" : "deleted ",
						pair_to(pair) == DATE_END ? "" : date_to_text(pair_to(pair), to));
}

static void
say_pair(FindingSink *sink, Finding *finding, const PairRow *pair)
{
	const Day  *day = sink->day;
	const DayLine *column_1 = &day->lines[finding->with];
	const DayLine *column_2 = &day->lines[finding->line];
	const TextRef *rationales = ruleset_rows(sink->rules, SECTION_RATIONALES);
	const char *rationale = pair_rationale(pair) == 0 ? "no rationale given"
		: ruleset_text(sink->rules, rationales[pair_rationale(pair) - 1]);
	const char *period = period_text(sink, pair);
	char		code_1[CODE_TEXT],
				code_2[CODE_TEXT],
				modifier[MODIFIER_TEXT];

	code_to_text(column_1->line->code, code_1);
	code_to_text(column_2->line->code, code_2);
	FINDING_FACTS(sink, finding, FACT(COLUMN_1, column_1->line->code), FACT(COLUMN_2, column_2->line->code), FACT(INDICATOR, pair_indicator(pair)),
				  FACT_TEXT(RATIONALE, pair_rationale(pair) == 0 ? NULL : rationale), FACT(EFFECTIVE, pair_from(pair)), FACT(DELETED, pair_to(pair)));
	if (finding->rule == RULE_PTP_BYPASSED)
	{
		uint32_t	kinds = KIND_BYPASS_EITHER | KIND_BYPASS_COLUMN2 | KIND_BYPASS_EM;
		uint16_t	opens = line_modifier_of_kind(sink->rules, column_2->line, kinds);
		bool		on_column_2 = opens != 0 && (column_2->kinds & (KIND_BYPASS_EITHER | KIND_BYPASS_COLUMN2) ||
												 may_be_visit(column_2));

		if (!on_column_2)
			opens = line_modifier_of_kind(sink->rules, column_1->line,
										  KIND_BYPASS_EITHER | KIND_BYPASS_EM);
		finding_say(sink, finding,
					"NCCI pair %s/%s [%d] (%s; %s) with %s is bypassed by modifier %s on the column %s line",
					code_1, code_2, pair_indicator(pair), rationale, period,
					line_label(sink, finding->with), modifier_to_text(opens, modifier),
					on_column_2 ? "two" : "one");
		FINDING_FACTS(sink, finding, FACT(MODIFIER, opens), FACT(COLUMN, on_column_2 ? 2 : 1));
		return;
	}
	finding_say(sink, finding,
				"NCCI pair %s/%s [%d] (%s; %s): %s is not payable beside %s%s",
				code_1, code_2, pair_indicator(pair), rationale, period, code_2,
				line_label(sink, finding->with),
				pair_mark(pair) == 0 ? ", and no modifier opens the pair"
				: column_2->line->dos == CLAIMLINE_NO_DOS ? ", unless a modifier opens the pair on that date"
				: "; a modifier that opens the pair is on neither line");
	if (pair_mark(pair) == 1)
		suggest_distinct(day, sink->rules, sink->arena, finding->with, finding->line,
						 &finding->change, &finding->condition);
}

/* The other of the two rules, where one speaks. */
static void
note_pair(FindingSink *sink, int i, const PairRow *pair, bool opened)
{
	const Line *line = sink->day->lines[i].line;

	if (opened)
		NOTE_FACTS(sink, PTP, i, PAIR_OPENED, FACT(COLUMN_2, line->code), FACT(INDICATOR, pair_indicator(pair)),
				   FACT(EFFECTIVE, pair_from(pair)), FACT(DELETED, pair_to(pair)));
	else
		NOTE(sink, PTP_BYPASSED, i, PAIR_CLOSED);
}

/* Lines of a code beside those of another, before pairs are looked for. */
static void
note_codes(const Day *day, FindingSink *sink, int first, int other)
{
	int			i,
				j;

	for (i = first; i >= 0; i = next_of_code(day, i))
		for (j = other; j >= 0; j = next_of_code(day, j))
			if (lines_meet(day, i, j) != MEET_NEVER)
				note_lines(sink->notes, RULE_PTP, RULE_PTP_BYPASSED, i, i + 1, is_payable(&day->lines[i]) ? REASON_NO_PAIR : REASON_NOT_PAYABLE);
}

/*
 * All billed lines of column two (from `second`) against all of column one
 * (from `first`): a column two line has one finding, with the first column one line
 * against which it is not opened.
 */
static void
judge_pair(const Day *day, const Ruleset *rules, FindingSink *sink, const PairRow *pair, int first, int second)
{
	int			end_1 = next_code(day, first);
	int			end_2 = next_code(day, second);
	DayLine		plain;			/* column two with nothing that opens */
	int			closed;			/* first column one line that opens nothing by itself */
	int			i;

	plain = day->lines[second];
	plain.kinds = 0;
	while (first < end_1 && !is_payable(&day->lines[first]))
		first++;
	for (closed = first; closed < end_1; closed++)
		if (is_payable(&day->lines[closed]) && !pair_opened(rules, pair, &day->lines[closed], &plain))
			break;
	for (i = second; i < end_2 && first < end_1; i++)
	{
		/* what opens on column two opens it against every column one line */
		bool		opened = closed == end_1 ||
			pair_opened(rules, pair, &day->lines[closed], &day->lines[i]);
		Finding    *finding;

		if (!is_payable(&day->lines[i]))
			continue;
		note_pair(sink, i, pair, opened);
		finding = finding_add(sink, opened ? RULE_PTP_BYPASSED : RULE_PTP, i, opened ? first : closed);
		if (finding != NULL)
			say_pair(sink, finding, pair);
	}
}

/* The row in force on a date, from a pair's first one. */
static const PairRow *
row_in_force(const Ruleset *rules, const DayLine *column_1, uint32_t first, int32_t dos)
{
	const PairRow *rows = ruleset_rows(rules, SECTION_PAIRS);

	return first == 0 ? NULL : ruleset_pair_on(rules, column_1->code, &rows[first - 1], dos);
}

/* What a column two line is to one of column one, the worst last. */
typedef enum PairState
{
	PAIR_NONE, PAIR_OPENED_MAYBE, PAIR_OPENED, PAIR_CLOSED_MAYBE, PAIR_CLOSED
} PairState;

static PairState
pair_state(const Day *day, const Ruleset *rules, uint32_t rows, int column_1, int column_2, const PairRow **pair)
{
	const DayLine *one = &day->lines[column_1];
	Meeting		meeting = lines_meet(day, column_1, column_2);

	if (meeting == MEET_NEVER || !is_payable(one) ||
		(*pair = row_in_force(rules, one, rows, common_date(day, column_1, column_2))) == NULL)
		return PAIR_NONE;
	if (pair_opened(rules, *pair, one, &day->lines[column_2]))
		return meeting == MEET_SURELY ? PAIR_OPENED : PAIR_OPENED_MAYBE;
	return meeting == MEET_SURELY ? PAIR_CLOSED : PAIR_CLOSED_MAYBE;
}

/*
 * The same on a day with lines of several dates, for the rows of a pair from
 * `rows` on: of the column one lines that may be of its date, a column two line
 * has a finding with the first of the worst.
 */
static void
judge_pair_of_spans(const Day *day, const Ruleset *rules, FindingSink *sink, uint32_t rows, int first, int second)
{
	int			i,
				j;

	for (i = second; i >= 0 && rows != 0; i = next_of_code(day, i))
	{
		PairState	worst = PAIR_NONE;
		const PairRow *of = NULL;
		int			with = -1;
		Finding    *finding;

		if (!is_payable(&day->lines[i]))
			continue;
		sink_pause(sink);
		for (j = first; j >= 0; j = next_of_code(day, j))
		{
			const PairRow *pair;
			PairState	state = pair_state(day, rules, rows, j, i, &pair);

			if (state <= worst)
				continue;
			worst = state;
			of = pair;
			with = j;
		}
		if (worst == PAIR_NONE)
			continue;
		note_pair(sink, i, of, worst < PAIR_CLOSED_MAYBE);
		finding = finding_add(sink, worst >= PAIR_CLOSED_MAYBE ? RULE_PTP : RULE_PTP_BYPASSED, i, with);
		if (finding != NULL)
			say_pair(sink, finding, of);
	}
}

/* All lines of two codes of a group, from their first lines on. */
static void
judge_codes(const Day *day, const Ruleset *rules, FindingSink *sink, int first, int second)
{
	/* lines of several dates are not in the order of their codes, which the memo wants */
	bool		turned = day->lines[second].line->code < day->lines[first].line->code;
	int			smaller = turned ? second : first;
	int			larger = turned ? first : second;
	const DayLine *a = &day->lines[smaller];
	const DayLine *b = &day->lines[larger];
	PairPlace	own;
	const PairPlace *place = pair_memo_find(sink->pairs, rules, a->code, a->line->code, b->code, b->line->code, &own);
	const PairRow *pair;

	if (sink->notes != NULL)
	{
		note_codes(day, sink, first, second);
		note_codes(day, sink, second, first);
	}
	if (day->has_spans)
	{
		judge_pair_of_spans(day, rules, sink, place->a_first, smaller, larger);
		judge_pair_of_spans(day, rules, sink, place->b_first, larger, smaller);
		return;
	}
	if ((pair = row_in_force(rules, a, place->a_first, a->line->dos)) != NULL)
		judge_pair(day, rules, sink, pair, smaller, larger);
	if ((pair = row_in_force(rules, b, place->b_first, b->line->dos)) != NULL)
		judge_pair(day, rules, sink, pair, larger, smaller);
}

void
edit_ptp(const Day *day, const Ruleset *rules, FindingSink *sink)
{
	int			first,
				second,
				end;

	NOTE_ALL(sink, PTP, PTP_BYPASSED, ONLY_CODE);
	for (first = 0; first < day->n_valid; first = next_code(day, first))
	{
		end = group_end(day, first);
		sink_pause(sink);
		for (second = next_code(day, first); second < end; second = next_code(day, second))
			judge_codes(day, rules, sink, first, second);
	}
}

/*
 * src/core/edits/edit_data.c
 *
 * What could not be judged: lines that are not valid, dates outside the
 * edition, codes and pairs that it does not carry.  Nothing is silently clean.
 */
#include "edits/edits.h"

#include "edits/facts.h"

/* What of a line the edition has no data on. */
static void
say_undecided(const Ruleset *rules, FindingSink *sink, int i, bool pairs, bool units)
{
	Finding    *finding = finding_add_as(sink, RULE_EDITION_COVERAGE, SEVERITY_UNKNOWN, NULL, i, -1);
	const char *edition = ruleset_text(rules, rules->edition.name);
	char		code[CODE_TEXT];

	if (finding == NULL)
		return;
	if (sink->day->lines[i].code == NULL)
		finding_say(sink, finding, "edition %s does not know code %s: neither its pairs nor its units were checked",
					edition, code_to_text(sink->day->lines[i].line->code, code));
	else
		finding_say(sink, finding, "edition %s does not carry %s%s%s", edition,
					pairs ? "every pair of the code with the other codes of the day" : "",
					pairs && units ? ", nor " : "", units ? "a unit limit of the code" : "");
}

/* The lines of a date that the edition does not cover. */
static void
say_outside(FindingSink *sink, int i)
{
	int32_t		dos = sink->day->lines[i].line->dos;
	Finding    *finding = finding_add_as(sink, RULE_EDITION_COVERAGE,
										 dos == CLAIMLINE_NO_DOS ? SEVERITY_UNKNOWN : SEVERITY_REVIEW,
										 NULL, i, -1);
	char		text[DATE_TEXT];

	if (finding == NULL)
		return;
	if (dos == CLAIMLINE_NO_DOS)
		finding_say(sink, finding,
					"the line has no date of service: edits that depend on the date are not decided");
	else
		finding_say(sink, finding,
					"%s, the date of service is %s: load the edition of that date",
					coverage_text(sink, dos), date_to_text(dos, text));
}

/* What a dated line has to do with lines that have no date, or are not valid. */
static void
say_beside_undated(FindingSink *sink, int i)
{
	Finding    *finding = finding_add_as(sink, RULE_EDITION_COVERAGE, SEVERITY_UNKNOWN, NULL, i, -1);

	if (finding != NULL)
		finding_say(sink, finding,
					"the day has a line that is not valid or has no date of service: pairs and sums with it were not checked");
}

/* Is it not known whether the code has a unit limit on the date? */
static bool
lacks_limit(const Ruleset *rules, const DayLine *line)
{
	return rules->policy.mue && line->mue == NULL &&
		!ruleset_mue_whole(rules, line->line->dos) &&
		!policy_has_item(rules, LIST_DAILY_LIMITS, line->line->code);
}

/* Codes, pairs and limits that the edition does not carry. */
static void
judge_scope(const Day *day, const Ruleset *rules, FindingSink *sink, int first, int end)
{
	int			outside = 0;	/* codes of which no set of pairs is carried */
	int			inside = 0;		/* codes of the set */
	int			i;

	for (i = first; i < end; i = code_end(day, i))
	{
		const CodeRow *code = day->lines[i].code;

		if (code == NULL || code->scope == PAIRS_NONE)
			outside++;
		else if (code->scope == PAIRS_SET)
			inside++;
	}
	for (i = first; i < end; i++)
	{
		const CodeRow *code = day->lines[i].code;
		bool		pairs = rules->edition.scope != SCOPE_ALL &&
			(code == NULL ||
			 (code->scope == PAIRS_SET && outside > 0) ||
			 (code->scope == PAIRS_NONE && outside + inside > 1));
		bool		units = (code != NULL || !pairs) && is_billed(&day->lines[i]) &&
			lacks_limit(rules, &day->lines[i]);

		if (pairs || units)
			say_undecided(rules, sink, i, pairs, units);
	}
}

void
edit_data(const Day *day, const Ruleset *rules, FindingSink *sink)
{
	int			first,
				end,
				i;

	for (first = 0; first < day->n_valid; first = end)
	{
		end = dos_end(day, first);
		/* lines without a date come last, invalid ones behind them */
		if (day->lines[first].line->dos != CLAIMLINE_NO_DOS && has_undated_lines(day))
			for (i = first; i < end; i++)
				say_beside_undated(sink, i);
		if (!ruleset_covers(rules, day->lines[first].line->dos))
			for (i = first; i < end; i++)
				say_outside(sink, i);
		if (rules->edition.scope != SCOPE_ALL || rules->policy.mue)
			judge_scope(day, rules, sink, first, end);
	}
	for (i = day->n_valid; i < day->n_lines; i++)
	{
		Finding    *finding = finding_add(sink, RULE_LINE_INVALID, i, -1);

		if (finding != NULL)
			finding_say(sink, finding,
						"the row is not a valid claim line: claimline_error() on its columns says why");
	}
}

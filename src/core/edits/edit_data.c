/*
 * src/core/edits/edit_data.c
 *
 * What could not be judged: lines that are not valid, dates outside the
 * edition, codes and pairs that it does not carry.  Nothing is silently clean.
 */
#include "edits/edits.h"

#include "edits/facts.h"

/* Why a line, or what it has to do with others, is not decided: a line has one finding with all of it. */
typedef struct Undecided
{
	bool		undated;		/* it has no date of service */
	bool		outside_pairs;	/* its date is outside what the edition covers of its pairs */
	bool		outside_units;	/* or of unit limits */
	bool		no_pairs;		/* the edition does not carry all its pairs */
	bool		no_units;		/* nor a limit of its code */
	bool		beside_undated; /* another line could be of its date */
	int			with;			/* a line with which the pair is outside, or -1 */
} Undecided;

static const char *
outside_text(FindingSink *sink, const Line *line, const Undecided *why)
{
	const char *pairs = why->outside_pairs
		? coverage_text(sink, PART_PTP, line->code, why->with < 0 ? 0 : sink->day->lines[why->with].line->code, line->dos) : "";
	const char *units = why->outside_units ? coverage_text(sink, PART_MUE, line->code, 0, line->dos) : "";
	char		date[DATE_TEXT];

	return arena_printf(sink->arena, "edition %s covers %s%s%s, the date of service is %s: load the edition of that date",
						ruleset_text(sink->rules, sink->rules->edition.name), pairs,
						why->outside_pairs && why->outside_units ? " and " : "", units, date_to_text(line->dos, date));
}

static const char *
not_carried_text(FindingSink *sink, const DayLine *line, const Undecided *why)
{
	const char *edition = ruleset_text(sink->rules, sink->rules->edition.name);
	char		code[CODE_TEXT];

	if (line->code == NULL && why->no_pairs)
		return arena_printf(sink->arena, "edition %s does not know code %s: neither its pairs nor its units were checked",
							edition, code_to_text(line->line->code, code));
	return arena_printf(sink->arena, "edition %s does not carry %s%s%s", edition,
						why->no_pairs ? "every pair of the code with the other codes of the day" : "",
						why->no_pairs && why->no_units ? ", nor " : "", why->no_units ? "a unit limit of the code" : "");
}

/* The same as facts. */
static void
add_undecided(FindingSink *sink, Finding *finding, const DayLine *line, const Undecided *why)
{
	const Line *on = line->line;
	bool		outside = why->outside_pairs || why->outside_units;

	if (why->undated)
		FINDING_FACTS(sink, finding, FACT_TEXT(MISSING, "dos"));
	if (outside || why->no_pairs || why->no_units)
		FINDING_FACTS(sink, finding, FACT_TEXT(EDITION, ruleset_text(sink->rules, sink->rules->edition.name)));
	if (why->outside_pairs)
		finding_coverage(sink, finding, PART_PTP, on->code, why->with < 0 ? 0 : sink->day->lines[why->with].line->code, on->dos);
	if (why->outside_units)
		finding_coverage(sink, finding, PART_MUE, on->code, 0, on->dos);
	if (outside)
		FINDING_FACTS(sink, finding, FACT(DOS, on->dos));
	if (line->code == NULL && why->no_pairs)
		FINDING_FACTS(sink, finding, FACT(CODE, on->code), FACT_TEXT(UNDECIDED, "code"));
	if (why->no_pairs)
		FINDING_FACTS(sink, finding, FACT_TEXT(UNDECIDED, "pairs"));
	if (why->no_units || (line->code == NULL && why->no_pairs))
		FINDING_FACTS(sink, finding, FACT_TEXT(UNDECIDED, "limits"));
	if (why->beside_undated)
		FINDING_FACTS(sink, finding, FACT_TEXT(BESIDE, "undated"));
}

/* "one; another" */
static const char *
joined(FindingSink *sink, const char *text, const char *more)
{
	return text == NULL ? more : arena_printf(sink->arena, "%s; %s", text, more);
}

static void
say_undecided(FindingSink *sink, int i, const Undecided *why)
{
	const DayLine *line = &sink->day->lines[i];
	bool		outside = why->outside_pairs || why->outside_units;
	const char *text = NULL;
	Finding    *finding;

	if (!why->undated && !outside && !why->no_pairs && !why->no_units && !why->beside_undated)
		return;
	finding = finding_add_as(sink, RULE_EDITION_COVERAGE, outside ? SEVERITY_REVIEW : SEVERITY_UNKNOWN, NULL, i, -1);
	if (finding == NULL)
		return;
	finding->covered = !why->undated && !outside;
	if (why->undated)
		text = "the line has no date of service: edits that depend on the date are not decided";
	if (outside)
		text = outside_text(sink, line->line, why);
	if (why->no_pairs || why->no_units)
		text = joined(sink, text, not_carried_text(sink, line, why));
	if (why->beside_undated)
		text = joined(sink, text, "the day has a line that is not valid or has no date of service: "
					  "pairs and sums with it were not checked");
	finding_say(sink, finding, "%s", text);
	add_undecided(sink, finding, line, why);
}

/* Is it not known whether the code has a unit limit on the date? */
static bool
lacks_limit(const Ruleset *rules, const DayLine *line)
{
	return rules->policy.mue && line->mue == NULL &&
		!ruleset_mue_whole(rules, line->line->dos) &&
		!policy_has_item(rules, LIST_DAILY_LIMITS, line->line->code);
}

/* Is a pair of the line outside the dates of the edition?  The other line, or -1 for the code alone. */
static bool
outside_pairs(const Day *day, const Ruleset *rules, int i, int first, int end, int *with)
{
	const Line *line = day->lines[i].line;
	bool		alone = true;
	int			j;

	for (j = first; j < end; j = day->has_spans ? j + 1 : next_code(day, j))
		if (day->lines[j].line->code != line->code && lines_meet(day, i, j) != MEET_NEVER)
		{
			alone = false;
			*with = j;
			if (!pair_covered(rules, day, i, j))
				return true;
		}
	*with = -1;
	return alone && !ruleset_part_covers(rules, PART_PTP, line->code, 0, line->dos);
}

/* Codes beside a line by the pairs that the edition carries of them. */
typedef struct DayScope
{
	int			outside;		/* of which no set of pairs is carried */
	int			inside;			/* codes of the set */
} DayScope;

static DayScope
scope_beside(const Day *day, int at, int first, int end)
{
	DayScope	scope = {0, 0};
	int			i;

	for (i = first; i < end; i = next_code(day, i))
	{
		const CodeRow *code = day->lines[i].code;
		int			met = i;

		while (met >= 0 && lines_meet(day, at, met) == MEET_NEVER)
			met = next_of_code(day, met);
		if (met < 0)
			continue;
		if (code == NULL || code->scope == PAIRS_NONE)
			scope.outside++;
		else if (code->scope == PAIRS_SET)
			scope.inside++;
	}
	return scope;
}

/* Does the edition lack pairs of the code with others of the day? */
static bool
lacks_pairs(const Ruleset *rules, const CodeRow *code, const DayScope *scope)
{
	return rules->edition.scope != SCOPE_ALL &&
		(code == NULL ||
		 (code->scope == PAIRS_SET && scope->outside > 0) ||
		 (code->scope == PAIRS_NONE && scope->outside + scope->inside > 1));
}

/* Is everything known of a line with a date?  Asked first, as it mostly is so. */
static bool
is_decided(const Ruleset *rules, const DayLine *line, const DayScope *scope)
{
	return line->line->dos != CLAIMLINE_NO_DOS && ruleset_covers_all(rules, line->line->dos) &&
		!lacks_pairs(rules, line->code, scope) && (line->mue != NULL || !rules->policy.mue);
}

/* What is not decided about a line of the group from `first` to `end`. */
static Undecided
undecided(const Day *day, const Ruleset *rules, int i, int first, int end, const DayScope *scope)
{
	const DayLine *line = &day->lines[i];
	Undecided	why = {0};

	why.undated = line->line->dos == CLAIMLINE_NO_DOS;
	why.beside_undated = !why.undated && has_undated_lines(day);
	if (!why.undated && !ruleset_covers_all(rules, line->line->dos))
	{
		why.outside_pairs = outside_pairs(day, rules, i, first, end, &why.with);
		why.outside_units = rules->policy.mue &&
			!ruleset_part_covers(rules, PART_MUE, line->line->code, 0, line->line->dos);
	}
	why.no_pairs = lacks_pairs(rules, line->code, scope);
	why.no_units = (line->code != NULL || !why.no_pairs) && is_billed(line) && lacks_limit(rules, line);
	return why;
}

/* A row that is no line. */
static void
say_invalid(FindingSink *sink, int i)
{
	const uint8_t *reason = sink->day->lines[i].reason;
	Finding    *finding = finding_add(sink, RULE_LINE_INVALID, i, -1);

	if (finding == NULL)
		return;
	if (reason == NULL)
		finding_say(sink, finding, "the row is not a valid claim line: line_error of its source's view says why");
	else
		finding_say(sink, finding, "the row is not a valid claim line: %.*s", *reason, (const char *) reason + 1);
	FINDING_FACTS(sink, finding, FACT_TEXT(REASON, reason == NULL ? NULL : arena_printf(sink->arena, "%.*s", *reason, (const char *) reason + 1)));
}

/* A reversal of what is not there: it takes part in no rule. */
static void
say_of_nothing(FindingSink *sink, int i)
{
	Finding    *finding = finding_add(sink, RULE_LINE_INVALID, i, -1);
	const Line *line = sink->day->lines[i].line;
	char		code[CODE_TEXT],
				units[UNITS_TEXT];

	if (finding == NULL)
		return;
	finding_say(sink, finding, "the row is a reversal, and no line of the day is what it takes back: "
				"%s x%s with the same modifiers, on the same date",
				code_to_text(line->code, code), units_to_text(line->units, units));
	FINDING_FACTS(sink, finding, FACT(CODE, line->code), FACT(TAKEN_BACK, line->units));
}

/* A line of which reversals took units back. */
static void
say_reduced(FindingSink *sink, int i)
{
	const DayLine *line = &sink->day->lines[i];
	Finding    *finding = finding_add_as(sink, RULE_LINE_PARTIAL, SEVERITY_INFO, NULL, i, -1);
	char		left[UNITS_TEXT],
				billed[UNITS_TEXT],
				back[UNITS_TEXT];

	if (finding == NULL)
		return;
	finding_say(sink, finding, "a reversal takes %s of %s units back: the line is judged as x%s",
				units_to_text(line->row->units - line->line->units, back), units_to_text(line->row->units, billed),
				units_to_text(line->line->units, left));
	FINDING_FACTS(sink, finding, FACT(TAKEN_BACK, line->row->units - line->line->units), FACT(BILLED, line->row->units), FACT(LEFT, line->line->units));
}

/* A row of which fields could not be read. */
static void
say_partial(FindingSink *sink, int i, uint16_t unread)
{
	Finding    *finding = finding_add(sink, RULE_LINE_PARTIAL, i, -1);

	if (finding == NULL)
		return;
	finding_say(sink, finding, "the row's %s could not be read: the line is judged without", unread_text(sink->arena, unread));
	finding_missing(sink, finding, unread);
}

void
edit_data(const Day *day, const Ruleset *rules, FindingSink *sink)
{
	bool		undated = has_undated_lines(day);
	DayScope	scope = {0, 0};
	int			first,
				end,
				i;

	NOTE_ALL(sink, EDITION_COVERAGE, EDITION_COVERAGE, DECIDED);
	NOTE_ALL(sink, LINE_INVALID, LINE_INVALID, IS_LINE);
	NOTE_ALL(sink, LINE_PARTIAL, LINE_PARTIAL, ALL_READ);
	for (i = 0; i < day->n_valid; i++)
	{
		const Line *line = day->lines[i].line;

		if (line->version == CLAIMLINE_EXTENDED && line_extension(line).unread != 0)
			say_partial(sink, i, line_extension(line).unread);
		if (day->netted && day->lines[i].row != NULL)
			say_reduced(sink, i);
	}
	for (first = 0; first < day->n_valid; first = end)
	{
		end = group_end(day, first);
		for (i = first; i < end; i++)
		{
			Undecided	why;

			if (rules->edition.scope != SCOPE_ALL && (i == first || day->has_spans))
				scope = scope_beside(day, i, first, end);
			if (!undated && is_decided(rules, &day->lines[i], &scope))
				continue;
			why = undecided(day, rules, i, first, end, &scope);
			say_undecided(sink, i, &why);
		}
	}
	for (i = day->n_valid; i < day_first_invalid(day); i++)
		if (day->lines[i].net == NET_REVERSAL_OF_NOTHING)
			say_of_nothing(sink, i);
	for (; i < day->n_lines; i++)
		say_invalid(sink, i);
}

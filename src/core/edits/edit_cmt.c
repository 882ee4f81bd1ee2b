/*
 * src/core/edits/edit_cmt.c
 *
 * Chiropractic manipulation: its level against its regions, massage, manual
 * therapy and re-education beside it (NCCI Policy Manual ch. XI S), and what the
 * policy never pays beside it.
 */
#include "edits/edits.h"

#include "base/format.h"
#include "edits/facts.h"
#include "edits/suggest.h"


/* "cervical and lumbar" */
static const char *
shown(FindingSink *sink, uint16_t regions)
{
	return regions_text(sink->arena, regions, " and ");
}

static int
count_regions(uint16_t regions)
{
	int			count = 0;

	for (; regions != 0; regions &= (uint16_t) (regions - 1))
		count++;
	return count;
}

/* Why diagnoses do not tell regions. */
static const char *
pointers_text(const Line *line)
{
	static const char *const of[] = {"", ", which are those of the claim,", ", of which the line has the first,"};

	return of[line_dx_of(line)];
}

/* And of what they are missing. */
static const char *
missing_on(const Line *line)
{
	return line_dx_of(line) == 0 ? "line" : "claim";
}

/* 98940 is for 1-2 spinal regions, 98941 for 3-4, 98942 for 5, 98943 for extraspinal ones. */
static void
judge_level(const Day *day, const Ruleset *rules, FindingSink *sink, int i)
{
	const Line *line = day->lines[i].line;
	const CodeRow *code = day->lines[i].code;
	bool		stated = line_stated_regions(line) != 0;
	uint16_t	regions = day->lines[i].regions;
	bool		spinal = code->spinal_min > 0;
	int			count = count_regions(regions & (spinal ? REGIONS_SPINAL : REGIONS_EXTRASPINAL));
	int			low = spinal ? code->spinal_min : code->extraspinal_min;
	int			high = spinal ? code->spinal_max : count_regions(REGIONS_EXTRASPINAL);
	const char *kind = spinal ? "spinal" : "extraspinal";
	char		text[CODE_TEXT],
				range[24];
	Finding    *finding;

	code_to_text(line->code, text);
	text_format(range, sizeof(range), low == high ? "%d" : "%d to %d", low, high);
	if (regions == 0 || (line_regions_open(line) && count < low))
	{
		finding = finding_add_as(sink, RULE_CMT_LEVEL, SEVERITY_UNKNOWN, NULL, i, -1);
		if (finding != NULL)
			finding_say(sink, finding,
						"%s is for %s %s regions; neither region= nor the diagnoses%s say how many were treated",
						text, range, kind, pointers_text(line));
		if (finding != NULL)
			FINDING_FACTS(sink, finding, FACT(CODE, line->code), FACT_TEXT(REGION_KIND, kind), FACT(REGIONS_LEAST, low), FACT(REGIONS_MOST, high),
						  FACT_TEXT(MISSING, "region"), FACT_TEXT(MISSING, "dx"), FACT_TEXT(MISSING_ON, missing_on(line)));
		return;
	}
	NOTE_FACTS(sink, CMT_LEVEL, i, REGIONS_MATCH, FACT(CODE, line->code), FACT_TEXT(REGION_KIND, kind), FACT(REGIONS_LEAST, low),
			   FACT(REGIONS_MOST, high), FACT(COUNTED, count));
	if (count >= low && count <= high)
		return;
	/* a diagnosis of a junction may stand for one region */
	if (count > high && ruleset_fewest_regions(rules, line, spinal ? REGIONS_SPINAL : REGIONS_EXTRASPINAL) <= high)
		return;
	/* a claim's diagnoses need not name every region */
	if (count > high)
		finding = finding_add_as(sink, RULE_CMT_LEVEL, SEVERITY_INFO, NULL, i, -1);
	else if (stated)
		finding = finding_add(sink, RULE_CMT_LEVEL, i, -1);
	else
		finding = finding_add_as(sink, RULE_CMT_LEVEL, SEVERITY_REVIEW, NULL, i, -1);
	if (finding == NULL)
		return;
	regions &= spinal ? REGIONS_SPINAL : REGIONS_EXTRASPINAL;
	finding_say(sink, finding, "%s is for %s %s regions; %s %d%s%s", text, range, kind,
				stated ? "region= names" : "the diagnoses point to", count,
				count == 0 ? "" : ": ", count == 0 ? "" : shown(sink, regions));
	FINDING_FACTS(sink, finding, FACT(CODE, line->code), FACT_TEXT(REGION_KIND, kind), FACT(REGIONS_LEAST, low), FACT(REGIONS_MOST, high),
				  FACT_TEXT(REGIONS_FROM, stated ? "region" : "dx"), FACT(COUNTED, count), FACT(REGIONS, regions));
}

/* The first manipulation of the classes beside a line: what is of its date for certain before what may be; -1 for none. */
static int
find_cmt(const Day *day, int i, int first, int end, uint32_t classes)
{
	Meeting		meeting;
	int			c;

	for (meeting = MEET_SURELY; meeting >= least_meeting(day); meeting--)
		for (c = first; c < end; c++)
			if (c != i && (day->lines[c].classes & classes) && is_payable(&day->lines[c]) && lines_meet(day, i, c) == meeting)
				return c;
	return -1;
}

/* A line that the policy never pays beside manipulation. */
static void
judge_bundled(const Day *day, const Ruleset *rules, FindingSink *sink, int i, int first, int end)
{
	const Line *line = day->lines[i].line;
	bool		listed = !(rules->policy.cmt_massage == CMT_BUNDLED && (day->lines[i].classes & CLASS_WITH_CMT));
	char		code[CODE_TEXT],
				from[DATE_TEXT];
	Finding    *finding;
	int			c = find_cmt(day, i, first, end, CLASS_CMT | CLASS_CMT_EXTRASPINAL);

	sink_pause(sink);
	if (c < 0 || (finding = finding_add(sink, RULE_CMT_BUNDLED, i, c)) == NULL)
		return;
	finding_say(sink, finding, "policy %s pays no %s beside %s%s%s, whatever the modifier",
				ruleset_text(rules, rules->policy.name), code_to_text(line->code, code), line_label(sink, c),
				listed ? " from " : "", listed ? date_to_text(rules->policy.cmt_bundled_from, from) : "");
	FINDING_FACTS(sink, finding, FACT_TEXT(POLICY, ruleset_text(rules, rules->policy.name)), FACT(CODE, line->code), FACT(WITH_CODE, day->lines[c].line->code),
				  FACT_TEXT(KEY, listed ? "cmt_bundled" : "cmt_massage"), FACT(RULE_FROM, listed ? rules->policy.cmt_bundled_from : FACT_NONE));
}

/* A policy may want a modifier beside extraspinal manipulation, though there is no pair. */
static void
judge_required(const Day *day, const Ruleset *rules, FindingSink *sink, int i, int first, int end)
{
	char		code[CODE_TEXT];
	Finding    *finding;
	int			c;

	if (!rules->policy.cmt_extraspinal_modifier || (day->lines[i].kinds & KIND_DISTINCT) ||
		(c = find_cmt(day, i, first, end, CLASS_CMT_EXTRASPINAL)) < 0)
	{
		if (!rules->policy.cmt_extraspinal_modifier)
			NOTE_FACTS(sink, CMT_MODIFIER_REQUIRED, i, POLICY_OFF, FACT_TEXT(KEY, "cmt_extraspinal_modifier"));
		else if (day->lines[i].kinds & KIND_DISTINCT)
			NOTE(sink, CMT_MODIFIER_REQUIRED, i, MODIFIER_THERE);
		return;
	}
	finding = finding_add(sink, RULE_CMT_MODIFIER_REQUIRED, i, c);
	if (finding == NULL)
		return;
	finding_say(sink, finding, "policy %s wants modifier 59 or X{EPSU} on %s beside %s",
				ruleset_text(rules, rules->policy.name), code_to_text(day->lines[i].line->code, code), line_label(sink, c));
	FINDING_FACTS(sink, finding, FACT_TEXT(POLICY, ruleset_text(rules, rules->policy.name)), FACT_TEXT(KEY, "cmt_extraspinal_modifier"),
				  FACT(CODE, day->lines[i].line->code), FACT(WITH_CODE, day->lines[c].line->code), FACT_TEXT(WANTED, "59"),
				  FACT_TEXT(WANTED, "XE"), FACT_TEXT(WANTED, "XP"), FACT_TEXT(WANTED, "XS"), FACT_TEXT(WANTED, "XU"));
	suggest_distinct(day, rules, sink->arena, c, i, &finding->change, &finding->condition);
}

/*
 * One line of massage, manual therapy or re-education against the CMT lines of its date, or those that may be of it: the
 * rule that speaks, or N_RULES.  What cannot be decided is said if nothing `said` it before.
 */
static Rule
judge_regions(const Day *day, const Ruleset *rules, FindingSink *sink, int i, int first, int end, Meeting meeting, Rule said)
{
	const DayLine *line = &day->lines[i];
	uint16_t	regions = line->regions;
	uint16_t	certain = 0;	/* of the regions, those that are no junction's */
	int			unknown = -1;	/* a CMT line against which it cannot be decided */
	int			maybe = -1;		/* one whose regions may meet */
	bool		own;			/* is what is not known on the line itself? */
	char		code[CODE_TEXT];
	Finding    *finding;
	int			c;

	sink_pause(sink);
	code_to_text(line->line->code, code);
	for (c = first; c < end; c++)
	{
		const DayLine *cmt = &day->lines[c];
		const PairRow *pair;
		uint16_t	manipulated;

		if (c == i || !(cmt->classes & CLASS_CMT) || !is_payable(cmt) || lines_meet(day, i, c) != meeting)
			continue;

		/* where the code pair itself is denied, the regions change nothing */
		pair = pair_memo_row(sink->pairs, rules, cmt->code, cmt->line->code, line->code, line->line->code, common_date(day, i, c));
		if (pair != NULL && line->line->dos != CLAIMLINE_NO_DOS &&
			!pair_opened(rules, pair, cmt, line))
		{
			NOTE(sink, CMT_REGION, i, PAIR_CLOSED);
			NOTE(sink, CMT_REGION_UNKNOWN, i, PAIR_CLOSED);
			continue;
		}
		manipulated = cmt->regions & REGIONS_SPINAL;
		NOTE_FACTS(sink, CMT_REGION, i, REGIONS_DIFFER, FACT(CODE, line->line->code), FACT(WITH_CODE, cmt->line->code), FACT(REGIONS, regions),
				   FACT(WITH_REGIONS, manipulated));
		NOTE(sink, CMT_REGION_UNKNOWN, i, REGIONS_KNOWN);
		if (manipulated & regions)
			certain = ruleset_certain_regions(rules, line->line);
		if ((manipulated & regions) && !(certain & manipulated & ruleset_certain_regions(rules, cmt->line)))
		{
			maybe = maybe < 0 ? c : maybe;
			continue;
		}
		if (manipulated & regions)
		{
			if ((finding = finding_add(sink, RULE_CMT_REGION, i, c)) == NULL)
				return RULE_CMT_REGION;
			finding_say(sink, finding,
						"%s treated the %s region, which was manipulated with %s (%s against %s)",
						code, shown(sink, regions & manipulated), line_label(sink, c),
						shown(sink, regions), shown(sink, manipulated));
			FINDING_FACTS(sink, finding, FACT(CODE, line->line->code), FACT(WITH_CODE, cmt->line->code), FACT(REGIONS, regions),
						  FACT(WITH_REGIONS, manipulated), FACT(SHARED_REGIONS, regions & manipulated));
			return RULE_CMT_REGION;
		}
		if ((manipulated == 0 || regions == 0 || line_regions_open(cmt->line) || line_regions_open(line->line)) &&
			unknown < 0)
			unknown = c;
	}
	if (maybe >= 0)
	{
		finding = finding_add_as(sink, RULE_CMT_REGION, SEVERITY_REVIEW, NULL, i, maybe);
		if (finding == NULL)
			return RULE_CMT_REGION;
		regions &= day->lines[maybe].regions & REGIONS_SPINAL;
		finding_say(sink, finding,
					"%s may have treated the %s region, which may have been manipulated with %s: a diagnosis of a junction names both of its regions",
					code, shown(sink, regions), line_label(sink, maybe));
		FINDING_FACTS(sink, finding, FACT(CODE, line->line->code), FACT(WITH_CODE, day->lines[maybe].line->code), FACT(SHARED_REGIONS, regions));
		return RULE_CMT_REGION;
	}
	if (unknown < 0 || said == RULE_CMT_REGION_UNKNOWN)
		return said;
	NOTE(sink, CMT_REGION, i, REGIONS_UNKNOWN);
	if ((finding = finding_add(sink, RULE_CMT_REGION_UNKNOWN, i, unknown)) == NULL)
		return RULE_CMT_REGION_UNKNOWN;
	own = regions == 0 || line_regions_open(line->line);
	finding_say(sink, finding,
				"whether %s treated a region that was manipulated cannot be decided: region= and diagnoses%s name no %s",
				code, pointers_text(line->line), own ? "region on this line"
				: arena_printf(sink->arena, "spinal region on %s", line_label(sink, unknown)));
	FINDING_FACTS(sink, finding, FACT(CODE, line->line->code), FACT(WITH_CODE, day->lines[unknown].line->code), FACT_TEXT(MISSING, "region"),
				  FACT_TEXT(MISSING, "dx"), FACT_TEXT(MISSING_ON, own ? missing_on(line->line) : "other line"));
	return RULE_CMT_REGION_UNKNOWN;
}

static void
judge_beside_cmt(const Day *day, const Ruleset *rules, FindingSink *sink, int i, int first, int end)
{
	Meeting		meeting;
	Rule		said = N_RULES;

	judge_required(day, rules, sink, i, first, end);
	if (rules->policy.cmt_massage != CMT_BY_REGION)
	{
		NOTE_FACTS(sink, CMT_REGION, i, POLICY_OFF, FACT_TEXT(KEY, "cmt_massage"));
		NOTE_FACTS(sink, CMT_REGION_UNKNOWN, i, POLICY_OFF, FACT_TEXT(KEY, "cmt_massage"));
		return;
	}
	for (meeting = MEET_SURELY; meeting >= least_meeting(day) && said != RULE_CMT_REGION; meeting--)
		said = judge_regions(day, rules, sink, i, first, end, meeting, said);
}

/* Which rules of a line beside manipulation are not asked. */
static void
note_beside_cmt(const Ruleset *rules, FindingSink *sink, int i)
{
	const DayLine *line = &sink->day->lines[i];
	bool		bundled = bundled_with_cmt(rules, line);
	Reason		reason = !is_payable(line) ? REASON_NOT_PAYABLE : bundled ? REASON_BUNDLED
		: !(line->classes & CLASS_WITH_CMT) ? REASON_NOT_WITH_MANIPULATION : REASON_NO_MANIPULATION;

	note_lines(sink->notes, RULE_CMT_REGION, RULE_CMT_REGION_UNKNOWN, i, i + 1, reason);
	note_lines(sink->notes, RULE_CMT_MODIFIER_REQUIRED, RULE_CMT_MODIFIER_REQUIRED, i, i + 1, reason);
	if (!bundled || !is_payable(line))
		note_lines(sink->notes, RULE_CMT_BUNDLED, RULE_CMT_BUNDLED, i, i + 1, bundled ? REASON_NOT_PAYABLE : REASON_NOT_BUNDLED);
}

void
edit_cmt(const Day *day, const Ruleset *rules, FindingSink *sink)
{
	int			first,
				end,
				i;

	NOTE_ALL(sink, CMT_REGION, CMT_MODIFIER_REQUIRED, NO_MANIPULATION);
	NOTE_ALL(sink, CMT_LEVEL, CMT_LEVEL, NOT_MANIPULATION);
	if (!(day->classes & (CLASS_CMT | CLASS_CMT_EXTRASPINAL)))
		return;
	for (first = 0; first < day->n_valid; first = end)
	{
		uint32_t	classes = 0;

		end = group_end(day, first);
		for (i = first; i < end; i++)
		{
			classes |= day->lines[i].classes;
			if (day->lines[i].classes & (CLASS_CMT | CLASS_CMT_EXTRASPINAL))
				judge_level(day, rules, sink, i);
		}
		if (!(classes & (CLASS_CMT | CLASS_CMT_EXTRASPINAL)))
			continue;
		for (i = first; i < end; i++)
		{
			if (sink->notes != NULL)
				note_beside_cmt(rules, sink, i);
			if (!is_payable(&day->lines[i]))
				continue;
			if (bundled_with_cmt(rules, &day->lines[i]))
				judge_bundled(day, rules, sink, i, first, end);
			else if (day->lines[i].classes & CLASS_WITH_CMT)
				judge_beside_cmt(day, rules, sink, i, first, end);
		}
	}
}

/*
 * src/core/edits/finding.c
 *
 * Where findings go, what becomes of a denial outside the edition's dates, and
 * words that several edits use.
 */
#include "edits/finding.h"

#include "edits/facts.h"

#include <string.h>

void
sink_init(FindingSink *sink, Arena *arena, PairMemo *pairs, SinkMode mode)
{
	memset(sink, 0, sizeof(*sink));
	sink->arena = arena;
	sink->pairs = pairs;
	sink->mode = mode;
	sink->wants = WANT_ALL;
}

/* Is what the finding has read of the edition known on its date?  A policy's own setting is no part of it. */
static bool
is_covered(const FindingSink *sink, Rule rule, const char *cause, int line, int with)
{
	const Line *on = sink->day->lines[line].line;
	uint32_t	reads = rule_reads(sink->rules, rule);

	if (on == NULL || on->dos == CLAIMLINE_NO_DOS)
		return false;
	if (reads & 1 << PART_ADDON)
		return ruleset_part_covers(sink->rules, PART_ADDON, on->code, 0, on->dos);
	if (ruleset_covers_all(sink->rules, on->dos))
		return true;
	if (cause != NULL && strcmp(cause, CAUSE_POLICY) == 0)
		return true;
	if ((reads & 1 << PART_PTP) && with >= 0)
		return pair_covered(sink->rules, sink->day, line, with);
	return !(reads & 1 << PART_MUE) || ruleset_part_covers(sink->rules, PART_MUE, on->code, 0, on->dos);
}

/* Is it not known whether two lines are of one date?  What is billed twice for the same dates is a duplicate, whichever they were. */
static bool
may_not_meet(const FindingSink *sink, Rule rule, int line, int with)
{
	const Line *a = sink->day->lines[line].line;
	const Line *b = with < 0 ? NULL : sink->day->lines[with].line;

	if (a == NULL || b == NULL || lines_meet(sink->day, line, with) == MEET_SURELY)
		return false;
	return rule != RULE_DUPLICATE || a->dos != b->dos || line_last_date(a) != line_last_date(b);
}

/* What a rule denies a line for the want of: UNREAD_..., 0 where nothing more on the line takes its denials away. */
static uint16_t
denied_for_want_of(Rule rule)
{
	switch (rule)
	{
		case RULE_MOD_MISSING:
		case RULE_MOD_REQUIRES:
		case RULE_MOD_ASSISTANT:
		case RULE_CMT_MODIFIER_REQUIRED:
		case RULE_SUPERVISION_MODIFIER:
			return UNREAD_MODIFIERS;
		case RULE_DX_MISSING:
		case RULE_DX_NOT_NECESSARY:
			return UNREAD_DX;
		case RULE_CMT_LEVEL:
			return UNREAD_DX | UNREAD_REGION;
		default:
			return 0;
	}
}

/* What a denial was lowered for: the date that is missing, or those that the edition knows. */
static void
add_lowered(FindingSink *sink, Finding *finding)
{
	const Line *on = sink->day->lines[finding->line].line;

	if (finding->severity == SEVERITY_UNKNOWN)
		FINDING_FACTS(sink, finding, FACT_TEXT(MISSING, "dos"));
	else
	{
		FINDING_FACTS(sink, finding, FACT_TEXT(EDITION, ruleset_text(sink->rules, sink->rules->edition.name)));
		if (rule_reads(sink->rules, finding->rule) & 1 << PART_ADDON)
			finding_coverage(sink, finding, PART_ADDON, on->code, 0, on->dos);
		else if (rule_reads(sink->rules, finding->rule) & 1 << PART_PTP)
			finding_coverage(sink, finding, PART_PTP, on->code, sink->day->lines[finding->with].line->code, on->dos);
		else
			finding_coverage(sink, finding, PART_MUE, on->code, 0, on->dos);
	}
}

/* The facts behind what finding_say() adds to every message. */
static void
add_circumstances(FindingSink *sink, Finding *finding)
{
	if (finding->possible)
	{
		const Line *on = sink->day->lines[finding->line].line;
		const Line *with = sink->day->lines[finding->with].line;

		FINDING_FACTS(sink, finding, FACT(FROM, on->dos), FACT(TO, line_last_date(on)), FACT(WITH_FROM, with->dos), FACT(WITH_TO, line_last_date(with)));
	}
	finding_missing(sink, finding, finding->wanted);
	if (finding->lowered)
		add_lowered(sink, finding);
}

Finding *
finding_add_as(FindingSink *sink, Rule rule, Severity severity, const char *cause, int line, int with)
{
	const Line *on = sink->day->lines[line].line;
	int32_t		dos = on != NULL ? on->dos : CLAIMLINE_NO_DOS;
	bool		covered = is_covered(sink, rule, cause, line, with);
	Severity	asked = severity;
	bool		lowered;
	bool		possible = sink->day->has_spans && may_not_meet(sink, rule, line, with);
	uint16_t	wanted = 0;
	Finding    *finding;

	if (severity == SEVERITY_DENY && on != NULL && denied_for_want_of(rule) != 0)
		wanted = denied_for_want_of(rule) & line_extension(on).unread;
	if (wanted != 0)
		severity = SEVERITY_UNKNOWN;
	else if (severity == SEVERITY_DENY && !covered)
	{
		if (dos == CLAIMLINE_NO_DOS)
			severity = SEVERITY_UNKNOWN;
		else if (sink->rules->policy.outside_coverage == OUTSIDE_REVIEW)
			severity = SEVERITY_REVIEW;
	}
	lowered = severity != asked;
	if (severity == SEVERITY_DENY && possible)
		severity = SEVERITY_REVIEW;
	if (severity >= sink->at_least)
		sink->reached = true;
	sink->n_asked++;
	if (sink->mode == SINK_VERDICT)
		return NULL;

	if (sink->n_findings == sink->capacity)
		sink->findings = arena_grow(sink->arena, sink->findings, sizeof(Finding),
									sink->n_findings, &sink->capacity);
	finding = &sink->findings[sink->n_findings++];
	memset(finding, 0, sizeof(*finding));
	finding->rule = rule;
	finding->severity = severity;
	finding->line = line;
	finding->with = with;
	finding->possible = possible;
	if (sink->mode == SINK_BARE)
		return NULL;
	finding->covered = covered;
	finding->lowered = lowered && wanted == 0;
	finding->wanted = wanted;
	if (asked >= SEVERITY_REVIEW)
	{
		ruleset_denial(sink->rules, rule, cause, dos, &finding->carc, &finding->rarc);
		if (cause != NULL && finding->carc == NULL)
			ruleset_denial(sink->rules, rule, NULL, dos, &finding->carc, &finding->rarc);
	}
	finding->citation = ruleset_text(sink->rules, ((const RuleRow *)
												   ruleset_rows(sink->rules, SECTION_RULES))[rule].citation);
	finding->first_fact = sink->told.n;
	if (sink->wants & WANT_FACTS)
		add_circumstances(sink, finding);
	return finding;
}

Finding *
finding_add(FindingSink *sink, Rule rule, int line, int with)
{
	return finding_add_as(sink, rule, rule_severity(sink->rules, rule), NULL, line, with);
}

void
finding_facts(FindingSink *sink, Finding *finding, const Fact *facts, int n)
{
	finding->n_facts += facts_append(&sink->told, sink->arena, facts, n);
}

void
finding_missing(FindingSink *sink, Finding *finding, uint16_t unread)
{
	int			n;

	for (n = 0; n < N_UNREAD; n++)
		if (unread & 1 << n)
			FINDING_FACTS(sink, finding, FACT_TEXT(MISSING, unread_names[n]));
}

void
finding_coverage(FindingSink *sink, Finding *finding, RulesetPart part, uint32_t code, uint32_t with, int32_t dos)
{
	Coverage	coverage = ruleset_coverage_of(sink->rules, part, code, with, dos);
	bool		has_gap = coverage.gap.from <= coverage.gap.to;
	int64_t		gap_from = has_gap ? coverage.gap.from : FACT_NONE;
	int64_t		gap_to = has_gap ? coverage.gap.to : FACT_NONE;

	if (part == PART_ADDON)
		FINDING_FACTS(sink, finding, FACT(ADDONS_FROM, coverage.from), FACT(ADDONS_TO, coverage.to), FACT(ADDONS_GAP_FROM, gap_from), FACT(ADDONS_GAP_TO, gap_to));
	else if (part == PART_PTP)
		FINDING_FACTS(sink, finding, FACT(PAIRS_FROM, coverage.from), FACT(PAIRS_TO, coverage.to), FACT(PAIRS_GAP_FROM, gap_from), FACT(PAIRS_GAP_TO, gap_to));
	else
		FINDING_FACTS(sink, finding, FACT(LIMITS_FROM, coverage.from), FACT(LIMITS_TO, coverage.to), FACT(LIMITS_GAP_FROM, gap_from), FACT(LIMITS_GAP_TO, gap_to));
	if (coverage.note != NULL && part == PART_ADDON)
		FINDING_FACTS(sink, finding, FACT_TEXT(ADDONS_NOTE, coverage.note));
	else if (coverage.note != NULL && part == PART_PTP)
		FINDING_FACTS(sink, finding, FACT_TEXT(PAIRS_NOTE, coverage.note));
	else if (coverage.note != NULL)
		FINDING_FACTS(sink, finding, FACT_TEXT(LIMITS_NOTE, coverage.note));
}

void
finding_say(FindingSink *sink, Finding *finding, const char *format,...)
{
	const Line *on = sink->day->lines[finding->line].line;
	va_list		args;

	if (!(sink->wants & WANT_MESSAGE))
		return;
	va_start(args, format);
	finding->message = arena_vprintf(sink->arena, format, args);
	va_end(args);

	/* why this is no denial, or would be none */
	if (finding->possible)
		finding->message = arena_printf(sink->arena, "%s; %s", finding->message,
										dates_text(sink->arena, on, sink->day->lines[finding->with].line));
	if (finding->wanted != 0)
		finding->message = arena_printf(sink->arena, "%s; not decided: the row's %s could not be read",
										finding->message, unread_text(sink->arena, finding->wanted));
	if (!finding->lowered)
		return;
	if (finding->severity == SEVERITY_UNKNOWN)
		finding->message = arena_printf(sink->arena,
										"%s; not decided without a date of service", finding->message);
	else
		finding->message = arena_printf(sink->arena, "%s; edition %s covers %s: load the edition of the date of service",
										finding->message, ruleset_text(sink->rules, sink->rules->edition.name),
										rule_reads(sink->rules, finding->rule) & 1 << PART_ADDON
										? coverage_text(sink, PART_ADDON, on->code, 0, on->dos)
										: rule_reads(sink->rules, finding->rule) & 1 << PART_PTP
										? coverage_text(sink, PART_PTP, on->code,
														sink->day->lines[finding->with].line->code, on->dos)
										: coverage_text(sink, PART_MUE, on->code, 0, on->dos));
}

const char *
unread_text(Arena *arena, uint16_t unread)
{
	const char *names = "";
	int			n;

	for (n = 0; n < N_UNREAD; n++)
		if (unread & 1 << n)
			names = arena_printf(arena, "%s%s%s", names, names[0] == '\0' ? "" : ", ", unread_names[n]);
	return names;
}

const char *
coverage_text(FindingSink *sink, RulesetPart part, uint32_t code, uint32_t with, int32_t dos)
{
	static const char *const parts[N_PARTS] = {"code pairs", "unit limits", "add-on codes"};
	Coverage	coverage = ruleset_coverage_of(sink->rules, part, code, with, dos);
	bool		begins = coverage.from == DATE_BEGIN,
				ends = coverage.to == DATE_END;
	char		from[DATE_TEXT],
				to[DATE_TEXT];
	const char *text;

	text = arena_printf(sink->arena, "%s%s%s%s%s", parts[part],
						begins && ends ? " of all dates" : begins ? "" : " from ",
						begins ? "" : date_to_text(coverage.from, from), ends ? "" : " to ",
						ends ? "" : date_to_text(coverage.to, to));
	if (coverage.gap.from <= coverage.gap.to)
		text = arena_printf(sink->arena, "%s, but not %s to %s", text,
							coverage.gap.from == DATE_BEGIN ? "the beginning" : date_to_text(coverage.gap.from, from),
							coverage.gap.to == DATE_END ? "the end" : date_to_text(coverage.gap.to, to));
	return coverage.note == NULL ? text : arena_printf(sink->arena, "%s (%s)", text, coverage.note);
}

const char *
line_label(FindingSink *sink, int line)
{
	const DayLine *on = &sink->day->lines[line];
	char		code[CODE_TEXT];

	code_to_text(on->line->code, code);
	if (on->claim_id != NULL && on->has_line_no)
		return arena_printf(sink->arena, "%s of claim %s line %d", code,
							WORD_SHOWN(((Word) {on->claim_id, on->id_length, 0})), on->line_no);
	if (on->claim_id != NULL)
		return arena_printf(sink->arena, "%s of claim %s", code,
							WORD_SHOWN(((Word) {on->claim_id, on->id_length, 0})));
	if (on->has_line_no)
		return arena_printf(sink->arena, "%s of line %d", code, on->line_no);
	return arena_printf(sink->arena, "%s of another line", code);
}

/* "2024-08-05 to 2024-08-09", or one date */
static const char *
line_dates(Arena *arena, const Line *line)
{
	char		from[DATE_TEXT],
				to[DATE_TEXT];

	date_to_text(line->dos, from);
	return is_span(line) ? arena_printf(arena, "%s to %s", from, date_to_text(line_last_date(line), to)) : arena_printf(arena, "%s", from);
}

const char *
dates_text(Arena *arena, const Line *a, const Line *b)
{
	return arena_printf(arena, "they are of %s and of %s, and may be of one date or not", line_dates(arena, a), line_dates(arena, b));
}

const char *
regions_text(Arena *arena, uint16_t regions, const char *last)
{
	const char *text = "";
	int			i;

	for (i = 0; i < N_REGIONS; i++)
		if (regions & 1 << i)
		{
			regions &= (uint16_t) ~(1 << i);
			text = arena_printf(arena, "%s%s%s", text,
								text[0] == '\0' ? "" : regions == 0 ? last : ", ", region_names[i]);
		}
	return text;
}

const char *
total_text(Arena *arena, int64_t units)
{
	char		text[UNITS_TEXT];

	if (units > CLAIMLINE_MAX_UNITS)
		return " more than 999999";
	return arena_printf(arena, "%s", units_to_text((uint32_t) units, text));
}

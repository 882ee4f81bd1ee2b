/*
 * src/core/edits/finding.c
 *
 * Where findings go, what becomes of a denial outside the edition's dates, and
 * words that several edits use.
 */
#include "edits/finding.h"

#include <string.h>

void
sink_init(FindingSink *sink, Arena *arena, PairMemo *pairs, SinkMode mode)
{
	memset(sink, 0, sizeof(*sink));
	sink->arena = arena;
	sink->pairs = pairs;
	sink->mode = mode;
}

Finding *
finding_add_as(FindingSink *sink, Rule rule, Severity severity, const char *cause, int line, int with)
{
	const Line *on = sink->day->lines[line].line;
	int32_t		dos = on != NULL ? on->dos : CLAIMLINE_NO_DOS;
	bool		covered = ruleset_covers(sink->rules, dos);
	Severity	asked = severity;
	Finding    *finding;

	if (severity == SEVERITY_DENY && !covered && rule != RULE_LINE_INVALID)
	{
		if (dos == CLAIMLINE_NO_DOS)
			severity = SEVERITY_UNKNOWN;
		else if (sink->rules->policy.outside_coverage == OUTSIDE_REVIEW)
			severity = SEVERITY_REVIEW;
	}
	if (severity >= sink->at_least)
		sink->reached = true;
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
	if (sink->mode == SINK_BARE)
		return NULL;
	finding->covered = covered;
	finding->lowered = severity != asked;
	if (asked >= SEVERITY_REVIEW)
	{
		ruleset_denial(sink->rules, rule, cause, dos, &finding->carc, &finding->rarc);
		if (cause != NULL && finding->carc == NULL)
			ruleset_denial(sink->rules, rule, NULL, dos, &finding->carc, &finding->rarc);
	}
	finding->citation = ruleset_text(sink->rules, ((const RuleRow *)
												   ruleset_rows(sink->rules, SECTION_RULES))[rule].citation);
	return finding;
}

Finding *
finding_add(FindingSink *sink, Rule rule, int line, int with)
{
	return finding_add_as(sink, rule, rule_severity(sink->rules, rule), NULL, line, with);
}

void
finding_say(FindingSink *sink, Finding *finding, const char *format,...)
{
	va_list		args;

	va_start(args, format);
	finding->message = arena_vprintf(sink->arena, format, args);
	va_end(args);

	/* why this is no denial */
	if (!finding->lowered)
		return;
	if (finding->severity == SEVERITY_UNKNOWN)
		finding->message = arena_printf(sink->arena,
										"%s; not decided without a date of service", finding->message);
	else
		finding->message = arena_printf(sink->arena,
										"%s; %s: load the edition of the date of service",
										finding->message,
										coverage_text(sink, sink->day->lines[finding->line].line->dos));
}

const char *
coverage_text(FindingSink *sink, int32_t dos)
{
	const Edition *edition = &sink->rules->edition;
	const PeriodRow *gaps = ruleset_rows(sink->rules, SECTION_GAPS);
	char		from[DATE_TEXT],
				to[DATE_TEXT];
	const char *text;
	uint32_t	i;

	text = arena_printf(sink->arena, "edition %s covers %s%s%s", ruleset_text(sink->rules, edition->name),
						edition->from == DATE_BEGIN ? "everything" : date_to_text(edition->from, from),
						edition->to == DATE_END ? " and later" : " to ",
						edition->to == DATE_END ? "" : date_to_text(edition->to, to));
	for (i = 0; i < ruleset_count(sink->rules, SECTION_GAPS); i++)
		if (gaps[i].from <= dos && dos <= gaps[i].to)
			return arena_printf(sink->arena, "%s, but not %s to %s", text,
								gaps[i].from == DATE_BEGIN ? "the beginning" : date_to_text(gaps[i].from, from),
								gaps[i].to == DATE_END ? "the end" : date_to_text(gaps[i].to, to));
	return text;
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

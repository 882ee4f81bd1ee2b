/*
 * src/edits.c
 *
 * The ordered list of edits, what runs them, and where their findings go.
 */
#include "edits.h"

#include <stdlib.h>
#include <string.h>

static void (*const edits[]) (const Day *, const Ruleset *, FindingSink *) = {
	edit_units, edit_mue, edit_ptp, edit_cmt, edit_modifier, edit_duplicate,
	edit_payer, edit_data
};

void
sink_init(FindingSink *sink, Arena *arena, PairMemo *pairs, SinkMode mode)
{
	memset(sink, 0, sizeof(*sink));
	sink->arena = arena;
	sink->pairs = pairs;
	sink->mode = mode;
}

/* Look up each line's code, limit and modifiers once, for all edits. */
static void
resolve_lines(Day *day, const Ruleset *rules)
{
	int			i,
				m;

	day->classes = 0;
	day->has_specialty = false;
	/* backwards: a line ends where the next one of its group does */
	for (i = day->n_valid - 1; i >= 0; i--)
	{
		DayLine    *line = &day->lines[i];
		const DayLine *next = i + 1 < day->n_valid ? line + 1 : NULL;

		line->dos_end = line->code_end = i + 1;
		if (next != NULL && next->line->dos == line->line->dos)
			line->dos_end = next->dos_end;
		if (line->dos_end > i + 1 && next->line->code == line->line->code)
		{
			line->code_end = next->code_end;
			line->code = next->code;
			line->mue = next->mue;
		}
		else
		{
			line->code = ruleset_code(rules, line->line->code);
			line->mue = line->code == NULL ? NULL : ruleset_mue(rules, line->code, line->line->dos);
		}
		line->classes = line->code != NULL ? line->code->classes : 0;
		day->classes |= line->classes;
		day->has_specialty |= line_specialty_kind(line->line) != SPECIALTY_NONE;
		line->regions = 0;
		line->kinds = 0;
		for (m = 0; m < line_n_modifiers(line->line); m++)
		{
			const ModifierRow *modifier = ruleset_modifier(rules, line_modifier_at(line->line, m));

			if (modifier_valid(modifier, line->line->dos))
				line->kinds |= modifier->kinds;
		}
	}
	if (!(day->classes & (CLASS_CMT | CLASS_CMT_EXTRASPINAL)))
		return;
	for (i = 0; i < day->n_valid; i++)
		if (day->lines[i].classes & (CLASS_CMT | CLASS_CMT_EXTRASPINAL | CLASS_WITH_CMT))
			day->lines[i].regions = ruleset_line_regions(rules, day->lines[i].line);
}

static int
compare_findings(const void *x, const void *y)
{
	const Finding *a = x,
			   *b = y;

	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	if (a->rule != b->rule)
		return a->rule < b->rule ? -1 : 1;
	if (a->with != b->with)
		return a->with < b->with ? -1 : 1;
	return strcmp(a->message, b->message);
}

void
edits_run(Day *day, const Ruleset *rules, FindingSink *sink)
{
	size_t		i;

	sink->day = day;
	sink->rules = rules;
	sink->n_findings = 0;
	sink->reached = false;
	resolve_lines(day, rules);
	for (i = 0; i < sizeof(edits) / sizeof(edits[0]) && !(sink->mode == SINK_VERDICT && sink->reached); i++)
		edits[i] (day, rules, sink);
	if (sink->mode != SINK_FULL || sink->n_findings == 0)
		return;
	check_suggestions(day, rules, sink);
	if (sink->n_findings > 1)
		qsort(sink->findings, (size_t) sink->n_findings, sizeof(Finding), compare_findings);
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
		return arena_printf(sink->arena, "%s of claim %.*s line %d", code,
							WORD_SHOWN(((Word) {on->claim_id, on->id_length, 0})), on->line_no);
	if (on->claim_id != NULL)
		return arena_printf(sink->arena, "%s of claim %.*s", code,
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

bool
has_undated_lines(const Day *day)
{
	return day->n_valid < day->n_lines ||
		(day->n_valid > 0 && day->lines[day->n_valid - 1].line->dos == CLAIMLINE_NO_DOS);
}

bool
applies_from(int32_t from, int32_t dos)
{
	return from != DATE_END && (dos == CLAIMLINE_NO_DOS || dos >= from);
}

bool
line_has_modifier(const Line *line, uint16_t modifier)
{
	int			i;

	for (i = 0; i < line_n_modifiers(line); i++)
		if (line_modifier_at(line, i) == modifier)
			return true;
	return false;
}

uint16_t
line_modifier_of_kind(const Ruleset *rules, const Line *line, uint32_t kinds)
{
	int			i;

	for (i = 0; i < line_n_modifiers(line); i++)
	{
		const ModifierRow *modifier = ruleset_modifier(rules, line_modifier_at(line, i));

		if (modifier_valid(modifier, line->dos) && (modifier->kinds & kinds))
			return modifier->modifier;
	}
	return 0;
}

bool
bundled_with_cmt(const Ruleset *rules, const DayLine *line)
{
	if (rules->policy.cmt_massage == CMT_BUNDLED && (line->classes & CLASS_WITH_CMT))
		return true;
	return applies_from(rules->policy.cmt_bundled_from, line->line->dos) &&
		policy_has_item(rules, LIST_CMT_BUNDLED, line->line->code);
}

bool
pair_opened(const Ruleset *rules, const PairRow *pair, const DayLine *column_1, const DayLine *column_2)
{
	int32_t		dos = column_2->line->dos;

	if (pair_mark(pair) != 1 || dos == CLAIMLINE_NO_DOS)
		return false;
	if (column_2->kinds & (KIND_BYPASS_EITHER | KIND_BYPASS_COLUMN2))
		return true;
	if ((column_1->kinds & KIND_BYPASS_EITHER) && applies_from(rules->policy.either_line_from, dos))
		return true;
	return ((column_1->kinds & KIND_BYPASS_EM) && (column_1->classes & CLASS_EM)) ||
		((column_2->kinds & KIND_BYPASS_EM) && (column_2->classes & CLASS_EM));
}

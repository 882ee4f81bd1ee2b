/*
 * src/core/edits/edit_addon.c
 *
 * NCCI add-on code edits: a code that is paid only where a primary of it is
 * paid on the same date.  Comes after the other edits, whose denials it asks for.
 */
#include "edits/edits.h"

#include "edits/facts.h"

#include <string.h>

/* What becomes of the primary lines of an add-on line, the best last. */
typedef enum PrimaryState
{
	PRIMARY_NONE,
	PRIMARY_UNBILLED,			/* documented, with no units */
	PRIMARY_DENIED,
	PRIMARY_MAYBE,				/* of several dates, or the add-on line is */
	PRIMARY_PAYABLE
} PrimaryState;

/* The add-on codes of a day while they are judged: a byte for each line. */
typedef struct AddonDay
{
	const Day  *day;
	const Ruleset *rules;
	FindingSink *sink;
	bool	   *denied;
	bool	   *said;
} AddonDay;

static bool
in_force(const AddonRow *row, int32_t dos)
{
	return dos == CLAIMLINE_NO_DOS || (row->from <= dos && dos <= row->to);
}

/* The row by which a code is a primary on the date; NULL if it is none. */
static const AddonRow *
primary_row(const AddonRow *rows, uint32_t n, uint32_t code, int32_t dos)
{
	uint32_t	low = 0;
	uint32_t	high = n;

	while (low < high)
	{
		uint32_t	middle = low + (high - low) / 2;

		if (rows[middle].primary < code)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < n && rows[low].primary == code; low++)
		if (in_force(&rows[low], dos))
			return &rows[low];
	return NULL;
}

/* ADDON_... of the code on the date; 0 where it is no add-on code then. */
static uint32_t
addon_type(const Ruleset *rules, const DayLine *line)
{
	uint32_t	n,
				i;
	const AddonRow *rows = line->code == NULL ? NULL : ruleset_addons(rules, line->code, &n);

	uint32_t	type = 0;

	for (i = 0; rows != NULL && i < n; i++)
	{
		if (!in_force(&rows[i], line->line->dos))
			continue;
		type = rows[i].type;
		if (rows[i].primary != 0)
			return type;
	}
	/* of which none is listed */
	return type == 0 ? 0 : ADDON_CONTRACTOR;
}

/* Is it an add-on line that may be paid? */
static bool
is_asked(const AddonDay *addons, int i)
{
	return is_payable(&addons->day->lines[i]) && addon_type(addons->rules, &addons->day->lines[i]) != 0;
}

/* May another provider of the group have billed the primary?  Whom they bill for is not on the lines. */
static bool
is_shared(const AddonDay *addons, int i)
{
	return (addons->day->lines[i].classes & CLASS_SHARED) != 0;
}

static PrimaryState
line_state(const AddonDay *addons, int i, int primary)
{
	const DayLine *line = &addons->day->lines[primary];

	if (!is_billed(line))
		return PRIMARY_UNBILLED;
	if (!is_payable(line) || addons->denied[primary])
		return PRIMARY_DENIED;
	return lines_meet(addons->day, i, primary) == MEET_SURELY ? PRIMARY_PAYABLE : PRIMARY_MAYBE;
}

/* The best state of the primaries of a line of the group from `first` to `end`, and the first line that has it. */
static PrimaryState
primary_state(const AddonDay *addons, int i, int first, int end, int *with)
{
	const Day  *day = addons->day;
	PrimaryState best = PRIMARY_NONE;
	uint32_t	n;
	const AddonRow *rows = ruleset_addons(addons->rules, day->lines[i].code, &n);
	int			code,
				j;

	*with = -1;
	for (code = first; code < end && best < PRIMARY_PAYABLE; code = next_code(day, code))
		for (j = code; j >= 0; j = next_of_code(day, j))
		{
			PrimaryState state;

			if (lines_meet(day, i, j) == MEET_NEVER ||
				primary_row(rows, n, day->lines[j].line->code, common_date(day, i, j)) == NULL)
				continue;
			state = line_state(addons, i, j);
			if (state <= best)
				continue;
			best = state;
			*with = j;
		}
	return best;
}

/* Is there another service that a contractor could take for a primary? */
static bool
has_candidate(const AddonDay *addons, int i, int first, int end)
{
	int			j;

	for (j = first; j < end; j++)
		if (lines_meet(addons->day, i, j) != MEET_NEVER && is_billed(&addons->day->lines[j]) &&
			addon_type(addons->rules, &addons->day->lines[j]) == 0)
			return true;
	return false;
}

/* ------------------------------------------------------------- in words */

#define PRIMARIES_NAMED		6

/* "97129", "one of 97810, 97813", "one of 31 codes (22100, 22101, ...)"; where a contractor may take others, or says all. */
static const char *
primaries_text(const AddonDay *addons, int i)
{
	const DayLine *line = &addons->day->lines[i];
	Arena	   *arena = addons->sink->arena;
	const char *codes = "";
	uint32_t	named = 0;
	uint32_t	n,
				r;
	const AddonRow *rows = ruleset_addons(addons->rules, line->code, &n);
	uint32_t	last = 0;
	char		code[CODE_TEXT];

	for (r = 0; r < n; r++)
	{
		if (rows[r].primary == 0 || rows[r].primary == last || !in_force(&rows[r], line->line->dos))
			continue;
		last = rows[r].primary;
		if (named++ < PRIMARIES_NAMED)
			codes = arena_printf(arena, "%s%s%s", codes, codes[0] == '\0' ? "" : ", ", code_to_text(last, code));
	}
	if (named <= 1)
		return codes;
	return named <= PRIMARIES_NAMED ? arena_printf(arena, "one of %s", codes)
		: arena_printf(arena, "one of %u codes (%s, ...)", named, codes);
}

/* The same as facts, with the code and its type. */
static void
add_primaries(const AddonDay *addons, Finding *finding, uint32_t type)
{
	const DayLine *line = &addons->day->lines[finding->line];
	uint32_t	named = 0;
	uint32_t	n,
				r;
	const AddonRow *rows = ruleset_addons(addons->rules, line->code, &n);
	uint32_t	last = 0;

	FINDING_FACTS(addons->sink, finding, FACT(CODE, line->line->code), FACT(ADDON_TYPE, type == 0 ? FACT_NONE : type),
				  FACT(WITH_CODE, finding->with < 0 ? 0 : addons->day->lines[finding->with].line->code));
	for (r = 0; r < n && type != ADDON_CONTRACTOR && (addons->sink->wants & WANT_FACTS); r++)
	{
		if (rows[r].primary == 0 || rows[r].primary == last || !in_force(&rows[r], line->line->dos))
			continue;
		last = rows[r].primary;
		if (named++ < PRIMARIES_NAMED)
			FINDING_FACTS(addons->sink, finding, FACT(PRIMARIES, last));
	}
	if (named > PRIMARIES_NAMED)
		FINDING_FACTS(addons->sink, finding, FACT(N_PRIMARIES, named));
}

static void
say_missing(const AddonDay *addons, Finding *finding, uint32_t type, PrimaryState state, bool candidate)
{
	FindingSink *sink = addons->sink;
	char		code[CODE_TEXT];
	const char *rest;

	code_to_text(addons->day->lines[finding->line].line->code, code);
	if (type == ADDON_CONTRACTOR)
		rest = candidate ? "whether a service of the day is one is not known"
			: "no service of the day could be one";
	else if (state == PRIMARY_UNBILLED)
		rest = arena_printf(sink->arena, "%s has no units", line_label(sink, finding->with));
	else if (state == PRIMARY_MAYBE)
		rest = arena_printf(sink->arena, "%s may be it", line_label(sink, finding->with));
	else
		rest = "the day has none";
	if (type == ADDON_CONTRACTOR)
		finding_say(sink, finding, "%s is an add-on code (type 2), payable beside a primary code that the payer's contractor names: %s",
					code, rest);
	else
		finding_say(sink, finding, "%s is an add-on code (type %u), payable where %s is payable on the same date%s%s: %s%s",
					code, type, primaries_text(addons, finding->line),
					type == ADDON_PARTLY ? ", or another code that the payer's contractor names" : "",
					is_shared(addons, finding->line) ? ", to this provider or to another of the same group and specialty" : "", rest,
					state != PRIMARY_MAYBE && has_undated_lines(addons->day)
					? ", but a line that is not valid or has no date of service" : "");
}

/* The first rule that denies the line, or NULL where its modifiers ask for the denial. */
static const char *
denied_by(const FindingSink *sink, int line)
{
	int			first = N_RULES;
	int			i;

	for (i = 0; i < sink->n_findings; i++)
		if (sink->findings[i].line == line && sink->findings[i].severity == SEVERITY_DENY && (int) sink->findings[i].rule < first)
			first = (int) sink->findings[i].rule;
	return first == N_RULES ? NULL : rule_names[first];
}

static void
say_denied(const AddonDay *addons, Finding *finding)
{
	FindingSink *sink = addons->sink;
	const char *rule = denied_by(sink, finding->with);
	char		code[CODE_TEXT];

	finding_say(sink, finding, "%s is an add-on code, payable where %s is payable on the same date: %s is %s%s",
				code_to_text(addons->day->lines[finding->line].line->code, code), primaries_text(addons, finding->line),
				line_label(sink, finding->with), rule == NULL ? "billed for a denial" : "denied by ", rule == NULL ? "" : rule);
	add_primaries(addons, finding, 0);
	FINDING_FACTS(sink, finding, FACT_TEXT(DENIED_BY, rule));
}

/* ---------------------------------------------------------- the judgement */

/* No more than a severity. */
static Severity
at_most(Severity severity, Severity most)
{
	return severity < most ? severity : most;
}

/* A finding on a line; if it is a denial, what adds to the line is denied too. */
static bool
found(const AddonDay *addons, int i, int n_before)
{
	const FindingSink *sink = addons->sink;

	addons->said[i] = true;
	if (sink->n_findings > n_before && sink->findings[n_before].severity == SEVERITY_DENY)
		addons->denied[i] = true;
	return addons->denied[i];
}

static void
find_missing(const AddonDay *addons, int i, PrimaryState state, int with, bool candidate)
{
	const DayLine *line = &addons->day->lines[i];
	uint32_t	type = addon_type(addons->rules, line);
	Severity	severity = rule_severity(addons->rules, RULE_ADDON_MISSING);
	int			n = addons->sink->n_findings;
	Finding    *finding;

	if (state == PRIMARY_MAYBE || (type == ADDON_CONTRACTOR && candidate) || has_undated_lines(addons->day))
		severity = at_most(severity, SEVERITY_UNKNOWN);
	else if (type != ADDON_LISTED || is_shared(addons, i))
		severity = at_most(severity, SEVERITY_REVIEW);
	finding = finding_add_as(addons->sink, RULE_ADDON_MISSING, severity, NULL, i, with);
	if (finding != NULL)
	{
		say_missing(addons, finding, type, state, candidate);
		add_primaries(addons, finding, type);
	}
	found(addons, i, n);
}

static bool
find_denied(const AddonDay *addons, int i, int with)
{
	int			n = addons->sink->n_findings;
	Severity	severity = rule_severity(addons->rules, RULE_ADDON_DENIED);
	Finding    *finding;

	/* the contractor may take another code of the day */
	if (addon_type(addons->rules, &addons->day->lines[i]) != ADDON_LISTED || is_shared(addons, i))
		severity = at_most(severity, SEVERITY_REVIEW);
	finding = finding_add_as(addons->sink, RULE_ADDON_DENIED, severity, NULL, i, with);

	if (finding != NULL)
		say_denied(addons, finding);
	return found(addons, i, n);
}

/* Of a line that is asked for its primary: the rule that its state is no matter of. */
static void
note_primary(FindingSink *sink, int i, PrimaryState state, int with)
{
	const Line *line = sink->day->lines[i].line;
	uint32_t	primary = with < 0 ? 0 : sink->day->lines[with].line->code;

	if (state <= PRIMARY_UNBILLED || state == PRIMARY_MAYBE)
		NOTE(sink, ADDON_DENIED, i, PRIMARY_MISSING);
	else
		NOTE_FACTS(sink, ADDON_DENIED, i, PRIMARY_PAYABLE, FACT(CODE, line->code), FACT(WITH_CODE, primary));
	NOTE_FACTS(sink, ADDON_MISSING, i, PRIMARY_THERE, FACT(CODE, line->code), FACT(WITH_CODE, primary));
}

/* The lines of a group in the order in which one decides of another: those without a primary, what adds to what is denied, the rest. */
static void
judge_group(const AddonDay *addons, int first, int end)
{
	int			with;
	int			i;
	bool		more = true;

	for (i = first; i < end; i++)
	{
		PrimaryState state;

		if (!is_asked(addons, i))
		{
			if (addons->sink->notes != NULL && addon_type(addons->rules, &addons->day->lines[i]) != 0)
				note_lines(addons->sink->notes, RULE_ADDON_MISSING, RULE_ADDON_DENIED, i, i + 1, REASON_NOT_PAYABLE);
			continue;
		}
		sink_pause(addons->sink);
		state = primary_state(addons, i, first, end, &with);
		note_primary(addons->sink, i, state, with);
		if (state <= PRIMARY_UNBILLED)
			find_missing(addons, i, state, with, has_candidate(addons, i, first, end));
	}
	while (more)
		for (more = false, i = first; i < end; i++)
			if (!addons->said[i] && is_asked(addons, i) &&
				primary_state(addons, i, first, end, &with) == PRIMARY_DENIED && find_denied(addons, i, with))
				more = true;
	for (i = first; i < end; i++)
		if (!addons->said[i] && is_asked(addons, i) && primary_state(addons, i, first, end, &with) == PRIMARY_MAYBE)
			find_missing(addons, i, PRIMARY_MAYBE, with, true);
}

void
edit_addon(const Day *day, const Ruleset *rules, FindingSink *sink)
{
	AddonDay	addons = {day, rules, sink, NULL, NULL};
	int			first,
				i;

	NOTE_ALL(sink, ADDON_MISSING, ADDON_DENIED, NOT_ADDON);
	if (!day->has_addons)
		return;
	addons.denied = arena_alloc(sink->arena, 2 * (size_t) day->n_valid);
	memset(addons.denied, 0, 2 * (size_t) day->n_valid);
	addons.said = addons.denied + day->n_valid;
	for (i = 0; i < sink->n_findings; i++)
		if (sink->findings[i].severity == SEVERITY_DENY && sink->findings[i].line < day->n_valid)
			addons.denied[sink->findings[i].line] = true;
	for (first = 0; first < day->n_valid; first = group_end(day, first))
		judge_group(&addons, first, group_end(day, first));
}

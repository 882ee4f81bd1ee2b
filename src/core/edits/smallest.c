/*
 * src/core/edits/smallest.c
 *
 * Changes of a day, tried.  What is documented stays as it is: regions and
 * minutes are filled in where there are none, never changed.
 */
#include "edits/smallest.h"

#include <string.h>

#include "day/day_net.h"
#include "edits/edits.h"
#include "edits/facts.h"

/* Findings of a rule on a line: all, those that object, and the worst of them. */
typedef struct Tally
{
	uint16_t	all;
	uint16_t	objecting;
	uint16_t	worst;			/* Severity + 1 */
} Tally;

/* A search under way. */
typedef struct Trials
{
	Smallest   *search;
	LineEdit   *edits;			/* of one field */
	uint64_t   *traces;			/* of what becomes of the day with each */
	int			n_edits;
	int			capacity;
	Tally	   *before;			/* by line and rule */
	Tally	   *after;
	DayLine    *lines;
	Target	   *targets;
	int			n_targets;
} Trials;

/* ---------------------------------------------------- which are tried */

static void
add_edit(Trials *trials, EditKind kind, int line, int64_t value)
{
	if (trials->n_edits == trials->capacity)
		trials->edits = arena_grow(trials->search->arena, trials->edits, sizeof(LineEdit), trials->n_edits, &trials->capacity);
	trials->edits[trials->n_edits++] = (LineEdit) {kind, line, (int32_t) value};
}

static int
count_bits(uint32_t bits)
{
	int			n = 0;

	for (; bits != 0; bits &= bits - 1)
		n++;
	return n;
}

/* One region; of manipulation any spinal ones, the fewest first. */
static void
add_regions(Trials *trials, int i, uint32_t classes)
{
	int			most = classes & CLASS_CMT ? count_bits(REGIONS_SPINAL) : 1;
	int			n,
				regions;

	if (line_stated_regions(trials->search->day->lines[i].line) != 0 || !(classes & (CLASS_CMT | CLASS_CMT_EXTRASPINAL | CLASS_WITH_CMT)))
		return;
	for (n = 1; n <= most; n++)
		for (regions = 1; regions <= REGIONS_ALL; regions++)
			if (count_bits((uint32_t) regions) == n && (n == 1 || (regions & REGIONS_EXTRASPINAL) == 0))
				add_edit(trials, EDIT_REGIONS, i, regions);
}

/*
 * As many as the units take, then up to a minute less than a further one, then fewer down to one unit less: what
 * the remainder is decides which code has the last unit of a date.
 */
static void
add_minutes(Trials *trials, int i, uint32_t classes)
{
	const Line *line = trials->search->day->lines[i].line;
	int			unit = trials->search->rules->policy.unit_minutes;
	int64_t		whole = ((int64_t) line->units + 999) / 1000 * unit;
	int			n;

	if (line->minutes != CLAIMLINE_NO_MINUTES || !(classes & (CLASS_TIMED | CLASS_ATTENDED)))
		return;
	for (n = 0; n < unit; n++)
		if (whole + n <= CLAIMLINE_MAX_MINUTES)
			add_edit(trials, EDIT_MINUTES, i, whole + n);
	for (n = 1; n <= unit; n++)
		if (whole - n >= 0 && whole - n <= CLAIMLINE_MAX_MINUTES)
			add_edit(trials, EDIT_MINUTES, i, whole - n);
}

/* Do two modifiers say the same on the line: are they of one kind, and exclude the same others? */
static bool
say_the_same(const Ruleset *rules, const Line *line, const ModifierRow *a, const ModifierRow *b)
{
	int			i;

	if (a->kinds != b->kinds || a->only_on != b->only_on || a->not_on != b->not_on || a->requires != b->requires)
		return false;
	if ((a->kinds & KIND_DISCIPLINE) || a->modifier == rules->policy.supervision_modifier || b->modifier == rules->policy.supervision_modifier ||
		a->modifier == rules->policy.denial_modifier || b->modifier == rules->policy.denial_modifier)
		return false;
	for (i = 0; i < line_n_modifiers(line); i++)
	{
		const ModifierRow *row = ruleset_modifier(rules, line_modifier_at(line, i));

		if ((ruleset_conflict(rules, a->modifier, line_modifier_at(line, i), line->dos) == NULL) !=
			(ruleset_conflict(rules, b->modifier, line_modifier_at(line, i), line->dos) == NULL))
			return false;
		if (row != NULL && (row->requires == a->modifier || row->requires == b->modifier))
			return false;
	}
	return true;
}

/* Does a finding on the line suggest the modifier? */
static bool
is_suggested(const Trials *trials, int i, uint16_t modifier)
{
	int			t;

	for (t = 0; t < trials->n_targets; t++)
		if (trials->targets[t].line == i && trials->targets[t].suggested.modifier == modifier)
			return true;
	return false;
}

/* Modifiers that say something, those for distinct services first; of those that say the same the first, and what is suggested. */
static void
add_modifiers(Trials *trials, int i, uint32_t classes)
{
	const Ruleset *rules = trials->search->rules;
	const ModifierRow *rows = ruleset_rows(rules, SECTION_MODIFIERS);
	const Line *line = trials->search->day->lines[i].line;
	int			n = (int) ruleset_count(rules, SECTION_MODIFIERS);
	int			first = trials->n_edits;
	int			distinct;
	int			m,
				e;

	(void) classes;
	for (distinct = 1; distinct >= 0; distinct--)
		for (m = 0; m < n; m++)
		{
			uint16_t	value = rows[m].modifier;

			if (((rows[m].kinds & KIND_DISTINCT) != 0) != distinct || !modifier_valid(&rows[m], line->dos) || line_has_modifier(line, value) ||
				(rows[m].kinds == 0 && value != rules->policy.supervision_modifier && value != rules->policy.denial_modifier))
				continue;
			for (e = first; e < trials->n_edits && !is_suggested(trials, i, value); e++)
				if (say_the_same(rules, line, ruleset_modifier(rules, (uint16_t) trials->edits[e].value), &rows[m]))
					break;
			if (e == trials->n_edits || is_suggested(trials, i, value))
				add_edit(trials, EDIT_ADD, i, value);
		}
	for (m = 0; m < line_n_modifiers(line); m++)
	{
		for (e = m + 1; e < line_n_modifiers(line) && line_modifier_at(line, e) != line_modifier_at(line, m); e++)
			;
		if (e == line_n_modifiers(line))
			add_edit(trials, EDIT_REMOVE, i, line_modifier_at(line, m));
	}
}

/* Of so many next to those billed each is tried, and as many from one unit on. */
#define UNITS_TRIED		100

/* Whole units, the nearest first, up to those that its minutes are. */
static void
add_units(Trials *trials, int i, uint32_t classes)
{
	const Line *line = trials->search->day->lines[i].line;
	int64_t		billed = line->units;
	int64_t		most = (billed + 999) / 1000;
	int64_t		away;

	(void) classes;
	if (line->minutes / trials->search->rules->policy.unit_minutes + 1 > most)
		most = line->minutes / trials->search->rules->policy.unit_minutes + 1;
	for (away = 0; away <= UNITS_TRIED && billed > 0; away++)
	{
		int64_t		fewer = (billed - 1) / 1000 - away;
		int64_t		more = billed / 1000 + 1 + away;

		if (fewer >= 1)
			add_edit(trials, EDIT_UNITS, i, fewer * 1000);
		if (more <= most)
			add_edit(trials, EDIT_UNITS, i, more * 1000);
	}
	/* a limit may be far below */
	away = (billed - 1) / 1000 - UNITS_TRIED - 1;
	for (away = away < UNITS_TRIED ? away : UNITS_TRIED; away >= 1; away--)
		add_edit(trials, EDIT_UNITS, i, away * 1000);
	if (billed > 0)
		add_edit(trials, EDIT_UNBILL, i, 0);
}

static void
add_absence(Trials *trials, int i, uint32_t classes)
{
	(void) classes;
	add_edit(trials, EDIT_LEAVE_OUT, i, 0);
}

/* By kind, so that of changes of two fields those that fill in come before those that leave out. */
static void
list_edits(Trials *trials)
{
	const Day  *day = trials->search->day;
	void		(*const add[]) (Trials *, int, uint32_t) = {add_regions, add_minutes, add_modifiers, add_units, add_absence};
	size_t		kind;
	int			i;

	for (kind = 0; kind < sizeof(add) / sizeof(add[0]); kind++)
		for (i = 0; i < day->n_valid; i++)
		{
			const CodeRow *code = ruleset_code(trials->search->rules, day->lines[i].line->code);

			/* of what a reversal takes back nothing is changed in it */
			if (add[kind] == add_absence || !line_is_reversal(day->lines[i].line))
				add[kind] (trials, i, code == NULL ? 0 : code->classes);
		}
}

/* Can the two be one change: not of one field of one line? */
static bool
go_together(const LineEdit *a, const LineEdit *b)
{
	bool		modifiers = (a->kind == EDIT_ADD || a->kind == EDIT_REMOVE) && (b->kind == EDIT_ADD || b->kind == EDIT_REMOVE);

	if (a->line != b->line)
		return true;
	if (a->kind == EDIT_LEAVE_OUT || b->kind == EDIT_LEAVE_OUT)
		return false;
	if (a->kind >= EDIT_UNITS && b->kind >= EDIT_UNITS)
		return false;
	return modifiers || a->kind != b->kind;
}

/* ---------------------------------------------------------- the trials */

/* Judge a day of lines that have their origin in `place`; count findings by it. */
static void
judge_tried(const Trials *trials, DayLine *lines, int n, Tally *tally)
{
	const Smallest *search = trials->search;
	Day			tried = {.lines = lines, .n_lines = n};
	int		   *origins = arena_alloc(search->arena, sizeof(int) * ((size_t) n + 1));
	FindingSink sink;
	int			i;

	memset(tally, 0, sizeof(Tally) * N_RULES * (size_t) search->day->n_lines);
	day_sort(&tried);
	for (i = 0; i < n; i++)
		origins[i] = lines[i].place;
	day_net(&tried, search->arena);
	sink_init(&sink, search->arena, search->pairs, SINK_BARE);
	edits_run(&tried, search->rules, &sink);
	for (i = 0; i < sink.n_findings; i++)
	{
		const Finding *finding = &sink.findings[i];
		Tally	   *of = &tally[origins[day_place(&tried, finding->line)] * N_RULES + (int) finding->rule];

		of->all++;
		of->objecting += finding->severity >= SEVERITY_UNKNOWN;
		if (finding->severity + 1u > of->worst)
			of->worst = (uint16_t) (finding->severity + 1u);
	}
}

/* Take the change for a target, if it is smaller than the one that it has. */
static void
take(DayChange *best, const DayChange *change)
{
	if (best->n == 0 || (best->n == change->n && change->rank < best->rank))
		*best = *change;
}

bool
change_bills_all(const DayChange *change)
{
	int			e;

	for (e = 0; e < change->n; e++)
		if (change->edits[e].kind >= EDIT_UNBILL)
			return false;
	return true;
}

/* Is it what the finding suggests? */
static bool
is_suggestion(const DayChange *change, const Target *target)
{
	const LineEdit *edit = &change->edits[0];
	const Change *suggested = &target->suggested;

	if (change->n != 1 || edit->line != target->line)
		return false;
	return (edit->kind == EDIT_ADD && suggested->kind <= CHANGE_ADD && edit->value == suggested->modifier) ||
		(edit->kind == EDIT_REMOVE && suggested->kind == CHANGE_DROP && edit->value == suggested->old) ||
		(edit->kind == EDIT_UNITS && suggested->kind == CHANGE_UNITS && (uint32_t) edit->value == suggested->units);
}

static void
rank_change(DayChange *change, const Target *target)
{
	int			e;

	if (is_suggestion(change, target))
	{
		change->rank = -1;
		return;
	}

	for (change->rank = e = 0; e < change->n; e++)
	{
		int			rank = 2 * (int) change->edits[e].kind + (change->edits[e].line != target->line);

		change->rank = rank > change->rank ? rank : change->rank;
	}
}

/* Judge the day with a change: which targets does it help? */
static void
try_change(Trials *trials, DayChange *change)
{
	Smallest   *search = trials->search;
	ArenaMark	mark = arena_mark(search->arena);
	int			cells = search->day->n_lines * N_RULES;
	int			n = change_lines(search, change, trials->lines);
	bool		any = false,	/* does a finding come, or become worse? */
				objecting = false;	/* one that is more than a note? */
	int			i;

	arena_pause(search->arena);
	if (n >= 0)
		judge_tried(trials, trials->lines, n, trials->after);
	else
		memset(trials->after, 0xFF, sizeof(Tally) * (size_t) cells);
	arena_rewind(search->arena, mark);
	for (i = 0; i < cells && n >= 0 && !objecting; i++)
	{
		const Tally *before = &trials->before[i],
				   *after = &trials->after[i];

		any |= after->all > before->all || after->worst > before->worst;
		objecting |= after->objecting > before->objecting || (after->worst > before->worst && after->worst > SEVERITY_UNKNOWN);
	}
	for (i = 0; i < trials->n_targets && n >= 0 && !objecting; i++)
	{
		Target	   *target = &trials->targets[i];

		if (trials->after[target->line * N_RULES + (int) target->rule].all > 0 || (any && target->severity == SEVERITY_INFO))
			continue;
		rank_change(change, target);
		take(&target->smallest, change);
		if (change_bills_all(change))
			take(&target->billed, change);
	}
}

/* Is a change of two fields worth trying: does a target have none of one? */
static bool
wants_pairs(const Trials *trials, bool billed)
{
	int			i;

	for (i = 0; i < trials->n_targets; i++)
		if ((billed ? trials->targets[i].billed.n : trials->targets[i].smallest.n) == 0)
			return true;
	return false;
}

/* What the day has after a change, in a number. */
static uint64_t
trace_of(const Trials *trials)
{
	const uint8_t *bytes = (const uint8_t *) trials->after;
	size_t		size = sizeof(Tally) * N_RULES * (size_t) trials->search->day->n_lines;
	uint64_t	trace = UINT64_C(0xCBF29CE484222325);

	for (; size > 0; size--)
		trace = (trace ^ *bytes++) * UINT64_C(0x100000001B3);
	return trace;
}

/*
 * Of minutes or units of a line after which the day has the same, one is tried with others.  Modifiers and regions that
 * change nothing alone may do so beside others.
 */
static void
keep_different(Trials *trials)
{
	int			n = 0;
	int			i,
				k;

	for (i = 0; i < trials->n_edits; i++)
	{
		const LineEdit *edit = &trials->edits[i];
		bool		own = edit->kind != EDIT_MINUTES && edit->kind != EDIT_UNITS;

		for (k = 0; k < n && !own; k++)
			if (trials->edits[k].kind == edit->kind && trials->edits[k].line == edit->line && trials->traces[k] == trials->traces[i])
				break;
		if (!own && k < n)
			continue;
		trials->traces[n] = trials->traces[i];
		trials->edits[n++] = *edit;
	}
	trials->n_edits = n;
}

static void
try_pairs(Trials *trials)
{
	int			a,
				b;

	for (a = 0; a < trials->n_edits; a++)
		for (b = a + 1; b < trials->n_edits; b++)
		{
			DayChange	change = {2, {trials->edits[a], trials->edits[b]}, 0};

			if (go_together(&trials->edits[a], &trials->edits[b]) && wants_pairs(trials, change_bills_all(&change)))
				try_change(trials, &change);
		}
}

void
find_smallest(Smallest *search, Target *targets, int n)
{
	Trials		trials = {.search = search, .targets = targets, .n_targets = n};
	size_t		cells = sizeof(Tally) * N_RULES * (size_t) search->day->n_lines;
	int			i;

	search->tried = 0;
	if (n == 0 || search->day->n_lines > SMALLEST_MAX_LINES)
		return;
	trials.before = arena_alloc(search->arena, cells);
	trials.after = arena_alloc(search->arena, cells);
	trials.lines = arena_alloc(search->arena, sizeof(DayLine) * (size_t) search->day->n_lines);
	list_edits(&trials);
	judge_tried(&trials, trials.lines, change_lines(search, &(DayChange) {0}, trials.lines), trials.before);
	trials.traces = arena_alloc(search->arena, sizeof(uint64_t) * ((size_t) trials.n_edits + 1));
	for (i = 0; i < trials.n_edits; i++)
	{
		try_change(&trials, &(DayChange) {1, {trials.edits[i]}, 0});
		trials.traces[i] = trace_of(&trials);
	}
	search->tried = 1;
	keep_different(&trials);
	if ((int64_t) trials.n_edits * (trials.n_edits - 1) / 2 > SMALLEST_MAX_PAIRS)
		return;
	search->tried = 2;
	if (wants_pairs(&trials, true) || wants_pairs(&trials, false))
		try_pairs(&trials);
}

/*
 * src/pg/store/guard_findings.c
 *
 * What a statement is to answer for: the findings of the day as it is stored
 * now, less those that were there before.
 */
#include "postgres.h"

#include "pg/day_type.h"
#include "pg/server.h"
#include "pg/store/guard_findings.h"

NumberedLine
day_line_number(const Day *day, int line)
{
	const DayLine *of = &day->lines[line];

	return (NumberedLine) {of->claim_id, of->id_length, of->has_line_no, of->line_no, day_row(day, line)};
}

static int
compare_pointers(const void *x, const void *y)
{
	return compare_numbered(*(const NumberedLine *const *) x, *(const NumberedLine *const *) y);
}

/* The first that is not before a line. */
static int
place_in(const LineSet *set, const NumberedLine *line, int (*compare) (const NumberedLine *, const NumberedLine *))
{
	int			from = 0;
	int			to = set->n;

	while (from < to)
	{
		int			middle = from + (to - from) / 2;

		if (compare(&set->lines[middle], line) < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

static bool
is_in(const LineSet *set, const NumberedLine *line, int (*compare) (const NumberedLine *, const NumberedLine *))
{
	int			at = place_in(set, line, compare);

	return at < set->n && compare(&set->lines[at], line) == 0;
}

/* The lines of the day that the statement changed and that are stored; `written` has them in order. */
static LineSet
changed_lines_of(const Written *written)
{
	LineSet		set = {palloc(sizeof(NumberedLine) * ((Size) written->n + 1)), 0};
	int			i;

	for (i = 0; i < written->n; i++)
		if (written->lines[i].changed && !written->lines[i].moved)
			set.lines[set.n++] = written->lines[i].numbered;
	return set;
}

/*
 * The day as it was before the statement: without what it made, with what it
 * took away.  A line that is not stored any more cannot be left out.
 */
static void
day_before(const Day *now, const Written *written, Day *before)
{
	const NumberedLine **stored = palloc(sizeof(NumberedLine *) * ((Size) now->n_lines + 1));
	NumberedLine *numbers = palloc(sizeof(NumberedLine) * ((Size) now->n_lines + 1));
	int			made = 0;
	int			i;

	before->lines = palloc0(sizeof(DayLine) * ((Size) now->n_lines + written->n + 1));
	before->n_lines = 0;
	for (i = 0; i < now->n_lines; i++)
	{
		numbers[i] = day_line_number(now, i);
		stored[i] = &numbers[i];
	}
	qsort(stored, now->n_lines, sizeof(NumberedLine *), compare_pointers);
	while (made < written->n && !written->lines[made].made)
		made++;
	for (i = 0; i < now->n_lines; i++)
	{
		int			order = 1;

		while (made < written->n &&
			   (written->lines[made].moved || (order = compare_numbered(&written->lines[made].numbered, stored[i])) < 0))
			made++;
		if (made < written->n && order == 0)
			made++;
		else
			before->lines[before->n_lines++] = now->lines[stored[i] - numbers];
	}
	for (i = 0; i < written->n && !written->lines[i].made; i++)
	{
		const NumberedLine *gone = &written->lines[i].numbered;

		before->lines[before->n_lines++] = (DayLine) {.line = gone->line, .claim_id = gone->claim_id, .id_length = gone->id_length,
		.line_no = gone->line_no, .has_line_no = gone->has_line_no};
	}
	day_sort(before);
}

/* Is it a finding of the same rule on the same line, with the same other line or whatever other line? */
static bool
same_finding(const Day *a_day, const Finding *a, const Day *b_day, const Finding *b, bool any_other)
{
	NumberedLine a_line = day_line_number(a_day, a->line);
	NumberedLine b_line = day_line_number(b_day, b->line);

	if (a->rule != b->rule || compare_numbers(&a_line, &b_line) != 0)
		return false;
	if (any_other)
		return true;
	if (a->with < 0 || b->with < 0)
		return a->with < 0 && b->with < 0;
	a_line = day_line_number(a_day, a->with);
	b_line = day_line_number(b_day, b->with);
	return compare_numbers(&a_line, &b_line) == 0;
}

/*
 * Was the finding there before the statement?  Also where another partner is
 * named now, unless the statement wrote that one.
 */
static bool
was_there(const Day *now, const Finding *finding, const FindingSink *before, Severity at_least, const LineSet *changed)
{
	bool		any_other = true;
	int			i;

	if (finding->with >= 0)
	{
		NumberedLine other = day_line_number(now, finding->with);

		any_other = !is_in(changed, &other, compare_numbers);
	}
	for (i = 0; i < before->n_findings; i++)
		if (before->findings[i].severity >= at_least &&
			same_finding(now, finding, before->day, &before->findings[i], any_other))
			return true;
	return false;
}

/* The most severe first, those on written lines before others; then as they are numbered. */
static int
compare_answers(const void *x, const void *y, void *context)
{
	const AnsweredFinding *a = x;
	const AnsweredFinding *b = y;
	const Day  *day = context;
	NumberedLine a_line = day_line_number(day, a->finding->line);
	NumberedLine b_line = day_line_number(day, b->finding->line);
	int			order;

	if (a->finding->severity != b->finding->severity)
		return a->finding->severity > b->finding->severity ? -1 : 1;
	if (a->on_written != b->on_written)
		return a->on_written ? -1 : 1;
	order = compare_numbers(&a_line, &b_line);
	return order != 0 ? order : strcmp(rule_names[a->finding->rule], rule_names[b->finding->rule]);
}

static int
compare_lines(const void *x, const void *y)
{
	return compare_numbered(x, y);
}

void
line_set_sort(LineSet *set)
{
	qsort(set->lines, set->n, sizeof(NumberedLine), compare_lines);
}

int
answers_of(const Guard *guard, const AnsweredDay *answered, const Day *day, const FindingSink *sink, const LineSet *changed,
		   AnsweredFinding *findings)
{
	int			n = 0;
	int			i;

	for (i = 0; i < sink->n_findings; i++)
	{
		const Finding *finding = &sink->findings[i];
		NumberedLine line = day_line_number(day, finding->line);
		bool		on_written = is_in(changed, &line, compare_numbered);

		if (finding->severity >= guard->at_least &&
			(on_written || !was_there(day, finding, &answered->was, guard->at_least, changed)))
			findings[n++] = (AnsweredFinding) {finding, on_written};
	}
	return n;
}

bool
answer_for_day(Guard *guard, const Written *written, const Key *key, AnsweredDay *answered)
{
	Written		of_day = written_of_day(written, key);
	Datum		day;

	arena_init_context(&answered->arena, CurrentMemoryContext);
	answered->changed = changed_lines_of(&of_day);
	answered->n_findings = 0;
	if (!read_day(guard, key, &day))
		return false;
	day_from_flat((FlatDay *) PG_DETOAST_DATUM_COPY(day), &answered->arena, &answered->day);
	SPI_freetuptable(SPI_tuptable);
	day_before(&answered->day, &of_day, &answered->before);
	sink_init(&answered->sink, &answered->arena, NULL, SINK_FULL);
	judge_day(&answered->day, guard->rules, &answered->sink);
	sink_init(&answered->was, &answered->arena, NULL, SINK_BARE);
	judge_day(&answered->before, guard->rules, &answered->was);
	answered->all_written = answered->day.n_lines == answered->changed.n;
	answered->findings = palloc(sizeof(AnsweredFinding) * ((Size) answered->sink.n_findings + 1));
	answered->n_findings = answers_of(guard, answered, &answered->day, &answered->sink, &answered->changed, answered->findings);
	qsort_arg(answered->findings, answered->n_findings, sizeof(AnsweredFinding), compare_answers, &answered->day);
	return answered->n_findings > 0;
}

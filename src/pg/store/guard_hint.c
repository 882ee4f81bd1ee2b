/*
 * src/pg/store/guard_hint.c
 *
 * What would pass in place of a day that a guard refuses: suggestions are tried
 * on the day as the guard judges it, one by one and then one after the other.
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "pg/server.h"
#include "pg/store/guard_hint.h"

/* Suggestions that are tried one after the other. */
#define MAX_CHANGES		12

/* A day with other lines. */
typedef struct Trial
{
	const Guard *guard;
	const AnsweredDay *answered;
	int			n;
	DayLine    *lines;			/* of the day, not netted */
	LineBuffer *buffers;		/* of those that are changed */
	bool	   *is_changed;
	const char *conditions[MAX_CHANGES];
	int			n_conditions;
	/* how it was judged last */
	Arena		arena;
	Day			day;
	FindingSink sink;
	AnsweredFinding *findings;
	int			n_findings;
} Trial;

static void
trial_start(Trial *trial, const Guard *guard, const AnsweredDay *answered)
{
	int			n = answered->day.n_lines;
	int			i;

	memset(trial, 0, sizeof(Trial));
	trial->guard = guard;
	trial->answered = answered;
	trial->n = n;
	trial->lines = palloc0(sizeof(DayLine) * (Size) n);
	trial->buffers = palloc(sizeof(LineBuffer) * (Size) n);
	trial->is_changed = palloc0(sizeof(bool) * (Size) n);
	arena_init_context(&trial->arena, CurrentMemoryContext);
	for (i = 0; i < n; i++)
	{
		const DayLine *of = &answered->day.lines[i];

		trial->lines[i] = (DayLine) {.line = day_row(&answered->day, i), .claim_id = of->claim_id, .id_length = of->id_length,
		.line_no = of->line_no, .has_line_no = of->has_line_no, .reason = of->reason};
	}
}

/* What the statement would have changed: its lines, those that are changed as they are now. */
static LineSet
changed_now(const Trial *trial)
{
	const LineSet *was = &trial->answered->changed;
	LineSet		now = {palloc(sizeof(NumberedLine) * ((Size) was->n + trial->n)), was->n};
	int			i;
	int			c;

	memcpy(now.lines, was->lines, sizeof(NumberedLine) * (Size) was->n);
	for (i = 0; i < trial->n; i++)
	{
		NumberedLine before = day_line_number(&trial->answered->day, i);
		NumberedLine after = before;

		if (!trial->is_changed[i])
			continue;
		after.line = trial->lines[i].line;
		for (c = 0; c < was->n; c++)
			if (compare_numbered(&now.lines[c], &before) == 0)
				break;
		now.lines[c < was->n ? c : now.n++] = after;
	}
	line_set_sort(&now);
	return now;
}

/* Judge the day with the lines as they are; returns how many findings the statement would answer for. */
static int
trial_judge(Trial *trial, SinkMode mode)
{
	LineSet		changed = changed_now(trial);

	arena_reset(&trial->arena);
	trial->day.n_lines = trial->n;
	trial->day.lines = palloc(sizeof(DayLine) * (Size) trial->n);
	memcpy(trial->day.lines, trial->lines, sizeof(DayLine) * (Size) trial->n);
	day_sort(&trial->day);
	sink_init(&trial->sink, &trial->arena, NULL, mode);
	judge_day(&trial->day, trial->guard->rules, &trial->sink);
	trial->findings = palloc(sizeof(AnsweredFinding) * ((Size) trial->sink.n_findings + 1));
	trial->n_findings = answers_of(trial->guard, trial->answered, &trial->day, &trial->sink, &changed, trial->findings);
	return trial->n_findings;
}

/* Change a line as a suggestion has it; false where it cannot be. */
static bool
trial_change(Trial *trial, int line, const Change *change, const char *condition)
{
	LineBuffer	changed;

	if (trial->lines[line].line == NULL || trial->n_conditions == MAX_CHANGES ||
		!change_apply(trial->guard->rules, trial->lines[line].line, change, &changed))
		return false;
	trial->buffers[line] = changed;
	trial->lines[line].line = &trial->buffers[line].line;
	trial->is_changed[line] = true;
	trial->conditions[trial->n_conditions++] = condition == NULL ? NULL : pstrdup(condition);
	return true;
}

/* Which line of the trial is a line of its day? */
static int
line_of(const Trial *trial, int line)
{
	NumberedLine number = day_line_number(&trial->day, line);
	int			i;

	for (i = 0; i < trial->n; i++)
	{
		NumberedLine other = {trial->lines[i].claim_id, trial->lines[i].id_length, trial->lines[i].has_line_no,
		trial->lines[i].line_no, trial->lines[i].line};

		if (compare_numbered(&number, &other) == 0)
			return i;
	}
	return -1;
}

/* One after the other, what the findings suggest that are left. */
static bool
passes_together(Trial *trial)
{
	while (trial_judge(trial, SINK_FULL) > 0)
	{
		int			i;

		for (i = 0; i < trial->n_findings; i++)
		{
			const Finding *finding = trial->findings[i].finding;

			if (finding->change.kind != CHANGE_NONE &&
				trial_change(trial, line_of(trial, finding->line), &finding->change, finding->condition))
				break;
		}
		if (i == trial->n_findings)
			return false;
	}
	return true;
}

/* ", if the record shows that ...; and ..." */
static void
put_conditions(StringInfo hint, const Trial *trial)
{
	int			i;
	int			j;
	const char *before = ", if ";

	for (i = 0; i < trial->n_conditions; i++)
	{
		for (j = 0; j < i; j++)
			if (trial->conditions[j] != NULL && trial->conditions[i] != NULL && strcmp(trial->conditions[i], trial->conditions[j]) == 0)
				break;
		if (trial->conditions[i] == NULL || j < i)
			continue;
		appendStringInfo(hint, "%s%s", before, trial->conditions[i]);
		before = "; and ";
	}
}

/* A line that is not the one that the error names is said with its number. */
static char *
said(const Trial *trial)
{
	int			named = trial->answered->findings[0].finding->line;
	StringInfoData hint;
	char		text[LINE_TEXT];
	int			n = 0;
	int			at = 0;
	int			i;

	for (i = 0; i < trial->n; i++)
		n += trial->is_changed[i];
	initStringInfo(&hint);
	appendStringInfoString(&hint, n == 1 ? "Bill " : "Only together, bill ");
	for (i = 0; i < trial->n; i++)
	{
		const DayLine *line = &trial->lines[i];

		if (!trial->is_changed[i])
			continue;
		line_to_text(line->line, text);
		appendStringInfo(&hint, "%s%s", at == 0 ? "" : at == n - 1 ? " and " : ", ", text);
		if ((n > 1 || i != named) && line->claim_id != NULL)
			appendStringInfo(&hint, " for claim %.*s", (int) line->id_length, line->claim_id);
		if ((n > 1 || i != named) && line->has_line_no)
			appendStringInfo(&hint, " line %d", line->line_no);
		at++;
	}
	put_conditions(&hint, trial);
	appendStringInfoChar(&hint, '.');
	return hint.data;
}

char *
guard_hint(const Guard *guard, const AnsweredDay *answered)
{
	Trial		trial;
	int			i;

	for (i = 0; i < answered->n_findings; i++)
	{
		const Finding *finding = answered->findings[i].finding;

		trial_start(&trial, guard, answered);
		if (finding->change.kind != CHANGE_NONE && trial_change(&trial, finding->line, &finding->change, finding->condition) &&
			trial_judge(&trial, SINK_BARE) == 0)
			return said(&trial);
		arena_release(&trial.arena);
	}
	trial_start(&trial, guard, answered);
	return passes_together(&trial) ? said(&trial) : NULL;
}

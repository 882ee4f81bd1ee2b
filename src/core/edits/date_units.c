/*
 * src/core/edits/date_units.c
 *
 * Units of a code that count on a date.
 */
#include "edits/date_units.h"

#include "edits/facts.h"

int64_t
units_a_date(const DayLine *line)
{
	int64_t		dates = line_days(line->line);

	if (!is_payable(line))
		return 0;
	return dates == 1 ? line->line->units : ((int64_t) line->line->units + 500 * dates) / (1000 * dates) * 1000;
}

static void
add_units_on(const Day *day, int first, DateUnits *sum)
{
	int			i;

	for (i = first; i >= 0; i = next_of_code(day, i))
	{
		int64_t		units = line_is_of(day->lines[i].line, sum->date) ? units_a_date(&day->lines[i]) : 0;

		sum->units += units;
		sum->n_lines += units > 0;
	}
}

DateUnits *
code_date_units(const Day *day, Arena *arena, int first, int *n)
{
	DateUnits  *sums;
	int			i;

	*n = 0;
	for (i = first; i >= 0; i = next_of_code(day, i))
		(*n)++;
	sums = arena_alloc(arena, sizeof(DateUnits) * (size_t) *n);
	*n = 0;
	for (i = first; i >= 0; i = next_of_code(day, i), (*n)++)
	{
		int32_t		date = day->lines[i].line->dos;

		arena_pause(arena);
		if (*n > 0 && sums[*n - 1].date == date)
		{
			sums[*n] = sums[*n - 1];
			continue;
		}
		sums[*n] = (DateUnits) {date, i, 0, 0};
		add_units_on(day, first, &sums[*n]);
	}
	return sums;
}

/* "97124 x40 from 2024-08-05 to 2024-08-09 is x8 a day, rounded" */
static const char *
span_text(const FindingSink *sink, int i)
{
	const DayLine *on = &sink->day->lines[i];
	char		code[CODE_TEXT],
				units[UNITS_TEXT],
				from[DATE_TEXT],
				to[DATE_TEXT];

	return arena_printf(sink->arena, "%s x%s from %s to %s is x%s a day, rounded", code_to_text(on->line->code, code),
						units_to_text(on->line->units, units), date_to_text(on->line->dos, from),
						date_to_text(line_last_date(on->line), to), total_text(sink->arena, units_a_date(on)));
}

const char *
date_units_text(const FindingSink *sink, int line, const DateUnits *billed)
{
	const Line *on = sink->day->lines[line].line;
	const char *total = total_text(sink->arena, billed->units);
	char		code[CODE_TEXT],
				date[DATE_TEXT];

	if (is_span(on))
		return arena_printf(sink->arena, "%s; x%s on %s", span_text(sink, line), total, date_to_text(billed->date, date));
	return arena_printf(sink->arena, "%s x%s on this date of service", code_to_text(on->code, code), total);
}

const char *
line_units_text(const FindingSink *sink, int line)
{
	const Line *on = sink->day->lines[line].line;
	char		code[CODE_TEXT],
				units[UNITS_TEXT];

	if (is_span(on))
		return arena_printf(sink->arena, "%s, on this line", span_text(sink, line));
	return arena_printf(sink->arena, "%s x%s on this line", code_to_text(on->code, code),
						units_to_text(on->units, units));
}

void
add_date_units(FindingSink *sink, Finding *finding, const DateUnits *billed)
{
	const DayLine *line = &sink->day->lines[finding->line];
	const Line *on = line->line;

	FINDING_FACTS(sink, finding, FACT(CODE, on->code));
	if (is_span(on))
		FINDING_FACTS(sink, finding, FACT(LINE_UNITS, on->units), FACT(FROM, on->dos), FACT(TO, line_last_date(on)), FACT(UNITS_A_DATE, units_a_date(line)),
					  FACT(BILLED, billed != NULL ? billed->units : FACT_NONE), FACT(COUNTED_ON, billed != NULL ? billed->date : FACT_NONE));
	else
		FINDING_FACTS(sink, finding, FACT(BILLED, billed != NULL ? billed->units : on->units));
}

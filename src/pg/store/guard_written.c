/*
 * src/pg/store/guard_written.c
 *
 * The lines that a statement made and took away.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "pg/line_type.h"
#include "pg/store/guard_written.h"
#include "utils/array.h"

int
compare_numbers(const NumberedLine *a, const NumberedLine *b)
{
	int			order;

	if ((a->claim_id == NULL) != (b->claim_id == NULL))
		return a->claim_id == NULL ? 1 : -1;
	if (a->claim_id != NULL)
	{
		order = memcmp(a->claim_id, b->claim_id, Min(a->id_length, b->id_length));
		if (order != 0)
			return order;
		if (a->id_length != b->id_length)
			return a->id_length < b->id_length ? -1 : 1;
	}
	if (a->has_line_no != b->has_line_no)
		return a->has_line_no ? -1 : 1;
	return !a->has_line_no || a->line_no == b->line_no ? 0 : a->line_no < b->line_no ? -1 : 1;
}

int
compare_numbered(const NumberedLine *a, const NumberedLine *b)
{
	int			order = compare_numbers(a, b);

	if (order != 0)
		return order;
	if (a->line == NULL || b->line == NULL)
		return (a->line == NULL) - (b->line == NULL);
	return line_compare(a->line, b->line);
}

NumberedLine
numbered_line(uint64 row, int at)
{
	NumberedLine numbered = {NULL};
	bool		is_null;
	Datum		value = sql_column(row, at, &is_null);

	if (!is_null)
	{
		text	   *claim_id = DatumGetTextPP(value);

		numbered.claim_id = VARDATA_ANY(claim_id);
		numbered.id_length = VARSIZE_ANY_EXHDR(claim_id);
	}
	value = sql_column(row, at + 1, &is_null);
	numbered.has_line_no = !is_null;
	numbered.line_no = is_null ? 0 : DatumGetInt32(value);
	value = sql_column(row, at + 2, &is_null);
	if (!is_null)
		numbered.line = DatumGetLine(value);
	return numbered;
}

/* ------------------------------------------------- the transition tables */

/* columns of what is read */
enum
{
	WRITTEN_HASH = 1, WRITTEN_MADE, WRITTEN_CLAIM_ID, WRITTEN_LINE_NO, WRITTEN_LINE, WRITTEN_ROW, WRITTEN_REPLACED
};

#define WRITTEN_COLUMNS(made)	DAY_HASH("") " AS hash, " made ", claim_id, line_no, line, "

/*
 * A SELECT of both transition tables.  A new row of an update comes with the
 * row that it replaced: nothing but their places in the two tables tells, which
 * are filled row by row.
 */
static const char *
written_select(const Guard *guard, Event event)
{
	const char *made = NULL;
	const char *gone = NULL;

	if (event != EVENT_INSERT)
		gone = psprintf("SELECT " WRITTEN_COLUMNS("false") "NULL::jsonb, NULL::jsonb FROM (%s) o", guard->old_lines);
	if (event != EVENT_DELETE && guard->action != ACTION_QUARANTINE)
		made = psprintf("SELECT " WRITTEN_COLUMNS("true") "NULL::jsonb, NULL::jsonb FROM (%s) n", guard->new_lines);
	else if (event == EVENT_INSERT)
		made = psprintf("SELECT " WRITTEN_COLUMNS("true") "row_data, NULL::jsonb FROM (%s) n", guard->new_rows);
	else if (event == EVENT_UPDATE)
		made = psprintf("SELECT " WRITTEN_COLUMNS("true") "n.row_data, o.row_data FROM (%s) n "
						"LEFT JOIN (SELECT to_jsonb(x.*)%s AS row_data, row_number() OVER () AS row_place FROM " OLD_LINES " x) o "
						"USING (row_place)", guard->new_rows, guard->not_stored);
	return made == NULL ? gone : gone == NULL ? made : psprintf("%s UNION ALL %s", made, gone);
}

static Jsonb *
jsonb_column(uint64 row, int at)
{
	bool		is_null;
	Datum		value = sql_column(row, at, &is_null);

	return is_null ? NULL : DatumGetJsonbP(value);
}

/* By day; what was taken away before what was made; by line. */
static int
compare_written(const void *x, const void *y)
{
	const WrittenLine *a = x;
	const WrittenLine *b = y;

	if (a->day != b->day)
		return a->day < b->day ? -1 : 1;
	if (a->made != b->made)
		return a->made ? 1 : -1;
	return compare_numbered(&a->numbered, &b->numbered);
}

/*
 * Which lines of a day, in that order, were made and not just written again as
 * they were: each line taken away makes up for one.
 */
static void
mark_changed(WrittenLine *lines, int n)
{
	int			gone = 0;
	int			made = 0;
	int			first_made;

	while (made < n && !lines[made].made)
		made++;
	for (first_made = made; made < n; made++)
	{
		int			order = -1;

		while (gone < first_made && (order = compare_numbered(&lines[gone].numbered, &lines[made].numbered)) < 0)
			gone++;
		lines[made].changed = gone == first_made || order != 0;
		if (!lines[made].changed)
			gone++;
	}
}

void
read_written(const Guard *guard, Event event, const Key *keys, int n, Written *written)
{
	Datum	   *hashes = palloc(sizeof(Datum) * (Size) n);
	Oid			types[] = {INT8ARRAYOID};
	Datum		values[1];
	int			from;
	int			i;

	for (i = 0; i < n; i++)
		hashes[i] = Int64GetDatum(keys[i].hash);
	values[0] = sql_array(hashes, NULL, n, INT8OID);
	sql_execute_once(psprintf("SELECT * FROM (%s) c WHERE hash = ANY ($1)", written_select(guard, event)),
					 1, types, values, NULL, true);
	written->n = (int) SPI_processed;
	written->lines = palloc_extended(sizeof(WrittenLine) * ((Size) written->n + 1), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	for (i = 0; i < written->n; i++)
	{
		WrittenLine *line = &written->lines[i];
		bool		is_null;

		line->day = DatumGetInt64(sql_column(i, WRITTEN_HASH, &is_null));
		line->made = DatumGetBool(sql_column(i, WRITTEN_MADE, &is_null));
		line->numbered = numbered_line(i, WRITTEN_CLAIM_ID);
		line->row_data = jsonb_column(i, WRITTEN_ROW);
		line->replaced = jsonb_column(i, WRITTEN_REPLACED);
	}
	if (written->n > 1)
		qsort(written->lines, written->n, sizeof(WrittenLine), compare_written);
	for (from = 0; from < written->n; from = i)
	{
		for (i = from; i < written->n && written->lines[i].day == written->lines[from].day; i++)
			;
		mark_changed(written->lines + from, i - from);
	}
}

Written
written_of_day(const Written *written, const Key *key)
{
	Written		day = {written->lines, 0};
	int			from = 0;
	int			to = written->n;

	while (from < to)
	{
		int			middle = from + (to - from) / 2;

		if (written->lines[middle].day < key->hash)
			from = middle + 1;
		else
			to = middle;
	}
	day.lines += from;
	while (from + day.n < written->n && day.lines[day.n].day == key->hash)
		day.n++;
	return day;
}

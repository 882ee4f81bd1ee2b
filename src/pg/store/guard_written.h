/*
 * src/pg/store/guard_written.h
 *
 * The lines that a statement made and took away, from its transition tables.
 * Called within SPI.
 */
#ifndef CLAIMLINE_GUARD_WRITTEN_H
#define CLAIMLINE_GUARD_WRITTEN_H

#include "line/line.h"
#include "pg/store/guard_days.h"
#include "utils/jsonb.h"

/* A line with its number, as findings name it. */
typedef struct NumberedLine
{
	const char *claim_id;		/* not terminated; NULL for none */
	uint32		id_length;
	bool		has_line_no;
	int32		line_no;
	const Line *line;			/* NULL where the row is no line */
} NumberedLine;

/* One of the lines that a statement made or took away. */
typedef struct WrittenLine
{
	int64		day;			/* hash of its day */
	NumberedLine numbered;
	bool		made;			/* else taken away */
	bool		changed;		/* made, and no line that was taken away is its equal */
	/* where rows are moved aside, of a line that was made: */
	Jsonb	   *row_data;		/* its row */
	Jsonb	   *replaced;		/* the row that it replaced, or NULL */
	bool		moved;			/* it was: one that is stored and equal is another's */
} WrittenLine;

/* By day. */
typedef struct Written
{
	WrittenLine *lines;
	int			n;
} Written;

/* An order by claim id and line number, nulls last; and then by line.  Equal ones are the same. */
extern int	compare_numbers(const NumberedLine *a, const NumberedLine *b);
extern int	compare_numbered(const NumberedLine *a, const NumberedLine *b);

/* A claim id, a line number and a line out of columns `at` and on of a row that was read. */
extern NumberedLine numbered_line(uint64 row, int at);

/* What the statement made and took away of these days. */
extern void read_written(const Guard *guard, Event event, const Key *keys, int n, Written *written);

/* Those of a day. */
extern Written written_of_day(const Written *written, const Key *key);

#endif							/* CLAIMLINE_GUARD_WRITTEN_H */

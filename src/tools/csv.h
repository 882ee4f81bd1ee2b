/*
 * src/tools/csv.h
 *
 * The CSV files of data/, for build tools: whatever is wrong with one ends the program.
 */
#ifndef CLAIMLINE_CSV_H
#define CLAIMLINE_CSV_H

#include <stdbool.h>

#define CSV_MAX_CELLS	16

/* A CSV file: records of cells, all in memory. */
typedef struct Csv
{
	char		path[512];
	char	   *at;				/* what is still to be read */
	int			line;
	int			n_header;
	char	   *header[CSV_MAX_CELLS];
	int			n_cells;
	char	   *cells[CSV_MAX_CELLS];
} Csv;

/* Opens DIRECTORY/TABLE.csv and reads its header. */
extern void csv_open(Csv *csv, const char *directory, const char *table);

/* Reads the next record into csv->cells; false at the end of the file. */
extern bool csv_row(Csv *csv);

/* The cell of a column; NULL if the file has no such column. */
extern const char *csv_cell(const Csv *csv, const char *column);

/* Ends the program with a message about the record that was read last. */
extern _Noreturn void csv_die(const Csv *csv, const char *message);

#endif							/* CLAIMLINE_CSV_H */

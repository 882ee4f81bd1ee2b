/*
 * src/tools/csv.c
 *
 * Reads the CSV files of data/: cells with quotes or without, none with a line end in it.
 */
#include "csv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
csv_die(const Csv *csv, const char *message)
{
	fprintf(stderr, "%s:%d: %s\n", csv->path, csv->line, message);
	exit(1);
}

static bool
next_record(Csv *csv)
{
	char	   *at = csv->at;
	char		end;

	if (*at == '\0')
		return false;
	csv->line++;
	csv->n_cells = 0;
	do
	{
		char	   *to = at;

		if (csv->n_cells == CSV_MAX_CELLS)
			csv_die(csv, "too many cells");
		csv->cells[csv->n_cells++] = to;
		if (*at == '"')
		{
			for (at++; *at != '"' || at[1] == '"'; at++)
			{
				if (*at == '\0' || *at == '\n')
					csv_die(csv, "a quoted cell does not end");
				if (*at == '"')
					at++;
				*to++ = *at;
			}
			at++;
		}
		else
			while (*at != ',' && *at != '\n' && *at != '\0')
				*to++ = *at++;
		end = *at;
		if (end != ',' && end != '\n' && end != '\0')
			csv_die(csv, "text behind a quoted cell");
		if (end != '\0')
			at++;
		*to = '\0';
	} while (end == ',');
	csv->at = at;
	return true;
}

void
csv_open(Csv *csv, const char *directory, const char *table)
{
	FILE	   *file;
	long		size;
	char	   *text;

	memset(csv, 0, sizeof(*csv));
	snprintf(csv->path, sizeof(csv->path), "%s/%s.csv", directory, table);
	file = fopen(csv->path, "rb");
	if (file == NULL || fseek(file, 0, SEEK_END) != 0 || (size = ftell(file)) < 0)
		csv_die(csv, "cannot be read");
	rewind(file);
	text = malloc((size_t) size + 1);
	if (text == NULL || fread(text, 1, (size_t) size, file) != (size_t) size)
		csv_die(csv, "cannot be read");
	text[size] = '\0';
	fclose(file);
	csv->at = text;
	if (!next_record(csv))
		csv_die(csv, "is empty");
	csv->n_header = csv->n_cells;
	memcpy(csv->header, csv->cells, sizeof(csv->cells));
}

bool
csv_row(Csv *csv)
{
	if (!next_record(csv))
		return false;
	if (csv->n_cells != csv->n_header)
		csv_die(csv, "has another number of cells than the header");
	return true;
}

const char *
csv_cell(const Csv *csv, const char *column)
{
	int			i;

	for (i = 0; i < csv->n_header; i++)
		if (strcmp(csv->header[i], column) == 0)
			return csv->cells[i];
	return NULL;
}

/*
 * src/tools/mktables.c
 *
 * Build tool: reads the CSV files of data/ that fill tables and writes the INSERTs of the extension script,
 * which cannot copy from files.  usage: mktables DATA_DIRECTORY > tables.sql
 */
#include "csv.h"

#include <stdio.h>
#include <string.h>

static const struct
{
	const char *file;
	const char *table;
}			tables[] = {
	{"fees", "claim_rvu"},
	{"conversion_factors", "claim_conversion_factor"},
	{"multiple_procedure", "claim_multiple_procedure"},
	{"fee_modifiers", "claim_fee_modifier"},
	{"presets", "claim_preset"},
};

#define N_TABLES	(sizeof(tables) / sizeof(tables[0]))

/* As quote_literal() writes it; an empty cell is null. */
static void
write_value(const char *cell)
{
	if (*cell == '\0')
	{
		fputs("NULL", stdout);
		return;
	}
	fputs(strchr(cell, '\\') != NULL ? "E'" : "'", stdout);
	for (; *cell != '\0'; cell++)
	{
		if (*cell == '\'' || *cell == '\\')
			putchar(*cell);
		putchar(*cell);
	}
	putchar('\'');
}

/* FROM and TO are words of SQL. */
static void
write_column(const char *name)
{
	bool		valid = strcmp(name, "from") == 0 || strcmp(name, "to") == 0;

	printf(", %s%s", valid ? "valid_" : "", name);
}

static void
write_table(const char *directory, const char *file, const char *table)
{
	Csv			csv;
	const char *before = "";
	int			i;

	csv_open(&csv, directory, file);
	printf("\nINSERT INTO %s (shipped", table);
	for (i = 0; i < csv.n_header; i++)
		write_column(csv.header[i]);
	fputs(") VALUES", stdout);
	for (; csv_row(&csv); before = ",")
	{
		printf("%s\n\t(true", before);
		for (i = 0; i < csv.n_cells; i++)
		{
			fputs(", ", stdout);
			write_value(csv.cells[i]);
		}
		putchar(')');
	}
	puts(";");
}

int
main(int argc, char **argv)
{
	size_t		t;

	if (argc != 2)
	{
		fputs("usage: mktables DATA_DIRECTORY > tables.sql\n", stderr);
		return 2;
	}
	for (t = 0; t < N_TABLES; t++)
		write_table(argv[1], tables[t].file, tables[t].table);
	return ferror(stdout) || fflush(stdout) != 0;
}

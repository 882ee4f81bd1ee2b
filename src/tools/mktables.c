/*
 * src/tools/mktables.c
 *
 * Build tool: reads the CSV files of data/ that fill tables and writes the INSERTs of the extension script,
 * which cannot copy from files; facts and reasons, as functions; and sql/columns.csv, what the columns of
 * public relations are, as comments.
 * usage: mktables DATA_DIRECTORY SQL_DIRECTORY > tables.sql
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
	{"words", "claim_word"},
	{"fhir", "claim_fhir_word"},
	{"payments", "claim_payment_word"},
	{"denials", "claim_denial"},
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
	printf("\nINSERT INTO @extschema@.%s (shipped", table);
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

/* A function that returns the rows of a file: its columns and its comment. */
static void
write_function(const char *directory, const char *file, const char *columns, const char *comment)
{
	Csv			csv;
	const char *before = "";
	int			i;

	csv_open(&csv, directory, file);
	printf("\nCREATE FUNCTION claim_%s(%s) RETURNS SETOF record\n"
		   "\tLANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE ROWS 80\n\tBEGIN ATOMIC\n\t\tVALUES\n", file, columns);
	for (; csv_row(&csv); before = ",\n")
	{
		printf("%s\t\t\t(", before);
		for (i = 0; i < csv.n_cells; i++)
		{
			fputs(i == 0 ? "" : ", ", stdout);
			write_value(csv.cells[i]);
			fputs("::text", stdout);
		}
		putchar(')');
	}
	printf(";\n\tEND;\nCOMMENT ON FUNCTION claim_%s() IS\n\t%s;\n", file, comment);
}

/* A row has one meaning for the columns of a name in several relations, separated by blanks. */
static void
write_comments(const char *directory)
{
	Csv			csv;

	csv_open(&csv, directory, "columns");
	putchar('\n');
	while (csv_row(&csv))
	{
		const char *relation = csv_cell(&csv, "relations");

		while (*relation != '\0')
		{
			int			length = (int) strcspn(relation, " ");

			printf("COMMENT ON COLUMN %.*s.%s IS ", length, relation, csv_cell(&csv, "column"));
			write_value(csv_cell(&csv, "says"));
			puts(";");
			relation += length;
			relation += strspn(relation, " ");
		}
	}
}

int
main(int argc, char **argv)
{
	size_t		t;

	if (argc != 3)
	{
		fputs("usage: mktables DATA_DIRECTORY SQL_DIRECTORY > tables.sql\n", stderr);
		return 2;
	}
	for (t = 0; t < N_TABLES; t++)
		write_table(argv[1], tables[t].file, tables[t].table);
	write_function(argv[1], "facts", "OUT fact text, OUT type text, OUT unit text, OUT meaning text",
				   "'the facts of findings, keys of the column facts: what each is (type: text, integer, units, date, time, code, modifier; '\n"
				   "\t'texts, codes, modifiers, dx and regions are arrays), its unit, null where it has none, and its meaning'");
	write_function(argv[1], "reasons", "OUT reason text, OUT state text, OUT meaning text",
				   "'the reasons of claim_explain(): what a rule is to a line for each (state: passed, fired, not applicable, undecided), '\n"
				   "\t'and its meaning; where several hold the later one is told'");
	write_comments(argv[2]);
	return ferror(stdout) || fflush(stdout) != 0;
}

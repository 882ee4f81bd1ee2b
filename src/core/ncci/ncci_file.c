/*
 * src/core/ncci/ncci_file.c
 *
 * Checks every record of a file that CMS publishes, and the records against
 * each other.  Layouts: NCCI 2026 files (practitioner and hospital PTP text
 * ccipra/ccioph, MUE tables of practitioner, outpatient hospital and DME).
 */
#include "ncci/ncci_file.h"

#include "ncci/ncci_addon.h"
#include "line/stored_field.h"
#include "ruleset/ruleset_spec.h"

#include <stdlib.h>
#include <string.h>

const char *const ncci_service_types[] = {
	"practitioner", "outpatient", "dme",
	"medicaid-practitioner", "medicaid-outpatient", "medicaid-dme", NULL
};

/*
 * What the heading of an MUE file calls them.  Medicaid's files have a layout
 * of their own, which claimline-ncci brings into this one under these headings.
 */
static const char *const mue_headings[] = {
	"Practitioner Services MUE Values", "Outpatient Hospital Services MUE Values",
	"DME Supplier Services MUE Values",
	"Medicaid Practitioner Services MUE Values", "Medicaid Outpatient Hospital Services MUE Values",
	"Medicaid DME Services MUE Values"
};

static const char *const ptp_heading[NCCI_PTP_FIELDS] = {
	"Column 1", "Column 2", "*=in existence", "Effective", "Deletion", "Modifier", "PTP Edit Rationale"
};

void
ncci_file_begin(NcciFile *file, Arena *arena, NcciKind kind, const char *service_type)
{
	memset(file, 0, sizeof(*file));
	file->arena = arena;
	file->kind = kind;
	file->service_type = service_type;
	file->n_parts = 1;
}

/* -------------------------------------------------------- what is wrong */

/* "file 2 line 27", as an editor counts. */
static const char *
place(NcciFile *file, uint32_t line)
{
	uint32_t	part = file->n_parts;

	while (part > 1 && file->parts[part - 1] >= line)
		part--;
	if (file->n_parts == 1)
		return arena_printf(file->arena, "line %u", line - file->parts[0]);
	return arena_printf(file->arena, "file %u line %u", part, line - file->parts[part - 1]);
}

void
ncci_bad_record(NcciFile *file, uint32_t line, const char *what)
{
	if (file->n_bad++ < NCCI_BAD_SHOWN)
	{
		file->bad[file->n_bad - 1].line = line;
		file->bad[file->n_bad - 1].what = arena_printf(file->arena, "%s", what);
	}
}

const char *
ncci_file_bad(NcciFile *file, uint32_t i)
{
	return arena_printf(file->arena, "%s: %s", place(file, file->bad[i].line), file->bad[i].what);
}

/* The whole part is of no use. */
void
ncci_refuse_part(NcciFile *file, const char *what)
{
	ncci_bad_record(file, file->lines, what);
	file->refused = true;
}

/* --------------------------------------------------------------- fields */

/* On one line: line breaks and blanks between words are one blank. */
static Word
one_line(NcciFile *file, Word field)
{
	char	   *text = arena_alloc(file->arena, field.length + 1);
	size_t		length = 0;
	size_t		i;

	for (i = 0; i < field.length; i++)
	{
		bool		blank = is_blank(field.text[i]) || field.text[i] == '\n' || field.text[i] == '\r';

		if (!blank)
			text[length++] = field.text[i];
		else if (length > 0 && text[length - 1] != ' ')
			text[length++] = ' ';
	}
	return word_trim((Word) {text, length, 0});
}

/* YYYYMMDD */
static bool
file_date(NcciFile *file, const char *what, Word field, int32_t *date, Fault *why)
{
	/* neighbours have the same dates, mostly */
	if (field.length == 8 && memcmp(field.text, file->last_date, 8) == 0)
	{
		*date = file->last_date_value;
		return true;
	}
	if (stored_date_by(field, (Word) {"YYYYMMDD", 8, 0}, date) && field.length == 8 && pair_date_fits(*date, why))
	{
		memcpy(file->last_date, field.text, 8);
		file->last_date_value = *date;
		return true;
	}
	return fault(why, FAULT_SYNTAX, 0, "%s \"%s\" is not a date YYYYMMDD from 1980 to 2159",
				 what, WORD_SHOWN(field));
}

/* The number of a rationale, from 1; 0 for one more than there is room for. */
static uint32_t
rationale_number(NcciFile *file, Word field, uint32_t most)
{
	char	   *copy;
	uint32_t	i;

	if (file->last_rationale != 0 && word_is(field, file->rationales[file->last_rationale - 1]))
		return file->last_rationale;
	for (i = 0; i < file->n_rationales && !word_is(field, file->rationales[i]); i++)
		;
	if (i == most)
		return 0;
	if (i == file->n_rationales)
	{
		copy = arena_alloc(file->arena, field.length + 1);
		memcpy(copy, field.text, field.length);
		copy[field.length] = '\0';
		file->rationale_lines[i] = file->lines;
		file->rationales[file->n_rationales++] = copy;
	}
	return file->last_rationale = i + 1;
}

static bool
file_rationale(NcciFile *file, Word field, uint32_t *number, Fault *why)
{
	if (field.length == 0)
		return fault(why, FAULT_MISSING, 0, "Rationale is missing");
	if (!check_text("Rationale", field, why))
		return false;
	*number = rationale_number(file, field, MAX_RATIONALES);
	return *number != 0 ||
		fault(why, FAULT_RANGE, 0, "Rationale \"%s\" is one more than the %d that an edition can have",
			  WORD_SHOWN(field), MAX_RATIONALES);
}

static bool
all_blank(const Word *fields, int n)
{
	int			i;

	for (i = 0; i < n; i++)
		if (word_trim(fields[i]).length > 0)
			return false;
	return true;
}

/* ------------------------------------------------------------ PTP records */

/* A column's heading is another one than that of the layout. */
static void
refuse_heading(NcciFile *file, int column, Word found, const char *expected)
{
	ncci_refuse_part(file, arena_printf(file->arena,
								   "the heading of column %d is \"%s\", must be \"%s\": not the layout of a CMS %s file",
								   column + 1, WORD_SHOWN(found), expected,
								   file->kind == NCCI_PTP ? "PTP" : "MUE"));
}

static void
read_ptp_heading(NcciFile *file, const Word *fields)
{
	int			i;

	for (i = 0; i < NCCI_PTP_FIELDS; i++)
		if (!word_is(word_trim(fields[i]), ptp_heading[i]))
		{
			refuse_heading(file, i, word_trim(fields[i]), ptp_heading[i]);
			return;
		}
	file->headed = true;
}

void
ncci_add_pair(NcciFile *file, const SourcePair *pair)
{
	if (file->n_rows == file->capacity)
		file->pairs = arena_grow(file->arena, file->pairs, sizeof(SourcePair),
								 file->n_rows, &file->capacity);
	file->pairs[file->n_rows++] = *pair;
}

static void
read_ptp(NcciFile *file, const Word *fields, Fault *why)
{
	SourcePair	pair;
	Word		indicator = word_trim(fields[5]);
	uint32_t	column_2,
				rationale = 0;
	int32_t		from,
				to = DATE_END;

	if (!code_from_text(word_trim(fields[0]), &pair.column_1, why) ||
		!code_from_text(word_trim(fields[1]), &column_2, why) ||
		!file_date(file, "Effective date", word_trim(fields[3]), &from, why) ||
		(!word_is(word_trim(fields[4]), "*") &&
		 !file_date(file, "Deletion date", word_trim(fields[4]), &to, why)))
		return;
	if (pair.column_1 == column_2)
		fault(why, FAULT_RANGE, 0, "Column one and column two are the same code");
	else if (from > to)
		fault(why, FAULT_RANGE, 0, "Deletion date \"%s\" is before the effective date \"%s\"",
			  WORD_SHOWN(fields[4]), WORD_SHOWN(fields[3]));
	else if (indicator.length != 1 || memchr("019", indicator.text[0], 3) == NULL)
		fault(why, FAULT_RANGE, 0, "Modifier indicator \"%s\" must be 0, 1 or 9", WORD_SHOWN(indicator));
	else if (file_rationale(file, word_trim(fields[6]), &rationale, why))
	{
		pair.line = file->lines;
		pair.row.packed = pair_packed(column_2, indicator.text[0] == '9' ? PAIR_NEVER
									  : (uint32_t) (indicator.text[0] - '0'), rationale);
		pair.row.from = pair_day(from);
		pair.row.to = pair_day(to);
		ncci_add_pair(file, &pair);
	}
}

static void
ptp_record(NcciFile *file, const Word *fields)
{
	Fault		why = {FAULT_NONE, "", NULL};

	file->lines++;
	/* the first line of a part */
	if (word_starts(fields[0], "CPT only copyright"))
	{
		if (file->lines > 1 && file->n_parts < NCCI_MAX_PARTS)
			file->parts[file->n_parts++] = file->lines - 1;
		file->headed = file->refused = false;
		return;
	}
	if (file->refused || all_blank(fields, NCCI_PTP_FIELDS) ||
		word_starts(fields[0], "Column1/Column2"))
		return;
	if (!file->headed)
	{
		if (word_starts(fields[0], ptp_heading[0]))
			read_ptp_heading(file, fields);
		else
			ncci_refuse_part(file, "a record before the heading of a CMS PTP file (\"Column 1\", \"Column 2\", ...)");
		return;
	}
	/* the heading goes on over three lines without codes */
	if (word_trim(fields[0]).length == 0 && word_trim(fields[1]).length == 0)
		return;
	read_ptp(file, fields, &why);
	if (why.kind != FAULT_NONE)
		ncci_bad_record(file, file->lines, why.detail);
}

/* ------------------------------------------------------------ MUE records */

static void
read_mue_heading(NcciFile *file, const Word *fields)
{
	static const char *const others[NCCI_MUE_FIELDS] = {
		"HCPCS/ CPT Code", NULL, "MUE Adjudication Indicator", "MUE Rationale"
	};
	const char *expected = NULL;
	int			i;

	for (i = 0; ncci_service_types[i] != NULL; i++)
		if (strcmp(ncci_service_types[i], file->service_type) == 0)
			expected = mue_headings[i];
	for (i = 0; ncci_service_types[i] != NULL; i++)
		if (mue_headings[i] != expected && word_is(one_line(file, fields[1]), mue_headings[i]))
		{
			ncci_refuse_part(file, arena_printf(file->arena, "the file is of service type %s (\"%s\"), not %s",
										   ncci_service_types[i], mue_headings[i], file->service_type));
			return;
		}
	for (i = 0; i < NCCI_MUE_FIELDS; i++)
		if (!word_is(one_line(file, fields[i]), others[i] != NULL ? others[i] : expected))
		{
			refuse_heading(file, i, one_line(file, fields[i]), others[i] != NULL ? others[i] : expected);
			return;
		}
	file->headed = true;
}

/* "3 Date of Service Edit: Clinical" */
static bool
file_mai(Word field, uint32_t *mai, Fault *why)
{
	static const char *const texts[] = {"1 Line Edit", "2 Date of Service Edit", "3 Date of Service Edit"};
	uint32_t	i;

	for (i = 0; i < 3; i++)
		if (word_starts(field, texts[i]))
		{
			*mai = i + 1;
			return true;
		}
	return fault(why, FAULT_SYNTAX, 0,
				 "Adjudication indicator \"%s\" must start with \"1 Line Edit\", \"2 Date of Service Edit\" or \"3 Date of Service Edit\"",
				 WORD_SHOWN(field));
}

static void
mue_record(NcciFile *file, const Word *fields)
{
	Fault		why = {FAULT_NONE, "", NULL};
	uint32_t	first = file->lines + 1;
	MueValue	value;
	int32_t		units;
	int			f;
	size_t		i;

	file->lines++;
	for (f = 0; f < NCCI_MUE_FIELDS; f++)
		for (i = 0; i < fields[f].length; i++)
			file->lines += fields[f].text[i] == '\n';
	if (file->refused || all_blank(fields, NCCI_MUE_FIELDS))
		return;
	if (!file->headed)
	{
		/* the notice: one long cell */
		if (all_blank(fields + 1, NCCI_MUE_FIELDS - 1))
			return;
		if (word_starts(fields[0], "HCPCS"))
			read_mue_heading(file, fields);
		else
			ncci_refuse_part(file, "a record before the heading of a CMS MUE file (\"HCPCS/ CPT Code\", ...)");
		return;
	}
	if (word_starts(fields[0], "HCPCS") || word_starts(fields[0], "Current Procedural Terminology"))
	{
		ncci_bad_record(file, first, "a second file: an edition has one MUE file of its service type");
		file->refused = true;
		return;
	}
	if (code_from_text(word_trim(fields[0]), &value.code, &why) &&
		integer_from_text("MUE value is", word_trim(fields[1]), 0, CLAIMLINE_MAX_UNITS / 1000, &units, &why) &&
		file_mai(word_trim(fields[2]), &value.mai, &why))
	{
		value.units = (uint32_t) units;
		rationale_number(file, word_trim(fields[3]), NCCI_MAX_TEXTS);
		if (file->n_rows == file->capacity)
			file->values = arena_grow(file->arena, file->values, sizeof(MueValue),
									  file->n_rows, &file->capacity);
		if (file->n_rows == file->line_capacity)
			file->value_lines = arena_grow(file->arena, file->value_lines, sizeof(uint32_t),
										   file->n_rows, &file->line_capacity);
		file->value_lines[file->n_rows] = first;
		file->values[file->n_rows++] = value;
	}
	else
		ncci_bad_record(file, first, why.detail);
}

void
ncci_file_record(NcciFile *file, const Word *fields)
{
	if (file->kind == NCCI_PTP)
		ptp_record(file, fields);
	else if (file->kind == NCCI_MUE)
		mue_record(file, fields);
	else
		ncci_addon_record(file, fields[0]);
}

/* ---------------------------------------------- records against each other */

/* A rationale that only starts like another was cut off with its line. */
static void
check_rationales(NcciFile *file)
{
	uint32_t	i,
				j;

	for (i = 0; i < file->n_rationales; i++)
		for (j = 0; j < file->n_rationales; j++)
			if (i != j && file->rationales[i][0] != '\0' && strncmp(file->rationales[j], file->rationales[i], strlen(file->rationales[i])) == 0)
			{
				ncci_bad_record(file, file->rationale_lines[i],
						   arena_printf(file->arena, "rationale \"%s\" is cut off: the file is truncated",
										file->rationales[i]));
				break;
			}
}

static void
check_pairs(NcciFile *file)
{
	const SourcePair *before = NULL;	/* the last in force */
	char		a[CODE_TEXT],
				b[CODE_TEXT];
	int			i;

	file->n_rows = (int) source_pairs_sort(file->pairs, (uint32_t) file->n_rows,
										   file->rationales, file->n_rationales);
	for (i = 0; i < file->n_rows; i++)
	{
		const SourcePair *pair = &file->pairs[i];
		const char *clash;

		if (pair_mark(&pair->row) >= PAIR_NEVER)
			continue;
		clash = before == NULL ? NULL : pair_clash(before, pair);
		if (clash != NULL)
			ncci_bad_record(file, pair->line,
					   arena_printf(file->arena, "pair %s/%s %s of %s",
									code_to_text(pair->column_1, a), code_to_text(pair_column_2(&pair->row), b),
									clash, place(file, before->line)));
		before = pair;
	}
}

/* A value with the line it came from, to be sorted. */
typedef struct PlacedValue
{
	MueValue	value;
	uint32_t	line;
} PlacedValue;

static int
compare_values(const void *x, const void *y)
{
	const PlacedValue *a = x,
			   *b = y;

	if (a->value.code != b->value.code)
		return a->value.code < b->value.code ? -1 : 1;
	return (a->line > b->line) - (a->line < b->line);
}

static void
check_values(NcciFile *file)
{
	PlacedValue *placed = arena_alloc(file->arena, sizeof(PlacedValue) * ((size_t) file->n_rows + 1));
	char		code[CODE_TEXT];
	int			i;

	for (i = 0; i < file->n_rows; i++)
		placed[i] = (PlacedValue) {file->values[i], file->value_lines[i]};
	qsort(placed, (size_t) file->n_rows, sizeof(PlacedValue), compare_values);
	for (i = 0; i < file->n_rows; i++)
	{
		file->values[i] = placed[i].value;
		if (i > 0 && placed[i].value.code == placed[i - 1].value.code)
			ncci_bad_record(file, placed[i].line,
					   arena_printf(file->arena, "code %s repeats %s", code_to_text(placed[i].value.code, code),
									place(file, placed[i - 1].line)));
	}
}

bool
ncci_file_end(NcciFile *file)
{
	check_rationales(file);
	if (file->kind == NCCI_MUE)
		check_values(file);
	else
		check_pairs(file);
	if (file->n_bad == 0 && file->lines > 0 && file->n_rows == 0)
		ncci_bad_record(file, file->lines, "the file ends without a record");
	return file->n_bad == 0;
}

NcciRows *
ncci_file_rows(NcciFile *file, void *(*get) (void *, size_t), void *context)
{
	PairSet		set;

	if (file->kind == NCCI_MUE)
		return ncci_rows_of_mue(file->values, (uint32_t) file->n_rows, get, context);
	pair_set_build(&set, file->arena, file->pairs, (uint32_t) file->n_rows,
				   file->rationales, file->n_rationales);
	return ncci_rows_of_pairs(file->kind, &set, get, context);
}

/*
 * src/core/ncci/ncci_addon.c
 *
 * CMS's file of add-on codes, line by line.  Layout: the text file of fixed
 * width that CMS ships since 2022-01-01, AOC_V2026Q3-F-MCR.txt.
 */
#include "ncci/ncci_addon.h"

#include "line/stored_field.h"

#include <string.h>

/* What CMS writes for a primary that the payer's contractor says. */
static const char contractor_text[] = "CCCCC";

/* The types as rationales of pairs, in their order. */
static const char *const addon_type_texts[ADDON_PARTLY] = {"1", "2", "3"};

/* Where the fields of a record are.  A note of 58 characters follows, which is not read. */
static const struct
{
	int			from;
	int			length;
}			places[] = {
	{0, 1}, {1, 5}, {6, 7}, {13, 5}, {18, 7}, {25, 7}, {32, 7}
};

typedef enum Place
{
	PLACE_TYPE,
	PLACE_CODE,
	PLACE_CODE_DELETED,
	PLACE_PRIMARY,
	PLACE_PRIMARY_DELETED,
	PLACE_EFFECTIVE,
	PLACE_DELETED
} Place;

/* Up to here a record must go; blanks at its end may have been cut off. */
#define LEAST_LENGTH	18

static uint32_t
contractor_code(void)
{
	Fault		why;
	uint32_t	code = 0;

	(void) code_from_text((Word) {contractor_text, 5, 0}, &code, &why);
	return code;
}

static Word
field_at(Word line, Place place)
{
	size_t		from = (size_t) places[place].from;
	size_t		length = (size_t) places[place].length;

	if (line.length <= from)
		return (Word) {"", 0, 0};
	return word_trim((Word) {line.text + from, line.length - from < length ? line.length - from : length, 0});
}

/* YYYYDDD, the day of the year; `open` where it is blank. */
static bool
day_of_year(const char *what, Word field, int32_t open, int32_t *date, Fault *why)
{
	char		first[8];
	int32_t		day = 0;
	int32_t		next;
	size_t		i;

	*date = open;
	if (field.length == 0)
		return true;
	for (i = 0; i < field.length && field.text[i] >= '0' && field.text[i] <= '9'; i++)
		if (i >= 4)
			day = 10 * day + field.text[i] - '0';
	if (field.length == 7 && i == 7)
	{
		memcpy(first, field.text, 4);
		memcpy(first + 4, "0101", 4);
		if (stored_date_by((Word) {first, 8, 0}, (Word) {"YYYYMMDD", 8, 0}, date) && day >= 1)
		{
			memcpy(first + 4, "1231", 4);
			if (stored_date_by((Word) {first, 8, 0}, (Word) {"YYYYMMDD", 8, 0}, &next) && *date + day - 1 <= next)
			{
				*date += day - 1;
				if (pair_date_fits(*date, why))
					return true;
			}
		}
	}
	return fault(why, FAULT_SYNTAX, 0, "%s \"%s\" is not a date YYYYDDD, the day of a year from 1980 to 2159",
				 what, WORD_SHOWN(field));
}

/* A row of the record; one whose codes were deleted before it began is never in force. */
static bool
read_addon(Word line, SourcePair *pair, Fault *why)
{
	static const char *const what[] = {"Deletion date of the add-on code", "Deletion date of the primary code"};
	Word		type = field_at(line, PLACE_TYPE);
	uint32_t	primary;
	int32_t		from,
				to,
				ends[2];
	int			i;

	if (line.length < LEAST_LENGTH)
		return fault(why, FAULT_SYNTAX, 0, "The line has %d characters, must have at least %d: type, add-on code, "
					 "its deletion date, primary code in columns 1, 2, 7, 14", (int) line.length, LEAST_LENGTH);
	if (type.length != 1 || type.text[0] < '0' + ADDON_LISTED || type.text[0] > '0' + ADDON_PARTLY)
		return fault(why, FAULT_RANGE, 0, "Type \"%s\" must be 1, 2 or 3", WORD_SHOWN(type));
	if (!code_from_text(field_at(line, PLACE_CODE), &pair->column_1, why) ||
		!code_from_text(field_at(line, PLACE_PRIMARY), &primary, why) ||
		!day_of_year("Effective date", field_at(line, PLACE_EFFECTIVE), DATE_BEGIN, &from, why) ||
		!day_of_year("Deletion date", field_at(line, PLACE_DELETED), DATE_END, &to, why))
		return false;
	for (i = 0; i < 2; i++)
		if (!day_of_year(what[i], field_at(line, i == 0 ? PLACE_CODE_DELETED : PLACE_PRIMARY_DELETED), DATE_END, &ends[i], why))
			return false;
	if (pair->column_1 == primary)
		return fault(why, FAULT_RANGE, 0, "The add-on code is its own primary");
	if ((primary == contractor_code()) ? type.text[0] == '0' + ADDON_LISTED : type.text[0] == '0' + ADDON_CONTRACTOR)
		return fault(why, FAULT_RANGE, 0, "Primary code \"%s\" does not go with type %c: of type 1 it is a code, of type 2 \"%s\"",
					 WORD_SHOWN(field_at(line, PLACE_PRIMARY)), type.text[0], contractor_text);
	if (from > to)
		return fault(why, FAULT_RANGE, 0, "Deletion date \"%s\" is before the effective date \"%s\"",
					 WORD_SHOWN(field_at(line, PLACE_DELETED)), WORD_SHOWN(field_at(line, PLACE_EFFECTIVE)));
	for (i = 0; i < 2; i++)
		if (ends[i] < to)
			to = ends[i];
	pair->row.packed = pair_packed(primary, from > to ? PAIR_NEVER : 0, (uint32_t) (type.text[0] - '0'));
	pair->row.from = pair_day(from);
	pair->row.to = pair_day(from > to ? from : to);
	return true;
}

/* Is it a heading of CMS's workbook, saved as text? */
static bool
is_workbook(Word line)
{
	return word_starts(line, "AOC_Edit_Type") || word_starts(line, "\"AOC_Edit_Type");
}

void
ncci_addon_record(NcciFile *file, Word line)
{
	Fault		why = {FAULT_NONE, "", NULL};
	SourcePair	pair;

	file->lines++;
	if (line.length > 0 && line.text[line.length - 1] == '\r')
		line.length--;
	if (file->refused || word_trim(line).length == 0)
		return;
	if (!file->headed && is_workbook(line))
	{
		ncci_refuse_part(file, "the columns are those of CMS's workbook: the text file that is in the ZIP with it is read");
		return;
	}
	/* a notice in front of the first record */
	if (!file->headed && (line.text[0] < '0' || line.text[0] > '9'))
		return;
	if (file->n_rationales == 0)
		for (; file->n_rationales < ADDON_PARTLY; file->n_rationales++)
			file->rationales[file->n_rationales] = addon_type_texts[file->n_rationales];
	file->headed = true;
	if (!read_addon(line, &pair, &why))
	{
		ncci_bad_record(file, file->lines, why.detail);
		return;
	}
	pair.line = file->lines;
	ncci_add_pair(file, &pair);
}

/* ------------------------------------------------------------ rows as pairs */

uint32_t
addon_pair_type(const PairSet *set, const PairRow *row)
{
	uint32_t	type = ADDON_PARTLY;

	if (pair_rationale(row) == 0)
		return 0;
	while (type > 0 && strcmp(set->rationales[pair_rationale(row) - 1], addon_type_texts[type - 1]) != 0)
		type--;
	return type;
}

bool
addon_pairs_check(const PairSet *set, Fault *why)
{
	char		code[CODE_TEXT];
	uint32_t	c,
				i,
				n;

	for (c = 0; c < set->n_codes; c++)
	{
		const PairRow *rows = pair_set_rows(set, c, &n);

		for (i = 0; i < n; i++)
		{
			uint32_t	type = addon_pair_type(set, &rows[i]);
			bool		contractor = pair_column_2(&rows[i]) == contractor_code();

			if (pair_mark(&rows[i]) == PAIR_GONE)
				continue;
			if (type == 0 || pair_mark(&rows[i]) == 1 || (contractor ? type == ADDON_LISTED : type == ADDON_CONTRACTOR))
				return fault(why, FAULT_SYNTAX, 0, "\"addon\" has a row of code %s with an indicator or a type that do not go together",
							 code_to_text(set->codes[c].code, code));
		}
	}
	return true;
}

void
spec_add_addon_pairs(RulesetSpec *spec, const PairSet *set)
{
	uint32_t	contractor = contractor_code();
	uint32_t	c,
				i,
				n;

	for (c = 0; c < set->n_codes; c++)
	{
		const PairRow *rows = pair_set_rows(set, c, &n);

		for (i = 0; i < n; i++)
			if (pair_mark(&rows[i]) < PAIR_NEVER)
				spec_add_addon(spec, &(AddonRow) {set->codes[c].code,
							   pair_column_2(&rows[i]) == contractor ? 0 : pair_column_2(&rows[i]),
							   addon_pair_type(set, &rows[i]), pair_from(&rows[i]), pair_to(&rows[i])});
	}
}

void
ruleset_addon_pairs(const Ruleset *rules, Arena *arena, PairSet *set)
{
	const AddonRow *rows = ruleset_rows(rules, SECTION_ADDON);
	uint32_t	n = ruleset_count(rules, SECTION_ADDON);
	SourcePair *pairs = arena_alloc(arena, sizeof(SourcePair) * ((size_t) n + 1));
	const char **types = arena_alloc(arena, sizeof(addon_type_texts));
	uint32_t	i;

	memcpy(types, addon_type_texts, sizeof(addon_type_texts));
	for (i = 0; i < n; i++)
		pairs[i] = (SourcePair) {rows[i].code, i,
			{pair_packed(rows[i].primary == 0 ? contractor_code() : rows[i].primary, 0, rows[i].type),
				pair_day(rows[i].from), pair_day(rows[i].to)}};
	n = source_pairs_sort(pairs, n, types, ADDON_PARTLY);
	pair_set_build(set, arena, pairs, n, types, ADDON_PARTLY);
}

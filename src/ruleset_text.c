/*
 * src/ruleset_text.c
 *
 * Text form of a ruleset: a JSON object of two objects of settings (policy,
 * edition) and the tables of data/, each an array of rows, each row an array
 * in column order.  The reader is the core's own because the core builds
 * without the server; it reads just this shape, so nothing nests deeper.
 */
#include "ruleset.h"

#include <stdio.h>
#include <string.h>

/* ---------------------------------------------------------------- reading */

typedef struct Reader
{
	const char *at;
	const char *end;
	const char *start;
	Arena	   *arena;
	Fault	   *why;
	const char *key;			/* what is being read, for messages; NULL at the top */
	int			row;			/* of a table, else -1 */
} Reader;

/* 1-based character; counted only when something is wrong */
static size_t
position(const Reader *reader)
{
	const char *c;
	size_t		n = 1;

	for (c = reader->start; c < reader->at; c++)
		n += ((unsigned char) *c & 0xC0) != 0x80;
	return n;
}

static bool
expected(Reader *reader, const char *what)
{
	char		path[64] = "";

	if (reader->key != NULL && reader->row >= 0)
		snprintf(path, sizeof(path), "At \"%s[%d]\": ", reader->key, reader->row);
	else if (reader->key != NULL)
		snprintf(path, sizeof(path), "At \"%s\": ", reader->key);
	return fault(reader->why, FAULT_SYNTAX, position(reader), "%sExpected %s%s", path, what,
				 reader->at == reader->end ? ", but the text ends" : "");
}

static void
skip_blanks(Reader *reader)
{
	while (reader->at < reader->end &&
		   (*reader->at == ' ' || *reader->at == '\t' || *reader->at == '\n' || *reader->at == '\r'))
		reader->at++;
}

/* After blanks: is the next character c?  Takes it if so. */
static bool
take(Reader *reader, char c)
{
	skip_blanks(reader);
	if (reader->at == reader->end || *reader->at != c)
		return false;
	reader->at++;
	return true;
}

static bool
take_literal(Reader *reader, const char *literal)
{
	size_t		length = strlen(literal);

	if ((size_t) (reader->end - reader->at) < length ||
		memcmp(reader->at, literal, length) != 0)
		return false;
	reader->at += length;
	return true;
}

/* Four hexadecimal digits, or -1 */
static int
hex4(Reader *reader)
{
	int			value = 0;
	int			i;

	if (reader->end - reader->at < 4)
		return -1;
	for (i = 0; i < 4; i++)
	{
		char		c = reader->at[i];

		value *= 16;
		if (c >= '0' && c <= '9')
			value += c - '0';
		else if (c >= 'a' && c <= 'f')
			value += c - 'a' + 10;
		else if (c >= 'A' && c <= 'F')
			value += c - 'A' + 10;
		else
			return -1;
	}
	reader->at += 4;
	return value;
}

static char *
put_utf8(char *to, int c)
{
	if (c < 0x80)
		*to++ = (char) c;
	else if (c < 0x800)
	{
		*to++ = (char) (0xC0 | c >> 6);
		*to++ = (char) (0x80 | (c & 0x3F));
	}
	else if (c < 0x10000)
	{
		*to++ = (char) (0xE0 | c >> 12);
		*to++ = (char) (0x80 | (c >> 6 & 0x3F));
		*to++ = (char) (0x80 | (c & 0x3F));
	}
	else
	{
		*to++ = (char) (0xF0 | c >> 18);
		*to++ = (char) (0x80 | (c >> 12 & 0x3F));
		*to++ = (char) (0x80 | (c >> 6 & 0x3F));
		*to++ = (char) (0x80 | (c & 0x3F));
	}
	return to;
}

/* After a backslash. */
static bool
read_escape(Reader *reader, char **to)
{
	static const char from[] = "\"\\/bfnrt";
	static const char into[] = "\"\\/\b\f\n\r\t";
	const char *plain;

	if (reader->at == reader->end)
		return expected(reader, "an escape");
	plain = *reader->at == '\0' ? NULL : strchr(from, *reader->at);
	if (plain != NULL)
	{
		*(*to)++ = into[plain - from];
		reader->at++;
	}
	else if (*reader->at == 'u')
	{
		int			c,
					low;

		reader->at++;
		c = hex4(reader);
		if (c >= 0xD800 && c < 0xDC00)
		{
			low = take_literal(reader, "\\u") ? hex4(reader) : -1;
			c = low >= 0xDC00 && low < 0xE000 ? 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00) : -1;
		}
		else if (c >= 0xDC00 && c < 0xE000)
			c = -1;
		if (c <= 0)
			return expected(reader, "a \\u escape of a character");
		*to = put_utf8(*to, c);
	}
	else
		return expected(reader, "one of \"\\/bfnrtu after a backslash");
	return true;
}

/* A string; text without escapes is not copied. */
static bool
read_string(Reader *reader, Word *word)
{
	const char *opened;
	const char *closing;
	bool		escapes = false;
	char	   *to;

	if (!take(reader, '"'))
		return expected(reader, "a string");
	opened = reader->at;
	for (closing = opened; closing < reader->end && *closing != '"'; closing++)
		if (*closing == '\\')
		{
			escapes = true;
			closing++;
		}
		else if ((unsigned char) *closing < ' ')
		{
			reader->at = closing;
			return expected(reader, "no control character in a string");
		}
	if (closing >= reader->end)
	{
		reader->at = reader->end;
		return expected(reader, "a closing quote");
	}
	*word = (Word) {opened, (size_t) (closing - opened), 0};
	if (escapes)
	{
		word->text = to = arena_alloc(reader->arena, word->length + 1);
		while (reader->at < closing)
		{
			if (*reader->at != '\\')
				*to++ = *reader->at++;
			else
			{
				reader->at++;
				if (!read_escape(reader, &to))
					return false;
			}
		}
		word->length = (size_t) (to - word->text);
	}
	reader->at = closing + 1;
	return true;
}

/* A string, a number, true, false or null (text NULL). */
static bool
read_scalar(Reader *reader, Word *word)
{
	skip_blanks(reader);
	if (reader->at < reader->end && *reader->at == '"')
		return read_string(reader, word);
	*word = (Word) {NULL, 0, 0};
	if (take_literal(reader, "null"))
		return true;
	*word = (Word) {reader->at, 4, 0};
	if (take_literal(reader, "true"))
		return true;
	word->length = 5;
	if (take_literal(reader, "false"))
		return true;
	word->length = 0;
	while (reader->at < reader->end && *reader->at != '\0' &&
		   strchr("0123456789+-.eE", *reader->at) != NULL)
	{
		reader->at++;
		word->length++;
	}
	return word->length > 0 || expected(reader, "a string, a number or null");
}

/* { "key": scalar, … } */
static bool
read_settings(Reader *reader, RulesetSpec *spec, const char *object)
{
	if (!take(reader, '{'))
		return expected(reader, "\"{\"");
	if (take(reader, '}'))
		return true;
	do
	{
		Word		key,
					value;

		skip_blanks(reader);
		if (!read_string(reader, &key))
			return false;
		if (!take(reader, ':'))
			return expected(reader, "\":\"");
		if (!read_scalar(reader, &value) ||
			!spec_set(spec, object, key, &value, reader->why))
			return false;
	} while (take(reader, ','));
	return take(reader, '}') || expected(reader, "\",\" or \"}\"");
}

/* [ [ scalar, … ], … ] */
static bool
read_table(Reader *reader, RulesetSpec *spec, const char *table)
{
	Word		fields[16];
	int			row;

	if (!take(reader, '['))
		return expected(reader, "\"[\"");
	if (take(reader, ']'))
		return true;
	for (row = 0;; row++)
	{
		int			n = 0;

		reader->row = row;

		if (!take(reader, '['))
			return expected(reader, "\"[\"");
		if (!take(reader, ']'))
		{
			do
			{
				if (n == 16)
					return fault(reader->why, FAULT_SYNTAX, 0, "At \"%s[%d]\": too many values",
								 table, row);
				if (!read_scalar(reader, &fields[n++]))
					return false;
			} while (take(reader, ','));
			if (!take(reader, ']'))
				return expected(reader, "\",\" or \"]\"");
		}
		if (!spec_add(spec, table, row, fields, n, reader->why))
			return false;
		if (!take(reader, ','))
			return take(reader, ']') || expected(reader, "\",\" or \"]\"");
	}
}

static bool
read_version(Reader *reader)
{
	Word		word;
	int32_t		version;

	return read_scalar(reader, &word) &&
		integer_from_text("At \"claimline_ruleset\": Version is", word, RULESET_VERSION, RULESET_VERSION,
						  &version, reader->why);
}

static const char *const objects[] = {"claimline_ruleset", "policy", "edition"};

#define N_OBJECTS	3

/* The keys of a ruleset; NULL past the last. */
static const char *
object_name(int i)
{
	return i < N_OBJECTS ? objects[i] : spec_table(i - N_OBJECTS);
}

static bool
read_ruleset(Reader *reader, RulesetSpec *spec)
{
	uint32_t	seen = 0;
	const char *name;
	int			i;

	if (!take(reader, '{'))
		return expected(reader, "\"{\"");
	do
	{
		Word		key;

		if (!read_string(reader, &key))
			return false;
		for (i = 0; (name = object_name(i)) != NULL; i++)
			if (strlen(name) == key.length && memcmp(name, key.text, key.length) == 0)
				break;
		if (name == NULL)
			return fault(reader->why, FAULT_SYNTAX, position(reader),
						 "Unknown key \"%.*s\"", WORD_SHOWN(key));
		if (seen & 1u << i)
			return fault(reader->why, FAULT_SYNTAX, position(reader),
						 "Key \"%s\" is repeated", name);
		seen |= 1u << i;
		if (!take(reader, ':'))
			return expected(reader, "\":\"");
		reader->key = name;
		reader->row = -1;
		if (i == 0 ? !read_version(reader)
			: i < N_OBJECTS ? !read_settings(reader, spec, name)
			: !read_table(reader, spec, name))
			return false;
		reader->key = NULL;
	} while (take(reader, ','));
	if (!take(reader, '}'))
		return expected(reader, "\",\" or \"}\"");
	skip_blanks(reader);
	if (reader->at < reader->end)
		return expected(reader, "nothing after the closing \"}\"");
	/* an empty table must be there as one: nothing is clean because it was left out */
	for (i = 0; (name = object_name(i)) != NULL; i++)
		if (!(seen & 1u << i))
			return fault(reader->why, FAULT_MISSING, 0, "\"%s\" is missing", name);
	return true;
}

Ruleset *
ruleset_from_text(const char *text, size_t length, Arena *arena,
				  void *(*get) (void *, size_t), void *context, Fault *why)
{
	Reader		reader = {text, text + length, text, arena, why, NULL, -1};
	RulesetSpec *spec = spec_begin(arena);

	why->kind = FAULT_NONE;
	if (!read_ruleset(&reader, spec))
		return NULL;
	return spec_encode(spec, get, context, why);
}

/* ---------------------------------------------------------------- writing */

typedef struct Writer
{
	void		(*put) (void *context, const char *text, size_t length);
	void	   *context;
	bool		first;			/* of the values of a row or an object */
} Writer;

static void
put(Writer *writer, const char *text)
{
	writer->put(writer->context, text, strlen(text));
}

static void
comma(Writer *writer)
{
	if (!writer->first)
		put(writer, ", ");
	writer->first = false;
}

/* A value of a row: text, or null.  The texts hold no control characters. */
static void
put_text(Writer *writer, const char *text)
{
	comma(writer);
	if (text == NULL)
	{
		put(writer, "null");
		return;
	}
	put(writer, "\"");
	for (; *text != '\0'; text++)
	{
		if (*text == '"' || *text == '\\')
			put(writer, "\\");
		writer->put(writer->context, text, 1);
	}
	put(writer, "\"");
}

static void
put_number(Writer *writer, uint32_t number)
{
	char		text[16];

	comma(writer);
	snprintf(text, sizeof(text), "%u", number);
	put(writer, text);
}

/* Absent for 0 */
static void
put_count(Writer *writer, uint32_t number)
{
	if (number == 0)
		put_text(writer, NULL);
	else
		put_number(writer, number);
}

static void
put_date(Writer *writer, int32_t date)
{
	char		text[DATE_TEXT];

	put_text(writer, date == DATE_BEGIN || date == DATE_END ? NULL : date_to_text(date, text));
}

static void
put_words(Writer *writer, uint32_t bits, const char *const *names)
{
	char		text[320] = "";
	int			i;

	for (i = 0; names[i] != NULL; i++)
		if (bits & 1u << i)
		{
			strcat(text, text[0] != '\0' ? " " : "");
			strcat(text, names[i]);
		}
	put_text(writer, bits == 0 ? NULL : text);
}

static void
put_code(Writer *writer, uint32_t code)
{
	char		text[CODE_TEXT];

	put_text(writer, code_to_text(code, text));
}

static void
put_modifier(Writer *writer, uint32_t modifier)
{
	char		text[MODIFIER_TEXT];

	put_text(writer, modifier == 0 ? NULL : modifier_to_text((uint16_t) modifier, text));
}

static void
put_key(Writer *writer, const char *key)
{
	comma(writer);
	put(writer, "\"");
	put(writer, key);
	put(writer, "\": ");
	writer->first = true;
}

static void
put_settings(Writer *writer, const Ruleset *rules)
{
	int			i;

	put(writer, ",\n\"policy\": {");
	writer->first = true;
	put_key(writer, "name");
	put_text(writer, ruleset_text(rules, rules->policy.name));
	for (i = 0; policy_settings[i].key != NULL; i++)
	{
		const PolicySetting *setting = &policy_settings[i];
		int32_t		value = *(const int32_t *) ((const char *) &rules->policy + setting->offset);

		put_key(writer, setting->key);
		switch (setting->kind)
		{
			case SETTING_CHOICE:
				put_text(writer, setting->choices[value]);
				break;
			case SETTING_NUMBER:
				put_number(writer, (uint32_t) value);
				break;
			case SETTING_DATE:
				put_date(writer, value);
				break;
		}
	}
	put(writer, "},\n\"edition\": {");
	writer->first = true;
	put_key(writer, "name");
	put_text(writer, ruleset_text(rules, rules->edition.name));
	put_key(writer, "service_type");
	put_text(writer, ruleset_text(rules, rules->edition.service_type));
	put_key(writer, "from");
	put_date(writer, rules->edition.from);
	put_key(writer, "to");
	put_date(writer, rules->edition.to);
	put_key(writer, "scope");
	put_text(writer, edition_scopes[rules->edition.scope]);
	put(writer, "}");
}

/* One row of a table.  `row` counts what ruleset_to_text walks through. */
static void
put_code_row(Writer *writer, const Ruleset *rules, uint32_t i)
{
	const CodeRow *row = (const CodeRow *) ruleset_rows(rules, SECTION_CODES) + i;

	put_code(writer, row->code);
	put_words(writer, row->classes, class_names);
	put_count(writer, row->spinal_min);
	put_count(writer, row->spinal_max);
	put_count(writer, row->extraspinal_min);
}

static void
put_modifier_row(Writer *writer, const Ruleset *rules, uint32_t i)
{
	const ModifierRow *row = (const ModifierRow *) ruleset_rows(rules, SECTION_MODIFIERS) + i;
	char		text[MODIFIER_TEXT];

	put_text(writer, modifier_to_text(row->modifier, text));
	put_date(writer, row->from);
	put_words(writer, row->kinds, kind_names);
	put_words(writer, row->only_on, class_names);
	put_words(writer, row->not_on, class_names);
	put_modifier(writer, row->requires);
	put_date(writer, row->requires_from);
}

static void
put_conflict_row(Writer *writer, const Ruleset *rules, uint32_t i)
{
	const ConflictRow *row = (const ConflictRow *) ruleset_rows(rules, SECTION_CONFLICTS) + i;

	put_modifier(writer, row->a);
	put_modifier(writer, row->b);
	put_date(writer, row->from);
	put_text(writer, severity_names[row->severity]);
}

static void
put_region_row(Writer *writer, const Ruleset *rules, uint32_t i)
{
	const RegionRow *row = (const RegionRow *) ruleset_rows(rules, SECTION_REGIONS) + i;
	char		text[DX_TEXT];

	put_text(writer, dx_to_text((uint64_t) row->prefix_high << 32 | row->prefix_low, text));
	put_words(writer, row->regions, region_names);
}

static void
put_rule_row(Writer *writer, const Ruleset *rules, uint32_t i)
{
	const RuleRow *row = (const RuleRow *) ruleset_rows(rules, SECTION_RULES) + i;

	put_text(writer, rule_names[i]);
	put_text(writer, ruleset_text(rules, row->family));
	put_text(writer, severity_names[row->severity]);
	put_text(writer, ruleset_text(rules, row->title));
	put_text(writer, ruleset_text(rules, row->citation));
}

static void
put_denial_row(Writer *writer, const Ruleset *rules, uint32_t i)
{
	const DenialRow *row = (const DenialRow *) ruleset_rows(rules, SECTION_DENIALS) + i;

	put_text(writer, rule_names[row->rule]);
	put_text(writer, ruleset_text(rules, row->cause));
	put_text(writer, ruleset_text(rules, row->carc));
	put_date(writer, row->carc_from);
	put_date(writer, row->carc_to);
	put_text(writer, ruleset_text(rules, row->rarc));
	put_date(writer, row->rarc_from);
	put_date(writer, row->rarc_to);
}

static void
put_specialty_row(Writer *writer, const Ruleset *rules, uint32_t i)
{
	const SpecialtyRow *row = (const SpecialtyRow *) ruleset_rows(rules, SECTION_SPECIALTIES) + i;
	char		text[SPECIALTY_TEXT];

	put_text(writer, specialty_to_text((SpecialtyKind) row->kind,
									   (uint64_t) row->specialty_high << 32 | row->specialty_low, text));
	put_modifier(writer, row->discipline);
}

/* A table: its name, then each row on a line of its own. */
static void
open_table(Writer *writer, const char *table)
{
	put(writer, ",\n\"");
	put(writer, table);
	put(writer, "\": [");
	writer->first = true;
}

static void
open_row(Writer *writer, bool *first_row)
{
	put(writer, *first_row ? "\n[" : ",\n[");
	*first_row = false;
	writer->first = true;
}

static void
put_table(Writer *writer, const Ruleset *rules, const char *table, Section section,
		  void (*put_row) (Writer *, const Ruleset *, uint32_t))
{
	bool		first_row = true;
	uint32_t	i;

	open_table(writer, table);
	for (i = 0; i < ruleset_count(rules, section); i++)
	{
		open_row(writer, &first_row);
		put_row(writer, rules, i);
		put(writer, "]");
	}
	put(writer, "]");
}

/* The tables whose rows hang on a code: scope, ptp, mue. */
static void
put_code_tables(Writer *writer, const Ruleset *rules)
{
	const CodeRow *codes = ruleset_rows(rules, SECTION_CODES);
	const PairRow *pairs = ruleset_rows(rules, SECTION_PAIRS);
	const MueRow *mue = ruleset_rows(rules, SECTION_MUE);
	const TextRef *rationales = ruleset_rows(rules, SECTION_RATIONALES);
	uint32_t	n_codes = ruleset_count(rules, SECTION_CODES);
	bool		first_row;
	uint32_t	i,
				j;

	open_table(writer, "scope");
	for (i = 0, first_row = true; i < n_codes; i++)
		if (codes[i].scope != PAIRS_NONE)
		{
			open_row(writer, &first_row);
			put_code(writer, codes[i].code);
			put_text(writer, code_scopes[codes[i].scope]);
			put(writer, "]");
		}
	put(writer, "]");

	open_table(writer, "ptp");
	for (i = 0, first_row = true; i < n_codes; i++)
		for (j = codes[i].first_pair; j < codes[i].first_pair + codes[i].n_pairs; j++)
		{
			open_row(writer, &first_row);
			put_code(writer, codes[i].code);
			put_code(writer, pairs[j].column_2);
			put_date(writer, pairs[j].from);
			put_date(writer, pairs[j].to);
			put_number(writer, pairs[j].indicator);
			put_text(writer, pairs[j].rationale == 0 ? NULL
					 : ruleset_text(rules, rationales[pairs[j].rationale - 1]));
			put(writer, "]");
		}
	put(writer, "]");

	open_table(writer, "mue");
	for (i = 0, first_row = true; i < n_codes; i++)
		for (j = codes[i].first_mue; j < codes[i].first_mue + codes[i].n_mue; j++)
		{
			open_row(writer, &first_row);
			put_code(writer, codes[i].code);
			put_number(writer, mue[j].units);
			put_number(writer, mue[j].mai);
			put_date(writer, mue[j].from);
			put_date(writer, mue[j].to);
			put(writer, "]");
		}
	put(writer, "]");
}

void
ruleset_to_text(const Ruleset *rules, void (*put_piece) (void *, const char *, size_t), void *context)
{
	Writer		writer = {put_piece, context, true};
	char		version[48];

	snprintf(version, sizeof(version), "{\"%s\": %d", objects[0], RULESET_VERSION);
	put(&writer, version);
	put_settings(&writer, rules);
	put_table(&writer, rules, "codes", SECTION_CODES, put_code_row);
	put_code_tables(&writer, rules);
	put_table(&writer, rules, "modifiers", SECTION_MODIFIERS, put_modifier_row);
	put_table(&writer, rules, "modifier_conflicts", SECTION_CONFLICTS, put_conflict_row);
	put_table(&writer, rules, "regions", SECTION_REGIONS, put_region_row);
	put_table(&writer, rules, "rules", SECTION_RULES, put_rule_row);
	put_table(&writer, rules, "denials", SECTION_DENIALS, put_denial_row);
	put_table(&writer, rules, "specialties", SECTION_SPECIALTIES, put_specialty_row);
	put(&writer, "}\n");
}

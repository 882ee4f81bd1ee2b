/*
 * src/core/line/stored_field.c
 *
 * Fields of lines in the forms that claims tables store them in; dates and
 * times have files of their own.
 */
#include "line/stored_field.h"

#include "base/take.h"

#include <string.h>

/* A byte outside ASCII: in every server encoding these have the high bit set. */
static bool
is_beyond_ascii(char c)
{
	return ((unsigned char) c & 0x80) != 0;
}

/* ---------------------------------------------------------------- numbers */

bool
stored_number_is_valid(Word word)
{
	size_t		i = 0;
	int			digits = 0;
	bool		point = false;

	if (word.length == 0 || word.length > STORED_NUMBER)
		return false;
	if (word.text[0] == '+' || word.text[0] == '-')
		i++;
	for (; i < word.length; i++)
	{
		if (is_digit(word.text[i]))
			digits++;
		else if (word.text[i] == '.' && !point)
			point = true;
		else
			return false;
	}
	return digits > 0;
}

bool
stored_integer(Word word, int32_t *number)
{
	bool		minus = word.length > 0 && word.text[0] == '-';
	int64_t		value = 0;
	size_t		i;

	if (!stored_number_is_valid(word))
		return false;
	for (i = word.text[0] == '+' || minus ? 1 : 0; i < word.length && word.text[i] != '.'; i++)
	{
		value = value * 10 + (word.text[i] - '0');
		if (value > (int64_t) INT32_MAX + 1)
			return false;
	}
	for (i++; i < word.length; i++)
		if (word.text[i] != '0')
			return false;
	if (minus)
		value = -value;
	if (value > INT32_MAX)
		return false;
	*number = (int32_t) value;
	return true;
}

/* -------------------------------------------------------------- yes or no */

bool
stored_yes_no(Word word, bool *yes)
{
	static const char *const words[] = {"y", "n", "yes", "no", "t", "f", "true", "false", "1", "0"};
	size_t		i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (word_is(word, words[i]))
		{
			*yes = i % 2 == 0;
			return true;
		}
	return false;
}

/* ------------------------------------------------------------------ lists */

/* Characters of codes and names of regions; what is not ASCII stays, for the error message. */
static bool
is_in_list_item(char c)
{
	return is_digit(c) || is_letter(c) || c == '.' || c == '_' || is_beyond_ascii(c);
}

bool
stored_list_next(Word *rest, Word *item)
{
	while (rest->length > 0 && !is_in_list_item(rest->text[0]))
		take(rest, 1);
	*item = (Word) {rest->text, 0, 0};
	while (rest->length > 0 && is_in_list_item(rest->text[0]))
	{
		take(rest, 1);
		item->length++;
	}
	return item->length > 0;
}

/* The next run of letters and digits, taken off; of length 0 where it touches what is not ASCII. */
static Word
take_word(Word *rest)
{
	Word		word;

	while (rest->length > 0 && !is_digit(rest->text[0]) && !is_letter(rest->text[0]))
	{
		/* what is not ASCII belongs to no code */
		if (is_beyond_ascii(rest->text[0]))
			return (Word) {rest->text, 0, 0};
		take(rest, 1);
	}
	word = (Word) {rest->text, 0, 0};
	while (rest->length > 0 && (is_digit(rest->text[0]) || is_letter(rest->text[0])))
	{
		take(rest, 1);
		word.length++;
	}
	if (rest->length > 0 && is_beyond_ascii(rest->text[0]))
		word.length = 0;
	return word;
}

bool
stored_procedure(Word *rest, Word *code)
{
	*code = take_word(rest);
	if (word_is(*code, "cpt4") || word_is(*code, "cpt") || word_is(*code, "hcpcs") || word_is(*code, "hc"))
		*code = take_word(rest);
	/* codes of either level have digits in the middle */
	return code->length == CLAIMLINE_CODE_LENGTH &&
		is_digit(code->text[1]) && is_digit(code->text[2]) && is_digit(code->text[3]);
}

bool
stored_procedure_modifier(Word *rest, Word *modifier)
{
	*modifier = take_word(rest);
	return modifier->length == 2;
}

/* The piece before the next separator, taken off with it; false at the end. */
static bool
take_piece(Word *rest, char separator, Word *piece)
{
	if (rest->text == NULL)
		return false;
	*piece = (Word) {rest->text, 0, 0};
	while (piece->length < rest->length && rest->text[piece->length] != separator)
		piece->length++;
	if (piece->length == rest->length)
		rest->text = NULL;
	else
		take(rest, piece->length + 1);
	*piece = word_trim(*piece);
	return true;
}

static bool
is_alphanumeric(Word word)
{
	size_t		i;

	for (i = 0; i < word.length; i++)
		if (!is_digit(word.text[i]) && !is_letter(word.text[i]))
			return false;
	return true;
}

/* Four modifiers, of which some may be blank, behind one separator each; then a description. */
static bool
take_composite(Word rest, char separator, StoredService *service)
{
	Word		piece;
	int			i;

	for (i = 0; i < 4 && take_piece(&rest, separator, &piece); i++)
		if (piece.length == 2 && is_alphanumeric(piece))
			service->modifiers[service->n_modifiers++] = piece;
		else if (piece.length > 0)
			return false;
	return true;
}

/* Modifiers behind any separators, and nothing else. */
static bool
take_modifiers(Word rest, StoredService *service)
{
	while (rest.length > 0)
	{
		Word		word = {rest.text, 0, 0};

		if (take_one_of(&rest, " -:,;/|^>\t") != '\0')
			continue;
		if (service->n_modifiers == STORED_MODIFIERS)
			return false;
		while (word.length < rest.length && is_alphanumeric((Word) {rest.text + word.length, 1, 0}))
			word.length++;
		if (word.length != 2)
			return false;
		take(&rest, word.length);
		service->modifiers[service->n_modifiers++] = word;
	}
	return true;
}

bool
stored_service(Word text, StoredService *service)
{
	Word		rest = text;
	Word		word = take_word(&rest);
	bool		named = word_is(word, "hc") || word_is(word, "hcpcs") || word_is(word, "cpt") || word_is(word, "cpt4");
	char		separator = '\0';
	size_t		n = 0;

	service->n_modifiers = 0;
	if (word.text != text.text)
		return false;
	if (named)
	{
		if ((separator = take_one_of(&rest, ":>^|* ")) == '\0')
			return false;
		rest = word_trim(rest);
	}
	else
		rest = text;
	while (n < rest.length && is_alphanumeric((Word) {rest.text + n, 1, 0}))
		n++;
	service->code = take(&rest, n);
	if (n != CLAIMLINE_CODE_LENGTH || !is_digit(service->code.text[1]) || !is_digit(service->code.text[2]) ||
		!is_digit(service->code.text[3]))
		return false;
	if (rest.length == 0)
		return true;
	if (named && separator != ' ' && take_char(&rest, separator))
		return take_composite(rest, separator, service);
	/* 97124-59, and not 9712459: digits in a row may be many things */
	return take_modifiers(rest, service);
}

bool
stored_null(Word word)
{
	static const char *const words[] = {"null", "none", "nan", "nat", "<na>", "#n/a", "n/a"};
	size_t		i;

	/* asked of every value of every row: most are told by their length or first character */
	if (word.length < 3 || word.length > 4 || strchr("Nn<#", word.text[0]) == NULL)
		return false;
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (word_is(word, words[i]))
			return true;
	return false;
}

Word
stored_whole(Word word)
{
	size_t		n = digits_ahead(word);
	size_t		end = word.length;

	if (n == 0 || n + 1 >= end || word.text[n] != '.')
		return word;
	while (end > n + 1 && word.text[end - 1] == '0')
		end--;
	return end == n + 1 ? (Word) {word.text, n, word.position} : word;
}

bool
stored_run_together(Word word)
{
	bool		digit = false,
				small = false,
				different = false;
	size_t		i;

	for (i = 0; i < word.length; i++)
	{
		digit |= is_digit(word.text[i]);
		small |= to_upper(word.text[i]) != word.text[i];
		different |= to_upper(word.text[i]) != to_upper(word.text[0]);
	}
	/* a word in small letters is a word, and 9999 fills a column */
	return word.length > 2 && word.length % 2 == 0 && is_alphanumeric(word) && different && (digit || !small);
}

bool
same_diagnosis(Word a, Word b)
{
	size_t		i = 0;
	size_t		j = 0;

	for (;;)
	{
		if (i < a.length && a.text[i] == '.')
			i++;
		if (j < b.length && b.text[j] == '.')
			j++;
		if (i >= a.length || j >= b.length)
			return i >= a.length && j >= b.length;
		if (to_upper(a.text[i++]) != to_upper(b.text[j++]))
			return false;
	}
}

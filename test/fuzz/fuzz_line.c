/*
 * test/fuzz/fuzz_line.c
 *
 * Fuzz target: the text form of a claim line.
 */
#include "common.h"

#include <stdlib.h>
#include <string.h>

static const char *const others[] = {
	"97124",
	"97124-GP x5 2024-08-05..2024-08-09 dx=M54.2 dxof=claim unread=modifiers,minutes,thru,start,dx,region,specialty,referral,visit,assistant reversal assistant=0min",
	"97124-59-GP x2 30min 2024-08-01 10:00 dx=M54.2,M99.01 region=cervical specialty=35 referral=yes visit=3",
	"00000-00 x0 0min 0001-01-01 00:00",
	"ZZZZZ-ZZ-ZZ-ZZ-ZZ-ZZ x999999.999 1440min 9999-12-31 23:59 dx=Z9Z.ZZZZ specialty=ZZZZZZZZZZ referral=no visit=32767",
	"98941-AT x1 2024-08-01 region=thoracic,lumbar,sacral"
};

static int
sign(int x)
{
	return (x > 0) - (x < 0);
}

/* Comparison is the order of the keys, either way round. */
static void
check_order(const Line *a, const Line *b)
{
	uint8_t		key_a[LINE_KEY],
				key_b[LINE_KEY];
	size_t		length_a = line_key(a, key_a);
	size_t		length_b = line_key(b, key_b);
	int			order = memcmp(key_a, key_b, length_a < length_b ? length_a : length_b);

	if (order == 0)
		order = (length_a > length_b) - (length_a < length_b);
	CHECK(line_compare(a, b) == sign(order));
	CHECK(line_compare(b, a) == -sign(order));
	CHECK((order == 0) == (line_size(a) == line_size(b) && memcmp(a, b, line_size(a)) == 0));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char	   *text = exact_copy(data, size);
	LineParts	parts;
	LineBuffer	buffer,
				folded;
	Fault		why;
	size_t		i;

	if (!line_from_text(text, size, 1, &parts, &why))
	{
		check_fault(&why, text, size);
		/* who wrote another form is told this one */
		CHECK((why.hint != NULL) == (why.kind == FAULT_SYNTAX));
		say_verdict(&why);
		free(text);
		return 0;
	}
	CHECK(why.kind == FAULT_NONE);
	say_verdict(NULL);
	CHECK(line_pack(&parts, &buffer) == line_size(&buffer.line));
	check_line(&buffer.line);

	/* letter case does not matter */
	for (i = 0; i < size; i++)
		if (text[i] >= 'A' && text[i] <= 'Z')
			text[i] = (char) (text[i] - 'A' + 'a');
		else if (text[i] >= 'a' && text[i] <= 'z')
			text[i] = (char) (text[i] - 'a' + 'A');
	CHECK(line_from_text(text, size, 1, &parts, &why));
	line_pack(&parts, &folded);
	CHECK(memcmp(&folded, &buffer, sizeof(folded)) == 0);
	free(text);

	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
	{
		LineBuffer	other;

		CHECK(line_from_text(others[i], strlen(others[i]), 1, &parts, &why));
		line_pack(&parts, &other);
		check_order(&buffer.line, &other.line);
	}
	return 0;
}

/*
 * test/model/format_model.c
 *
 * base/format.c beside the C library's own snprintf: every conversion that the
 * core uses and others that it hands on, over random values and rooms.
 * cc -std=c11 -Isrc/core -o format_model test/model/format_model.c src/core/base/format.c
 */
#include "base/format.h"

#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t state = 20240801;

static uint64_t
roll(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

static void
compare(const char *format, const char *ours, size_t our_length, const char *theirs, int their_length, size_t room)
{
	if (our_length == (size_t) their_length && (room == 0 || strcmp(ours, theirs) == 0))
		return;
	fprintf(stderr, "format_model: \"%s\" in %zu bytes gives \"%s\" (%zu), not \"%s\" (%d)\n",
			format, room, ours, our_length, theirs, their_length);
	exit(1);
}

#define COMPARE(...) \
	do { \
		char		ours[300] = "", \
					theirs[300] = ""; \
		size_t		room = roll() % 3 == 0 ? roll() % 40 : sizeof(ours); \
		size_t		our_length = text_format(ours, room, __VA_ARGS__); \
		int			their_length = snprintf(theirs, room, __VA_ARGS__); \
\
		compare(FIRST(__VA_ARGS__, 0), ours, our_length, theirs, their_length, room); \
		n++; \
	} while (0)
#define FIRST(first, ...) first

int
main(void)
{
	const char *const texts[] = {"", "a", "97124-59-GP x2 30min", "%d", "two\nlines", "2024-08-01"};
	long		n = 0;
	int			i;

	for (i = 0; i < 20000; i++)
	{
		const char *text = texts[roll() % (sizeof(texts) / sizeof(texts[0]))];
		long long	large = (long long) (roll() >> roll() % 64) * (roll() % 2 ? 1 : -1);
		int			small = (int) large;
		int			cut = (int) (roll() % 12);

		COMPARE("%s", text);
		COMPARE("plain");
		COMPARE("100 %% of %s: %d", text, small);
		COMPARE("%.3s|%.90s|%.*s|%.*s", text, text, cut, text, -1, text);
		COMPARE("%d %d %d %d", small, INT_MIN, INT_MAX, 0);
		COMPARE("%02d:%02d %04d-%03d", small % 60, small, small, -7);
		COMPARE("%u %03u %u", (unsigned) small, (unsigned) small % 1000, UINT_MAX);
		COMPARE("%lld.%03lld %lld %lld", large, large % 1000, LLONG_MIN, LLONG_MAX);
		COMPARE("%zu, at character %zu.", (size_t) large, SIZE_MAX);
		/* handed on */
		COMPARE("%s %5d %-4d| %x %c %.2f", text, small, small, (unsigned) small, 'x', (double) small / 3);
		COMPARE("%8s|%-8s|%ld", text, text, (long) large);
	}
	printf("%ld texts are the same\n", n);
	return 0;
}

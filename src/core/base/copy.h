/*
 * src/core/base/copy.h
 *
 * Copying few bytes.
 */
#ifndef CLAIMLINE_COPY_H
#define CLAIMLINE_COPY_H

#include <stdint.h>
#include <string.h>

/*
 * As memcpy(), for texts of some ten bytes: compilers make of a length that they
 * do not know, but know to be small, an instruction that takes longer to start
 * than this does to end.
 */
static inline void
copy_few(char *to, const char *from, size_t n)
{
	size_t		i;

	if (n >= sizeof(uint64_t))
	{
		for (i = 0; i < n - sizeof(uint64_t); i += sizeof(uint64_t))
			memcpy(to + i, from + i, sizeof(uint64_t));
		memcpy(to + n - sizeof(uint64_t), from + n - sizeof(uint64_t), sizeof(uint64_t));
	}
	else if (n >= sizeof(uint32_t))
	{
		memcpy(to, from, sizeof(uint32_t));
		memcpy(to + n - sizeof(uint32_t), from + n - sizeof(uint32_t), sizeof(uint32_t));
	}
	else
		for (i = 0; i < n; i++)
			to[i] = from[i];
}

#endif							/* CLAIMLINE_COPY_H */

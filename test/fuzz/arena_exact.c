/*
 * test/fuzz/arena_exact.c
 *
 * Stands in for src/core/base/arena.c: every allocation is a block of its own, of the
 * exact size, so that the sanitizer sees each access outside it.
 */
#include "base/arena.h"

#include <stdio.h>
#include <string.h>

#define MAX_ALIGN	16

/* In front of each block. */
struct ArenaBlock
{
	ArenaBlock *older;
	char		pad[MAX_ALIGN - sizeof(ArenaBlock *)];
};

void
arena_init(Arena *arena, void *(*get) (void *, size_t), void (*put) (void *, void *), void *context)
{
	memset(arena, 0, sizeof(*arena));
	arena->get = get;
	arena->put = put;
	arena->context = context;
}

void *
arena_alloc(Arena *arena, size_t size)
{
	ArenaBlock *block = arena->get(arena->context, sizeof(ArenaBlock) + size);

	block->older = arena->blocks;
	arena->blocks = block;
	return block + 1;
}

void *
arena_grow(Arena *arena, const void *array, size_t element, int count, int *capacity)
{
	void	   *larger;

	*capacity = *capacity ? *capacity * 2 : 16;
	larger = arena_alloc(arena, element * (size_t) *capacity);
	if (count > 0)
		memcpy(larger, array, element * (size_t) count);
	return larger;
}

char *
arena_vprintf(Arena *arena, const char *format, va_list args)
{
	va_list		again;
	int			length;
	char	   *text;

	va_copy(again, args);
	length = vsnprintf(NULL, 0, format, again);
	va_end(again);
	text = arena_alloc(arena, (size_t) length + 1);
	vsnprintf(text, (size_t) length + 1, format, args);
	return text;
}

char *
arena_printf(Arena *arena, const char *format,...)
{
	va_list		args;
	char	   *text;

	va_start(args, format);
	text = arena_vprintf(arena, format, args);
	va_end(args);
	return text;
}

ArenaMark
arena_mark(const Arena *arena)
{
	return (ArenaMark) {arena->blocks, NULL};
}

void
arena_rewind(Arena *arena, ArenaMark mark)
{
	while (arena->blocks != mark.blocks)
	{
		ArenaBlock *block = arena->blocks;

		arena->blocks = block->older;
		arena->put(arena->context, block);
	}
}

void
arena_reset(Arena *arena)
{
	arena_rewind(arena, (ArenaMark) {NULL, NULL});
}

void
arena_release(Arena *arena)
{
	arena_reset(arena);
}

/*
 * src/core/base/arena.c
 *
 * The core's bump allocator.
 */
#include "base/arena.h"

#include "base/format.h"

#include <stdint.h>
#include <string.h>

struct ArenaBlock
{
	ArenaBlock *older;
	size_t		size;			/* of the memory behind the header */
};

#define ARENA_ALIGN		8
#define ARENA_BLOCK		8192
#define BLOCK_HEADER	((sizeof(ArenaBlock) + ARENA_ALIGN - 1) / ARENA_ALIGN * ARENA_ALIGN)

void
arena_init(Arena *arena, void *(*get) (void *, size_t),
		   void (*put) (void *, void *), void *context)
{
	memset(arena, 0, sizeof(*arena));
	arena->get = get;
	arena->put = put;
	arena->context = context;
}

static void
arena_open(Arena *arena, ArenaBlock *block)
{
	arena->next = (char *) block + BLOCK_HEADER;
	arena->end = arena->next + block->size;
}

void *
arena_alloc(Arena *arena, size_t size)
{
	void	   *result;

	size = (size + ARENA_ALIGN - 1) / ARENA_ALIGN * ARENA_ALIGN;
	if (size > (size_t) (arena->end - arena->next))
	{
		size_t		room = size > ARENA_BLOCK ? size : ARENA_BLOCK;
		ArenaBlock *block = arena->get(arena->context, BLOCK_HEADER + room);

		block->older = arena->blocks;
		block->size = room;
		arena->blocks = block;
		arena_open(arena, block);
	}
	result = arena->next;
	arena->next += size;
	return result;
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
	size_t		room = (size_t) (arena->end - arena->next);
	char	   *text = arena->next;
	va_list		again;
	size_t		length;

	/* mostly it fits where we are, and is formatted once */
	va_copy(again, args);
	length = text_vformat(text, room, format, args);
	if (length < room)
		arena_alloc(arena, length + 1);
	else
	{
		text = arena_alloc(arena, length + 1);
		text_vformat(text, length + 1, format, again);
	}
	va_end(again);
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

/* Give back the blocks that are newer than `last`. */
static void
give_back(Arena *arena, const ArenaBlock *last)
{
	while (arena->blocks != last)
	{
		ArenaBlock *block = arena->blocks;

		arena->blocks = block->older;
		arena->put(arena->context, block);
	}
}

ArenaMark
arena_mark(const Arena *arena)
{
	return (ArenaMark) {arena->blocks, arena->next};
}

void
arena_rewind(Arena *arena, ArenaMark mark)
{
	if (arena->blocks != mark.blocks)
	{
		give_back(arena, mark.blocks);
		if (mark.blocks != NULL)
			arena_open(arena, mark.blocks);
	}
	arena->next = mark.next;
	if (mark.blocks == NULL)
		arena->end = arena->next;
}

void
arena_reset(Arena *arena)
{
	ArenaBlock *oldest = arena->blocks;

	while (oldest != NULL && oldest->older != NULL)
		oldest = oldest->older;
	give_back(arena, oldest);
	if (oldest != NULL)
		arena_open(arena, oldest);
}

void
arena_release(Arena *arena)
{
	arena_reset(arena);
	if (arena->blocks != NULL)
		arena->put(arena->context, arena->blocks);
	arena->blocks = NULL;
	arena->next = arena->end = NULL;
}

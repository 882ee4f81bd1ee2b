/*
 * src/core/base/arena.h
 *
 * The core's only source of memory: a bump allocator over blocks that the
 * embedding program provides.  The server gives blocks of a memory context,
 * the stand-alone build gives malloc.  A block function never returns NULL.
 */
#ifndef CLAIMLINE_ARENA_H
#define CLAIMLINE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

#include "base/compiler.h"

typedef struct ArenaBlock ArenaBlock;

typedef struct Arena
{
	void	   *(*get) (void *context, size_t size);
	void		(*put) (void *context, void *block);
	void	   *context;
	void		(*pause) (void);	/* called in long loops, to be cancelled; may be NULL */
	ArenaBlock *blocks;			/* newest first; the oldest survives a reset */
	char	   *next;
	char	   *end;
} Arena;


extern void arena_init(Arena *arena, void *(*get) (void *, size_t),
					   void (*put) (void *, void *), void *context);

/* Once for each turn of a loop that may be long: it can be cancelled. */
static inline void
arena_pause(const Arena *arena)
{
	if (arena->pause != NULL)
		arena->pause();
}

/* Uninitialised memory, aligned for any type; lives until the next reset. */
extern void *arena_alloc(Arena *arena, size_t size);

/* Twice the room for an array that is full, its elements copied. */
extern void *arena_grow(Arena *arena, const void *array, size_t element,
						int count, int *capacity);

/* A formatted string. */
extern char *arena_printf(Arena *arena, const char *format,...) CLAIMLINE_PRINTF(2, 3);
extern char *arena_vprintf(Arena *arena, const char *format, va_list args) CLAIMLINE_PRINTF(2, 0);

/* A place in an arena, to return to. */
typedef struct ArenaMark
{
	ArenaBlock *blocks;
	char	   *next;
} ArenaMark;

extern ArenaMark arena_mark(const Arena *arena);

/* Forget what came after the mark. */
extern void arena_rewind(Arena *arena, ArenaMark mark);

/* Forget everything; keeps one block. */
extern void arena_reset(Arena *arena);

/* Give every block back. */
extern void arena_release(Arena *arena);

#endif							/* CLAIMLINE_ARENA_H */

/*
 * src/pg/server.h
 *
 * What the core and all types need of the server: memory, errors, the binary
 * format.  Include after postgres.h, as all headers here.
 */
#ifndef CLAIMLINE_SERVER_H
#define CLAIMLINE_SERVER_H

#include "base/arena.h"
#include "base/word.h"
#include "lib/stringinfo.h"
#include "pg/compat.h"

/* An arena whose blocks live in a memory context. */
extern void arena_init_context(Arena *arena, MemoryContext context);
extern void *context_get(void *context, size_t size);

/* The error code of a fault. */
extern int	fault_errcode(const Fault *why);

/* At most the first 100 bytes, for a message. */
extern char *shown_input(const char *text);

/*
 * The body of an input function that refuses: reports the fault as bad input
 * of the type, softly where the server can.
 */
#define RETURN_FAULT(context, type, text, why) \
	ereturn(context, (Datum) 0, \
			(errcode(fault_errcode(why)), \
			 (why)->kind == FAULT_SYNTAX \
			 ? errmsg("invalid input syntax for type %s: \"%s\"", type, shown_input(text)) \
			 : errmsg("invalid value for type %s: \"%s\"", type, shown_input(text)), \
			 errdetail("%s", (why)->detail), \
			 (why)->hint == NULL ? 0 : errhint("%s", (why)->hint)))

/* Can the escapes of a JSON text be written in the encoding of the database? */
extern bool escapes_fit(const char *json, Fault *why);

/* What a writer of the core puts, into a StringInfo. */
extern void put_piece(void *string, const char *text, size_t length);

/* The body of a receive function that refuses. */
extern void refuse_binary(const char *type, const Fault *why);

/* Binary format of all four types: a version byte, then the text form. */
#define BINARY_VERSION	1
extern char *receive_text(StringInfo message, const char *type);
extern bytea *send_text(const char *text, size_t length);

#endif							/* CLAIMLINE_SERVER_H */

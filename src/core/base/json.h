/*
 * src/core/base/json.h
 *
 * JSON as the core reads and writes it.  The core's own because it builds
 * without the server; no value nests deeper than its caller asks.
 */
#ifndef CLAIMLINE_JSON_H
#define CLAIMLINE_JSON_H

#include <stdint.h>

#include "base/arena.h"
#include "base/word.h"

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

/* Of the text, with what to say where it goes wrong. */
extern Reader json_reader(const char *text, size_t length, Arena *arena, Fault *why);

/* 1-based character; counted only when something is wrong */
extern size_t json_position(const Reader *reader);

/* What should have stood here.  Always false. */
extern bool json_expected(Reader *reader, const char *what);

/* After blanks: is the next character c?  Takes it if so. */
extern bool json_take(Reader *reader, char c);

/* A string; text without escapes is not copied. */
extern bool json_string(Reader *reader, Word *word);

/* A string, a number, true, false or null (text NULL). */
extern bool json_scalar(Reader *reader, Word *word);

/* A key and the colon behind it. */
extern bool json_key(Reader *reader, Word *key);

/* After a closing bracket: nothing but blanks? */
extern bool json_end(Reader *reader);

typedef struct Writer
{
	void		(*put) (void *context, const char *text, size_t length);
	void	   *context;
	bool		first;			/* of the values of a row or an object */
} Writer;

extern void json_put(Writer *writer, const char *text);

/* A comma, unless what follows is the first of its row or object. */
extern void json_comma(Writer *writer);

/* Values of a row: text or null, numbers, words out of a list. */
extern void json_put_text(Writer *writer, const char *text);
extern void json_put_number(Writer *writer, uint32_t number);
extern void json_put_words(Writer *writer, uint32_t bits, const char *const *names);

/* "key": */
extern void json_put_key(Writer *writer, const char *key);

/* A table: its name, then each row on a line of its own. */
extern void json_open_table(Writer *writer, const char *table);
extern void json_open_row(Writer *writer, bool *first_row);

#endif							/* CLAIMLINE_JSON_H */

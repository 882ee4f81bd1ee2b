/*
 * src/pg/server.c
 *
 * Memory, errors and the binary format, as the core and the types need them.
 */
#include "postgres.h"

#include "libpq/pqformat.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "pg/server.h"
#include "utils/memutils.h"

void *
context_get(void *context, size_t size)
{
	return MemoryContextAllocHuge((MemoryContext) context, size);
}

static void
context_put(void *context, void *block)
{
	(void) context;
	pfree(block);
}

static void
allow_cancel(void)
{
	CHECK_FOR_INTERRUPTS();
}

void
arena_init_context(Arena *arena, MemoryContext context)
{
	arena_init(arena, context_get, context_put, context);
	arena->pause = allow_cancel;
}

int
fault_errcode(const Fault *why)
{
	switch (why->kind)
	{
		case FAULT_RANGE:
			return ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE;
		case FAULT_MISSING:
			return ERRCODE_NULL_VALUE_NOT_ALLOWED;
		case FAULT_SYNTAX:
		case FAULT_NONE:
			break;
	}
	return ERRCODE_INVALID_TEXT_REPRESENTATION;
}

char *
shown_input(const char *text)
{
	int			length = (int) strlen(text);
	int			clipped = pg_mbcliplen(text, length, 100);

	return clipped < length ? psprintf("%.*s...", clipped, text) : pstrdup(text);
}

bool
escapes_fit(const char *json, Fault *why)
{
	/* the core writes them in UTF-8 */
	return GetDatabaseEncoding() == PG_UTF8 || strstr(json, "\\u") == NULL ||
		fault(why, FAULT_SYNTAX, 0, "\\u escapes need a database in UTF8");
}

void
put_piece(void *string, const char *text, size_t length)
{
	appendBinaryStringInfo((StringInfo) string, text, (int) length);
}

void
refuse_binary(const char *type, const Fault *why)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
			 errmsg("invalid binary value for type %s", type),
			 errdetail("%s", why->detail)));
}

/*
 * The text behind the version byte.  What it says is checked by the type's
 * own input; here only that it is text.
 */
char *
receive_text(StringInfo message, const char *type)
{
	int			version = pq_getmsgbyte(message);
	int			length;

	if (version != BINARY_VERSION)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("unsupported binary format of type %s", type),
				 errdetail("Version is %d, must be %d.", version, BINARY_VERSION)));
	return pq_getmsgtext(message, message->len - message->cursor, &length);
}

bytea *
send_text(const char *text, size_t length)
{
	StringInfoData message;

	pq_begintypsend(&message);
	pq_sendbyte(&message, BINARY_VERSION);
	pq_sendtext(&message, text, (int) length);
	return pq_endtypsend(&message);
}

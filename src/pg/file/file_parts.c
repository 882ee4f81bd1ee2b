/*
 * src/pg/file/file_parts.c
 *
 * A file that came in parts, as rows of a table, as one text: it is written to
 * a temporary file of the server, which is mapped.  So a file of any length is
 * read as a text is, with no more memory than for a part of it.
 */
#include "postgres.h"

#include <sys/mman.h>

#include "executor/spi.h"
#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "pg/file/file_parts.h"
#include "pg/file/file_text.h"
#include "storage/fd.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/wait_event.h"

PG_FUNCTION_INFO_V1(claim_file_texts);

#define FETCHED_AT_ONCE	64

/* What is written: whole characters, in the encoding of the database. */
typedef struct Spool
{
	File		file;
	int			encoding;		/* of the parts */
	StringInfoData rest;		/* bytes that are not written: a character may go on in the next part */
	int64		checked;		/* bytes before them */
	off_t		written;
} Spool;

typedef struct MappedText
{
	char	   *start;
	size_t		length;
	MemoryContextCallback callback;
} MappedText;

static void
unmap(void *arg)
{
	MappedText *text = arg;

	(void) munmap(text->start, text->length);
}

static void
spool_write(Spool *spool, const char *bytes, int length)
{
	if (length == 0)
		return;
	errno = 0;
	if (FileWrite(spool->file, (char *) bytes, length, spool->written, PG_WAIT_EXTENSION) != length)
	{
		/* a file that is too short for no other reason is on a disk that is full */
		if (errno == 0)
			errno = ENOSPC;
		ereport(ERROR,
				(errcode_for_file_access(),
				 errmsg("could not write to a temporary file: %m")));
	}
	spool->written += length;
}

/* What of the rest is whole characters; is_last: all of it must be. */
static void
spool_characters(Spool *spool, bool is_last)
{
	int			length = spool->rest.len;
	int			valid = pg_encoding_verifymbstr(spool->encoding, spool->rest.data, length);
	char	   *converted;

	if (valid < length && (is_last || length - valid >= pg_encoding_max_length(spool->encoding)))
		ereport(ERROR,
				(errcode(ERRCODE_CHARACTER_NOT_IN_REPERTOIRE),
				 errmsg("the file is not in encoding %s", pg_encoding_to_char(spool->encoding)),
				 errdetail("Byte 0x%02X at " INT64_FORMAT " is no character of it.",
						   (unsigned char) spool->rest.data[valid], spool->checked + valid + 1),
				 errhint("Say what it is in: LATIN1, or WIN1252, for many files that are not in UTF8.")));
	converted = (char *) pg_do_encoding_conversion((unsigned char *) spool->rest.data, valid, spool->encoding, GetDatabaseEncoding());
	if (converted == spool->rest.data)
		spool_write(spool, converted, valid);
	else
	{
		spool_write(spool, converted, (int) strlen(converted));
		pfree(converted);
	}
	memmove(spool->rest.data, spool->rest.data + valid, (size_t) (length - valid));
	spool->rest.len = length - valid;
	spool->checked += valid;
}

static void
spool_parts(Spool *spool, Oid parts)
{
	char	   *table = quote_qualified_identifier(get_namespace_name(get_rel_namespace(parts)), get_rel_name(parts));
	char	   *query = psprintf("SELECT pg_catalog.decode(content, 'base64') FROM ONLY %s ORDER BY part", table);
	Portal		portal;
	uint64		i;

	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	portal = SPI_cursor_open_with_args(NULL, query, 0, NULL, NULL, NULL, true, 0);
	do
	{
		SPI_cursor_fetch(portal, true, FETCHED_AT_ONCE);
		for (i = 0; i < SPI_processed; i++)
		{
			bool		is_null;
			Datum		value = SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 1, &is_null);
			bytea	   *part;

			if (is_null)
				continue;
			part = DatumGetByteaPP(value);
			appendBinaryStringInfo(&spool->rest, VARDATA_ANY(part), VARSIZE_ANY_EXHDR(part));
			spool_characters(spool, false);
		}
		SPI_freetuptable(SPI_tuptable);
		CHECK_FOR_INTERRUPTS();
	} while (i > 0);
	SPI_cursor_close(portal);
	spool_characters(spool, true);
	SPI_finish();
}

const char *
file_parts_map(FunctionCallInfo fcinfo, size_t *length)
{
	Oid			parts = PG_GETARG_OID(0);
	char	   *name = text_to_cstring(PG_GETARG_TEXT_PP(1));
	Spool		spool = {.encoding = pg_char_to_encoding(name)};
	MappedText *text;

	if (!PG_VALID_ENCODING(spool.encoding))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("encoding \"%s\" does not exist", name)));
	if (!OidIsValid(get_rel_namespace(parts)))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("the table of the parts of a file does not exist")));
	initStringInfo(&spool.rest);
	spool.file = OpenTemporaryFile(false);
	spool_parts(&spool, parts);
	*length = (size_t) FileSize(spool.file);
	if (*length == 0)
	{
		FileClose(spool.file);
		return "";
	}
	text = MemoryContextAllocZero(CurrentMemoryContext, sizeof(MappedText));
	text->length = *length;
	text->start = mmap(NULL, *length, PROT_READ, MAP_PRIVATE, FileGetRawDesc(spool.file), 0);
	if (text->start == MAP_FAILED)
		ereport(ERROR,
				(errcode_for_file_access(),
				 errmsg("could not map a temporary file: %m")));
	/* the mapping stays when the file is closed, and with it is gone */
	FileClose(spool.file);
	text->callback.func = unmap;
	text->callback.arg = text;
	MemoryContextRegisterResetCallback(CurrentMemoryContext, &text->callback);
	return text->start;
}

/* ------------------------------------------------------------------- texts */

static void
put_text(FileRows *rows, int line, Word text)
{
	if (text.length > MaxAllocSize - VARHDRSZ - 1)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("a value of the file is too long"),
				 errdetail("It has %zu bytes, a value has at most 1 GB.", text.length),
				 errhint("Files with a resource a line (NDJSON) may have any length.")));
	put_value(rows, Int32GetDatum(line));
	put_word(rows, text);
	file_row_end(rows);
}

/* The lines of the file that are not blank, with their numbers; or all of it as one. */
Datum
claim_file_texts(PG_FUNCTION_ARGS)
{
	bool		whole = PG_GETARG_BOOL(2);
	Datum		values[2];
	bool		nulls[2];
	FileRows	rows;
	size_t		length;
	const char *at;
	const char *end;
	int			line = 0;

	file_rows_begin(&rows, fcinfo, 2, values, nulls);
	at = file_parts_map(fcinfo, &length);
	end = at + length;
	if (length >= 3 && memcmp(at, "\xEF\xBB\xBF", 3) == 0)
		at += 3;
	while (at < end)
	{
		const char *stop = whole ? NULL : memchr(at, '\n', (size_t) (end - at));
		Word		text;

		if (stop == NULL)
			stop = end;
		text = word_trim((Word) {at, (size_t) (stop - at), 0});
		line++;
		if (text.length > 0)
			put_text(&rows, line, text);
		at = stop + 1;
	}
	MemoryContextDelete(rows.context);
	return (Datum) 0;
}

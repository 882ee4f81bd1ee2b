/*
 * src/pg/store/source_sql.h
 *
 * The SELECT of a mapping: one for the view of a source, for guards and for scans.
 */
#ifndef CLAIMLINE_SOURCE_SQL_H
#define CLAIMLINE_SOURCE_SQL_H

#include "pg/store/source_map.h"

typedef enum SelectRows
{
	SELECT_LINES,				/* without those that the mapping leaves out */
	SELECT_OWN,					/* without those that it leaves out for what they say themselves */
	SELECT_ALL_ROWS				/* all, with columns left_out: what a row is that is no line, or null; fault: claim_source_fault of one that is a line */
} SelectRows;

/*
 * For search_path pg_catalog, with the columns patient, provider, dos,
 * claim_id, line_no, line, line_error, charge and code.  `from`: SQL of what to
 * read instead of the relation, or NULL; `extra`: more to select, or NULL; the
 * row of the relation has the alias t.  `schema`: that of the extension, quoted.
 */
extern char *source_select(const SourceMap *map, const char *schema, const char *from, const char *extra,
						   SelectRows rows);

/* --- parts of it, SQL over the row t --- */

/* The text of a field, null where it is not filled (see source_first.h); the number of one. */
extern const char *field_text_sql(const FieldMap *map);
extern const char *field_number_sql(const FieldMap *map);

/* The patient as days are grouped by. */
extern const char *patient_sql(const SourceMap *map, const char *schema);

/* "FROM relation AS t" with what is joined to it. */
extern void put_source_rows(StringInfo sql, const SourceMap *map, const char *from);

/* Does the status of a row have a meaning?  Never null; NULL where no value has it. */
extern const char *status_is(const FieldMap *status, Meaning meaning);

#endif							/* CLAIMLINE_SOURCE_SQL_H */

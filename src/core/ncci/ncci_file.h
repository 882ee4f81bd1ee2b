/*
 * src/core/ncci/ncci_file.h
 *
 * The files that CMS publishes, record by record as COPY reads them: PTP text
 * in parts, each with its preamble, the MUE table with its notice, and the lines of add-on codes.
 */
#ifndef CLAIMLINE_NCCI_FILE_H
#define CLAIMLINE_NCCI_FILE_H

#include "ncci/ncci_rows.h"

#define NCCI_BAD_SHOWN		10	/* bad records told of; the rest is counted */
#define NCCI_MAX_PARTS		100
#define NCCI_MAX_TEXTS		64	/* different rationales looked at in an MUE file */
#define NCCI_PTP_FIELDS		7
#define NCCI_MUE_FIELDS		4
#define NCCI_ADDON_FIELDS	1

typedef struct NcciFile
{
	Arena	   *arena;
	NcciKind	kind;
	const char *service_type;	/* the heading of an MUE file must say it; else NULL */
	uint32_t	n_parts;
	uint32_t	parts[NCCI_MAX_PARTS];	/* the line before the first of each part */
	uint32_t	lines;			/* read so far, over all parts */
	bool		headed;			/* has this part's heading been read? */
	bool		refused;		/* is the rest of this part not looked at? */
	SourcePair *pairs;
	MueValue   *values;
	uint32_t   *value_lines;
	int			n_rows;
	int			capacity;
	int			line_capacity;
	const char *rationales[NCCI_MAX_TEXTS];	/* of PTP at most MAX_RATIONALES */
	uint32_t	rationale_lines[NCCI_MAX_TEXTS];
	uint32_t	n_rationales;
	uint32_t	last_rationale; /* number of the last record's */
	char		last_date[8];
	int32_t		last_date_value;
	struct
	{
		uint32_t	line;
		const char *what;
	}			bad[NCCI_BAD_SHOWN];
	uint32_t	n_bad;
} NcciFile;

extern void ncci_file_begin(NcciFile *file, Arena *arena, NcciKind kind, const char *service_type);

/* Service types that there are; NULL past the last. */
extern const char *const ncci_service_types[];

/* The next record; what is wrong with it is kept in file->bad. */
extern void ncci_file_record(NcciFile *file, const Word *fields);

/* After the last: check the rows against each other.  False if anything is bad. */
extern bool ncci_file_end(NcciFile *file);

/* "file 2 line 27: ..." of the i-th bad record. */
extern const char *ncci_file_bad(NcciFile *file, uint32_t i);

/* For the readers of records: a bad one; a part of no use; a row. */
extern void ncci_bad_record(NcciFile *file, uint32_t line, const char *what);
extern void ncci_refuse_part(NcciFile *file, const char *what);
extern void ncci_add_pair(NcciFile *file, const SourcePair *pair);

/* The rows of a file that is good. */
extern NcciRows *ncci_file_rows(NcciFile *file, void *(*get) (void *, size_t), void *context);

#endif							/* CLAIMLINE_NCCI_FILE_H */

/*
 * src/server.h
 *
 * What the server's side of the rooms shares: datums of the three types,
 * memory and errors for the core.  Include after postgres.h.
 */
#ifndef CLAIMLINE_SERVER_H
#define CLAIMLINE_SERVER_H

#include "compat.h"
#include "day.h"
#include "lib/stringinfo.h"
#include "line.h"
#include "ruleset.h"

/* --- claimline --- */

/* The line of a datum, aligned; detoasts. */
#define DatumGetLine(datum)		((Line *) VARDATA(PG_DETOAST_DATUM(datum)))
#define PG_GETARG_LINE(n)		DatumGetLine(PG_GETARG_DATUM(n))

/* A line as a datum. */
extern Datum line_datum(const Line *line);

/* --- claimday --- */
#define DatumGetFlatDay(datum)	((FlatDay *) PG_DETOAST_DATUM(datum))
#define PG_GETARG_FLATDAY(n)	DatumGetFlatDay(PG_GETARG_DATUM(n))

/* The non-null elements of claimline[] as lines numbered by position. */
extern void day_from_array(Datum array, Arena *arena, Day *day);

/* --- claim_ruleset --- */

/* What starter_ruleset() returns. */
extern const Ruleset *starter_default(void);

/*
 * A policy over an edition, out of the tables of the extension whose function
 * is called.  Names: policy, edition (its text NULL for the newest) and service
 * type.  Valid as long as the call site.
 */
#define RULESET_NAMES	3
extern const Ruleset *ruleset_of_tables(FunctionCallInfo fcinfo, const Word names[RULESET_NAMES]);

/* Who holds a ruleset: a call site, or something that lives as long as a memory context. */
typedef struct RulesetSite RulesetSite;
extern RulesetSite *ruleset_site(MemoryContext context);

/*
 * The same out of the tables of the extension in `schema` (quoted), as the
 * active snapshot shows them; valid until the site asks again or ends.
 */
extern const Ruleset *ruleset_for(RulesetSite *site, const char *schema, const char *policy, const char *edition,
								  const char *service_type);

/* The extension's schema, quoted: that of the function which is called. */
extern char *schema_of(FunctionCallInfo fcinfo);

/* A policy over the built-in edition, in the current memory context. */
extern const Ruleset *ruleset_of_policy(FunctionCallInfo fcinfo, const char *policy);

/* --- ncci_rows --- */
struct NcciRows;
extern const struct NcciRows *ncci_rows_of_datum(Datum datum);

/* Ensure that rows are pairs, or limits (NcciKind). */
extern void check_ncci_kind(const struct NcciRows *rows, int kind);

/* Ensure that the rows were packed by this version of the extension. */
extern void check_ncci_rows(const struct NcciRows *rows);

/* A ruleset found again by its hash, without detoasting it anew. */
typedef struct RulesetCache
{
	Ruleset    *copy;			/* detoasted, NULL before the first */
	MemoryContext context;
} RulesetCache;

/*
 * The ruleset of a datum, valid as long as the datum; O(1) however large it
 * is, but for the first of a kind that is toasted.
 */
extern const Ruleset *ruleset_from_datum(Datum datum, RulesetCache *cache);

/* The same, valid as long as the cache and no other ruleset is asked for. */
extern const Ruleset *ruleset_kept(Datum datum, RulesetCache *cache);

/* --- memory and errors --- */

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
			 errdetail("%s", (why)->detail)))

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

/*
 * src/core/ncci/ncci_rows.h
 *
 * The rows of an NCCI file packed into one value: its pairs (PTP), its unit
 * limits (MUE) or its add-on codes; whole, or an overlay over those of another edition.
 */
#ifndef CLAIMLINE_NCCI_ROWS_H
#define CLAIMLINE_NCCI_ROWS_H

#include "ruleset/pairs.h"

#define NCCI_ROWS_VERSION	1

typedef enum NcciKind
{
	NCCI_PTP, NCCI_MUE,
	NCCI_ADDON					/* pairs of an add-on code and a primary: see ncci_addon.h */
} NcciKind;

/* A unit limit; mai 0 in an overlay: the code has none any more. */
typedef struct MueValue
{
	uint32_t	code;
	uint32_t	units;			/* whole units */
	uint32_t	mai;			/* 1, 2 or 3 */
} MueValue;

/*
 * An ncci_rows datum.  Behind it: of pairs the codes (PairCode), the rationales,
 * each with its end, and from the next multiple of four on the rows (PairRow);
 * of MUE the values, by code.
 */
typedef struct NcciRows
{
	int32_t		vl_len_;		/* varlena header (do not touch directly!) */
	uint32_t	version;		/* NCCI_ROWS_VERSION */
	uint32_t	size;			/* bytes, the varlena header included */
	uint32_t	kind;			/* NcciKind */
	uint32_t	sum[4];			/* PairSum of the rows */
	uint32_t	n_codes;
	uint32_t	n_rows;
	uint32_t	n_rationales;
	uint32_t	text_size;
} NcciRows;

/* Pack; memory from get(context, size). */
extern NcciRows *ncci_rows_of_pairs(NcciKind kind, const PairSet *set, void *(*get) (void *, size_t), void *context);
extern NcciRows *ncci_rows_of_mue(const MueValue *values, uint32_t n, void *(*get) (void *, size_t), void *context);

/* Bytes in front of the pairs. */
extern size_t ncci_rows_head(const NcciRows *rows);

/*
 * Read where it lies; the rationales' addresses are in the arena.  Of the head
 * alone: a set without rows, to be read piece by piece.
 */
extern void ncci_rows_pairs(const NcciRows *rows, Arena *arena, PairSet *set);
extern const MueValue *ncci_rows_mue(const NcciRows *rows, uint32_t *n);

/* Values of a base under an overlay, and the overlay that makes `to` out of `from`; in the arena. */
extern MueValue *mue_overlay(Arena *arena, const MueValue *base, uint32_t n_base,
							 const MueValue *over, uint32_t n_over, uint32_t *n);
extern MueValue *mue_delta(Arena *arena, const MueValue *from, uint32_t n_from,
						   const MueValue *to, uint32_t n_to, uint32_t *n);

/* Text form: JSON, {"claimline_ncci": 1, "ptp": [rows]}, "mue" or "addon". */
extern NcciRows *ncci_rows_from_text(const char *text, size_t length, Arena *arena,
									 void *(*get) (void *, size_t), void *context, Fault *why);
extern void ncci_rows_to_text(const NcciRows *rows, Arena *arena,
							  void (*put) (void *context, const char *text, size_t length), void *context);

#endif							/* CLAIMLINE_NCCI_ROWS_H */

/*
 * src/core/line/claimline.h
 *
 * The claim line as it is stored, with its limits and accessors: what another
 * extension needs to read a claimline datum.  Plain C, no server headers.
 */
#ifndef CLAIMLINE_H
#define CLAIMLINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CLAIMLINE_VERSION			1

#define CLAIMLINE_CODE_LENGTH		5
#define CLAIMLINE_MAX_MODIFIERS		5
#define CLAIMLINE_MAX_DX			12
#define CLAIMLINE_MAX_UNITS			999999999	/* thousandths of a unit */
#define CLAIMLINE_MAX_MINUTES		1440
#define CLAIMLINE_MAX_START			1439	/* minutes since midnight */
#define CLAIMLINE_MAX_VISIT			32767
#define CLAIMLINE_MIN_DOS			(-730119)	/* 0001-01-01, days since 2000-01-01 */
#define CLAIMLINE_MAX_DOS			2921939 /* 9999-12-31 */

#define CLAIMLINE_NO_DOS			INT32_MAX
#define CLAIMLINE_NO_MINUTES		(-1)
#define CLAIMLINE_NO_START			(-1)
#define CLAIMLINE_NO_VISIT			0

/* Body regions, one bit each; the order is the order of the text form. */
#define REGION_CERVICAL				0x0001
#define REGION_THORACIC				0x0002
#define REGION_LUMBAR				0x0004
#define REGION_SACRAL				0x0008
#define REGION_PELVIC				0x0010
#define REGION_HEAD					0x0020
#define REGION_UPPER_EXTREMITY		0x0040
#define REGION_LOWER_EXTREMITY		0x0080
#define REGION_RIB_CAGE				0x0100
#define REGION_ABDOMEN				0x0200
#define REGIONS_SPINAL				0x001F
#define REGIONS_EXTRASPINAL			0x03E0
#define REGIONS_ALL					0x03FF
#define N_REGIONS					10

/*
 * The stored line: what follows the varlena header of a claimline datum.  Equal
 * lines have equal bytes: whatever is absent has one representation.  The tail
 * holds, without gaps, the modifiers (2 bytes each), the specialty (0, 2 or 7
 * bytes) and the diagnoses (5 bytes each, most significant first).
 */
typedef struct Line
{
	uint8_t		version;		/* CLAIMLINE_VERSION */
	uint8_t		counts;			/* modifiers | diagnoses << 4 */
	uint16_t	flags;			/* regions | referral << 10 | specialty << 12 */
	uint32_t	code;			/* five characters, base 36 */
	uint32_t	units;			/* thousandths */
	int32_t		dos;			/* days since 2000-01-01, or CLAIMLINE_NO_DOS */
	int16_t		start;			/* minutes since midnight, or -1 */
	int16_t		minutes;		/* direct one-on-one minutes, or -1 */
	int16_t		visit;			/* ordinal of the visit, or 0 */
	uint8_t		tail[];
} Line;

#define LINE_FIXED_SIZE		offsetof(Line, tail)
#define LINE_MAX_SIZE		(LINE_FIXED_SIZE + 2 * CLAIMLINE_MAX_MODIFIERS + 7 + 5 * CLAIMLINE_MAX_DX)

/* Room for any line, aligned as Line is. */
typedef union LineBuffer
{
	Line		line;
	uint32_t	align[(LINE_MAX_SIZE + 3) / 4];
} LineBuffer;

typedef enum Referral
{
	REFERRAL_UNKNOWN = 0,
	REFERRAL_NO = 1,
	REFERRAL_YES = 2
} Referral;

typedef enum SpecialtyKind
{
	SPECIALTY_NONE = 0,
	SPECIALTY_CMS = 1,			/* 2 characters */
	SPECIALTY_TAXONOMY = 2		/* 10 characters */
} SpecialtyKind;

static inline int
line_n_modifiers(const Line *line)
{
	return line->counts & 0x0F;
}

static inline int
line_n_dx(const Line *line)
{
	return line->counts >> 4;
}

static inline uint16_t
line_stated_regions(const Line *line)
{
	return line->flags & REGIONS_ALL;
}

static inline Referral
line_stated_referral(const Line *line)
{
	return (Referral) ((line->flags >> 10) & 0x03);
}

static inline SpecialtyKind
line_specialty_kind(const Line *line)
{
	return (SpecialtyKind) ((line->flags >> 12) & 0x03);
}

/* The i-th modifier in billed order: two characters, base 36. */
static inline uint16_t
line_modifier_at(const Line *line, int i)
{
	return (uint16_t) (line->tail[2 * i] << 8 | line->tail[2 * i + 1]);
}

static inline int
specialty_size(SpecialtyKind kind)
{
	return kind == SPECIALTY_NONE ? 0 : kind == SPECIALTY_CMS ? 2 : 7;
}

static inline size_t
line_size(const Line *line)
{
	return LINE_FIXED_SIZE + 2 * line_n_modifiers(line) +
		specialty_size(line_specialty_kind(line)) + 5 * line_n_dx(line);
}

#endif							/* CLAIMLINE_H */

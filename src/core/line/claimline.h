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

/* Lines of one date with nothing more to say are as release 0.1 stored them; others have an extension behind the tail. */
#define CLAIMLINE_VERSION			1
#define CLAIMLINE_EXTENDED			2

#define CLAIMLINE_CODE_LENGTH		5
#define CLAIMLINE_MAX_MODIFIERS		5
#define CLAIMLINE_MAX_DX			12
#define CLAIMLINE_MAX_UNITS			999999999	/* thousandths of a unit */
#define CLAIMLINE_MAX_MINUTES		1440
#define CLAIMLINE_MAX_START			1439	/* minutes since midnight */
#define CLAIMLINE_MAX_VISIT			32767
#define CLAIMLINE_MAX_SPAN			3660		/* days from the first date of service to the last */
#define CLAIMLINE_MIN_DOS			(-730119)	/* 0001-01-01, days since 2000-01-01 */
#define CLAIMLINE_MAX_DOS			2921939 /* 9999-12-31 */

#define CLAIMLINE_NO_DOS			INT32_MAX
#define CLAIMLINE_NO_MINUTES		(-1)
#define CLAIMLINE_NO_START			(-1)
#define CLAIMLINE_NO_VISIT			0
#define CLAIMLINE_NO_ASSISTANT		(-1)

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

/* Fields that the row of a table holds, but that could not be read; one bit each, in the order of the text form. */
#define UNREAD_MODIFIERS			0x0001
#define UNREAD_MINUTES				0x0002
#define UNREAD_THRU					0x0004
#define UNREAD_START				0x0008
#define UNREAD_DX					0x0010
#define UNREAD_REGION				0x0020
#define UNREAD_SPECIALTY			0x0040
#define UNREAD_REFERRAL				0x0080
#define UNREAD_VISIT				0x0100
#define UNREAD_ASSISTANT			0x0200
#define UNREAD_ALL					0x03FF
#define N_UNREAD					10

/*
 * The stored line: what follows the varlena header of a claimline datum.  Equal
 * lines have equal bytes: whatever is absent has one representation.  The tail
 * holds, without gaps, the modifiers (2 bytes each), the specialty (0, 2 or 7
 * bytes) and the diagnoses (5 bytes each, most significant first); of an
 * extended line, LineExtension comes next.
 */
typedef struct Line
{
	uint8_t		version;		/* CLAIMLINE_VERSION or CLAIMLINE_EXTENDED */
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

/*
 * What few lines have: at least one of these is not 0.  In bytes, the most
 * significant first: span (2), unread (2), dx_of (1), reversal (1), assistant (2).
 */
typedef struct LineExtension
{
	uint16_t	span;			/* days from the date of service to the last one */
	uint16_t	unread;			/* UNREAD_... */
	uint8_t		dx_of;			/* DxOf */
	uint8_t		reversal;		/* 1: it takes a line back that was billed before */
	uint16_t	assistant;		/* one more than the minutes of the assistant alone, or 0 */
} LineExtension;

#define LINE_EXTENSION_SIZE	8
#define LINE_FIXED_SIZE		offsetof(Line, tail)
#define LINE_MAX_SIZE		(LINE_FIXED_SIZE + 2 * CLAIMLINE_MAX_MODIFIERS + 7 + 5 * CLAIMLINE_MAX_DX + LINE_EXTENSION_SIZE)

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

/* What the diagnoses of a line are known to be of. */
typedef enum DxOf
{
	DX_OF_LINE = 0,				/* the line points to them */
	DX_OF_CLAIM = 1,			/* those of its claim: to which it points is not known */
	DX_OF_FIRST = 2				/* the first that it points to: there may be more */
} DxOf;

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
line_size_before_extension(const Line *line)
{
	return LINE_FIXED_SIZE + 2 * line_n_modifiers(line) +
		specialty_size(line_specialty_kind(line)) + 5 * line_n_dx(line);
}

static inline size_t
line_size(const Line *line)
{
	return line_size_before_extension(line) + (line->version == CLAIMLINE_EXTENDED ? LINE_EXTENSION_SIZE : 0);
}

static inline LineExtension
line_extension(const Line *line)
{
	LineExtension extension = {0, 0, 0, 0, 0};
	const uint8_t *bytes = (const uint8_t *) line + line_size_before_extension(line);

	if (line->version == CLAIMLINE_EXTENDED)
	{
		extension.span = (uint16_t) (bytes[0] << 8 | bytes[1]);
		extension.unread = (uint16_t) (bytes[2] << 8 | bytes[3]);
		extension.dx_of = bytes[4];
		extension.reversal = bytes[5];
		extension.assistant = (uint16_t) (bytes[6] << 8 | bytes[7]);
	}
	return extension;
}

/* Dates of service, from the first to the last: 1 for most lines */
static inline int
line_days(const Line *line)
{
	return line->version == CLAIMLINE_EXTENDED ? line_extension(line).span + 1 : 1;
}

static inline DxOf
line_dx_of(const Line *line)
{
	return line->version == CLAIMLINE_EXTENDED ? (DxOf) line_extension(line).dx_of : DX_OF_LINE;
}

/* Does it take back what was billed before?  Its units are those of what it takes back. */
static inline bool
line_is_reversal(const Line *line)
{
	return line->version == CLAIMLINE_EXTENDED && line_extension(line).reversal != 0;
}

/* Minutes of the line that an assistant gave alone, or CLAIMLINE_NO_ASSISTANT where that is not known */
static inline int
line_assistant_minutes(const Line *line)
{
	return line->version == CLAIMLINE_EXTENDED ? line_extension(line).assistant - 1 : CLAIMLINE_NO_ASSISTANT;
}

#endif							/* CLAIMLINE_H */

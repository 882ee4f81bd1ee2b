/*
 * src/line.h
 *
 * The claim line taken apart, put together, read and written.
 */
#ifndef CLAIMLINE_LINE_H
#define CLAIMLINE_LINE_H

#include "claimline.h"

/* A line with every field in a variable of its own. */
typedef struct LineParts
{
	uint32_t	code;
	int			n_modifiers;
	uint16_t	modifiers[CLAIMLINE_MAX_MODIFIERS];
	uint32_t	units;
	int32_t		minutes;
	int32_t		dos;
	int32_t		start;
	int			n_dx;
	uint64_t	dx[CLAIMLINE_MAX_DX];
	uint16_t	regions;
	SpecialtyKind specialty_kind;
	uint64_t	specialty;
	Referral	referral;
	int32_t		visit;
} LineParts;

/* Why a value was refused. */
typedef enum FaultKind
{
	FAULT_NONE = 0,
	FAULT_SYNTAX,				/* not of the form */
	FAULT_RANGE,				/* of the form, but outside the limits */
	FAULT_MISSING				/* a value that must be there is not */
} FaultKind;

typedef struct Fault
{
	FaultKind	kind;
	char		detail[320];	/* a sentence: field, value, limit, position */
} Fault;

/* Text handed to a field: not terminated; position 0 where there is none. */
typedef struct Word
{
	const char *text;
	size_t		length;
	size_t		position;		/* 1-based character in the whole input */
} Word;

extern bool fault(Fault *why, FaultKind kind, size_t position, const char *format,...) CLAIMLINE_PRINTF(4, 5);

/*
 * The length, at most `limit`, to which a text is cut with no character cut in
 * half.  For UTF-8; the server sets its own.
 */
extern int	(*word_clip) (const char *text, int length, int limit);

/* Characters of a word that are safe to show in a message. */
extern int word_shown(Word word);
#define WORD_SHOWN(word)	word_shown(word), (word).text

extern Word word_trim(Word word);
extern bool word_is(Word word, const char *text);
extern bool word_starts(Word word, const char *text);
extern bool is_blank(char c);
extern bool is_digit(char c);

/* --- fields: text to value.  False with the fault filled in. --- */
extern void line_parts_init(LineParts *parts);
extern bool code_from_text(Word word, uint32_t *code, Fault *why);
extern bool modifier_from_text(Word word, uint16_t *modifier, Fault *why);
extern bool dx_from_text(Word word, uint64_t *dx, Fault *why);
extern bool units_from_text(Word word, uint32_t *units, Fault *why);
extern bool date_from_text(Word word, int32_t *date, Fault *why);
extern bool start_from_text(Word word, int32_t *start, Fault *why);
extern bool region_from_text(Word word, uint16_t *region, Fault *why);
extern bool specialty_from_text(Word word, SpecialtyKind *kind, uint64_t *specialty, Fault *why);
extern bool number_in_range(const char *what, int64_t value, int64_t low, int64_t high,
							size_t position, Fault *why);
extern bool integer_from_text(const char *what, Word word, int64_t low, int64_t high,
							  int32_t *value, Fault *why);
/* Append; a blank word is skipped; too many is a fault. */
extern bool parts_add_modifier(LineParts *parts, Word word, Fault *why);
extern bool parts_add_dx(LineParts *parts, Word word, Fault *why);
extern bool parts_add_region(LineParts *parts, Word word, Fault *why);

/* --- fields: value to text.  The buffer's size is in its name. --- */
#define CODE_TEXT		(CLAIMLINE_CODE_LENGTH + 1)
#define MODIFIER_TEXT	3
#define DX_TEXT			9		/* seven characters, a dot, the end */
#define UNITS_TEXT		12
#define DATE_TEXT		16
#define SPECIALTY_TEXT	11
extern const char *code_to_text(uint32_t code, char text[CODE_TEXT]);
extern const char *modifier_to_text(uint16_t modifier, char text[MODIFIER_TEXT]);
extern const char *dx_to_text(uint64_t dx, char text[DX_TEXT]);
extern const char *units_to_text(uint32_t units, char text[UNITS_TEXT]);
extern const char *date_to_text(int32_t date, char text[DATE_TEXT]);
extern const char *specialty_to_text(SpecialtyKind kind, uint64_t specialty, char text[SPECIALTY_TEXT]);
extern const char *const region_names[N_REGIONS + 1];

/* The first `length` characters of a diagnosis, as a diagnosis value. */
extern uint64_t dx_prefix(uint64_t dx, int length);
extern int	dx_length(uint64_t dx);

/* --- the line --- */

/* Put together; returns the size in bytes. */
extern size_t line_pack(const LineParts *parts, LineBuffer *buffer);
extern void line_unpack(const Line *line, LineParts *parts);
extern uint64_t line_dx_at(const Line *line, int i);
extern uint64_t line_specialty_value(const Line *line);

/*
 * Read the text form of one line.  `origin` is the position of the first
 * character in the whole input (1 for a line on its own).
 */
extern bool line_from_text(const char *text, size_t length, size_t origin,
						   LineParts *parts, Fault *why);

/* Write the text form; returns the length without the end.  Never truncated. */
#define LINE_TEXT		512
extern size_t line_to_text(const Line *line, char text[LINE_TEXT]);

/*
 * The canonical key: equal lines have equal keys, and memcmp of two keys is
 * the order of the lines (DOS, code, modifiers, then the rest; a missing DOS
 * comes last).  Comparison and hash both read it.
 */
#define LINE_KEY		128
extern size_t line_key(const Line *line, uint8_t key[LINE_KEY]);
extern int	line_compare(const Line *a, const Line *b);

#endif							/* CLAIMLINE_LINE_H */

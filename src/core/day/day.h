/*
 * src/core/day/day.h
 *
 * The provider-day: flat as it is stored and aggregated, and as the edits see it.
 */
#ifndef CLAIMLINE_DAY_H
#define CLAIMLINE_DAY_H

#include "base/arena.h"
#include "line/line.h"

#define CLAIMDAY_VERSION	1

/*
 * A claimday datum.  Entries follow the header without gaps, each a multiple
 * of four bytes long.  As an aggregate's state it may end in unused, zeroed
 * room (its size is larger than `used`) and is in order of arrival; canonical
 * days have no room left over and are in canonical order.
 */
typedef struct FlatDay
{
	int32_t		vl_len_;		/* varlena header (do not touch directly!) */
	uint8_t		version;		/* CLAIMDAY_VERSION */
	uint8_t		canonical;
	uint16_t	zero;
	uint32_t	used;			/* bytes, this header included */
	uint32_t	n_lines;
} FlatDay;

/* One line of a flat day; the line, the claim id and then the reason follow. */
typedef struct DayEntry
{
	uint32_t	id_length;		/* bytes, or DAY_NO_ID */
	int32_t		line_no;		/* 0 where there is none */
	uint16_t	line_size;		/* 0 where the line is not valid (was null) */
	uint8_t		has_line_no;
	uint8_t		has_reason;		/* why the line is not valid; release 0.1 had none */
} DayEntry;

#define DAY_NO_ID			UINT32_MAX
/* what the server can hold in one value */
#define DAY_MAX_SIZE		0x3FFFFFFF

struct CodeRow;
struct MueRow;

/* What a line is billed to be denied for, by its modifiers and the policy. */
typedef enum DenialWanted
{
	DENIAL_NONE,
	DENIAL_EXCLUDED,			/* GX, GY: not covered at all */
	DENIAL_UNNECESSARY			/* GZ: not necessary, and no notice given */
} DenialWanted;

/* What becomes of a line when a day is netted; see day_net.h. */
typedef enum Netted
{
	NET_COUNTS,
	NET_COPY,					/* the same row of a claim once more */
	NET_TAKEN_BACK,				/* a reversal takes it back */
	NET_REVERSAL,				/* it takes a line back, or a part of one */
	NET_REVERSAL_OF_NOTHING		/* nothing of the day is what it takes back */
} Netted;

/* One line as the edits see it. */
typedef struct DayLine
{
	const Line *line;			/* NULL where it is not valid */
	const char *claim_id;		/* not terminated; NULL where there is none */
	uint32_t	id_length;
	int32_t		line_no;
	bool		has_line_no;
	const uint8_t *reason;		/* why it is not valid: a byte, and as many bytes of text; NULL where not known */
	const DayEntry *entry;		/* where it lies in a flat day, if it does */
	/* filled in where the day is netted */
	const Line *row;			/* as it is stored, where a reversal took units back; else NULL */
	int			place;			/* among the lines in canonical order */
	uint8_t		net;			/* Netted */
	/* what the ruleset says of it, filled in by edits.c */
	const struct CodeRow *code; /* NULL where the ruleset does not know it */
	const struct MueRow *mue;	/* the code's limit on the date, NULL where there is none */
	uint32_t	classes;		/* CLASS_... of the code */
	uint32_t	kinds;			/* KIND_... of all its modifiers, together */
	uint16_t	discipline;		/* the first modifier that states one, 0 for none */
	uint8_t		denial;			/* DenialWanted */
	bool		in_two_codes;	/* has the code one for further units, or is it one? */
	bool		plain;			/* is it remembered that no modifier is wrong on the code or missing? */
	uint16_t	regions;		/* on a day with manipulation: of it and what is bundled with it; 0 if not determinable */
	/*
	 * Lines that may be of one date are a group: those of one DOS, and where lines are of several dates, those that
	 * their dates link.  Of the line's group the end, exclusive, the next line of its code, or -1, and the next line
	 * that is the first of its code, or the end.
	 */
	int			group_end;
	int			next_of_code;
	int			next_code;
} DayLine;

/*
 * The lines in canonical order; the invalid ones are last.  In a netted day those that count come first, then those
 * that do not, then the invalid ones, each in canonical order.
 */
typedef struct Day
{
	DayLine    *lines;
	int			n_lines;
	int			n_valid;		/* and count */
	int			n_netted;		/* valid ones behind them that do not count */
	bool		netted;			/* is anything netted? */
	/* of all lines, filled in by edits.c */
	uint32_t	classes;
	bool		has_specialty;	/* does any state one? */
	bool		has_spans;		/* is any of several dates? */
	bool		has_addons;		/* is any code an add-on code? */
	bool		has_assistant;	/* does any state the minutes of an assistant? */
} Day;

/* Where the invalid lines begin. */
static inline int
day_first_invalid(const Day *day)
{
	return day->n_valid + day->n_netted;
}

/* The place of a line among those of day_lines, and the line there. */
static inline int
day_place(const Day *day, int line)
{
	return day->netted ? day->lines[line].place : line;
}

static inline const Line *
day_row(const Day *day, int line)
{
	return day->netted && day->lines[line].row != NULL ? day->lines[line].row : day->lines[line].line;
}

/* Of a reason, at most these bytes are kept. */
#define DAY_MAX_REASON		UINT8_MAX

/* Bytes that one more entry takes; `reason` as in DayLine. */
extern size_t day_entry_size(size_t line_size, size_t id_length, const uint8_t *reason);

/* Write an entry of day_entry_size() bytes; returns its end.  The line need not be aligned; its size is 0 where there is none. */
extern char *day_entry_put(char *to, const DayLine *line, size_t size);

/* The line of an entry; returns the entry's end. */
extern const char *day_entry_line(const char *from, DayLine *line);

extern void flat_day_init(FlatDay *flat);

/*
 * Append an entry; the caller has made room.  `size` is that of the line, which
 * need not be aligned; 0 where there is none.
 */
extern void flat_day_append(FlatDay *flat, const DayLine *line, size_t size);

/* Write entries, those of `lines`, which are in canonical order, as a canonical day of `used` bytes. */
extern void flat_day_of_entries(const DayLine *lines, uint32_t n_lines, FlatDay *canonical, uint32_t used);

/* The lines of a flat day in the order they lie in; `lines` has n_lines places. */
extern void flat_day_lines(const FlatDay *flat, DayLine *lines);

/* The lines of a flat day in canonical order. */
extern void day_from_flat(const FlatDay *flat, Arena *arena, Day *day);

/* Put lines into canonical order and count the valid ones. */
extern void day_sort(Day *day);
extern int	day_line_compare(const DayLine *a, const DayLine *b);

/* --- text form --- */

/*
 * Read the text form; the lines point into the arena.  Example:
 * {"C1" 1 97124-GP x2 30min 2024-08-01; - 2 -; - 3 - "Units must not be null."}
 */
extern bool day_from_text(const char *text, size_t length, Arena *arena, Day *day, Fault *why);
extern char *day_to_text(const Day *day, Arena *arena);

#endif							/* CLAIMLINE_DAY_H */

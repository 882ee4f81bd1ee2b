/*
 * src/pg/store/source_field.h
 *
 * The fields that a mapping knows, and the forms in which columns hold them.
 */
#ifndef CLAIMLINE_SOURCE_FIELD_H
#define CLAIMLINE_SOURCE_FIELD_H

/* Those of a line first, in the order in which what is wrong with a row is told. */
typedef enum SourceField
{
	SOURCE_CODE, SOURCE_MODIFIERS, SOURCE_UNITS, SOURCE_MINUTES, SOURCE_DOS, SOURCE_THRU, SOURCE_START,
	SOURCE_DX, SOURCE_REGIONS, SOURCE_SPECIALTY, SOURCE_REFERRAL, SOURCE_VISIT, SOURCE_ASSISTANT,
	SOURCE_CHARGE, SOURCE_STATUS,	/* of which a line has only that it is a reversal */
	N_LINE_FIELDS,
	SOURCE_PATIENT = N_LINE_FIELDS, SOURCE_PROVIDER, SOURCE_CLAIM_ID, SOURCE_LINE_NO, SOURCE_FREQUENCY, SOURCE_REPLACES,
	SOURCE_ALLOWED,				/* what is allowed for a line, in dollars */
	SOURCE_LINE, SOURCE_LINE_ERROR, /* the line as it is, which goes before its fields, and what is wrong with it */
	N_SOURCE_FIELDS
} SourceField;

extern const char *const source_field_names[N_SOURCE_FIELDS + 1];

/* The field of a name; N_SOURCE_FIELDS for none. */
extern SourceField source_field_of(const char *name, int length);

/* Has a line several values of a field? */
extern bool source_field_is_list(SourceField field);

/* What a value of frequency or status says of its claim. */
typedef enum Meaning
{
	MEANS_CORRECTED, MEANS_REPLACEMENT, MEANS_VOID, MEANS_DENIED, MEANS_REVERSED, MEANS_CANCELLED,
	MEANS_REVERSAL,				/* the row takes back what another billed */
	N_MEANINGS
} Meaning;

extern const char *const meaning_names[N_MEANINGS + 1];

/* How values of a column are read. */
typedef enum ValueKind
{
	KIND_TEXT, KIND_INTEGER, KIND_NUMERIC, KIND_NUMBER, KIND_DATE, KIND_TIMESTAMP, KIND_TIME,
	KIND_BOOLEAN, KIND_ARRAY,
	KIND_LIST,					/* several columns */
	KIND_PRESENCE,				/* any value means yes */
	KIND_VALUE,					/* a constant */
	N_VALUE_KINDS
} ValueKind;

extern const char *const value_kind_names[N_VALUE_KINDS + 1];

/* The kind of a name; N_VALUE_KINDS for none. */
extern ValueKind value_kind_of(const char *name);

#endif							/* CLAIMLINE_SOURCE_FIELD_H */

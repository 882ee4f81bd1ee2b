-- claims files: what they hold as rows

CREATE TYPE claim_file_line AS (
	kind text,
	claim_id text,
	line_no int,
	line_control text,
	frequency text,
	replaces text,
	patient text,
	subscriber text,
	billing text,
	rendering text,
	referring text,
	taxonomy text,
	pos text,
	bill_type text,
	payer text,
	dos date,
	thru date,
	qualifier text,
	code text,
	modifiers text[],
	revenue text,
	units numeric,
	minutes numeric,
	days numeric,
	charge numeric,
	dx text[],
	icd int,
	line claimline,
	line_error text,
	segment int
);
COMMENT ON TYPE claim_file_line IS
	'a service line of a claims file: what the file says of it, the claim line that it is, '
	'or why it is none or not whole';

CREATE FUNCTION claim_lines_of_837(file text) RETURNS SETOF claim_file_line
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	COST 100000 ROWS 100;
COMMENT ON FUNCTION claim_lines_of_837(text) IS
	'the service lines (SV1, SV2, SV3) of X12 837 claims, professional, institutional and dental, releases '
	'4010 and 5010: a row each, in the order of the file; none for null. Warns of what is wrong with the '
	'file, and raises an error for a text without an interchange';

CREATE TYPE claim_file_payment AS (
	kind text,
	payer text,
	payee text,
	trace text,
	paid_on date,
	claim_id text,
	claim_status text,
	frequency text,
	payer_claim_id text,
	patient text,
	subscriber text,
	provider text,
	service_no int,
	line_control text,
	qualifier text,
	code text,
	modifiers text[],
	billed_qualifier text,
	billed_code text,
	billed_modifiers text[],
	revenue text,
	units numeric,
	billed_units numeric,
	dos date,
	thru date,
	charge numeric,
	paid numeric,
	adjustment int,
	adjustment_group text,
	carc text,
	amount numeric,
	quantity numeric,
	plb_reason text,
	plb_reference text,
	rarc text[],
	claim_rarc text[],
	period date,
	payment_error text,
	segment int
);
COMMENT ON TYPE claim_file_payment IS
	'what a payer paid for a service, or why not, as a remittance file has it: a row each adjustment';

CREATE FUNCTION claim_payments_of_835(file text) RETURNS SETOF claim_file_payment
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	COST 100000 ROWS 100;
COMMENT ON FUNCTION claim_payments_of_835(text) IS
	'what X12 835 remittances paid, releases 4010 and 5010: a row each adjustment of a service, or one for a '
	'service without; of claims with adjustments of their own or without services; of what is taken from or '
	'given to the provider. None for null. Warns of what is wrong with the file, and raises an error for '
	'a text without an interchange';

CREATE FUNCTION claim_segments_of_x12(
	file text,
	OUT segment int,
	OUT name text,
	OUT body text,
	OUT interchange text,
	OUT functional_group text,
	OUT transaction text,
	OUT transaction_set text,
	OUT loop text,
	OUT claim_id text,
	OUT is_read boolean,
	OUT fault text
) RETURNS SETOF record
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	COST 100000 ROWS 1000;
COMMENT ON FUNCTION claim_segments_of_x12(text) IS
	'the segments of X12 interchanges, a row each: number, name and text; control numbers and set of what '
	'it stands in; the loop and the claim; whether anything of it is read; what is wrong about it, such as a '
	'count or control number that is not as it should be. Text that is no segment is a row without a number, '
	'and so is what the file lacks at its end. None for null; an error for a text without an interchange';

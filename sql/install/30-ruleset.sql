-- the ruleset: policy, edition and reference data as one value

CREATE TYPE claim_ruleset;

CREATE FUNCTION claim_ruleset_in(cstring) RETURNS claim_ruleset
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION claim_ruleset_out(claim_ruleset) RETURNS cstring
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION claim_ruleset_recv(internal) RETURNS claim_ruleset
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION claim_ruleset_send(claim_ruleset) RETURNS bytea
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

-- external: the hash at its start is read without fetching the rest
CREATE TYPE claim_ruleset (
	INPUT = claim_ruleset_in,
	OUTPUT = claim_ruleset_out,
	RECEIVE = claim_ruleset_recv,
	SEND = claim_ruleset_send,
	ALIGNMENT = int4,
	STORAGE = external
);
COMMENT ON TYPE claim_ruleset IS
	'a payer''s policy, an edition of the NCCI edits and the reference data that judge a claim line, '
	'compiled to one value; its text form is JSON';

CREATE FUNCTION starter_ruleset() RETURNS claim_ruleset
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION starter_ruleset() IS
	'the built-in policy medicare over the built-in starter edition for practitioners '
	'(dates of service 2020-10-01 to 2024-09-30)';

CREATE FUNCTION ruleset(policy text = 'medicare', edition text = NULL, service_type text = 'practitioner')
		RETURNS claim_ruleset
	AS 'MODULE_PATHNAME', 'ruleset_by_name' LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION ruleset(text, text, text) IS
	'a policy over an edition as it was known when that was published; '
	'edition null: the newest published one of the service type, else the built-in one; '
	'raises an error for one that does not exist or is retired';

CREATE FUNCTION claimline_internal.claim_service_type_check(service_type text) RETURNS text
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION claimline_internal.claim_service_type_check(text) IS
	'the service type; raises an error for one that NCCI does not have';

CREATE FUNCTION ruleset_hash(claim_ruleset) RETURNS text
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ruleset_hash(claim_ruleset) IS
	'128-bit hash of the content, as 32 hexadecimal digits';

CREATE FUNCTION ruleset_coverage(claim_ruleset) RETURNS daterange
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ruleset_coverage(claim_ruleset) IS
	'the dates of service that the edition covers with all its parts, from the first to the last';

CREATE FUNCTION ruleset_coverage(rules claim_ruleset, part text) RETURNS daterange
	AS 'MODULE_PATHNAME', 'ruleset_part_coverage' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ruleset_coverage(claim_ruleset, text) IS
	'the dates of service, from the first to the last, of which a part of the edition is known: '
	'ptp (code pairs), mue (unit limits) or addon (add-on codes), empty where none is known; '
	'elsewhere a denial of a rule that reads the part becomes a review; '
	'some codes may be known for longer, see the table coverage of the ruleset''s text; '
	'raises an error for another part';

CREATE FUNCTION ruleset_diff(a claim_ruleset, b claim_ruleset, OUT path text, OUT codes text[],
		OUT before text, OUT after text) RETURNS SETOF record
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 1000;
COMMENT ON FUNCTION ruleset_diff(claim_ruleset, claim_ruleset) IS
	'what differs: the key path ("policy.unit_rule", "ptp.97140/97124", "mue.97124"), '
	'the codes whose lines it can concern (null: any line), '
	'the JSON of the value or rows in the first and in the second, null where it has none';

CREATE FUNCTION kx_required(dos date, spent numeric, rules claim_ruleset) RETURNS boolean
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kx_required(date, numeric, claim_ruleset) IS
	'whether what was allowed for therapy in the year of the date of service '
	'(dollars; PT and SLP together, OT alone) is above the policy''s threshold, so that KX is needed; '
	'null where the policy has no threshold of that year';

CREATE FUNCTION kx_required(dos date, spent numeric) RETURNS boolean
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kx_required(date, numeric) IS 'kx_required by the starter ruleset';

CREATE TYPE claim_severity AS ENUM ('info', 'unknown', 'review', 'deny');
COMMENT ON TYPE claim_severity IS
	'info: bypassed, or could be billed better; unknown: could not be decided; review: a person must look; '
	'deny: the payer''s edit fires';

CREATE FUNCTION claim_rules(OUT rule text, OUT family text, OUT severity claim_severity, OUT title text,
		OUT carc text, OUT rarc text, OUT citation text, OUT reads text[]) RETURNS SETOF record
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION claim_rules() IS
	'the catalogue of rules: stable id, family, ordinary severity, title, '
	'current claim adjustment and remark codes or null, source, '
	'and the parts of the edition that the rule reads: ptp, mue, addon or none; '
	'only rules that read a part are lowered to review outside its dates';

CREATE FUNCTION claim_regions(dx text[]) RETURNS text[]
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION claim_regions(text[]) IS
	'body regions of ICD-10-CM codes by the starter ruleset; empty where none can be determined; '
	'raises an error for a code that is not of the form';

CREATE FUNCTION claim_regions(dx text[], rules claim_ruleset) RETURNS text[]
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION claim_regions(text[], claim_ruleset) IS
	'body regions of ICD-10-CM codes by a ruleset; null for a null array; raises an error for a null ruleset';



-- what the nightly scan stores.  Rows belong to the source; they go with claim_scan_state, which goes with
-- the source: a foreign key of each finding and each day would cost more than judging them.

CREATE TYPE claimline_internal.claim_placed AS (
	place int,
	line claimline,
	finding claim_finding,
	undated boolean
);
COMMENT ON TYPE claimline_internal.claim_placed IS
	'a finding with the line that it is on and that line''s place in day_lines(day); '
	'undated: unknown for want of a date of service, with one it would be a denial';

CREATE FUNCTION claimline_internal.claim_edits_placed(day claimday, rules claim_ruleset)
		RETURNS SETOF claimline_internal.claim_placed
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE
	ROWS 1 SUPPORT claimline_internal.claim_edits_support;
COMMENT ON FUNCTION claimline_internal.claim_edits_placed(claimday, claim_ruleset) IS
	'as claim_edits(day, rules), with the line that each finding is on: '
	'several lines of a day may have the same claim id and line number, or none';

CREATE TYPE claimline_internal.claim_found_day AS (
	day_key uuid,
	known boolean,
	patient text,
	provider text,
	dos date,
	bucket int,
	charges numeric[],
	stored claimline_internal.claim_placed[],
	counted text,
	undecided boolean
);
COMMENT ON TYPE claimline_internal.claim_found_day IS
	'a provider-day that a scan judged: whether it had been there, its keys and bucket, the charges of its '
	'lines, what was found on it';

CREATE TYPE claimline_internal.claim_found AS (
	stored claimline_internal.claim_placed[],
	counted text,
	undecided boolean
);
COMMENT ON TYPE claimline_internal.claim_found IS
	'what a scan finds on a day: the findings that are stored, null for none; how many others there are, as '
	'claim_scan_counted has them, null for none; whether any is unknown';

CREATE FUNCTION claimline_internal.claim_edits_found(day claimday, rules claim_ruleset, stores int[])
		RETURNS claimline_internal.claim_found
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 60;
COMMENT ON FUNCTION claimline_internal.claim_edits_found(claimday, claim_ruleset, int[]) IS
	'what claim_edits_placed returns, those of some kinds (claim_scan_kinds) as rows, others counted; '
	'null where nothing is found, and for a null day; raises an error for another null, or a kind that does '
	'not exist';

-- judged days as they are stored: many in a value

CREATE FUNCTION claimline_internal.claim_scan_pack_step(internal, uuid, bigint, int, int, int, smallint,
		smallint, numeric[]) RETURNS internal
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION claimline_internal.claim_scan_pack_step(internal, uuid, bigint, int, int, int, smallint,
		smallint, numeric[]) IS
	'part of claim_scan_pack: takes a day';
CREATE FUNCTION claimline_internal.claim_scan_pack_end(internal) RETURNS bytea
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION claimline_internal.claim_scan_pack_end(internal) IS
	'part of claim_scan_pack: the days';
CREATE AGGREGATE claimline_internal.claim_scan_pack(day_key uuid, day_hash bigint, n_lines int, counted int,
		bucket int, epoch smallint, marks smallint, charges numeric[]) (
	SFUNC = claimline_internal.claim_scan_pack_step, STYPE = internal,
	FINALFUNC = claimline_internal.claim_scan_pack_end, PARALLEL = SAFE
);
COMMENT ON AGGREGATE claimline_internal.claim_scan_pack(uuid, bigint, int, int, int, smallint, smallint,
		numeric[]) IS
	'days, in the order of their keys, as a value of 40 bytes each and the sum of its charges as text, as '
	'claim_scan_judged_day has them; null for none; raises an error for a null but for charges';

CREATE FUNCTION claimline_internal.claim_scan_unpack(days bytea, OUT day_key uuid, OUT day_hash bigint,
		OUT n_lines int, OUT counted int, OUT bucket int, OUT epoch smallint, OUT marks smallint,
		OUT charge text) RETURNS SETOF record
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 12;
COMMENT ON FUNCTION claimline_internal.claim_scan_unpack(bytea) IS
	'the days of a value that claim_scan_pack made, charge as text; '
	'none for null; raises an error for other bytes';

CREATE FUNCTION claimline_internal.claim_scan_fold(days bytea, others bytea) RETURNS bytea
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION claimline_internal.claim_scan_fold(bytea, bytea) IS
	'days, those that are among others with what is counted there, and with its marks; '
	'null for a null argument; '
	'raises an error for other bytes';

CREATE FUNCTION claimline_internal.claim_scan_merge(stored bytea[], changes bytea, OUT first uuid,
		OUT n_lines bigint, OUT days bytea) RETURNS SETOF record
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 1000;
COMMENT ON FUNCTION claimline_internal.claim_scan_merge(bytea[], bytea) IS
	'rows of claim_scan_judged_day for the days of some of its rows, in their order, with changes: '
	'a change takes the place of its day, or is a new one, in the last row that begins at or before it; '
	'one without lines takes its day away; null gives none; raises an error for other bytes';

CREATE FUNCTION claimline_internal.claim_charges_step(internal, text, int, claimline, numeric)
		RETURNS internal
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION claimline_internal.claim_charges_step(internal, text, int, claimline, numeric) IS
	'part of claim_charges: takes a line with its charge';
CREATE FUNCTION claimline_internal.claim_charges_end(internal) RETURNS numeric[]
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION claimline_internal.claim_charges_end(internal) IS
	'part of claim_charges: the charges in the order of the lines';
CREATE AGGREGATE claimline_internal.claim_charges(claim_id text, line_no int,
		line claimline, charge numeric) (
	SFUNC = claimline_internal.claim_charges_step, STYPE = internal,
	FINALFUNC = claimline_internal.claim_charges_end, PARALLEL = SAFE
);
COMMENT ON AGGREGATE claimline_internal.claim_charges(text, int, claimline, numeric) IS
	'the charges of the lines that claimday(claim_id, line_no, line) puts together, '
	'in the order of day_lines';

CREATE TABLE claimline_internal.claim_scan_state (
	id int GENERATED ALWAYS AS IDENTITY UNIQUE,
	source text NOT NULL,
	policy text NOT NULL,
	edition text NOT NULL,
	service_type text NOT NULL,
	at_least claim_severity NOT NULL,
	ruleset_hash text NOT NULL,
	epoch int NOT NULL,
	full_pending boolean NOT NULL,
	watermark text,
	view_lines bigint,
	parts regclass[],
	last_scan bigint,
	last_scan_at timestamptz,
	course_epoch int,
	PRIMARY KEY (source, policy)
);
COMMENT ON TABLE claimline_internal.claim_scan_state IS
	'where the scans of a source by a policy are, by a number: the ruleset of the last one; '
	'epoch: raised when every day is to be judged again; full_pending: a pass over all days is due; '
	'watermark: the highest seen; view_lines: lines of the source at the last look; '
	'parts: the table and its partitions; '
	'course_epoch: that of the last pass over all courses, null where one is due';

CREATE TABLE claimline_internal.claim_scan_ruleset (
	source text NOT NULL,
	policy text NOT NULL,
	hash text NOT NULL CHECK (hash OPERATOR(pg_catalog.=) ruleset_hash(rules)),
	rules claim_ruleset NOT NULL,
	PRIMARY KEY (source, policy, hash)
);
COMMENT ON TABLE claimline_internal.claim_scan_ruleset IS
	'the ruleset of the last scan, to see what the next one changes; '
	'not dumped: without it, a changed ruleset has all days judged again';

-- a row for some provider-days: as few bytes as tell whether they changed.  Room in a page for those that
-- change at night
CREATE TABLE claimline_internal.claim_scan_judged_day (
	first uuid NOT NULL,
	n_lines bigint NOT NULL,
	state int NOT NULL,
	days bytea NOT NULL,
	PRIMARY KEY (state, first)
) WITH (fillfactor = 90);
COMMENT ON TABLE claimline_internal.claim_scan_judged_day IS
	'the provider-days as they were judged last, by their keys: those from one first key to the next, '
	'and the number of their lines; of each day a hash of its lines (and charges), how many these are; '
	'counted: what was found and not stored, a row of claim_scan_counted, or 0 for nothing; '
	'marks: 1 for what could not be decided, 2, 4, 8 for no patient, provider, date of service; '
	'bucket: its provider and month, a row of claim_scan_bucket; charge: of its lines, in all; '
	'state: a number of claim_scan_state; claim_scan_unpack(days) has them as rows';

CREATE TABLE claimline_internal.claim_scan_counted (
	source text NOT NULL,
	policy text NOT NULL,
	id int NOT NULL,
	findings jsonb NOT NULL,
	PRIMARY KEY (source, policy, id)
);
COMMENT ON TABLE claimline_internal.claim_scan_counted IS
	'what a provider-day can have of findings that are counted, not stored: an array of '
	'[rule, severity, how many], in the order of rules and severities; days that have the same share a row';

CREATE TABLE claimline_internal.claim_scan_pending (
	source text NOT NULL,
	policy text NOT NULL,
	day_key uuid NOT NULL,
	patient text,
	provider text,
	dos date,
	forced boolean NOT NULL,
	PRIMARY KEY (source, policy, day_key)
);
COMMENT ON TABLE claimline_internal.claim_scan_pending IS
	'provider-days to be judged by the scan that runs or comes next; '
	'forced: also if their lines are the same, for the ruleset changed';

CREATE TABLE claimline_internal.claim_scan_run (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	source text NOT NULL,
	policy text NOT NULL,
	edition text,
	service_type text NOT NULL,
	ruleset_hash text,
	at_least claim_severity NOT NULL,
	method text NOT NULL,
	judge_all boolean NOT NULL,
	batch_days int NOT NULL,
	why text,
	pid int NOT NULL,
	run_by name NOT NULL DEFAULT session_user,
	started_at timestamptz NOT NULL,
	judging_at timestamptz,
	seen_at timestamptz NOT NULL,
	said_at timestamptz NOT NULL,
	finished_at timestamptz,
	status text NOT NULL
		CHECK (status OPERATOR(pg_catalog.=) ANY (ARRAY['looking', 'judging', 'finished', 'interrupted'])),
	days_found bigint NOT NULL DEFAULT 0,
	days_done bigint NOT NULL DEFAULT 0,
	lines_done bigint NOT NULL DEFAULT 0,
	opened bigint NOT NULL DEFAULT 0,
	kept bigint NOT NULL DEFAULT 0,
	closed bigint NOT NULL DEFAULT 0,
	batch int NOT NULL DEFAULT 0,
	batches int NOT NULL DEFAULT 0,
	counted jsonb NOT NULL DEFAULT '{}',
	changed bigint NOT NULL DEFAULT 0
);
CREATE INDEX claim_scan_run_source ON claimline_internal.claim_scan_run (source, policy, id);
COMMENT ON TABLE claimline_internal.claim_scan_run IS
	'every scan: by which ruleset and method, when, how far it came, '
	'how many findings it opened, changed, kept and closed; '
	'counted: those that it did not store, how many of each severity';

ALTER TABLE claimline_internal.claim_scan_state OWNER TO @extowner@;
ALTER TABLE claimline_internal.claim_scan_ruleset OWNER TO @extowner@;
ALTER TABLE claimline_internal.claim_scan_judged_day OWNER TO @extowner@;
ALTER TABLE claimline_internal.claim_scan_counted OWNER TO @extowner@;
ALTER TABLE claimline_internal.claim_scan_pending OWNER TO @extowner@;
ALTER TABLE claimline_internal.claim_scan_run OWNER TO @extowner@;
ALTER TABLE claimline_internal.claim_scan_state ENABLE ROW LEVEL SECURITY;
ALTER TABLE claimline_internal.claim_scan_ruleset ENABLE ROW LEVEL SECURITY;
ALTER TABLE claimline_internal.claim_scan_judged_day ENABLE ROW LEVEL SECURITY;
ALTER TABLE claimline_internal.claim_scan_counted ENABLE ROW LEVEL SECURITY;
ALTER TABLE claimline_internal.claim_scan_pending ENABLE ROW LEVEL SECURITY;
ALTER TABLE claimline_internal.claim_scan_run ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_sources ON claimline_internal.claim_scan_state
	USING (source OPERATOR(pg_catalog.=) ANY (ARRAY(
		SELECT s.name FROM claimline_internal.claim_source s
		WHERE pg_catalog.pg_has_role(s.owner::oid, 'USAGE'))));
CREATE POLICY own_sources ON claimline_internal.claim_scan_ruleset
	USING (source OPERATOR(pg_catalog.=) ANY (ARRAY(
		SELECT s.name FROM claimline_internal.claim_source s
		WHERE pg_catalog.pg_has_role(s.owner::oid, 'USAGE'))));
CREATE POLICY own_sources ON claimline_internal.claim_scan_judged_day
	USING (state OPERATOR(pg_catalog.=) ANY (ARRAY(
		SELECT x.id FROM claimline_internal.claim_scan_state x
			JOIN claimline_internal.claim_source s ON s.name OPERATOR(pg_catalog.=) x.source
		WHERE pg_catalog.pg_has_role(s.owner::oid, 'USAGE'))));
CREATE POLICY own_sources ON claimline_internal.claim_scan_counted
	USING (source OPERATOR(pg_catalog.=) ANY (ARRAY(
		SELECT s.name FROM claimline_internal.claim_source s
		WHERE pg_catalog.pg_has_role(s.owner::oid, 'USAGE'))));
CREATE POLICY own_sources ON claimline_internal.claim_scan_pending
	USING (source OPERATOR(pg_catalog.=) ANY (ARRAY(
		SELECT s.name FROM claimline_internal.claim_source s
		WHERE pg_catalog.pg_has_role(s.owner::oid, 'USAGE'))));
CREATE POLICY own_sources ON claimline_internal.claim_scan_run
	USING (source OPERATOR(pg_catalog.=) ANY (ARRAY(
		SELECT s.name FROM claimline_internal.claim_source s
		WHERE pg_catalog.pg_has_role(s.owner::oid, 'USAGE'))));
GRANT SELECT, INSERT, UPDATE, DELETE ON claimline_internal.claim_scan_state TO PUBLIC;
GRANT SELECT, INSERT, UPDATE, DELETE ON claimline_internal.claim_scan_ruleset TO PUBLIC;
GRANT SELECT, INSERT, UPDATE, DELETE ON claimline_internal.claim_scan_judged_day TO PUBLIC;
GRANT SELECT, INSERT, UPDATE, DELETE ON claimline_internal.claim_scan_counted TO PUBLIC;
GRANT SELECT, INSERT, UPDATE, DELETE ON claimline_internal.claim_scan_pending TO PUBLIC;
GRANT SELECT, INSERT, UPDATE, DELETE ON claimline_internal.claim_scan_run TO PUBLIC;
SELECT pg_catalog.pg_extension_config_dump('claimline_internal.claim_scan_state', '');
SELECT pg_catalog.pg_extension_config_dump('claimline_internal.claim_scan_state_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('claimline_internal.claim_scan_judged_day', '');
SELECT pg_catalog.pg_extension_config_dump('claimline_internal.claim_scan_counted', '');
SELECT pg_catalog.pg_extension_config_dump('claimline_internal.claim_scan_pending', '');
SELECT pg_catalog.pg_extension_config_dump('claimline_internal.claim_scan_run', '');
SELECT pg_catalog.pg_extension_config_dump('claimline_internal.claim_scan_run_id_seq', '');

CREATE VIEW claimline_internal.claim_scan_day WITH (security_invoker = true) AS
	SELECT x.source, x.policy, d.day_key, d.day_hash, d.n_lines, d.epoch, d.counted,
		(d.marks OPERATOR(pg_catalog.&) 1::smallint) OPERATOR(pg_catalog.<>) 0 AS undecided,
		(d.marks OPERATOR(pg_catalog.&) 2::smallint) OPERATOR(pg_catalog.<>) 0 AS no_patient,
		(d.marks OPERATOR(pg_catalog.&) 4::smallint) OPERATOR(pg_catalog.<>) 0 AS no_provider,
		(d.marks OPERATOR(pg_catalog.&) 8::smallint) OPERATOR(pg_catalog.<>) 0 AS no_dos,
		d.bucket, d.charge::pg_catalog.numeric AS charge
	FROM claimline_internal.claim_scan_judged_day j
		JOIN claimline_internal.claim_scan_state x ON x.id OPERATOR(pg_catalog.=) j.state,
		LATERAL claimline_internal.claim_scan_unpack(j.days) d;
ALTER VIEW claimline_internal.claim_scan_day OWNER TO @extowner@;
GRANT SELECT ON claimline_internal.claim_scan_day TO PUBLIC;
COMMENT ON VIEW claimline_internal.claim_scan_day IS
	'the provider-days as they were judged last, by source and policy: claim_scan_judged_day in words';

CREATE FUNCTION claimline_internal.claim_scan_state_gone() RETURNS trigger
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	DELETE FROM claimline_internal.claim_scan_stored f WHERE f.state = OLD.id;
	DELETE FROM claimline_internal.claim_scan_words w WHERE w.state = OLD.id;
	DELETE FROM claimline_internal.claim_scan_judged_day d WHERE d.state = OLD.id;
	DELETE FROM claimline_internal.claim_scan_counted c WHERE c.source = OLD.source AND c.policy = OLD.policy;
	DELETE FROM claimline_internal.claim_scan_bucket b WHERE b.source = OLD.source AND b.policy = OLD.policy;
	DELETE FROM claimline_internal.claim_scan_pending p WHERE p.source = OLD.source AND p.policy = OLD.policy;
	DELETE FROM claimline_internal.claim_scan_ruleset r WHERE r.source = OLD.source AND r.policy = OLD.policy;
	DELETE FROM claimline_internal.claim_scan_course c WHERE c.source = OLD.source AND c.policy = OLD.policy;
	DELETE FROM claimline_internal.claim_scan_run r WHERE r.source = OLD.source AND r.policy = OLD.policy;
	RETURN OLD;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_scan_state_gone() IS
	'trigger: what scans stored goes with their state';
CREATE TRIGGER gone BEFORE DELETE ON claimline_internal.claim_scan_state
	FOR EACH ROW EXECUTE FUNCTION claimline_internal.claim_scan_state_gone();

CREATE FUNCTION claimline_internal.claim_source_gone() RETURNS trigger
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	DELETE FROM claimline_internal.claim_guard g WHERE g.source = OLD.name;
	DELETE FROM claimline_internal.claim_guard_note n WHERE n.source = OLD.name;
	DELETE FROM claimline_internal.claim_change c WHERE c.source = OLD.name;
	DELETE FROM @extschema@.claim_quarantine q WHERE q.source = OLD.name;
	DELETE FROM claimline_internal.claim_scan_state s WHERE s.source = OLD.name;
	DELETE FROM claimline_internal.claim_source_reader r WHERE r.source = OLD.name;
	DELETE FROM @extschema@.claim_period p WHERE p.source = OLD.name;
	RETURN OLD;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_source_gone() IS
	'trigger: what belongs to a source goes with it';
CREATE TRIGGER gone BEFORE DELETE ON claimline_internal.claim_source
	FOR EACH ROW EXECUTE FUNCTION claimline_internal.claim_source_gone();


-- what scans found.  What many findings have in common is a row that they share; what is as when they were
-- opened is null; edition and ruleset are those of the scan.

CREATE TYPE claimline_internal.claim_words AS (
	rule text,
	severity claim_severity,
	message text,
	partner boolean,
	condition text,
	carc text,
	rarc text,
	citation text,
	covered boolean,
	facts jsonb
);
COMMENT ON TYPE claimline_internal.claim_words IS
	'what a finding has in common with others; '
	'partner: where the message names the claim of its partner, it has a character 1 in its place';

CREATE TABLE claimline_internal.claim_scan_words (
	id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	state int NOT NULL,
	key bigint NOT NULL,
	rule text NOT NULL,
	severity claim_severity NOT NULL,
	message text,
	partner boolean NOT NULL,
	condition text,
	carc text,
	rarc text,
	citation text,
	covered boolean,
	facts jsonb
);
CREATE INDEX claim_scan_words_key ON claimline_internal.claim_scan_words (state, key);
COMMENT ON TABLE claimline_internal.claim_scan_words IS
	'what findings have in common, as claim_words: the columns of claim_finding that tell nothing of a line; '
	'state: a number of claim_scan_state; key: a hash of the words';

CREATE TABLE claimline_internal.claim_scan_stored (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	first_seen timestamptz NOT NULL,
	first_scan bigint NOT NULL,
	day_key uuid NOT NULL,
	state int NOT NULL,
	words int NOT NULL,
	place int NOT NULL,
	bucket int,
	line_no int,
	with_line_no int,
	dos date,
	patient text,
	provider text,
	claim_id text,
	with_claim_id text,
	line claimline,
	suggestion claimline,
	charge numeric,
	last_scan bigint,
	last_seen timestamptz,
	said_scan bigint,
	said_at timestamptz,
	closed_scan bigint,
	closed_at timestamptz
);
CREATE INDEX claim_scan_stored_open ON claimline_internal.claim_scan_stored (state, day_key)
	WHERE closed_at IS NULL;
CREATE INDEX claim_scan_stored_closed ON claimline_internal.claim_scan_stored (state, closed_scan)
	WHERE closed_at IS NOT NULL;
COMMENT ON TABLE claimline_internal.claim_scan_stored IS
	'all findings that scans made, as claim_scan_finding has them in words: open while closed_at is null; '
	'what no longer holds is closed, never deleted; place, line and charge are those of the line as billed '
	'(the place in its day tells lines apart that have the same number), bucket is that of its day, '
	'last_seen is when its day was last judged, said_at when it came to be said in these words of this bill: '
	'null, as said_scan and last_scan, where that is when it was opened; '
	'words: a row of claim_scan_words; state: a number of claim_scan_state';

CREATE TABLE claimline_internal.claim_scan_said (
	finding_id bigint NOT NULL,
	source text NOT NULL,
	policy text NOT NULL,
	finding claim_finding NOT NULL,
	place int NOT NULL,
	line claimline,
	charge numeric,
	edition text NOT NULL,
	ruleset_hash text NOT NULL,
	last_scan bigint NOT NULL,
	last_seen timestamptz NOT NULL,
	said_scan bigint NOT NULL,
	said_at timestamptz NOT NULL,
	until_scan bigint NOT NULL,
	until_at timestamptz NOT NULL,
	PRIMARY KEY (finding_id, until_at)
);
CREATE INDEX claim_scan_said_until ON claimline_internal.claim_scan_said (source, policy, until_scan);
COMMENT ON TABLE claimline_internal.claim_scan_said IS
	'what findings said before a scan found the same on the same line in other words, '
	'with another severity or suggestion, or billed otherwise; goes with the finding';

ALTER TABLE claimline_internal.claim_scan_words OWNER TO @extowner@;
ALTER TABLE claimline_internal.claim_scan_stored OWNER TO @extowner@;
ALTER TABLE claimline_internal.claim_scan_said OWNER TO @extowner@;
ALTER TABLE claimline_internal.claim_scan_words ENABLE ROW LEVEL SECURITY;
ALTER TABLE claimline_internal.claim_scan_stored ENABLE ROW LEVEL SECURITY;
ALTER TABLE claimline_internal.claim_scan_said ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_sources ON claimline_internal.claim_scan_words
	USING (state OPERATOR(pg_catalog.=) ANY (ARRAY(
		SELECT x.id FROM claimline_internal.claim_scan_state x
			JOIN claimline_internal.claim_source s ON s.name OPERATOR(pg_catalog.=) x.source
		WHERE pg_catalog.pg_has_role(s.owner::oid, 'USAGE'))));
CREATE POLICY own_sources ON claimline_internal.claim_scan_stored
	USING (state OPERATOR(pg_catalog.=) ANY (ARRAY(
		SELECT x.id FROM claimline_internal.claim_scan_state x
			JOIN claimline_internal.claim_source s ON s.name OPERATOR(pg_catalog.=) x.source
		WHERE pg_catalog.pg_has_role(s.owner::oid, 'USAGE'))));
CREATE POLICY own_sources ON claimline_internal.claim_scan_said
	USING (source OPERATOR(pg_catalog.=) ANY (ARRAY(
		SELECT s.name FROM claimline_internal.claim_source s
		WHERE pg_catalog.pg_has_role(s.owner::oid, 'USAGE'))));
GRANT SELECT, INSERT, UPDATE, DELETE ON claimline_internal.claim_scan_words TO PUBLIC;
GRANT SELECT, INSERT, UPDATE, DELETE ON claimline_internal.claim_scan_stored TO PUBLIC;
GRANT SELECT, INSERT, UPDATE, DELETE ON claimline_internal.claim_scan_said TO PUBLIC;
SELECT pg_catalog.pg_extension_config_dump('claimline_internal.claim_scan_words', '');
SELECT pg_catalog.pg_extension_config_dump('claimline_internal.claim_scan_words_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('claimline_internal.claim_scan_stored', '');
SELECT pg_catalog.pg_extension_config_dump('claimline_internal.claim_scan_stored_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('claimline_internal.claim_scan_said', '');

CREATE FUNCTION claimline_internal.claim_scan_finding_gone() RETURNS trigger
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	DELETE FROM claimline_internal.claim_scan_said s
		WHERE s.finding_id = ANY (ARRAY(SELECT g.id FROM gone g));
	RETURN NULL;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_scan_finding_gone() IS
	'trigger: what findings said before goes with them';
CREATE TRIGGER gone AFTER DELETE ON claimline_internal.claim_scan_stored REFERENCING OLD TABLE AS gone
	FOR EACH STATEMENT EXECUTE FUNCTION claimline_internal.claim_scan_finding_gone();

-- of immutable functions, so that they are part of the query around them
CREATE FUNCTION claimline_internal.claim_words_of(finding claim_finding, message text)
		RETURNS claimline_internal.claim_words
	LANGUAGE sql IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE
	-- only where it can be undone
	RETURN CASE WHEN message OPERATOR(pg_catalog.<>) (finding).message
			AND pg_catalog.replace(message, E'\x01', (finding).with_claim_id)
				OPERATOR(pg_catalog.=) (finding).message
		THEN ROW((finding).rule, (finding).severity, message, true, (finding).condition,
			(finding).carc, (finding).rarc, (finding).citation, (finding).covered, (finding).facts)
			::claimline_internal.claim_words
		ELSE ROW((finding).rule, (finding).severity, (finding).message, false, (finding).condition,
			(finding).carc, (finding).rarc, (finding).citation, (finding).covered, (finding).facts)
			::claimline_internal.claim_words END;
COMMENT ON FUNCTION claimline_internal.claim_words_of(claim_finding, text) IS
	'part of claim_words_of(finding): with a message in which the partner''s claim was replaced';

CREATE FUNCTION claimline_internal.claim_words_of(finding claim_finding)
		RETURNS claimline_internal.claim_words
	LANGUAGE sql IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE
	RETURN claimline_internal.claim_words_of(finding, pg_catalog.replace((finding).message,
		' of claim ' OPERATOR(pg_catalog.||) (finding).with_claim_id, E' of claim \x01'));
COMMENT ON FUNCTION claimline_internal.claim_words_of(claim_finding) IS
	'part of claim_scan: what a finding has in common with others';

CREATE FUNCTION claimline_internal.claim_scan_finding_of(f claimline_internal.claim_scan_stored,
		w claimline_internal.claim_scan_words) RETURNS claim_finding
	LANGUAGE sql IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE
	RETURN ROW((f).claim_id, (f).line_no, (w).rule, (w).severity, CASE WHEN (w).partner
			THEN pg_catalog.replace((w).message, E'\x01', (f).with_claim_id) ELSE (w).message END,
		(f).with_claim_id, (f).with_line_no, (f).suggestion, (w).condition,
		(w).carc, (w).rarc, (w).citation, (w).covered, (w).facts)::@extschema@.claim_finding;
COMMENT ON FUNCTION claimline_internal.claim_scan_finding_of(claimline_internal.claim_scan_stored,
		claimline_internal.claim_scan_words) IS
	'a stored finding with its words';

CREATE VIEW claimline_internal.claim_scan_finding WITH (security_invoker = true) AS
	SELECT f.id, x.source, x.policy, f.day_key, f.patient, f.provider, f.dos,
		claimline_internal.claim_scan_finding_of(f, w) AS finding, f.bucket, f.place, f.line, f.charge,
		r.edition, r.ruleset_hash, f.first_scan, coalesce(f.last_scan, f.first_scan) AS last_scan,
		f.first_seen, coalesce(f.last_seen, f.first_seen) AS last_seen,
		coalesce(f.said_scan, f.first_scan) AS said_scan, coalesce(f.said_at, f.first_seen) AS said_at,
		f.closed_scan, f.closed_at
	FROM claimline_internal.claim_scan_stored f
		JOIN claimline_internal.claim_scan_state x ON x.id OPERATOR(pg_catalog.=) f.state
		JOIN claimline_internal.claim_scan_words w ON w.id OPERATOR(pg_catalog.=) f.words
		LEFT JOIN claimline_internal.claim_scan_run r
			ON r.id OPERATOR(pg_catalog.=) coalesce(f.last_scan, f.first_scan);
ALTER VIEW claimline_internal.claim_scan_finding OWNER TO @extowner@;
GRANT SELECT ON claimline_internal.claim_scan_finding TO PUBLIC;
COMMENT ON VIEW claimline_internal.claim_scan_finding IS
	'the findings of claim_scan_stored in words, with source, policy, edition and ruleset';

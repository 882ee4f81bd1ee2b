
-- attestations: who answers for a finding, and why.  A log that nobody changes: rows are written by
-- claim_attest_put and by guards, as the owner of the table.

CREATE TABLE claimline_internal.claim_attestation (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	source text NOT NULL,
	source_added_at timestamptz NOT NULL,
	policy text NOT NULL,
	withdraws bigint UNIQUE,
	finding_id bigint,
	day_key uuid,
	patient text,
	provider text,
	dos date,
	claim_id text,
	line_no int,
	line claimline,
	charge numeric,
	rule text,
	severity claim_severity,
	message text,
	with_claim_id text,
	with_line_no int,
	suggestion claimline,
	condition text,
	reason text NOT NULL CHECK (reason OPERATOR(pg_catalog.~) '\S'),
	evidence text,
	attested_by name NOT NULL DEFAULT session_user,
	attested_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
	CHECK ((withdraws IS NULL) OPERATOR(pg_catalog.=) (rule IS NOT NULL))
);
CREATE INDEX claim_attestation_day ON claimline_internal.claim_attestation (source, policy, day_key);
COMMENT ON TABLE claimline_internal.claim_attestation IS
	'findings that somebody answers for, with the line and the words of then; withdraws: the row takes '
	'back another one; finding_id: a finding of a scan, null where a guard accepted a line; '
	'source_added_at: of the source, so that another one of its name is not taken for it';
ALTER TABLE claimline_internal.claim_attestation OWNER TO @extowner@;
ALTER TABLE claimline_internal.claim_attestation ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_sources ON claimline_internal.claim_attestation FOR SELECT
	USING (EXISTS (SELECT FROM claimline_internal.claim_source s
		WHERE s.name OPERATOR(pg_catalog.=) source AND s.added_at OPERATOR(pg_catalog.=) source_added_at
			AND pg_catalog.pg_has_role(s.owner::oid, 'USAGE')));
GRANT SELECT ON claimline_internal.claim_attestation TO PUBLIC;
SELECT pg_catalog.pg_extension_config_dump('claimline_internal.claim_attestation', '');
SELECT pg_catalog.pg_extension_config_dump('claimline_internal.claim_attestation_id_seq', '');

CREATE FUNCTION claimline_internal.claim_attestation_kept() RETURNS trigger
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	RAISE EXCEPTION 'attestations are neither changed nor deleted'
		USING ERRCODE = 'object_not_in_prerequisite_state',
			HINT = 'claim_attest_withdraw takes one back, and is written down beside it.';
END $$;
COMMENT ON FUNCTION claimline_internal.claim_attestation_kept() IS
	'trigger: refuses to change the log of attestations, to its owner too';
CREATE TRIGGER kept BEFORE UPDATE OR DELETE OR TRUNCATE ON claimline_internal.claim_attestation
	FOR EACH STATEMENT EXECUTE FUNCTION claimline_internal.claim_attestation_kept();
ALTER TABLE claimline_internal.claim_attestation ENABLE ALWAYS TRIGGER kept;

-- An attestation stands for what it was given for: the same line, the same words.

CREATE VIEW claimline_internal.claim_attestation_stands WITH (security_invoker = true) AS
	SELECT a.id AS attestation, f.id AS finding_id
	FROM claimline_internal.claim_attestation a
		JOIN claimline_internal.claim_source s ON s.name OPERATOR(pg_catalog.=) a.source
			AND s.added_at OPERATOR(pg_catalog.=) a.source_added_at
		JOIN claimline_internal.claim_scan_state x ON x.source OPERATOR(pg_catalog.=) a.source
			AND x.policy OPERATOR(pg_catalog.=) a.policy
		JOIN claimline_internal.claim_scan_stored f ON f.state OPERATOR(pg_catalog.=) x.id
			AND f.day_key OPERATOR(pg_catalog.=) a.day_key AND f.closed_at IS NULL
		JOIN claimline_internal.claim_scan_words w ON w.id OPERATOR(pg_catalog.=) f.words
			AND w.rule OPERATOR(pg_catalog.=) a.rule AND w.severity OPERATOR(pg_catalog.=) a.severity
		LEFT JOIN claimline_internal.claim_attestation b ON b.withdraws OPERATOR(pg_catalog.=) a.id
	WHERE b.id IS NULL AND f.claim_id IS NOT DISTINCT FROM a.claim_id
		AND f.line_no IS NOT DISTINCT FROM a.line_no AND f.line IS NOT DISTINCT FROM a.line
		AND f.with_claim_id IS NOT DISTINCT FROM a.with_claim_id
		AND f.with_line_no IS NOT DISTINCT FROM a.with_line_no
		AND f.suggestion IS NOT DISTINCT FROM a.suggestion AND w.condition IS NOT DISTINCT FROM a.condition
		AND (claimline_internal.claim_scan_finding_of(f, w)).message IS NOT DISTINCT FROM a.message;
ALTER VIEW claimline_internal.claim_attestation_stands OWNER TO @extowner@;
GRANT SELECT ON claimline_internal.claim_attestation_stands TO PUBLIC;
COMMENT ON VIEW claimline_internal.claim_attestation_stands IS
	'attestations with the open findings that they stand for: not withdrawn, the line equal, and the finding '
	'in the same words, with the same severity, suggestion, condition and partner';

CREATE VIEW claimline_internal.claim_attested WITH (security_invoker = true) AS
	SELECT t.finding_id, pg_catalog.max(t.attestation) AS attestation
	FROM claimline_internal.claim_attestation_stands t GROUP BY t.finding_id;
ALTER VIEW claimline_internal.claim_attested OWNER TO @extowner@;
GRANT SELECT ON claimline_internal.claim_attested TO PUBLIC;
COMMENT ON VIEW claimline_internal.claim_attested IS
	'open findings that are attested, each once with the last attestation that stands for it';

CREATE FUNCTION claimline_internal.claim_finding_rank(severity claim_severity, attested boolean) RETURNS int
	LANGUAGE sql IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE
	RETURN CASE
		WHEN severity OPERATOR(pg_catalog.=) 'deny'::@extschema@.claim_severity
			THEN CASE WHEN attested THEN 2 ELSE 0 END
		WHEN severity OPERATOR(pg_catalog.=) 'review'::@extschema@.claim_severity
			THEN CASE WHEN attested THEN 3 ELSE 1 END
		WHEN severity OPERATOR(pg_catalog.=) 'unknown'::@extschema@.claim_severity
			THEN CASE WHEN attested THEN 5 ELSE 4 END
		ELSE CASE WHEN attested THEN 7 ELSE 6 END END;
COMMENT ON FUNCTION claimline_internal.claim_finding_rank(claim_severity, boolean) IS
	'part of reports: what a line is shown by, the lowest first: deny 0, review 1, these attested 2 and 3, '
	'unknown 4, attested 5, info 6, attested 7: a line is attested where nothing worse is left';

CREATE VIEW claim_attestations WITH (security_invoker = true) AS
	SELECT a.id, a.source, a.policy, a.patient, a.provider, a.dos, a.claim_id, a.line_no, a.line, a.charge,
		a.rule, a.severity, a.message, a.with_claim_id, a.with_line_no, a.suggestion, a.condition,
		a.reason, a.evidence, a.attested_by, a.attested_at,
		CASE WHEN a.finding_id IS NULL THEN 'guard' ELSE 'scan' END AS given_to,
		CASE WHEN b.id IS NOT NULL THEN 'withdrawn' WHEN t.finding_id IS NOT NULL THEN 'stands'
			WHEN a.finding_id IS NULL AND (x.last_scan_at OPERATOR(pg_catalog.>) a.attested_at) IS NOT TRUE
				THEN 'not scanned yet'
			ELSE 'void' END AS state,
		t.finding_id AS finding, b.reason AS withdrawn_why, b.attested_by AS withdrawn_by,
		b.attested_at AS withdrawn_at
	FROM claimline_internal.claim_attestation a
		JOIN claimline_internal.claim_source s ON s.name OPERATOR(pg_catalog.=) a.source
			AND s.added_at OPERATOR(pg_catalog.=) a.source_added_at
		LEFT JOIN claimline_internal.claim_attestation b ON b.withdraws OPERATOR(pg_catalog.=) a.id
		LEFT JOIN claimline_internal.claim_scan_state x ON x.source OPERATOR(pg_catalog.=) a.source
			AND x.policy OPERATOR(pg_catalog.=) a.policy
		LEFT JOIN (
			SELECT h.attestation, pg_catalog.min(h.finding_id) AS finding_id
			FROM claimline_internal.claim_attestation_stands h GROUP BY h.attestation
		) t ON t.attestation OPERATOR(pg_catalog.=) a.id
	WHERE a.withdraws IS NULL;
ALTER VIEW claim_attestations OWNER TO @extowner@;
GRANT SELECT ON claim_attestations TO PUBLIC;
COMMENT ON VIEW claim_attestations IS
	'what was attested, by whom and why, on which line and words of a finding; state: stands; void, for the '
	'line or the finding is another or gone; withdrawn; or not scanned yet, of a line that a guard accepted';

CREATE FUNCTION claimline_internal.claim_attest_put(source text, finding bigint, withdraws bigint,
		reason text, evidence text) RETURNS bigint
	AS 'MODULE_PATHNAME' LANGUAGE C VOLATILE CALLED ON NULL INPUT PARALLEL UNSAFE;
COMMENT ON FUNCTION claimline_internal.claim_attest_put(text, bigint, bigint, text, text) IS
	'part of claim_attest and claim_attest_withdraw: writes the log, by members of the source''s owner; '
	'its number, null where there is no such open finding, or no attestation to be withdrawn';

CREATE FUNCTION claimline_internal.claim_attest_check(source text, number bigint, reason text) RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	s claimline_internal.claim_source;
BEGIN
	IF source IS NULL OR number IS NULL OR reason IS NULL OR reason !~ '\S' THEN
		RAISE EXCEPTION 'an attestation needs a source, a number and a reason'
			USING ERRCODE = CASE WHEN reason !~ '\S' THEN 'invalid_parameter_value'
				ELSE 'null_value_not_allowed' END;
	END IF;
	s := claimline_internal.claim_source_known(source);
	IF NOT pg_has_role(s.owner::oid, 'USAGE') THEN
		RAISE EXCEPTION 'must be owner of claim source "%"', source
			USING ERRCODE = 'insufficient_privilege', DETAIL = format('It was added by %s.', s.owner);
	END IF;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_attest_check(text, bigint, text) IS
	'part of claim_attest and claim_attest_withdraw: raises an error for a null, an empty reason, a source '
	'that does not exist or is not the current user''s';

CREATE FUNCTION claim_attest(source text, finding bigint, reason text, evidence text = NULL) RETURNS bigint
	LANGUAGE plpgsql VOLATILE CALLED ON NULL INPUT PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	closed timestamptz;
	number bigint;
BEGIN
	PERFORM claimline_internal.claim_attest_check(source, finding, reason);
	number := claimline_internal.claim_attest_put(source, finding, NULL, reason, evidence);
	IF number IS NULL THEN
		SELECT f.closed_at INTO closed FROM claimline_internal.claim_scan_finding f
			WHERE f.source = claim_attest.source AND f.id = claim_attest.finding;
		IF FOUND THEN
			RAISE EXCEPTION 'finding % of claim source "%" is closed', finding, source
				USING ERRCODE = 'object_not_in_prerequisite_state',
					DETAIL = format('It does not hold since %s.', closed);
		END IF;
		RAISE EXCEPTION 'claim source "%" has no finding %', source, finding
			USING ERRCODE = 'undefined_object', HINT = 'The view claim_findings has them by their id.';
	END IF;
	RETURN number;
END $$;
COMMENT ON FUNCTION claim_attest(text, bigint, text, text) IS
	'writes down that the current session''s user answers for an open finding of a source (its id in '
	'claim_findings), why, and by what evidence; returns the number of the attestation, which stands while '
	'the line and the words of the finding are the same: see claim_attestations; by members of the source''s '
	'owner; raises an error for a finding that is not there or closed, an empty reason, another null';

CREATE FUNCTION claim_attest_withdraw(source text, attestation bigint, reason text) RETURNS void
	LANGUAGE plpgsql VOLATILE CALLED ON NULL INPUT PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	PERFORM claimline_internal.claim_attest_check(source, attestation, reason);
	IF claimline_internal.claim_attest_put(source, NULL, attestation, reason, NULL) IS NULL THEN
		RAISE EXCEPTION 'claim source "%" has no attestation % that stands to be withdrawn',
			source, attestation
			USING ERRCODE = 'undefined_object', HINT = 'See the view claim_attestations.';
	END IF;
END $$;
COMMENT ON FUNCTION claim_attest_withdraw(text, bigint, text) IS
	'takes an attestation back, with a reason: both stay in the log; by members of the source''s owner; '
	'raises an error for one that is not there or was withdrawn, an empty reason, a null';

-- what a session gives to guards: claimline.attest

CREATE FUNCTION claimline_internal.claim_attest_given(given text,
		OUT rule text, OUT claim_id text, OUT line_no int, OUT reason text, OUT evidence text)
		RETURNS SETOF record
	LANGUAGE plpgsql STABLE STRICT PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	entry jsonb;
	wrong text;
BEGIN
	BEGIN
		entry := given::jsonb;
	EXCEPTION WHEN data_exception THEN
		wrong := 'It is not JSON.';
	END;
	FOR entry IN SELECT jsonb_array_elements(CASE jsonb_typeof(entry) WHEN 'array' THEN entry
			ELSE jsonb_build_array(entry) END) WHERE wrong IS NULL LOOP
		wrong := CASE
			WHEN jsonb_typeof(entry) <> 'object' THEN 'It is no object: ' || entry::text
			WHEN entry - '{rule,claim_id,line_no,reason,evidence}'::text[] <> '{}'
				THEN 'Unknown keys: ' || (entry - '{rule,claim_id,line_no,reason,evidence}'::text[])::text
			WHEN NOT EXISTS (SELECT FROM @extschema@.claim_rules() r WHERE r.rule = entry ->> 'rule')
				THEN format('There is no rule "%s".', entry ->> 'rule')
			WHEN coalesce(entry ->> 'reason', '') !~ '\S' THEN 'The reason is empty.'
			WHEN coalesce(entry ->> 'line_no', '0') !~ '^-?[0-9]{1,9}$'
				THEN format('"%s" is no line number.', entry ->> 'line_no') END;
		EXIT WHEN wrong IS NOT NULL;
		rule := entry ->> 'rule';
		claim_id := entry ->> 'claim_id';
		line_no := entry ->> 'line_no';
		reason := entry ->> 'reason';
		evidence := entry ->> 'evidence';
		RETURN NEXT;
	END LOOP;
	IF wrong IS NOT NULL THEN
		RAISE EXCEPTION 'claimline.attest is no attestation'
			USING ERRCODE = 'invalid_parameter_value', DETAIL = wrong,
				HINT = 'Write {"rule": "ptp", "claim_id": "C5", "line_no": 1, "reason": "...", '
					'"evidence": "..."}, or an array of such.';
	END IF;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_attest_given(text) IS
	'part of guards: the attestations that the setting claimline.attest gives; '
	'raises an error for a value that is none';

CREATE FUNCTION claimline_internal.claim_attest_matched(given text, findings claim_finding[],
		OUT n int, OUT reason text, OUT evidence text) RETURNS SETOF record
	LANGUAGE sql STABLE STRICT PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT DISTINCT ON (i) i, g.reason, g.evidence
	FROM claimline_internal.claim_attest_given(given) WITH ORDINALITY
			g(rule, claim_id, line_no, reason, evidence, nth),
		generate_subscripts(findings, 1) i
	WHERE g.rule = (findings[i]).rule AND g.claim_id IS NOT DISTINCT FROM (findings[i]).claim_id
		AND g.line_no IS NOT DISTINCT FROM (findings[i]).line_no
	ORDER BY i, g.nth DESC
$$;
COMMENT ON FUNCTION claimline_internal.claim_attest_matched(text, claim_finding[]) IS
	'part of guards: which findings the setting claimline.attest names, by rule, claim and line number; '
	'the last that names one counts';

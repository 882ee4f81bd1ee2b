
-- from 0.1.0: what goes behind the install script

CREATE TRIGGER shipped_truncate BEFORE TRUNCATE ON claim_preset
	FOR EACH STATEMENT EXECUTE FUNCTION claimline_internal.claim_shipped_frozen();

ALTER TABLE claimline_internal.ncci_edition DROP CONSTRAINT ncci_edition_service_type_check,
	ADD CONSTRAINT ncci_edition_service_type_check CHECK (claimline_internal.claim_service_type_check(service_type) IS NOT NULL);

-- rows

INSERT INTO claimline_internal.claim_guard (source, policy, at_least, action, service_type)
	SELECT g.source, g.policy, g.at_least, g.action, g.service_type FROM claimline_0_1_0.guards g;

INSERT INTO claimline_internal.claim_guard_note (source, policy, patient, provider, dos, finding, found_at, found_by)
	SELECT f.source, f.policy, f.patient, f.provider, f.dos,
		ROW(f.claim_id, f.line_no, f.rule, f.severity, f.message, f.with_claim_id, f.with_line_no, f.suggestion, f.condition,
			f.carc, f.rarc, f.citation, f.covered)::claim_finding, f.found_at, f.found_by
	FROM claimline_0_1_0.claim_guard_finding f;

INSERT INTO claimline_internal.claim_change (source, patient, provider, dos, whole)
	SELECT c.source, c.patient, c.provider, c.dos, c.whole FROM claimline_0_1_0.claim_change c;

INSERT INTO claimline_internal.claim_scan_state (source, policy, edition, service_type, at_least, ruleset_hash, epoch, full_pending,
		watermark, view_lines, parts, last_scan, last_scan_at)
	SELECT s.source, s.policy, s.edition, s.service_type, s.at_least, s.ruleset_hash, s.epoch, s.full_pending,
		s.watermark, s.view_lines, s.parts::regclass[], s.last_scan, s.last_scan_at
	FROM claimline_0_1_0.claim_scan_state s;

INSERT INTO claimline_internal.claim_scan_finding (id, source, policy, day_key, patient, provider, dos, finding, place, line, charge,
		finding_key, nth, edition, ruleset_hash, first_scan, last_scan, first_seen, last_seen, closed_scan, closed_at)
	OVERRIDING SYSTEM VALUE
	SELECT f.id, f.source, f.policy, f.day_key, f.patient, f.provider, f.dos,
		ROW(f.claim_id, f.line_no, f.rule, f.severity, f.message, f.with_claim_id, f.with_line_no, f.suggestion, f.condition,
			f.carc, f.rarc, f.citation, f.covered)::claim_finding, f.place, f.line, f.charge,
		f.finding_key, f.nth, f.edition, f.ruleset_hash, f.first_scan, f.last_scan, f.first_seen, f.last_seen, f.closed_scan, f.closed_at
	FROM claimline_0_1_0.claim_scan_finding f;
SELECT pg_catalog.setval('claimline_internal.claim_scan_finding_id_seq', s.last_value, s.is_called)
	FROM claimline_0_1_0.claim_scan_finding_id_seq s;

-- views of sources: another SELECT for the same columns

DO LANGUAGE plpgsql $$
DECLARE
	source record;
BEGIN
	FOR source IN SELECT s.name, s.view FROM claimline_internal.claim_source s
		WHERE EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.oid = s.view AND c.relkind = 'v')
	LOOP
		BEGIN
			EXECUTE pg_catalog.format('CREATE OR REPLACE RULE "_RETURN" AS ON SELECT TO %s DO INSTEAD %s', source.view,
				@extschema@.claim_source_select(source.name));
		EXCEPTION WHEN OTHERS THEN
			RAISE EXCEPTION 'the view of claim source "%" cannot be made again', source.name
				USING ERRCODE = 'object_not_in_prerequisite_state', DETAIL = SQLERRM,
					HINT = 'Drop the source with claim_source_drop, and add it again after the update.';
		END;
	END LOOP;
END $$;

-- what has gone, unless something of a user's needs it

DO LANGUAGE plpgsql $$
DECLARE
	held CONSTANT text := (
		SELECT string_agg(DISTINCT CASE WHEN w.oid IS NULL THEN pg_describe_object(d.classid, d.objid, 0) ELSE 'view ' || w.ev_class::regclass END
			|| ' depends on ' || replace(pg_describe_object(d.refclassid, d.refobjid, 0), 'claimline_0_1_0.', ''), '; ')
		FROM pg_depend d LEFT JOIN pg_rewrite w ON d.classid = 'pg_rewrite'::regclass AND w.oid = d.objid
		WHERE (d.refclassid = 'pg_proc'::regclass AND EXISTS (SELECT FROM pg_proc p WHERE p.oid = d.refobjid AND p.pronamespace = 'claimline_0_1_0'::regnamespace)
				OR d.refclassid = 'pg_class'::regclass AND EXISTS (SELECT FROM pg_class c WHERE c.oid = d.refobjid AND c.relnamespace = 'claimline_0_1_0'::regnamespace)
				OR d.refclassid = 'pg_type'::regclass AND EXISTS (SELECT FROM pg_type t WHERE t.oid = d.refobjid AND t.typnamespace = 'claimline_0_1_0'::regnamespace))
			AND d.deptype = 'n'
			AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = d.classid AND e.objid = d.objid
				AND (e.deptype = 'e' OR e.deptype IN ('i', 'a') AND e.refclassid = 'pg_class'::regclass
					AND EXISTS (SELECT FROM pg_class c WHERE c.oid = e.refobjid AND c.relnamespace = 'claimline_0_1_0'::regnamespace))));
BEGIN
	IF held IS NOT NULL THEN
		RAISE EXCEPTION 'objects of extension claimline 0.1.0 that have gone are in use'
			USING ERRCODE = 'dependent_objects_still_exist', DETAIL = held,
				HINT = 'Drop what depends on them, update, and make it again: see "Updating" in the documentation.';
	END IF;
END $$;
-- what is dropped as a member stays among what pg_dump looks for
ALTER EXTENSION claimline DROP TABLE claimline_0_1_0.claim_guard_finding;
ALTER EXTENSION claimline DROP TABLE claimline_0_1_0.claim_change;
ALTER EXTENSION claimline DROP TABLE claimline_0_1_0.claim_scan_state;
ALTER EXTENSION claimline DROP TABLE claimline_0_1_0.claim_scan_finding;
ALTER EXTENSION claimline DROP SEQUENCE claimline_0_1_0.claim_scan_finding_id_seq;
DROP SCHEMA claimline_0_1_0 CASCADE;


-- from 0.1.0: what goes behind the install script

CREATE TRIGGER shipped_truncate BEFORE TRUNCATE ON claim_preset
	FOR EACH STATEMENT EXECUTE FUNCTION claimline_internal.claim_shipped_frozen();

CREATE TRIGGER superseded AFTER UPDATE ON claim_policy FOR EACH ROW
	WHEN (NOT OLD.shipped AND OLD.* IS DISTINCT FROM NEW.*)
	EXECUTE FUNCTION claimline_internal.claim_policy_superseded();
CREATE TRIGGER superseded_gone AFTER DELETE ON claim_policy FOR EACH ROW
	WHEN (NOT OLD.shipped) EXECUTE FUNCTION claimline_internal.claim_policy_superseded();

ALTER POLICY claim_source_change ON claimline_internal.claim_source
	USING (claimline_internal.claim_source_mine(name)) WITH CHECK (pg_catalog.pg_has_role(owner, 'USAGE'));
ALTER POLICY claim_source_remove ON claimline_internal.claim_source
	USING (claimline_internal.claim_source_mine(name));
CREATE POLICY read_sources ON claimline_internal.claim_scan_run FOR SELECT
	USING (source OPERATOR(pg_catalog.=) ANY ((SELECT claimline_internal.claim_sources_read())::text[]));

-- rows, as their owner: what is shipped anew (policies that a user changed are his), and what was found

SELECT claimline_0_1_0.run_as('@extowner@', $rows$

ALTER TABLE @extschema@.claim_policy DISABLE TRIGGER USER;
DELETE FROM @extschema@.claim_policy p WHERE p.shipped;
ALTER TABLE @extschema@.claim_policy ENABLE TRIGGER USER;
ALTER TABLE @extschema@.claim_policy ENABLE ALWAYS TRIGGER rules_changed;
DO LANGUAGE plpgsql $$
DECLARE
	shipped text;
BEGIN
	FOREACH shipped IN ARRAY ARRAY['claim_rvu', 'claim_conversion_factor', 'claim_multiple_procedure',
			'claim_fee_modifier', 'claim_preset'] LOOP
		EXECUTE format('ALTER TABLE @extschema@.%I DISABLE TRIGGER shipped', shipped);
		EXECUTE format('DELETE FROM @extschema@.%I t WHERE t.shipped', shipped);
		EXECUTE format('ALTER TABLE @extschema@.%I ENABLE TRIGGER shipped', shipped);
	END LOOP;
END $$;
ALTER TABLE @extschema@.claim_preset DROP CONSTRAINT claim_preset_part_check,
	ADD CONSTRAINT claim_preset_part_check CHECK (part OPERATOR(pg_catalog.=) ANY
		('{map,else,split,wide,presence,procedure,concept,join,missing,default,drop,skip,note,'
		'service_type,practitioner,outpatient}'));
-- again.awk puts the rows of the install script here

ALTER TABLE claimline_internal.ncci_edition DROP CONSTRAINT ncci_edition_service_type_check,
	ADD CONSTRAINT ncci_edition_service_type_check
		CHECK (claimline_internal.claim_service_type_check(service_type) IS NOT NULL);

UPDATE claimline_internal.claim_source s
	SET mapping = s.mapping || jsonb_build_object('view', claimline_internal.claim_source_name(s.view))
	WHERE claimline_internal.claim_source_name(s.view) IS NOT NULL;

-- a guard was what the arguments of its triggers said; those of its own table count
INSERT INTO claimline_internal.claim_guard (source, policy, at_least, action, service_type)
	SELECT DISTINCT ON (s.name) s.name, a.arguments[2], a.arguments[3]::@extschema@.claim_severity,
		a.arguments[4], a.arguments[5]
	FROM pg_trigger g
		CROSS JOIN LATERAL (SELECT claimline_0_1_0.claim_trigger_arguments(g.tgargs) AS arguments OFFSET 0) a
		JOIN claimline_internal.claim_source s ON s.name = a.arguments[1] AND (s.relation = g.tgrelid
			OR EXISTS (SELECT FROM pg_partition_ancestors(g.tgrelid) p WHERE p.relid = s.relation))
	WHERE g.tgfoid = 'claimline_internal.claim_guard()'::regprocedure AND cardinality(a.arguments) = 5
		AND a.arguments[3] = ANY (enum_range(NULL::@extschema@.claim_severity)::text[])
		AND a.arguments[4] = ANY ('{reject,quarantine,annotate}')
	ORDER BY s.name, s.relation <> g.tgrelid, g.oid;

DO $do$
DECLARE
	s claimline_internal.claim_source;
BEGIN
	FOR s IN SELECT * FROM claimline_internal.claim_source c
		WHERE c.name IN (SELECT f.source FROM claimline_0_1_0.claim_guard_finding f)
	LOOP
		EXECUTE format($sql$
			INSERT INTO claimline_internal.claim_guard_note
					(source, day_key, policy, patient, provider, dos, finding, found_at, found_by)
				SELECT f.source, %s, f.policy, f.patient, f.provider, f.dos,
					ROW(f.claim_id, f.line_no, f.rule, f.severity, f.message, f.with_claim_id, f.with_line_no,
						f.suggestion, f.condition, f.carc, f.rarc, f.citation, f.covered, NULL::jsonb)
						::@extschema@.claim_finding,
					f.found_at, f.found_by
				FROM claimline_0_1_0.claim_guard_finding f WHERE f.source = %L$sql$,
			(SELECT claimline_internal.claim_scan_key_sql(s, format(p.of_text, 'f.patient'),
				format(r.of_text, 'f.provider'), 'f.dos')
			FROM claimline_internal.claim_scan_key_forms(s, 'patient') p,
				claimline_internal.claim_scan_key_forms(s, 'provider') r), s.name);
	END LOOP;
END
$do$;

INSERT INTO claimline_internal.claim_change (source, patient, provider, dos, whole)
	SELECT c.source, c.patient, c.provider, c.dos, c.whole FROM claimline_0_1_0.claim_change c;

INSERT INTO claimline_internal.claim_scan_state
		(source, policy, edition, service_type, at_least, ruleset_hash, epoch, full_pending,
		watermark, view_lines, parts, last_scan, last_scan_at)
	SELECT s.source, s.policy, s.edition, s.service_type, s.at_least, s.ruleset_hash,
		-- what was not stored was not counted, nor charges of all lines: every day is judged again
		CASE WHEN s.at_least = 'info' AND NOT o.charged THEN s.epoch ELSE s.epoch + 1 END,
		-- keys that are equal have one text now: a pass over all closes what others stored
		s.full_pending OR s.at_least <> 'info' OR o.charged
			OR EXISTS (SELECT FROM claimline_internal.claim_source c,
				claimline_internal.claim_scan_key_forms(c, 'patient') p,
				claimline_internal.claim_scan_key_forms(c, 'provider') r
			WHERE c.name = s.source AND NOT (p.same = p.as_text AND r.same = r.as_text)),
		s.watermark, s.view_lines, s.parts::regclass[], s.last_scan, s.last_scan_at
	FROM claimline_0_1_0.claim_scan_state s CROSS JOIN LATERAL (SELECT EXISTS (
		SELECT FROM claimline_internal.claim_source c
		WHERE c.name = s.source AND c.mapping -> 'fields' ? 'charge') AS charged) o;

-- days by another key, of the same texts
INSERT INTO claimline_internal.claim_scan_bucket (source, policy, id, provider, month)
	SELECT d.source, d.policy, row_number() OVER (PARTITION BY d.source, d.policy), d.provider, d.month
	FROM (SELECT DISTINCT d.source, d.policy, d.provider, claimline_internal.claim_scan_month(d.dos) AS month
		FROM claimline_0_1_0.claim_scan_day d) d;
-- some at a time: they are one value
SELECT count(claimline_internal.claim_scan_put(d.state, d.days))
	FROM (SELECT d.state, claimline_internal.claim_scan_pack(d.day_key, d.day_hash, d.n_lines, 0, d.bucket,
			d.epoch, d.marks, NULL) AS days
		FROM (SELECT x.id AS state, d.day_hash, d.n_lines, (d.epoch % 32768)::smallint AS epoch,
				claimline_internal.claim_scan_key(d.patient, d.provider, d.dos) AS day_key, b.id AS bucket,
				row_number() OVER (PARTITION BY x.id ORDER BY
					claimline_internal.claim_scan_key(d.patient, d.provider, d.dos)) / 1000000 AS part,
				(d.undecided::int + 2 * (d.patient IS NULL)::int + 4 * (d.provider IS NULL)::int
					+ 8 * (d.dos IS NULL)::int)::smallint AS marks
			FROM claimline_0_1_0.claim_scan_day d JOIN claimline_internal.claim_scan_state x
					ON x.source = d.source AND x.policy = d.policy
				JOIN claimline_internal.claim_scan_bucket b ON b.source = d.source AND b.policy = d.policy
					AND coalesce(b.provider, '') = coalesce(d.provider, '')
					AND b.provider IS NOT DISTINCT FROM d.provider
					AND b.month IS NOT DISTINCT FROM claimline_internal.claim_scan_month(d.dos)) d
		GROUP BY d.state, d.part ORDER BY d.state, d.part) d;
INSERT INTO claimline_internal.claim_scan_pending (source, policy, day_key, patient, provider, dos, forced)
	SELECT p.source, p.policy, claimline_internal.claim_scan_key(p.patient, p.provider, p.dos),
		p.patient, p.provider, p.dos, p.forced
	FROM claimline_0_1_0.claim_scan_pending p;

-- findings by what they have in common; edition and ruleset were those of the last scan
INSERT INTO claimline_internal.claim_scan_words (state, key, rule, severity, message, partner, condition,
		carc, rarc, citation, covered, facts)
	SELECT n.state, hash_record_extended(n.said, 0), (n.said).*
	FROM (SELECT DISTINCT x.id AS state, claimline_internal.claim_words_of(
				ROW(f.claim_id, f.line_no, f.rule, f.severity, f.message,
				f.with_claim_id, f.with_line_no, f.suggestion, f.condition, f.carc, f.rarc, f.citation,
				f.covered, NULL::jsonb)::@extschema@.claim_finding) AS said
		FROM claimline_0_1_0.claim_scan_finding f JOIN claimline_internal.claim_scan_state x
			ON x.source = f.source AND x.policy = f.policy) n;
INSERT INTO claimline_internal.claim_scan_stored
		(id, state, words, day_key, patient, provider, dos, claim_id, line_no, with_claim_id, with_line_no,
		suggestion, bucket, place, line, charge, first_scan, first_seen, last_scan, last_seen,
		closed_scan, closed_at)
	OVERRIDING SYSTEM VALUE
	SELECT f.id, x.id, w.id, claimline_internal.claim_scan_key(f.patient, f.provider, f.dos),
		f.patient, f.provider, f.dos, f.claim_id, f.line_no, f.with_claim_id, f.with_line_no,
		f.suggestion, b.id, f.place, f.line, f.charge, f.first_scan, f.first_seen,
		nullif(f.last_scan, f.first_scan), nullif(f.last_seen, f.first_seen), f.closed_scan, f.closed_at
	FROM claimline_0_1_0.claim_scan_finding f
		JOIN claimline_internal.claim_scan_state x ON x.source = f.source AND x.policy = f.policy
		JOIN claimline_internal.claim_scan_words w ON w.state = x.id
			AND ROW(w.rule, w.severity, w.message, w.partner, w.condition, w.carc, w.rarc, w.citation,
				w.covered, w.facts)::claimline_internal.claim_words = claimline_internal.claim_words_of(
				ROW(f.claim_id, f.line_no, f.rule, f.severity, f.message,
				f.with_claim_id, f.with_line_no, f.suggestion, f.condition, f.carc, f.rarc, f.citation,
				f.covered, NULL::jsonb)::@extschema@.claim_finding)
		LEFT JOIN claimline_internal.claim_scan_bucket b ON b.source = f.source AND b.policy = f.policy
			AND coalesce(b.provider, '') = coalesce(f.provider, '')
			AND b.provider IS NOT DISTINCT FROM f.provider
			AND b.month IS NOT DISTINCT FROM claimline_internal.claim_scan_month(f.dos)
	ORDER BY f.id;
SELECT setval('claimline_internal.claim_scan_stored_id_seq', s.last_value, s.is_called)
	FROM claimline_0_1_0.claim_scan_finding_id_seq s;

$rows$);

-- Views of sources: another SELECT for the same columns.  It comes out of claim_source, which the
-- extension's owner can write, and is written as the view's owner: so that is to be the source's, and one
-- whose rights the user who updates has anyway.

CREATE TABLE claimline_0_1_0.views (source text, owner oid, view oid, lines text);
GRANT INSERT ON claimline_0_1_0.views TO @extowner@;
SELECT claimline_0_1_0.run_as('@extowner@', $views$
DO LANGUAGE plpgsql $$
DECLARE
	source record;
BEGIN
	FOR source IN SELECT s.name, s.owner, s.view FROM claimline_internal.claim_source s
			WHERE EXISTS (SELECT FROM pg_class c WHERE c.oid = s.view) LOOP
		BEGIN
			INSERT INTO claimline_0_1_0.views (source, owner, view, lines)
				VALUES (source.name, source.owner, source.view, @extschema@.claim_source_select(source.name));
		EXCEPTION WHEN OTHERS THEN
			RAISE EXCEPTION 'the view of claim source "%" cannot be made again', source.name
				USING ERRCODE = 'object_not_in_prerequisite_state', DETAIL = SQLERRM,
					HINT = 'Drop the source with claim_source_drop, and add it again after the update.';
		END;
	END LOOP;
END $$
$views$);

CREATE FUNCTION claimline_0_1_0.make_views() RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	source record;
BEGIN
	FOR source IN SELECT v.source, v.view::regclass AS view, c.relowner::regrole AS owner, v.lines
		FROM claimline_0_1_0.views v JOIN pg_class c ON c.oid = v.view AND c.relkind = 'v'
		WHERE c.relowner = v.owner OR NOT EXISTS (SELECT FROM pg_roles r WHERE r.oid = v.owner)
	LOOP
		IF NOT pg_has_role(session_user, source.owner, 'USAGE') THEN
			RAISE EXCEPTION 'the view of claim source "%" belongs to %', source.source, source.owner
				USING ERRCODE = 'insufficient_privilege',
					HINT = 'Update as a superuser or a member of that role, or '
						'have the source dropped with claim_source_drop, and added again after the update.';
		END IF;
		BEGIN
			PERFORM claimline_0_1_0.run_as(source.owner,
				format('CREATE OR REPLACE RULE "_RETURN" AS ON SELECT TO %s DO INSTEAD %s',
					source.view, source.lines));
		EXCEPTION WHEN OTHERS THEN
			RAISE EXCEPTION 'the view of claim source "%" cannot be made again', source.source
				USING ERRCODE = 'object_not_in_prerequisite_state', DETAIL = SQLERRM,
					HINT = 'Drop the source with claim_source_drop, and add it again after the update.';
		END;
	END LOOP;
END $$;
SELECT claimline_0_1_0.make_views();

-- what has gone, unless something of a user's needs it

CREATE FUNCTION claimline_0_1_0.check_use() RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	held CONSTANT text := (
		WITH gone AS (
			SELECT 'pg_proc'::regclass AS classid, p.oid
			FROM pg_proc p WHERE p.pronamespace = 'claimline_0_1_0'::regnamespace
			UNION ALL
			SELECT 'pg_class', c.oid FROM pg_class c WHERE c.relnamespace = 'claimline_0_1_0'::regnamespace
			UNION ALL
			SELECT 'pg_type', t.oid FROM pg_type t WHERE t.typnamespace = 'claimline_0_1_0'::regnamespace
		)
		SELECT string_agg(DISTINCT CASE WHEN w.oid IS NULL THEN pg_describe_object(d.classid, d.objid, 0)
				ELSE 'view ' || w.ev_class::regclass END
			|| ' depends on ' || replace(pg_describe_object(d.refclassid, d.refobjid, 0),
				'claimline_0_1_0.', ''), '; ')
		FROM gone g JOIN pg_depend d ON d.refclassid = g.classid AND d.refobjid = g.oid
			LEFT JOIN pg_rewrite w ON d.classid = 'pg_rewrite'::regclass AND w.oid = d.objid
			LEFT JOIN pg_trigger t ON d.classid = 'pg_trigger'::regclass AND t.oid = d.objid
				AND NOT t.tgisinternal
		WHERE (d.deptype = 'n' AND d.classid <> 'pg_trigger'::regclass OR t.oid IS NOT NULL)
			-- nor what belongs to one of them, or to the extension
			AND NOT EXISTS (SELECT FROM pg_depend e
				JOIN gone h ON h.classid = e.refclassid AND h.oid = e.refobjid
				WHERE e.classid = d.classid AND e.objid = d.objid
					AND e.deptype IN ('i', 'a') AND t.oid IS NULL)
			AND NOT EXISTS (SELECT FROM pg_depend e
				JOIN pg_extension x ON x.oid = e.refobjid AND x.extname = 'claimline'
				WHERE e.deptype = 'e' AND (e.classid = d.classid AND e.objid = d.objid
					OR e.classid = 'pg_proc'::regclass AND e.objid = t.tgfoid))
	);
BEGIN
	IF held IS NOT NULL THEN
		RAISE EXCEPTION 'objects of extension claimline 0.1.0 that have gone are in use'
			USING ERRCODE = 'dependent_objects_still_exist', DETAIL = held,
				HINT = 'Drop what depends on them, update, and make it again: '
					'see "Updating" in the documentation.';
	END IF;
END $$;
SELECT claimline_0_1_0.check_use();

-- claim_read_date reads more than it did

CREATE FUNCTION claimline_0_1_0.say_indexes() RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	stale CONSTANT text := (SELECT string_agg(DISTINCT i.indexrelid::regclass::text, ', ') FROM pg_depend d
		JOIN pg_proc p ON d.refclassid = 'pg_proc'::regclass AND d.refobjid = p.oid
			AND p.proname = 'claim_read_date' AND p.pronamespace = '@extschema@'::regnamespace
		JOIN pg_index i ON d.classid = 'pg_class'::regclass AND i.indexrelid = d.objid);
BEGIN
	IF stale IS NOT NULL THEN
		RAISE NOTICE 'indexes on claim_read_date are to be made again: %', stale
			USING DETAIL = 'It reads dates now where they have nulls.', HINT = 'REINDEX INDEX each of them.';
	END IF;
END $$;
SELECT claimline_0_1_0.say_indexes();

-- what is dropped as a member stays among what pg_dump looks for
ALTER EXTENSION claimline DROP TABLE claimline_0_1_0.claim_guard_finding;
ALTER EXTENSION claimline DROP TABLE claimline_0_1_0.claim_change;
ALTER EXTENSION claimline DROP TABLE claimline_0_1_0.claim_scan_state;
ALTER EXTENSION claimline DROP TABLE claimline_0_1_0.claim_scan_day;
ALTER EXTENSION claimline DROP TABLE claimline_0_1_0.claim_scan_pending;
ALTER EXTENSION claimline DROP TABLE claimline_0_1_0.claim_scan_finding;
ALTER EXTENSION claimline DROP SEQUENCE claimline_0_1_0.claim_scan_finding_id_seq;
DROP SCHEMA claimline_0_1_0 CASCADE;


-- guards: triggers on claims tables

CREATE FUNCTION claimline_internal.claim_guard() RETURNS trigger
	AS 'MODULE_PATHNAME' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION claimline_internal.claim_guard() IS
	'trigger after a statement, made by claim_guard_add: judges the provider-days '
	'that the statement touched; raises check_violation (23514) with the rule as constraint name, '
	'moves the offending rows aside or notes the findings';

CREATE FUNCTION claimline_internal.claim_track() RETURNS trigger
	AS 'MODULE_PATHNAME' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION claimline_internal.claim_track() IS
	'trigger after a statement, made by claim_source_track: '
	'notes the provider-days that the statement touched in claim_change';

CREATE FUNCTION claimline_internal.claim_rules_changed() RETURNS trigger
	AS 'MODULE_PATHNAME' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION claimline_internal.claim_rules_changed() IS
	'trigger after a statement on the tables that guards are made from: '
	'guards in every session read them anew once the change is committed';

-- No table here refers to claim_source by a foreign key: every statement on a guarded table would
-- lock the source's row, and a restore in parallel would meet the keys before the rows.  What
-- belongs to a source goes with it by a trigger.

CREATE TABLE claimline_internal.claim_guard (
	source text PRIMARY KEY,
	policy text NOT NULL,
	at_least claim_severity NOT NULL,
	action text NOT NULL
		CHECK (action OPERATOR(pg_catalog.=) ANY (ARRAY['reject', 'quarantine', 'annotate'])),
	service_type text NOT NULL
);
COMMENT ON TABLE claimline_internal.claim_guard IS
	'guards: what the triggers of a source do; rows are made by claim_guard_add';

CREATE TABLE claimline_internal.claim_guard_note (
	source text NOT NULL,
	day_key uuid NOT NULL,
	policy text NOT NULL,
	patient text,
	provider text,
	dos date,
	finding claim_finding NOT NULL,
	found_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
	found_by name NOT NULL DEFAULT session_user
);
CREATE INDEX claim_guard_note_day ON claimline_internal.claim_guard_note (source, day_key);
COMMENT ON TABLE claimline_internal.claim_guard_note IS
	'the rows of claim_guard_finding, which shows them to the owners of sources';

CREATE TABLE claimline_internal.claim_change (
	source text NOT NULL,
	patient text,
	provider text,
	dos date,
	whole boolean NOT NULL DEFAULT false
);
CREATE INDEX claim_change_source ON claimline_internal.claim_change (source);
COMMENT ON TABLE claimline_internal.claim_change IS
	'provider-days that statements touched since the last scan, as text; whole: the table was truncated; '
	'written by claim_track, taken by claim_scan';

CREATE TABLE claim_quarantine (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	source text NOT NULL,
	policy text NOT NULL,
	relation text NOT NULL,
	patient text,
	provider text,
	dos date,
	event text NOT NULL,
	row_data jsonb NOT NULL,
	replaced jsonb,
	findings jsonb,
	moved_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
	moved_by name NOT NULL DEFAULT session_user
);
COMMENT ON TABLE claim_quarantine IS
	'rows that guards moved aside: the table they were for, the row as written and, of an update, '
	'as it was before; the findings about it; seen by the owners of sources';

ALTER TABLE claimline_internal.claim_guard OWNER TO @extowner@;
ALTER TABLE claimline_internal.claim_guard_note OWNER TO @extowner@;
ALTER TABLE claimline_internal.claim_change OWNER TO @extowner@;
ALTER TABLE claim_quarantine OWNER TO @extowner@;
ALTER TABLE claimline_internal.claim_guard ENABLE ROW LEVEL SECURITY;
ALTER TABLE claimline_internal.claim_guard_note ENABLE ROW LEVEL SECURITY;
ALTER TABLE claimline_internal.claim_change ENABLE ROW LEVEL SECURITY;
ALTER TABLE claim_quarantine ENABLE ROW LEVEL SECURITY;
CREATE POLICY all_see ON claimline_internal.claim_guard FOR SELECT USING (true);
CREATE POLICY own_sources ON claimline_internal.claim_guard
	USING (source OPERATOR(pg_catalog.=) ANY (ARRAY(
		SELECT s.name FROM claimline_internal.claim_source s
		WHERE claimline_internal.claim_source_mine(s.name))));
CREATE POLICY own_sources ON claimline_internal.claim_guard_note
	USING (source OPERATOR(pg_catalog.=) ANY (ARRAY(
		SELECT s.name FROM claimline_internal.claim_source s
		WHERE pg_catalog.pg_has_role(s.owner::oid, 'USAGE'))));
CREATE POLICY own_sources ON claimline_internal.claim_change
	USING (source OPERATOR(pg_catalog.=) ANY (ARRAY(
		SELECT s.name FROM claimline_internal.claim_source s
		WHERE claimline_internal.claim_source_mine(s.name))));
CREATE POLICY own_sources ON claim_quarantine
	USING (source OPERATOR(pg_catalog.=) ANY (ARRAY(
		SELECT s.name FROM claimline_internal.claim_source s
		WHERE pg_catalog.pg_has_role(s.owner::oid, 'USAGE'))));
GRANT SELECT, INSERT, UPDATE, DELETE ON claimline_internal.claim_guard TO PUBLIC;
GRANT SELECT, DELETE ON claimline_internal.claim_guard_note TO PUBLIC;
GRANT SELECT, INSERT, UPDATE, DELETE ON claimline_internal.claim_change TO PUBLIC;
GRANT SELECT, DELETE ON claim_quarantine TO PUBLIC;
SELECT pg_catalog.pg_extension_config_dump('claimline_internal.claim_guard', '');
SELECT pg_catalog.pg_extension_config_dump('claimline_internal.claim_guard_note', '');
SELECT pg_catalog.pg_extension_config_dump('claimline_internal.claim_change', '');
SELECT pg_catalog.pg_extension_config_dump('claim_quarantine', '');
SELECT pg_catalog.pg_extension_config_dump('claim_quarantine_id_seq', '');

CREATE VIEW claim_guard_finding WITH (security_invoker = true) AS
	SELECT n.source, n.policy, n.patient, n.provider, n.dos, (n.finding).*, n.found_at, n.found_by
	FROM claimline_internal.claim_guard_note n;
ALTER VIEW claim_guard_finding OWNER TO @extowner@;
GRANT SELECT, DELETE ON claim_guard_finding TO PUBLIC;
COMMENT ON VIEW claim_guard_finding IS
	'what guards that annotate found on the provider-days as they are stored now, and what guards that '
	'quarantine found no row to move for; seen by the owners of sources, who may delete it';

CREATE TRIGGER rules_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON claim_policy
	FOR EACH STATEMENT EXECUTE FUNCTION claimline_internal.claim_rules_changed();
CREATE TRIGGER rules_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON claimline_internal.ncci_edition
	FOR EACH STATEMENT EXECUTE FUNCTION claimline_internal.claim_rules_changed();
CREATE TRIGGER rules_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON claimline_internal.ncci_retired
	FOR EACH STATEMENT EXECUTE FUNCTION claimline_internal.claim_rules_changed();
CREATE TRIGGER rules_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON claimline_internal.claim_source
	FOR EACH STATEMENT EXECUTE FUNCTION claimline_internal.claim_rules_changed();
CREATE TRIGGER rules_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON claimline_internal.claim_guard
	FOR EACH STATEMENT EXECUTE FUNCTION claimline_internal.claim_rules_changed();
ALTER TABLE claim_policy ENABLE ALWAYS TRIGGER rules_changed;
ALTER TABLE claimline_internal.ncci_edition ENABLE ALWAYS TRIGGER rules_changed;
ALTER TABLE claimline_internal.ncci_retired ENABLE ALWAYS TRIGGER rules_changed;
ALTER TABLE claimline_internal.claim_source ENABLE ALWAYS TRIGGER rules_changed;
ALTER TABLE claimline_internal.claim_guard ENABLE ALWAYS TRIGGER rules_changed;

CREATE FUNCTION claimline_internal.claim_source_indexed(relation oid, mapping jsonb) RETURNS boolean
	AS 'MODULE_PATHNAME' LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION claimline_internal.claim_source_indexed(oid, jsonb) IS
	'can a provider-day of a mapping be read by an index?';
CREATE FUNCTION claimline_internal.claim_adjust_indexed(relation oid, mapping jsonb) RETURNS boolean
	AS 'MODULE_PATHNAME' LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION claimline_internal.claim_adjust_indexed(oid, jsonb) IS
	'can it be told by an index which claims of a patient are voided or replaced?  '
	'Also true of a mapping that does not say it';

CREATE FUNCTION claimline_internal.claim_guard_unmovable(source text) RETURNS SETOF regclass
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	-- as the server decides it when a row is deleted
	SELECT c.oid::regclass
	FROM claimline_internal.claim_source s,
		unnest(claimline_internal.claim_source_parts(s.relation)) p (part), pg_class c
	WHERE s.name = $1 AND c.oid = p.part AND c.relkind = 'r' AND c.relpersistence = 'p'
		AND c.relreplident <> 'f'
		AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisvalid AND i.indimmediate
			AND CASE c.relreplident WHEN 'd' THEN i.indisprimary WHEN 'i' THEN i.indisreplident
				ELSE false END)
		AND EXISTS (SELECT FROM pg_publication b WHERE b.pubdelete AND (b.puballtables
			OR EXISTS (SELECT FROM pg_class a WHERE (a.oid = c.oid
					OR c.relispartition AND a.oid IN (SELECT pg_partition_ancestors(c.oid)))
				AND (EXISTS (SELECT FROM pg_publication_rel r
						WHERE r.prpubid = b.oid AND r.prrelid = a.oid)
					OR EXISTS (SELECT FROM pg_publication_namespace n
						WHERE n.pnpubid = b.oid AND n.pnnspid = a.relnamespace)))))
	ORDER BY c.oid
$$;
COMMENT ON FUNCTION claimline_internal.claim_guard_unmovable(text) IS
	'the table of a source, its partitions and children that are published with deletes and have no replica '
	'identity: PostgreSQL deletes no row of them, so none can be moved to quarantine';

CREATE FUNCTION claimline_internal.claim_guard_unmovable_notice(source text) RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	tables CONSTANT text := (SELECT string_agg(u::text, ', ')
		FROM claimline_internal.claim_guard_unmovable(source) u);
BEGIN
	IF tables IS NOT NULL THEN
		RAISE NOTICE 'no row of claim source "%" can be moved to quarantine', source
			USING DETAIL = format('Published with deletes and without a replica identity: %s.  '
					'A statement with a row to move fails.', tables),
				HINT = 'Add a primary key, or ALTER TABLE ... REPLICA IDENTITY FULL.';
	END IF;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_guard_unmovable_notice(text) IS
	'part of claim_guard_add: says which tables PostgreSQL deletes no row of';

CREATE FUNCTION claim_guard_add(source text, policy text = 'medicare', at_least claim_severity = 'deny',
		action text = 'reject', service_type text = NULL) RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	s CONSTANT claimline_internal.claim_source := claimline_internal.claim_source_table(source);
BEGIN
	service_type := claimline_internal.claim_source_type(source, service_type);
	IF policy IS NULL OR at_least IS NULL OR action IS NULL THEN
		RAISE EXCEPTION 'policy, severity and action of a guard must not be null'
			USING ERRCODE = 'null_value_not_allowed';
	ELSIF action <> ALL (ARRAY['reject', 'quarantine', 'annotate']) THEN
		RAISE EXCEPTION 'action "%" does not exist', action
			USING ERRCODE = 'invalid_parameter_value', HINT = 'Actions are: reject, quarantine, annotate.';
	END IF;
	PERFORM claimline_internal.claim_source_refuse_distributed(s.relation),
		claimline_internal.claim_source_refuse_virtual(s.name);
	-- raises an error for a policy that does not exist
	PERFORM @extschema@.ruleset_hash(@extschema@.ruleset(policy, NULL, service_type));
	DELETE FROM claimline_internal.claim_guard g WHERE g.source = s.name;
	INSERT INTO claimline_internal.claim_guard (source, policy, at_least, action, service_type)
		VALUES (source, policy, at_least, action, service_type);
	PERFORM claimline_internal.claim_source_triggers(source, 'guard',
		CASE WHEN action = 'reject' THEN ARRAY['insert', 'update', 'delete']
			ELSE ARRAY['insert', 'update', 'delete', 'truncate'] END);
	IF NOT claimline_internal.claim_source_indexed(s.relation, s.mapping) THEN
		RAISE NOTICE 'table % has no index that begins with patient, provider or date of service', s.relation
			USING DETAIL = 'A guard reads the provider-days that a statement touched: '
					'without an index it reads the whole table.',
				HINT = 'Create an index on patient, provider and date of service, '
					'of keys that are read on claim_read_key(column).';
	ELSIF NOT claimline_internal.claim_adjust_indexed(s.relation, s.mapping) THEN
		RAISE NOTICE 'table % has no index by which the voids and replacements of a patient are found',
			s.relation
			USING DETAIL = 'A guard asks of each day that it reads which of its claims are voided '
					'or replaced: without an index it reads the whole table.',
				HINT = 'Map the patient, and create an index that begins with it.';
	END IF;
	IF action = 'quarantine' THEN
		PERFORM claimline_internal.claim_guard_unmovable_notice(source);
	END IF;
	PERFORM claimline_internal.claim_coverage_notice(policy, service_type);
END $$;
COMMENT ON FUNCTION claim_guard_add(text, text, claim_severity, text, text) IS
	'guards the table of a source: after every statement the provider-days that it touched are judged '
	'by the policy over the newest edition, with what is stored; on a finding of the severity or above, '
	'reject raises check_violation, quarantine moves the offending rows to claim_quarantine, annotate keeps '
	'the findings in claim_guard_finding; replaces the source''s guard; by the owner of the table';

CREATE FUNCTION claim_guard_drop(source text) RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	PERFORM claimline_internal.claim_source_known(source);
	PERFORM claimline_internal.claim_source_triggers(source, 'guard', '{}');
	DELETE FROM claimline_internal.claim_guard g WHERE g.source = $1;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'claim source "%" has no guard', source
			USING ERRCODE = 'undefined_object', HINT = 'See the view claim_guards.';
	END IF;
END $$;
COMMENT ON FUNCTION claim_guard_drop(text) IS
	'takes the guard of a source away; what it moved aside and noted is kept';

CREATE FUNCTION claim_source_track(source text) RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	PERFORM claimline_internal.claim_source_refuse_distributed(
			(claimline_internal.claim_source_table(source)).relation),
		claimline_internal.claim_source_refuse_virtual(source);
	PERFORM claimline_internal.claim_source_triggers(source, 'track',
		ARRAY['insert', 'update', 'delete', 'truncate']);
	-- what was changed before was not noted
	INSERT INTO claimline_internal.claim_change (source, whole) VALUES ($1, true);
END $$;
COMMENT ON FUNCTION claim_source_track(text) IS
	'notes from now on which provider-days of a source are touched, '
	'so that claim_scan need not look for them; by the owner of the table';

CREATE FUNCTION claim_source_untrack(source text) RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	PERFORM claimline_internal.claim_source_table(source);
	PERFORM claimline_internal.claim_source_triggers(source, 'track', '{}');
	DELETE FROM claimline_internal.claim_change c WHERE c.source = $1;
END $$;
COMMENT ON FUNCTION claim_source_untrack(text) IS 'ends what claim_source_track began';

CREATE FUNCTION claimline_internal.claim_source_tracked(source text) RETURNS boolean
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	-- four events on the table and on each partition
	SELECT bool_and(4 = (SELECT count(*) FROM claimline_internal.claim_source_triggers_on(p.part) t
		WHERE t.source = s.name AND t.kind = 'track' AND t.always))
	FROM claimline_internal.claim_source s, unnest(claimline_internal.claim_source_parts(s.relation)) p (part)
	WHERE s.name = $1
$$;
COMMENT ON FUNCTION claimline_internal.claim_source_tracked(text) IS
	'whether every change of the table of a source is noted in claim_change';

CREATE VIEW claim_guards AS
	SELECT g.source, p.part::pg_catalog.regclass AS relation, g.policy, g.at_least, g.action, g.service_type,
		3 OPERATOR(pg_catalog.<=) (SELECT pg_catalog.count(*)
			FROM claimline_internal.claim_source_triggers_on(p.part) t
			WHERE t.source OPERATOR(pg_catalog.=) g.source
				AND t.kind OPERATOR(pg_catalog.=) 'guard' AND t.always) AS enabled
	FROM claimline_internal.claim_guard g
		JOIN claimline_internal.claim_source s ON s.name OPERATOR(pg_catalog.=) g.source,
		LATERAL pg_catalog.unnest(claimline_internal.claim_source_parts(s.relation)) p (part);
ALTER VIEW claim_guards OWNER TO @extowner@;
GRANT SELECT ON claim_guards TO PUBLIC;
COMMENT ON VIEW claim_guards IS
	'the guards of sources, a row for the table and each of its partitions and children, also later ones; '
	'enabled: all their triggers are there and always fire';

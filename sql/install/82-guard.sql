
-- guards: triggers on claims tables

CREATE FUNCTION claim_guard() RETURNS trigger
	AS 'MODULE_PATHNAME' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION claim_guard() IS
	'trigger after a statement, made by claim_guard_add: judges the provider-days that the statement touched; raises check_violation (23514) with the rule as constraint name, moves the offending rows aside or notes the findings';

CREATE FUNCTION claim_track() RETURNS trigger
	AS 'MODULE_PATHNAME' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION claim_track() IS
	'trigger after a statement, made by claim_source_track: notes the provider-days that the statement touched in claim_change';

CREATE FUNCTION claim_rules_changed() RETURNS trigger
	AS 'MODULE_PATHNAME' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION claim_rules_changed() IS
	'trigger after a statement on the tables that guards are made from: guards in every session read them anew once the change is committed';

CREATE TRIGGER rules_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON claim_policy
	FOR EACH STATEMENT EXECUTE FUNCTION claim_rules_changed();
ALTER TABLE claim_policy ENABLE ALWAYS TRIGGER rules_changed;
CREATE TRIGGER rules_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON ncci_edition
	FOR EACH STATEMENT EXECUTE FUNCTION claim_rules_changed();
ALTER TABLE ncci_edition ENABLE ALWAYS TRIGGER rules_changed;
CREATE TRIGGER rules_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON ncci_retired
	FOR EACH STATEMENT EXECUTE FUNCTION claim_rules_changed();
ALTER TABLE ncci_retired ENABLE ALWAYS TRIGGER rules_changed;
CREATE TRIGGER rules_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON claim_source
	FOR EACH STATEMENT EXECUTE FUNCTION claim_rules_changed();
ALTER TABLE claim_source ENABLE ALWAYS TRIGGER rules_changed;

-- no foreign key: every statement on a tracked table would lock the source's row
CREATE TABLE claim_change (
	source text NOT NULL,
	patient text,
	provider text,
	dos date,
	whole boolean NOT NULL DEFAULT false
);
CREATE INDEX ON claim_change (source);
ALTER TABLE claim_change OWNER TO @extowner@;
ALTER TABLE claim_change ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_sources ON claim_change USING (source OPERATOR(pg_catalog.=) ANY (ARRAY(
	SELECT s.name FROM claim_source s WHERE pg_catalog.pg_has_role(s.owner::oid, 'USAGE'))));
GRANT SELECT, INSERT, UPDATE, DELETE ON claim_change TO PUBLIC;
COMMENT ON TABLE claim_change IS
	'provider-days that statements touched since the last scan, as text; whole: the table was truncated; written by claim_track, taken by claim_scan';
SELECT pg_catalog.pg_extension_config_dump('claim_change', '');

CREATE FUNCTION claim_source_gone() RETURNS trigger
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, @extschema@, pg_temp
	AS $$
BEGIN
	DELETE FROM @extschema@.claim_change c WHERE c.source = OLD.name;
	RETURN OLD;
END $$;
COMMENT ON FUNCTION claim_source_gone() IS 'trigger: what was noted for a source goes with it';
CREATE TRIGGER gone BEFORE DELETE ON claim_source
	FOR EACH ROW EXECUTE FUNCTION claim_source_gone();

CREATE TABLE claim_guard_finding (
	source text NOT NULL REFERENCES claim_source (name) ON DELETE CASCADE,
	policy text NOT NULL,
	patient text,
	provider text,
	dos date,
	claim_id text,
	line_no int,
	rule text NOT NULL,
	severity claim_severity NOT NULL,
	message text NOT NULL,
	with_claim_id text,
	with_line_no int,
	suggestion claimline,
	condition text,
	carc text,
	rarc text,
	citation text,
	covered boolean NOT NULL,
	found_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
	found_by name NOT NULL DEFAULT session_user
);
CREATE INDEX ON claim_guard_finding (source, patient, provider, dos);
ALTER TABLE claim_guard_finding OWNER TO @extowner@;
ALTER TABLE claim_guard_finding ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_sources ON claim_guard_finding USING (source OPERATOR(pg_catalog.=) ANY (ARRAY(
	SELECT s.name FROM claim_source s WHERE pg_catalog.pg_has_role(s.owner::oid, 'USAGE'))));
GRANT SELECT, DELETE ON claim_guard_finding TO PUBLIC;
COMMENT ON TABLE claim_guard_finding IS
	'what guards that annotate found on the provider-days as they are stored now, and what guards that quarantine found no row to move for; seen by the owners of sources';
SELECT pg_catalog.pg_extension_config_dump('claim_guard_finding', '');

CREATE TABLE claim_quarantine (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	source text NOT NULL REFERENCES claim_source (name) ON DELETE CASCADE,
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
ALTER TABLE claim_quarantine OWNER TO @extowner@;
ALTER TABLE claim_quarantine ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_sources ON claim_quarantine USING (source OPERATOR(pg_catalog.=) ANY (ARRAY(
	SELECT s.name FROM claim_source s WHERE pg_catalog.pg_has_role(s.owner::oid, 'USAGE'))));
GRANT SELECT, DELETE ON claim_quarantine TO PUBLIC;
COMMENT ON TABLE claim_quarantine IS
	'rows that guards moved aside: the table they were for, the row as written and, of an update, as it was before; the findings about it; seen by the owners of sources';
SELECT pg_catalog.pg_extension_config_dump('claim_quarantine', '');
SELECT pg_catalog.pg_extension_config_dump('claim_quarantine_id_seq', '');

-- the triggers of a source: on its table and, for statements that name a partition, on each partition

CREATE FUNCTION claim_source_triggers(source text, kind text, call text, events text[]) RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, @extschema@, pg_temp
	AS $$
DECLARE
	base regclass := (SELECT s.relation FROM @extschema@.claim_source s WHERE s.name = $1);
	target regclass;
	event text;
	trigger name;
BEGIN
	FOR target IN
		SELECT c.oid FROM pg_class c
		WHERE c.relkind IN ('r', 'p')
			AND c.oid IN (SELECT base UNION ALL SELECT t.relid FROM pg_partition_tree(base) t)
	LOOP
		-- also those for events that are not asked for now
		FOREACH event IN ARRAY ARRAY['insert', 'update', 'delete', 'truncate'] LOOP
			trigger := source || '_' || kind || '_' || event;
			IF EXISTS (SELECT FROM pg_trigger g WHERE g.tgrelid = target AND g.tgname = trigger) THEN
				EXECUTE format('DROP TRIGGER %I ON %s', trigger, target);
			END IF;
			IF event = ANY (events) THEN
				EXECUTE format('CREATE TRIGGER %I AFTER %s ON %s %s FOR EACH STATEMENT EXECUTE FUNCTION %s',
					trigger, upper(event), target,
					CASE event
						WHEN 'insert' THEN 'REFERENCING NEW TABLE AS claimline_new'
						WHEN 'delete' THEN 'REFERENCING OLD TABLE AS claimline_old'
						WHEN 'update' THEN 'REFERENCING OLD TABLE AS claimline_old NEW TABLE AS claimline_new'
						ELSE '' END,
					call);
				EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', target, trigger);
			END IF;
		END LOOP;
	END LOOP;
END $$;
COMMENT ON FUNCTION claim_source_triggers(text, text, text, text[]) IS
	'part of claim_guard_add and claim_source_track: makes the triggers of a source for some events, drops those for the others';

CREATE FUNCTION claim_source_table(source text) RETURNS regclass
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, @extschema@, pg_temp
	AS $$
DECLARE
	base regclass;
	kind "char";
	owner oid;
	source_owner oid;
BEGIN
	SELECT s.relation, c.relkind, c.relowner, s.owner::oid INTO base, kind, owner, source_owner
		FROM @extschema@.claim_source s LEFT JOIN pg_class c ON c.oid = s.relation WHERE s.name = $1;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'claim source "%" does not exist', source
			USING ERRCODE = 'undefined_object', HINT = 'See the view claim_sources.';
	ELSIF kind IS NULL THEN
		RAISE EXCEPTION 'the table of claim source "%" does not exist any more', source
			USING ERRCODE = 'undefined_table', HINT = 'Drop the source with claim_source_drop.';
	ELSIF kind NOT IN ('r', 'p') THEN
		RAISE EXCEPTION 'claim source "%" is not over a table', source
			USING ERRCODE = 'wrong_object_type', DETAIL = format('"%s" is a view or a foreign table.', base),
				HINT = 'Triggers can stand on the table itself: add a source over it.';
	ELSIF NOT pg_has_role(owner, 'USAGE') THEN
		RAISE EXCEPTION 'must be owner of table %', base USING ERRCODE = 'insufficient_privilege';
	ELSIF NOT pg_has_role(source_owner, owner, 'USAGE') THEN
		RAISE EXCEPTION 'claim source "%" belongs to a role without the rights of the owner of table %', source, base
			USING ERRCODE = 'insufficient_privilege', HINT = 'The owner of a table adds the source that guards it.';
	END IF;
	RETURN base;
END $$;
COMMENT ON FUNCTION claim_source_table(text) IS
	'the table of a source, if the current user may put triggers on it; raises an error if not';

CREATE FUNCTION claim_source_indexed(source text) RETURNS boolean
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, @extschema@, pg_temp
	SET enable_seqscan = off
	AS $$
DECLARE
	line text;
	parts text;
BEGIN
	-- of what the source has: a condition on what it does not have would be folded away
	SELECT string_agg(format('l.%1$I = k.%1$I', p), ' AND ') INTO parts
		FROM unnest(ARRAY['patient', 'provider', 'dos']) p
		WHERE p = 'patient' OR EXISTS (SELECT FROM @extschema@.claim_source s WHERE s.name = $1 AND s.mapping -> 'fields' ? p);
	-- what the planner does with the query of a guard, were reading the whole table dear
	FOR line IN EXECUTE format('EXPLAIN (COSTS OFF) SELECT FROM (%s) k CROSS JOIN LATERAL (SELECT l.patient FROM (%s) l '
		'WHERE %s OFFSET 0) d',
		@extschema@.claim_source_select(source), @extschema@.claim_source_select(source), parts)
	LOOP
		IF line ~ 'Index Cond' THEN
			RETURN true;
		END IF;
	END LOOP;
	RETURN false;
END $$;
COMMENT ON FUNCTION claim_source_indexed(text) IS
	'can a provider-day of a source be read by an index?';

CREATE FUNCTION claim_guard_add(source text, policy text = 'medicare', at_least claim_severity = 'deny', action text = 'reject',
		service_type text = 'practitioner') RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, @extschema@, pg_temp
	AS $$
DECLARE
	base regclass := @extschema@.claim_source_table(source);
BEGIN
	IF policy IS NULL OR at_least IS NULL OR action IS NULL OR service_type IS NULL THEN
		RAISE EXCEPTION 'policy, severity, action and service type of a guard must not be null'
			USING ERRCODE = 'null_value_not_allowed';
	ELSIF action <> ALL (ARRAY['reject', 'quarantine', 'annotate']) THEN
		RAISE EXCEPTION 'action "%" does not exist', action
			USING ERRCODE = 'invalid_parameter_value', HINT = 'Actions are: reject, quarantine, annotate.';
	END IF;
	-- raises an error for a policy that does not exist
	PERFORM @extschema@.ruleset_hash(@extschema@.ruleset(policy, NULL, service_type));
	PERFORM @extschema@.claim_source_triggers(source, 'guard',
		format('@extschema@.claim_guard(%L, %L, %L, %L, %L)', source, policy, at_least, action, service_type),
		CASE WHEN action = 'reject' THEN ARRAY['insert', 'update', 'delete'] ELSE ARRAY['insert', 'update', 'delete', 'truncate'] END);
	-- the plan that a guard reads a day with
	IF NOT @extschema@.claim_source_indexed(source) THEN
		RAISE NOTICE 'table % has no index that begins with patient, provider or date of service', base
			USING DETAIL = 'A guard reads the provider-days that a statement touched: without an index it reads the whole table.',
				HINT = 'Create an index on patient, provider and date of service.';
	END IF;
END $$;
COMMENT ON FUNCTION claim_guard_add(text, text, claim_severity, text, text) IS
	'guards the table of a source: after every statement the provider-days that it touched are judged by the policy over the newest edition, with what is stored; on a finding of the severity or above, reject raises check_violation, quarantine moves the offending rows to claim_quarantine, annotate keeps the findings in claim_guard_finding; replaces the source''s guard; by the owner of the table';

CREATE FUNCTION claim_guard_drop(source text) RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, @extschema@, pg_temp
	AS $$
BEGIN
	IF NOT EXISTS (SELECT FROM @extschema@.claim_guards g WHERE g.source = $1) THEN
		RAISE EXCEPTION 'claim source "%" has no guard', source USING ERRCODE = 'undefined_object', HINT = 'See the view claim_guards.';
	END IF;
	PERFORM @extschema@.claim_source_triggers(source, 'guard', NULL, '{}');
END $$;
COMMENT ON FUNCTION claim_guard_drop(text) IS 'takes the guard of a source away; what it moved aside and noted is kept';

CREATE FUNCTION claim_source_track(source text) RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, @extschema@, pg_temp
	AS $$
BEGIN
	PERFORM @extschema@.claim_source_table(source);
	PERFORM @extschema@.claim_source_triggers(source, 'track', format('@extschema@.claim_track(%L)', source),
		ARRAY['insert', 'update', 'delete', 'truncate']);
	-- what was changed before was not noted
	INSERT INTO @extschema@.claim_change (source, whole) VALUES ($1, true);
END $$;
COMMENT ON FUNCTION claim_source_track(text) IS
	'notes from now on which provider-days of a source are touched, so that claim_scan need not look for them; by the owner of the table';

CREATE FUNCTION claim_source_untrack(source text) RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, @extschema@, pg_temp
	AS $$
BEGIN
	PERFORM @extschema@.claim_source_table(source);
	PERFORM @extschema@.claim_source_triggers(source, 'track', NULL, '{}');
	DELETE FROM @extschema@.claim_change c WHERE c.source = $1;
END $$;
COMMENT ON FUNCTION claim_source_untrack(text) IS 'ends what claim_source_track began';

-- a trigger's arguments lie in pg_trigger one after another, each ended by a zero byte
CREATE FUNCTION claim_trigger_arguments(arguments bytea) RETURNS text[]
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, @extschema@, pg_temp
	AS $$
	SELECT array_agg(convert_from(decode(replace(a.hex, ' ', ''), 'hex'), getdatabaseencoding()) ORDER BY a.n)
	FROM unnest(string_to_array(regexp_replace(encode(arguments, 'hex'), '(..)', '\1 ', 'g'), '00 '))
		WITH ORDINALITY a (hex, n)
	WHERE a.n <= (SELECT count(*) FROM regexp_matches(regexp_replace(encode(arguments, 'hex'), '(..)', '\1 ', 'g'), '00 ', 'g'))
$$;
COMMENT ON FUNCTION claim_trigger_arguments(bytea) IS 'the arguments of a trigger out of pg_trigger.tgargs';

CREATE VIEW claim_guards AS
	SELECT s.name AS source, g.tgrelid::pg_catalog.regclass AS relation, a.arguments[2] AS policy,
		CASE WHEN a.arguments[3] OPERATOR(pg_catalog.=) ANY (ARRAY['info', 'unknown', 'review', 'deny'])
			THEN a.arguments[3]::claim_severity END AS at_least,
		a.arguments[4] AS action, a.arguments[5] AS service_type,
		pg_catalog.bool_and(g.tgenabled OPERATOR(pg_catalog.=) 'A') AND pg_catalog.count(*) OPERATOR(pg_catalog.>=) 3 AS enabled
	FROM pg_catalog.pg_trigger g
		CROSS JOIN LATERAL (SELECT @extschema@.claim_trigger_arguments(g.tgargs) AS arguments OFFSET 0) a
		JOIN claim_source s ON s.name OPERATOR(pg_catalog.=) a.arguments[1]
			AND (s.relation::pg_catalog.oid OPERATOR(pg_catalog.=) g.tgrelid
				OR s.relation::pg_catalog.oid OPERATOR(pg_catalog.=) ANY (ARRAY(
					SELECT p.relid::pg_catalog.oid FROM pg_catalog.pg_partition_ancestors(g.tgrelid::pg_catalog.regclass) p)))
	WHERE g.tgfoid OPERATOR(pg_catalog.=) '@extschema@.claim_guard()'::pg_catalog.regprocedure
	GROUP BY s.name, a.arguments, g.tgrelid;
ALTER VIEW claim_guards OWNER TO @extowner@;
GRANT SELECT ON claim_guards TO PUBLIC;
COMMENT ON VIEW claim_guards IS
	'the guards of sources, a row for each table or partition that has the triggers; enabled: all three are there and always fire';

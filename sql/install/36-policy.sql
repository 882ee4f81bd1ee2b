-- policies: a payer's settings as rows

CREATE FUNCTION claim_policies_shipped(OUT name text, OUT settings jsonb, OUT note text, OUT source text)
		RETURNS SETOF record
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 20;
COMMENT ON FUNCTION claim_policies_shipped() IS
	'the policies that come with the extension, as they were shipped';

CREATE FUNCTION claim_policy_check(settings jsonb) RETURNS text
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION claim_policy_check(jsonb) IS
	'checks the settings of a policy by themselves; '
	'returns the name of the policy that they extend, or null; raises an error that names the key';

CREATE TABLE claim_policy (
	name text PRIMARY KEY CHECK (name OPERATOR(pg_catalog.<>) ''),
	settings jsonb NOT NULL,
	note text,
	source text,
	shipped boolean NOT NULL DEFAULT false,
	published_by name,
	published_at timestamptz
);
ALTER TABLE claim_policy OWNER TO @extowner@;
GRANT SELECT ON claim_policy TO PUBLIC;
COMMENT ON TABLE claim_policy IS
	'payers'' policies: settings by the documented keys, over those of the policy named by "extends"; '
	'shipped: as it came with the extension';

INSERT INTO @extschema@.claim_policy (name, settings, note, source, shipped)
	SELECT p.name, p.settings, p.note, p.source, true FROM @extschema@.claim_policies_shipped() p
	ON CONFLICT DO NOTHING;
-- shipped rows come back with CREATE EXTENSION; a row that was changed is no longer shipped
SELECT pg_catalog.pg_extension_config_dump('claim_policy', 'WHERE NOT shipped');

CREATE FUNCTION claim_policy_settings(name text) RETURNS jsonb
	AS 'MODULE_PATHNAME' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION claim_policy_settings(text) IS
	'all settings of a policy, with those that it inherits; '
	'raises an error for a policy that does not exist, extends itself or lacks a setting';

CREATE FUNCTION claimline_internal.claim_policy_replaced(name text, as_shipped boolean) RETURNS void
	LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
	-- a restore turns row_security off: what the user may not see is not named
	SET search_path = pg_catalog, pg_temp
	SET row_security = on
	AS $$
DECLARE
	judging text;
BEGIN
	-- row security of the scans is not to say, where a plan asks it, that others' are hidden
	PERFORM claimline_internal.claim_said_once();
	judging := (
		WITH RECURSIVE chain (policy) AS (
			VALUES (claim_policy_replaced.name)
			UNION
			SELECT p.name FROM chain c JOIN @extschema@.claim_policy p ON p.settings ->> 'extends' = c.policy
		)
		SELECT concat_ws('; ', format('ruleset(%L)', claim_policy_replaced.name),
			(SELECT 'the policies that extend it: ' || string_agg(c.policy, ', ' ORDER BY c.policy)
				FROM chain c WHERE c.policy <> claim_policy_replaced.name),
			(SELECT 'the guards of ' || string_agg(g.source, ', ' ORDER BY g.source)
				FROM claimline_internal.claim_guard g JOIN chain c ON c.policy = g.policy),
			(SELECT 'the scans of ' || string_agg(DISTINCT t.source, ', ' ORDER BY t.source)
				FROM claimline_internal.claim_scan_state t JOIN chain c ON c.policy = t.policy)));
	IF as_shipped THEN
		RAISE NOTICE 'policy "%" has its shipped settings again', name
			USING DETAIL = format('By them judge from now on: %s.', judging);
	ELSE
		RAISE NOTICE 'policy "%" has other settings than it was shipped with', name
			USING DETAIL = format('By them judge from now on: %s.', judging),
				HINT = format('DELETE FROM %s.claim_policy WHERE name = %L brings the shipped ones back; '
						'a policy of another name can extend it.',
					(SELECT e.extnamespace::regnamespace FROM pg_extension e WHERE e.extname = 'claimline'),
					name);
	END IF;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_policy_replaced(text, boolean) IS
	'part of claim_policy_guard: says that a policy of a shipped name has other settings, and what judges '
	'by them: policies that extend it, guards and scans that the user may see';

CREATE FUNCTION claimline_internal.claim_policy_guard() RETURNS trigger
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	was_shipped CONSTANT jsonb := (
		SELECT p.settings FROM @extschema@.claim_policies_shipped() p WHERE p.name = OLD.name);
BEGIN
	IF TG_OP = 'TRUNCATE' THEN
		RAISE EXCEPTION 'shipped policies cannot be deleted'
			USING ERRCODE = 'object_not_in_prerequisite_state',
				HINT = 'Delete the rows that are not shipped.';
	ELSIF TG_OP = 'DELETE' THEN
		IF OLD.shipped THEN
			RAISE EXCEPTION 'policy "%" is shipped and cannot be deleted', OLD.name
				USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'It can be changed.';
		ELSIF was_shipped <> OLD.settings THEN
			PERFORM claimline_internal.claim_policy_replaced(OLD.name, true);
		END IF;
		RETURN OLD;
	END IF;
	PERFORM @extschema@.claim_policy_check(NEW.settings);
	NEW.shipped := EXISTS (SELECT FROM @extschema@.claim_policies_shipped() p
		WHERE p.name = NEW.name AND p.settings = NEW.settings
			AND p.note IS NOT DISTINCT FROM NEW.note AND p.source IS NOT DISTINCT FROM NEW.source);
	-- a restore says who and when it was; only the owner of the table is believed
	IF NEW.shipped OR NEW.published_at IS NULL OR NOT pg_has_role(
			(SELECT c.relowner FROM pg_class c WHERE c.oid = TG_RELID), 'USAGE')
			OR TG_OP = 'UPDATE' AND NEW.published_at IS NOT DISTINCT FROM OLD.published_at THEN
		NEW.published_by := CASE WHEN NOT NEW.shipped THEN session_user END;
		NEW.published_at := CASE WHEN NOT NEW.shipped THEN clock_timestamp() END;
	END IF;
	IF TG_OP = 'UPDATE' THEN
		IF NEW.name <> OLD.name AND was_shipped IS NOT NULL THEN
			RAISE EXCEPTION 'policy "%" is shipped and keeps its name', OLD.name
				USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'Insert a policy that extends it.';
		ELSIF NEW.settings <> OLD.settings AND was_shipped IS NOT NULL THEN
			PERFORM claimline_internal.claim_policy_replaced(NEW.name, NEW.settings = was_shipped);
		END IF;
		RETURN NEW;
	END IF;
	-- a row for the name of a shipped one takes its place: so come users' changes back with a restore
	IF NOT EXISTS (SELECT FROM @extschema@.claim_policy p WHERE p.name = NEW.name AND p.shipped) THEN
		RETURN NEW;
	END IF;
	PERFORM set_config('claimline.within', 'claim_policy', true);
	UPDATE @extschema@.claim_policy p SET settings = NEW.settings, note = NEW.note, source = NEW.source,
			published_by = NEW.published_by, published_at = NEW.published_at
		WHERE p.name = NEW.name AND p.shipped;
	PERFORM set_config('claimline.within', '', true);
	RETURN NULL;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_policy_guard() IS
	'trigger: checks settings, marks changed policies as not shipped and says what judges by them, keeps '
	'the shipped ones';

CREATE FUNCTION claimline_internal.claim_policy_chain() RETURNS trigger
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	-- not within the statement of claim_policy_guard: more rows may come
	IF current_setting('claimline.within', true) = 'claim_policy' THEN
		RETURN NULL;
	END IF;
	IF TG_OP = 'DELETE' THEN
		-- what was shipped under a name comes back
		INSERT INTO @extschema@.claim_policy (name, settings, note, source)
			SELECT s.name, s.settings, s.note, s.source FROM @extschema@.claim_policies_shipped() s
			WHERE NOT EXISTS (SELECT FROM @extschema@.claim_policy p WHERE p.name = s.name);
	END IF;
	PERFORM @extschema@.claim_policy_settings(p.name) FROM @extschema@.claim_policy p;
	RETURN NULL;
END $$;
COMMENT ON FUNCTION claimline_internal.claim_policy_chain() IS
	'trigger: checks every policy with what it inherits, when all rows of a statement are there';

CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON claim_policy
	FOR EACH ROW EXECUTE FUNCTION claimline_internal.claim_policy_guard();
CREATE TRIGGER guard_truncate BEFORE TRUNCATE ON claim_policy
	FOR EACH STATEMENT EXECUTE FUNCTION claimline_internal.claim_policy_guard();
CREATE TRIGGER chain AFTER INSERT OR UPDATE OR DELETE ON claim_policy
	FOR EACH STATEMENT EXECUTE FUNCTION claimline_internal.claim_policy_chain();


-- policies as they were: who published what, when, and back again

CREATE TABLE claimline_internal.claim_policy_version (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	name text NOT NULL,
	settings jsonb NOT NULL,
	note text,
	source text,
	published_by name,
	published_at timestamptz,
	until_by name NOT NULL DEFAULT session_user,
	until_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp()
);
CREATE INDEX claim_policy_version_name ON claimline_internal.claim_policy_version (name);
ALTER TABLE claimline_internal.claim_policy_version OWNER TO @extowner@;
GRANT SELECT ON claimline_internal.claim_policy_version TO PUBLIC;
COMMENT ON TABLE claimline_internal.claim_policy_version IS
	'policies that were changed or deleted, as they were; written by a trigger as the owner of claim_policy';
SELECT pg_catalog.pg_extension_config_dump('claimline_internal.claim_policy_version', '');
SELECT pg_catalog.pg_extension_config_dump('claimline_internal.claim_policy_version_id_seq', '');

CREATE FUNCTION claimline_internal.claim_policy_superseded() RETURNS trigger
	AS 'MODULE_PATHNAME' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION claimline_internal.claim_policy_superseded() IS
	'trigger: keeps a policy that is changed or deleted as it was';
CREATE TRIGGER superseded AFTER UPDATE ON claim_policy FOR EACH ROW
	WHEN (NOT OLD.shipped AND OLD.* IS DISTINCT FROM NEW.*)
	EXECUTE FUNCTION claimline_internal.claim_policy_superseded();
CREATE TRIGGER superseded_gone AFTER DELETE ON claim_policy FOR EACH ROW
	WHEN (NOT OLD.shipped) EXECUTE FUNCTION claimline_internal.claim_policy_superseded();

CREATE VIEW claim_policy_history WITH (security_invoker = true) AS
	SELECT v.name, v.id AS version, v.settings, v.note, v.source, v.published_by, v.published_at,
		v.until_by, v.until_at
	FROM claimline_internal.claim_policy_version v
	UNION ALL
	SELECT p.name, NULL, p.settings, p.note, p.source, p.published_by, p.published_at, NULL, NULL
	FROM @extschema@.claim_policy p;
ALTER VIEW claim_policy_history OWNER TO @extowner@;
GRANT SELECT ON claim_policy_history TO PUBLIC;
COMMENT ON VIEW claim_policy_history IS
	'policies as they are (version is null) and as they were: settings, note, who published them and when, '
	'who replaced or deleted them and when; what is shipped has no publisher';

CREATE FUNCTION claim_policy_publish(name text, settings jsonb, note text, source text = NULL) RETURNS void
	LANGUAGE plpgsql VOLATILE CALLED ON NULL INPUT PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	IF name IS NULL OR settings IS NULL OR note IS NULL OR note !~ '\S' THEN
		RAISE EXCEPTION 'a policy is published with a name, settings and a note'
			USING ERRCODE = CASE WHEN note !~ '\S' THEN 'invalid_parameter_value'
				ELSE 'null_value_not_allowed' END;
	END IF;
	UPDATE @extschema@.claim_policy p SET settings = $2, note = $3, source = $4 WHERE p.name = $1;
	IF NOT FOUND THEN
		INSERT INTO @extschema@.claim_policy (name, settings, note, source) VALUES ($1, $2, $3, $4);
	END IF;
END $$;
COMMENT ON FUNCTION claim_policy_publish(text, jsonb, text, text) IS
	'makes settings a policy, or the new settings of one; note: what it is, or what is new; source: where it '
	'is from; what was there before stays in claim_policy_history; by who may write claim_policy; raises '
	'an error for settings that are no policy, an empty note, another null but source';

CREATE FUNCTION claim_policy_rollback(name text, note text, version bigint = NULL) RETURNS void
	LANGUAGE plpgsql VOLATILE CALLED ON NULL INPUT PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	was claimline_internal.claim_policy_version;
BEGIN
	SELECT v.* INTO was FROM claimline_internal.claim_policy_version v
		WHERE v.name = claim_policy_rollback.name AND v.id = coalesce(claim_policy_rollback.version, v.id)
		ORDER BY v.id DESC LIMIT 1;
	IF FOUND THEN
		PERFORM @extschema@.claim_policy_publish(name, was.settings, note, was.source);
	ELSIF version IS NULL AND EXISTS (SELECT FROM @extschema@.claim_policy p
			WHERE p.name = claim_policy_rollback.name AND NOT p.shipped)
			AND EXISTS (SELECT FROM @extschema@.claim_policies_shipped() s
				WHERE s.name = claim_policy_rollback.name) THEN
		DELETE FROM @extschema@.claim_policy p WHERE p.name = claim_policy_rollback.name;
	ELSE
		RAISE EXCEPTION 'policy "%" has no earlier version%', name, coalesce(' ' || version, '')
			USING ERRCODE = 'undefined_object', HINT = 'See the view claim_policy_history.';
	END IF;
END $$;
COMMENT ON FUNCTION claim_policy_rollback(text, text, bigint) IS
	'publishes a policy as it was before it was changed or deleted last, or as a version of '
	'claim_policy_history; one that was shipped and changed once is as it was shipped; what it was until now '
	'stays in the history; raises an error where there is no such version, and for an empty note';

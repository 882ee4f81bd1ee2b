
-- adjusted claims: what values of frequency and status mean

CREATE TABLE claim_word (
	field text NOT NULL CHECK (field OPERATOR(pg_catalog.=) ANY ('{frequency,status}')),
	word text NOT NULL CHECK (word OPERATOR(pg_catalog.=) pg_catalog.lower(word)),
	meaning text NOT NULL CHECK (meaning OPERATOR(pg_catalog.=) ANY
		('{original,corrected,replacement,void,paid,denied,reversed,cancelled,reversal}')),
	source text NOT NULL,
	shipped boolean NOT NULL DEFAULT false
);
ALTER TABLE claim_word OWNER TO @extowner@;
GRANT SELECT ON claim_word TO PUBLIC;
COMMENT ON TABLE claim_word IS
	'what values of the fields frequency and status mean, where a mapping does not say it itself; '
	'taken when a source is added';
SELECT pg_catalog.pg_extension_config_dump('claim_word', 'WHERE NOT shipped');
CREATE TRIGGER shipped BEFORE UPDATE OR DELETE ON claim_word
	FOR EACH ROW WHEN (OLD.shipped) EXECUTE FUNCTION claimline_internal.claim_shipped_frozen();
CREATE TRIGGER shipped_truncate BEFORE TRUNCATE ON claim_word
	FOR EACH STATEMENT EXECUTE FUNCTION claimline_internal.claim_shipped_frozen();

CREATE FUNCTION claimline_internal.claim_source_meanings(field text) RETURNS text[]
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE field WHEN 'frequency' THEN '{original,corrected,replacement,void}'::pg_catalog.text[]
		WHEN 'status' THEN '{paid,denied,reversed,void,cancelled,reversal}'::pg_catalog.text[]
		ELSE '{}'::pg_catalog.text[] END;
COMMENT ON FUNCTION claimline_internal.claim_source_meanings(text) IS
	'what values of a field can mean; empty for one whose values are themselves';

CREATE FUNCTION claimline_internal.claim_source_words(field text, own jsonb) RETURNS jsonb
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	key text;
BEGIN
	IF own = '{}' THEN
		RETURN (SELECT jsonb_object_agg(m.meaning, m.words) FROM (
			SELECT w.meaning, jsonb_agg(DISTINCT w.word) AS words FROM @extschema@.claim_word w
			WHERE w.field = claim_source_words.field GROUP BY w.meaning) m);
	END IF;
	FOR key IN SELECT o.key FROM jsonb_each(own) o
			WHERE jsonb_typeof(o.value) <> 'array' OR EXISTS (SELECT FROM jsonb_array_elements(o.value) v
				WHERE jsonb_typeof(v.value) NOT IN ('string', 'number', 'boolean')) LOOP
		PERFORM claimline_internal.claim_source_refuse(field,
			format('columns.%s.%s must be a list of texts or numbers.', field, key));
	END LOOP;
	RETURN (SELECT jsonb_object_agg(o.key, (SELECT coalesce(jsonb_agg(DISTINCT lower(btrim(v.value))), '[]')
			FROM jsonb_array_elements_text(o.value) v (value))) FROM jsonb_each(own) o);
END $$;
COMMENT ON FUNCTION claimline_internal.claim_source_words(text, jsonb) IS
	'the values that mean something, by what they mean, in lower case: those of the mapping, '
	'{"denied": ["D"]}, or where it names none those of claim_word; raises an error for what is no list';

CREATE FUNCTION claimline_internal.claim_source_field(relation regclass, field text, how jsonb) RETURNS jsonb
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	meanings CONSTANT text[] := claimline_internal.claim_source_meanings(field);
	own jsonb := '{}';
BEGIN
	IF meanings = '{}' THEN
		RETURN claimline_internal.claim_source_resolve(relation, field, how);
	ELSIF jsonb_typeof(how) = 'object' THEN
		own := coalesce((SELECT jsonb_object_agg(h.key, h.value) FROM jsonb_each(how) h
			WHERE h.key = ANY (meanings)), '{}');
		how := how - meanings;
	END IF;
	RETURN claimline_internal.claim_source_resolve(relation, field, how)
		|| jsonb_build_object('values', claimline_internal.claim_source_words(field, own));
END $$;
COMMENT ON FUNCTION claimline_internal.claim_source_field(regclass, text, jsonb) IS
	'how a field is mapped, columns found and checked, with what its values mean';

CREATE FUNCTION claimline_internal.claim_source_adjust_lacks(mapping jsonb) RETURNS text[]
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
SELECT ARRAY(SELECT n.says FROM (VALUES
	('replaces', 'No replaced claim is mapped: '
		'voids and replacements take out rows of their own claim number only.'),
	('claim_id', 'No claim number is mapped: '
		'it is not known which claims are voided or replaced.')) n(field, says)
	WHERE mapping -> 'fields' ? 'frequency' AND NOT mapping -> 'fields' ? n.field
		AND NOT EXISTS (SELECT FROM jsonb_array_elements(mapping -> 'notes') said
			WHERE n.field = ANY (string_to_array(said.value ->> 'field', ' '))))
$$;
COMMENT ON FUNCTION claimline_internal.claim_source_adjust_lacks(jsonb) IS
	'part of claim_source_add: what is not known of adjusted claims, as sentences';

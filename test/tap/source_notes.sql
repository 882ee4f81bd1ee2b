-- What claim_source_add says is true of the mapping as made: each sentence of a preset and of what is not mapped, with every field that would make
-- it false given by hand.

BEGIN;
\i test/tap/lib.sql
CREATE SCHEMA notes;
SELECT set_config('search_path', 'notes, ' || current_setting('search_path'), true) \g /dev/null

SELECT * FROM no_plan();

-- a table of each preset with all columns that it names, those of joined tables in tables of their own, which have no unique key
CREATE FUNCTION make(of_preset text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    s text;
BEGIN
    EXECUTE format('CREATE TABLE %I (hand text, %s)', of_preset, (SELECT string_agg(DISTINCT quote_ident(c) || ' text', ', ') FROM claim_preset p, regexp_split_to_table(replace(p.column_name, '#', '1'), ' ') c WHERE p.preset = of_preset AND p.column_name IS NOT NULL));
    IF of_preset = 'bfd' THEN
        ALTER TABLE bfd DROP COLUMN clm_id, DROP COLUMN prvdr_rndrng_prvdr_npi_num, DROP COLUMN prf_physn_npi, DROP COLUMN prvdr_spclty, DROP COLUMN clm_prvdr_spclty_cd, DROP COLUMN clm_rndrg_fed_prvdr_spclty_cd;
    END IF;
END $$;
-- presets that take the line as it is have no other field of it that could be given
CREATE VIEW made AS SELECT preset FROM claim_preset GROUP BY preset HAVING count(*) FILTER (WHERE field = 'line') = 0;
SELECT make(preset) FROM made \g /dev/null
CREATE FUNCTION says(of_preset text, columns jsonb, charge text DEFAULT NULL) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
    said text[];
BEGIN
    PERFORM claim_source_add('s', of_preset::regclass, of_preset, columns, charge);
    SELECT unmapped INTO said FROM claim_sources WHERE name = 's';
    PERFORM claim_source_drop('s');
    RETURN said;
END $$;

-- by hand: which fields, given by hand, make a sentence false; of those of presets without one nothing does
CREATE TABLE ends (sentence text, fields text[]);
INSERT INTO ends VALUES
    ('%There is no person_id%', '{patient}'), ('%Lines without a rendering provider%', '{provider}'), ('%Lines without a date of their own%', '{dos}'), ('Diagnoses %', '{dx}'), ('% which regions were treated%', '{dx,regions}'),
    ('%There is one diagnosis a line%', '{dx,regions}'), ('%regions and necessity cannot be decided%', '{dx,regions}'), ('There are two modifiers a line%', '{modifiers}'), ('There is no BENE_MBI_ID%', '{patient}'),
    ('The billed charge is not in this file%', '{charge}'), ('Modifiers behind the code%', '{modifiers,code}'), ('A quantity that is null or 0%', '{units}'), ('Start times are not mapped%', '{start_time}'), ('Claims are visits%', '{claim_id}'),
    ('Lines are numbered by%', '{line_no}'), ('Lines have no dates%', '{dos}'), ('There is no number of the claim%', '{claim_id}'), ('Providers -1 and -2 are not known%', '{provider}'), ('The provider of a day is the institution%', '{provider}'),
    ('It would give the codes%', '{code}'), ('Rows without a procedure code%', '{code}'), ('Rows of claim_item with neither%', '{code}'), ('Of the 13 lines%', '{code}'), ('Procedures of other vocabularies%', '{code}'), ('% It would give patient%', '{patient}'),
    ('No patient is mapped%', '{patient}'), ('No provider is mapped%', '{provider}'), ('No date of service%', '{dos}'), ('No claim number%', '{claim_id}'), ('No line number%', '{line_no}'), ('No modifiers are mapped%', '{modifiers}'), ('No units%', '{units}'),
    ('No minutes%', '{minutes}'), ('No start times%', '{start_time}'), ('No diagnoses%', '{dx}'), ('No specialty%', '{specialty}'), ('No referral%', '{referral}'), ('No visit number%', '{visit}'), ('No charge%', '{charge}'),
    -- these are of rows, whatever is mapped
    ('The frequency is the last%', '{frequency,replaces}'), ('Superseded claims%', '{}'), ('Cancellations%', '{}'), ('Denied %', '{}'), ('Adjustments without%', '{}'), ('Lines of institutional claims%', '{}'), ('Lines of professional claims%', '{}'), ('The file is of hospital outpatients%', '{}'), ('Claims that are not final%', '{}'), ('Deleted claims%', '{}'), ('Table % It would tell what is left out%', '{}'),
    ('There is no table %', '{}');
SELECT is_empty($$SELECT note FROM claim_preset WHERE note IS NOT NULL AND part <> 'concept' AND NOT EXISTS (SELECT FROM ends e WHERE note LIKE e.sentence)$$, 'every sentence of a preset is among them');
SELECT is((SELECT count(*) FROM unnest(says('tuva', '{}')) s WHERE NOT EXISTS (SELECT FROM ends e WHERE s LIKE e.sentence)), 0::bigint, 'and of what is not mapped');

CREATE FUNCTION given(field text) RETURNS jsonb LANGUAGE sql AS $$
    SELECT CASE WHEN field = 'charge' THEN '{}' ELSE jsonb_build_object(field, 'hand') END
$$;
CREATE TEMP TABLE said_of ON COMMIT DROP AS SELECT p.preset, f AS field, says(p.preset, given(f), CASE f WHEN 'charge' THEN 'hand' END) AS said
    FROM made p, unnest('{patient,provider,dos,claim_id,line_no,code,modifiers,units,minutes,start_time,dx,regions,specialty,referral,visit,charge}'::text[]) f;
CREATE TEMP TABLE said_without ON COMMIT DROP AS SELECT preset, says(preset, '{}') AS said FROM made p;
SELECT is((SELECT string_agg(s, E'\n') FROM unnest(o.said) s, ends e WHERE s LIKE e.sentence AND o.field = ANY (e.fields)), NULL, format('%s: nothing false where %s is mapped by hand', preset, field)) FROM said_of o ORDER BY preset, field;
-- and what is true stays
SELECT is((SELECT string_agg(DISTINCT s, E'\n') FROM said_without w, unnest(w.said) s, ends e WHERE w.preset = o.preset AND s LIKE e.sentence AND o.field <> ALL (ARRAY(SELECT unnest(fields) FROM ends x WHERE s LIKE x.sentence)) AND s <> ALL (o.said)), NULL,
    format('%s: what is true is said where %s is mapped by hand', preset, field)) FROM said_of o WHERE field = ANY ('{claim_id,line_no,units,minutes,visit}') ORDER BY preset, field;

-- sentences about one field that say something of another
CREATE TABLE few (p text, n text, d date, c text, i int, r text);
CREATE FUNCTION said(columns jsonb, like_this text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    answer text;
BEGIN
    PERFORM claim_source_add('s', 'few', NULL, columns);
    SELECT string_agg(u, E'\n') INTO answer FROM claim_sources, unnest(unmapped) u WHERE name = 's' AND u LIKE like_this;
    PERFORM claim_source_drop('s');
    RETURN answer;
END $$;
SELECT is(said(columns::jsonb, like_this), answer, columns || ': ' || like_this) FROM (VALUES
    ('{"patient": "p", "code": "c"}', 'No provider%', 'No provider is mapped: all lines of a patient''s day are judged together.'),
    ('{"claim_id": "p", "code": "c"}', 'No provider%', 'No provider is mapped: all lines of a claim''s day are judged together.'),
    ('{"patient": "p", "code": "c"}', 'No date%', 'No date of service is mapped: rules that depend on the date answer unknown, and all lines of a patient are judged together.'),
    ('{"patient": "p", "provider": "n", "code": "c"}', 'No date%', 'No date of service is mapped: rules that depend on the date answer unknown, and all lines of a patient by one provider are judged together.'),
    ('{"claim_id": "p", "code": "c"}', 'No date%', 'No date of service is mapped: rules that depend on the date answer unknown, and all lines of a claim are judged together.'),
    ('{"patient": "p", "code": "c"}', 'No modifiers%', 'No modifiers are mapped: pairs that a modifier may open are denied, if none stands behind the code.'),
    ('{"patient": "p", "code": "i"}', 'No modifiers%', 'No modifiers are mapped: pairs that a modifier may open are denied.'),
    ('{"patient": "p", "code": "c"}', 'No diagnoses%', 'No diagnoses are mapped: regions and necessity cannot be decided.'),
    ('{"patient": "p", "code": "c", "regions": "r"}', 'No diagnoses%', 'No diagnoses are mapped: necessity cannot be decided.'),
    ('{"patient": "p", "code": "c", "claim_id": "p"}', '%itself%', NULL)) v(columns, like_this, answer);

SELECT * FROM finish();

ROLLBACK;

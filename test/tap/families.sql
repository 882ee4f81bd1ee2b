-- Who bills and where from: taxonomy codes are of a CMS specialty, by their first characters; modifiers of origin and destination are
-- valid on ambulance services alone. Taxonomy codes: NUCC Health Care Provider Taxonomy 21.1, every code of the classifications named
-- and those beside them. Modifiers: HCPCS level II; all 1,296 of two characters.

BEGIN;
\i test/tap/lib.sql
CREATE SCHEMA families;
SELECT set_config('search_path', 'families, ' || current_setting('search_path'), true) \g /dev/null

SELECT * FROM no_plan();

CREATE TABLE taxonomy AS SELECT unnest(string_to_array(codes, ' ')) AS code, cms, discipline FROM (VALUES
    ('111N00000X 111NI0013X 111NI0900X 111NN0400X 111NN1001X 111NP0017X 111NR0200X 111NR0400X 111NS0005X 111NT0100X 111NX0100X 111NX0800X', '35', 'GP'),
    ('225100000X 2251C2600X 2251E1200X 2251E1300X 2251G0304X 2251H1200X 2251H1300X 2251N0400X 2251P0200X 2251S0007X 2251X0800X', '65', 'GP'), ('225200000X', '65', 'GP'),
    ('225X00000X 225XE0001X 225XE1200X 225XF0002X 225XG0600X 225XH1200X 225XH1300X 225XL0004X 225XM0800X 225XN1300X 225XP0019X 225XP0200X 225XR0403X', '67', 'GO'),
    ('224Z00000X 224ZE0001X 224ZF0002X 224ZL0004X 224ZR0403X', '67', 'GO'), ('235Z00000X', '15', 'GN'), ('2355S0801X', '15', 'GN'),
    -- beside them: massage, rehabilitation practitioner, athletic trainer, kinesiotherapist, prosthetist, audiology assistant, physician, acupuncturist
    ('225700000X 225400000X 2255A2300X 226300000X 224P00000X 2355A2700X 235500000X 208100000X 207Q00000X 171100000X 225C00000X 225B00000X', NULL, NULL)) v(codes, cms, discipline);
SELECT is((SELECT array_agg(n ORDER BY cms) FROM (SELECT cms, count(*) AS n FROM taxonomy WHERE cms IS NOT NULL GROUP BY cms) t), '{2,12,12,18}'::bigint[], 'each classification whole');

INSERT INTO claim_policy (name, settings, note, source) VALUES
    ('families', '{"extends": "cpt", "specialties_not_covered": {"35": ["98940", "98941"], "65": [], "2251X0800X": ["97124"]}, "specialty_codes": {"67": ["97530"], "15": ["92507", "92526"]},
        "supervision_modifier": "U7", "supervision_required_of": ["65"], "supervision_asked_of": ["35"]}', 'a test', 'none');
-- what is said of a line, in the words of its CMS code
CREATE FUNCTION said(code text, specialty text, shown text, policy text) RETURNS text LANGUAGE sql AS $$
    SELECT coalesce(string_agg(concat_ws(' ', rule, severity, replace(message, specialty, shown), replace(suggestion::text, specialty, shown), carc, rarc), E'\n' ORDER BY rule, message), 'nothing')
    FROM claim_edits(ARRAY[format('%s x1 15min 2024-08-01 dx=M54.2 specialty=%s', code, specialty)]::claimline[], ruleset(policy))
$$;
CREATE TABLE line_of AS SELECT t.code AS taxonomy, t.cms, p.policy, c.code, said(c.code, t.code, coalesce(t.cms, '99'), p.policy) AS said, said(c.code, coalesce(t.cms, '99'), coalesce(t.cms, '99'), p.policy) AS want
    FROM taxonomy t, unnest('{98940,98941,98942,97124,97110,97140,97530,92507,99213,97010}'::text[]) c(code), unnest('{families,medicare,medicare-secondary}'::text[]) p(policy)
    WHERE t.code <> '225700000X' AND NOT (t.code = '2251X0800X' AND p.policy = 'families');
SELECT cmp_ok(count(*), '>', 1500::bigint, 'lines enough') FROM line_of;
SELECT is((SELECT string_agg(format('%s %s %s: %s, not %s', policy, taxonomy, code, said, want), E'\n') FROM (SELECT * FROM line_of WHERE said <> want LIMIT 5) l), NULL, 'of a taxonomy code is said what is said of its CMS code');
SELECT cmp_ok(count(*) FILTER (WHERE said ~ 'specialty-|supervision'), '>', 300::bigint, 'and that is something') FROM line_of;
SELECT is(count(*), 0::bigint, 'those beside are of no specialty') FROM line_of WHERE cms IS NULL AND said ~ 'specialty-|supervision';
SELECT doesnt_match(said('97124', '2251X0800X', '65', 'families'), 'specialty-not-covered', 'a taxonomy code that is named beside its CMS code says more');
SELECT alike(said('97124', '111N00000X', '35', 'medicare'), '%covers only 98940, 98941 and 98942 from specialty 35, not 97124%', 'codes that are named twice are shown once');
SELECT alike(said('97124', '225700000X', '225700000X', 'medicare'), '%specialty-not-covered deny%', 'massage is as it was');
-- the discipline of a suggestion
SELECT is((SELECT line_modifiers(e.suggestion)::text FROM claim_edits(ARRAY[format('97110 x1 15min 2024-08-01 specialty=%s', code)]::claimline[]) e WHERE rule = 'mod-missing'),
    format('{%s}', coalesce(discipline, 'GP')), format('the modifier to suggest to %s', code)) FROM taxonomy;

-- ------------------------------------------- origin and destination

CREATE TABLE digit AS SELECT n, substr('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ', n, 1) AS c FROM generate_series(1, 36) n;
CREATE TABLE modifier AS SELECT a.c || b.c AS m, a.c ~ '[DEGHIJNPRS]' AND b.c ~ '[DEGHIJNPRSX]' AS places FROM digit a, digit b WHERE a.c || b.c <> '00';
SELECT is(count(*) FILTER (WHERE places), 110::bigint, 'ten letters by eleven') FROM modifier;
CREATE TABLE listed AS SELECT r ->> 0 AS m FROM jsonb_array_elements(starter_ruleset()::text::jsonb -> 'modifiers') r;
-- whether a code takes a modifier; the neighbours of the range, and therapy
CREATE TABLE taken AS SELECT c.code, c.ambulance, m.m, m.places, EXISTS (SELECT FROM listed l WHERE l.m = m.m) AS known,
    (SELECT string_agg(e.rule, ' ' ORDER BY e.rule) FROM claim_edits(ARRAY[format('%s-%s x1 2024-08-01', c.code, m.m)]::claimline[]) e WHERE e.rule ~ '^mod-(unknown|not-allowed|requires|position)') AS said
    FROM modifier m, (VALUES ('A0021', true), ('A0428', true), ('A0425', true), ('A0999', true), ('A0020', false), ('A1000', false), ('97124', false), ('99213', false)) c(code, ambulance);
SELECT is((SELECT string_agg(code || '-' || m || ' ' || coalesce(said, ''), ', ') FROM taken WHERE ambulance AND places AND said IS NOT NULL), NULL, 'an ambulance service takes every origin and destination');
SELECT is((SELECT string_agg(code || '-' || m, ', ') FROM taken WHERE (coalesce(said, '') ~ 'mod-unknown') <> (NOT known AND NOT (ambulance AND places))), NULL,
    'any other modifier is known or not as before, and so is each on any other code');
SELECT cmp_ok(count(*), '>=', 250::bigint, 'of those that other codes do not know') FROM taken WHERE ambulance AND places AND NOT known;
SELECT is((SELECT string_agg(rule, ' ') FROM claim_edits('{A0428-RH-RH x1 2024-08-01}'::claimline[]) WHERE rule ~ '^mod'), 'mod-repeated', 'twice is twice');
-- GX is an origin and a destination there, and no notice; behind another one it is a notice, as on any other code
SELECT is((SELECT string_agg(e.rule, ' ') FROM claim_edits(ARRAY[format('%s x1 2024-08-01', v.line)]::claimline[]) e WHERE e.rule IN ('billed-for-denial', 'mod-conflict')), v.rule, v.line)
FROM (VALUES ('A0428-GX', NULL), ('A0021-QM-GX', NULL), ('A0428-GX-QN', NULL), ('A0999-GX', NULL), ('A0428-RH-GX', 'billed-for-denial'), ('A0428-GX-GY', 'billed-for-denial'), ('A0428-RH-GY', 'billed-for-denial'), ('A0428-RH-GZ', 'billed-for-denial'),
    ('A0428-RH-GA', NULL), ('A0428-RH-GY-GZ', 'mod-conflict'), ('A0020-GX', 'billed-for-denial'), ('A1000-GX', 'billed-for-denial'), ('97124-GP-GX', 'billed-for-denial')) v(line, rule);
SELECT is((SELECT string_agg(code || '-' || m, ', ') FROM modifier m, unnest('{A0021,A0428,A0999}'::text[]) code WHERE m.places AND NOT claim_passes(ARRAY[format('%s-%s x1 2024-08-01', code, m.m)]::claimline[])), NULL, 'no origin and destination is denied');

-- what a ruleset's text may say of both
CREATE FUNCTION with_rows(t text, r jsonb) RETURNS claim_ruleset LANGUAGE sql AS $$ SELECT jsonb_set(starter_ruleset()::text::jsonb, ARRAY[t], r)::text::claim_ruleset $$;
SELECT is((starter_ruleset()::text::jsonb - 'taxonomies' - 'code_modifiers')::text::claim_ruleset::text::jsonb -> 'taxonomies', '[]', 'a text of release 0.1.0 has neither table');
SELECT is(with_rows('taxonomies', '[["1", "35"], ["11", "65"], ["111N00000X", "15"]]')::text::jsonb -> 'taxonomies', '[["1", "35"], ["11", "65"], ["111N00000X", "15"]]', 'there and back');
SELECT is((SELECT line_modifiers(e.suggestion)::text FROM claim_edits(ARRAY['97110 x1 15min 2024-08-01 specialty=' || s]::claimline[], with_rows('taxonomies', '[["1", "67"], ["111NX0800X", "15"]]')) e WHERE rule = 'mod-missing'), m,
    'the longest beginning decides: ' || s) FROM (VALUES ('111NX0800X', '{GN}'), ('111NX0100X', '{GO}'), ('1ZZZZZZZZZ', '{GO}'), ('2000000000', '{GP}')) v(s, m);
SELECT is((SELECT string_agg(path, ', ') FROM ruleset_diff(starter_ruleset(), with_rows('taxonomies', '[["111N", "65"]]')) WHERE path ~ '^taxonomies.111N$'), 'taxonomies.111N', 'a difference is named');
SELECT alike(e.detail, says, what) FROM (VALUES
    ('taxonomies', '[["111N", "35"], ["111n", "65"]]', '%has a taxonomy twice%', 'a beginning twice'), ('taxonomies', '[["", "35"]]', '%must be the first 1 to 10 characters%', 'no beginning'),
    ('taxonomies', '[["111N00000XX", "35"]]', '%must be the first 1 to 10 characters%', 'a beginning that is too long'), ('taxonomies', '[["111N", "111N00000X"]]', '%must be a CMS code%', 'of a taxonomy code'),
    ('taxonomies', '[["111N", null]]', '%Specialty is missing%', 'of nothing'), ('taxonomies', '[["111N"]]', '%1 values where 2 are expected%', 'a row too short'),
    ('code_modifiers', '[["RH", "A0999", "A0021"]]', '%end before they start%', 'codes the wrong way round'), ('code_modifiers', '[["RH", "A0021", "A0500"], ["RH", "A0500", "A0999"]]', '%overlapping codes for modifier RH%', 'codes that overlap'),
    ('code_modifiers', '[["R", "A0021", "A0999"]]', '%must be 2 characters%', 'no modifier')) v(t, r, says, what), LATERAL error_of(format('SELECT with_rows(%L, %L)', t, r)) e;

SELECT * FROM finish();
ROLLBACK;

-- A unit limit of 0 says that a code is not payable, and why: never that there were too many units.
--
-- The oracle is made by hand of the status that the fee schedule gives each code (B bundled, I not valid, N not covered), and
-- of the two MUE files: a code that only practitioners may not bill has a limit of its own for outpatient hospitals.

BEGIN;
\i test/tap/lib.sql
\i test/tap/lib_data.sql
CREATE SCHEMA law_limits;
SELECT set_config('search_path', 'law_limits, ' || current_setting('search_path'), true) \g /dev/null
SELECT plan(15);

CREATE TABLE status (first_code text, last_code text, status text);
INSERT INTO status VALUES
	('96376', '96376', 'facility'), ('97010', '97010', 'B'), ('97014', '97014', 'I'), ('97169', '97172', 'I'), ('97602', '97602', 'B'),
	('98943', '98943', 'N'), ('99242', '99245', 'I'), ('99252', '99255', 'I'), ('99374', '99374', 'B'), ('99375', '99375', 'I'),
	('99377', '99377', 'B'), ('99378', '99378', 'I'), ('99381', '99387', 'N'), ('99391', '99397', 'N'), ('G0380', 'G0384', 'facility'),
	('G0463', 'G0463', 'facility');
CREATE TABLE code_of (status text, carc text, rarc text);
INSERT INTO code_of VALUES ('B', 'CO-97', 'M15'), ('I', 'CO-181', 'M20'), ('N', 'PR-96', 'N425'), ('facility', 'CO-170', 'N95');

CREATE TABLE zero AS
SELECT m.service_type, m.code, s.status, e.severity::text, e.carc, e.rarc, e.message
FROM mue_csv m LEFT JOIN status s ON m.code BETWEEN s.first_code AND s.last_code,
	LATERAL claim_edits(ARRAY[m.code || ' x1 2024-08-01']::claimline[],
		ruleset('medicare', service_type => m.service_type)) e
WHERE m.units = 0 AND e.rule LIKE 'mue%';

SELECT is((SELECT count(*) FROM zero), (SELECT count(*) FROM mue_csv WHERE units = 0), 'each limit of 0 denies one unit');
SELECT is_empty($$
	SELECT z.* FROM zero z LEFT JOIN code_of c USING (status)
	WHERE (z.severity, z.carc, z.rarc) IS DISTINCT FROM ('deny', c.carc, c.rarc)$$, 'by the status of the code');
SELECT is_empty($$ SELECT * FROM zero WHERE carc = 'CO-151' OR message ~ 'all units' $$, 'and never for too many units');
SELECT is_empty($$
	SELECT code, status FROM zero z WHERE service_type = 'practitioner'
		AND (status IN ('B', 'facility')) = EXISTS (SELECT FROM zero o WHERE o.service_type = 'outpatient' AND o.code = z.code)$$,
	'what is not valid or not covered has no limit for hospitals either, the rest has');

-- Where nobody knows why

CREATE TABLE unknown AS
SELECT jsonb_set(j, '{mue}', (j->'mue') || '[["A4213", 0, 3, null, null], ["E0172", 0, 1, null, null]]')::text::claim_ruleset AS rules
FROM (SELECT starter_ruleset()::text::jsonb AS j) s;
SELECT is(codes(ARRAY['A4213 x1 2024-08-01'], 'mue-day', 1, rules), 'deny -/-', 'a limit of 0 without a cause has no denial code') FROM unknown;
SELECT is(codes(ARRAY['E0172 x1 2024-08-01'], 'mue-line', 1, rules), 'deny -/-', 'line by line too') FROM unknown;
SELECT ok((SELECT e.message LIKE '%does not say why' FROM claim_edits('{A4213 x1 2024-08-01}'::claimline[], rules) e WHERE e.rule = 'mue-day'),
	'and says so') FROM unknown;

-- Neighbours

SELECT is(codes(lines('97124-GP x5 75min'), 'mue-day', 1), 'deny CO-151/N362', 'five units of four are too many');
SELECT is(codes(lines('97010 x0'), 'mue-day', 1), NULL, 'what is not billed is not denied');
SELECT is(codes(lines('97010-GY x1'), 'mue-day', 1), NULL, 'nor what is billed for its denial');
SELECT is(codes(lines('97010 x1'), 'mue-day', 1, 'cpt'), NULL, 'a payer with a limit of its own has its own');
SELECT is(codes(lines('97010 x2'), 'mue-day', 1, 'cpt'), 'deny CO-222/-', 'and its own denial');

-- A chiropractor's service that is not covered is the patient's, a massage therapist's the provider's

SELECT is(codes(lines('97110-GP x1 15min specialty=35'), 'specialty-not-covered', 1), 'deny PR-96/N425', 'chiropractor');
SELECT is(codes(lines('97124-GP x1 15min specialty=225700000X'), 'specialty-not-covered', 1), 'deny CO-170/N95', 'massage therapist');
SELECT is(codes(lines('97124 x1 15min specialty=225700000X'), 'specialty-not-covered', 1, 'u7-supervised'), 'deny CO-170/N95',
	'a payer that is not Medicare');

SELECT * FROM finish();
ROLLBACK;

-- Keys that are equal in several spellings: days are what GROUP BY makes of them, however they are spelt, to guards
-- and to scans by every method.

\i test/tap/lib.sql

SELECT no_plan();

SELECT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'citext') AS has_citext \gset
\if :has_citext
CREATE SCHEMA elsewhere;
CREATE EXTENSION citext SCHEMA elsewhere;
CREATE DOMAIN elsewhere.person AS elsewhere.citext;
SELECT set_config('search_path', current_setting('search_path') || ', elsewhere', false) \g /dev/null

-- manipulation and massage of one region on one day: a pair, if they are seen as one day
CREATE FUNCTION make(name text, patient text, provider text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('CREATE TABLE %I (patient %s, provider %s, dos date, claim_id text, line_no int, '
		'code text, modifiers text, units int, minutes int, dx text, changed int)', name, patient, provider);
	PERFORM claim_source_add(name, name::regclass, watermark => 'changed', columns => (
		SELECT jsonb_object_agg(c, c)
		FROM unnest('{patient,provider,dos,claim_id,line_no,code,modifiers,units,minutes,dx}'::text[]) c));
	EXECUTE format($sql$INSERT INTO %I VALUES
		('P1', 'N1', '2024-08-01', 'C1', 1, '98940', 'AT', 1, NULL, 'M99.01', 1),
		('p1', 'n1', '2024-08-01', 'C2', 1, '97124', 'GP', 1, 15, 'M99.01', 1)$sql$, name);
END $$;
-- open findings, the days that are stored
CREATE FUNCTION found(source text) RETURNS text LANGUAGE sql AS $$
	SELECT format('%s; %s', (SELECT string_agg(f.claim_id || ' ' || f.rule, ', ' ORDER BY f.claim_id, f.rule)
			FROM claim_findings f WHERE f.source = $1 AND f.severity = 'deny'),
		(SELECT string_agg(d.n_lines::text, ', ')
			FROM claimline_internal.claim_scan_day d WHERE d.source = $1))
$$;

SET client_min_messages = error;
SELECT make(t, 'citext', 'citext') FROM unnest('{hash,log,watermark}'::text[]) t \g /dev/null
SELECT make('of_domain', 'elsewhere.person', 'text'), make('plain', 'text', 'text') \g /dev/null
UPDATE of_domain SET provider = 'N1';
SELECT claim_source_track('log') \g /dev/null
CALL claim_scan('hash');
CALL claim_scan('log');
CALL claim_scan('watermark');
CALL claim_scan('of_domain');
CALL claim_scan('plain');
SELECT is(found(t), 'C2 ptp; 2', t || ': two spellings are one day')
FROM unnest('{hash,log,watermark,of_domain}'::text[]) t;
SELECT is(found('plain'), '; 1, 1', 'of text they are two');
SELECT is(f.patient, 'P1', 'findings have a spelling of the table')
FROM (SELECT DISTINCT upper(f.patient) AS patient FROM claim_findings f WHERE f.patient IN ('P1', 'p1')) f;

-- both lines change, each by itself: both spellings are noted
UPDATE log SET units = 2 WHERE claim_id = 'C1';
UPDATE log SET units = 2 WHERE claim_id = 'C2';
UPDATE watermark SET units = 2, changed = 2 WHERE claim_id = 'C2';
UPDATE hash SET units = 2 WHERE claim_id = 'C2';
UPDATE of_domain SET units = 2 WHERE claim_id = 'C2';
CALL claim_scan('log');
CALL claim_scan('watermark');
CALL claim_scan('hash');
CALL claim_scan('of_domain');
SELECT is(found('log'), 'C1 mue-day, C2 ptp, C2 units-minutes; 2',
	'log: the day that both spellings name is judged once, whole');
SELECT is(found(t), 'C2 ptp, C2 units-minutes; 2', t || ': a day that changed')
FROM unnest('{watermark,hash,of_domain}'::text[]) t;

-- the first spelling goes: the day and its findings stay the same ones
UPDATE hash SET patient = 'p1', provider = 'n1' WHERE claim_id = 'C1';
CALL claim_scan('hash');
SELECT is(found('hash'), 'C2 ptp, C2 units-minutes; 2', 'another spelling is no change');
SELECT is((SELECT count(*) FROM claim_finding_history f
	WHERE f.source = 'hash' AND f.severity = 'deny' AND f.closed_at IS NOT NULL), 0::bigint,
	'and closes no finding');

-- a policy that changes what a code is worth: its days are found
INSERT INTO claim_policy (name, settings) VALUES ('keys', '{"extends": "medicare"}');
CALL claim_scan('log', 'keys');
CREATE FUNCTION of_policy() RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(f.rule, ', ' ORDER BY f.rule) FROM claim_findings f
	WHERE f.source = 'log' AND f.policy = 'keys' AND f.severity = 'deny'
$$;
UPDATE claim_policy SET settings = '{"extends": "medicare", "daily_limits": {"98940": 2}}'
WHERE name = 'keys';
CALL claim_scan('log', 'keys');
SELECT is(of_policy(), 'ptp, units-minutes', 'a finding that the policy no longer has is closed');
UPDATE claim_policy SET settings = '{"extends": "medicare"}' WHERE name = 'keys';
CALL claim_scan('log', 'keys');
SELECT is(of_policy(), 'mue-day, ptp, units-minutes', 'and opened where it has it again');

-- what a guard notes is replaced whichever spelling touches the day
SELECT make('noted', 'citext', 'citext') \g /dev/null
SELECT claim_guard_add('noted', action => 'annotate') \g /dev/null
CREATE FUNCTION noted() RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(n.rule, ', ' ORDER BY n.rule) FROM claim_guard_finding n WHERE n.source = 'noted'
$$;
UPDATE noted SET dx = 'M99.02' WHERE claim_id = 'C2';
UPDATE noted SET dx = 'M99.03' WHERE claim_id = 'C1';
UPDATE noted SET dx = 'M99.01';
SELECT is(noted(), 'ptp', 'a note is there once');
DELETE FROM noted WHERE claim_id = 'C1';
SELECT is(noted(), NULL, 'and goes when the other spelling''s line goes');

-- a key that is null is no spelling
UPDATE noted SET patient = NULL;
INSERT INTO noted SELECT NULL, 'N1', '2024-08-01', 'C1', 1, '98940', 'AT', 1, NULL, 'M99.01', 1;
SELECT is(noted(), 'ptp', 'a null key');
DELETE FROM noted WHERE provider = 'n1' AND claim_id = 'C2';
SELECT is(noted(), NULL, 'is found beside a spelling');
\else
SELECT pass('citext is not installed # SKIP');
\endif

-- what a guard notes is found by the day, whichever of the spellings that are equal to a type touches it; by an index
-- and by queries
CREATE COLLATION folding (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE TABLE spelling (name text PRIMARY KEY, type text, a text, b text);
INSERT INTO spelling VALUES
	('float', 'float8', '0', '-0'),
	('folded', 'text COLLATE folding', 'P1', 'p1'),
	('blanks', 'bpchar', 'P1', 'P1  '),
	('hours', 'interval', '1 day', '24 hours'),
	('scale', 'numeric', '1.0', '1'),
	('document', 'jsonb', '{"id": 1.0}', '{"id": 1}'),
	('many', 'float8[]', '{0}', '{-0}'),
	('plain', 'text', 'P1', 'P1');
SET client_min_messages = error;
CREATE FUNCTION noted_by(s spelling, indexed boolean) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	t text := 'noted_' || s.name || CASE WHEN indexed THEN '_indexed' ELSE '' END;
	row_of text := 'INSERT INTO %I VALUES (%L, %L, ''2024-08-01'', %L, 1, %L, ''GP'', 1, 15, %L)';
	found text;
	left_over int;
BEGIN
	EXECUTE format('CREATE TABLE %I (patient %s, provider %2$s, dos date, claim_id text, line_no int, '
		'code text, modifiers text, units int, minutes int, dx text)', t, s.type);
	IF indexed THEN
		EXECUTE format('CREATE INDEX ON %I (patient, provider, dos)', t);
	END IF;
	PERFORM claim_source_add(t, t::regclass, columns => (SELECT jsonb_object_agg(c, c)
		FROM unnest('{patient,provider,dos,claim_id,line_no,code,modifiers,units,minutes,dx}'::text[]) c));
	PERFORM claim_guard_add(t, action => 'annotate');
	EXECUTE format(row_of, t, s.a, s.a, 'C1', '98940', 'M99.01');
	EXECUTE format(row_of, t, s.b, s.b, 'C2', '97124', 'M99.01');
	EXECUTE format(row_of, t, s.a, s.b, 'C3', '97110', 'M99.01');
	SELECT string_agg(n.claim_id || ' ' || n.rule, ', ' ORDER BY n.claim_id, n.rule) INTO found
		FROM claim_guard_finding n WHERE n.source = t;
	EXECUTE format('DELETE FROM %I WHERE claim_id = ''C1''', t);
	SELECT count(*) INTO left_over FROM claim_guard_finding n WHERE n.source = t;
	RETURN found || '; ' || left_over;
END $$;
SELECT is(noted_by(s, false), 'C1 mod-missing, C2 ptp; 0', s.name || ': a note is there once, and goes with another spelling')
FROM spelling s;
SELECT is(noted_by(s, true), 'C1 mod-missing, C2 ptp; 0', s.name || ': the same where days are read by an index')
FROM spelling s;
RESET client_min_messages;

-- reports have one row for a provider whose spellings are equal, also of a night that brings another one
CREATE FUNCTION bill(s spelling, night int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	t text := 'billed_' || s.name;
	row_of text := 'INSERT INTO %I VALUES (%s, %L, %L, %s, 1, ''97124'', ''GP'', 4, 15)';
BEGIN
	IF night = 1 THEN
		EXECUTE format('CREATE TABLE %I (patient int, provider %s, dos date, claim_id text, line_no int, '
			'code text, modifiers text, units int, minutes int)', t, s.type);
		PERFORM claim_source_add(t, t::regclass, columns => (SELECT jsonb_object_agg(c, c)
			FROM unnest('{patient,provider,dos,claim_id,line_no,code,modifiers,units,minutes}'::text[]) c));
	END IF;
	EXECUTE format(row_of, t, night, CASE night WHEN 2 THEN s.b ELSE s.a END, '2024-08-01', night * 2);
	EXECUTE format(row_of, t, -night, s.b, '2024-09-01', night * 2 + 1);
END $$;
CREATE FUNCTION providers_of(t text) RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', (SELECT count(DISTINCT p.provider) FROM claim_report_providers p WHERE p.source = t),
		(SELECT count(*) FROM claim_report_risk_providers p WHERE p.source = t),
		(SELECT count(DISTINCT f.provider) FROM claim_findings f WHERE f.source = t),
		(SELECT count(*) FROM claim_findings f WHERE f.source = t))
$$;
SET client_min_messages = error;
SELECT bill(s, 1) FROM spelling s \g /dev/null
SELECT format('CALL claim_scan(%L)', 'billed_' || name) FROM spelling \gexec
SELECT is(providers_of('billed_' || name), '1 1 1 2', name || ': a provider is one row of reports') FROM spelling;
SELECT bill(s, 2) FROM spelling s \g /dev/null
SELECT format('CALL claim_scan(%L)', 'billed_' || name) FROM spelling \gexec
SELECT is(providers_of('billed_' || name), '1 1 1 4', name || ': and after a night') FROM spelling;
RESET client_min_messages;

SELECT * FROM finish();

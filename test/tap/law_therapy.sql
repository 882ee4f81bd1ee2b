-- Evaluations and their discipline, services that take the provider at the same time, and modifiers that contradict the code,
-- each other or the day. What is expected follows from the rule cited, over all codes and modifiers of a kind.

BEGIN;
\i test/tap/lib.sql
CREATE SCHEMA law_therapy;
SELECT set_config('search_path', 'law_therapy, ' || current_setting('search_path'), true) \g /dev/null
SELECT plan(36);

-- Evaluations: 97161-97164 are physical therapy, 97165-97168 occupational therapy (CMS CR 9782)

CREATE TABLE eval AS
SELECT n::text AS code, CASE WHEN n <= 97164 THEN 'GP' ELSE 'GO' END AS discipline FROM generate_series(97161, 97168) n;

SELECT is_empty($$
	SELECT code, m, codes(lines(code || '-' || m || ' x1'), 'mod-not-allowed', 1)
	FROM eval, unnest('{GP,GO,GN}'::text[]) m
	WHERE codes(lines(code || '-' || m || ' x1'), 'mod-not-allowed', 1) IS DISTINCT FROM
		CASE WHEN m <> discipline THEN 'deny CO-4/N823' END$$,
	'an evaluation takes the modifier of its discipline alone');
SELECT is_empty($$
	SELECT code, m FROM eval, unnest('{GP,GO,GN}'::text[]) m
	WHERE m <> discipline AND suggests(lines(code || '-' || m || ' x1'), 'mod-not-allowed', 1) IS DISTINCT FROM discipline$$,
	'that one is suggested in its place');
SELECT is_empty($$
	SELECT code, s FROM eval, unnest('{65,67,35}'::text[]) s
	WHERE suggests(lines(code || ' x1 specialty=' || s), 'mod-missing', 1) IS DISTINCT FROM discipline$$,
	'and where there is none, whatever the specialty');
SELECT is_empty($$
	SELECT code, a FROM eval, unnest('{CQ,CO}'::text[]) a
	WHERE sev(lines(code || '-' || discipline || '-' || a || ' x1'), 'mod-not-allowed', 1) IS DISTINCT FROM 'deny'$$,
	'an assistant does not evaluate');
SELECT is((SELECT count(*) FROM claim_edits(lines('97161-GP x1', '97165-GO x1')::claimline[]) e WHERE e.severity IN ('deny', 'review')), 0::bigint,
	'97161-GP with 97165-GO is right');
SELECT is((SELECT e.message || ': ' || e.suggestion::text FROM claim_edits(lines(e1.code || ' x1')::claimline[]) e WHERE e.rule = 'mod-missing'),
	format('%s is always therapy: it needs modifier %s: %s-%s x1 2024-08-01', e1.code, e1.discipline, e1.code, e1.discipline), e1.code || ' without one is told its own') FROM eval e1;
SELECT matches((SELECT e.message FROM claim_edits(lines('97110 x1 15min')::claimline[]) e WHERE e.rule = 'mod-missing'), 'needs modifier GP, GO or GN$', 'other therapy may be of any');
SELECT is(sev(lines('97110-GO x1 15min'), 'mod-not-allowed', 1), NULL, 'a treatment takes any discipline');
SELECT is(sev(lines('97110-GP-CQ x1 15min'), 'mod-not-allowed', 1), NULL, 'and an assistant');

-- One service of the provider at a time: only the supervised modalities may run beside others (NCCI ch. XI P-2)

CREATE TABLE service (code text, line text, takes boolean);
INSERT INTO service
SELECT c, c || CASE WHEN c BETWEEN '97165' AND '97168' THEN '-GO' WHEN c ~ '^97' AND c < '97800' OR c = 'G0283' THEN '-GP'
	WHEN c IN ('98940', '98941', '98942') THEN '-AT' ELSE '' END || ' x1 15min', NOT (c BETWEEN '97010' AND '97028' OR c = 'G0283')
FROM unnest('{97010,97012,97016,97018,97022,97024,97026,97028,G0283,97032,97035,97110,97112,97113,97116,97124,97129,97140,97150,97161,97164,
	97165,97168,97530,97533,97535,97537,97542,97545,97750,97755,97760,97810,97813,98925,98940,98941,98942,98943}'::text[]) c;

SELECT is_empty($$
	SELECT a.line, b.line FROM service a, service b
	WHERE a.code < b.code AND
		(sev(lines(a.line || ' 10:00', b.line || ' 10:14'), 'time-overlap', 1) IS NOT DISTINCT FROM 'deny'
			AND sev(lines(a.line || ' 10:00', b.line || ' 10:14'), 'time-overlap', 2) IS NOT DISTINCT FROM 'deny')
		IS DISTINCT FROM (a.takes AND b.takes)$$,
	'two services that take the provider overlap, a supervised modality does not');
SELECT is_empty($$
	SELECT a.line, b.line FROM service a, service b
	WHERE a.code < b.code AND spoken(lines(a.line || ' 10:00', b.line || ' 10:15'), 'time-', 1) IS NOT NULL$$,
	'one after the other none does');
SELECT is(sev(lines('99213-25 x1 15min 10:00', '98940-AT x1 15min 10:00'), 'time-overlap', 1), NULL, 'a visit is not judged by its times');
SELECT is(sev(lines('98940-AT x1 10:00', '97110-GP x1 15min 10:00'), 'time-overlap', 2), NULL, 'nor manipulation that has the start of the visit alone');
SELECT is(sev(lines('97150-GP x0 30min 10:00', '97110-GP x1 15min 10:00'), 'time-overlap', 2), NULL, 'nor what is not billed');

-- From elsewhere

SELECT is_empty($$
	SELECT c, m FROM unnest('{97010,97014,G0283,97032,97035,97124,97140,97810,98925,98940,98942,98943,20560}'::text[]) c,
		unnest('{93,95,FQ,GQ,GT}'::text[]) m
	WHERE sev(lines(c || '-' || m || ' x1'), 'mod-not-allowed', 1) IS DISTINCT FROM 'deny'$$,
	'nobody lays hands on a patient from elsewhere');
SELECT is_empty($$
	SELECT c, m FROM unnest('{97110,97112,97116,97530,97535,97161,97168,97129,99213,90834}'::text[]) c, unnest('{93,95,FQ,GQ,GT}'::text[]) m
	WHERE sev(lines(c || '-' || m || ' x1'), 'mod-not-allowed', 1) IS NOT NULL$$,
	'what is done with words is furnished from elsewhere');
SELECT is_empty($$
	SELECT a, b FROM unnest('{93,95,GT,GY,GZ,GA,GX}'::text[]) a, unnest('{93,95,GT,GY,GZ,GA,GX}'::text[]) b
	WHERE a < b AND sev(lines('99213-' || a || '-' || b || ' x1'), 'mod-conflict', 1) IS DISTINCT FROM
		CASE WHEN (a, b) IN (('93', '95'), ('93', 'GT'), ('95', 'GT'), ('GY', 'GZ'), ('GA', 'GZ')) THEN 'deny'
			WHEN (a, b) IN (('GA', 'GX'), ('GA', 'GY'), ('GX', 'GZ')) THEN 'review' END$$,
	'which of them contradict each other');

-- XP within the day of one provider

SELECT is(sev(lines('98940-AT x1', '97124-XP-GP x1 15min'), 'mod-not-allowed', 2), 'review', 'XP: no other provider is on the day');
SELECT is(suggests(lines('98940-AT x1 dx=M99.01', '97124-XP-GP x1 15min dx=M99.03'), 'mod-not-allowed', 2), 'GP XS', 'another region is suggested');
SELECT is(sev(lines('97124-XP-GP x1 15min'), 'mod-not-allowed', 1), NULL, 'XP alone may be of another day');
SELECT is(sev(lines('98940-AT x1', '97124-XS-GP x1 15min'), 'mod-not-allowed', 2), NULL, 'XS is none');

-- Pairs of therapy without times

SELECT is_empty($$
	SELECT a, b FROM (VALUES ('97150', '97110'), ('97150', '97112'), ('97150', '97530'), ('97140', '97750'), ('97140', '97018'), ('97012', '97140'))
		v (a, b)
	WHERE suggests(lines(a || '-GP x1', b || '-GP x1'), 'ptp', 2) IS DISTINCT FROM 'GP XU'$$,
	'a period of its own is suggested');
SELECT is(suggests(lines('97150-GP x1 15min 10:00', '97110-GP x1 15min 10:15'), 'ptp', 2), 'GP XE', 'with times, what they say');
SELECT is(suggests(lines('97150-GP x1 15min 10:00', '97110-GP x1 15min 10:10'), 'ptp', 2), 'none', 'and nothing where they contradict it');
SELECT is(suggests(lines('97140-GP x1', '97124-GP x1'), 'ptp', 2), 'none', 'a pair that no modifier opens');
SELECT is(suggests(lines('98940-AT x1', '96523 x1'), 'ptp', 2), 'none', 'nor for other services');

-- 59 is not told to be another where nothing on the claim says which

SELECT is(sev(lines('98940-AT x1', '97124-59-GP x1 15min'), 'mod-prefer', 2), NULL, 'no regions: 59 may stand');
SELECT is(sev(lines('98940-AT x1 dx=M99.01', '97124-59-GP x1 15min dx=M99.03'), 'mod-prefer', 2), 'info', 'regions that differ: XS says more');
SELECT is(sev(lines('97150-GP x1 15min 10:00', '97110-59-GP x1 15min 10:15'), 'mod-prefer', 2), 'info', 'times that are apart: XE says more');

SELECT * FROM finish();
ROLLBACK;

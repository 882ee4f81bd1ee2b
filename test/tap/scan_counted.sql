-- What a scan counts by day and does not store: what is below at_least, what an edition does not cover, and what no line can
-- decide for want of a field that the source does not map. Stored and counted are together what claim_edits finds; the days of
-- claim_report_undecided are those of plain SQL over it, whatever at_least was, after random changes. What is held back for want of
-- a field is unknown, and is gone where every line has the field.
--
-- The oracle is claim_edits over the view of the source, and for the fields the same lines with the field filled in. scan.sql has
-- the same for a source with all fields, night after night, by every method.
--
-- claim_scan commits, so this is not one transaction: it needs a database of its own.

\i test/tap/lib.sql

SELECT no_plan();

CREATE TABLE visits (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, claim text, no int, person text, npi text, dos date, code text, mods text[],
	units numeric, minutes int, dx text[], regions text[], specialty text, referral boolean, visit int, billed numeric);

CREATE PROCEDURE more(seed int, n int)
LANGUAGE sql AS $$
	INSERT INTO visits (claim, no, person, npi, dos, code, mods, units, minutes, dx, regions, specialty, referral, visit, billed)
	SELECT 'C' || draw(i, seed + 1, 90), draw(i, seed + 2, 4), 'P' || draw(i, seed + 3, 9), CASE WHEN draw(i, seed + 4, 20) > 0 THEN 'N' || draw(i, seed + 5, 2) END,
		CASE WHEN draw(i, seed + 6, 15) > 0 THEN date '2024-08-01' + draw(i, seed + 7, 9) * 20 END,
		(ARRAY['97110', '97140', '97124', '97124', '97530', '98940', '98941', '98943', '99999', '9711'])[1 + draw(i, seed + 8, 10)],
		string_to_array((ARRAY['GP', 'GP,59', 'AT', 'AT,GP', '', 'XS'])[1 + draw(i, seed + 9, 6)], ','), 1 + draw(i, seed + 10, 4),
		CASE WHEN draw(i, seed + 11, 4) > 0 THEN draw(i, seed + 12, 70) END,
		string_to_array((ARRAY['M54.2', 'M99.01', 'M9903', '', 'M54.2,M99.01', 'Z00.00'])[1 + draw(i, seed + 13, 6)], ','),
		CASE WHEN draw(i, seed + 14, 4) = 0 THEN ARRAY[(ARRAY['cervical', 'lumbar', 'thoracic'])[1 + draw(i, seed + 15, 3)]] END,
		(ARRAY['35', '65', NULL, '225700000X'])[1 + draw(i, seed + 16, 4)], (ARRAY[true, false, NULL])[1 + draw(i, seed + 17, 3)],
		CASE WHEN draw(i, seed + 18, 3) > 0 THEN 1 + draw(i, seed + 19, 12) END, draw(i, seed + 20, 300)
	FROM generate_series(1, n) i
$$;
CALL more(100, 700);

-- a policy that wants all of it; one that says more than unknown of what cannot be decided
INSERT INTO claim_policy (name, settings) VALUES
	('wants', '{"extends": "medicare", "specialty_required": "yes", "specialties_not_covered": {"65": ["97124"]}, "specialty_codes": {"225700000X": ["97124"]}, "dx_required": "yes",
		"referral_from": "2020-01-01", "visits_scrutiny": 4, "visits_limit": 8, "cmt_massage": "by-region"}'),
	('stern', '{"extends": "wants", "specialties_not_covered": {}, "severity": {"units-unknown": "review", "cmt-region-unknown": "deny", "mod-missing": "info"}}');

-- sources that lack fields; no_X lacks X
CREATE TABLE wanting (source text PRIMARY KEY, lacks text[], waits text[]);
INSERT INTO wanting VALUES
	('no_minutes', '{minutes}', '{units-unknown}'),
	('no_regions', '{regions}', '{}'),
	('no_dx', '{dx}', '{}'),
	('no_regions_dx', '{regions,dx}', '{cmt-level,cmt-region-unknown}'),
	('no_specialty', '{specialty}', '{specialty-code-limit,specialty-not-covered}'),
	('no_referral', '{referral}', '{referral-missing}'),
	('no_visit', '{visit}', '{visits-limit,visits-scrutiny}'),
	('no_dos', '{dos}', '{}'),
	('plain', '{minutes,regions,dx,specialty,referral,visit,modifiers,units}', '{units-unknown,cmt-level,cmt-region-unknown,specialty-code-limit,specialty-not-covered,referral-missing,visits-limit,visits-scrutiny}'),
	('full', '{}', '{}');
SELECT claim_source_add(source, 'visits', columns => '{"claim_id": "claim", "line_no": "no", "patient": "person", "provider": "npi", "dos": "dos", "code": "code", "modifiers": "mods",
	"units": "units", "minutes": "minutes", "dx": "dx", "regions": "regions", "specialty": "specialty", "referral": "referral", "visit": "visit"}'::jsonb - lacks, charge => 'billed')
FROM wanting \g /dev/null

-- what claim_edits finds in a source
CREATE FUNCTION judged(source text, policy text, OUT patient text, OUT provider text, OUT dos date, OUT finding claim_finding) RETURNS SETOF record
LANGUAGE plpgsql AS $$
BEGIN
	RETURN QUERY EXECUTE format('SELECT d.patient, d.provider, d.dos, e FROM (SELECT patient, provider, dos, claimday(claim_id, line_no, line, line_error) AS day FROM %I GROUP BY 1, 2, 3) d, '
		'claim_edits(d.day, ruleset(%L)) e', source || '_lines', policy);
END $$;

-- what is wrong with what a scan stored and counted of a source
CREATE FUNCTION wrong(source text, policy text, at_least claim_severity) RETURNS TABLE (says text)
LANGUAGE sql AS $$
	WITH found AS MATERIALIZED (
		SELECT j.patient, j.provider, j.dos, j.finding, (j.finding).rule, (j.finding).severity,
			CASE WHEN (j.finding).severity = 'unknown' AND ((j.finding).rule = ANY (w.waits)
					OR ('dos' = ANY (w.lacks) AND ((j.finding).rule = 'edition-coverage' OR (j.finding).message ~ 'not decided without a date of service$')))
				THEN false
				WHEN (j.finding).rule = 'edition-coverage' THEN at_least <= 'unknown' AND at_least <= (j.finding).severity
				ELSE (j.finding).severity >= at_least END AS stored
		FROM wanting w, judged(w.source, policy) j WHERE w.source = wrong.source
	), undecided AS (
		SELECT rule AS why, count(DISTINCT ROW(patient, provider, dos)) AS days FROM found WHERE severity = 'unknown' GROUP BY rule
		UNION ALL SELECT 'any rule', count(DISTINCT ROW(patient, provider, dos)) FROM found WHERE severity = 'unknown'
	), kept AS (
		SELECT patient, provider, dos, claim_id, line_no, rule, severity, message FROM claim_findings f WHERE f.source = wrong.source AND f.policy = wrong.policy
	), wanted AS (
		SELECT patient, provider, dos, (finding).claim_id, (finding).line_no, rule, severity, (finding).message FROM found WHERE stored
	), counted AS (
		SELECT rule, severity, count(*) AS findings, count(DISTINCT ROW(patient, provider, dos)) AS days FROM found WHERE NOT stored GROUP BY rule, severity
	)
	SELECT 'missing ' || x::text FROM (TABLE wanted EXCEPT ALL TABLE kept) x
	UNION ALL SELECT 'surplus ' || x::text FROM (TABLE kept EXCEPT ALL TABLE wanted) x
	UNION ALL SELECT 'not counted ' || x::text FROM (TABLE counted EXCEPT SELECT c.rule, c.severity, c.findings, c.days FROM claim_report_counted c WHERE c.source = $1 AND c.policy = $2) x
	UNION ALL SELECT 'counted ' || x::text FROM (SELECT c.rule, c.severity, c.findings, c.days FROM claim_report_counted c WHERE c.source = $1 AND c.policy = $2 EXCEPT TABLE counted) x
	UNION ALL SELECT 'decided ' || x::text FROM (TABLE undecided EXCEPT SELECT u.why, u.days FROM claim_report_undecided u WHERE u.source = $1 AND u.policy = $2) x
	UNION ALL SELECT 'undecided ' || x::text FROM (SELECT u.why, u.days FROM claim_report_undecided u WHERE u.source = $1 AND u.policy = $2 AND u.why !~ '^no ' EXCEPT TABLE undecided) x
$$;

CREATE TABLE result (round int, source text, policy text, at_least claim_severity, wrong text);
CREATE PROCEDURE rounds()
LANGUAGE plpgsql AS $$
DECLARE
	s text;
	p text;
	bar claim_severity;
BEGIN
	FOR round IN 1..5 LOOP
		FOR s IN SELECT source FROM wanting LOOP
			FOREACH p IN ARRAY '{wants,stern}'::text[] LOOP
				-- twice each by turns: days that are judged again, and all of them
				bar := (ARRAY['info', 'unknown', 'review', 'review', 'deny'])[1 + (round + hashtext(s || p) & 7) % 5];
				CALL claim_scan(s, p, at_least => bar, batch_days => 17 * round);
				INSERT INTO result SELECT round, s, p, bar, (SELECT string_agg(left(w, 200), E'\n') FROM wrong(s, p, bar) w);
				COMMIT;
			END LOOP;
		END LOOP;
		CALL more(1000 * round, 20);
		UPDATE visits SET units = 1 + draw(id, round, 5), minutes = nullif(draw(id, round + 1, 60), 3) WHERE draw(id, round + 2, 30) = 0;
		DELETE FROM visits WHERE draw(id, round + 3, 40) = 0 OR (person, npi, dos) = (SELECT person, npi, dos FROM visits WHERE id % 7 = round AND dos IS NOT NULL AND npi IS NOT NULL LIMIT 1);
		COMMIT;
	END LOOP;
END $$;
CALL rounds();
SELECT is(string_agg(format('round %s, %s, at_least %s: %s', round, policy, at_least, wrong), E'\n') FILTER (WHERE wrong IS NOT NULL), NULL, source || ': stored and counted are what is found') FROM result GROUP BY source ORDER BY source;
SELECT is(count(DISTINCT at_least), 4::bigint, 'from every severity on') FROM result;

-- what waits for a field is there, and is decided by the field
SELECT bag_eq(format($$SELECT DISTINCT rule FROM claim_report_counted WHERE source = %L AND severity = 'unknown'
	AND rule = ANY (%L)$$, source, waits), format('SELECT unnest(%L::text[])', waits), source || ': what waits is counted') FROM wanting WHERE source ~ '^no_|plain' ORDER BY source;
CREATE FUNCTION filled(line claimline, fields text[]) RETURNS claimline
LANGUAGE sql AS $$
	SELECT claimline(code => line_code(line), modifiers => line_modifiers(line), units => line_units(line), dos => CASE WHEN 'dos' = ANY (fields) THEN '2024-08-01' ELSE line_dos(line) END,
		minutes => CASE WHEN 'minutes' = ANY (fields) THEN 15 ELSE line_minutes(line) END, dx => line_dx(line),
		regions => CASE WHEN 'regions' = ANY (fields) THEN '{cervical,thoracic,lumbar,head}' ELSE line_regions(line) END,
		specialty => CASE WHEN 'specialty' = ANY (fields) THEN '35' ELSE line_specialty(line) END, referral => CASE WHEN 'referral' = ANY (fields) THEN true ELSE line_referral(line) END,
		visit => CASE WHEN 'visit' = ANY (fields) THEN 1 ELSE line_visit(line) END)
$$;
CREATE FUNCTION undecided_if_filled(source text) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
	n bigint;
BEGIN
	EXECUTE format($sql$SELECT count(*) FROM (SELECT claimday(claim_id, line_no, filled(line, w.lacks)) AS day, w.waits
		FROM %I, (SELECT lacks, waits FROM wanting WHERE source = %L) w WHERE line IS NOT NULL AND dos IS NOT NULL GROUP BY patient, provider, dos, w.waits) d,
		claim_edits(d.day, ruleset('wants')) e WHERE e.severity = 'unknown' AND e.rule = ANY (d.waits)$sql$, source || '_lines', source) INTO n;
	RETURN n;
END $$;
SELECT is(undecided_if_filled(source), 0::bigint, source || ': and decided where every line has the field') FROM wanting WHERE source ~ '^no_|plain' ORDER BY source;

-- a policy may say more of what cannot be decided: that is stored
SELECT cmp_ok((SELECT count(*) FROM result r WHERE r.source = 'no_minutes' AND policy = 'stern'), '>', 0::bigint, 'a stern policy was asked');
CALL claim_scan('no_minutes', 'stern');
SELECT cmp_ok((SELECT count(*) FROM claim_findings WHERE source = 'no_minutes' AND policy = 'stern' AND rule = 'units-unknown' AND severity = 'review'), '>', 10::bigint,
	'what a policy has reviewed is stored, though no line has the field');

-- one finding of the edition a line, whatever it does not cover
SELECT is(max(n), 1::bigint, 'a line has one finding of what its edition does not cover')
FROM (SELECT count(*) AS n FROM (SELECT v.id, claimday(v.claim, v.id::int, try_claimline(v.code, v.mods, v.units, v.minutes, v.dos)) OVER (PARTITION BY person, npi, dos) AS day FROM visits v) d,
	claim_edits(d.day, ruleset('medicare')) e WHERE e.rule = 'edition-coverage' AND e.line_no = d.id GROUP BY d.id) x;

-- what is counted goes with the source
SELECT claim_source_drop(source) FROM wanting \g /dev/null
SELECT is((SELECT count(*) FROM claimline_internal.claim_scan_counted), 0::bigint, 'what was counted goes with the source');

SELECT * FROM finish();

-- Claims that are replaced, voided, reversed, denied or loaded twice, through a source, its guard and its scans.
--
-- The oracle is model_days below: the words of doc/sources.md in SQL, over the rows of the table.  Random statements put originals,
-- replacements, voids, reversals and copies into the table, in any order and also before what they are of, change them and take them away.
-- After each statement the guard's notes, and after each round the findings of scans by log, by watermark and by hash, must be those of the
-- net lines.

\i test/tap/lib.sql
SET search_path = public, claims, lib;
\i test/tap/lib_net.sql

SELECT plan(81);

-- what the fields say, case by case

CREATE TABLE c (what text, wanted text, pid text DEFAULT 'P', npi text DEFAULT '1', d date DEFAULT '2024-08-01', cid text, ln int DEFAULT 1, code text DEFAULT '97124', mods text DEFAULT 'GP', u text DEFAULT '1', chg text DEFAULT '30', freq text, rep text, st text);
INSERT INTO c (what, wanted, cid, freq, rep, st) VALUES
	('an original', NULL, 'A1', '1', NULL, NULL), ('without a frequency', NULL, 'A2', NULL, NULL, NULL), ('blank', NULL, 'A3', ' ', '', ''),
	('replaced', 'replaced', 'B1', '1', NULL, NULL), ('by this', 'replaced', 'B2', '7', 'B1', NULL), ('by that', NULL, 'B3', '7', 'B2', NULL),
	('corrected', 'replaced', 'B4', '1', NULL, NULL), ('by 6', NULL, 'B5', '6', 'B4', NULL),
	('voided', 'voided', 'D1', '1', NULL, NULL), ('the void', 'void', 'D2', '8', 'D1', NULL), ('and once more', 'void', 'D3', '8', 'D1', NULL),
	('a void of a replacement', 'replaced', 'E1', '1', NULL, NULL), ('which is out', 'voided', 'E2', '7', 'E1', NULL), ('reinstates nothing', 'void', 'E3', '8', 'E2', NULL),
	('bill types', 'replaced', 'F1', '131', NULL, NULL), ('say it too', 'voided', 'F2', '0137', 'F1', NULL), ('by their last character', 'void', 'F3', '0138', 'F2', NULL),
	('the name of a void', 'void', 'F4', 'VOID', 'X', NULL), ('numbers of tables of floats', 'void', 'F5', '8.0', 'X', NULL), ('two digits', 'void', 'F6', '08', 'X', NULL),
	('an interim bill', NULL, 'F7', '132', NULL, NULL),
	('a claim that names itself', NULL, 'G1', '7', 'G1', NULL), ('a void that names itself', 'void', 'G2', '8', 'G2', NULL),
	('one number: the original', 'replaced', 'H1', '1', NULL, NULL), ('and the replacement', NULL, 'H1', '7', NULL, NULL),
	('one number: the original', 'voided', 'H2', '1', NULL, NULL), ('the replacement', 'voided', 'H2', '7', 'H2', NULL), ('and the void', 'void', 'H2', '8', NULL, NULL),
	('a word for null', 'replaced', 'H3', '1', NULL, NULL), ('names no claim', NULL, 'H3', '7', 'NULL', 'None'),
	('numbers are read', 'replaced', '77.0', '1', NULL, NULL), ('as numbers', NULL, '78', '7', '77 ', NULL),
	('a denied replacement', NULL, 'I1', '1', NULL, NULL), ('changes nothing', 'denied', 'I2', '7', 'I1', 'Denied'),
	('denied', 'denied', 'J1', NULL, NULL, '4'), ('rejected', 'denied', 'J2', NULL, NULL, ' REJECTED '), ('paid', NULL, 'J3', NULL, NULL, '1'), ('as secondary', NULL, 'J4', NULL, NULL, '2'),
	('reversed', 'reversed', 'J5', NULL, NULL, 'reversed'), ('void', 'void', 'J6', NULL, NULL, 'void'), ('cancelled', 'cancelled', 'J7', NULL, NULL, 'cancelled'), ('a word of its own', NULL, 'J8', NULL, NULL, 'pended');
INSERT INTO c (what, wanted, pid, cid, freq, rep) VALUES
	('another patient', NULL, 'P', 'K1', '1', NULL), ('replaces nothing here', NULL, 'Q', 'K2', '7', 'K1'), ('a patient that is null', NULL, NULL, 'K3', '1', NULL), ('is not the same one', 'void', NULL, 'K4', '8', 'K3'),
	('a claim without a number', NULL, 'P', NULL, '1', NULL), ('is none that is replaced', NULL, 'P', NULL, '7', NULL), ('a void without a number', 'void', 'P', NULL, '8', 'K5'), ('voids', 'voided', 'P', 'K5', '1', NULL),
	('a blank number', NULL, 'P', '', '1', NULL), ('is none', 'void', 'P', 'K6', '8', ' ');
INSERT INTO c (what, wanted, cid, u, chg, st) VALUES ('a reversal', 'reversal', 'L1', '-2', '30', NULL), ('of the charge', 'reversal', 'L2', '2', '-30.00', NULL), ('of both', 'reversal', 'L3', '-2', '-30', 'reversed'), ('zero is none', NULL, 'L4', '-0', '-0.00', NULL),
	('said so', 'reversal', 'L5', '2', '30', '22'), ('by name', 'reversal', 'L6', '2', '30', 'Reversal'), ('a charge that cannot be read', NULL, 'L7', '2', '-x', NULL), ('too many', 'no line', 'L8', '-1000000', '1', NULL);
SELECT claim_source_add('c', 'c', columns => '{"patient": "pid", "provider": "npi", "dos": "d", "claim_id": "cid", "line_no": "ln", "code": "code", "modifiers": "mods", "units": "u",
	"frequency": "freq", "replaces": "rep", "status": "st"}', charge => 'chg') \g /dev/null
SELECT claimline_internal.claim_source_sql(s.relation, s.mapping, NULL, 't.what, t.wanted', true) AS every FROM claimline_internal.claim_source s WHERE s.name = 'c' \gset
CREATE TABLE seen AS SELECT what, wanted, claim_id, coalesce(left_out, CASE WHEN line IS NULL THEN 'no line' WHEN line_reversal(line) THEN 'reversal' END) AS what_it_is, line FROM (:every) q;
SELECT is(what_it_is, wanted, concat_ws(' ', claim_id, what)) FROM seen;
SELECT results_eq('SELECT claim_id, line FROM c_lines ORDER BY 1, 2', $$SELECT claim_id, line FROM seen WHERE coalesce(what_it_is, 'reversal') IN ('reversal', 'no line') ORDER BY 1, 2$$, 'the view has the others');
SELECT is((SELECT line::text || charge FROM c_lines WHERE claim_id = 'L3'), '97124-GP x2 2024-08-01 reversal-30', 'the charge stays as it is');

SELECT results_eq('SELECT kind, what, rows FROM claim_source_quality(''c'') WHERE kind <> ''line-invalid'' AND kind <> ''netted''', $$SELECT CASE WHEN what_it_is IS NULL THEN 'line' ELSE 'left out' END, what_it_is, count(*) FROM seen
	WHERE coalesce(what_it_is, '') NOT IN ('reversal', 'no line') GROUP BY 1, 2 ORDER BY 1 DESC, 3 DESC, 2$$, 'claim_source_quality counts them');
SELECT results_eq('SELECT sum(rows), sum(rows) FILTER (WHERE kind = ''netted'') FROM claim_source_quality(''c'')', $$SELECT count(*)::numeric, count(*) FILTER (WHERE what_it_is = 'reversal')::numeric FROM seen$$, 'each row once');
-- what is netted is taken off what it would be counted as, with its charge: whole lines, and partial ones of each reason
CREATE TABLE off AS SELECT 'P' || draw(n, 1, 20) AS pid, 'C' || draw(n, 2, 60) AS cid, (ARRAY['97124', '97140', '97110'])[1 + draw(draw(n, 2, 60), 3, 3)] AS code, (ARRAY[NULL, 'NA', '724.2', 'M54.2'])[1 + draw(n, 4, 4)] AS dx,
	(ARRAY[NULL, NULL, '207Q'])[1 + draw(n, 5, 3)] AS spec FROM generate_series(1, 800) n;
INSERT INTO off SELECT pid, 'R' || cid, '97112', dx, spec FROM off WHERE draw(substr(cid, 2)::int, 6, 5) = 0;
ALTER TABLE off ADD u int, ADD chg numeric;
UPDATE off SET u = CASE WHEN cid LIKE 'R%' THEN -1 ELSE 1 END, chg = CASE WHEN cid LIKE 'R%' THEN -1 ELSE 1 END * substr(code, 4)::int * (1 + coalesce(length(spec), 0));
SELECT claim_source_add('off', 'off', columns => '{"patient": "pid", "claim_id": "cid", "line_no": {"value": "1"}, "code": "code", "dx": "dx", "specialty": "spec", "units": "u"}', charge => 'chg') \g /dev/null
CREATE TABLE off_wanted AS SELECT CASE WHEN again > 1 THEN 'row of a claim loaded again' WHEN line_reversal(line) THEN 'reversal of no line of its day' WHEN line_error IS NOT NULL THEN array_to_string(line_unread(line), ', ') END AS what, line_error IS NOT NULL AS partial, charge
	FROM (SELECT l.*, row_number() OVER (PARTITION BY patient, claim_id, line) AS again FROM off_lines l) x;
SELECT cmp_ok((SELECT count(*) FROM off_wanted WHERE partial AND what = w), '>', 20::bigint, 'of partial lines: ' || w) FROM unnest('{row of a claim loaded again,reversal of no line of its day}'::text[]) w;
SELECT results_eq('SELECT CASE kind WHEN ''netted'' THEN what ELSE field END AS what, sum(rows) FROM claim_source_quality(''off'') GROUP BY 1 ORDER BY 1', 'SELECT what, count(*)::numeric FROM off_wanted GROUP BY 1 ORDER BY 1', 'by reason');
SELECT results_eq('SELECT kind = ''netted'', sum(rows), sum(charge) FROM claim_source_quality(''off'') GROUP BY 1 ORDER BY 1', $$SELECT coalesce(what ~ '^(row|reversal) of', false), count(*)::numeric, sum(charge) FROM off_wanted GROUP BY 1 ORDER BY 1$$, 'and the charge');
SELECT matches((SELECT example FROM claim_source_quality('off') WHERE what LIKE 'reversal of%'), '^claim RC[0-9]+ line 1$', 'with an example');

-- what a mapping says itself

SELECT claim_source_add('own', 'c', columns => '{"patient": "pid", "claim_id": "cid", "code": "code", "units": "u", "frequency": {"column": "freq", "void": [1]}, "status": {"expression": "upper(t.st)", "denied": ["Pended", "2"], "reversal": []}}') \g /dev/null
SELECT is((SELECT array_agg(DISTINCT st) FROM c WHERE freq IS NULL AND cid LIKE 'J%' AND NOT EXISTS (SELECT FROM own_lines l WHERE l.claim_id = cid)), '{2,pended}', 'values of its own are the only ones');
SELECT is((SELECT count(*) FROM own_lines WHERE claim_id IN (SELECT cid FROM c WHERE freq = '1')), 0::bigint, 'of frequency too');
SELECT claim_source_add('named', 'c', columns => '{"patient": "pid", "claim_id": "cid", "code": "code", "replaces": "rep"}') \g /dev/null
SELECT is((SELECT string_agg(cid, ' ' ORDER BY cid COLLATE "C") FROM (SELECT cid FROM c WHERE cid <> '' EXCEPT SELECT claim_id FROM named_lines) x), '77.0 B1 B2 B4 D1 E1 E2 F1 F2 I1 K5', 'without a frequency, what is named is replaced');
SELECT is((SELECT concat_ws(' | ', state, message, detail) FROM error_of(format('SELECT claim_source_add(%L, %L, columns => %L)', 'bad', 'c', columns))), wanted, wanted) FROM (VALUES
	('{"patient": "pid", "code": "code", "replaces": "rep"}', '22023 | invalid mapping of field "replaces" | Field "claim_id" is not mapped: which claim is replaced is told by its number.'),
	('{"patient": "pid", "code": "code", "status": {"column": "st", "denied": "D"}}', '22023 | invalid mapping of field "status" | columns.status.denied must be a list of texts or numbers.'),
	('{"patient": "pid", "code": "code", "status": {"column": "st", "replacement": ["D"]}}', '22023 | unknown key "columns.status.replacement" | ')) v (columns, wanted);

-- the model

CREATE TABLE t (id serial PRIMARY KEY, pid text, npi text, d date, cid text, ln int, code text, mods text, u numeric, chg numeric, freq text, rep text, st text, mark bigint);
CREATE INDEX ON t (pid, npi, d);
CREATE SEQUENCE mark;
SELECT claim_source_add(s, 't', columns => '{"patient": "pid", "provider": "npi", "dos": "d", "claim_id": "cid", "line_no": "ln", "code": "code", "modifiers": "mods", "units": "u", "frequency": "freq", "replaces": "rep", "status": "st"}',
	charge => 'chg', watermark => 'mark') FROM unnest('{by_log,by_mark,by_hash}'::text[]) s \g /dev/null
SELECT claim_source_track('by_log'), claim_guard_add('by_log', at_least => 'unknown', action => 'annotate') \g /dev/null

CREATE FUNCTION is_out(o t) RETURNS boolean LANGUAGE sql STABLE AS $$
	SELECT coalesce(o.freq, '1') = '8' OR coalesce(o.st, '') IN ('denied', 'void') OR EXISTS (SELECT FROM t r
		WHERE r.pid = o.pid AND r.freq IN ('6', '7', '8') AND coalesce(r.st, '') <> 'denied'
			AND CASE WHEN r.rep IS NULL OR r.rep = r.cid THEN o.cid = r.cid AND r.freq > coalesce(o.freq, '1') ELSE o.cid = r.rep END)
$$;
CREATE FUNCTION model_days(OUT pid text, OUT npi text, OUT d date, OUT day claimday) RETURNS SETOF record LANGUAGE plpgsql AS $$
DECLARE
	k int;
BEGIN
	TRUNCATE r;
	INSERT INTO r SELECT dense_rank() OVER (ORDER BY t.pid, t.npi, t.d), t.id, t.cid, t.ln, claimline(t.code, string_to_array(t.mods, ' '), abs(t.u), dos => t.d, reversal => t.u < 0 OR t.chg < 0), NULL, abs(t.u)
		FROM t WHERE NOT is_out(t);
	FOR k IN SELECT DISTINCT n FROM r LOOP
		CALL net_of(k);
	END LOOP;
	RETURN QUERY SELECT t.pid, t.npi, t.d, claimday(r.claim_id, r.line_no, CASE WHEN r.left_units = line_units(r.line) THEN r.line
			ELSE replace(r.line::text, ' x' || trim_scale(line_units(r.line)), ' x' || trim_scale(r.left_units))::claimline END)
		FROM r JOIN t ON t.id = r.i WHERE r.net IS NULL GROUP BY t.pid, t.npi, t.d;
END $$;
CREATE FUNCTION wanted() RETURNS SETOF text LANGUAGE sql AS $$
	SELECT concat_ws('|', m.pid, m.npi, m.d, e.claim_id, e.line_no, e.rule, e.severity, e.message, e.with_claim_id, e.with_line_no) FROM model_days() m, claim_edits(m.day, ruleset('medicare')) e WHERE e.severity > 'info'
$$;
-- scans count by day what the mapping lacks altogether
CREATE FUNCTION stored() RETURNS SETOF text LANGUAGE sql AS $$ SELECT w FROM wanted() w WHERE w ~ '\|(deny|review|line-invalid)\|' $$;
CREATE FUNCTION noted() RETURNS SETOF text LANGUAGE sql AS $$
	SELECT concat_ws('|', f.patient, f.provider, f.dos, f.claim_id, f.line_no, f.rule, f.severity, f.message, f.with_claim_id, f.with_line_no) FROM claim_guard_finding f WHERE f.source = 'by_log'
$$;
CREATE FUNCTION found(src text) RETURNS SETOF text LANGUAGE sql AS $$
	SELECT concat_ws('|', f.patient, f.provider, f.dos, f.claim_id, f.line_no, f.rule, f.severity, f.message, f.with_claim_id, f.with_line_no) FROM claim_findings f WHERE f.source = src AND (f.severity >= 'review' OR f.rule = 'line-invalid')
$$;
CREATE FUNCTION in_view() RETURNS SETOF text LANGUAGE sql AS $$
	SELECT concat_ws('|', v.patient, v.provider, v.dos, e.claim_id, e.line_no, e.rule, e.severity, e.message, e.with_claim_id, e.with_line_no) FROM (SELECT patient, provider, dos, claimday(claim_id, line_no, line) AS day FROM by_log_lines GROUP BY patient, provider, dos) v, claim_edits(v.day, ruleset('medicare')) e WHERE e.severity > 'info'
$$;
CREATE FUNCTION differ(a text, b text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	n bigint;
BEGIN
	EXECUTE format('SELECT count(*) FROM ((SELECT %1$s EXCEPT ALL SELECT %2$s) UNION ALL (SELECT %2$s EXCEPT ALL SELECT %1$s)) x', a, b) INTO n;
	RETURN n;
END $$;

-- few patients, days and claims, so that they meet
CREATE FUNCTION draw(VARIADIC list text[]) RETURNS text LANGUAGE sql VOLATILE AS $$ SELECT nullif(list[1 + floor(random() * cardinality(list))::int], '') $$;
CREATE FUNCTION a_claim() RETURNS text LANGUAGE sql VOLATILE AS $$ SELECT 'C' || floor(random() * 25) $$;
CREATE PROCEDURE put(n int, freq text, st text DEFAULT NULL) LANGUAGE plpgsql AS $$
DECLARE
	pid text := draw('P1', 'P1', 'P1', 'P2', '');
	cid text := coalesce(CASE WHEN random() < 0.95 THEN a_claim() END, '');
	rep text := CASE WHEN freq <> '1' THEN CASE WHEN random() < 0.8 THEN a_claim() WHEN random() < 0.5 THEN cid END END;
BEGIN
	INSERT INTO t (pid, npi, d, cid, ln, code, mods, u, chg, freq, rep, st, mark)
		SELECT pid, draw('1', '1', '2'), date '2024-08-01' + floor(random() * 2.5)::int, nullif(cid, ''), i, draw('97124', '97124', '97140', '98940'), draw('GP', 'GP', 'AT', 'GP 59'), ceil(random() * 3), 30, freq, rep, st, nextval('mark')
		FROM generate_series(1, n) i;
END $$;
CREATE PROCEDURE step(inserts_only boolean) LANGUAGE plpgsql AS $$
BEGIN
	CASE floor(random() * CASE WHEN inserts_only THEN 8 ELSE 12 END)::int
		WHEN 0, 1, 2 THEN CALL put(1 + floor(random() * 3)::int, draw('1', '1', ''), draw('', '', '', 'paid', 'denied', 'void'));
		WHEN 3 THEN CALL put(1 + floor(random() * 2)::int, draw('7', '7', '6'), draw('', '', '', '', 'denied'));
		WHEN 4 THEN CALL put(1, '8');
		WHEN 5, 6 THEN	-- reversals of what is there, under the claim's number or one of their own
			INSERT INTO t (pid, npi, d, cid, ln, code, mods, u, chg, mark)
				SELECT pid, npi, d, CASE WHEN random() < 0.6 THEN cid ELSE 'R' || id END, ln, code, mods, CASE WHEN random() < 0.5 THEN -u ELSE u END, -chg, nextval('mark')
				FROM t WHERE u > 0 AND chg > 0 ORDER BY random() LIMIT 1 + floor(random() * 2)::int;
		WHEN 7 THEN	-- loaded again
			INSERT INTO t (pid, npi, d, cid, ln, code, mods, u, chg, freq, rep, st, mark)
				SELECT pid, npi, d, cid, ln, code, mods, u, chg, freq, rep, st, nextval('mark') FROM t ORDER BY random() LIMIT floor(random() * 5)::int;
		WHEN 8 THEN DELETE FROM t WHERE id IN (SELECT id FROM t ORDER BY random() LIMIT 1 + floor(random() * 2)::int);
		WHEN 9 THEN DELETE FROM t WHERE id IN (SELECT id FROM t WHERE freq IN ('6', '7', '8') ORDER BY random() LIMIT 1);
		WHEN 10 THEN UPDATE t SET freq = draw('1', '7', '8', ''), rep = draw(a_claim(), ''), mark = nextval('mark') WHERE id IN (SELECT id FROM t ORDER BY random() LIMIT 2);
		WHEN 11 THEN UPDATE t SET st = draw('denied', 'paid', ''), cid = a_claim(), d = d + floor(random() * 2)::int, mark = nextval('mark') WHERE id IN (SELECT id FROM t ORDER BY random() LIMIT 1);
	END CASE;
END $$;
-- one by one, and now and then all of it again in bulk, shuffled
CREATE FUNCTION play(n int, inserts_only boolean) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
	bad int := 0;
BEGIN
	FOR i IN 1 .. n LOOP
		CALL step(inserts_only);
		bad := bad + (differ('wanted()', 'noted()') > 0)::int;
	END LOOP;
	IF random() < 0.3 THEN
		CREATE TEMP TABLE kept AS SELECT * FROM t;
		DELETE FROM t;
		INSERT INTO t SELECT * FROM kept ORDER BY random();
		UPDATE t SET mark = nextval('mark');
		DROP TABLE kept;
		bad := bad + (differ('wanted()', 'noted()') > 0)::int;
	END IF;
	RETURN bad;
END $$;
SET client_min_messages = error;
SELECT setseed(0.31) \g /dev/null
\set AUTOCOMMIT on
CREATE TABLE tally (round int, statements_bad int, view_bad bigint, log_bad bigint, mark_bad bigint, hash_bad bigint, n bigint);
SELECT unnest(ARRAY[format('INSERT INTO tally (round, statements_bad) SELECT %s, play(6, %L)', i, i <= 9), 'CALL claim_scan(''by_log'', at_least => ''unknown'')', 'CALL claim_scan(''by_mark'', at_least => ''unknown'')', 'CALL claim_scan(''by_hash'', at_least => ''unknown'')',
	format($$UPDATE tally SET view_bad = differ('wanted()', 'in_view()'), log_bad = differ('stored()', 'found(''by_log'')'), mark_bad = differ('stored()', 'found(''by_mark'')'), hash_bad = differ('stored()', 'found(''by_hash'')'),
		n = (SELECT count(*) FROM wanted()) WHERE round = %s$$, i)]) FROM generate_series(1, 18) i \gexec
SELECT is((SELECT sum(view_bad) FROM tally), 0::numeric, 'days of the view have the findings of the net lines');
SELECT is((SELECT sum(statements_bad) FROM tally), 0::bigint, 'and so have the notes of the guard, after each statement');
SELECT is((SELECT sum(log_bad) FROM tally), 0::numeric, 'scans by log');
SELECT is((SELECT sum(hash_bad) FROM tally), 0::numeric, 'scans by hash');
SELECT is((SELECT sum(mark_bad) FROM tally WHERE round <= 9), 0::numeric, 'and scans by watermark, of what is added');
SELECT ok((SELECT min(n) > 5 FROM tally WHERE round > 3), 'there is something to find');

SELECT * FROM finish();

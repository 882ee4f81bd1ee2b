-- Guards: what an error says, which statements are judged and what for, keys and tables of every kind, rows moved aside,
-- findings noted, what happens to a guard when its table, source or policy changes; tracking.
-- guard_rights.sql has rights and row security, guard_oracle.sql random statements.

BEGIN;
\i test/tap/lib.sql
\i test/tap/lib_guard.sql

SELECT * FROM no_plan();

-- -------------------------------------------------------- what an error says

SELECT make('c'), claim_guard_add('c') \g /dev/null
INSERT INTO c VALUES ('P1', 'N1', '2024-08-01', 'C1', 1, '98940', 'AT', 1, NULL, 'M99.01');

SELECT is(e, ROW('23514', 'claim line violates rule "ptp"',
	'Claim C2 line 1 (patient P1, provider N1, date 2024-08-01): NCCI pair 98940/97124 [1] (Standards of medical/surgical practice; effective 2002-04-01, not deleted): '
	'97124 is not payable beside 98940 of claim C1 line 1; a modifier that opens the pair is on neither line',
	'', 'ptp', 'app', 'c')::text, 'an error without a suggestion')
FROM (SELECT error_of($$INSERT INTO c VALUES ('P1', 'N1', '2024-08-01', 'C2', 1, '97124', 'GP', 1, 15, 'M99.01')$$)::text) x (e);
SELECT is(e.hint, 'Bill 97124-XS-GP x1 15min 2024-08-01 dx=M99.04, if the record shows that 97124 treated sacral and 98940 manipulated cervical.',
	'the hint is the suggestion with its condition') FROM error_of($$INSERT INTO c VALUES ('P1', 'N1', '2024-08-01', 'C2', 1, '97124', 'GP', 1, 15, 'M99.04')$$) e;
SELECT is(array_to_string(ARRAY[e.rule, e.hint], ': '), 'units-minutes: Bill 97124-GP x1 15min 2024-08-01 dx=M99.01.',
	'a hint of a suggestion without a condition') FROM error_of($$INSERT INTO c VALUES ('P2', 'N1', '2024-08-01', 'C2', 1, '97124', 'GP', 2, 15, 'M99.01')$$) e;
SELECT matches(e.detail, E'is on neither line\nClaim C2 line 1, rule "units-minutes": 97124 x2 billed for 15 minutes', 'a detail names every finding')
FROM error_of($$INSERT INTO c VALUES ('P1', 'N1', '2024-08-01', 'C2', 1, '97124', 'GP', 2, 15, 'M99.04')$$) e;
SELECT is((length(e.detail) - length(replace(e.detail, E'\n', '')))::text || coalesce(substring(e.detail, ' .and .*'), ''), '6', 'of several lines too')
FROM error_of($$INSERT INTO c VALUES ('P1', 'N1', '2024-08-01', 'C2', 1, '97124', 'GP', 2, 15, 'M99.04'), ('P1', 'N1', '2024-08-01', 'C2', 2, '97124', 'GP', 2, 15, 'M99.04')$$) e;
SELECT matches(e.detail, E'\n.*\n.* \\(and \\d+ more findings\\)$', 'as long as that is short')
FROM error_of($$INSERT INTO c SELECT 'P1', 'N1', '2024-08-01', 'C' || g, 1, '97124', 'GP', 2, 15, 'M99.04' FROM generate_series(1, 30) g$$) e;
SELECT is(e.rule, 'line-invalid', 'a row that is no line is a finding like others, if its severity is asked for')
FROM (SELECT claim_guard_add('c', at_least => 'unknown')) g, LATERAL error_of($$INSERT INTO c VALUES ('P9', 'N1', '2024-08-01', 'C9', 1, '9712', NULL, 1, NULL, NULL)$$) e;
SELECT matches(e.detail, '^Claim null line null \(patient null, provider null, date null\): ', 'a line without any key')
FROM (SELECT claim_guard_add('c', at_least => 'unknown')) g, LATERAL error_of($$INSERT INTO c VALUES (NULL, NULL, NULL, NULL, NULL, '97124', 'GP', 5, 15, 'M99.01')$$) e;
SELECT claim_guard_add('c') \g /dev/null
SELECT is((SELECT count(*)::int FROM c), 1, 'and nothing of a refused statement stays');

-- ------------------------------------------------------- statements of all kinds

SELECT is(result($$INSERT INTO c SELECT 'P1', 'N1', '2024-08-01', 'C2', 1, '97124', 'GP', 1, 15, 'M99.01'$$), 'ptp', 'INSERT ... SELECT');
SELECT is(result($$INSERT INTO c VALUES ('P1', 'N1', '2024-08-01', 'C2', 1, '97124', 'GP', 1, 15, 'M99.01') RETURNING *$$), 'ptp', 'INSERT ... RETURNING');
SELECT is(result($$INSERT INTO c VALUES ('P1', 'N1', '2024-08-02', 'C2', 1, '97124', 'GP', 1, 15, 'M99.01')$$), '1', 'another date is another day');
SELECT is(result($$UPDATE c SET dos = '2024-08-01' WHERE claim_id = 'C2'$$), 'ptp', 'UPDATE that moves a line into a day');
SELECT is(result($$UPDATE c SET dos = '2024-08-02' WHERE claim_id = 'C1'$$), 'ptp', 'UPDATE that moves the other line');
SELECT is(result($$UPDATE c SET dos = '2024-08-05'$$), 'ptp', 'UPDATE that moves both');
SELECT is(result($$UPDATE c SET units = 2 WHERE claim_id = 'C2'$$), 'units-minutes', 'UPDATE of a line in its day');
SELECT is(result($$UPDATE c SET units = 2 WHERE false$$), '0', 'UPDATE of no row');
SELECT is(result($$DELETE FROM c WHERE false$$), '0', 'DELETE of no row');
SELECT is(result($$INSERT INTO c SELECT * FROM c WHERE false$$), '0', 'INSERT of no row');
SELECT is(result($$WITH d AS (DELETE FROM c WHERE claim_id = 'C1' RETURNING *) INSERT INTO c SELECT patient, provider, date '2024-08-02', claim_id, line_no, code, modifier, units, minutes, dx FROM d$$),
	'ptp', 'INSERT of what a WITH deletes');
SELECT is(result($$WITH i AS (INSERT INTO c VALUES ('P1', 'N1', '2024-08-01', 'C3', 1, '97124', 'GP', 1, 15, 'M99.01') RETURNING *) SELECT count(*) FROM i$$), 'ptp', 'INSERT in a WITH');
SELECT is(result($$WITH d AS (DELETE FROM c WHERE claim_id = 'C1') INSERT INTO c VALUES ('P1', 'N1', '2024-08-01', 'C1', 1, '98940', 'AT', 1, NULL, 'M99.01')$$), '1', 'a line replaced by itself');
SELECT is(result($$MERGE INTO c USING (VALUES ('C2', date '2024-08-01')) v (claim_id, dos) ON c.claim_id = v.claim_id WHEN MATCHED THEN UPDATE SET dos = v.dos$$), 'ptp', 'MERGE that updates');
SELECT is(result($$MERGE INTO c USING (VALUES ('C7')) v (claim_id) ON c.claim_id = v.claim_id
	WHEN NOT MATCHED THEN INSERT VALUES ('P1', 'N1', '2024-08-01', v.claim_id, 1, '97124', 'GP', 1, 15, 'M99.01')$$), 'ptp', 'MERGE that inserts');
SELECT is(result($$MERGE INTO c USING (VALUES ('C1'), ('C7')) v (claim_id) ON c.claim_id = v.claim_id
	WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT VALUES ('P1', 'N1', '2024-08-01', v.claim_id, 1, '97124', 'GP', 1, 15, 'M99.01')$$), '2', 'MERGE that deletes the one and inserts the other');
SELECT is(result($$MERGE INTO c USING (VALUES ('C1'), ('C7')) v (claim_id) ON c.claim_id = v.claim_id
	WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT VALUES ('P1', 'N1', '2024-08-01', v.claim_id, 1, '98940', 'AT', 1, NULL, 'M99.01')$$), '2', 'and back');
SELECT is(result($$WITH a AS (INSERT INTO c VALUES ('P5', 'N1', '2024-08-01', 'C5', 1, '98940', 'AT', 1, NULL, 'M99.01')),
	b AS (INSERT INTO c VALUES ('P5', 'N1', '2024-08-01', 'C5', 2, '97124', 'GP', 1, 15, 'M99.01')) SELECT$$), 'ptp', 'two halves in two WITH of one statement');
SELECT is(result($$DO 'BEGIN INSERT INTO app.c VALUES (''P1'', ''N1'', ''2024-08-01'', ''C2'', 1, ''97124'', ''GP'', 1, 15, ''M99.01''); END'$$), 'ptp', 'in a function');
SELECT is((SELECT string_agg(claim_id || ' ' || dos, ', ' ORDER BY claim_id COLLATE "C") FROM c), 'C1 2024-08-01, C2 2024-08-02', 'what was refused is not there, what was not is');
DELETE FROM c;

-- COPY

SELECT is(result($$COPY c FROM PROGRAM 'printf "P1,N1,2024-08-01,C1,1,98940,AT,1,,M99.01\nP1,N1,2024-08-01,C1,2,97124,GP,1,15,M99.01\n"' (format csv)$$), 'ptp', 'COPY of both halves is refused');
COPY c FROM stdin;
P1	N1	2024-08-01	C1	1	98940	AT	1	\N	M99.01
P1	N1	2024-08-02	C1	2	97124	GP	1	15	M99.01
\.
SELECT is((SELECT count(*)::int FROM c), 2, 'COPY of what passes is not');
DELETE FROM c;

-- ON CONFLICT

SELECT make('u', ', UNIQUE (claim_id, line_no)'), claim_guard_add('u') \g /dev/null
INSERT INTO u VALUES ('P1', 'N1', '2024-08-01', 'C1', 1, '98940', 'AT', 1, NULL, 'M99.01'), ('P1', 'N1', '2024-08-02', 'C1', 2, '97124', 'GP', 1, 15, 'M99.01');
SELECT is(result($$INSERT INTO u VALUES ('P1', 'N1', '2024-08-01', 'C1', 2, '97124', 'GP', 1, 15, 'M99.01') ON CONFLICT DO NOTHING$$), '0', 'ON CONFLICT DO NOTHING where nothing is done');
SELECT is(result($$INSERT INTO u VALUES ('P1', 'N1', '2024-08-01', 'C1', 3, '97124', 'GP', 1, 15, 'M99.01') ON CONFLICT DO NOTHING$$), 'ptp', 'and where a row is written');
SELECT is(result($$INSERT INTO u VALUES ('P1', 'N1', '2024-08-01', 'C1', 2, '97124', 'GP', 1, 15, 'M99.01') ON CONFLICT (claim_id, line_no) DO UPDATE SET dos = excluded.dos$$), 'ptp', 'ON CONFLICT DO UPDATE that updates');
SELECT is(result($$INSERT INTO u VALUES ('P1', 'N1', '2024-08-01', 'C1', 3, '97124', 'GP', 1, 15, 'M99.01') ON CONFLICT (claim_id, line_no) DO UPDATE SET dos = excluded.dos$$), 'ptp', 'that inserts');
SELECT is(result($$INSERT INTO u VALUES ('P1', 'N1', '2024-08-03', 'C1', 1, '', '', 1, NULL, ''), ('P1', 'N1', '2024-08-03', 'C1', 4, '97124', 'GP', 1, 15, 'M99.01')
	ON CONFLICT (claim_id, line_no) DO UPDATE SET dos = excluded.dos$$), 'ptp', 'that updates the one half and inserts the other');
SELECT is(result($$INSERT INTO u VALUES ('P1', 'N1', '2024-08-01', 'C1', 2, '97124', 'GP', 1, 15, 'M99.01') ON CONFLICT (claim_id, line_no) DO UPDATE SET dos = excluded.dos WHERE false$$), '0', 'DO UPDATE ... WHERE false');

-- ------------------------------------------- what was stored before the guard

SELECT make('r', ', note text') \g /dev/null
INSERT INTO r VALUES ('P1', 'N1', '2024-08-01', 'C1', 1, '98940', 'AT', 1, NULL, 'M99.01'), ('P1', 'N1', '2024-08-01', 'C1', 2, '97124', 'GP', 3, 15, 'M99.01'),
	('P1', 'N1', '2024-08-01', 'C1', 3, '97140', 'GP', 2, 15, 'M99.01'), ('P1', 'N1', '2024-08-01', 'C1', 4, '99213', NULL, 1, NULL, 'M99.01');
SELECT is((SELECT string_agg(DISTINCT e.line_no || ' ' || e.rule, ', ' ORDER BY e.line_no || ' ' || e.rule) FROM (SELECT claimday(claim_id, line_no, line) AS day FROM r_lines) d, claim_edits(d.day) e WHERE e.severity = 'deny'),
	'2 ptp, 2 units-minutes, 3 ptp, 3 units-minutes, 4 ptp', 'a day stored before the guard has many denials');
SELECT claim_guard_add('r') \g /dev/null
SELECT is(result($$UPDATE r SET note = 'x'$$), '4', 'an update that changes no mapped column passes');
SELECT is(result($$UPDATE r SET minutes = minutes$$), '4', 'one that changes nothing too');
SELECT is(result($$INSERT INTO r VALUES ('P1', 'N1', '2024-08-01', 'C2', 1, '99000', '', 1, NULL, 'M99.06')$$), '1', 'a new line that passes is taken into a bad day');
SELECT is(result($$INSERT INTO r VALUES ('P1', 'N1', '2024-08-01', 'C2', 2, '97124', 'GP', 1, 15, 'M99.01')$$), 'ptp', 'one that does not is refused');
SELECT is(result($$UPDATE r SET minutes = 50 WHERE line_no = 3$$), 'ptp', 'a line that is still wrong after it is changed is refused');
SELECT is(result($$UPDATE r SET modifier = '25' WHERE line_no = 4$$), '1', 'repair, first line');
SELECT is(result($$DELETE FROM r WHERE claim_id = 'C1' AND line_no = 3$$), '1', 'second line: deleted');
SELECT is(result($$UPDATE r SET units = 1, dx = 'M99.04', modifier = 'XS GP' WHERE claim_id = 'C1' AND line_no = 2$$), '1', 'third line');
SELECT is((SELECT count(*)::int FROM (SELECT claimday(claim_id, line_no, line) AS day FROM r_lines) d, claim_edits(d.day) e WHERE e.severity = 'deny' AND claim_id = 'C1'), 0, 'and the day is right');
SELECT is(result($$UPDATE r SET dx = 'M99.01' WHERE claim_id = 'C1' AND line_no = 2$$) <> '1', true, 'it cannot go wrong again');
SELECT is(result($$DELETE FROM r$$), '4', 'and can be deleted');

-- ------------------------------------------------------------- many days

SELECT is(result($$INSERT INTO c SELECT CASE WHEN g % 5 > 0 THEN 'P1' END, CASE WHEN g % 7 > 0 THEN 'N1' END, CASE WHEN g % 11 > 0 THEN date '2024-01-01' + g END, 'C' || g, 1, '97110', 'GP', 1, 15, 'M54.2'
	FROM generate_series(1, 300) g$$), '300', 'hundreds of days in one statement, some without patient, provider or date');
DELETE FROM c;
SELECT is(result($$INSERT INTO c SELECT CASE WHEN g % 5 > 0 THEN 'P1' ELSE NULL END, CASE WHEN g % 7 > 0 THEN 'N1' END, date '2024-01-01' + g, 'C' || g, 1, '97110', 'GP', 1, 15, 'M54.2'
	FROM generate_series(1, 300) g$$), '300', 'hundreds of days in one statement, some with null keys');
SELECT is(result(format($$UPDATE c SET units = 2 WHERE claim_id = 'C%s' OR claim_id < 'C2'$$, g)), 'units-minutes', 'one of them that does not pass: C' || g)
FROM unnest('{2,5,7,35,201}'::int[]) g;
SELECT is(result(format($$INSERT INTO c SELECT patient, provider, dos, 'D' || claim_id, 1, '97140', 'GP', 1, 15, CASE WHEN claim_id = 'C%s' THEN '' ELSE 'M99.01' END FROM c$$, g)), '300', 'a second line for all of them')
FROM unnest('{2}'::int[]) g;
SELECT is(result(format($$INSERT INTO c SELECT patient, provider, dos, 'E' || claim_id, 1, '98940', 'AT', 1, NULL, 'M99.01' FROM c WHERE claim_id LIKE 'C%%' AND (claim_id = 'C%s' OR patient = 'none')$$, g)), 'ptp', 'against what is stored: C' || g)
FROM unnest('{2,5,7,35,201}'::int[]) g;
SELECT is(result($$DELETE FROM c$$), '600', 'all of them deleted');

-- ---------------------------------------------------------- keys of all types

SELECT is(result($$INSERT INTO c VALUES (NULL, NULL, NULL, 'C1', 1, '98940', 'AT', 1, NULL, 'M99.01')$$), '1', 'a line without keys');
SELECT is(result(format($$INSERT INTO c VALUES (%L, %L, %L, 'C1', 2, '97124', 'GP', 1, 15, 'M99.01')$$, p, n, d)), wanted, format('a conflict with it for %s, %s, %s', p, n, d))
FROM (VALUES (NULL, NULL, NULL, 'units-minutes'), ('P1', NULL, NULL, '1'), (NULL, 'N1', NULL, '1'), (NULL, NULL, '2024-08-01', '1')) v (p, n, d, wanted) WHERE wanted = '1';
SELECT is(result(format($$INSERT INTO c VALUES (%L, %L, %L, 'C1', 3, '98940', 'AT', 1, NULL, 'M99.01')$$, p, n, d)), wanted, format('and with those: %s, %s, %s', p, n, d))
FROM (VALUES (NULL, NULL, '2024-08-01', 'ptp'), (NULL, 'N1', '2024-08-01', '1'), ('P1', 'N1', '2024-08-01', '1')) v (p, n, d, wanted);
DELETE FROM c;

CREATE DOMAIN npi AS varchar(10);
CREATE TYPE provider AS ENUM ('N1', 'N2');
CREATE FUNCTION typed(of text, provider_type text, dos_type text, p text, n text, d text, ix text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	r text;
BEGIN
	EXECUTE format('CREATE TABLE app.typed (patient %s, provider %s, dos %s, claim_id text, line_no int, code text, modifier text, units numeric, minutes int, dx text)', of, provider_type, dos_type);
	BEGIN
		EXECUTE coalesce('CREATE INDEX ON app.typed ' || ix, 'SELECT');
	EXCEPTION WHEN invalid_object_definition THEN
		-- not of every type the text is immutable
		NULL;
	END;
	PERFORM claim_source_add('typed', 'app.typed', columns => app.mapping()), claim_guard_add('typed');
	EXECUTE format($i$INSERT INTO app.typed VALUES (%L, %L, %L, 'C1', 1, '98940', 'AT', 1, NULL, 'M99.01'), (NULL, %2$L, %3$L, 'C1', 2, '97124', 'GP', 1, 15, 'M99.01')$i$, p, n, d);
	r := (SELECT concat_ws(', ', app.result(format($i$INSERT INTO app.typed VALUES (%L, %L, %L, 'C2', 1, '97124', 'GP', 1, 15, 'M99.01')$i$, p, n, d)),
		app.result($i$UPDATE app.typed SET patient = (SELECT t.patient FROM app.typed t WHERE t.patient IS NOT NULL)$i$),
		app.result($i$INSERT INTO app.typed SELECT NULL, provider, dos, 'X', line_no, code, modifier, units, minutes, dx FROM app.typed WHERE patient IS NOT NULL$i$)));
	r := r || ' ' || (lib.error_of(format($i$INSERT INTO app.typed VALUES (%L, %L, %L, 'C2', 1, '97124', 'GP', 1, 15, 'M99.01')$i$, p, n, d))).detail;
	PERFORM claim_source_drop('typed');
	DROP TABLE app.typed;
	-- a key that is taken as it is has its blanks
	RETURN regexp_replace(substr(r, 1, strpos(r, ')')), ' +,', ',', 'g');
END $$;
SELECT is(typed(of, provider_type, dos_type, p, n, d, ix), format('ptp, ptp, ptp Claim C2 line 1 (patient %s, provider %s, date 2024-08-01)', coalesce(shown, p), n), format('keys of types %s, %s, %s, index %s', of, provider_type, dos_type, ix))
FROM (VALUES ('bigint', 'int', 'date', '9007199254740993', '7', '2024-08-01', NULL), ('varchar(20)', 'bpchar', 'date', 'P1', 'N1', '2024-08-01', NULL),
	('char(5)', 'npi', 'date', 'P1', 'N1', '2024-08-01', NULL), ('uuid', 'provider', 'date', '00000000-0000-0000-0000-000000000001', 'N1', '2024-08-01', NULL),
	('numeric', 'smallint', 'text', '1.5', '7', '20240801', NULL), ('text', 'text', 'timestamp', 'P1', 'N1', '2024-08-01 10:00', NULL),
	('text', 'text', 'varchar(10)', 'ü "x''', 'N,(1', '08/01/2024', NULL), ('name', 'oid', 'timestamptz', 'P1', '7', '2024-08-01 10:00', NULL)) v (of, provider_type, dos_type, p, n, d, shown),
	-- by queries and by an index
	(VALUES (NULL), ('(patient, provider, dos)'), ('(patient)'), ('(provider DESC NULLS FIRST, dos, patient)'), ('(claim_read_key(patient::text), claim_read_key(provider::text))'),
		('(patient, dos) WHERE line_no > 0'), ('USING hash (patient)'), ('(line_no, patient)')) i (ix);

-- keys that are not mapped: a claim is a day, or a patient's date
CREATE TABLE few (claim text, code text, dos date, units numeric, modifier text);
SELECT claim_source_add('few', 'few', columns => '{"claim_id": "claim", "code": "code", "dos": "dos", "units": "units", "modifiers": "modifier"}'), claim_guard_add('few') \g /dev/null
SELECT is(result($$INSERT INTO few VALUES ('C1', '98940', '2024-08-01', 1, 'AT'), ('C2', '97124', '2024-08-01', 1, 'GP')$$), '2', 'without a patient, claims are apart');
SELECT is(result($$INSERT INTO few VALUES ('C1', '97124', '2024-08-01', 1, 'GP')$$), 'ptp', 'and each is judged');

-- ------------------------------------------------------------- partitions

CREATE TABLE part (patient text, provider text, dos date, claim_id text, line_no int, code text, modifier text, units numeric, minutes int, dx text) PARTITION BY RANGE (dos);
CREATE TABLE part_07 PARTITION OF part FOR VALUES FROM ('2024-07-01') TO ('2024-08-01');
CREATE TABLE part_08 PARTITION OF part FOR VALUES FROM ('2024-08-01') TO ('2024-09-01') PARTITION BY LIST (patient);
CREATE TABLE part_08_1 PARTITION OF part_08 FOR VALUES IN ('P1');
CREATE TABLE part_08_2 PARTITION OF part_08 DEFAULT;
SELECT claim_source_add('part', 'part', columns => mapping()), claim_guard_add('part') \g /dev/null
INSERT INTO part VALUES ('P1', 'N1', '2024-08-01', 'C1', 1, '98940', 'AT', 1, NULL, 'M99.01'), ('P2', 'N1', '2024-08-01', 'C1', 1, '98940', 'AT', 1, NULL, 'M99.01'), ('P1', 'N1', '2024-07-01', 'C3', 1, '97124', 'GP', 1, 15, 'M99.01');
SELECT is((SELECT string_agg(relation::text || ' ' || enabled, ', ' ORDER BY relation::text COLLATE "C") FROM claim_guards WHERE source = 'part'),
	'part true, part_07 true, part_08 true, part_08_1 true, part_08_2 true', 'claim_guards has a row for each table of the tree');
SELECT is(result(format($$INSERT INTO %I VALUES (%L, 'N1', '2024-08-01', 'C2', 1, '97124', 'GP', 1, 15, 'M99.01')$$, t, p)), 'ptp', 'a line into ' || t || ' of ' || p)
FROM (VALUES ('part', 'P1'), ('part_08', 'P1'), ('part_08_1', 'P1'), ('part', 'P2'), ('part_08', 'P2'), ('part_08_2', 'P2')) v (t, p);
SELECT is(result($$UPDATE part SET dos = '2024-08-01' WHERE dos = '2024-07-01'$$), 'ptp', 'a row that goes to another partition');
SELECT is((SELECT e.schema || '.' || e.relation FROM error_of($$INSERT INTO part_08_1 VALUES ('P1', 'N1', '2024-08-01', 'C2', 1, '97124', 'GP', 1, 15, 'M99.01')$$) e), 'app.part_08_1', 'the error names the table of the statement');
CREATE TABLE part_09 PARTITION OF part FOR VALUES FROM ('2024-09-01') TO ('2024-10-01');
SELECT is(result($$INSERT INTO part VALUES ('P1', 'N1', '2024-09-01', 'C2', 1, '97124', 'GP', 2, 15, 'M99.01')$$), 'units-minutes', 'a partition that is made later is guarded through its parent');
SELECT is(result($$INSERT INTO part_09 VALUES ('P1', 'N1', '2024-09-01', 'C2', 1, '97124', 'GP', 2, 15, 'M99.01')$$), '1', 'but not by itself');
SELECT claim_guard_add('part') \g /dev/null
SELECT is(result($$INSERT INTO part_09 VALUES ('P7', 'N1', '2024-09-01', 'C2', 2, '97124', 'GP', 2, 15, 'M99.01')$$), 'units-minutes', 'until claim_guard_add is called again');
SELECT claim_guard_add('part', action => 'quarantine') \g /dev/null
SELECT is(result(format($$INSERT INTO %I VALUES (%L, 'N1', '2024-08-01', 'C2', 1, '97124', 'GP', 1, 15, 'M99.01')$$, t, p)), '1', 'quarantine into ' || t) FROM (VALUES ('part', 'P1'), ('part_08_2', 'P2')) v (t, p);
SELECT is((SELECT string_agg(relation || ' ' || (row_data ->> 'patient'), ', ' ORDER BY id) FROM claim_quarantine), 'app.part P1, app.part_08_2 P2', 'the rows moved aside');
SELECT is((SELECT count(*)::int FROM part WHERE claim_id = 'C2' AND dos < '2024-09-01'), 0, 'are not in the table');
SELECT is(result($$UPDATE part SET dos = '2024-08-01' WHERE dos = '2024-07-01'$$), '1', 'a row that goes to another partition is moved aside');
SELECT is((SELECT string_agg(event || ' ' || (row_data ->> 'dos') || ' ' || (replaced ->> 'dos'), ', ') FROM claim_quarantine WHERE row_data ->> 'claim_id' = 'C3'), 'UPDATE 2024-08-01 2024-07-01', 'with what it was');
SELECT claim_guard_drop('part') \g /dev/null
SELECT is((SELECT count(*)::int FROM pg_trigger WHERE tgfoid = 'claimline_internal.claim_guard'::regproc AND tgname LIKE 'part%'), 0, 'claim_guard_drop takes all triggers away');
DELETE FROM claim_quarantine;

-- ------------------------------------------------------- wide and joined rows

CREATE TABLE wide AS SELECT NULL::text AS desynpuf_id, NULL::text AS clm_id, NULL::text AS clm_from_dt, NULL::text AS clm_thru_dt;
DELETE FROM wide;
SELECT format('ALTER TABLE wide ADD icd9_dgns_cd_%1$s text, ADD prf_physn_npi_%1$s text, ADD hcpcs_cd_%1$s text, ADD line_icd9_dgns_cd_%1$s text', g) FROM generate_series(1, 13) g \gexec
SELECT claim_source_add('wide', 'wide', 'synpuf', '{"modifiers": {"value": ["GP"]}}'), claim_guard_add('wide', at_least => 'deny') \g /dev/null
SELECT is(result($$INSERT INTO wide (desynpuf_id, clm_id, clm_from_dt, prf_physn_npi_1, hcpcs_cd_1, prf_physn_npi_2, hcpcs_cd_2) VALUES ('P1', '7', '20240801', 'N1', '97140', 'N1', '97110')$$), '1', 'a wide row that passes');
SELECT is(result($$INSERT INTO wide (desynpuf_id, clm_id, clm_from_dt, prf_physn_npi_1, hcpcs_cd_1, prf_physn_npi_2, hcpcs_cd_2) VALUES ('P2', '8', '20240801', 'N1', '97140', 'N1', '97124')$$), 'ptp', 'two lines of one row');
SELECT is(result($$INSERT INTO wide (desynpuf_id, clm_id, clm_from_dt, prf_physn_npi_13, hcpcs_cd_13) VALUES ('P1', '9', '20240801', 'N1', '97124')$$), 'ptp', 'the last line of a row with one that is stored');
SELECT is(result($$UPDATE wide SET prf_physn_npi_2 = 'N2', hcpcs_cd_2 = '97124'$$), '1', 'another provider in the same row is another day');
SELECT is(result($$UPDATE wide SET prf_physn_npi_2 = 'N1'$$), 'ptp', 'not after this');
SELECT claim_guard_add('wide', action => 'quarantine') \g /dev/null
SELECT is(result($$INSERT INTO wide (desynpuf_id, clm_id, clm_from_dt, prf_physn_npi_1, hcpcs_cd_1, prf_physn_npi_2, hcpcs_cd_2) VALUES ('P2', '8', '20240801', 'N1', '97140', 'N1', '97124')$$), '1', 'quarantine of a wide row');
SELECT is((SELECT count(*) || ' ' || max(row_data ->> 'hcpcs_cd_1') FROM claim_quarantine), '1 97140', 'moves the row with both lines, once');
DELETE FROM claim_quarantine;

-- ---------------------------------------------------------------- what is refused

-- triggers made by hand
SELECT is((error_of(format('CREATE TRIGGER by_hand %s ON c %s EXECUTE FUNCTION claimline_internal.claim_guard(%s); INSERT INTO c VALUES (''P6'', ''N1'', ''2024-08-01'', ''C2'', 1, ''97124'', ''GP'', 1, 15, ''M99.01'')', w, h, a))).state, s, format('by hand: %s %s (%s)', w, h, a))
FROM (VALUES ('AFTER INSERT', 'FOR EACH ROW', '''c''', '39P01'), ('BEFORE INSERT', 'FOR EACH STATEMENT', '''c''', '39P01'), ('AFTER INSERT', 'FOR EACH STATEMENT', '''c''', '39P01'),
	('AFTER INSERT', 'REFERENCING NEW TABLE AS n FOR EACH STATEMENT', '''c''', '39P01'),
	('AFTER INSERT', 'REFERENCING NEW TABLE AS claimline_new FOR EACH STATEMENT', '', '39P01'),
	('AFTER INSERT', 'REFERENCING NEW TABLE AS claimline_new FOR EACH STATEMENT', '''none''', '42704'),
	('AFTER INSERT', 'REFERENCING NEW TABLE AS claimline_new FOR EACH STATEMENT', '''u''', '55000'),
	-- what release 0.1.0 made has all arguments; the row of claim_guard goes before them
	('AFTER INSERT', 'REFERENCING NEW TABLE AS claimline_new FOR EACH STATEMENT', '''c'', ''none'', ''info'', ''reject'', ''practitioner''', NULL)) v (w, h, a, s);
DROP TRIGGER by_hand ON c;
DELETE FROM c WHERE patient = 'P6';
-- the row of a guard
SELECT is((error_of(format($$UPDATE claimline_internal.claim_guard SET %s WHERE source = 'c'; INSERT INTO c VALUES ('P6', 'N1', '2024-08-01', 'C2', 1, '97124', 'GP', 1, 15, 'M99.01')$$, v), undo => true)).state, s, v)
FROM (VALUES ('policy = ''none''', '42704'), ('at_least = ''worse''', '22P02'), ('action = ''track''', '23514'), ('service_type = ''night''', '22023')) t (v, s);
SELECT is((error_of($$DELETE FROM claimline_internal.claim_guard WHERE source = 'c'; INSERT INTO c VALUES ('P6', 'N1', '2024-08-01', 'C2', 1, '97124', 'GP', 1, 15, 'M99.01')$$, undo => true)).message,
	'claim source "c" has no guard', 'a trigger whose guard has no row');
SELECT throws_ok('SELECT claimline_internal.claim_guard()', '39P01');

-- what claim_guard_add refuses
SELECT is((error_of(format('SELECT claim_guard_add(%s)', a))).state, s, format('claim_guard_add(%s)', a))
FROM (VALUES ('''none''', '42704'), ('NULL', '42704'), ('''c'', ''none''', '42704'), ('''c'', NULL', '22004'), ('''c'', action => ''delete''', '22023'), ('''c'', action => NULL', '22004'),
	('''c'', at_least => NULL', '22004'), ('''c'', service_type => ''none''', '22023')) v (a, s);
CREATE VIEW v AS SELECT * FROM c;
SELECT claim_source_add('v', 'v', columns => mapping()) \g /dev/null
SELECT is((error_of($$SELECT claim_guard_add('v')$$)).message, 'claim source "v" is not over a table', 'a view cannot be guarded');
SELECT is(result($$INSERT INTO v VALUES ('P1', 'N1', '2024-08-01', 'C2', 1, '97124', 'GP', 2, 15, 'M99.01')$$), 'units-minutes', 'but a line through a view is');

-- --------------------------------------------------------------- quarantine

CREATE TABLE q (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, patient text, provider text, dos date, claim_id text, line_no int, code text, modifier text, units numeric, minutes int, dx text,
	twice numeric GENERATED ALWAYS AS (units * 2) STORED, "Ümlaut ""q""" text DEFAULT 'ü');
CREATE INDEX ON q (patient, provider, dos);
SELECT claim_source_add('q', 'q', columns => mapping()), claim_guard_add('q', action => 'quarantine') \g /dev/null
SELECT is(result($$INSERT INTO q (patient, provider, dos, claim_id, line_no, code, modifier, units, minutes, dx) VALUES ('P1', 'N1', '2024-08-01', 'C1', 1, '98940', 'AT', 1, NULL, 'M99.01'),
	('P1', 'N1', '2024-08-01', 'C1', 2, '97124', 'GP', 1, 15, 'M99.01'), ('P2', 'N1', '2024-08-01', 'C2', 1, '97124', 'GP', 1, 15, 'M99.01')$$), '3', 'quarantine: one bad line among good ones');
SELECT is((SELECT string_agg(claim_id || ' ' || line_no, ', ' ORDER BY id) FROM q), 'C1 1, C2 1', 'the good ones stay');
SELECT is((SELECT array_to_string(ARRAY[source, policy, relation, patient, provider, dos::text, event, row_data ->> 'id', row_data ->> 'twice', row_data ->> 'Ümlaut "q"', replaced::text, findings -> 0 ->> 'rule',
	jsonb_array_length(findings)::text], ' ', '-') FROM claim_quarantine), 'q medicare app.q P1 N1 2024-08-01 INSERT 2 2 ü - ptp 1', 'the bad one is aside, all of it');
SELECT is((SELECT (r.claim_id, r.line_no, r.twice)::text FROM claim_quarantine z, jsonb_populate_record(NULL::q, z.row_data) r), '(C1,2,2)', 'and is a row again by jsonb_populate_record');
SELECT is(result($$INSERT INTO q (patient, provider, dos, claim_id, line_no, code, modifier, units, minutes, dx)
	SELECT r.patient, r.provider, r.dos, r.claim_id, r.line_no, r.code, 'XS GP', r.units, r.minutes, 'M99.04' FROM claim_quarantine z, jsonb_populate_record(NULL::q, z.row_data) r$$), '1', 'restored with the modifier');
SELECT is((SELECT string_agg(claim_id || ' ' || line_no, ', ' ORDER BY id) FROM q), 'C1 1, C2 1, C1 2', 'it stays');
DELETE FROM claim_quarantine;
SELECT is(result($$INSERT INTO q (patient, provider, dos, claim_id, line_no, code, modifier, units, minutes, dx) VALUES ('P2', 'N1', '2024-08-01', 'C3', 1, '98940', 'AT', 1, NULL, 'M99.01')$$), '1', 'a line that makes a stored one wrong');
SELECT is((SELECT string_agg(row_data ->> 'claim_id' || ': ' || (findings -> 0 ->> 'claim_id'), ', ') FROM claim_quarantine), 'C3: C2', 'is moved itself, with the finding on the other');
SELECT is(result($$UPDATE q SET units = 5, claim_id = 'C2' WHERE claim_id = 'C2'$$), '1', 'an update that does not pass');
SELECT is((SELECT string_agg(event || ' ' || (replaced ->> 'units') || ' to ' || (row_data ->> 'units'), ', ') FROM claim_quarantine WHERE row_data ->> 'claim_id' = 'C2'), 'UPDATE 1 to 5', 'the row is aside as written and as it was');
SELECT is((SELECT count(*)::int FROM q WHERE claim_id = 'C2'), 0, 'and not in the table');
DELETE FROM claim_quarantine;
SELECT is(result($$INSERT INTO q (patient, provider, dos, claim_id, line_no, code, modifier, units, minutes, dx) SELECT 'P5', 'N1', '2024-08-01', 'C5', g, '97124', 'GP', 5, 15, 'M99.01' FROM generate_series(1, 4) g$$), '4', 'a statement with nothing right');
SELECT is((SELECT count(*)::int FROM q WHERE claim_id = 'C5') || '+' || (SELECT count(*) FROM claim_quarantine), '0+4', 'is moved as a whole');
-- a row that an earlier statement of the transaction wrote stays, though one that is moved is its equal
DELETE FROM claim_quarantine;
INSERT INTO q (patient, provider, dos, claim_id, line_no, code, modifier, units, minutes, dx) VALUES ('P9', 'N1', '2024-08-01', 'C9', 1, '97124', 'GP', 1, 15, 'M99.01');
INSERT INTO q (patient, provider, dos, claim_id, line_no, code, modifier, units, minutes, dx) VALUES ('P9', 'N1', '2024-08-01', 'C9', 1, '97124', 'GP', 1, 15, 'M99.01'), ('P9', 'N1', '2024-08-01', 'C9', 2, '98940', 'AT', 1, NULL, 'M99.01');
SELECT is((SELECT string_agg(code, ' ') FROM q WHERE claim_id = 'C9') || ' / ' || (SELECT string_agg(row_data ->> 'code', ' ' ORDER BY row_data ->> 'code') FROM claim_quarantine), '97124 / 97124 98940', 'what the statement wrote is aside, not what was there');
DELETE FROM claim_quarantine;
INSERT INTO q (patient, provider, dos, claim_id, line_no, code, modifier, units, minutes, dx, "Ümlaut ""q""") VALUES ('P6', 'N1', '2024-08-01', 'C6', NULL, '97124', 'GP', 1, 15, 'M99.01', 'first');
SELECT is(result($$INSERT INTO q (patient, provider, dos, claim_id, line_no, code, modifier, units, minutes, dx, "Ümlaut ""q""") VALUES ('P6', 'N1', '2024-08-01', 'C6', NULL, '97124', 'GP', 1, 15, 'M99.01', 'second')$$), '1', 'the same line again');
SELECT is((SELECT string_agg("Ümlaut ""q""", ', ') FROM q WHERE claim_id = 'C6') || ' ' || (SELECT string_agg(row_data ->> 'Ümlaut "q"', ', ') FROM claim_quarantine), 'first second', 'the stored one stays, the new one is moved');
DELETE FROM claim_quarantine;
SELECT is(result($$DELETE FROM q WHERE claim_id = 'C1' AND line_no = 1$$), '1', 'a delete moves nothing');
SELECT is((SELECT count(*)::int FROM claim_quarantine), 0, 'indeed');
-- the guard does not take its own delete for one of the user's
SELECT claim_source_track('q') \g /dev/null
DELETE FROM claimline_internal.claim_change;
INSERT INTO q (patient, provider, dos, claim_id, line_no, code, modifier, units, minutes, dx) VALUES ('P7', 'N1', '2024-08-01', 'C7', 1, '97124', 'GP', 3, 15, 'M99.01');
SELECT cmp_ok((SELECT count(*)::int FROM claimline_internal.claim_change WHERE patient = 'P7'), '>=', 1, 'tracking notes a day of which a row is moved aside');
-- rights: the writer has INSERT only
GRANT INSERT ON q TO guard_writer;
DELETE FROM claim_quarantine;
SELECT is(result_as('guard_writer', $$INSERT INTO app.q (patient, provider, dos, claim_id, line_no, code, modifier, units, minutes, dx) VALUES ('P8', 'N1', '2024-08-01', 'C7', 1, '97124', 'GP', 3, 15, 'M99.01')$$), '1', 'a user with nothing but INSERT');
SELECT is((SELECT count(*)::int FROM claim_quarantine), 1, 'has its line moved aside');

-- ---------------------------------------------------------------- annotate

SELECT claim_guard_add('q', action => 'annotate', at_least => 'deny') \g /dev/null
DELETE FROM q;
CREATE FUNCTION noted() RETURNS text LANGUAGE sql AS $$ SELECT coalesce(string_agg(concat_ws(' ', patient, dos, claim_id, line_no, rule), ', ' ORDER BY patient, dos, claim_id, line_no, rule), 'none') FROM claim_guard_finding WHERE source = 'q' $$;
SELECT is(result($$INSERT INTO q (patient, provider, dos, claim_id, line_no, code, modifier, units, minutes, dx) VALUES ('P1', 'N1', '2024-08-01', 'C1', 1, '98940', 'AT', 1, NULL, 'M99.01'),
	('P1', 'N1', '2024-08-01', 'C1', 2, '97124', 'GP', 1, 15, 'M99.01'), (NULL, NULL, NULL, 'C2', 1, '97124', 'GP', 1, 15, 'M99.01')$$), '3', 'annotate: all is taken');
SELECT is(noted(), 'P1 2024-08-01 C1 2 ptp', 'and noted');
SELECT is(result($$UPDATE q SET dos = '2024-08-03' WHERE patient = 'P1'$$), '2', 'the day moves');
SELECT is(noted(), 'P1 2024-08-03 C1 2 ptp', 'its findings with it');
SELECT is(result($$UPDATE q SET units = 2 WHERE line_no = 2$$), '1', 'it gets worse');
SELECT is(noted(), 'P1 2024-08-03 C1 2 ptp, P1 2024-08-03 C1 2 units-minutes', 'its findings are replaced');
SELECT is(result($$DELETE FROM q WHERE line_no = 2$$), '1', 'it gets right');
SELECT is(noted(), 'none', 'and they are gone');
SELECT is(result($$INSERT INTO q (claim_id, line_no, code, modifier, units) SELECT 'C9', g, '97124', 'XX', 1 FROM generate_series(1, 2) g$$), '2', 'a day without keys');
SELECT claim_guard_add('q', action => 'annotate', at_least => 'info') \g /dev/null
UPDATE q SET minutes = 15 WHERE claim_id = 'C9';
SELECT cmp_ok((SELECT count(*)::int FROM claim_guard_finding WHERE patient IS NULL AND dos IS NULL), '>', 1, 'has its findings too');
DELETE FROM q;
SELECT is(noted(), 'none', 'and loses them');

-- ------------------------------------------------- severity, policy, dates

DELETE FROM c;
SELECT claim_guard_add('c', at_least => 'deny') \g /dev/null
SELECT is(result($$INSERT INTO c VALUES ('L1', 'N1', '2024-08-01', 'C1', 1, '97124', 'GP', 1, NULL, 'M99.01')$$), '1', 'a line without minutes passes at deny');
SELECT claim_guard_add('c', at_least => 'review') \g /dev/null
SELECT is(result($$INSERT INTO c VALUES ('L2', 'N1', '2024-08-01', 'C1', 1, '97124', 'GP', 1, NULL, 'M99.01')$$), '1', 'at review');
SELECT claim_guard_add('c', at_least => 'unknown') \g /dev/null
SELECT is(result($$INSERT INTO c VALUES ('L3', 'N1', '2024-08-01', 'C1', 1, '97124', 'GP', 1, NULL, 'M99.01')$$), 'units-unknown', 'not at unknown');
SELECT claim_guard_add('c', at_least => 'deny') \g /dev/null
SELECT is(result($$INSERT INTO c VALUES ('L4', 'N1', '2031-08-01', 'C1', 1, '98940', 'AT', 1, NULL, 'M99.01'), ('L4', 'N1', '2031-08-01', 'C1', 2, '97124', 'GP', 1, 15, 'M99.01')$$), '2', 'outside the edition''s dates a pair is not denied');
SELECT is((SELECT string_agg(relation::text || ' ' || policy || ' ' || at_least || ' ' || action, ', ') FROM claim_guards WHERE source = 'c'), 'c medicare deny reject', 'claim_guard_add again replaces the guard');
SELECT is(triggers_of('c'), 'c_guard_delete A, c_guard_insert A, c_guard_update A', 'its triggers always fire');
INSERT INTO claim_policy (name, settings) VALUES ('house', '{"extends": "medicare", "severity": {"ptp": "info"}}');
SELECT claim_guard_add('c', 'house') \g /dev/null
SELECT is(result($$INSERT INTO c VALUES ('H1', 'N1', '2024-08-01', 'C1', 1, '98940', 'AT', 1, NULL, 'M99.01'), ('H1', 'N1', '2024-08-01', 'C1', 2, '97124', 'GP', 1, 15, 'M99.01')$$), '2', 'another policy');
UPDATE claim_policy SET settings = '{"extends": "medicare"}' WHERE name = 'house';
SELECT is(result($$INSERT INTO c VALUES ('H2', 'N1', '2024-08-01', 'C1', 1, '98940', 'AT', 1, NULL, 'M99.01'), ('H2', 'N1', '2024-08-01', 'C1', 2, '97124', 'GP', 1, 15, 'M99.01')$$), 'ptp', 'that is changed');
SAVEPOINT gone;
DELETE FROM claim_policy WHERE name = 'house';
SELECT is((error_of($$INSERT INTO c VALUES ('H3', 'N1', '2024-08-01', 'C1', 1, '98940', 'AT', 1, NULL, 'M99.01')$$)).message, 'policy "house" does not exist', 'and deleted');
ROLLBACK TO gone;
SELECT is(result($$INSERT INTO c VALUES ('H3', 'N1', '2024-08-01', 'C1', 1, '98940', 'AT', 1, NULL, 'M99.01')$$), '1', 'and is back after a rollback');
SELECT claim_guard_add('c') \g /dev/null

-- ------------------------------------------------- savepoints, replica, names

DELETE FROM c;
SAVEPOINT a;
INSERT INTO c VALUES ('P1', 'N1', '2024-08-01', 'C1', 1, '98940', 'AT', 1, NULL, 'M99.01');
ROLLBACK TO a;
SELECT is(result($$INSERT INTO c VALUES ('P1', 'N1', '2024-08-01', 'C1', 2, '97124', 'GP', 1, 15, 'M99.01')$$), '1', 'what was rolled back does not count');
SET LOCAL session_replication_role = replica;
SELECT is(result($$INSERT INTO c VALUES ('P1', 'N1', '2024-08-01', 'C1', 1, '98940', 'AT', 1, NULL, 'M99.01')$$), 'ptp', 'a guard fires in a replica session too');
SET LOCAL session_replication_role = origin;
CREATE SCHEMA trap;
CREATE FUNCTION trap.claimday(text, int, claimline) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'trapped'; END $$;
CREATE FUNCTION trap.eq(text, text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'trapped'; END $$;
CREATE OPERATOR trap.= (FUNCTION = trap.eq, LEFTARG = text, RIGHTARG = text);
CREATE FUNCTION trap.try_claimline(text, text[], numeric, int, date, time, text[], text[], text, boolean, int) RETURNS claimline LANGUAGE sql AS 'SELECT 1/0; SELECT NULL::claimline';
CREATE FUNCTION trap.age(xid) RETURNS int LANGUAGE sql AS 'SELECT 1/0';
CREATE TABLE trap.claimline_new (x int);
CREATE TABLE trap.claim_source (x int);
CREATE TABLE trap.pg_class (x int);
SELECT is(r, w, 'a search path with traps: ' || a) FROM (SELECT a, w, n, claim_guard_add('c', action => a), set_config('search_path', 'trap, pg_catalog, app, public, claims', true),
	(lib.error_of($$INSERT INTO app.c VALUES ('P1', 'N1', '2024-08-01', 'C1', 1, '98940', 'AT', 1, NULL, 'M99.01')$$))::text AS r, set_config('search_path', 'app, public, claims, lib', true)
	FROM (VALUES (1, 'quarantine', '(,,,,,,)'), (2, 'annotate', '(,,,,,,)')) v (n, a, w) ORDER BY n) x;
DELETE FROM c WHERE code = '98940';
SELECT claim_guard_add('c') \g /dev/null
SELECT set_config('search_path', 'trap, pg_catalog, app, public, claims', true) \g /dev/null
SELECT (lib.error_of($$INSERT INTO app.c VALUES ('P1', 'N1', '2024-08-01', 'C1', 1, '98940', 'AT', 1, NULL, 'M99.01')$$)).rule AS trapped \gset
SELECT set_config('search_path', 'app, public, claims, lib', true) \g /dev/null
SELECT is(:'trapped'::text, 'ptp', 'a search path with traps: reject');
DROP SCHEMA trap CASCADE;
SELECT claim_guard_add('c') \g /dev/null
CREATE SCHEMA "Büro ""1""";
CREATE TABLE "Büro ""1"""."Zeilen 'x' %I" ("Patient" bigint, "Nr ""1""" text, "Tag, $1" date, "select" text, "where" text, "m'od" text, "é" numeric, "min" int);
SELECT claim_source_add('Ä "q" ''s'' \n', '"Büro ""1"""."Zeilen ''x'' %I"'::regclass, columns => jsonb_build_object('patient', 'Patient', 'provider', 'Nr "1"', 'dos', 'Tag, $1', 'claim_id', 'select', 'code', 'where', 'modifiers', 'm''od',
	'units', 'é', 'minutes', 'min')), claim_guard_add('Ä "q" ''s'' \n', action => 'quarantine') \g /dev/null
SELECT is((SELECT (source, relation::text, policy, at_least, action, service_type, enabled)::text FROM claim_guards WHERE source LIKE 'Ä%'),
	ROW('Ä "q" ''s'' \n', '"Büro ""1"""."Zeilen ''x'' %I"', 'medicare', 'deny', 'quarantine', 'practitioner', true)::text, 'names with quotes and umlauts');
INSERT INTO "Büro ""1"""."Zeilen 'x' %I" VALUES (1, 'N', '2024-08-01', 'C1', '98940', 'AT', 1, NULL), (1, 'N', '2024-08-01', 'C2', '97124', 'GP', 1, 15);
SELECT is((SELECT relation || ' ' || (row_data ->> 'where') FROM claim_quarantine WHERE source LIKE 'Ä%'), '"Büro ""1"""."Zeilen ''x'' %I" 97124', 'quarantine there');
SELECT claim_guard_add('Ä "q" ''s'' \n') \g /dev/null
SELECT is((SELECT e.rule || ' ' || e.schema || ' ' || e.relation FROM error_of($$INSERT INTO "Büro ""1"""."Zeilen 'x' %I" VALUES (1, 'N', '2024-08-01', 'C2', '97124', 'GP', 1, 15)$$) e), 'ptp Büro "1" Zeilen ''x'' %I', 'an error there');

-- ------------------------------------------------------------ what changes

SELECT make('d', ', note text'), claim_guard_add('d') \g /dev/null
INSERT INTO d VALUES ('P1', 'N1', '2024-08-01', 'C1', 1, '98940', 'AT', 1, NULL, 'M99.01');
CREATE FUNCTION conflict(t text) RETURNS text LANGUAGE sql AS $$ SELECT app.result(format($i$INSERT INTO %s VALUES ('P1', 'N1', '2024-08-01', 'C2', 1, '97124', 'GP', 1, 15, 'M99.01')$i$, t)) $$;
SELECT is(conflict('d'), 'ptp', 'before anything is changed');
ALTER TABLE d RENAME COLUMN code TO hcpcs;
SELECT is(conflict('d'), 'ptp', 'a renamed column');
ALTER TABLE d ADD COLUMN more int DEFAULT 3;
SELECT is(conflict('d'), 'ptp', 'a new column');
ALTER TABLE d DROP COLUMN note;
SELECT is(conflict('d'), 'ptp', 'a dropped one that is not mapped');
SELECT alike((error_of('ALTER TABLE d DROP COLUMN hcpcs')).message, 'cannot drop column hcpcs%', 'a mapped one is not dropped');
SELECT is((error_of('ALTER TABLE d ALTER COLUMN minutes TYPE bigint')).state, '0A000', 'nor its type changed');
ALTER TABLE d RENAME TO d2;
SELECT is(conflict('d2'), 'ptp', 'a renamed table');
ALTER TABLE d2 SET SCHEMA public;
SELECT is(conflict('public.d2'), 'ptp', 'a table in another schema');
ALTER TABLE public.d2 SET SCHEMA app;
ALTER TABLE d2 DISABLE TRIGGER d_guard_insert;
SELECT is((SELECT enabled FROM claim_guards WHERE source = 'd'), false, 'a disabled trigger shows in claim_guards');
ALTER TABLE d2 OWNER TO guard_other;
ALTER TABLE d2 ENABLE ALWAYS TRIGGER d_guard_insert;
SELECT is(conflict('d2'), 'ptp', 'a table of another owner: the source''s owner has the rights of a superuser');
SELECT claim_source_drop('d') \g /dev/null
SELECT is(triggers_of('d2'), 'none', 'claim_source_drop takes the triggers away');
SELECT is(conflict('d2'), '1', 'and the table is as any other');
SELECT make('e'), claim_guard_add('e'), claim_source_track('e') \g /dev/null
DROP TABLE e CASCADE;
SELECT is((SELECT state FROM claim_sources WHERE name = 'e'), 'relation dropped', 'the table dropped');
SELECT is((error_of($$SELECT claim_guard_add('e')$$)).state, '42P01', 'it cannot be guarded any more');
SELECT is(result($$SELECT claim_source_drop('e')$$), '1', 'its source can be dropped');
SELECT is((error_of($$SELECT claim_guard_drop('c'), claim_guard_drop('c')$$)).message, 'claim source "c" has no guard', 'claim_guard_drop twice');
-- a view of the source dropped
SELECT make('f'), claim_guard_add('f') \g /dev/null
INSERT INTO f VALUES ('P1', 'N1', '2024-08-01', 'C1', 1, '98940', 'AT', 1, NULL, 'M99.01');
DROP VIEW f_lines;
SELECT is(conflict('f'), 'ptp', 'a guard does not need the view');
ALTER TABLE f ALTER COLUMN patient TYPE varchar(10);
SELECT is(conflict('f'), 'ptp', 'and without it a column changes its type');
ALTER TABLE f DROP COLUMN dx;
SELECT is((error_of($$INSERT INTO f VALUES ('P1', 'N1', '2024-08-01', 'C2', 1, '97124', 'GP', 1, 15)$$)).message, 'column "dx" of relation app.f is gone', 'a mapped column that is gone is said');

-- ------------------------------------------------------------------ tracking

SELECT make('k'), claim_source_track('k') \g /dev/null
CREATE FUNCTION changes() RETURNS text LANGUAGE sql AS $$ WITH d AS (DELETE FROM claimline_internal.claim_change WHERE source = 'k' RETURNING *)
	SELECT coalesce(string_agg(CASE WHEN whole THEN 'whole' ELSE concat_ws(' ', coalesce(patient, '-'), coalesce(provider, '-'), coalesce(dos::text, '-')) END, ', ' ORDER BY patient, dos), 'none') FROM d $$;
SELECT is(changes(), 'whole', 'tracking begins with the whole table');
INSERT INTO k VALUES ('P1', 'N1', '2024-08-01', 'C1', 1, '98940', 'AT', 1, NULL, 'M99.01'), ('P1', 'N1', '2024-08-01', 'C1', 2, '97124', 'GP', 1, 15, 'M99.01'), (NULL, NULL, NULL, 'C1', 2, '97124', 'GP', 1, 15, 'M99.01');
SELECT is(changes(), 'P1 N1 2024-08-01, - - -', 'INSERT: each day once');
UPDATE k SET dos = '2024-08-02' WHERE line_no = 2 AND patient = 'P1';
SELECT is(changes(), 'P1 N1 2024-08-01, P1 N1 2024-08-02', 'UPDATE: the day left and the day entered');
UPDATE k SET units = units;
SELECT is(changes(), 'none', 'UPDATE of nothing');
DELETE FROM k WHERE patient IS NULL;
SELECT is(changes(), '- - -', 'DELETE');
SAVEPOINT t;
INSERT INTO k VALUES ('P3', 'N1', '2024-08-01', 'C1', 1, '98940', 'AT', 1, NULL, 'M99.01');
ROLLBACK TO t;
SELECT is(changes(), 'none', 'what was rolled back');
TRUNCATE k;
SELECT is(changes(), 'whole', 'TRUNCATE');
GRANT INSERT ON k TO guard_writer;
SELECT is(result_as('guard_writer', $$INSERT INTO app.k VALUES ('P3', 'N1', '2024-08-01', 'C1', 1, '98940', 'AT', 1, NULL, 'M99.01')$$), '1', 'by a user with nothing but INSERT');
SELECT is(result_as('guard_writer', 'SELECT FROM claimline_internal.claim_change'), '0', 'who does not see it');
SELECT is(changes(), 'P3 N1 2024-08-01', 'it is noted');
SELECT claim_source_untrack('k') \g /dev/null
SELECT is(triggers_of('k'), 'none', 'claim_source_untrack takes the triggers away');

-- ------------------------------------------------------------- the extension

SELECT claim_guard_add('u') \g /dev/null
DROP EXTENSION claimline CASCADE;
SELECT is((SELECT count(*)::int FROM pg_trigger WHERE tgname LIKE '%\_guard\_%' OR tgname LIKE '%\_track\_%'), 0, 'DROP EXTENSION takes the triggers with it');
SELECT is(conflict('u'), '1', 'the tables are as any others');
CREATE EXTENSION claimline;
SELECT claim_source_add('u', 'u', columns => mapping()) \g /dev/null
SELECT claim_guard_add('u') \g /dev/null
SELECT is(result($$INSERT INTO u VALUES ('P1', 'N1', '2024-08-01', 'C4', 1, '97140', 'GP', 1, 15, 'M99.01')$$), 'ptp', 'and are guarded again by the extension made again');

SELECT * FROM finish();
ROLLBACK;

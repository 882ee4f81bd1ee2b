-- Keys of every type that can be grouped and hashed: days are what GROUP BY makes of the columns, by every method, whatever the
-- settings of whoever writes and scans.  The oracle is that GROUP BY.  keys.sql has citext, and what guards do.

\i test/tap/lib.sql

SELECT no_plan();

SELECT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'citext') AS has_citext,
	EXISTS (SELECT FROM pg_collation WHERE collprovider = 'i') AS has_icu \gset
SET client_min_messages = error;

CREATE DOMAIN mbi AS char(11) CHECK (VALUE ~ '^.{1,11}$');
CREATE DOMAIN number AS numeric NOT NULL;
CREATE DOMAIN number_of_number AS number CHECK (VALUE > 0);
CREATE TYPE color AS ENUM ('red', 'green');
CREATE TYPE pair AS (a numeric, b text);

-- two spellings of one key where a type has them, and another key that is near
CREATE TABLE kind (name text PRIMARY KEY, type text, one text, same text, other text);
INSERT INTO kind VALUES
	('char', 'char(11)', '1AA0A00AA00', '1AA0A00AA00', '1AA0A00AA01'), ('padded', 'char(11)', '1AA0', '1AA0   ', '1AA1'),
	('char1', 'char', 'a', 'a', 'b'), ('bpchar', 'bpchar', 'ab', 'ab  ', 'ac'), ('internal_char', '"char"', 'a', 'a', 'b'),
	('of_char', 'mbi', '1AA0A00AA00', '1AA0A00AA00', '1AA0A00AA01'), ('varchar', 'varchar(11)', '1AA0A00AA00', '1AA0A00AA00', '1AA0A00AA01'),
	('text', 'text', 'P1', 'P1', 'p1'), ('name', 'name', 'P1', 'P1', 'p1'), ('int2', 'smallint', '1', '1', '2'), ('int8', 'bigint', '1', '1', '2'),
	('numeric', 'numeric', '1', '1.00', '1.01'), ('numeric_2', 'numeric(10,2)', '1', '1.00', '1.01'), ('of_numeric', 'number', '1', '1.00', '1.01'),
	('of_domain', 'number_of_number', '1', '1.0', '1.01'), ('float8', 'float8', '0', '-0', '1e-300'), ('near', 'float8', '0.3', '0.3', '0.30000000000000004'),
	('float4', 'float4', '0', '-0', '0.1'), ('uuid', 'uuid', 'a0eebc999c0b4ef8bb6d6bb9bd380a11', 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11', 'a0eebc999c0b4ef8bb6d6bb9bd380a12'),
	('date', 'date', '2001-02-03', '20010203', '2001-03-02'), ('timestamp', 'timestamp', '2001-02-03 01:00', '2001-02-03 01:00:00', '2001-03-02 01:00'),
	('timestamptz', 'timestamptz', '2001-02-03 01:00+00', '2001-02-03 02:00+01', '2001-02-03 01:00+01'), ('interval', 'interval', '1 day', '24:00:00', '1 day 1 second'),
	('time', 'time', '01:00', '01:00:00', '01:00:01'), ('bytea', 'bytea', '\x01ff', '\x01FF', '\x01fe'), ('bool', 'boolean', 't', 'yes', 'f'), ('enum', 'color', 'red', 'red', 'green'),
	('inet', 'inet', '10.0.0.1', '10.0.0.1/32', '10.0.0.2'), ('jsonb', 'jsonb', '{"a": 1, "b": 2}', '{"b": 2, "a": 1.0}', '{"a": 1}'), ('array', 'numeric[]', '{1,2}', '{1.0,2.00}', '{1,2.01}'),
	('range', 'numrange', '[1,2)', '[1.0,2.0)', '[1,3)'), ('row', 'pair', '(1,x)', '(1.0,x)', '(1,y)');
\if :has_icu
CREATE COLLATION public.any_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE DOMAIN folded AS text COLLATE any_case;
INSERT INTO kind VALUES ('collated', 'text COLLATE any_case', 'Pa', 'pA', 'Pb'), ('collated_varchar', 'varchar(9) COLLATE any_case', 'Pa', 'pA', 'Pb'),
	('collated_char', 'char(9) COLLATE any_case', 'Pa', 'pA', 'Pb'), ('of_collated', 'folded', 'Pa', 'pA', 'Pb'), ('c', 'text COLLATE "C"', 'Pa', 'Pa', 'pA');
\endif
\if :has_citext
CREATE EXTENSION citext;
CREATE DOMAIN person AS citext;
INSERT INTO kind VALUES ('citext', 'citext', 'Pa', 'pA', 'Pb'), ('of_citext', 'person', 'Pa', 'pA', 'Pb');
\endif

-- the settings of a client that is unlike a scan
CREATE PROCEDURE other_client(other boolean) LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config(s.name, CASE WHEN other THEN s.value ELSE s.usual END, false)
	FROM (VALUES ('timezone', 'Asia/Kathmandu', 'UTC'), ('datestyle', 'SQL, DMY', 'ISO, MDY'), ('extra_float_digits', '-10', '1'),
		('intervalstyle', 'sql_standard', 'postgres'), ('bytea_output', 'escape', 'hex'), ('array_nulls', 'off', 'on')) s (name, value, usual);
END $$;

CREATE PROCEDURE make(method text) LANGUAGE plpgsql AS $$
DECLARE
	k kind;
BEGIN
	FOR k IN TABLE kind LOOP
		EXECUTE format('CREATE TABLE %I (patient %s, provider %2$s, dos date, claim_id text, line_no int, code text, modifiers text, units int, dx text, changed int)',
			method || '_' || k.name, k.type);
		EXECUTE format('INSERT INTO %I SELECT %L, p, date ''2024-08-01'' + d, concat(''C'', d, n, p), n, c, m, 1, ''M99.01'', 1
			FROM generate_series(0, 2) d, (VALUES (%2$L::%3$s), (%4$L)) p (p), (VALUES (1, ''98940'', ''AT''), (2, ''97124'', ''GP'')) c (n, c, m)
			WHERE n = 1 OR d > 0', method || '_' || k.name, k.one, k.type, k.other);
		PERFORM claim_source_add(method || '_' || k.name, (method || '_' || k.name)::regclass, watermark => 'changed', columns => (
			SELECT jsonb_object_agg(c, c) FROM unnest('{patient,provider,dos,claim_id,line_no,code,modifiers,units,dx}'::text[]) c));
		IF method = 'log' THEN
			PERFORM claim_source_track(method || '_' || k.name);
		END IF;
	END LOOP;
END $$;

-- kinds whose stored findings and days are not those of GROUP BY, which it reports
CREATE FUNCTION differs(method text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	k kind;
	bad text;
BEGIN
	FOR k IN TABLE kind ORDER BY name LOOP
		EXECUTE format($sql$
			WITH days AS (
				SELECT claimday(claim_id, line_no, try_claimline(code => code, modifiers => string_to_array(modifiers, ','), units => units, dos => dos, dx => string_to_array(dx, ','))) AS day
				FROM %I GROUP BY patient, provider, dos
			), wanted AS (
				SELECT e.* FROM days, claim_edits(day, ruleset('medicare')) e WHERE severity >= 'review' AND rule <> 'edition-coverage'
			), stored AS (
				SELECT claim_id, line_no, rule, severity, message, with_claim_id, with_line_no, suggestion, condition, carc, rarc, citation, covered, facts
				FROM claim_findings WHERE source = %1$L
			)
			SELECT concat_ws(', ', (SELECT 'missing ' || count(*) FROM (SELECT w::text FROM wanted w EXCEPT ALL SELECT s::text FROM stored s) x HAVING count(*) > 0),
				(SELECT 'surplus ' || count(*) FROM (SELECT s::text FROM stored s EXCEPT ALL SELECT w::text FROM wanted w) x HAVING count(*) > 0),
				(SELECT 'days ' || d.n || ' not ' || w.n FROM (SELECT count(*) AS n FROM claimline_internal.claim_scan_day WHERE source = %1$L) d,
					(SELECT count(*) AS n FROM days) w WHERE d.n <> w.n),
				(SELECT 'pending' WHERE EXISTS (SELECT FROM claimline_internal.claim_scan_pending WHERE source = %1$L)))$sql$, method || '_' || k.name) INTO bad;
		IF bad <> '' THEN
			RETURN NEXT k.name || ': ' || bad;
		END IF;
	END LOOP;
END $$;

CREATE PROCEDURE scan(method text) LANGUAGE plpgsql AS $$
DECLARE
	k kind;
BEGIN
	FOR k IN TABLE kind LOOP
		COMMIT;
		CALL claim_scan(method || '_' || k.name, method => $1);
	END LOOP;
END $$;

-- TABLE in a statement is each table
CREATE PROCEDURE each(method text, statement text) LANGUAGE plpgsql AS $$
DECLARE
	k kind;
BEGIN
	FOR k IN TABLE kind LOOP
		EXECUTE replace(replace(replace(replace(replace(statement, 'TABLE', quote_ident(method || '_' || k.name)), 'ONE', quote_literal(k.one)), 'SAME', quote_literal(k.same)),
			'OTHER', quote_literal(k.other)), 'TYPE', regexp_replace(k.type, ' COLLATE.*', ''));
	END LOOP;
END $$;

CREATE TABLE step (no int GENERATED ALWAYS AS IDENTITY, statement text);
CREATE FUNCTION step(statement text) RETURNS void LANGUAGE sql AS $$ INSERT INTO step (statement) VALUES ($1) $$;
\o /dev/null
INSERT INTO step (statement) VALUES ($$CALL make('METHOD')$$);
INSERT INTO step (statement) VALUES ($$CALL scan('METHOD')$$);
INSERT INTO step (statement) VALUES ($$SELECT is(string_agg(d, E'\n'), NULL, 'METHOD: the first scan') FROM differs('METHOD') d$$);

-- a pair on a day, the second line in another spelling of the keys
INSERT INTO step (statement) VALUES ($$CALL other_client(true)$$);
INSERT INTO step (statement) VALUES ($$CALL each('METHOD', 'INSERT INTO TABLE VALUES (SAME, SAME, ''2024-08-01'', ''N1'', 1, ''97124'', ''GP'', 1, ''M99.01'', 2)')$$);
INSERT INTO step (statement) VALUES ($$CALL other_client(false)$$);
INSERT INTO step (statement) VALUES ($$CALL scan('METHOD')$$);
INSERT INTO step (statement) VALUES ($$SELECT is(string_agg(d, E'\n'), NULL, 'METHOD: a row that is added, by a client of other settings') FROM differs('METHOD') d$$);
INSERT INTO step (statement) VALUES ($$SELECT is(min(n), 1::bigint, 'METHOD: is seen beside the line that was there')
	FROM (SELECT count(f.rule) FILTER (WHERE f.rule = 'ptp' AND f.claim_id = 'N1') AS n FROM kind k LEFT JOIN claim_findings f ON f.source = 'METHOD_' || k.name GROUP BY k.name) x$$);

-- moved to the other key, by a scan of other settings; another one cured
INSERT INTO step (statement) VALUES ($$CALL each('METHOD', 'UPDATE TABLE SET patient = OTHER, changed = 3 WHERE claim_id = ''N1''')$$);
INSERT INTO step (statement) VALUES ($$CALL each('METHOD', 'UPDATE TABLE SET modifiers = ''GP,59'', dx = ''M54.2'', changed = 3 WHERE dos = ''2024-08-02'' AND line_no = 2')$$);
INSERT INTO step (statement) VALUES ($$CALL other_client(true)$$);
INSERT INTO step (statement) VALUES ($$CALL scan('METHOD')$$);
INSERT INTO step (statement) VALUES ($$CALL other_client(false)$$);
INSERT INTO step (statement) VALUES ($$SELECT is(string_agg(d, E'\n'), NULL, 'METHOD: moved and cured, seen by a scan of other settings') FROM differs('METHOD') d$$);

-- the rules change: days are found by their code
INSERT INTO step (statement) VALUES ($$UPDATE claim_policy SET settings = settings || '{"daily_limits": {"98940": 5}}' WHERE name = 'medicare'$$);
INSERT INTO step (statement) VALUES ($$CALL scan('METHOD')$$);
INSERT INTO step (statement) VALUES ($$SELECT is(string_agg(d, E'\n'), NULL, 'METHOD: other rules') FROM differs('METHOD') d$$);
INSERT INTO step (statement) VALUES ($$UPDATE claim_policy SET settings = settings - 'daily_limits' WHERE name = 'medicare'$$);
INSERT INTO step (statement) VALUES ($$CALL scan('METHOD')$$);
INSERT INTO step (statement) VALUES ($$SELECT is(string_agg(d, E'\n'), NULL, 'METHOD: and back') FROM differs('METHOD') d$$);

-- another spelling is no change, and closes nothing
INSERT INTO step (statement) VALUES ($$CREATE TABLE before AS SELECT id FROM claim_findings$$);
INSERT INTO step (statement) VALUES ($$CALL each('METHOD', 'UPDATE TABLE SET patient = SAME, changed = 4 WHERE patient = ONE::TYPE')$$);
INSERT INTO step (statement) VALUES ($$CALL scan('METHOD')$$);
INSERT INTO step (statement) VALUES ($$SELECT is(string_agg(d, E'\n'), NULL, 'METHOD: another spelling') FROM differs('METHOD') d$$);
INSERT INTO step (statement) VALUES ($$SELECT is((SELECT count(*) FROM before b WHERE NOT EXISTS (SELECT FROM claim_findings f WHERE f.id = b.id)), 0::bigint, 'METHOD: closes nothing')$$);
INSERT INTO step (statement) VALUES ($$DROP TABLE before$$);
INSERT INTO step (statement) VALUES ($$CALL each('METHOD', 'DELETE FROM TABLE WHERE provider = OTHER::TYPE')$$);
INSERT INTO step (statement) VALUES ($$CALL scan('METHOD')$$);
INSERT INTO step (statement) VALUES ($$SELECT is(string_agg(d, E'\n'), NULL, 'METHOD: deleted') FROM differs('METHOD') d$$);
INSERT INTO step (statement) VALUES ($$CALL each('METHOD', 'TRUNCATE TABLE')$$);
INSERT INTO step (statement) VALUES ($$CALL scan('METHOD')$$);
INSERT INTO step (statement) VALUES ($$SELECT is(string_agg(d, E'\n'), NULL, 'METHOD: emptied') FROM differs('METHOD') d$$);

\o
SELECT replace(statement, 'METHOD', method) FROM unnest('{hash,log,watermark}'::text[]) method, step ORDER BY method, no \gexec

-- what cannot be grouped and hashed is refused
CREATE TABLE bits (patient bit(4), dos date, code text);
SELECT throws_ok($$SELECT claim_source_add('bits', 'bits', columns => '{"patient": "patient", "dos": "dos", "code": "code"}')$$, '42804');

SELECT * FROM finish();

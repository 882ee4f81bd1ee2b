-- Nights over tables of every kind: after each scan, by every method, what is stored is what a full recomputation finds: on a plain
-- table, a partitioned one, one with a foreign partition, one that others inherit from, and a foreign table (postgres_fdw over this
-- server), with keys of types of which equal values are written in several ways; rows come, change, move and go by way of the table and
-- behind its back, partitions and heirs too, tables are emptied and loaded again, and the rules change.
--
-- The oracle is the analyst's query over the table, without the view of the source.

\i test/tap/lib.sql

SELECT no_plan();

CREATE EXTENSION postgres_fdw;
SELECT format('CREATE SERVER here FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host %L, port %L, dbname %L)', split_part(current_setting('unix_socket_directories'), ',', 1),
	current_setting('port'), current_database()) \gexec
SELECT format('CREATE USER MAPPING FOR CURRENT_USER SERVER here OPTIONS (user %L)', current_user) \gexec
CREATE SCHEMA away;

CREATE DOMAIN mbi AS char(11) CHECK (VALUE ~ '^[A-Z0-9 ]+$');
CREATE SEQUENCE change;

-- the types of patient and provider, two spellings of each key, and how a table is made
CREATE TABLE kind (name text PRIMARY KEY, patient text, provider text, patients text[], providers text[]);
INSERT INTO kind VALUES
	('plain', 'char(11)', 'numeric', '{1AA0A00AA00,1AA0A00AA01,1AA0,1AA1}', '{1,1.0,2,2.50,2.5}'),
	('parted', 'mbi', 'float8', '{1AA0A00AA00,1AA0A00AA01,1AA0}', '{0,-0,1e-300,0.30000000000000004,0.3}'),
	('mixed', 'text', 'char(10)', '{P1,P2,p1}', '{1999000001,1999000002,"1999  "}'),
	('heirs', 'varchar(9)', 'interval', '{P1,P2,P3}', '{1 day,24:00:00,25:00:00}'),
	('foreign', 'char(11)', 'numeric(12,2)', '{1AA0A00AA00,1AA0A00AA01}', '{1,1.00,2}');

-- behind its back: the tables that rows are written to beside the table itself
CREATE TABLE place (kind text, target text);
INSERT INTO place VALUES ('plain', 'plain'), ('parted', 'parted'), ('parted', 'parted_1'), ('mixed', 'mixed_1'), ('mixed', 'away.mixed_2'), ('heirs', 'heirs'), ('heirs', 'heirs_1'), ('heirs', 'heirs_2'),
	('foreign', 'away."foreign"'), ('foreign', '"foreign"');

CREATE PROCEDURE make(k kind) LANGUAGE plpgsql AS $$
DECLARE
	columns text := format('(id bigint, patient %s, provider %s, dos date, claim text, no int, code text, mods text, units int, minutes int, billed numeric, changed bigint)', k.patient, k.provider);
BEGIN
	CASE k.name
		WHEN 'plain' THEN
			EXECUTE 'CREATE TABLE plain ' || columns;
		WHEN 'parted' THEN
			EXECUTE 'CREATE TABLE parted ' || columns || ' PARTITION BY RANGE (dos)';
			CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM ('2024-01-01') TO ('2024-08-01');
			CREATE TABLE parted_2 PARTITION OF parted FOR VALUES FROM ('2024-08-01') TO ('2024-08-03');
			CREATE TABLE parted_3 PARTITION OF parted DEFAULT;
		WHEN 'mixed' THEN
			EXECUTE 'CREATE TABLE mixed ' || columns || ' PARTITION BY RANGE (dos)';
			EXECUTE 'CREATE TABLE away.mixed_2 ' || columns;
			CREATE TABLE mixed_1 PARTITION OF mixed FOR VALUES FROM ('2024-01-01') TO ('2024-08-02');
			CREATE FOREIGN TABLE mixed_2 PARTITION OF mixed FOR VALUES FROM ('2024-08-02') TO ('2025-01-01') SERVER here OPTIONS (schema_name 'away');
		WHEN 'heirs' THEN
			EXECUTE 'CREATE TABLE heirs ' || columns;
			CREATE TABLE heirs_1 () INHERITS (heirs);
			CREATE TABLE heirs_2 () INHERITS (heirs_1);
		WHEN 'foreign' THEN
			EXECUTE 'CREATE TABLE away."foreign" ' || columns;
			EXECUTE 'CREATE FOREIGN TABLE "foreign" ' || columns || ' SERVER here OPTIONS (schema_name ''away'')';
	END CASE;
	PERFORM claim_source_add(k.name || '_' || m, quote_ident(k.name)::regclass, charge => 'billed', watermark => CASE m WHEN 'mark' THEN 'changed' END, columns => '{"patient": "patient", "provider": "provider",
		"dos": "dos", "claim_id": "claim", "line_no": "no", "code": "code", "modifiers": "mods", "units": "units", "minutes": "minutes"}')
	FROM unnest('{hash,mark,log}'::text[]) m;
	IF k.name <> ALL ('{foreign,mixed}') THEN
		PERFORM claim_source_track(k.name || '_log');
	END IF;
END $$;
DO $$
DECLARE
	k kind;
BEGIN
	FOR k IN TABLE kind LOOP
		CALL make(k);
	END LOOP;
END $$;

-- rows drawn into a place; those of a partition have its dates
CREATE PROCEDURE put(k kind, target text, seed int, n int) LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format($sql$
		INSERT INTO %s (id, patient, provider, dos, claim, no, code, mods, units, minutes, billed, changed)
		SELECT %L * 1000 + i, CASE WHEN draw(i, %2$s, 15) > 0 THEN (%3$L::text[])[1 + draw(i, %2$s + 1, %4$s)]::%5$s END,
			CASE WHEN draw(i, %2$s + 2, 15) > 0 THEN (%6$L::text[])[1 + draw(i, %2$s + 3, %7$s)]::%8$s END,
			CASE WHEN %9$s > 2 AND draw(i, %2$s + 4, 20) = 0 THEN NULL ELSE date '2024-07-31' + draw(i, %2$s + 5, %9$s) END,
			CASE WHEN draw(i, %2$s + 6, 9) > 0 THEN 'C' || draw(i, %2$s + 7, 40) END, nullif(draw(i, %2$s + 8, 4), 0), (ARRAY['97110', '97140', '97124', '98941', '97530', '9711'])[1 + draw(i, %2$s + 9, 6)],
			(ARRAY['GP', 'GP,59', 'AT', ''])[1 + draw(i, %2$s + 10, 4)], 1 + draw(i, %2$s + 11, 4), nullif(draw(i, %2$s + 12, 60), 0), draw(i, %2$s + 13, 90), nextval('change')
		FROM generate_series(1, %10$s) i$sql$, target, seed, k.patients, cardinality(k.patients), k.patient, k.providers, cardinality(k.providers), k.provider,
		CASE target WHEN 'parted_1' THEN 1 WHEN 'mixed_1' THEN 2 WHEN 'away.mixed_2' THEN 2 ELSE 4 END, n);
	IF target = 'away.mixed_2' THEN
		EXECUTE format('UPDATE %s SET dos = dos + 2 WHERE dos < ''2024-08-02'' OR dos IS NULL', target);
	END IF;
END $$;

-- a night of a table: what happens is drawn
CREATE PROCEDURE night(k kind, n int) LANGUAGE plpgsql AS $$
DECLARE
	targets text[] := ARRAY(SELECT p.target FROM place p WHERE p.kind = k.name AND to_regclass(p.target) IS NOT NULL ORDER BY 1);
	target text := targets[1 + draw(n, hashtext(k.name), cardinality(targets))];
	seed int := n * 100;
BEGIN
	CALL put(k, target, seed, 8);
	EXECUTE format('UPDATE %s SET units = 1 + draw(id, %s, 5), changed = nextval(''change'') WHERE draw(id, %s, 12) = 0', target, seed + 20, seed + 21);
	EXECUTE format('UPDATE %s SET billed = draw(id, %s, 500), changed = nextval(''change'') WHERE draw(id, %s, 25) = 0', target, seed + 22, seed + 23);
	EXECUTE format('UPDATE %s SET patient = %L::text::%s, changed = nextval(''change'') WHERE draw(id, %s, 25) = 0', target, k.patients[1 + draw(n, 1, cardinality(k.patients))], k.patient, seed + 24);
	EXECUTE format('UPDATE %s SET provider = %L::text::%s, changed = nextval(''change'') WHERE draw(id, %s, 25) = 0', target, k.providers[1 + draw(n, 2, cardinality(k.providers))], k.provider, seed + 25);
	EXECUTE format('DELETE FROM %s WHERE draw(id, %s, 20) = 0', target, seed + 26);
	-- moved to another day, and to another partition where the table can
	IF target = k.name THEN
		EXECUTE format('UPDATE %s SET dos = date ''2024-07-31'' + draw(id, %s, 4), changed = nextval(''change'') WHERE draw(id, %s, 20) = 0', target, seed + 27, seed + 28);
	END IF;
	CASE draw(n, 3 + hashtext(k.name), 8)
		WHEN 0 THEN
			-- loaded again, with the same
			EXECUTE format('CREATE TEMP TABLE reload AS TABLE %s', target);
			EXECUTE format('DELETE FROM %s', target);
			EXECUTE format('INSERT INTO %s SELECT * FROM reload', target);
			DROP TABLE reload;
		WHEN 1 THEN
			-- emptied, and loaded with something else
			EXECUTE format('TRUNCATE %s', target);
			CALL put(k, target, seed + 50, 60);
		WHEN 2 THEN
			-- a day less
			EXECUTE format('DELETE FROM %s t WHERE ROW(t.patient, t.provider, t.dos)::text = (SELECT ROW(x.patient, x.provider, x.dos)::text FROM %1$s x ORDER BY draw(x.id, %s, 1000) LIMIT 1)', target, seed);
		WHEN 3 THEN
			-- a partition, an heir comes or goes
			IF k.name = 'parted' AND EXISTS (SELECT FROM pg_inherits WHERE inhrelid = 'parted_2'::regclass) THEN
				ALTER TABLE parted DETACH PARTITION parted_2;
				EXECUTE (SELECT coalesce(string_agg(format('DROP TRIGGER %I ON parted_2', tgname), ';'), 'SELECT') FROM pg_trigger WHERE tgrelid = 'parted_2'::regclass AND NOT tgisinternal);
			ELSIF k.name = 'heirs' AND EXISTS (SELECT FROM pg_inherits WHERE inhrelid = 'heirs_2'::regclass) THEN
				ALTER TABLE heirs_2 NO INHERIT heirs_1;
			END IF;
		WHEN 4 THEN
			IF k.name = 'parted' AND NOT EXISTS (SELECT FROM pg_inherits WHERE inhrelid = 'parted_2'::regclass) THEN
				DELETE FROM parted WHERE dos >= '2024-08-01' AND dos < '2024-08-03';
				ALTER TABLE parted ATTACH PARTITION parted_2 FOR VALUES FROM ('2024-08-01') TO ('2024-08-03');
			ELSIF k.name = 'heirs' AND NOT EXISTS (SELECT FROM pg_inherits WHERE inhrelid = 'heirs_2'::regclass) THEN
				ALTER TABLE heirs_2 INHERIT heirs_1;
			END IF;
		WHEN 5, 6 THEN
			-- made anew under the same name, with the columns in another order; and with another row
			IF k.name = 'plain' THEN
				CREATE TABLE plain__new AS SELECT changed, billed, minutes, units, mods, code, no, claim, dos, provider, patient, id FROM plain;
				UPDATE plain__new SET units = 7 WHERE id IN (SELECT max(id) FROM plain__new);
				ALTER TABLE plain RENAME TO plain__old;
				ALTER TABLE plain__new RENAME TO plain;
				DROP TABLE plain__old CASCADE;
			ELSIF k.name = 'foreign' THEN
				DROP FOREIGN TABLE "foreign" CASCADE;
				IMPORT FOREIGN SCHEMA away LIMIT TO ("foreign") FROM SERVER here INTO public;
			END IF;
		ELSE
	END CASE;
END $$;

-- what is stored beside what the query finds
CREATE FUNCTION differs(k kind, source text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	bad text;
BEGIN
	EXECUTE format($sql$
		WITH lines AS (
			SELECT t.*, try_claimline(code => code, modifiers => string_to_array(mods, ','), units => units, minutes => minutes, dos => dos) AS line,
				claimline_error(code => code, modifiers => string_to_array(mods, ','), units => units, minutes => minutes, dos => dos) AS why FROM %I t
		), days AS (
			SELECT claimday(claim, no, line, why) AS day, count(*) AS n, patient, provider, dos FROM lines GROUP BY patient, provider, dos
		), judged AS (
			SELECT e, e.rule, e.severity, e.severity >= 'review' AND e.rule <> 'edition-coverage' AS stores FROM days, claim_edits(day, ruleset('medicare')) e
		), stored AS (
			SELECT ROW(claim_id, line_no, rule, severity, message, with_claim_id, with_line_no, suggestion, condition, carc, rarc, citation, covered, facts)::text AS f
			FROM claim_findings WHERE source = %2$L
		)
		SELECT concat_ws(', ', (SELECT 'missing ' || count(*) FROM (SELECT j.e::text FROM judged j WHERE j.stores EXCEPT ALL SELECT s.f FROM stored s) x HAVING count(*) > 0),
			(SELECT 'surplus ' || count(*) FROM (SELECT s.f FROM stored s EXCEPT ALL SELECT j.e::text FROM judged j WHERE j.stores) x HAVING count(*) > 0),
			(SELECT 'days ' || d.n || ' not ' || w.n FROM (SELECT count(*) AS n, sum(n_lines) AS l FROM claimline_internal.claim_scan_day WHERE source = %2$L) d,
				(SELECT count(*) AS n, sum(n) AS l FROM days) w WHERE ROW(d.n, d.l) IS DISTINCT FROM ROW(w.n, w.l)),
			(SELECT 'counted' WHERE (SELECT string_agg(concat_ws(' ', rule, severity, findings), ', ' ORDER BY rule, severity) FROM claim_report_counted WHERE source = %2$L)
				IS DISTINCT FROM (SELECT string_agg(concat_ws(' ', rule, severity, n), ', ' ORDER BY rule, severity) FROM (SELECT rule, severity, count(*) AS n FROM judged WHERE NOT stores GROUP BY 1, 2) c)),
			(SELECT 'line of ' || count(*) FROM (SELECT claim_id, line_no, line, charge FROM claim_findings WHERE source = %2$L EXCEPT SELECT claim, no, line, billed FROM lines) x HAVING count(*) > 0),
			(SELECT 'pending' WHERE EXISTS (SELECT FROM claimline_internal.claim_scan_pending WHERE source = %2$L)))$sql$, k.name, source) INTO bad;
	RETURN nullif(bad, '');
END $$;

CREATE TABLE result (night int, source text, method text, why text, days_done bigint, all_days bigint, bad text);
CREATE PROCEDURE nights(first int, last int) LANGUAGE plpgsql AS $$
DECLARE
	k kind;
	of_source text;
BEGIN
	FOR n IN first..last LOOP
		IF n % 5 = 3 THEN
			UPDATE claim_policy SET settings = settings || jsonb_build_object('severity', jsonb_build_object('units-minutes', (ARRAY['deny', 'review', 'info'])[1 + n / 5 % 3]),
				'daily_limits', jsonb_build_object('97124', 1 + n % 3)) WHERE name = 'medicare';
		END IF;
		FOR k IN TABLE kind LOOP
			CALL night(k, n);
			COMMIT;
			FOREACH of_source IN ARRAY ARRAY[k.name || '_hash', k.name || '_mark', k.name || '_log'] LOOP
				CALL claim_scan(of_source, batch_days => 1 + draw(n, 7, 40), method => CASE WHEN of_source ~ 'mark' THEN 'watermark' WHEN of_source ~ 'plain_log' THEN 'log' END);
				INSERT INTO result SELECT n, r.source, r.method, r.why, r.days_done, (SELECT count(*) FROM claimline_internal.claim_scan_day d WHERE d.source = r.source), differs(k, r.source)
				FROM claimline_internal.claim_scan_run r WHERE r.source = of_source ORDER BY r.id DESC LIMIT 1;
				COMMIT;
			END LOOP;
		END LOOP;
	END LOOP;
END $$;
CREATE PROCEDURE fill() LANGUAGE plpgsql AS $$
DECLARE
	k kind;
	place place;
BEGIN
	FOR place IN TABLE place LOOP
		SELECT * INTO k FROM kind WHERE name = place.kind;
		CALL put(k, place.target, hashtext(place.target) % 100, 60);
	END LOOP;
END $$;
SET client_min_messages = error;
CALL fill();
CALL nights(1, 15);
SELECT is(string_agg(night || ' ' || r.method || ' ' || bad, E'\n' ORDER BY night), NULL, source || ': no difference') FROM result r GROUP BY source ORDER BY source;
SELECT is(string_agg(DISTINCT method, ' ' ORDER BY method), CASE WHEN source ~ 'mark' THEN 'watermark' WHEN source IN ('plain_log', 'heirs_log') THEN 'log' WHEN source = 'parted_log' THEN 'hash log' ELSE 'hash' END,
	source || ': the methods that it was scanned by') FROM result GROUP BY source ORDER BY source;
SELECT cmp_ok((SELECT count(*) FROM pg_class WHERE oid = 'plain'::regclass AND relnatts = 12 AND EXISTS (SELECT FROM pg_attribute WHERE attrelid = pg_class.oid AND attname = 'changed' AND attnum = 1)),
	'=', 1::bigint, 'the plain table was made anew');
SELECT cmp_ok(min(days_done), '<', (max(all_days) / 2)::bigint, 'a log has few days judged') FROM result WHERE source = 'plain_log';

--
-- what a log does not see, it says
--

CREATE FUNCTION misses(source text) RETURNS text LANGUAGE sql AS $$ SELECT claimline_internal.claim_scan_log_misses(claimline_internal.claim_source_known(source)) $$;
SELECT is(misses('plain_log'), NULL, 'a log of a plain table sees everything');
SELECT is(misses('heirs_log'), NULL, 'and what is written to its heirs');
SELECT matches(misses('mixed_log'), '^What is written to public.mixed', 'nor to a foreign partition');
CREATE TABLE words (word text, code text);
INSERT INTO words VALUES ('massage', '97124');
CREATE FUNCTION code_of(text) RETURNS text LANGUAGE sql STABLE AS $$ SELECT max(w.code) FROM public.words w WHERE w.word = $1 $$;
CREATE FUNCTION same(text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT $1 $$;
CREATE TABLE worded (patient text, dos date, word text, code text);
SELECT claim_source_add('worded', 'worded', columns => '{"patient": "patient", "dos": "dos", "code": {"expression": "public.code_of(word)"}}'),
	claim_source_add('same', 'worded', columns => '{"patient": "patient", "dos": "dos", "code": {"expression": "public.same(code)"}}'),
	claim_source_track('worded'), claim_source_track('same') \g /dev/null
SELECT is(misses('worded'), 'Its lines are of what function public.code_of(text) finds, of which nothing is logged.', 'nor what a function looks up');
SELECT is(misses('same'), NULL, 'but what one only computes');
INSERT INTO worded VALUES ('P1', '2024-08-01', 'massage', '97124');
CALL claim_scan('worded');
UPDATE words SET code = '98940';
CALL claim_scan('worded', method => 'log');
SELECT is((SELECT string_agg(DISTINCT line_code(line), ' ') FROM claim_findings WHERE source = 'worded'), '98940', 'it is found all the same, also by the method log');

SELECT * FROM finish();

-- Guards against an oracle in plain SQL: random statements over few provider-days.
--
-- Each statement runs against a guarded table and against a twin without a guard. A guard that rejects must refuse exactly those after which
-- a day of the twin has a denial on a line that the statement wrote, or one that was not there before. A guard that quarantines must move
-- written rows only and none of a statement that the other would accept, leave no denial on a row that was written, and lose nothing.
-- Every tenth statement or so runs without the guard, so that bad days are stored to be repaired.
--
-- What the oracle takes as given:
--   line       is named by claim and line number; written: there is one of that name that the day had not (as a multiset) before.
--   finding    is the same one where line and rule are, and the line that it is with, if that one was written.
--   before     is before the statement; that a line was denied less severely before is no excuse.

\if :{?statements}
\else
	\set statements 1500
\endif
\if :{?seed}
\else
	\set seed 0.4711
\endif

BEGIN;
\i test/tap/lib.sql
CREATE SCHEMA oracle;
SELECT set_config('search_path', 'oracle, ' || current_setting('search_path'), true) \g /dev/null

SELECT plan(12);
SELECT is(ruleset_hash(ruleset('medicare')), ruleset_hash(starter_ruleset()), 'guards judge by what claim_edits judges by');

\if :{?guarded}
	:guarded
\else
	CREATE TABLE guarded (
		id int PRIMARY KEY, patient text, provider int, dos date, claim_id text, line_no int,
		code text, modifiers text[], units numeric, minutes int, dx text[], note text
	);
	CREATE INDEX ON guarded (patient, provider, dos);
\endif
CREATE TABLE twin (LIKE guarded INCLUDING ALL);
SELECT claim_source_add(t, t::regclass, columns => '{"patient": "patient", "provider": "provider", "dos": "dos", "claim_id": "claim_id",
	"line_no": "line_no", "code": "code", "modifiers": "modifiers", "units": "units", "minutes": "minutes", "dx": "dx"}')
FROM unnest(ARRAY['guarded', 'twin']) t \g /dev/null

-- ------------------------------------------------------- what is drawn

CREATE FUNCTION draw(n int) RETURNS int LANGUAGE sql VOLATILE AS $$ SELECT floor(random() * n)::int $$;

-- One of a list; the empty text stands for null
CREATE FUNCTION one(list text) RETURNS text LANGUAGE sql VOLATILE AS $$
	SELECT nullif(l[1 + draw(cardinality(l))], '') FROM string_to_array(list, ' ') l
$$;

CREATE FUNCTION a_value(field text) RETURNS text LANGUAGE sql VOLATILE AS $$
	SELECT CASE field
		WHEN 'patient' THEN quote_nullable(CASE WHEN draw(25) > 0 THEN one('P1 P2') END)
		WHEN 'provider' THEN quote_nullable(CASE WHEN draw(25) > 0 THEN one('11 11 12') END) || '::int'
		WHEN 'dos' THEN quote_nullable(CASE WHEN draw(40) > 0 THEN one('2024-08-01 2024-08-01 2024-08-02 2024-08-03 1999-08-01') END) || '::date'
		WHEN 'claim_id' THEN quote_nullable(CASE WHEN draw(30) > 0 THEN one('C1 C2 C3') END)
		WHEN 'line_no' THEN quote_nullable(CASE WHEN draw(30) > 0 THEN (1 + draw(9))::text END) || '::int'
		WHEN 'code' THEN quote_literal(one('97124 97124 98940 98941 97140 97110 99213 9712'))
		WHEN 'modifiers' THEN quote_literal(CASE draw(4) WHEN 0 THEN '{}' WHEN 1 THEN '{' || one('AT GP 25 59 XS XU KX QQ') || '}'
			ELSE '{' || one('AT GP GP 59 XS') || ',' || one('GP 59 XS 25') || '}' END) || '::text[]'
		WHEN 'units' THEN quote_literal(one('1 1 1 1 2 2 3 5 0 1.5')) || '::numeric'
		WHEN 'minutes' THEN quote_nullable(CASE WHEN draw(5) > 0 THEN one('7 8 15 15 22 23 30 38 60') END) || '::int'
		WHEN 'dx' THEN quote_literal('{' || one('M99.01 M99.02 M99.03 M99.04 M54.2') || CASE WHEN draw(2) = 0 THEN ',' || one('M99.03 M99.04 S13.4XXA') ELSE '' END || '}') || '::text[]'
		WHEN 'note' THEN quote_literal(one('a b'))
	END
$$;

-- Code, modifiers, units, minutes and diagnoses that pass alone
CREATE FUNCTION a_service() RETURNS text LANGUAGE sql VOLATILE AS $$
	SELECT (ARRAY[
		$s$'97124', '{GP}'::text[], 1::numeric, 15::int, '{M99.04}'::text[]$s$,
		$s$'97124', '{XS,GP}'::text[], 1::numeric, 15::int, '{M99.04}'::text[]$s$,
		$s$'97140', '{GP}'::text[], 1::numeric, 15::int, '{M99.03}'::text[]$s$,
		$s$'97110', '{GP}'::text[], 2::numeric, 30::int, '{M54.2}'::text[]$s$,
		$s$'97110', '{GP}'::text[], 1::numeric, 8::int, '{M54.2}'::text[]$s$,
		$s$'98940', '{AT}'::text[], 1::numeric, NULL::int, '{M99.01}'::text[]$s$,
		$s$'98941', '{AT}'::text[], 1::numeric, NULL::int, '{M99.01,M99.02,M99.03}'::text[]$s$,
		$s$'99213', '{25}'::text[], 1::numeric, NULL::int, '{M54.2}'::text[]$s$])[1 + draw(8)]
$$;

CREATE FUNCTION a_row(id int) RETURNS text LANGUAGE sql VOLATILE AS $$
	SELECT format('(%s, %s, %s, %s, %s, %s, %s, %s)', id, a_value('patient'), a_value('provider'), a_value('dos'), a_value('claim_id'), a_value('line_no'),
		CASE WHEN draw(5) > 0 THEN a_service() ELSE (SELECT string_agg(a_value(f), ', ' ORDER BY n)
			FROM unnest('{code,modifiers,units,minutes,dx}'::text[]) WITH ORDINALITY u (f, n)) END, a_value('note'))
$$;

-- Ids of some stored rows
CREATE FUNCTION some_ids(n int) RETURNS text LANGUAGE sql VOLATILE AS $$
	SELECT coalesce(string_agg(id::text, ', '), 'NULL') FROM (SELECT id FROM twin WHERE note <> 'many' ORDER BY random() LIMIT n) s
$$;

CREATE SEQUENCE next_id;

-- A statement over the table %1$s
CREATE FUNCTION a_statement(kind text) RETURNS text LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	n int := 1 + draw(CASE WHEN draw(2) = 0 THEN 2 ELSE 6 END);
	fields text[] := ARRAY(SELECT f FROM unnest('{patient,provider,dos,claim_id,line_no,code,modifiers,modifiers,units,minutes,minutes,dx,note}'::text[]) f
		ORDER BY random() LIMIT 1 + draw(2));
	rows text;
	assignments text;
BEGIN
	SELECT string_agg(a_row(nextval('next_id')::int), ', ') INTO rows FROM generate_series(1, n);
	SELECT string_agg(f || ' = ' || a_value(f), ', ') INTO assignments FROM (SELECT DISTINCT f FROM unnest(fields) f) u;
	CASE kind
		WHEN 'insert' THEN RETURN format('INSERT INTO %%1$s VALUES %s', rows);
		WHEN 'select' THEN RETURN format('INSERT INTO %%1$s SELECT * FROM (VALUES %s) v', rows);
		WHEN 'update' THEN RETURN format('UPDATE %%1$s SET %s WHERE id IN (%s)', assignments, some_ids(1 + draw(4)));
		-- each row with its own
		WHEN 'swap' THEN RETURN format('UPDATE %%1$s u SET %s = v.%1$s FROM %%1$s v WHERE u.id IN (%s) AND v.id = %s',
			fields[1], some_ids(3), split_part(some_ids(1), ', ', 1));
		WHEN 'delete' THEN RETURN format('DELETE FROM %%1$s WHERE id IN (%s)', some_ids(1 + draw(4)));
		WHEN 'day' THEN RETURN format('DELETE FROM %%1$s WHERE (patient, dos) = (%s, %s)', a_value('patient'), a_value('dos'));
		WHEN 'none' THEN RETURN format('UPDATE %%1$s SET %s WHERE false', assignments);
		WHEN 'many' THEN RETURN format('INSERT INTO %%1$s SELECT %s + g, %s, %s, date ''2023-01-01'' + g, ''C'' || g %% 2, %s, %s, ''many'' '
			'FROM generate_series(1, %s) g ON CONFLICT DO NOTHING', nextval('next_id') * 1000 + 1000000,
			CASE WHEN draw(3) = 0 THEN 'CASE WHEN g % 7 > 0 THEN ''P'' || g % 3 END' ELSE '''P1''' END, a_value('provider'), 1 + draw(9),
			CASE WHEN draw(3) = 0 THEN 'CASE WHEN g % 30 = 3 THEN ''9712'' ELSE ''98940'' END, ''{AT}''::text[], 1, NULL::int, ''{M99.01}''::text[]'
				ELSE a_service() END, 60 + draw(40));
		WHEN 'many-update' THEN RETURN format('UPDATE %%1$s SET %s WHERE note = ''many'' AND id %% %s = 0', 
			(SELECT f || ' = ' || a_value(f) FROM unnest('{claim_id,line_no,code,modifiers,units,minutes,dx}'::text[]) f ORDER BY random() LIMIT 1), 1 + draw(2));
		WHEN 'many-delete' THEN RETURN 'DELETE FROM %1$s WHERE note = ''many''';
	END CASE;
END $$;

-- ----------------------------------------------------------- the oracle

CREATE TYPE state AS (lines text[], denials text[]);

-- The lines of the twin and its denials, each as a JSON array that begins with its day, claim and line number and ends with the line:
-- several lines of a day may have one claim and line number
CREATE FUNCTION twin_state() RETURNS state LANGUAGE sql VOLATILE AS $$
	SELECT ARRAY(SELECT jsonb_build_array(patient, provider, dos, claim_id, line_no, line::text)::text FROM twin_lines),
		ARRAY(SELECT jsonb_build_array(d.patient, d.provider, d.dos, (e.finding).claim_id, (e.finding).line_no, (e.finding).rule, (e.finding).with_claim_id, (e.finding).with_line_no, e.line::text)::text
			FROM (SELECT patient, provider, dos, claimday(claim_id, line_no, line) AS day FROM twin_lines GROUP BY patient, provider, dos) d,
				claimline_internal.claim_edits_placed(d.day, starter_ruleset()) e
			WHERE (e.finding).severity = 'deny')
$$;

-- The denials that a statement has to answer for
CREATE FUNCTION refusals(was state, now state) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
	WITH written AS MATERIALIZED (
		SELECT DISTINCT w.l AS line, (w.l::jsonb - 5)::text AS name
		FROM (SELECT unnest((now).lines) EXCEPT ALL SELECT unnest((was).lines)) w (l))
	SELECT ARRAY(SELECT f FROM unnest((now).denials) f
		WHERE (f::jsonb - 7 - 6 - 5)::text IN (SELECT line FROM written) OR NOT EXISTS (SELECT FROM unnest((was).denials) w
			WHERE (w::jsonb - 8 - 7 - 6) = (f::jsonb - 8 - 7 - 6) AND ((w::jsonb - 8) = (f::jsonb - 8) OR NOT EXISTS (SELECT FROM written x
				WHERE x.name = ((f::jsonb - 8 - 7 - 6 - 5 - 4 - 3) || jsonb_build_array(f::jsonb -> 6, f::jsonb -> 7))::text))))
$$;

CREATE TABLE outcome (n int, kind text, statement text, wanted boolean, got boolean, wanted_why text, got_why text);

CREATE FUNCTION guard(wanted boolean) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	t name;
BEGIN
	FOR t IN SELECT tgname FROM pg_trigger WHERE tgrelid = 'guarded'::regclass AND tgname LIKE 'guarded\_guard\_%' LOOP
		EXECUTE format('ALTER TABLE guarded %s TRIGGER %I', CASE WHEN wanted THEN 'ENABLE ALWAYS' ELSE 'DISABLE' END, t);
	END LOOP;
END $$;

CREATE FUNCTION a_kind() RETURNS text LANGUAGE sql VOLATILE AS $$
	SELECT (ARRAY['insert', 'select', 'update', 'swap', 'delete', 'day', 'none', 'many', 'many-update', 'many-delete'])[width_bucket(random(),
		ARRAY[0, 0.40, 0.47, 0.72, 0.79, 0.90, 0.93, 0.95, 0.97, 0.985])]
$$;

-- ------------------------------------------------------------- rejecting

SELECT claim_guard_add('guarded') \g /dev/null

CREATE PROCEDURE rejects(statements int) LANGUAGE plpgsql AS $$
DECLARE
	kind text;
	statement text;
	was state;
	now state;
	why text[];
	said text;
BEGIN
	FOR i IN 1..statements LOOP
		kind := a_kind();
		statement := a_statement(kind);
		IF draw(12) = 0 THEN
			PERFORM guard(false);
			EXECUTE replace(statement, '%1$s', 'guarded');
			EXECUTE replace(statement, '%1$s', 'twin');
			PERFORM guard(true);
			CONTINUE;
		END IF;
		was := twin_state();
		BEGIN
			EXECUTE replace(statement, '%1$s', 'twin');
			now := twin_state();
			why := refusals(was, now);
			IF why <> '{}' THEN
				RAISE EXCEPTION 'refused' USING ERRCODE = 'RB001';
			END IF;
		EXCEPTION WHEN SQLSTATE 'RB001' THEN NULL;
		END;
		said := NULL;
		BEGIN
			EXECUTE replace(statement, '%1$s', 'guarded');
		EXCEPTION WHEN check_violation THEN
			GET STACKED DIAGNOSTICS said = PG_EXCEPTION_DETAIL;
		END;
		INSERT INTO outcome VALUES (i, kind, statement, why <> '{}', said IS NOT NULL, why::text, said);
		IF (why <> '{}') <> (said IS NOT NULL) THEN
			-- go on from the same state
			PERFORM guard(false);
			TRUNCATE guarded;
			INSERT INTO guarded SELECT * FROM twin;
			PERFORM guard(true);
		END IF;
	END LOOP;
END $$;

SELECT setseed(:seed) \g /dev/null
CALL rejects(:statements);

SELECT is((SELECT count(*)::int FROM outcome WHERE wanted AND NOT got), 0, 'no statement is accepted that leaves a new denial')
	|| coalesce(E'\n# ' || (SELECT format(E'%s of %s accepted, first: %s\n# wanted %s', count(*), (SELECT count(*) FROM outcome), min(replace(statement, '%1$s', 'twin')) FILTER (WHERE n = f), min(wanted_why) FILTER (WHERE n = f))
		FROM (SELECT *, min(n) OVER () AS f FROM outcome WHERE wanted AND NOT got) o HAVING count(*) > 0), '');
SELECT is((SELECT count(*)::int FROM outcome WHERE got AND NOT wanted), 0, 'no statement is refused that leaves none')
	|| coalesce(E'\n# ' || (SELECT format(E'%s of %s refused, first: %s\n# got %s', count(*), (SELECT count(*) FROM outcome), min(replace(statement, '%1$s', 'twin')) FILTER (WHERE n = f), min(got_why) FILTER (WHERE n = f))
		FROM (SELECT *, min(n) OVER () AS f FROM outcome WHERE got AND NOT wanted) o HAVING count(*) > 0), '');
SELECT is((SELECT count(*)::int FROM (TABLE guarded EXCEPT ALL TABLE twin) d) + (SELECT count(*)::int FROM (TABLE twin EXCEPT ALL TABLE guarded) d), 0,
	'both tables hold the same rows');
SELECT ok((SELECT ARRAY['insert', 'select', 'update', 'swap', 'many', 'many-update'] <@ array_agg(kind) FROM outcome WHERE wanted),
	'statements of every kind that writes lines were refused');
SELECT is((SELECT count(DISTINCT kind)::int FROM outcome WHERE NOT wanted), (SELECT count(DISTINCT kind)::int FROM outcome),
	'and of every kind accepted');
\if :{?verbose}
SELECT '# ' || kind || ' accepted ' || count(*) FILTER (WHERE NOT got) || ' refused ' || count(*) FILTER (WHERE got) FROM outcome GROUP BY kind ORDER BY kind;
\endif

-- ------------------------------------------------------------ quarantine

SELECT claim_guard_add('guarded', action => 'quarantine') \g /dev/null
DELETE FROM claim_guard_finding;

CREATE TABLE moves (n int, kind text, statement text, moved int, wanted boolean, wrong text);

CREATE PROCEDURE quarantines(statements int) LANGUAGE plpgsql AS $$
DECLARE
	kind text;
	statement text;
	was state;
	now state;
	after_move state;
	why text[];
	before jsonb;
	written int[];
	last bigint;
	moved int[];
	left_over text[];
	wrong text;
BEGIN
	FOR i IN 1..statements LOOP
		kind := a_kind();
		statement := a_statement(kind);
		IF draw(15) = 0 THEN
			PERFORM guard(false);
			EXECUTE replace(statement, '%1$s', 'guarded');
			EXECUTE replace(statement, '%1$s', 'twin');
			PERFORM guard(true);
			CONTINUE;
		END IF;
		was := twin_state();
		before := (SELECT coalesce(jsonb_object_agg(id, to_jsonb(t)), '{}') FROM twin t);
		last := (SELECT coalesce(max(id), 0) FROM claim_quarantine);
		EXECUTE replace(statement, '%1$s', 'twin');
		now := twin_state();
		why := refusals(was, now);
		written := ARRAY(SELECT t.id FROM twin t WHERE before -> t.id::text IS DISTINCT FROM to_jsonb(t));
		EXECUTE replace(statement, '%1$s', 'guarded');
		moved := ARRAY(SELECT (q.row_data ->> 'id')::int FROM claim_quarantine q WHERE q.id > last);
		wrong := CASE
			WHEN why = '{}' AND moved <> '{}' THEN 'moved though nothing is wrong'
			WHEN NOT moved <@ written THEN 'moved a row that the statement did not write'
			WHEN cardinality(moved) <> (SELECT count(DISTINCT m) FROM unnest(moved) m) THEN 'moved a row twice'
			WHEN EXISTS (SELECT FROM claim_quarantine q, twin t WHERE q.id > last AND t.id = (q.row_data ->> 'id')::int
				AND (q.row_data, coalesce(q.replaced, '0')) IS DISTINCT FROM (to_jsonb(t), coalesce(before -> t.id::text, '0'))) THEN 'row_data or replaced is not the row'
			WHEN EXISTS (SELECT FROM claim_quarantine q WHERE q.id > last AND coalesce(q.findings, '[]') = '[]') THEN 'no findings with a row'
			WHEN EXISTS (SELECT FROM claim_quarantine q WHERE q.id > last AND q.event <> CASE WHEN q.replaced IS NULL THEN 'INSERT' ELSE 'UPDATE' END) THEN 'event'
			END;
		DELETE FROM twin WHERE id = ANY (moved);
		IF EXISTS (TABLE guarded EXCEPT ALL TABLE twin) OR EXISTS (TABLE twin EXCEPT ALL TABLE guarded) THEN
			wrong := coalesce(wrong || '; ', '') || 'the table is not what was written without what was moved';
			PERFORM guard(false);
			TRUNCATE guarded;
			INSERT INTO guarded SELECT * FROM twin;
			PERFORM guard(true);
		END IF;
		after_move := twin_state();
		-- what the statement wrote and is still there
		left_over := ARRAY(SELECT f FROM unnest(after_move.denials) f
			WHERE (f::jsonb - 7 - 6 - 5)::text IN (SELECT w.l FROM (SELECT unnest(after_move.lines) EXCEPT ALL SELECT unnest(was.lines)) w (l)));
		IF left_over <> '{}' THEN
			wrong := concat_ws('; ', wrong, 'denied lines of the statement stay: ' || left_over::text);
		END IF;
		-- what came up without a row to move is noted
		left_over := ARRAY(SELECT f FROM unnest(refusals(was, after_move)) f
			WHERE NOT EXISTS (SELECT FROM claim_guard_finding g WHERE g.source = 'guarded' AND
				jsonb_build_array(g.patient, g.provider::int, g.dos, g.claim_id, g.line_no, g.rule, g.with_claim_id, g.with_line_no) = f::jsonb - 8));
		IF left_over <> '{}' THEN
			wrong := concat_ws('; ', wrong, 'not noted: ' || left_over::text);
		END IF;
		INSERT INTO moves VALUES (i, kind, statement, cardinality(moved), why <> '{}', wrong);
	END LOOP;
END $$;

CALL quarantines(:statements / 2);

SELECT is((SELECT count(*)::int FROM moves WHERE wrong IS NOT NULL), 0, 'quarantine moves what it must and nothing else')
	|| coalesce(E'\n# ' || (SELECT format(E'first: %s\n# %s', replace(statement, '%1$s', 'twin'), wrong) FROM moves WHERE wrong IS NOT NULL ORDER BY n LIMIT 1), '');
SELECT cmp_ok((SELECT count(*)::int FROM moves WHERE moved > 0), '>', :statements / 20, 'rows were moved by many statements');
SELECT ok((SELECT bool_or(moved > 0 AND kind LIKE '%update') AND bool_or(moved > 10) FROM moves), 'by updates too, and many at once');
SELECT is((SELECT count(*)::int FROM (SELECT q.source FROM claim_quarantine q WHERE q.row_data IS NULL OR jsonb_populate_record(NULL::guarded, q.row_data) IS NULL) x), 0,
	'each is a row of the table again by jsonb_populate_record');
\if :{?verbose}
SELECT '# ' || kind || ' clean ' || count(*) FILTER (WHERE moved = 0) || ' moved ' || count(*) FILTER (WHERE moved > 0) FROM moves GROUP BY kind ORDER BY kind;
SELECT '# ' || coalesce(substr(wrong, 1, 40), 'right') || ' ' || count(*) FROM moves GROUP BY substr(wrong, 1, 40);
SELECT '# ' || wrong || E'\n#   ' || replace(statement, '%1$s', 'twin') FROM moves WHERE wrong IS NOT NULL LIMIT 5;
SELECT '# ' || n || ' wanted ' || wanted || ' ' || wanted_why || ' got ' || coalesce(got_why, '') || E'\n#   ' || replace(statement, '%1$s', 'twin') FROM outcome WHERE wanted <> got LIMIT 12;
\endif

-- -------------------------------------------------------------- annotate

SELECT claim_guard_add('guarded', action => 'annotate') \g /dev/null
DELETE FROM claim_guard_finding;
DELETE FROM guarded;
INSERT INTO guarded SELECT * FROM twin;

CREATE PROCEDURE annotates(statements int) LANGUAGE plpgsql AS $$
DECLARE
	statement text;
BEGIN
	FOR i IN 1..statements LOOP
		statement := a_statement(a_kind());
		EXECUTE replace(statement, '%1$s', 'twin');
		EXECUTE replace(statement, '%1$s', 'guarded');
		IF i % 5 = 0 AND ARRAY(SELECT jsonb_build_array(g.patient, g.provider::int, g.dos, g.claim_id, g.line_no, g.rule, g.with_claim_id, g.with_line_no)::text AS f
				FROM claim_guard_finding g WHERE g.source = 'guarded' ORDER BY f) <> ARRAY(SELECT (d::jsonb - 8)::text AS f FROM unnest((twin_state()).denials) d ORDER BY f) THEN
			INSERT INTO moves VALUES (i, 'annotate', statement, NULL, NULL, 'annotate');
		END IF;
	END LOOP;
END $$;

CALL annotates(:statements / 4);

SELECT is((SELECT count(*)::int FROM moves WHERE wrong = 'annotate'), 0, 'annotate has always noted the denials of what is stored, no more and no less')
	|| coalesce(E'\n# first: ' || (SELECT replace(statement, '%1$s', 'twin') FROM moves WHERE wrong = 'annotate' ORDER BY n LIMIT 1), '');
SELECT is((SELECT count(*)::int FROM (TABLE guarded EXCEPT ALL TABLE twin) d) + (SELECT count(*)::int FROM (TABLE twin EXCEPT ALL TABLE guarded) d), 0,
	'and keeps every row');

SELECT * FROM finish();
ROLLBACK;

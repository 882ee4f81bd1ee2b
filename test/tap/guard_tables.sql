-- Guards and logs on tables of every kind: partitions that MERGE moves rows between, that are attached and detached, that are
-- foreign; children; distributed tables; virtual generated columns; tables whose triggers change what is written; another owner.

BEGIN;
\i test/tap/lib.sql
\i test/tap/lib_guard.sql

SELECT * FROM no_plan();

CREATE FUNCTION logged(s text) RETURNS text LANGUAGE sql AS $$ WITH d AS (DELETE FROM claimline_internal.claim_change WHERE source = s RETURNING *)
	SELECT coalesce(string_agg(DISTINCT CASE WHEN whole THEN 'whole' ELSE concat_ws(' ', patient, provider, dos) END, ', '), 'none') FROM d $$;

-- --------------------------------------- MERGE that moves a row to another partition

CREATE TABLE m (patient text, provider text, dos date, claim_id text, line_no int, code text, modifier text, units numeric, minutes int, dx text, tenant text DEFAULT 't')
	PARTITION BY LIST (provider);
CREATE TABLE m_a PARTITION OF m FOR VALUES IN ('a');
CREATE TABLE m_b PARTITION OF m DEFAULT PARTITION BY LIST (tenant);
CREATE TABLE m_b1 PARTITION OF m_b FOR VALUES IN ('t');
CREATE TABLE m_b2 PARTITION OF m_b DEFAULT;
CREATE INDEX ON m (patient, provider, dos);
SELECT claim_source_add('m', 'm', columns => mapping()), claim_guard_add('m'), claim_source_track('m') \g /dev/null
INSERT INTO m VALUES ('P', 'a', '2024-08-01', 'C', 1, '98940', 'AT', 1, NULL, 'M99.01'), ('P', 'b', '2024-08-01', 'C', 2, '97124', 'GP', 1, 15, 'M99.01'),
	('Q', 'b', '2024-08-01', 'D', 1, '97110', 'GP', 1, 15, 'M99.01');
SELECT logged('m') \g /dev/null
SELECT is(result(format('MERGE INTO %s m USING (VALUES (2)) v (n) ON m.line_no = v.n %s', t, w)), r, format('MERGE INTO %s %s', t, w))
FROM (VALUES
	('m', $$WHEN MATCHED THEN UPDATE SET provider = 'a'$$, 'ptp'),
	('m', $$WHEN MATCHED THEN UPDATE SET provider = 'a' WHEN NOT MATCHED THEN DO NOTHING$$, 'ptp'),
	('m', $$WHEN MATCHED AND m.provider = 'x' THEN DELETE WHEN MATCHED THEN UPDATE SET provider = 'a'$$, 'ptp'),
	('m', $$WHEN MATCHED THEN UPDATE SET provider = 'a' WHEN NOT MATCHED THEN INSERT (patient) VALUES ('none')$$, 'ptp'),
	('m', $$WHEN MATCHED AND m.provider = 'x' THEN DELETE WHEN MATCHED THEN UPDATE SET provider = 'a' WHEN NOT MATCHED THEN INSERT (patient) VALUES ('none')$$, 'ptp'),
	('m', $$WHEN MATCHED AND m.provider = 'x' THEN UPDATE SET provider = 'a'$$, '0'),
	('m', $$WHEN MATCHED AND m.provider = 'x' THEN DELETE$$, '0'),
	('m', $$WHEN MATCHED THEN UPDATE SET code = code$$, '1'),
	('m', $$WHEN MATCHED THEN UPDATE SET tenant = 'u'$$, '1'),
	('m', $$WHEN MATCHED THEN UPDATE SET units = 2$$, 'units-minutes'),
	('m_b', $$WHEN MATCHED THEN UPDATE SET tenant = 't'$$, '1'),
	('m_b', $$WHEN MATCHED THEN UPDATE SET tenant = 'u', units = 2$$, 'units-minutes'),
	('m_b1', $$WHEN MATCHED THEN UPDATE SET provider = 'c'$$, '1')) v (t, w, r);
SELECT is((SELECT string_agg(tableoid::regclass || ' ' || line_no, ', ' ORDER BY claim_id, line_no) FROM m), 'm_a 1, m_b1 2, m_b1 1', 'what was refused is not there');
SELECT logged('m') \g /dev/null
SELECT is(result($$MERGE INTO m USING (VALUES ('D')) v (n) ON m.claim_id = v.n WHEN MATCHED THEN UPDATE SET provider = 'a'$$), '1', 'a row moved to another partition that passes');
SELECT is(logged('m'), 'Q a 2024-08-01, Q b 2024-08-01', 'is logged, with the day that it left');
SELECT is(result($$MERGE INTO m USING (VALUES ('D'), ('E')) v (n) ON m.claim_id = v.n WHEN MATCHED THEN UPDATE SET provider = 'b'
	WHEN NOT MATCHED THEN INSERT VALUES ('Q', 'b', '2024-08-02', v.n, 1, '97110', 'GP', 1, 15, 'M99.01')$$), '2', 'one moved and one inserted');
SELECT is(logged('m'), 'Q a 2024-08-01, Q b 2024-08-01, Q b 2024-08-02', 'are logged, with the day that it left');
SELECT is(result($$MERGE INTO m USING (VALUES ('D')) v (n) ON m.claim_id = v.n WHEN MATCHED THEN UPDATE SET dos = '2024-08-03'$$), '1', 'one that stays in its partition');
SELECT is(logged('m'), 'Q b 2024-08-01, Q b 2024-08-03', 'is logged once');
-- inside WITH, from PostgreSQL 17 on: also where the statement does not read what it returns
SELECT current_setting('server_version_num')::int >= 170000 AS returns \gset
\if :returns
	SELECT is(result(format($$WITH x AS (MERGE INTO m USING (VALUES (2)) v (n) ON m.line_no = v.n WHEN MATCHED THEN UPDATE SET provider = 'a' RETURNING m.line_no) SELECT %s$$, s)), 'ptp', 'MERGE inside WITH, SELECT ' || s)
	FROM unnest('{1,line_no FROM x,line_no FROM x LIMIT 0}'::text[]) s;
	SELECT is(result($$WITH x AS (MERGE INTO m USING (VALUES ('D')) v (n) ON m.claim_id = v.n WHEN MATCHED THEN UPDATE SET provider = 'a' RETURNING 1) SELECT 1$$), '1', 'one that passes');
	SELECT is(logged('m'), 'Q a 2024-08-03, Q b 2024-08-03', 'is logged');
	UPDATE m SET provider = 'b' WHERE claim_id = 'D';
	SELECT logged('m') \g /dev/null
\endif
-- triggers of others are called for the actions of the MERGE and no others
CREATE TABLE called (op text);
CREATE FUNCTION called() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO app.called VALUES (TG_OP); RETURN NULL; END $$;
CREATE TRIGGER a_ins AFTER INSERT ON m FOR EACH STATEMENT EXECUTE FUNCTION called();
CREATE TRIGGER a_upd AFTER UPDATE ON m FOR EACH STATEMENT EXECUTE FUNCTION called();
CREATE TRIGGER a_del AFTER DELETE ON m FOR EACH STATEMENT EXECUTE FUNCTION called();
SELECT is(result($$MERGE INTO m USING (VALUES (2)) v (n) ON m.line_no = v.n WHEN MATCHED THEN UPDATE SET provider = 'a'$$), 'ptp', 'with triggers of others');
SELECT is(result($$MERGE INTO m USING (VALUES ('D')) v (n) ON m.claim_id = v.n WHEN MATCHED THEN UPDATE SET provider = 'a'$$), '1', 'and a row that passes');
SELECT is((SELECT string_agg(op, ', ') FROM called), 'UPDATE', 'these are called as ever');
SELECT is(result($$DO 'BEGIN MERGE INTO app.m USING (VALUES (2)) v (n) ON m.line_no = v.n WHEN MATCHED THEN UPDATE SET provider = ''a''; END'$$), 'ptp', 'in a function');
-- old days are judged too: a line that others need goes away
SELECT claim_guard_add('m', action => 'quarantine') \g /dev/null
SELECT is(result($$MERGE INTO m USING (VALUES (2)) v (n) ON m.line_no = v.n WHEN MATCHED THEN UPDATE SET provider = 'a'$$), '1', 'quarantine of a row that is moved');
SELECT is((SELECT string_agg(row_data ->> 'provider' || ' ' || (row_data ->> 'line_no'), ', ') FROM claim_quarantine WHERE source = 'm') || '; ' || (SELECT count(*) FROM m WHERE line_no = 2), 'a 2; 0', 'takes it');
DELETE FROM claim_quarantine;
SELECT claim_guard_add('m', action => 'annotate') \g /dev/null
INSERT INTO m VALUES ('P', 'b', '2024-08-01', 'C', 2, '97124', 'GP', 1, 15, 'M99.01');
SELECT is(result($$MERGE INTO m USING (VALUES (2)) v (n) ON m.line_no = v.n WHEN MATCHED THEN UPDATE SET provider = 'a'$$), '1', 'a guard that notes');
SELECT is((SELECT string_agg(provider || ' ' || rule, ', ') FROM claim_guard_finding WHERE source = 'm'), 'a ptp', 'notes the day that the row came to');
SELECT is(result($$MERGE INTO m USING (VALUES (2)) v (n) ON m.line_no = v.n WHEN MATCHED THEN UPDATE SET provider = 'b'$$), '1', 'and when it goes');
SELECT is((SELECT count(*)::int FROM claim_guard_finding WHERE source = 'm'), 0, 'forgets it');
-- a foreign key that cascades
CREATE TABLE head (claim_id text PRIMARY KEY);
INSERT INTO head VALUES ('C'), ('D'), ('E'), ('F');
ALTER TABLE m ADD FOREIGN KEY (claim_id) REFERENCES head ON DELETE CASCADE ON UPDATE CASCADE;
SELECT claim_guard_add('m') \g /dev/null
SELECT logged('m') \g /dev/null
UPDATE head SET claim_id = 'G' WHERE claim_id = 'D';
SELECT alike(logged('m'), 'Q a 2024-08-0_', 'an update that cascades is logged');
DELETE FROM head WHERE claim_id = 'C';
SELECT is(logged('m'), 'P a 2024-08-01, P b 2024-08-01', 'a delete that cascades is logged');

-- ------------------------------------------------- partitions that come and go

CREATE TABLE p (LIKE m) PARTITION BY RANGE (dos);
CREATE TABLE p_07 PARTITION OF p FOR VALUES FROM ('2024-07-01') TO ('2024-08-01');
CREATE TABLE p_08 PARTITION OF p FOR VALUES FROM ('2024-08-01') TO ('2024-09-01');
SELECT claim_source_add('p', 'p', columns => mapping()), claim_guard_add('p'), claim_source_track('p') \g /dev/null
SELECT is(claimline_internal.claim_source_tracked('p'), true, 'all is logged');
CREATE FUNCTION guards_of(s text) RETURNS text LANGUAGE sql AS $$ SELECT string_agg(relation || ' ' || enabled, ', ' ORDER BY relation::text COLLATE "C") FROM claim_guards WHERE source = s $$;
CREATE TABLE p_09 (LIKE m);
ALTER TABLE p ATTACH PARTITION p_09 FOR VALUES FROM ('2024-09-01') TO ('2024-10-01');
SELECT is(guards_of('p'), 'p true, p_07 true, p_08 true, p_09 false', 'a partition that is attached later is listed, and has no triggers');
SELECT is(claimline_internal.claim_source_tracked('p'), false, 'nor is all logged');
SELECT claim_guard_add('p'), claim_source_track('p') \g /dev/null
SELECT is(guards_of('p') || ' ' || claimline_internal.claim_source_tracked('p'), 'p true, p_07 true, p_08 true, p_09 true true', 'claim_guard_add guards it');
SELECT is(result($$INSERT INTO p_09 VALUES ('P', 'a', '2024-09-01', 'C', 1, '97124', 'GP', 2, 15, 'M99.01')$$), 'units-minutes', 'directly');
SELECT is(result($$UPDATE p_09 SET units = 2$$), '0', 'an update of no row');
ALTER TABLE p DETACH PARTITION p_09;
SELECT is(result($$INSERT INTO p_09 VALUES ('P', 'a', '2024-09-01', 'C', 1, '97124', 'GP', 2, 15, 'M99.01')$$), '1', 'a partition that was detached is a table as any other: insert');
SELECT is(result($$UPDATE p_09 SET units = 3$$), '1', 'update');
SELECT is(result($$DELETE FROM p_09$$), '1', 'delete');
SELECT is(result($$TRUNCATE p_09$$), '0', 'truncate');
SELECT is(guards_of('p'), 'p true, p_07 true, p_08 true', 'and no guard is said to stand there');
SELECT is(logged('p'), 'whole', 'nothing of it is logged');
SELECT is(result($$INSERT INTO p VALUES ('P', 'a', '2024-08-01', 'C', 1, '97124', 'GP', 2, 15, 'M99.01')$$), 'units-minutes', 'the others are guarded as ever');
ALTER TABLE p ATTACH PARTITION p_09 FOR VALUES FROM ('2024-09-01') TO ('2024-10-01');
SELECT is(result($$INSERT INTO p_09 VALUES ('P', 'a', '2024-09-01', 'C', 1, '97124', 'GP', 2, 15, 'M99.01')$$), 'units-minutes', 'attached again, it is guarded again');
ALTER TABLE p DETACH PARTITION p_09;
SELECT claim_guard_drop('p') \g /dev/null
SELECT is(triggers_of('p_09'), 'p_track_delete A, p_track_insert A, p_track_truncate A, p_track_update A', 'claim_guard_drop takes its triggers away there too');
SELECT claim_guard_add('p'), claim_source_drop('p') \g /dev/null
SELECT is(triggers_of('p_09') || ' ' || triggers_of('p_08') || ' ' || triggers_of('p'), 'none none none', 'and claim_source_drop all');
SELECT make('plain'), claim_guard_add('plain') \g /dev/null
CREATE TRIGGER plain_guard_more AFTER INSERT ON p_09 REFERENCING NEW TABLE AS claimline_new FOR EACH STATEMENT EXECUTE FUNCTION claimline_internal.claim_guard('plain');
CREATE TRIGGER hand AFTER INSERT ON p_08 REFERENCING NEW TABLE AS claimline_new FOR EACH STATEMENT EXECUTE FUNCTION claimline_internal.claim_guard('plain');
SELECT is(result($$INSERT INTO p_08 VALUES ('P', 'a', '2024-08-01', 'C', 1, '97124', 'GP', 1, 15, 'M99.01')$$), '55000 claim source "plain" is not over table "p_08"', 'a trigger made by hand says that it is of another table');
SELECT claim_source_drop('plain') \g /dev/null
SELECT is(triggers_of('p_09') || ' ' || triggers_of('p_08'), 'none none', 'it goes with its source as well');

-- ---------------------------------------------------------------------- children

SELECT make('h') \g /dev/null
CREATE TABLE h_1 (more text) INHERITS (h);
CREATE TABLE h_2 (LIKE h_1);
ALTER TABLE h_2 DROP COLUMN code;
ALTER TABLE h_2 ADD COLUMN code text;
ALTER TABLE h_2 INHERIT h_1;
CREATE INDEX ON h_1 (patient, provider, dos);
SELECT claim_guard_add('h'), claim_source_track('h') \g /dev/null
SELECT is(guards_of('h'), 'h true, h_1 true, h_2 true', 'claim_guards lists children');
SELECT is(claimline_internal.claim_source_tracked('h'), true, 'they are logged');
SELECT is(result($$INSERT INTO h VALUES ('P', 'a', '2024-08-01', 'C', 1, '98940', 'AT', 1, NULL, 'M99.01')$$), '1', 'a line in the parent');
SELECT is(result(format($$INSERT INTO %s (patient, provider, dos, claim_id, line_no, code, modifier, units, minutes, dx) VALUES ('P', 'a', '2024-08-01', 'C', 2, '97124', 'GP', 1, 15, 'M99.01')$$, t)), 'ptp', 'with one in ' || t)
FROM unnest('{h,h_1,h_2}'::text[]) t;
SELECT logged('h') \g /dev/null
INSERT INTO h_2 (patient, provider, dos, claim_id, line_no, code, modifier, units, minutes, dx) VALUES ('P', 'b', '2024-08-01', 'C', 2, '97124', 'GP', 1, 15, 'M99.01');
SELECT is(logged('h'), 'P b 2024-08-01', 'what is written to a child is logged');
SELECT is(result($$UPDATE h SET provider = 'a' WHERE line_no = 2$$), 'ptp', 'an update of a child through its parent');
SELECT is(result($$UPDATE h_1 SET provider = 'a' WHERE line_no = 2$$), 'ptp', 'through another');
SELECT is(result($$UPDATE h_2 SET provider = 'a' WHERE line_no = 2$$), 'ptp', 'directly');
SELECT is(result($$UPDATE h_2 SET more = 'x'$$), '1', 'of a column that is not mapped');
SELECT claim_guard_add('h', action => 'quarantine') \g /dev/null
SELECT is(result(format($$INSERT INTO %s (patient, provider, dos, claim_id, line_no, code, modifier, units, minutes, dx, more) VALUES ('P', 'a', '2024-08-01', %1$L, 2, '97124', 'GP', 1, 15, 'M99.01', %1$L)$$, t)), '1', 'quarantine out of ' || t)
FROM unnest('{h_1,h_2}'::text[]) t;
SELECT is(result($$UPDATE h SET provider = 'a' WHERE line_no = 2$$), '1', 'and of a child through its parent');
SELECT is((SELECT string_agg(concat_ws(' ', relation, row_data ->> 'claim_id', row_data ->> 'more'), ', ' ORDER BY id) FROM claim_quarantine WHERE source = 'h'),
	'app.h_1 h_1 h_1, app.h_2 h_2 h_2, app.h_2 C x', 'moves whole rows, with the columns that only the child has');
SELECT is((SELECT count(*)::int FROM h WHERE line_no = 2), 0, 'and none stays');
ALTER TABLE h_1 NO INHERIT h;
SELECT is(result($$INSERT INTO h_2 (patient, provider, dos, claim_id, line_no, code, modifier, units, minutes, dx) VALUES ('P', 'b', '2024-08-01', 'C', 2, '97124', 'GP', 3, 15, 'M99.01')$$), '1', 'what is no child any more is not judged');
SELECT claim_source_drop('h') \g /dev/null
SELECT is(triggers_of('h') || triggers_of('h_1') || triggers_of('h_2'), 'nonenonenone', 'and gives its triggers back');
-- of another owner
SELECT make('ho') \g /dev/null
ALTER TABLE ho OWNER TO guard_owner;
SELECT claim_source_drop('ho') \g /dev/null
SET LOCAL ROLE guard_owner;
SELECT claim_source_add('ho', 'app.ho', columns => app.mapping()) \g /dev/null
RESET ROLE;
CREATE TABLE ho_1 () INHERITS (ho);
SET LOCAL ROLE guard_owner;
SELECT claim_guard_add('ho') \g /dev/null
RESET ROLE;
SELECT is(guards_of('ho'), 'ho true, ho_1 false', 'a child of another owner is not guarded');
SELECT is(result_as('guard_owner', $$INSERT INTO app.ho VALUES ('P', 'a', '2024-08-01', 'C', 1, '97124', 'GP', 3, 15, 'M99.01')$$), 'units-minutes', 'its parent is');

-- ------------------------------------------------------------ foreign partitions

CREATE EXTENSION file_fdw;
CREATE SERVER nowhere FOREIGN DATA WRAPPER file_fdw;
CREATE TABLE f (LIKE m) PARTITION BY RANGE (dos);
CREATE TABLE f_07 PARTITION OF f FOR VALUES FROM ('2024-07-01') TO ('2024-08-01');
CREATE FOREIGN TABLE f_08 PARTITION OF f FOR VALUES FROM ('2024-08-01') TO ('2024-09-01') SERVER nowhere OPTIONS (filename '/dev/null', format 'csv');
SELECT claim_source_add('f', 'f', columns => mapping()), claim_guard_add('f'), claim_source_track('f') \g /dev/null
SELECT is(guards_of('f'), 'f true, f_07 true, f_08 false', 'a foreign partition is listed and not guarded');
SELECT is(claimline_internal.claim_source_tracked('f'), false, 'so the log is not all');
SELECT is((SELECT relation || ' ' || reason FROM claimline_internal.claim_source_unseen('f')), 'f_08 is a foreign table: PostgreSQL collects no rows of it for triggers, and refuses statements on its parent that write to it', 'for a reason');
SELECT is(result($$INSERT INTO f VALUES ('P', 'a', '2024-08-01', 'C', 1, '97124', 'GP', 3, 15, 'M99.01')$$), '0A000 cannot insert into foreign table "f_08"', 'through its parent PostgreSQL refuses');
SELECT is(result($$INSERT INTO f VALUES ('P', 'a', '2024-07-01', 'C', 1, '97124', 'GP', 3, 15, 'M99.01')$$), 'units-minutes', 'the others are guarded');

-- ------------------------------------------------------- distributed tables

SET LOCAL allow_system_table_mods = on;
SELECT make('cit'), make('loc') \g /dev/null
CREATE TABLE pg_catalog.pg_dist_partition (logicalrelid regclass, partmethod "char");
INSERT INTO pg_catalog.pg_dist_partition VALUES ('cit', 'h');
SELECT is((e.state, e.message)::text, '(0A000,"table app.cit is distributed by Citus")', a) FROM unnest('{claim_guard_add,claim_source_track}'::text[]) a, lib.error_of(format('SELECT %s(''cit'')', a)) e;
SELECT is(triggers_of('cit'), 'none', 'no trigger is left behind');
SELECT is(result('SELECT claim_guard_add(''loc''), claim_source_track(''loc'')'), '1', 'a table that is not distributed is guarded beside it');
INSERT INTO pg_catalog.pg_dist_partition VALUES ('loc', 'h');
SELECT is(result('SELECT claim_guard_drop(''loc''), claim_source_untrack(''loc'')'), '1', 'and loses its guard where it is distributed later');
DROP TABLE pg_catalog.pg_dist_partition;
RESET allow_system_table_mods;

-- ------------------------------------------------ virtual generated columns

SELECT current_setting('server_version_num')::int >= 180000 AS has_virtual \gset
\if :has_virtual
CREATE TABLE vt (patient text, provider text, dos date, claim_id text, line_no int, raw text, code text GENERATED ALWAYS AS (upper(raw)) VIRTUAL, modifier text, units numeric, minutes int, dx text,
	twice numeric GENERATED ALWAYS AS (units * 2) VIRTUAL);
SELECT claim_source_add('vt', 'vt', columns => mapping()) \g /dev/null
SELECT is((e.state, e.message)::text, '(0A000,"column ""code"" of table app.vt is a virtual generated column")', a) FROM unnest('{claim_guard_add,claim_source_track}'::text[]) a, lib.error_of(format('SELECT %s(''vt'')', a)) e;
SELECT claim_source_drop('vt'), claim_source_add('vt', 'vt', columns => mapping() || '{"code": {"expression": "upper(raw)"}}'), claim_guard_add('vt', action => 'quarantine') \g /dev/null
SELECT is(result($$INSERT INTO vt (patient, provider, dos, claim_id, line_no, raw, modifier, units, minutes, dx) VALUES ('P', 'a', '2024-08-01', 'C', 1, '98940', 'AT', 1, NULL, 'M99.01'), ('P', 'a', '2024-08-01', 'C', 2, '97124', 'GP', 1, 15, 'M99.01')$$), '2', 'with a virtual column that is not mapped');
SELECT is((SELECT string_agg(row_data ->> 'line_no', ', ') FROM claim_quarantine WHERE source = 'vt') || ' of ' || (SELECT count(*) FROM vt), '2 of 1', 'the denied row is moved');
\else
SELECT skip('the server has no virtual generated columns', 4);
SELECT lives_ok($$SELECT claimline_internal.claim_source_refuse_virtual('m')$$, 'what is stored is not refused');
\endif

-- --------------------------------- triggers that change what a statement wrote

CREATE FUNCTION changes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN EXECUTE format('UPDATE %s SET %s WHERE claim_id = %L AND line_no IS NOT DISTINCT FROM %L AND seen IS NULL', TG_RELID::regclass, TG_ARGV[0], NEW.claim_id, NEW.line_no); RETURN NULL; END $$;
SELECT make('w', ', note text, seen timestamptz'), claim_guard_add('w', action => 'quarantine') \g /dev/null
CREATE TRIGGER seen AFTER INSERT ON w FOR EACH ROW EXECUTE FUNCTION changes('seen = now()');
SELECT is(result($$INSERT INTO w VALUES ('P', 'a', '2024-08-01', 'C', 1, '98940', 'AT', 1, NULL, 'M99.01'), ('P', 'a', '2024-08-01', 'C', 2, '97124', 'GP', 1, 15, 'M99.01')$$), '2', 'a trigger after each row changes a column');
SELECT is((SELECT string_agg(line_no::text, ', ') FROM w), '1', 'the denied row does not stay');
SELECT is((SELECT string_agg(row_data ->> 'line_no' || ' ' || (row_data ->> 'seen' IS NOT NULL), ', ') FROM claim_quarantine WHERE source = 'w'), '2 true', 'it is aside as it was stored');
SELECT is((SELECT count(*)::int FROM claim_guard_finding WHERE source = 'w'), 0, 'and nothing is noted');
-- the stored row is not taken for its equal
DELETE FROM claim_quarantine;
INSERT INTO w VALUES ('P', 'b', '2024-08-01', 'D', NULL, '97124', 'GP', 1, 15, 'M99.01', 'first');
INSERT INTO w VALUES ('P', 'b', '2024-08-01', 'D', NULL, '97124', 'GP', 1, 15, 'M99.01', 'second');
SELECT is((SELECT string_agg(note, ', ') FROM w WHERE provider = 'b') || '; ' || (SELECT string_agg(row_data ->> 'note', ', ') FROM claim_quarantine WHERE source = 'w'), 'first; second', 'the stored row is not taken for an equal one that was written');
-- one that changes what is mapped
DROP TRIGGER seen ON w;
CREATE TRIGGER seen AFTER INSERT ON w FOR EACH ROW EXECUTE FUNCTION changes('seen = now(), units = units');
DELETE FROM claim_quarantine;
SELECT is(result($$INSERT INTO w VALUES ('P', 'a', '2024-08-01', 'C', 3, '97124', 'GP', 1, 15, 'M99.01')$$), '1', 'one that writes a mapped column as it was');
SELECT is((SELECT string_agg(line_no::text, ', ') FROM w WHERE provider = 'a'), '1', 'is no way around');
-- a trigger that keeps the row
CREATE FUNCTION keeps() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
CREATE TRIGGER keeps BEFORE DELETE ON w FOR EACH ROW EXECUTE FUNCTION keeps();
SELECT is(e.rule || ': ' || e.hint, 'ptp: The row cannot be moved to quarantine: a trigger or a rule of the table keeps it, or has changed it.', 'a row that cannot be moved is refused')
FROM error_of($$INSERT INTO w VALUES ('P', 'a', '2024-08-01', 'C', 4, '97124', 'GP', 1, 15, 'M99.01')$$) e;
SELECT is((SELECT string_agg(line_no::text, ', ') FROM w WHERE provider = 'a'), '1', 'and is not there');
DROP TRIGGER keeps ON w;
CREATE RULE keeps AS ON DELETE TO w WHERE OLD.line_no = 5 DO INSTEAD NOTHING;
SELECT alike(result($$INSERT INTO w VALUES ('P', 'a', '2024-08-01', 'C', 5, '97124', 'GP', 1, 15, 'M99.01')$$), '0A000 cannot perform DELETE RETURNING%', 'with a rule PostgreSQL refuses');
DROP RULE keeps ON w;
SELECT is(result($$INSERT INTO w VALUES ('P', 'a', '2024-08-01', 'C', 6, '97124', 'GP', 1, 15, 'M99.01')$$), '1', 'without it, rows are moved');
SELECT is((SELECT string_agg(line_no::text, ', ') FROM w WHERE provider = 'a'), '1', 'as before');

-- --------------------------------------------------------------- another owner

SET LOCAL ROLE guard_owner;
SELECT make('own'), claim_guard_add('own', action => 'annotate'), claim_source_track('own') \g /dev/null
RESET ROLE;
SELECT is((SELECT state FROM claim_sources WHERE name = 'own'), 'ok', 'a source of the owner of its table');
SELECT alike(error_as('guard_other', $$SELECT claim_source_drop('own')$$), '42501%', 'is not dropped by another');
INSERT INTO own VALUES ('P', 'a', '2024-08-01', 'C', 1, '97124', 'GP', 3, 15, 'M99.01');
ALTER TABLE own OWNER TO guard_other;
GRANT SELECT ON own TO guard_owner;
SELECT is((SELECT state FROM claim_sources WHERE name = 'own'), 'owner guard_owner has not the rights of guard_other, who owns the table: its triggers fail', 'another owner: the state says what is wrong');
SELECT alike(result_as('guard_other', $$INSERT INTO app.own VALUES ('P', 'a', '2024-08-01', 'C', 2, '97124', 'GP', 3, 15, 'M99.01')$$), '42501%', 'statements fail');
SELECT alike(error_as('guard_writer', $$SELECT claim_source_drop('own')$$), '42501%', 'who owns neither drops nothing');
SAVEPOINT guard;
SELECT is(result_as('guard_other', $$SELECT claim_guard_drop('own')$$), '1', 'the new owner drops the guard');
ROLLBACK TO guard;
SELECT is(result_as('guard_other', $$SELECT claim_source_drop('own')$$), '1', 'the new owner drops the source');
SELECT is(triggers_of('own') || ' ' || (SELECT count(*) FROM claim_guard_finding WHERE source = 'own') || ' ' || coalesce(to_regclass('app.own_lines')::text, '-'), 'none 0 -', 'with its triggers, what it noted and its view');
SELECT is(result_as('guard_other', $$INSERT INTO app.own VALUES ('P', 'a', '2024-08-01', 'C', 2, '97124', 'GP', 3, 15, 'M99.01')$$), '1', 'the table can be written');
SELECT is(result_as('guard_other', $$SELECT claim_source_add('own', 'app.own', columns => app.mapping(), schema => 'app'), claim_guard_add('own')$$), '1', 'and the new owner adds source and guard again');
SELECT is(result_as('guard_other', $$INSERT INTO app.own VALUES ('P', 'b', '2024-08-01', 'C', 3, '97124', 'GP', 3, 15, 'M99.01')$$), 'units-minutes', 'which work');
-- a reader's source is not for the owner of the table to drop
GRANT SELECT ON own TO guard_owner;
SELECT is(result_as('guard_owner', $$SELECT claim_source_add('reads', 'app.own', columns => app.mapping(), schema => 'app')$$), '1', 'a source of a reader');
SELECT is((SELECT state FROM claim_sources WHERE name = 'reads'), 'ok', 'works');
SELECT alike(error_as('guard_other', $$SELECT claim_source_drop('reads')$$), '42501%', 'and is not dropped by the owner of the table');
REVOKE SELECT ON own FROM guard_owner;
SELECT is((SELECT state FROM claim_sources WHERE name = 'reads'), 'owner guard_owner has no right to select from the relation', 'without the right to read it does not');
SELECT is(result_as('guard_other', $$SELECT claim_source_drop('reads')$$), '1', 'and is dropped');
-- an owner who is gone
CREATE ROLE guard_gone;
GRANT USAGE, CREATE ON SCHEMA app TO guard_gone;
SET LOCAL ROLE guard_gone;
SELECT make('left'), claim_guard_add('left') \g /dev/null
RESET ROLE;
REASSIGN OWNED BY guard_gone TO guard_other;
DROP OWNED BY guard_gone;
DROP ROLE guard_gone;
SELECT is((SELECT state FROM claim_sources WHERE name = 'left'), 'owner dropped', 'an owner who is dropped');
SELECT is(result_as('guard_other', $$SELECT claim_source_drop('left')$$), '1', 'the new one drops the source');
SELECT is(triggers_of('left') || ' ' || coalesce(to_regclass('app.left_lines')::text, '-'), 'none -', 'with triggers and view');

-- ------------------------------------------- what a guard that is kept knows of its tables

CREATE TABLE kept (LIKE m, site int) PARTITION BY LIST (site);
CREATE TABLE kept_1 PARTITION OF kept FOR VALUES IN (1);
CREATE TABLE kept_2 PARTITION OF kept DEFAULT;
CREATE INDEX kept_1i ON kept_1 (claim_read_key(patient), dos);
CREATE INDEX kept_2i ON kept_2 (claim_read_key(patient), dos);
SELECT claim_source_add('kept', 'kept', columns => mapping()), claim_guard_add('kept') \g /dev/null
CREATE FUNCTION conflict() RETURNS text LANGUAGE sql AS $$ SELECT app.result($i$INSERT INTO kept VALUES ('P', 'a', '2024-08-01', 'D', 1, '97124', 'GP', 1, 15, 'M99.01', 't', 2)$i$) $$;
INSERT INTO kept VALUES ('P', 'a', '2024-08-01', 'C', 1, '98940', 'AT', 1, NULL, 'M99.01', 't', 1);
SELECT is(conflict(), 'ptp', 'a line of another partition counts');
DROP INDEX kept_1i;
SELECT is(conflict(), 'ptp', 'also when its index is gone');
CREATE INDEX ON kept_1 (claim_read_key(patient));
SELECT is(conflict(), 'ptp', 'and when there is another');
ALTER TABLE kept DETACH PARTITION kept_1;
SELECT is(conflict(), '1', 'not when the partition is detached');
DELETE FROM kept;
CREATE TABLE kept_3 PARTITION OF kept FOR VALUES IN (1) PARTITION BY HASH (claim_id);
ALTER TABLE kept_3 ATTACH PARTITION kept_1 FOR VALUES WITH (MODULUS 1, REMAINDER 0);
SELECT is(conflict(), 'ptp', 'again when it is attached to another one');
ALTER TABLE kept_3 DETACH PARTITION kept_1;
CREATE TABLE kept_4 PARTITION OF kept_3 FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE kept_5 PARTITION OF kept_3 FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO kept_3 SELECT * FROM kept_1;
SELECT is(conflict(), 'ptp', 'rows that went to partitions of a partition are found there');
CREATE INDEX ON kept (patient, provider, dos);
SELECT is(conflict(), 'ptp', 'by an index on all');
DELETE FROM kept;
SELECT is(conflict(), '1', 'and deleted');

-- ------------------------------------------------------------ published tables

SET client_min_messages = error;
CREATE FUNCTION unmovable(s text) RETURNS text LANGUAGE sql AS $$ SELECT coalesce(string_agg(u::text, ', '), 'none') FROM claimline_internal.claim_guard_unmovable(s) u $$;
SELECT make('pub') \g /dev/null
CREATE TABLE pubs (LIKE pub) PARTITION BY RANGE (dos);
CREATE TABLE pubs_1 PARTITION OF pubs FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE pubs_2 PARTITION OF pubs DEFAULT;
CREATE INDEX ON pubs (patient, provider, dos);
SELECT claim_source_add('pubs', 'pubs', columns => mapping()) \g /dev/null
SELECT is(unmovable('pub') || '; ' || unmovable('pubs'), 'none; none', 'rows of what is not published can be moved');
CREATE PUBLICATION inserts FOR TABLE pub, pubs WITH (publish = 'insert, update');
SELECT is(unmovable('pub') || '; ' || unmovable('pubs'), 'none; none', 'nor do publications without deletes matter');
CREATE PUBLICATION one FOR TABLE pub;
CREATE PUBLICATION root FOR TABLE pubs WITH (publish_via_partition_root);
SELECT is(unmovable('pub') || '; ' || unmovable('pubs'), 'pub; pubs_1, pubs_2', 'rows of a published table without a replica identity cannot, nor those of its partitions');
SELECT claim_guard_add('pub', action => 'quarantine'), claim_guard_add('pubs', action => 'quarantine') \g /dev/null
SELECT alike(result($$INSERT INTO pub VALUES ('P', 'a', '2024-08-01', 'C', 1, '97124', 'GP', 3, 15, 'M99.01')$$), '55000 cannot delete from table "pub"%', 'a statement with a row to move fails');
SELECT alike(result($$INSERT INTO pubs VALUES ('P', 'a', '2024-08-01', 'C', 1, '97124', 'GP', 3, 15, 'M99.01')$$), '55000 cannot delete from table "pubs_1"%', 'of partitions too');
SELECT is(result($$INSERT INTO pub VALUES ('P', 'a', '2024-08-01', 'C', 1, '97124', 'GP', 1, 15, 'M99.01')$$), '1', 'one without does not');
ALTER TABLE pub REPLICA IDENTITY FULL;
ALTER TABLE pubs_1 ADD PRIMARY KEY (claim_id, line_no);
ALTER TABLE pubs_2 ADD PRIMARY KEY (claim_id, line_no) DEFERRABLE;
SELECT is(unmovable('pub') || '; ' || unmovable('pubs'), 'none; pubs_2', 'with an identity they can; a deferrable key is none');
SELECT is(result($$INSERT INTO pub VALUES ('P', 'a', '2024-08-01', 'D', 1, '97110', 'GP', 3, 15, 'M99.01')$$), '1', 'and are');
SELECT alike(result($$INSERT INTO pubs VALUES ('P', 'a', '2024-08-01', 'C', 1, '97124', 'GP', 3, 15, 'M99.01')$$), '55000 cannot delete from table "pubs_2"%', 'not where another partition has none');
ALTER TABLE pubs_2 REPLICA IDENTITY FULL;
SELECT is(result($$INSERT INTO pubs VALUES ('P', 'a', '2024-08-01', 'C', 1, '97124', 'GP', 3, 15, 'M99.01')$$), '1', 'where all have one they are');
ALTER TABLE pubs_2 REPLICA IDENTITY DEFAULT;
ALTER TABLE pub REPLICA IDENTITY NOTHING;
DROP PUBLICATION one, root;
CREATE PUBLICATION schema FOR TABLES IN SCHEMA app;
SELECT is(unmovable('pub') || '; ' || unmovable('pubs'), 'pub; pubs_2', 'a schema that is published');
DROP PUBLICATION schema, inserts;

SELECT * FROM finish();
ROLLBACK;

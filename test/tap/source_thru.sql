-- The last date of service in sources: mapped, behind the first date of a text, and by the presets.
--
-- The oracle is the rule of doc/sources.md in SQL, over dates that are known before they are written as text.

BEGIN;
\i test/tap/lib.sql
SELECT plan(30);
CREATE SCHEMA thru;
SELECT set_config('search_path', 'thru, ' || current_setting('search_path'), true) \g /dev/null

-- dates as tables hold them; `good` is what a line has: the last date, or nothing
CREATE FUNCTION written(d date, form int) RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE form WHEN 0 THEN to_char(d, 'YYYY-MM-DD') WHEN 1 THEN to_char(d, 'YYYYMMDD') WHEN 2 THEN to_char(d, 'MM/DD/YYYY') WHEN 3 THEN to_char(d, 'DD-MON-YYYY')
		WHEN 4 THEN to_char(d, 'YYYY-MM-DD') || ' 23:59:00' WHEN 5 THEN to_char(d, 'YYYYMMDD') || '.0' ELSE '  ' || to_char(d, 'YYYY-MM-DD') || ' ' END
$$;
CREATE TABLE rows_of AS
SELECT n, dos, n % 7 AS form, dos + (ARRAY[0, 1, 4, 30, 3660, 3661, -1, 0])[1 + draw(n, 1, 8)] AS thru, draw(n, 2, 10) AS kind
FROM (SELECT n, CASE draw(n, 3, 12) WHEN 0 THEN NULL ELSE date '2023-12-28' + draw(n, 4, 500) END AS dos FROM generate_series(1, 4000) n) x;
CREATE TABLE claims_table AS
SELECT n, '97124'::text AS code, dos, written(dos, form) AS dos_text,
	CASE kind WHEN 0 THEN NULL WHEN 1 THEN date '9999-12-31' ELSE coalesce(thru, date '2024-08-05') END AS thru,
	CASE kind WHEN 0 THEN NULL WHEN 1 THEN '9999-12-31' WHEN 2 THEN '' WHEN 3 THEN 'NaT' WHEN 4 THEN 'unknown' ELSE written(coalesce(thru, date '2024-08-05'), (form + 3) % 7) END AS thru_text
FROM rows_of;
CREATE FUNCTION wanted(dos date, thru date) RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT concat_ws(' ', '97124 x1', dos || CASE WHEN thru > dos AND thru <= dos + 3660 THEN '..' || thru ELSE '' END,
		CASE WHEN dos IS NULL AND thru IS NOT NULL OR thru < dos OR thru > dos + 3660 THEN 'unread=thru' END)
$$;
CREATE FUNCTION is_right(src text, oracle text, what text) RETURNS SETOF text LANGUAGE plpgsql AS $f$
DECLARE
	spans bigint;
	unread bigint;
	whole bigint;
BEGIN
	RETURN NEXT is_empty(format('SELECT v.claim_id, v.line::text, w.line FROM %I v JOIN (%s) w ON w.n::text = v.claim_id WHERE v.line::text IS DISTINCT FROM w.line', src || '_lines', oracle), what);
	RETURN NEXT is_empty(format('SELECT claim_id, line, line_error FROM %I WHERE (line::text LIKE ''%%unread=thru'') IS DISTINCT FROM coalesce(line_error LIKE ''Last date of service is %%'', false)', src || '_lines'), what || ': line_error says what could not be read');
	EXECUTE format('SELECT count(*) FILTER (WHERE line_thru(line) > line_dos(line)), count(*) FILTER (WHERE line_unread(line) <> ''{}''), count(*) FILTER (WHERE line_thru(line) = line_dos(line)
		AND line_unread(line) = ''{}'') FROM %I', src || '_lines') INTO spans, unread, whole;
	RETURN NEXT ok(spans > 500 AND unread > 100 AND whole > 100, format('%s: %s spans, %s unreadable, %s of one date', what, spans, unread, whole));
END $f$;

SELECT claim_source_add('dates', 'claims_table', columns => '{"claim_id": "n", "code": "code", "dos": "dos", "thru": {"column": "thru", "missing": ["9999-12-31"]}}') \g /dev/null
SELECT is_right('dates', 'SELECT n, wanted(dos, nullif(thru, ''9999-12-31'')) AS line FROM claims_table', 'dates');
SELECT claim_source_add('quick', 'claims_table', columns => '{"claim_id": "n", "code": "code", "dos": "dos", "thru": "thru"}') \g /dev/null
SELECT is_right('quick', 'SELECT n, wanted(dos, thru) AS line FROM claims_table', 'dates without marks');
SELECT claim_source_add('texts', 'claims_table', columns => '{"claim_id": "n", "code": "code", "dos": "dos_text", "thru": {"column": "thru_text", "missing": ["9999-12-31"]}}') \g /dev/null
SELECT is_right('texts', $$SELECT n, CASE thru_text WHEN 'unknown' THEN concat_ws(' ', '97124 x1', dos, 'unread=thru')
	ELSE wanted(dos, CASE WHEN thru_text ~ '\d' AND thru < '9999-12-31' THEN thru END) END AS line FROM claims_table$$, 'texts');
SELECT is((SELECT count(*) FROM quick_lines WHERE line_error IS NULL AND line_thru(line) = line_dos(line) AND pg_column_size(line) <> pg_column_size(claimline('97124', '{}', 1, NULL, line_dos(line)))),
	0::bigint, 'a last date that is the first takes no room');

-- a span in the text of the first date

CREATE TABLE spans AS
SELECT n, '97124'::text AS code, dos, CASE WHEN thru < dos THEN dos ELSE thru END AS thru, CASE n % 3 WHEN 0 THEN to_char(dos, 'YYYYMMDD') || '-' || to_char(greatest(thru, dos), 'YYYYMMDD')
	WHEN 1 THEN to_char(dos, 'MM/DD/YYYY') || ' - ' || to_char(greatest(thru, dos), 'MM/DD/YYYY') ELSE to_char(dos, 'YYYY-MM-DD') END AS text,
	CASE draw(n, 5, 3) WHEN 0 THEN dos + 2 END AS other
FROM rows_of WHERE dos IS NOT NULL;
SELECT claim_source_add('rd8', 'spans', columns => '{"claim_id": "n", "code": "code", "dos": "text"}') \g /dev/null
SELECT is_right('rd8', 'SELECT n, wanted(dos, CASE n % 3 WHEN 2 THEN dos ELSE thru END) AS line FROM spans', 'spans in a text');
SELECT is((SELECT count(*) FROM rd8_lines WHERE dos <> line_dos(line)), 0::bigint, 'days are grouped by the first date');
SELECT claim_source_add('other', 'spans', columns => '{"claim_id": "n", "code": "code", "dos": "text", "thru": "other"}') \g /dev/null
SELECT is_right('other', 'SELECT n, wanted(dos, coalesce(other, CASE n % 3 WHEN 2 THEN dos ELSE thru END)) AS line FROM spans', 'beside a column of its own, which counts where it is filled');

-- forms of a mapping

CREATE TABLE forms (id int, code text, dos date, thru text, later timestamp, day_first text);
INSERT INTO forms VALUES (1, '97124', '2024-08-05', NULL, '2024-08-06 10:00', '07/08/2024'), (2, '97124', '2024-08-05', '2024-08-07', NULL, '20/08/2024'),
	(3, '97124', '2024-08-05', 'x', '2024-08-06 10:00', '08/20/2024'), (4, '97124', '2024-08-05', '20240805-20240809', NULL, NULL);
CREATE FUNCTION shown(how jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	said text;
BEGIN
	PERFORM claim_source_add('form', 'forms', columns => '{"claim_id": "id", "code": "code", "dos": "dos"}'::jsonb || jsonb_build_object('thru', how));
	EXECUTE 'SELECT string_agg(regexp_replace(line::text, ''.* '', ''''), '' '' ORDER BY claim_id) FROM form_lines' INTO said;
	PERFORM claim_source_drop('form');
	RETURN said;
END $$;
SELECT is(shown('["thru", "later"]'), '2024-08-05..2024-08-06 2024-08-05..2024-08-07 unread=thru 2024-08-05..2024-08-09', 'the first column that is filled');
SELECT is(shown('"later"'), '2024-08-05..2024-08-06 2024-08-05 2024-08-05..2024-08-06 2024-08-05', 'a timestamp');
SELECT is(shown('{"column": "day_first", "format": "DD/MM/YYYY"}'), '2024-08-05..2024-08-07 2024-08-05..2024-08-20 unread=thru 2024-08-05', 'a format');
SELECT is(shown('{"expression": "t.dos + 2"}'), '2024-08-05..2024-08-07 2024-08-05..2024-08-07 2024-08-05..2024-08-07 2024-08-05..2024-08-07', 'an expression');
SELECT is(shown('{"value": "2024-08-31"}'), '2024-08-05..2024-08-31 2024-08-05..2024-08-31 2024-08-05..2024-08-31 2024-08-05..2024-08-31', 'a constant');
SELECT is(shown('null'), '2024-08-05 2024-08-05 2024-08-05 2024-08-05', 'none');
SELECT is((SELECT string_agg(s, ' ') FROM claim_sources c, unnest(c.unmapped) s WHERE c.name = 'rd8' AND s ~* 'last date'), NULL, 'of a mapping without it there is nothing to say');
SELECT is((SELECT sum(rows) FROM claim_source_quality('texts') WHERE field = 'thru' AND kind = 'line-partial'), (SELECT count(*)::numeric FROM texts_lines WHERE line_unread(line) = '{thru}'), 'they are counted');

-- the presets, by the columns of their layouts

CREATE TABLE tuva (claim_id text, claim_line_number int, person_id text, claim_start_date date, claim_end_date date, claim_line_start_date date, claim_line_end_date date, hcpcs_code text);
CREATE TABLE carrier_claim_lines (clm_id int8, line_num int, hcpcs_cd text, line_1st_expns_dt date, line_last_expns_dt date, line_srvc_cnt numeric);
CREATE TABLE claim_item (clm_uniq_id int8, clm_line_num int, clm_line_hcpcs_cd text, clm_line_from_dt date, clm_line_thru_dt date, clm_line_srvc_unit_qty numeric);
CREATE TABLE cclf ("CUR_CLM_UNIQ_ID" text, "CLM_LINE_NUM" text, "BENE_MBI_ID" text, "CLM_FROM_DT" text, "CLM_THRU_DT" text, "CLM_LINE_FROM_DT" text, "CLM_LINE_THRU_DT" text, "CLM_LINE_HCPCS_CD" text, "CLM_LINE_SRVC_UNIT_QTY" text);
CREATE TABLE apcd (medical_claim_service_line_id int8, internal_member_id int8, procedure_code text, first_service_dt date, last_service_dt date, quantity numeric);
INSERT INTO tuva VALUES ('C', 1, 'P', '2024-08-01', '2024-08-31', '2024-08-05', '2024-08-09', '97124'), ('C', 2, 'P', '2024-08-01', '2024-08-31', '2024-08-05', NULL, '97124'),
	('C', 3, 'P', '2024-08-01', '2024-08-31', NULL, NULL, '97124');
INSERT INTO carrier_claim_lines VALUES (1, 1, '97124', '2024-08-05', '2024-08-09', 5), (1, 2, '97124', '2024-08-05', '2024-08-05', 1);
INSERT INTO claim_item VALUES (1, 1, '97124', '2024-08-05', '2024-08-09', 5), (1, 2, '97124', '2024-08-05', '9999-12-31', 1), (1, 3, '97124', '2024-08-05', '1000-01-01', 1);
INSERT INTO cclf VALUES ('1', '1', 'P', '2024-08-01', '2024-08-31', '2024-08-05', '2024-08-09', '97124', '5'), ('1', '2', 'P', '2024-08-01', '2024-08-31', '2024-08-05', '~', '97124', '1');
INSERT INTO apcd VALUES (1, 1, '97124', '2024-08-05', '2024-08-09', 5), (2, 1, '97124', '2024-08-05', NULL, 1);
CREATE FUNCTION by_preset(tab regclass, preset text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	said text;
BEGIN
	PERFORM claim_source_add('p', tab, preset);
	EXECUTE 'SELECT string_agg(line_dos(line) || ''..'' || line_thru(line), '' '' ORDER BY line) FROM p_lines' INTO said;
	PERFORM claim_source_drop('p');
	RETURN said;
END $$;
SELECT is(by_preset('tuva', 'tuva'), '2024-08-01..2024-08-01 2024-08-05..2024-08-05 2024-08-05..2024-08-09', 'tuva: the last date of the line, not of the claim');
SELECT is(by_preset('carrier_claim_lines', 'bfd'), '2024-08-05..2024-08-05 2024-08-05..2024-08-09', 'bfd');
SELECT is(by_preset('claim_item', 'bfd'), '2024-08-05..2024-08-05 2024-08-05..2024-08-05 2024-08-05..2024-08-09', 'bfd of 2025');
SELECT is(by_preset('cclf', 'cclf5'), '2024-08-05..2024-08-05 2024-08-05..2024-08-09', 'cclf5');
SELECT is(by_preset('apcd', 'apcd'), '2024-08-05..2024-08-05 2024-08-05..2024-08-09', 'apcd');
SELECT * FROM finish();
ROLLBACK;

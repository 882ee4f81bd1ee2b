-- 837 as a generator of its own writes it: random claims, with every loop and element that may be there or not, in random separators, line
-- ends and widths; what is read are the claims that were written.

BEGIN;
\i test/tap/lib.sql
SELECT no_plan();
SET client_min_messages = error;

-- A file is of one kind: 0 professional, 1 institutional, 2 dental. Each has two billing providers, subscribers with claims of their own and
-- of dependents, one to three claims, one to four lines
CREATE TEMP TABLE pick (what text PRIMARY KEY, list text[]);
INSERT INTO pick VALUES ('code', '{97124,97110,97140,98940,98941,99213,G0283,J3301,0101T,A0425}'), ('dental', '{D0120,D1110,D2740,D7140}'), ('modifier', '{59,GP,AT,25,KX,XS,RH}'),
	('dx', '{M542,M54.2,M9901,S134XXA,Z0000,G44.209,M25511,E119}'), ('dx9', '{7242,V7389,E8888,72.42}'), ('taxonomy', '{225100000X,111N00000X,207Q00000X}'), ('measure', '{UN,UN,UN,F2,DA}');
CREATE FUNCTION pg_temp.one(of text, key bigint, seed int) RETURNS text LANGUAGE sql AS $$ SELECT list[1 + lib.draw(key, seed, cardinality(list))] FROM pick WHERE what = of $$;
CREATE FUNCTION pg_temp.maybe(what text, key bigint, seed int, of int DEFAULT 2) RETURNS text LANGUAGE sql AS $$ SELECT CASE WHEN lib.draw(key, seed, of) = 0 THEN what ELSE '' END $$;

-- \x01 to \x04 stand for the separators of elements and components, for the end of a segment, for repetition
CREATE TEMP TABLE file AS SELECT f, f % 3 AS kind, (ARRAY['*', '*', '*', '|', '^', '+'])[1 + draw(f, 1, 6)] AS e, (ARRAY[':', ':', '>', '<', '&'])[1 + draw(f, 2, 5)] AS c,
	(ARRAY['~', '~', '''', '!', E'\n', E'\x1c'])[1 + draw(f, 3, 6)] AS t, (ARRAY['', E'\n', E'\r\n', E'\n\n', E'\n  \t'])[1 + draw(f, 4, 5)] AS ends, draw(f, 5, 6) = 0 AS in_columns, draw(f, 6, 4) = 0 AS has_bom,
	draw(f, 7, 3) AS isa, draw(f, 8, 5) = 0 AS says_other FROM generate_series(1, 240) f;
CREATE TEMP TABLE person AS SELECT f, p, p + f * 100 AS key, 1 + (p / 3) AS provider, p % 3 = 2 AS is_dependent, 'M' || f || '-' || (p - p % 3) AS member FROM file, generate_series(0, 5) p;
CREATE TEMP TABLE claim AS SELECT f, p, k, key * 10 + k AS key, 'C' || f || '.' || p || '.' || k AS id, (ARRAY['1', '1', '7', '8'])[1 + draw(key * 10 + k, 10, 4)] AS frequency,
	draw(key * 10 + k, 11, 3) <> 0 AS has_82, draw(key * 10 + k, 12, 2) = 0 AS has_dn, 1 + draw(key * 10 + k, 13, 4) AS n_dx, draw(key * 10 + k, 14, 8) = 0 AS is_icd9, draw(key * 10 + k, 15, 3) = 0 AS has_date
	FROM person, generate_series(1, 3) k WHERE k <= 1 + draw(key, 9, 3);
CREATE TEMP TABLE dx AS SELECT c.f, c.key, d, one AS dx FROM claim c, generate_series(1, 4) d, LATERAL pg_temp.one(CASE WHEN is_icd9 THEN 'dx9' ELSE 'dx' END, c.key, 20 + d) one WHERE d <= n_dx;
CREATE TEMP TABLE line AS SELECT c.f, c.p, c.key AS claim, n, c.key * 10 + n AS key, kind, CASE WHEN kind = 1 AND draw(c.key * 10 + n, 30, 3) = 0 THEN NULL WHEN kind = 2 THEN pg_temp.one('dental', c.key * 10 + n, 31) ELSE pg_temp.one('code', c.key * 10 + n, 31) END AS code,
	CASE WHEN kind = 2 THEN '' ELSE CASE WHEN draw(c.key * 10 + n, 32, 9) = 0 THEN 'MJ' ELSE pg_temp.one('measure', c.key * 10 + n, 32) END END AS measure, draw(c.key * 10 + n, 33, 4) AS n_modifiers,
	CASE WHEN kind = 2 AND draw(c.key * 10 + n, 40, 2) = 0 THEN NULL ELSE 1 + draw(c.key * 10 + n, 34, 20) END AS many, (draw(c.key * 10 + n, 35, 50000) / 100.0)::numeric(10, 2) AS charge,
	date '2020-01-01' + draw(c.key * 10 + n, 36, 1500) AS dos, CASE WHEN draw(c.key * 10 + n, 37, 4) = 0 THEN draw(c.key * 10 + n, 38, 9) END AS more, draw(c.key * 10 + n, 39, 5) <> 0 OR NOT has_date AS has_date,
	draw(c.key * 10 + n, 41, 4) = 0 AS has_82, draw(c.key * 10 + n, 42, 4) = 0 AS has_dk, draw(c.key * 10 + n, 43, 3) = 0 AS has_pos, draw(c.key * 10 + n, 44, 3) AS n_pointers
	FROM claim c JOIN file USING (f), generate_series(1, 4) n WHERE n <= 1 + draw(c.key, 29, 4);
CREATE TEMP TABLE modifier AS SELECT key, array_agg(pg_temp.one('modifier', key, 50 + m) ORDER BY m) AS list FROM line, generate_series(1, 3) m WHERE m <= n_modifiers AND code IS NOT NULL GROUP BY key;
CREATE TEMP TABLE pointer AS SELECT l.key, array_agg(d.d ORDER BY d.d DESC) AS list, array_agg(d.dx ORDER BY d.d DESC) AS dx FROM line l JOIN dx d ON d.key = l.claim WHERE l.kind <> 1 AND d.d <= l.n_pointers GROUP BY l.key;

-- segments, in their order
CREATE FUNCTION pg_temp.seg(VARIADIC text[]) RETURNS text LANGUAGE sql AS $$ SELECT regexp_replace(array_to_string($1, E'\x01', ''), E'\x01+$', '') || E'\x03' $$;
CREATE TEMP TABLE written AS
SELECT l.f, l.p, l.claim, l.n, pg_temp.seg('LX', n::text) || CASE kind
		WHEN 0 THEN pg_temp.seg('SV1', procedure, charge::text, measure, many::text, CASE WHEN has_pos THEN '22' END, '', array_to_string(p.list, E'\x02'), '', pg_temp.maybe('Y', key, 60))
		WHEN 1 THEN pg_temp.seg('SV2', '0' || 100 + draw(key, 61, 800), procedure, charge::text, measure, many::text)
		ELSE pg_temp.seg('SV3', procedure, charge::text, CASE WHEN has_pos THEN '22' END, '10', '', many::text, '', '', '', '', array_to_string(p.list, E'\x02')) END
	|| pg_temp.maybe(pg_temp.seg('PWK', 'CT', 'AA'), key, 62) || pg_temp.maybe(pg_temp.seg('DTP', '471', 'D8', '20190101'), key, 63)
	|| CASE WHEN has_date THEN CASE WHEN more IS NULL THEN pg_temp.seg('DTP', '472', 'D8', to_char(dos, 'YYYYMMDD')) ELSE pg_temp.seg('DTP', '472', 'RD8', to_char(dos, 'YYYYMMDD') || '-' || to_char(dos + more, 'YYYYMMDD')) END ELSE '' END
	|| pg_temp.seg('REF', '6R', 'L' || key) || pg_temp.maybe(pg_temp.seg('NTE', 'ADD', 'ISA and HC' || E'\x01' || 'SV1 97124'), key, 64) || pg_temp.maybe(pg_temp.seg('LIN', '', 'N4', '00026063512') || pg_temp.seg('CTP', '', '', '', '10', 'ML') || pg_temp.seg('REF', 'XZ', '123'), key, 65)
	|| CASE WHEN l.has_82 THEN pg_temp.seg('NM1', '82', '1', 'DOCTOR', 'LINE', '', '', '', 'XX', '82' || l.key) || pg_temp.seg('PRV', 'PE', 'PXC', pg_temp.one('taxonomy', key, 66)) ELSE '' END
	|| CASE WHEN l.has_dk THEN pg_temp.seg('NM1', 'DK', '1', 'DOCTOR', 'ORDER', '', '', '', 'XX', 'DK' || l.key) ELSE '' END
	|| pg_temp.maybe(pg_temp.seg('SVD', 'OTHER', '5', E'HC\x0297010', '', '1') || pg_temp.seg('CAS', 'CO', '45', '3') || pg_temp.seg('DTP', '573', 'D8', '20190202'), key, 67, 4) AS text
FROM line l LEFT JOIN modifier m USING (key) LEFT JOIN pointer p USING (key),
	LATERAL (SELECT CASE WHEN l.code IS NOT NULL THEN array_to_string(ARRAY[CASE WHEN kind = 2 THEN 'AD' ELSE 'HC' END, code] || coalesce(m.list, '{}'), E'\x02') || pg_temp.maybe(repeat(E'\x02', 5 - coalesce(cardinality(m.list), 0)) || 'SOME DRUG', l.key, 68, 6) END AS procedure) o;
CREATE TEMP TABLE written_claim AS
SELECT c.f, c.p, c.k, pg_temp.seg('CLM', id, '100', '', '', CASE WHEN kind = 1 THEN '13' ELSE '11' END || E'\x02' || CASE WHEN kind = 1 THEN 'A' ELSE pg_temp.maybe('B', c.key, 70) END || E'\x02' || frequency, 'Y', 'A')
	|| pg_temp.maybe(pg_temp.seg('DTP', '431', 'D8', '20190101'), c.key, 71) || CASE WHEN NOT has_date THEN '' WHEN kind = 1 THEN pg_temp.seg('DTP', '434', 'RD8', '20210301-20210305') ELSE pg_temp.seg('DTP', '472', 'D8', '20210301') END
	|| CASE WHEN frequency IN ('7', '8') THEN pg_temp.seg('REF', 'F8', 'ICN' || c.key) ELSE '' END || pg_temp.maybe(pg_temp.seg('REF', 'D9', 'TRACE'), c.key, 72)
	|| (SELECT pg_temp.seg('HI', string_agg(CASE WHEN is_icd9 THEN '' ELSE 'A' END || CASE d WHEN 1 THEN 'BK' ELSE 'BF' END || E'\x02' || dx, CASE WHEN kind = 1 AND draw(c.key, 73, 2) = 0 THEN E'\x03HI\x01' ELSE E'\x01' END ORDER BY d)) FROM dx WHERE dx.key = c.key)
	|| CASE WHEN kind = 1 THEN pg_temp.seg('HI', E'BH\x02A1\x02D8\x0220190101') || pg_temp.seg('NM1', '71', '1', 'DOCTOR', 'ATTEND', '', '', '', 'XX', '1') || pg_temp.seg('PRV', 'AT', 'PXC', '208D00000X') ELSE '' END
	|| CASE WHEN has_dn THEN pg_temp.seg('NM1', 'DN', '1', 'DOCTOR', 'REFER') || pg_temp.seg('REF', '1G', 'DN' || c.key) ELSE '' END
	|| CASE WHEN has_82 THEN pg_temp.seg('NM1', '82', '1', 'DOCTOR', 'CLAIM', '', '', '', 'XX', '82' || c.key) || pg_temp.maybe(pg_temp.seg('PRV', 'PE', 'PXC', pg_temp.one('taxonomy', c.key, 74)), c.key, 75) || pg_temp.maybe(pg_temp.seg('REF', 'G2', 'NOT THIS'), c.key, 76) ELSE '' END
	|| pg_temp.maybe(pg_temp.seg('SBR', 'S', '18') || pg_temp.seg('OI', '', '', 'Y') || pg_temp.seg('NM1', 'IL', '1', 'OTHER', 'PERSON', '', '', '', 'MI', 'X1') || pg_temp.seg('NM1', 'PR', '2', 'OTHER PAYER', '', '', '', '', 'PI', 'X2')
		|| pg_temp.seg('REF', 'F8', 'X3') || pg_temp.seg('NM1', '82', '1') || pg_temp.seg('REF', 'G2', 'X4'), c.key, 77, 3)
	|| (SELECT string_agg(w.text, '' ORDER BY w.n) FROM written w WHERE w.claim = c.key) AS text
FROM claim c JOIN file USING (f);
CREATE TEMP TABLE leveled AS SELECT f, p, row_number() OVER (PARTITION BY f ORDER BY p, level) AS hl, level, is_dependent, provider, member, key FROM (
	SELECT *, 1 AS level FROM person WHERE p % 3 = 0 UNION ALL SELECT *, 2 FROM person WHERE p % 3 <> 2 UNION ALL SELECT *, 3 FROM person WHERE is_dependent) x;
CREATE TEMP TABLE body AS
SELECT l.f, string_agg(pg_temp.seg('HL', hl::text, CASE level WHEN 2 THEN (SELECT max(o.hl) FROM leveled o WHERE o.f = l.f AND o.level = 1 AND o.hl < l.hl)::text WHEN 3 THEN (l.hl - 1)::text END, (19 + level + CASE WHEN level > 1 THEN 1 ELSE 0 END)::text, '1')
	|| CASE level WHEN 1 THEN pg_temp.seg('PRV', 'BI', 'PXC', pg_temp.one('taxonomy', l.key, 80)) || pg_temp.seg('NM1', '85', '2', 'BILLING', '', '', '', '', 'XX', '85' || l.key) || pg_temp.seg('N3', 'STREET 1') || pg_temp.seg('REF', 'EI', 'TAX') || pg_temp.maybe(pg_temp.seg('NM1', '87', '2') || pg_temp.seg('N3', 'STREET 2'), l.key, 81)
		WHEN 2 THEN pg_temp.seg('SBR', 'P', '18') || pg_temp.seg('NM1', 'IL', '1', 'SUBSCRIBER', 'ONE', '', '', '', 'MI', l.member || '.' || l.p) || pg_temp.seg('DMG', 'D8', '19700101', 'F') || pg_temp.seg('NM1', 'PR', '2', 'PAYER', '', '', '', '', 'PI', 'PAYER' || l.p)
		ELSE pg_temp.seg('PAT', '19') || pg_temp.seg('NM1', 'QC', '1', 'PATIENT', 'TWO') || pg_temp.seg('DMG', 'D8', '20100102', 'M') END
	|| CASE WHEN level > 1 THEN coalesce((SELECT string_agg(text, '' ORDER BY k) FROM written_claim w WHERE w.f = l.f AND w.p = l.p), '') ELSE '' END, '' ORDER BY hl) AS text FROM leveled l GROUP BY l.f;

CREATE TEMP TABLE plain AS SELECT f, pg_temp.seg('ST', '837', '0001', version) || pg_temp.seg('BHT', '0019', '00', '1', '20210101', '1200', 'CH') || pg_temp.seg('NM1', '41', '2', 'SUBMITTER', '', '', '', '', '46', '1') || pg_temp.seg('NM1', '40', '2', 'RECEIVER', '', '', '', '', '46', '2') || text AS text, version
	FROM body JOIN file USING (f), LATERAL (SELECT (ARRAY['005010X222A1', '005010X223A2', '005010X224A2'])[kind + 1] AS version) v;
CREATE TEMP TABLE finished AS SELECT f, concat_ws(E'\x01', 'ISA', '00', lpad('', 10), '00', lpad('', 10), 'ZZ', CASE isa WHEN 0 THEN 'SENDER' ELSE rpad('SENDER', 15) END, 'ZZ', CASE isa WHEN 2 THEN rpad('RECEIVER', 19) ELSE rpad('RECEIVER', 15) END, '210101', '1200', E'\x04', '00501',
		lpad(f::text, 9, '0'), '0', 'T', CASE WHEN says_other THEN '%' ELSE E'\x02' END || E'\x03') || pg_temp.seg('GS', 'HC', 'A', 'B', '20210101', '1200', f::text, 'X', version)
	|| text || pg_temp.seg('SE', (regexp_count(text, E'\x03') + 1)::text, '0001') || pg_temp.seg('GE', '1', f::text) || pg_temp.seg('IEA', '1', lpad(f::text, 9, '0')) AS text FROM plain JOIN file USING (f);
-- in columns of 80, where a terminator that is a line end would be lost; else each segment on a line
CREATE TEMP TABLE sent AS SELECT f, CASE WHEN has_bom THEN E'\uFEFF' ELSE '' END || CASE WHEN t <> E'\n' AND in_columns THEN regexp_replace(s, '(.{80})', E'\\1\n', 'g') ELSE replace(s, t, t || ends) END AS text
	FROM (SELECT f, has_bom, in_columns, t, ends, translate(text, E'\x01\x02\x03\x04', e || c || t || CASE WHEN e = '^' OR t = '!' THEN '@' ELSE '^' END) AS s FROM finished JOIN file USING (f)) x;

CREATE TEMP TABLE expected AS
SELECT l.f, (ARRAY['professional', 'institutional', 'dental'])[kind + 1] AS kind, c.id AS claim_id, l.n AS line_no, 'L' || l.key AS line_control, c.frequency, CASE WHEN c.frequency IN ('7', '8') THEN 'ICN' || c.key END AS replaces,
	CASE WHEN pe.is_dependent THEN s.member || '.' || s.p || '/PATIENT/TWO/20100102' ELSE s.member || '.' || s.p END AS patient, s.member || '.' || s.p AS subscriber, '85' || b.key AS billing,
	CASE WHEN l.has_82 THEN '82' || l.key WHEN c.has_82 THEN '82' || c.key ELSE '85' || b.key END AS rendering, CASE WHEN l.has_dk THEN 'DK' || l.key WHEN c.has_dn THEN 'DN' || c.key END AS referring,
	CASE WHEN l.has_82 THEN pg_temp.one('taxonomy', l.key, 66) WHEN c.has_82 AND draw(c.key, 75, 2) = 0 THEN pg_temp.one('taxonomy', c.key, 74) ELSE pg_temp.one('taxonomy', b.key, 80) END AS taxonomy,
	CASE WHEN kind = 1 THEN NULL WHEN has_pos THEN '22' ELSE '11' END AS pos, CASE WHEN kind = 1 THEN '13' || c.frequency END AS bill_type, 'PAYER' || s.p AS payer,
	CASE WHEN l.has_date THEN dos ELSE '2021-03-01' END AS dos, CASE WHEN l.has_date THEN dos + coalesce(more, 0) WHEN kind = 1 THEN date '2021-03-05' ELSE '2021-03-01' END AS thru,
	CASE WHEN code IS NULL THEN NULL WHEN kind = 2 THEN 'AD' ELSE 'HC' END AS qualifier, code, m.list AS modifiers, CASE WHEN measure <> 'MJ' THEN coalesce(many, 1) END AS units, CASE WHEN measure = 'MJ' THEN many END AS minutes,
	CASE WHEN measure = 'DA' THEN many END AS days, charge, coalesce(p.dx, (SELECT array_agg(dx ORDER BY d) FROM dx WHERE dx.key = c.key)) AS dx, CASE WHEN c.is_icd9 THEN 9 ELSE 10 END AS icd,
	CASE WHEN code IS NOT NULL THEN claimline(code, m.list, CASE WHEN measure = 'MJ' THEN 1 ELSE coalesce(many, 1) END, CASE WHEN measure = 'MJ' THEN many END, CASE WHEN l.has_date THEN dos ELSE '2021-03-01' END, NULL,
		CASE WHEN NOT c.is_icd9 THEN coalesce(p.dx, (SELECT array_agg(dx ORDER BY d) FROM dx WHERE dx.key = c.key)) END, NULL,
		CASE WHEN l.has_82 THEN pg_temp.one('taxonomy', l.key, 66) WHEN c.has_82 AND draw(c.key, 75, 2) = 0 THEN pg_temp.one('taxonomy', c.key, 74) ELSE pg_temp.one('taxonomy', b.key, 80) END,
		CASE WHEN l.has_dk OR c.has_dn THEN true END, NULL, CASE WHEN l.has_date THEN dos + coalesce(more, 0) WHEN kind = 1 THEN date '2021-03-05' ELSE '2021-03-01' END,
		CASE WHEN NOT c.is_icd9 AND p.dx IS NULL AND c.n_dx > 1 THEN 'claim' END, c.frequency = '8') END AS line
FROM line l JOIN claim c ON c.key = l.claim JOIN person pe ON pe.f = l.f AND pe.p = l.p JOIN person s ON s.f = l.f AND s.p = pe.p - CASE WHEN pe.is_dependent THEN 1 ELSE 0 END
	JOIN person b ON b.f = l.f AND b.p = (pe.provider - 1) * 3 LEFT JOIN modifier m ON m.key = l.key LEFT JOIN pointer p ON p.key = l.key;
CREATE TEMP TABLE got AS SELECT s.f, l.* FROM sent s, claim_lines_of_837(s.text) l;

SELECT cmp_ok((SELECT count(*) FROM expected), '>', 5000::bigint, 'enough lines are written');
SELECT is((SELECT count(*) FROM got), (SELECT count(*) FROM expected), 'as many are read');
CREATE FUNCTION pg_temp.differs(columns text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	c text;
	d text;
BEGIN
	FOREACH c IN ARRAY string_to_array(columns, ',') LOOP
		EXECUTE format('SELECT string_agg(format(''file %%s %%s line %%s: %%s, not %%s'', f, claim_id, line_no, g, e), E''\n'') FROM (SELECT f, claim_id, line_no, g.%1$I::text AS g, e.%1$I::text AS e
			FROM expected e LEFT JOIN got g USING (f, claim_id, line_no) WHERE g.%1$I::text IS DISTINCT FROM e.%1$I::text ORDER BY 1, 2, 3 LIMIT 5) d', c) INTO d;
		RETURN NEXT is(d, NULL, c || ' is as it was written');
	END LOOP;
END $$;
SELECT pg_temp.differs('kind,line_control,frequency,replaces,patient,subscriber,billing,rendering,referring,taxonomy,pos,bill_type,payer,dos,thru,qualifier,code,modifiers,units,minutes,days,charge,dx,icd');
-- of ICD-9-CM, the line says that its diagnoses are not read
SELECT is_empty($$SELECT e.f, e.claim_id, e.line_no, g.line, e.line, g.line_error FROM expected e JOIN got g USING (f, claim_id, line_no)
	WHERE replace(g.line::text, ' unread=dx', '') IS DISTINCT FROM e.line::text OR (g.icd = 9 AND g.line IS NOT NULL) IS DISTINCT FROM (g.line::text ~ 'unread=dx' AND g.line_error ~ 'ICD-9')$$, 'the lines are those that were written');
SELECT is_empty($$SELECT f, s.segment, s.body, s.fault FROM sent, claim_segments_of_x12(text) s WHERE s.fault IS NOT NULL AND NOT (s.fault ~ '^components are separated by' AND f IN (SELECT f FROM file WHERE says_other))$$,
	'and nothing else is wrong with the files');
SELECT is((SELECT count(*) FROM sent, claim_segments_of_x12(text)), (SELECT sum(regexp_count(text, E'\x03')) FROM finished), 'every segment is there');

-- all in one text: as many interchanges
SELECT is((SELECT count(*) FROM claim_lines_of_837((SELECT string_agg(text, E'\n' ORDER BY f) FROM sent))), (SELECT count(*) FROM expected), 'interchanges of other separators follow each other');
SELECT is((SELECT count(DISTINCT interchange) FROM claim_segments_of_x12((SELECT string_agg(text, '' ORDER BY f) FROM sent))), (SELECT count(*) FROM sent), 'and each begins with its ISA');
SELECT * FROM finish();

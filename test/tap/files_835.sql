-- Payments of 835: files made up, with what they say written down beside them; and random ones, which come back as they were written.

BEGIN;
\i test/tap/lib.sql
SELECT no_plan();
SET client_min_messages = error;

CREATE FUNCTION pg_temp.remittance(body text, transfer text DEFAULT '', ending text DEFAULT '~') RETURNS text LANGUAGE sql AS $$
	SELECT replace('ISA*00*          *00*          *ZZ*PAYER          *ZZ*CLINIC         *240901*1200*^*00501*000000001*0*T*:~GS*HP*A*B*20240901*1200*7*X*005010X221A1~' || t || 'SE*' || regexp_count(t, '~') + 1 || '*0001~GE*1*7~IEA*1*000000001~', '~', ending)
	FROM (SELECT 'ST*835*0001~BPR*I*' || transfer || '*C*ACH*CCP*01*1*DA*1*1*1*01*1*DA*1*20240903~TRN*1*CHECK1*1~DTM*405*20240901~N1*PR*PAYER~N3*STREET~REF*2U*P1~PER*CX**TE*1~N1*PE*CLINIC*XX*1999999984~REF*TJ*1~LX*1~' || body AS t) x $$;

-- ------------------------------------------------------------------------------- one of each
-- a claim with an adjustment of its own and two services; a denied claim without services; one that is taken back; two provider adjustments
CREATE TEMP TABLE sent AS SELECT pg_temp.remittance('CLP*A1*1*165*100*15*MB*ICN1*11*1~CAS*OA*23*40~NM1*QC*1*PATIENT*ONE****MI*M1~NM1*82*1*DOCTOR*ONE****XX*1888888885~MOA***MA01*N1~REF*EA*X~DTM*232*20240801~DTM*233*20240805~AMT*AU*1~'
	|| 'SVC*HC:97124:GP*45*30**1*HC:97140:59*2~DTM*472*20240801~CAS*CO*45*10*1*253*0.5~CAS*PR*2*4.5~REF*6R*L1~REF*HPI*1777777776~AMT*B6*34.5~LQ*HE*N130~LQ*HE*M15~SVC*HC:98941:AT*80*70~CAS*CO*97*10~'
	|| 'CLP*A2*4*20*0**12*ICN2~CAS*CO*29*20~NM1*QC*1*PATIENT*TWO~NM1*IL*1*PATIENT*THREE****MI*M3~CLP*A3*22*-50*-50**MB*ICN3*13*8~SVC*NU:0420*-50*-50**-1~DTM*150*20240701~DTM*151*20240703~'
	|| 'PLB*1999999984*20241231*WO:ICN9*5*L6*-2.25~', '47.25', E'~\n') AS file;
CREATE TEMP TABLE got AS SELECT p.* FROM sent, claim_payments_of_835(file) p;
SELECT results_eq($$SELECT kind, claim_id, claim_status, service_no, code, array_to_string(modifiers, '-'), charge, paid, adjustment, adjustment_group, carc, amount, quantity, segment FROM got ORDER BY segment, adjustment$$,
	$$VALUES ('claim', 'A1', '1', NULL::int, NULL::text, NULL::text, 165::numeric, 100::numeric, 1, 'OA', '23', 40::numeric, NULL::numeric, 14), ('service', 'A1', '1', 1, '97124', 'GP', 45, 30, 1, 'CO', '45', 10, 1, 23), ('service', 'A1', '1', 1, '97124', 'GP', 45, 30, 2, 'CO', '253', 0.5, NULL, 23),
	('service', 'A1', '1', 1, '97124', 'GP', 45, 30, 3, 'PR', '2', 4.5, NULL, 23), ('service', 'A1', '1', 2, '98941', 'AT', 80, 70, 1, 'CO', '97', 10, NULL, 32), ('claim', 'A2', '4', NULL, NULL, NULL, 20, 0, 1, 'CO', '29', 20, NULL, 34),
	('service', 'A3', '22', 1, '0420', NULL, -50, -50, NULL, NULL, NULL, NULL, NULL, 39), ('provider', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 1, NULL, NULL, 5, NULL, 42), ('provider', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 2, NULL, NULL, -2.25, NULL, 42)$$, 'a row each adjustment');
SELECT results_eq('SELECT DISTINCT payer, payee, trace, paid_on FROM got', $$VALUES ('P1', '1999999984', 'CHECK1', date '2024-09-03')$$, 'of one transfer');
SELECT results_eq('SELECT DISTINCT claim_id, payer_claim_id, frequency, patient, subscriber, provider, claim_rarc FROM got WHERE service_no IS DISTINCT FROM 1 AND claim_id IS NOT NULL ORDER BY 1',
	$$VALUES ('A1', 'ICN1', '1', 'M1', NULL, '1888888885', '{MA01,N1}'::text[]), ('A2', 'ICN2', NULL, NULL, 'M3', NULL, NULL)$$, 'what a claim says of its rows');
SELECT results_eq('SELECT service_no, line_control, provider, billed_code, billed_modifiers, units, billed_units, rarc, dos, thru, revenue FROM got WHERE kind = ''service'' AND coalesce(adjustment, 1) = 1 ORDER BY segment',
	$$VALUES (1, 'L1', '1777777776', '97140', '{59}'::text[], 1::numeric, 2::numeric, '{N130,M15}'::text[], date '2024-08-01', date '2024-08-01', NULL), (2, NULL, '1888888885', '98941', '{AT}', 1, 1, NULL, '2024-08-01', '2024-08-05', NULL),
	(1, NULL, NULL, '0420', NULL, -1, -1, NULL, '2024-07-01', '2024-07-03', '0420')$$, 'what was billed and what was paid, when and by whom');
SELECT results_eq($$SELECT provider, period, plb_reason, plb_reference, amount FROM got WHERE kind = 'provider' ORDER BY adjustment$$, $$VALUES ('1999999984', date '2024-12-31', 'WO', 'ICN9', 5::numeric), ('1999999984', '2024-12-31', 'L6', NULL, -2.25)$$, 'what is beside all claims');
SELECT is((SELECT string_agg(payment_error, ' ') FROM got), NULL, 'nothing is wrong with the rows');
SELECT is((SELECT string_agg(fault, ' ') FROM sent, claim_segments_of_x12(file)), NULL, 'nor with the file');
SELECT is((SELECT string_agg(DISTINCT name, ' ' ORDER BY name) FROM sent, claim_segments_of_x12(file) WHERE NOT is_read), 'AMT DTM LX N3 PER REF', 'what is not read says so');
SELECT is((SELECT string_agg(DISTINCT loop, ', ' ORDER BY loop) FROM sent, claim_segments_of_x12(file)), 'envelope, header, payment, provider adjustment, service', 'segments have their loops');

-- ----------------------------------------------------------------------- what does not come out even
SELECT is((SELECT string_agg(DISTINCT payment_error, ' ') FROM claim_payments_of_835(file)), error, what) || E'\n' || is((SELECT string_agg(fault, ' / ') FROM claim_segments_of_x12(file)), fault, what || ': the file') FROM (VALUES
	('even', 'CLP*A*1*45*30~SVC*HC:97124*45*30~CAS*CO*45*15~', NULL, NULL), ('cents', 'CLP*A*1*45*29.9~SVC*HC:97124*45.00*29.90~CAS*CO*45*15.1~', NULL, NULL), ('a service', 'CLP*A*1*45*30~SVC*HC:97124*45*30~CAS*CO*45*14~',
		'Charge 45 less adjustments of 14 is not 30, which was paid.', 'claim A of segment 14: charge, less adjustments and what was paid, leaves 1'), ('a claim', 'CLP*A*1*50*30~SVC*HC:97124*45*30~CAS*CO*45*15~', NULL, 'claim A of segment 14: charge, less adjustments and what was paid, leaves 5'),
	('an amount that is none', 'CLP*A*1*45*30~SVC*HC:97124*45*30~CAS*CO*45*x~', 'Amount is "x", not a number.', NULL), ('a charge that is none', 'CLP*A*1*45*30~SVC*HC:97124*x*30~CAS*CO*45*15~', 'Charge is "x", not a number.', NULL), ('too many digits', 'CLP*A*1*45000000000000000*0~SVC*HC:97124*45000000000000000*0~CAS*CO*45*45000000000000001~', NULL, 'claim A of segment 14: charge, less adjustments and what was paid, has too many digits to be added up'),
	('a day that is none', 'CLP*A*1*45*30~SVC*HC:97124*45*30~DTM*472*20240231~CAS*CO*45*15~', 'Date of service is "20240231", not a date.', NULL), ('no claim', 'SVC*HC:97124*45*30~CAS*CO*45*15~', NULL, 'service payment stands under no claim')) v(what, body, error, fault), LATERAL (SELECT pg_temp.remittance(body) AS file) r;
SELECT is((SELECT string_agg(fault, ' / ') FROM claim_segments_of_x12(pg_temp.remittance('CLP*A*1*45*30~SVC*HC:97124*45*30~CAS*CO*45*15~PLB*1*20241231*WO:1*5~', '24'))), 'the transfer of BPR, less what its claims and provider adjustments come to, leaves -1', 'the transfer');
SELECT throws_ok($$SELECT * FROM claim_payments_of_835('none')$$, '22P02', 'the text has no X12 interchange', 'a text that is no X12');
SELECT is((SELECT count(*) FROM claim_payments_of_835(replace(pg_temp.remittance('CLP*A*1*45*30~'), 'ST*835', 'ST*837'))), 0::bigint, 'another transaction has no payments');
SELECT is((SELECT count(*) FROM claim_payments_of_835(NULL)), 0::bigint, 'null has none');

-- ------------------------------------------------------------------------------ what cannot be read
-- a value in its place, and what becomes of its column: null, with the reason, in each of its rows; what is said of a claim in the first row of the claim
SELECT is((SELECT string_agg(concat_ws(' ', kind, paid_on, period, dos, thru, charge, paid, units, billed_units, amount, quantity, '|' || payment_error), E'\n' ORDER BY segment, adjustment) FROM claim_payments_of_835(file)), want, what) FROM (VALUES
	('units', 'CLP*A*1*45*30~SVC*HC:97124*45*30**two~CAS*CO*45*15~', 'service 2024-09-03 45 30 15 |Units are "two", not a number.'), ('units that were billed', 'CLP*A*1*45*30~SVC*HC:97124*45*30**1**1O~CAS*CO*45*15~', 'service 2024-09-03 45 30 1 15 |Billed units are "1O", not a number.'),
	('nothing that could be read', 'CLP*A*1*x*y~SVC*HC:97124*a*b**c**d~DTM*150*e~DTM*151*f~CAS*CO*45*g*h~', 'service 2024-09-03 |Charge of the claim is "x", not a number. Payment of the claim is "y", not a number. Charge is "a", not a number. Payment is "b", not a number. '
		|| 'Units are "c", not a number. Billed units are "d", not a number. Date of service is "e", not a date. Last date of service is "f", not a date. Amount is "g", not a number. Quantity is "h", not a number.'),
	('nothing that must be there', 'CLP*A*1~SVC*HC:97124~CAS*CO*45~', 'service 2024-09-03 1 1 |Charge of the claim must not be null. Payment of the claim must not be null. Charge must not be null. Payment must not be null. Amount must not be null.'),
	('how many, but of what', 'CLP*A*1*45*30~SVC*HC:97124*45*30~CAS*CO*45*15**~CAS*PR***2~', E'service 2024-09-03 45 30 1 1 15\nservice 2024-09-03 45 30 1 1 2 |Amount must not be null.'),
	('a charge of a claim', 'CLP*A*1*4S*30~SVC*HC:97124*45*30~CAS*CO*45*10~CAS*CO*45*5~SVC*HC:97110*0*0~', E'service 2024-09-03 45 30 1 1 10 |Charge of the claim is "4S", not a number.\nservice 2024-09-03 45 30 1 1 5 |Charge of the claim is "4S", not a number.\nservice 2024-09-03 0 0 1 1'),
	('of one with adjustments of its own', 'CLP*A*1*4S*30~CAS*CO*45*10~SVC*HC:97124*45*30~CAS*CO*45*15~', E'claim 2024-09-03 30 10 |Charge of the claim is "4S", not a number.\nservice 2024-09-03 45 30 1 1 15'),
	('a claim that does not come out even', 'CLP*A*4*45*0~CAS*CO*45*15~', 'claim 2024-09-03 45 0 15 |Charge 45 less adjustments of 15 is not 0, which was paid.'), ('the last day of a claim', 'CLP*A*1*45*45~DTM*232*20240801~DTM*233*20240832~SVC*HC:97124*45*45~', 'service 2024-09-03 2024-08-01 45 45 1 1 |Last date of service is "20240832", not a date.'),
	('a last day alone', 'CLP*A*1*45*45~SVC*HC:97124*45*45~DTM*151*20240801~', 'service 2024-09-03 2024-08-01 45 45 1 1'), ('a fiscal period', 'PLB*1*20241331*WO:1*5~', 'provider 2024-09-03 5 |End of the fiscal period is "20241331", not a date.'),
	('what is beside all claims', 'PLB*1*20241231*WO:1*five*L6~', E'provider 2024-09-03 2024-12-31 |Amount is "five", not a number.\nprovider 2024-09-03 2024-12-31 |Amount must not be null.'),
	('no number', 'CLP*A*1*1e2*30~SVC*HC:97124*0x10*NaN**Infinity~', 'service 2024-09-03 |Charge of the claim is "1e2", not a number. Charge is "0x10", not a number. Payment is "NaN", not a number. Units are "Infinity", not a number.')) v(what, body, want), LATERAL (SELECT pg_temp.remittance(body) AS file) r;
SELECT is((SELECT payment_error FROM claim_payments_of_835(replace(pg_temp.remittance('CLP*A*1*45*45~SVC*HC:97124*45*45~'), '*20240903~', '*20240931~'))), 'Date of payment is "20240931", not a date.', 'the day of the transfer');
SELECT is((SELECT string_agg(fault, ' / ') FROM claim_segments_of_x12(pg_temp.remittance('CLP*A*1*45*45~', '4S'))), 'the transfer of BPR is "4S", not a number', 'its amount');
-- who rendered: HPI goes before numbers of other lists, whatever their order
SELECT is((SELECT provider FROM claim_payments_of_835(pg_temp.remittance('CLP*A*1*45*45~NM1*82*1*D*****XX*1000000001~SVC*HC:97124*45*45~' || refs))), want, refs) FROM (VALUES ('', '1000000001'), ('REF*1C*P1~', 'P1'), ('REF*1C*P1~REF*HPI*2~', '2'), ('REF*HPI*2~REF*TJ*12~', '2'), ('REF*LU*11~', '1000000001')) v(refs, want);

-- ---------------------------------------------------------------------- random remittances come back
CREATE TEMP TABLE claim AS SELECT c, draw(c, 1, 4) AS n_services, draw(c, 2, 3) = 0 AS adjusted, draw(c, 3, 2) = 0 AS has_patient FROM generate_series(1, 600) c;
CREATE TEMP TABLE service AS SELECT c, s, c * 10 + s AS key, (ARRAY['97124', '97110', '98941', 'G0283'])[1 + draw(c * 10 + s, 4, 4)] AS code, draw(c * 10 + s, 5, 20000) / 100.0 AS charge, draw(c * 10 + s, 6, 9) AS n_adjustments, draw(c * 10 + s, 7, 4) AS n_remarks,
	CASE WHEN draw(c * 10 + s, 8, 4) = 0 THEN '97140' END AS billed, CASE WHEN draw(c * 10 + s, 9, 3) > 0 THEN 1 + draw(c * 10 + s, 10, 6) END AS units, date '2024-01-01' + draw(c * 10 + s, 11, 300) AS dos, CASE WHEN draw(c * 10 + s, 12, 4) = 0 THEN draw(c * 10 + s, 13, 5) END AS more, draw(c * 10 + s, 14, 3) AS n_modifiers
	FROM claim, generate_series(1, 3) s WHERE s <= n_services;
CREATE TEMP TABLE adjustment AS SELECT c, s, key, a, (ARRAY['CO', 'PR', 'OA', 'PI'])[1 + draw(key * 10 + a, 20, 4)] AS grp, (ARRAY['45', '97', '253', '2', 'B7'])[1 + draw(key * 10 + a, 21, 5)] AS carc, (draw(key * 10 + a, 22, 4000) - 500) / 100.0 AS amount, CASE WHEN draw(key * 10 + a, 23, 3) = 0 THEN draw(key * 10 + a, 24, 5) END AS quantity
	FROM service, generate_series(1, 8) a WHERE a <= n_adjustments;
INSERT INTO adjustment SELECT c, 0, c * 10, 1, 'OA', '23', 7.25, NULL FROM claim WHERE adjusted;
-- adjustments of one group that follow each other may be one segment
CREATE TEMP TABLE cas AS SELECT c, s, string_agg(text, '' ORDER BY first) AS text FROM (SELECT c, s, min(a) AS first, 'CAS*' || min(grp) || '*' || rtrim(string_agg(concat_ws('*', carc, amount, coalesce(quantity::text, '')), '*' ORDER BY a), '*') || '~' AS text
	FROM (SELECT *, sum(new) OVER (PARTITION BY c, s ORDER BY a) AS run FROM (SELECT *, CASE WHEN grp IS DISTINCT FROM lag(grp) OVER (PARTITION BY c, s ORDER BY a) OR a = 7 OR draw(key * 10 + a, 25, 3) = 0 THEN 1 ELSE 0 END AS new FROM adjustment) x) y GROUP BY c, s, run) z GROUP BY c, s;
CREATE TEMP TABLE paid AS SELECT c, s, charge - coalesce((SELECT sum(amount) FROM adjustment a WHERE a.c = v.c AND a.s = v.s), 0) AS paid FROM service v;
CREATE TEMP TABLE modified AS SELECT key, (ARRAY['GP', '59', 'KX'])[1:n_modifiers] AS list FROM service;
CREATE TEMP TABLE total AS SELECT c, coalesce(sum(charge), 0) + CASE WHEN adjusted THEN 7.25 ELSE 0 END AS charge, coalesce(sum(paid), 0) AS paid FROM claim LEFT JOIN service USING (c) LEFT JOIN paid USING (c, s) GROUP BY c, adjusted;
CREATE TEMP TABLE body AS SELECT string_agg(format('CLP*C%s*1*%s*%s**MB*ICN%s*11*1~', c, t.charge, t.paid, c) || coalesce((SELECT text FROM cas WHERE cas.c = k.c AND s = 0), '') || CASE WHEN has_patient THEN format('NM1*QC*1*PATIENT*ONE****MI*M%s~', c) ELSE 'NM1*QC*1*PATIENT*ONE~' END
	|| coalesce((SELECT string_agg(format('SVC*%s*%s*%s**%s*%s~', concat_ws(':', 'HC', v.code, nullif(array_to_string(m.list, ':'), '')), v.charge, p.paid, v.units, 'HC:' || v.billed) || CASE WHEN more IS NULL THEN format('DTM*472*%s~', to_char(dos, 'YYYYMMDD')) ELSE format('DTM*150*%s~DTM*151*%s~', to_char(dos, 'YYYYMMDD'), to_char(dos + more, 'YYYYMMDD')) END
		|| coalesce((SELECT text FROM cas WHERE cas.c = v.c AND cas.s = v.s), '') || format('REF*6R*L%s~', v.key) || repeat('LQ*HE*N130~', n_remarks), '' ORDER BY v.s) FROM service v JOIN paid p USING (c, s) JOIN modified m USING (key) WHERE v.c = k.c), ''), '' ORDER BY c) AS text, sum(t.paid) AS paid FROM claim k JOIN total t USING (c);
CREATE TEMP TABLE read AS SELECT p.* FROM body, claim_payments_of_835(translate(pg_temp.remittance(text, paid::text), '*:~', E'|>\n')) p;
SELECT is_empty($$(SELECT 'C' || c, s, key, code, charge, paid, a, grp, carc, amount, quantity, dos, dos + coalesce(more, 0), list, coalesce(billed, code), coalesce(units, 1), CASE WHEN n_remarks > 0 THEN array_fill('N130'::text, ARRAY[n_remarks]) END, CASE WHEN has_patient THEN 'M' || c END
		FROM service v JOIN claim k USING (c) JOIN paid USING (c, s) JOIN modified USING (key) LEFT JOIN adjustment USING (c, s, key))
	EXCEPT ALL SELECT claim_id, service_no, substring(line_control FROM 2)::int, code, charge, paid, adjustment, adjustment_group, carc, amount, quantity, dos, thru, coalesce(modifiers, '{}'), billed_code, units, rarc, patient FROM read WHERE kind = 'service'$$, 'every service and adjustment is there');
SELECT is((SELECT count(*) FROM read WHERE kind = 'service'), (SELECT count(*) FROM service LEFT JOIN adjustment USING (c, s)), 'and no other');
SELECT results_eq($$SELECT claim_id, charge, paid, amount FROM read WHERE kind = 'claim' ORDER BY 1, 4$$, $$SELECT 'C' || c, charge, paid, amount FROM total JOIN claim USING (c) LEFT JOIN adjustment a USING (c) WHERE (a.s = 0 OR a.c IS NULL) AND (adjusted OR n_services = 0) ORDER BY 1, 4$$, 'claims with adjustments of their own, or without services');
SELECT is((SELECT string_agg(payment_error, ' ') FROM read), NULL, 'and all comes out even');
SELECT is((SELECT string_agg(fault, ' ') FROM body, claim_segments_of_x12(translate(pg_temp.remittance(text, paid::text), '*:~', E'|>\n'))), NULL, 'the file too');
SELECT * FROM finish();

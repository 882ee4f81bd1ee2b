-- What was found beside what payers said of it: claims and remittances made up, a claim a case, with what must come of it written down beside it.
-- The claims and payments of a year, with precision and recall planted, are in test/cluster/reconcile.sh.
--
-- claim_scan commits, so this is not one transaction: it needs a database of its own.

\i test/tap/lib.sql

SELECT no_plan();
SELECT claim_files_create('public') \g /dev/null
CREATE TABLE file_body (id bigint, body text);

-- each service is a line: 97124 beside 98940 of its day is denied by the rule ptp, 97110 and 98940 are clean
CREATE FUNCTION claims_of(claim text, patient text, services text[]) RETURNS text LANGUAGE sql AS $$
	SELECT format('HL*%s*1*22*0~SBR*P*18*******MB~NM1*IL*1*L*F****MI*%s~DMG*D8*19700101*F~NM1*PR*2*PAYER*****PI*PAY1~CLM*%s*100***11:B:1*Y*A*Y*Y~HI*ABK:M9901*ABF:M542~NM1*82*1*D*O****XX*1999000001~PRV*PE*PXC*225100000X~', 1 + abs(hashtext(claim)) % 100000, patient, claim)
		|| string_agg(format('LX*%s~SV1*HC:%s*%s*UN*%s***1:2~DTP*472*D8*%s~%s', s.n, split_part(s.s, '/', 1), split_part(s.s, '/', 2), split_part(s.s, '/', 3), split_part(s.s, '/', 4),
			'REF*6R*' || NULLIF(split_part(s.s, '/', 5), '') || '~'), '' ORDER BY s.n)
	FROM unnest(services) WITH ORDINALITY s(s, n)
$$;
-- a remittance of a day, and of a payer
CREATE PROCEDURE remit(at text, body text) LANGUAGE plpgsql AS $$
DECLARE
	day CONSTANT text := split_part(at, ' ', 1);
	payer CONSTANT text := coalesce(NULLIF(split_part(at, ' ', 2), ''), 'PAY1');
	file bigint;
BEGIN
	INSERT INTO claim_file (name, bytes, sha256) VALUES (day, 0, gen_random_uuid()) RETURNING id INTO file;
	INSERT INTO claim_file_payment SELECT file, row_number() OVER (), p.* FROM claim_payments_of_835(
		'ISA*00*          *00*          *ZZ*P              *ZZ*C              *240901*1200*^*00501*000000001*0*T*:~GS*HP*A*B*20240901*1200*7*X*005010X221A1~ST*835*0001~'
		|| format('BPR*I*0*C*ACH*CCP*01*1*DA*1*1*1*01*1*DA*1*%s~TRN*1*%s*1~N1*PR*X*XV*%s~N1*PE*C*XX*1999999984~LX*1~', day, 'T' || file, payer) || body || 'SE*9*0001~GE*1*7~IEA*1*000000001~') p;
END $$;
SET client_min_messages = error;

CREATE TABLE tried (claim text PRIMARY KEY, what text, services text[], said text[][], wanted text);
INSERT INTO tried VALUES
	('A1', 'denied as predicted, the other line paid', '{98940:AT/60/1/20240801/A1.1,97124:GP/40/1/20240801/A1.2}', '{{20240820,"CLP*A1*1*100*50**MB*I1~SVC*HC:98940:AT*60*50~DTM*472*20240801~CAS*CO*45*10~REF*6R*A1.1~SVC*HC:97124:GP*40*0~DTM*472*20240801~CAS*CO*236*40~REF*6R*A1.2~LQ*HE*N20~"}}',
		'2 predicted and denied {CO-236} {N20} 40 t'),
	('A2', 'by a code of no rule', '{98940:AT/60/1/20240801/1,97124:GP/40/1/20240801/2}', '{{20240820,"CLP*A2*1*100*60**MB*I1~SVC*HC:98940:AT*60*60~REF*6R*1~SVC*HC:97124:GP*40*0~CAS*CO*29*40~REF*6R*2~"}}', '2 predicted and denied {CO-29} - 40 f'),
	('A3', 'paid', '{98940:AT/60/1/20240801/1,97124:GP/40/1/20240801/2}', '{{20240820,"CLP*A3*1*100*90**MB*I1~SVC*HC:98940:AT*60*60~REF*6R*1~SVC*HC:97124:GP*40*30~CAS*CO*45*10~REF*6R*2~"}}', '2 predicted and paid - - - -'),
	('A4', 'without an answer', '{98940:AT/60/1/20240801/1,97124:GP/40/1/20240801/2}', '{}', '2 undecided - - - -'),
	('A5', 'denied for other reasons than were seen', '{97110:GP/40/1/20240801/1}', '{{20240820,"CLP*A5*1*40*0**MB*I1~SVC*HC:97110:GP*40*0~CAS*CO*50*40~REF*6R*1~"}}', '1 denied and not predicted {CO-50} - 40 -'),
	('A6', 'what is no denial: contract, patient, sequestration, another payer', '{97110:GP/40/1/20240801/1,97112:GP/40/1/20240801/2,97530:GP/40/1/20240801/3,97116:GP/40/1/20240801/4}',
		'{{20240820,"CLP*A6*1*160*15**MB*I1~SVC*HC:97110:GP*40*15~CAS*CO*45*20*1*253*1~CAS*PR*2*4~REF*6R*1~SVC*HC:97112:GP*40*0~CAS*PR*1*40~REF*6R*2~SVC*HC:97530:GP*40*0~CAS*CO*45*40~REF*6R*3~SVC*HC:97116:GP*40*0~CAS*OA*23*40~REF*6R*4~"}}', ''),
	('A7', 'a part of the units is denied', '{97110:GP/80/2/20240801/1}', '{{20240820,"CLP*A7*1*80*30**MB*I1~SVC*HC:97110:GP*80*30**1**2~CAS*CO*151*40*1*45*10~REF*6R*1~"}}', '1 denied and not predicted {CO-151} - 40 -'),
	('A8', 'a denial that nets to nothing', '{97110:GP/40/1/20240801/1}', '{{20240820,"CLP*A8*1*40*40**MB*I1~SVC*HC:97110:GP*40*40~CAS*CO*97*40~CAS*CO*97*-40~REF*6R*1~"}}', ''),
	('A9', 'a charge of nothing that is denied', '{97110:GP/0/1/20240801/1}', '{{20240820,"CLP*A9*1*0*0**MB*I1~SVC*HC:97110:GP*0*0~CAS*CO*97*0~REF*6R*1~"}}', '1 denied and not predicted {CO-97} - 0 -'),
	-- the last word
	('B1', 'denied, taken back, paid', '{98940:AT/60/1/20240801/1,97124:GP/40/1/20240801/2}', '{{20240820,"CLP*B1*1*40*0**MB*I1~SVC*HC:97124:GP*40*0~CAS*CO*236*40~REF*6R*2~"},{20240920,"CLP*B1*22*-40*0**MB*I1~SVC*HC:97124:GP*-40*0~CAS*CO*236*-40~REF*6R*2~CLP*B1*1*40*35**MB*I2~SVC*HC:97124:GP:59*40*35**1*HC:97124:GP~CAS*CO*45*5~REF*6R*2~"}}',
		'2 predicted and paid - - - -'),
	('B2', 'paid, taken back, denied; the files come in another order, and what takes its place before what is taken back', '{97110:GP/40/1/20240801/1}',
		'{{20240920,"CLP*B2*1*40*0**MB*I2~SVC*HC:97110:GP*40*0~CAS*CO*50*40~REF*6R*1~CLP*B2*22*-40*-35**MB*I1~SVC*HC:97110:GP*-40*-35~CAS*CO*45*-5~REF*6R*1~"},{20240820,"CLP*B2*1*40*35**MB*I1~SVC*HC:97110:GP*40*35~CAS*CO*45*5~REF*6R*1~"}}', '1 denied and not predicted {CO-50} - 40 -'),
	('B3', 'denied and taken back, nothing since', '{98940:AT/60/1/20240801/1,97124:GP/40/1/20240801/2}', '{{20240820,"CLP*B3*1*40*0**MB*I1~SVC*HC:97124:GP*40*0~CAS*CO*236*40~REF*6R*2~"},{20240920,"CLP*B3*22*-40*0**MB*I1~SVC*HC:97124:GP*-40*0~CAS*CO*236*-40~REF*6R*2~"}}', '2 undecided - - - -'),
	('B4', 'pending, which says nothing yet', '{98940:AT/60/1/20240801/1,97124:GP/40/1/20240801/2}', '{{20240820,"CLP*B4*1*40*0**MB*I1~SVC*HC:97124:GP*40*0~CAS*OA*133*40~REF*6R*2~"}}', '2 undecided - - - -'),
	('B5', 'denied by the first payer, paid by the second', '{98940:AT/60/1/20240801/1,97124:GP/40/1/20240801/2}', '{{20240820,"CLP*B5*19*40*0**MB*I1~SVC*HC:97124:GP*40*0~CAS*CO*236*40~REF*6R*2~"},{20240920 PAY2,"CLP*B5*2*40*40**MB*J1~SVC*HC:97124:GP*40*40~REF*6R*2~"}}', '2 predicted and denied {CO-236} - 40 t'),
	('B6', 'paid by the first payer, denied by the second, whose remittance came before', '{97110:GP/40/1/20240801/1}', '{{20240820 PAY2,"CLP*B6*2*40*0**MB*J1~SVC*HC:97110:GP*40*0~CAS*CO*50*40~REF*6R*1~"},{20240920 PAY1,"CLP*B6*1*40*35**MB*I1~SVC*HC:97110:GP*40*35~CAS*CO*45*5~REF*6R*1~"}}', ''),
	('B7', 'sent on to another payer', '{98940:AT/60/1/20240801/1,97124:GP/40/1/20240801/2}', '{{20240820,"CLP*B7*23*40*0**MB*I1~SVC*HC:97124:GP*40*0~CAS*CO*109*40~REF*6R*2~"}}', '2 undecided - - - -'),
	('B8', 'nothing paid, for a code that is not known', '{98940:AT/60/1/20240801/1,97124:GP/40/1/20240801/2}', '{{20240820,"CLP*B8*1*40*0**MB*I1~SVC*HC:97124:GP*40*0~CAS*CO*X99*40~REF*6R*2~"}}', '2 undecided - - - -'),
	-- of the claim
	('C1', 'a claim that is denied without its services', '{98940:AT/60/1/20240801/1,97124:GP/40/1/20240801/2}', '{{20240820,"CLP*C1*4*100*0**MB*I1~CAS*CO*29*100~"}}', '1 denied and not predicted {CO-29} - 60 -; 2 predicted and denied {CO-29} - 40 f'),
	('C2', 'an adjustment of the claim before services that are not paid', '{98940:AT/60/1/20240801/1,97124:GP/40/1/20240801/2}', '{{20240820,"CLP*C2*1*100*60**MB*I1~CAS*CO*236*40~SVC*HC:98940:AT*60*60~REF*6R*1~SVC*HC:97124:GP*40*0~REF*6R*2~"}}', '2 predicted and denied {CO-236} - 40 t'),
	('C3', 'status denied, no code of a denial', '{97110:GP/40/1/20240801/1}', '{{20240820,"CLP*C3*4*40*0**MB*I1~SVC*HC:97110:GP*40*0~CAS*CO*45*40~REF*6R*1~"}}', '1 denied and not predicted {} - 40 -'),
	('C4', 'a claim without services, paid', '{98940:AT/60/1/20240801/1,97124:GP/40/1/20240801/2}', '{{20240820,"CLP*C4*1*100*100**MB*I1~"}}', '2 predicted and paid - - - -'),
	-- which line
	('D1', 'without control numbers: code, modifiers in any order, date', '{97110:GP:KX/40/1/20240801/,97110:GP:59/41/1/20240801/,97110:GP:KX/42/1/20240808/}', '{{20240820,"CLP*D1*1*123*0**MB*I1~SVC*HC:97110:KX:GP*42*0~DTM*472*20240808~CAS*CO*50*42~SVC*HC:97110:59:GP*41*0~DTM*472*20240801~CAS*CO*11*41~SVC*HC:97110:KX:GP*40*40~DTM*472*20240801~"}}',
		'1 predicted and paid - - - -; 2 predicted and denied {CO-11} - 41 f; 3 denied and not predicted {CO-50} - 42 -'),
	('D2', 'other modifiers: code and date', '{97110:GP/40/1/20240801/,97112:GP/41/1/20240801/}', '{{20240820,"CLP*D2*1*81*0**MB*I1~SVC*HC:97112*41*0~DTM*472*20240801~CAS*CO*50*41~SVC*HC:97110:GP:CQ*40*40~DTM*472*20240801~"}}', '2 denied and not predicted {CO-50} - 41 -'),
	('D3', 'lines that are alike: in their order', '{97110:GP/40/1/20240801/,97110:GP/41/1/20240801/,97110:GP/42/1/20240801/}', '{{20240820,"CLP*D3*1*123*0**MB*I1~SVC*HC:97110:GP*40*40~DTM*472*20240801~SVC*HC:97110:GP*41*0~DTM*472*20240801~CAS*CO*50*41~SVC*HC:97110:GP*42*42~DTM*472*20240801~"}}', '1 predicted and paid - - - -; 2 predicted and denied {CO-50} - 41 f; 3 predicted and paid - - - -'),
	('D4', 'numbers go before what else is said', '{97110:GP/40/1/20240801/N1,97112:GP/40/1/20240801/N2}', '{{20240820,"CLP*D4*1*80*0**MB*I1~SVC*HC:97110:GP*40*0~DTM*472*20240801~CAS*CO*50*40~REF*6R*N2~"}}', '2 denied and not predicted {CO-50} - 40 -'),
	('D5', 'what the payer judged in its place', '{97110:GP/40/1/20240801/,97112:GP/41/1/20240801/}', '{{20240820,"CLP*D5*1*40*0**MB*I1~SVC*HC:97112:GP*40*0**1*HC:97110:GP~DTM*472*20240801~CAS*CO*50*40~"}}', '1 denied and not predicted {CO-50} - 40 -'),
	('D6', 'one that is paid in parts', '{97110:GP/80/2/20240801/1,97112:GP/41/1/20240801/2}', '{{20240820,"CLP*D6*1*80*40**MB*I1~SVC*HC:97110:GP*40*40~DTM*472*20240801~REF*6R*1~SVC*HC:97110:GP*40*0~DTM*472*20240801~CAS*CO*151*40~REF*6R*1~SVC*HC:97112:GP*41*41~REF*6R*2~"}}', '1 denied and not predicted {CO-151} - 40 -'),
	('D7', 'a claim that came back by another number, its line by its own', '{97110:GP/40/1/20240801/UNIQUE77}', '{{20240820,"CLP*0007D7*1*40*0**MB*I1~SVC*HC:97110:GP*40*0~DTM*472*20240801~CAS*CO*50*40~REF*6R*UNIQUE77~"}}', '1 denied and not predicted {CO-50} - 40 -'),
	('D8', 'another code and another day: none of its lines', '{97110:GP/40/1/20240801/1}', '{{20240820,"CLP*D8*1*40*0**MB*I1~SVC*HC:99213*40*0~DTM*472*20230101~CAS*CO*50*40~REF*6R*1~"}}', '- denied, not in the source {CO-50} - 40 -'),
	('D9', 'more of the same than there are', '{97110:GP/40/1/20240801/}', '{{20240820,"CLP*D9*1*80*40**MB*I1~SVC*HC:97110:GP*40*40~DTM*472*20240801~SVC*HC:97110:GP*40*0~DTM*472*20240801~CAS*OA*18*40~"}}', '- denied, not in the source {OA-18} - 40 -');

INSERT INTO claim_file (name, bytes, sha256) VALUES ('claims', 0, 'c');
INSERT INTO claim_file_line SELECT f.id, row_number() OVER (), l.*
FROM claim_file f, (SELECT string_agg(claims_of(claim, 'M' || claim, services), '' ORDER BY claim) AS body FROM tried) t, claim_lines_of_837(
	'ISA*00*          *00*          *ZZ*C              *ZZ*P              *240801*1200*^*00501*000000001*0*T*:~GS*HC*A*B*20240801*1200*7*X*005010X222A1~ST*837*0001~BHT*0019*00*1*20240801*1200*CH~HL*1**20*1~NM1*85*2*C*****XX*1999999984~'
	|| t.body || 'SE*9*0001~GE*1*7~IEA*1*000000001~') l;
DO $$
DECLARE
	t record;
BEGIN
	FOR t IN SELECT s.said[i:i] AS said FROM tried s, generate_subscripts(s.said, 1) i ORDER BY s.claim, i LOOP
		CALL remit(t.said[1][1], t.said[1][2]);
	END LOOP;
END $$;
SELECT claim_source_add('clinic', 'claim_file_line', 'x12') \g /dev/null
CALL claim_scan('clinic');

CREATE TABLE got AS SELECT * FROM claim_reconcile('clinic');
SELECT is((SELECT coalesce(string_agg(concat_ws(' ', coalesce(g.line_no::text, '-'), g.outcome, coalesce(g.carc::text, '-'), coalesce(g.rarc::text, '-'), coalesce(g.denied::text, '-'), coalesce(left(g.agrees::text, 1), '-')), '; ' ORDER BY g.line_no), '')
	FROM got g WHERE g.claim_id = t.claim), t.wanted, t.claim || ': ' || t.what) FROM tried t ORDER BY t.claim;
SELECT is((SELECT string_agg(DISTINCT r, ' ' ORDER BY r) FROM got, unnest(rules) r WHERE claim_id ~ '^[ABC]'), 'ptp', 'of the rule that was made to speak');
SELECT results_eq($$SELECT line::text, patient, provider, dos, month, payer, charge, paid, rules, severity, covered_by, payer_claim_id, paid_on FROM got WHERE claim_id = 'A1'$$,
	$$VALUES ('97124-GP x1 2024-08-01 dx=M99.01,M54.2 specialty=225100000X', 'MA1', '1999000001', date '2024-08-01', date '2024-08-01', 'PAY1', 40::numeric, 0::numeric, '{ptp}'::text[], 'deny'::claim_severity, '{ptp}'::text[], 'I1', date '2024-08-20')$$, 'all that a row says');
SELECT set_eq($$SELECT r FROM got, unnest(covered_by) r WHERE claim_id = 'A5'$$, $$SELECT rule FROM claim_denial WHERE carc ~ '-50$'$$, 'the rules that say the same as a code, whoever pays');

--
-- by rule: plain sums over the rows
--
SELECT results_eq('SELECT rule, lines, denied, paid, undecided, agreed, missed FROM claim_reconcile_rules(''clinic'') ORDER BY rule', $$
	SELECT c.rule, a.lines, a.denied, a.paid, a.undecided, a.agreed, (SELECT count(*) FROM got g WHERE g.outcome = 'denied and not predicted'
			AND EXISTS (SELECT FROM claim_denial d, unnest(g.carc) k WHERE d.rule = c.rule AND split_part(d.carc, '-', 2) = split_part(k, '-', 2)))
	FROM claim_rules() c, LATERAL (SELECT count(*) AS lines, count(*) FILTER (WHERE outcome ~ 'denied$') AS denied, count(*) FILTER (WHERE outcome ~ 'paid$') AS paid, count(*) FILTER (WHERE outcome = 'undecided') AS undecided,
			count(*) FILTER (WHERE outcome ~ 'denied$' AND EXISTS (SELECT FROM claim_denial d, unnest(g.carc) k WHERE d.rule = c.rule AND split_part(d.carc, '-', 2) = split_part(k, '-', 2))) AS agreed
		FROM got g WHERE c.rule = ANY (g.rules)) a
	WHERE a.lines > 0 OR EXISTS (SELECT FROM got g, claim_denial d, unnest(g.carc) k WHERE g.outcome = 'denied and not predicted' AND d.rule = c.rule AND split_part(d.carc, '-', 2) = split_part(k, '-', 2)) ORDER BY 1$$, 'rows by rule');
SELECT cmp_ok((SELECT count(*) FROM claim_reconcile_rules('clinic') WHERE missed > 0), '>', 2::bigint, 'some of them missed');
SELECT is((SELECT count(*) FROM claim_reconcile('clinic', at_least => 'review')) - (SELECT count(*) FROM claim_reconcile('clinic')), (SELECT count(*) FROM (SELECT claim_id, line_no FROM claim_findings WHERE source = 'clinic' GROUP BY 1, 2 HAVING max(severity) = 'review') f
	WHERE NOT EXISTS (SELECT FROM got g WHERE g.claim_id = f.claim_id AND g.line_no = f.line_no)), 'findings to be reviewed, where they are asked for');

--
-- what words mean is data
--
INSERT INTO claim_payment_word (field, word, meaning, source) VALUES ('adjustment', 'CO-45', 'denial', 'a payer who denies by it'), ('adjustment', '50', 'reduction', 'a payer of ours'), ('adjustment', 'X99', 'denial', 'a code of its own');
INSERT INTO claim_denial (rule, carc, source) VALUES ('ptp', 'CO-X99', 'a payer of ours');
SELECT is((SELECT string_agg(concat_ws(' ', claim_id, line_no, outcome), '; ' ORDER BY claim_id, line_no) FROM claim_reconcile('clinic') WHERE claim_id IN ('A5', 'A6', 'B8')),
	'A6 1 denied and not predicted; A6 3 denied and not predicted; B8 2 predicted and denied', 'words of one''s own go before those that are shipped, codes with their group before those without');
SELECT ok((SELECT agrees FROM claim_reconcile('clinic') WHERE claim_id = 'B8'), 'and so do codes of a rule');
DELETE FROM claim_payment_word WHERE NOT shipped;
DELETE FROM claim_denial WHERE NOT shipped;
SELECT throws_ok('DELETE FROM claim_payment_word', '55000', NULL, 'what is shipped stays') || E'\n' || throws_ok('UPDATE claim_denial SET carc = ''CO-1''', '55000', NULL, 'and is not changed');
SELECT throws_ok($$INSERT INTO claim_payment_word (field, word, meaning, source) VALUES ('adjustment', '45', 'denied', 'x')$$, '23514', NULL, 'a meaning that is none');
SELECT is((SELECT string_agg(carc, ' ') FROM (SELECT split_part(carc, '-', 2) AS carc FROM claim_denial EXCEPT SELECT word FROM claim_payment_word WHERE field = 'adjustment' AND meaning = 'denial') x), NULL, 'every code of a finding is a denial');
SELECT is((SELECT string_agg(field || word, ' ') FROM (SELECT field, word FROM claim_payment_word GROUP BY 1, 2 HAVING count(*) > 1) x), NULL, 'a word means one thing');
SELECT set_eq('SELECT DISTINCT rule FROM claim_denial', 'SELECT rule FROM claim_rules() WHERE carc IS NOT NULL UNION SELECT DISTINCT rule FROM claim_denial d JOIN claim_rules() r USING (rule) WHERE r.carc IS NULL', 'rules have their codes');

--
-- another table of claims, one of payments that is named; lines that nothing tells apart
--
CREATE SCHEMA elsewhere;
CREATE TABLE elsewhere.bill (person text, npi text, dos date, claim text, no int, code text, modifiers text[], units numeric);
INSERT INTO elsewhere.bill VALUES ('P', 'N', '2024-08-01', 'E1', NULL, '97124', '{GP}', 1), ('P', 'N', '2024-08-01', 'E1', NULL, '98940', '{AT}', 1), ('Q', 'N', '2024-08-01', 'E2', 1, '97124', '{GP}', 1), ('Q', 'N', '2024-08-01', 'E2', 1, '97124', '{GP}', 1), ('Q', 'N', '2024-08-01', 'E2', 1, '98940', '{AT}', 1);
SELECT claim_source_add('bills', 'elsewhere.bill', columns => '{"patient": "person", "provider": "npi", "dos": "dos", "claim_id": "claim", "line_no": "no", "code": "code", "modifiers": "modifiers", "units": "units"}') \g /dev/null
CALL claim_scan('bills');
SELECT throws_ok($$SELECT * FROM claim_reconcile('bills')$$, '42P01', 'claim source "bills" has no payments', 'no table of payments beside it');
CALL remit('20240820', 'CLP*E1*1*40*0**MB*I1~SVC*HC:97124:GP*40*0~DTM*472*20240801~CAS*CO*236*40~CLP*E2*1*80*40**MB*I1~SVC*HC:97124:GP*40*0~DTM*472*20240801~CAS*OA*18*40~SVC*HC:97124:GP*40*40~DTM*472*20240801~');
SELECT is((SELECT string_agg(concat_ws(' ', claim_id, line_no, outcome, charge, denied, payer), '; ' ORDER BY claim_id, outcome) FROM claim_reconcile('bills', payments => 'claim_file_payment') WHERE claim_id IN ('E1', 'E2')),
	'E1 predicted and denied 40 40 PAY1; E2 1 predicted and denied 40 40 PAY1', 'by claim, code, modifiers and date; charges of the payment where the source has none');
SELECT is((SELECT count(*) FROM claim_reconcile('bills', payments => 'claim_file_payment') WHERE outcome = 'denied, not in the source'), (SELECT count(*) - 1 FROM got WHERE carc IS NOT NULL), 'what belongs to another source is told, a claim without services once');
SELECT throws_ok($$SELECT * FROM claim_reconcile('bills', payments => 'elsewhere.bill')$$, '42809', 'relation elsewhere.bill is not one of payments', 'a table of other things');

--
-- who may ask
--
SELECT throws_ok($$SELECT * FROM claim_reconcile('none')$$, '42704', 'claim source "none" does not exist', 'a source that is not there') || E'\n' || throws_ok($$SELECT * FROM claim_reconcile('clinic', 'none')$$, '42704', NULL, 'nor a policy')
	|| E'\n' || is((SELECT count(*) FROM claim_reconcile(NULL)) + (SELECT count(*) FROM claim_reconcile('clinic', NULL)) + (SELECT count(*) FROM claim_reconcile('clinic', at_least => NULL)), 0::bigint, 'none for null');
CREATE ROLE rec_reader;
CREATE ROLE rec_other;
GRANT SELECT ON claim_file_line, claim_file_payment TO rec_other;
SELECT claim_source_grant('clinic', 'rec_reader');
GRANT USAGE ON SCHEMA lib TO rec_reader, rec_other;
SET ROLE rec_reader;
SELECT is((lib.error_of($$SELECT * FROM claim_reconcile('clinic')$$)).message, 'payments of claim source "clinic" are not yours to read', 'who was granted the findings needs the tables, too');
SELECT is((lib.error_of($$SELECT * FROM claim_reconcile('clinic')$$)).hint, 'GRANT SELECT ON public.claim_file_line, public.claim_file_payment TO rec_reader;', 'and is told which');
SELECT is(claim_report('clinic') #>> '{payments,unread}', 'payments of claim source "clinic" are not yours to read', 'as its report is');
RESET ROLE;
GRANT SELECT ON claim_file_line, claim_file_payment TO rec_reader;
SET ROLE rec_reader;
SELECT is(claim_report('clinic') #>> '{payments,totals,lines_not_predicted}', (SELECT count(*) FROM claim_reconcile('clinic') WHERE outcome = 'denied and not predicted')::text, 'with these it has them');
SELECT is((lib.error_of($$SELECT * FROM claim_reconcile('clinic')$$)).message, NULL, 'then it sees it');
SET ROLE rec_other;
SELECT is((lib.error_of($$SELECT * FROM claim_reconcile('clinic')$$)).state, '42501', 'who may read the tables but was granted no findings does not');
RESET ROLE;
SELECT is(claim_report('bills') -> 'payments', 'null', 'a report of a source without payments has none');
CREATE TABLE elsewhere.claim_file_payment (LIKE claim_file_payment);
SELECT is(claim_report('bills') -> 'payments', 'null', 'nor where there are none yet');
INSERT INTO elsewhere.claim_file_payment SELECT * FROM claim_file_payment;
SELECT is(claim_report('bills') #>> '{payments,totals,lines_predicted_denied}', '2', 'then it has them');
ALTER TABLE elsewhere.claim_file_payment DROP COLUMN paid_on;
SELECT is(claim_report('bills') #>> '{payments,unread}', 'relation elsewhere.claim_file_payment is not one of payments', 'a table of another kind is no error of the report');
-- an expression of a mapping runs with the rights of who reads
CREATE SCHEMA theirs AUTHORIZATION rec_other;
CREATE TABLE theirs.bill (LIKE elsewhere.bill);
CREATE TABLE theirs.claim_file_payment (LIKE claim_file_payment);
INSERT INTO theirs.claim_file_payment SELECT * FROM claim_file_payment;
ALTER TABLE theirs.bill OWNER TO rec_other;
ALTER TABLE theirs.claim_file_payment OWNER TO rec_other;
SET ROLE rec_other;
SELECT claim_source_add('theirs', 'theirs.bill', schema => 'theirs', columns => '{"patient": "person", "provider": "npi", "dos": "dos", "claim_id": "claim", "code": "code"}') \g /dev/null
SELECT is(jsonb_typeof(claim_report('theirs') #> '{payments,totals}'), 'object', 'the owner of a source has its payments in the report');
RESET ROLE;
SELECT is(claim_report('theirs') #>> '{payments,unread}', 'a superuser does not read the claims of role rec_other', 'a superuser does not run what their mapping calls');
DROP SCHEMA theirs CASCADE;
SELECT claim_source_drop('theirs') \g /dev/null
DROP OWNED BY rec_reader, rec_other;
SELECT * FROM finish();

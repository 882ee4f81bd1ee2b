-- X12 as files have it: where ISA stands, how long it is, what separates and ends; counts and control numbers; what is lost and said to be;
-- values of lines at their limits. Made up; the patient is nobody.

BEGIN;
\i test/tap/lib.sql
SELECT no_plan();
SET client_min_messages = error;

-- a claim with two lines: * : and ~, without line ends
CREATE FUNCTION pg_temp.isa(n text DEFAULT '000000001', component text DEFAULT ':') RETURNS text LANGUAGE sql AS $$
	SELECT 'ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *240801*1200*^*00501*' || n || '*0*T*' || component || '~' $$;
CREATE FUNCTION pg_temp.claim(n text DEFAULT '0001', lines text DEFAULT 'LX*1~SV1*HC:97124:GP*45*UN*2***1:2~DTP*472*D8*20240801~LX*2~SV1*HC:98941:AT*60*UN*1***2~DTP*472*D8*20240801~',
	clm text DEFAULT 'CLM*A1*105***11:B:1*Y*A*Y*Y~HI*ABK:M542*ABF:M9901~') RETURNS text LANGUAGE sql AS $$
	SELECT body || 'SE*' || regexp_count(body, '~') + 1 || '*' || n || '~' FROM (SELECT 'ST*837*' || n || '*005010X222A1~BHT*0019*00*1*20240801*1200*CH~NM1*41*2*SUBMITTER*****46*1~NM1*40*2*RECEIVER*****46*2~HL*1**20*1~NM1*85*2*BILLING*****XX*1999999984~'
		|| 'HL*2*1*22*0~SBR*P*18*******MB~NM1*IL*1*PATIENT*ONE****MI*M1~DMG*D8*19700101*F~NM1*PR*2*PAYER*****PI*P1~' || clm || lines AS body) b $$;
CREATE FUNCTION pg_temp.text(n text DEFAULT '000000001', claims text DEFAULT NULL, component text DEFAULT ':') RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.isa(n, component) || 'GS*HC*A*B*20240801*1200*7*X*005010X222A1~' || coalesce(claims, pg_temp.claim()) || 'GE*1*7~IEA*1*' || n || '~' $$;
CREATE FUNCTION pg_temp.read(file text) RETURNS text LANGUAGE sql AS $$ SELECT string_agg(line::text, '; ' ORDER BY segment) FROM claim_lines_of_837(file) $$;
CREATE FUNCTION pg_temp.faults(file text) RETURNS text LANGUAGE sql AS $$ SELECT string_agg(fault, ' / ' ORDER BY segment) FROM claim_segments_of_x12(file) $$;
\set two '97124-GP x2 2024-08-01 dx=M54.2,M99.01; 98941-AT x1 2024-08-01 dx=M99.01'

SELECT is(pg_temp.read(pg_temp.text()), :'two', 'a claim of two lines');
SELECT is(pg_temp.faults(pg_temp.text()), NULL, 'with nothing wrong');

-- ------------------------------------------------------- where ISA stands and what ends a segment
SELECT is(pg_temp.read(t), :'two', what) || E'\n' || is(pg_temp.faults(t), NULL, what || ': nothing wrong') FROM pg_temp.text() x, LATERAL (VALUES
	('a byte order mark', E'\uFEFF' || x), ('blank lines before', E'\n\r\n  ' || x), ('a line a segment', replace(x, '~', E'~\n')), ('CRLF', replace(x, '~', E'~\r\n')), ('CR', replace(x, '~', E'~\r')),
	('blank lines between', replace(x, '~', E'~\n\n \n')), ('indented', replace(x, '~', E'~\n\t    ')), ('blanks behind', replace(x, '~', E'~   \n')), ('lines alone', replace(x, '~', E'\n')), ('CRLF alone', replace(x, '~', E'\r\n')),
	('blanks before the terminator', replace(replace(x, '~', ' ~'), ': ~', ':~')), ('lines of 80', regexp_replace(x, '(.{80})', E'\\1\n', 'g')), ('lines of 80, CRLF', regexp_replace(x, '(.{80})', E'\\1\r\n', 'g')),
	('ISA not padded', regexp_replace(x, ' +\*', '*', 'g')), ('ISA too long', replace(x, 'RECEIVER  ', 'RECEIVER            ')), ('twice ended', replace(x, '~', '~~')), ('other separators', translate(x, '*:~^', '|>!&')),
	('control characters', translate(x, '*:~^', E'\x1d\x1f\x1c\x1e')), ('apostrophes', replace(x, '~', '''')), ('end of file mark', x || E'\x1a'), ('release 4010', replace(replace(x, '*^*00501*', '*U*00401*'), '005010X222A1', '004010X098A1')),
	('no component separator', replace(x, '*T*:~', '*T*~')), ('no component separator, lines', replace(replace(x, '*T*:~', '*T*~'), '~', E'~\n'))) v(what, t) WHERE what !~ '^no component';
SELECT is(pg_temp.read(replace(pg_temp.text(), '*T*:~', '*T*~')), :'two', 'ISA has no component separator');
SELECT is(pg_temp.read(replace(replace(pg_temp.text(), '*T*:~', '*T*~'), '~', E'~\n')), :'two', 'nor in lines');
SELECT is(pg_temp.read(pg_temp.text(component => '>')), :'two', 'components are separated otherwise than ISA says');
SELECT is(pg_temp.faults(pg_temp.text(component => '>')), 'components are separated by ":", not by ">" as before', 'which is told once');
SELECT is(pg_temp.read(replace(pg_temp.text(), 'ABK:M542*ABF:M9901', 'ABK:M542^ABF:M9901')), :'two', 'repetitions count');
SELECT is(pg_temp.read('Mail of today' || E'\n' || pg_temp.text() || 'and a farewell'), :'two', 'text around it');
SELECT results_eq(format('SELECT segment, body, is_read, fault FROM claim_segments_of_x12(%L) WHERE fault IS NOT NULL', 'Mail of today' || E'\n' || pg_temp.text() || 'and a farewell'),
	$$VALUES (NULL::int, 'Mail of today', false, 'no interchange begins here: 13 characters before ISA'), (NULL, 'and a farewell', false, 'no interchange begins here: 14 characters behind IEA')$$, 'which is told');

-- ISA in prose is none, however many separators follow it: before the first interchange, between two, in a note; and one that is not padded, or has elements far too long, is one
SELECT is(pg_temp.read(t), :'two', what) || E'\n' || is(pg_temp.faults(t), said, what || ': the file') FROM pg_temp.text() x, LATERAL (VALUES
	('its name before it', E'begins with ISA*, as here:\n' || x, 'no interchange begins here: 26 characters before ISA'), ('cards', 'We take VISA,' || repeat('MC,', 20) || E'\n' || x, 'no interchange begins here: 73 characters before ISA'),
	('a list', E'ISA,' || repeat('an element, ', 16) || E'GS, ST\n' || x, 'no interchange begins here: 202 characters before ISA'), ('a word of three', 'ISA-' || repeat('abc-', 20) || E'\n' || x, 'no interchange begins here: 84 characters before ISA'),
	('behind it', x || E'\nISA*' || repeat('none*', 20), 'no interchange begins here: 104 characters behind IEA'), ('a note', replace(replace(x, 'BHT*', 'NTE*ADD*ISA*00*VISA*00*ISA*ZZ*ISA*ZZ*ISA*240801*1200*^*00501*1*0*T*:~BHT*'), 'SE*20', 'SE*21'), NULL),
	('not padded', regexp_replace(x, ' +\*', '*', 'g'), NULL), ('blanks for nothing', regexp_replace(x, '\*00\* +', '*  *          ', 'g'), NULL), ('far too long', replace(x, 'SENDER         ', repeat('SENDER ', 300)), NULL), ('its sender is called ISA', regexp_replace(x, 'SENDER +', 'ISA'), NULL),
	('its sender takes cards', regexp_replace(x, 'SENDER +', 'VISA'), NULL), ('an empty component separator', replace(x, '*T*:~', '*T*~'), 'components are separated by ":", not by nothing as before')) v(what, t, said);
SELECT throws_ok(format('SELECT * FROM claim_lines_of_837(%L)', 'ISA*00*' || repeat('x', 5000) || substr(pg_temp.text(), 8)), '22P02', 'the text has no X12 interchange', 'what begins ISA has its end');
-- many of what could be one take no longer than their text
SELECT throws_ok(format('SELECT * FROM claim_lines_of_837(repeat(%L, 200000))', t), '22P02', 'the text has no X12 interchange', t) FROM unnest('{ISA*,ISA**,ISA*00**,"ISA*  "}'::text[]) t;
-- each of many subscribers finds his billing provider among as many
SELECT is((SELECT count(*) || ' ' || count(*) FILTER (WHERE billing = 'B' || claim_id) FROM claim_lines_of_837(pg_temp.text(claims => (SELECT t || 'SE*' || regexp_count(t, '~') + 1 || '*1~' FROM (SELECT 'ST*837*1~BHT*0019~' || (SELECT string_agg(format('HL*%s**20*1~NM1*85*2*X*****XX*B%s~', n, n), '' ORDER BY n) FROM generate_series(1, 20000) n)
	|| (SELECT string_agg(format('HL*%s*%s*22*0~NM1*IL*1*P*****MI*M~CLM*%s*1***11:B:1~LX*1~SV1*HC:97124*1*UN*1~', 20000 + n, 20001 - n, 20001 - n), '' ORDER BY n) FROM generate_series(1, 20000) n) AS t) x)))), '20000 20000', 'many billing providers');

-- ------------------------------------------------------------------ interchanges, groups, transactions
SELECT is(pg_temp.read(pg_temp.text() || E'\n' || translate(pg_temp.text('000000002'), '*:~', '|>!')), :'two' || '; ' || :'two', 'interchanges of other separators');
SELECT is((SELECT count(*) || ' ' || count(DISTINCT segment) FROM claim_lines_of_837(pg_temp.text(claims => pg_temp.claim() || pg_temp.claim('0002')))), '4 4', 'transactions');
SELECT is(pg_temp.faults(pg_temp.text(claims => pg_temp.claim() || pg_temp.claim('0002'))), 'GE counts 1 transactions, there are 2', 'and GE must count them');
SELECT is(pg_temp.faults(t), said, what) FROM pg_temp.text() x, LATERAL (VALUES
	('segments', replace(x, 'SE*20*', 'SE*19*'), 'SE counts 19 segments, there are 20'), ('no number', replace(x, 'SE*20*', 'SE*x*'), 'SE counts "x" segments, there are 20'),
	('control numbers of a transaction', replace(x, 'SE*20*0001', 'SE*20*0002'), 'SE has control number 0002, ST has 0001'), ('of a group', replace(x, 'GE*1*7', 'GE*1*8'), 'GE has control number 8, GS has 7'),
	('of an interchange', replace(x, 'IEA*1*000000001', 'IEA*1*000000002'), 'IEA has control number 000000002, ISA has 000000001'), ('zeros in front', replace(x, 'IEA*1*000000001', 'IEA*1*1'), NULL),
	('groups', replace(x, 'IEA*1*', 'IEA*2*'), 'IEA counts 2 groups, there are 1'), ('both', replace(x, 'GE*1*7', 'GE*3*8'), 'GE counts 3 transactions, there are 1; GE has control number 8, GS has 7'),
	('no SE', regexp_replace(x, 'SE\*20\*0001~', ''), 'transaction 0001 has no SE before GE'), ('no GE', regexp_replace(x, 'GE\*1\*7~', ''), 'group 7 has no GE before IEA'),
	('no IEA', regexp_replace(x, 'IEA.*', ''), 'interchange 000000001 has no IEA before the end of the text'), ('half a file', substring(x FROM 1 FOR strpos(x, 'LX*2') + 20),
		'text ends without a terminator / transaction 0001 has no SE before the end of the text; group 7 has no GE before the end of the text; interchange 000000001 has no IEA before the end of the text'),
	('a segment between', replace(x, 'GE*1*7', 'REF*X*1~GE*1*7'), 'segment stands in no transaction'), ('no claim', regexp_replace(x, 'CLM.*?~HI.*?~', ''), 'service line stands under no claim / service line stands under no claim / SE counts 20 segments, there are 18'),
	('no line', pg_temp.text(claims => pg_temp.claim(lines => '')), 'claim A1 of segment 14 has no service line'), ('LX alone', pg_temp.text(claims => pg_temp.claim(lines => 'LX*1~')), 'service line 1 has no SV1, SV2 or SV3; claim A1 of segment 14 has no service line'),
	('no LX', pg_temp.text(claims => pg_temp.claim(lines => 'SV1*HC:97124*45*UN*2***1~')), 'service line begins without LX'), ('a name of no segment', replace(x, 'BHT*', 'B-T*'), '"B-T" is no name of a segment'),
	('no terminator', replace(replace(x, '~', E'~\n'), E'SBR*P*18*******MB~\n', E'SBR*P*18*******MB\n'), 'segment has no terminator, the next one begins on the next line'), ('levels', replace(x, 'HL*2*1*22', 'HL*3*5*22'), 'HL is "3", must be 2; HL stands under "5", behind 1 of the level above')) v(what, t, said);
SELECT is(pg_temp.read(replace(replace(pg_temp.text(), '~', E'~\n'), E'SBR*P*18*******MB~\n', E'SBR*P*18*******MB\n')), :'two', 'where a terminator is missing, the next segment is read');
SELECT is((SELECT count(*) FROM claim_lines_of_837(pg_temp.text(claims => replace(pg_temp.claim(), 'ST*837', 'ST*835')))), 0::bigint, 'other transactions have no service lines');
SELECT is((SELECT string_agg(line_error, ' ') FROM claim_lines_of_837(regexp_replace(pg_temp.text(), 'CLM.*?~HI.*?~', ''))), 'Service line stands under no claim. Service line stands under no claim.', 'a line without a claim is there, with its reason');

-- subscribers under the first of two billing providers; a dependent under a subscriber that is not the last one has none
SELECT is((SELECT string_agg(claim_id || ' ' || billing || ' ' || patient, ', ' ORDER BY segment) FROM claim_lines_of_837(file)), said, what) || E'\n' || is(pg_temp.faults(file), fault, what || ': the file') FROM (VALUES
	('providers first', 'HL*2**20*1~NM1*85*2*BILLING*****XX*1888888885~HL*3*1*22*0~NM1*IL*1*P*ONE****MI*M1~CLM*A*1***11:B:1~LX*1~SV1*HC:97124*1*UN*1~HL*4*2*22*0~NM1*IL*1*P*TWO****MI*M2~CLM*B*1***11:B:1~LX*1~SV1*HC:97124*1*UN*1~HL*5*1*22*0~NM1*IL*1*P*THREE****MI*M3~CLM*C*1***11:B:1~LX*1~SV1*HC:97124*1*UN*1~',
		'A 1999999984 M1, B 1888888885 M2, C 1999999984 M3', NULL),
	('each with his own', 'HL*2*1*22*0~NM1*IL*1*P*ONE****MI*M1~CLM*A*1***11:B:1~LX*1~SV1*HC:97124*1*UN*1~HL*3**20*1~NM1*85*2*BILLING*****XX*1888888885~HL*4*3*22*0~NM1*IL*1*P*TWO****MI*M2~CLM*B*1***11:B:1~LX*1~SV1*HC:97124*1*UN*1~', 'A 1999999984 M1, B 1888888885 M2', NULL),
	('an earlier subscriber', 'HL*2*1*22*1~NM1*IL*1*P*ONE****MI*M1~HL*3*1*22*1~NM1*IL*1*P*TWO****MI*M2~HL*4*2*23*0~NM1*QC*1*P*CHILD~CLM*A*1***11:B:1~LX*1~SV1*HC:97124*1*UN*1~', 'A 1999999984 /P/CHILD/', 'HL stands under "2", behind 3 of the level above'),
	('no parent', 'HL*2**22*0~NM1*IL*1*P*ONE****MI*M1~CLM*A*1***11:B:1~LX*1~SV1*HC:97124*1*UN*1~', 'A 1999999984 M1', 'HL stands under "", behind 1 of the level above'),
	('an unknown level', 'HL*2*1*21*0~', NULL, 'HL has level "21", must be 20, 22 or 23')) v(what, levels, said, fault), LATERAL (SELECT pg_temp.text(claims => t || 'SE*' || regexp_count(t, '~') + 1 || '*1~') AS file
		FROM (SELECT 'ST*837*1~BHT*0019*00*1~HL*1**20*1~NM1*85*2*BILLING*****XX*1999999984~' || levels AS t) x) f;

-- what is wrong is warned of; what is no X12 is refused
SELECT throws_ok($$SELECT * FROM claim_lines_of_837('claims.837')$$, '22P02', 'the text has no X12 interchange', 'a name of a file is none');
SELECT throws_ok($$SELECT * FROM claim_segments_of_x12('')$$, '22P02', 'the text has no X12 interchange', 'nor is nothing');
SELECT throws_ok($$SELECT * FROM claim_lines_of_837('ISA*00*VISA*')$$, '22P02', 'the text has no X12 interchange', 'nor the beginning of ISA');
SELECT is((SELECT count(*) FROM claim_lines_of_837(NULL)), 0::bigint, 'null has no lines');
SELECT is((SELECT count(*) FROM claim_segments_of_x12(regexp_replace(pg_temp.isa(), '~$', ''))), 2::bigint, 'ISA alone is a segment, and the text lacks what ends it');

-- ------------------------------------------------------------------------------------ lines
CREATE FUNCTION pg_temp.line(lines text, clm text DEFAULT 'CLM*A1*105***11:B:1*Y*A*Y*Y~HI*ABK:M542*ABF:M9901~') RETURNS claim_file_line LANGUAGE sql AS $$
	SELECT l FROM claim_lines_of_837(pg_temp.text(claims => pg_temp.claim(lines => lines, clm => clm))) l $$;
-- who is named for the line without a number is not the one of the claim, nor has his taxonomy
SELECT is((l).rendering || ' ' || coalesce((l).taxonomy, 'none'), said, what) FROM (VALUES
	('of the claim', '', '1000000002 225100000X'), ('of the line', 'NM1*82*1*P*TWO****XX*1000000003~', '1000000003 none'),
	('of the line, without a number', 'NM1*82*1*P*TWO~', (pg_temp.line('LX*1~SV1*HC:97124*45*UN*2***1~')).billing || ' none')) v(what, line, said),
	LATERAL (SELECT pg_temp.line('LX*1~SV1*HC:97124*45*UN*2***1~' || line, 'CLM*A1*105***11:B:1*Y*A*Y*Y~HI*ABK:M542~NM1*82*1*P*ONE****XX*1000000002~PRV*PE*PXC*225100000X~') AS l) x;
-- who referred (DN), who did so before him (P3), who ordered (DK): of the line, else of the claim; who is named without a number is nobody else
SELECT is(coalesce((l).referring, 'none') || ' ' || coalesce(line_referral((l).line)::text, '-'), said, coalesce(claim, '') || line) FROM (VALUES
	(NULL, '', 'none -'), ('NM1*DN*1*A*****XX*1~', '', '1 true'), ('NM1*P3*1*A*****XX*2~', '', '2 true'), ('NM1*P3*1*A*****XX*2~NM1*DN*1*A*****XX*1~', '', '1 true'), ('NM1*DN*1*A*****XX*1~', 'NM1*P3*1*A*****XX*3~', '3 true'), ('NM1*P3*1*A*****XX*1~', 'NM1*DK*1*A*****XX*3~', '3 true'),
	(NULL, 'NM1*DK*1*A*****XX*3~NM1*P3*1*A*****XX*4~NM1*DN*1*A*****XX*5~', '5 true'), (NULL, 'NM1*DK*1*A*****XX*3~NM1*P3*1*A*****XX*4~', '4 true'), ('NM1*DN*1*A*****XX*1~', 'NM1*DN*1*B~', 'none true'), ('NM1*DN*1*A~REF*1G*U1~REF*0B*L1~', '', 'U1 true'), ('NM1*DQ*1*A*****XX*1~NM1*DD*1*A*****XX*1~', '', 'none -'),
	-- of another payer, and who he paid for
	('SBR*S*18~OI***Y~NM1*IL*1*O*****MI*X1~NM1*PR*2*O*****PI*X2~NM1*DN*1*A~REF*G2*1~NM1*P3*1*A*****XX*2~NM1*82*1*A*****XX*3~NM1*DK*1*A*****XX*2~', '', 'none -'), (NULL, 'SVD*X2*5*HC:97124**1~NM1*PR*2*O*****PI*X2~REF*9F*R1~', 'none -')) v(claim, line, said),
	LATERAL (SELECT pg_temp.line('LX*1~SV1*HC:97124*45*UN*2***1~' || line, 'CLM*A1*105***11:B:1*Y*A*Y*Y~HI*ABK:M542~' || coalesce(claim, '')) AS l) x;
SELECT is((l).line::text, line, what) || E'\n' || is((l).line_error, error, what || ': the reason') FROM (VALUES
	('units', 'LX*1~SV1*HC:97124*45*UN*2.5***1~', NULL, '97124 x2.5 dx=M54.2', NULL), ('no units', 'LX*1~SV1*HC:97124*45*UN****1~', NULL, NULL, 'Units must not be null.'), ('units that are none', 'LX*1~SV1*HC:97124*45*UN*two***1~', NULL, NULL, 'Units are "two", not a number.'),
	('0 units', 'LX*1~SV1*HC:97124*0*UN*0***1~', NULL, '97124 x0 dx=M54.2', NULL), ('units below zero', 'LX*1~SV1*HC:97124*45*UN*-2***1~', NULL, '97124 x2 dx=M54.2 reversal', NULL), ('charge below zero', 'LX*1~SV1*HC:97124*-45*UN*2***1~', NULL, '97124 x2 dx=M54.2 reversal', NULL),
	('too many units', 'LX*1~SV1*HC:97124*45*UN*1000000***1~', NULL, NULL, 'Units are 1000000, must be 0 to 999999.999.'), ('minutes', 'LX*1~SV1*HC:00142:QK*827*MJ*61***1~', NULL, '00142-QK x1 61min dx=M54.2', NULL),
	('no minutes', 'LX*1~SV1*HC:00142:QK*827*MJ****1~', NULL, NULL, 'Units must not be null.'), ('minutes below zero', 'LX*1~SV1*HC:00142:QK*827*MJ*-61***1~', NULL, '00142-QK x1 61min dx=M54.2 reversal', NULL),
	('minutes of two days', 'LX*1~SV1*HC:00142:QK*827*MJ*2000***1~', NULL, '00142-QK x1 dx=M54.2 unread=minutes', 'Minutes are 2000, must be 0 to 1440.'), ('days', 'LX*1~SV1*HC:99221*827*DA*3***1~', NULL, '99221 x3 dx=M54.2', NULL),
	('a measure that is none', 'LX*1~SV1*HC:97124*45*XX*2***1~', NULL, NULL, 'Units are measured in "XX", must be UN, DA, F2 or MJ.'), ('a charge that is none', 'LX*1~SV1*HC:97124*x*UN*2***1~', NULL, '97124 x2 dx=M54.2', 'Charge is "x", not a number.'),
	('HIPPS', 'LX*1~SV1*HP:1AFKS*45*UN*2***1~', NULL, NULL, 'Code "1AFKS" is no HCPCS code: qualifier "HP", HIPPS rate codes.'), ('ABC codes', 'LX*1~SV1*WK:CBBAA*45*UN*2***1~', NULL, NULL, 'Code "CBBAA" is no HCPCS code: qualifier "WK", advanced billing concepts codes.'),
	('no code', 'LX*1~SV1**45*UN*2***1~', NULL, NULL, 'Code must not be null.'), ('no list', 'LX*1~SV1*:97124*45*UN*2***1~', NULL, NULL, 'Code "97124" has no qualifier, must be of HC.'), ('a code too short', 'LX*1~SV1*HC:9712*45*UN*2***1~', NULL, NULL, 'Code "9712" must be 5 characters of 0-9 and A-Z.'),
	('four modifiers and a description', 'LX*1~SV1*HC:97124:59:GP:KX:AT:some words*45*UN*2***1~', NULL, '97124-59-GP-KX-AT x2 dx=M54.2', NULL), ('a gap', 'LX*1~SV1*HC:97124::GP*45*UN*2***1~', NULL, '97124-GP x2 dx=M54.2', NULL),
	('a modifier too long', 'LX*1~SV1*HC:97124:GP:599*45*UN*2***1~', NULL, '97124-GP x2 dx=M54.2 unread=modifiers', 'Modifier "599" must be 2 characters of 0-9 and A-Z.'),
	('pointers turned', 'LX*1~SV1*HC:97124*45*UN*2***2:1~', NULL, '97124 x2 dx=M99.01,M54.2', NULL), ('1.00', 'LX*1~SV1*HC:97124*45*UN*2***1.00~', NULL, '97124 x2 dx=M54.2', NULL), ('letters', 'LX*1~SV1*HC:97124*45*UN*2***B~', NULL, '97124 x2 dx=M99.01', NULL),
	('a pointer to nothing', 'LX*1~SV1*HC:97124*45*UN*2***1:3~', NULL, '97124 x2 dx=M54.2 unread=dx', 'Line points to diagnosis "3", the claim has 2.'), ('no pointer', 'LX*1~SV1*HC:97124*45*UN*2~', NULL, '97124 x2 dx=M54.2,M99.01 dxof=claim', NULL),
	('no pointer, one diagnosis', 'LX*1~SV1*HC:97124*45*UN*2~', 'CLM*A1*105***11:B:1~HI*ABK:M542~', '97124 x2 dx=M54.2', NULL), ('other kinds of diagnosis', 'LX*1~SV1*HC:97124*45*UN*2***1~', 'CLM*A1*105***11:B:1~HI*ABK:M542*ABJ:M9901*APR:Z000*ABN:V0001~', '97124 x2 dx=M54.2', NULL),
	('ICD-9-CM that looks like ICD-10-CM', 'LX*1~SV1*HC:97124*45*UN*2***1~', 'CLM*A1*105***11:B:1~HI*BK:V571~', '97124 x2 unread=dx', 'Diagnosis "V571" is of ICD-9-CM.'), ('a diagnosis that is none', 'LX*1~SV1*HC:97124*45*UN*2***1:2~', 'CLM*A1*105***11:B:1~HI*ABK:X*ABF:M542~', '97124 x2 dx=M54.2 unread=dx', 'Diagnosis "X" must be an ICD-10-CM code of 3 to 7 characters.'),
	('a day', 'LX*1~SV1*HC:97124*45*UN*2***1~DTP*472*D8*20240229~', NULL, '97124 x2 2024-02-29 dx=M54.2', NULL), ('no day', 'LX*1~SV1*HC:97124*45*UN*2***1~DTP*472*D8*20230229~', NULL, NULL, 'Date of service is "20230229", not a date.'),
	('several', 'LX*1~SV1*HC:97124*45*UN*2***1~DTP*472*RD8*20240805-20240809~', NULL, '97124 x2 2024-08-05..2024-08-09 dx=M54.2', NULL), ('several as one', 'LX*1~SV1*HC:97124*45*UN*2***1~DTP*472*D8*20240805-20240805~', NULL, '97124 x2 2024-08-05 dx=M54.2', NULL),
	('a time', 'LX*1~SV1*HC:97124*45*UN*2***1~DTP*472*DT*202408050930~', NULL, '97124 x2 2024-08-05 09:30 dx=M54.2', NULL), ('turned', 'LX*1~SV1*HC:97124*45*UN*2***1~DTP*472*RD8*20240809-20240805~', NULL, '97124 x2 2024-08-09 dx=M54.2 unread=thru', 'Last date of service is 2024-08-05, must not be before the first one, 2024-08-09.'),
	('a void', 'LX*1~SV1*HC:97124*45*UN*2***1~', 'CLM*A1*105***11:B:8~REF*F8*ICN1~HI*ABK:M542~', '97124 x2 dx=M54.2 reversal', NULL), ('a taxonomy code too short', 'LX*1~SV1*HC:97124*45*UN*2***1~NM1*82*1*DOCTOR*ONE****XX*1~PRV*PE*PXC*225100000~', NULL, '97124 x2 dx=M54.2 unread=specialty', 'Specialty "225100000" must be a CMS code of 2 characters or a NUCC taxonomy code of 10.'),
	('dental', 'LX*1~SV3*AD:D1110*60**10***1****1~', NULL, 'D1110 x1 dx=M54.2', NULL), ('dental, how many is not said', 'LX*1~SV3*AD:D1110*60~', 'CLM*A1*60***11:B:1~DTP*472*D8*20240801~', 'D1110 x1 2024-08-01', NULL), ('a dental code that is none', 'LX*1~SV3*AD:1110*60****1~', NULL, NULL, 'Code "1110" is no HCPCS code: qualifier "AD", dental codes.')
) v(what, lines, clm, line, error), LATERAL (SELECT pg_temp.line(lines, coalesce(clm, 'CLM*A1*105***11:B:1*Y*A*Y*Y~HI*ABK:M542*ABF:M9901~')) AS l OFFSET 0) r;
SELECT is((SELECT string_agg(line_no || ' ' || code, ', ' ORDER BY segment) FROM claim_lines_of_837(pg_temp.text(claims => pg_temp.claim(lines => 'LX*5~SV1*HC:97124*45*UN*2***1~SV1*HC:97110*45*UN*2***1~LX*x~SV1*HC:97112*45*UN*2***1~')))),
	'5 97124, 2 97110, 3 97112', 'each SV1 is a line, whatever LX says');

-- the text is that of a table too, compressed and elsewhere
CREATE TEMP TABLE stored (file text);
INSERT INTO stored SELECT pg_temp.text(claims => string_agg(pg_temp.claim(lpad(i::text, 4, '0')), '' ORDER BY i)) FROM generate_series(1, 2000) i;
SELECT is((SELECT count(*) || ' ' || count(line) FROM stored, claim_lines_of_837(file)), '4000 4000', 'a stored text of 2000 transactions');
SELECT * FROM finish();

-- the type claimline: text form, constructor, accessors, order

-- every operator class of the extension is complete
SELECT am.amname, c.opcname, c.opcintype::regtype AS type, c.opcdefault, amvalidate(c.oid)
FROM pg_opclass c JOIN pg_am am ON am.oid = c.opcmethod
  JOIN pg_depend d ON d.classid = 'pg_opclass'::regclass AND d.objid = c.oid AND d.deptype = 'e'
  JOIN pg_extension e ON e.oid = d.refobjid AND e.extname = 'claimline'
ORDER BY c.opcname;

CREATE SCHEMA line_test;
SET search_path = line_test, public;
SET datestyle = 'ISO, YMD';
\pset null (null)

--
-- text form
--

-- canonical output: fixed order, upper case, units always, dots in diagnoses
SELECT n, t::claimline AS line
FROM (VALUES
	(1, '97124-59-GP x2 30min 2024-08-01 10:00 dx=M54.2,M99.01 region=cervical specialty=35 referral=yes visit=3'),
	(2, '97124'),
	(3, '  g0283-gp  '),
	(4, E'97124\tx2\n\t30min'),
	(5, 'HC:97124'),
	(6, 'hc:97124:59:gp x2 2024-08-01'),
	(7, 'HC:97124:59:GP:CQ:KX:76'),
	(8, '97124-59-xs-gp-cq-kx'),
	(9, '0213t x1'),
	(10, '97124 visit=3 referral=no specialty=35 region=pelvic,cervical dx=M99.01,M54.2 10:00 2024-08-01 30min x2'),
	(11, '97124 X2 30MIN DX=m542 REGION=Cervical,RIB_CAGE SPECIALTY=225700000x REFERRAL=YES VISIT=3'),
	(12, '97124 x0'),
	(13, '97124 x0.5'),
	(14, '97124 x.25'),
	(15, '97124 x3.'),
	(16, '97124 x1.500'),
	(17, '97124 x1.2340000'),
	(18, '97124 x00001'),
	(19, '97124 x999999.999'),
	(20, '97124 x0.001'),
	(21, '97124 0min'),
	(22, '97124 1440min'),
	(23, '97124 0001-01-01'),
	(24, '97124 9999-12-31'),
	(25, '97124 2000-02-29'),
	(26, '97124 00:00'),
	(27, '97124 23:59'),
	(28, '97124 dx=M54'),
	(29, '97124 dx=m542'),
	(30, '97124 dx=S13.4XXA,s134xxd'),
	(31, '97124 dx=A00,A01,A02,A03,A04,A05,A06,A07,A08,A09,A15,A16'),
	(32, '97124 dx=M54.2,M54.2'),
	(33, '97124 region=abdomen,rib_cage,lower_extremity,upper_extremity,head,pelvic,sacral,lumbar,thoracic,cervical'),
	(34, '97124 region=cervical,cervical'),
	(35, '97124 specialty=01'),
	(36, '97124 specialty=0000000000'),
	(37, '97124 visit=1'),
	(38, '97124 visit=32767')) v(n, t)
ORDER BY n;

-- input of what was output gives the same line
SELECT bool_and(t::claimline = t::claimline::text::claimline AND t::claimline::text = t::claimline::text::claimline::text)
FROM unnest(ARRAY['97124', 'hc:97124:59:gp x.5 0min 0001-01-01 00:00', '97124 x0 23:59 dx=m5450 visit=1',
	'97124 specialty=0000000000 referral=no region=head', '97124-59-XS-GP-CQ-KX x999999.999 1440min 9999-12-31 23:59']) t;

-- every error names the field, the value, the limit and the character where it stands
CREATE FUNCTION refused(input text, OUT state text, OUT message text, OUT detail text)
LANGUAGE plpgsql AS $$
BEGIN
	PERFORM input::claimline;
	message := 'accepted: ' || input::claimline;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
END $$;

SELECT '97124 x2 30min 40min'::claimline;
SELECT '97124 1441min'::claimline;

\pset format unaligned
SELECT n, r.*
FROM (VALUES
	-- code
	(1, ''), (2, '   '), (3, '9712'), (4, '971240'), (5, '9712$'), (6, '9712é'), (7, '-59'), (8, 'HC:'), (9, 'HC:9712:59'), (10, '97124:59'),
	-- modifiers
	(11, '97124-'), (12, '97124--59'), (13, '97124-5'), (14, '97124-591'), (15, '97124-5$'), (16, '97124-59-é1'),
	(17, '97124-59-XS-GP-CQ-KX-76'), (18, 'HC:97124:59:'), (19, 'HC:97124:59:XS:GP:CQ:KX:76'), (20, '97124-59:GP'),
	-- units
	(21, '97124 x'), (23, '97124 x.'), (24, '97124 x1.2.3'), (25, '97124 x1e3'), (26, '97124 x1000000'),
	(27, '97124 x999999.9991'), (28, '97124 x1.0005'), (29, '97124 x99999999999999999999999999'), (30, '97124 x1 x1'),
	-- minutes
	(31, '97124 min'), (32, '97124 1441min'), (34, '97124 1.5min'), (36, '97124 30min 30min'),
	-- date
	(41, '97124 2024-8-1'), (42, '97124 2024-02-30'), (43, '97124 2023-02-29'), (44, '97124 1900-02-29'), (45, '97124 2024-13-01'), (46, '97124 2024-00-01'),
	(47, '97124 2024-01-00'), (48, '97124 0000-01-01'), (49, '97124 10000-01-01'), (50, '97124 2024-08-01 2024-08-01'), (51, '97124 08/01/2024'),
	-- start time
	(61, '97124 24:00'), (62, '97124 10:60'), (63, '97124 9:00'), (64, '97124 10:00:00'), (65, '97124 10:00 11:00'),
	-- diagnoses
	(71, '97124 dx='), (72, '97124 dx=M5'), (73, '97124 dx=54.2'), (74, '97124 dx=MA4'), (75, '97124 dx=M54.'), (76, '97124 dx=M5.42'),
	(77, '97124 dx=M54.12345'), (78, '97124 dx=M54.2,,M99.01'), (79, '97124 dx=M54.2,'), (80, '97124 dx=M54.2 dx=M99.01'),
	(81, '97124 dx=A00,A01,A02,A03,A04,A05,A06,A07,A08,A09,A15,A16,A17'),
	-- region
	(91, '97124 region='), (92, '97124 region=neck'), (93, '97124 region=cervical,neck'), (94, '97124 region=cervical region=lumbar'), (95, '97124 region=cervical;lumbar'),
	-- specialty, referral, visit
	(101, '97124 specialty='), (102, '97124 specialty=5'), (103, '97124 specialty=225700000'), (104, '97124 specialty=3$'), (105, '97124 specialty=35 specialty=35'),
	(111, '97124 referral='), (112, '97124 referral=true'), (113, '97124 referral=yes referral=yes'),
	(121, '97124 visit='), (122, '97124 visit=0'), (123, '97124 visit=32768'), (124, '97124 visit=-1'), (125, '97124 visit=x'), (126, '97124 visit=1 visit=2'),
	-- assistant
	(127, '97124 assistant='), (128, '97124 assistant=12'), (129, '97124 assistant=1441min'), (130, '97124 assistant=13min x2 12min'),
	-- what is none of them
	(131, '97124 30'), (132, '97124 units=2'), (133, '97124 dx'), (134, '97124 x2, 30min'), (135, '97124 naïve x2 30min'),
	(136, '97124 x2 dx=M54.2,été'), (137, '97124 ' || repeat('é', 50)),
	(138, '97124 assistant=min'), (139, '97124 assistant=1min assistant=1min'),
	-- positions count characters, blanks included
	(141, '   97124   x2   visit=0')) v(n, t), refused(t) r
ORDER BY n;

-- below the limit, and far above it
SELECT t, state IN ('22003', '22P02') AS refused, detail ~ ', at character (7|8|13)\.$' AS position
FROM unnest(ARRAY['97124 x-1', '97124 -5min', '97124 99999999999999999999min', '97124 visit=99999999999999999999', '97124 x-0']) t, refused(t);

-- a long input is cut in the message
SELECT length(message) < 200, right(message, 4), detail FROM refused('97124 x2 30min x2 ' || repeat('1', 1000));
\pset format aligned

--
-- constructor
--

SELECT claimline('97124');
SELECT claimline('97124', '{59,GP}', 2, 30, '2024-08-01', '10:00', '{M54.2,M9901}', '{cervical}', '35', true, 3);
SELECT claimline(code => '97124', visit => 3, referral => false, specialty => '225700000x', regions => '{pelvic,CERVICAL}',
	dx => '{m542}', start_time => '00:00', dos => '2024-08-01', minutes => 0, units => 0, modifiers => '{gp}');
-- it is the line of the same text
SELECT claimline('97124', '{59,GP}', 2, 30, '2024-08-01', '10:00', '{M54.2,M99.01}', '{cervical}', '35', true, 3)
	= '97124-59-GP x2 30min 2024-08-01 10:00 dx=M54.2,M99.01 region=cervical specialty=35 referral=yes visit=3'::claimline;

-- five modifier columns: nulls and blanks in any place are skipped, the order is kept, letter case is folded
SELECT m, claimline('97124', m)
FROM (VALUES (1, '{}'::text[]), (2, NULL), (3, '{NULL}'), (4, '{""}'), (5, '{" "}'), (6, '{NULL,59,NULL,gp,NULL}'),
	(7, '{59,"",""," ",gp}'), (8, '{"",NULL,"  ",xs,""}'), (9, ARRAY['59  ', ' gp', NULL, '', 'Kx']),
	(10, '{59,XS,GP,CQ,KX}'), (11, '{59,XS,GP,CQ,KX,NULL,""}'), (12, '{{59,GP},{KX,CQ}}')) v(n, m)
ORDER BY n;

-- columns of a table
CREATE TABLE claim_row (code char(5), m1 char(2), m2 char(2), m3 varchar(2), m4 text, m5 text, units numeric(18,3), minutes smallint, dos date, dx1 text, dx2 text);
INSERT INTO claim_row VALUES
	('97124', '59', NULL, '', 'gp', ' ', 2.000, 30, '2024-08-01', 'M542', NULL),
	('97124', NULL, NULL, NULL, NULL, NULL, 0.125, NULL, NULL, NULL, ''),
	('g0283', '  ', '  ', 'GP', NULL, 'kx', 999999.999, 1440, '2024-08-01', 'M99.01', 'm54.2'),
	('97124', '', '', '', '', '', 0, 0, '0001-01-01', '', '');
SELECT claimline(code, ARRAY[m1, m2, m3, m4, m5], units, minutes, dos, dx => ARRAY[dx1, dx2]) FROM claim_row;

-- diagnoses with and without dots, blanks and nulls; regions too
SELECT claimline('97124', dx => ARRAY['M54.2', 'M542', ' m9901 ', NULL, '', 'S134XXA'], regions => ARRAY['lumbar', NULL, '', ' Head ']);
SELECT claimline('97124', dx => NULL, regions => NULL, specialty => NULL, referral => NULL, visit => NULL, minutes => NULL, dos => NULL, start_time => NULL);
SELECT claimline('97124', specialty => ''), claimline('97124', specialty => ' 35 '), claimline(' 97124 ');

-- why not
SELECT claimline('97124', units => 1000000);
SELECT claimline(NULL, '{59}');
SELECT claimline(NULL::text);

CREATE TABLE args (n int, code text, modifiers text[] DEFAULT '{}', units numeric DEFAULT 1, minutes int, dos date, start_time time,
	dx text[] DEFAULT '{}', regions text[] DEFAULT '{}', specialty text, referral boolean, visit int, assistant int);
INSERT INTO args (n, code) VALUES (1, '97124'), (2, NULL), (3, ''), (4, '9712'), (5, 'é7124'), (6, '971244');
INSERT INTO args (n, code, modifiers) VALUES (11, '97124', '{59}'), (12, '97124', '{5}'), (13, '97124', '{59,591}'), (14, '97124', '{59,XS,GP,CQ,KX,76}'), (15, '97124', '{"5 9"}');
INSERT INTO args (n, code, units) VALUES (21, '97124', 0), (22, '97124', 999999.999), (23, '97124', 1000000), (24, '97124', -1), (25, '97124', 0.0001),
	(26, '97124', 'NaN'), (27, '97124', 'Infinity'), (28, '97124', NULL), (29, '97124', 1.500000);
INSERT INTO args (n, code, minutes) VALUES (31, '97124', 0), (32, '97124', 1440), (33, '97124', 1441), (34, '97124', -1);
INSERT INTO args (n, code, dos) VALUES (41, '97124', '0001-01-01'), (42, '97124', '9999-12-31'), (43, '97124', '10000-01-01'), (44, '97124', '0001-12-31 BC'),
	(45, '97124', 'infinity'), (46, '97124', '-infinity');
INSERT INTO args (n, code, start_time) VALUES (51, '97124', '23:59'), (52, '97124', '24:00'), (53, '97124', '10:00:30'), (54, '97124', '10:00:00.5');
INSERT INTO args (n, code, dx) VALUES (61, '97124', '{M54}'), (62, '97124', '{M54.2,M5}'), (63, '97124', '{A00,A01,A02,A03,A04,A05,A06,A07,A08,A09,A15,A16,A17}');
INSERT INTO args (n, code, regions) VALUES (71, '97124', '{head,head}'), (72, '97124', '{neck}');
INSERT INTO args (n, code, specialty) VALUES (81, '97124', '35'), (82, '97124', '355'), (83, '97124', '22570000'), (84, '97124', '3-');
INSERT INTO args (n, code, visit) VALUES (91, '97124', 1), (92, '97124', 32767), (93, '97124', 0), (94, '97124', 32768), (95, '97124', -1);

INSERT INTO args (n, code, minutes, assistant) VALUES (101, '97124', 12, 12), (102, '97124', 12, 0), (103, '97124', NULL, 1440), (104, '97124', NULL, 1441),
	(105, '97124', 12, 13), (106, '97124', NULL, -1);

CREATE FUNCTION made(a args, OUT line claimline, OUT state text, OUT message text, OUT detail text)
LANGUAGE plpgsql AS $$
BEGIN
	line := claimline(a.code, a.modifiers, a.units, a.minutes, a.dos, a.start_time, a.dx, a.regions, a.specialty, a.referral, a.visit, assistant => a.assistant);
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
END $$;

\pset format unaligned
SELECT a.n, m.* FROM args a, made(a) m WHERE n NOT IN (24, 26, 27, 43, 44, 45, 46, 53, 54) ORDER BY n;
\pset format aligned
SELECT a.n, a.units, a.dos, a.start_time, state IN ('22003', '22P02') AS refused, detail ~ '^(Units|Date of service|Start time) .*must be' AS says FROM args a, made(a) m WHERE m.line IS NULL AND n IN (24, 26, 27, 43, 44, 45, 46, 53, 54) ORDER BY n;

-- the twins agree with the constructor
SELECT count(*), count(*) FILTER (WHERE m.line IS NULL) AS refused,
	count(*) FILTER (WHERE try_claimline(code, modifiers, units, minutes, dos, start_time, dx, regions, specialty, referral, visit, assistant => assistant) IS NOT DISTINCT FROM m.line) AS try_agrees,
	count(*) FILTER (WHERE claimline_error(code, modifiers, units, minutes, dos, start_time, dx, regions, specialty, referral, visit, assistant => assistant) IS NOT DISTINCT FROM m.detail) AS error_agrees
FROM args a, made(a) m;
SELECT try_claimline('97124'), try_claimline('9712'), claimline_error('97124'), claimline_error('9712');

--
-- accessors
--

\x on
SELECT line_code(l), line_modifiers(l), line_units(l), line_minutes(l), line_dos(l), line_start(l), line_dx(l), line_regions(l),
	line_specialty(l), line_referral(l), line_visit(l), line_assistant(l)
FROM (VALUES (1, '97124-59-GP x2.5 30min 2024-08-01 10:00 dx=M54.2,M99.01 region=thoracic,cervical specialty=35 referral=yes visit=3'::claimline),
	(2, '97124'), (3, 'g0283 x0 0min 0001-01-01 00:00 specialty=225700000x referral=no visit=32767'),
	(4, '97124 x999999.999 1440min 9999-12-31 23:59'), (5, NULL),
	(6, '97124 30min assistant=12min'), (7, '97124 assistant=0min')) v(n, l)
ORDER BY n;
\x off
SELECT line_units('97124 x1.500'), line_units('97124 x2'), line_units('97124 x0.001') * 1000 AS thousandths;

SELECT line_set_modifiers(l, '{}'), line_set_modifiers(l, ARRAY['xs', NULL, '', 'kx']), line_set_modifiers(l, '{59,XS,GP,CQ,KX}'), line_set_modifiers(l, NULL)
FROM (VALUES ('97124-59-GP x2 30min 2024-08-01 dx=M54.2 specialty=35 visit=3'::claimline)) v(l);
SELECT line_set_modifiers('97124-59', line_modifiers('97124-59')) = '97124-59'::claimline;
SELECT line_set_modifiers('97124', '{5}');
SELECT line_set_modifiers('97124', '{59,XS,GP,CQ,KX,76}');

--
-- size: every field at its largest
--

SELECT pg_column_size('ZZZZZ-ZZ-ZZ-ZZ-ZZ-ZZ x999999.999 1440min 9999-12-31 23:59 dx=Z99.ZZZZ region=cervical,thoracic,lumbar,sacral,pelvic,head,upper_extremity,lower_extremity,rib_cage,abdomen specialty=ZZZZZZZZZZ referral=yes visit=32767'::claimline) <= 48 AS one_diagnosis,
	pg_column_size('97124-59-GP x2 30min 2024-08-01 10:00 dx=M54.2 region=cervical specialty=35 referral=yes visit=3'::claimline) <= 48 AS usual;
-- what is longest comes back whole
SELECT l::text = t FROM (VALUES ('ZZZZZ-ZZ-ZZ-ZZ-ZZ-ZZ x999999.999 1440min 9999-12-31 23:59 dx=Z99.ZZZZ,Z99.ZZZZ,Z99.ZZZZ,Z99.ZZZZ,Z99.ZZZZ,Z99.ZZZZ,Z99.ZZZZ,Z99.ZZZZ,Z99.ZZZZ,Z99.ZZZZ,Z99.ZZZZ,Z99.ZZZZ region=cervical,thoracic,lumbar,sacral,pelvic,head,upper_extremity,lower_extremity,rib_cage,abdomen specialty=ZZZZZZZZZZ referral=yes visit=32767')) v(t), LATERAL (SELECT t::claimline AS l) x;

--
-- order: date of service (none is last), code, modifiers, then the rest
--

CREATE TABLE ordered (n serial, l claimline);
INSERT INTO ordered (l) VALUES
	('ZZZZZ-ZZ x9 0001-01-01'),
	('00000 2024-07-31'),
	('97110-59 x5 2024-08-01'),
	('97124 x9 60min 2024-08-01 dx=Z99'),
	('97124-59 x2 2024-08-01'),
	('97124-59-GP x1 2024-08-01'),
	('97124-59-GP-KX x0 2024-08-01'),
	('97124-59-XS x0 2024-08-01'),
	('97124-GP x0 2024-08-01'),
	('97124-GP-59 x0 2024-08-01'),
	('97124-ZZ x0 2024-08-01'),
	('97140 x0 2024-08-01'),
	('G0283 x0 2024-08-01'),
	('00000 2024-08-02'),
	('ZZZZZ-ZZ 9999-12-31'),
	('00000 x0'),
	('97124'),
	('97124-59 x0'),
	('ZZZZZ-ZZ');
SELECT l FROM ordered ORDER BY l DESC;
SELECT array_agg(n ORDER BY l) = array_agg(n ORDER BY n) AS in_order, array_agg(n ORDER BY l DESC) = array_agg(n ORDER BY n DESC) AS and_back FROM ordered;

-- lines that differ in the rest: one order, whichever it is
INSERT INTO ordered (l)
SELECT l::claimline FROM unnest(ARRAY['97124 x0', '97124 x0 0min', '97124 x0 1440min', '97124 x0.5', '97124 x2', '97124 x10', '97124 x10 visit=1', '97124 x10 visit=32767',
	'97124 x10 specialty=35', '97124 x10 specialty=36', '97124 x10 specialty=225700000X', '97124 x10 referral=no', '97124 x10 referral=yes',
	'97124 x10 dx=M54', '97124 x10 dx=M54,A00', '97124 x10 dx=M54.2', '97124 x10 dx=A00,M54', '97124 x10 00:00', '97124 x10 23:59',
	'97124 x10 region=head', '97124 x10 region=cervical', '97124 x10 region=cervical,head',
	'97124 x10 assistant=0min', '97124 x10 assistant=255min', '97124 x10 assistant=256min', '97124 x10 reversal', '97124 x10 reversal assistant=0min']) l;
CREATE TABLE ranked AS SELECT row_number() OVER (ORDER BY l) AS n, l FROM ordered;
-- the six operators and the hash go with it
SELECT count(*) AS pairs, bool_and((a.l < b.l) = (a.n < b.n)) AS lt, bool_and((a.l <= b.l) = (a.n <= b.n)) AS le, bool_and((a.l = b.l) = (a.n = b.n)) AS eq,
	bool_and((a.l <> b.l) = (a.n <> b.n)) AS ne, bool_and((a.l >= b.l) = (a.n >= b.n)) AS ge, bool_and((a.l > b.l) = (a.n > b.n)) AS gt,
	bool_and(sign(claimline_cmp(a.l, b.l)) = sign(a.n - b.n)) AS cmp
FROM ranked a, ranked b;
SELECT count(DISTINCT claimline_hash(l)) = count(*) AS hashes_differ, count(DISTINCT claimline_hash_extended(l, 1)) = count(*) AS extended_too,
	bool_and(claimline_hash(l) = claimline_hash(l::text::claimline)) AS equal_hash, bool_and(claimline_hash_extended(l, 7) = claimline_hash_extended(l::text::claimline, 7)) AS equal_extended
FROM ranked;

-- equality is of every field, and of the value: not of how it was written
SELECT 'hc:97124:59 x1.000 dx=m542 region=lumbar,head'::claimline = '97124-59 dx=M54.2 region=head,lumbar'::claimline AS same,
	'97124 dx=M54.2,M99.01'::claimline = '97124 dx=M99.01,M54.2'::claimline AS dx_order,
	'97124-59-GP'::claimline = '97124-GP-59'::claimline AS modifier_order,
	'97124 0min'::claimline = '97124'::claimline AS minutes,
	'97124 specialty=35'::claimline = '97124 specialty=0000000035'::claimline AS specialty,
	'97124 referral=no'::claimline = '97124'::claimline AS referral,
	'97124 assistant=0min'::claimline = '97124'::claimline AS assistant;

--
-- what stands on the operator classes
--

CREATE FUNCTION digits(i int, salt text, n int) RETURNS int
LANGUAGE sql IMMUTABLE AS $$ SELECT ('x' || substr(md5(salt || i), 1, 7))::bit(28)::int % n $$;

-- the i-th of a series of lines without a pattern
CREATE FUNCTION some_line(i int) RETURNS claimline
LANGUAGE sql IMMUTABLE AS $$
	SELECT claimline(
		(ARRAY['97124', '97140', '97110', '98941', 'G0283', '0213T'])[1 + digits(i, 'code', 6)],
		(ARRAY['59', 'XS', 'GP', 'KX', 'CQ'])[1 + digits(i, 'm', 5):5],
		(digits(i, 'u', 4) * 250)::numeric / 1000 + digits(i, 'v', 3) * 300000,
		nullif(digits(i, 'min', 1442), 1441),
		CASE WHEN digits(i, 'dos', 8) > 0 THEN date '2020-01-01' + digits(i, 'day', 2000) END,
		CASE WHEN digits(i, 'start', 2) > 0 THEN time '00:00' + digits(i, 'at', 1440) * interval '1 minute' END,
		(ARRAY['M54.2', 'M99.01', 'S13.4XXA', 'Z00', 'M54.50'])[1 + digits(i, 'dx', 6):],
		(ARRAY['cervical', 'thoracic', 'lumbar', 'sacral', 'pelvic', 'head', 'upper_extremity', 'lower_extremity', 'rib_cage', 'abdomen'])[1 + digits(i, 'r', 11):],
		(ARRAY[NULL, '35', '65', '225700000X'])[1 + digits(i, 's', 4)],
		(ARRAY[NULL, true, false])[1 + digits(i, 'ref', 3)],
		nullif(digits(i, 'visit', 32768), 0))
$$;

CREATE TABLE many (i int, l claimline);
INSERT INTO many SELECT i, some_line(i % 1000) FROM generate_series(1, 2000) i;
INSERT INTO many VALUES (0, NULL), (-1, NULL);
ANALYZE many;
SELECT count(DISTINCT l), count(DISTINCT l::text) FROM many;
SELECT array_agg(i ORDER BY l, i) = array_agg(i ORDER BY line_dos(l), line_code(l) COLLATE "C", line_modifiers(l) COLLATE "C", l, i) AS in_order FROM many;

-- sorted and hashed: the same groups
SET enable_hashagg = off;
SELECT count(*) AS groups, sum(n) AS lines FROM (SELECT l, count(*) AS n FROM many GROUP BY l) g;
RESET enable_hashagg;
SET enable_sort = off;
SELECT count(*) AS groups, sum(n) AS lines FROM (SELECT l, count(*) AS n FROM many GROUP BY l) g;
SELECT count(*) FROM (SELECT DISTINCT l FROM many) d;
RESET enable_sort;

-- joins: hash, merge, nested loop
SET enable_mergejoin = off; SET enable_nestloop = off;
EXPLAIN (COSTS OFF) SELECT count(*) FROM many a JOIN many b ON a.l = b.l;
SELECT count(*), bool_and(a.i % 1000 = b.i % 1000) FROM many a JOIN many b ON a.l = b.l;
RESET enable_mergejoin; SET enable_hashjoin = off;
EXPLAIN (COSTS OFF) SELECT count(*) FROM many a JOIN many b ON a.l = b.l;
SELECT count(*), bool_and(a.i % 1000 = b.i % 1000) FROM many a JOIN many b ON a.l = b.l;
SET enable_mergejoin = off; RESET enable_nestloop;
SELECT count(*) FROM (SELECT * FROM many WHERE i < 200) a JOIN many b ON a.l = b.l;
RESET enable_mergejoin; RESET enable_hashjoin;

-- indexes
CREATE INDEX many_btree ON many USING btree (l);
CREATE INDEX many_hash ON many USING hash (l);
SET enable_seqscan = off; SET enable_bitmapscan = off;
SELECT count(*) FROM many WHERE l = some_line(7);
SELECT array_agg(i ORDER BY i) FROM many WHERE l >= some_line(7) AND l <= some_line(7);
DROP INDEX many_btree;
SELECT array_agg(i ORDER BY i) FROM many WHERE l = some_line(7);
RESET enable_seqscan; RESET enable_bitmapscan;
CREATE TABLE only_once (l claimline PRIMARY KEY);
INSERT INTO only_once VALUES ('97124-59 x2');
INSERT INTO only_once VALUES ('hc:97124:59 x2.0');

-- partitions by hash and by range
CREATE TABLE hashed (i int, l claimline) PARTITION BY HASH (l);
CREATE TABLE hashed_0 PARTITION OF hashed FOR VALUES WITH (MODULUS 3, REMAINDER 0);
CREATE TABLE hashed_1 PARTITION OF hashed FOR VALUES WITH (MODULUS 3, REMAINDER 1);
CREATE TABLE hashed_2 PARTITION OF hashed FOR VALUES WITH (MODULUS 3, REMAINDER 2);
INSERT INTO hashed SELECT * FROM many;
SELECT count(*), count(DISTINCT tableoid) AS partitions FROM hashed;
-- equal lines lie in one partition, and it is the one that is looked in
SELECT max(n) FROM (SELECT count(DISTINCT tableoid) AS n FROM hashed GROUP BY l) x;
SELECT count(*) FROM hashed WHERE l = some_line(7);
CREATE TABLE ranged (l claimline) PARTITION BY RANGE (l);
CREATE TABLE ranged_2023 PARTITION OF ranged FOR VALUES FROM (MINVALUE) TO ('00000 2024-01-01');
CREATE TABLE ranged_2024 PARTITION OF ranged FOR VALUES FROM ('00000 2024-01-01') TO (MAXVALUE);
INSERT INTO ranged VALUES ('97124 2023-12-31'), ('97124 2024-01-01'), ('97124');
SELECT tableoid::regclass, l FROM ranged ORDER BY l;

--
-- copy: text and binary
--

\copy (SELECT * FROM many) TO 'results/claimline_many.txt'
\copy (SELECT * FROM many) TO 'results/claimline_many.bin' (FORMAT binary)
CREATE TABLE many_text (LIKE many);
CREATE TABLE many_binary (LIKE many);
\copy many_text FROM 'results/claimline_many.txt'
\copy many_binary FROM 'results/claimline_many.bin' (FORMAT binary)
SELECT count(*) AS rows, count(*) FILTER (WHERE t.l IS NOT DISTINCT FROM m.l) AS text, count(*) FILTER (WHERE b.l IS NOT DISTINCT FROM m.l) AS binary,
	count(*) FILTER (WHERE t.l::text IS NOT DISTINCT FROM m.l::text AND b.l::text IS NOT DISTINCT FROM m.l::text) AS same_text
FROM many m JOIN many_text t USING (i) JOIN many_binary b USING (i);

-- the binary format is a version byte and the text
SELECT encode(claimline_send('97124-59 x2'), 'escape');

SET client_min_messages = warning;
DROP SCHEMA line_test CASCADE;

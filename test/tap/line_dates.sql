-- Spans of dates, what diagnoses are of, and fields that could not be read: the parts of a line that release 0.1 did not have.
--
-- The oracle is the text form put together from the parts in SQL, and arithmetic on dates.

BEGIN;
\i test/tap/lib.sql

SELECT plan(29);

CREATE TEMP TABLE part AS
SELECT i, dos, CASE WHEN i % 5 < 2 THEN NULL ELSE dos + (ARRAY[0, 1, 4, 30, 365, 3660])[1 + i % 6] END AS thru,
	(ARRAY['{}', '{M54.2}', '{M54.2,M99.01}'])[1 + i % 3]::text[] AS dx, (ARRAY[NULL, 'line', 'claim', 'first'])[1 + i / 3 % 4] AS dx_of,
	CASE WHEN i % 7 = 0 THEN 35 END AS specialty, CASE WHEN i % 4 = 0 THEN 15 END AS minutes
FROM (SELECT i, '2019-12-30'::date + i AS dos FROM generate_series(1, 3000) i) x;
CREATE TEMP TABLE made AS
SELECT p.*, claimline('97124', '{GP}', 2, minutes, dos, dx => dx, specialty => specialty::text, thru => thru, dx_of => dx_of) AS line,
	concat_ws(' ', '97124-GP x2', minutes || 'min', dos || CASE WHEN thru > dos THEN '..' || thru ELSE '' END, 'dx=' || nullif(array_to_string(dx, ','), ''),
		'specialty=' || specialty, CASE WHEN dx <> '{}' AND dx_of <> 'line' THEN 'dxof=' || dx_of END) AS text
FROM part p;
SELECT is((SELECT count(*) FROM made WHERE line::text <> text), 0::bigint, 'the text form');
SELECT is((SELECT count(*) FROM made WHERE text::claimline <> line), 0::bigint, 'is read again');
SELECT is((SELECT count(*) FROM made WHERE line_thru(line) <> coalesce(thru, dos)), 0::bigint, 'line_thru');
SELECT is((SELECT count(*) FROM made WHERE line_dx_of(line) IS DISTINCT FROM CASE WHEN dx <> '{}' THEN coalesce(dx_of, 'line') END), 0::bigint, 'line_dx_of');
SELECT is((SELECT count(DISTINCT line) FROM made), (SELECT count(DISTINCT text) FROM made), 'different texts are different lines');
SELECT is((SELECT count(*) FROM made a JOIN made b ON a.line = b.line AND a.i <> b.i), 0::bigint, 'and hashed so');
SELECT is((SELECT count(*) FROM (SELECT line, lag(line) OVER (ORDER BY line) AS before FROM made) x WHERE line_dos(before) > line_dos(line)), 0::bigint, 'in order of the first date');
SELECT is((SELECT count(*) FROM (SELECT line, text, row_number() OVER (ORDER BY line) AS a, row_number() OVER (ORDER BY text::claimline) AS b FROM made) x WHERE a <> b), 0::bigint,
	'the order is one');
SELECT is(claimday('C', i, line)::text::claimday, claimday('C', i, line), 'in days too') FROM made WHERE i = 14 GROUP BY i;
SELECT is((SELECT array_agg(line_set_modifiers(line, '{59}')::text ORDER BY i) FROM made WHERE i < 50),
	(SELECT array_agg(replace(text, '-GP', '-59') ORDER BY i) FROM made WHERE i < 50), 'a line with other modifiers keeps them');

-- lines without these are as they were

SELECT is((SELECT count(*) FROM made WHERE coalesce(thru, dos) = dos AND (dx = '{}' OR coalesce(dx_of, 'line') = 'line')
	AND pg_column_size(line) <> 1 + 22 + 2 + CASE WHEN specialty IS NULL THEN 0 ELSE 2 END + 5 * cardinality(dx)), 0::bigint, 'in size');
SELECT is((SELECT max(pg_column_size(line)) FROM made WHERE cardinality(dx) < 2), 1 + 22 + 2 + 2 + 5 + 8, 'eight bytes more otherwise');
SELECT is(claimline('97124', '{}', 1, 15, '2024-08-05', thru => '2024-08-05'), '97124 x1 15min 2024-08-05', 'a span of one date is that date');
SELECT is(line_thru('97124 x1'), NULL, 'no date, no last one');
SELECT is(claimline_internal.claimline('97124', '{GP}', 1, 15, '2024-08-05', '10:00', '{M542}', '{lumbar}', '35', true, 3)::text,
	'97124-GP x1 15min 2024-08-05 10:00 dx=M54.2 region=lumbar specialty=35 referral=yes visit=3', 'the form that is stored calls');

-- fields that could not be read

SELECT is(line_unread('97124 x1 unread=dx,modifiers'), '{modifiers,dx}', 'named in the order of the line');
SELECT is(line_unread('97124 x1'), '{}', 'mostly none');
SELECT is('97124 x1 unread=visit,referral,specialty,region,dx,start,thru,minutes,modifiers'::claimline::text,
	'97124 x1 unread=modifiers,minutes,thru,start,dx,region,specialty,referral,visit', 'all of them');

-- what is refused

SELECT is((SELECT coalesce(nullif(detail, ''), message) FROM error_of(format('SELECT %L::claimline', text))), wanted, text) FROM (VALUES
	('97124 x1 2024-08-05..2024-08-04', 'Last date of service is 2024-08-04, must not be before the first one, 2024-08-05, at character 22.'),
	('97124 x1 2024-08-05..2034-08-15', 'Last date of service is 2034-08-15, must be at most 3660 days behind the first one, 2024-08-05, at character 22.'),
	('97124 x1 2024-08-05..', 'Date "" must be of the form 2024-08-01, at character 22.'),
	('97124 x1 2024-08-05 2024-08-06', 'Field "date" is repeated, at character 21.'),
	('97124 x1 2024-08-05...2024-08-06', 'Date ".2024-08-06" must be of the form 2024-08-01, at character 22.'),
	('97124 x1 dx=M54.2 dxof=day', 'Diagnoses are of "day", must be of line, claim or first, at character 24.'),
	('97124 x1 unread=code', 'Field "code" must be one of modifiers, minutes, thru, start, dx, region, specialty, referral, visit, at character 17.'))
	v (text, wanted);
SELECT is(claimline_error('97124', dos => dos::date, thru => thru::date), wanted, wanted) FROM (VALUES
	('2024-08-05', '2024-08-04', 'Last date of service is 2024-08-04, must not be before the first one, 2024-08-05.'),
	(NULL, '2024-08-04', 'Last date of service is 2024-08-04, and there is no first one.'),
	('2024-08-05', 'infinity', 'Last date of service is infinity, must be 0001-01-01 to 9999-12-31.'),
	('2024-08-05', '2034-08-14', 'Last date of service is 2034-08-14, must be at most 3660 days behind the first one, 2024-08-05.')) v (dos, thru, wanted);

SELECT * FROM finish();
ROLLBACK;

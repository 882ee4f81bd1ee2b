-- Provider-days as they are stored, some in a row: random days, changes and deletions by claim_scan_put, against a table with a row for
-- each day that plain SQL keeps.

\i test/tap/lib.sql

SELECT no_plan();

-- a row for each day, as they should be; keys in runs and alone, also those with bytes above 127
CREATE TABLE want (day_key uuid PRIMARY KEY, day_hash bigint, n_lines int, counted int, bucket int, epoch smallint, marks smallint, charge numeric);
CREATE TABLE change (LIKE want);

CREATE FUNCTION key_of(n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$ SELECT md5(n::text)::uuid $$;
CREATE FUNCTION random_charge(n bigint, seed int) RETURNS numeric LANGUAGE sql IMMUTABLE AS $$
	SELECT (ARRAY[NULL, NULL, '0', '0.00', '12', '12.50', '12.500', '-7.005', '1e30', '123456789012345678901234567890.123456789', 'NaN', 'Infinity', '-Infinity',
		'0.000000000000000000001', repeat('9', 700)])[1 + draw(n, seed, 15)]::numeric
$$;

CREATE FUNCTION pack(state int, sums boolean = false) RETURNS bytea LANGUAGE sql AS $$
	SELECT claimline_internal.claim_scan_pack(c.day_key, c.day_hash, c.n_lines, c.counted, c.bucket, c.epoch, c.marks,
		CASE WHEN sums THEN ARRAY[NULL, c.charge, NULL] WHEN c.charge IS NOT NULL THEN ARRAY[c.charge] END) FROM change c
$$;

-- what differs between the stored days of a state and the table, and what a row must be: in order, from its first key on, its number of lines, not too large
CREATE FUNCTION differs(of int) RETURNS text LANGUAGE sql AS $$
	WITH row AS (
		SELECT j.first, j.n_lines, j.days, row_number() OVER (ORDER BY j.first) AS n, lead(j.first) OVER (ORDER BY j.first) AS next
		FROM claimline_internal.claim_scan_judged_day j WHERE j.state = of
	), there AS (
		SELECT r.n, r.first, r.next, d.*, d.charge::text AS said FROM row r, claimline_internal.claim_scan_unpack(r.days) d
	), sums AS (
		SELECT t.n, count(*) AS days, sum(t.n_lines) AS n_lines, (array_agg(t.day_key ORDER BY t.day_key))[1] AS first FROM there t GROUP BY t.n
	), wrong AS (
		SELECT 'missing ' || w::text AS says FROM (
			SELECT day_key, day_hash, n_lines, counted, bucket, epoch, marks, charge::text FROM want
			EXCEPT ALL SELECT day_key, day_hash, n_lines, counted, bucket, epoch, marks, said FROM there) w
		UNION ALL
		SELECT 'surplus ' || w::text FROM (
			SELECT day_key, day_hash, n_lines, counted, bucket, epoch, marks, said FROM there
			EXCEPT ALL SELECT day_key, day_hash, n_lines, counted, bucket, epoch, marks, charge::text FROM want) w
		UNION ALL
		SELECT 'in the wrong row ' || t.day_key FROM there t WHERE t.day_key < t.first OR t.day_key >= t.next
		UNION ALL
		SELECT 'is not as it says: ' || r.first FROM row r LEFT JOIN sums s USING (n) WHERE (s.first = r.first AND s.n_lines = r.n_lines AND (s.days = 1 OR length(r.days) <= 480)) IS NOT TRUE
	)
	SELECT count(*) || ' differ: ' || string_agg(left(says, 200), E'\n' ORDER BY says) FROM wrong HAVING count(*) > 0
$$;

-- the changes, in both
CREATE PROCEDURE put(state int, sums boolean = false) LANGUAGE plpgsql AS $$
BEGIN
	PERFORM claimline_internal.claim_scan_put(state, pack(state, sums));
	DELETE FROM want w USING change c WHERE c.day_key = w.day_key;
	INSERT INTO want SELECT c.* FROM change c WHERE c.n_lines > 0;
END $$;

-- days of numbers, of which some are gone
CREATE PROCEDURE draw_changes(seed int, numbers int8multirange, gone int) LANGUAGE sql AS $$
	TRUNCATE change;
	INSERT INTO change SELECT key_of(n), hashint8extended(n, seed), CASE WHEN draw(n, seed + 1, 100) < gone THEN 0 ELSE 1 + draw(n, seed + 2, 2000000000) END,
		draw(n, seed + 3, 2147483647), draw(n, seed + 4, 2147483647), draw(n, seed + 5, 32768), draw(n, seed + 6, 16), random_charge(n, seed + 7)
	FROM unnest(numbers) r, generate_series(lower(r), upper(r) - 1) n;
$$;

--
-- nothing, one, and around what a row holds
--

SELECT is(differs(1), NULL, 'nothing is stored at first');
SELECT lives_ok('SELECT claimline_internal.claim_scan_put(1, NULL)', 'no changes are none');
SELECT is(differs(1), NULL, 'and store nothing');
SELECT is((SELECT count(*) FROM claimline_internal.claim_scan_merge('{}', '')), 0::bigint, 'nothing merged with nothing');

CREATE FUNCTION of_size(n int) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	DELETE FROM claimline_internal.claim_scan_judged_day;
	TRUNCATE want;
	CALL draw_changes(n, int8multirange(int8range(1, n + 1)), 0);
	UPDATE change SET charge = NULL;
	CALL put(1);
	RETURN (SELECT count(*) FROM claimline_internal.claim_scan_judged_day) || ' ' || coalesce(differs(1), 'right');
END $$;
SELECT is(of_size(n), rows || ' right', n || ' days') FROM (VALUES (1, 1), (11, 1), (12, 1), (13, 2), (23, 2), (24, 2), (25, 3), (36, 3), (120, 10)) x(n, rows);

-- a row of twelve takes one more: two of seven and six, not twelve and one
SELECT of_size(12) \g /dev/null
CALL draw_changes(77, '{[1000,1001)}', 0);
UPDATE change SET charge = NULL;
CALL put(1);
SELECT is(differs(1), NULL, 'a day more than a row holds');
SELECT is((SELECT string_agg(length(days) / 40 || '', ' ' ORDER BY length(days)) FROM claimline_internal.claim_scan_judged_day), '6 7', 'halves it');

-- before any row, in all places of one, behind all
SELECT of_size(24) \g /dev/null
CREATE FUNCTION one_more(key uuid) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	TRUNCATE change;
	INSERT INTO change VALUES (key, 1, 2, 3, 4, 5, 6, 7.50);
	CALL put(1);
	RETURN differs(1);
END $$;
SELECT is(one_more('00000000-0000-0000-0000-000000000000'), NULL, 'the smallest key of all');
SELECT is(one_more('ffffffff-ffff-ffff-ffff-ffffffffffff'), NULL, 'the largest');
SELECT is(one_more('7fffffff-ffff-ffff-ffff-ffffffffffff'), NULL, 'one between');
SELECT is(one_more('80000000-0000-0000-0000-000000000000'), NULL, 'the next one');
SELECT is(one_more('00000000-0000-0000-0000-000000000000'), NULL, 'and again');
SELECT is((SELECT count(*) FROM want), 28::bigint, 'that is all');

-- the first day of a row goes, then all days
TRUNCATE change;
INSERT INTO change SELECT first, 0, 0, 0, 0, 0, 0, NULL FROM claimline_internal.claim_scan_judged_day WHERE state = 1;
CALL put(1);
SELECT is(differs(1), NULL, 'the first day of each row is gone');
INSERT INTO change SELECT day_key, 0, 0, 0, 0, 0, 0, NULL FROM want;
CALL put(1);
SELECT is((SELECT count(*) FROM claimline_internal.claim_scan_judged_day), 0::bigint, 'all days are gone: no row is left');
CALL put(1);
SELECT is((SELECT count(*) FROM claimline_internal.claim_scan_judged_day), 0::bigint, 'days that were not there are gone too');
SELECT is((SELECT count(*) FROM want), 0::bigint, 'as they should be');

-- a charge that is larger than a row
TRUNCATE change;
INSERT INTO change SELECT key_of(n), n, 1, 0, 1, 0, 0, CASE WHEN n % 3 = 0 THEN repeat('7', 3000)::numeric ELSE n END FROM generate_series(1, 30) n;
CALL put(1, true);
SELECT is(differs(1), NULL, 'charges of 3000 digits');

--
-- random nights: many changes and few, two states beside each other, with charges of any scale
--

DELETE FROM claimline_internal.claim_scan_judged_day;
TRUNCATE want;
CALL draw_changes(5, '{[1,3000)}', 0);
CALL put(2);
CREATE TABLE other AS TABLE want;
TRUNCATE want;
CREATE TABLE night_result (night int, bad text, days bigint);
DO $$
DECLARE
	night int;
	low bigint;
BEGIN
	FOR night IN 1..120 LOOP
		low := draw(night, 1, 5000);
		-- one day, some, a third of all, all; new ones among them
		CALL draw_changes(night * 10, CASE night % 5 WHEN 0 THEN int8multirange(int8range(low, low + 1)) WHEN 1 THEN int8multirange(int8range(low, low + 15), int8range(6000 + night, 6003 + night))
			WHEN 2 THEN int8multirange(int8range(low, low + 400)) WHEN 3 THEN int8multirange(int8range(low, low + 40), int8range(low + 90, low + 1700))
			ELSE int8multirange(int8range(1, CASE night % 20 WHEN 4 THEN 5000 ELSE 60 END)) END, (ARRAY[0, 30, 60, 100])[1 + draw(night, 2, 4)]);
		CALL put(1, night % 2 = 0);
		INSERT INTO night_result SELECT night, differs(1), count(*) FROM want;
	END LOOP;
END $$;
SELECT is_empty('SELECT night, bad FROM night_result WHERE bad IS NOT NULL', 'random changes of random days are what plain SQL makes of them');
SELECT cmp_ok(max(days), '>', 3000::bigint, 'of many days') FROM night_result;
SELECT cmp_ok(count(DISTINCT days), '>', 80::bigint, 'that come and go') FROM night_result;
TRUNCATE want;
INSERT INTO want TABLE other;
SELECT is(differs(2), NULL, 'the days of another state stay as they are');

--
-- in any order into a value, what is counted into it, sums, and what is refused
--

SELECT is((SELECT array_agg(d.day_key) FROM (SELECT claimline_internal.claim_scan_pack(key_of(n), 0, 1, 0, 0, 0::smallint, 0::smallint, NULL) AS days FROM generate_series(1, 500) n) p,
	claimline_internal.claim_scan_unpack(p.days) d), (SELECT array_agg(key_of(n) ORDER BY key_of(n)) FROM generate_series(1, 500) n), 'days are put in the order of their keys');
CREATE FUNCTION pack_one(charges numeric[]) RETURNS bytea LANGUAGE sql AS $$ SELECT claimline_internal.claim_scan_pack(key_of(n), 0, 1, 0, 0, 0::smallint, 0::smallint, charges) FROM generate_series(1, 1) n $$;
SELECT is((SELECT d.charge::text FROM claimline_internal.claim_scan_unpack(pack_one(c)) d),
	(SELECT sum(x)::text FROM unnest(c) x), format('the sum of %s', c))
FROM (VALUES ('{1.5,2.25,NULL}'::numeric[]), ('{NULL,NULL}'), ('{}'), ('{0.10,0.20}'), ('{1e20,-1e20,0.001}'), ('{NaN,1}'), ('{Infinity,-Infinity}')) v(c);
SELECT is((SELECT string_agg(concat_ws(' ', d.n_lines, d.counted, d.marks), ', ' ORDER BY d.n_lines) FROM claimline_internal.claim_scan_unpack(claimline_internal.claim_scan_fold(
	(SELECT claimline_internal.claim_scan_pack(key_of(n), 0, n, 0, 0, 0::smallint, (2 * (n % 2))::smallint, ARRAY[n]) FROM generate_series(1, 4) n),
	(SELECT claimline_internal.claim_scan_pack(key_of(n), 9, 9, 10 + n, 9, 9::smallint, 1::smallint, NULL) FROM generate_series(3, 6) n))) d),
	'1 0 2, 2 0 0, 3 13 3, 4 14 1', 'what is counted is folded into days, and nothing else');
SELECT throws_ok(format('SELECT * FROM claimline_internal.claim_scan_unpack(%L)', b), 'XX001', 'provider-days are not as scans store them', 'no days: ' || left(b, 12))
FROM (VALUES ('\x00'), ('\x' || repeat('00', 39)), ('\x' || repeat('01', 60)), ('\x' || repeat('00', 80)), ('\x' || repeat('02', 39) || '00' || repeat('01', 39) || '00')) x(b);
SELECT is((SELECT count(*) FROM claimline_internal.claim_scan_unpack('')), 0::bigint, 'no bytes are no days');
SELECT throws_ok('SELECT claimline_internal.claim_scan_pack(NULL, 0, 1, 0, 0, 0::smallint, 0::smallint, NULL)', 'XX000', NULL, 'a day without a key');

--
-- numbers of providers and months: one each, of those that there are and new ones
--

SELECT is_empty($$
	WITH row AS MATERIALIZED (
		SELECT i, NULLIF(left('p' || draw(i, 1, 9), 1 + draw(i, 4, 2)), 'p0') AS provider, CASE WHEN draw(i, 2, 20) > 0 THEN date '2023-11-20' + draw(i, 3, 300) END AS dos FROM generate_series(1, 5000) i
		UNION ALL SELECT 6000, 'p1', 'infinity' UNION ALL SELECT 6001, 'p1', '-infinity' UNION ALL SELECT 6002, 'p1', '-infinity' UNION ALL SELECT 6003, '', NULL UNION ALL SELECT 6004, NULL, '0044-03-15 BC'
	), known AS MATERIALIZED (
		SELECT row_number() OVER (ORDER BY k.provider, k.month DESC) * 3 AS id, k.provider, k.month FROM (SELECT DISTINCT provider, claimline_internal.claim_scan_month(dos) AS month FROM row WHERE i < 30) k
	), numbered AS MATERIALIZED (
		SELECT r.*, claimline_internal.claim_scan_month(dos) AS month, claimline_internal.claim_scan_bucket(ARRAY(SELECT id::int FROM known ORDER BY id), ARRAY(SELECT provider FROM known ORDER BY id),
			ARRAY(SELECT month FROM known ORDER BY id), r.provider, r.dos) AS bucket FROM row r
	)
	SELECT 'two numbers ' || provider || month FROM numbered GROUP BY provider, month HAVING count(DISTINCT abs(bucket)) > 1 OR count(*) FILTER (WHERE bucket < 0) > 1
	UNION ALL
	SELECT 'shared ' || abs(bucket) FROM numbered GROUP BY abs(bucket) HAVING count(DISTINCT ROW(provider, month)) > 1
	UNION ALL
	SELECT 'known ' || k.id FROM known k JOIN numbered n ON n.provider IS NOT DISTINCT FROM k.provider AND n.month IS NOT DISTINCT FROM k.month WHERE n.bucket <> k.id
	UNION ALL
	SELECT 'new ' || min(bucket) FROM numbered GROUP BY provider, month HAVING min(bucket) > (SELECT max(id) FROM known)
	UNION ALL
	SELECT 'gap' FROM numbered HAVING count(DISTINCT bucket) FILTER (WHERE bucket < 0) <> max(abs(bucket)) - (SELECT max(id) FROM known)$$, 'random providers and months have a number each');

-- Of a source: days by provider and month are what a GROUP BY of its lines has, through changes and a scan that begins anew
CREATE TABLE c (claim text, no int, person text, npi text, dos date, code text, mods text[], units int, minutes int, billed numeric);
SELECT claim_source_add('c', 'c', charge => 'billed', columns => '{"claim_id": "claim", "line_no": "no", "patient": "person", "provider": "npi", "dos": "dos", "code": "code", "modifiers": "mods",
	"units": "units", "minutes": "minutes"}') \g /dev/null
INSERT INTO c SELECT 'C' || d, i, 'P' || d / 3, CASE WHEN d % 31 > 0 THEN 'N' || d % 7 END, CASE WHEN d % 37 > 0 THEN date '2024-01-01' + d % 200 END, '97110', '{GP}', 1 + i % 3, 20,
	(ARRAY['10', '10.50', '0.125', NULL])[1 + (d + i) % 4]::numeric FROM generate_series(1, 700) d, generate_series(1, 1 + d % 4) i;
CREATE FUNCTION buckets_differ() RETURNS text LANGUAGE sql AS $$
	WITH want AS (
		SELECT provider, date_trunc('month', dos)::date AS month, count(*) AS days, sum(n) AS lines, sum(charge)::text AS charge
		FROM (SELECT person, npi AS provider, dos, count(*) AS n, sum(billed) AS charge FROM c GROUP BY person, npi, dos) d GROUP BY 1, 2
	), got AS (
		SELECT provider, month, days, lines, charge::text FROM claimline_internal.claim_judged WHERE source = 'c'
	)
	SELECT string_agg(x::text, E'\n') FROM ((TABLE want EXCEPT ALL TABLE got) UNION ALL (TABLE got EXCEPT ALL TABLE want)
		UNION ALL SELECT NULL, NULL, count(*), NULL, 'buckets' FROM claimline_internal.claim_scan_bucket WHERE source = 'c' HAVING count(*) <> (SELECT count(*) FROM want)) x
$$;
CALL claim_scan('c', batch_days => 100);
SELECT is(buckets_differ(), NULL, 'days, lines and charges by provider and month');
UPDATE c SET billed = billed + 0.010 WHERE claim ~ '7$';
UPDATE c SET npi = 'N' || length(claim) || '9' WHERE claim ~ '3$';
DELETE FROM c WHERE claim ~ '1$' OR npi = 'N5';
CALL claim_scan('c', batch_days => 50);
SELECT is(buckets_differ(), NULL, 'after changes; what has no days is gone');
CALL claim_scan('c', batch_days => 70, "full" => true);
SELECT is(buckets_differ(), NULL, 'judged again, it is the same');
DELETE FROM c;
CALL claim_scan('c');
SELECT is(buckets_differ(), NULL, 'without lines there is nothing');
SELECT is((SELECT count(*) FROM claimline_internal.claim_scan_judged_day j JOIN claimline_internal.claim_scan_state x ON x.id = j.state WHERE x.source = 'c'), 0::bigint, 'nor rows');

-- a month of any date that there is
SELECT is(string_agg(claimline_internal.claim_scan_month(d)::text, ' ' ORDER BY d), '4713-02-01 BC 0001-02-01 2024-02-01 300000-03-01 infinity', 'months of dates far off')
FROM unnest('{4713-02-03 BC,0001-02-28,2024-02-29,300000-03-02,infinity}'::date[]) d;
SELECT is(count(*), 0::bigint, 'as PostgreSQL has it') FROM generate_series(date '1890-01-01', '2130-01-01', '1 day') d WHERE claimline_internal.claim_scan_month(d::date) <> date_trunc('month', d)::date;

SELECT * FROM finish();

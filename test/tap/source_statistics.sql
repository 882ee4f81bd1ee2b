-- Statistics of the keys of a source: made with it where its relation is a table of the user's own, dropped with it, and what the planner expects then.

BEGIN;
\i test/tap/lib.sql
CREATE SCHEMA stats;
SELECT set_config('search_path', 'stats, ' || current_setting('search_path'), true) \g /dev/null

SELECT * FROM no_plan();

CREATE FUNCTION statistics() RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(format('%s on %s (%s)', stxname, stxrelid::regclass, (SELECT string_agg(attname, ', ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = stxrelid AND attnum = ANY (stxkeys))), '; ' ORDER BY stxname COLLATE "C")
    FROM pg_statistic_ext WHERE stxnamespace = 'stats'::regnamespace
$$;
CREATE FUNCTION groups_expected(source text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    plan json;
BEGIN
    EXECUTE format('EXPLAIN (FORMAT json) SELECT patient, provider, dos, count(*) FROM %I GROUP BY 1, 2, 3', source || '_lines') INTO plan;
    RETURN (plan #>> '{0,Plan,Plan Rows}')::bigint;
END $$;

-- 40,000 lines of 2,000 provider-days: a patient has one provider, and a visit a month
CREATE TABLE visit (id int, patient int, provider bigint, dos date, hcpcs text, pid text, npi text, day2 date);
INSERT INTO visit SELECT n, n % 200, 1000 + n % 200 / 4, date '2024-01-01' + 30 * (n / 200 % 10), '97124', 'P' || n % 200, 'N' || n % 200 / 4 FROM generate_series(1, 40000) n;
ANALYZE visit;
SELECT claim_source_add('visit', 'visit', columns => '{"patient": "patient", "provider": "provider", "dos": "dos", "code": "hcpcs"}') \g /dev/null
SELECT claim_source_add('texts', 'visit', columns => '{"patient": "pid", "provider": "npi", "dos": ["dos", "day2"], "code": "hcpcs"}') \g /dev/null
SELECT is(statistics(), 'texts_keys on visit (dos, pid, npi, day2); visit_keys on visit (patient, provider, dos)', 'statistics of the keys, of a list of all its columns');
SELECT is((SELECT count(*) FROM (SELECT DISTINCT patient, provider, dos FROM visit_lines) d), 2000::bigint, 'there are 2,000 provider-days');
SELECT cmp_ok(groups_expected('visit'), '>', 3500::bigint, 'before ANALYZE the planner takes the keys for independent');
SELECT cmp_ok(groups_expected('texts'), '>', 3500::bigint, 'of text too');
ANALYZE visit;
SELECT cmp_ok(groups_expected('visit'), '<', 2200::bigint, 'and afterwards it does not');
SELECT cmp_ok(groups_expected('texts'), '<', 2200::bigint, 'nor of keys that are read from text, of a list of columns');
SELECT claim_source_drop('texts') \g /dev/null
SELECT is(statistics(), 'visit_keys on visit (patient, provider, dos)', 'they go with their source');
ALTER STATISTICS visit_keys RENAME TO mine;
SELECT claim_source_drop('visit') \g /dev/null
SELECT is(statistics(), NULL, 'under another name too');

-- a name that is taken; one that the user made, which is enough, and stays
CREATE STATISTICS visit_keys ON id, hcpcs FROM visit;
SELECT claim_source_add('visit', 'visit', columns => '{"patient": "patient", "provider": "provider", "dos": "dos", "code": "hcpcs"}') \g /dev/null
SELECT is(statistics(), 'visit_keys on visit (id, hcpcs); visit_keys2 on visit (patient, provider, dos)', 'a name that is taken is left alone');
SELECT claim_source_add('again', 'visit', columns => '{"patient": "patient", "provider": "provider", "dos": "dos", "code": "hcpcs"}') \g /dev/null
SELECT claim_source_drop('visit') \g /dev/null
SELECT is(statistics(), 'again_keys on visit (patient, provider, dos); visit_keys on visit (id, hcpcs)', 'two sources of the same keys have their own');
SELECT claim_source_drop('again') \g /dev/null
DROP STATISTICS visit_keys;
CREATE STATISTICS by_user (ndistinct) ON dos, patient, provider FROM visit;
SELECT claim_source_add('visit', 'visit', columns => '{"patient": "patient", "provider": "provider", "dos": "dos", "code": "hcpcs"}') \g /dev/null
SELECT is(statistics(), 'by_user on visit (patient, provider, dos)', 'what a user made is enough');
SELECT claim_source_drop('visit') \g /dev/null
SELECT is(statistics(), 'by_user on visit (patient, provider, dos)', 'and stays');
DROP STATISTICS by_user;

-- as after a dump and restore: they have another number
SELECT claim_source_add('visit', 'visit', columns => '{"patient": "patient", "provider": "provider", "dos": "dos", "code": "hcpcs"}') \g /dev/null
UPDATE claimline_internal.claim_source SET mapping = jsonb_set(jsonb_set(mapping, '{statistics,oid}', '"1"'), '{system}', '"1"') WHERE name = 'visit';
SELECT claim_source_drop('visit') \g /dev/null
SELECT is(statistics(), NULL, 'a restored source finds them by name');
SELECT claim_source_add('visit', 'visit', columns => '{"patient": "patient", "provider": "provider", "dos": "dos", "code": "hcpcs"}') \g /dev/null
DROP STATISTICS visit_keys;
SELECT lives_ok($$SELECT claim_source_drop('visit')$$, 'a source whose statistics were dropped is dropped');
-- a row made by hand names no statistics of others
CREATE TABLE other (a int, b int);
CREATE STATISTICS others ON a, b FROM other;
SELECT claim_source_add('visit', 'visit', columns => '{"patient": "patient", "provider": "provider", "dos": "dos", "code": "hcpcs"}') \g /dev/null
UPDATE claimline_internal.claim_source SET mapping = jsonb_set(mapping, '{statistics,name}', '"stats.others"') WHERE name = 'visit';
SELECT claim_source_drop('visit') \g /dev/null
SELECT is(statistics(), 'others on other (a, b)', 'those of another table stay');
DROP TABLE other;

-- they belong to the user, and go into a dump
SELECT claim_source_add('visit', 'visit', columns => '{"patient": "patient", "provider": "provider", "dos": "dos", "code": "hcpcs"}') \g /dev/null
SELECT is((SELECT count(*) FROM pg_depend d JOIN pg_statistic_ext e ON d.classid = 'pg_statistic_ext'::regclass AND d.objid = e.oid WHERE d.deptype = 'e'), 0::bigint, 'they are no part of the extension');
SELECT claim_source_drop('visit') \g /dev/null

-- where there can be none, a source is added without a word
CREATE VIEW a_view AS SELECT * FROM visit; CREATE MATERIALIZED VIEW a_matview AS SELECT * FROM visit;
CREATE TABLE parted (patient int, provider int, dos date, hcpcs text) PARTITION BY RANGE (dos); CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
SELECT claim_source_add(r, r::regclass, columns => '{"patient": "patient", "provider": "provider", "dos": "dos", "code": "hcpcs"}') FROM unnest('{a_view,a_matview,parted}'::text[]) r \g /dev/null
SELECT is(statistics(), 'parted_keys on parted (patient, provider, dos)', 'a partitioned table has them, a view none');
SELECT claim_source_add('one_key', 'visit', columns => '{"patient": "patient", "code": "hcpcs"}'), claim_source_add('exprs', 'visit', columns => '{"patient": {"expression": "t.patient + 1"}, "provider": {"value": "x"}, "dos": "dos", "code": "hcpcs"}') \g /dev/null
CREATE TABLE points (patient point, provider xid, dos date, hcpcs text, claim int);
SELECT claim_source_add('claims_only', 'points', columns => '{"claim_id": "claim", "dos": "dos", "code": "hcpcs"}') \g /dev/null
SELECT is(statistics(), 'claims_only_keys on points (dos, claim); parted_keys on parted (patient, provider, dos)', 'nor one key, or expressions; a claim stands for a patient');
SELECT lives_ok($$SELECT claim_source_add('no_order', 'points', columns => '{"claim_id": "claim", "provider": "provider", "dos": "dos", "code": "hcpcs"}')$$, 'a type without an order is no error');
CREATE ROLE claimline_stats_reader;
GRANT USAGE, CREATE ON SCHEMA stats TO claimline_stats_reader; GRANT SELECT ON visit TO claimline_stats_reader;
SET LOCAL ROLE claimline_stats_reader;
SELECT lives_ok($$SELECT claim_source_add('reader', 'stats.visit', columns => '{"patient": "patient", "provider": "provider", "dos": "dos", "code": "hcpcs"}', schema => 'stats')$$, 'nor is a table of another');
SELECT claim_source_drop('reader') \g /dev/null
RESET ROLE;
SELECT is((SELECT count(*) FROM pg_statistic_ext WHERE stxname LIKE 'reader%' OR stxname LIKE 'no_order%'), 0::bigint, 'and both have none');

SELECT * FROM finish();

ROLLBACK;

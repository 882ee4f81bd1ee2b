-- installation: by whom, into which schema, and with hostile objects about

SET client_min_messages = warning;
\set VERBOSITY terse
SELECT current_database() AS datname \gset
CREATE ROLE regress_claimline_owner;
CREATE ROLE regress_claimline_user;
GRANT CREATE ON DATABASE :"datname" TO regress_claimline_owner;

-- what the extension says of three days, to compare with
CREATE TABLE security_expected AS
SELECT n, array_agg(e::text) AS findings
FROM (VALUES (1, '{"C1" 1 97124-59-GP x2 20min 2024-08-01 dx=M54.2; "C1" 2 98941-AT x1 2024-08-01 dx=M54.2,M99.02,M99.03; "C2" 1 97140-GP x1 30min 2024-08-01}'),
	(2, '{"C1" 1 97124 x1 15min 2019-08-01; "C1" 2 98940 x1; - 3 -}'), (3, '{- 1 97124-GP x1.5 30min 2024-08-01; - 2 X9999 x1 2024-08-01}')) v(n, d), claim_edits(d::claimday) e
GROUP BY n;
GRANT SELECT ON security_expected TO PUBLIC;

--
-- who may create objects in the database may install it: nothing of it belongs to them that could be turned against others
--

BEGIN;
DROP EXTENSION claimline CASCADE;
SET ROLE regress_claimline_user;
SAVEPOINT refused;
CREATE EXTENSION claimline;
ROLLBACK TO refused;
SET ROLE regress_claimline_owner;
CREATE SCHEMA claims;
CREATE EXTENSION claimline SCHEMA claims;
SELECT extowner::regrole, extnamespace::regnamespace, extrelocatable FROM pg_extension WHERE extname = 'claimline';
SELECT count(*) AS functions_of_the_installer FROM pg_proc WHERE pronamespace = 'claims'::regnamespace AND proowner = 'regress_claimline_owner'::regrole;
-- it works for them, by its full name, with nothing in the path
SET search_path = '';
SELECT count(*) AS days, pg_catalog.bool_and(f OPERATOR(pg_catalog.=) findings) AS same
FROM (SELECT n, findings, (SELECT pg_catalog.array_agg(e::text) FROM claims.claim_edits(d::claims.claimday) e) AS f
	FROM (VALUES (1, '{"C1" 1 97124-59-GP x2 20min 2024-08-01 dx=M54.2; "C1" 2 98941-AT x1 2024-08-01 dx=M54.2,M99.02,M99.03; "C2" 1 97140-GP x1 30min 2024-08-01}'),
		(2, '{"C1" 1 97124 x1 15min 2019-08-01; "C1" 2 98940 x1; - 3 -}'), (3, '{- 1 97124-GP x1.5 30min 2024-08-01; - 2 X9999 x1 2024-08-01}')) v(n, d) JOIN public.security_expected USING (n)) x;
SELECT claims.claim_passes('97124-GP x1 15min 2024-08-01'::claims.claimline), claims.claim_passes('97124 x1 15min 2024-08-01'::claims.claimline, claims.ruleset('cpt')), claims.timed_units(23), claims.claim_regions('{M54.2}');
SELECT s.suggestion FROM claims.suggest_modifiers('{97124}'::claims.claimline[]) s;
SELECT claims.claimday(c, 1, l) FROM (VALUES ('C1', '97124'::claims.claimline), ('C2', NULL)) v(c, l);
SELECT count(*) > 0 AS rules FROM claims.claim_rules();
-- the tables are theirs: policies, editions
SELECT pg_catalog.count(*) AS tables, pg_catalog.bool_and(relowner OPERATOR(pg_catalog.=) 'regress_claimline_owner'::pg_catalog.regrole) AS theirs
FROM pg_catalog.pg_class WHERE relnamespace OPERATOR(pg_catalog.=) ANY ('{claims,claimline_internal}'::pg_catalog.regnamespace[]) AND relkind OPERATOR(pg_catalog.=) ANY ('{r,v}');
INSERT INTO claims.claim_policy (name, settings) VALUES ('ours', '{"extends": "hns", "visits_limit": 3}');
INSERT INTO claims.ncci_mue_import VALUES ('HCPCS/ CPT Code', 'Practitioner Services MUE Values', 'MUE Adjudication Indicator', 'MUE Rationale'), ('97124', '2', '3 Date of Service Edit: Clinical', 'CMS Policy');
INSERT INTO claims.ncci_ptp_import VALUES ('Column 1', 'Column 2', '*=in existence', 'Effective', 'Deletion', 'Modifier', 'PTP Edit Rationale'), ('98941', '97124', '', '20020401', '*', '1', 'Mutually exclusive procedures');
SELECT change, n FROM claims.ncci_publish('q1', 'practitioner', '[2025-01-01,2025-03-31]') WHERE n OPERATOR(pg_catalog.>) 0;
SELECT e.rule, e.severity FROM claims.claim_edits('{97124-59 x3 60min 2025-02-01 visit=4, 98941 x1 2025-02-01}'::claims.claimline[], claims.ruleset('ours', 'q1')) e WHERE e.line_no OPERATOR(pg_catalog.=) 1;
SELECT pg_catalog.count(*) AS changes FROM claims.ncci_changes('q1', 'q1');
SELECT claims.kx_required('2024-08-01', 2331), claims.line_fee('97124-GP x1 2023-01-05') IS NOT NULL AS fee;
SELECT DISTINCT l FROM (VALUES ('97124'::claims.claimline), ('97124 x1'), ('98941')) v(l) ORDER BY l;
-- another schema later on it does not take
SAVEPOINT fixed;
RESET ROLE;
ALTER EXTENSION claimline SET SCHEMA public;
ROLLBACK TO fixed;
-- everything is in that schema, or in that of what users do not call
SELECT count(*) AS elsewhere FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_proc p ON p.oid OPERATOR(pg_catalog.=) d.objid
WHERE d.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.deptype OPERATOR(pg_catalog.=) 'e'
	AND d.refobjid OPERATOR(pg_catalog.=) (SELECT oid FROM pg_catalog.pg_extension WHERE extname OPERATOR(pg_catalog.=) 'claimline') AND p.pronamespace OPERATOR(pg_catalog.<>) ALL ('{claims,claimline_internal}'::pg_catalog.regnamespace[]);
-- other people may use it where the schema lets them
RESET search_path;
GRANT USAGE ON SCHEMA claims TO regress_claimline_user;
SET ROLE regress_claimline_user;
SELECT rule FROM claims.claim_edits('97124 x1 15min 2024-08-01'::claims.claimline);
-- they read policies and editions, and change none of them
SELECT claims.claim_passes('97124 x1 15min 2025-02-01 visit=4'::claims.claimline, claims.ruleset('ours')) AS passes, (SELECT count(*) FROM claims.ncci_editions) AS editions, (SELECT count(*) FROM claims.ncci_ptp('q1')) AS pairs;
SAVEPOINT reads;
INSERT INTO claims.claim_policy (name, settings) VALUES ('theirs', '{"extends": "cpt"}');
ROLLBACK TO reads;
UPDATE claims.claim_policy SET settings = settings;
ROLLBACK TO reads;
INSERT INTO claims.ncci_ptp_import (column_1) VALUES ('98941');
ROLLBACK TO reads;
SELECT claims.ncci_publish('q2', 'practitioner', '[2025-04-01,2025-06-30]');
ROLLBACK TO reads;
SELECT claims.ncci_retire('q1', 'practitioner', 'not mine');
ROLLBACK TO reads;
SELECT claims.ncci_import_clear();
ROLLBACK TO reads;
-- the owner may drop it
SET ROLE regress_claimline_owner;
DROP EXTENSION claimline;
SELECT count(*) AS left_behind FROM pg_proc WHERE pronamespace = 'claims'::regnamespace;
ROLLBACK;

--
-- objects that lie in wait in the schema of the installation
--

-- a function of the same name and arguments is not taken over: the installation stops
BEGIN;
DROP EXTENSION claimline CASCADE;
SET ROLE regress_claimline_owner;
CREATE SCHEMA claims;
CREATE FUNCTION claims.timed_units(minutes int) RETURNS int LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''hostile timed_units() called by %'', current_user; END';
SAVEPOINT refused;
CREATE EXTENSION claimline SCHEMA claims;
ROLLBACK TO refused;
-- nor a type
DROP FUNCTION claims.timed_units(int);
CREATE TYPE claims.claim_severity AS ENUM ('fine');
CREATE EXTENSION claimline SCHEMA claims;
ROLLBACK;

-- types and operators that are named like the server's, functions that fit its support functions' names: neither called nor referred to
BEGIN;
DROP EXTENSION claimline CASCADE;
SET ROLE regress_claimline_owner;
CREATE SCHEMA claims;
CREATE DOMAIN claims.text AS pg_catalog.text CHECK (false);
CREATE DOMAIN claims.int4 AS pg_catalog.int4 CHECK (false);
CREATE DOMAIN claims.date AS pg_catalog.date CHECK (false);
CREATE DOMAIN claims.numeric AS pg_catalog.numeric CHECK (false);
CREATE DOMAIN claims.bool AS pg_catalog.bool CHECK (false);
CREATE DOMAIN claims.internal AS pg_catalog.int4 CHECK (false);
CREATE FUNCTION claims.compare(oid, regclass) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''hostile compare() called by %'', current_user; END';
CREATE OPERATOR claims.= (LEFTARG = oid, RIGHTARG = regclass, PROCEDURE = claims.compare);
CREATE FUNCTION claims.compare(text, name) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''hostile compare() called by %'', current_user; END';
CREATE OPERATOR claims.= (LEFTARG = pg_catalog.text, RIGHTARG = name, PROCEDURE = claims.compare);
SET search_path = claims, pg_catalog;
-- created from within another command, as a partition bound
CREATE FUNCTION claims.install(i pg_catalog.int4) RETURNS pg_catalog.int4 LANGUAGE plpgsql AS 'BEGIN CREATE EXTENSION claimline SCHEMA claims; RETURN i; END';
CREATE TABLE claims.t (i pg_catalog.int4) PARTITION BY RANGE (i);
CREATE TABLE claims.p PARTITION OF claims.t FOR VALUES FROM (1) TO (claims.install(2));
RESET search_path;
SELECT count(*) AS functions FROM pg_proc WHERE pronamespace = 'claims'::regnamespace AND proname = 'claim_edits';
-- arguments and results are the server's types or the extension's own
SELECT count(*) AS hostile_types
FROM pg_proc p JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e', unnest(p.proallargtypes || p.proargtypes::oid[] || p.prorettype) a(type) JOIN pg_type t ON t.oid = a.type
WHERE d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'claimline') AND t.typnamespace = 'claims'::regnamespace AND t.typtype = 'd';
SELECT claims.claim_passes('97124-GP x1 15min 2024-08-01'::claims.claimline), claims.timed_units(23);
ROLLBACK;

--
-- objects that lie in wait earlier in the path of the one who calls
--

BEGIN;
CREATE SCHEMA hostile;
DO $$
DECLARE
	f record;
BEGIN
	-- every function of the extension that SQL can call, with its arguments
	FOR f IN SELECT p.proname, pg_get_function_identity_arguments(p.oid) AS arguments, p.prorettype::regtype::text AS result, p.proretset
		FROM pg_proc p JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e' JOIN pg_extension x ON x.oid = d.refobjid
		WHERE x.extname = 'claimline' AND p.prokind = 'f' AND p.prorettype NOT IN ('cstring'::regtype, 'record'::regtype) AND pg_get_function_identity_arguments(p.oid) !~ '\mcstring|\minternal\M|"any"'
	LOOP
		EXECUTE format('CREATE FUNCTION hostile.%I(%s) RETURNS %s%s LANGUAGE plpgsql IMMUTABLE AS $f$BEGIN RAISE EXCEPTION ''hostile %s called''; END$f$',
			f.proname, f.arguments, CASE WHEN f.proretset THEN 'SETOF ' ELSE '' END, f.result, f.proname);
	END LOOP;
END $$;
SELECT count(*) > 50 AS many FROM pg_proc WHERE pronamespace = 'hostile'::regnamespace;
CREATE OPERATOR hostile.= (LEFTARG = claimline, RIGHTARG = claimline, PROCEDURE = hostile.claimline_eq);
CREATE OPERATOR hostile.< (LEFTARG = claimline, RIGHTARG = claimline, PROCEDURE = hostile.claimline_lt);
CREATE OPERATOR hostile.> (LEFTARG = claimline, RIGHTARG = claimline, PROCEDURE = hostile.claimline_gt);
CREATE FUNCTION hostile.equal(pg_catalog.text, pg_catalog.text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RAISE EXCEPTION ''hostile equal() called by %'', current_user; END';
CREATE OPERATOR hostile.= (LEFTARG = pg_catalog.text, RIGHTARG = pg_catalog.text, PROCEDURE = hostile.equal);
CREATE DOMAIN hostile.text AS pg_catalog.text CHECK (false);
CREATE DOMAIN hostile.claim_severity AS pg_catalog.text CHECK (false);
-- tables of the names that are read and written
CREATE TABLE hostile.claim_policy (name pg_catalog.text, settings jsonb, note pg_catalog.text, source pg_catalog.text, shipped boolean);
CREATE TABLE hostile.ncci_editions (service_type pg_catalog.text, edition pg_catalog.text);
CREATE TABLE hostile.ncci_mue_import (code pg_catalog.text, units pg_catalog.text, adjudication pg_catalog.text, rationale pg_catalog.text);
CREATE TABLE hostile.claim_rvu (code pg_catalog.text);
SET search_path = hostile, pg_catalog, public;
-- they are there
SAVEPOINT there;
SELECT timed_units(23);
ROLLBACK TO there;
SELECT '97124'::claimline = '97124'::claimline;
ROLLBACK TO there;
-- called by their full name, the functions call none of them
SELECT pg_catalog.count(*) AS days, pg_catalog.bool_and(f OPERATOR(pg_catalog.=) findings) AS same
FROM (SELECT n, findings, (SELECT pg_catalog.array_agg(e::pg_catalog.text) FROM public.claim_edits(d::public.claimday) e) AS f
	FROM (VALUES (1, '{"C1" 1 97124-59-GP x2 20min 2024-08-01 dx=M54.2; "C1" 2 98941-AT x1 2024-08-01 dx=M54.2,M99.02,M99.03; "C2" 1 97140-GP x1 30min 2024-08-01}'),
		(2, '{"C1" 1 97124 x1 15min 2019-08-01; "C1" 2 98940 x1; - 3 -}'), (3, '{- 1 97124-GP x1.5 30min 2024-08-01; - 2 X9999 x1 2024-08-01}')) v(n, d) JOIN public.security_expected USING (n)) x;
SELECT public.claim_passes('97124-GP x1 15min 2024-08-01'::public.claimline) AS passes, public.claim_passes('97124 x1 15min 2024-08-01'::public.claimline, fail_at => 'info') AS fails, public.timed_units(23), public.claim_regions('{M54.2}'),
	public.allocate_units('{97124,97110}', '{20,20}'), public.units_supported('{97124,97110}', '{20,20}', '{1,2}'), public.ruleset_hash(public.ruleset('cpt')) OPERATOR(pg_catalog.<>) public.ruleset_hash(public.starter_ruleset()) AS rulesets,
	public.claimline_error('9712'), public.try_claimline('97124', '{59}'), public.line_dx('97124 dx=M542'), public.line_set_modifiers('97124', '{59}');
INSERT INTO public.claim_policy (name, settings) VALUES ('ours', '{"extends": "hns", "visits_limit": 3}');
INSERT INTO public.ncci_mue_import VALUES ('HCPCS/ CPT Code', 'Practitioner Services MUE Values', 'MUE Adjudication Indicator', 'MUE Rationale'), ('97124', '2', '3 Date of Service Edit: Clinical', 'CMS Policy');
SELECT change, n FROM public.ncci_publish('q1', 'practitioner', '[2025-01-01,2025-03-31]') WHERE n OPERATOR(pg_catalog.>) 0;
SELECT public.claim_passes('97124 x1 15min 2025-02-01 visit=4'::public.claimline, public.ruleset('ours')) AS passes, pg_catalog.count(*) AS limits FROM public.ncci_mue('q1');
SELECT pg_catalog.count(*) AS differences FROM public.ruleset_diff(public.ruleset('hns'), public.ruleset('ours')) d;
SELECT public.ncci_retire('q1', 'practitioner', 'an example');
SELECT public.kx_required('2024-08-01', 2331), public.line_fee('97124-GP x1 2023-01-05') OPERATOR(pg_catalog.>) 0 AS fee, public.day_fee('{- 1 97124-GP x2 2023-01-05}') OPERATOR(pg_catalog.>) 0 AS fees;
SELECT s.suggestion FROM public.suggest_modifiers('{97124}'::public.claimline[]) s;
SELECT public.line_edits(l) OVER () FROM (VALUES ('97124-GP x1 15min 2024-08-01'::public.claimline)) v(l);
SELECT public.claimday(c, 1, l) FROM (VALUES ('C2', '97124'::public.claimline), ('C1', '97124')) v(c, l);
SELECT d.claim_id FROM public.day_lines('{"C1" 1 97124}') d;
-- nor do sorting, grouping, joins and indexes
CREATE TABLE public.sorted (l public.claimline PRIMARY KEY);
INSERT INTO public.sorted VALUES ('98941'), ('97124'), ('97110');
SELECT l FROM public.sorted ORDER BY l;
SELECT l, pg_catalog.count(*) FROM (SELECT l FROM public.sorted UNION ALL SELECT l FROM public.sorted) x GROUP BY l ORDER BY l;
SELECT pg_catalog.count(*) FROM public.sorted a JOIN public.sorted b ON a.l OPERATOR(public.=) b.l;
ROLLBACK TO there;
RESET search_path;
ROLLBACK;

DROP TABLE security_expected;
REVOKE CREATE ON DATABASE :"datname" FROM regress_claimline_owner;
DROP ROLE regress_claimline_owner;
DROP ROLE regress_claimline_user;
-- the extension is as it was
SELECT extnamespace::regnamespace FROM pg_extension WHERE extname = 'claimline';

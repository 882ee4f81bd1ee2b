-- Tables that are scanned and guarded, and what changes in them from one night to the next; for the tests of faults.
-- psql variables: days, of the scanned table.
CREATE FUNCTION h(int, int) RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT abs(hashint8($1::bigint * 1000 + $2)) % 1000';
CREATE TABLE claims (claim text, no int, person text, npi text, dos date, code text, mods text[], units numeric, minutes int, billed numeric, touched int);
INSERT INTO claims
SELECT 'C' || d, i, 'P' || d / 7, '1999' || d % 13, date '2023-01-02' + d % 400, (ARRAY['97110', '97140', '97124', '98941', '97530'])[1 + (d + i) % 5],
	CASE WHEN h(d, i) % 11 > 2 THEN '{GP}'::text[] END, 1 + h(d, i) % 4, h(d, i) % 50, h(d, 0) % 100 + i, 0
FROM generate_series(1, :days) d, generate_series(1, 1 + d % 5) i;
CREATE INDEX ON claims (person, npi, dos);
ANALYZE claims;
SELECT claim_source_add('c', 'claims', charge => 'billed', watermark => 'touched', columns => '{"claim_id": "claim", "line_no": "no", "patient": "person",
	"provider": "npi", "dos": "dos", "code": "code", "modifiers": "mods", "units": "units", "minutes": "minutes"}') \g /dev/null
SELECT claim_source_track('c') \g /dev/null
INSERT INTO claim_policy (name, settings) VALUES ('mine', '{"extends": "medicare"}');

CREATE PROCEDURE night(n int) LANGUAGE plpgsql AS $$
BEGIN
	UPDATE claims SET units = 1 + h(n, no) % 5, minutes = h(n, no + 7) % 60, touched = n WHERE h(substr(claim, 2)::int, n) < 40;
	UPDATE claims SET dos = dos + 1, touched = n WHERE h(substr(claim, 2)::int, n + 100) < 8;
	DELETE FROM claims WHERE h(substr(claim, 2)::int, n + 200) < 8 AND no = 1 + n % 3;
	INSERT INTO claims SELECT claim, no + 10, person, npi, dos, code, mods, units, minutes, billed, n FROM claims WHERE h(substr(claim, 2)::int, n + 300) < 5;
	IF n % 4 = 1 THEN
		UPDATE claim_policy SET settings = CASE n % 8 WHEN 1 THEN '{"extends": "medicare", "cmt_massage": "bundled"}'::jsonb ELSE '{"extends": "medicare"}' END WHERE name = 'mine';
	END IF;
	IF n % 9 = 5 THEN
		CREATE TEMP TABLE kept ON COMMIT DROP AS TABLE claims;
		TRUNCATE claims;
		INSERT INTO claims SELECT * FROM kept;
		UPDATE claims SET touched = n;
	END IF;
END $$;

-- a table for each action of a guard, all logged
CREATE TABLE refused (patient text, provider text, dos date, claim_id text, line_no int, code text, modifier text, units numeric, minutes int, dx text);
CREATE TABLE moved (LIKE refused);
CREATE TABLE noted (LIKE refused);
CREATE FUNCTION guarded(relation regclass, action text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('CREATE INDEX ON %s (patient, provider, dos)', relation);
	PERFORM claim_source_add(relation::text, relation, columns => '{"patient": "patient", "provider": "provider", "dos": "dos", "claim_id": "claim_id",
		"line_no": "line_no", "code": "code", "modifiers": "modifier", "units": "units", "minutes": "minutes", "dx": "dx"}');
	PERFORM claim_guard_add(relation::text, action => action), claim_source_track(relation::text);
END $$;
SELECT guarded('refused', 'reject'), guarded('moved', 'quarantine'), guarded('noted', 'annotate') \g /dev/null

-- manipulation beside massage of one region is a conflict: of some days, and none of what `refused` is to take
CREATE FUNCTION lines(n int, size int, conflicts boolean) RETURNS SETOF refused LANGUAGE sql AS $$
	SELECT 'P' || n || '-' || d % 50, 'N' || d % 50, date '2023-01-01' + d / 50, 'C' || n || '-' || d, i,
		CASE WHEN i > 1 THEN '97124' WHEN conflicts AND h(d, n) % 7 = 0 THEN '98940' ELSE '97110' END,
		CASE WHEN i = 1 AND conflicts AND h(d, n) % 7 = 0 THEN 'AT' ELSE 'GP' END, 1, 15, 'M99.01'
	FROM generate_series(1, size) d, generate_series(1, 1 + d % 2) i $$;
CREATE PROCEDURE write(n int, size int) LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO refused SELECT * FROM lines(n, size, false);
	INSERT INTO moved SELECT * FROM lines(n, size, true);
	INSERT INTO noted SELECT * FROM lines(n, size, true);
	UPDATE refused SET units = 1, minutes = 16 WHERE h(line_no, n) % 2 = 0 AND claim_id LIKE 'C%7';
	UPDATE moved SET dos = dos + 1 WHERE claim_id LIKE 'C%3';
	UPDATE noted SET dos = dos + 1 WHERE claim_id LIKE 'C%3';
	DELETE FROM moved WHERE claim_id LIKE 'C%9';
	DELETE FROM noted WHERE claim_id LIKE 'C%9';
	DELETE FROM refused WHERE claim_id LIKE 'C%9';
END $$;

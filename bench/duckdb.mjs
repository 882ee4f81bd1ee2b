// The rival of `./dev bench` in DuckDB: the same rows, the same rules, in its own tables.
// Run, in a directory where the packages of package.json are installed beside this file:
//   node duckdb.mjs --csv LINES --pairs FILE --limits FILE --codes FILE [--store ordered|arrived|parted]
//       [--threads N] [--out FINDINGS] [--database FILE] [--memory LIMIT]
// The files are CSV with a header: a store without its column line, and bench.peer_pairs, peer_limits, peer_codes.  For each line of its input, run or
// out, it writes one object of JSON: seconds, cpu (processor seconds), count, peak_rss (bytes); or {}, the findings being in the file.  The first says load_seconds.
import { DuckDBInstance } from '@duckdb/node-api';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

const { values: arg } = parseArgs({ options: Object.fromEntries(['csv', 'pairs', 'limits', 'codes', 'store', 'threads', 'runs',
	'out', 'database', 'memory'].map(name => [name, { type: 'string' }])) });
const quoted = text => `'${text.replaceAll("'", "''")}'`;

const instance = await DuckDBInstance.create(arg.database ?? ':memory:', { threads: arg.threads ?? '1',
	...(arg.memory ? { max_memory: arg.memory } : {}) });
const session = await instance.connect();
await session.run(`SET preserve_insertion_order = ${arg.store === 'arrived' ? 'false' : 'true'}`);

async function timed(sql) {
	const start = process.hrtime.bigint();
	const result = await session.runAndReadAll(sql);
	return { seconds: Number(process.hrtime.bigint() - start) / 1e9, rows: result.getRows() };
}

const load = async (table, columns, file) => (await timed(`CREATE OR REPLACE TABLE ${table} (${columns});
	COPY ${table} FROM ${quoted(file)} (FORMAT csv, HEADER)`)).seconds;
await load('pairs', 'column_1 VARCHAR, column_2 VARCHAR, indicator INT, effective DATE, deletion DATE', arg.pairs);
await load('limits', 'code VARCHAR, units INT, mai INT, effective DATE, deletion DATE', arg.limits);
await load('codes', 'code VARCHAR, timed BOOL, em BOOL', arg.codes);
const load_seconds = await load('lines', `patient_id VARCHAR, npi VARCHAR, dos DATE, claim_id VARCHAR, line_no INT, code VARCHAR,
	mod1 VARCHAR, mod2 VARCHAR, mod3 VARCHAR, mod4 VARCHAR, units INT, minutes INT, dx1 VARCHAR, dx2 VARCHAR`, arg.csv);

// A sieve lets through the days that may have findings; the rules judge these.  off is units above minutes, in minutes: a day is
// clean where every line has -14 to 14, all of them together -7 to 7, and no line with one unit more has a smaller remainder
// than one without.
const findings = `
WITH line AS (
	SELECT lines.*, coalesce(timed, false) AS timed, coalesce(em, false) AS em,
		CASE WHEN timed THEN coalesce(15 * units - minutes, 99) END AS off,
		CASE WHEN timed THEN coalesce(
			CASE WHEN mod1 IN ('GP', 'GO', 'GN') THEN mod1 END, CASE WHEN mod2 IN ('GP', 'GO', 'GN') THEN mod2 END,
			CASE WHEN mod3 IN ('GP', 'GO', 'GN') THEN mod3 END, CASE WHEN mod4 IN ('GP', 'GO', 'GN') THEN mod4 END) END AS discipline
	FROM lines LEFT JOIN codes USING (code)
), day AS MATERIALIZED (
	SELECT patient_id, npi, dos, row_number() OVER () AS day, string_agg(code, ',') AS codes,
		min(off) AS least, max(off) AS most, sum(off) AS total, min(discipline) AS one, max(discipline) AS other
	FROM line GROUP BY patient_id, npi, dos
), profile AS MATERIALIZED (
	SELECT codes, string_split(codes, ',') AS list FROM day WHERE contains(codes, ',') GROUP BY codes
), conflict AS MATERIALIZED (
	SELECT codes, column_1, column_2, indicator, coalesce(effective, DATE '-infinity') AS effective, coalesce(deletion, DATE 'infinity') AS deletion
	FROM (SELECT codes, column_1, unnest(list) AS column_2 FROM (SELECT codes, list, unnest(list) AS column_1 FROM profile)) x
	JOIN pairs USING (column_1, column_2)
	WHERE indicator < 9
	UNION ALL
	SELECT codes, NULL, NULL, NULL, DATE '-infinity', DATE 'infinity' FROM profile WHERE len(list) > list_unique(list)
), suspect AS MATERIALIZED (
	SELECT day FROM day
	WHERE least < -14 OR most > 14 OR most - least > 15 OR total NOT BETWEEN -7 AND 7 OR one <> other AND (least < 0 OR most > 0)
	UNION
	SELECT day FROM day JOIN conflict USING (codes) WHERE dos BETWEEN effective AND deletion
	UNION
	SELECT day FROM day JOIN (SELECT patient_id, npi, dos FROM lines JOIN limits USING (code) WHERE lines.units > limits.units) USING (patient_id, npi, dos)
), s AS MATERIALIZED (
	SELECT claim_id, line_no, code, units, minutes, dos, dx1, dx2, mods, timed, em, discipline, day, row_number() OVER (
			ORDER BY day, code, mods, units, minutes NULLS FIRST, dx1 NULLS FIRST, dx2 NULLS FIRST, claim_id, line_no) AS place,
		count(*) OVER c AS lines, sum(units) OVER c AS billed
	FROM (SELECT line.*, day, concat_ws('-', mod1, mod2, mod3, mod4) AS mods
		FROM line JOIN (SELECT patient_id, npi, dos, day FROM day JOIN suspect USING (day)) USING (patient_id, npi, dos))
	WINDOW c AS (PARTITION BY day, code)
), twin AS (
	SELECT * FROM s WHERE lines > 1
), timed AS MATERIALIZED (
	SELECT *, coalesce(discipline, CASE WHEN min(discipline) OVER d = max(discipline) OVER d THEN min(discipline) OVER d ELSE '' END) AS pool
	FROM s WHERE timed WINDOW d AS (PARTITION BY day)
), allowed AS MATERIALIZED (
	SELECT *, minutes // 15 + CASE WHEN minutes % 15 > 0 AND row_number() OVER (PARTITION BY day, pool ORDER BY minutes % 15 DESC, billed > minutes // 15 DESC, code)
			<= (sum(minutes) OVER p + 7) // 15 - sum(minutes // 15) OVER p THEN 1 ELSE 0 END AS units,
		bool_or(unknown) OVER p AS pool_unknown
	FROM (SELECT day, pool, code, sum(coalesce(minutes, 0)) AS minutes, sum(units) AS billed, bool_or(minutes IS NULL) AS unknown
		FROM timed GROUP BY ALL)
	WINDOW p AS (PARTITION BY day, pool)
), share AS (
	SELECT t.claim_id, t.line_no, t.day, t.pool, t.code, t.place, a.billed, a.units AS allowed,
		coalesce(t.minutes, 0) // 15 + CASE WHEN t.minutes % 15 > 0 AND row_number() OVER (PARTITION BY t.day, t.pool, t.code ORDER BY coalesce(t.minutes, 0) % 15 DESC, place)
			<= a.units - sum(coalesce(t.minutes, 0) // 15) OVER (PARTITION BY t.day, t.pool, t.code) THEN 1 ELSE 0 END AS share,
		CASE WHEN a.billed > a.units THEN t.units - share ELSE share - t.units END AS off
	FROM timed t JOIN allowed a USING (day, pool, code)
	WHERE NOT a.pool_unknown AND a.billed <> a.units
), off AS (
	SELECT *, sum(greatest(off, 0)) OVER (PARTITION BY day, pool, code ORDER BY place ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
	FROM share
), pair AS (
	SELECT two.day, two.place, one.code, p.indicator, min(one.place) AS first,
		min(one.place) FILTER (WHERE p.indicator = 0 OR NOT (one.dos >= DATE '2019-07-01' AND regexp_matches(one.mods, '59|X[EPSU]') OR one.em AND contains(one.mods, '25'))) AS closed
	FROM s two JOIN s one ON one.day = two.day
	JOIN (SELECT DISTINCT column_1, column_2, indicator, effective, deletion FROM conflict) p ON p.column_1 = one.code AND p.column_2 = two.code
	WHERE one.units > 0 AND two.units > 0 AND one.dos BETWEEN p.effective AND p.deletion
	GROUP BY ALL
), ptp AS (
	SELECT two.claim_id, two.line_no, two.day, closed IS NULL OR indicator = 1 AND (regexp_matches(mods, '59|24|27|57|58|78|79|91|E[1-4]|F[A1-9]|T[A1-9]|LT|RT|LC|LD|RC|LM|RI')
			OR dos >= DATE '2015-01-01' AND regexp_matches(mods, 'X[EPSU]') OR em AND contains(mods, '25')) AS opened,
		CASE WHEN opened THEN first ELSE closed END AS beside
	FROM pair JOIN s two USING (day, place)
), split AS (
	SELECT a.claim_id, a.line_no, a.day, min(b.place) AS beside
	FROM twin a JOIN twin b ON b.day = a.day AND b.code = a.code AND b.place <> a.place
	WHERE a.timed AND a.dos >= DATE '2021-04-19' AND a.units > 0 AND b.units > 0 AND coalesce(a.discipline = b.discipline, true)
		AND regexp_extract(a.mods, 'CQ|CO') = regexp_extract(b.mods, 'CQ|CO')
	GROUP BY ALL
), duplicate AS (
	SELECT DISTINCT ON (a.day, a.place) a.claim_id, a.line_no, a.day, b.place AS beside,
		coalesce(a.dx1 = b.dx1, true) AND (a.dx2 IS NOT DISTINCT FROM b.dx2 OR a.dx1 IS NULL OR b.dx1 IS NULL) AND coalesce(a.minutes = b.minutes, true) AS exact
	FROM twin a JOIN twin b ON b.day = a.day AND b.code = a.code AND b.place < a.place AND b.units = a.units
	WHERE a.units > 0 AND NOT regexp_matches(a.mods, '76|77|91')
		AND list_has_all(string_split(a.mods, '-'), string_split(b.mods, '-')) AND list_has_all(string_split(b.mods, '-'), string_split(a.mods, '-'))
	ORDER BY a.day, a.place, NOT exact, b.place
), paired AS (
	SELECT claim_id, line_no, CASE WHEN opened THEN 'ptp-bypassed' ELSE 'ptp' END AS rule, CASE WHEN opened THEN 'info' ELSE 'deny' END AS severity, day, beside FROM ptp
	UNION ALL SELECT claim_id, line_no, 'units-split-lines', 'deny', day, beside FROM split
	UNION ALL SELECT claim_id, line_no, 'duplicate', CASE WHEN exact THEN 'deny' ELSE 'review' END, day, beside FROM duplicate
)
SELECT claim_id, line_no, CASE WHEN billed > allowed THEN 'units-minutes' ELSE 'units-underbilled' END AS rule,
	CASE WHEN billed > allowed THEN 'deny' ELSE 'info' END AS severity, NULL::VARCHAR AS with_claim_id, NULL::INT AS with_line_no
FROM off WHERE off > 0 AND coalesce(before, 0) < abs(billed - allowed)
UNION ALL
SELECT t.claim_id, t.line_no, CASE WHEN NOT a.unknown AND a.billed > a.minutes // 15 + (a.minutes % 15 > 0)::INT THEN 'units-minutes' ELSE 'units-unknown' END,
	CASE WHEN NOT a.unknown AND a.billed > a.minutes // 15 + (a.minutes % 15 > 0)::INT THEN 'deny' ELSE 'unknown' END, NULL, NULL
FROM timed t JOIN allowed a USING (day, pool, code)
WHERE a.pool_unknown AND t.units > 0 AND (t.minutes IS NULL OR a.billed > a.minutes // 15)
UNION ALL
SELECT claim_id, line_no, CASE mai WHEN 1 THEN 'mue-line' ELSE 'mue-day' END, 'deny', NULL, NULL
FROM s JOIN limits m USING (code)
WHERE s.units > 0 AND CASE mai WHEN 1 THEN s.units ELSE billed END > m.units
	AND dos BETWEEN coalesce(m.effective, '-infinity') AND coalesce(m.deletion, 'infinity')
UNION ALL
SELECT claim_id, line_no, 'mod-repeated', 'deny', NULL, NULL
FROM (SELECT *, unnest([mod2 = mod1, mod3 IN (mod1, mod2), mod4 IN (mod1, mod2, mod3)]) AS again FROM lines
	WHERE mod2 = mod1 OR mod3 IN (mod1, mod2) OR mod4 IN (mod1, mod2, mod3)) WHERE again
UNION ALL
SELECT p.claim_id, p.line_no, rule, severity, w.claim_id, w.line_no
FROM paired p JOIN s w ON w.day = p.day AND w.place = p.beside`;

const aggregate = query => `SELECT count(*), count(claim_id), count(line_no), count(rule), count(severity), count(with_claim_id), count(with_line_no) FROM (${query})`;
console.log(JSON.stringify({ load_seconds }));
for await (const line of createInterface({ input: process.stdin })) {
	if (line === 'out') {
		await session.run(`COPY (${findings}) TO ${quoted(arg.out)} (FORMAT csv, HEADER)`);
		console.log('{}');
	} else {
		const before = process.cpuUsage();
		const one = await timed(aggregate(findings));
		const { user, system } = process.cpuUsage(before);
		console.log(JSON.stringify({ seconds: one.seconds, cpu: (user + system) / 1e6, count: Number(one.rows[0][0]), peak_rss: process.resourceUsage().maxRSS * 1024 }));
	}
}

#!/bin/bash
# test/cluster/dump.sh
#
# pg_dump and restore, into another database and into another cluster: the same editions, policies, ruleset hashes and findings.
# shellcheck source=test/cluster/lib.sh
. test/cluster/lib.sh

files=$CLUSTER_DIR/files
new_cluster a
mkdir "$files" || exit
for i in 1 2 3; do
	ptp_file 8000 $i >"$files/ptp$i" && mue_file Practitioner $i >"$files/mue$i" && mue_file 'Outpatient Hospital' $i >"$files/hospital$i" || exit
done
mue_file 'DME Supplier' 4 >"$files/dme" || exit

sql 'CREATE DATABASE original' || exit
export PGDATABASE=original
{
	echo 'CREATE EXTENSION claimline;'
	for i in 1 2 3; do
		load "$files/ptp$i" "$files/mue$i"
		echo "SELECT ncci_publish('e$i', 'practitioner', daterange('2025-01-01'::date + 90 * $i, '2025-01-01'::date + 90 * $i + 90));"
		load "$files/ptp$i" "$files/hospital$i"
		echo "SELECT ncci_publish('e$i', 'outpatient', daterange('2025-01-01'::date + 90 * $i, '2025-01-01'::date + 90 * $i + 90));"
	done
	load '' "$files/dme"
	cat <<-'END'
		SELECT ncci_publish('e1', 'dme', '[2025-04-01,2025-07-01)');
		SELECT ncci_retire('e3', 'outpatient', 'CMS replaced it; "quoted" and ''quoted''');

		-- shipped policies that the user changed, and policies of his own
		UPDATE claim_policy SET settings = settings || '{"visits_limit": 7, "at_required_from": null}', note = 'our contract' WHERE name = 'hns';
		UPDATE claim_policy SET settings = settings || '{"unit_threshold": 9}' WHERE name = 'cpt';
		INSERT INTO claim_policy (name, settings, note, source) VALUES
			('plan', '{"extends": "cpt", "massage_codes": ["97124"], "visits_limit": 12, "cmt_massage": "bundled"}', 'it''s ours', 'contract 2025'),
			('plan, stricter', '{"extends": "plan", "dx_required": "yes", "severity": {"duplicate": "review"}}', NULL, NULL);

		-- stored values
		CREATE TABLE kept (policy text, rules claim_ruleset, line claimline, day claimday);
		INSERT INTO kept SELECT p, ruleset(p, 'e2'), '97124-59-GP x2 30min 2025-08-01 dx=M54.2', claimday(ARRAY['97124 x2 30min 2025-08-01', 'Y0001 x1 2025-08-01']::claimline[])
		FROM unnest('{medicare,plan}'::text[]) p;
	END
} | "${psql[@]}" >/dev/null || bail_out 'the database to dump cannot be made'

# what must be the same
said_sql="SELECT string_agg(said, E'\n' ORDER BY said COLLATE \"C\")
FROM (
	SELECT concat_ws(' ', 'judge', e.service_type, e.edition, p.name, ruleset_hash(ruleset(p.name, e.edition, e.service_type))) AS said
	FROM (SELECT service_type, edition FROM ncci_editions WHERE retired_at IS NULL UNION ALL VALUES ('practitioner', NULL), ('outpatient', NULL)) e, claim_policy p
	UNION ALL
	SELECT concat_ws(' ', 'policy', p) FROM claim_policy p
	UNION ALL
	SELECT concat_ws(' ', 'kept', policy, ruleset_hash(rules), line, day) FROM kept
) x"
# 6,000 days of 2 to 6 lines of the codes of the editions, judged by three editions and three policies
findings_sql="WITH line AS (
	SELECT day, n, ('[0:8]={Y,Y,Y,X,X,97124,97140,98941,97110}'::text[])[h(day * 8 + n, 1, 9)] AS code
	FROM generate_series(1::bigint, 2000) day, generate_series(1, 6) n WHERE n <= 2 + h(day, 2, 5)
), billed AS (
	SELECT day, n, CASE code WHEN 'Y' THEN 'Y' || lpad(h(day * 8 + n, 3, 400)::text, 4, '0') WHEN 'X' THEN 'X' || lpad(h(day * 8 + n, 4, 20)::text, 4, '0') ELSE code END AS code
	FROM line
), days AS (
	SELECT day, array_agg(claimline(code, CASE h(day * 8 + n, 5, 4) WHEN 0 THEN '{59}' WHEN 1 THEN '{GP}' ELSE '{}' END::text[], 1 + h(day * 8 + n, 6, 5), NULL,
		date '2018-01-01' + h(day, 7, 3200)) ORDER BY n) AS lines
	FROM billed GROUP BY day
)
SELECT string_agg(said, E'\n' ORDER BY said COLLATE \"C\")
FROM (
	SELECT concat_ws(' ', v.policy, v.edition, v.service_type, count(*), sum(hashtextextended(d.day || f::text, 0))) AS said
	FROM (VALUES ('medicare', 'e1', 'practitioner'), ('plan', 'e3', 'practitioner'), ('hns', 'e2', 'outpatient')) v (policy, edition, service_type)
		CROSS JOIN LATERAL (SELECT ruleset(v.policy, v.edition, v.service_type) AS rules OFFSET 0) r, days d, claim_edits(d.lines, r.rules) f
	GROUP BY v.policy, v.edition, v.service_type
) x"
sql "CREATE FUNCTION h(i bigint, salt int, n int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT ((hashint8extended(i, salt) & 2147483647) % n)::int'" || exit

said() {
	sql "$said_sql"
	sql "$editions_sql"
}
said=$(said) || bail_out 'the original does not answer'
findings=$(sql "$findings_sql") || bail_out 'the original does not answer'
is "$(grep -c '^judge ' <<<"$said")" "$(sql "SELECT 8 * count(*) FROM claim_policy")" 'there are rulesets of every policy and edition'
is "$(wc -l <<<"$findings")" 3 'and findings by three of them'
echo "# ${findings//$'\n'/; }"

# check NAME: the restored database PGDATABASE of the server PGHOST
check() {
	is "$(said)" "$said" "$1: the same editions, policies and ruleset hashes"
	is "$(sql "$findings_sql")" "$findings" "$1: the same findings"
	is "$(sql "SELECT count(*) FROM (SELECT * FROM ncci_changes('e1', 'e3') UNION ALL SELECT * FROM ncci_changes('e1', 'e2', 'outpatient')) x")" "$changes" "$1: the same changes"
	ok "$(sql "DELETE FROM claimline_internal.ncci_edition" >/dev/null 2>&1; echo $((! $?)))" "$1: the editions are frozen"
	ok "$(sql "SELECT ruleset('medicare', 'e3', 'outpatient')" >/dev/null 2>&1; echo $((! $?)))" "$1: the retired one is retired"
	is "$(sql "UPDATE claim_policy SET settings = settings || '{\"no_such_key\": 1}' WHERE name = 'plan'" 2>&1 | grep -c ERROR)" 1 "$1: policies are checked"
	succeeds "$1: another edition can be published" "${psql[@]}" <<-END
		BEGIN;
		$(load "$files/ptp2" "$files/mue2")
		SELECT ncci_publish('e4', 'practitioner', '[2026-01-01,2026-04-01)');
		DO 'BEGIN ASSERT ruleset_hash(ruleset(''medicare'')) = ruleset_hash(ruleset(''medicare'', ''e4'')); END';
		ROLLBACK;
	END
}
changes=$(sql "SELECT count(*) FROM (SELECT * FROM ncci_changes('e1', 'e3') UNION ALL SELECT * FROM ncci_changes('e1', 'e2', 'outpatient')) x")

dump=$CLUSTER_DIR/dump
succeeds 'pg_dump' "$CLUSTER_CLIENT/pg_dump" -f "$dump.sql" original
succeeds 'pg_dump, custom format' "$CLUSTER_CLIENT/pg_dump" -Fc -f "$dump.custom" original

export PGDATABASE=postgres
sql 'CREATE DATABASE copy' && sql 'CREATE DATABASE jobs' || exit
export PGDATABASE=copy
succeeds 'another database: psql' "${psql[@]}" -f "$dump.sql"
check 'another database'
export PGDATABASE=jobs
succeeds 'in two jobs: pg_restore' "$CLUSTER_CLIENT/pg_restore" -j 2 --exit-on-error -d jobs "$dump.custom"
check 'in two jobs'

new_cluster b
export PGDATABASE=postgres
sql 'CREATE DATABASE elsewhere' || exit
export PGDATABASE=elsewhere
succeeds 'another cluster: psql' "${psql[@]}" -1 -f "$dump.sql"
check 'another cluster'
succeeds 'another cluster: pg_dump' "$CLUSTER_CLIENT/pg_dump" -f "$dump.again" elsewhere
# PostgreSQL's minor releases since 2025-08 write a random word in \restrict and \unrestrict
is "$(grep -v '^\\\(un\)\?restrict' "$dump.again" | cksum)" "$(grep -v '^\\\(un\)\?restrict' "$dump.sql" | cksum)" 'a dump of the restored database is the same dump'
done_testing

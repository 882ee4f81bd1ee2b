#!/bin/bash
# test/cluster/dump.sh
#
# pg_dump and restore, into another database and into another cluster: the same editions, policies, ruleset hashes and findings;
# sources, guards and scans go on.  The extension is in a schema of its own, the source in a third one.
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
export PGDATABASE=original PGOPTIONS='-c search_path=public,claims'
{
	echo 'CREATE SCHEMA claims; CREATE EXTENSION claimline SCHEMA claims;'
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

		-- a source with all that there is
		CREATE SCHEMA clinic;
		CREATE TABLE clinic.visit (gone int, patient text, npi text, dos date, claim text, code text, mods text[], units numeric, minutes int, billed numeric);
		ALTER TABLE clinic.visit DROP gone;
		CREATE INDEX ON clinic.visit (patient, npi, dos);
		SELECT claim_source_add('visits', 'clinic.visit', schema => 'clinic', charge => 'billed', columns => '{"patient": "patient", "provider": "npi", "dos": "dos",
			"claim_id": "claim", "code": "code", "modifiers": "mods", "units": "units", "minutes": "minutes"}');
		INSERT INTO clinic.visit SELECT 'P' || i % 50, 'N1', date '2024-08-01' + i % 7, 'C' || i, (ARRAY['97124', '97140', '98941'])[1 + i % 3], '{GP}', 1 + i % 2, 15, 40
		FROM generate_series(1, 300) i;
		SELECT claim_source_track('visits');
		CALL claim_scan('visits', 'plan');
		UPDATE clinic.visit SET units = 3 WHERE claim = 'C7';
		CALL claim_scan('visits', 'plan');
		SELECT claim_attest('visits', min(id), 'the record shows it'), claim_attest('visits', max(id), 'seen', 'chart 12') FROM claim_findings WHERE source = 'visits';
		SELECT claim_attest_withdraw('visits', min(id), 'another page') FROM claim_attestations;
		UPDATE claim_policy SET note = 'the same, told again' WHERE name IN ('hns', 'plan');
		UPDATE clinic.visit SET billed = 41, minutes = 16 WHERE claim = 'C8';
		SELECT claim_guard_add('visits', 'plan', action => 'annotate');
		INSERT INTO clinic.visit VALUES ('P1', 'N2', '2024-08-01', 'D1', '97124', '{GP}', 4, 15, 40);
		SELECT claim_guard_add('visits', 'plan', action => 'quarantine');
		INSERT INTO clinic.visit VALUES ('P2', 'N2', '2024-08-01', 'D2', '97124', '{GP}', 4, 15, 40);
		SELECT claim_guard_add('visits', 'plan');
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
	UNION ALL
	SELECT concat_ws(' ', 'source', s) FROM (SELECT name, owner, relation, view, preset, mapped, unmapped, charge, watermark, state FROM claim_sources) s
	UNION ALL
	SELECT concat_ws(' ', 'guard', g) FROM claim_guards g
	UNION ALL
	SELECT concat_ws(' ', 'noted', f) FROM claim_guard_finding f
	UNION ALL
	SELECT concat_ws(' ', 'aside', q) FROM claim_quarantine q
	UNION ALL
	SELECT concat_ws(' ', 'found', h) FROM claim_finding_history h
	UNION ALL
	SELECT concat_ws(' ', 'line', l) FROM clinic.visits_lines l
	UNION ALL
	SELECT concat_ws(' ', 'attested', a) FROM claim_attestations a
	UNION ALL
	SELECT concat_ws(' ', 'policy was', p) FROM claim_policy_history p
	UNION ALL
	SELECT concat_ws(' ', 'counted', c) FROM claim_report_counted c
	UNION ALL
	SELECT concat_ws(' ', 'undecided', u) FROM claim_report_undecided u
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
	is "$("${psql[@]}" -At <<-'END' 2>&1
		SET client_min_messages = warning;
		CREATE TABLE before AS SELECT id, first_scan, first_seen FROM claim_findings;
		CALL claim_scan('visits', 'plan');
		SELECT why, method, days_done, (SELECT sum(days) > 10 FROM claim_report_counted) FROM claim_scan_progress ORDER BY scan DESC LIMIT 1;
		CALL claim_scan('visits', 'plan', method => 'hash');
		SELECT method, days_done FROM claim_scan_progress ORDER BY scan DESC LIMIT 1;
		SELECT count(*) > 100 FROM claim_findings JOIN before USING (id, first_scan, first_seen);
		DROP TABLE before;
	END
	)" $'|log|2|t\nhash|0\nt' "$1: a scan judges the days of the log and no others, and keeps findings"
	is "$(sql "INSERT INTO clinic.visit VALUES ('P3', 'N2', '2024-08-01', 'D3', '97124', '{GP}', 4, 15, 40)" 2>&1 | sed -n 1p)" \
		'ERROR:  claim line violates rule "units-minutes"' "$1: the guard refuses"
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
# each order in which jobs may come to a row
lost=0
for ((i = 0; i < 20; i++)); do
	PGDATABASE=postgres sql 'DROP DATABASE jobs' || exit
	PGDATABASE=postgres sql 'CREATE DATABASE jobs' || exit
	"$CLUSTER_CLIENT/pg_restore" -j 8 --exit-on-error -d jobs "$dump.custom" || bail_out 'pg_restore -j 8'
	[[ $(said) = "$said" ]] || ((++lost))
done
is $lost 0 'in eight jobs, 20 times: nothing is lost'

new_cluster b
export PGDATABASE=postgres
sql 'CREATE DATABASE elsewhere' || exit
export PGDATABASE=elsewhere
succeeds 'another cluster: psql' "${psql[@]}" -1 -f "$dump.sql"
succeeds 'another cluster: pg_dump' "$CLUSTER_CLIENT/pg_dump" -f "$dump.again" elsewhere
# PostgreSQL's minor releases since 2025-08 write a random word in \restrict and \unrestrict
is "$(grep -v '^\\\(un\)\?restrict' "$dump.again" | cksum)" "$(grep -v '^\\\(un\)\?restrict' "$dump.sql" | cksum)" 'a dump of the restored database is the same dump'
check 'another cluster'
done_testing

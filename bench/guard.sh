#!/bin/bash
# bench/guard.sh [ROUNDS] [SECONDS] [LINES]
#
# What a guard costs: COPY of LINES lines (100,000), and single-row inserts, into a guarded table and into the same table
# without a guard, with the same indexes; beside them a guard that notes, a row trigger that asks claim_passes about the day
# of its row (row), and one that judges it in PL/pgSQL alone (peer; slow, so in the first round only).
# The sides alternate ROUNDS times (5); medians with the spread.  Single-row inserts run for SECONDS (5) in pgbench, one
# client, prepared statements, into days of up to 4 lines.
#
# The server is that of the PG* variables; the extension must be installed there.  The database claimline_bench_guard is
# made and dropped.
set -u -o pipefail

rounds=${1:-5} seconds=${2:-5} lines=${3:-100000}
tmp=$(mktemp -d "${TMPDIR:-/tmp}/guard_bench.XXXXXX") || exit
psql=(psql -X -q -At -v ON_ERROR_STOP=1)

clean_up() {
	rm -rf "$tmp"
	"${psql[@]}" -d postgres -c 'SET client_min_messages = warning' -c 'DROP DATABASE IF EXISTS claimline_bench_guard' >/dev/null
}
trap clean_up EXIT
trap 'exit 143' HUP INT TERM

"${psql[@]}" -d postgres -c 'SET client_min_messages = warning' -c 'DROP DATABASE IF EXISTS claimline_bench_guard' \
	-c 'CREATE DATABASE claimline_bench_guard' || exit
export PGDATABASE=claimline_bench_guard

# days of 4 lines that pass: an office visit, massage, exercise, manual therapy; the lines of a day arrive on two claims
"${psql[@]}" -v days=$((lines / 4)) <<'SQL' || exit
CREATE EXTENSION claimline;
SET client_min_messages = warning;
CREATE TABLE lines AS
SELECT 'P' || d AS patient_id, '19' || lpad((d % 500)::text, 8, '0') AS npi, date '2021-01-01' + d % 1000 AS dos,
	'C' || d || '-' || l / 3 AS claim_id, l AS line_no, code, mod1, mod2, NULL AS mod3, NULL AS mod4, 1 AS units, minutes, 'M54.50' AS dx1, NULL AS dx2
FROM generate_series(1, :days) d,
	(VALUES (1, '99213', '25', NULL, NULL), (2, '97124', 'GP', NULL, 15), (3, '97110', 'GP', NULL, 15), (4, '97112', 'GP', NULL, 15))
		c (l, code, mod1, mod2, minutes);
DO $$
DECLARE side text;
BEGIN
	FOREACH side IN ARRAY ARRAY['plain', 'reject', 'annotate', 'row', 'peer'] LOOP
		EXECUTE format('CREATE TABLE %I (LIKE lines)', side);
		EXECUTE format('CREATE INDEX ON %I (patient_id, npi, dos)', side);
		PERFORM claim_source_add(side, side::regclass, columns => '{"patient": {"column": "patient_id", "as_is": true}, "provider": {"column": "npi", "as_is": true}, "dos": "dos",
			"claim_id": "claim_id", "line_no": "line_no", "code": "code", "modifiers": ["mod1", "mod2", "mod3", "mod4"],
			"units": "units", "minutes": "minutes", "dx": ["dx1", "dx2"]}');
	END LOOP;
	PERFORM claim_guard_add('reject'), claim_guard_add('annotate', action => 'annotate');
END $$;
CREATE FUNCTION judge_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF NOT claim_passes(claimday(l.claim_id, l.line_no, l.line)) FROM row_lines l
		WHERE (l.patient, l.provider, l.dos) = (NEW.patient_id, NEW.npi, NEW.dos) THEN
		RAISE EXCEPTION 'refused';
	END IF;
	RETURN NULL;
END $$;
CREATE TRIGGER judge AFTER INSERT ON row FOR EACH ROW EXECUTE FUNCTION judge_row();
SQL
(cd "$(dirname "${BASH_SOURCE[0]}")/.." && "${psql[@]}" -f bench/peers.sql -c "CALL bench.guard_row('peer')") || exit
"${psql[@]}" -c "\\copy lines to '$tmp/lines'" || exit

median() {
	sort -n | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2, v[1], v[NR] }'
}

copy() {
	"${psql[@]}" -c "TRUNCATE $1" -c CHECKPOINT
	"${psql[@]}" -c '\timing on' -c "\\copy $1 from '$tmp/lines'" | awk '/^Time/ { print $2 }'
}

insert() {
	"${psql[@]}" -c "TRUNCATE $1" -c CHECKPOINT
	cat >"$tmp/insert.sql" <<-END
		\\set n :n + 1
		\\set day :n / 4
		\\set line :n % 4 + 1
		INSERT INTO $1 VALUES ('P' || :day, '1999', '2024-08-01', 'C' || :day, :line,
			CASE :line::int WHEN 1 THEN '99213' WHEN 2 THEN '97124' WHEN 3 THEN '97110' ELSE '97112' END,
			CASE :line::int WHEN 1 THEN '25' ELSE 'GP' END, NULL, NULL, NULL, 1, CASE :line::int WHEN 1 THEN NULL ELSE 15 END, 'M54.50', NULL);
	END
	pgbench -n -M prepared -D n=0 -T "$seconds" -f "$tmp/insert.sql" 2>"$tmp/err" | awk '/latency average/ { print 1000 * $4 }'
	! grep -q ERROR "$tmp/err" || { cat "$tmp/err" >&2; exit 1; }
}

for ((round = 0; round < rounds; round++)); do
	for side in plain reject annotate row peer; do
		[[ $side != peer || $round = 0 ]] || continue
		copy $side >>"$tmp/copy.$side" || exit
		insert $side >>"$tmp/insert.$side" || exit
	done
done

for what in copy insert; do
	read -r floor _ < <(median <"$tmp/$what.plain")
	for side in plain reject annotate row peer; do
		read -r middle least most < <(median <"$tmp/$what.$side")
		awk -v what=$what -v side=$side -v m="$middle" -v l="$least" -v h="$most" -v f="$floor" 'BEGIN {
			unit = what == "copy" ? "ms" : "us"
			printf "%-7s %-9s %9.1f %s (%.1f to %.1f)  %.2f x plain\n", what, side, m, unit, l, h, m / f }'
	done
done

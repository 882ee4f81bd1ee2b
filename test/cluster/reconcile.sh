#!/bin/bash
# test/cluster/reconcile.sh
#
# A clinic's year from files to what became of it: claims as 837, what payers answered as 835, with denials planted from known rules and noise
# (test/model/clinic_year.awk, which counts what it plants); loaded, scanned, reconciled. Each outcome, and precision and recall of each rule,
# are those planted. RECONCILE_CLAIMS=50000 makes as many claims; 2,000 without.
# shellcheck source=test/cluster/lib.sh
. test/cluster/lib.sh
program=$PWD/claimline-load
[[ -x $program ]] || make -s claimline-load || bail_out 'the program cannot be made'
PATH=$CLUSTER_CLIENT:$PATH
export TMPDIR=$CLUSTER_DIR/tmp
dir=$CLUSTER_DIR/year
mkdir -p "$TMPDIR" "$dir/in" || exit
awk -v claims="${RECONCILE_CLAIMS:-2000}" -v dir="$dir" -f test/model/clinic_year.awk data/denials.csv || bail_out 'no year'
new_cluster a
export PGOPTIONS='-c statement_timeout=600s -c search_path=public,claims'
sql 'CREATE SCHEMA claims; CREATE EXTENSION claimline SCHEMA claims' || bail_out 'no extension'

said=$("$program" "$dir/in" 2>&1) || bail_out "claimline-load: $said"
is "$(sql "SELECT count(*) FROM claim_file WHERE faults > 0")" 0 'the files are sound'
is "$(sql 'SELECT count(*), count(line) FROM claim_file_line')" "$(cut -f1 "$dir/totals")|$(cut -f1 "$dir/totals")" 'all lines are there'
sql "SET client_min_messages = error; SELECT claim_source_add('clinic', 'claim_file_line', 'x12')" >/dev/null || bail_out 'no source'
sql "CALL claim_scan('clinic')" >/dev/null 2>&1 || bail_out 'no scan'

begun=$(date +%s%N)
sql "CREATE TABLE got AS SELECT * FROM claim_reconcile('clinic')" || bail_out 'not reconciled'
echo "# reconciled in $((($(date +%s%N) - begun) / 1000000)) ms"
sql 'CREATE TABLE planted (claim text, line int, outcome text, payer text, month date, rule text, carc text, charge numeric)'
sql "\\copy planted FROM '$dir/rows' WITH (NULL '')"
is "$(sql "SELECT count(*), count(DISTINCT outcome), count(DISTINCT rule) FROM planted WHERE claim IS NOT NULL HAVING count(*) > 300")" "$(wc -l <"$dir/rows")|4|6" 'what was planted has all outcomes'
is "$(sql "SELECT count(*) FROM (TABLE planted EXCEPT ALL
	SELECT claim_id, line_no, outcome, payer, month, array_to_string(rules, ' '), array_to_string(carc, ' '), charge FROM got) x")" 0 'each line has the outcome that was planted'
is "$(sql 'SELECT count(*) FROM got')" "$(wc -l <"$dir/rows")" 'and there are no others'
is "$(sql "SELECT rule, lines, denied, paid, undecided, agreed, missed FROM claim_reconcile_rules('clinic') ORDER BY rule COLLATE \"C\"")" \
	"$(LC_ALL=C sort "$dir/rules" | tr '\t' '|')" 'precision and recall of each rule are those planted'

report=$CLUSTER_DIR/report.json
sql "SELECT claim_report('clinic') -> 'payments'" >"$report"
# asked TEXT: of the report
asked() {
	sql "SELECT $1 FROM (SELECT pg_read_file('$report')::jsonb AS r) x"
}
chmod 644 "$report"
is "$(asked "r #>> '{totals,lines}', r #>> '{totals,lines_answered}'")" "$(tr '\t' '|' <"$dir/totals")" 'the report counts what was answered'
for outcome in 'predicted_denied=predicted and denied' 'predicted_paid=predicted and paid' 'not_predicted=denied and not predicted' 'undecided=undecided'; do
	is "$(asked "r -> 'totals' ->> 'lines_${outcome%%=*}', r -> 'totals' ->> 'charge_${outcome%%=*}'")" \
		"$(sql "SELECT count(*), sum(charge) FROM planted WHERE outcome = '${outcome#*=}'")" "${outcome#*=}: lines and charge"
	for cut in payer month; do
		is "$(asked "(SELECT string_agg(concat_ws(' ', e ->> '$cut', e ->> 'lines_${outcome%%=*}'), ', ' ORDER BY e ->> '$cut') FROM jsonb_array_elements(r -> '${cut}s') e)")" \
			"$(sql "SELECT string_agg(concat_ws(' ', $cut, n), ', ' ORDER BY $cut::text) FROM (SELECT $cut, count(*) FILTER (WHERE outcome = '${outcome#*=}') AS n FROM planted GROUP BY $cut) x")" \
			"${outcome#*=}: by $cut"
	done
done
is "$(asked "(SELECT string_agg(e ->> 'carc' || ' ' || (e ->> 'lines'), ', ' ORDER BY e ->> 'carc') FROM jsonb_array_elements(r -> 'not_predicted') e)")" \
	"$(sql "SELECT string_agg(carc || ' ' || n, ', ' ORDER BY carc) FROM (SELECT carc, count(*) AS n FROM planted WHERE outcome = 'denied and not predicted' GROUP BY carc) x")" 'denials that were not predicted, by code'
done_testing

#!/bin/bash
# test/cluster/report.sh
#
# claimline-report: the tests of report/test, then the program against a server: what it refuses and with which status, and that
# a page says what the views say.  With Chromium pages are opened, see report/test/look.mjs; REPORT_PICTURE=FILE makes the
# picture of the README anew.  Without node, or the packages of report/, all of it is skipped.
# shellcheck source=test/cluster/lib.sh
. test/cluster/lib.sh
export PATH=$CLUSTER_CLIENT:$PATH

if ! command -v node >/dev/null || [[ ! -d report/node_modules ]]; then
	skip 'claimline-report' 'needs nodejs and npm, and what npm ci fetches into report/'
	done_testing
fi

for file in report/test/*.test.mjs; do
	said=$(node --test --test-reporter=tap "$file" 2>&1)
	ok $? "$file: $(grep -c '^ok ' <<<"$said") tests" "$(grep -vE '^ok |duration_ms|^ *(---|\.\.\.)$' <<<"$said")"
done

new_cluster a
dir=$CLUSTER_DIR
{ sql 'CREATE SCHEMA "Claims x"' && sql 'CREATE EXTENSION claimline SCHEMA "Claims x"'; } || bail_out 'no extension'
sql 'ALTER DATABASE postgres SET search_path = public, "Claims x"'
"${psql[@]}" -f demo/claims.sql >/dev/null 2>&1 || bail_out 'no claims'

# a source of the demo's claims, and 24 nights: some come, some that were denied go
nights() {
	echo "SET client_min_messages = error;
		CREATE TABLE clinic (LIKE medical_claim);
		SELECT claim_source_add(s, 'clinic', 'tuva') FROM unnest('{clinic,never}'::text[]) s;
		INSERT INTO claim_policy (name, settings) VALUES ('strict', '{\"extends\": \"medicare\", \"cmt_massage\": \"bundled\"}');
		INSERT INTO clinic SELECT * FROM medical_claim WHERE hashtext(claim_id) % 100 BETWEEN -99 AND 45;
		CALL claim_scan('clinic');"
	for ((i = 0; i < 24; i++)); do
		echo "INSERT INTO clinic SELECT * FROM medical_claim WHERE hashtext(claim_id) % 100 IN (46 + 2 * $i, 47 + 2 * $i);
			DELETE FROM clinic WHERE (claim_id, claim_line_number) IN (SELECT claim_id, line_no FROM claim_findings WHERE severity = 'deny' ORDER BY md5(claim_id || $i) LIMIT 1 + $i % 5);
			CALL claim_scan('clinic');"
	done
	echo "CALL claim_scan('clinic', 'strict');"
}
nights | "${psql[@]}" -o /dev/null || bail_out 'no nights'

# report STATUS NAME ARGUMENT...: what it writes is in $dir/page.html, what it says in $said
report() {
	local status=0 wanted=$1 name=$2

	shift 2
	said=$(report/claimline-report "$@" --out "$dir/page.html" 2>&1) || status=$?
	is "$status" "$wanted" "$name: status $wanted" "$said"
}

# shows NAME TEXT: the page has the text
shows() {
	succeeds "$1: $2" grep -qF -- "$2" "$dir/page.html"
}

amount() {
	sql "SELECT to_char($1, 'FM\$999,999,999') FROM $2"
}

report 0 'a page' --source clinic
is "$said" '' 'quiet on success'
shows 'a page' "<b>$(amount charge_at_risk "claim_report_risk WHERE source = 'clinic' AND policy = 'medicare'")</b>"
shows 'a page' "$(sql "SELECT provider FROM claim_report_risk_providers WHERE source = 'clinic' AND policy = 'medicare' ORDER BY charge_at_risk DESC LIMIT 1")"
shows 'a page' '25 scans, all of them finished'
cp "$dir/page.html" "$dir/clinic.html"
report 0 'a conninfo' --source=clinic "host=$PGHOST dbname=postgres user=postgres"
is "$(sed 's/made [^<]*//; s/open [0-9]* day//g' "$dir/page.html" | md5sum)" "$(sed 's/made [^<]*//; s/open [0-9]* day//g' "$dir/clinic.html" | md5sum)" 'the same page'
report 0 'two policies' --source clinic --compare strict
shows 'two policies' 'medicare beside strict'
shows 'two policies' "$(amount charge_at_risk "claim_report_risk WHERE source = 'clinic' AND policy = 'strict'")"
night=$(sql "SELECT finished_at FROM claim_report_trend WHERE source = 'clinic' AND policy = 'medicare' ORDER BY scan OFFSET 9 LIMIT 1")
report 0 'two nights' --source clinic --compare "$night" --since "${night%% *}"
# each line by its worst finding of then
shows 'two nights' "$(amount 'sum(charge)' "(SELECT DISTINCT ON (claim_id, line_no) charge, severity FROM claim_findings_at('clinic', 'medicare', '$night') ORDER BY claim_id, line_no, severity DESC) x WHERE severity = 'deny'")"
shows 'two nights' 'at risk is new'
report 0 'without patients' --source clinic --no-patients
is "$(grep -cE 'patient P[0-9]' "$dir/page.html")/$(grep -cE 'patient P[0-9]' "$dir/clinic.html" | sed 's/[1-9][0-9]*/some/')" 0/some 'keys of patients are left out'

before=$(md5sum <"$dir/page.html")
report 1 'a source that there is not' --source other
is "$said" $'claimline-report: claim source "other" does not exist\nHINT:  Sources are: clinic, never.' 'it says so'
report 1 'a policy that there is not' --source clinic --policy other
report 1 'a policy to compare that there is not' --source clinic --compare other
report 1 'a time that there is not' --source clinic --compare '2026-11-05 99:00'
report 3 'a server that there is not' --source clinic -h "$dir/nowhere"
report 3 'a database that there is not' --source clinic -d nowhere
report 3 'a database without the extension' --source clinic -d template1
is "$said" 'claimline-report: the extension claimline is not in this database' 'it says so'
sql 'CREATE ROLE stranger LOGIN' && sql 'GRANT USAGE ON SCHEMA "Claims x" TO stranger'
report 3 'a role that may not read it' --source clinic -U stranger
is "${said%%$'\n'*}" 'claimline-report: findings of claim source "clinic" are not yours to read' 'it says so'
is "$(md5sum <"$dir/page.html")" "$before" 'an error leaves the page before'
sql "SELECT claim_source_grant('clinic', 'stranger')" >/dev/null
sql "ALTER ROLE stranger SET default_transaction_read_only = on"
report 0 'a role that was granted it' --source clinic -U stranger

report 4 'a source that was never scanned' --source never
shows 'never' 'what is empty here is not known to be clean'
cp "$dir/page.html" "$dir/never.html"
sql "UPDATE claimline_internal.claim_scan_run SET status = 'judging', finished_at = NULL, days_found = 99, days_done = 7 WHERE id = (SELECT max(id) FROM claimline_internal.claim_scan_run WHERE policy = 'strict')"
report 4 'a scan that did not finish' --source clinic --policy strict
shows 'broken' 'was interrupted with 7 of 99 provider-days judged'
cp "$dir/page.html" "$dir/broken.html"

if command -v chromium >/dev/null; then
	said=$(node report/test/look.mjs "$dir" "$dir"/{clinic,never,broken}.html 2>&1) && said+=$(node report/test/look.mjs 2>&1)
	ok $? "pages are opened in Chromium: $(grep -c '^ok ' <<<"$said") checks" "$(grep -v '^ok ' <<<"$said")"
	sql "SELECT claim_report('clinic', items => 60)" >"$dir/report.json"
	succeeds 'the picture of the README can be made' node report/test/picture.mjs "$dir/report.json" "$dir/report.png"
	cmp -s "$dir/report.png" "${REPORT_PICTURE:-$dir/report.png}" || cp "$dir/report.png" "$REPORT_PICTURE"
else
	skip 'pages are opened in a browser' 'chromium is not installed'
fi
is "$(($(wc -c <doc/report.png) < 150000))" 1 'the picture of the README is small'

done_testing

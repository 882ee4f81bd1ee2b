#!/bin/bash
# test/cluster/dbt.sh
#
# The package dbt/, rendered by test/dbt_render.py as dbt renders it, and run as dbt does: a test fails where its query returns rows.
# shellcheck source=test/cluster/lib.sh
. test/cluster/lib.sh
python=$(command -v /usr/bin/python3 || command -v python3)

if [[ -z $python ]] || ! "$python" -c 'import jinja2' 2>/dev/null; then
	python=$(command -v python3)
	if [[ -z $python ]] || ! "$python" -c 'import jinja2' 2>/dev/null; then
		skip 'dbt/' 'needs python3-jinja2'
		done_testing
	fi
fi

schema='Claims x'
vars="{\"claimline_schema\": \"$schema\"}"
new_cluster a
{ sql "CREATE SCHEMA \"$schema\"" && sql "CREATE EXTENSION claimline SCHEMA \"$schema\""; } || bail_out 'no extension'
"${psql[@]}" -o /dev/null -f demo/claims.sql >/dev/null 2>&1 || bail_out 'no claims'

# what is Tuva's and not in the demo
sql "ALTER TABLE medical_claim ADD claim_line_end_date date; $(printf 'ALTER TABLE medical_claim ADD diagnosis_code_%s text;' {5..12})"
sql "CREATE TABLE small AS SELECT * FROM medical_claim LIMIT 0; INSERT INTO small (claim_id, claim_line_number, person_id, rendering_npi, claim_line_start_date, hcpcs_code, hcpcs_modifier_1, service_unit_quantity, charge_amount)
	VALUES ('A', 1, 'P1', 'N1', '2024-08-01', '97110', 'GP', 1, 40), ('B', 1, 'P2', 'N1', '2024-08-01', '97124', 'GP', 9, 40), ('C', 1, 'P3', 'N1', '2024-08-01', '9711', 'GP', 1, 40), ('D', 1, 'P4', 'N1', '2024-08-01', NULL, 'GP', 1, 40)"

render() {
	"$python" test/dbt_render.py "$@" "$vars"
}

# fails TEST MODEL ARGUMENTS: how many rows the test returns, or the error
fails() {
	local query

	query=$(render "$1" "$2" "$3" 2>&1) || { echo "not rendered: ${query##*$'\n'}"; return; }
	sql "SELECT count(*) FROM ($query) dbt_internal_test" 2>&1 | head -n 1
}

# rows TEST MODEL ARGUMENTS COLUMN: what a column of them says
rows() {
	sql "SELECT string_agg($4::text, ',' ORDER BY $4::text) FROM ($(render "$1" "$2" "$3")) dbt_internal_test"
}

is "$(rows claim_passes small '{}' claim_id)" B,C,D 'claim_passes: what is denied, and what is no line'
is "$(rows claim_passes small '{"lines": false}' claim_id)" B 'or only what is denied'
is "$(rows claim_passes small '{}' "claimline_line")" '97124-GP x9 2024-08-01' 'with the line'
is "$(rows claim_passes small '{"fields": {"code": "hcpcs_code", "units": "1"}, "lines": false}' claim_id)" "$(sql "SELECT string_agg(claim_id, ',') FROM small WHERE NOT \"$schema\".claim_passes(\"$schema\".try_claimline(hcpcs_code))")" 'fields of a table of another layout'
sql "INSERT INTO \"$schema\".claim_policy (name, settings) VALUES ('it''s', '{\"extends\": \"medicare\"}')"
is "$(fails claim_passes small "{\"policy\": \"it's\", \"lines\": false}")" 1 'another policy, whatever its name'
is "$(fails claim_passes small '{"policy": "other"}')" 'ERROR:  policy "other" does not exist' 'one that there is not'
is "$(fails claim_passes medical_claim '{"lines": false}')" "$(sql "SELECT count(*) FROM medical_claim, LATERAL (SELECT \"$schema\".try_claimline(code => hcpcs_code, modifiers => ARRAY[hcpcs_modifier_1, hcpcs_modifier_2, hcpcs_modifier_3, hcpcs_modifier_4, hcpcs_modifier_5],
	units => service_unit_quantity, dos => coalesce(claim_line_start_date, claim_start_date), dx => ARRAY[diagnosis_code_1, diagnosis_code_2, diagnosis_code_3, diagnosis_code_4], dx_of => 'claim') AS line) l
	WHERE NOT \"$schema\".claim_passes(line, \"$schema\".ruleset('medicare'))")" 'of all of the demo'

for test in claim_no_open_denials claim_scanned; do
	is "$(fails $test small '{"source": "none"}')" 1 "$test: a source that there is not fails"
done
is "$(fails claim_source_coverage small '{"source": "none"}')" 'ERROR:  claim source "none" does not exist' 'claim_source_coverage too'
sql "SET client_min_messages = error; SELECT \"$schema\".claim_source_add('o''s', 'small', 'tuva')" >/dev/null
source='"source": "o'"'"'s"'
is "$(rows claim_no_open_denials small "{$source}" message)/$(rows claim_scanned small "{$source}" problem)" 'never scanned, or not yours to read/never scanned, or not yours to read' 'so does one that was never scanned'
is "$(sql "$(render macro claimline_scan "{$source}")" 2>&1 | grep -c ERROR)" 0 'claimline_scan scans'
is "$(fails claim_scanned small "{$source}")/$(fails claim_no_open_denials small "{$source}")/$(fails claim_no_open_denials small "{$source, \"above\": 1}")" 0/1/0 'scanned: one denial is open, more than 0 and not more than 1'
is "$(rows claim_no_open_denials small "{$source}" claim_id)" B 'the line'
is "$(fails claim_scanned small "{$source, \"policy\": \"it's\"}")" 1 'by another policy it was not scanned'
sql "UPDATE claimline_internal.claim_scan_run SET finished_at = finished_at - interval '27 hours'"
is "$(rows claim_scanned small "{$source}" problem)/$(fails claim_scanned small "{$source, \"hours\": 28}")" 'no scan finished within 26 hours/0' 'a scan that is old'
sql "UPDATE claimline_internal.claim_scan_run SET status = 'judging', finished_at = NULL"
is "$(rows claim_scanned small "{$source}" problem)" 'no scan finished within 26 hours,the last scan did not finish' 'a scan that was interrupted'

# of four rows one is left out, for it has no code, and one is no line
is "$(fails claim_source_coverage small "{$source}")/$(rows claim_source_coverage small "{$source}" share)/$(fails claim_source_coverage small "{$source, \"lines\": 0.66}")" 1/0.6667/0 'claim_source_coverage: two of three rows are lines'
is "$(rows claim_source_coverage small "{$source, \"lines\": 0, \"decided\": 0.9}" what)" 'provider-days that are decided' 'and how many days were decided'
is "$(fails claim_source_coverage small "{$source, \"lines\": 0, \"decided\": 0.01, \"policy\": \"it's\"}")" 1 'by a policy that has not scanned none is'

# dbt makes a table anew under its name, with another in its place
"${psql[@]}" -c 'CREATE TABLE small_new AS TABLE small' -c 'DROP TABLE small CASCADE' -c 'ALTER TABLE small_new RENAME TO small' 2>/dev/null
is "$(sql "$(render macro claimline_rebind "{$source, \"relation\": \"public.small\"}")" 2>&1 | grep -c ERROR)" 0 'claimline_rebind puts the source over it'
sql "$(render macro claimline_scan "{$source}")" 2>/dev/null
is "$(fails claim_scanned small "{$source}")/$(fails claim_no_open_denials small "{$source}")" 0/1 'and the next scan scans it'

# every file is documented
for file in dbt/tests/generic/*.sql; do
	name=$(basename "$file" .sql)
	succeeds "$name is in its README" grep -qF "| \`$name\` |" dbt/README.md
done

done_testing

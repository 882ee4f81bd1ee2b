#!/bin/bash
# test/cluster/coverage.sh
#
# What claim_source_add, claim_guard_add and claim_scan say about claims of today: nothing where an edition covers it, whatever day
# it is; else what is covered, what other claims get, and how to load the quarter.
# shellcheck source=test/cluster/lib.sh
. test/cluster/lib.sh
new_cluster a
sql 'CREATE DATABASE t' || exit
export PGDATABASE=t
sql "CREATE EXTENSION claimline;
	CREATE TABLE visit (patient text, npi text, dos date, code text); CREATE INDEX ON visit (patient, npi, dos);
	INSERT INTO claim_policy (name, settings) VALUES ('strict', '{\"extends\": \"medicare\", \"outside_coverage\": \"apply\"}')" ||
	bail_out 'no extension'
mue_file Practitioner 1 >"$CLUSTER_DIR/practitioner" || exit
mue_file 'DME Supplier' 1 >"$CLUSTER_DIR/dme" || exit

add="SELECT claim_source_add('visits', 'visit', columns => '{\"patient\": \"patient\", \"provider\": \"npi\", \"dos\": \"dos\", \"code\": \"code\"}')"

# said SQL: what the notice on coverage says, without its hint
said() {
	sql "$1" 2>&1 >/dev/null | sed -n '/NCCI edition/ { s/^NOTICE:  //p; n; s/^DETAIL:  //p; n; /^HINT:.*claimline-ncci FILE/!s/^/no command: /p }'
}

# publish TYPE EDITION COVERS
publish() {
	{ load '' "$CLUSTER_DIR/$1"; echo "SELECT ncci_publish('$2', '$1', '$3')"; } | PGOPTIONS='-c client_min_messages=warning' "${psql[@]}" >/dev/null
}

# notice TYPE EDITION COVERED [ELSE]
notice() {
	printf 'the newest NCCI edition of service type "%s" does not cover today\n' "$1"
	printf 'Edition "%s" covers %s.  On other dates a denial by code pairs or unit limits ' "$2" "$3"
	echo "${4-is a review}; other rules judge as ever."
}

# covered TYPE: what the built-in edition covers
covered() {
	sql "SELECT format('code pairs of dates of service to %s and unit limits to %s, those of some codes longer',
		upper(ruleset_coverage(r, 'ptp')) - 1, upper(ruleset_coverage(r, 'mue')) - 1) FROM ruleset('medicare', NULL, '$1') r"
}

end=$(covered practitioner)
hospital_end=$(covered outpatient)
pairs_end=$(sql "SELECT upper(ruleset_coverage(starter_ruleset(), 'ptp')) - 1")
is "$(said "$add")" "$(notice practitioner starter "$end")" 'a source: the built-in edition does not cover today'
is "$(said "SELECT claim_guard_add('visits')")" "$(notice practitioner starter "$end")" 'a guard'
is "$(said "SELECT claim_guard_add('visits', 'strict')")" "$(notice practitioner starter "$end" 'stays, by the rows as they were')" \
	'a guard of a policy that denies everywhere'
is "$(said "SELECT claim_guard_add('visits', service_type => 'outpatient')")" "$(notice outpatient starter-outpatient "$hospital_end")" \
	'a guard of another service type'
is "$(said "CALL claim_scan('visits')")" "$(notice practitioner starter "$end")" 'a scan'
is "$(said "CALL claim_scan('visits', edition => 'starter')")" '' 'a scan by an edition that was asked for says nothing'

publish practitioner later '[2999-01-01,2999-03-31]'
is "$(said "SELECT claim_guard_add('visits')")" "$(notice practitioner later 'dates of service before or after today only')" 'an edition of later dates alone'
publish dme old '[2020-01-01,2020-03-31]'
publish dme later '[2999-01-01,2999-03-31]'
is "$(said "SELECT claim_guard_add('visits', service_type => 'dme')")" "$(notice dme later 'dates of service before or after today only')" \
	'today between two editions, of a service type without a built-in one'
publish practitioner all '[2020-10-01,2998-12-31]'
is "$(said "SELECT claim_guard_add('visits')")$(said "CALL claim_scan('visits')")" '' 'nothing where an edition covers today, the newest or not'
is "$(said "SELECT claim_guard_add('visits', service_type => 'outpatient')")" "$(notice outpatient starter-outpatient "$hospital_end")" \
	'another service type has editions of its own'
is "$(said "SELECT claim_source_drop('visits')")$(said "$add")" '' 'nor is there anything to say of a source'
sql "SELECT ncci_retire('all', 'practitioner', 'wrong'), ncci_retire('later', 'practitioner', 'wrong')" >/dev/null
is "$(said "SELECT claim_guard_add('visits')")" "$(notice practitioner starter "$end")" 'a retired edition covers nothing'
publish practitioner today '[,]'
is "$(said "CALL claim_scan('visits')")" '' 'an edition of all dates'
sql "SELECT ncci_retire('today', 'practitioner', 'wrong')" >/dev/null
for days in 0 1 -1; do
	publish practitioner "day$days" "$(sql "SELECT daterange(current_date - 10, current_date + $days)")"
	wanted=$([[ $days = 1 ]] || notice practitioner "day$days" "code pairs of dates of service to $pairs_end and unit limits to $(sql "SELECT current_date + $days - 1")")
	is "$(said "SELECT claim_guard_add('visits')")" "$wanted" "an edition that ends $days days from today"
	sql "SELECT ncci_retire('day$days', 'practitioner', 'wrong')" >/dev/null
done
done_testing

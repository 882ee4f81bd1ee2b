#!/bin/bash
# test/cluster/citus.sh
#
# Distributed, reference, local and columnar tables of Citus, with a coordinator and two workers: what queries, scans and guards do.
# shellcheck source=test/cluster/lib.sh
. test/cluster/lib.sh

new_cluster a
if [[ $(sql "SELECT count(*) FROM pg_available_extensions WHERE name = 'citus'") = 0 ]]; then
	skip 'Citus' 'Citus is not installed for this server'
	done_testing
fi
new_cluster b
new_cluster c
on() {
	PGHOST=$CLUSTER_DIR/$1 "${psql[@]}" -c "$2"
}
for node in a b c; do
	cat >>"$CLUSTER_DIR/$node/data/postgresql.conf" <<-END
		shared_preload_libraries = 'citus'
		wal_level = logical
		citus.node_conninfo = 'sslmode=prefer'
		citus.shard_count = 8
		citus.local_hostname = '$CLUSTER_DIR/$node'
	END
	as_server "$CLUSTER_SERVER/pg_ctl" restart -w -t 60 -D "$CLUSTER_DIR/$node/data" -l "$CLUSTER_DIR/$node/log" -m fast >/dev/null 2>&1 ||
		bail_out "pg_ctl restart: $(tail -n 3 "$CLUSTER_DIR/$node/log")"
	on $node 'CREATE EXTENSION citus' || bail_out 'citus'
done
export PGHOST=$CLUSTER_DIR/a
sql "SELECT citus_set_coordinator_host('$CLUSTER_DIR/a', 5432)" >/dev/null || bail_out 'coordinator'
sql "SELECT citus_add_node('$CLUSTER_DIR/b', 5432), citus_add_node('$CLUSTER_DIR/c', 5432)" >/dev/null || bail_out 'workers'
echo "# $(sql 'SELECT citus_version()')"
sql 'CREATE EXTENSION claimline' || bail_out 'claimline'
is "$(on b "SELECT count(*) FROM pg_extension WHERE extname = 'claimline'"), $(on c "SELECT count(*) FROM pg_extension WHERE extname = 'claimline'")" '1, 1' 'Citus makes the extension on the workers'


# the same lines four times; patients are text, which is read, and numbers, by which Citus can group where the rows are
"${psql[@]}" >"$CLUSTER_DIR/made.log" 2>&1 <<-'SQL' || bail_out "$(cat "$CLUSTER_DIR/made.log")"
	CREATE EXTENSION IF NOT EXISTS citus_columnar;
	CREATE TABLE local_text (patient text, provider text, dos date, claim_id text, line_no int, code text, modifier text, units numeric, minutes int, dx text, billed numeric, touched int);
	INSERT INTO local_text SELECT 'P' || g % 300, 'N' || g % 3, date '2024-01-01' + g % 200, 'C' || g, i, (ARRAY['97110', '97124', '97140', '98940'])[1 + (g + i) % 4],
		CASE WHEN g % 11 > 0 THEN 'GP' END, 1 + g % 5, 15, 'M99.01', g % 90, 0 FROM generate_series(1, 3000) g, generate_series(1, 1 + g % 3) i;
	CREATE TABLE spread_text (LIKE local_text);
	CREATE TABLE reference_text (LIKE local_text);
	CREATE TABLE columnar_text (LIKE local_text) USING columnar;
	CREATE TABLE local_number AS SELECT substr(patient, 2)::bigint AS patient, substr(provider, 2)::bigint AS provider, dos, claim_id, line_no, code, modifier, units, minutes, dx, billed, touched FROM local_text;
	CREATE TABLE spread_number (LIKE local_number);
	SELECT create_distributed_table('spread_text', 'patient'), create_distributed_table('spread_number', 'patient'), create_reference_table('reference_text');
	INSERT INTO spread_text SELECT * FROM local_text;
	INSERT INTO reference_text SELECT * FROM local_text;
	INSERT INTO columnar_text SELECT * FROM local_text;
	INSERT INTO spread_number SELECT * FROM local_number;
	INSERT INTO claim_policy (name, settings) VALUES ('mine', '{"extends": "medicare", "cmt_massage": "bundled"}');
	CREATE FUNCTION source(t text, marked boolean) RETURNS void LANGUAGE sql AS $$
		SELECT claim_source_add(t || CASE WHEN marked THEN '_marked' ELSE '' END, t::regclass, charge => 'billed', watermark => CASE WHEN marked THEN 'touched' END,
			columns => '{"patient": "patient", "provider": "provider", "dos": "dos", "claim_id": "claim_id", "line_no": "line_no",
			"code": "code", "modifiers": "modifier", "units": "units", "minutes": "minutes", "dx": "dx"}') $$;
	SELECT claim_source_add('as_is', 'spread_text', columns => '{"patient": {"column": "patient", "as_is": true}, "provider": {"column": "provider", "as_is": true}, "dos": "dos",
		"claim_id": "claim_id", "line_no": "line_no", "code": "code", "modifiers": "modifier", "units": "units", "minutes": "minutes", "dx": "dx"}');
	SELECT source(t, false), source(t, true) FROM unnest('{local_text,spread_text,reference_text,columnar_text,local_number,spread_number}'::text[]) t;
SQL
tables=(local_text spread_text reference_text columnar_text local_number spread_number)

# --- queries: what is found, or a clear error, never by the rules of a worker ---

# asked FORM TABLE RULESET: a query
asked() {
	local patient="'P8'"

	[[ $2 != *number ]] || patient=8
	echo "SELECT count(*) || ' ' || md5(string_agg(f.rule || f.severity, ' ' ORDER BY dos, f.rule, f.severity))"
	case $1 in
	lateral) echo "FROM (SELECT dos, claimday(claim_id, line_no, line) AS day FROM $2_lines GROUP BY patient, provider, dos) d, claim_edits(d.day, $3) f" ;;
	list) echo "FROM (SELECT dos, (claim_edits(claimday(claim_id, line_no, line), $3)).* FROM $2_lines GROUP BY patient, provider, dos) f" ;;
	window) echo "FROM (SELECT dos, line_edits(line, $3) OVER (PARTITION BY patient, provider, dos) AS findings FROM $2_lines) l, unnest(l.findings) f" ;;
	passes) echo "FROM (SELECT dos, 'passes' AS rule, claim_passes(line, $3)::text AS severity FROM $2_lines) f" ;;
	one) echo "FROM (SELECT dos, (claim_edits(claimday(claim_id, line_no, line), $3)).* FROM $2_lines WHERE patient = $patient GROUP BY patient, provider, dos) f" ;;
	esac
}
refused='ERROR:  ruleset() is called by a worker of Citus
ERROR:  cannot push down subquery on the target list
ERROR:  set-valued function called in context that cannot accept a set'
# answers FORM TABLE RULESET: right, refused or what it is
answers() {
	local query got

	query=$(asked "$@")
	if [[ $3 = rules ]]; then
		got=$(sql "DO \$\$ DECLARE rules claim_ruleset := ruleset('mine'); said text; BEGIN $query INTO said; RAISE NOTICE '%', said; END \$\$" 2>&1 | sed 's/^NOTICE:  //' | head -n 1)
	else
		got=$(sql "$query" 2>&1 | head -n 1)
	fi
	if [[ $got = "$wanted" ]]; then
		echo right
	elif [[ $got = ERROR* && $'\n'$refused$'\n' = *$'\n'"$got"$'\n'* ]]; then
		echo refused
	else
		echo "$got"
	fi
}
for form in lateral list window passes one; do
	wanted=$(sql "$(asked $form local_text "ruleset('mine')")")
	said=''
	for t in "${tables[@]}"; do
		for rules in "ruleset('mine')" "(SELECT ruleset('mine'))" rules; do
			said+="$t, $rules: $(answers $form "$t" "$rules")"$'\n'
		done
	done
	is "$(grep -vE ': right$|^spread_.*: refused$' <<<"$said")" '' "$form: right, or refused where the table is distributed"
	case $form in
	lateral | passes) is "$(grep -E ', (rules:|\(SELECT)' <<<"$said" | grep -v ': right$')" '' "$form: right of every table where the ruleset is a value" ;;
	one) is "$(grep '_number, rules:' <<<"$said" | grep -v ': right$')" '' "$form: right of numbers where the ruleset is a variable" ;;
	*) is "$(grep -E '_number, (rules:|\(SELECT)' <<<"$said" | grep -v ': right$')" '' "$form: right of numbers where the ruleset is a value" ;;
	esac
done
for form in list window; do
	wanted=$(sql "$(asked $form local_text "ruleset('mine')")")
	is "$(answers $form as_is "(SELECT ruleset('mine'))")" right "$form: right of text that is taken as it is"
done
[[ $(sql "EXPLAIN (COSTS OFF) $(asked list spread_number "(SELECT ruleset('mine'))")") = *'Custom Scan (ClaimDays)'* ]]
ok $? 'days are put together where the rows are, by the node'

# --- scans ---

recomputed() {
	sql "SELECT count(*) || ' ' || coalesce(md5(string_agg(concat_ws('|', patient, provider, dos, claim_id, line_no, rule, severity, message), ' ' ORDER BY patient, provider, dos, claim_id, line_no, rule, severity, message)), '')
		FROM (SELECT patient::text, provider::text, dos, e.claim_id, e.line_no, e.rule, e.severity, e.message
			FROM (SELECT patient, provider, dos, claimday(claim_id, line_no, line) AS day FROM $1_lines GROUP BY patient, provider, dos) d, claim_edits(d.day, (SELECT ruleset('mine'))) e
			WHERE e.severity >= 'review' AND e.rule <> 'edition-coverage' OFFSET 0) f"
}
kept() {
	sql "SELECT count(*) || ' ' || coalesce(md5(string_agg(concat_ws('|', patient, provider, dos, claim_id, line_no, rule, severity, message), ' ' ORDER BY patient, provider, dos, claim_id, line_no, rule, severity, message)), '')
		FROM claim_findings WHERE source = '$1'"
}
# scanned NAME [DAYS]: every source is, and is as recomputed; so many days were judged
scanned() {
	local name=$1 days=${2-} t marked said wrong=''

	for t in "${tables[@]}"; do
		for marked in '' _marked; do
			said=$(sql "CALL claim_scan('$t$marked', 'mine')" 2>&1) || wrong+="$t$marked: $said"$'\n'
			[[ $(recomputed "$t$marked") = "$(kept "$t$marked")" ]] || wrong+="$t$marked: not as recomputed"$'\n'
			[[ ! $days || $(sql "SELECT days_done FROM claim_scan_progress ORDER BY scan DESC LIMIT 1") = "$days" ]] || wrong+="$t$marked: not $days days"$'\n'
		done
	done
	ok $((${#wrong} > 0)) "scan: $name" "$wrong"
}
# changed NAME SQL [NODE]: in every table that can be changed so, distributed ones by way of the node; %s is the table
changed() {
	local t prefix

	for t in "${tables[@]}"; do
		prefix=P
		[[ $t != *number ]] || prefix=''
		[[ $t != columnar* || $2 = INSERT* ]] || continue
		PGHOST=$CLUSTER_DIR/${3-a}
		[[ $PGHOST = */a || $t = spread* || $t = reference* ]] || PGHOST=$CLUSTER_DIR/a
		sql "$(sed "s/%s/$t/g; s/'P/'$prefix/g; s/'N/'${prefix:+N}/g" <<<"$2")" || bail_out "$1"
		PGHOST=$CLUSTER_DIR/a
	done
	scanned "$1"
}
scanned 'the first'
scanned 'nothing changed' 0
changed 'rows are updated' "UPDATE %s SET units = 9, touched = 1 WHERE claim_id = 'C77'"
changed 'rows are updated by way of a worker' "UPDATE %s SET units = 8, touched = 2 WHERE claim_id = 'C78'" b
changed 'rows are moved to another day' "UPDATE %s SET dos = dos + 1, touched = 3 WHERE claim_id IN ('C79', 'C80')"
changed 'rows are deleted' "DELETE FROM %s WHERE claim_id = 'C81'"
changed 'rows are inserted' "INSERT INTO %s VALUES ('P9999', 'N1', '2024-01-01', 'X', 1, '98940', 'AT', 1, NULL, 'M99.01', 1, 4), ('P9999', 'N1', '2024-01-01', 'Y', 1, '97124', 'GP', 1, 15, 'M99.01', 1, 4)"
sql "UPDATE claim_policy SET settings = '{\"extends\": \"medicare\", \"daily_limits\": {\"97124\": 2}}' WHERE name = 'mine'" || exit
scanned 'another policy'
sql "INSERT INTO ncci_mue_import VALUES ('HCPCS/
CPT Code', 'Practitioner Services MUE Values', 'MUE Adjudication Indicator', 'MUE Rationale'), ('97124', '2', '3 Date of Service Edit: Clinical', 'Clinical: Data')" || exit
sql "SELECT count(*) FROM ncci_publish('q', 'practitioner', '[2024-07-01,2024-09-30]', true)" >/dev/null 2>"$CLUSTER_DIR/publish.log" || bail_out "$(cat "$CLUSTER_DIR/publish.log")"
scanned 'another edition'
sql "SELECT citus_move_shard_placement(shardid, '$CLUSTER_DIR/b', 5432, '$CLUSTER_DIR/c', 5432, 'block_writes') FROM citus_shards
	WHERE table_name = 'spread_text'::regclass AND nodename = '$CLUSTER_DIR/b' ORDER BY shardid LIMIT 1" >/dev/null || bail_out 'cannot move a shard'
scanned 'shards are moved' 0

# --- guards ---

for t in spread_text reference_text; do
	for add in claim_guard_add claim_source_track; do
		is "$(sql "SELECT $add('$t')" 2>&1 | head -n 1)" "ERROR:  table public.$t is distributed by Citus" "$add refuses $t"
	done
done
for t in local_text columnar_text; do
	sql "SELECT claim_guard_add('$t')" 2>/dev/null || bail_out 'guard'
	is "$(sql "INSERT INTO $t VALUES ('X', 'N', '2024-08-01', 'A', 1, '98940', 'AT', 1, NULL, 'M99.01'), ('X', 'N', '2024-08-01', 'B', 1, '97110', 'GP', 1, 15, 'M99.01')" 2>&1)" '' "a guard of $t takes what passes"
	is "$(sql "INSERT INTO $t VALUES ('X', 'N', '2024-08-01', 'C', 1, '97124', 'GP', 1, 15, 'M99.01')" 2>&1 | head -n 1)" 'ERROR:  claim line violates rule "ptp"' 'and refuses what is in conflict'
done
is "$(sql "SELECT create_distributed_table('local_text', 'patient')" 2>&1 | head -n 1)" 'ERROR:  cannot distribute relation "local_text" because it has triggers' 'Citus distributes no guarded table'
is "$(sql "SET citus.enable_unsafe_triggers = on; SELECT create_distributed_table('local_text', 'patient')" 2>&1 | grep -m 1 ERROR)" 'ERROR:  claim source "local_text" does not exist' \
	'nor one with rows where it is told to'
sql "CREATE TABLE empty (LIKE local_text); SELECT source('empty', false), claim_guard_add('empty')" >/dev/null 2>&1 || bail_out 'empty'
sql "SET citus.enable_unsafe_triggers = on; SELECT create_distributed_table('empty', 'patient')" >/dev/null || bail_out 'an empty table is distributed'
row="INSERT INTO empty VALUES ('X', 'N', '2024-08-01', 'A', 1, '98940', 'AT', 1, NULL, 'M99.01')"
is "$(sql "$row" 2>&1 | head -n 1)" 'ERROR:  claim source "empty" does not exist' 'one without rows takes none, and says why'
sql "SET citus.enable_unsafe_triggers = on; SELECT claim_guard_drop('empty')" >/dev/null || bail_out 'drop'
is "$(sql "$row" 2>&1)" '' 'until its guard is dropped'
done_testing

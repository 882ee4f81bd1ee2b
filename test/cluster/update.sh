#!/bin/bash
# test/cluster/update.sh
#
# A database that release 0.1.0 made is updated in place: it keeps values, hashes, findings, sources, guards and what users
# built on it, goes on with scans and guards, and ends with the catalogue of a fresh installation.  0.1.0 is built here from
# its source in test/data, for a program of its own.
# shellcheck source=test/cluster/lib.sh
. test/cluster/lib.sh

: "${PG_CONFIG:=pg_config}"
bindir=$("$PG_CONFIG" --bindir)
new_server=$CLUSTER_SERVER
old_server=$CLUSTER_DIR/0.1.0$bindir

# A server finds extensions relative to its own program: a copy of it in a tree of links sees another claimline.
install_old() {
	local source=$CLUSTER_DIR/claimline-0.1.0 tree=$CLUSTER_DIR/0.1.0 dir

	tar -C "$CLUSTER_DIR" -xzf test/data/claimline-0.1.0.tar.gz --no-same-owner || return
	mkdir "$source/doc" && : >"$source/doc/none.md" || return
	make -s -C "$source" -j2 PG_CONFIG="$PG_CONFIG" with_llvm=no || return
	mkdir -p "$tree$bindir" && cp -L "$bindir"/{postgres,initdb,pg_ctl} "$tree$bindir" || return
	for dir in "$("$PG_CONFIG" --sharedir)" "$("$PG_CONFIG" --pkglibdir)"; do
		mkdir -p "$tree$dir" && cp -rs "$dir/." "$tree$dir" || return
		rm -rf "$tree$dir"/{extension/,bitcode/,}claimline*
	done
	make -s -C "$source" PG_CONFIG="$PG_CONFIG" with_llvm=no DESTDIR="$tree" install
}
succeeds '0.1.0 is built' install_old

# as ROLE SQL
as() {
	PGUSER=$1 sql "$2"
}

said() {
	PGUSER=builder "${psql[@]}" -f test/cluster/update_said.sql
}

CLUSTER_SERVER=$old_server
new_cluster a
sql 'CREATE ROLE builder LOGIN; CREATE ROLE analyst LOGIN' || exit
for name in clinic held hostile; do
	sql "CREATE DATABASE $name OWNER builder" || exit
done
export PGOPTIONS='-c search_path=public,claims -c timezone=UTC -c client_min_messages=warning'
PGDATABASE=held as builder "CREATE SCHEMA claims; CREATE EXTENSION claimline SCHEMA claims;
	CREATE VIEW noted AS SELECT count(*) FROM claim_guard_finding; CREATE VIEW times AS SELECT claim_read_time('9:30');
	CREATE TRIGGER told AFTER INSERT ON claim_guard_finding FOR EACH STATEMENT EXECUTE FUNCTION suppress_redundant_updates_trigger()" || exit
PGDATABASE=hostile PGUSER=builder "${psql[@]}" -f test/cluster/update_hostile.sql >/dev/null || exit
PGDATABASE=hostile as analyst "SELECT claim_source_add('theirs', 'line', columns => '{\"patient\": \"person\", \"code\": {\"expression\": \"upper(code)\"}}', schema => 'theirs')" >/dev/null || exit
export PGDATABASE=clinic
PGUSER=builder "${psql[@]}" -f test/cluster/update_before.sql >/dev/null || bail_out 'the database of 0.1.0 cannot be made'
was=$(said) || bail_out '0.1.0 does not answer'
for kind in kept policy edition judged figure preset source visits carrier own parts guard noted aside open at scan change charge undecided worst; do
	ok "$(grep -q "^$kind " <<<"$was"; echo $?)" "0.1.0 has this to say of $kind"
done
as_server "$CLUSTER_SERVER/pg_ctl" stop -w -D "$CLUSTER_DIR/a/data" -m fast >/dev/null || exit

CLUSTER_SERVER=$new_server
start_cluster a
is "$(as builder "SELECT ruleset('medicare')" 2>&1 | sed -n 's/^HINT: *//p')" 'Run ALTER EXTENSION claimline UPDATE.' 'before the update, the new library says what is to be done'
is "$(sql "SELECT string_agg(path, ', ' ORDER BY path) FROM pg_extension_update_paths('claimline') WHERE target = (SELECT default_version FROM pg_available_extensions WHERE name = 'claimline') AND path IS NOT NULL")" \
	"0.1.0--$(sed -n "s/^default_version = '\(.*\)'/\1/p" claimline.control)" 'every version before has an update'
succeeds 'ALTER EXTENSION claimline UPDATE, by who may create objects' as builder 'ALTER EXTENSION claimline UPDATE'
# but for what the shipped policies know more, and presets more
is "$(diff <(echo "$was") <(said | sed -E '/^preset (rif|fhir|x12)$/d') | head -n 20)" '' 'what was said is said'

is "$(as builder "SELECT (SELECT count(*) FROM kept_finding WHERE (finding).rule = 'units-unknown' AND (finding).facts IS NULL), (SELECT count(*) FROM kept_row WHERE rule = 'units-unknown' AND facts IS NULL)")" '1|1' \
	'findings in tables of users have a column more'

# the catalogue
PGDATABASE=postgres sql 'CREATE DATABASE fresh OWNER builder' || exit
PGDATABASE=fresh as builder 'CREATE SCHEMA claims; CREATE EXTENSION claimline SCHEMA claims; GRANT USAGE ON SCHEMA claims TO analyst; GRANT SELECT ON claim_findings TO analyst; REVOKE SELECT ON claim_report_rules FROM PUBLIC' || exit
shipped() {
	sql "SELECT string_agg(p::text, chr(10) ORDER BY p::text COLLATE \"C\") FROM claim_preset p WHERE p.shipped"
}
is "$(diff <(PGDATABASE=fresh shipped) <(shipped) | head -n 20)" '' 'shipped presets are those of this version'
catalogue() {
	"${psql[@]}" -f test/cluster/catalogue.sql
}
ok $(($(catalogue | wc -l) < 1000)) 'the catalogue is long'
is "$(diff <(catalogue) <(PGDATABASE=fresh catalogue) | head -n 20)" '' 'the catalogue is that of a fresh installation'
is "$(sql "SELECT count(*) FROM pg_namespace WHERE nspname = 'claimline_0_1_0'")" 0 'nothing is left of the old one'
is "$(sql "SELECT count(*) FROM pg_depend d JOIN pg_trigger t ON d.classid = 'pg_trigger'::regclass AND d.objid = t.oid WHERE d.deptype = 'e'")" 0 'no trigger of a user is a part of the extension'

# scans and guards go on
is "$(as builder 'SELECT count(*) > 0 FROM worst')" t "a user's view works"
# not of the day that was changed
ids_sql="SELECT concat_ws('/', claim_id, line_no, rule, severity, with_claim_id, with_line_no, message, carc, rarc, suggestion, condition), id FROM claim_findings WHERE source = 'visits' AND policy = 'medicare' AND patient <> 'P13' ORDER BY 1, 2"
ids=$(as builder "$ids_sql")
is "$(as builder "CALL claim_scan('parts', 'plan')" 2>&1; as builder 'SELECT method, why, days_done FROM claim_scan_progress ORDER BY scan DESC LIMIT 1')" 'log|the ruleset changed for any line|61' \
	'the rules of this release judge every day once'
is "$(as builder "CALL claim_scan('parts', 'plan')" 2>&1; as builder 'SELECT method, days_done FROM claim_scan_progress ORDER BY scan DESC LIMIT 1')" 'log|0' \
	'and then what is logged'
as builder "CALL claim_scan('parts', 'plan', method => 'hash')"
is "$(as builder 'SELECT days_done FROM claim_scan_progress ORDER BY scan DESC LIMIT 1')" 0 'days without charges have the hashes that they had'
as builder "CALL claim_scan('visits', method => 'hash')"
is "$(as builder 'SELECT days_done > 100, kept > 100 FROM claim_scan_progress ORDER BY scan DESC LIMIT 1')" 't|t' 'days with charges are judged once more'
is "$(join -t '|' <(echo "$ids" | sort) <(as builder "$ids_sql" | sort) | awk -F '|' '$2 != $3' | head -n 5)" '' 'a finding that is found as before keeps its id'
as builder "CALL claim_scan('visits', method => 'hash')"
is "$(as builder 'SELECT days_done FROM claim_scan_progress ORDER BY scan DESC LIMIT 1')" 0 'and not again'
noted="SELECT count(*) > 0 FROM claim_guard_finding WHERE source = 'visits' AND claim_id = 'C13'"
is "$(as builder "$noted"; as builder "DELETE FROM visit WHERE claim = 'C13'; $noted" | tail -n 1)" $'t\nf' 'what a guard had noted goes with its line'
bad="INSERT INTO part VALUES ('P3', 'N2', '2024-08-01', 'D3', 1, '97124', '{GP}', 4, 15)"
is "$(as builder "$bad" 2>&1 | sed -n 1p)" 'ERROR:  claim line violates rule "mue-day"' 'a guard refuses'
is "$(as builder "${bad/part/part_1}" 2>&1 | sed -n 1p)" 'ERROR:  claim line violates rule "mue-day"' 'on a partition, too'
as builder "SELECT claim_guard_add('parts', 'plan', action => 'quarantine'); ${bad//3/4}" >/dev/null
is "$(as builder 'SELECT count(*) FROM claim_quarantine')" 2 'a guard is changed'
as builder "SELECT claim_guard_drop('parts'), claim_source_untrack('parts'); DROP VIEW worst; SELECT claim_source_drop('visits')" >/dev/null
is "$(as builder "SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal AND tgrelid IN ('part'::regclass, 'part_1'::regclass, 'visit'::regclass)")" 0 'guards, logs and sources are dropped'

# what users made of what has gone is not dropped behind their back
export PGDATABASE=held
held=$(as builder 'ALTER EXTENSION claimline UPDATE' 2>&1)
is "$(sed -n 's/^ERROR: *//p' <<<"$held")" 'objects of extension claimline 0.1.0 that have gone are in use' 'an update that would take away what users need is refused'
ok "$(grep -q '^DETAIL:.*view public.noted depends on table claim_guard_finding' <<<"$held" && grep -q '^DETAIL:.*view public.times depends on function claim_read_time' <<<"$held" &&
	grep -q '^DETAIL:.*trigger told on table' <<<"$held"; echo $?)" 'and says what they are' "$held"
is "$(sql "SELECT extversion FROM pg_extension WHERE extname = 'claimline'")" 0.1.0 'nothing is changed'
as builder 'DROP VIEW noted, times; DROP TRIGGER told ON claim_guard_finding'
succeeds 'without them it is updated' as builder 'ALTER EXTENSION claimline UPDATE'

# who may update the extension does not come to more rights by it
export PGDATABASE=hostile
is "$(as builder 'ALTER EXTENSION claimline UPDATE' 2>&1 | sed -n 's/^ERROR: *//p')" 'the view of claim source "theirs" belongs to analyst' "another role's view is not made again by who has not its rights"
as analyst "UPDATE claim_source SET view = 'ours_lines'"
succeeds 'a view that is not of its source is left alone' as builder 'ALTER EXTENSION claimline UPDATE'
is "$(sql "SELECT count(*) FROM pg_views WHERE viewname ~ '_lines$' AND definition ~ 'upper'")" 1 'and not made by the mapping of another'
is "$(sql "SELECT what, string_agg(DISTINCT by_role, ' ') FROM ran GROUP BY what ORDER BY what COLLATE \"C\"" | paste -sd ' ')" \
	'DELETE below|builder DELETE claim_rvu|builder INSERT claim_policy|builder INSERT claim_rvu|builder constant|builder' 'what the owner laid out is run with the rights of the owner'
done_testing

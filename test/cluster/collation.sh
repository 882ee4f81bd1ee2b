#!/bin/bash
# test/cluster/collation.sh
#
# A database whose collation sorts as people do answers as one that sorts by bytes.
# shellcheck source=test/cluster/lib.sh
. test/cluster/lib.sh

new_cluster a
sql 'CREATE DATABASE bytes' || exit
if ! sql "CREATE DATABASE people TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en'" 2>/dev/null; then
	skip 'another collation' 'the server is built without ICU'
	done_testing
fi
for i in 1 2; do
	ptp_file 400 $i >"$CLUSTER_DIR/ptp$i" && mue_file Practitioner $i >"$CLUSTER_DIR/mue$i" || exit
done

setup_sql() {
	echo 'SET client_min_messages = warning; CREATE EXTENSION claimline;'
	for i in 1 2; do
		load "$CLUSTER_DIR/ptp$i" "$CLUSTER_DIR/mue$i"
		echo "SELECT ncci_publish('e-$i', 'practitioner', '[202$i-01-01,202$i-12-31]');"
	done
	cat <<-'END'
		INSERT INTO claim_policy (name, settings) VALUES ('a_b', '{"extends": "hns"}'), ('aB', '{"extends": "cpt"}'), ('Z', '{"extends": "a_b"}');
		CREATE TABLE visit (person text, npi text, dos date, claim text, no int, line claimline);
		INSERT INTO visit SELECT 'p' || i % 9, 'n', date '2024-01-01' + i % 5, (ARRAY['a_1', 'a1', 'A1', 'Z', 'é', 'a-1'])[1 + i % 6], i,
			format('%s-GP x%s %smin dx=M99.0%s', (ARRAY['97110', '97124', '97140', '98941', 'G0283'])[1 + i % 5], 1 + i % 4, i % 50, 1 + i % 5)::claimline
		FROM generate_series(1, 900) i;
		CREATE TABLE other (n int);
	END
}

answers_sql() {
	cat <<-'END'
		SELECT p.name, e.edition, ruleset_hash(ruleset(p.name, e.edition)) FROM claim_policy p, (VALUES ('e-1'), ('e-2'), ('starter')) e(edition)
		ORDER BY p.name COLLATE "C", 2;
		SELECT * FROM ncci_changes('e-1', 'e-2');
		SELECT line FROM visit ORDER BY line, no;
		SELECT claimday(claim, no, line) FROM visit GROUP BY person, npi, dos ORDER BY person, npi, dos;
		SELECT e.* FROM (SELECT person, npi, dos, claimday(claim, no, line) AS day FROM visit GROUP BY 1, 2, 3 ORDER BY 1, 2, 3) d, claim_edits(day, starter_ruleset()) e;
		SELECT * FROM ruleset_diff(ruleset('medicare'), ruleset('Z'));
		\set ON_ERROR_STOP 0
		SELECT ruleset('none');
		SELECT ruleset('medicare', 'none');
		SELECT claim_source_add('s', 'other', 'none');
		SELECT claim_source_add('s', 'other', 'bfd');
	END
}

for database in bytes people; do
	export PGDATABASE=$database
	setup_sql | "${psql[@]}" >/dev/null || bail_out "setup of $database"
	answers_sql | "${psql[@]}" >"$CLUSTER_DIR/$database" 2>&1
done
is "$(sql "SELECT string_agg(x, ' ' ORDER BY x) FROM (VALUES ('a_b'), ('aB'), ('Z')) v(x)")" 'a_b aB Z' 'the other database sorts otherwise'
is "$(grep -c '^ERROR' "$CLUSTER_DIR/bytes"), $(($(wc -l <"$CLUSTER_DIR/bytes") > 1500))" '4, 1' 'there is something to compare'
is "$(diff "$CLUSTER_DIR/bytes" "$CLUSTER_DIR/people" | head -n 20)" '' 'hashes, changes, order of lines, days, findings and what messages list are the same'
done_testing

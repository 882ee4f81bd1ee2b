#!/bin/bash
# test/cluster/guard_moves.sh
#
# Rows that others move while a guard reads their day, by updates of what is not mapped, which lock no day: to another place of the
# table, to another partition.  The guard sees each of them all the same: a line that conflicts with one is always refused.
# shellcheck source=test/cluster/lib.sh
. test/cluster/lib.sh

seconds=${GUARD_MOVES_SECONDS:-4}
new_cluster a
sql 'CREATE EXTENSION claimline' || exit
columns='patient text, provider text, dos date, claim_id text, line_no int, code text, modifier text, units numeric, minutes int, dx text, part int'
declare -A tables=(
	[plain]="CREATE TABLE claims ($columns)"
	[partitioned]="CREATE TABLE claims ($columns) PARTITION BY LIST (part); CREATE TABLE p0 PARTITION OF claims FOR VALUES IN (0); CREATE TABLE p1 PARTITION OF claims FOR VALUES IN (1)"
)
for kind in plain partitioned; do
	make_guarded "${tables[$kind]}; CREATE INDEX ON claims (part)"
	sql "INSERT INTO claims VALUES ('P', 'N', '2024-08-01', 'C', 1, '98940', 'AT', 1, NULL, 'M99.01', 0)" || exit
	"${psql[@]}" -c "DO \$\$ DECLARE begun timestamptz := clock_timestamp(); BEGIN
		WHILE clock_timestamp() < begun + interval '$seconds s' LOOP UPDATE claims SET part = 1 - part; COMMIT; END LOOP; END \$\$" >"$CLUSTER_DIR/moves.log" 2>&1 &
	moves=$!
	said=$("${psql[@]}" -c "SET client_min_messages = notice" -c "DO \$\$ DECLARE begun timestamptz := clock_timestamp(); accepted int := 0; refused int := 0; BEGIN
		WHILE clock_timestamp() < begun + interval '$seconds s' LOOP
			BEGIN
				INSERT INTO claims VALUES ('P', 'N', '2024-08-01', 'D', 2, '97124', 'GP', 1, 15, 'M99.01', 0);
				RAISE SQLSTATE 'RB001';
			EXCEPTION WHEN check_violation THEN refused := refused + 1; WHEN SQLSTATE 'RB001' THEN accepted := accepted + 1;
			END;
			COMMIT;
		END LOOP;
		RAISE NOTICE 'accepted %, refused %', accepted, refused > 200; END \$\$" 2>&1)
	status=0
	wait $moves || status=1
	ok $status "$kind: the row is moved" "$(cat "$CLUSTER_DIR/moves.log")"
	is "$said" 'NOTICE:  accepted 0, refused t' "$kind: a line beside it is refused, always"
done
done_testing

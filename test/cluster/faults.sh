#!/bin/bash
# test/cluster/faults.sh
#
# A scan, a write to guarded tables, a publish and the first use of an edition are ended at random points: by SIGKILL of their backend
# or of the whole server, by a cancel, by terminating the session.  After each nothing is half done and nothing is left behind, and done
# again it comes to what an undisturbed run comes to.
#
# FAULTS_TRIALS says how many, FAULTS_SEED of which draw, FAULTS_HOW which ways to end them.
# shellcheck source=test/cluster/lib_faults.sh
. test/cluster/lib_faults.sh

trials=${FAULTS_TRIALS:-8}
RANDOM=${FAULTS_SEED:-4711}
ended=0
begin_faults a
fresh

# trial WHAT HOW N
trial() {
	local what=$1 how=$2 n=$3 before after at said strikes=1 cut wrong=''

	if [[ $what = scan ]]; then
		strikes=$((1 + RANDOM % 3))
		for PGDATABASE in reference victim; do
			sql "CALL night($n)" || bail_out 'night'
		done
	fi
	ready "$what" "$n"
	for ((; strikes > 0; strikes--)); do
		((++ways))
		at=$((took * (RANDOM % 1000) / 1000)) cut=0
		! strike $at "$how" < <(
			[[ $how != cancel ]] || echo '\set ON_ERROR_STOP 0'
			"${what}_sql" "$n"
			[[ $how != cancel ]] || held_sql
		) || cut=1
		# no other errors than those that it was ended by
		said=$(grep -E '(ERROR|FATAL|PANIC|WARNING): |still held' "$CLUSTER_DIR/session.log" |
			grep -vE 'WARNING:  there is no transaction|ERROR:  canceling statement due to user request|FATAL:  terminating connection due to (administrator command|unexpected postmaster exit)')
		wrong+=${said:+at $at ms: $said$'\n'}
		((cut == 0)) || ((++ended))
		[[ $how-$cut = backend-0 ]] || said=$(left_files)
		wrong+=${said:+left at $at ms: $said$'\n'}
	done
	[[ $what != scan ]] || wrong+=$(sql "SELECT 'seems to run: ' || status FROM claim_scan_progress WHERE status IN ('looking', 'judging')")
	wrong+=$(half_done "$what")$(settled "$what" "$n")
	ok $((${#wrong} > 0)) "$what, $how at $at of $took ms" "$wrong"
	[[ ! $wrong ]] || fresh
}

works=(scan guard publish use)
read -ra hows <<<"${FAULTS_HOW:-backend server cancel terminate}"
for ((n = 1; n <= trials; n++)); do
	what=${works[n % 4]}
	[[ $what != publish ]] || can_publish $n || fresh
	trial "$what" "${hows[RANDOM % ${#hows[@]}]}" $n
done
echo "# $ended sessions were ended before they were through"
done_testing

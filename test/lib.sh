# shellcheck shell=bash
# test/lib.sh
#
# For tests in bash: a test sources this file, runs at the root of the tree and prints TAP.
set -u -o pipefail
results=0 not_ok=0

# bail_out WHY...: prove shows one line of it
bail_out() {
	local why="$*"

	echo "Bail out!  ${why//$'\n'/ | }"
	exit 1
}

# ok STATUS NAME [OUTPUT]
ok() {
	((++results))
	if (($1 == 0)); then
		echo "ok $results - $2"
	else
		((++not_ok))
		echo "not ok $results - $2"
		[[ -z ${3-} ]] || printf '# %s\n' "${3//$'\n'/$'\n'# }"
	fi
}

# is GOT WANTED NAME
is() {
	local status=0

	[[ $1 = "$2" ]] || status=1
	ok $status "$3" "got    ${1:0:2000}"$'\n'"wanted ${2:0:2000}"
}

# succeeds NAME COMMAND...
succeeds() {
	local name=$1 output status=0

	shift
	output=$("$@" 2>&1) || status=1
	ok $status "$name" "${output:0:4000}"
}

# skip NAME WHY
skip() {
	echo "ok $((++results)) - $1 # SKIP $2"
}

done_testing() {
	echo "1..$results"
	exit $((not_ok > 0))
}

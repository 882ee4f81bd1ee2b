#!/bin/bash
# examples/nightly.sh SOURCE [PAGE.html [POLICY]]
#
# A night of a claim source: scans what changed, and writes the page of claimline-report if a file is named for it.  It mails and
# publishes nothing.  What a monitor reads is the exit status:
#   0  scanned; at most BAR findings were opened
#   1  scanned; more than BAR findings were opened (BAR is 0 without more)
#   2  failed: the scan, or the page
# It says nothing on status 0, so that cron mails nothing; else one line on standard output, and errors on standard error.
# The database is that of PGHOST, PGDATABASE and so on.  Where the extension's schema is not on the path of the user:
# PGOPTIONS='-c search_path=claims,public'.
set -u -o pipefail
source=${1:?source} page=${2-} policy=${3-medicare} bar=${BAR-0}

failed() {
	printf 'FAILED %s by %s: %s\n' "$source" "$policy" "$1"
	exit 2
}

[[ $bar =~ ^[0-9]+$ ]] || failed "BAR is $bar, must be a number"
row=$(psql -X -q -A -t -F ' ' -v ON_ERROR_STOP=1 -v source="$source" -v policy="$policy" <<<"CALL claim_scan_row(:'source', :'policy');") ||
	failed 'the scan'
read -r opened changed closed undecided seconds <<<"$row"
[[ $opened =~ ^[0-9]+$ ]] || failed "the scan said: $row"

if [[ -n $page ]]; then
	claimline-report --source="$source" --policy="$policy" --out="$page" || failed "the page, with status $?"
fi

if ((opened > bar)); then
	printf 'FINDINGS %s by %s: %s opened (more than %s), %s changed, %s closed, %s provider-days undecided, %s s\n' \
		"$source" "$policy" "$opened" "$bar" "$changed" "$closed" "$undecided" "$seconds"
	exit 1
fi

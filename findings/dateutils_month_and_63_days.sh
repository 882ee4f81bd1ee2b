#!/usr/bin/env bash
#
# dateutils: from 31 January to 1 March it is one month and 63 days, and from 30 January to the end of February none
#
# Package    Debian 12 dateutils 0.4.10-1
#
# Guess, written down before the first run
#            "%m:%d of a difference are the full months and the days that are left, fewer than a month has. A month from the 31st ends
#            with the month, as for its own dadd, or on the first of the next."
#
# Seen       datediff -f %m:%d, beside the months that dateadd needs to get there and the days left
#
#                2024-01-31    2024-03-01    1:63       1:1
#                2023-01-31    2023-03-01    1:62       1:1
#                2024-05-31    2025-03-01    9:62       9:1
#                2024-05-31    2025-03-02    9:63       9:2
#                2024-01-30    2024-02-29    0:30       1:0            (dateadd 2024-01-30 +1mo is 2024-02-29)
#                2024-01-15    2024-03-01    1:15       1:15
#
#            Of the 133,956 pairs of a day of 2024 and one up to a year later 1,706 differ, all from a 29th, 30th or 31st, and 23 have
#            more than 31 days. -f %d alone is right.
#
# Matters    Waiting periods, plans of care and limits for filing are "n months and d days". A script over a file of stays
#            prints 63 in a column of days for the few that begin on a 31st and end in early March, and a check "at most 31
#            days over" drops them. Ask for days alone, or add the months and compare dates.
#
set -euo pipefail
tmp=$(mktemp -d)
chmod 755 "$tmp"
trap 'rm -rf "$tmp"' EXIT
# shellcheck source=findings/lib/debian.bash
. "$(dirname "$0")/lib/debian.bash"
debian dateutils=0.4.10-1
seq 0 731 | sed "s/.*/2024-01-01 +& days/" | date -uf - +%F >"$tmp/dates"
difference() { "$tmp/usr/bin/dateutils.ddiff" "$@"; }
later() { "$tmp/usr/bin/dateutils.dadd" "$@"; }

# expected: the same by months that are added to the start, cut at the end of a month
cat >"$tmp/expected.awk" <<'AWK'
function length_of(y, m) { return m == 2 ? 28 + (y % 4 == 0 && (y % 100 != 0 || y % 400 == 0)) : 30 + (m == 4 || m == 6 || m == 9 || m == 11 ? 0 : 1) }
function number(y, m, d, n, i) { n = d; for (i = 2023; i < y; i++) n += 337 + length_of(i, 2); for (i = 1; i < m; i++) n += length_of(y, i); return n }
function added(y, m, d, months, t, w) { t = y * 12 + m - 1 + months; y = int(t / 12); m = t % 12 + 1; w = length_of(y, m); return number(y, m, d < w ? d : w) }
{
	split($1, a, "-"); split($2, b, "-")
	end = number(b[1], b[2], b[3]); months = (b[1] - a[1]) * 12 + b[2] - a[2]
	if (added(a[1], a[2], a[3], months) > end) months--
	print $1, $2, $3, months ":" end - added(a[1], a[2], a[3], months)
}
AWK
pairs() {
	while read -r from to; do echo "$from $to $(difference "$from" "$to" -f %m:%d)"; done
}
{
	printf '%s\n' '2024-01-31 2024-03-01' '2023-01-31 2023-03-01' '2024-05-31 2025-03-01' '2024-05-31 2025-03-02' \
		'2024-01-30 2024-02-29' '2024-01-15 2024-03-01' | pairs | awk -f "$tmp/expected.awk"
	echo "dateadd: $(later 2024-01-31 +1mo) $(later 2024-01-30 +1mo) $(later 2024-05-31 +9mo)"
	echo "days alone: $(difference 2024-01-31 2024-03-01 -f %d)"
	for ((day = 0; day < 366; day++)); do
		from=$(sed -n "$((day + 1))p" "$tmp/dates")
		sed -n "$((day + 1)),$((day + 366))p" "$tmp/dates" >"$tmp/to"
		difference "$from" -f %m:%d <"$tmp/to" | paste -d' ' "$tmp/to" - | sed "s/^/$from /"
	done | awk -f "$tmp/expected.awk" >"$tmp/all"
	awk '{ split($3, a, ":"); day = substr($1, 9); pairs++; if ($3 != $4) { wrong++; if (day < 29) early++ }; if (a[2] > 31) big++ }
		END { print pairs " pairs: " wrong " others, " early + 0 " of them from days before the 29th, " big " with more than 31 days" }' "$tmp/all"
} >"$tmp/seen"

cat >"$tmp/described" <<'TEXT'
2024-01-31 2024-03-01 1:63 1:1
2023-01-31 2023-03-01 1:62 1:1
2024-05-31 2025-03-01 9:62 9:1
2024-05-31 2025-03-02 9:63 9:2
2024-01-30 2024-02-29 0:30 1:0
2024-01-15 2024-03-01 1:15 1:15
dateadd: 2024-02-29 2024-02-29 2025-02-28
days alone: 30
133956 pairs: 1706 others, 0 of them from days before the 29th, 23 with more than 31 days
TEXT
if diff "$tmp/described" "$tmp/seen"; then
	echo "as described: behind the months there are up to 63 days"
else
	echo "changed: the lines above marked > were seen instead of those marked <" >&2
	exit 1
fi

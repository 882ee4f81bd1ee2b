#!/usr/bin/env bash
#
# Miller: the sum of a column leaves out 25.00- and (5.00) without a word, and counts them
#
# Package    Debian 12 miller 6.6.0-2+b3
#            The same was seen with the 6.18.1-1 of Debian unstable.
#
# Guess, written down before the first run
#            "The sum is fine."
#            (That a column with text has no sum, and an expression over it no value but (error), was taken for granted.)
#
# Seen       A payment of 64.00 and its reversal of 25.00- on the claim C1, a reversal of (5.00) alone on C2:
#
#                put '@s += $paid'                    (error)
#                step -a rsum                         64, (error), (error)
#                stats1 -a sum,mean,count             64, 64, 3            (the mean is not the sum by the count)
#                stats1 … -g claim                    C1 64 of 2, C2 0 of 1
#                merge-fields -a sum,count            as stats1
#                stats1 -a min,max                    64.00, 25.00-        (text is above numbers)
#
#            Its help says that count and mode allow text, and that the rest require numeric input.
#
# Matters    Minus signs behind, and parentheses, are how mainframes and spreadsheets write what was taken back. Everything paid is
#            added, everything taken back is not, so that the total of a remittance is too high by just its reversals, and the
#            column of counts beside it says that all lines are in it. Add with put, which tells, or look for them first:
#            filter 'is_string($paid)'.
#
set -euo pipefail
# shellcheck source=findings/lib/debian.bash
. "$(dirname "$0")/lib/debian.bash"
tmp=$(mktemp -d)
chmod 755 "$tmp"
trap 'rm -rf "$tmp"' EXIT

debian miller=6.6.0-2+b3

printf '%s\n' id,claim,paid '1,C1,64.00' '2,C1,25.00-' '3,C2,(5.00)' >"$tmp/paid.csv"
ask() {
	echo "mlr $*"
	"$tmp/usr/bin/mlr" --icsv --ocsv --from "$tmp/paid.csv" "$@" | sed 's/^/    /'
}
{
	ask put -q '@s += $paid; end { emit @s }'
	ask step -a rsum -f paid
	ask stats1 -a sum,mean,count -f paid
	ask stats1 -a sum,count -f paid -g claim
	ask merge-fields -k -a sum,count -f paid -o of
	ask stats1 -a min,max -f paid
	ask filter 'is_string($paid)' 'then' cut -f id,paid
} >"$tmp/seen" 2>&1

cat >"$tmp/described" <<'TEXT'
mlr put -q @s += $paid; end { emit @s }
    s
    (error)
mlr step -a rsum -f paid
    id,claim,paid,paid_rsum
    1,C1,64.00,64
    2,C1,25.00-,(error)
    3,C2,(5.00),(error)
mlr stats1 -a sum,mean,count -f paid
    paid_sum,paid_mean,paid_count
    64,64,3
mlr stats1 -a sum,count -f paid -g claim
    claim,paid_sum,paid_count
    C1,64,2
    C2,0,1
mlr merge-fields -k -a sum,count -f paid -o of
    id,claim,paid,of_sum,of_count
    1,C1,64.00,64,1
    2,C1,25.00-,0,1
    3,C2,(5.00),0,1
mlr stats1 -a min,max -f paid
    paid_min,paid_max
    64.00,25.00-
mlr filter is_string($paid) then cut -f id,paid
    id,paid
    2,25.00-
    3,(5.00)
TEXT
if diff "$tmp/described" "$tmp/seen"; then
	echo "as described: what was taken back is counted and not added"
else
	echo "changed: the lines above marked > were seen instead of those marked <" >&2
	exit 1
fi

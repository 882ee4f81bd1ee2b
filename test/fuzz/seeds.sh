#!/bin/bash
# test/fuzz/seeds.sh RULESETS DIR
#
# Writes the rulesets of the corpus to DIR.  RULESETS is the program of rulesets.c.  A whole text is out of date with
# every rule and key that is added.  So the corpus has edits: the text of the built-in ruleset is made small by small.sed,
# and each .sed of corpus/ruleset makes a seed of it.  The texts that they edit have a line for each key.  Other files
# are copied.
set -eu -o pipefail

[[ $# = 2 ]] || { echo 'usage: test/fuzz/seeds.sh RULESETS DIR' >&2; exit 2; }
rulesets=$1
dir=$2
fuzz=test/fuzz

# a row is a line that starts with "[": put behind its key
join() {
	awk '/^\[/ { printf "%s", $0; next } { printf "%s%s", start, $0; start = "\n" } END { print "" }'
}

mkdir -p "$dir"
"$rulesets" starter | join | sed -E -f "$fuzz/small.sed" | join >"$dir.small"
for file in "$fuzz"/corpus/ruleset/*; do
	case $file in
	*.sed) sed -E -f "$file" "$dir.small" >"$dir/$(basename "$file" .sed)" ;;
	*) cp "$file" "$dir" ;;
	esac
done
rm "$dir.small"

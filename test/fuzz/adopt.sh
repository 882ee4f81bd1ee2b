#!/bin/sh
# test/fuzz/adopt.sh BUILD_DIR CORE_SOURCE...
#
# Rulesets that other lists of rules store, adopted by ours.  rulesets.c, built with each list,
# encodes them; the one that replay.sh has built with sanitizers reads them.  So it does with a
# ruleset that release 0.1.0 stored.  Prints "ok adopt/LIST/RULESET" or "not ok adopt/LIST/RULESET";
# fails if any fails.  replay.sh calls it.
set -eu

build=$1
shift
ours=$build/rulesets
failed=0

# data/rules.csv as a list has it, and a text as that list writes it, without line ends
rows()
{
	case $1 in
		reordered) head -n 1 data/rules.csv && sed 1d data/rules.csv | LC_ALL=C sort -r ;;
		shorter) grep -vE '^(units-minutes|ptp),' data/rules.csv ;;
		longer) awk '/^ptp,/ { print "later-rule,ptp,deny,a rule of a later release,none" } { print }' data/rules.csv ;;
	esac
}

text()
{
	case $1 in
		reordered) cat ;;
		shorter) sed -E 's/,\["(units-minutes|ptp)",[^]]*\]//g' ;;
		longer) sed -E 's/"rules": ?\[/&["later-rule","ptp","deny","t","c"],/; s/"denials": ?\[/&["later-rule",null,"CO-1",null,null,null,null,null],/' ;;
	esac
}

# what must come of it: the text itself, filled in, or a refusal
wanted()
{
	case $1 in
		reordered) "$ours" read "$2" ;;
		shorter) echo 'lacks units-minutes' && echo 'lacks ptp' && "$ours" read "$2" ;;
		longer) echo 'It has the rule "later-rule", which this version does not know.' ;;
	esac
}

# check NAME VALUE WANTED
check()
{
	"$ours" adopt "$2" >"$build/log" 2>&1 || :
	if diff "$3" "$build/log" >"$build/diff"
	then
		echo "ok adopt/$1"
	else
		echo "not ok adopt/$1"
		sed 's/^/# /' "$build/diff"
		failed=1
	fi
}

"$ours" starter >"$build/starter"
cp "$build/seeds/full" "$build/full"
for list in reordered shorter longer
do
	mkdir -p "$build/$list/ruleset"
	rows $list >"$build/$list/rules.csv"
	LC_ALL=C awk -f src/tools/rule_list.awk "$build/$list/rules.csv" >"$build/$list/ruleset/rule_list.h"
	# its header goes before ours; only what a ruleset is made of is built, for the edits name every rule
	theirs=
	for source
	do
		case $source in src/core/base/* | src/core/line/* | src/core/ruleset/*) theirs="$theirs $source" ;; esac
	done
	${CC:-cc} -std=gnu11 -I"$build/$list" -Isrc/core -o "$build/$list/rulesets" $theirs \
		src/core/ruleset/starter.c test/fuzz/rulesets.c
	for ruleset in full starter
	do
		tr -d '\n' <"$build/$ruleset" | text $list >"$build/$list/text"
		"$build/$list/rulesets" encode "$build/$list/text" >"$build/$list/value"
		wanted $list "$build/$list/text" >"$build/$list/wanted"
		check "$list/$ruleset" "$build/$list/value" "$build/$list/wanted"
	done
done

# stored behind a length that nobody reads, by a machine that writes the low byte first; what it
# says is for test/tap/ruleset_adopt.sql, here its text is read as the same
[ "$(printf '\1\0' | od -An -tu2 | tr -d ' ')" = 1 ] || exit $failed
{ printf 1234; base64 -d test/data/ruleset-0.1.0.base64; } >"$build/value"
"$ours" adopt "$build/value" >"$build/text" || :
{ sed -n '/^lacks /p' "$build/text" && sed '/^lacks /d' "$build/text" >"$build/again" && "$ours" read "$build/again"; } >"$build/wanted"
check 0.1.0/full "$build/value" "$build/wanted"
exit $failed

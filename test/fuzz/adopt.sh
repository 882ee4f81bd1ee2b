# shellcheck shell=bash
# test/fuzz/adopt.sh
#
# Rulesets that other lists of rules store, adopted by ours.  rulesets.c, built with each list, encodes them; the one
# that replay.sh has built with sanitizers reads them.  So it does with a ruleset that release 0.1.0 stored.
# replay.sh sources this file.

# data/rules.csv as a list has it, and a text as that list writes it, without line ends
list_rows() {
	case $1 in
	reordered) head -n 1 data/rules.csv && sed 1d data/rules.csv | LC_ALL=C sort -r ;;
	shorter) grep -vE '^(units-minutes|ptp),' data/rules.csv ;;
	longer) awk '/^ptp,/ { print "later-rule,ptp,deny,a rule of a later release,,none" } { print }' data/rules.csv ;;
	esac
}

list_text() {
	case $1 in
	reordered) cat ;;
	shorter) sed -E 's/,\["(units-minutes|ptp)",[^]]*\]//g' ;;
	longer) sed -E 's/"rules": ?\[/&["later-rule","ptp","deny","t","c"],/; s/"denials": ?\[/&["later-rule",null,"CO-1",null,null,null,null,null],/' ;;
	esac
}

# list_wanted LIST RULESETS TEXT: what must come of it: the text itself, filled in, or a refusal
list_wanted() {
	case $1 in
	reordered) "$2" read "$3" ;;
	shorter) echo 'lacks units-minutes' && echo 'lacks ptp' && "$2" read "$3" ;;
	longer) echo 'It has the rule "later-rule", which this version does not know.' ;;
	esac
}

# rulesets_of LIST BUILD_DIR: the program of rulesets.c built with that list.  Its header goes before ours; only what a ruleset is
# made of is built, for the edits name every rule.
rulesets_of() {
	local sources=(src/core/{base,line,ruleset}/*.c test/fuzz/rulesets.c)

	mkdir -p "$2/ruleset"
	list_rows "$1" >"$2/rules.csv"
	LC_ALL=C awk -f src/tools/rule_list.awk "$2/rules.csv" >"$2/ruleset/rule_list.h"
	"${CC:-cc}" -std=gnu11 -I"$2" -Isrc/core -o "$2/rulesets" "${sources[@]}"
}

# adopt_rulesets BUILD_DIR
adopt_rulesets() {
	local build=$1 list ruleset

	"$build/rulesets" starter >"$build/starter"
	cp "$build/seeds/full" "$build/full"
	for list in reordered shorter longer; do
		rulesets_of "$list" "$build/$list" || bail_out "rulesets.c cannot be built with the list $list"
		for ruleset in full starter; do
			tr -d '\n' <"$build/$ruleset" | list_text "$list" >"$build/$list/text"
			"$build/$list/rulesets" encode "$build/$list/text" >"$build/$list/value"
			is "$("$build/rulesets" adopt "$build/$list/value" 2>&1)" "$(list_wanted "$list" "$build/rulesets" "$build/$list/text")" \
				"a $ruleset ruleset of rules that are $list"
		done
	done

	# stored behind a length that nobody reads, by a machine that writes the low byte first; what it says is for
	# test/tap/ruleset_adopt.sql, here its text is read as the same
	if [[ $(printf '\1\0' | od -An -tu2 | tr -d ' ') != 1 ]]; then
		skip 'a ruleset of release 0.1.0' 'the machine writes the high byte first'
		return
	fi
	{ printf 1234; base64 -d test/data/ruleset-0.1.0.base64; } >"$build/value"
	"$build/rulesets" adopt "$build/value" >"$build/text" 2>&1
	sed '/^lacks /d' "$build/text" >"$build/again"
	is "$(<"$build/again")" "$("$build/rulesets" read "$build/again" 2>&1)" 'a ruleset of release 0.1.0'
}

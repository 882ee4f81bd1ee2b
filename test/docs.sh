#!/bin/bash
# test/docs.sh
#
# The SQL of each page of doc/ runs, block by block, in a database of the page's own, and prints what the page shows:
#   ```sql     runs, and does not fail unless the page shows that it does
#   ```        behind it: what psql prints. A line "..." stands for any lines. Blanks and ends of lines are not told apart, so
#              that a page may fold what is wide, and neither are times of the clock
#   ```KIND    anything else is for readers
# The database has the extension in the schema claims. A page that says that its statements "go on where [the tour](tour.md)
# ended" begins with a copy of what that page left; tour.md itself makes the extension.
# shellcheck source=test/lib.sh source=src/tools/site.sh
. test/lib.sh

psql=("${PSQL:-psql}" -X -q)
export PGOPTIONS='-c search_path=public,claims -c datestyle=ISO -c timezone=UTC'
tmp=$(mktemp -d) || exit
made=()
# shellcheck disable=SC2317,SC2329
cleanup() {
	rm -rf "$tmp"
	((${#made[@]} == 0)) || printf 'DROP DATABASE IF EXISTS "%s" WITH (FORCE);\n' "${made[@]}" | "${psql[@]}" -d postgres
}
trap cleanup EXIT

# make_database NAME TEMPLATE
make_database() {
	made+=("$1")
	"${psql[@]}" -d postgres -c "CREATE DATABASE \"$1\" TEMPLATE \"$2\"" || bail_out "cannot make the database $1"
}

# read_blocks PAGE: into at, sql and shown, by number; into stray, the lines of fences that belong to nothing
read_blocks() {
	local line number=0 kind='' last=-1

	at=() sql=() shown=() stray=''
	while IFS= read -r line; do
		((++number))
		case $kind,$line in
		,'```')
			((last >= 0)) && [[ -z ${shown[last]-} ]] || stray+=" $number"
			kind=shown ;;
		,'```sql') kind=sql last=${#at[@]} at[last]=$number sql[last]='' ;;
		,'```'*) kind=other ;;
		*,'```') kind='' ;;
		sql,*) sql[last]+=$line$'\n' ;;
		shown,*) ((last < 0)) || shown[last]+=$line$'\n' ;;
		esac
	done <"$1"
	[[ -z $kind ]] || stray+=" $number"
}

# run_blocks DATABASE: what each prints is in $tmp/NUMBER; what psql says goes where it prints, line by line
run_blocks() {
	local number

	for number in "${!at[@]}"; do
		printf '%s\n\\warn -- block %s\n' "${sql[number]}" "$number"
	done >"$tmp/script"
	stdbuf -oL "${psql[@]}" -P footer=off -P pager=off -d "$1" <"$tmp/script" 2>&1 |
		awk -v dir="$tmp" 'BEGIN { number = 0 } /^-- block [0-9]+$/ { number++; next } { print > (dir "/" number) }'
}

# alike PRINTED SHOWN: by files
alike() {
	perl -0777 -e '
		sub text { open my $f, "<", $_[0] or return ""; <$f> }
		sub flat { my $t = shift; $t =~ s/\d\d:\d\d:\d\d(\.\d+)?(\+00)?/TIME/g; $t =~ s/\s+/ /g; $t =~ s/^ | $//g; $t }
		my ($printed, $shown) = map { text($_) } @ARGV;
		my $pattern = join ".*", map { quotemeta flat($_) } split /^\s*\.\.\.\s*$/m, $shown, -1;
		exit 0 if flat($printed) =~ /^ ?$pattern ?$/;
		print "printed\n$printed\nshown\n$shown"; exit 1' "$1" "$2"
}

check_page() {
	local page=$1 number name

	rm -f "$tmp"/[0-9]*
	run_blocks "docs_$page"
	for number in "${!at[@]}"; do
		name="doc/$page.md line ${at[number]}"
		touch "$tmp/$number"
		if [[ ${shown[number]-} ]]; then
			printf '%s' "${shown[number]}" >"$tmp/shown"
			succeeds "$name prints what is shown" alike "$tmp/$number" "$tmp/shown"
		else
			is "$(grep -A 3 -E '^(ERROR|FATAL|invalid command)' "$tmp/$number")" '' "$name runs"
		fi
	done
}

declare -A seen=()
# a page, behind the one that it goes on from
page() {
	local at sql shown stray from

	[[ -z ${seen[$1]-} ]] || return
	seen[$1]=yes
	from=$(tr '\n' ' ' <"doc/$1.md" | grep -oP 'go on where \[[^]]*\]\(\K\w+(?=\.md\) ended)')
	[[ -z $from ]] || page "$from"
	read_blocks "doc/$1.md"
	is "$stray" '' "doc/$1.md: a fence without a kind shows what a block of SQL prints"
	((${#at[@]} > 0)) || return
	if [[ $from ]]; then
		make_database "docs_$1" "docs_$from"
	elif [[ ${sql[0]} = *'CREATE EXTENSION claimline'* ]]; then
		make_database "docs_$1" template1
	else
		make_database "docs_$1" docs
	fi
	check_page "$1"
}

make_database docs template1
"${psql[@]}" -d docs -c 'CREATE SCHEMA claims' -c 'CREATE EXTENSION claimline SCHEMA claims' || bail_out 'cannot create the extension'
columns=$("${psql[@]}" -A -t -d docs -f src/tools/columns.sql)
if [[ $columns = "$(<doc/columns.md)" ]]; then
	ok 0 'doc/columns.md has what the comments say'
else
	ok 1 'doc/columns.md has what the comments say' "./dev docs writes it"$'\n'"$(diff doc/columns.md - <<<"$columns")"
fi
is "$(grep -nE '^\.$|\| +\|$' <<<"$columns" | grep -v '^[0-9]*:| column | type | |$')" '' 'every relation, type and column has a comment'
for file in doc/*.md; do
	name=${file##*/}
	page "${name%.md}"
done
if command -v mkdocs >/dev/null; then
	. src/tools/site.sh
	succeeds 'the pages are a site, and its links lead somewhere' make_site "$tmp/pages" "$tmp/site"
	is "$(grep -rhoE '<(script|link|img)[^>]* (src|href)="?https?:[^" >]*' "$tmp/site" | sort -u)" '' 'which reads nothing from elsewhere'
	succeeds 'each rule has a page' test "$(find "$tmp/site/doc/rules" -name '*.html' | wc -l)" -eq "$(grep -c '^### ' doc/rules.md)"
else
	skip 'the site' 'mkdocs is not installed'
fi
succeeds 'there are pages that run' test ${#made[@]} -gt 3
done_testing

#!/bin/bash
# test/walls.sh
#
# What the tree keeps to and no compiler tells.  Runs in a tree that is built; PG_CONFIG is that of the build.
# shellcheck source=test/lib.sh
. test/lib.sh
shopt -s nullglob globstar
export LC_ALL=C

tmp=$(mktemp -d) || exit
trap 'rm -rf "$tmp"' EXIT
make -s src/core/ruleset/starter.c || bail_out 'starter.c cannot be made'

lacks() {
	! grep -nHP "$@"
}

# --- the core knows no server: it calls none of its functions, compiles alone, each room with no other headers than
# those of the rooms before it, and needs the C library only ---

rooms='base line x12 day ruleset ncci edits course'
server='^ *# *include.*(postgres|fmgr|executor/|utils/|catalog/|access/)|\b(ereport|elog|palloc\w*|SPI_\w+) *\('

mkdir "$tmp/include"
for room in $rooms; do
	ln -s "$PWD/src/core/$room" "$tmp/include/$room"
	for file in src/core/"$room"/*.c; do
		succeeds "$file names nothing of the server" lacks "$server" "$file"
		succeeds "$file compiles alone" \
			cc -std=c11 -Wall -Wextra -Werror -fPIC -I"$tmp/include" -c "$file" -o "$tmp/${file##*/}.o"
	done
done
succeeds 'the core needs the C library only' cc -shared -Wl,-z,defs -o "$tmp/core.so" "$tmp"/*.o
formats_alike() {
	cc -std=c11 -Wall -Wextra -Werror -Isrc/core -o "$tmp/format_model" test/model/format_model.c src/core/base/format.c && "$tmp/format_model"
}
succeeds 'texts are formatted as the C library does it' formats_alike
for file in src/tools/*.c; do
	succeeds "$file compiles with the core alone" cc -std=c11 -Wall -Wextra -Werror -Isrc/core -c "$file" -o "$tmp/tool.o"
done

# --- the files that people write ---

has_path() {
	head -n 3 "$1" | grep -qwF "$1"
}

sources=() code=(Makefile dev .ci/run report/claimline-report container/serve debian/rules debian/tests/{installcheck,programs})
for file in src/**/*.[ch]; do
	[[ $file = */starter.c ]] || sources+=("$file")
done
for file in sql/*/**/*.sql src/bin/**/*.sh src/tools/*.{awk,sh,sql} {bench,report,test}/**/*.{c,css,h,sql,sh,spec,mjs}; do
	[[ $file = sql/build/* || $file = */node_modules/* ]] || code+=("$file")
done
code+=("${sources[@]}")

for file in "${sources[@]}"; do
	succeeds "$file starts with its path" has_path "$file"
done
succeeds 'src, sql and data are ASCII' lacks '[^\x00-\x7F]' "${sources[@]}" sql/*/**/*.sql data/*.csv sql/columns.csv
is "$(wc -l "${code[@]}" | awk '$2 != "total" && $1 > 500 { print $2 }' | sort | paste -sd ' ')" '' 'no file has more than 500 lines'

# a tab is four columns
wide_lines() {
	expand -t 4 "$1" | awk -v file="$1" 'length($0) > 110 { print file ":" FNR }'
}
for file in sql/{install,update}/*.{sql,awk}; do
	is "$(wide_lines "$file")" '' "$file has no line of more than 110 columns"
done

# the lines between its quotes, or between BEGIN ATOMIC and END
long_bodies() {
	awk 'FNR == 1 { name = end = "" }
		/^CREATE (OR REPLACE )?(FUNCTION|PROCEDURE) / { name = $0; sub(/.*(FUNCTION|PROCEDURE) /, "", name); sub(/\(.*/, "", name) }
		/^DO / { name = "DO" }
		name != "" && end == "" && match($0, /\$[a-z_]*\$$|BEGIN ATOMIC$/) { end = substr($0, RSTART); begun = FNR; next }
		end != "" && (end == "BEGIN ATOMIC" ? /^\t?END;/ : index($0, end)) { if (FNR - begun > 81) print name; name = end = "" }' "$@"
}
is "$(long_bodies sql/{install,update}/*.sql | sort | paste -sd ' ')" '' 'no function in SQL has a body of more than 80 lines'

if command -v shellcheck >/dev/null; then
	make -s claimline-load claimline-ncci || bail_out 'the programs cannot be made'
	# a program is made of files that are no scripts by themselves
	mapfile -t scripts < <(grep -lE '^#!/bin/(ba)?sh|^# shellcheck shell=' claimline-load claimline-ncci "${code[@]}" | grep -v '^src/bin/')
	succeeds "shellcheck: ${#scripts[@]} scripts" shellcheck "${scripts[@]}"
else
	skip 'scripts' 'shellcheck is not installed'
fi

# --- the pages ---

pages=(*.md {bench,dbt,doc,test}/**/*.md)
succeeds "the links of ${#pages[@]} pages lead somewhere" perl test/links.pl "${pages[@]}"

# --- versions; META.json, by the PGXN meta specification 1.0.0 ---

declare -A meta=()
while IFS=$'\t' read -r key value; do
	meta[$key]=$value
done < <(perl -MJSON::PP -0777 -ne '
	sub walk { my ($path, $value) = @_; ref $value eq "HASH" ? map { walk("$path.$_", $value->{$_}) } sort keys %$value : print substr($path, 1), "\t$value\n" }
	walk("", decode_json($_))' META.json)

has_key() {
	[[ -n ${meta[$1]-} ]]
}

for key in name version abstract maintainer license meta-spec.version provides.claimline.file provides.claimline.version; do
	succeeds "META.json has $key" has_key "$key"
done
version=$(sed -n "s/^default_version = '\(.*\)'/\1/p" claimline.control)
is "${meta[version]-} ${meta[provides.claimline.version]-}" "$version $version" 'META.json has the version of claimline.control'
is "${meta[meta-spec.version]-}" 1.0.0 'and that of the specification'
is "$(sed -n '1s/^claimline (\([^)]*\)).*/\1/p' debian/changelog)" "$version" 'and so has debian/changelog'
is "$(sed -n 's/^\t"version": "\(.*\)",/\1/p' report/package.json)" "$version" 'and report/package.json'
is "$(sed 's/PGVERSION/15/g' debian/control.in)" "$(<debian/control)" 'debian/control is that of Debian 12'
# of a version that is not released everything says so
case $(sed -n '/^## /{s/^## //;p;q}' CHANGELOG.md) in
"$version (unreleased)") state='unstable UNRELEASED' ;;
"$version") state='stable unstable' ;;
*) state="$version is not the first of CHANGELOG.md" ;;
esac
is "${meta[release_status]-} $(sed -n '1s/^.*) \(.*\);.*/\1/p' debian/changelog)" "$state" 'META.json, debian/changelog and CHANGELOG.md agree on whether it is released'
for key in file docfile; do
	succeeds "META.json: the $key is there" test -f "${meta[provides.claimline.$key]-}"
done

# --- what make install puts anywhere, make uninstall takes away ---

to=(-s with_llvm=no DESTDIR="$tmp/installed")
succeeds 'make install' make "${to[@]}" install
is "$(find "$tmp/installed" -name '*.md' -printf '%h\n' | sort -u | sed 's|.*/||')" claimline 'the documentation has a folder of its own'
succeeds 'make uninstall' make "${to[@]}" uninstall
is "$(find "$tmp/installed" ! -type d)" '' 'nothing is left of it'

done_testing

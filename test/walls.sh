#!/bin/bash
# test/walls.sh
#
# The walls that no compiler keeps: the core knows no server.  It calls none of its functions, compiles alone, each
# room with no other headers than those of the rooms before it, and needs the C library only.
# shellcheck source=test/lib.sh
. test/lib.sh

tmp=$(mktemp -d) || exit
trap 'rm -rf "$tmp"' EXIT
make -s src/core/ruleset/starter.c || bail_out 'starter.c cannot be made'

lacks() {
	! grep -nE "$@"
}

has_path() {
	head -n 3 "$1" | grep -qwF "$1"
}

# what a room of the core may include: itself and the rooms before it in the flow
rooms='base line day ruleset ncci edits'
server='^ *# *include.*(postgres|fmgr|executor/|utils/|catalog/|access/)|\<(ereport|elog|palloc\w*|SPI_\w+) *\('

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
for file in src/tools/*.c; do
	succeeds "$file compiles with the core alone" cc -std=c11 -Wall -Wextra -Werror -Isrc/core -c "$file" -o "$tmp/tool.o"
done

while read -r file; do
	[[ $file = */starter.c ]] || succeeds "$file starts with its path" has_path "$file"
done < <(find src -name '*.[ch]' | sort)

# what make install puts anywhere, make uninstall takes away
to=(-s with_llvm=no DESTDIR="$tmp/installed")
succeeds 'make install' make "${to[@]}" install
is "$(find "$tmp/installed" -name '*.md' -printf '%h\n' | sort -u | sed 's|.*/||')" claimline 'the documentation has a folder of its own'
succeeds 'make uninstall' make "${to[@]}" uninstall
is "$(find "$tmp/installed" ! -type d)" '' 'nothing is left of it'

done_testing

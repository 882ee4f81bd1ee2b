#!/bin/sh
# test/fuzz/replay.sh BUILD_DIR
#
# Builds the fuzz targets with cc and the address and undefined-behaviour
# sanitizers, and runs every file of the corpus through its target: as it is,
# where it must come to the end that the list "verdicts" says, cut at every
# length, and with every byte changed in a few ways.  Then adopt.sh.
# Prints "ok TARGET/FILE" or "not ok TARGET/FILE"; fails if any file fails.
# Call it from the project root.
set -eu

[ $# -eq 1 ] && [ "${1#-}" = "$1" ] || { echo "usage: test/fuzz/replay.sh BUILD_DIR" >&2; exit 2; }
[ -d src/core ] || { echo "replay.sh: call it from the project root" >&2; exit 2; }
build=$1
fuzz=test/fuzz
mkdir -p "$build"

CC=${CC:-cc}
CFLAGS="-std=gnu11 -g -O1 -Wall -Wextra -Werror -Isrc/core -fsanitize=address,undefined -fno-sanitize-recover=all"
# abort: replay shows the input then.  Leaks are for libFuzzer to find.
ASAN_OPTIONS=abort_on_error=1:detect_leaks=0:${ASAN_OPTIONS:-}
UBSAN_OPTIONS=abort_on_error=1:print_stacktrace=1:${UBSAN_OPTIONS:-}
export ASAN_OPTIONS UBSAN_OPTIONS

"${MAKE:-make}" -s src/core/ruleset/starter.c
core=$(printf 'include Makefile\nfuzz-sources:\n\t@echo $(CORE_SRCS)\n' |
	"${MAKE:-make}" -s --no-print-directory -f - fuzz-sources)

# arena.c for the unchanged files, arena_exact.c for all else
objects=
for source in $core src/core/ruleset/starter.c $fuzz/arena_exact.c $fuzz/common.c $fuzz/replay.c $fuzz/rulesets.c \
	$fuzz/fuzz_line.c $fuzz/fuzz_day.c $fuzz/fuzz_ruleset.c $fuzz/fuzz_policy.c $fuzz/fuzz_ncci.c
do
	object=$build/$(basename "$source" .c).o
	$CC $CFLAGS -c -o "$object" "$source"
	case $source in
		*/arena.c | $fuzz/*) ;;
		*) objects="$objects $object" ;;
	esac
done
for target in line day ruleset policy ncci
do
	parts="$build/fuzz_$target.o $build/common.o $build/replay.o"
	$CC $CFLAGS -o "$build/replay_$target" $parts "$build/arena_exact.o" $objects
	$CC $CFLAGS -o "$build/plain_$target" $parts "$build/arena.o" $objects
done
$CC $CFLAGS -o "$build/rulesets" "$build/rulesets.o" "$build/arena_exact.o" $objects
rm -rf "$build/seeds"
sh $fuzz/seeds.sh "$build/rulesets" "$build/seeds"

failed=0
: >"$build/names"
for target in line day ruleset policy ncci
do
	case $target in
		ruleset) corpus=$build/seeds ;;
		*) corpus=$fuzz/corpus/$target ;;
	esac
	for file in "$corpus"/*
	do
		name=$target/$(basename "$file")
		echo "$name" >>"$build/names"
		verdict=$(awk -F '\t+' -v name="$name" '$1 == name { print $2 }' $fuzz/verdicts)
		if "$build/plain_$target" "${verdict:-not named}" "$file" >"$build/log" 2>&1 &&
			"$build/replay_$target" --mutate "$verdict" "$file" >"$build/log" 2>&1
		then
			echo "ok $name"
		else
			echo "not ok $name"
			sed 's/^/# /' "$build/log"
			failed=1
		fi
	done
done
# each file has a verdict, and no file is lost
sort -o "$build/names" "$build/names"
if awk '!/^#/ { print $1 }' $fuzz/verdicts | sort | diff - "$build/names" >"$build/log"
then
	echo "ok verdicts"
else
	echo "not ok verdicts"
	sed 's/^/# /' "$build/log"
	failed=1
fi
sh $fuzz/adopt.sh "$build" $core || failed=1
exit $failed

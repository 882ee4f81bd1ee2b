#!/bin/bash
# test/fuzz/replay.sh BUILD_DIR
#
# Builds the fuzz targets with cc and the address and undefined-behaviour sanitizers, and runs every file of the
# corpus through its target: as it is, cut at every length, and with every byte changed in a few ways.
# Prints TAP, a result for each file.  Call it from the project root.
# shellcheck source=test/lib.sh
. test/lib.sh || exit

[[ $# = 1 && $1 != -* ]] || { echo 'usage: test/fuzz/replay.sh BUILD_DIR' >&2; exit 2; }
build=$1
fuzz=test/fuzz
compile=("${CC:-cc}" -std=gnu11 -g -O1 -Isrc/core '-fsanitize=address,undefined' -fno-sanitize-recover=all)
# abort: replay shows the input then.  Leaks are for libFuzzer to find.
export ASAN_OPTIONS=abort_on_error=1:detect_leaks=0:${ASAN_OPTIONS-}
export UBSAN_OPTIONS=abort_on_error=1:print_stacktrace=1:${UBSAN_OPTIONS-}

mkdir -p "$build" && "${MAKE:-make}" -s src/core/ruleset/starter.c || exit
# arena.c for the unchanged files, arena_exact.c for all else
objects=()
for source in src/core/*/*.c "$fuzz"/*.c; do
	object=$build/$(basename "$source" .c).o
	"${compile[@]}" -c -o "$object" "$source" || exit
	case ${source##*/} in
	arena.c | arena_exact.c | fuzz_*) ;;
	*) objects+=("$object") ;;
	esac
done
for target in line day ruleset policy ncci; do
	"${compile[@]}" -o "$build/replay_$target" "$build/fuzz_$target.o" "$build/arena_exact.o" "${objects[@]}" || exit
	"${compile[@]}" -o "$build/plain_$target" "$build/fuzz_$target.o" "$build/arena.o" "${objects[@]}" || exit
done

replay() {
	"$build/plain_$1" "$2" && "$build/replay_$1" --mutate "$2"
}

for target in line day ruleset policy ncci; do
	for file in "$fuzz/corpus/$target"/*; do
		succeeds "$target/${file##*/}" replay "$target" "$file"
	done
done
done_testing

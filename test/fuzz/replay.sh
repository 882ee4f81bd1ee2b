#!/bin/bash
# test/fuzz/replay.sh BUILD_DIR
#
# Builds the fuzz targets with cc and the address and undefined-behaviour sanitizers, and runs every file of the
# corpus through its target: as it is, where it must come to the end that the list "verdicts" says, cut at every length,
# and with every byte changed in a few ways.  Then rulesets of other lists of rules are adopted, see adopt.sh.
# Prints TAP, a result for each file.  Call it from the project root.
# shellcheck source=test/lib.sh
. test/lib.sh || exit
# shellcheck source=test/fuzz/adopt.sh
. test/fuzz/adopt.sh || exit

[[ $# = 1 && $1 != -* ]] || { echo 'usage: test/fuzz/replay.sh BUILD_DIR' >&2; exit 2; }
build=$1
fuzz=test/fuzz
compile=("${CC:-cc}" -std=gnu11 -g -O1 -Wall -Wextra -Werror -Isrc/core '-fsanitize=address,undefined' -fno-sanitize-recover=all)
# abort: replay shows the input then.  Leaks are for libFuzzer to find.
export ASAN_OPTIONS=abort_on_error=1:detect_leaks=0:${ASAN_OPTIONS-}
export UBSAN_OPTIONS=abort_on_error=1:print_stacktrace=1:${UBSAN_OPTIONS-}

mkdir -p "$build" && "${MAKE:-make}" -s src/core/ruleset/starter.c || exit
# arena.c for the unchanged files, arena_exact.c for all else
core=()
for source in src/core/*/*.c "$fuzz"/*.c; do
	object=$build/$(basename "$source" .c).o
	"${compile[@]}" -c -o "$object" "$source" || exit
	case $source in
	*/arena.c | "$fuzz"/*) ;;
	*) core+=("$object") ;;
	esac
done
for target in line day ruleset policy ncci x12; do
	parts=("$build/fuzz_$target.o" "$build/common.o" "$build/told.o" "$build/replay.o" "${core[@]}")
	"${compile[@]}" -o "$build/replay_$target" "${parts[@]}" "$build/arena_exact.o" || exit
	"${compile[@]}" -o "$build/plain_$target" "${parts[@]}" "$build/arena.o" || exit
done
"${compile[@]}" -o "$build/rulesets" "$build/rulesets.o" "$build/arena_exact.o" "${core[@]}" || exit
rm -rf "$build/seeds"
bash "$fuzz/seeds.sh" "$build/rulesets" "$build/seeds" || exit

# replay TARGET VERDICT FILE
replay() {
	"$build/plain_$1" "$2" "$3" && "$build/replay_$1" --mutate "$2" "$3"
}

names=()
for target in line day ruleset policy ncci x12; do
	corpus=$fuzz/corpus/$target
	[[ $target != ruleset ]] || corpus=$build/seeds
	for file in "$corpus"/*; do
		name=$target/${file##*/}
		names+=("$name")
		verdict=$(awk -F '\t+' -v name="$name" '$1 == name { print $2 }' "$fuzz/verdicts")
		succeeds "$name" replay "$target" "${verdict:-not named}" "$file"
	done
done
is "$(printf '%s\n' "${names[@]}" | sort)" "$(awk '!/^#/ { print $1 }' "$fuzz/verdicts" | sort)" 'each file has a verdict, and no file is lost'
adopt_rulesets "$build"
done_testing

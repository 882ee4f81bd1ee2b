#!/bin/bash
# test/fuzz/run.sh: fuzz one parser with libFuzzer
set -eu

usage() {
	cat <<'END'
usage: test/fuzz/run.sh PARSER SECONDS [LIBFUZZER-OPTION...]

Builds the fuzz target of PARSER (line, day, ruleset, policy, ncci or x12) with
clang, libFuzzer and the address and undefined-behaviour sanitizers, and fuzzes
for SECONDS, starting from test/fuzz/corpus/PARSER, of which seeds.sh makes
rulesets.  New inputs are kept in a temporary directory, whose name is printed;
so is a failing input (crash-*, timeout-*).  Call it from the project root.

Environment: CLANG (default clang), CFLAGS (added to the compiler's options),
FUZZ_DIR (kept and reused instead of a temporary directory).
END
}

case ${1-} in
-h | --help) usage; exit ;;
line) max_len=512 ;;
day | policy | ncci | x12) max_len=4096 ;;
ruleset) max_len=16384 ;;
*) usage >&2; exit 2 ;;
esac
[[ ${2-} =~ ^[0-9]+$ ]] || { usage >&2; exit 2; }
[[ -d src/core ]] || { echo 'run.sh: call it from the project root' >&2; exit 2; }
parser=$1
seconds=$2
shift 2

fuzz=test/fuzz
dir=${FUZZ_DIR:-$(mktemp -d "${TMPDIR:-/tmp}/claimline-fuzz-$parser.XXXXXX")}
mkdir -p "$dir/new"
echo "new inputs and failures in $dir"

"${MAKE:-make}" -s src/core/ruleset/starter.c
core=()
for source in src/core/*/*.c; do
	[[ $source = */arena.c ]] || core+=("$source")
done
sources=("$fuzz/arena_exact.c" "$fuzz/common.c" "$fuzz/told.c" "$fuzz/fuzz_$parser.c" "${core[@]}")
corpus=$fuzz/corpus/$parser
if [[ $parser = ruleset ]]; then
	"${CLANG:-clang}" -std=gnu11 -Isrc/core -o "$dir/rulesets" "${core[@]}" "$fuzz/arena_exact.c" "$fuzz/rulesets.c"
	bash "$fuzz/seeds.sh" "$dir/rulesets" "$dir/seeds"
	corpus=$dir/seeds
fi
read -ra flags <<<"${CFLAGS-}"
"${CLANG:-clang}" -std=gnu11 -g -O1 -Isrc/core "${flags[@]}" -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all \
	-o "$dir/fuzz_$parser" "${sources[@]}"
exec "$dir/fuzz_$parser" -max_total_time="$seconds" -max_len="$max_len" -timeout=25 -rss_limit_mb=2500 \
	-dict="$fuzz/dictionary.txt" -artifact_prefix="$dir/" -print_final_stats=1 "$@" \
	"$dir/new" "$corpus"

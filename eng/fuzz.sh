#!/usr/bin/env bash
# A long run of the fuzz harness: MINUTES for all targets together, split evenly. docs/fuzzing.md
#
#   eng/fuzz.sh MINUTES [TARGET ...]              changed inputs from a seed of the day's own (printed), in one process
#   eng/fuzz.sh --afl MINUTES [TARGET ...]        guided by coverage: afl-fuzz (Debian: afl++) and the tool SharpFuzz.CommandLine, which is fetched
#
# Inputs that fail are kept in fuzz-found/; each becomes a file in tests/NextItem.Fuzz/regressions/TARGET with the change that mends it.
set -euo pipefail
cd "$(dirname "$0")/.."
guided=0
[ "${1:-}" != --afl ] || { guided=1; shift; }
minutes=${1:?how many minutes?}
shift
found=$PWD/fuzz-found
dotnet build tests/NextItem.Fuzz -c Release -v q
fuzz=$PWD/artifacts/bin/NextItem.Fuzz/release

if [ "$guided" = 0 ]; then
    seed=${FUZZ_SEED:-$(date +%Y%m%d)}
    exec dotnet "$fuzz/NextItem.Fuzz.dll" run --seconds $((minutes * 60)) --seed "$seed" --found "$found" "$@"
fi

command -v afl-fuzz > /dev/null || { echo "afl-fuzz is not here: apt-get install afl++" >&2; exit 1; }
[ $# -gt 0 ] || set -- model checkpoint tsv parquet body features npz
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
dotnet tool install SharpFuzz.CommandLine --version "$(sed -n 's/.*"SharpFuzz" Version="\([^"]*\)".*/\1/p' Directory.Packages.props)" --tool-path "$work/tool" > /dev/null
cp -r "$fuzz" "$work/bin"
for library in NextItem NextItem.Data NextItem.Interchange NextItem.Server; do "$work/tool/sharpfuzz" "$work/bin/$library.dll"; done
export AFL_SKIP_BIN_CHECK=1 AFL_SKIP_CPUFREQ=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_NO_UI=1 AFL_NO_AFFINITY=1
failures=0
for target in "$@"; do
    afl-fuzz -i "tests/NextItem.Fuzz/corpus/$target" -o "$work/out-$target" -t 30000 -m none -V $((minutes * 60 / $#)) -- dotnet "$work/bin/NextItem.Fuzz.dll" afl "$target" > "$work/$target.log" 2>&1 || tail -20 "$work/$target.log"
    stats=$work/out-$target/default/fuzzer_stats
    [ -s "$stats" ] || { echo "$target: afl-fuzz did not run" >&2; exit 1; }
    number() { sed -n "s/^$1 *: *//p" "$stats"; }
    echo "$target: $(number execs_done) inputs, $(number corpus_found) that reached something new, $(number saved_crashes) failed, $(number saved_hangs) took too long"
    bad=$(( $(number saved_crashes) + $(number saved_hangs) ))
    [ "$bad" = 0 ] || { mkdir -p "$found/$target"; cp "$work/out-$target"/default/crashes/id* "$work/out-$target"/default/hangs/id* "$found/$target/" 2> /dev/null || true; failures=$((failures + bad)); }
done
[ "$failures" = 0 ] || { echo "$failures inputs kept in $found"; exit 1; }

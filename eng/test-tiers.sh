#!/bin/sh
# Runs the numeric tests at every vector width that this processor can show: 16, 8, 4 and 1 floats. Each run asserts, by
# NEXTITEM_EXPECT_WIDTH, that it is at the width it claims. Exits with 1 when any run fails.
#
#   eng/test-tiers.sh            builds the tests first
#   eng/test-tiers.sh --no-build uses what is built
#   ... --narrower               without the widest, at which test.sh has run them
set -u
cd "$(dirname "$0")/.." || exit 1

project=tests/NextItem.Tests
build=1 narrower=0
for option; do
    case $option in
        --no-build) build=0 ;;
        --narrower) narrower=1 ;;
        *) echo "There is no option '$option'; expected --no-build, --narrower." >&2; exit 2 ;;
    esac
done
if [ "$build" = 1 ]; then
    dotnet build "$project" -c Release --nologo -v quiet || exit 1
fi
tests="$(dotnet msbuild "$project" -getProperty:TargetPath -p:Configuration=Release)" || exit 1

failed=0
run() { # expected width, what is switched off ("" for nothing)
    printf '== %s floats a vector%s\n' "$1" "${2:+ ($2)}"
    if ! out="$(env ${2:+"$2"} NEXTITEM_EXPECT_WIDTH="$1" dotnet exec "$tests" -noColor -noLogo \
        -namespace NextItem.Tests.Kernels -namespace NextItem.Tests.Losses -namespace NextItem.Tests.Models \
        -namespace NextItem.Tests.Optimizers -namespace NextItem.Tests.Evaluation -namespace NextItem.Tests 2>&1)"; then
        printf '%s\n' "$out"
        failed=1
    fi
    # "Total: 9, Errors: 0, Failed: 1, Skipped: 0, ..." as one line for each number; no such line means that nothing ran.
    printf '%s\n' "$out" | awk '
        match($0, /Total: [0-9]+/) {
            gsub(",", ""); for (i = 1; i < NF; i++) n[$i] = $(i + 1); found = 1
        }
        END {
            if (!found || n["Total:"] == 0) { print "no test ran"; exit 1 }
            bad = n["Failed:"] + n["Errors:"]
            printf "total: %d\nfailed: %d\nsucceeded: %d\nskipped: %d\n", n["Total:"], bad, n["Total:"] - bad - n["Skipped:"], n["Skipped:"]
        }' || failed=1
}

# The widest tier is the runtime's own choice: it does not use 512-bit vectors on every processor that has them.
widest="$(env -u NEXTITEM_EXPECT_WIDTH dotnet exec "$tests" -noColor -noLogo -showLiveOutput -class NextItem.Tests.HardwareTierTests \
    | sed -n 's/.*runs at \([0-9]*\) floats.*/\1/p' | head -n 1)"
if [ -z "$widest" ]; then
    echo "The tests do not say at which width they run." >&2
    exit 1
fi

tier() { # width, what has to be switched off for it
    if [ "$1" -gt "$widest" ]; then
        echo "== $1 floats a vector: skipped, the runtime uses $widest on this processor"
    elif [ "$1" -eq "$widest" ]; then
        [ "$narrower" = 1 ] || run "$1" ""
    else
        run "$1" "$2"
    fi
}

tier 16 ""
tier 8 DOTNET_EnableAVX512=0
tier 4 DOTNET_EnableAVX2=0
tier 1 DOTNET_EnableHWIntrinsic=0
exit $failed

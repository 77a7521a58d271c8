#!/usr/bin/env bash
# Plants the one-line faults of eng/mutations.txt one by one in a copy of this checkout and runs the engine's tests: each must
# make one fail. Works on a copy, with the changes that are not committed; needs no network beyond restoring packages.
#
#   eng/mutate.sh                  all of them; writes eng/mutations-result.txt
#   eng/mutate.sh --list           names, files and likely tests
#   eng/mutate.sh --check          only that the table fits the code
#   eng/mutate.sh --only NAME ...  some of them
#
# A line a fault: caught (with the test, or how the run ended, and the seconds of build and tests), SURVIVED, or ERROR (of the
# table: the text is not found or found twice, a test class is not there, the fault does not compile). Exits with 1 when any
# fault survived or any entry is wrong. A run over the time limit counts as caught: the fault hangs.
set -uo pipefail
cd "$(dirname "$0")/.."
export LC_ALL=C DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
root=$PWD
table=$root/eng/mutations.txt
result=$root/eng/mutations-result.txt
project=tests/NextItem.Tests
usage() { sed -n '5,8s/^# *//p' "$0" >&2; exit 2; }

names=() files=() olds=() news=() classes=()
read_table() {
  local line at=-1 number=0
  while IFS= read -r line || [ -n "$line" ]; do
    number=$((number + 1))
    case $line in
      '' | '#'*) ;;
      '['?*'] '?*)
        at=$((at + 1))
        names[at]=${line%%]*} && names[at]=${names[at]#[}
        files[at]=${line#*] }
        olds[at]='' news[at]='' classes[at]='' ;;
      '- '?*) olds[at]=${line#- } ;;
      '+' | '+ '*) news[at]=${line#+} && news[at]=${news[at]# } ;;
      '? '?*) classes[at]=${line#\? } ;;
      *) echo "eng/mutations.txt, line $number: '$line' is no entry, text, replacement or list of tests." >&2; exit 2 ;;
    esac
  done < "$table"
  local twice
  twice=$(printf '%s\n' "${names[@]}" | sort | uniq -d)
  [ -z "$twice" ] || { echo "eng/mutations.txt: the name '$twice' stands there twice." >&2; exit 2; }
}

fault_of() { # index: what is wrong with the entry, nothing when it is sound
  local file=src/NextItem/${files[$1]} found class
  [ -f "$file" ] || { echo "there is no $file"; return; }
  [ -n "${olds[$1]}" ] || { echo "the text to replace is missing"; return; }
  [ "${olds[$1]}" != "${news[$1]}" ] || { echo "the text and its replacement are the same"; return; }
  [ -n "${classes[$1]}" ] || { echo "the likely tests are missing"; return; }
  found=$(old=${olds[$1]} awk '
    { rest = $0; while (at = index(rest, ENVIRON["old"])) { n++; rest = substr(rest, at + 1) } }
    END { print n + 0 }' "$file")
  [ "$found" = 1 ] || { echo "the text is found $found times in $file; expected once"; return; }
  for class in ${classes[$1]}; do
    [ -f "$project/${class//.//}.cs" ] || { echo "there is no test class $class"; return; }
  done
}

plant() { # index: in the copy
  local file=$copy/src/NextItem/${files[$1]}
  old=${olds[$1]} new=${news[$1]} awk '
    at = index($0, ENVIRON["old"]) { $0 = substr($0, 1, at - 1) ENVIRON["new"] substr($0, at + length(ENVIRON["old"])) }
    { print }' "$root/src/NextItem/${files[$1]}" > "$work/mutated" && cp "$work/mutated" "$file"
}

build() { # more arguments: warnings are no errors, since a fault may leave a variable unused
  (cd "$copy" && dotnet build "$project" -c Release -m:1 -nodeReuse:false --nologo -v quiet \
    -p:RunAnalyzersDuringBuild=false -p:EnforceCodeStyleInBuild=false -p:TreatWarningsAsErrors=false "$@") > "$work/build.log" 2>&1
}

run_tests() { # runner's arguments; the exit code is the runner's, 124 or 137 after the limit
  timeout --kill-after=10 "$limit" dotnet exec "$tests" -noColor -noLogo -stopOnFail "$@" < /dev/null > "$work/tests.log" 2>&1
}

# How a run that did not succeed ended.
verdict() { # exit code
  local test
  test=$(sed -n 's/^ *\(.*\) \[FAIL\].*/\1/p' "$work/tests.log" | head -n 1)
  test=${test#NextItem.Tests.}
  if [ "$1" = 124 ] || [ "$1" = 137 ]; then echo "hangs: over $limit s"
  elif [ -n "$test" ]; then echo "${test%%(*}"
  else echo "the test process ended with $1"
  fi
}

read_table
only=()
mode=all
case ${1:-} in
  '') ;;
  --list | --check) mode=${1#--}; [ $# = 1 ] || usage ;;
  --only) mode=only; shift; [ $# -gt 0 ] || usage; only=("$@") ;;
  *) usage ;;
esac

if [ "$mode" = list ]; then
  for i in "${!names[@]}"; do printf '%-42s %-44s %s\n' "${names[i]}" "${files[i]}" "${classes[i]}"; done
  exit 0
fi
if [ "$mode" = check ]; then
  wrong=0
  for i in "${!names[@]}"; do
    fault=$(fault_of "$i")
    [ -z "$fault" ] || { echo "ERROR     ${names[i]}: $fault"; wrong=$((wrong + 1)); }
  done
  echo "${#names[@]} entries, $wrong wrong"
  [ "$wrong" = 0 ]
  exit
fi

chosen=()
for name in ${only[@]+"${only[@]}"}; do
  at=-1
  for i in "${!names[@]}"; do [ "${names[i]}" != "$name" ] || at=$i; done
  [ "$at" -ge 0 ] || { echo "There is no mutation '$name'; see $0 --list." >&2; exit 2; }
  chosen+=("$at")
done
[ "$mode" = only ] || chosen=("${!names[@]}")

work=$(mktemp -d)
copy=$work/nextitem
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
mkdir "$copy"
git ls-files -z --cached --others --exclude-standard | while IFS= read -r -d '' file; do
  [ ! -f "$file" ] || printf '%s\0' "$file"
done | tar --null -T - -cf - | tar -xf - -C "$copy"

echo "Building a copy and running its tests without a fault ..."
SECONDS=0
limit=3600
build || { tail -n 20 "$work/build.log"; echo "The copy does not build." >&2; exit 1; }
tests=$(cd "$copy" && dotnet msbuild "$project" -getProperty:TargetPath -p:Configuration=Release) || exit 1
engine=$(dirname "$tests")/NextItem.dll
cp "$engine" "$work/sound.dll"
built=$SECONDS
run_tests || { tail -n 40 "$work/tests.log"; echo "The tests fail without any fault." >&2; exit 1; }
whole=$((SECONDS - built))
limit=$((60 + (3 * whole)))
sed -n 's/.*\(Total: [0-9]*\).*/\1/p' "$work/tests.log" | tail -n 1 | sed "s/\$/ tests pass in $whole s; a run over $limit s counts as a hang/"

caught=0 survived=0 wrong=0
lines=$work/lines
report() { echo "$*" | tee -a "$lines"; }
for i in "${chosen[@]}"; do
  name=${names[i]}
  fault=$(fault_of "$i")
  if [ -n "$fault" ]; then
    report "ERROR     $name: $fault"
    wrong=$((wrong + 1))
    continue
  fi

  SECONDS=0
  plant "$i"
  if ! build --no-restore; then
    report "ERROR     $name: does not compile: $(sed -n 's/.*\(error [A-Z0-9]*: [^[]*\).*/\1/p' "$work/build.log" | head -n 1)"
    wrong=$((wrong + 1))
  elif cmp -s "$engine" "$work/sound.dll"; then
    report "ERROR     $name: the build came out the same"
    wrong=$((wrong + 1))
  else
    first=()
    for class in ${classes[i]}; do first+=(-class "NextItem.Tests.$class"); done
    code=0
    run_tests "${first[@]}" || code=$?
    stage=''
    if [ "$code" = 0 ] && ! grep -q 'Total: [1-9]' "$work/tests.log"; then
      report "ERROR     $name: no test ran of ${classes[i]}"
      wrong=$((wrong + 1))
    else
      if [ "$code" = 0 ]; then
        stage=' (not by the likely tests)'
        run_tests || code=$?
      fi
      if [ "$code" = 0 ]; then
        report "SURVIVED  $name: ${files[i]} ($SECONDS s)"
        survived=$((survived + 1))
      else
        report "caught    $name: $(verdict "$code")$stage ($SECONDS s)"
        caught=$((caught + 1))
      fi
    fi
  fi
  cp "$root/src/NextItem/${files[i]}" "$copy/src/NextItem/${files[i]}"
done

summary="${#chosen[@]} mutations: $caught caught, $survived survived, $wrong wrong entries"
echo "$summary"
if [ "$mode" = all ]; then
  changed=''
  git diff --quiet HEAD -- src tests eng/mutations.txt || changed=' with changes that are not committed'
  processor=$(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo 2> /dev/null | head -n 1)
  {
    echo "# Written by eng/mutate.sh; made again by running it."
    echo "# commit $(git rev-parse --short=12 HEAD) of $(git show -s --format=%cs HEAD)$changed"
    echo "# ${processor:-$(uname -m)}, $(getconf _NPROCESSORS_ONLN) processors"
    cat "$lines"
    echo "$summary"
  } > "$work/result" && cp "$work/result" "$result.new" && mv "$result.new" "$result"
fi
[ "$survived" = 0 ] && [ "$wrong" = 0 ]

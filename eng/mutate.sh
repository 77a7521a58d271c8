#!/usr/bin/env bash
# Plants the one-line faults of eng/mutations.txt one by one in a copy of this checkout and runs the tests of the project that
# the file belongs to: each must make one fail. Works on a copy, with the changes that are not committed; needs no network beyond restoring packages.
#
#   eng/mutate.sh                  all of them
#   eng/mutate.sh --list           names, files and likely tests
#   eng/mutate.sh --check          only that the table fits the code
#   eng/mutate.sh --only NAME ...  some of them
#
# What came out is kept in eng/mutations-result.txt, one line a fault with the commit it was tried at; --only renews its own
# lines, and a run that is stopped has renewed those it came to.
#
# A line says: caught (by which test, or how the run ended, with the seconds of build and tests), SURVIVED, or ERROR (of the
# table: the text is not found or found twice, a test class is not there, the fault does not compile). Exits with 1 when any
# fault survived or any entry is wrong. Tests that run over a time limit count as caught: the fault hangs.
set -uo pipefail
cd "$(dirname "$0")/.."
export LC_ALL=C DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
root=$PWD
table=$root/eng/mutations.txt
result=$root/eng/mutations-result.txt
likely_limit=300 whole_limit=1200 # seconds
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

owner_of() { # index: NextItem, or the project that stands before the file: NextItem.Preparation/Sql/01-read.sql
  case ${files[$1]} in NextItem.*/*) echo "${files[$1]%%/*}" ;; *) echo NextItem ;; esac
}
project_of() { # index: the project whose tests run; those of NextItem.Hosting are among the server's
  local owner
  owner=$(owner_of "$1")
  case $owner in NextItem.Hosting) echo NextItem.Server ;; *) echo "$owner" ;; esac
}
source_of() { # index: the file below src
  case ${files[$1]} in NextItem.*/*) echo "${files[$1]}" ;; *) echo "NextItem/${files[$1]}" ;; esac
}

fault_of() { # index: what is wrong with the entry, nothing when it is sound
  local file found class folder project
  file=src/$(source_of "$1")
  project=tests/$(project_of "$1").Tests
  [ -f "$file" ] || { echo "there is no $file"; return; }
  [ -n "${olds[$1]}" ] || { echo "the text to replace is missing"; return; }
  [ "${olds[$1]}" != "${news[$1]}" ] || { echo "the text and its replacement are the same"; return; }
  [ -n "${classes[$1]}" ] || { echo "the likely tests are missing"; return; }
  found=$(old=${olds[$1]} awk '
    { rest = $0; while (at = index(rest, ENVIRON["old"])) { n++; rest = substr(rest, at + 1) } }
    END { print n + 0 }' "$file")
  [ "$found" = 1 ] || { echo "the text is found $found times in $file; expected once"; return; }
  for class in ${classes[$1]}; do
    folder=$project
    case $class in *.*) folder+=/${class%%.*} ;; esac
    grep -rqw "class ${class##*.}" "$folder" || { echo "there is no test class $class"; return; }
  done
}

plant() { # index: in the copy
  local file=$copy/src/$(source_of "$1")
  old=${olds[$1]} new=${news[$1]} awk '
    at = index($0, ENVIRON["old"]) { $0 = substr($0, 1, at - 1) ENVIRON["new"] substr($0, at + length(ENVIRON["old"])) }
    { print }' "$work/sound/$(source_of "$1")" > "$file"
}

build() { # project, more arguments: warnings are no errors, since a fault may leave a variable unused
  dotnet build "tests/$1.Tests" -c Release -m:1 -nodeReuse:false --nologo -v quiet \
    -p:RunAnalyzersDuringBuild=false -p:EnforceCodeStyleInBuild=false -p:TreatWarningsAsErrors=false "${@:2}" > "$work/build.log" 2>&1
}

run_tests() { # project, limit, runner's arguments; the exit code is the runner's, 124 or 137 after the limit
  local project=$1
  limit=$2
  shift 2
  timeout --kill-after=10 "$limit" dotnet exec "$(dll_of "$project" "$project.Tests")" -noColor -noLogo -stopOnFail "$@" < /dev/null > "$work/tests.log" 2>&1
}

dll_of() { echo "$outputs/$1.Tests/release/$2.dll"; } # project, name

# How a run that did not succeed ended.
verdict() { # exit code
  local test
  test=$(sed -n 's/^ *\(.*\) \[FAIL\].*/\1/p' "$work/tests.log" | head -n 1)
  test=${test#NextItem.Tests.} && test=${test#NextItem.*.Tests.}
  if [ -n "$test" ]; then echo "${test%%(*}"
  elif [ "$1" = 124 ] || [ "$1" = 137 ]; then echo "hangs, over $limit s"
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
commit="$(git rev-parse --short=10 HEAD) of $(git show -s --format=%cs HEAD)"
[ -z "$(git status --porcelain -- src tests eng/mutations.txt)" ] || commit+=" with changes"
machine=$(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo 2> /dev/null | head -n 1)
machine="${machine:-$(uname -m)}, $(getconf _NPROCESSORS_ONLN) processors"
git ls-files -z --cached --others --exclude-standard | while IFS= read -r -d '' file; do
  [ ! -f "$file" ] || printf '%s\0' "$file"
done | tar --null -T - -cf - | tar -xf - -C "$copy"
cp -R "$copy/src" "$work/sound" # edits made meanwhile do not matter
cp "$table" "$work/table"
cd "$copy" || exit 1

outputs=$copy/artifacts/bin
echo "Building a copy and running its tests without a fault ..."
for project in $(for i in "${chosen[@]}"; do project_of "$i"; done | sort -u); do
  SECONDS=0
  build "$project" || { tail -n 20 "$work/build.log"; echo "The copy does not build." >&2; exit 1; }
  for owner in $(for i in "${chosen[@]}"; do [ "$(project_of "$i")" != "$project" ] || owner_of "$i"; done | sort -u); do
    cp "$(dll_of "$project" "$owner")" "$work/$owner.dll"
  done
  sound=()
  if [ "$mode" = only ]; then
    for i in "${chosen[@]}"; do
      [ "$(project_of "$i")" = "$project" ] || continue
      for class in ${classes[i]}; do sound+=(-class "$project.Tests.$class"); done
    done
  fi
  run_tests "$project" "$whole_limit" ${sound[@]+"${sound[@]}"} || { tail -n 40 "$work/tests.log"; echo "The tests fail without any fault." >&2; exit 1; }
  echo "$(sed -n 's/.*Total: \([0-9]*\).*/\1/p' "$work/tests.log" | tail -n 1) tests of $project pass without a fault ($SECONDS s)"
done

caught=0 survived=0 wrong=0
report() { # what, name, the rest: a line to see, and one to keep
  printf '%-9s %s: %s\n' "$1" "$2" "$3"
  touch "$result"
  awk -v name="$2" -v line="$(printf '%-9s %s: %s, %s' "$1" "$2" "$3" "$commit")" -v machine="$machine" '
    BEGIN {
      print "# What eng/mutate.sh found, with the commit at which each fault was tried."
      print "# Last run on " machine "."
    }
    FILENAME == ARGV[1] { if ($1 ~ /^(caught|SURVIVED|ERROR)$/) kept[$2] = $0; next }
    match($0, /^\[[^]]*\]/) {
      entry = substr($0, 2, RLENGTH - 2)
      text = entry == name ? line : kept[entry ":"]
      if (text == "") { untried++; next }
      print text
      count[substr(text, 1, index(text, " ") - 1)]++
    }
    END { printf "%d caught, %d survived, %d wrong, %d not tried\n", count["caught"], count["SURVIVED"], count["ERROR"], untried }
  ' "$result" "$work/table" > "$work/result" && cp "$work/result" "$result.new" && mv "$result.new" "$result"
}

for i in "${chosen[@]}"; do
  name=${names[i]}
  fault=$(fault_of "$i")
  if [ -n "$fault" ]; then
    report ERROR "$name" "$fault"
    wrong=$((wrong + 1))
    continue
  fi

  SECONDS=0
  project=$(project_of "$i")
  plant "$i"
  if ! build "$project" --no-restore; then
    report ERROR "$name" "does not compile: $(sed -n 's/.*\(error [A-Z0-9]*: [^[]*\).*/\1/p' "$work/build.log" | head -n 1)"
    wrong=$((wrong + 1))
  elif cmp -s "$(dll_of "$project" "$(owner_of "$i")")" "$work/$(owner_of "$i").dll"; then
    report ERROR "$name" "the build came out the same"
    wrong=$((wrong + 1))
  else
    first=()
    for class in ${classes[i]}; do first+=(-class "$project.Tests.$class"); done
    code=0
    run_tests "$project" "$likely_limit" "${first[@]}" || code=$?
    stage=''
    if [ "$code" = 0 ] && ! grep -q 'Total: [1-9]' "$work/tests.log"; then
      report ERROR "$name" "no test ran of ${classes[i]}"
      wrong=$((wrong + 1))
    else
      if [ "$code" = 0 ]; then
        stage=' (the likely tests passed)'
        run_tests "$project" "$whole_limit" || code=$?
      fi
      if [ "$code" = 0 ]; then
        report SURVIVED "$name" "${files[i]}, $SECONDS s"
        survived=$((survived + 1))
      else
        report caught "$name" "$(verdict "$code")$stage, $SECONDS s"
        caught=$((caught + 1))
      fi
    fi
  fi
  cp "$work/sound/$(source_of "$i")" "$copy/src/$(source_of "$i")"
done

echo "${#chosen[@]} mutations: $caught caught, $survived survived, $wrong wrong entries"
[ "$survived" = 0 ] && [ "$wrong" = 0 ]

#!/usr/bin/env bash
# Makes the tables of p-RNN of docs/results.md: architectures and strategies on one data set, several seeds each.
#   eng/prnn-table.sh TRAIN TEST FEATURES "SEEDS" FOLDER "SETTINGS"      for instance:
#   eng/prnn-table.sh train.tsv test.tsv "items.tsv:text=title;category=category;vector=image" "1 2 3" build/shop "layers=50,n_epochs=10"
# FOLDER keeps the result of each run, so that a stopped table goes on where it was; JOBS (default 1) runs go on at once, each with one
# thread. ROWS (default all) are the numbers of the rows wanted, WIDE the units of the wide id-only network. Unknown items dropped,
# conservative ties; mean of the seeds and, behind +-, their standard deviation. The last column: how much Recall@20 is above that of
# id-only, the models of the first seed, with the 95 % interval of a paired bootstrap over sessions.
set -euo pipefail
train=$1 test=$2 features=$3 seeds=$4 folder=$5 settings=$6
here=$(cd "$(dirname "$0")/.." && pwd)
nextitem=${NEXTITEM:-$here/artifacts/bin/NextItem.Cli/release/NextItem.Cli}
[ -x "$nextitem" ] || dotnet build "$here/src/NextItem.Cli" -c Release >&2
mkdir -p "$folder"
asked="$train $test $features $settings ${WIDE:-150}"
if [ -s "$folder/asked" ] && [ "$(cat "$folder/asked")" != "$asked" ]; then
  echo "$folder has the results of other files or settings: $(cat "$folder/asked")" >&2
  exit 1
fi
echo "$asked" >"$folder/asked"
first=${seeds%% *}
wide=${WIDE:-150}
export nextitem train test features folder settings first
rows=(
  "id-only simultaneous"
  "id-only simultaneous layers=$wide"
  "feature-only simultaneous"
  "concatenated simultaneous"
  "parallel simultaneous"
  "parallel alternating"
  "parallel residual"
  "parallel interleaving"
  "shared-weights simultaneous"
  "shared-weights alternating"
  "shared-weights residual"
  "shared-weights interleaving"
  "interaction simultaneous"
  "interaction alternating"
  "interaction residual"
  "interaction interleaving"
)
wanted=${ROWS:-$(seq -s ' ' 0 $((${#rows[@]} - 1)))}

one() { # row, seed, architecture, strategy, more settings: recall@20, mrr@20, seconds of training
  local out="$folder/$1-$2"
  [ -s "$out.result" ] && return 0
  local arguments=(--algorithm prnn --architecture "$3" --strategy "$4" --data "$train" --out "$out.nextitem" --seed "$2" --threads 1 --set "$settings" --json "$out.json")
  [ "$3" = id-only ] || arguments+=(--features "$features")
  [ -z "$5" ] || arguments+=(--set "$5")
  "$nextitem" train "${arguments[@]}" >"$out.log" 2>&1 || { echo "row $1, seed $2 failed: $(tail -n 1 "$out.log")" >&2; return 1; }
  "$nextitem" evaluate --model "$out.nextitem" --data "$test" --ties conservative --threads 1 --json "$out.evaluation.json" >/dev/null || return 1
  value() { tr -d '\n ' <"$out.evaluation.json" | grep -o "{\"name\":\"$1\",\"cutoff\":20,\"value\":[0-9.eE+-]*" | sed 's/.*://'; }
  local recall mrr
  recall=$(value recall) mrr=$(value mrr)
  [ -n "$recall" ] && [ -n "$mrr" ] || { echo "row $1, seed $2: the evaluation has no Recall@20 and MRR@20" >&2; return 1; }
  echo "$recall $mrr $(grep -o '"seconds": [0-9.]*' "$out.json" | head -n 1 | sed 's/.*: //')" >"$out.result.part"
  mv "$out.result.part" "$out.result"
  rm -f "$out.evaluation.json"
  [ "$2" = "$first" ] || rm -f "$out.nextitem"
}
export -f one

for i in $wanted; do
  read -r architecture strategy more <<<"${rows[$i]}"
  for seed in $seeds; do printf '%s\0%s\0%s\0%s\0%s\0' "$i" "$seed" "$architecture" "$strategy" "$more"; done
done | xargs -0 -n 5 -P "${JOBS:-1}" bash -c 'one "$@"' _

echo "| architecture | strategy | Recall@20 | MRR@20 | seconds | above id-only |"
echo "| --- | --- | --- | --- | --- | --- |"
for i in $wanted; do
  read -r architecture strategy more <<<"${rows[$i]}"
  above=""
  if [ "$i" != 0 ]; then
    [ -s "$folder/$i.above" ] || {
      "$nextitem" compare --models "$folder/0-$first.nextitem,$folder/$i-$first.nextitem" --data "$test" --out "$folder/compare-$i" --metrics recall --cutoffs 20 --unknown drop >/dev/null
      # The row behind the best one has the difference; it is negative where id-only is the best.
      tail -n 2 "$folder/compare-$i/comparison.csv" | awk -F, -v own="$i-$first" '$8 != "" { s = $1 == own ? -1 : 1; low = s * (s > 0 ? $9 : $10); high = s * (s > 0 ? $10 : $9); printf "%+.4f (%+.4f to %+.4f)", s * $8, low, high }' >"$folder/$i.above"
    }
    above=$(cat "$folder/$i.above")
  fi
  for seed in $seeds; do cat "$folder/$i-$seed.result"; done | awk -v a="$architecture" -v t="$strategy" -v more="$more" -v above="$above" '
    { r += $1; rr += $1 * $1; m += $2; mm += $2 * $2; s += $3 }
    function sd(sum, squares) { v = NR > 1 ? (squares - sum * sum / NR) / (NR - 1) : 0; return sqrt(v > 0 ? v : 0) }
    END { printf "| %s%s | %s | %.4f +- %.4f | %.4f +- %.4f | %.0f | %s |\n", a, more == "" ? "" : ", `" more "`", a == "id-only" ? "" : t, r / NR, sd(r, rr), m / NR, sd(m, mm), s / NR, above }'
done

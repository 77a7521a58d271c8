#!/usr/bin/env bash
# Makes the table of settings of docs/results.md: every row of eng/settings-table.tsv, trained and evaluated with several seeds.
#   eng/settings-table.sh TRAIN TEST "SEEDS" FOLDER      for instance:
#   eng/settings-table.sh train_full.tsv.gz test.tsv.gz "1 2 3" build/rsc15-100k
# FOLDER keeps the result of each run, so that a stopped table goes on where it was; JOBS (default 2) runs go on at once, each with
# one thread. Metrics: 10 epochs, unknown items dropped, standard ties, mean of the seeds and, behind +-, their standard deviation.
set -euo pipefail
train=$1 test=$2 seeds=$3 folder=$4
here=$(cd "$(dirname "$0")/.." && pwd)
nextitem=${NEXTITEM:-$here/artifacts/bin/NextItem.Cli/release/NextItem.Cli}
[ -x "$nextitem" ] || dotnet build "$here/src/NextItem.Cli" -c Release >&2
mkdir -p "$folder"
export nextitem train test folder

one() { # row number, seed, preset, settings: recall@20, mrr@20, first and last epoch's loss, seconds
  local out="$folder/$1-$2"
  [ -s "$out.result" ] && return 0
  local arguments=(--data "$train" --out "$out.nextitem" --seed "$2" --threads 1 --json "$out.json")
  [ "$3" = - ] || arguments+=(--preset "$3")
  [ -z "$4" ] || arguments+=(--set "$4")
  "$nextitem" train "${arguments[@]}" >"$out.log" 2>&1 || { echo "row $1, seed $2 failed: $(tail -n 1 "$out.log")" >&2; return 1; }
  local seconds
  seconds=$(grep -o '"seconds": [0-9.]*' "$out.json" | head -n 1 | sed 's/.*: //')
  "$nextitem" evaluate --model "$out.nextitem" --data "$test" --json "$out.evaluation.json" >/dev/null
  value() { tr -d '\n ' <"$out.evaluation.json" | grep -o "{\"name\":\"$1\",\"cutoff\":20,\"value\":[0-9.eE+-]*" | sed 's/.*://'; }
  echo "$(value recall) $(value mrr) $(grep -o '"loss": [0-9.]*' "$out.json" | sed -n '1s/.*: //p;$s/.*: //p' | tr '\n' ' ') $seconds" >"$out.result.part"
  mv "$out.result.part" "$out.result"
  rm -f "$out.nextitem" "$out.evaluation.json"
}
export -f one

rows=()
while IFS= read -r line; do rows+=("$line"); done < <(grep -v '^#' "$here/eng/settings-table.tsv")
for i in "${!rows[@]}"; do
  IFS=$'\t' read -r _ _ preset settings <<<"${rows[$i]}"
  for seed in $seeds; do printf '%s\0%s\0%s\0%s\0' "$i" "$seed" "$preset" "${settings:-}"; done
done | xargs -0 -n 4 -P "${JOBS:-2}" bash -c 'one "$@"' _

echo "| setting | Recall@20 | MRR@20 | seconds | options |"
echo "| --- | --- | --- | --- | --- |"
before=""
for i in "${!rows[@]}"; do
  IFS=$'\t' read -r group name preset settings <<<"${rows[$i]}"
  [ "$group" = "$before" ] || echo "| **$group** | | | | |"
  before=$group
  for seed in $seeds; do cat "$folder/$i-$seed.result"; done | awk -v name="$name" -v preset="$preset" -v settings="${settings:-}" '
    { r += $1; rr += $1 * $1; m += $2; mm += $2 * $2; s += $NF }
    function sd(sum, squares) { v = NR > 1 ? (squares - sum * sum / NR) / (NR - 1) : 0; return sqrt(v > 0 ? v : 0) }
    END { options = preset == "-" ? "" : "--preset " preset; if (settings != "") options = options (options == "" ? "" : " ") "--set " settings
      printf "| %s | %.4f +- %.4f | %.4f +- %.4f | %.0f | `%s` |\n", name, r / NR, sd(r, rr), m / NR, sd(m, mm), s / NR, options }'
done

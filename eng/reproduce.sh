#!/usr/bin/env bash
# Reproduces the numbers of docs/results.md: trains with several seeds, evaluates, prints one line a run and the means.
#   eng/reproduce.sh TRAIN TEST PRESET SEEDS [--set ...]      for instance:
#   eng/reproduce.sh train_full.tsv.gz test.tsv.gz rsc15-paramfile "1 2 3 4 5" --set variant=reset-after
# Columns: seed, Recall@1/5/10/20, MRR@5/10/20 (unknown items dropped), Recall@20 and MRR@20 with unknown items as misses,
# training seconds, and the mean loss of each epoch.
set -euo pipefail
train=$1 test=$2 preset=$3 seeds=$4
shift 4
here=$(cd "$(dirname "$0")/.." && pwd)
nextitem=${NEXTITEM:-$here/artifacts/bin/NextItem.Cli/release/NextItem.Cli}
[ -x "$nextitem" ] || dotnet build "$here/src/NextItem.Cli" -c Release >&2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
value() { # file, name, cutoff
  tr -d '\n ' <"$1" | grep -o "{\"name\":\"$2\",\"cutoff\":$3,\"value\":[0-9.eE+-]*" | sed 's/.*://'
}
for seed in $seeds; do
  "$nextitem" train --data "$train" --out "$work/model" --preset "$preset" --seed "$seed" --threads 1 "$@" --json "$work/train.json" >/dev/null
  "$nextitem" evaluate --model "$work/model" --data "$test" --json "$work/drop.json" >/dev/null
  "$nextitem" evaluate --model "$work/model" --data "$test" --unknown miss --json "$work/miss.json" >/dev/null
  losses=$(grep -o '"loss": [0-9.]*' "$work/train.json" | sed 's/.*: //')
  seconds=$(grep -o '"seconds": [0-9.]*' "$work/train.json" | head -n 1 | sed 's/.*: //')
  echo "$seed $(for k in 1 5 10 20; do value "$work/drop.json" recall $k; done | tr '\n' ' ')$(for k in 5 10 20; do value "$work/drop.json" mrr $k; done | tr '\n' ' ')$(value "$work/miss.json" recall 20) $(value "$work/miss.json" mrr 20) $seconds" $losses
done | awk '
  { printf "seed %s:", $1; for (i = 2; i <= 10; i++) printf " %.4f", $i; printf "  %.0f s  losses", $11; for (i = 12; i <= NF; i++) printf " %.3f", $i; print ""
    for (i = 2; i <= NF; i++) { sum[i] += $i; square[i] += $i * $i } if (NF > columns) columns = NF }
  END { printf "mean  :"; for (i = 2; i <= 10; i++) printf " %.4f", sum[i] / NR; printf "  %.0f s  losses", sum[11] / NR; for (i = 12; i <= columns; i++) printf " %.3f", sum[i] / NR; print ""
    if (NR > 1) { printf "stddev:"; for (i = 2; i <= 10; i++) { v = (square[i] - sum[i] * sum[i] / NR) / (NR - 1); printf " %.4f", sqrt(v > 0 ? v : 0) } print "" } }'

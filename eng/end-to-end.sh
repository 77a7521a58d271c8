#!/usr/bin/env bash
# The command line from training to recommendations on real data, when ../shared/data is there; on the demo's shop always.
# Each check prints one line; the exit code is the number of those that failed.
set -uo pipefail
cd "$(dirname "$0")/.."
nextitem="artifacts/bin/NextItem.Cli/release/NextItem.Cli"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
check() { # name, command...
  local name=$1
  shift
  if "$@" >"$work/log" 2>&1; then
    echo "ok    $name"
  else
    echo "FAIL  $name"
    tail -n 20 "$work/log"
    failed=$((failed + 1))
  fi
}
metric() { # file, name, cutoff: the value
  tr -d '\n ' <"$1" | grep -o "{\"name\":\"$2\",\"cutoff\":$3,\"value\":[0-9.eE+-]*" | sed 's/.*://'
}
at_least() { awk -v found="$1" -v wanted="$2" 'BEGIN { print found " (expected at least " wanted ")"; exit !(found >= wanted) }'; }

check "demo" "$nextitem" demo --out "$work/demo" --seed 3
check "inspect the demo's model" "$nextitem" inspect --model "$work/demo/shop.nextitem"
check "metrics recomputed from recommend --data" bash eng/recompute-metrics.sh "$work/demo/shop.nextitem" "$work/demo/test.tsv" -- "$nextitem"

data=../shared/data/rsc15-100k
if [ -d "$data" ]; then
  check "inspect real data" "$nextitem" inspect --data "$data/train_full.tsv.gz"
  check "train on real data" "$nextitem" train --data "$data/train_full.tsv.gz" --out "$work/rsc15.nextitem" --preset rsc15-paramfile --json "$work/train.json"
  check "evaluate on real data" "$nextitem" evaluate --model "$work/rsc15.nextitem" --data "$data/test.tsv.gz" --json "$work/result.json"
  recall=$(metric "$work/result.json" recall 20)
  mrr=$(metric "$work/result.json" mrr 20)
  check "Recall@20 $recall" at_least "$recall" 0.665
  check "MRR@20 $mrr" at_least "$mrr" 0.345
  check "recommend for real sessions" "$nextitem" recommend --model "$work/rsc15.nextitem" --data "$data/test.tsv.gz" --top 5 --out "$work/next.tsv"
  check "similar items" "$nextitem" similar --model "$work/rsc15.nextitem" --item 214716935
else
  echo "skip  real data: ../shared/data/rsc15-100k is not there"
fi
exit "$failed"

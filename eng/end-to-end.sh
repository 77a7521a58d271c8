#!/usr/bin/env bash
# The command line from training to recommendations on real data, when ../shared/data is there; on the demo's shop always.
# Each check prints one line; the exit code is the number of those that failed.
set -uo pipefail
cd "$(dirname "$0")/.."
nextitem="artifacts/bin/NextItem.Cli/release/NextItem.Cli"
work=$(mktemp -d)
server=""
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; rm -rf "$work"' EXIT
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
check "metrics recomputed from recommend --data" bash eng/recompute-metrics.sh "$work/demo/shop.nextitem" "$work/demo/prepared/test.tsv" -- "$nextitem"

# The whole way from a raw log: one file of events in, recommendations out.
check "prepare the demo's log" "$nextitem" prepare --input "$work/demo/clicks.csv" --out "$work/prepared" --item-features "$work/demo/items.tsv"
check "train on what was prepared" "$nextitem" train --data "$work/prepared/train_full.parquet" --valid "$work/prepared/train_valid.parquet" --out "$work/prepared.nextitem" --set layers=32,n_epochs=1
check "evaluate on what was prepared" "$nextitem" evaluate --model "$work/prepared.nextitem" --data "$work/prepared/test.parquet"
check "prepare again with one thread" "$nextitem" prepare --input "$work/demo/clicks.csv" --out "$work/prepared-again" --item-features "$work/demo/items.tsv" --threads 1
check "the same bytes again" bash -c 'for f in "$0"/*.parquet; do cmp "$f" "$1/${f##*/}" || exit 1; done' "$work/prepared" "$work/prepared-again"

# A server on a free port answers one session as recommend does, and stops cleanly.
start_server() { # options of serve: starts it, tells where it listens in $address, and its process in $server
  "$nextitem" serve "$@" --urls http://127.0.0.1:0 >"$work/serve.log" 2>&1 &
  server=$!
  for _ in $(seq 100); do grep -q ' on http' "$work/serve.log" && break; sleep 0.1; done
  address=$(grep -o 'http://[0-9.:]*' "$work/serve.log")
}
stop_server() { # it ends by itself when asked to, with 0
  kill -TERM "$server"
  wait "$server" || { server=""; return 1; }
  server=""
}
ask() { # path, curl's options
  local path=$1
  shift
  curl -sS --max-time 30 -H 'content-type: application/json' "$@" "$address$path"
}
serves() {
  local model=$1 items address
  "$nextitem" recommend --model "$model" --items SHOE-0001,SOCK-0003 --top 5 --json "$work/recommended.json" >"$work/recommended.log" || return 1
  start_server --model "$model"
  ask /v1/recommendations -d '{"items":["SHOE-0001","SOCK-0003"],"numResults":5}' >"$work/served.json"
  stop_server || return 1
  items=$(tr -d '\n ' <"$work/recommended.json" | grep -o '"itemId":"[^"]*","score":[0-9.eE+-]*')
  [ -n "$items" ] && [ "$items" = "$(grep -o '"itemId":"[^"]*","score":[0-9.eE+-]*' "$work/served.json")" ] || { cat "$work/served.json"; return 1; }
}
# Two models, rules that change while it runs, and feedback: what is hidden is in no list until the rules are others, each pin is in its place, both models
# answer, and of the lists one was clicked.
serves_two() {
  local hidden list item address
  "$nextitem" recommend --model "$1" --items SHOE-0001 --top 1 --json "$work/best.json" >"$work/recommended.log" || return 1
  hidden=$(tr -d '\n ' <"$work/best.json" | grep -o '"itemId":"[^"]*"')
  echo "{\"hide\":{\"items\":[${hidden#*:}]},\"pin\":[{\"itemId\":\"NEW-1\",\"position\":2}]}" >"$work/rules.json"
  start_server --model "$1" --model-b "$2" --rules "$work/rules.json" --feedback "$work/feedback" --reload-check 100ms
  for i in $(seq 20); do
    ask "/v1/sessions/visitor-$i/events" -d '{"itemId":"SHOE-0001","numResults":5}'
    echo
  done >"$work/lists.json"
  list=$(grep -o '"recommendationId":"[^"]*"' "$work/lists.json" | head -n 1)
  item=$(head -n 1 "$work/lists.json" | grep -o '"itemId":"[^"]*"' | head -n 1)
  ask /v1/events -d "{\"sessionId\":\"visitor-1\",\"events\":[{\"eventType\":\"click\",$item,$list}]}"
  echo '{}' >"$work/rules.json"
  for _ in $(seq 100); do
    ask '/v1/recommendations?items=SHOE-0001&numResults=1' >"$work/shown.json"
    ! grep -qF "$hidden" "$work/shown.json" || break
    sleep 0.1
  done
  stop_server || return 1
  cat "$work/lists.json" "$work/shown.json"
  grep -qF "$hidden" "$work/shown.json" || { echo "expected $hidden under the other rules"; return 1; }
  ! grep -F "$hidden" "$work/lists.json" || { echo "$hidden is hidden"; return 1; }
  [ "$(grep -cE '^[^}]*}[^}]*},\{"itemId":"NEW-1","source":"promotion"}' "$work/lists.json")" = 20 ] || { echo "expected NEW-1 in the second place of 20 lists"; return 1; }
  grep -q '"variant":"A"' "$work/lists.json" && grep -q '"variant":"B"' "$work/lists.json" || { echo "expected both variants"; return 1; }
  "$nextitem" feedback --input "$work/feedback" --json "$work/feedback.json" || return 1
  tr -d '\n ' <"$work/feedback.json" | grep -q '"variant":"A".*"variant":"B"' || { cat "$work/feedback.json"; return 1; }
  [ "$(tr -d '\n ' <"$work/feedback.json" | grep -o '"clickThrough":{"count":[01],' | sort | tr -dc '01')" = 01 ] || { cat "$work/feedback.json"; return 1; }
}
if command -v curl >"$work/log"; then
  check "serve answers as recommend does" serves "$work/demo/shop.nextitem"
  check "serve: rules, two models, feedback" serves_two "$work/demo/shop.nextitem" "$work/prepared.nextitem"
else
  echo "skip  serve: curl is not there"
fi

data=../shared/data/rsc15-100k
if [ -d "$data" ]; then
  check "inspect real data" "$nextitem" inspect --data "$data/train_full.tsv.gz"
  check "train on real data" "$nextitem" train --data "$data/train_full.tsv.gz" --out "$work/rsc15.nextitem" --preset rsc15-paramfile --json "$work/train.json"
  check "evaluate on real data" "$nextitem" evaluate --model "$work/rsc15.nextitem" --data "$data/test.tsv.gz" --json "$work/result.json"
  recall=$(metric "$work/result.json" recall 20)
  mrr=$(metric "$work/result.json" mrr 20)
  check "Recall@20 $recall" at_least "$recall" 0.665
  check "MRR@20 $mrr" at_least "$mrr" 0.345
  quick=(--data "$data/train_tr.tsv.gz" --threads 1 --set "layers=48,batch_size=64,n_sample=512,dropout_p_hidden=0.1")
  check "bpr-max, separate embedding, early stopping, a plot" "$nextitem" train "${quick[@]}" --valid "$data/train_valid.tsv.gz" --out "$work/bpr.nextitem" \
    --set "loss=bpr-max,constrained_embedding=False,embedding=40,n_epochs=3,patience=1" --history "$work/history.png" --history "$work/history.csv"
  check "evaluate bpr-max" "$nextitem" evaluate --model "$work/bpr.nextitem" --data "$data/test.tsv.gz"
  check "three epochs in one go" "$nextitem" train "${quick[@]}" --out "$work/whole.nextitem" --set n_epochs=3
  check "two epochs and a checkpoint" "$nextitem" train "${quick[@]}" --out "$work/parts.nextitem" --set n_epochs=2 --checkpoint "$work/run.checkpoint"
  check "one more, resumed" "$nextitem" train "${quick[@]}" --out "$work/parts.nextitem" --set n_epochs=3 --checkpoint "$work/run.checkpoint" --resume
  check "the same bytes" cmp "$work/whole.nextitem" "$work/parts.nextitem"
  check "warm start on newer data" "$nextitem" train --data "$data/train_full.tsv.gz" --valid "$data/train_valid.tsv.gz" --out "$work/warm.nextitem" --warm-start "$work/whole.nextitem" --set n_epochs=1
  gzip -dc "$data/train_tr.tsv.gz" | tail -n +2 >"$work/headerless.tsv"
  check "pyGRU4REC's settings on its file format" "$nextitem" train --data "$work/headerless.tsv" --format pygru4rec --out "$work/pygru.nextitem" --threads 1 \
    --set "loss=top1-pygru4rec,final_act=tanh,variant=reset-after,constrained_embedding=False,embedding=0,batch_size=50,n_sample=0,learning_rate=0.01,n_epochs=1"
  check "recommend for real sessions" "$nextitem" recommend --model "$work/rsc15.nextitem" --data "$data/test.tsv.gz" --top 5 --out "$work/next.tsv"
  check "similar items" "$nextitem" similar --model "$work/rsc15.nextitem" --item 214716935
else
  echo "skip  real data: ../shared/data/rsc15-100k is not there"
fi
exit "$failed"

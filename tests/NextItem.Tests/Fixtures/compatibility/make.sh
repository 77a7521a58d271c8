#!/usr/bin/env bash
# Makes the fixtures of one version of NextItem with that version's own command line: models of every kind that it has, what they score, and
# checkpoints with the models that their runs ended with.
#
#   tests/NextItem.Tests/Fixtures/compatibility/make.sh COMMIT FOLDER     builds the command of a commit in a temporary folder
#
# Fixtures are never made again: what they show is that files from then are still read. A version that is released adds a folder of its own.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../../.." && pwd)
commit=$1 out=$here/$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ -n "${NEXTITEM:-}" ]; then # the command is there already
    nextitem=$NEXTITEM
else
    git -C "$root" archive "$commit" | tar -x -C "$work"
    (cd "$work" && dotnet build src/NextItem.Cli -c Release -v q -p:RunAnalyzersDuringBuild=false)
    nextitem=$work/artifacts/bin/NextItem.Cli/release/NextItem.Cli
fi
mkdir -p "$out"
small=(--data "$here/train.tsv" --seed 5 --threads 1)

try() { # NAME ARGUMENTS...: a model and its scores; a version that does not know the kind passes it by
    local name=$1
    shift
    if ! "$nextitem" train "${small[@]}" --out "$work/$name.nextitem" "$@" > "$work/log" 2>&1; then
        echo "not in this version: $name ($(tail -1 "$work/log"))"
        return
    fi
    cp "$work/$name.nextitem" "$out/"
    "$nextitem" recommend --model "$out/$name.nextitem" --items "item 2" --items "item 7" --items "item 9" --top 14 --json "$out/$name.json" > /dev/null
}

net=n_epochs=2,batch_size=4,n_sample=6
try gru4rec --set $net,layers=5
try gru4rec-after-bpr-max --set $net,layers=5,variant=reset-after,loss=bpr-max
try gru4rec-two-layers --set $net,layers=4/6
try gru4rec-separate --set $net,layers=5,constrained_embedding=False,embedding=3
try gru4rec-one-hot --set $net,layers=5,constrained_embedding=False,embedding=0
try gru4rec-cosine --set $net,layers=5,cosine_scale=6
for kind in pop recent-pop s-pop markov item-knn rules bpr-mf v-sknn vmis-knn; do
    try $kind --algorithm $kind
done
try prnn --algorithm prnn --features "$here/items.tsv" --set $net,layers=3
if "$nextitem" --help | grep -q "^ *fuse"; then
    "$nextitem" fuse --models "$out/gru4rec.nextitem" --models "$out/markov.nextitem" --out "$out/fusion.nextitem" > /dev/null
    "$nextitem" recommend --model "$out/fusion.nextitem" --items "item 2" --items "item 7" --items "item 9" --top 14 --json "$out/fusion.json" > /dev/null
fi

run() { # NAME ARGUMENTS...: the checkpoint of a run after its first epoch, and the model that the same run has after three
    local name=$1
    shift
    "$nextitem" train "${small[@]}" --out "$work/$name.nextitem" --checkpoint "$work/$name.checkpoint" "$@" --set n_epochs=1 > "$work/log" 2>&1 || { echo "no checkpoint in this version: $name ($(tail -1 "$work/log"))"; return; }
    cp "$work/$name.checkpoint" "$out/$name.checkpoint"
    "$nextitem" train "${small[@]}" --out "$work/$name.nextitem" --checkpoint "$work/$name.checkpoint" --resume "$@" --set n_epochs=3 > "$work/log" 2>&1
    "$nextitem" recommend --model "$work/$name.nextitem" --items "item 2" --items "item 7" --items "item 9" --top 14 --json "$out/$name-resumed.json" > /dev/null
}

run=batch_size=4,n_sample=6,layers=5
run run-gru4rec --set $run,momentum=0.2,dropout_p_hidden=0.1
run run-adam --set $run,adapt=adam,learning_rate=0.02
run run-cosine --set $run,cosine_scale=6
run run-top-samples --set $run,top_samples=3

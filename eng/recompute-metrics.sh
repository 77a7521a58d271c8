#!/usr/bin/env bash
# Recomputes Recall@20 and MRR@20 of a model from what 'nextitem recommend --data' prints, without the evaluator:
# every prefix of every test session becomes a session of its own, and the rank of the event that follows is looked up.
#
#   eng/recompute-metrics.sh MODEL TEST.tsv [--tolerance T] [-- NEXTITEM-COMMAND ...]
#
# TEST is tab-separated with a header, columns SessionId, ItemId, Time, plain keys and times that are numbers. Prints recall, mrr and cases of both ways and
# fails when they differ by more than the tolerance (0.00005: four decimals) plus what tied cases may move.
# Without a command after --, 'nextitem' on the path is used.
set -euo pipefail
export LC_ALL=C

model=${1:?usage: $0 MODEL TEST.tsv [--tolerance T] [-- NEXTITEM-COMMAND ...]}
test=${2:?a test file is missing}
shift 2
tolerance=0.00005
[ "${1:-}" != --tolerance ] || { tolerance=$2; shift 2; }
[ "${1:-}" != -- ] || shift
[ $# -gt 0 ] || set -- nextitem
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Known items only, as '--unknown drop' has it: every item that the model could recommend appears in one long answer.
"$@" recommend --model "$model" --items '' --top 2000000000 --json "$work/items.json" > /dev/null 2> "$work/log" || { cat "$work/log" >&2; exit 1; }
sed -n 's/^ *"itemId": "\(.*\)",\{0,1\}$/\1/p' "$work/items.json" > "$work/known"

# Sessions in time order; equal times keep the order of the file, so a stable sort by session, then time.
awk -F'\t' -v OFS='\t' '
    FNR == NR { known[$0]; next }
    { sub(/\r$/, "") }
    FNR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
    $column["ItemId"] in known { print $column["SessionId"], $column["ItemId"], $column["Time"] }
' "$work/known" "$test" | sort -s -t "$(printf '\t')" -k1,1 -k3,3g > "$work/sorted"
awk -F'\t' -v OFS='\t' -v targets="$work/targets" '
    BEGIN { print "SessionId", "ItemId", "Time" }
    $1 != session { session = $1; length_ = 0 }
    length_ > 0 { cases++; print cases, $2 > targets; for (i = 1; i <= length_; i++) print cases, item[i], i }
    { item[++length_] = $2 }
' "$work/sorted" > "$work/prefixes.tsv"

"$@" recommend --model "$model" --data "$work/prefixes.tsv" --top 20 --out "$work/next.tsv" > /dev/null
"$@" evaluate --model "$model" --data "$test" --cutoffs 20 --json "$work/evaluation.json" > /dev/null
evaluated() { tr -d ' \n' < "$work/evaluation.json" | sed -n "s/.*$1\([0-9.eE+-]*\).*/\1/p"; }

awk -F'\t' -v recall="$(evaluated '"name":"recall","cutoff":20,"value":')" -v mrr="$(evaluated '"name":"mrr","cutoff":20,"value":')" \
    -v counted="$(evaluated '"cases":')" -v ties="$(evaluated '"ties":')" -v tolerance="$tolerance" '
    FNR == NR { target[$1] = $2; cases++; next }
    FNR > 1 && target[$1] == $3 { hits++; reciprocal += 1 / $2 }
    function apart(a, b) { return a > b ? a - b : b - a }
    END {
        printf "recomputed  Recall@20 %.6f  MRR@20 %.6f  cases %d\n", hits / cases, reciprocal / cases, cases
        printf "evaluate    Recall@20 %.6f  MRR@20 %.6f  cases %d  tied %d\n", recall, mrr, counted, ties
        allowed = tolerance + ties / cases
        same = cases == counted && apart(hits / cases, recall) <= allowed && apart(reciprocal / cases, mrr) <= allowed
        print same ? "SAME" : "DIFFERENT"
        exit !same
    }
' "$work/targets" "$work/next.tsv"

#!/usr/bin/env bash
# Makes the table of all kinds of models on yoochoose-1-64 (docs/baselines.md): trains each, measures all in one comparison, and
# prints Recall@20 and MRR@20 with 95 % intervals beside the numbers that papers print. Unknown items count as misses, ties
# are broken against the model.
#
#   eng/yoochoose-table.sh TRAIN TEST [OUT-FOLDER]     for instance ../shared/data/yoochoose-1-64/{train,test}.tsv.gz
#
# OUT-FOLDER keeps the models and the report with its plots. Some ten minutes on one free core, most of them gru4rec and bpr-mf.
set -euo pipefail
train=${1:?usage: $0 TRAIN TEST [OUT-FOLDER]}
test=${2:?a test file is missing}
here=$(cd "$(dirname "$0")/.." && pwd)
nextitem=${NEXTITEM:-$here/artifacts/bin/NextItem.Cli/release/NextItem.Cli}
[ -x "$nextitem" ] || dotnet build "$here/src/NextItem.Cli" -c Release >&2
out=${3:-}
[ -n "$out" ] || { out=$(mktemp -d); trap 'rm -rf "$out"' EXIT; }
mkdir -p "$out"

for algorithm in pop s-pop item-knn bpr-mf markov rules v-sknn vmis-knn; do
  "$nextitem" train --data "$train" --out "$out/$algorithm.nextitem" --algorithm "$algorithm" > "$out/log"
done
"$nextitem" train --data "$train" --out "$out/gru4rec.nextitem" --preset rsc15-table --seed 1 --threads 1 --checkpoint "$out/checkpoint" > "$out/log"
"$nextitem" fuse --models "$out/gru4rec.nextitem,$out/v-sknn.nextitem" --out "$out/fusion.nextitem" > "$out/log"

models=
for name in pop s-pop item-knn bpr-mf markov rules v-sknn vmis-knn gru4rec fusion; do models+=${models:+,}$out/$name.nextitem; done
"$nextitem" compare --models "$models" --data "$test" --out "$out/report" --metrics recall,mrr --cutoffs 20 --unknown miss --ties conservative > "$out/log"

# Published under the same protocol (55,898 cases): by Li et al. 2017 (NARM) and the papers after it.
awk -F, '
  BEGIN {
    paper["pop"] = "0.0671 / 0.0165"; paper["s-pop"] = "0.3044 / 0.1835"; paper["item-knn"] = "0.5160 / 0.2181"
    paper["bpr-mf"] = "0.3131 / 0.1208"; paper["gru4rec"] = "0.6064 / 0.2289 (2016 form)"
    print "| model | Recall@20 | 95 % | MRR@20 | 95 % | published |"; print "| --- | ---: | --- | ---: | --- | --- |"
  }
  FNR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
  { model = $column["model"]; sub(/.*\//, "", model); sub(/\.nextitem$/, "", model); cases = $column["cases"]
    if (!(model in order)) { order[model] = ++models; name[models] = model }
    value[model, $column["metric"]] = sprintf("%.4f | %.4f to %.4f", $column["value"], $column["low"], $column["high"]) }
  END { for (i = 1; i <= models; i++) printf "| `%s` | %s | %s | %s |\n", name[i], value[name[i], "recall"], value[name[i], "mrr"], paper[name[i]]
    printf "\n%d cases (unknown items: miss; ties: conservative)\n", cases }' "$out/report/comparison.csv"

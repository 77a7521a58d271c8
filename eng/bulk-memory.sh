#!/usr/bin/env bash
# Shows that 'nextitem recommend --data' takes the same memory for three times as many sessions, as the operating system reports
# it: the largest resident size, which GNU time prints. Makes its own logs; needs some 2 GB of disk and several minutes.
#
#   eng/bulk-memory.sh [SESSIONS ...]        default: 1000000 3000000; the last may take 1.15 times the memory of the first
set -euo pipefail
cd "$(dirname "$0")/.."
export LC_ALL=C
[ $# -gt 0 ] || set -- 1000000 3000000
nextitem=${NEXTITEM:-artifacts/bin/NextItem.Cli/release/NextItem.Cli}
benchmarks=artifacts/bin/NextItem.Benchmarks/release/NextItem.Benchmarks
[ -x /usr/bin/time ] || { echo "GNU time (/usr/bin/time) is not there: it is what tells the memory." >&2; exit 2; }
[ -x "$nextitem" ] || dotnet build src/NextItem.Cli -c Release >&2
[ -x "$benchmarks" ] || dotnet build benchmarks/NextItem.Benchmarks -c Release >&2
work=$(mktemp -d "${TMPDIR:-/tmp}/nextitem-bulk-XXXXXX")
trap 'rm -rf "$work"' EXIT

"$benchmarks" log "$work/train.tsv.gz" 1000000 30000
"$nextitem" train --data "$work/train.tsv.gz" --out "$work/model" --algorithm vmis-knn > "$work/log"
failed=0
printf '%-10s %12s %12s %12s %14s\n' output sessions 'memory kB' seconds rows
for kind in tsv.gz parquet; do
  first=
  for sessions in "$@"; do
    [ -f "$work/$sessions.tsv.gz" ] || "$benchmarks" log "$work/$sessions.tsv.gz" $((sessions * 5)) 30000
    /usr/bin/time -f '%M %e' -o "$work/time" "$nextitem" recommend --model "$work/model" --data "$work/$sessions.tsv.gz" --top 5 --out "$work/next.$kind" > "$work/log"
    read -r memory seconds < "$work/time"
    rows=-
    [ "$kind" != tsv.gz ] || rows=$(gzip -dc "$work/next.$kind" | tail -n +2 | wc -l)
    printf '%-10s %12d %12d %12s %14s\n' "$kind" "$sessions" "$memory" "$seconds" "$rows"
    [ -n "$first" ] || first=$memory
    rm "$work/next.$kind"
  done
  if [ $((memory * 100)) -gt $((first * 115)) ]; then
    echo "$kind: the memory grew from $first to $memory kB" >&2
    failed=1
  fi
done
exit $failed

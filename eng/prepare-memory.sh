#!/usr/bin/env bash
# Prepares a large generated log in 4 GB of memory and says what it took: the largest resident size as the operating system
# reports it (GNU time), seconds, and the seconds of each step. Needs some 15 GB of disk for 100 million events.
#
#   eng/prepare-memory.sh [EVENTS] [LOG]     default: 100000000; LOG is used when it is there, and made and kept when not
#
# THREADS (2), MEMORY (4GB) and TMPDIR change the rest. Exits with 1 when the process became larger than MEMORY.
set -euo pipefail
cd "$(dirname "$0")/.."
export LC_ALL=C
events=${1:-100000000}
nextitem=${NEXTITEM:-artifacts/bin/NextItem.Cli/release/NextItem.Cli}
benchmarks=artifacts/bin/NextItem.Benchmarks/release/NextItem.Benchmarks
[ -x /usr/bin/time ] || { echo "GNU time (/usr/bin/time) is not there: it is what tells the memory." >&2; exit 2; }
[ -x "$nextitem" ] || dotnet build src/NextItem.Cli -c Release >&2
work=$(mktemp -d "${TMPDIR:-/tmp}/nextitem-prepare-XXXXXX")
trap 'rm -rf "$work"' EXIT
log=${2:-$work/log.tsv}
if [ ! -f "$log" ]; then
  [ -x "$benchmarks" ] || dotnet build benchmarks/NextItem.Benchmarks -c Release >&2
  "$benchmarks" log "$log" "$events" 300000
fi

memory=${MEMORY:-4GB}
/usr/bin/time -f '%M %e %U %S' -o "$work/time" "$nextitem" prepare --input "$log" --out "$work/out" --memory "$memory" --threads "${THREADS:-2}" --json "$work/report.json"
read -r kilobytes elapsed user system < <(tail -n 1 "$work/time")
echo
echo "seconds of each step:"
tr -d '\n' < "$work/report.json" | sed 's/.*"timings": *\[//' | tr '{' '\n' | sed -n 's/.*"step": *"\([^"]*\)", *"seconds": *\([0-9.eE+-]*\).*/\2 \1/p' | awk '
  { seconds = $1; sub(/^[^ ]* /, ""); if (!($0 in sum)) order[++n] = $0; sum[$0] += seconds }
  END { for (i = 1; i <= n; i++) printf "%10.1f  %s\n", sum[order[i]], order[i] }'
awk -v kb="$kilobytes" -v s="$elapsed" -v u="$user" -v y="$system" -v log_size="$(wc -c < "$log")" 'BEGIN {
  printf "peak resident size %d kB (%.2f GiB), %.0f s elapsed, %.0f s of processor time (%.0f of them in the system); the log has %.1f GB\n", kb, kb / 1048576, s, u + y, y, log_size / 1e9 }'
limit=$(awk -v text="$memory" 'BEGIN { n = text + 0; print int(n * (text ~ /T/ ? 2^30 : text ~ /G/ ? 2^20 : text ~ /M/ ? 2^10 : 1)) }')
[ "$kilobytes" -le "$limit" ] || { echo "larger than $memory" >&2; exit 1; }

#!/usr/bin/env bash
# Loads a server from a second process on the same machine, and prints the table of docs/serving.md: requests/s, milliseconds in
# percentiles, processor time a request of the server and of the generator, failures, and how many of the answers that were compared
# with 'recommend' differ. Each request is an event of one of at least 10,000 sessions with 20 recommendations after it.
#
#   eng/serving-load.sh [FILE]          100,000 and 1,000,000 items of 100 units; FILE gets the table too
#   eng/serving-load.sh --soak [FILE]   half a million requests, 20,000 items: memory at each tenth, which must not grow
#
# Settings of the server, such as --store redis --redis 127.0.0.1:6379, may be given in NEXTITEM_LOAD_OPTIONS.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
soak=false
if [ "${1:-}" = --soak ]; then soak=true; shift; fi
out=${1:-/dev/null}
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$work"' EXIT
dotnet build src/NextItem.Cli -c Release -v q ${NEXTITEM_BUILD_OPTIONS:-} >"$work/build.log" 2>&1 || { cat "$work/build.log"; exit 1; }
dotnet build benchmarks/NextItem.Benchmarks -c Release -v q ${NEXTITEM_BUILD_OPTIONS:-} >"$work/build.log" 2>&1 || { cat "$work/build.log"; exit 1; }
nextitem=(dotnet artifacts/bin/NextItem.Cli/release/NextItem.Cli.dll)
bench=(dotnet artifacts/bin/NextItem.Benchmarks/release/NextItem.Benchmarks.dll)

start() { # model
  # shellcheck disable=SC2086 # options are words
  "${nextitem[@]}" serve --model "$1" --urls http://127.0.0.1:0 ${NEXTITEM_LOAD_OPTIONS:-} >"$work/serve.log" 2>&1 &
  server=$!
  for _ in $(seq 600); do grep -q ' on http' "$work/serve.log" && break; sleep 0.1; done
  url=$(grep -o 'http://[0-9.:]*' "$work/serve.log")
}

stop() { kill -TERM "$server" && wait "$server"; server=; }

failed=0
{
  echo "$(grep -m1 'model name' /proc/cpuinfo | cut -d: -f2 | xargs), $(nproc) processors for server and generator; load of the machine before: $(cut -d' ' -f1-3 /proc/loadavg)"
  printf '%-18s %9s %8s %6s %8s %8s %8s %8s %8s %9s %9s %6s %8s %9s\n' model requests sessions asked/s served/s 'p50 ms' 'p90 ms' 'p99 ms' 'max ms' 'server ms' 'client ms' failed compared different
  if $soak; then
    "${bench[@]}" serving-model "$work/soak.nextitem" 20000 100
    start "$work/soak.nextitem"
    "${bench[@]}" serving "soak, 20,000 x 100" "$url" "$work/soak.nextitem" 20000 500000 50000 "${RATE:-2000}" 64 memory || failed=1
    stop
  else
    for case in "100000 40000 2000" "1000000 20000 500"; do
      read -r items requests rate <<<"$case"
      "${bench[@]}" serving-model "$work/$items.nextitem" "$items" 100
      start "$work/$items.nextitem"
      for asked in $((rate / 4)) "$rate" $((rate * 2)); do
        "${bench[@]}" serving "$items x 100" "$url" "$work/$items.nextitem" "$items" "$requests" 10000 "$asked" 64 || failed=1
      done
      stop
      rm "$work/$items.nextitem"
    done
  fi
} | tee "$out"
exit "$failed"

#!/bin/bash
# NextItem's training step beside an eager PyTorch step of the same network, one after the other on the same machine: mini-batches/s
# at each one's better number of threads, and the ratio. Needs Debian's python3-torch with libopenblas0-pthread.
#   benchmarks/pytorch/compare.sh [PART-OF-CASE]
set -euo pipefail
cd "$(dirname "$0")/../.."
case="${1:-}"
benchmarks="${BENCHMARKS:-artifacts/bin/NextItem.Benchmarks/release/NextItem.Benchmarks}"
[ -x "$benchmarks" ] || { echo "$benchmarks does not exist; expected after: dotnet build -c Release" >&2; exit 1; }
table=$(mktemp)
trap 'rm -f "$table"' EXIT
grep -m1 'model name' /proc/cpuinfo || true
dpkg-query -W -f='${Package} ${Version}\n' python3-torch libopenblas0-pthread 2>/dev/null || true
"$benchmarks" training --runs 2 --case "$case" --out "$table"
/usr/bin/python3 benchmarks/pytorch/step.py --case "$case" --against "$table"

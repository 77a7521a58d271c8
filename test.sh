#!/usr/bin/env bash
# Builds everything and runs all tests. Needs the .NET 10 SDK. Some tests use python3, chromium or redis-server: on Debian or Ubuntu, run by root, what
# lacks is installed; elsewhere a test that lacks one says so and is skipped. With --no-build of what is built.
set -euo pipefail
cd "$(dirname "$0")"

lacking=()
command -v python3 >/dev/null || lacking+=(python3)
command -v redis-server >/dev/null || lacking+=(redis-server)
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || lacking+=(chromium)
if [ ${#lacking[@]} -gt 0 ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "installing for some tests: ${lacking[*]}"
  log=$(mktemp)
  { apt-get update && apt-get install -y --no-install-recommends "${lacking[@]}"; } >"$log" 2>&1 || { tail -n 3 "$log"; echo "not installed; their tests will be skipped"; }
  rm -f "$log"
elif [ ${#lacking[@]} -gt 0 ]; then
  echo "not here, and their tests will be skipped: ${lacking[*]}"
fi

[ "${1:-}" = --no-build ] || dotnet build NextItem.slnx -c Release
# Two test assemblies at a time: those of servers mostly wait, while the numeric ones use all processors.
dotnet test --solution NextItem.slnx -c Release --no-build --max-parallel-test-modules 2 --no-ansi --no-progress

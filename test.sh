#!/usr/bin/env bash
# Builds everything and runs all tests. Needs the .NET 10 SDK; python3, bash, awk, chromium and redis-server are used where they are there, and a
# test that lacks one says so and is skipped.
set -euo pipefail
cd "$(dirname "$0")"
dotnet build NextItem.slnx -c Release
# One test assembly at a time: the numeric tests use both cores of a small machine.
dotnet test --solution NextItem.slnx -c Release --no-build --max-parallel-test-modules 1 --no-ansi --no-progress

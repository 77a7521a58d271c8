#!/usr/bin/env bash
# Publishes samples/aot as machine code, warnings of trimming and of AOT being errors, and runs it where there is no .NET. Needs a C linker (clang
# or gcc) and zlib's headers; says so and fails where these lack.
set -uo pipefail
cd "$(dirname "$0")/.."
command -v clang > /dev/null || command -v gcc > /dev/null || { echo "FAIL neither clang nor gcc is here, which link the sample"; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
linker=()
command -v clang > /dev/null || linker=(-p:CppCompilerAndLinker=gcc)
dotnet publish samples/aot -c Release -v q -o "$work/out" "${linker[@]}" || exit 1
[ ! -f "$work/out/aot.dll" ] || { echo "FAIL there is an aot.dll: the sample was not compiled to machine code"; exit 1; }
env -i "$work/out/aot" | tee "$work/log" || exit 1
grep -qx "compiled ahead of time: True" "$work/log" && grep -q "^gru4rec, 5 items" "$work/log" && [ "$(sed -n '3s/ .*//p' "$work/log")" = bulb ] || { echo "FAIL that is not what the sample should print"; exit 1; }
echo "PASS samples/aot: $(stat -c %s "$work/out/aot") bytes of machine code train, save, load and recommend"

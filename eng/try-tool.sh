#!/usr/bin/env bash
# Tries what a new user gets: packs the command as a dotnet tool, installs it from the package alone, with an empty home
# folder and an empty package cache, runs it, and removes everything. Prints a PASS or FAIL line a step.
#
#   eng/try-tool.sh [arguments for dotnet pack ...]
set -uo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/home" "$work/packages" "$work/shop"
. "$root/eng/steps.sh"

# A settings file of its own: no source but the folder with the package, no cache but an empty one.
cat > "$work/nuget.config" <<CONFIG
<configuration>
  <packageSources><clear /><add key="packed" value="$work/packages" /></packageSources>
</configuration>
CONFIG

as_new_user() {
    env HOME="$work/home" NUGET_PACKAGES="$work/home/cache" DOTNET_CLI_HOME="$work/home" DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 \
        DOTNET_ROOT="$(dirname "$(readlink -f "$(command -v dotnet)")")" "$@"
}

step "pack" dotnet pack "$root/src/NextItem.Cli" -c Release -o "$work/packages" "$@"
[ "$failed" = 0 ] || exit 1 # nothing else can pass
step "one package, named NextItem.Tool" bash -c 'set -- "$0"/*.nupkg; [ $# -eq 1 ] && case $1 in */NextItem.Tool.*) ;; *) false ;; esac' "$work/packages"
version=$(basename "$work"/packages/NextItem.Tool.*.nupkg .nupkg)
version=${version#NextItem.Tool.}
cd "$work" || exit 1
step "install" as_new_user dotnet tool install NextItem.Tool --version "$version" --tool-path "$work/tools" --configfile "$work/nuget.config"
step "version" prints "$version" as_new_user "$work/tools/nextitem" --version
step "help" prints "recommend" as_new_user "$work/tools/nextitem" --help
step "demo" prints "best possible" as_new_user "$work/tools/nextitem" demo --out "$work/shop"
step "recommend" prints "SHOE-" as_new_user "$work/tools/nextitem" recommend --model "$work/shop/shop.nextitem" --items SHOE-0001 --top 5
step "train with a plot" draws "$work/history.png" as_new_user "$work/tools/nextitem" train --data "$work/shop/prepared/train_full.tsv" --out "$work/again.nextitem" \
    --set n_epochs=1,layers=16 --history "$work/history.png"
step "prepare, with the database that came with the package" prints "train_full.parquet" as_new_user "$work/tools/nextitem" prepare --input "$work/shop/clicks.csv" --out "$work/prepared"
step "wrong usage is told with exit code 2" bash -c '"$0" frobnicate; [ $? -eq 2 ]' "$work/tools/nextitem"
step "uninstall" as_new_user dotnet tool uninstall NextItem.Tool --tool-path "$work/tools"

echo "$passed steps passed, $failed failed"
[ "$failed" = 0 ]

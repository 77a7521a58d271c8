#!/usr/bin/env bash
# Makes what is handed out: the NuGet packages, the tool, and the command as one self-contained file a platform, with checksums.
#
#   eng/pack.sh OUT                                           everything
#   eng/pack.sh OUT packages tool linux-x64 osx-arm64 ...     these parts
#
# The version is the one in Directory.Build.props. Any platform's file can be made on any machine; the runtime of that platform is fetched from
# the package source. OUT/SHA256SUMS has the checksum of every file below OUT. With --no-build before OUT, packages are made of what has been built.
set -euo pipefail

built=()
[ "${1:-}" != --no-build ] || { built=(--no-build); shift; }
[ $# -ge 1 ] || { sed -n '2,9s/^# \{0,1\}//p' "$0"; exit 2; }
root=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "$1"
out=$(cd "$1" && pwd)
shift
[ $# -gt 0 ] || set -- packages tool linux-x64 linux-arm64 win-x64 osx-arm64
cd "$root"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
# Paths of this machine are not part of what is handed out, and the same sources give the same assemblies and .tar.gz files; a package's and a
# .zip's own bytes differ, by the times that they note of their entries.
export CI=true
flags=(-c Release -v q)
version=$(dotnet msbuild src/NextItem -getProperty:Version)

libraries() { # every project below src/ that says it is packed and is no tool
    grep -l '<IsPackable>true</IsPackable>' src/*/*.csproj | xargs grep -L '<PackAsTool>'
}

single_file() { # PLATFORM: OUT/nextitem-VERSION-PLATFORM.tar.gz, or .zip for Windows
    local platform=$1 work name
    work=$(mktemp -d)
    name=nextitem-$version-$platform
    dotnet publish src/NextItem.Cli "${flags[@]}" -p:SingleFilePlatform="$platform" -o "$work/publish"
    mkdir "$work/$name"
    case $platform in
        win-*) cp "$work/publish/NextItem.Cli.exe" "$work/$name/nextitem.exe" ;;
        *) cp "$work/publish/NextItem.Cli" "$work/$name/nextitem" && chmod 755 "$work/$name/nextitem" ;;
    esac
    cp LICENSE "$work/$name/"
    cp src/NextItem.Cli/README.md "$work/$name/README.md"
    case $platform in
        win-*) (cd "$work" && python3 -m zipfile -c "$out/$name.zip" "$name") ;;
        *) tar -C "$work" --owner=0 --group=0 --sort=name --mtime=@0 -czf "$out/$name.tar.gz" "$name" ;;
    esac
    rm -rf "$work"
}

for part in "$@"; do
    echo "$part ..."
    case $part in
        packages) for project in $(libraries); do dotnet pack "$project" "${flags[@]}" "${built[@]}" -o "$out/packages"; done ;;
        tool) dotnet pack src/NextItem.Cli "${flags[@]}" "${built[@]}" -o "$out/packages" ;;
        *-*) single_file "$part" ;;
        *) echo "There is no part '$part'; expected packages, tool or a platform such as linux-x64." >&2; exit 2 ;;
    esac
done
(cd "$out" && find . -type f ! -name SHA256SUMS -printf '%P\n' | LC_ALL=C sort | xargs -d '\n' sha256sum > SHA256SUMS)
echo "$(wc -l < "$out/SHA256SUMS") files of version $version in $out"

#!/usr/bin/env bash
# Tries what a stranger gets: each package is installed into a project of its own, from a folder, with an empty home folder, and does what its
# README shows; the self-contained command runs where there is no .NET. Prints a PASS or FAIL line a step.
#
#   eng/try-packages.sh            with an empty package cache (other packages, some 150 MB, come from the usual source), and the tool too
#   eng/try-packages.sh --quick    of what has been built in Release; other packages from this machine's cache, the tool left to eng/try-tool.sh: what
#                                  .ci/run does
#   ... OUT                        what eng/pack.sh has made in OUT
set -uo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
quick=0
[ "${1:-}" != --quick ] || { quick=1; shift; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
out=$work/out
[ $# = 0 ] || out=$(cd "$1" && pwd) || exit 1
mkdir -p "$work/home/.nuget/NuGet" "$work/try"
. "$root/eng/steps.sh"

# Where packages come from is the user's own setting; the folder with ours is added to it.
[ ! -f "$HOME/.nuget/NuGet/NuGet.Config" ] || cp "$HOME/.nuget/NuGet/NuGet.Config" "$work/home/.nuget/NuGet/"
fallback=""
[ "$quick" = 0 ] || fallback="<fallbackPackageFolders><add key=\"machine\" value=\"${NUGET_PACKAGES:-$HOME/.nuget/packages}\" /></fallbackPackageFolders>"
cat > "$work/try/nuget.config" <<CONFIG
<configuration>
  <packageSources><add key="packed" value="$out/packages" /></packageSources>
  $fallback
</configuration>
CONFIG

as_new_user() {
    env HOME="$work/home" NUGET_PACKAGES="$work/home/cache" DOTNET_CLI_HOME="$work/home" DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 "$@"
}

project() { # project PACKAGE [OTHER VERSION]: a console project of the README's program
    local package=$1 folder=$work/try/$1.Try other=""
    [ $# = 1 ] || other="<PackageReference Include=\"$2\" Version=\"$3\" />"
    mkdir "$folder"
    awk '/^```csharp$/ {on = 1; next} /^```$/ {on = 0} on' "$root/src/$package/README.md" > "$folder/Program.cs"
    [ -s "$folder/Program.cs" ] || { echo "The README of $package has no program."; return 1; }
    cat > "$folder/$package.Try.csproj" <<PROJECT
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><Nullable>enable</Nullable><ImplicitUsings>enable</ImplicitUsings>
    <TreatWarningsAsErrors>true</TreatWarningsAsErrors></PropertyGroup>
  <ItemGroup><PackageReference Include="$package" Version="$version" />$other</ItemGroup>
</Project>
PROJECT
    echo "  <Project Path=\"$package.Try/$package.Try.csproj\" />" >> "$work/try/projects"
}

runs() { # runs PACKAGE TEXT: the README's program runs and prints the text
    (cd "$work/try/run" && prints "$2" as_new_user timeout 120 dotnet "$work/try/$1.Try/bin/Release/net10.0/$1.Try.dll")
}

same_version() { # every package of ours that a package asks for has exactly its own version
    local package
    for package in "$out"/packages/*.nupkg; do
        python3 - "$package" "$version" <<'PYTHON' || return 1
import re, sys, zipfile
package, version = sys.argv[1:]
names = zipfile.ZipFile(package).namelist()
text = zipfile.ZipFile(package).read(next(n for n in names if n.endswith(".nuspec"))).decode()
ours = re.findall(r'<dependency id="(NextItem[^"]*)" version="([^"]*)"', text)
assert all(found == f"[{version}]" for _, found in ours), (package, ours)
assert "README.md" in names and "<readme>README.md</readme>" in text and '<license type="expression">MIT</license>' in text, package
for field in ("description", "tags", "authors", "copyright"):
    assert re.search(f"<{field}>.+</{field}>", text, re.S), (package, field)
PYTHON
    done
    echo ok
}

built=()
[ "$quick" = 0 ] || built=(--no-build)
parts=(packages linux-x64)
[ "$(uname -sm)" = "Linux x86_64" ] || parts=(packages)
[ $# -gt 0 ] || step "pack: ${parts[*]}" bash "$root/eng/pack.sh" "${built[@]}" "$out" "${parts[@]}"
[ "$failed" = 0 ] || exit 1 # nothing else can pass
version=$(basename "$out"/packages/NextItem.[0-9]*.nupkg .nupkg)
version=${version#NextItem.}
step "checksums" bash -c 'cd "$0" && sha256sum --quiet -c SHA256SUMS' "$out"
step "symbols for every package" bash -c 'for p in "$0"/packages/*.nupkg; do [ -f "${p%.nupkg}.snupkg" ] || { echo "$p has none"; exit 1; }; done' "$out"
if command -v python3 > /dev/null; then
    step "each package: README, licence, tags, and ours in exactly this version" same_version
else
    echo "SKIP each package: README, licence, tags, and ours in exactly this version: needs python3"
fi

mkdir "$work/try/run"
for package in NextItem NextItem.Data NextItem.Preparation NextItem.Reports NextItem.Server NextItem.Server.Orleans NextItem.Interchange; do project "$package"; done
hosting=$(sed -n 's/.*"Microsoft.Extensions.Hosting" Version="\([^"]*\)".*/\1/p' "$root/Directory.Packages.props")
project NextItem.Hosting Microsoft.Extensions.Hosting "$hosting"
{ echo "<Solution>"; cat "$work/try/projects"; echo "</Solution>"; } > "$work/try/Try.slnx"
cd "$work/try" || exit 1
step "install all, each in a project of its own, and build" as_new_user dotnet build Try.slnx -c Release -v q
[ "$failed" = 0 ] || { echo "$passed steps passed, $failed failed"; exit 1; }
from_folder() { # NuGet takes a version that the machine's cache has before any source: that would be an older package of the same version
    local package name
    for package in "$out"/packages/*.nupkg; do
        name=$(basename "$package" ".$version.nupkg")
        [ "$name" = NextItem.Tool ] || [ -d "$work/home/cache/${name,,}/$version" ] || { echo "$name was taken from elsewhere; remove $version of it from the machine's package cache"; return 1; }
    done
}
step "ours come from the folder" from_folder
step "NextItem: trains, saves and recommends" runs NextItem "bulb "
step "NextItem.Data: reads events" runs NextItem.Data "60 sessions of 5 items"
step "NextItem.Data: says what is wrong" runs NextItem.Data "Are model and data swapped?"
step "NextItem.Preparation: prepares a log" runs NextItem.Preparation "train_full"
step "NextItem.Reports: draws a history" runs NextItem.Reports "epoch"
step "NextItem.Reports: which is a picture" grep -q "<svg" "$work/try/run/history.svg"
step "NextItem.Hosting: recommends in a host" runs NextItem.Hosting "bulb"
step "NextItem.Server: answers a request" runs NextItem.Server '"itemId":"'
step "NextItem.Server.Orleans: answers for a session" runs NextItem.Server.Orleans '"fallback":"none"'
step "NextItem.Interchange: writes graph and vectors" runs NextItem.Interchange "5 vectors of"
step "NextItem.Interchange: which are files" bash -c '[ -s "$0/shop.onnx" ] && [ "$(head -c 6 "$0/shop.npy" | tail -c 5)" = NUMPY ]' "$work/try/run"

without_net() { # the command alone: no variables, nothing in the home folder
    env -i HOME="$work/home" PATH=/usr/bin:/bin TMPDIR="$work" "$@"
}
own_runtime() { # a program that needs an installed .NET finds it in /usr too: the host's trace tells which kind it is
    local trace
    trace=$(without_net env COREHOST_TRACE=1 "$@" 2>&1) || return 1
    if grep -q "framework-dependent app" <<< "$trace"; then echo "it needs an installed .NET"; return 1; fi
    grep -qi "self-contained app" <<< "$trace" || { echo "the trace does not tell"; tail -n 20 <<< "$trace"; return 1; }
}
if [ -f "$out/nextitem-$version-linux-x64.tar.gz" ]; then
    tar -C "$work" -xzf "$out/nextitem-$version-linux-x64.tar.gz"
    one=$work/nextitem-$version-linux-x64/nextitem
    step "one file: version" prints "$version" without_net "$one" --version
    step "one file: has its own runtime" own_runtime "$one" --version
    step "one file: prepare, with the database in it" prints "train_full" without_net "$one" prepare --input "$work/try/run/clicks.csv" --out "$work/prepared"
    step "one file: train, with a plot" draws "$work/one.png" without_net "$one" train --data "$work/prepared/train_full.parquet" --out "$work/one.nextitem" --set n_epochs=1,layers=8,batch_size=4 --history "$work/one.png"
    step "one file: recommend" without_net "$one" recommend --model "$work/one.nextitem" --items p1 --top 3 --json "$work/one.json"
    step "one file: which are items" grep -q '"itemId"' "$work/one.json"
    step "one file: is one file" bash -c '[ "$(find "${0%/*}" -type f | wc -l)" = 3 ]' "$one"
fi

if [ "$quick" = 0 ]; then
    step "the tool" bash "$root/eng/try-tool.sh"
fi

echo "$passed steps passed, $failed failed"
[ "$failed" = 0 ]

#!/usr/bin/env bash
# Builds the documentation's site into a folder: guides, pages and the public types with their doc comments, with a search box.
#
#   eng/docs.sh OUT           needs the network once: docfx 2.81.0, 489 MB, is put into artifacts/docfx
#   eng/docs.sh OUT --built   takes the assemblies that are there instead of building them
#
# Ends with 1 if docfx warns: of a link that leads nowhere, or of a doc comment that names what is not there.
# Then: open OUT/index.html, from the disk too; or python3 -m http.server --directory OUT
set -euo pipefail
[ $# -ge 1 ] || { sed -n '2,8s/^# \{0,1\}//p' "$0"; exit 2; }
root=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "$1"
out=$(cd "$1" && pwd)
[ -z "$(ls -A "$out")" ] || [ -e "$out/public/docfx.min.js" ] || { echo "$out is not empty and no site of before: left alone" >&2; exit 1; }
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

tool=${NEXTITEM_DOCFX:-$root/artifacts/docfx}
version=2.81.0
case $([ -x "$tool/docfx" ] && "$tool/docfx" --version) in
  "$version"*) ;;
  *) rm -rf "$tool" && dotnet tool install docfx --version $version --tool-path "$tool" ;;
esac
[ "${2:-}" = --built ] || dotnet build "$root/src/NextItem.Cli" -c Release -v q

# Laid out as the repository is, so that the links of the pages hold.
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
cp "$root"/{README,CONTRIBUTING,INFLUENCES,CHANGELOG}.md "$root/LICENSE" "$root"/eng/docfx/{docfx.json,toc.yml,index.md} "$stage"
cp -r "$root/docs" "$root/samples" "$root/deploy" "$stage"
mkdir -p "$stage/tests" "$stage/benchmarks"
cp -r "$root/tests/oracle" "$stage/tests"
cp -r "$root/benchmarks/results" "$stage/benchmarks"
find "$stage" \( -name bin -o -name obj \) -type d -prune -exec rm -rf {} +
# A site has no pages of folders: links to these go to a file in them.
find "$stage" -name '*.md' -exec sed -i -E 's#\]\(((\.\./)*samples/(quickstart|aot|embedding))\)#](\1/Program.cs)#g; s#\]\(((\.\./)*benchmarks/results/[a-z0-9-]+)\)#](\1/training.txt)#g' {} +
mkdir "$stage/bin"
cp "$root"/artifacts/bin/NextItem.Cli/release/*.{dll,xml} "$stage/bin"

cd "$stage"
"$tool/docfx" metadata docfx.json --logLevel warning | tee docfx.log
"$tool/docfx" build docfx.json --logLevel warning | tee -a docfx.log
{ echo 'window.nextitemPages = { toc:'; cat _site/toc.json; echo ', api:'; cat _site/api/toc.json; echo ', index:'; cat _site/index.json; echo '};'; } >_site/public/offline-data.js
cp "$root/eng/docfx/offline.js" _site/public
find _site -name '*.html' ! -name toc.html | while read -r page; do
  up=$(dirname "${page#_site/}" | sed -E 's#[^/.][^/]*#..#g')
  sed -i "s#</body>#<script src=\"$up/public/offline-data.js\"></script><script src=\"$up/public/offline.js\"></script></body>#" "$page"
done
find "$out" -mindepth 1 -delete # ours, as shown above: no page of a document that is gone
cp -r _site/. "$out"
cp docfx.log "$out/docfx.log"
warnings=$(grep -vE '^ *[0-9]+ warning\(s\)' docfx.log | grep -ci 'warning' || true)
echo "$(find "$out" -name '*.html' | wc -l) pages in $out, $warnings lines of warnings"
[ "$warnings" = 0 ]

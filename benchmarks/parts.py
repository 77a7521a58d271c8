#!/usr/bin/env python3
"""Where the time of a training step goes: groups a profile's samples by part of the step, prints shares and draws bars as SVG.

Each profile is of one case on one thread, without the denominators, with perf and the runtime's symbol map:
  DOTNET_PerfMapEnabled=1 DOTNET_EnableWriteXorExecute=0 perf record -F 499 -o NAME.data \\
      artifacts/bin/NextItem.Benchmarks/release/NextItem.Benchmarks training --steps-only --threads 1 --case CASE
  benchmarks/parts.py [--svg FILE] TITLE=NAME.data ...
"""
import argparse
import re
import subprocess

# The first that fits; what the log's generation and the start take is left out.
PARTS = [
    ("products: scores, gradients, GRU", r"MatMul::(?!Transposed)"),
    ("products with item rows transposed", r"MatMul::Transposed"),
    ("row updates", r"RowWork"),
    ("loss, final activation, exponentials", r"Losses\.|Exponential|Logistic"),
    ("GRU gates, transposes", r"GruCell|Transpose::"),
    ("random numbers, dropout, sampling", r"CounterRandom|DropoutMask|NegativeSampler|AliasTable|UInt32"),
    ("columns, order of items, batcher", r"ScoredColumns|Batcher"),
    ("step: blocks of rows, prefetch, sums", r"Gru4RecStep|StepBuffers|TensorPrimitives|Memmove|WorkerTeam"),
]
LEFT_OUT = r"Synthetic|SessionSet|KeyTable|InitialiseRow|Catalog|BinarySearch|Benchmarks\]|QuickJitted"
COLOURS = ["#1f6f8b", "#4aa3b8", "#e08e45", "#b5485d", "#7a9e4b", "#8c6bb1", "#c9b458", "#999999"]


def shares(profile):
    """Share of each part in the samples of compiled engine code."""
    report = subprocess.run(["perf", "report", "-i", profile, "--no-children", "--stdio", "-w", "0,0,0,400", "-F", "sample,sym"],
                            capture_output=True, text=True, check=True).stdout
    samples = {name: 0 for name, _ in PARTS}
    for line in report.splitlines():
        found = re.match(r"\s*(\d+)\s+\[\.\]\s+(.*)", line)
        if not found or re.search(LEFT_OUT, found[2]):
            continue
        for name, pattern in PARTS:
            if re.search(pattern, re.sub(r"Gru4RecStep`2\[.*?\]\]?::", "Gru4RecStep::", found[2])) and "[" in found[2]:
                samples[name] += int(found[1])
                break
    total = sum(samples.values())
    return {name: count / total for name, count in samples.items()}, total


def draw(path, cases):
    width, bar, left = 640, 26, 250
    lines = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + width + 20}" height="{len(cases) * (bar + 12) + 30 + 20 * len(PARTS)}" font-family="sans-serif" font-size="13">']
    for row, (title, part) in enumerate(cases):
        y, x = 10 + row * (bar + 12), left
        lines.append(f'<text x="{left - 8}" y="{y + 18}" text-anchor="end">{title}</text>')
        for (name, _), colour in zip(PARTS, COLOURS):
            w = part[name] * width
            lines.append(f'<rect x="{x:.1f}" y="{y}" width="{w:.1f}" height="{bar}" fill="{colour}"><title>{name}: {part[name]:.0%}</title></rect>')
            if w > 34:
                lines.append(f'<text x="{x + w / 2:.1f}" y="{y + 18}" text-anchor="middle" fill="#fff">{part[name]:.0%}</text>')
            x += w
    for row, ((name, _), colour) in enumerate(zip(PARTS, COLOURS)):
        y = 20 + len(cases) * (bar + 12) + row * 20
        lines.append(f'<rect x="{left}" y="{y}" width="14" height="14" fill="{colour}"/><text x="{left + 20}" y="{y + 12}">{name}</text>')
    open(path, "w", encoding="utf-8").write("\n".join([*lines, "</svg>", ""]))


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("profiles", nargs="+", help="TITLE=FILE")
    arguments.add_argument("--svg", help="file for the bars")
    options = arguments.parse_args()
    cases = []
    for profile in options.profiles:
        title, _, path = profile.partition("=")
        part, total = shares(path)
        cases.append((title, part))
        print(f"{title}: {total:,} samples")
    print("| part | " + " | ".join(title for title, _ in cases) + " |")
    print("| --- |" + " ---: |" * len(cases))
    for name, _ in PARTS:
        print(f"| {name} | " + " | ".join(f"{part[name]:.0%}" for _, part in cases) + " |")
    if options.svg:
        draw(options.svg, cases)


if __name__ == "__main__":
    main()

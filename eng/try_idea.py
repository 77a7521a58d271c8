#!/usr/bin/env python3
"""What an idea gives: trains a setting without and with it, seed by seed, and compares each pair on the same test sessions.

    eng/try_idea.py --train train_full.tsv.gz --test test.tsv.gz --base "--preset rsc15-100k" --with "--set cosine_scale=0" --seeds 1 2 3 4 5

Prints, for each seed, Recall@20 and MRR@20 without and with it and the difference with the 95 % interval of `nextitem compare` (paired bootstrap over
sessions), then the mean over the seeds of the differences and its 95 % interval (Student's t). The program is the release build of this repository, or what NEXTITEM names.
Models are kept in --keep and used again where program, data and settings are the same, to the byte.
"""
import argparse
import glob
import hashlib
import json
import os
import shlex
import statistics
import subprocess
import tempfile

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
METRICS = ("recall", "mrr")
PROGRAM = shlex.split(os.environ.get("NEXTITEM", os.path.join(HERE, "artifacts/bin/NextItem.Cli/release/NextItem.Cli")))

# 97.5 % quantiles of Student's t by degrees of freedom; above them the last one, a little too wide.
QUANTILES = [0, 12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131]


def run(arguments):
    """A command of ours; what it prints is shown where it fails."""
    try:
        result = subprocess.run([*PROGRAM, *arguments], capture_output=True, text=True)
    except OSError as error:
        raise SystemExit(f"{' '.join(PROGRAM)}: {error.strerror}; expected the program: dotnet build src/NextItem.Cli -c Release, or NEXTITEM naming it") from error
    if result.returncode != 0:
        raise SystemExit(f"nextitem {' '.join(arguments)}\n{result.stdout}{result.stderr}")
    return result.stdout


def train(keep, data, settings, seed):
    """A model file; its name is that of the command, of the bytes of every file that it names, and of the program's."""
    arguments = ["train", "--data", data, *shlex.split(settings), "--seed", str(seed), "--threads", "1"]
    name = hashlib.sha256(" ".join(arguments).encode())
    for word in PROGRAM + arguments:
        beside = sorted(glob.glob(os.path.join(os.path.dirname(word), "NextItem*.dll"))) if word in PROGRAM and os.path.isfile(word) else []
        for path in [word, *beside]:
            if os.path.isfile(path):
                with open(path, "rb") as file:
                    name.update(hashlib.file_digest(file, "sha256").digest())
    path = os.path.join(keep, name.hexdigest()[:16] + ".nextitem")
    if not os.path.exists(path):
        run([*arguments, "--out", path])
    return path


def compare(options, folder, models):
    """Each model's values, and by how much the second is above the first, with the interval."""
    told = os.path.join(folder, "compared.json")
    run(["compare", "--models", ",".join(models), "--data", options.test, "--unknown", options.unknown, "--cutoffs", "20", "--metrics", "recall,mrr",
         "--seed", "1", "--threads", "1", "--out", os.path.join(folder, "report"), "--json", told])
    with open(told) as file:
        found = json.load(file)
    sign = 1 if found["best"] == found["models"][1]["name"] else -1
    values = [{metric["name"]: metric["value"] for metric in model["metrics"]} for model in found["models"]]
    differences = {}
    for difference in found["differences"]:
        ends = sorted((sign * difference["low"], sign * difference["high"]))
        differences[difference["name"]] = (sign * difference["value"], *ends)
    return values, differences


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--train", required=True, help="training events")
    parser.add_argument("--train-with", help="training file of the idea, where it is another one")
    parser.add_argument("--test", required=True, help="events to measure on: a validation file to choose by, the test file to report")
    parser.add_argument("--base", required=True, help="options of train without the idea")
    parser.add_argument("--with", dest="idea", required=True, help="options that are added")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("--unknown", choices=["drop", "miss"], help="test items that training never saw; default: drop, with --train-with miss")
    parser.add_argument("--keep", help="folder for the models; default: none is kept")
    options = parser.parse_args()
    options.unknown = options.unknown or ("miss" if options.train_with else "drop")
    if options.keep and not any(os.path.isfile(word) for word in PROGRAM):
        parser.error(f"NEXTITEM is {' '.join(PROGRAM)}, which names no file to know the program by; expected one with --keep, such as 'dotnet FOLDER/NextItem.Cli.dll'")
    if not options.idea.strip() and options.train_with in (None, options.train):
        parser.error("--with is empty and --train-with names no other file; expected what is to be compared")
    with tempfile.TemporaryDirectory() as folder:
        keep = options.keep or folder
        os.makedirs(keep, exist_ok=True)
        all_differences = {metric: [] for metric in METRICS}
        for seed in options.seeds:
            models = [train(keep, options.train, options.base, seed), train(keep, options.train_with or options.train, f"{options.base} {options.idea}", seed)]
            values, differences = compare(options, folder, models)
            told = []
            for metric in METRICS:
                value, low, high = differences[metric]
                all_differences[metric].append(value)
                told.append(f"{metric}@20 {values[0][metric]:.4f} {values[1][metric]:.4f} {value:+.4f} ({low:+.4f} to {high:+.4f})")
            print(f"seed {seed}: " + "; ".join(told), flush=True)
        for metric in METRICS:
            found = all_differences[metric]
            mean, spread = statistics.mean(found), ""
            if len(found) > 1:
                wide = (QUANTILES[min(len(found), len(QUANTILES)) - 1]) * statistics.stdev(found) / len(found) ** 0.5
                spread = f" ({mean - wide:+.4f} to {mean + wide:+.4f})"
            print(f"{metric}@20: mean of {len(found)} differences {mean:+.4f}{spread}")


main()

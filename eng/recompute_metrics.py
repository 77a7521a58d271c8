#!/usr/bin/env python3
"""Recomputes the metrics of a model from what 'nextitem recommend --data' writes, without the evaluator.

    eng/recompute_metrics.py MODEL TEST.tsv[.gz] [--top 500] [--cutoffs 1,5,10,20] [--unknown drop|miss] [-- NEXTITEM-COMMAND ...]

Every prefix of every test session becomes a session of its own; its rows are held against the event that follows (recall, MRR, NDCG, MAP
under all three tie modes) and against all that still comes (the rest of the session). Written from docs/evaluation.md. Compares with
'nextitem evaluate' and fails where a number differs by more than 1e-6. TEST has a header, columns SessionId, ItemId, Time, and plain keys.
Where tied items do not fit in --top rows, a rank cannot be told: the script says so and fails; a larger --top helps.
With --unknown miss, 'recommend' gives popular items to a session without a known item, where the evaluator ranks with an
empty session: such cases are counted, and the numbers may differ by their share.
"""
import csv
import gzip
import json
import math
import os
import subprocess
import sys
import tempfile


def arguments(argv):
    command = ["nextitem"]
    if "--" in argv:
        command = argv[argv.index("--") + 1:]
        argv = argv[:argv.index("--")]
    options = {"--top": "500", "--cutoffs": "1,5,10,20", "--unknown": "drop"}
    while len(argv) > 2 and argv[-2] in options:
        options[argv[-2]] = argv[-1]
        argv = argv[:-2]
    if len(argv) != 2 or options["--unknown"] not in ("drop", "miss"):
        sys.exit(__doc__)
    return argv[0], argv[1], int(options["--top"]), [int(k) for k in options["--cutoffs"].split(",")], options["--unknown"], command


def read_sessions(path):
    """Items of each session in time order; equal times keep the order of the file."""
    with (gzip.open if path.endswith(".gz") else open)(path, "rt", encoding="utf-8", newline="") as file:
        rows = csv.reader(file, delimiter="\t")
        header = next(rows)
        session, item, time = (header.index(name) for name in ("SessionId", "ItemId", "Time"))
        sessions = {}
        for row in rows:
            sessions.setdefault(row[session], []).append((float(row[time]), row[item]))
    return [[item for _, item in sorted(events, key=lambda event: event[0])] for events in sessions.values()]


def cases_of(sessions, known, unknown):
    """(prefix, target, rest) of every case; the items of unknown events are None."""
    for events in sessions:
        items = [item if item in known else None for item in events]
        if unknown == "drop":
            items = [item for item in items if item is not None]
        for seen in range(1, len(items)):
            yield items[:seen], items[seen], items[seen:]


def read_answers(path):
    """Rows of each case, best first, as (item, score)."""
    answers = {}
    with open(path, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            rows = answers.setdefault(int(row["SessionId"]), [])
            assert len(rows) + 1 == int(row["Rank"]), f"case {row['SessionId']}: rank {row['Rank']} stands in place {len(rows) + 1}"
            rows.append((row["ItemId"], float(row["Score"])))
    return answers


def rank_of(target, rows, top, ties):
    score = next((score for item, score in rows if item == target), None)
    if score is None:
        return math.inf
    if len(rows) == top and rows[-1][1] == score:
        sys.exit(f"items level with {target} do not fit in {top} rows: --top is to be larger")
    above = sum(other > score for _, other in rows)
    level = sum(other == score for _, other in rows) - 1
    return 1 + above + {"standard": 0, "conservative": level, "median": level / 2}[ties]


NEXT_ITEM = {
    "recall": lambda rank: 1,
    "mrr": lambda rank: 1 / rank,
    "ndcg": lambda rank: 1 / math.log2(1 + rank),
    "map": lambda rank: 1 / rank,
}


def rest_of_session(rows, rest, cutoff):
    wanted = {item for item in rest if item is not None}
    size = len(wanted) + sum(item is None for item in rest)
    hits = [item in wanted for item, _ in rows[:cutoff]]
    found = sum(hits)
    places = [place for place, hit in enumerate(hits, 1) if hit]
    ideal = min(cutoff, size)
    return {
        "rest-recall": found / size,
        "rest-precision": found / cutoff,
        "rest-ndcg": sum(1 / math.log2(1 + place) for place in places) / sum(1 / math.log2(1 + place) for place in range(1, ideal + 1)),
        "rest-map": sum(n / place for n, place in enumerate(places, 1)) / ideal,
    }


def main():
    model, test, top, cutoffs, unknown, command = arguments(sys.argv[1:])
    top = max([top, *cutoffs])
    with tempfile.TemporaryDirectory() as work:
        def run(*args):
            done = subprocess.run([*command, *args], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
            if done.returncode != 0:
                sys.exit(f"{' '.join(args)}: {done.stderr}")

        def load(name):
            with open(os.path.join(work, name), encoding="utf-8") as file:
                return json.load(file)

        at = lambda name: os.path.join(work, name)
        run("recommend", "--model", model, "--items", "", "--top", "2000000000", "--json", at("items.json"))
        known = {item["itemId"] for item in load("items.json")["items"]}
        cases = list(cases_of(read_sessions(test), known, unknown))
        with open(at("prefixes.tsv"), "w", encoding="utf-8", newline="") as file:
            file.write("SessionId\tItemId\tTime\n")
            for case, (prefix, _, _) in enumerate(cases):
                for place, item in enumerate(prefix):
                    file.write(f"{case}\t{'an unknown item' if item is None else item}\t{place}\n")
        run("recommend", "--model", model, "--data", at("prefixes.tsv"), "--top", str(top), "--out", at("next.tsv"))
        answers = read_answers(at("next.tsv"))
        allowed = 1e-6 + sum(not any(prefix) for prefix, _, _ in cases) / len(cases)
        failed = 0
        print(f"{len(cases)} cases, --unknown {unknown}, differences up to {allowed:.2g} allowed")
        for ties in ("standard", "conservative", "median", "rest of session"):
            sums = {}
            for case, (_, target, rest) in enumerate(cases):
                rows = answers.get(case, [])
                if ties == "rest of session":
                    values = {(name, k): value for k in cutoffs for name, value in rest_of_session(rows, rest, k).items()}
                else:
                    rank = math.inf if target is None else rank_of(target, rows, top, ties)
                    values = {(name, k): of(rank) if rank <= k else 0 for k in cutoffs for name, of in NEXT_ITEM.items()}
                for key, value in values.items():
                    sums[key] = sums.get(key, 0) + value
            protocol = ["--protocol", "rest-of-session", "--metrics", "recall,precision,ndcg,map"] if ties == "rest of session" else ["--ties", ties, "--metrics", "recall,mrr,ndcg,map"]
            run("evaluate", "--model", model, "--data", test, "--unknown", unknown, "--cutoffs", ",".join(map(str, cutoffs)), *protocol, "--json", at("evaluation.json"))
            evaluation = load("evaluation.json")
            evaluated = {(metric["name"], metric["cutoff"]): metric["value"] for metric in evaluation["metrics"]}
            if evaluation["cases"] != len(cases) or evaluated.keys() != sums.keys():
                sys.exit(f"evaluate has {evaluation['cases']} cases and {sorted(evaluated)}; expected {len(cases)} and {sorted(sums)}")
            for key, total in sums.items():
                mean = total / len(cases)
                same = abs(mean - evaluated[key]) <= allowed
                failed += not same
                print(f"{ties:16} {key[0] + '@' + str(key[1]):18} recomputed {mean:.6f}  evaluate {evaluated[key]:.6f}{'' if same else '  DIFFERENT'}")
        print("DIFFERENT" if failed else "SAME")
        return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

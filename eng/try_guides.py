#!/usr/bin/env python3
"""Types every command of docs/guides as a new reader would, in order, in an empty folder, and holds what is printed against what the guides show.

  eng/try_guides.py [NEXTITEM]      NEXTITEM: the program; without it the build's, artifacts/bin/NextItem.Cli/release/NextItem.Cli

Ends with 1 if a command fails, or if a line that a guide shows is not printed. Times, speeds, sizes of the process and ids made anew are not compared; '...'
in a line or on one of its own stands for what was left out. Digits are those of one kind of machine: another width of vectors may give other last digits.
Needs curl and awk. Some five minutes of processor time. Not in CI.
"""
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
GUIDES = ["first-model", "reading-a-report", "choosing-a-loss", "features-and-cold-items", "serving-beside-a-shop", "nightly-retraining"]

# Blocks that the guide tells to save as a file: by guide, language and which of that language.
FILES = {("choosing-a-loss", "json", 0): "losses.json", ("features-and-cold-items", "text", 1): "new.tsv"}

# What another run or machine prints otherwise.
CHANGES = [
    (r"\d+(\.\d+)? s\b", "T s"), (r"[\d,]+ (cases|events|mini-batches)/s", "N/s"), (r"\b\d+ MB\b", "M MB"), (r"left \d+:\d+:\d+", "left"),
    (r"new\.\w{6}", "new.X"), (r"\"recommendationId\":\"\w+(-\d+)\"", r"ID\1"), (r"\"version\":\"\w+\"", "VERSION"), (r"20\d\d-\d\d-\d\dT[\d:.]+Z\",\"event", "TIME"),
    (r"\d+\.\d{6,}", lambda match: f"{float(match[0]):.4f}"), (r"[─\s]+", " "),
]
# Columns that are times, at the end of a row of compare or amid one of tune.
TIMED = re.compile(r"^ ?(shop|markov|bprmax|tuned) \d\.\d{4} \d\.\d{4} \d\.\d{4}.* (\d\.\d{3}) ?$|^ ?\d+ \d \d\.\d{4} \d\.\d{4} (\d+\.\d) loss")


def plain(line):
    for pattern, by in CHANGES:
        line = re.sub(pattern, by, line)
    line = line.strip()
    if match := TIMED.match(line):
        group = 2 if match[2] else 3
        line = line[: match.start(group)] + "T" + line[match.end(group):]
    return line


def blocks(text):
    seen = {}
    for language, body in re.findall(r"^```(\w+)\n(.*?)^```", text, re.S | re.M):
        yield language, seen.setdefault(language, 0), body
        seen[language] += 1


def commands(body):
    """Commands of a console block, each with the lines that are shown after it."""
    found = []
    for line in body.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        elif found:
            found[-1][1].append(line)
    return found


def missing(expected, output):
    printed = [plain(line) for line in output.replace("\r", "\n").splitlines()]
    for line in expected:
        parts = [part for part in (plain(part) for part in line.split("...")) if part]
        if parts and not any(re.search(".*".join(map(re.escape, parts)), other) for other in printed):
            yield line


def main():
    if hasattr(os, "sched_setaffinity"):  # the guides' digits are of one thread, which is what training takes on one processor
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    program = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "artifacts/bin/NextItem.Cli/release/NextItem.Cli").resolve()
    faults = ran = compared = 0
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder) / "work"
        path = pathlib.Path(folder) / "bin"
        work.mkdir()
        path.mkdir()
        (path / "nextitem").symlink_to(program)
        environment = os.environ | {"PATH": f"{path}:{os.environ['PATH']}"}
        daily = (ROOT / "docs/serving.md").read_text().split("```sh\n")[1].split("```")[0]
        (work / "daily.sh").write_text(daily)

        def run(command):
            return subprocess.run(["bash", "-c", command], cwd=work, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=900)

        assert run("nextitem demo").returncode == 0, "nextitem demo"
        servers = {}
        try:
            for guide in GUIDES:
                server = None
                for language, number, body in blocks((ROOT / f"docs/guides/{guide}.md").read_text()):
                    if name := FILES.get((guide, language, number)):
                        (work / name).write_text(body)
                    if language == "bash" and "jq " in body:
                        continue  # one line of a script, for which the hour of the demo has its own answer
                    for command, expected in commands(body) if language == "console" else [(body, [])] if language == "bash" else []:
                        ran += 1
                        if command.startswith("nextitem serve"):
                            server = servers[guide] = subprocess.Popen([program, *command.split()[1:]], cwd=work, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT)
                            ready = "curl -sf " + re.search(r"--urls (\S+)", command)[1] + "/health/ready"
                            for _ in range(60):
                                if server.poll() is not None or run(ready).returncode == 0:
                                    break
                                time.sleep(0.5)
                            # Another server may have the port, and answer in its place.
                            if server.poll() is not None or run(ready).returncode != 0:
                                faults += 1
                                print(f"FAIL {guide}: the server does not answer")
                            continue
                        result = run(command)
                        # daily.sh ends with 1 in the guide too, at its last command: the demo has no lists.
                        if result.returncode != 0 and "sh daily.sh" not in command:
                            faults += 1
                            print(f"FAIL {guide}: {command}\n     ended with {result.returncode}: {result.stdout[-400:]}")
                        compared += len([line for line in expected if line.strip(" .")])
                        for line in missing(expected, result.stdout):
                            faults += 1
                            print(f"FAIL {guide}: {command[:90]}\n     does not print: {line}")
                if server:
                    server.send_signal(signal.SIGTERM)
                    if server.wait(60) != 0:
                        faults += 1
                        print(f"FAIL {guide}: the server ended with {server.returncode}")
                print(f"{guide}: {ran} commands so far, {compared} lines compared, {faults} faults", flush=True)
        finally:
            for server in servers.values():
                if server.poll() is None:
                    server.kill()
    print(f"{ran} commands, {compared} lines compared, {faults} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

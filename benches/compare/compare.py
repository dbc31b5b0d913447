#!/usr/bin/env python3
"""Whole runs of Sekisho and its peers on the same files, interleaved, warm.

  compare.py [--sekisho target/release/sekisho] [--runs 5] [FOLDER…]

Without folders, the made-up trees of compare.toml are measured, in which Sekisho must find exactly
what was planted. Each row: median wall time, user + system time, peak memory, and wall time beside
the first row's. Needs Python 3.11; peers are taken from PATH.
"""
import argparse, json, os, pathlib, random, shutil, statistics, subprocess, sys, tempfile, time, tomllib

HERE = pathlib.Path(__file__).parent


def commands(tools, path, sekisho):
    for tool in tools:
        parts = ["".join(part) if isinstance(part, list) else part for part in tool["command"]]
        command = [part.replace("{path}", str(path)).replace("{sekisho}", sekisho) for part in parts]
        if shutil.which(command[0]):
            yield tool["name"], command
        else:
            print(f"  ({tool['name']} is not installed)")


def once(command):
    start = time.perf_counter()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, _, use = os.wait4(process.pid, 0)
    process.returncode = 0
    return time.perf_counter() - start, use.ru_utime + use.ru_stime, use.ru_maxrss / 1024


def measure(title, rows, runs):
    print(f"\n{title}")
    times = {name: [] for name, _ in rows}
    for run in range(runs + 1):
        for name, command in rows:
            result = once(command)
            if run:  # The first warms the cache.
                times[name].append(result)
    first = None
    for name, _ in rows:
        wall, cpu, memory = (statistics.median(column) for column in zip(*times[name]))
        first = first or wall
        print(f"  {name:22} {wall * 1e3:9.1f} ms   cpu {cpu * 1e3:9.1f} ms   {memory:7.1f} MB   x{wall / first:.2f}")


def make(tree, folder):
    """Writes a tree of pseudo-random words, the same on every run."""
    rng = random.Random(tree["name"])
    planted = set(rng.sample(range(tree["files"] * 64), tree["planted"]))
    for number in range(tree["files"]):
        out, size, piece = [], 0, 0
        block = "".join(rng.choice(tree["words"]) for _ in range(4096))
        while size < tree["bytes"]:
            if number * 64 + piece in planted:
                key = "".join(rng.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") for _ in range(16))
                out.append(f"\nid = AKIA{key}\n")
            start = rng.randrange(len(block) // 2)
            out.append(block[start:start + max(16, tree["bytes"] // 64 // (1 + 2 * (block[0] > "\x7f")))])
            size += len(out[-1].encode())
            piece += 1
        (folder / f"{number % 50:02}").mkdir(exist_ok=True)
        (folder / f"{number % 50:02}" / f"{number}.txt").write_text("".join(out))


def check(tree, folder, sekisho):
    out = subprocess.run([sekisho, "scan", "--format", "jsonl", "--no-progress", str(folder)], capture_output=True, text=True).stdout
    found = sum(1 for line in out.splitlines() if json.loads(line).get("detector") == "credential/aws-access-key-id")
    if found != tree["planted"]:
        sys.exit(f"{tree['name']}: {found} access keys found of {tree['planted']}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=pathlib.Path)
    parser.add_argument("--sekisho", default="target/release/sekisho")
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    sekisho = str(pathlib.Path(options.sekisho).resolve())
    data = tomllib.loads((HERE / "compare.toml").read_text())
    for folder in options.folders:
        measure(str(folder), list(commands(data["tool"], folder, sekisho)), options.runs)
    for tree in [] if options.folders else data["tree"]:
        with tempfile.TemporaryDirectory() as scratch:
            folder = pathlib.Path(scratch)
            make(tree, folder)
            check(tree, folder, sekisho)
            measure(tree["name"], list(commands(data["tool"], folder, sekisho)), options.runs)


if __name__ == "__main__":
    main()

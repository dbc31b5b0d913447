#!/usr/bin/env python3
"""Instructions of a whole scan, counted by valgrind: the same on a busy machine as on an idle one.

  instructions.py [--check] [--sekisho target/release/sekisho] [--record] [NAME…]

For each text of ../data/hostile.toml and for some plain ones, a scan of nothing, of 128 KiB and of
256 KiB. Fails if twice the text takes more than 2.2 times the instructions, or if a byte takes 3 %
more of them than instructions.toml says; `--record` writes that file anew. The figures hold for one
catalogue and one compiler: a change that adds detectors records them again.

`--check` is the quick form that CI runs, with the program that the tests have built
(target/debug/sekisho, whose figures are recorded apart): some of the texts, 24 and 48 KiB of them,
and within 5 % of what is recorded, start-up too.
"""
import argparse, pathlib, re, subprocess, sys, tempfile, tomllib

HERE = pathlib.Path(__file__).parent
SIZE = 128 << 10
# Of the quick form. What a start costs is recorded in thousands of instructions.
QUICK_SIZE = 24 << 10
QUICK = ["english", "code", "csv", "japanese", "numbers of all shapes", "e-mail, nearly", "near miss of many keywords", "passwords"]
START = "start-up"
PLAIN = {
    "english": "However, the office of the manager was between the market and the river, and it would not be open on Sunday. ",
    "code": "    let mut buffer = self.reader.take(index).map(|x| x.len()); // a comment about it\n    return Ok(buffer);\n}\n\n",
    "csv": "48213,harbour street,2024-05-17,1203.50,open,north\n",
    "japanese": "本日の会議の資料について、担当者より連絡がありました。確認をお願いいたします。\n",
}


def instructions(sekisho, text):
    with tempfile.TemporaryDirectory() as scratch:
        path = pathlib.Path(scratch, "text.txt")
        path.write_bytes(text)
        run = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", sekisho, "scan", "--jobs", "1",
                              "--no-progress", "--format", "jsonl", str(path)], capture_output=True, text=True)
        counted = re.search(r"Collected : (\d+)", run.stderr)
        return int(counted[1]) if counted else sys.exit(run.stderr)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--sekisho")
    parser.add_argument("--record", action="store_true")
    options = parser.parse_args()
    table, size, allowed, program = ("quick", QUICK_SIZE, 1.05, "debug") if options.check else ("per_byte", SIZE, 1.03, "release")
    sekisho = str(pathlib.Path(options.sekisho or f"target/{program}/sekisho").resolve())
    file = HERE / "instructions.toml"
    everything = tomllib.loads(file.read_text()) if file.exists() else {}
    recorded = everything.setdefault(table, {})
    hostile = tomllib.loads((HERE / "../data/hostile.toml").read_text())["text"]
    texts = PLAIN | {text["name"]: "".join(text["piece"]) for text in hostile}
    wanted = options.names or (QUICK if options.check else texts)
    texts = {name: piece for name, piece in texts.items() if name in wanted}
    nothing, failed = instructions(sekisho, b"\n"), []

    def judge(name, figure, growth):
        limit = recorded.get(name)
        # Less than twice is what is made once; more would be growth.
        slow = growth > 2.2 or limit is not None and figure > limit * allowed and not options.record
        fast = limit is not None and figure < limit / allowed and not options.record
        note = "FAILS" if slow else "less than recorded: record it" if fast else ""
        print(f"  {name:34} {figure:9.2f}   x{growth:.2f}   {f'recorded {limit}' if limit else '':20} {note}")
        recorded[name] = round(figure, 2)
        return [name] * slow

    print("instructions for each byte, those of twice the text, thousands at the start")
    failed += judge(START, nothing / 1000, 2) if options.check else []
    for name, piece in texts.items():
        text = piece.encode() * (size // len(piece.encode()))
        once, twice = (instructions(sekisho, times * text) - nothing for times in (1, 2))
        failed += judge(name, (twice - once) / len(text), twice / once)
    if options.record:
        lines = [f"\n[{name}]\n" + "".join(f'"{text}" = {value}\n' for text, value in figures.items()) for name, figures in everything.items()]
        file.write_text("# Written by instructions.py --record; `quick` with --check.\n" + "".join(lines))
    sys.exit(f"too many instructions: {', '.join(failed)}" if failed else 0)


if __name__ == "__main__":
    main()

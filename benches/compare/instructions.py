#!/usr/bin/env python3
"""Instructions of a whole scan, counted by valgrind: the same on a busy machine as on an idle one.

  instructions.py [--sekisho target/release/sekisho] [--record] [NAME…]

For each text of ../data/hostile.toml and for some plain ones, a scan of nothing, of 128 KiB and of
256 KiB. Fails if twice the text takes more than 2.2 times the instructions, or if a byte takes 3 %
more of them than instructions.toml says; `--record` writes that file anew. The figures hold for one
catalogue and one compiler: a change that adds detectors records them again.
"""
import argparse, pathlib, re, subprocess, sys, tempfile, tomllib

HERE = pathlib.Path(__file__).parent
SIZE = 128 << 10
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
    parser.add_argument("--sekisho", default="target/release/sekisho")
    parser.add_argument("--record", action="store_true")
    options = parser.parse_args()
    sekisho = str(pathlib.Path(options.sekisho).resolve())
    file = HERE / "instructions.toml"
    recorded = tomllib.loads(file.read_text())["per_byte"] if file.exists() else {}
    hostile = tomllib.loads((HERE / "../data/hostile.toml").read_text())["text"]
    texts = PLAIN | {text["name"]: "".join(text["piece"]) for text in hostile}
    texts = {name: piece for name, piece in texts.items() if not options.names or name in options.names}
    nothing, failed = instructions(sekisho, b"\n"), []
    print(f"start-up: {nothing / 1e6:.1f} million instructions")
    for name, piece in texts.items():
        text = piece.encode() * (SIZE // len(piece.encode()))
        once, twice = (instructions(sekisho, times * text) - nothing for times in (1, 2))
        per_byte, growth = (twice - once) / len(text), twice / once
        limit = recorded.get(name)
        # Less than twice is what is made once; more would be growth.
        slow = growth > 2.2 or limit is not None and per_byte > limit * 1.03 and not options.record
        failed += [name] * slow
        print(f"  {name:34} {per_byte:9.2f} per byte   x{growth:.2f}   {f'recorded {limit}' if limit else '':20} {'FAILS' if slow else ''}")
        recorded[name] = round(per_byte, 2)
    if options.record:
        lines = [f'"{name}" = {value}\n' for name, value in recorded.items()]
        file.write_text("# Written by instructions.py --record.\n[per_byte]\n" + "".join(lines))
    sys.exit(f"too many instructions: {', '.join(failed)}" if failed else 0)


if __name__ == "__main__":
    main()

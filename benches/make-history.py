#!/usr/bin/env python3
"""A synthetic history for measuring `sekisho git`: files of the cargo registry, edited over and over.

usage: make-history.py FOLDER [COMMITS]    (COMMITS of 20 files each; 2600 make > 50 000 blobs)
"""
import os, random, subprocess, sys

target, commits = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 2600
source = os.path.expanduser("~/.cargo/registry/src")
random.seed(4711)
names = []
for folder, _, files in os.walk(source):
    for name in files:
        path = os.path.join(folder, name)
        if 2_000 < os.path.getsize(path) < 40_000:
            names.append(path)
names.sort()
files = {}
for path in names:
    with open(path, "rb") as f:
        data = f.read()
    if b"\0" not in data:
        files["/".join(os.path.relpath(path, source).split("/")[1:])] = data.split(b"\n")
paths = sorted(files)
words = b"context buffer request parse window offset result error value node table index cache reader state".split()

subprocess.run(["git", "init", "-q", "--bare", target], check=True)
git = subprocess.Popen(["git", "-C", target, "fast-import", "--quiet", "--depth=50"], stdin=subprocess.PIPE)
out = git.stdin

def commit(number, changed, message):
    out.write(b"commit refs/heads/main\nmark :%d\n" % number)
    out.write(b"committer A <a@example.com> %d +0900\n" % (1_600_000_000 + number * 3600))
    out.write(b"data %d\n%s\n" % (len(message), message))
    for path in changed:
        data = b"\n".join(files[path])
        out.write(b"M 100644 inline %s\ndata %d\n%s\n" % (path.encode(), len(data), data))

commit(1, paths, b"all files")
for number in range(2, commits + 2):
    changed = random.sample(paths, 20)
    for path in changed:
        lines = files[path]
        for _ in range(random.randint(1, 6)):
            at = random.randrange(len(lines))
            line = b"    // " + b" ".join(random.choice(words) for _ in range(6)) + b" %d" % random.randrange(10000)
            if random.random() < 0.5:
                lines.insert(at, line)
            else:
                lines[at] = line
    commit(number, changed, b"change %d" % number)
out.close()
git.wait()
subprocess.run(["git", "-C", target, "repack", "-adq", "--window=10", "--depth=50"], check=True)
subprocess.run(["git", "-C", target, "count-objects", "-v"], check=True)

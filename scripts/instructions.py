#!/usr/bin/env python3
"""Instructions of each case, counted by valgrind, held to those written down.

A case is run twice, one time longer than the other; the difference is what doing it costs, without what is made once. A
count does not depend on what else the machine does, so 2 % more is seen on any machine. It does depend on the compiler, so the
file says with which one it was written.

Why this and not gungraun: that would bring fifteen crates (a second proc-macro-error, bincode, derive_more, ..) into the
workspace and a program of its own to install in the very same version, to do what valgrind's own count of a difference
does. Cases stay written once, as the table runs them.

    scripts/instructions.py             compares with benches/instructions.tsv and fails above 2 %
    scripts/instructions.py --bless     writes that file
    scripts/instructions.py --only run  only cases with `run` in their name
"""

import argparse
import os
import pathlib
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

ROOT = pathlib.Path(__file__).resolve().parent.parent
FILE = ROOT / "benches" / "instructions.tsv"
TOLERANCE = 0.02
# Below this many a difference of one instruction is above the tolerance.
SMALL = 50
# What is agno's own; the other forms are what it is compared with.
FORMS = {"static", "by hand", "agno"}
# A cache tidies up by the clock, which counts differently each time, and a hundred thousand messages take valgrind long to
# tell what ten thousand told.
LEFT_OUT = re.compile(r"cache|100,000")
# So many times and twice that, fewer where a case does many things at once.
TIMES = 200


def table(*words):
    """Where cargo put the program."""
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    return [str(target / "release" / "table"), *words]


def total(name, form, times):
    """All instructions of a process that does a case so many times."""
    command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"]
    ended = subprocess.run(command + table("one", name, form, str(times)), capture_output=True, text=True)
    found = re.search(r"Collected\s*:\s*(\d+)", ended.stderr)
    if ended.returncode or not found:
        sys.exit(f"valgrind failed on {name} ({form}):\n{ended.stderr}")
    return int(found.group(1))


def of_case(case):
    name, form, each = case
    times = max(1, TIMES // each)
    more = total(name, form, 2 * times) - total(name, form, times)
    return (name, form), round(more / times / each, 1)


def compiler():
    return subprocess.run(["rustc", "--version"], capture_output=True, text=True, check=True).stdout.strip()


def read():
    """Compiler and counts that are written down."""
    if not FILE.exists():
        return None, {}
    first, _, *rows = FILE.read_text().splitlines()
    cells = (row.split("\t") for row in rows)
    return first.removeprefix("# "), {(name, form): float(count) for name, form, count in cells}


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--bless", action="store_true")
    arguments.add_argument("--only", default="")
    arguments = arguments.parse_args()

    subprocess.run(["cargo", "build", "--quiet", "--release", "-p", "agno-benches", "--bin", "table"], cwd=ROOT, check=True)
    listed = subprocess.run(table("list"), capture_output=True, text=True, check=True).stdout.splitlines()
    cases = [(name, form, int(each)) for name, form, each in (line.split("\t") for line in listed)]
    cases = [case for case in cases if case[1] in FORMS and arguments.only in case[0] and not LEFT_OUT.search(case[0])]
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        counted = dict(threads.map(of_case, cases))

    written_by, written = read()
    if arguments.bless:
        counts = {**written, **counted} if arguments.only else counted
        rows = "".join(f"{name}\t{form}\t{count:.9g}\n" for (name, form), count in counts.items())
        FILE.write_text(f"# {compiler()}\ncase\tform\tinstructions\n{rows}")
        return
    if written_by != compiler():
        print(f"note: written down with {written_by}, this is {compiler()}", file=sys.stderr)
    more = []
    print("case\tform\tinstructions\twritten\tchange")
    for (name, form), count in counted.items():
        before = written.get((name, form))
        change = "-" if not before else f"{count / before - 1:+.1%}"
        print(f"{name}\t{form}\t{count:.9g}\t{'-' if before is None else f'{before:.9g}'}\t{change}")
        if before is None or count > before + max(SMALL * TOLERANCE * 2, before * TOLERANCE):
            more.append(f"{name} ({form})")
    if more:
        sys.exit(f"more instructions than written down: {'; '.join(more)}\nif that is meant: scripts/instructions.py --bless")


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Counts the instructions of each case with valgrind and compares them with the recorded counts.

Each case runs twice, the second time with twice as many repetitions; the difference is the cost of the case without its setup.
Counts do not depend on other load, so an increase of 2% is visible on any machine. They do depend on the compiler, so the file
records the compiler version.

gungraun would give the same numbers, but would add fifteen crates to the workspace (such as bincode, derive_more and a second
proc-macro-error) and require a program of the same version to be installed. This script runs the cases through the table
program, so they are defined only once.

    scripts/instructions.py             compares with benches/instructions.tsv and fails if a count is more than 2% higher
    scripts/instructions.py --bless     writes that file
    scripts/instructions.py --only run  selects the cases with `run` in their names
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
# Below this count, a difference of one instruction exceeds the tolerance.
SMALL = 50
# The forms of agno; the others are measured for comparison.
FORMS = {"static", "by hand", "agno"}
# The cache evicts entries at unpredictable times, so its counts vary. Cases with 100,000 messages run for a long time in
# valgrind and give the same result as cases with 10,000.
EXCLUDED = re.compile(r"cache|100,000")
# Number of operations in the shorter run; the longer run has twice as many.
TIMES = 200


def table(*arguments):
    """Returns the command line of the table program."""
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    return [str(target / "release" / "table"), *arguments]


def total(name, form, times):
    """Returns the instructions of a process that repeats a case this many times."""
    command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"]
    process = subprocess.run(command + table("one", name, form, str(times)), capture_output=True, text=True)
    found = re.search(r"Collected\s*:\s*(\d+)", process.stderr)
    if process.returncode or not found:
        sys.exit(f"valgrind failed on {name} ({form}):\n{process.stderr}")
    return int(found.group(1))


def count(case):
    """Returns the name and form of a case, with its instructions per operation."""
    name, form, each = case
    times = max(1, TIMES // each)
    difference = total(name, form, 2 * times) - total(name, form, times)
    return (name, form), round(difference / times / each, 1)


def compiler():
    return subprocess.run(["rustc", "--version"], capture_output=True, text=True, check=True).stdout.strip()


def read():
    """Returns the recorded compiler and counts."""
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
    cases = [case for case in cases if case[1] in FORMS and arguments.only in case[0] and not EXCLUDED.search(case[0])]
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        counts = dict(threads.map(count, cases))

    recorded_with, recorded = read()
    if arguments.bless:
        blessed = {**recorded, **counts} if arguments.only else counts
        rows = "".join(f"{name}\t{form}\t{number:.9g}\n" for (name, form), number in blessed.items())
        FILE.write_text(f"# {compiler()}\ncase\tform\tinstructions\n{rows}")
        return
    if recorded_with != compiler():
        print(f"note: the counts were recorded with {recorded_with}, but the current compiler is {compiler()}", file=sys.stderr)
    increased = []
    print("case\tform\tinstructions\trecorded\tchange")
    for (name, form), number in counts.items():
        before = recorded.get((name, form))
        change = "-" if not before else f"{number / before - 1:+.1%}"
        print(f"{name}\t{form}\t{number:.9g}\t{'-' if before is None else f'{before:.9g}'}\t{change}")
        if before is None or number > before + max(SMALL * TOLERANCE * 2, before * TOLERANCE):
            increased.append(f"{name} ({form})")
    if increased:
        sys.exit(
            f"more instructions than recorded: {'; '.join(increased)}; "
            "if that is intended, run `scripts/instructions.py --bless`"
        )


if __name__ == "__main__":
    main()

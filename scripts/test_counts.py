#!/usr/bin/env python3
"""Compares the tests that ran with the expected ones, so that a gate that skips tests fails.

    scripts/test_counts.py LOG... --at-least N [--off NAME]...

A LOG is the whole output of one `cargo test`. A test is off if it is ignored in one log and passes in none. The tests that are off
must be exactly the ones listed with `--off`, by the names that the test runner prints (for documentation tests `FILE - ITEM`, without the
line); no test may be filtered out; and at least N tests must pass.
"""

import argparse
import re
import sys
from collections import Counter
from pathlib import Path

RESULT = re.compile(r"^test result: .*? (\d+) passed; (\d+) failed; (\d+) ignored; (\d+) measured; (\d+) filtered out", re.M)
# The name of a documentation test ends with its line, which any edit above it changes, and with its kind.
TEST = re.compile(r"^test (.+?)(?: \(line \d+\))?(?: - [a-z][a-z ]*)? \.\.\. (ok|ignored)", re.M)


def main() -> int:
    """Returns 1 if the counts differ from the expected ones."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("logs", type=Path, nargs="+", metavar="LOG")
    parser.add_argument("--at-least", type=int, required=True)
    parser.add_argument("--off", action="append", default=[])
    arguments = parser.parse_args()

    errors = []
    ignored, ran = Counter(), Counter()
    for path in arguments.logs:
        log = path.read_text(encoding="utf-8", errors="replace")
        results = [[int(count) for count in found] for found in RESULT.findall(log)]
        passed, failed, skipped, _, filtered = map(sum, zip(*results, strict=True)) if results else (0,) * 5
        counts = f"{passed} passed, {failed} failed, {skipped} ignored, {filtered} filtered out"
        print(f"{path.stem}: {counts}, in {len(results)} programs")
        names = [name for name, outcome in TEST.findall(log) if outcome == "ignored"]
        ran.update(name for name, outcome in TEST.findall(log) if outcome == "ok")
        ignored.update(names)
        if not results:
            errors.append(f"{path} has no test results")
        if len(names) != skipped:
            errors.append(f"{path} names {len(names)} ignored tests but counts {skipped}")
        if failed:
            errors.append(f"{failed} tests failed")
        if filtered:
            errors.append(f"{filtered} tests are filtered out; run all of them")

    off, expected = ignored - ran, Counter(arguments.off)
    print(f"{off.total()} tests are off", *sorted(off), sep="\n  ")
    errors += [f"`{name}` is off; run it, or list it with a reason" for name in (off - expected).elements()]
    errors += [f"`{name}` is listed as off but is not; remove it from the list" for name in (expected - off).elements()]
    total = len(ran)
    print(f"{total} different tests passed")
    if total < arguments.at_least:
        errors.append(f"{total} tests passed, fewer than {arguments.at_least}; if tests were removed, lower the number")
    for error in errors:
        print(error)
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())

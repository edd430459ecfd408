#!/usr/bin/env python3
"""Compares the tests that ran with the expected tests, so that the gate fails when tests are skipped.

    scripts/test_counts.py LOG... --at-least N [--skipped NAME]...

A LOG is the complete output of one `cargo test` command. A test is skipped if it is ignored in one log and passes in none. The
skipped tests must be exactly the tests listed with `--skipped`, by the names that the test runner prints (for doctests
`FILE - ITEM`, without the line number). No test may be filtered out, and at least N distinct tests must pass.
"""

import argparse
import re
import sys
from collections import Counter
from pathlib import Path

RESULT = re.compile(r"^test result: .*? (\d+) passed; (\d+) failed; (\d+) ignored; (\d+) measured; (\d+) filtered out", re.M)
# Ignores a doctest's line number, which changes with any edit above it, and the kind of doctest, such as `compile fail`.
TEST = re.compile(r"^test (.+?)(?: \(line \d+\))?(?: - [a-z][a-z ]*)? \.\.\. (ok|ignored)", re.M)


def main() -> int:
    """Returns 1 if a test was skipped unexpectedly, failed or was filtered out, or if too few tests passed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("logs", type=Path, nargs="+", metavar="LOG")
    parser.add_argument("--at-least", type=int, required=True)
    parser.add_argument("--skipped", action="append", default=[])
    arguments = parser.parse_args()

    errors = []
    ignored, ran = Counter(), Counter()
    for path in arguments.logs:
        log = path.read_text(encoding="utf-8", errors="replace")
        results = [[int(count) for count in found] for found in RESULT.findall(log)]
        passed, failed, count_ignored, _, filtered = map(sum, zip(*results, strict=True)) if results else (0,) * 5
        counts = f"{passed} passed, {failed} failed, {count_ignored} ignored, {filtered} filtered out"
        print(f"{path.stem}: {counts}, in {len(results)} test binaries")
        names = [name for name, outcome in TEST.findall(log) if outcome == "ignored"]
        ran.update(name for name, outcome in TEST.findall(log) if outcome == "ok")
        ignored.update(names)
        if not results:
            errors.append(f"{path} has no test results")
        if len(names) != count_ignored:
            errors.append(f"{path} lists {len(names)} ignored tests but counts {count_ignored}")
        if failed:
            errors.append(f"{failed} tests failed")
        if filtered:
            errors.append(f"{filtered} tests were filtered out; run all of them")

    skipped, expected = ignored - ran, Counter(arguments.skipped)
    print(f"{skipped.total()} tests were skipped", *sorted(skipped), sep="\n  ")
    errors += [f"`{name}` was skipped; run it, or list it with a reason" for name in (skipped - expected).elements()]
    errors += [f"`{name}` is listed but was not skipped; remove it from the list" for name in (expected - skipped).elements()]
    total = len(ran)
    print(f"{total} distinct tests passed")
    if total < arguments.at_least:
        errors.append(f"{total} tests passed, fewer than {arguments.at_least}; if tests were removed, lower the minimum")
    for error in errors:
        print(error)
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())

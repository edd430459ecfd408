#!/usr/bin/env python3
"""Compares what `cargo test` ran with what it was meant to run, so that a gate that skips tests does not pass.

    scripts/test_counts.py LOG --at-least N [--off NAME]...

LOG is the output of `cargo test`, whole. The ignored tests must be those of `--off`, by the names the test runner prints (for
documentation, `FILE - ITEM`, without the line); no test may be filtered out; and at least N must have passed.
"""

import argparse
import re
import sys
from collections import Counter
from pathlib import Path

RESULT = re.compile(r"^test result: .*? (\d+) passed; (\d+) failed; (\d+) ignored; (\d+) measured; (\d+) filtered out", re.M)
# Behind the name of a documentation test stands its line, which any edit above it moves.
IGNORED = re.compile(r"^test (.+?)(?: \(line \d+\))?(?: - [\w ]+)? \.\.\. ignored", re.M)


def main() -> int:
    """Returns 1 if the counts are not as written down."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("log", type=Path)
    parser.add_argument("--at-least", type=int, required=True)
    parser.add_argument("--off", action="append", default=[])
    arguments = parser.parse_args()

    log = arguments.log.read_text(encoding="utf-8", errors="replace")
    results = [[int(count) for count in found] for found in RESULT.findall(log)]
    passed, failed, ignored, _, filtered = map(sum, zip(*results, strict=True)) if results else (0,) * 5
    print(f"{passed} tests passed in {len(results)} programs, {failed} failed, {ignored} ignored, {filtered} filtered out")

    for name in sorted(arguments.off):
        print(f"off: {name}")

    mistakes = []
    names, expected = Counter(IGNORED.findall(log)), Counter(arguments.off)
    mistakes += [f"`{name}` is ignored; run it, or add it to the tests that are off" for name in (names - expected).elements()]
    mistakes += [f"`{name}` is not ignored; remove it from the tests that are off" for name in (expected - names).elements()]
    if ignored != len(arguments.off):
        mistakes.append(f"{ignored} tests are ignored, and {len(arguments.off)} are listed as off")
    if filtered:
        mistakes.append(f"{filtered} tests are filtered out; run all of them")
    if failed:
        mistakes.append(f"{failed} tests failed")
    if passed < arguments.at_least:
        mistakes.append(f"{passed} tests passed, fewer than {arguments.at_least}; if tests were removed, lower the number")
    for mistake in mistakes:
        print(mistake)
    return 1 if mistakes else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Rewrites every generated file in the repository and lists the files that changed. Review the difference before committing it.

    scripts/bless.py               rewrites all files
    scripts/bless.py NAME...       rewrites the files of these entries in GENERATED

The script first selects the compiler named in `compiler.txt`, which determines the compile errors. A file counts as changed if
its content changed, even if it had uncommitted changes before.
"""

import argparse
import hashlib
import os
import subprocess
import sys
from pathlib import Path

import compiler

ROOT = Path(__file__).resolve().parent.parent

TESTS = {"TRYBUILD": "overwrite"}
COUNTS = {"AGNO_BLESS": "1"}
# Uses the same build as `make test`, so that nothing is built twice.
TEST = ["cargo", "test", "--quiet", "--workspace", "--all-features"]
# A separate build, because a crate in the other build enables serde_json's `preserve_order`.
ALLOCATIONS = ["cargo", "test", "--quiet", "-p", "agno-benches", "--test", "allocations"]

# The generated files, with the environment variables and the commands that write them. The order matters: the chapter on compile
# errors is generated from the compile errors.
GENERATED: dict[str, list[tuple[dict[str, str], list[str]]]] = {
    # tests/ui/*/fail/*.stderr, tests/ui/features/off/*.stderr
    "ui": [(TESTS, [*TEST, "--test", "ui", "--test", "features"])],
    # agno/src/docs: the chapter on compile errors
    "chapter": [(TESTS, [*TEST, "--test", "chapter"])],
    # README.md: the table of providers
    "readme": [(TESTS, [*TEST, "--test", "papers"])],
    # tests/tests/schema/snapshots
    "snapshots": [(TESTS, [*TEST, "--test", "schema"])],
    # tests/tests/interop/fields.tsv
    "fields": [(TESTS, [*TEST, "--test", "interop"])],
    # benches/allocations.tsv: with sorted serde_json objects, and with objects in insertion order
    "allocations": [(COUNTS, ALLOCATIONS), (COUNTS, [*ALLOCATIONS, "--features", "serde_json/preserve_order"])],
}


def contents() -> dict[str, bytes]:
    """Returns a hash of each file that git does not ignore, by path."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, check=True, capture_output=True
    )
    paths = [os.fsdecode(name) for name in listed.stdout.split(b"\0") if name]
    return {name: hashlib.sha256((ROOT / name).read_bytes()).digest() for name in paths if (ROOT / name).is_file()}


def main() -> int:
    """Runs the commands, and returns 1 if one fails."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(GENERATED))
    names = parser.parse_args().names or list(GENERATED)
    if unknown := [name for name in names if name not in GENERATED]:
        parser.error(f"unknown name {', '.join(unknown)}; use {', '.join(GENERATED)}")

    compiler.select()
    before = contents()
    failed = []
    for name in GENERATED:
        for variables, command in GENERATED[name] if name in names else []:
            print(f"== {name}: {' '.join(command)}", flush=True)
            if subprocess.run(command, cwd=ROOT, env=os.environ | variables).returncode != 0:
                failed.append(name)
    after = contents()
    changed = sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))
    print("\n".join([f"\nrewrote {len(changed)} files", *changed]) if changed else "\nnothing changed")
    if failed:
        print(f"failed: {', '.join(dict.fromkeys(failed))}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Fails if a published crate contains an identifier that was renamed.

`scripts/names.txt` has one rename per line: the old identifier, a tab, and the new one. Comments and literals are not checked,
and therefore neither are serialized names, which fields and variants keep with `#[serde(rename = "..")]`.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
CRATES = ("agno", "agno-gguf", "agno-macros")

# Comments, literals and lifetimes, which may contain any word; then identifiers.
TOKEN = re.compile(
    r"""//[^\n]*|/\*.*?\*/|\b[bc]?r(?P<hashes>\#*)".*?"(?P=hashes)|\b[bc]?"(?:\\.|[^"\\])*"|"(?:\\.|[^"\\])*"
    |b?'(?:\\(?:x[0-9a-fA-F]{2}|u\{[^}]*\}|.)|[^\\'\n])'|'\w+|(?P<identifier>\b[A-Za-z_]\w*)""",
    re.X | re.S,
)


def renamed():
    """Returns the new identifier of each old one."""
    lines = (ROOT / "scripts" / "names.txt").read_text().splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return {old: new for old, new in rows}


def identifiers(text):
    """Yields the identifiers of a source, each with its line."""
    for found in TOKEN.finditer(text):
        if found["identifier"]:
            yield found["identifier"], text.count("\n", 0, found.start()) + 1


def main():
    names, errors, count = renamed(), [], 0
    for crate in CRATES:
        for file in sorted((ROOT / crate / "src").rglob("*.rs")):
            for name, line in identifiers(file.read_text()):
                count += 1
                if name in names:
                    errors.append(f"{file.relative_to(ROOT)}:{line}: `{name}` was renamed; write `{names[name]}`")
    for error in errors:
        print(error, file=sys.stderr)
    print(f"{len(errors)} uses of {len(names)} renamed identifiers, among {count} identifiers in {', '.join(CRATES)}")
    return 1 if errors or not names or not count else 0


if __name__ == "__main__":
    sys.exit(main())

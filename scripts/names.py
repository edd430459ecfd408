#!/usr/bin/env python3
"""Fails if the published crates or their documentation contain an identifier that was renamed.

`scripts/names.txt` contains one rename per line: the old identifier, a tab, and the new identifier. The script reads the code
of the published crates, the examples in their documentation and in Markdown, and links to items. It ignores literals, because
`#[serde(rename = "..")]` preserves serialized names, and other prose, which may use an old identifier as a word.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
CRATES = [path.parent for path in sorted(ROOT.glob("agno*/Cargo.toml")) + sorted(ROOT.glob("integrations/*/Cargo.toml"))]

# Comments, literals, lifetimes and lint levels, whose text is not code; then identifiers.
TOKEN = re.compile(
    r"""(?P<comment>//[^\n]*|/\*.*?\*/)|\b[bc]?r(?P<hashes>\#*)".*?"(?P=hashes)|\b[bc]?"(?:\\.|[^"\\])*"|"(?:\\.|[^"\\])*"
    |\bb?'(?:\\(?:x[0-9a-fA-F]{2}|u\{[^}]*\}|.)|[^\\'\n])'|'(?:\\(?:x[0-9a-fA-F]{2}|u\{[^}]*\}|.)|[^\\'\n])'|'\w+|\#!\[forbid\b
    |(?P<identifier>\b[A-Za-z_]\w*)""",
    re.X | re.S,
)
# Intra-doc links: [`Item`], [text](crate::item).
LINK = re.compile(r"\[`([\w:!()]+)`\]|\]\(((?:crate|super|Self|self|\w+)::[\w:]+)")
# Languages of code fences that mark Rust. In documentation, no language also means Rust.
RUST = {"", "rust", "no_run", "should_panic", "compile_fail"}


def renamed():
    """Returns the new identifier for each old identifier."""
    lines = (ROOT / "scripts" / "names.txt").read_text().splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return {old: new for old, new in rows}


def identifiers(text):
    """Yields the identifiers of Rust code, each with its line."""
    for found in TOKEN.finditer(text):
        if found["identifier"]:
            yield found["identifier"], text.count("\n", 0, found.start()) + 1


def documented(text):
    """Yields the identifiers of Rust examples and of links in Markdown, each with its line."""
    fence = None
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith("```"):
            fence = line[3:].strip().split(",")[0] if fence is None else None
        elif fence is None:
            for link in LINK.finditer(line):
                yield from ((name, number) for name in re.findall(r"\w+", link[1] or link[2]))
        elif fence in RUST:
            # Lines that rustdoc hides are also code.
            yield from ((name, number) for name, _ in identifiers(re.sub(r"^# ?", "", line)))


def documentation(text):
    """Returns the doc comments of a source file, with an empty line for each line of code."""
    return "\n".join(found[1] if (found := re.match(r"\s*//[/!] ?(.*)", line)) else "" for line in text.split("\n"))


def main():
    names, mistakes, count = renamed(), [], 0
    sources = [file for crate in CRATES for file in sorted((crate / "src").rglob("*.rs"))]
    pages = [page for crate in CRATES for page in sorted((crate / "src").rglob("*.md"))] + sorted(ROOT.glob("*.md"))
    found = [(file, name) for file in sources for name in [*identifiers(file.read_text()), *documented(documentation(file.read_text()))]]
    found += [(page, name) for page in pages for name in documented(page.read_text())]
    for file, (name, line) in found:
        count += 1
        old = name if name in names else name.lstrip("_")
        if old in names:
            mistakes.append(f"{file.relative_to(ROOT)}:{line}: `{name}` was renamed; write `{names[old]}`")
    for mistake in mistakes:
        print(mistake, file=sys.stderr)
    print(f"{len(mistakes)} of {count} identifiers in {', '.join(crate.name for crate in CRATES)} are among the {len(names)} old identifiers")
    return 1 if mistakes or not names or not count else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Fails if an identifier that was renamed is back in a published crate.

`scripts/names.txt` has one rename a line: the old identifier, a tab, the new one. Read are the code of the published crates, the
examples in their documentation and in Markdown, and links to items. Other literals and prose are not: a serialized name stays what
it was by `#[serde(rename = "..")]`, and a word may be a word.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
CRATES = [path.parent for path in sorted(ROOT.glob("agno*/Cargo.toml")) + sorted(ROOT.glob("integrations/*/Cargo.toml"))]

# Comments, literals and lifetimes, whose text is no code; then identifiers.
TOKEN = re.compile(
    r"""(?P<comment>//[^\n]*|/\*.*?\*/)|\b[bc]?r(?P<hashes>\#*)".*?"(?P=hashes)|\b[bc]?"(?:\\.|[^"\\])*"|"(?:\\.|[^"\\])*"
    |\bb?'(?:\\(?:x[0-9a-fA-F]{2}|u\{[^}]*\}|.)|[^\\'\n])'|'(?:\\(?:x[0-9a-fA-F]{2}|u\{[^}]*\}|.)|[^\\'\n])'|'\w+
    |(?P<identifier>\b[A-Za-z_]\w*)""",
    re.X | re.S,
)
# Intra-doc links: [`Item`], [text](crate::item).
LINK = re.compile(r"\[`([\w:!()]+)`\]|\]\(((?:crate|super|Self|self|\w+)::[\w:]+)")
# Words after the fence of an example that is Rust; none means Rust in documentation.
RUST = {"", "rust", "no_run", "should_panic", "compile_fail"}


def renamed():
    """Returns the new identifier of each old one."""
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
            # A line that rustdoc hides is code as well.
            yield from ((name, number) for name, _ in identifiers(re.sub(r"^# ?", "", line)))


def documentation(text):
    """Returns a source with nothing but its doc comments, line by line."""
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
    print(f"{len(names)} old identifiers, {len(mistakes)} of {count} in {', '.join(crate.name for crate in CRATES)}")
    return 1 if mistakes or not names or not count else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Checks prose against the style rules that a script can verify, and counts the violations.

    scripts/prose.py                     counts summary lines with a forbidden opening, by top-level directory
    scripts/prose.py --list              also prints the file, line and text of each violation
    scripts/prose.py --check             fails if there is a violation
    scripts/prose.py --rule words        counts forbidden words instead, in all Rust comments
    scripts/prose.py --rule messages     counts forbidden words instead, in all Rust string literals that contain a space
    scripts/prose.py --rule spelling     counts British spellings instead, in all Rust comments and in Markdown
    scripts/prose.py --commits           checks commit subjects: imperative, at most 72 characters
    scripts/prose.py --self-test         tests the comment parser and the rules

Each row of `prose.tsv` is a pattern: the name of a rule, a regular expression, and a replacement. RULES defines the text that a
rule reads and the positions at which its patterns match. Each row of `prose-exceptions.tsv` is an exception: the rule, the file, a
part of the line, and the reason. An exception that matches nothing is an error.

The parser recognizes Rust comments, attributes, strings and character literals, so it does not mistake text in a string for a doc
comment. It reads macro bodies like any other code. A doc comment extends from its first line to the next token that is not part
of an attribute. Text that a macro generates or includes from a file is not checked.
"""

import argparse
import csv
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
PATTERNS = HERE / "prose.tsv"
EXCEPTIONS = HERE / "prose-exceptions.tsv"

# This commit and its ancestors are not checked, because history is not rewritten.
COMMITS_AFTER = "320d77dfad630ce0c4c0292214bf0b763b7a6417"
MAX_SUBJECT = 72
MAX_EXCEPTIONS = 30
# Imperatives that end like another verb form.
IMPERATIVES = {"Add", "Embed", "Feed", "Bring", "Ring", "String", "Process", "Pass", "Compress", "Discuss", "Address", "Focus", "Bless"}


@dataclass
class Doc:
    """Numbered lines of text: a doc comment, another comment, a string literal or a Markdown file."""

    inner: bool
    lines: list[tuple[int, str]] = field(default_factory=list)

    def summary(self) -> tuple[int, str] | None:
        """Returns the first non-empty line with its number."""
        return next(((number, text.strip()) for number, text in self.lines if text.strip()), None)

    def prose(self) -> Iterator[tuple[int, str]]:
        """Yields the lines outside code blocks, with the text in backticks removed."""
        fenced = False
        for number, text in self.lines:
            if text.strip().startswith(("```", "~~~")):
                fenced = not fenced
            elif not fenced:
                yield number, re.sub(r"`[^`]*`", "``", text)


@dataclass(frozen=True)
class Rule:
    """A check: the function that selects lines, the expression around the patterns, and flags for the kinds of text to read."""

    reads: Callable[[Doc], Iterator[tuple[int, str]]]
    expression: str
    flags: int = 0
    comments: bool = False
    strings: bool = False
    markdown: bool = False


def summaries(doc: Doc) -> Iterator[tuple[int, str]]:
    """Yields the summary line, if any."""
    summary = doc.summary()
    if summary:
        yield summary


RULES = {
    # Markup before the first word is ignored: `**What** …` opens with What.
    "openings": Rule(summaries, r"^[*_>\[(\"'“#\s-]*({})\b", re.IGNORECASE),
    "words": Rule(Doc.prose, r"\b({})\b", re.IGNORECASE, comments=True),
    "messages": Rule(Doc.prose, r"\b({})\b", re.IGNORECASE, strings=True),
    "spelling": Rule(Doc.prose, r"({})", re.IGNORECASE, comments=True, markdown=True),
}

TOKEN = re.compile(
    r"""
      (?P<line>//[^\n]*)
    | (?P<block>/\*)
    | (?P<raw>\b(?:b|c)?r(?P<hashes>\#*)")
    | (?P<string>\b[bc]?"|")
    | (?P<character>'(?:\\(?:x[0-9a-fA-F]{2}|u\{[^}]*\}|.)|[^\\'\n])')
    | (?P<attribute>\#!?\[)
    | (?P<open>[\[{(])
    | (?P<close>[\]})])
    | (?P<word>[A-Za-z_]\w*)
    | (?P<space>\s+)
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
STRING = re.compile(r'(?:[^"\\]|\\.)*"', re.DOTALL)
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "\\": "\\", '"': '"', "'": "'"}


def unescaped(text: str) -> str:
    """Returns the value of a string literal from the text between its quotes."""
    text = re.sub(r"\\\n\s*", "", text)
    return re.sub(r"\\([ntr0\\\"'])", lambda found: ESCAPES[found[1]], text)


def tokens(source: str) -> Iterator[tuple[str, str, int]]:
    """Yields the kind, text and line number of each token. A comment is one token. The text of a string is its value."""
    start, line = 0, 1
    while start < len(source):
        found = TOKEN.match(source, start)
        assert found, "the expression matches any character"
        kind, end = found.lastgroup or "other", found.end()
        if found["block"] is not None:
            kind, end = "block", block_end(source, start)
        elif found["raw"] is not None:
            mark = '"' + found["hashes"]
            close = source.find(mark, end)
            close = len(source) if close < 0 else close
            kind, text, end = "string", source[end:close], close + len(mark)
        elif found["string"] is not None:
            inside = STRING.match(source, end)
            stop = inside.end() if inside else len(source)
            kind, text, end = "string", unescaped(source[end : stop - 1]), stop
        yield kind, text if kind == "string" else source[start:end], line
        line += source.count("\n", start, end)
        start = end


def block_end(source: str, start: int) -> int:
    """Returns the end of a block comment. Block comments can be nested."""
    depth, position = 0, start
    for mark in re.finditer(r"/\*|\*/", source[start:]):
        depth += 1 if mark[0] == "/*" else -1
        position = start + mark.end()
        if depth == 0:
            return position
    return len(source)


def comment(kind: str, text: str) -> tuple[bool, list[str]] | None:
    """Returns `True` for an inner and `False` for an outer doc comment, with its lines, or `None` for any other comment."""
    if kind == "line":
        if text.startswith("//!") or (text.startswith("///") and not text.startswith("////")):
            return text[2] == "!", [text[3:]]
    elif text.startswith("/*!") or (text.startswith("/**") and not text.startswith(("/***", "/**/"))):
        return text[2] == "!", [re.sub(r"^\s*\*", "", part) for part in text[3:-2].split("\n")]
    return None


def docs(source: str) -> list[Doc]:
    """Returns the doc comments in a file."""
    found: list[Doc] = []
    doc: Doc | None = None

    def add(inner: bool, line: int, text: list[str]) -> None:
        nonlocal doc
        if doc is None or doc.inner != inner:
            doc = Doc(inner)
            found.append(doc)
        doc.lines.extend((line + offset, part) for offset, part in enumerate(text))

    # The state of the current attribute: a flag for inner attributes, the bracket depth, and the last two tokens.
    inner, depth, last = False, 0, ("", "")
    for kind, text, line in tokens(source):
        if kind in ("line", "block"):
            read = comment(kind, text)
            if read and not depth:
                add(read[0], line, read[1])
        elif depth:
            depth += {"open": 1, "attribute": 1, "close": -1}.get(kind, 0)
            if kind == "string" and last == ("doc", "="):
                add(inner, line, text.split("\n"))
            if kind != "space":
                last = (last[1], text)
        elif kind == "attribute":
            inner, depth, last = text == "#![", 1, ("", "")
        elif kind != "space":
            doc = None
    return found


def comments(source: str) -> list[Doc]:
    """Returns the ordinary comments in a file. Each line comment is a separate `Doc`."""
    return [
        Doc(False, [(line + offset, part) for offset, part in enumerate(re.sub(r"^(//+|/\*)", "", text).split("\n"))])
        for kind, text, line in tokens(source)
        if kind in ("line", "block") and not comment(kind, text)
    ]


def messages(source: str) -> list[Doc]:
    """Returns the string literals in a file that contain a space, each as a separate `Doc`."""
    return [Doc(False, list(enumerate(text.split("\n"), line))) for kind, text, line in tokens(source) if kind == "string" and " " in text]


@dataclass(frozen=True)
class Finding:
    """A violation of a rule."""

    path: str
    line: int
    text: str
    pattern: str

    def crate(self) -> str:
        """Returns the top-level directory."""
        return self.path.split("/")[0]


def patterns(rule: str) -> dict[str, str]:
    """Returns the patterns of a rule and their replacements."""
    with PATTERNS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    unknown = {row["rule"] for row in rows} - set(RULES)
    if unknown:
        sys.exit(f"{PATTERNS.name} names unknown rules: {', '.join(sorted(unknown))}; use {', '.join(RULES)}")
    return {row["pattern"]: row["instead"] for row in rows if row["rule"] == rule}


def exceptions(rule: str) -> dict[tuple[str, str], str]:
    """Returns the exceptions to a rule, each a file and a part of a line, and their reasons."""
    with EXCEPTIONS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    for row in rows:
        if not row["reason"]:
            sys.exit(f"{EXCEPTIONS.name}: the exception for {row['file']}: {row['text']!r} has no reason; add one")
    if len(rows) >= MAX_EXCEPTIONS:
        sys.exit(f"{EXCEPTIONS.name}: {len(rows)} exceptions; rewrite the texts until there are fewer than {MAX_EXCEPTIONS}")
    return {(row["file"], row["text"]): row["reason"] for row in rows if row["rule"] == rule}


def files(markdown: bool) -> list[Path]:
    """Returns the Rust files of every crate and, if `markdown` is `True`, all Markdown files."""
    crates = [manifest.parent for manifest in [*ROOT.glob("*/Cargo.toml"), *ROOT.glob("integrations/*/Cargo.toml")]]
    if not crates:
        sys.exit(f"no crates in {ROOT}")
    found = [path for crate in crates for path in crate.rglob("*.rs")]
    if markdown:
        found += [*ROOT.glob("*.md"), *(path for directory in ROOT.iterdir() if directory.is_dir() for path in directory.rglob("*.md"))]
    return sorted({path for path in found if not {"target", ".git"} & set(path.relative_to(ROOT).parts)})


def findings(rule: str, source: str, path: str, expressions: list[str]) -> list[Finding]:
    """Returns the violations of a rule in one file."""
    expression = re.compile(RULES[rule].expression.format("|".join(expressions)), RULES[rule].flags)
    if path.endswith(".md"):
        read = [Doc(False, list(enumerate(source.split("\n"), 1)))]
    else:
        read = messages(source) if RULES[rule].strings else docs(source)
        read += comments(source) if RULES[rule].comments else []
    return [
        Finding(path, line, text.strip(), found[1])
        for doc in read
        for line, text in RULES[rule].reads(doc)
        for found in expression.finditer(text)
    ]


def subject_error(subject: str) -> str | None:
    """Returns the error in a commit subject, or `None` if the subject is valid."""
    first = subject.split(" ")[0].rstrip(":,")
    if subject.startswith("Merge "):
        return None
    if len(subject) > MAX_SUBJECT:
        return f"{len(subject)} characters, more than {MAX_SUBJECT}"
    if not first[:1].isupper() or subject.endswith("."):
        return "a subject must start with a capital letter and must not end with a period"
    if first not in IMPERATIVES and re.search(r"(ed|ing|[^su]s)$", first):
        return f"`{first}` is not an imperative"
    return None


def check_commits() -> int:
    """Returns 1 if the subject of a commit after `COMMITS_AFTER` is invalid."""

    def git(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True)

    # A shallow clone may not contain `COMMITS_AFTER`. In that case, check only the newest commit.
    known = git("merge-base", "--is-ancestor", COMMITS_AFTER, "HEAD").returncode == 0
    log = git("log", "--format=%h %s", f"{COMMITS_AFTER}..HEAD" if known else "-1")
    if log.returncode != 0:
        sys.exit(f"git cannot list the commits: {log.stderr.strip()}")
    subjects = [line.split(" ", 1) for line in log.stdout.splitlines()]
    invalid = [(commit, subject, error) for commit, subject in subjects if (error := subject_error(subject))]
    for commit, subject, error in invalid:
        print(f"{commit}: {subject!r}: {error}")
    print(f"{len(subjects)} commit subjects, {len(invalid)} invalid")
    return 1 if invalid else 0


def self_test() -> None:
    """Tests the parser, the rules for openings and words, and the check of commit subjects."""

    def read(source: str) -> list[tuple[int, str]]:
        return [summary for doc in docs(source) if (summary := doc.summary())]

    def opens(source: str) -> list[str]:
        return [found.pattern for found in findings("openings", source, "a.rs", list(patterns("openings")))]

    def words(source: str) -> list[int]:
        return [found.line for found in findings("words", source, "a.rs", ["told"])]

    cases: list[tuple[str, object, object]] = [
        ("comments with several lines", read("/// One.\n/// Two.\nfn a() {}\n/// Three.\nfn b() {}"), [(1, "One."), (4, "Three.")]),
        ("inner and outer comments", read("//! In.\n\n/// Out.\nfn a() {}"), [(1, "In."), (3, "Out.")]),
        ("attribute between lines", read("/// One.\n#[a(b = \"]\")]\n/// Two.\nfn a() {}"), [(1, "One.")]),
        ("no ordinary comments", read("// no\n//// no\n/* no */ /** Yes. */ /*** no ***/ /**/ fn a() {}"), [(3, "Yes.")]),
        ("nested block comment", read("/* a /* /// no */ */ /// Yes.\nfn a() {}"), [(1, "Yes.")]),
        ("attribute", read('#[doc = "One \\"two\\"."]\nfn a() {}'), [(1, 'One "two".')]),
        ("inner attribute", read('#![doc = r#"One."#]'), [(1, "One.")]),
        ("conditional attribute", read('#[cfg_attr(x, doc = "One.")] fn a() {}'), [(1, "One.")]),
        ("other attributes", read('#[doc(alias = "no")] #[reason = "no"] fn a() {}'), []),
        ("strings", read('fn a() { b("/// no"); c(r#"\n/// no "x"\n"#); d(b"/// no \\" "); }'), []),
        ("quotes and lifetimes", read("fn a<'a>(x: &'a u8) { '\"'; '\\''; }\n/// Yes.\nfn b() {}"), [(2, "Yes.")]),
        ("macro body", read("macro_rules! m { ($(#[$a:meta])*) => { $(#[$a])* /// Yes.\n struct A; } }"), [(1, "Yes.")]),
        ("fields", read("struct A { /// One.\n a: u8, /// Two.\n b: u8 }"), [(1, "One."), (2, "Two.")]),
        ("empty first line", read("///\n/// Two.\nfn a() {}"), [(2, "Two.")]),
        ("forbidden opening", opens("/// What a thing is.\nfn a() {}"), ["What"]),
        ("opening after markup", opens("/// **How** it goes.\nfn a() {}"), ["How"]),
        ("apostrophe", opens("/// It's a name.\nfn a() {}"), []),
        ("longer words", opens("/// Within a run.\nfn a() {}\n/// Offers.\nfn b() {}"), []),
        ("later lines", opens("/// Returns\n/// what it has.\nfn a() {}"), []),
        ("words in ordinary comments", words("// Told.\nfn a() { b(\"// told\") }"), [1]),
        ("words in messages", [found.text for found in findings("messages", 'fn a() { b("is told"); c("told"); } // is told', "a.rs", ["told"])], ["is told"]),
        ("valid subject", subject_error("Render tool schemas lazily"), None),
        ("past tense", bool(subject_error("Rendered tool schemas")), True),
        ("third person", bool(subject_error("Renders tool schemas")), True),
        ("long subject", bool(subject_error("Render " + "x" * 70)), True),
        ("words in doc comments", words("/// A `told`.\n/// Told so.\n/// ```\n/// told\n/// ```\nfn a() {}"), [2]),
    ]
    failed = [f"{name}: {found!r}, expected {expected!r}" for name, found, expected in cases if found != expected]
    if failed:
        sys.exit("\n".join(failed))
    print(f"{len(cases)} self-test cases pass")


def main() -> int:
    """Returns 1 if `--check` finds a violation, or if an exception matches nothing."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--rule", choices=RULES, default="openings")
    parser.add_argument("--list", action="store_true", help="print each violation")
    parser.add_argument("--check", action="store_true", help="fail if there is a violation")
    parser.add_argument("--commits", action="store_true", help="check commit subjects")
    parser.add_argument("--self-test", action="store_true", help="test the comment parser and the rules")
    arguments = parser.parse_args()
    if arguments.self_test:
        self_test()
        return 0
    if arguments.commits:
        return check_commits()

    selected = patterns(arguments.rule)
    allowed = exceptions(arguments.rule)
    used: set[tuple[str, str]] = set()
    found: list[Finding] = []
    crates: Counter[str] = Counter()
    read = 0
    for path in files(RULES[arguments.rule].markdown):
        name = path.relative_to(ROOT).as_posix()
        crates[name.split("/")[0]] += 0
        read += 1
        for finding in findings(arguments.rule, path.read_text(encoding="utf-8"), name, list(selected)):
            exception = next((key for key in allowed if key[0] == name and key[1] in finding.text), None)
            if exception:
                used.add(exception)
            else:
                found.append(finding)
    if arguments.list:
        for finding in found:
            print(f"{finding.path}:{finding.line}: {finding.text}")
    crates.update(finding.crate() for finding in found)
    width = max(map(len, crates))
    for crate, count in sorted(crates.items()):
        print(f"{crate:{width}} {count:5}")
    print(f"{'total':{width}} {len(found):5}  ({arguments.rule}; {read} files, {len(used)} exceptions)")
    stale = [key for key in allowed if key not in used]
    for path, text in stale:
        print(f"{EXCEPTIONS.name}: no violation of {arguments.rule} in {path} contains {text!r}; remove the line")
    return 1 if stale or (arguments.check and found) else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Compares the imports between directories with the table in this script, and rejects cycles.

Each directory and file directly in `src` is a node, and an import between nodes is an arrow. In `provider/`, each subdirectory
is a node, and the files next to the subdirectories form one node. Arrows that are missing from the table, arrows in the table that
the code does not contain, and cycles are errors. Paths in `use` declarations, in other code and in macros (`$crate::`)
count as imports. A re-exported name belongs to the module that defines it. Test modules are ignored, and so are the re-exports
of facades, which cover the entire crate.

    scripts/imports.py               checks the imports
    scripts/imports.py --list        prints the arrows in the code, each with its files
    scripts/imports.py --self-test   checks the parser
"""

import pathlib
import re
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent

# Directories whose subdirectories are nodes.
SPLIT = {"provider"}

# Files that re-export items from the entire crate, for users or for macro expansions.
FACADES = {"lib.rs", "prelude.rs", "__private/mod.rs", "provider/mod.rs"}

# Files whose macros are expanded in another node, where the macros' paths resolve.
CALLED_FROM = {"provider/table.rs": "provider/any"}

# The nodes that each node may import from. Lower nodes come first.
ALLOWED = {
    "agno": {
        "message": "id",
        "schema": "const_text",
        "model": "handoff message schema single_flight",
        "session": "id message version",
        "run": "id message model session version",
        "tool": "const_text id message run schema single_flight",
        "context": "id message",
        "observe": "id message model run",
        "provider/codec": "message model schema",
        "provider/framing": "model",
        "provider/transport": "model",
        "provider": "const_text model provider/codec provider/framing provider/transport schema",
        "local": "message model provider/transport schema",
        "provider/claude": "message model provider/codec",
        "provider/anthropic": "message model provider provider/claude provider/codec provider/transport schema",
        "provider/bedrock": "message model provider provider/claude provider/codec provider/framing provider/transport schema",
        "provider/cohere": "message model provider provider/codec provider/transport schema",
        "provider/gemini": "id message model provider provider/codec provider/transport schema",
        "provider/ollama": "message model provider provider/codec provider/framing provider/transport schema",
        "provider/openai": "message model provider provider/codec provider/transport schema",
        "provider/responses": "message model provider provider/codec provider/openai provider/transport schema",
        "provider/any": "local model provider provider/anthropic provider/bedrock "
        "provider/cohere provider/gemini provider/ollama provider/openai provider/responses schema",
        "store": "id message model run session version",
        "testing": "id message model run session store",
        "agent": "context handoff id message model observe provider/any run schema session store tool",
        "__private": "agent const_text context local message model provider provider/any provider/transport schema tool",
        "embed": "model provider provider/codec provider/ollama provider/openai provider/transport",
        "pricing": "id model observe",
    },
    "agno-macros": {
        "agent": "common",
        "schema": "common",
        "tool": "common",
        "toolkit": "common",
    },
}


# Comments, literals and lifetimes, whose text is not code.
TEXT = re.compile(
    r"""//[^\n]*|/\*.*?\*/|\b[bc]?r(?P<hashes>\#*)".*?"(?P=hashes)|\b[bc]?"(?:\\.|[^"\\])*"|"(?:\\.|[^"\\])*"
    |\bb?'(?:\\(?:x[0-9a-fA-F]{2}|u\{[^}]*\}|.)|[^\\'\n])'|'(?:\\(?:x[0-9a-fA-F]{2}|u\{[^}]*\}|.)|[^\\'\n])'|'\w+""",
    re.X | re.S,
)
USE = re.compile(r"(?:\b(pub)(?:\([^)]*\))?\s+)?\buse\s+([^;]+);")
PATH = re.compile(r"(?<![\w:.])(?:::)?(\$?\w+(?:::\w+)+)")


class Crate:
    """The modules of a crate, by path, and the names that each re-exports."""

    def __init__(self, source):
        self.source = source
        # With `extern crate self`, a crate's own name is a path to its root.
        self.name = source.parent.name.replace("-", "_")
        self.files = {self.module(file): file for file in sorted(source.rglob("*.rs"))}
        self.code = {module: code(file) for module, file in self.files.items()}
        self.exports = {module: self.reexports(module) for module in self.files}

    def module(self, file):
        """Returns the path of a file's module."""
        parts = file.relative_to(self.source).with_suffix("").parts
        return parts[:-1] if parts[-1] in ("mod", "lib") else parts

    def node(self, module):
        """Returns the node of a module, or `None` for the crate's root."""
        if len(module) >= 2 and module[0] in SPLIT and (self.source / module[0] / module[1]).is_dir():
            return "/".join(module[:2])
        return module[0] if module else None

    def reexports(self, module):
        """Returns the absolute path of each name that a module re-exports."""
        found = {}
        for public, tree in USE.findall(self.code[module]):
            for path, name in leaves(tree) if public else ():
                target = self.absolute(module, path)
                if target:
                    found[name] = target
        return found

    def absolute(self, module, path):
        """Returns a path relative to the crate's root, or `None` for a path into another crate."""
        path = list(path)
        if path[0] in ("crate", "$crate", self.name):
            return tuple(path[1:])
        if path[0] in ("self", "super"):
            while path and path[0] in ("self", "super"):
                module = module[:-1] if path[0] == "super" else module
                path.pop(0)
            return (*module, *path)
        return (*module, *path) if (*module, path[0]) in self.files else None

    def target(self, path, depth=0):
        """Returns the module that defines the item at an absolute path, after following re-exports."""
        module = path
        while module not in self.files:
            module = module[:-1]
        rest = path[len(module) :]
        export = self.exports[module].get(rest[0]) if rest else None
        return self.target((*export, *rest[1:]), depth + 1) if export and depth < 8 else module

    def arrows(self):
        """Returns the arrows between nodes, each with the files that contain the imports."""
        found = {}
        for module, file in self.files.items():
            text, within = self.code[module], file.relative_to(self.source).as_posix()
            node = CALLED_FROM.get(within, self.node(module))
            if node is None:
                continue
            imported = [
                path
                for public, tree in USE.findall(text)
                for path, _ in leaves(tree)
                if not (public and within in FACADES)
            ]
            inline = [path.split("::") for path in PATH.findall(USE.sub("", text))]
            for path in imported + inline:
                absolute = self.absolute(module, path)
                if absolute is None:
                    continue
                end = self.target(absolute)
                # A name in the root itself is a macro, or an item that should be imported from the module that defines it.
                other = self.node(end) if end else None
                if other is None:
                    if len(absolute) > 0 and not is_macro(absolute, self.code):
                        other = f"the crate's root ({'::'.join(path)})"
                    else:
                        continue
                if other != node:
                    found.setdefault((node, other), set()).add(within)
        return found


def is_macro(path, code):
    """Returns `True` if a name in the root is an exported macro, which has no module."""
    return any(re.search(rf"macro_rules!\s+{re.escape(path[0])}\b", text) for text in code.values())


def code(file):
    """Returns the text of a file without comments, literals and test modules."""
    if file.name == "tests.rs":
        return ""
    # A space separates the text before and after a literal.
    text = TEXT.sub(" ", file.read_text())
    while found := re.search(r"#\[cfg\(test\)\]\s*(?:#\[[^\]]*\]\s*)*mod \w+ \{", text):
        depth, end = 1, found.end()
        while depth and end < len(text):
            depth += {"{": 1, "}": -1}.get(text[end], 0)
            end += 1
        text = text[: found.start()] + text[end:]
    return text


def leaves(tree, prefix=()):
    """Yields each path of a `use` tree with the name under which it is imported."""
    depth, start, parts = 0, 0, []
    for at, letter in enumerate(tree):
        depth += (letter == "{") - (letter == "}")
        if letter == "," and depth == 0:
            parts.append(tree[start:at])
            start = at + 1
    for part in filter(None, (part.strip() for part in [*parts, tree[start:]])):
        if "{" in part:
            head, inner = part.split("{", 1)
            names = filter(None, head.strip().removeprefix("::").removesuffix("::").split("::"))
            yield from leaves(inner.rsplit("}", 1)[0], (*prefix, *names))
            continue
        path, _, rename = part.partition(" as ")
        names = [name.strip() for name in path.removeprefix("::").split("::")]
        if names[-1] == "*" or (names[-1] == "self" and (prefix or len(names) > 1)):
            names.pop()
        if prefix or names:
            full = (*prefix, *names)
            yield list(full), rename.strip() or full[-1]


def cycle(arrows):
    """Returns a cycle among the arrows, or `None` if there are no cycles."""
    edges = {}
    for start, end in arrows:
        edges.setdefault(start, set()).add(end)
    done, path = set(), []

    def visit(node):
        if node in path:
            return path[path.index(node) :] + [node]
        if node in done:
            return None
        path.append(node)
        for other in sorted(edges.get(node, ())):
            if found := visit(other):
                return found
        path.pop()
        done.add(node)
        return None

    return next(filter(None, map(visit, sorted(edges))), None)


def self_test():
    """Checks that every kind of import is found, and that text is not mistaken for an import."""
    sources = {
        "lib.rs": "extern crate self as sample; pub mod a; pub use a::A; mod b; mod provider; mod prelude;",
        "prelude.rs": "pub use crate::a::A;",
        "a.rs": "pub struct A; pub struct C;",
        "b/mod.rs": "mod inner; pub(crate) use inner::B as Renamed;",
        "b/inner.rs": "pub struct B;",
        "provider/mod.rs": "pub mod one; mod two; pub use one::P;",
        "provider/one/mod.rs": "pub struct P;",
        "provider/two/mod.rs": "",
    }
    # Lines of code in `provider/two/mod.rs`, each with the node that it imports from.
    cases = {
        "use crate::a::{A, C};": "a",
        "use crate::{a::A};": "a",
        "use sample::a::A;": "a",
        "use ::sample::a::A as X;": "a",
        "pub(crate) use crate::a::A;": "a",
        "use crate::b::Renamed;": "b",
        "fn f() { crate::a::A; }": "a",
        "fn f() { super::super::a::A; }": "a",
        "fn f() { self::super::one::P; }": "provider/one",
        "macro_rules! m { () => { $crate::a::A } }": "a",
        "use super::P;": "provider/one",
        "const Q: u8 = b'\"'; use crate::a::A;": "a",
        "const Q: &str = \"http://x\"; use crate::a::A;": "a",
        "const Q: char = '\"'; use crate::a::A;": "a",
        "use crate::A;": "a",
        "// use crate::a::A;": None,
        "const Q: &str = \"crate::a::A\";": None,
        "use std::fmt;": None,
        "#[cfg(test)] mod tests { use crate::a::A; } use crate::b::Renamed;": "b",
    }
    with tempfile.TemporaryDirectory() as directory:
        source = pathlib.Path(directory) / "sample" / "src"
        for name, text in sources.items():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_text(text)
        for line, expected in cases.items():
            (source / "provider/two/mod.rs").write_text(line)
            found = {other for node, other in Crate(source).arrows() if node == "provider/two"}
            if found != ({expected} if expected else set()):
                sys.exit(f"`{line}` imports from {found or 'nothing'} instead of {expected}")
    if cycle([("a", "b"), ("b", "c"), ("c", "a")]) != ["a", "b", "c", "a"] or cycle([("a", "b"), ("c", "b")]):
        sys.exit("the check does not find cycles")
    print(f"{len(cases)} kinds of imports are parsed correctly")


def main():
    if "--self-test" in sys.argv:
        return self_test()
    problems = []
    for name, allowed in ALLOWED.items():
        arrows = Crate(ROOT / name / "src").arrows()
        table = {(node, other) for node, others in allowed.items() for other in others.split()}
        if "--list" in sys.argv:
            for (node, other), files in sorted(arrows.items()):
                print(f"{name}: {node} -> {other} ({', '.join(sorted(files))})")
            continue
        for node, other in sorted(arrows.keys() - table):
            files = ", ".join(sorted(arrows[node, other])[:4])
            problems.append(f"{name}: `{node}` must not import `{other}`: {files}")
        for node, other in sorted(table - arrows.keys()):
            problems.append(f"{name}: nothing in `{node}` imports `{other}`; remove the arrow from scripts/imports.py")
        if found := cycle(arrows):
            problems.append(f"{name}: the imports form a cycle: {' -> '.join(found)}")
        print(f"{name}: {len(arrows)} arrows between {len({node for arrow in arrows for node in arrow})} directories and files")
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())

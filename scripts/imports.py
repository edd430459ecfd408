#!/usr/bin/env python3
"""Holds the imports between folders to the arrows that are drawn here.

Each folder below `src` is a node, and so is each folder of `provider/`; a file beside them is a node of its own. An arrow that
the code has and the table lacks fails, as does an arrow of the table that the code no longer has, and a cycle. What a `mod.rs`
re-exports belongs to the module that defines it. Test modules and macro expansions (`$crate::`) are not read.

    scripts/imports.py           checks
    scripts/imports.py --list    prints the arrows of the code, with the files behind each
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent

# Folders whose subfolders are nodes.
SPLIT = {"provider"}

# Lower nodes first: a node may import from those that its line names.
ALLOWED = {
    "agno": {
        "message": "id",
        "schema": "const_text",
        "model": "handoff message schema",
        "run": "id message model",
        "tool": "id message run schema",
        "session": "id message",
        "agent": "handoff message model run schema session tool",
        "__private": "agent const_text message model schema tool",
        "provider/framing": "model",
        "provider/transport": "model",
        "provider": "model provider/framing provider/transport schema",
        "provider/codec": "message model schema",
        "provider/openai": "message model provider provider/codec provider/transport schema",
        "embed": "model provider provider/codec provider/openai provider/transport",
        "local": "message model provider/transport schema",
        "pricing": "model",
        "provider/claude": "message model provider/codec",
        "provider/anthropic": "message model provider provider/claude provider/codec provider/transport schema",
        "provider/any": "model provider schema",
        "provider/bedrock": "message model provider provider/claude provider/codec provider/framing provider/transport schema",
        "provider/cohere": "message model provider provider/codec provider/transport schema",
        "provider/gemini": "message model provider provider/codec provider/transport schema",
        "provider/ollama": "message model provider provider/codec provider/framing provider/transport schema",
        "provider/responses": "message model provider provider/codec provider/openai provider/transport schema",
    },
    "agno-macros": {
        "agent": "common",
        "schema": "common",
        "tool": "common",
        "toolkit": "common",
    },
}


class Crate:
    """The modules of a crate, by path, and the names that each re-exports."""

    def __init__(self, name):
        self.source = ROOT / name / "src"
        self.files = sorted(self.source.rglob("*.rs"))
        self.modules = {self.module(file): file for file in self.files}
        self.exports = {}
        for module, file in self.modules.items():
            self.exports[module] = self.reexports(module, file)

    def module(self, file):
        parts = file.relative_to(self.source).with_suffix("").parts
        if parts[-1] in ("mod", "lib"):
            parts = parts[:-1]
        return parts

    def node(self, module):
        """The node a module belongs to; the crate's root has none."""
        if len(module) >= 2 and module[0] in SPLIT and (self.source / module[0] / module[1]).is_dir():
            return "/".join(module[:2])
        return module[0] if module else None

    def reexports(self, module, file):
        found = {}
        for path in paths(re.findall(r"\bpub(?:\([^)]*\))?\s+use\s+([^;]+);", code(file))):
            target = self.absolute(module, path)
            if target:
                found[path[-1]] = target
        return found

    def absolute(self, module, path):
        """A path as seen from the crate's root; `None` for other crates."""
        path = list(path)
        if path[0] == "crate":
            base = ()
        elif path[0] in ("self", "super"):
            base = module
            while path and path[0] in ("self", "super"):
                if path[0] == "super":
                    base = base[:-1]
                path.pop(0)
            return (*base, *path)
        elif (*module, path[0]) in self.modules:
            return (*module, *path)
        else:
            return None
        return (*base, *path[1:])

    def target(self, path, depth=0):
        """The module in which an absolute path ends, re-exports followed."""
        module = path
        while module and module not in self.modules:
            module = module[:-1]
        rest = path[len(module) :]
        export = self.exports[module].get(rest[0]) if rest and module in self.exports else None
        if export and depth < 8:
            return self.target((*export, *rest[1:]), depth + 1)
        return module

    def arrows(self):
        """Arrows between nodes, each with the files that import."""
        found = {}
        for module, file in self.modules.items():
            node = self.node(module)
            if node is None:
                continue
            text = code(file)
            # A re-export is not an import: what it names stays where it is defined.
            text = re.sub(r"\bpub(?:\([^)]*\))?\s+use\s+[^;]+;", "", text)
            uses = re.findall(r"\buse\s+([^;]+);", text)
            rest = re.sub(r"\buse\s+[^;]+;", "", text)
            inline = re.findall(r"(?<![\w$:])((?:crate|super)(?:::\w+)+)", rest)
            for path in paths(uses) + paths(inline):
                absolute = self.absolute(module, path)
                if absolute is None:
                    continue
                end = self.target(absolute)
                other = self.node(end)
                if other is None:
                    # A name of the root, which only re-exports.
                    other = f"the crate's root ({'::'.join(path)})"
                if other != node:
                    found.setdefault((node, other), set()).add(str(file.relative_to(ROOT)))
        return found


def code(file):
    """A file without comments, literals, and the tests at its end."""
    text = file.read_text()
    if file.name in ("tests.rs",):
        return ""
    text = re.sub(r"//[^\n]*", "", text)
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    text = re.sub(r'r(#+)".*?"\1', '""', text, flags=re.S)
    text = re.sub(r'"(?:\\.|[^"\\])*"', '""', text, flags=re.S)
    return re.split(r"#\[cfg\(test\)\]\s*mod \w+ \{", text)[0]


def paths(uses):
    """The paths of `use` trees, as lists of names without renames."""
    found = []

    def walk(prefix, tree):
        tree = tree.strip()
        depth, start, parts = 0, 0, []
        for at, letter in enumerate(tree):
            depth += (letter == "{") - (letter == "}")
            if letter == "," and depth == 0:
                parts.append(tree[start:at])
                start = at + 1
        parts.append(tree[start:])
        for part in filter(None, (part.strip() for part in parts)):
            if "{" in part:
                head, inner = part.split("{", 1)
                walk([*prefix, *filter(None, head.strip().strip(":").split("::"))], inner.rsplit("}", 1)[0])
            else:
                names = part.split(" as ")[0].strip().split("::")
                names = [name.strip() for name in names if name.strip() not in ("*", "self") or len(names) == 1]
                if prefix or names:
                    found.append([*prefix, *names])

    for use in uses:
        walk([], use)
    return [path for path in found if path]


def cycle(arrows):
    """A cycle among the arrows, if there is one."""
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
            found = visit(other)
            if found:
                return found
        path.pop()
        done.add(node)
        return None

    for node in sorted(edges):
        found = visit(node)
        if found:
            return found
    return None


def main():
    problems = []
    for name, allowed in ALLOWED.items():
        arrows = Crate(name).arrows()
        table = {(node, other) for node, others in allowed.items() for other in others.split()}
        if "--list" in sys.argv:
            for (node, other), files in sorted(arrows.items()):
                print(f"{name}: {node} -> {other} ({', '.join(sorted(files))})")
            continue
        for node, other in sorted(arrows.keys() - table):
            files = ", ".join(sorted(arrows[node, other])[:4])
            problems.append(f"{name}: `{node}` must not import `{other}`: {files}")
        for node, other in sorted(table - arrows.keys()):
            problems.append(f"{name}: nothing in `{node}` imports `{other}` any more; remove the arrow from scripts/imports.py")
        found = cycle(arrows)
        if found:
            problems.append(f"{name}: a cycle: {' -> '.join(found)}")
        print(f"{name}: {len(arrows)} arrows between {len({node for arrow in arrows for node in arrow})} folders and files")
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())

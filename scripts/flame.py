#!/usr/bin/env python3
"""Draws a flame graph as SVG from the output of `perf script`.

    perf script -i perf.data -F comm,ip,sym | scripts/flame.py --title "run, one call" --out docs/performance/flame.svg

Each box is a function, as wide as its share of the samples, with the functions that it calls on top. Forwarding code between
agno's functions (futures, closures and pointers of the standard library) is omitted unless it is a leaf, so that the graph
shows where agno spends its time. PERFORMANCE.md has the complete commands.
"""

import argparse
import pathlib
import re
import sys

from plots import COLORS, Drawing

# Frames up to and including this one only show how the program reached the measured code.
ROOT = "agno_benches::Work::new"
# Functions that only forward calls.
FORWARDING = re.compile(r"^(<?&?(core|std|alloc|futures_util|futures_core|smallvec|serde_core)::|<\w+ as (core|serde_core)::)")
FAMILIES = ("agno::run", "agno::agent", "agno::message", "agno::tool", "agno_benches", "serde", "memory", "other")
# Height of a box in pixels.
HEIGHT = 19


def frames(sample):
    """Returns the functions of a sample, outermost first."""
    names = []
    for line in sample.splitlines()[1:]:
        fields = line.strip().split(" ", 1)
        name = fields[1] if len(fields) == 2 else fields[0]
        names.append(name.replace(" (inlined)", ""))
    names.reverse()
    roots = [index for index, name in enumerate(names) if name.startswith(ROOT)]
    return names[roots[-1] + 1 :] if roots else []


def short(name):
    """Returns the name of a function without generics and compiler details."""
    name = name.replace("::{{closure}}", "")
    if re.match(r"(__)?(memcpy|memmove|memset)", name):
        return "memory: move"
    if re.match(r"(_int_)?(malloc|free|realloc)|__rustc::__rust|alloc::alloc|unlink_chunk|malloc_consolidate|__libc_", name):
        return "memory: allocate and free"
    if "drop_in_place" in name:
        return "memory: drop"
    if re.search(r"clock_gettime|time::Instant|Timespec|vdso|\[vdso\]", name):
        return "clock"
    implemented = re.match(r"<(.+?) as (.+)>::(\w+)$", name)
    if implemented:
        type_name, _, function = implemented.groups()
        name = f"{type_name}::{function}"
    return re.sub(r"<.*>", "", name).replace("_::", "")


def stack(sample):
    """Returns the functions of a sample that the graph shows."""
    names = frames(sample)
    shown = []
    for index, name in enumerate(names):
        if index + 1 < len(names) and FORWARDING.match(name) and "drop_in_place" not in name:
            continue
        name = short(name)
        if name.startswith("memory") or name == "clock":
            shown.append(name)
            break
        if not shown or shown[-1] != name:
            shown.append(name)
    return shown


class Box:
    """A function in the graph, with the boxes of the functions it calls."""

    def __init__(self):
        self.samples = 0
        self.callees = {}

    def add(self, names):
        self.samples += 1
        if names:
            self.callees.setdefault(names[0], Box()).add(names[1:])

    def depth(self, minimum):
        depths = [box.depth(minimum) for box in self.callees.values() if box.samples >= minimum]
        return 1 + max(depths, default=0)


def color(name):
    for family, hue in zip(FAMILIES, COLORS):
        if name.startswith(family):
            return hue
    return COLORS[-1]


def draw(drawing, box, name, left, width, bottom, total, minimum):
    share = 100 * box.samples / total
    if name:
        drawing.bar(left, bottom - HEIGHT + 1, max(width - 1, 0.5), HEIGHT - 1, color(name), f"{name}: {share:.1f}%")
        fits = int((width - 6) / 6.6)
        label = f"{name.removeprefix('agno::')} {share:.0f}%"
        if fits >= 4:
            drawing.text(left + 4, bottom - 5, label if len(label) <= fits else label[: fits - 1] + "…", "value")
        bottom -= HEIGHT
    for callee, other in sorted(box.callees.items()):
        callee_width = width * other.samples / box.samples
        if other.samples >= minimum:
            draw(drawing, other, callee, left, callee_width, bottom, total, minimum)
        left += callee_width


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--title", required=True, help="name of the recorded case")
    parser.add_argument("--out", type=pathlib.Path, required=True, help="path of the SVG file")
    arguments = parser.parse_args()
    root = Box()
    for sample in sys.stdin.read().split("\n\n"):
        if names := stack(sample):
            root.add(names)
    if not root.samples:
        sys.exit(f"no sample contains `{ROOT}`; record one case of the table, with line numbers (see PERFORMANCE.md)")
    minimum = root.samples * 0.004
    width, height = 1200, HEIGHT * root.depth(minimum) + 70
    about = f"{root.samples} samples of {arguments.title}. Each box is a function, as wide as its share, with its callees on top."
    drawing = Drawing(width, height, f"Where the time goes: {arguments.title}", about)
    drawing.text(20, 50, about, "quiet")
    draw(drawing, root, "", 10, width - 20, height - 10, root.samples, minimum)
    drawing.write(arguments.out)


if __name__ == "__main__":
    main()

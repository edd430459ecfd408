#!/usr/bin/env python3
"""A flame graph, as SVG, of what `perf script` prints: which function calls which, and how much of the time each takes.

    perf script -i perf.data -F comm,ip,sym | scripts/flame.py --title "run, one call" --out docs/performance/flame.svg

Each box is a function, as wide as its share of the samples; what it calls stands on it. Code between the functions of agno
that only passes on (futures, closures, pointers of the standard library) is left out where something stands on it, so that
the picture shows parts of agno and what they spend their time with. PERFORMANCE.md has the whole recipe.
"""

import argparse
import pathlib
import re
import sys

from plots import COLOURS, Drawing

# Below these nothing is of interest: how the program reached the work.
ROOT = "agno_benches::Work::of"
# What passes on.
PASSING = re.compile(r"^(<?&?(core|std|alloc|futures_util|futures_core|smallvec|serde_core)::|<\w+ as (core|serde_core)::)")
FAMILIES = ("agno::run", "agno::agent", "agno::message", "agno::tool", "agno_benches", "serde", "memory", "other")
HIGH = 19


def frames(sample):
    """The functions of a sample, the outermost first."""
    names = []
    for line in sample.splitlines()[1:]:
        words = line.strip().split(" ", 1)
        name = words[1] if len(words) == 2 else words[0]
        names.append(name.replace(" (inlined)", ""))
    names.reverse()
    places = [at for at, name in enumerate(names) if name.startswith(ROOT)]
    return names[places[-1] + 1 :] if places else []


def short(name):
    """A name as its author would say it."""
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
        of, _, function = implemented.groups()
        name = f"{of}::{function}"
    return re.sub(r"<.*>", "", name).replace("_::", "")


def stack(sample):
    """What is shown of a sample."""
    names = frames(sample)
    shown = []
    for at, name in enumerate(names):
        if at + 1 < len(names) and PASSING.match(name) and "drop_in_place" not in name:
            continue
        name = short(name)
        if name.startswith("memory") or name == "clock":
            shown.append(name)
            break
        if not shown or shown[-1] != name:
            shown.append(name)
    return shown


class Box:
    def __init__(self):
        self.samples = 0
        self.on_it = {}

    def add(self, names):
        self.samples += 1
        if names:
            self.on_it.setdefault(names[0], Box()).add(names[1:])

    def height(self, least):
        tall = [box.height(least) for box in self.on_it.values() if box.samples >= least]
        return 1 + max(tall, default=0)


def colour(name):
    for family, hue in zip(FAMILIES, COLOURS):
        if name.startswith(family):
            return hue
    return COLOURS[-1]


def draw(drawing, box, name, left, width, bottom, whole, least):
    share = 100 * box.samples / whole
    if name:
        drawing.bar(left, bottom - HIGH + 1, max(width - 1, 0.5), HIGH - 1, colour(name), f"{name}: {share:.1f} %")
        fits = int((width - 6) / 6.6)
        label = f"{name.removeprefix('agno::')} {share:.0f} %"
        if fits >= 4:
            drawing.text(left + 4, bottom - 5, label if len(label) <= fits else label[: fits - 1] + "…", "value")
        bottom -= HIGH
    for on_it, other in sorted(box.on_it.items()):
        wide = width * other.samples / box.samples
        if other.samples >= least:
            draw(drawing, other, on_it, left, wide, bottom, whole, least)
        left += wide


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--title", required=True, help="what was done")
    parser.add_argument("--out", type=pathlib.Path, required=True, help="the SVG to write")
    arguments = parser.parse_args()
    whole = Box()
    for sample in sys.stdin.read().split("\n\n"):
        if names := stack(sample):
            whole.add(names)
    if not whole.samples:
        sys.exit(f"no sample has `{ROOT}` in it; record one case of the table, with line numbers (see PERFORMANCE.md)")
    least = whole.samples * 0.004
    width, height = 1200, HIGH * whole.height(least) + 70
    about = f"{whole.samples} samples of {arguments.title}. Each box is a function, as wide as its share; what it calls is on it."
    drawing = Drawing(width, height, f"Where the time goes: {arguments.title}", about)
    drawing.text(20, 50, about, "quiet")
    draw(drawing, whole, "", 10, width - 20, height - 10, whole.samples, least)
    drawing.write(arguments.out)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Plots the measurements as SVG, with selectable text and colors for light and dark pages.

    scripts/plots.py --table table.tsv --scaling scaling.tsv --peers peers.tsv --out docs/performance

Each file is optional; a plot without measured cases is skipped with a message. The files contain:

- `table.tsv`: the output of `cargo run --release -p agno-benches --bin table`;
- `scaling.tsv`: the output of the same command with `-- scaling`;
- `peers.tsv`: columns `case peer ns allocs bytes ratio_to_agno`.
"""

import argparse
import csv
import html
import math
import pathlib

# Distinguishable with red-green color blindness, and on light and dark backgrounds.
COLORS = ["#3987e5", "#e07b00", "#1f9e77", "#b660cd", "#c2454b", "#7f8a99", "#b59410", "#12a5b8", "#9c6b4e", "#6f66c9"]

STYLE = """
    text { font: 13px system-ui, sans-serif; fill: #24292f; }
    .title { font-size: 17px; font-weight: 600; }
    .quiet { font-size: 12px; fill: #57606a; }
    .value { font-size: 11px; paint-order: stroke; stroke: #ffffff; stroke-width: 4px; }
    .grid { stroke: #d0d7de; stroke-width: 1; }
    .axis { stroke: #57606a; stroke-width: 1; }
    .page { fill: #ffffff; }
    @media (prefers-color-scheme: dark) {
      text { fill: #e6edf3; } .quiet { fill: #9198a1; } .grid { stroke: #30363d; } .axis { stroke: #9198a1; }
      .page { fill: #0d1117; } .value { stroke: #0d1117; }
    }
"""


class Drawing:
    """An SVG drawing, built from top to bottom."""

    def __init__(self, width, height, title, about):
        self.width, self.height = width, height
        self.parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
            f'role="img" aria-label="{html.escape(title)}">',
            f"<title>{html.escape(title)}</title>\n<desc>{html.escape(about)}</desc>\n<style>{STYLE}</style>",
            f'<rect class="page" width="{width}" height="{height}"/>',
        ]
        self.text(20, 30, title, "title")

    def text(self, x, y, content, style="", anchor="start", angle=None):
        rotation = f' transform="rotate({angle} {x:.1f} {y:.1f})"' if angle is not None else ""
        class_name = f' class="{style}"' if style else ""
        self.parts.append(
            f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{class_name}{rotation}>{html.escape(content)}</text>'
        )

    def line(self, x1, y1, x2, y2, style):
        self.parts.append(f'<line class="{style}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>')

    def bar(self, x, y, width, height, color, tooltip):
        self.parts.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="1.5" fill="{color}">'
            f"<title>{html.escape(tooltip)}</title></rect>"
        )

    def curve(self, points, color, dashed=False):
        dash = ' stroke-dasharray="6 5"' if dashed else ""
        coordinates = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self.parts.append(f'<polyline points="{coordinates}" fill="none" stroke="{color}" stroke-width="2.5"{dash}/>')

    def dot(self, x, y, color, tooltip):
        self.parts.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" fill="{color}"><title>{html.escape(tooltip)}</title></circle>'
        )

    def legend(self, y, names):
        """Draws names with their colors, in rows below the title."""
        for row, names_of_row in enumerate(legend_rows(names, self.width)):
            x = 20
            for name, color in names_of_row:
                self.bar(x, y + LEGEND_LINE * row - 10, 12, 12, color, name)
                self.text(x + 18, y + LEGEND_LINE * row, name)
                x += legend_width(name)

    def write(self, path):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join([*self.parts, "</svg>", ""]))
        print(path)


# Line height of a legend.
LEGEND_LINE = 20


def legend_width(name):
    """Returns the width of a name in a legend."""
    return 40 + 7.5 * len(name)


def legend_rows(names, width):
    """Returns the names of a legend with their colors, in rows that fit the width."""
    rows, used = [[]], 20
    for name, color in names:
        if rows[-1] and used + legend_width(name) > width:
            rows.append([])
            used = 20
        rows[-1].append((name, color))
        used += legend_width(name)
    return rows


def format_number(value):
    """Formats a number with at most one decimal if it is below 10, and with thousands separators otherwise."""
    if value == 0:
        return "0"
    if value < 10:
        return f"{value:.1f}".rstrip("0").rstrip(".")
    return f"{value:,.0f}"


def bars(path, title, axis, groups, names):
    """Draws horizontal bars by group on a logarithmic scale. `groups` is a list of (label, {name: value}); a zero has the
    shortest bar."""
    names = [name for name in names if any(name in values for _, values in groups)]
    values = [value for _, group in groups for value in group.values() if value > 0]
    if not values:
        print(f"{path.name}: skipped, because none of its cases was measured")
        return
    low = 10 ** math.floor(math.log10(min(values)))
    high = 10 ** math.ceil(math.log10(max(values) * 1.05))
    colors = dict(zip(names, COLORS))
    thickness, gap, left, right = 15, 16, 30 + 7.3 * max(len(label) for label, _ in groups), 90
    top = 58 + LEGEND_LINE * len(legend_rows(colors.items(), 920))
    height = top + sum(thickness * len(group) + gap for _, group in groups) + 50
    drawing = Drawing(920, height, title, axis)
    drawing.legend(58, colors.items())
    bottom, width = height - 50, 920 - left - right

    def position(value):
        return left + width * (math.log10(value) - math.log10(low)) / (math.log10(high) - math.log10(low))

    for power in range(round(math.log10(low)), round(math.log10(high)) + 1):
        x = position(10**power)
        drawing.line(x, top - 6, x, bottom, "grid")
        drawing.text(x, bottom + 16, format_number(10.0**power), "quiet", "middle")
    drawing.line(left, top - 6, left, bottom, "axis")
    drawing.text(left + width / 2, bottom + 36, axis, "quiet", "middle")
    y = top
    for label, group in groups:
        drawing.text(left - 10, y + thickness * len(group) / 2 + 4, label, anchor="end")
        for name in names:
            if name not in group:
                continue
            value = group[name]
            end = position(max(value, low)) if value > 0 else left
            tooltip = f"{label}, {name}: {format_number(value)}"
            drawing.bar(left, y + 1, max(end - left, 1.5), thickness - 2, colors[name], tooltip)
            drawing.text(max(end, left + 1.5) + 5, y + thickness - 4, format_number(value), "value")
            y += thickness
        y += gap
    drawing.write(path)


def curves(path, title, x_label, y_label, lines, ideal):
    """Draws lines as functions of the number of threads. The y axis starts at zero. `lines` is a list of (name, [(x, y)])."""
    max_x = max(x for _, points in lines for x, _ in points)
    max_y = max(max(y for _, points in lines for _, y in points), max_x)
    row = 22
    left, top, width, plot = 70, 60, 440, 320
    drawing = Drawing(920, top + max(plot + 60, row * (len(lines) + 2)), title, f"{y_label} over {x_label}")

    def position(x, y):
        # The left edge is one thread, and the bottom is zero.
        span = max(max_x - 1, 1)
        return left + width * (x - 1) / span, top + plot * (1 - y / (max_y * 1.05))

    for tick in range(0, math.floor(max_y) + 1):
        _, y = position(1, tick)
        drawing.line(left, y, left + width, y, "grid")
        drawing.text(left - 8, y + 4, str(tick), "quiet", "end")
    for tick in range(1, max_x + 1):
        x, _ = position(tick, 0)
        drawing.line(x, top + plot, x, top + plot + 5, "axis")
        drawing.text(x, top + plot + 20, str(tick), "quiet", "middle")
    drawing.line(left, top + plot, left + width, top + plot, "axis")
    drawing.text(left + width / 2, top + plot + 42, x_label, "quiet", "middle")
    drawing.text(22, top + plot / 2, y_label, "quiet", "middle", angle=-90)
    drawing.curve([position(1, 1), position(max_x, max_x)], "#7f8a99", dashed=True)
    y = top + 10
    drawing.text(left + width + 50, y, ideal, "quiet")
    for index, (name, points) in enumerate(lines):
        color = COLORS[index % len(COLORS)]
        dashed = index >= len(COLORS)
        drawing.curve([position(*point) for point in points], color, dashed)
        for point in points:
            drawing.dot(*position(*point), color, f"{name}: {point[1]:.2f} times with {point[0]} threads")
        y += row
        drawing.bar(left + width + 24, y - 10, 12, 12, color, name)
        drawing.text(left + width + 50, y, f"{name}: {points[-1][1]:.2f} times")
    drawing.write(path)


def rows(path):
    if path is None:
        return []
    with open(path, newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def grouped(table, cases, by, column):
    """Returns the measured cases in order, each as a label with its values by the column `by`."""
    groups = []
    for case, label in cases:
        found = {row[by]: float(row[column]) for row in table if row["case"] == case and row[column] not in ("-", "")}
        if found:
            groups.append((label, found))
    return groups


FORMS = ["static", "by hand", "dynamic"]
PLOTS = [
    ("creation", "Creating an agent", "nanoseconds, logarithmic", "ns", [
        ("create, bare", "bare"),
        ("create, 1 tool", "1 tool"),
        ("create, 10 tools", "10 tools"),
        ("create, 100 tools", "100 tools"),
        ("create, with memory", "with memory"),
        ("create, with dependencies", "with dependencies"),
    ]),
    ("run", "A run with a model that answers immediately", "nanoseconds, logarithmic", "ns", [
        ("run, bare", "bare"),
        ("run, 1 tool declared", "1 tool declared"),
        ("run, 10 tools declared", "10 tools declared"),
        ("run, 100 tools declared", "100 tools declared"),
        ("run, one call", "one call"),
        ("run, four calls at once", "four calls at once"),
        ("run, ten turns", "ten turns"),
        ("run, window of 100 messages", "window of 100 messages"),
        ("run, typed output", "typed output"),
    ]),
    ("allocations", "Allocations of a run", "allocations, logarithmic", "allocs", [
        ("run, bare", "bare"),
        ("run, 100 tools declared", "100 tools declared"),
        ("run, one call", "one call"),
        ("run, four calls at once", "four calls at once"),
        ("run, ten turns", "ten turns"),
        ("run, typed output", "typed output"),
    ]),
]


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("table", "scaling", "peers"):
        arguments.add_argument(f"--{name}", type=pathlib.Path)
    arguments.add_argument("--out", type=pathlib.Path, default=pathlib.Path("docs/performance"), help="output directory")
    arguments = arguments.parse_args()

    table = rows(arguments.table)
    for name, title, axis, column, cases in PLOTS if table else []:
        bars(arguments.out / f"{name}.svg", title, axis, grouped(table, cases, "form", column), FORMS)
    if table:
        names = ["static", "one by one", "hash map", "dynamic"]
        cases = [(f"dispatch, {tools}", tools) for tools in ("1 tool", "10 tools", "100 tools", "300 tools")]
        groups = grouped(table, cases, "form", "ns")
        bars(arguments.out / "dispatch.svg", "Four lookups of a tool by name", "nanoseconds, logarithmic", groups, names)

    scaling = rows(arguments.scaling)
    lines = {}
    for row in scaling:
        threads = int(row["threads"])
        lines.setdefault(f"{row['case']} ({row['form']})", []).append((threads, float(row["scaling"]) * threads))
    if lines:
        path = arguments.out / "scaling.svg"
        title = "Throughput by thread count"
        curves(path, title, "threads", "throughput relative to one thread", list(lines.items()), "- - - ideal")

    peers = rows(arguments.peers)
    cases = [(case, case) for case in dict.fromkeys(row["case"] for row in peers)]
    names = list(dict.fromkeys(row["peer"] for row in peers))
    for column, name, unit in [("ns", "peers", "nanoseconds"), ("allocs", "peers-allocations", "allocations")]:
        if peers:
            groups = grouped(peers, cases, "peer", column)
            title = f"The same work in other frameworks: {unit}"
            bars(arguments.out / f"{name}.svg", title, f"{unit}, logarithmic", groups, names)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Writes measurements into a document as tables between markers, so that no number is copied by hand.

    scripts/tables.py --table table.tsv --scaling scaling.tsv --peers peers.tsv --into PERFORMANCE.md

Each file is optional; the tables of an omitted file stay unchanged. The markers of a table are `<!-- NAME -->` and
`<!-- /NAME -->`, where NAME is `table`, `held`, `scaling` or `peers`. The files have the columns that `plots.py` reads.
"""

import argparse
import csv
import pathlib
import re


def rows(path):
    with open(path, newline="") as file:
        found = list(csv.DictReader(file, delimiter="\t"))
    if any(None in row.values() for row in found):
        raise SystemExit(f"{path} has a row with too few columns; measure again")
    return found


def number(text):
    """Formats a number below 10 with one decimal place, and any other number without decimals."""
    value = float(text)
    return f"{value:.1f}" if value < 10 else f"{value:,.0f}"


def markdown(head, lines):
    """Returns a Markdown table."""
    table = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(table + ["| " + " | ".join(line) + " |" for line in lines])


def by_case(measured, column):
    """Returns the cases in order, each with its rows by `column`."""
    cases = {}
    for row in measured:
        cases.setdefault(row["case"], {})[row[column]] = row
    return cases


def table(measured):
    """Returns the time and allocations of each case by form. Forms other than the three main ones share the last column."""
    timed = [row for row in measured if row["ns"] != "-"]
    lines = []
    for case, forms in by_case(timed, "form").items():
        def cell(form):
            row = forms.get(form)
            return f"{number(row['ns'])} / {row['allocs']}" if row else ""

        static, dynamic = forms.get("static"), forms.get("dynamic")
        others = [f"{form}: {cell(form)}".removeprefix("-: ") for form in forms if form not in ("static", "by hand", "dynamic")]
        ratio = format_ratio(float(dynamic["ns"]) / float(static["ns"])) if static and dynamic else ""
        lines.append([case, cell("static"), cell("by hand"), cell("dynamic"), ratio, "<br>".join(others)])
    return markdown(["case", "static", "by hand", "dynamic", "dynamic / static", "other forms"], lines)


def format_ratio(ratio):
    return f"{ratio:.2f}" if ratio < 10 else f"{ratio:,.0f}"


def memory(measured):
    """Returns the memory use of each case."""
    lines = [[row["case"], row["form"], row["bytes"], row["allocs"]] for row in measured if row["ns"] == "-"]
    return markdown(["case", "form", "bytes", "allocations"], lines)


def scaling(measured):
    """Returns the throughput of each case by thread count."""
    lines = [[row["case"], row["form"], row["threads"], number(row["per_second"]), row["scaling"]] for row in measured]
    return markdown(["case", "form", "threads", "per second", "share of the ideal"], lines)


def peers(measured):
    """Returns the time and allocations of each case in each framework, with the ratio to agno's time."""
    names = list(dict.fromkeys(row["peer"] for row in measured))
    lines = []
    for case, found in by_case(measured, "peer").items():
        def cell(name):
            row = found.get(name)
            if not row:
                return ""
            ratio = float(row["ratio_to_agno"])
            suffix = "" if name == "agno" else f" ({ratio:,.1f} x)" if ratio < 100 else f" ({ratio:,.0f} x)"
            return f"{number(row['ns'])} / {row['allocs']}{suffix}"

        lines.append([case, *map(cell, names)])
    return markdown(["case", *names], lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("table", "scaling", "peers"):
        parser.add_argument(f"--{name}", type=pathlib.Path)
    parser.add_argument("--into", type=pathlib.Path, required=True)
    arguments = parser.parse_args()
    document = arguments.into.read_text()
    parts = [
        ("table", arguments.table, table),
        ("held", arguments.table, memory),
        ("scaling", arguments.scaling, scaling),
        ("peers", arguments.peers, peers),
    ]
    for name, path, write in parts:
        if path is None:
            continue
        pattern = re.compile(f"<!-- {name} -->.*?<!-- /{name} -->", re.DOTALL)
        if not pattern.search(document):
            raise SystemExit(
                f"{arguments.into} has no markers for the table {name}; add `<!-- {name} -->` and `<!-- /{name} -->` to it"
            )
        text = f"<!-- {name} -->\n\n{write(rows(path))}\n\n<!-- /{name} -->"
        document = pattern.sub(lambda _: text, document)
    arguments.into.write_text(document)


if __name__ == "__main__":
    main()

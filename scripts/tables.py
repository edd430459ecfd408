#!/usr/bin/env python3
"""Writes what was measured into a document, as tables between markers, so that no number is typed by hand.

    scripts/tables.py --table table.tsv --scaling scaling.tsv --peers peers.tsv --into PERFORMANCE.md

Each file is optional; what is not given stays as it is. The markers are `<!-- table -->` and `<!-- /table -->`, and the same
with `held`, `scaling` and `peers`. The columns are those that `plots.py` reads.
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
    """A measured time with as many digits as it is worth."""
    value = float(text)
    return f"{value:.1f}" if value < 10 else f"{value:,.0f}"


def listed(head, lines):
    table = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(table + ["| " + " | ".join(line) + " |" for line in lines])


def by_case(measured, column):
    """Cases in their order, each with its rows by `column`."""
    cases = {}
    for row in measured:
        cases.setdefault(row["case"], {})[row[column]] = row
    return cases


def table(measured):
    """Times and allocations of each case by form. A form that is none of the three is named beside its number."""
    timed = [row for row in measured if row["ns"] != "-"]
    lines = []
    for case, forms in by_case(timed, "form").items():
        def cell(form):
            row = forms.get(form)
            return f"{number(row['ns'])} / {row['allocs']}" if row else ""

        static, dynamic = forms.get("static"), forms.get("dynamic")
        others = [f"{form}: {cell(form)}".removeprefix("-: ") for form in forms if form not in ("static", "by hand", "dynamic")]
        times = times_of(float(dynamic["ns"]) / float(static["ns"])) if static and dynamic else ""
        lines.append([case, cell("static"), cell("by hand"), cell("dynamic"), times, "<br>".join(others)])
    return listed(["case", "static", "by hand", "dynamic", "dynamic by static", "other forms"], lines)


def times_of(ratio):
    return f"{ratio:.2f}" if ratio < 10 else f"{ratio:,.0f}"


def held(measured):
    lines = [[row["case"], row["form"], row["bytes"], row["allocs"]] for row in measured if row["ns"] == "-"]
    return listed(["what", "form", "bytes", "allocations"], lines)


def scaling(measured):
    lines = [[row["case"], row["form"], row["threads"], number(row["per_second"]), row["scaling"]] for row in measured]
    return listed(["case", "form", "threads", "a second", "of the ideal"], lines)


def peers(measured):
    """Each case in each framework: time, allocations, and how many times agno's time that is."""
    names = list(dict.fromkeys(row["peer"] for row in measured))
    lines = []
    for case, found in by_case(measured, "peer").items():
        def cell(name):
            row = found.get(name)
            if not row:
                return ""
            ratio = float(row["ratio_to_agno"])
            times = "" if name == "agno" else f" ({ratio:,.1f} x)" if ratio < 100 else f" ({ratio:,.0f} x)"
            return f"{number(row['ns'])} / {row['allocs']}{times}"

        lines.append([case, *map(cell, names)])
    return listed(["case", *names], lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("table", "scaling", "peers"):
        parser.add_argument(f"--{name}", type=pathlib.Path)
    parser.add_argument("--into", type=pathlib.Path, required=True)
    given = parser.parse_args()
    document = given.into.read_text()
    parts = [("table", given.table, table), ("held", given.table, held), ("scaling", given.scaling, scaling), ("peers", given.peers, peers)]
    for name, path, write in parts:
        if path is None:
            continue
        pattern = re.compile(f"<!-- {name} -->.*?<!-- /{name} -->", re.DOTALL)
        if not pattern.search(document):
            raise SystemExit(f"{given.into} has no place for {name}: write `<!-- {name} -->` and `<!-- /{name} -->` where the table is to stand")
        text = f"<!-- {name} -->\n\n{write(rows(path))}\n\n<!-- /{name} -->"
        document = pattern.sub(lambda _: text, document)
    given.into.write_text(document)


if __name__ == "__main__":
    main()

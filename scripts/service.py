#!/usr/bin/env python3
"""The service scenario: what agno adds to a service, measured from outside.

`cargo run -p agno-benches --bin service` serves two routes with one model that waits: `/run` runs an agent with a tool call,
`/baseline` does the same without agno. This asks both by turns and prints

- latencies at a steady rate (default 10,000 requests a second) and the server's CPU time a request;
- with `wrk`, where it is installed, the most that each route can do;
- the server's resident memory with so many (default 10,000) requests waiting for the model, each route on a server of its
  own.

Server and load share the machine's cores; nothing is pinned.

    scripts/service.py [--rate 10000] [--seconds 5] [--rounds 5] [--waiting 10000]
"""

import argparse
import asyncio
import contextlib
import os
import pathlib
import re
import resource
import shutil
import statistics
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent
PATHS = ["/baseline", "/run"]
BODY = b'{"question":"What is the weather in Oslo?"}'
TICK = os.sysconf("SC_CLK_TCK")


def program():
    build = ["cargo", "build", "--quiet", "--release", "-p", "agno-benches", "--bin", "service"]
    subprocess.run(build, cwd=ROOT, check=True)
    return str(pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release" / "service")


@contextlib.contextmanager
def serving(service, milliseconds):
    """A server with a model that takes so long for a turn: its process and its address."""
    with subprocess.Popen([service, "serve", str(milliseconds)], stdout=subprocess.PIPE, text=True) as server:
        try:
            yield server.pid, server.stdout.readline().strip()
        finally:
            server.kill()


def cpu_seconds(pid):
    # After the name, which is in parentheses: state and eleven numbers, then user and system time.
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def resident(pid):
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s*(\d+) kB", status).group(1)) / 1024


def steady(service, rate, seconds, rounds):
    """Latencies at a steady rate: the median of the rounds."""
    columns = ["per_second", "p50_us", "p90_us", "p99_us", "p999_us", "most_us"]
    found = {path: [] for path in PATHS}
    with serving(service, 0) as (pid, address):
        for _ in range(rounds):
            for path in PATHS:
                before = cpu_seconds(pid)
                load = [service, "load", address, path, str(rate), str(seconds), "64"]
                printed = subprocess.run(load, capture_output=True, text=True, check=True).stdout
                row = [float(cell) for cell in printed.splitlines()[1].split("\t")[1:]]
                row.append((cpu_seconds(pid) - before) * 1e6 / (row[0] * seconds))
                found[path].append(row)
    print("\t".join(["route", *columns, "cpu_us"]))
    middle = {path: [statistics.median(column) for column in zip(*rows)] for path, rows in found.items()}
    for path, row in middle.items():
        print("\t".join([path, *(f"{cell:.0f}" for cell in row[:-1]), f"{row[-1]:.1f}"]))
    own = [run - baseline for run, baseline in zip(middle["/run"], middle["/baseline"])]
    print("\t".join(["difference", *(f"{cell:+.0f}" for cell in own[:-1]), f"{own[-1]:+.1f}"]))


def most(service, seconds):
    """The most that each route can do, by wrk."""
    if not shutil.which("wrk"):
        print("wrk is not installed (Debian: `apt-get install wrk`)")
        return
    script = ROOT / "scripts" / "service.lua"
    print("route\twrk_per_second\tp50\tp99")
    with serving(service, 0) as (_, address):
        for path in PATHS:
            command = ["wrk", "-t1", "-c64", f"-d{seconds}s", "--latency", "-s", str(script), f"http://{address}{path}"]
            printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
            if "Non-2xx" in printed:
                raise SystemExit(printed)
            rate = re.search(r"Requests/sec:\s*([\d.]+)", printed).group(1)
            at = {part: re.search(rf"{part}%\s+(\S+)", printed).group(1) for part in (50, 99)}
            print(f"{path}\t{float(rate):.0f}\t{at[50]}\t{at[99]}")


async def ask_and_wait(address, path, count, look):
    """Asks so many times at once, looks while all wait, and reads all answers."""
    host, port = address.split(":")
    request = (
        f"POST {path} HTTP/1.1\r\nhost: service\r\ncontent-type: application/json\r\ncontent-length: {len(BODY)}\r\n\r\n"
    ).encode() + BODY
    connections = []
    for _ in range(count):
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(request)
        connections.append((reader, writer))
    # The server has read them all by then.
    await asyncio.sleep(2)
    seen = look()
    answers = await asyncio.gather(*(reader.readuntil(b"}") for reader, _ in connections))
    if not all(answer.startswith(b"HTTP/1.1 200 ") for answer in answers):
        raise SystemExit("not every request was answered")
    for _, writer in connections:
        writer.close()
    return seen


def waiting(service, count, rounds):
    """Resident memory with so many requests in flight, each route on a fresh server each time."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < count + 100:
        print(f"{count} connections need `ulimit -n` of at least {count + 100}, it is {hard}")
        return
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    found = {path: [] for path in PATHS}
    # Long enough to ask them all; an answer comes after two turns.
    latency = 5_000 + count
    for _ in range(rounds):
        for path in PATHS:
            with serving(service, latency) as (pid, address):
                idle = resident(pid)
                full = asyncio.run(ask_and_wait(address, path, count, lambda: resident(pid)))
                found[path].append((idle, full))
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    print("route\tin_flight\tidle_MB\tresident_MB\tbytes_each")
    middle = {path: [statistics.median(column) for column in zip(*rows)] for path, rows in found.items()}
    for path, (idle, full) in middle.items():
        print(f"{path}\t{count}\t{idle:.1f}\t{full:.1f}\t{(full - idle) * 2**20 / count:.0f}")
    own = middle["/run"][1] - middle["/baseline"][1]
    print(f"difference\t{count}\t-\t{own:+.1f}\t{own * 2**20 / count:+.0f}")


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--rate", type=int, default=10_000)
    arguments.add_argument("--seconds", type=int, default=5)
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--waiting", type=int, default=10_000)
    arguments = arguments.parse_args()
    service = program()
    steady(service, arguments.rate, arguments.seconds, arguments.rounds)
    print()
    most(service, arguments.seconds)
    print()
    waiting(service, arguments.waiting, min(arguments.rounds, 3))


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Measures agno's overhead in an HTTP service, from outside the process.

`cargo run -p agno-benches --bin service` serves two routes that use the same simulated model: `/run` runs an agent that makes a
tool call, and `/baseline` does the same work without agno. This script alternates between the routes and prints

- latencies at a steady rate (default 10,000 requests per second) and the server's CPU time per request;
- the maximum throughput of each route, if `wrk` is installed;
- the server's resident memory while many requests (default 10,000) wait for the model, with a new server per measurement.

The server and the load generator share the machine's cores, and no thread is pinned.

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
    """Runs a server whose model waits for `milliseconds` in each turn, and yields the server's process ID and address."""
    with subprocess.Popen([service, "serve", str(milliseconds)], stdout=subprocess.PIPE, text=True) as server:
        try:
            yield server.pid, server.stdout.readline().strip()
        finally:
            server.kill()


def cpu_seconds(pid):
    # After the name in parentheses come the state and ten numbers, then user and system time.
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def resident(pid):
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s*(\d+) kB", status).group(1)) / 1024


def steady(service, rate, seconds, rounds):
    """Prints latencies and CPU times at a steady rate, each the median of all rounds."""
    columns = ["per_second", "p50_us", "p90_us", "p99_us", "p999_us", "most_us"]
    measured = {path: [] for path in PATHS}
    with serving(service, 0) as (pid, address):
        for _ in range(rounds):
            for path in PATHS:
                before = cpu_seconds(pid)
                load = [service, "load", address, path, str(rate), str(seconds), "64"]
                printed = subprocess.run(load, capture_output=True, text=True, check=True).stdout
                row = [float(cell) for cell in printed.splitlines()[1].split("\t")[1:]]
                row.append((cpu_seconds(pid) - before) * 1e6 / (row[0] * seconds))
                measured[path].append(row)
    print("\t".join(["route", *columns, "cpu_us"]))
    medians = {path: [statistics.median(column) for column in zip(*rows)] for path, rows in measured.items()}
    for path, row in medians.items():
        print("\t".join([path, *(f"{cell:.0f}" for cell in row[:-1]), f"{row[-1]:.1f}"]))
    overhead = [run - baseline for run, baseline in zip(medians["/run"], medians["/baseline"])]
    print("\t".join(["difference", *(f"{cell:+.0f}" for cell in overhead[:-1]), f"{overhead[-1]:+.1f}"]))


def maximum(service, seconds):
    """Prints the maximum throughput of each route, measured by wrk."""
    if not shutil.which("wrk"):
        print("the maximum throughput is not measured, because wrk is not installed; run `apt-get install wrk` on Debian")
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
            latency = {share: re.search(rf"{share}%\s+(\S+)", printed).group(1) for share in (50, 99)}
            print(f"{path}\t{float(rate):.0f}\t{latency[50]}\t{latency[99]}")


async def measure_in_flight(address, path, count, measure):
    """Sends `count` requests, calls `measure` while all of them wait, and reads the responses."""
    host, port = address.split(":")
    request = (
        f"POST {path} HTTP/1.1\r\nhost: service\r\ncontent-type: application/json\r\ncontent-length: {len(BODY)}\r\n\r\n"
    ).encode() + BODY
    connections = []
    for _ in range(count):
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(request)
        connections.append((reader, writer))
    # Give the server time to read all requests.
    await asyncio.sleep(2)
    result = measure()
    responses = await asyncio.gather(*(reader.readuntil(b"}") for reader, _ in connections))
    if not all(response.startswith(b"HTTP/1.1 200 ") for response in responses):
        raise SystemExit("a response has a status other than 200")
    for _, writer in connections:
        writer.close()
    return result


def waiting(service, count, rounds):
    """Prints the resident memory with `count` requests in flight, on a new server per route and round."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < count + 100:
        print(f"the limit of {hard} open files is too low for {count} connections; run `ulimit -n {count + 100}`")
        return
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    measured = {path: [] for path in PATHS}
    # Milliseconds per turn, long enough to send all requests before the first response arrives.
    latency = 5_000 + count
    for _ in range(rounds):
        for path in PATHS:
            with serving(service, latency) as (pid, address):
                idle = resident(pid)
                full = asyncio.run(measure_in_flight(address, path, count, lambda: resident(pid)))
                measured[path].append((idle, full))
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    print("route\tin_flight\tidle_MB\tresident_MB\tbytes_each")
    medians = {path: [statistics.median(column) for column in zip(*rows)] for path, rows in measured.items()}
    for path, (idle, full) in medians.items():
        print(f"{path}\t{count}\t{idle:.1f}\t{full:.1f}\t{(full - idle) * 2**20 / count:.0f}")
    overhead = medians["/run"][1] - medians["/baseline"][1]
    print(f"difference\t{count}\t-\t{overhead:+.1f}\t{overhead * 2**20 / count:+.0f}")


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
    maximum(service, arguments.seconds)
    print()
    waiting(service, arguments.waiting, min(arguments.rounds, 3))


if __name__ == "__main__":
    main()

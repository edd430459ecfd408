"""Tests agno against third-party software: a mock of several providers with fault injection, and the types of the official SDKs.

`python3 scripts/interop/run.py [CARGO TEST ARGUMENTS]` works from any directory; the default argument is `-p agno-tests`.
The script

- installs requirements.txt into a virtual environment under the target directory, on first use;
- starts two mocks on loopback: one injects the faults that a test requests, the other injects faults at random;
- runs all tests of `tests/tests/interop`, including those that `cargo test` ignores;
- reads the mocks' verdicts on their client;
- checks that the bodies that the tests wrote match the SDKs' types.

Only pip uses the network, with its own settings.
"""

import contextlib
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE.parent))

import environment  # noqa: E402, the parent directory is not on the path until here

REQUIREMENTS = HERE / "requirements.txt"
# Maximum number of seconds that a mock takes to start, sufficient on a busy machine.
START_TIMEOUT = 120
# Minimum number of passed tests. If fewer pass, some have probably moved to another program.
MIN_TESTS = 17

# One in six requests fails, and so does one in seven of the streams that start. The faults do not include malformed events,
# because agno does not retry replies that it cannot parse. A stall lasts longer than the tests wait for the next chunk.
CHAOS = [
    *("--error-rate", "429=0.06", "--error-rate", "500=0.05", "--error-rate", "503=0.05"),
    *("--stream-fault", "truncate=0.06", "--stream-fault", "disconnect=0.06", "--stream-fault", "stall=0.03"),
    *("--stream-stall-seconds", "2", "--stream-chunk-delay-ms", "2", "--latency-ms", "20"),
]

# Findings that are not errors, by mock, each with the reason.
ACCEPTED = {
    "chaotic": {
        "truncated_stream_accepted": "a random fault can truncate a stream after the finish reason, when the answer is complete; "
        "the test itself compares the text with a complete answer",
    }
}


def get(url: str) -> bytes:
    """Returns the content at a loopback address, bypassing any proxy that the environment configures."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(url, timeout=10) as answer:
        return answer.read()


@contextlib.contextmanager
def mock(programs: Path, logs: Path, name: str, *options: str) -> Iterator[str]:
    """Runs a mock until the context exits, and yields its URL."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    log = logs / f"{name}.log"
    command = [programs / "llmock", "serve", "-h", "127.0.0.1", "-p", str(port), "--log-level", "warning", *options]
    # Remove settings of the mock from the environment, so that only the options of this script apply.
    variables = {key: value for key, value in os.environ.items() if not key.startswith("LLMOCK_")}
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, env=variables)
    try:
        deadline = time.monotonic() + START_TIMEOUT
        while True:
            if process.poll() is not None or time.monotonic() > deadline:
                sys.exit(f"the mock did not start:\n{log.read_text(errors='replace')}")
            with contextlib.suppress(OSError):
                get(f"{url}/health")
                break
            time.sleep(0.2)
        yield url
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def judge(name: str, url: str) -> bool:
    """Returns `True` if the mock received requests, injected faults, and found no client errors."""
    verdict = json.loads(get(f"{url}/_llmock/verdict"))
    attempts, faults = verdict["attempts"], verdict["faults_injected"]
    findings = [
        finding
        for finding in verdict["findings"]
        if finding["severity"] == "error" and finding["code"] not in ACCEPTED.get(name, {})
    ]
    print(f"the {name} mock: {attempts} requests, {faults} faults, {len(findings)} errors by its client")
    for finding in findings:
        print(f"  {finding['code']}, {finding['path']}: {finding['title']}")
    if attempts == 0 or faults == 0:
        print(f"the {name} mock received no requests or injected no faults; check that the tests ran")
        return False
    return not findings


def run_tests(command: list[str], variables: dict[str, str]) -> bool:
    """Runs all tests of the program and returns `True` if they pass; too few or skipped tests count as a failure."""
    process = subprocess.Popen(
        [*command, "--", "--include-ignored"],
        cwd=ROOT,
        env=os.environ | variables,
        stdout=subprocess.PIPE,
        text=True,
        errors="replace",
    )
    counts = []
    for line in process.stdout:
        print(line, end="", flush=True)
        if found := re.match(r"test result: \w+\. (\d+) passed; \d+ failed; (\d+) ignored; .* (\d+) filtered out", line):
            counts.append([int(count) for count in found.groups()])
    passed, *skipped = map(sum, zip(*counts, strict=True)) if counts else (0, 0)
    if process.wait() != 0:
        return False
    if passed < MIN_TESTS or any(skipped):
        print(f"{passed} tests passed and {sum(skipped)} were skipped; at least {MIN_TESTS} must run, and none may be skipped")
        return False
    return True


def main() -> int:
    """Runs all parts, and returns 1 if one fails."""
    arguments = sys.argv[1:] or ["-p", "agno-tests"]
    programs = environment.programs("interop", REQUIREMENTS)
    with contextlib.ExitStack() as stack:
        work = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        bodies = work / "bodies"
        bodies.mkdir()
        # Build before the mocks start, so that the mocks do not wait for the compiler.
        test = ["cargo", "test", *arguments, "--test", "interop"]
        subprocess.run([*test, "--no-run"], cwd=ROOT, check=True)
        mocks = {
            "scripted": stack.enter_context(mock(programs, work, "scripted")),
            "chaotic": stack.enter_context(mock(programs, work, "chaotic", *CHAOS)),
        }
        variables = {
            "AGNO_INTEROP_MOCK": mocks["scripted"],
            "AGNO_INTEROP_CHAOS": mocks["chaotic"],
            "AGNO_INTEROP_BODIES": str(bodies),
            "NO_PROXY": "127.0.0.1",
            "no_proxy": "127.0.0.1",
        }
        tests = run_tests(test, variables)
        verdicts = [judge(name, url) for name, url in mocks.items()]
        types = subprocess.run([programs / "python", "-B", HERE / "bodies.py", bodies])
    parts = {
        "the tests": tests,
        "the mocks' verdicts": all(verdicts),
        "the SDKs' types": types.returncode == 0,
    }
    failed = [part for part, passed in parts.items() if not passed]
    print(f"\nfailed: {', '.join(failed)}" if failed else "\nall parts passed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

"""Holds agno to what others wrote: a mock of several providers with its faults switched on, and the types of the official SDKs.

`python3 scripts/interop/run.py [CARGO TEST ARGUMENTS]`, from anywhere; `-p agno-tests` where none are given. It installs
what requirements.txt names into a virtual environment below the target folder, once, starts the mock twice on loopback (one
breaks what a test asks it to break, one breaks things by chance), runs all tests of `tests/tests/interop`, those that `cargo test`
ignores included, asks the mock how it judges its client, and holds the bodies the tests wrote to the SDKs' types. Only pip talks to the network, as its own settings say.
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

import environment  # noqa: E402, the folder above is not on the path until here

REQUIREMENTS = HERE / "requirements.txt"
# Longer than a loaded machine takes to start it.
STARTS_WITHIN = 120
# Fewer passed tests are a sign that they have moved elsewhere.
FEWEST_TESTS = 17

# One in six requests fails, and of the streams that begin one in seven. A broken event is not among them: agno does not ask
# again for what it cannot read. A stall is longer than the tests wait for the next piece.
CHAOS = [
    *("--error-rate", "429=0.06", "--error-rate", "500=0.05", "--error-rate", "503=0.05"),
    *("--stream-fault", "truncate=0.06", "--stream-fault", "disconnect=0.06", "--stream-fault", "stall=0.03"),
    *("--stream-stall-seconds", "2", "--stream-chunk-delay-ms", "2", "--latency-ms", "20"),
]

# What the mock calls a mistake and is none: the mock, the finding, and why.
FORGIVEN = {
    "chaotic": {
        "truncated_stream_accepted": "by chance it cuts a stream behind the reason it ended for, where nothing is missing "
        "any more; the test itself compares the words with those of a whole answer",
    }
}


def get(url: str) -> bytes:
    """What is at an address on loopback, whatever proxy the environment names for others."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(url, timeout=10) as answer:
        return answer.read()


@contextlib.contextmanager
def mock(programs: Path, logs: Path, name: str, *options: str) -> Iterator[str]:
    """The address of a mock that runs until it is needed no more."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    log = logs / f"{name}.log"
    command = [programs / "llmock", "serve", "-h", "127.0.0.1", "-p", str(port), "--log-level", "warning", *options]
    # The faults are those this script names, not those of somebody's environment.
    clean = {key: value for key, value in os.environ.items() if not key.startswith("LLMOCK_")}
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, env=clean)
    try:
        until = time.monotonic() + STARTS_WITHIN
        while True:
            if process.poll() is not None or time.monotonic() > until:
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
    """Whether the mock found no mistake in how it was used. It must have been, and have broken something."""
    verdict = json.loads(get(f"{url}/_llmock/verdict"))
    attempts, faults = verdict["attempts"], verdict["faults_injected"]
    found = [
        finding
        for finding in verdict["findings"]
        if finding["severity"] == "error" and finding["code"] not in FORGIVEN.get(name, {})
    ]
    print(f"the {name} mock: {attempts} requests, {faults} faults, {len(found)} mistakes of its client")
    for finding in found:
        print(f"  {finding['code']}, {finding['path']}: {finding['title']}")
    if attempts == 0 or faults == 0:
        print(f"the {name} mock was not asked, or broke nothing; did the tests skip?")
        return False
    return not found


def run_tests(command: list[str], variables: dict[str, str]) -> bool:
    """Runs all tests of the program and returns `True` if they pass, which they do not if none ran or one was left out."""
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
    passed, *left_out = map(sum, zip(*counts, strict=True)) if counts else (0, 0)
    if process.wait() != 0:
        return False
    if passed < FEWEST_TESTS or any(left_out):
        print(f"{passed} tests passed and {sum(left_out)} were left out; all of at least {FEWEST_TESTS} must run")
        return False
    return True


def main() -> int:
    arguments = sys.argv[1:] or ["-p", "agno-tests"]
    programs = environment.programs("interop", REQUIREMENTS)
    with contextlib.ExitStack() as stack:
        work = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        bodies = work / "bodies"
        bodies.mkdir()
        # Built before the mocks start, so that they wait for tests and not for the compiler.
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
        judged = [judge(name, url) for name, url in mocks.items()]
        typed = subprocess.run([programs / "python", "-B", HERE / "bodies.py", bodies])
    parts = {
        "the tests": tests,
        "the mocks' verdicts": all(judged),
        "the SDKs' types": typed.returncode == 0,
    }
    failed = [part for part, passed in parts.items() if not passed]
    print(f"\nfailed: {', '.join(failed)}" if failed else "\nall of it holds against what others wrote")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

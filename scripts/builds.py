#!/usr/bin/env python3
"""Measures builds of the same small OpenAI agent in agno and in rig, and the additional cost of each feature of agno.

`python3 scripts/builds.py` prints tables in Markdown. `--into FILE` writes them between two lines of FILE, `<!-- builds -->` and
`<!-- /builds -->`, after every row, so that an interrupted run loses at most one row. `--only agno,rig,small,client,features`
selects the parts to measure: `small` is agno with a profile for small programs, `client` is a program that only posts JSON with
the HTTP client that agno uses. `--features a,b` selects the features and their order.
Rows that a run does not measure keep their results and date in FILE; rows that were never measured contain "not measured".
`--only ""` measures nothing and rewrites the tables from the rows in FILE. The builds use a temporary directory, which is
removed. Times are the CPU seconds of cargo and its child processes, because other load on the machine affects them less than
wall-clock times.
"""

import argparse
import datetime
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
AGNO = ROOT / "agno"
RIG = "0.46.0"

OPEN, CLOSE = "<!-- builds -->", "<!-- /builds -->"
NOT_MEASURED = "not measured"
AGENTS = [
    "minimal OpenAI agent",
    "crates in the tree",
    "clean release build, CPU s",
    "stripped binary, MB",
    "debug rebuild after an edit, CPU s",
    "the same, wall-clock s",
    "CPU share of other processes",
    "measured on",
]
FEATURES = ["feature of agno", "crates it adds", "CPU s it adds to a release build", "stripped binary, MB", "measured on"]
BUILT_SMALL = "agno, built small"
CLIENT = "the HTTP client alone"
RECOMPILED = "none: agno recompiled, twice"

AGNO_AGENT = """//! A minimal agent with an OpenAI model.

use agno::prelude::*;

/// Adds two numbers.
#[tool]
async fn add(
    /// The first number.
    left: i64,
    /// The second number.
    right: i64,
) -> i64 {
    left + right
}

#[agent(model = "openai:gpt-5-mini", instructions = "Answer, edit 0.", tools = [add])]
struct Adds;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let answer = Adds.agent()?.run("What is 2 + 3?").await?;
    println!("{}", answer.text());
    Ok(())
}
"""

RIG_AGENT = """//! A minimal agent with an OpenAI model.

use rig::AgentBuilder;
use rig::providers::openai::OpenAI;
use rig::tool::ToolExecutionError;

/// Adds two numbers.
#[rig::rig_tool(params(left = "The first number.", right = "The second number."))]
fn add(left: i64, right: i64) -> Result<i64, ToolExecutionError> {
    Ok(left + right)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let model = OpenAI::from_env()?.completion("gpt-5-mini");
    let agent = AgentBuilder::new(model).preamble("Answer, edit 0.").tool(Add).default_max_turns(4).build();
    let answer = agent.prompt("What is 2 + 3?").await?;
    println!("{}", answer.output());
    Ok(())
}
"""

# The same exchange with the same client and the same TLS settings, without an agent.
CLIENT_ALONE = """//! Posts JSON and prints the answer.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let ring = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(ring.clone())
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(std::sync::Arc::new(rustls_platform_verifier::Verifier::new(ring)?))
        .with_no_client_auth();
    let client = reqwest::Client::builder().tls_backend_preconfigured(tls).build()?;
    let body = serde_json::json!({"model": "gpt-5-mini", "input": "What is 2 + 3?"}).to_string();
    let request = client.post("https://model.example/v1/responses").body(body);
    let answer: serde_json::Value = serde_json::from_slice(&request.send().await?.bytes().await?)?;
    println!("{answer}");
    Ok(())
}
"""

MANIFEST = """[package]
name = "minimal"
version = "0.0.0"
edition = "2024"
publish = false

[workspace]

[dependencies]
{dependency}
tokio = {{ version = "1", features = ["macros", "rt"] }}

[profile.release]
strip = true
{profile}"""

# Cargo's options for small programs.
SMALL = """opt-level = "s"
lto = true
codegen-units = 1
"""


class Package:
    """A package with its own source and target directories."""

    def __init__(self, directory, dependency, source, lock, profile=""):
        self.directory = directory
        self.target = directory / "target"
        self.edits = 0
        (directory / "src").mkdir(parents=True)
        (directory / "src/main.rs").write_text(source)
        (directory / "Cargo.toml").write_text(MANIFEST.format(dependency=dependency, profile=profile))
        # Pins the versions that this repository uses; cargo drops the entries that this package does not require.
        shutil.copy(lock, directory / "Cargo.lock")
        self.cargo("fetch")

    def cargo(self, *arguments):
        """Runs cargo and returns its CPU seconds, including its child processes, and its wall-clock seconds."""
        environment = dict(os.environ, CARGO_TARGET_DIR=str(self.target), CARGO_TERM_COLOR="never", CARGO_TERM_QUIET="true")
        for name in ("CARGO_INCREMENTAL", "RUSTFLAGS", "RUSTC_WRAPPER"):
            environment.pop(name, None)
        before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        process = subprocess.run(["cargo", *arguments], cwd=self.directory, env=environment, text=True, capture_output=True)
        wall, after = time.monotonic() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
        if process.returncode != 0:
            sys.exit(f"cargo {' '.join(arguments)} failed:\n{process.stderr}")
        self.output = process.stdout
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall

    def build(self, *arguments):
        # rig declares a newer compiler than it requires.
        return self.cargo("build", "--ignore-rust-version", *arguments)

    def crates(self, *arguments, edges="normal,build"):
        """Returns the crates in the tree, including build-time crates and procedural macros, but not this package."""
        self.cargo("tree", "-e", edges, "--prefix", "none", *arguments)
        names = {tuple(line.split()[:2]) for line in self.output.splitlines() if line.strip()}
        return {name for name in names if name[0] != "minimal"}

    def size(self):
        """Returns the size of the stripped binary in megabytes."""
        return (self.target / "release/minimal").stat().st_size / 1e6

    def rebuild(self):
        """Makes a complete debug build and three rebuilds, each after an edit of the source, and returns the minimum CPU and
        wall-clock seconds of a rebuild."""
        self.build()
        file, times = self.directory / "src/main.rs", []
        for _ in range(3):
            text = file.read_text().replace(f"edit {self.edits}.", f"edit {self.edits + 1}.")
            self.edits += 1
            file.write_text(text)
            times.append(self.build())
        return min(cpu for cpu, _ in times), min(wall for _, wall in times)


class Table:
    """A table with rows in a fixed order, identified by their first column. Rows that were not measured contain a note."""

    def __init__(self, columns, names, rows):
        self.columns = columns
        nothing = [NOT_MEASURED] * (len(columns) - 1)
        # Drops rows from a table with different columns.
        self.rows = {name: rows[name] if len(rows.get(name, [])) == len(nothing) else nothing for name in names}

    def lines(self):
        cells = [self.columns, ["---"] * len(self.columns)]
        cells += [[name, *row] for name, row in self.rows.items()]
        return [f"| {' | '.join(row)} |" for row in cells]


def features_of_agno():
    """Returns the public features in order, without the default features."""
    metadata = subprocess.run(
        ["cargo", "metadata", "--no-deps", "--format-version", "1"], cwd=ROOT, text=True, capture_output=True, check=True
    )
    package = next(package for package in json.loads(metadata.stdout)["packages"] if package["name"] == "agno")
    all_features = package["features"]
    skipped = {"default", *all_features["default"]}
    return [name for name in all_features if name not in skipped and not name.startswith("__")]


def client_of_agno():
    """Returns the dependencies of agno's HTTP client as lines of a manifest."""
    metadata = subprocess.run(
        ["cargo", "metadata", "--no-deps", "--format-version", "1"], cwd=ROOT, text=True, capture_output=True, check=True
    )
    package = next(package for package in json.loads(metadata.stdout)["packages"] if package["name"] == "agno")
    lines = []
    for name in ("reqwest", "rustls", "rustls-platform-verifier", "serde_json"):
        needed = next(dependency for dependency in package["dependencies"] if dependency["name"] == name)
        default = "true" if needed["uses_default_features"] else "false"
        lines.append(
            f'{name} = {{ version = "{needed["req"]}", default-features = {default}, features = {json.dumps(needed["features"])} }}'
        )
    return "\n".join(lines)


def busy_seconds():
    """Returns the busy seconds of all cores since the machine started, or `None` if the system does not report them."""
    try:
        ticks = [int(word) for word in Path("/proc/stat").read_text().split("\n")[0].split()[1:8]]
    except OSError:
        return None
    user, nice, system, _, _, interrupts, soft = ticks
    return (user + nice + system + interrupts + soft) / os.sysconf("SC_CLK_TCK")


def with_others(build):
    """Runs a build, and returns its CPU seconds and the share of the machine's CPU time that other processes used meanwhile."""
    before = busy_seconds()
    cpu, wall = build()
    if before is None:
        return cpu, "unknown"
    others = (busy_seconds() - before - cpu) / (wall * os.cpu_count())
    return cpu, f"{max(others, 0):.0%}"


def whole(name, package, rebuilt=True):
    """Measures a row of the first table."""
    log(f"{name}: a clean release build")
    crates = len(package.crates())
    cpu, others = with_others(lambda: package.build("--release"))
    row = [f"{crates}", f"{cpu:.0f}", f"{package.size():.1f}"]
    log(f"{name}: {' | '.join(row)}")
    rebuild = [NOT_MEASURED] * 2
    if rebuilt:
        rebuild = [f"{seconds:.1f}" for seconds in package.rebuild()]
        shutil.rmtree(package.target / "debug")
    return [*row, *rebuild, others, today()]


def feature_rows(package, names):
    """Yields the name and row of each feature, with the cost that it adds to the default features.

    Each build starts from the default build, so that cargo compiles only the crates that the feature adds, the crates whose
    features it changes, and agno itself. The time to recompile agno without the feature is subtracted.
    """
    log("features: the default")
    package.build("--release")
    without, default = package.crates(), package.target
    entry = AGNO / "src/lib.rs"
    original = entry.stat()
    times = []
    for _ in range(2):
        try:
            os.utime(entry)
            times.append(package.build("--release")[0])
        finally:
            os.utime(entry, ns=(original.st_atime_ns, original.st_mtime_ns))
    recompilation = sum(times) / 2
    yield RECOMPILED, ["0", f"{times[0]:.1f}, {times[1]:.1f}", f"{package.size():.1f}", today()]
    for name in names:
        log(f"features: {name}")
        package.target = default.with_name("feature")
        shutil.copytree(default, package.target, copy_function=shutil.copy2)
        flag = ("--features", f"agno/{name}")
        added = package.crates(*flag) - without
        cpu, _ = package.build("--release", *flag)
        size = package.size()
        shutil.rmtree(package.target)
        package.target = default
        yield name, [f"{len(added)}", f"{cpu - recompilation:.1f}", f"{size:.1f}", today()]


def goals(ours, theirs, small):
    """Returns the table of build goals with the measured results."""
    lines = ["| goal | measured | |", "|---|---|---|"]

    def add(goal, cell, unit, holds):
        if cell == NOT_MEASURED:
            lines.append(f"| {goal} | {NOT_MEASURED} | |")
        else:
            lines.append(f"| {goal} | {cell}{unit} | {'reached' if holds(float(cell)) else 'missed'} |")

    share = NOT_MEASURED
    if NOT_MEASURED not in (ours[1], theirs[1]):
        share = f"{float(ours[1]) / float(theirs[1]):.2f}"
    add("at most 80 crates", ours[0], "", lambda crates: crates <= 80)
    add("a clean release build takes at most a third of rig's CPU seconds", share, " of rig's", lambda part: part <= 1 / 3)
    add("a rebuild after an edit in under 2 s, CPU", ours[3], " s", lambda seconds: seconds < 2)
    add("the same, wall-clock", ours[4], " s", lambda seconds: seconds < 2)
    add("a stripped binary under 4 MB, with cargo's default release profile", ours[2], " MB", lambda size: size < 4)
    add("the same, built small", small[2], " MB", lambda size: size < 4)
    return lines


def kinds(package):
    """Returns a sentence that counts the crates in the tree by purpose."""
    everything = package.crates()
    linked = package.crates(edges="normal,no-proc-macro")
    tools = everything - package.crates(edges="normal")
    macros = everything - linked - tools

    def list_names(crates):
        return ", ".join(sorted({f"`{name}`" for name, _ in crates}))

    return (
        f"Of the {len(everything)} crates of agno, {len(linked)} are linked into the program; {len(macros)} are procedural "
        f"macros and their dependencies ({list_names(macros)}); {len(tools)} only build C and assembly ({list_names(tools)})."
    )


def earlier_rows(text):
    """Returns the rows of an earlier run, by their first column."""
    cells = [line.strip("| \n").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    return {row[0]: row[1:] for row in cells}


def between(path):
    """Returns the text of the file before, between and after the table markers."""
    before, opened, rest = path.read_text().partition(OPEN)
    text, closed, after = rest.partition(CLOSE)
    if not opened or not closed:
        sys.exit(f"{path} has no markers; add the lines `{OPEN}` and `{CLOSE}`")
    return before, text, after


def today():
    return datetime.date.today().isoformat()


def log(text):
    print(text, file=sys.stderr, flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="agno,rig,small,client,features", help="the parts to measure")
    parser.add_argument("--features", help="only these features of agno, in this order")
    parser.add_argument("--into", type=Path, help="the file with markers for the tables")
    arguments = parser.parse_args()
    parts, known = [part for part in arguments.only.split(",") if part], features_of_agno()
    names = arguments.features.split(",") if arguments.features else known
    for name in [*(set(parts) - {"agno", "rig", "small", "client", "features"}), *(set(names) - set(known))]:
        parser.error(f"unknown `{name}`; parts are agno, rig, small, client and features, features are {', '.join(known)}")
    if arguments.into:
        between(arguments.into)
    # On SIGTERM, exits through `finally`, which removes the directory.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))

    measured, rig = {}, f"rig {RIG}"
    directory = Path(tempfile.mkdtemp(prefix="agno-builds-"))
    try:
        dependency = f'agno = {{ path = "{AGNO}" }}'
        agno = Package(directory / "agno", dependency, AGNO_AGENT, ROOT / "Cargo.lock")
        sentence = kinds(agno)

        def tables():
            known_rows = earlier_rows(between(arguments.into)[1]) if arguments.into else {}
            known_rows.update(measured)
            agents = Table(AGENTS, ["agno", rig, BUILT_SMALL, CLIENT], known_rows)
            rows = [agents.rows[name] for name in ("agno", rig, BUILT_SMALL)]
            parts = [agents.lines(), goals(*rows), [sentence]]
            parts.append(Table(FEATURES, [RECOMPILED, *known], known_rows).lines())
            return "\n\n".join("\n".join(lines) for lines in parts) + "\n"

        def record(name, row):
            measured[name] = row
            log(f"{name}: {' | '.join(row)}")
            write()

        def write():
            if arguments.into:
                text = tables()
                before, _, after = between(arguments.into)
                arguments.into.write_text(f"{before}{OPEN}\n{text}{CLOSE}{after}")

        write()

        if "agno" in parts:
            record("agno", whole("agno", agno))
        if "rig" in parts:
            lock = ROOT / "benches/peers/Cargo.lock"
            record(rig, whole(rig, Package(directory / "rig", f'rig = "={RIG}"', RIG_AGENT, lock)))
        if "small" in parts:
            package = Package(directory / "small", dependency, AGNO_AGENT, ROOT / "Cargo.lock", SMALL)
            record(BUILT_SMALL, whole(BUILT_SMALL, package, rebuilt=False))
        if "client" in parts:
            package = Package(directory / "client", client_of_agno(), CLIENT_ALONE, ROOT / "Cargo.lock")
            record(CLIENT, whole(CLIENT, package, rebuilt=False))
        if "features" in parts:
            for name, row in feature_rows(agno, names):
                record(name, row)
        if not arguments.into:
            print(tables(), end="")
    finally:
        shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    main()

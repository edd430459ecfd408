#!/usr/bin/env python3
"""What a build costs: the same small OpenAI agent in agno and in rig, and each feature of agno over the default.

`python3 scripts/builds.py` prints tables in markdown; `--into FILE` puts them between two lines of FILE, `<!-- builds -->`
and `<!-- /builds -->`, after every row, so that a run that is stopped loses one row. `--only agno,rig,small,client,features`
says what to measure (`small` is agno with a profile for small programs, `client` a program that posts a JSON text over the
HTTP client agno is built on, and nothing else), `--features a,b` which features and in which order.
Rows that a run does not measure stay as they are in FILE, with their date; those that no run measured say so; `--only ""`
measures nothing and writes the tables anew from their rows. It builds in a temporary folder, which it removes. Seconds
are those of processors, of cargo and all that it starts, so that other work on the machine shows less.
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
    "a minimal OpenAI agent in",
    "crates in the tree",
    "clean release build, CPU s",
    "stripped binary, MB",
    "debug rebuild after an edit, CPU s",
    "and on the wall, s",
    "other work on the cores meanwhile",
    "measured on",
]
FEATURES = ["feature of agno", "crates it adds", "CPU s it adds to a release build", "stripped binary, MB", "measured on"]
BUILT_SMALL = "agno, built small"
CLIENT = "the HTTP client alone"
ALONE = "none: agno alone again, twice"

AGNO_AGENT = """//! A minimal agent on an OpenAI model.

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

RIG_AGENT = """//! A minimal agent on an OpenAI model.

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

# The same exchange over the same client with the same TLS, without an agent around it.
CLIENT_ALONE = """//! Posts a JSON text and prints the answer.

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

# What Cargo has for programs that should be small.
SMALL = """opt-level = "s"
lto = true
codegen-units = 1
"""


class Package:
    """A package in a folder of its own, with a target directory of its own."""

    def __init__(self, folder, dependency, source, lock, profile=""):
        self.folder = folder
        self.target = folder / "target"
        self.edits = 0
        (folder / "src").mkdir(parents=True)
        (folder / "src/main.rs").write_text(source)
        (folder / "Cargo.toml").write_text(MANIFEST.format(dependency=dependency, profile=profile))
        # The versions of this repository; cargo drops what this package does not need.
        shutil.copy(lock, folder / "Cargo.lock")
        self.cargo("fetch")

    def cargo(self, *words):
        """Runs cargo; the seconds that it and its children were on a core, and those on the wall."""
        environment = dict(os.environ, CARGO_TARGET_DIR=str(self.target), CARGO_TERM_COLOR="never", CARGO_TERM_QUIET="true")
        for name in ("CARGO_INCREMENTAL", "RUSTFLAGS", "RUSTC_WRAPPER"):
            environment.pop(name, None)
        before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        done = subprocess.run(["cargo", *words], cwd=self.folder, env=environment, text=True, capture_output=True)
        wall, after = time.monotonic() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
        if done.returncode != 0:
            sys.exit(f"cargo {' '.join(words)} failed:\n{done.stderr}")
        self.said = done.stdout
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall

    def build(self, *words):
        # rig asks for a newer compiler than it needs.
        return self.cargo("build", "--ignore-rust-version", *words)

    def crates(self, *words, edges="normal,build"):
        """The crates of the tree, build-time ones and procedural macros included, this package not."""
        self.cargo("tree", "-e", edges, "--prefix", "none", *words)
        names = {tuple(line.split()[:2]) for line in self.said.splitlines() if line.strip()}
        return {name for name in names if name[0] != "minimal"}

    def size(self):
        """Megabytes of the stripped binary."""
        return (self.target / "release/minimal").stat().st_size / 1e6

    def rebuild(self):
        """A debug build after a change of the agent's file: the least of three, after a first whole one."""
        self.build()
        file, taken = self.folder / "src/main.rs", []
        for _ in range(3):
            text = file.read_text().replace(f"edit {self.edits}.", f"edit {self.edits + 1}.")
            self.edits += 1
            file.write_text(text)
            taken.append(self.build())
        return min(cpu for cpu, _ in taken), min(wall for _, wall in taken)


class Table:
    """Rows by the word in their first column, in a fixed order; a row that was not measured says so."""

    def __init__(self, columns, names, kept):
        self.columns = columns
        nothing = [NOT_MEASURED] * (len(columns) - 1)
        # A row of an earlier form of the table is none.
        self.rows = {name: kept[name] if len(kept.get(name, [])) == len(nothing) else nothing for name in names}

    def lines(self):
        cells = [self.columns, ["---"] * len(self.columns)]
        cells += [[name, *row] for name, row in self.rows.items()]
        return [f"| {' | '.join(row)} |" for row in cells]


def features_of_agno():
    """The features that users name, in order; not the default ones."""
    told = subprocess.run(
        ["cargo", "metadata", "--no-deps", "--format-version", "1"], cwd=ROOT, text=True, capture_output=True, check=True
    )
    package = next(package for package in json.loads(told.stdout)["packages"] if package["name"] == "agno")
    all_features = package["features"]
    skipped = {"default", *all_features["default"]}
    return [name for name in all_features if name not in skipped and not name.startswith("__")]


def client_of_agno():
    """What agno depends on to speak HTTP, as lines of a manifest."""
    told = subprocess.run(
        ["cargo", "metadata", "--no-deps", "--format-version", "1"], cwd=ROOT, text=True, capture_output=True, check=True
    )
    package = next(package for package in json.loads(told.stdout)["packages"] if package["name"] == "agno")
    lines = []
    for name in ("reqwest", "rustls", "rustls-platform-verifier", "serde_json"):
        needed = next(dependency for dependency in package["dependencies"] if dependency["name"] == name)
        default = "true" if needed["uses_default_features"] else "false"
        lines.append(
            f'{name} = {{ version = "{needed["req"]}", default-features = {default}, features = {json.dumps(needed["features"])} }}'
        )
    return "\n".join(lines)


def busy_seconds():
    """What all cores of this machine have worked since it started; nothing where the system does not tell."""
    try:
        ticks = [int(word) for word in Path("/proc/stat").read_text().split("\n")[0].split()[1:8]]
    except OSError:
        return None
    user, nice, system, _, _, interrupts, soft = ticks
    return (user + nice + system + interrupts + soft) / os.sysconf("SC_CLK_TCK")


def with_others(build):
    """Seconds of a build, and the share of the cores that other work on the machine took meanwhile."""
    before = busy_seconds()
    cpu, wall = build()
    if before is None:
        return cpu, "unknown"
    others = (busy_seconds() - before - cpu) / (wall * os.cpu_count())
    return cpu, f"{max(others, 0):.0%}"


def whole(name, package, rebuilt=True):
    """One row of the first table."""
    say(f"{name}: a clean release build")
    crates = len(package.crates())
    cpu, others = with_others(lambda: package.build("--release"))
    row = [f"{crates}", f"{cpu:.0f}", f"{package.size():.1f}"]
    say(f"{name}: {' | '.join(row)}")
    rebuild = [NOT_MEASURED] * 2
    if rebuilt:
        rebuild = [f"{seconds:.1f}" for seconds in package.rebuild()]
        shutil.rmtree(package.target / "debug")
    return [*row, *rebuild, others, today()]


def feature_rows(package, names):
    """What each feature adds to the default: name and row, one after another.

    The build of the default stays, and what is compiled anew with the feature is counted: the crates it adds, those it
    switches features of, and agno itself, whose own second compilation without the feature is taken off.
    """
    say("features: the default")
    package.build("--release")
    without, default = package.crates(), package.target
    entry = AGNO / "src/lib.rs"
    kept = entry.stat()
    taken = []
    for _ in range(2):
        try:
            os.utime(entry)
            taken.append(package.build("--release")[0])
        finally:
            os.utime(entry, ns=(kept.st_atime_ns, kept.st_mtime_ns))
    again = sum(taken) / 2
    yield ALONE, ["0", f"{taken[0]:.1f}, {taken[1]:.1f}", f"{package.size():.1f}", today()]
    for name in names:
        say(f"features: {name}")
        package.target = default.with_name("feature")
        shutil.copytree(default, package.target, copy_function=shutil.copy2)
        flag = ("--features", f"agno/{name}")
        added = package.crates(*flag) - without
        cpu, _ = package.build("--release", *flag)
        size = package.size()
        shutil.rmtree(package.target)
        package.target = default
        yield name, [f"{len(added)}", f"{cpu - again:.1f}", f"{size:.1f}", today()]


def goals(ours, theirs, small):
    """What the project wants of its build, and whether the measured rows have it."""
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
    add("the same on the wall", ours[4], " s", lambda seconds: seconds < 2)
    add("a stripped binary under 4 MB, with the profile as cargo has it", ours[2], " MB", lambda size: size < 4)
    add("the same, built small", small[2], " MB", lambda size: size < 4)
    return lines


def kinds(package):
    """What the crates of the tree are there for, in a sentence."""
    everything = package.crates()
    linked = package.crates(edges="normal,no-proc-macro")
    tools = everything - package.crates(edges="normal")
    macros = everything - linked - tools

    def named(crates):
        return ", ".join(sorted({f"`{name}`" for name, _ in crates}))

    return (
        f"Of the {len(everything)} crates of agno, {len(linked)} are linked into the program; {len(macros)} are procedural "
        f"macros and what these are made of ({named(macros)}); {len(tools)} only build C and assembly ({named(tools)})."
    )


def kept_rows(text):
    """The rows of an earlier run, by the word in their first column."""
    cells = [line.strip("| \n").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    return {row[0]: row[1:] for row in cells}


def between(path):
    """What is in the file before the tables, in their place, and after them."""
    before, opened, rest = path.read_text().partition(OPEN)
    text, closed, after = rest.partition(CLOSE)
    if not opened or not closed:
        sys.exit(f"{path} has no lines {OPEN} and {CLOSE}")
    return before, text, after


def today():
    return datetime.date.today().isoformat()


def say(text):
    print(text, file=sys.stderr, flush=True)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--only", default="agno,rig,small,client,features", help="which parts to measure")
    arguments.add_argument("--features", help="only these features of agno, in this order")
    arguments.add_argument("--into", type=Path, help="the file that has a place for the tables")
    given = arguments.parse_args()
    parts, known = [word for word in given.only.split(",") if word], features_of_agno()
    names = given.features.split(",") if given.features else known
    for word in [*(set(parts) - {"agno", "rig", "small", "client", "features"}), *(set(names) - set(known))]:
        arguments.error(f"there is no `{word}`; parts are agno, rig, small, client and features, features are {', '.join(known)}")
    if given.into:
        between(given.into)
    # Ends through `finally`, which removes the folder.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))

    measured, rig = {}, f"rig {RIG}"
    folder = Path(tempfile.mkdtemp(prefix="agno-builds-"))
    try:
        dependency = f'agno = {{ path = "{AGNO}" }}'
        agno = Package(folder / "agno", dependency, AGNO_AGENT, ROOT / "Cargo.lock")
        sentence = kinds(agno)

        def tables():
            kept = kept_rows(between(given.into)[1]) if given.into else {}
            kept.update(measured)
            agents = Table(AGENTS, ["agno", rig, BUILT_SMALL, CLIENT], kept)
            rows = [agents.rows[name] for name in ("agno", rig, BUILT_SMALL)]
            parts = [agents.lines(), goals(*rows), [sentence]]
            parts.append(Table(FEATURES, [ALONE, *known], kept).lines())
            return "\n\n".join("\n".join(lines) for lines in parts) + "\n"

        def keep(name, row):
            measured[name] = row
            say(f"{name}: {' | '.join(row)}")
            write()

        def write():
            if given.into:
                text = tables()
                before, _, after = between(given.into)
                given.into.write_text(f"{before}{OPEN}\n{text}{CLOSE}{after}")

        write()

        if "agno" in parts:
            keep("agno", whole("agno", agno))
        if "rig" in parts:
            lock = ROOT / "benches/peers/Cargo.lock"
            keep(rig, whole(rig, Package(folder / "rig", f'rig = "={RIG}"', RIG_AGENT, lock)))
        if "small" in parts:
            package = Package(folder / "small", dependency, AGNO_AGENT, ROOT / "Cargo.lock", SMALL)
            keep(BUILT_SMALL, whole(BUILT_SMALL, package, rebuilt=False))
        if "client" in parts:
            package = Package(folder / "client", client_of_agno(), CLIENT_ALONE, ROOT / "Cargo.lock")
            keep(CLIENT, whole(CLIENT, package, rebuilt=False))
        if "features" in parts:
            for name, row in feature_rows(agno, names):
                keep(name, row)
        if not given.into:
            print(tables(), end="")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()

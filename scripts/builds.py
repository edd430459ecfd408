#!/usr/bin/env python3
"""What a build costs: the same small OpenAI agent in agno and in rig, and each feature of agno over the default.

`python3 scripts/builds.py [FILE]` writes a markdown table to FILE, or prints it. It builds in a temporary folder, which it
removes. Seconds are those of processors, of cargo and all that it starts, so that other work on the machine shows less.
`--parts agno,rig,features` names what to measure, `--features a,b` which features.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
AGNO = ROOT / "agno"
RIG = "0.46.0"

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
"""


class Package:
    """A package in a folder of its own, with a target directory of its own."""

    def __init__(self, folder, dependency, source, lock):
        self.folder = folder
        self.edits = 0
        (folder / "src").mkdir(parents=True)
        (folder / "src/main.rs").write_text(source)
        (folder / "Cargo.toml").write_text(MANIFEST.format(dependency=dependency))
        # The versions of this repository; cargo drops what this package does not need.
        shutil.copy(lock, folder / "Cargo.lock")
        self.cargo("fetch")

    def cargo(self, *words):
        """Runs cargo; the seconds that it and its children were on a core, and those on the wall."""
        environment = dict(os.environ, CARGO_TARGET_DIR=str(self.folder / "target"), CARGO_TERM_COLOR="never")
        environment.pop("CARGO_INCREMENTAL", None)
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

    def crates(self, *words):
        """The crates of the tree, build-time ones and procedural macros included, this package not."""
        self.cargo("tree", "-e", "normal,build", "--prefix", "none", *words)
        names = {tuple(line.split()[:2]) for line in self.said.splitlines() if line.strip()}
        return {name for name in names if name[0] != "minimal"}

    def size(self):
        return (self.folder / "target/release/minimal").stat().st_size

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


def features_of_agno():
    """The features that users name, in order; not the default ones."""
    told = subprocess.run(
        ["cargo", "metadata", "--no-deps", "--format-version", "1"], cwd=ROOT, text=True, capture_output=True, check=True
    )
    package = next(package for package in json.loads(told.stdout)["packages"] if package["name"] == "agno")
    all_features = package["features"]
    skipped = {"default", *all_features["default"]}
    return [name for name in all_features if name not in skipped and not name.startswith("__")]


def whole(name, package):
    """One row of the first table."""
    say(f"{name}: a clean release build")
    crates = len(package.crates())
    cpu, _ = package.build("--release")
    size = package.size() / 1e6
    say(f"{name}: debug builds")
    again, wall = package.rebuild()
    return f"| {name} | {crates} | {cpu:.0f} | {size:.1f} | {again:.1f} | {wall:.1f} |"


def feature_rows(package, names):
    """What each feature adds to the default.

    The build of the default stays, and what is compiled anew with the feature is counted: the crates it adds, those it
    switches features of, and agno itself, whose own second compilation without the feature is taken off.
    """
    say("features: the default")
    package.build("--release")
    without = package.crates()
    entry = AGNO / "src/lib.rs"
    kept = entry.stat()
    try:
        os.utime(entry)
        again, _ = package.build("--release")
    finally:
        os.utime(entry, ns=(kept.st_atime_ns, kept.st_mtime_ns))
    rows, folder = [], package.folder
    for name in names:
        say(f"features: {name}")
        copy = folder.with_name("feature")
        shutil.copytree(folder, copy, copy_function=shutil.copy2)
        package.folder = copy
        flag = ("--features", f"agno/{name}")
        added = package.crates(*flag) - without
        cpu, _ = package.build("--release", *flag)
        size = package.size() / 1e6
        package.folder = folder
        shutil.rmtree(copy)
        rows.append(f"| {name} | {len(added)} | {max(cpu - again, 0):.0f} | {size:.1f} |")
    return rows


def say(text):
    print(text, file=sys.stderr, flush=True)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("file", nargs="?", help="where the tables go")
    arguments.add_argument("--parts", default="agno,rig,features")
    arguments.add_argument("--features", help="only these features of agno")
    given = arguments.parse_args()
    parts = given.parts.split(",")
    names = given.features.split(",") if given.features else features_of_agno()

    lines = []
    folder = Path(tempfile.mkdtemp(prefix="agno-builds-"))
    try:
        ours = f'agno = {{ path = "{AGNO}" }}'
        agno = Package(folder / "agno", ours, AGNO_AGENT, ROOT / "Cargo.lock")
        rows = []
        if "agno" in parts:
            rows.append(whole("agno", agno))
        if "rig" in parts:
            lock = ROOT / "benches/peers/Cargo.lock"
            rows.append(whole(f"rig {RIG}", Package(folder / "rig", f'rig = "={RIG}"', RIG_AGENT, lock)))
        if rows:
            lines += [
                "| a minimal OpenAI agent in | crates in the tree | clean release build, CPU seconds | stripped binary, MB "
                "| rebuild after an edit, CPU seconds | and on the wall |",
                "|---|---|---|---|---|---|",
                *rows,
                "",
            ]
        if "features" in parts:
            lines += [
                "| feature of agno | crates it adds | CPU seconds it adds to a release build | stripped binary, MB |",
                "|---|---|---|---|",
                *feature_rows(agno, names),
                "",
            ]
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    text = "\n".join(lines)
    if given.file:
        Path(given.file).write_text(text)
    else:
        print(text, end="")


if __name__ == "__main__":
    main()

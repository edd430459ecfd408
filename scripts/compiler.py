#!/usr/bin/env python3
"""Selects the compiler named in `compiler.txt`, which determines the error messages in `tests/ui`.

Prints the value for RUSTUP_TOOLCHAIN, or nothing if that compiler is already selected. If the compiler is not installed, the
script fails and names the command that installs it; if CI is set, the script runs that command instead.

    eval "$(python3 scripts/compiler.py --export)"    sets RUSTUP_TOOLCHAIN in the current shell
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMED = Path(__file__).resolve().parent / "compiler.txt"
COMPONENTS = "rustfmt,clippy"


def output(*command: str) -> str:
    """Returns the output of a command, or an empty string if the command fails or does not exist."""
    if not shutil.which(command[0]):
        return ""
    ran = subprocess.run(command, capture_output=True, text=True)
    return ran.stdout if ran.returncode == 0 else ""


def toolchain() -> str | None:
    """Returns the toolchain to select, or `None` if the current compiler has the right version."""
    release = NAMED.read_text().strip()
    if output("rustc", "--version").split()[1:2] == [release]:
        return None
    install = ["rustup", "toolchain", "install", release, "--profile", "minimal", "--component", COMPONENTS, "--no-self-update"]
    installed = [line.split()[0] for line in output("rustup", "toolchain", "list").splitlines() if line.split()]
    if not any(name == release or name.startswith(f"{release}-") for name in installed):
        if not os.environ.get("CI") or not shutil.which("rustup"):
            sys.exit(f"the repository requires Rust {release}, which is not installed; run `{' '.join(install)}`")
        subprocess.run(install, check=True, stdout=sys.stderr)
    return release


def select() -> None:
    """Selects the compiler for the commands that this process starts."""
    if found := toolchain():
        os.environ["RUSTUP_TOOLCHAIN"] = found


def main() -> None:
    """Prints the toolchain."""
    if found := toolchain():
        print(f"export RUSTUP_TOOLCHAIN={found}" if sys.argv[1:] == ["--export"] else found)


if __name__ == "__main__":
    main()

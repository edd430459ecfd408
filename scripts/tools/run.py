"""Runs a cargo subcommand pinned in requirements.txt, and installs it first if it is missing.

`python3 scripts/tools/run.py hack clippy -p agno --each-feature` works from any directory; without arguments, the script only
installs the subcommands.
"""

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import environment  # noqa: E402, the parent directory is not on the path until here


def main() -> int:
    """Returns the exit code of the subcommand."""
    programs = environment.programs("tools", HERE / "requirements.txt", "--require-hashes", "--only-binary", ":all:")
    if len(sys.argv) < 2:
        return 0
    name, arguments = sys.argv[1], sys.argv[2:]
    program = programs / (f"cargo-{name}" + (".exe" if os.name == "nt" else ""))
    if not program.is_file():
        sys.exit(f"`{name}` is not in {HERE.name}/requirements.txt; add it")
    return subprocess.run([program, name, *arguments], cwd=environment.ROOT).returncode


if __name__ == "__main__":
    sys.exit(main())

"""Manages virtual environments for programs that scripts install with pip, one directory per use under the target directory.

`programs(name, requirements)` returns the directory of the environment's programs. It installs them on the first call, and again
when the requirements or the Python version change. Only pip uses the network, with its own settings.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def target() -> Path:
    """Returns the directory of build artifacts."""
    return Path(os.environ.get("CARGO_TARGET_DIR") or ROOT / "target").resolve()


def programs(name: str, requirements: Path, *options: str) -> Path:
    """Returns the program directory of the environment `name`; `options` are passed to `pip install`."""
    folder = target() / name / "venv"
    # Scripts of an environment name its folder, so one that was moved is installed again.
    expected = hashlib.sha256(b"\0".join([requirements.read_bytes(), sys.version.encode(), os.fsencode(folder)])).hexdigest()
    stamp = folder / "installed"
    binaries = folder / ("Scripts" if os.name == "nt" else "bin")
    if stamp.is_file() and stamp.read_text() == expected:
        return binaries
    print(f"installing {requirements.relative_to(ROOT)} (first use only)", file=sys.stderr, flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    try:
        venv.create(folder, with_pip=True)
    except (subprocess.CalledProcessError, OSError) as error:
        sys.exit(f"cannot create a virtual environment ({error}); install Python's `venv`, on Debian `apt-get install python3-venv`")
    subprocess.run(
        [
            *(binaries / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
            *(*options, "-r", requirements),
        ],
        check=True,
        stdout=sys.stderr,
    )
    stamp.write_text(expected)
    return binaries

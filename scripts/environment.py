"""Creates virtual environments under the target directory for programs that scripts install with pip.

`programs(name, requirements)` returns the directory of the environment's programs. It installs the programs on the first call,
and again after the requirements or the Python version change. Only pip uses the network, with its own settings.
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
    directory = target() / name / "venv"
    # Scripts in an environment contain its path, so an environment that was moved is installed again.
    expected = hashlib.sha256(b"\0".join([requirements.read_bytes(), sys.version.encode(), os.fsencode(directory)])).hexdigest()
    stamp = directory / "installed"
    binaries = directory / ("Scripts" if os.name == "nt" else "bin")
    if stamp.is_file() and stamp.read_text() == expected:
        return binaries
    print(f"installing {requirements.relative_to(ROOT)} (first use only)", file=sys.stderr, flush=True)
    shutil.rmtree(directory, ignore_errors=True)
    try:
        venv.create(directory, with_pip=True)
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

"""Writes the newest versions of all dependencies, the development group's too, into pyproject.toml: `make pins`.

They are kept there and not in a lock file because a lock file names the package index it was made from, and many
companies install from a mirror (docs/decisions/0002-no-lock-file.md).
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PLAIN = ("--no-header", "--no-annotate")


def uv(*arguments: str, folder: Path, typed_in: str | None = None) -> list[str]:
    """The lines that uv prints; raises CalledProcessError when it fails."""
    # `uv run` tells its children where it is; a plain "uv" may be a shim that only exists by name.
    command = [os.environ.get("UV", "uv"), *arguments]
    # Outside the project uv would look for a Python anew, and fetch one.
    environment = {**os.environ, "UV_PYTHON": sys.executable, "UV_PYTHON_DOWNLOADS": "never"}
    done = subprocess.run(
        command, cwd=folder, env=environment, input=typed_in, stdout=subprocess.PIPE, text=True, check=True
    )
    return done.stdout.splitlines()


def with_block(name: str, pins: list[str], text: str) -> str:
    """The text, with the pins standing between the lines `# <name>: begin` and `# <name>: end`."""
    block = "".join(f'    "{pin}",\n' for pin in pins)
    pattern = re.compile(rf"(?ms)^(    # {name}: begin\n).*?^(    # {name}: end\n)")
    written, count = pattern.subn(lambda found: found[1] + block + found[2], text)
    if count != 1:
        raise ValueError(f"pyproject.toml must hold the lines '# {name}: begin' and '# {name}: end' once")
    return written


def resolved(text: str, folder: Path) -> list[str]:
    """Every package of every group at its newest allowed version, for all platforms and Pythons at once."""
    (folder / "pyproject.toml").write_text(text, encoding="utf-8")
    for needed in ("CHANGELOG.md", "README.md", "LICENSE"):
        shutil.copy(ROOT / needed, folder)
    uv("lock", "--upgrade", folder=folder)
    return uv(
        "export", "--frozen", "--all-groups", "--all-extras", "--no-hashes", "--no-emit-project", *PLAIN, folder=folder
    )


def resolved_builders(text: str, folder: Path) -> list[str]:
    """The packages that build ours, resolved apart: they never meet the others in one environment."""
    document = tomllib.loads(text)
    lowest = document["project"]["requires-python"].removeprefix(">=")
    wanted = "\n".join(document["build-system"]["requires"])
    return uv("pip", "compile", "--universal", "--python-version", lowest, *PLAIN, "-", folder=folder, typed_in=wanted)


def main() -> None:
    file = ROOT / "pyproject.toml"
    text = with_block("build pins", [], with_block("pins", [], file.read_text(encoding="utf-8")))
    with tempfile.TemporaryDirectory() as apart, tempfile.TemporaryDirectory() as bare:
        pins, build_pins = resolved(text, Path(apart)), resolved_builders(text, Path(bare))
    file.write_text(with_block("build pins", build_pins, with_block("pins", pins, text)), encoding="utf-8")
    print(f"{len(pins)} packages and {len(build_pins)} build packages are pinned in pyproject.toml")


if __name__ == "__main__":
    main()

"""What others wrote is as they published it, and recorded."""

import hashlib
import tomllib
from pathlib import Path

import pytest

from shouhou.web import icons

VENDOR = Path(icons.__file__).parent / "static" / "vendor"
PACKAGES = tomllib.loads((VENDOR / "VENDORED.toml").read_text(encoding="utf-8"))["package"]


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package["name"])
def test_its_files_are_those_recorded(package: dict[str, str | dict[str, str]]) -> None:
    found = {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in (VENDOR / str(package["folder"])).iterdir()
    }
    assert found == package["sha256"]
    assert package["version"]
    assert package["licence"]


def test_every_folder_is_recorded() -> None:
    assert {folder.name for folder in VENDOR.iterdir() if folder.is_dir()} == {one["folder"] for one in PACKAGES}


def test_every_icon_is_drawn_and_none_lies_about_unused() -> None:
    assert all("<path" in icons.drawing(name) for name in icons.FILES)
    assert {file.stem for file in icons.FOLDER.glob("*.svg")} == set(icons.FILES.values())

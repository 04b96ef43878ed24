"""Everything that is installed has its exact version in pyproject.toml: `make pins` (docs/decisions/0002-no-lock-file.md)."""

import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

DOCUMENT = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text(encoding="utf-8"))


def pins(name: str) -> dict[str, list[str]]:
    """Package → its exact versions; there may be several, for different Pythons or platforms."""
    found: dict[str, list[str]] = {}
    for requirement in map(Requirement, DOCUMENT["tool"]["uv"][name]):
        (specifier,) = requirement.specifier
        assert specifier.operator == "=="
        found.setdefault(canonicalize_name(requirement.name), []).append(specifier.version)
    return found


def unpinned(wanted: list[str], exact: dict[str, list[str]]) -> list[str]:
    return [
        str(requirement)
        for requirement in map(Requirement, wanted)
        if not any(
            requirement.specifier.contains(version) for version in exact.get(canonicalize_name(requirement.name), [])
        )
    ]


def test_every_dependency_is_pinned_to_a_version_that_it_allows() -> None:
    wanted = DOCUMENT["project"]["dependencies"] + DOCUMENT["dependency-groups"]["dev"]
    assert not unpinned(wanted, pins("constraint-dependencies"))


def test_what_builds_the_package_is_pinned() -> None:
    assert not unpinned(DOCUMENT["build-system"]["requires"], pins("build-constraint-dependencies"))

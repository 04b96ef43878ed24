"""The floors hold in the database as they do in the imports. The one list of floors is in pyproject.toml."""

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import ForeignObject, ManyToManyField, Model

ROOT = Path(__file__).resolve().parent.parent


def floors() -> dict[str, int]:
    """Module → floor, counted from the bottom, as import-linter reads it."""
    document = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = document["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract.get("exhaustive"))
    return {module: floor for floor, layer in enumerate(reversed(layers)) for module in re.findall(r"\w+", layer)}


def module_of(model: type[Model]) -> str | None:
    """The module of ours that a model belongs to."""
    package, _, rest = model.__module__.partition(".")
    return rest.split(".")[0] if package == "shouhou" else None


def our_models() -> list[type[Model]]:
    return [model for model in apps.get_models(include_auto_created=True) if module_of(model)]


def links(model: type[Model]) -> Iterator[tuple[str, type[Model]]]:
    """Name and target of every link that a model itself declares."""
    for field in (*model._meta.local_fields, *model._meta.local_many_to_many):
        if isinstance(field, ForeignObject | ManyToManyField):
            yield field.name, field.related_model


def climbs(model: type[Model], target: type[Model], floor: dict[str, int]) -> bool:
    own, other = module_of(model), module_of(target)
    return bool(own and other and own != other and floor[other] >= floor[own])


def test_every_module_has_a_floor() -> None:
    modules = {folder.parent.name for folder in (ROOT / "shouhou").glob("*/__init__.py")}
    assert modules <= floors().keys()


def test_foreign_keys_go_down() -> None:
    assert our_models()
    climbing = [
        f"{model._meta.label}.{name} → {target._meta.label}"
        for model in our_models()
        for name, target in links(model)
        if climbs(model, target, floors())
    ]
    assert not climbing


@pytest.mark.parametrize(("own", "other", "climbs_up"), [("access", "audit", False), ("audit", "access", True)])
def test_a_link_upwards_would_be_found(own: str, other: str, climbs_up: bool) -> None:
    lower, upper = (type(name, (), {"__module__": f"shouhou.{name}.models"}) for name in (own, other))
    assert climbs(lower, upper, floors()) is climbs_up


def test_no_link_leads_to_just_anything() -> None:
    """A generic foreign key has no floor and no constraint."""
    generic = [
        f"{model._meta.label}.{field.name}"
        for model in our_models()
        for field in model._meta.private_fields
        if type(field).__name__ == "GenericForeignKey"
    ]
    assert not generic


def test_the_kernel_runs_without_django() -> None:
    modules = [
        ".".join(file.relative_to(ROOT).with_suffix("").parts) for file in (ROOT / "shouhou/kernel").glob("[!_]*.py")
    ]
    program = f"import sys, {', '.join(modules)}; print([name for name in sys.modules if name.startswith('django')])"
    printed = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert printed.stdout.strip() == "[]"

"""Rules of CONTRIBUTING.md that can be read off the code: each is tried on a line that breaks it, then on the product."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import Model

ROOT = Path(__file__).resolve().parent.parent
type Rule = Callable[[ast.AST], bool]

# Words that say nothing, or that mean something else in this trade. CONTRIBUTING.md says what to write instead.
EMPTY_WORDS = {
    "service",
    "manager",
    "helper",
    "utils",
    "common",
    "core",
    "base",
    "misc",
    "data",
    "info",
    "process",
    "handle",
}
UNQUALIFIED = {"account", "order", "job", "task", "ticket", "case", "item", "unit", "transaction", "event"}
# The journal is where events live; the worker's table of handlers is named for what it does.
ALLOWED = {
    "shouhou/audit/models.py": {"Event"},
    "shouhou/worker/handlers.py": {"handlers"},
}
# 服务包, the scope of after-sales of a product: the trade's own word.
OF_THE_TRADE = re.compile("ServicePackages?|service_packages?")


def files() -> Iterator[Path]:
    for file in sorted((ROOT / "shouhou").rglob("*.py")):
        if not {"migrations", "tests"} & set(file.parts):
            yield file


def breaches(rule: Rule) -> list[str]:
    return [
        f"{file.relative_to(ROOT)}:{getattr(node, 'lineno', 1)}"
        for file in files()
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if rule(node)
    ]


def listens_to_a_signal(node: ast.AST) -> bool:
    """What happens is written in the action that does it; news travels upward as event rows."""
    match node:
        case ast.ImportFrom(module="django.dispatch"):
            return True
        case ast.ImportFrom(module=str(module)):
            return "signals" in module.split(".") or any(name.name == "signals" for name in node.names)
        case ast.Import():
            return any("signals" in name.name.split(".") or name.name == "django.dispatch" for name in node.names)
    return False


def saves_everything(node: ast.AST) -> bool:
    """A bare save() writes back columns that another process has changed meanwhile."""
    match node:
        case ast.Call(func=ast.Attribute(attr="save" | "asave"), args=[]):
            return not {"update_fields", "force_insert"} & {keyword.arg for keyword in node.keywords}
    return False


@pytest.mark.parametrize(
    ("rule", "breach", "allowed"),
    [
        (listens_to_a_signal, "from django.dispatch import receiver", "from django.db import models"),
        (listens_to_a_signal, "from django.db.models.signals import post_save", "from django.urls import path"),
        (listens_to_a_signal, "from allauth.account import signals", "from allauth.account import adapter"),
        (listens_to_a_signal, "import django.core.signals", "import signal"),
        (saves_everything, "visit.save()", "visit.save(update_fields=['held_at'])"),
        (saves_everything, "visit.save(using='other')", "visit.save(force_insert=True)"),
        (saves_everything, "await visit.asave()", "photo.save(file, 'JPEG')"),
    ],
)
def test_a_breach_is_found(rule: Rule, breach: str, allowed: str) -> None:
    assert any(rule(node) for node in ast.walk(ast.parse(breach)))
    assert not any(rule(node) for node in ast.walk(ast.parse(allowed)))


def test_nothing_listens_to_signals() -> None:
    assert not breaches(listens_to_a_signal)


def test_only_named_fields_are_saved() -> None:
    assert not breaches(saves_everything)


def our_models() -> list[type[Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("shouhou.")]


def test_no_model_saves_or_deletes_in_its_own_way() -> None:
    assert our_models()
    own = [
        f"{ancestor.__qualname__}.{name}"
        for model in our_models()
        for ancestor in model.__mro__
        if ancestor.__module__.startswith("shouhou.")
        for name in ("save", "asave", "delete", "adelete", "save_base")
        if name in vars(ancestor)
    ]
    assert not own


def test_no_model_orders_by_itself() -> None:
    """An order that nobody asked for costs a sort in every query and hides in none of them."""
    assert not [model._meta.label for model in our_models() if model._meta.ordering]


def words(name: str) -> set[str]:
    """`HTTPHandler` and `http_handler` are both made of http and handler."""
    return {word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)}


def is_forbidden(name: str) -> bool:
    """A private name may be short: it is only ever read where it stands."""
    return bool(words(OF_THE_TRADE.sub("Package", name)) & EMPTY_WORDS) or name.lower().removesuffix("s") in UNQUALIFIED


def names(file: Path) -> Iterator[str]:
    """The module itself, its classes and its functions. Methods are left out: frameworks prescribe many of theirs."""
    yield file.parent.name if file.name == "__init__.py" else file.stem
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name


@pytest.mark.parametrize(
    "name", ["utils", "customer_service", "BaseForm", "OrderManager", "process_call", "Order", "orders"]
)
def test_an_empty_name_is_found(name: str) -> None:
    assert is_forbidden(name)


@pytest.mark.parametrize(
    "name", ["work_orders", "WorkOrder", "seal_event", "database_from_url", "informed_at", "handlers"]
)
def test_a_telling_name_is_allowed(name: str) -> None:
    assert not is_forbidden(name)


def test_names_tell_something() -> None:
    forbidden = [
        f"{file.relative_to(ROOT)}: {name}"
        for file in files()
        for name in names(file)
        if is_forbidden(name) and name not in ALLOWED.get(file.relative_to(ROOT).as_posix(), ())
    ]
    assert not forbidden

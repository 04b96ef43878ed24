"""What all refusals of the product have in common, wherever they are defined."""

import re
from collections import defaultdict
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import shouhou
from shouhou.kernel.errors import Refusal

_PACKAGE = Path(shouhou.__file__).parent
_DEFINES_ONE = re.compile(r"^class \w+\((Refusal|Invalid|Conflict|NotFound|NotPermitted)\):", re.MULTILINE)


def refusals() -> Iterator[type[Refusal]]:
    for file in sorted(_PACKAGE.rglob("*.py")):
        if "tests" not in file.parts and _DEFINES_ONE.search(file.read_text()):
            import_module(".".join(file.relative_to(_PACKAGE.parent).with_suffix("").parts))
    waiting: list[type[Refusal]] = [Refusal]
    while waiting:
        one = waiting.pop()
        waiting += one.__subclasses__()
        if one.__module__.startswith("shouhou."):
            yield one


def test_each_has_a_stable_code_and_a_sentence() -> None:
    found = list(refusals())
    assert len(found) > 60
    for one in found:
        assert re.fullmatch(r"[a-z][a-z_]+", one.code), one
        assert re.search(r"[.)]$|%\(\w+\)s$", one.template), one


def test_one_code_has_one_meaning() -> None:
    templates = defaultdict(set)
    for one in refusals():
        templates[one.code].add(one.template)
    assert not {code: texts for code, texts in templates.items() if len(texts) > 1}

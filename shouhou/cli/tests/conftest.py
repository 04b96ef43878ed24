import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from shouhou.cli.commands import shouhou

type Invoke = Callable[..., "Printed"]


@dataclass(frozen=True)
class Printed:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def invoke() -> Invoke:
    """Run `shouhou …`; an exception that is no exit fails the test: a user never sees a traceback."""

    def run(*arguments: object) -> Printed:
        result = CliRunner().invoke(shouhou, [str(one) for one in arguments])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Printed(result.exit_code, result.stdout, result.stderr)

    return run


@pytest.fixture
def csv_file(tmp_path: Path) -> Callable[..., Path]:
    """A CSV file made of lines."""

    def write(*lines: str, name: str = "calls.csv", encoding: str = "utf-8") -> Path:
        file = tmp_path / name
        file.write_bytes("\r\n".join([*lines, ""]).encode(encoding))
        return file

    return write

"""Real records to run against. They are not part of the product and may not be packaged with it."""

from collections.abc import Callable
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parent.parent.parent / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Callable[[str], Path]:
    """The file ../shared/data/<path> beside the checkout; the test is skipped, with the reason, where it is absent."""

    def find(path: str) -> Path:
        file = FOLDER / path
        if not file.exists():
            pytest.skip(f"real records: there is no ../shared/data/{path} beside this checkout")
        return file

    return find

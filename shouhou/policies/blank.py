"""The pack that a new one begins with: one rule, and beside each key what it is for."""

from pathlib import Path

from shouhou.policies.wording import is_chinese

FOLDER = Path(__file__).parent / "blank_packs"


def blank_pack() -> str:
    """In the reader's language. It is a whole pack: it could be proposed as it is."""
    return (FOLDER / f"{'zh' if is_chinese() else 'en'}.yaml").read_text(encoding="utf-8")

"""Help for each screen: what it is for, the rule of the trade behind it, the steps. Read from the files in `help/`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.utils.translation import get_language

FOLDER = Path(__file__).parent / "help"
INDEX = "help"


@dataclass(frozen=True, slots=True)
class TradeRule:
    """A rule in our own words. Unverified: retold from memory, to be compared with the company's own paper."""

    ref: str
    text: str
    unverified: bool = False


@dataclass(frozen=True, slots=True)
class HelpText:
    """One topic in one language."""

    title: str
    purpose: str
    steps: tuple[str, ...]
    rules: tuple[TradeRule, ...]


@dataclass(frozen=True, slots=True)
class Topic:
    """What help says of one screen, or of several that belong together."""

    key: str
    screens: tuple[str, ...]
    texts: Mapping[str, HelpText]

    @property
    def text(self) -> HelpText:
        """In the reader's language."""
        return self.texts.get(get_language() or "") or self.texts[settings.LANGUAGE_CODE]


@cache
def topics() -> dict[str, Topic]:
    """All topics by key. Raises KeyError or TypeError for a file that lacks something, so that no page is half told."""
    return {file.stem: _read(file) for file in sorted(FOLDER.glob("*.yaml"))}


@cache
def topics_by_screen() -> dict[str, Topic]:
    """Name of a screen's address → its topic."""
    return {screen: topic for topic in topics().values() for screen in topic.screens}


def topic_for(url_name: str) -> Topic:
    """The topic of a screen; where there is none, help as a whole."""
    return topics_by_screen().get(url_name) or topics()[INDEX]


def _read(file: Path) -> Topic:
    said: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    texts = {language: _text(said[language]) for language, _name in settings.LANGUAGES}
    return Topic(file.stem, tuple(said["screens"]), texts)


def _text(said: dict[str, Any]) -> HelpText:
    rules = tuple(TradeRule(**rule) for rule in said["rules"])
    return HelpText(said["title"], said["purpose"], tuple(said["steps"]), rules)

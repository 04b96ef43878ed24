"""A page as a tree, for tests that read off it what a person would read."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

_EMPTY = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}


@dataclass
class Element:
    """One element of a page, with what stands in it."""

    tag: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    content: list["Element | str"] = field(default_factory=list)

    @property
    def marks(self) -> list[str]:
        """Its classes."""
        return self.attributes.get("class", "").split()

    @property
    def text(self) -> str:
        """All its words, with single spaces."""
        return " ".join(" ".join(one if isinstance(one, str) else one.text for one in self.content).split())

    def all(self, what: str) -> Iterator["Element"]:
        """The elements in it with that tag, or, written with a dot, of that class; in the order of the page."""
        for one in self.content:
            if isinstance(one, Element):
                if what[1:] in one.marks if what.startswith(".") else what == one.tag:
                    yield one
                yield from one.all(what)

    def first(self, what: str) -> "Element":
        """The first of them; an empty element where there is none."""
        return next(self.all(what), Element())


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Element()
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        one = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].content.append(one)
        if tag not in _EMPTY:
            self._open.append(one)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open[-1].content.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        # What was left open within it, such as a list's last line, ends with it.
        if any(one.tag == tag for one in self._open[1:]):
            while self._open.pop().tag != tag:
                pass

    def handle_data(self, text: str) -> None:
        self._open[-1].content.append(text)


def read_page(page: str) -> Element:
    """The page, or a part of one, as it came over the wire."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader.root

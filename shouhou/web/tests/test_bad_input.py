"""Whatever is written into whatever field: it is stored to the letter, or refused beside the field with everything kept.

Each form of the table of routes is sent with bad words in one field after the other. Which fields there are, the forms say
themselves, when the ordinary request of the table is made.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.test import Client

from shouhou.access.permissions import Role
from shouhou.web.tests.bad_words import GARBAGE, OTHERS, TEXTS, Fields, Words, arrives, body_of, texts_for
from shouhou.web.tests.routes_table import ROUTES
from shouhou.web.tests.test_wall import Key, _heirs, _read_by_hand, address_of, signed_in, world_of
from tests.cast import PHONE, Cast, all_rows
from tests.walls import World, picture, rolled_back

WRITERS = (Role.SUPERVISOR, Role.CLERK, Role.ADMINISTRATOR, *Role)
POSTS = [key for key, route in ROUTES.items() if key[1] == "POST" and route.allowed]
QUESTIONS = [key for key, route in ROUTES.items() if key[1] == "GET" and route.allowed and route.status == 200]
DONE = {200, 204, 302, 303}
REFUSED = {400, 404, 422}  # where the field names something, or is written by a script of ours


def _new_caller(_: World) -> dict[str, Any]:
    who = {"name": "赵新生", "phone": PHONE[:-1] + "9", "address": "香港路 3 号", "anew": "on"}
    return who | {"customer": "", "asset": "new", "product_model": "KFR-35GW", "serial": "SN-99"}


# What the table of routes does not fill in, because another field says that it is not meant
ALSO: dict[Key, Callable[[World], dict[str, Any]]] = {
    ("intake", "POST"): _new_caller,
    ("visit_line", "POST"): lambda _: {"kind": "other", "unit": "件", "unit_price": "5", "description": "运费"},
}


@pytest.mark.parametrize("key", POSTS, ids=" ".join)
def test_a_form_stores_it_to_the_letter_or_refuses_it_beside_the_field(key: Key, cast: Cast) -> None:
    desk = Desk(key, cast)
    for given in desk.variants:
        fields = desk.fields(given)
        for name, field in fields.items():
            for words in texts_for(field):
                with rolled_back():
                    desk.judge(desk.post(given | {name: words}), name, fields, given | {name: words})
        for name in desk.by_hand - fields.keys():
            for words in OTHERS:
                with rolled_back():
                    assert desk.post(given | {name: words}).status_code in DONE | REFUSED, (name, words[:40])


@pytest.mark.parametrize("key", QUESTIONS, ids=" ".join)
def test_a_question_is_answered_whatever_it_says(key: Key, cast: Cast) -> None:
    desk = Desk(key, cast)
    given = desk.variants[0]
    fields = desk.fields(given)
    for name in {*fields, *given, *desk.by_hand}:
        for words in {*OTHERS, *(texts_for(fields[name]) if name in fields else ())}:
            answer = desk.get(given | {name: words})
            assert answer.status_code in DONE | REFUSED, (name, words[:40])


@pytest.mark.parametrize("key", [("order_photos", "POST"), ("visit_photo", "POST")], ids=" ".join)
def test_a_file_may_be_called_anything(key: Key, cast: Cast) -> None:
    desk = Desk(key, cast)
    given = desk.variants[0]
    for words in (*TEXTS.values(), "", ".jpg", "a/b\\c.jpg", "con.jpg", "x" * 300 + ".jpg"):
        with rolled_back():
            answer = desk.post(given | {"photos": Named(words)})
            assert answer.status_code in {303, 422}, words[:40]
            shown = desk.client.get(answer["Location"]) if answer.status_code == 303 else answer
            assert b"<script>alert" not in shown.getvalue()


def test_a_spreadsheet_may_be_called_anything_and_may_be_none(cast: Cast) -> None:
    desk = Desk(("catalogue_import", "POST"), cast)
    for words in (*TEXTS.values(), "list.xlsx", "list.csv", ".csv", ""):
        for content in (b"", GARBAGE, b"PK\x03\x04" + GARBAGE, b"\0" * 100, "编号,名称\nP-1,风扇".encode()):
            with rolled_back():
                answer = desk.post({"file": Named(words, content)})
                assert answer.status_code in {200, 422}, (words[:40], content)
                assert b"<script>alert" not in answer.getvalue()


def test_every_form_is_tried(cast: Cast) -> None:
    """Each form class of the interface is bound by a request of the table."""
    bound: set[type[forms.Form]] = set()
    for key in (*POSTS, *QUESTIONS):
        with rolled_back():
            desk = Desk(key, cast)
            for given in desk.variants:
                bound |= {type(one) for one in desk.bound(given)}
    ours = {one for one in _heirs(forms.Form) if one.__module__.startswith("shouhou.web.") and not list(_heirs(one))}
    # Only by the link of a letter, which leads nowhere without it: `test_administration` follows one.
    assert {one.__name__ for one in ours - bound} == {"PasswordForm"}


@contextmanager
def noted() -> Iterator[list[forms.BaseForm]]:
    """The forms that are made with something in them meanwhile."""
    bound: list[forms.BaseForm] = []
    begin = forms.BaseForm.__init__

    def note(form: forms.BaseForm, *args: Any, **kwargs: Any) -> None:
        begin(form, *args, **kwargs)
        if form.is_bound:
            bound.append(form)

    with patch.object(forms.BaseForm, "__init__", note):
        yield bound


class Named(SimpleUploadedFile):
    """A file under a name that is sent as it is: Django would already tidy it up here."""

    def __init__(self, name: Words, content: bytes = b"") -> None:
        super().__init__("x", content or picture(), "image/jpeg")
        self._name = name  # type: ignore[assignment]


class Desk:
    """Somebody who may use the route, with all that its form needs."""

    def __init__(self, key: Key, cast: Cast) -> None:
        self.key, self.route = key, ROUTES[key]
        actor = cast.qd.actors[next(role for role in WRITERS if role in self.route.allowed)]
        world = world_of(key, cast.qd, cast).of(actor)
        self.client: Client = signed_in(actor, at=cast.qd)
        self.client.raise_request_exception = True
        self.address = address_of(key[0], world)
        ordinary = dict(self.route.fields(world)) if self.route.fields else {}
        self.variants = [ordinary, *([ordinary | ALSO[key](world)] if key in ALSO else [])]
        self.by_hand = _read_by_hand() - {"order"} | {"once", *ordinary}

    def post(self, given: Mapping[str, Any]) -> Any:
        body, kind = body_of(given)
        return self.client.post(self.address, body, content_type=kind)

    def get(self, given: Mapping[str, Any]) -> Any:
        return self.client.get(self.address, QUERY_STRING=body_of(given)[0].decode())

    def bound(self, given: Mapping[str, Any]) -> list[forms.BaseForm]:
        """The forms that the ordinary request fills in."""
        with rolled_back(), noted() as bound:
            answer = self.post(given) if self.key[1] == "POST" else self.get(given)
            assert answer.status_code == self.route.status, answer.status_code
        return bound

    def fields(self, given: Mapping[str, Any]) -> dict[str, forms.Field]:
        return {
            name: field
            for form in self.bound(given)
            for name, field in form.fields.items()
            if not isinstance(field, forms.FileField)
        }

    def judge(self, answer: Any, name: str, fields: Mapping[str, forms.Field], given: Mapping[str, Any]) -> None:
        words, where = arrives(given[name]), (name, given[name][:40], answer.status_code)
        typed = isinstance(fields[name], forms.CharField | forms.IntegerField | forms.DateField | forms.DateTimeField)
        if not typed or fields[name].widget.is_hidden:
            assert answer.status_code in DONE | REFUSED, where
        elif answer.status_code == 422:
            page = Fields(answer.content.decode())
            assert page.blames(name), where
            for one in given:
                if isinstance(fields.get(one), forms.CharField) and not fields[one].widget.is_hidden:
                    assert page.keeps(one, words if one == name else str(given[one])), (one, where)
        else:
            assert answer.status_code == self.route.status, where
            if type(fields[name]) is forms.CharField and name in given:
                assert is_stored(words), where


def is_stored(words: str) -> bool:
    """Some column holds it to the letter."""
    wanted = words.strip()
    ways = {wanted, wanted.replace("\r\n", "\n"), json.dumps(wanted)[1:-1], json.dumps(wanted, ensure_ascii=False)[1:-1]}
    cells = [str(cell) for rows in all_rows().values() for row in rows for cell in row if isinstance(cell, str | dict)]
    return any(way in cell for way in ways for cell in cells)

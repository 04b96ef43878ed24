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
from django.core.cache import cache as attempts
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.test import Client

from shouhou.access.permissions import Role
from shouhou.web.tests.bad_words import GARBAGE, OTHERS, TEXTS, Fields, Words, arrives, body_of, texts_for
from shouhou.web.tests.routes_table import ROUTES
from shouhou.web.tests.test_wall import Key, _heirs, _read_by_hand, address_of, signed_in, world_of
from tests.cast import PHONE, Cast, all_rows
from tests.walls import World, picture, rolled_back

WRITERS = (Role.SUPERVISOR, Role.CLERK, Role.ADMINISTRATOR, *Role)
# What refuses a sheet is said in a message on the page that it was voided from: three pages have such a button.
REFUSED_ELSEWHERE = ("void_sheet", "POST")
POSTS = [key for key, route in ROUTES.items() if key[1] == "POST" and route.allowed and key != REFUSED_ELSEWHERE]
QUESTIONS = [key for key, route in ROUTES.items() if key[1] == "GET" and route.allowed and route.status == 200]
LONGEST_NAME = 255
NAMES = (*TEXTS.values(), "长" * 200 + ".jpg", "", ".jpg", "a/b\\c.jpg", "con.jpg", "list.xlsx", "list.csv")
SOUGHT = {"q", "ask"}  # only looked for
# Chosen, or written by a script of ours
NOT_TYPED = {"photo", "strokes", "asset", "fault_code"}
# The page of a view is its list, which the address describes
QUERIES: dict[Key, Callable[[World], str]] = {("change_view", "POST"): lambda world: f"?view={world.id_of('view_id')}"}
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


@pytest.mark.one_database
@pytest.mark.parametrize("key", POSTS, ids=" ".join)
def test_a_form_stores_it_to_the_letter_or_refuses_it_beside_the_field(key: Key, cast: Cast) -> None:
    desk, wrong = Desk(key, cast), []
    for given in desk.variants:
        fields = desk.fields(given)
        for name, field in fields.items():
            for words in texts_for(field):
                with rolled_back():
                    sent = given | {name: words}
                    wrong += desk.faults_of(desk.post(sent), name, fields, sent)
        for names in desk.by_hand(given, besides=fields):
            for words in OTHERS:
                with rolled_back():
                    wrong += whole(desk.post(given | dict.fromkeys(names, words)), names, words)
    assert not wrong, "\n".join(wrong)


@pytest.mark.one_database
@pytest.mark.parametrize("key", QUESTIONS, ids=" ".join)
def test_a_question_is_answered_whatever_it_says(key: Key, cast: Cast) -> None:
    desk, wrong = Desk(key, cast), []
    given = desk.variants[0]
    fields = desk.fields(given)
    for names in [*([name] for name in fields), *desk.by_hand(given, besides=fields)]:
        for words in {*OTHERS, *(texts_for(fields[names[0]]) if names[0] in fields else ())}:
            wrong += whole(desk.get(given | dict.fromkeys(names, words)), names, words)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("key", [("order_photos", "POST"), ("visit_photo", "POST")], ids=" ".join)
def test_a_photo_may_be_called_anything(key: Key, cast: Cast) -> None:
    desk, wrong = Desk(key, cast), []
    given = desk.variants[0]
    for words in NAMES:
        with rolled_back():
            answer = desk.post(given | {"photos": Named(words)})
            shown = desk.client.get(answer["Location"]) if answer.status_code == 303 else answer
            fine = answer.status_code in named(words, 303, 422) and b"<script>alert" not in shown.getvalue()
            wrong += [] if fine else [f"{said('photos', words)}: {answer.status_code} {broken(answer)}"]
    assert not wrong, "\n".join(wrong)


def test_a_spreadsheet_may_be_called_anything_and_may_be_none(cast: Cast) -> None:
    desk, wrong = Desk(("catalogue_import", "POST"), cast), []
    for words in NAMES:
        for content in (b"PK\x03\x04" + GARBAGE, b"\0" * 100, "编号,名称\nP-1,风扇".encode()):
            answer = desk.post({"file": Named(words, content)})
            fine = answer.status_code in named(words, 200, 422) and b"<script>alert" not in answer.getvalue()
            wrong += [] if fine else [f"{said('file', words)} {content!r}: {answer.status_code} {broken(answer)}"]
    assert not wrong, "\n".join(wrong)


def named(words: Words, *fine: int) -> set[int]:
    """What may be answered to a file of that name. One that no disk could hold is not even read: the request is none."""
    return {400} if len(words) > LONGEST_NAME else set(fine)


@pytest.mark.one_database
def test_every_form_is_tried(cast: Cast) -> None:
    """Each form class of the interface is bound by a request of the table."""
    bound: set[type[forms.BaseForm]] = set()
    for key in (*POSTS, *QUESTIONS):
        with rolled_back():
            desk = Desk(key, cast)
            for given in desk.variants:
                bound |= {type(one) for one in desk.bound(given)}
    ours = {one for one in _heirs(forms.Form) if _is_of_a_page(one) and not list(_heirs(one))}
    # Only by the link of a letter, which leads nowhere without it: `test_administration` follows one.
    assert {one.__name__ for one in ours - bound} == {"PasswordForm"}


def _is_of_a_page(form: type[forms.BaseForm]) -> bool:
    """Tests of other modules, which the same process may have loaded, have forms of their own."""
    return form.__module__.startswith("shouhou.web.") and ".tests." not in form.__module__


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
        self._name = name


class Desk:
    """Somebody who may use the route, with all that its form needs."""

    def __init__(self, key: Key, cast: Cast) -> None:
        self.key, self.route = key, ROUTES[key]
        staff = cast.headquarters if self.route.headquarters else cast.qd.actors
        actor = staff[next(role for role in WRITERS if role in self.route.allowed)]
        world = world_of(key, cast.qd, cast).of(actor)
        self.client: Client = signed_in(actor, at=cast.qd)
        self.client.raise_request_exception = False  # a page that breaks is reported with the rest
        self.address = address_of(key[0], world) + (QUERIES[key](world) if key in QUERIES else "")
        ordinary = dict(self.route.fields(world)) if self.route.fields else {}
        self.variants = [ordinary, *([ordinary | ALSO[key](world)] if key in ALSO else [])]

    def post(self, given: Mapping[str, Any]) -> Any:
        attempts.clear()  # the sign-in pages count them
        body, kind = body_of(given)
        return self.client.post(self.address, body, content_type=kind)

    def get(self, given: Mapping[str, Any]) -> Any:
        return self.client.get(self.address, QUERY_STRING=body_of(given)[0].decode())

    def by_hand(self, given: Mapping[str, Any], *, besides: Mapping[str, Any]) -> list[list[str]]:
        """What views read without a form class: each of what this form sends, and all the others at once."""
        own = [name for name, value in given.items() if name not in besides and not isinstance(value, UploadedFile)]
        return [*([name] for name in own), sorted(_read_by_hand() - {*own, *besides} | {"once"})]

    def bound(self, given: Mapping[str, Any]) -> list[forms.BaseForm]:
        """The forms that the ordinary request fills in."""
        with rolled_back(), noted() as bound:
            answer = self.post(given) if self.key[1] == "POST" else self.get(given)
            assert answer.status_code == self.route.status, answer.status_code
        self.last = bound
        return bound

    def fields(self, given: Mapping[str, Any]) -> dict[str, forms.Field]:
        return {
            name: field
            for form in self.bound(given)
            for name, field in form.fields.items()
            if not isinstance(field, forms.FileField)
        }

    def faults_of(
        self, answer: Any, name: str, fields: Mapping[str, forms.Field], given: Mapping[str, Any]
    ) -> list[str]:
        """What is wrong with the answer to bad words in that field."""
        field = fields[name]
        words = arrives(given[name])
        if not self.is_judged(name, field, given) or self.route.status == 422:
            return whole(answer, [name], given[name])
        if answer.status_code == 422:
            page = Fields(answer.content.decode())
            typed = [one for one in given if is_text(fields.get(one)) and one not in NOT_TYPED]
            lost = [f"lost {one}" for one in typed if not page.keeps(one, arrives(given[one]))]
            return [
                f"{said(name, given[name])}: {why}" for why in (*([] if page.blames(name) else ["elsewhere"]), *lost)
            ]
        if answer.status_code == self.route.status:
            stored = not is_text(field) or name in SOUGHT or is_stored(words, large=name == "serial")
            return [] if stored else [f"{said(name, given[name])}: not stored"]
        return [f"{said(name, given[name])}: {answer.status_code} {broken(answer)}"]

    def is_judged(self, name: str, field: forms.Field, given: Mapping[str, Any]) -> bool:
        """Does a person type it, and does this form mean it?"""
        ours = any(type(one).__module__.startswith("shouhou.") for one in self.last)
        typed = isinstance(field, forms.CharField | forms.IntegerField | forms.DateField | forms.DateTimeField)
        meant = (
            len(self.variants) == 1 or name in self.variants[0] or "new" in given.values() or "other" in given.values()
        )
        kind = typed and not isinstance(field, forms.UUIDField) and not field.widget.is_hidden
        return ours and kind and meant and name not in NOT_TYPED


def is_text(field: forms.Field | None) -> bool:
    """Is it something that somebody writes in words?"""
    return type(field) is forms.CharField and not field.widget.is_hidden


def whole(answer: Any, names: list[str], words: Words) -> list[str]:
    """It is done, or refused: the page stays whole."""
    fine = answer.status_code in DONE | REFUSED
    return [] if fine else [f"{said(', '.join(names), words)}: {answer.status_code} {broken(answer)}"]


def said(name: str, words: Words) -> str:
    return f"{name}={words[:30]!r}"


def broken(answer: Any) -> str:
    return repr(answer.exc_info[1]) if getattr(answer, "exc_info", None) else ""


def is_stored(words: str, *, large: bool) -> bool:
    """Some column holds it to the letter; `large`: in capitals, as serial numbers are."""
    wanted = words.strip()
    ways = {
        wanted,
        wanted.replace("\r\n", "\n"),
        json.dumps(wanted)[1:-1],
        json.dumps(wanted, ensure_ascii=False)[1:-1],
    }
    cells = [str(cell) for rows in all_rows().values() for row in rows for cell in row if isinstance(cell, str | dict)]
    return any(way in cell for way in ({wanted.upper()} if large else ways) for cell in cells)

"""Help: every screen has it in both languages, and it reads as a page without a script."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from shouhou.web.guide import HelpText, topic_for, topics, topics_by_screen
from shouhou.web.tests.conftest import SignIn
from shouhou.web.tests.routes_table import ROUTES
from shouhou.web.tests.test_wall import parameters
from tests.cast import Crew

# What is shown inside another screen, or is a file, or the error of a sign-in that no company has set up here.
NO_SCREENS = {
    "catalogue_export",
    "excuse_evidence",
    "intake_customers",
    "intake_slots",
    "intake_units",
    "intake_verdict",
    "intake_why",
    "ledger_sheet",
    "palette_found",
    "photo",
    "policy_file",
    "scan_reading",
    "signature_image",
    "socialaccount_login_cancelled",
    "visit_parts",
}


def test_every_screen_has_help() -> None:
    shown = {name for (name, method), one in ROUTES.items() if method == "GET" and one.status == 200 and one.allowed}
    assert shown
    assert not shown - topics_by_screen().keys() - NO_SCREENS, "write shouhou/web/help/<topic>.yaml, or add to one"


def test_help_is_of_screens_that_exist() -> None:
    assert not topics_by_screen().keys() - parameters().keys()


def test_no_screen_is_told_twice() -> None:
    named = [screen for topic in topics().values() for screen in topic.screens]
    assert len(named) == len(set(named))


@pytest.mark.parametrize("key", topics())
def test_both_languages_say_the_same_things(key: str) -> None:
    chinese, english = (topics()[key].texts[language] for language, _name in settings.LANGUAGES)
    assert len(chinese.steps) == len(english.steps) >= 3
    assert [rule.unverified for rule in chinese.rules] == [rule.unverified for rule in english.rules]
    assert chinese.rules
    assert all(re.search(r"[\u4e00-\u9fff]", text) for text in words_of(chinese))
    assert not any(re.search(r"[\u4e00-\u9fff]", text) for text in words_of(english))


def words_of(said: HelpText) -> list[str]:
    rules = [text for rule in said.rules for text in (rule.ref, rule.text)]
    return [said.title, said.purpose, *said.steps, *rules]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_topic_is_a_page(as_: SignIn, qd: Crew, language: str) -> None:
    reader = as_(qd.technician_actor)
    for topic in topics().values():
        text = reader.get(reverse("help_topic", args=[topic.key]), headers={"Accept-Language": language}).text
        said = topic.texts[language]
        assert f"<h1>{escape(said.title)}</h1>" in text
        assert text.count('<span class="tag tone-amber">') == sum(rule.unverified for rule in said.rules)


def test_the_drawer_gets_only_the_text(as_: SignIn, qd: Crew) -> None:
    answer = as_(qd.clerk).get(reverse("help_topic", args=["intake"]), headers={"HX-Request": "true"})
    assert "<html" not in answer.text
    assert topics()["intake"].texts["en"].purpose in answer.text


def test_each_screen_leads_to_its_own_topic(as_: SignIn, qd: Crew) -> None:
    clerk = as_(qd.clerk)
    for name, args in (("intake", []), ("customers", []), ("order", [qd.receive().id]), ("scan", [])):
        link = reverse("help_topic", args=[topic_for(name).key])
        assert f'href="{link}"' in clerk.get(reverse(name, args=args)).text, name


def test_what_is_no_topic_is_not_found(as_: SignIn, qd: Crew) -> None:
    assert as_(qd.clerk).get("/help/nonsense/").status_code == 404


def test_a_stranger_has_to_sign_in(client: Client, db: None) -> None:
    assert client.get(reverse("help")).status_code == 302

import pytest
from django.template.loader import get_template
from django.test import Client

from shouhou.web.components.library import register
from shouhou.web.views.styleguide import GUIDE
from tests.cast import Crew


@pytest.fixture
def administrator(client: Client, qd: Crew) -> Client:
    user = qd.administrator.user
    assert user
    client.force_login(user)
    return client


def test_administrators_see_each_component_in_both_themes(administrator: Client) -> None:
    page = administrator.get("/styleguide/").content.decode()
    assert page.count('class="guide-specimen" data-theme="light"') == len(GUIDE)
    assert page.count('class="guide-specimen" data-theme="dark"') == len(GUIDE)


def test_others_do_not_see_it(client: Client, qd: Crew) -> None:
    assert qd.clerk.user
    client.force_login(qd.clerk.user)
    assert client.get("/styleguide/").status_code == 403


def test_every_component_has_a_specimen() -> None:
    shown = "".join(one.source for one in GUIDE) + get_template("styleguide/index.html").template.source  # type: ignore[attr-defined]
    # Whole forms stand on the sign-in pages.
    assert not {name for name in register.tags if f"{{% {name} " not in shown} - {"fields"}


def test_it_shows_a_toast_of_each_kind(administrator: Client) -> None:
    page = administrator.post("/styleguide/", follow=True).content.decode()
    assert all(
        f'data-level="{level}"' in page.split('id="toast-patterns"')[0] for level in ("success", "warning", "error")
    )

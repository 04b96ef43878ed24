import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest
from django.template.loader import get_template
from django.test import RequestFactory
from django.utils import translation

from shouhou.web.views import errors


@pytest.fixture
def request_(rf: RequestFactory) -> HttpRequest:
    return rf.get("/")


def test_each_has_its_page(request_: HttpRequest) -> None:
    assert errors.bad_request(request_, SuspiciousOperation()).status_code == 400
    assert errors.permission_denied(request_, PermissionDenied()).status_code == 403
    assert errors.not_found(request_, Exception()).status_code == 404


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("name", ["500.html", "400.html", "403_csrf.html", "429.html"])
def test_it_can_be_drawn_from_nothing(name: str, language: str) -> None:
    """Django draws these without a request: what they need must not be part of what broke."""
    with translation.override(language):
        page = get_template(name).render()
    assert f'lang="{language}"' in page
    assert "css/tokens" in page

"""Where the API hangs: `/api/v1/…`, its document at `/api/v1/openapi.json`, and a problem for everything else."""

import json
from collections.abc import Callable, Iterable
from functools import lru_cache, wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.utils.cache import patch_cache_control
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import ValidationErrorContext

from shouhou.api.auth import Token
from shouhou.api.document import DESCRIPTION, complete
from shouhou.api.problems import HANDLERS, InputInvalid, input_errors, of_unknown_route, of_wrong_method
from shouhou.api.routes import (
    awards,
    branches,
    calendars,
    catalogue,
    corrections,
    customers,
    ledger,
    limits,
    own,
    packages,
    people,
    prices,
    promises,
    register,
    search,
    tokens,
    unit_life,
    users,
    verdicts,
    visits,
    vouchers,
    work_orders,
    workshop,
)

PREFIX = "api/v1/"


class Api(NinjaAPI):
    """Version 1. Its errors are problem documents, whichever part of the request they are in."""

    def validation_error_from_error_contexts(  # type: ignore[override]  # any exception will do; ninja only raises it
        self, error_contexts: list[ValidationErrorContext[Any]]
    ) -> InputInvalid:
        return InputInvalid(
            error
            for context in error_contexts
            for error in input_errors(str(context.model.__ninja_param_source__), context.pydantic_validation_error)
        )


api = Api(title="Shouhou", version="1", description=DESCRIPTION, auth=Token(), openapi_url=None, docs_url=None)
for kind, answer in HANDLERS.items():
    api.add_exception_handler(kind, answer)
_WORK = (
    register,
    work_orders,
    verdicts,
    promises,
    awards,
    ledger,
    visits,
    vouchers,
    customers,
    unit_life,
    workshop,
    search,
)
_COMPANY = (people, users, tokens, branches, limits, calendars, catalogue, corrections, packages, prices, own)
for area in (*_WORK, *_COMPANY):
    api.add_router("", area.routes)


@lru_cache(maxsize=1)
def openapi_document() -> dict[str, Any]:
    """The whole document, as it is served."""
    described: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(path_prefix=PREFIX), default=str))
    return complete(described)


def show_document(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document. It tells nothing about anybody, so it needs no token."""
    if request.method not in ("GET", "HEAD"):
        return of_wrong_method("GET, HEAD")
    return HttpResponse(json.dumps(openapi_document(), ensure_ascii=False), content_type="application/json")


def _private(view: Callable[..., Any]) -> Callable[..., HttpResponse]:
    """Answers are the caller's alone: no cache between us may keep them. Wrong methods get a problem, too."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = view(request, *args, **kwargs)
        if isinstance(response, HttpResponseNotAllowed):
            response = of_wrong_method(", ".join(sorted(response["Allow"].split(", "))))
        patch_cache_control(response, private=True, no_store=True)
        return response

    return csrf_exempt(login_not_required(answered))


def _routes(patterns: Iterable[Any]) -> list[URLPattern]:
    # `urls` builds new patterns at every access, and ninja's own page at the root says nothing that the document does not.
    named = [pattern for pattern in patterns if isinstance(pattern, URLPattern) and pattern.name != "api-root"]
    for pattern in named:
        pattern.callback = _private(pattern.callback)
    return named


urlpatterns: list[URLPattern | URLResolver] = [
    path("v1/openapi.json", csrf_exempt(login_not_required(show_document))),
    path("v1/", include((_routes(api.urls[0]), "api"))),
    re_path("", csrf_exempt(login_not_required(of_unknown_route))),
]
